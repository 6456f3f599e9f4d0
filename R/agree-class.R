# An agreement metric: a number, or with an interval from a bootstrap over items.

# What a bootstrap over items needs; nothing is drawn without a confidence level.
boot_settings <- function(conf_level, n_boot, threads, call = rlang::caller_env()) {
  list(
    conf_level = if (!is.null(conf_level)) check_conf_level(conf_level, call = call),
    n_boot = if (is.null(conf_level)) 0 else check_count(n_boot, 2, 1e7, call = call),
    threads = check_threads(threads, call)
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
agreement_value <- function(title, compute, boot, n_missing, undefined, call) {
  core <- run_bootstrap(compute, boot, call)
  if (is.nan(core$estimate)) {
    warn_judicious(c("{title} is undefined: {undefined}.", i = "The result is {.val {NA_real_}}."),
                   "undefined", metric = title, call = call)
    core$estimate <- NA_real_
  }
  if (is.null(boot$conf_level)) return(core$estimate)
  new_agreement(title, core, boot, n_missing, call)
}

agreement_mean <- function(title, scores, boot, n_missing, call) {
  compute <- function(...) mean_score_cpp(scores, ...)
  agreement_value(title, compute, boot, n_missing, "", call)
}

new_agreement <- function(title, core, boot, n_missing, call) {
  replicates <- core$replicates[!is.nan(core$replicates)]
  n_undefined <- length(core$replicates) - length(replicates)
  if (n_undefined > 0L && !is.na(core$estimate)) {
    warn_judicious(
      "{title} is undefined in {n_undefined} of {boot$n_boot} resamples; the interval is of the
       others.",
      "undefined", metric = title, n_undefined = n_undefined, call = call
    )
  }
  bounds <- agreement_bounds(core$estimate, replicates, core$n_items, boot$conf_level)
  structure(
    data.frame(
      metric = title, estimate = core$estimate, conf_low = bounds[1], conf_high = bounds[2],
      conf_level = boot$conf_level, n_items = core$n_items, n_missing = as.double(n_missing),
      n_boot = boot$n_boot, n_undefined = as.double(n_undefined)
    ),
    replicates = replicates,
    class = c("judicious_agreement", "judicious_table", "data.frame")
  )
}

# One item says nothing of the spread between items, nor do infinite scores.
agreement_bounds <- function(estimate, replicates, n_items, conf_level) {
  if (!is.finite(estimate) || n_items < 2 || length(replicates) < 2L) return(c(NA_real_, NA_real_))
  bootstrap_interval_cpp(replicates, estimate, NA_real_, conf_level)
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
#' undefined or infinite and where there is one item only. `set.seed()` governs the draws; the
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
  level <- check_conf_level(conf_level %||% x$conf_level, arg = "conf_level")
  replicates <- attr(x, "replicates")
  bounds <- agreement_bounds(x$estimate, replicates, x$n_items, level)
  result_frame(
    term = x$metric, estimate = x$estimate,
    std.error = if (anyNA(bounds)) NA_real_ else stats::sd(replicates),
    conf.low = bounds[1], conf.high = bounds[2], conf.level = level, n_items = x$n_items
  )
}

#' @rdname judicious_agreement
#' @export
format.judicious_agreement <- function(x, ...) {
  bounds <- if (is.na(x$conf_low)) {
    "no interval"
  } else {
    paste0(format_level(x$conf_level), " CI ", format_interval(x$conf_low, x$conf_high))
  }
  c(
    paste0(x$metric, ": ", format_number(x$estimate), "   ", bounds),
    paste0("Bootstrap over ", format_items(x$n_items), ", ", format_count(x$n_boot), " resamples"),
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
  if (is.na(object$conf_low)) {
    abort_judicious("There is no interval to show: {object$metric} is undefined or infinite, or
                    there is one item only.", "undefined", arg = "object")
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
