#' Compare estimates side by side
#'
#' @description
#' Puts several estimates of one metric into one table, whose `autoplot()` is a forest plot: the
#' judge alone, the human labels alone, and both. The labels of a judge alone are counted like any
#' other labels; that they are many does not make them right.
#'
#' @param ... Named results of [estimate_mean()], in the order to show them. Underscores in names
#'   become spaces; `human_only = a` is shown as "Human only".
#' @param truth The true value, if known (in simulations): a dashed line in the plot.
#' @param mu A value to test every estimate against, as by [test_mean()]: a column `p.value`.
#'   Differences between the estimates are tested with `separate = TRUE` only.
#' @param separate `TRUE`: no two of the estimates have rows or clusters in common (two months, two
#'   products), so that they are independent; the differences from the first are added. Estimates of
#'   the same rows have a covariance that is not known here: [estimate_difference()] and
#'   [compare_groups()] know it.
#' @return A data frame of class `judicious_comparison` with a column `label` and the columns of
#'   [tidy()][tidy.judicious_estimate]: `term`, `estimate`, `std.error`, `conf.low`, `conf.high`,
#'   `conf.level`, `method`, `n_true`, `n_proxy`, `n_effective`; with `separate = TRUE` also
#'   `difference` (from the first), `difference.low`, `difference.high` and `difference.p.value`.
#'   `truth` and the metric's `range` are kept as attributes.
#' @section Formula:
#' Differences of separate estimates: the distances of both from their own bounds, added like
#' standard errors (Newcombe 1998); the p-value is 1 minus the level at which the interval begins to
#' hold 0.
#' @examples
#' set.seed(1)
#' turns <- simulate_binary(2000, true_mean = 0.1, proxy_mean = 0.05, correlation = 0.6)
#' turns$human <- reveal_labels(turns$y_true, sample_uniform(2000, 200))
#' compared <- compare_estimates(
#'   judge_only = estimate_mean(y_proxy ~ 1, turns),
#'   human_only = estimate_mean(human ~ 1, turns),
#'   both = estimate_mean(human ~ y_proxy, turns),
#'   truth = 0.1
#' )
#' compared
#' ggplot2::autoplot(compared)
#' @export
compare_estimates <- function(..., truth = NULL, mu = NULL, separate = FALSE) {
  fits <- list(...)
  check_fits(fits)
  if (!is.null(truth)) truth <- check_number(truth)
  comparison <- compare_fits(fits, plot_label(names(fits)), truth)
  if (!is.null(mu)) {
    mu <- check_number(mu)
    comparison$p.value <- vapply(unname(fits), p_value_at, 0, mu = mu)
    attr(comparison, "mu") <- mu
  }
  if (check_flag(separate)) {
    check_separate(fits)
    comparison <- add_differences(comparison, unname(fits))
  }
  attr(comparison, "judge_alone") <- judge_alone(fits)
  comparison
}

# --- differences of separate estimates -----------------------------------------------------------

# Estimates of one metric; a judge alone and its labels are of the same rows.
check_separate <- function(fits, call = rlang::caller_env()) {
  metrics <- unique(vapply(fits, function(fit) fit$metric, ""))
  same <- any(duplicated(vapply(fits, function(fit) {
    paste(format(c(fit$estimate, fit$n_true, fit$n_proxy), digits = 15), collapse = " ")
  }, "")))
  problem <- if (length(fits) < 2L) {
    "There is one estimate only."
  } else if (length(metrics) > 1L) {
    "They are of different metrics: {.val {metrics}}."
  } else if (any(judge_alone(fits))) {
    "{.field {names(fits)[judge_alone(fits)][1]}} is a judge of another estimate, on its rows."
  } else if (same) {
    "Two of them are the same estimate."
  }
  if (is.null(problem)) return(invisible())
  abort_judicious(
    c("{.code separate = TRUE} compares estimates of one metric on different rows.", x = problem,
      i = "{.fun estimate_difference} compares systems on the same items."),
    "design", arg = "separate", call = call
  )
}

add_differences <- function(comparison, fits) {
  rows <- lapply(fits[-1], difference_from, fits[[1]])
  column <- function(k) c(NA_real_, vapply(rows, `[[`, 0, k))
  comparison$difference <- column(1)
  comparison$difference.low <- column(2)
  comparison$difference.high <- column(3)
  comparison$difference.p.value <- column(4)
  attr(comparison, "separate") <- TRUE
  comparison
}

difference_from <- function(fit, first) {
  ends <- function(level) separate_bounds(fit, first, level)
  d <- fit$estimate - first$estimate
  if (anyNA(ends(first$conf_level))) return(c(d, NA_real_, NA_real_, NA_real_))
  end <- function(level) if (d > 0) ends(level)[1] else -ends(level)[2]
  p <- if (d == 0) 1 else if (end(1 - 1e-12) > 0) 1e-12 else
    1 - stats::uniroot(end, c(1e-9, 1 - 1e-12), tol = 1e-12)$root
  c(d, ends(first$conf_level), p)
}

