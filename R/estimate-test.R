#' Test a mean against a value
#'
#' @description
#' Tests whether the mean behind an estimate equals `mu`, by the same rule as its confidence
#' interval: the two-sided test rejects at level alpha exactly when `mu` lies outside the
#' `1 - alpha` interval of the fit's own effective size.
#'
#' @param x A `judicious_estimate` from [estimate_mean()].
#' @param mu The value to test against, in the metric's units; within `range` for bounded intervals.
#' @param alternative `"two.sided"`, `"greater"` (the mean is above `mu`) or `"less"`.
#' @return An object of class `htest`, as from [t.test()]: `statistic`, `parameter`, `p.value`,
#'   `conf.int` (one-sided for one-sided alternatives), `estimate`, `null.value`, `stderr`,
#'   `alternative`, `method`, `data.name`.
#'
#' @section Formula:
#' `"normal"`: z = (estimate - mu) / se. `"t"`: the same on the fit's degrees of freedom.
#' `"wilson"`: score test z = (p - mu) / sqrt(mu (1 - mu) / n). `"beta"`, 0/1 labels: with x events
#' (`events`) among n labels of an equally precise simple random sample (`size`),
#' P(greater) = I_mu(x, n - x + 1) and P(less) = 1 - I_mu(x + 1, n - x), the tails of Clopper and
#' Pearson; scores: the same tails of the two beta distributions whose quantiles are the bounds
#' (statistics vignette, section 6), with the base size as `size`. Two-sided p-values are twice the
#' smaller tail. n and x are those of the fit's confidence level; n is guarded and so differs from
#' `n_effective`.
#' `"bootstrap"`: P(greater) is the share of replicates at or below mu, P(less) at or above (BCa:
#' the level at which the bound reaches mu); under the published preset the two-sided p-value is
#' the share of replicates at least as far from the estimate as mu.
#' @section Undefined when:
#' the fit has no interval (constant labels of an unbounded metric): an error.
#' @references Clopper and Pearson (1934), Biometrika 26, 404-413.
#' @examples
#' fit <- estimate_mean(c(1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0) ~ 1, metric = "Error rate")
#' test_mean(fit, mu = 0.1, alternative = "greater")
#' @export
test_mean <- function(x, mu, alternative = c("two.sided", "greater", "less")) {
  check_one_estimate(x)
  check_required(mu)
  mu <- check_number(mu)
  alternative <- match_choice(alternative)
  check_testable(x, mu)
  test <- test_mean_cpp(x$interval, x$inference, mu, x$conf_level)
  structure(
    list(
      statistic = stats::setNames(test$statistic, statistic_name(x)),
      parameter = test_parameter(x, test$parameter),
      p.value = combine_tails(test, alternative),
      conf.int = test_interval(x, alternative),
      estimate = stats::setNames(x$estimate, x$metric),
      null.value = stats::setNames(mu, x$metric),
      stderr = x$std_error,
      alternative = alternative,
      method = paste0(x$method, ", ", x$interval, " test"),
      data.name = x$formula
    ),
    class = "htest"
  )
}

check_one_estimate <- function(x, call = rlang::caller_env()) {
  if (inherits(x, "judicious_estimates")) {
    abort_judicious(
      c("{.fun test_mean} is for one estimate; {.arg x} has {length(x$quantities)}.",
        i = if (x$what == "group") "{.fun compare_groups} tests their differences, and
                                    {.fun estimate_mean} one of them.",
        i = if (x$what != "group") "The rows of {.fun confint} are their intervals."),
      "type", arg = "x", call = call
    )
  }
  check_class(x, "judicious_estimate", "estimate_mean()", arg = "x", call = call)
}

check_testable <- function(x, mu, call = rlang::caller_env()) {
  if (x$interval == "none") {
    abort_judicious(
      c("There is nothing to test: the labels do not vary and their variance is unknown.",
        i = "If the metric is bounded, fit it with {.code range = }."),
      "undefined", arg = "x", call = call
    )
  }
  if (x$interval %in% c("beta", "wilson")) {
    check_between(mu, x$range[1], x$range[2], call = call)
  }
}

combine_tails <- function(test, alternative) {
  two_sided <- if (is.na(test$two_sided)) min(1, 2 * min(test$greater, test$less)) else
    test$two_sided
  switch(alternative, greater = test$greater, less = test$less, two.sided = two_sided)
}

# Scores have a mean, labels at the ends of the range a number of events.
is_rate <- function(x) {
  labels <- x$inference[c("lowest_label", "highest_label")]
  x$inference$two_valued && all(unlist(labels) %in% x$range)
}

statistic_name <- function(x) {
  switch(x$interval, normal = , wilson = "z", t = "t", beta = if (is_rate(x)) "events" else "mean",
         "difference")
}

test_parameter <- function(x, parameter) {
  if (is.na(parameter)) return(NULL)
  stats::setNames(parameter, if (x$interval == "t") "df" else "size")
}

# One-sided alternatives have one-sided intervals, ending where the metric does.
test_interval <- function(x, alternative) {
  level <- x$conf_level
  if (alternative == "two.sided") {
    bounds <- interval_bounds(x$inference, x$interval, level)
  } else {
    bounds <- one_sided_bounds_cpp(x$interval, x$inference, level, level)
    ends <- x$range %||% c(-Inf, Inf)
    if (x$interval == "normal") ends <- c(-Inf, Inf)
    bounds <- if (alternative == "greater") c(bounds[1], ends[2]) else c(ends[1], bounds[2])
  }
  structure(bounds, conf.level = level)
}
