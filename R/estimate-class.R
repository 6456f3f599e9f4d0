# The result of estimate_mean(): how it is put together, checked and shown.

build_estimate <- function(design, settings, core, user_call, call) {
  interval <- resolve_interval(settings$interval, core$inference, call)
  tell_skewed(interval, core$inference, settings, call)
  # Too little varies for a bootstrap: the fit of the rows themselves is reported.
  inference <- core$inference
  if (interval == "bootstrap") core$lambda <- core$boot_lambda
  answer <- infer_cpp(interval, inference, settings$conf_level)
  new_judicious_estimate(
    estimate = answer$estimate,
    std_error = answer$std_error,
    conf_low = answer$bounds[1], conf_high = answer$bounds[2], conf_level = settings$conf_level,
    interval = interval,
    method = method_name(design, settings, any(core$lambda != 0)),
    preset = settings$preset,
    estimand = settings$estimand,
    population = if (settings$finite) "finite" else "infinite",
    metric = settings$metric,
    formula = design$formula,
    range = inference$range,
    lambda = lambda_table(core, design),
    df = inference$df,
    n_true = inference$n_true,
    n_proxy = count_judged(design, core),
    n_rows = sum(core$strata$n_rows),
    n_clusters = core$n_clusters,
    n_effective = reported_size(answer$n_effective, design, core, inference, settings$published),
    labels_only = labels_only_summary(core$without_judges, interval, settings),
    strata = strata_table(core, design),
    estimate_raw = inference$estimate,
    flags = c(estimate_flags(inference, answer$bounds, interval, design, settings),
              unused_flag(design, core), missing_flags(design)),
    boot = inference$replicates,
    inference = c(inference, list(terms = design$terms, marked = !is.null(design$missing))),
    call = user_call
  )
}

new_judicious_estimate <- function(...) {
  structure(list(...), class = "judicious_estimate")
}

# Rows with a judge's label: where no judge answered there is none.
count_judged <- function(design, core) {
  if (length(design$proxies) == 0L) return(0)
  sum(core$strata$n_rows) - (design$n_unanswered %||% 0)
}

# Labels alone cannot be more than there are rows. Where one label carries the estimate, "as
# precise as the same labels without a judge" says nothing: there it is how many labels drawn at
# random would be. What is published stays as it is, but for a prob that nobody can have meant.
reported_size <- function(size, design, core, inference, published) {
  n <- sum(core$strata$n_rows)
  dominated <- if (published) has_tiny_prob(core) else is_dominated(core)
  if (is.na(size) || !dominated && (published || size <= n)) return(size)
  if (dominated) size <- min(size, largest_variance(design_spread(design)) / inference$variance)
  min(size, n)
}

# The smallest prob or the heaviest label decides: see tell_weights().
is_dominated <- function(core) {
  core$facts$known_prob && (has_tiny_prob(core) || core$facts$highest_weight_share > 0.1)
}

has_tiny_prob <- function(core) {
  core$facts$known_prob && core$facts$lowest_prob < 1 / (20 * sum(core$strata$n_rows))
}

unused_flag <- function(design, core) {
  if (length(design$proxies) == 0L || any(core$lambda != 0)) return(NULL)
  why <- if (sum(core$strata$n_true) == sum(core$strata$n_rows)) ": every row has a human label"
  paste0("No judge is used", why, ".")
}

# There are no replicates of the labels alone: the interval their preset would use.
labels_only_summary <- function(inference, interval, settings) {
  interval <- labels_only_interval_cpp(interval, inference)
  answer <- infer_cpp(interval, inference, settings$conf_level)
  list(estimate = answer$estimate, std_error = answer$std_error,
       conf_low = answer$bounds[1], conf_high = answer$bounds[2], inference = inference)
}

lambda_table <- function(core, design) {
  lambda <- core$lambda
  judges <- vapply(design$proxies, function(p) p$name, "")
  if (is.null(design$strata)) return(stats::setNames(as.vector(lambda), judges))
  dimnames(lambda) <- list(group_labels(design$strata), judges)
  lambda[group_order(design$strata), , drop = FALSE]
}

strata_table <- function(core, design) {
  if (is.null(design$strata)) return(NULL)
  s <- core$strata
  table <- vctrs::new_data_frame(list(
    stratum = group_labels(design$strata), n_rows = s$n_rows, n_true = s$n_true,
    weight = s$weight, estimate = s$estimate, std_error = s$std_error,
    labels_only = s$labels_only
  ))
  vctrs::vec_slice(table, group_order(design$strata))
}

estimate_flags <- function(inference, bounds, interval, design, settings) {
  range <- inference$range
  raw <- inference$estimate
  outside <- !is.null(range) && (raw < range[1] || raw > range[2])
  c(
    if (outside) {
      sprintf("The raw estimate %s lies outside [%s, %s].", format_number(raw),
              format_number(range[1]), format_number(range[2]))
    },
    if (interval %in% c("normal", "bootstrap")) unreliable_flag(bounds, inference, interval),
    verdict_flags(settings, interval, length(design$proxies))
  )
}