separate_bounds <- function(fit, first, level) {
  a <- interval_bounds(fit$inference, fit$interval, level)
  b <- interval_bounds(first$inference, first$interval, level)
  d <- fit$estimate - first$estimate
  away <- function(x) pmax(x, 0)
  c(d - sqrt(away(fit$estimate - a[1])^2 + away(b[2] - first$estimate)^2),
    d + sqrt(away(a[2] - fit$estimate)^2 + away(first$estimate - b[1])^2))
}

# --- p-values ------------------------------------------------------------------------------------

# NA where nothing can be tested.
p_value_at <- function(fit, mu, call = rlang::caller_env(2)) {
  if (fit$interval == "none") return(NA_real_)
  check_testable(fit, mu, call = call)
  test_mean(fit, mu)$p.value
}

# A mean of what is a judge elsewhere in the comparison, of its labels and not of people's.
judge_alone <- function(fits) {
  sides <- lapply(fits, function(fit) strsplit(fit$formula, " ~ ", fixed = TRUE)[[1]])
  judges <- unlist(lapply(sides, function(side) strsplit(side[2], " + ", fixed = TRUE)[[1]]))
  vapply(unname(sides), function(side) side[1] %in% judges, NA)
}

compare_fits <- function(fits, labels, truth = NULL) {
  table <- vctrs::vec_rbind(!!!lapply(unname(fits), function(fit) tidy(fit)))
  table <- vctrs::vec_cbind(vctrs::data_frame(label = labels), table)
  ranges <- lapply(fits, function(fit) fit$range)
  new_comparison(table, truth, shared_range(ranges))
}

check_fits <- function(fits, call = rlang::caller_env()) {
  if (length(fits) == 0L || is.null(names(fits)) || any(names(fits) == "")) {
    abort_judicious(
      c("{.fn compare_estimates} needs named estimates.",
        i = "For example {.code compare_estimates(judge = a, human = b, both = c)}."),
      "input", call = call
    )
  }
  for (name in names(fits)) {
    check_class(fits[[name]], "judicious_estimate", "estimate_mean()", arg = name, call = call)
  }
}

# The range all estimates share, or none.
shared_range <- function(ranges) {
  if (any(vapply(ranges, is.null, NA)) || length(unique(ranges)) != 1L) return(NULL)
  ranges[[1]]
}

new_comparison <- function(table, truth, range) {
  frame <- as.data.frame(table)
  structure(frame, truth = truth, range = range,
            class = c("judicious_comparison", "judicious_table", "data.frame"))
}

plot_label <- function(names) {
  words <- gsub("_", " ", names, fixed = TRUE)
  paste0(toupper(substr(words, 1, 1)), substring(words, 2))
}

#' @rdname compare_estimates
#' @param x A `judicious_comparison`.
#' @export
tidy.judicious_comparison <- function(x, ...) {
  check_dots(...)
  result_frame(!!!as.data.frame(x))
}

#' @export
format.judicious_comparison <- function(x, ...) {
  check_dots(...)
  percent <- identical(attr(x, "range"), c(0, 1))
  bounds <- paste0("[", format_value(x$conf.low, percent), ", ",
                   format_value(x$conf.high, percent), "]")
  size <- ifelse(is.na(x$n_effective), "-", format_count(floor(x$n_effective + 1e-9)))
  lines <- format_columns(list(
    c("", x$label), c("estimate", format_value(x$estimate, percent)),
    c(paste(format_level(x$conf.level[1]), "CI"), bounds),
    c("labels", format_count(x$n_true)), c("effective", size),
    if (!is.null(x$p.value)) c("p", ifelse(is.na(x$p.value), "-",
                                           sub("^p (= )?", "", format_p(x$p.value)))),
    if (!is.null(x$difference)) c(paste("less", x$label[1]), format_separate(x, percent)),
    if (!is.null(x$difference)) c("p of that", ifelse(
      is.na(x$difference.p.value), "", sub("^p (= )?", "", format_p(x$difference.p.value))
    )),
    c("method", x$method)
  ), left = c("", "method"))
  truth <- attr(x, "truth")
  mu <- attr(x, "mu")
  c(lines, if (!is.null(truth)) paste("Truth:", format_value(truth, percent)),
    if (!is.null(mu)) {
      c(paste0("p: of the mean being ", format_value(mu, percent), ", each on its own."),
        if (is.null(x$difference)) {
          paste("Differences are not tested: the estimates may be of the same rows, and their",
                "covariance is not known. estimate_difference() knows it; separate = TRUE says",
                "that no rows are shared.")
        })
    })
}

format_separate <- function(x, percent) {
  shown <- function(v) format_value(v, percent)
  ifelse(is.na(x$difference), "", paste0(shown(x$difference), " [", shown(x$difference.low), ", ",
                                         shown(x$difference.high), "]"))
}

#' @export
print.judicious_comparison <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}
