# Which interval, and its bounds at any level. The formulas are in the core.

# What stays of a fit to build intervals and tests from: `fit` is the core's
# answer with or without the judges.
new_inference <- function(fit, core, settings, range) {
  list(
    estimate = fit$estimate, variance = fit$variance, hc2 = fit$hc2, hc3 = fit$hc3,
    df = fit$df, skewness = if (settings$skew) fit$skewness else 0,
    labels_only = core$p0, n_base = core$n_base, known_prob = core$facts$known_prob,
    n_cap = if (settings$finite) Inf else sum(core$strata$n_rows),
    # The whole population is labelled: nothing is uncertain.
    census = settings$finite && all(core$strata$n_labelled_units == core$strata$n_units),
    as_published = settings$preset == "published",
    range = range
  )
}

known_range <- function(range, facts) {
  if (is.null(range) && facts$binary) c(0, 1) else range
}

check_labels_in_range <- function(design, facts, range, call) {
  if (is.null(range) || (facts$lowest_label >= range[1] && facts$highest_label <= range[2])) {
    return(invisible())
  }
  y <- column_values(design$y)
  rule <- paste0("must lie in the declared range [", range[1], ", ", range[2], "]")
  abort_first(!is.na(y) & (y < range[1] | y > range[2]), y, design$y$name, rule, "range", call)
}

# "auto", and intervals that do not fit the data, become one that does.
resolve_interval <- function(wanted, inference, facts, call) {
  bounded <- !is.null(inference$range)
  if (wanted %in% c("beta", "wilson") && !bounded) {
    abort_judicious(
      c("{.code interval = \"{wanted}\"} needs a bounded metric.",
        i = "Declare its lowest and highest possible value, e.g. {.code range = c(1, 5)}."),
      "range", arg = "interval", call = call
    )
  }
  if (inference$census) return("exact")
  if (wanted == "auto") wanted <- if (bounded && is_sparse(inference, facts)) "beta" else "t"
  if (inference$variance > 0) return(wanted)
  degenerate_interval(wanted, bounded, facts, call)
}

# Few events for the symmetric intervals: estimators.md's rule of 20.
is_sparse <- function(inference, facts) {
  range <- inference$range
  p0 <- (inference$labels_only - range[1]) / diff(range)
  facts$binary && identical(range, c(0, 1)) || facts$lowest_label == facts$highest_label ||
    inference$n_base * min(p0, 1 - p0) < 20
}

# Labels without any variation: judges cannot help, symmetric intervals collapse.
degenerate_interval <- function(wanted, bounded, facts, call) {
  constant <- facts$lowest_label == facts$highest_label
  what <- if (constant) "All labels are {facts$lowest_label}" else "The labels do not vary"
  if (!bounded) {
    warn_judicious(
      c(paste0(what, ": their variance is unknown and the interval is NA."),
        i = "If the metric is bounded, declare it, e.g. {.code range = c(1, 5)}."),
      "constant_labels", call = call
    )
    return("none")
  }
  used <- if (wanted %in% c("beta", "wilson")) wanted else "beta"
  inform_judicious(
    c(i = paste0(what, ": no judge can add to them. The {.val {used}} interval is that of the ",
                 "labels alone.")),
    "constant_labels"
  )
  used
}

interval_std_error <- function(inference, interval) {
  variance <- switch(interval, beta = , wilson = inference$hc2, t = inference$hc3,
                     normal = , bootstrap = inference$variance, exact = 0, none = NA_real_)
  sqrt(variance)
}

interval_bounds <- function(inference, interval, conf_level) {
  std_error <- interval_std_error(inference, interval)
  bounds <- switch(
    interval,
    none = c(NA_real_, NA_real_),
    exact = rep(inference$estimate, 2),
    beta = beta_interval_cpp(bounded_mean(inference), conf_level),
    wilson = wilson_interval_cpp(bounded_mean(inference), conf_level),
    t = t_interval_cpp(inference$estimate, std_error, inference$df, inference$skewness,
                       conf_level),
    normal = normal_interval_cpp(inference$estimate, std_error, conf_level),
    bootstrap = bootstrap_bounds(inference, conf_level)
  )
  clip_to_range(bounds, inference, interval)
}

# Published numbers and the normal interval are reported as they are.
clip_to_range <- function(x, inference, interval) {
  range <- inference$range
  if (is.null(range) || inference$as_published || interval == "normal") return(x)
  pmin(pmax(x, range[1]), range[2])
}

bounded_mean <- function(inference) {
  list(estimate = inference$estimate, labels_only = inference$labels_only,
       variance = inference$hc2, high_variance = inference$hc3, n_base = inference$n_base,
       n_cap = inference$n_cap, known_prob = inference$known_prob,
       low = inference$range[1], high = inference$range[2])
}

# How many human labels alone would be as precise. The published figure is the
# plain ratio of variances; ours is guarded for bounded metrics.
effective_size <- function(n_true, with_judge, without, published, conf_level) {
  range <- with_judge$range
  if (published || is.null(range)) {
    ratio <- if (with_judge$variance > 0) without$variance / with_judge$variance else NA_real_
    return(n_true * ratio)
  }
  scale <- diff(range)^2
  n_true * effective_ratio_cpp(with_judge$n_base, without$variance / scale,
                               with_judge$variance / scale, conf_level)
}
