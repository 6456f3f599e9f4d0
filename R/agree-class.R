# An agreement metric: a number, or with an interval from a bootstrap over items.

# What a bootstrap over items needs; nothing is drawn without a confidence level.
boot_settings <- function(conf_level, n_boot, threads, call = rlang::caller_env()) {
  if (is.null(conf_level)) {
    return(list(conf_level = NULL, n_boot = 0, threads = check_threads(threads, call)))
  }
  boot <- list(conf_level = check_conf_level(conf_level, call = call),
               n_boot = check_count(n_boot, 2, 1e7, call = call),
               threads = check_threads(threads, call))
  warn_few_resamples(boot$n_boot, boot$conf_level, call)
  boot
}

# Beyond each bound of an interval there must be some replicates, else it is an extreme of chance.
warn_few_resamples <- function(n_boot, conf_level, call) {
  beyond <- n_boot * (1 - conf_level) / 2
  if (n_boot == 0 || beyond >= 10 - 1e-6) return(invisible())
  needed <- ceiling(20 / (1 - conf_level) - 1e-6)
  warn_judicious(
    c("{format_count(n_boot)} resamples are few for a level of {conf_level}: only
       {format(round(beyond, 1))} lie beyond each bound.",
      i = "Use {.code n_boot = {format(needed, scientific = FALSE)}} or more."),
    "few_resamples", n_boot = n_boot, needed = needed, call = call
  )
}

# Calls a binding as compute(n_boot, threads, tick), with a progress bar if there
# are replicates to draw.
run_bootstrap <- function(compute, boot, call) {
  tick <- function(n) NULL
  if (boot$n_boot > 0) {
    bar <- cli::cli_progress_bar("Bootstrap", total = 64)
    tick <- function(n) cli::cli_progress_update(inc = n, id = bar)
  }
  call_core(compute(boot$n_boot, boot$threads, tick), call)
}

# The number alone, or with its interval if `boot` asks for one. `undefined` says
# when the metric does not exist.
agreement_value <- function(title, compute, boot, n_missing, undefined, call, rate = FALSE) {
  core <- run_bootstrap(compute, boot, call)
  if (is.nan(core$estimate)) {
    warn_judicious(c("{title} is undefined: {undefined}.", i = "The result is {.val {NA_real_}}."),
                   "undefined", metric = title, call = call)
    core$estimate <- NA_real_
  }
  if (is.null(boot$conf_level)) return(core$estimate)
  new_agreement(title, core, boot, n_missing, call, rate)
}

# `rate`: all scores lie in [0, 1].
agreement_mean <- function(title, scores, boot, n_missing, call, rate = FALSE) {
  compute <- function(...) mean_score_cpp(scores, ...)
  agreement_value(title, compute, boot, n_missing, "", call, rate)
}

new_agreement <- function(title, core, boot, n_missing, call, rate) {
  replicates <- core$replicates[!is.nan(core$replicates)]
  n_undefined <- length(core$replicates) - length(replicates)
  if (n_undefined > 0L && !is.na(core$estimate)) {
    others <- if (is_constant(replicates)) "." else "; the interval is of the others."
    warn_judicious(
      "{title} is undefined in {n_undefined} of {boot$n_boot} resamples{others}",
      "undefined", metric = title, n_undefined = n_undefined, call = call
    )
  }
  bounds <- agreement_bounds(core$estimate, replicates, core$n_items, boot$conf_level, rate)
  if (is_constant(replicates) && anyNA(bounds)) warn_constant(title, call)
  structure(
    data.frame(
      metric = title, estimate = core$estimate, conf_low = bounds[1], conf_high = bounds[2],
      conf_level = boot$conf_level, n_items = core$n_items, n_missing = as.double(n_missing),
      n_boot = boot$n_boot, n_undefined = as.double(n_undefined)
    ),
    replicates = replicates, rate = rate,
    class = c("judicious_agreement", "judicious_table", "data.frame")
  )
}

# One item says nothing of the spread between items, nor do infinite scores. Where all resamples
# give the same, they say nothing of other items either: a rate of 0 or 1 has its exact interval,
# other metrics none.
agreement_bounds <- function(estimate, replicates, n_items, conf_level, rate = FALSE) {
  if (!is.finite(estimate) || n_items < 2 || length(replicates) < 2L) return(c(NA_real_, NA_real_))
  if (!is_constant(replicates)) {
    return(bootstrap_interval_cpp(replicates, estimate, NA_real_, conf_level))
  }
  if (rate) exact_at_edge(replicates[1], n_items, conf_level) else c(NA_real_, NA_real_)
}

is_constant <- function(replicates) {
  length(replicates) > 0L && diff(range(replicates)) <= 1e-12 * max(1, abs(replicates[1]))
}

# Clopper and Pearson (1934) where all of n items score 1, or all 0.
exact_at_edge <- function(estimate, n, conf_level) {
  edge <- ((1 - conf_level) / 2)^(1 / n)
  if (abs(estimate - 1) < 1e-12) return(c(edge, 1))
  if (abs(estimate) < 1e-12) return(c(0, 1 - edge))
  c(NA_real_, NA_real_)
}

