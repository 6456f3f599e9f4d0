# The Predict-Then-Debias bootstrap on the R side: progress, bounds, tests.

# Calls the core, with a progress bar if there are replicates to draw.
run_core <- function(design, settings, call) {
  n_boot <- if (settings$interval == "bootstrap") settings$n_boot else 0
  tick <- function(n) NULL
  if (n_boot > 0) {
    bar <- cli::cli_progress_bar("Bootstrap", total = 64)
    tick <- function(n) cli::cli_progress_update(inc = n, id = bar)
  }
  call_core(estimate_mean_cpp(design, settings, settings$threads, n_boot, tick), call)
}

# What the intervals and tests need of the replicates. The published estimate is
# their mean, ours the plug-in at the weights they found.
add_bootstrap <- function(inference, core, settings) {
  boot <- core$boot
  inference$replicates <- boot$replicates
  inference$variance <- stats::var(boot$replicates)
  published <- settings$preset == "published"
  inference$estimate <- if (published) mean(boot$replicates) else boot$estimate
  inference$centre <- boot$estimate
  inference$acceleration <- if (settings$boot_interval == "bca") core$fit$skewness / 6 else NA_real_
  inference$symmetric_p <- published
  inference
}

bootstrap_bounds <- function(inference, conf_level) {
  bootstrap_interval_cpp(inference$replicates, inference$centre, inference$acceleration,
                         conf_level)
}

# One-sided p-values: the levels at which a bound of the interval reaches mu. The
# published two-sided p-value is the share of replicates further from the estimate.
test_bootstrap <- function(x, mu) {
  inference <- x$inference
  below <- mean(inference$replicates <= mu)
  above <- mean(inference$replicates >= mu)
  if (!is.na(inference$acceleration)) {
    below <- bca_level(below, inference)
    above <- 1 - below
  }
  far <- abs(inference$replicates - inference$estimate) >= abs(mu - inference$estimate)
  list(statistic = c(difference = inference$estimate - mu), greater = below, less = above,
       two_sided = if (inference$symmetric_p) mean(far))
}

# The inverse of the adjustment of a BCa bound.
bca_level <- function(share, inference) {
  replicates <- inference$replicates
  n <- length(replicates)
  ties <- sum(replicates == inference$centre)
  low <- sum(replicates < inference$centre) + ties / 2
  z0 <- stats::qnorm(min(max(low, 0.5), n - 0.5) / n)
  w <- stats::qnorm(share) - z0
  if (is.infinite(w)) return(share)
  stats::pnorm(w / (1 + inference$acceleration * w) - z0)
}