# Normal and bootstrap intervals miss far too often with few labels or few events
# (statistics vignette, section 8).
unreliable_flag <- function(bounds, inference, interval) {
  range <- inference$range
  better <- if (is.null(range)) "t" else "beta"
  events <- Inf
  if (!is.null(range)) {
    p0 <- (inference$labels_only - range[1]) / diff(range)
    events <- inference$n_base * min(p0, 1 - p0)
  }
  why <- c(
    if (inference$n_true < 50) "fewer than 50 labels",
    if (events < 20) "fewer than 20 events",
    if (!is.null(range) && (bounds[1] < range[1] || bounds[2] > range[2])) "beyond the range"
  )
  if (length(why) == 0L) return(NULL)
  sprintf("A %s interval is unreliable here (%s); better: interval = \"%s\".", interval,
          paste(why, collapse = ", "), better)
}

# What guard = "verdict" takes on trust, in the reader's words.
verdict_flag <- function(same) {
  paste0("guard = \"verdict\": assumes that among rows with ", same,
         " errors do not get commoner as prob falls.")
}

verdict_of <- function(n_judges) {
  if (n_judges == 1L) "the same verdict of the judge" else "the same verdicts of the judges"
}

# --- printing ------------------------------------------------------------------

#' Print, summarise and extract from an estimate
#'
#' @description
#' `print()` shows the estimate and its interval, how they were reached, the numbers of labels and
#' the effective sample size, and anything a reader should know. `summary()` adds the weights of
#' the judges, the strata and what the human labels alone would have said.
#'
#' @param x,object A `judicious_estimate`.
#' @param formula. Changes to the formula, as for [update()]: `. ~ . + judge_2`.
#' @param evaluate `FALSE`: the new call, not its result.
#' @param digits Digits to show; default `getOption("judicious.digits", 3)`.
#' @param level Confidence level; any level, not only that of the fit.
#' @param parm 1 or the name of the metric: there is one parameter. `confint(fit, 0.9)` is taken as
#'   the level.
#' @param row.names,optional Passed to [as.data.frame()].
#' @param ... For `update()`: arguments of [estimate_mean()] to change. Else not used.
#' @return `print()` returns `x` invisibly; `format()` a character vector, one element per line;
#'   `coef()` a named number; `vcov()` a 1 x 1 matrix (the variance behind the interval: HC2 for
#'   beta and Wilson intervals, HC3 for t, plain for normal); `confint()` a 1 x 2 matrix as for
#'   [lm()]; `nobs()` the number of labelled rows; `formula()` the formula; `update()` the estimate
#'   with changed arguments; `as.data.frame()` the one row of [tidy()].
#' @name judicious_estimate
#' @examples
#' fit <- estimate_mean(c(1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0) ~ 1)
#' fit
#' confint(fit, level = 0.9)
NULL

#' @rdname judicious_estimate
#' @export
format.judicious_estimate <- function(x, digits = getOption("judicious.digits", 3), ...) {
  rlang::local_options(judicious.digits = digits)
  interval <- if (x$interval == "none") {
    "no interval: the labels do not vary"
  } else {
    paste0(format_level(x$conf_level), " CI ", format_interval(x$conf_low, x$conf_high))
  }
  c(
    paste0(x$metric, ": ", format_number(x$estimate), "   ", interval),
    format_method(x),
    format_counts(x),
    x$flags
  )
}

format_method <- function(x) {
  shown <- switch(x$interval, none = NULL, exact = "whole population labelled",
                  paste(x$interval, "interval"))
  estimand <- if (x$estimand == "clusters") "mean of cluster means"
  finite <- if (x$population == "finite") "finite population"
  text <- paste(c(x$method, shown, estimand, finite), collapse = ", ")
  paste0(text, " (", x$preset, " preset)")
}

format_counts <- function(x) {
  clusters <- if (!is.na(x$n_clusters)) paste0(" in ", format_count(x$n_clusters), " clusters")
  if (x$n_proxy == 0) {
    rows <- if (x$n_rows > x$n_true) paste(" of", format_count(x$n_rows), "rows")
    return(paste0(format_count(x$n_true), " labels", rows, clusters))
  }
  paste0(
    format_count(x$n_true), " human labels, ", format_count(x$n_proxy), " judge labels", clusters,
    ", effective sample size ",
    if (is.na(x$n_effective)) "undefined" else format_count(floor(x$n_effective + 1e-9))
  )
}

#' @rdname judicious_estimate
#' @export
print.judicious_estimate <- function(x, digits = getOption("judicious.digits", 3), ...) {
  writeLines(format(x, digits = digits))
  invisible(x)
}

#' @rdname judicious_estimate
#' @export
summary.judicious_estimate <- function(object, ...) {
  check_dots(...)
  structure(list(estimate = object), class = "summary.judicious_estimate")
}

#' @export
print.summary.judicious_estimate <- function(x, ...) {
  fit <- x$estimate
  print(fit)
  if (fit$n_proxy > 0) {
    alone <- fit$labels_only
    cat("\nHuman labels alone: ", format_number(alone$estimate), "   ",
        format_level(fit$conf_level), " CI ", format_interval(alone$conf_low, alone$conf_high),
        "\n", sep = "")
    if (!is.null(fit$lambda)) {
      cat("\nWeights of the judges (lambda):\n")
      print(round(fit$lambda, getOption("judicious.digits", 3)))
    }
  }
  if (!is.null(fit$strata)) {
    cat("\nStrata:\n")
    print(fit$strata, digits = getOption("judicious.digits", 3), row.names = FALSE)
  }
  cat("\nStandard error ", format_number(fit$std_error), ", ", format_df(fit$df),
      " degrees of freedom\n", sep = "")
  invisible(x)
}