warn_constant <- function(titles, call) {
  warn_judicious(
    c("There is no interval of {titles}: all resamples give the same value.",
      i = "Items that all agree alike do not show how much others would differ; the interval of
           {.fn agree_hit_rate} is exact there."),
    "no_interval", metric = titles, call = call
  )
}

#' Agreement with an interval
#'
#' @description
#' The functions `agree_*()` return a plain number. With `conf_level` they return a data frame of
#' class `judicious_agreement` with one row: the number, its percentile interval from a bootstrap
#' over items, and what both rest on.
#'
#' @param x,object A `judicious_agreement`.
#' @param conf_level Confidence level; any level, not only that asked for before. `NULL`: that one.
#' @param ... Not used.
#' @return `print()`: `x`, invisibly. `format()`: a character vector, one element per line.
#'   `tidy()`: a data frame with the columns `term`, `estimate`, `std.error` (standard deviation of
#'   the replicates), `conf.low`, `conf.high`, `conf.level`, `n_items`. `as.data.frame()`: the plain
#'   data frame with the columns `metric`, `estimate`, `conf_low`, `conf_high`, `conf_level`,
#'   `n_items` (items used), `n_missing` (items left out), `n_boot` and `n_undefined` (resamples in
#'   which the metric does not exist; the interval is of the others). `autoplot()`: a ggplot, the
#'   distribution of the replicates with estimate and interval; `plot()` draws it.
#'
#' @section Interval:
#' Items are drawn with replacement, as many as there are, and the metric is computed anew; the
#' interval holds the middle share `conf_level` of these replicates (type 7 quantiles). It speaks
#' of other items from the same source, rated by the same raters. It is `NA` where the metric is
#' undefined or infinite and where there is one item only. Where all items agree, or none does,
#' resamples do not differ: hit rate and coverage then have the exact interval of Clopper and
#' Pearson (10 of 10: 0.692 to 1), other metrics none, with a warning of class
#' `judicious_warning_no_interval`. Fewer than 10 resamples beyond each bound (`n_boot * (1 -
#' conf_level) / 2`) give a warning of class `judicious_warning_few_resamples`. `set.seed()`
#' governs the draws; the
#' result does not depend on `threads`.
#' @examples
#' set.seed(1)
#' human <- sample(c("yes", "no"), 200, replace = TRUE)
#' judge <- ifelse(runif(200) < 0.8, human, "yes")
#' kappa <- agree_cohen_kappa(human, judge, conf_level = 0.95)
#' kappa
#' tidy(kappa, conf_level = 0.9)
#' ggplot2::autoplot(kappa)
#' @name judicious_agreement
NULL

#' @rdname judicious_agreement
#' @export
tidy.judicious_agreement <- function(x, conf_level = NULL, ...) {
  check_dots(...)
  level <- check_conf_level(conf_level %||% x$conf_level, arg = "conf_level")
  replicates <- attr(x, "replicates")
  if (level != x$conf_level) warn_few_resamples(x$n_boot, level, rlang::current_env())
  bounds <- agreement_bounds(x$estimate, replicates, x$n_items, level, isTRUE(attr(x, "rate")))
  result_frame(
    term = x$metric, estimate = x$estimate,
    std.error = if (anyNA(bounds) || is_constant(replicates)) NA_real_ else stats::sd(replicates),
    conf.low = bounds[1], conf.high = bounds[2], conf.level = level, n_items = x$n_items
  )
}

#' @rdname judicious_agreement
#' @export
format.judicious_agreement <- function(x, ...) {
  constant <- is_constant(attr(x, "replicates"))
  bounds <- if (is.na(x$conf_low)) {
    if (constant) "no interval: all resamples give the same" else "no interval"
  } else {
    paste0(format_level(x$conf_level), " CI ", format_interval(x$conf_low, x$conf_high))
  }
  c(
    paste0(x$metric, ": ", format_number(x$estimate), "   ", bounds),
    if (constant && !is.na(x$conf_low)) paste0("Exact interval, ", format_items(x$n_items)) else
      paste0("Bootstrap over ", format_items(x$n_items), ", ", format_count(x$n_boot),
             " resamples"),
    if (x$n_missing > 0) paste0(format_items(x$n_missing), " left out for missing labels"),
    if (x$n_undefined > 0) paste0("Undefined in ", format_count(x$n_undefined), " resamples")
  )
}

format_items <- function(n) paste(format_count(n), if (n == 1) "item" else "items")

#' @rdname judicious_agreement
#' @export
print.judicious_agreement <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

#' @rdname judicious_agreement
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_agreement <- function(object, ...) {
  check_dots(...)
  if (is.na(object$conf_low) || is_constant(attr(object, "replicates"))) {
    abort_judicious("There are no replicates to show: {object$metric} is undefined or infinite, all
                    resamples give the same, or there is one item only.", "undefined",
                    arg = "object")
  }
  shown <- as.list(as.data.frame(object))
  replicates_plot(c(shown, list(boot = attr(object, "replicates"))), truth = NULL)
}

#' @rdname judicious_agreement
#' @export
plot.judicious_agreement <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}
