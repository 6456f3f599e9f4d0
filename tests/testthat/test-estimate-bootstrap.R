# Predict-Then-Debias: the reference's numbers, and what must hold of any bootstrap.

n_boot <- 1e5

ptd_fit <- function(case, tuned) {
  data <- data.frame(y = as.double(case$y_true))
  formula <- y ~ judge
  if (is.null(case$y_proxies)) {
    data$judge <- case$y_proxy
  } else {
    data <- cbind(data, as.data.frame(case$y_proxies))
    formula <- stats::reformulate(names(data)[-1], "y")
  }
  args <- list(formula, data, preset = "published", interval = "bootstrap", n_boot = n_boot)
  args$prob <- case$pi
  args$strata <- case$groups
  args$clusters <- case$clusters
  if (!is.null(case$clusters)) args$estimand <- "clusters"
  if (!tuned) args$power_tuning <- FALSE
  quiet(do.call(estimate_mean, args))
}

test_that("the published preset agrees with the reference's bootstrap", {
  reference <- read_reference("ptd.json")
  set.seed(90210)
  for (family in c("ptd", "multi_ptd", "stratified_ptd", "clustered_ptd")) {
    for (case in reference[[family]]) {
      for (tuning in c("tuned", "untuned")) {
        expected <- case$expected[[tuning]]
        fit <- ptd_fit(case, tuning == "tuned")
        what <- paste(family, case$id, tuning)
        # Monte Carlo error of the reference's mean and of our one run.
        error <- function(name) {
          sqrt(expected$mc_se[[name]]^2 + expected$sd_one_run[[name]]^2 * 20000 / n_boot)
        }
        shares <- c(q025 = 0.025, q05 = 0.05, q10 = 0.1, q90 = 0.9, q95 = 0.95, q975 = 0.975)
        ours <- c(
          list(mean = fit$estimate, std = fit$std_error,
               p_two_sided = test_mean(fit, case$h0)$p.value,
               p_larger = test_mean(fit, case$h0, "greater")$p.value,
               p_smaller = test_mean(fit, case$h0, "less")$p.value),
          as.list(stats::setNames(stats::quantile(fit$boot, shares), names(shares)))
        )
        for (name in names(ours)) {
          expect_lt(abs(ours[[name]] - expected$estimate[[name]]), 5 * error(name) + 1e-12,
                    label = paste(what, name))
        }
        expect_relative(fit$n_effective, expected$limit$ess_ratio, 0.03, paste(what, "ess"))
        expect_lt(max(abs(as.vector(fit$lambda) - unlist(expected$limit$lambda))), 0.05,
                  label = paste(what, "lambda"))
      }
    }
  }
})

# With known prob the reference averages unlabelled scores weighted by 1 / (1 - prob):
# not consistent with rows at prob = 1, and it leaves out the covariance with the
# labelled average. Ours resamples the pair (zeta, g) of active statistical inference,
# so it must have that method's standard error.
test_that("with known prob the bootstrap is that of active statistical inference", {
  set.seed(4)
  for (case in read_reference("ptd.json")$ipw_ptd) {
    for (tuned in c(TRUE, FALSE)) {
      fit <- ptd_fit(case, tuned)
      data <- data.frame(y = as.double(case$y_true), judge = case$y_proxy, prob = case$pi)
      args <- list(y ~ judge, data, prob = case$pi, preset = "published")
      if (!tuned) args$power_tuning <- FALSE
      asi <- quiet(do.call(estimate_mean, args))
      expect_relative(fit$std_error, asi$std_error, 0.03, "std")
      expect_lt(abs(fit$estimate - asi$estimate), 0.05 * asi$std_error)
      reference <- case$expected[[if (tuned) "tuned" else "untuned"]]$estimate
      expect_gt(abs(fit$std_error / reference$std - 1), 0.01)
    }
  }
})

test_that("rows at prob = 1 do not bias the bootstrap", {
  set.seed(9)
  data <- simulate_binary(4000, 0.3, 0.2, 0.5)
  # The judge says 1 more often where every row is labelled.
  certain <- seq_len(4000) <= 400
  data$y_proxy[certain] <- 1L
  prob <- ifelse(certain, 1, 0.1)
  drawn <- certain | stats::runif(4000) < 0.1
  human <- ifelse(drawn, data$y_true, NA)
  fit <- estimate_mean(human ~ data$y_proxy, prob = prob, interval = "bootstrap")
  expect_lt(abs(fit$estimate - mean(data$y_true)), 3 * fit$std_error)
})

set.seed(21)
data <- simulate_binary_clusters(1500, 150, 0.3, c(0.25, 0.35), c(0.6, 0.5))
data$stratum <- rep(c("a", "b", "c"), each = 500)
data$human <- reveal_labels(data$y_true, sample_uniform(1500, 300))
data$whole <- reveal_labels(data$y_true, sample_clusters(data$cluster, 50))
data$prob <- 0.2

