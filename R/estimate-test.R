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
#' `"wilson"`: score test z = (p - mu) / sqrt(mu (1 - mu) / n). `"beta"`: with x events (`events`)
#' among n labels of an equally precise simple random sample (`size`),
#' P(greater) = I_mu(x, n - x + 1) and P(less) = 1 - I_mu(x + 1, n - x), the tails of Clopper and
#' Pearson; two-sided p-values are twice the smaller tail. n and x are those of the fit's
#' confidence level; n is guarded and so differs from `n_effective`.
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
  check_class(x, "judicious_estimate", "estimate_mean()")
  rlang::check_required(mu)
  mu <- check_number(mu)
  alternative <- match_choice(alternative)
  check_testable(x, mu)
  test <- switch(x$interval, normal = , t = test_symmetric(x, mu), wilson = test_score(x, mu),
                 beta = test_beta(x, mu), bootstrap = test_bootstrap(x, mu),
                 exact = test_exact(x, mu))
  structure(
    list(
      statistic = test$statistic,
      parameter = test$parameter,
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
  switch(alternative, greater = test$greater, less = test$less,
         two.sided = test$two_sided %||% min(1, 2 * min(test$greater, test$less)))
}

# All tests from here: statistic, parameter and the two one-sided p-values.
test_symmetric <- function(x, mu) {
  inference <- x$inference
  z <- (inference$estimate - mu) / x$std_error
  if (x$interval == "normal") {
    return(list(statistic = c(z = z), greater = stats::pnorm(z, lower.tail = FALSE),
                less = stats::pnorm(z)))
  }
  # The skewness correction moves z as it moves the interval.
  moved <- skew_transform(z, inference$skewness)
  list(statistic = c(t = moved), parameter = c(df = inference$df),
       greater = stats::pt(moved, inference$df, lower.tail = FALSE),
       less = stats::pt(moved, inference$df))
}

skew_transform <- function(z, skewness) {
  if (skewness == 0) return(z)
  (skewness / 6) + ((1 + skewness * z / 3)^3 - 1) / skewness
}

rescale_to_unit <- function(value, range) (value - range[1]) / diff(range)

test_counts <- function(x) {
  counts <- effective_counts_cpp(bounded_mean(x$inference), x$conf_level)
  list(n = counts[1], events = counts[2])
}

test_score <- function(x, mu) {
  counts <- test_counts(x)
  p0 <- rescale_to_unit(mu, x$range)
  p <- counts$events / counts$n
  z <- if (p == p0) 0 else (p - p0) / sqrt(p0 * (1 - p0) / counts$n)
  list(statistic = c(z = z), parameter = c(size = counts$n),
       greater = stats::pnorm(z, lower.tail = FALSE), less = stats::pnorm(z))
}

test_beta <- function(x, mu) {
  counts <- test_counts(x)
  p0 <- rescale_to_unit(mu, x$range)
  events <- counts$events
  rest <- counts$n - events
  list(
    statistic = c(events = events),
    parameter = c(size = counts$n),
    greater = if (events > 0) stats::pbeta(p0, events, rest + 1) else 1,
    less = if (rest > 0) stats::pbeta(p0, events + 1, rest, lower.tail = FALSE) else 1
  )
}

test_exact <- function(x, mu) {
  list(statistic = c(difference = x$estimate - mu),
       greater = as.numeric(x$estimate <= mu), less = as.numeric(x$estimate >= mu))
}

# One-sided alternatives have one-sided intervals, ending where the metric does.
test_interval <- function(x, alternative) {
  level <- x$conf_level
  if (alternative == "two.sided") {
    bounds <- interval_bounds(x$inference, x$interval, level)
  } else {
    bounds <- one_sided_bounds(x, level)
    ends <- x$range %||% c(-Inf, Inf)
    if (x$interval == "normal") ends <- c(-Inf, Inf)
    bounds <- if (alternative == "greater") c(bounds[1], ends[2]) else c(ends[1], bounds[2])
  }
  structure(bounds, conf.level = level)
}

# Both bounds at one-sided level. The beta and Wilson intervals keep the effective
# size of the fit; the others are those of a two-sided interval at 2 level - 1.
one_sided_bounds <- function(x, level) {
  switch(x$interval, beta = one_sided_beta(x, level), wilson = one_sided_wilson(x, level), {
    bounds <- interval_bounds(x$inference, x$interval, abs(2 * level - 1))
    if (level < 0.5) rev(bounds) else bounds
  })
}

one_sided_beta <- function(x, level) {
  counts <- test_counts(x)
  events <- counts$events
  rest <- counts$n - events
  unit <- c(if (events > 0) stats::qbeta(1 - level, events, rest + 1) else 0,
            if (rest > 0) stats::qbeta(level, events + 1, rest) else 1)
  x$range[1] + diff(x$range) * unit
}

# The values of mu at which the score test's p-value is 1 - level.
one_sided_wilson <- function(x, level) {
  counts <- test_counts(x)
  p <- counts$events / counts$n
  z2 <- stats::qnorm(level)^2 / counts$n
  half <- sign(stats::qnorm(level)) * sqrt(z2 * (p * (1 - p) + z2 / 4))
  unit <- (p + z2 / 2 + c(-half, half)) / (1 + z2)
  x$range[1] + diff(x$range) * unit
}