designs <- list(
  labels = quote(estimate_mean(human ~ 1, data, interval = "bootstrap", threads = threads)),
  multi = quote(estimate_mean(human ~ y_proxy_1 + y_proxy_2, data, interval = "bootstrap",
                              threads = threads)),
  strata = quote(estimate_mean(human ~ y_proxy_1, data, strata = stratum, interval = "bootstrap",
                               threads = threads)),
  clusters = quote(estimate_mean(whole ~ y_proxy_1, data, clusters = cluster,
                                 interval = "bootstrap", threads = threads)),
  mixed = quote(estimate_mean(human ~ y_proxy_1, data, clusters = cluster,
                              interval = "bootstrap", threads = threads)),
  prob = quote(estimate_mean(human ~ y_proxy_1, data, prob = prob, interval = "bootstrap",
                             threads = threads)),
  all = quote(estimate_mean(human ~ y_proxy_1 + y_proxy_2, data, strata = stratum,
                            clusters = cluster, prob = prob, interval = "bootstrap",
                            threads = threads))
)

run_design <- function(call, seed = 1, threads = 1) {
  set.seed(seed)
  quiet(eval(call, list(threads = threads), environment(run_design)))
}

test_that("set.seed() governs the replicates and threads do not change them", {
  for (name in names(designs)) {
    fit <- run_design(designs[[name]])
    expect_identical(run_design(designs[[name]], threads = 2)$boot, fit$boot, info = name)
    expect_false(identical(run_design(designs[[name]], seed = 2)$boot, fit$boot))
  }
})

test_that("replicates have the estimate as centre and its standard error as spread", {
  for (name in names(designs)) {
    fit <- run_design(designs[[name]])
    plain <- quiet(eval(`$<-`(designs[[name]], "interval", "normal"), list(threads = 1)))
    expect_lt(abs(mean(fit$boot) - fit$estimate), 0.1 * fit$std_error)
    expect_relative(fit$std_error, plain$std_error, 0.1, name)
    expect_identical(length(fit$boot), 2000L)
  }
})

test_that("percentile and BCa bounds are quantiles of the replicates", {
  fit <- run_design(designs$multi)
  expect_equal(c(fit$conf_low, fit$conf_high),
               unname(stats::quantile(fit$boot, c(0.025, 0.975))))
  expect_equal(as.vector(confint(fit, level = 0.8)),
               unname(stats::quantile(fit$boot, c(0.1, 0.9))))
  skewed <- c(stats::rexp(60), rep(NA, 400))
  set.seed(3)
  percentile <- quiet(estimate_mean(skewed ~ 1, interval = "bootstrap", n_boot = 20000))
  set.seed(3)
  bca <- quiet(estimate_mean(skewed ~ 1, interval = "bootstrap", n_boot = 20000,
                             boot_interval = "bca"))
  expect_identical(percentile$boot, bca$boot)
  # Efron (1987), eq. 2.3, by hand.
  y <- skewed[1:60]
  d <- y - mean(y)
  acceleration <- sum(d^3) / (6 * sum(d^2)^1.5)
  z0 <- stats::qnorm(mean(bca$boot < mean(y)))
  z <- z0 + stats::qnorm(c(0.025, 0.975))
  shares <- stats::pnorm(z0 + z / (1 - acceleration * z))
  # The core's influence values carry the factor sqrt(n / (n - 1)); its cube cancels.
  expect_equal(c(bca$conf_low, bca$conf_high), unname(stats::quantile(bca$boot, shares)),
               tolerance = 1e-3)
  expect_gt(bca$conf_high, percentile$conf_high)
})

test_that("tests agree with the intervals", {
  for (type in c("percentile", "bca")) {
    set.seed(5)
    y <- c(stats::rexp(80), rep(NA, 200))
    fit <- quiet(estimate_mean(y ~ 1, interval = "bootstrap", boot_interval = type))
    inside <- c(fit$conf_low + 1e-4, fit$conf_high - 1e-4)
    outside <- c(fit$conf_low - 1e-2, fit$conf_high + 1e-2)
    for (mu in inside) expect_gt(test_mean(fit, mu)$p.value, 0.045)
    for (mu in outside) expect_lt(test_mean(fit, mu)$p.value, 0.055)
    bound <- test_mean(fit, 1, "greater")$conf.int[1]
    expect_equal(test_mean(fit, bound, "greater")$p.value, 0.05, tolerance = 0.05)
  }
})

test_that("an unreliable interval names the better one", {
  set.seed(6)
  few <- c(rep(0, 28), 1, 1, rep(NA, 300))
  fit <- quiet(estimate_mean(few ~ 1, interval = "bootstrap"))
  expect_match(fit$flags, "bootstrap interval is unreliable here.*fewer than 50 labels.*beta")
  fit <- quiet(estimate_mean(c(few, few) ~ 1, interval = "normal"))
  expect_match(fit$flags, "fewer than 20 events")
  expect_length(quiet(estimate_mean(few ~ 1))$flags, 0)
  scores <- c(stats::rnorm(30), rep(NA, 10))
  expect_match(quiet(estimate_mean(scores ~ 1, interval = "normal"))$flags, "better: .*\"t\"")
  enough <- c(rep(0:1, 100), rep(NA, 300))
  expect_length(estimate_mean(enough ~ 1, interval = "normal")$flags, 0)
})

test_that("autoplot shows the replicates", {
  fit <- run_design(designs$multi)
  plot <- ggplot2::autoplot(fit)
  bars <- ggplot2::layer_data(plot, 1)
  expect_identical(sum(bars$count), 2000)
  expect_identical(ggplot2::autoplot(fit, type = "forest")$labels$y, NULL)
  expect_error(ggplot2::autoplot(run_design(quote(estimate_mean(human ~ 1, data))),
                                 type = "replicates"), class = "judicious_error_undefined")
})
