#' Curves of confidence against the truth
#'
#' @description `roc_points()`: how many wrong labels are let through for how many right ones,
#'   threshold by threshold. `completion_curve()`: how good the accepted labels are when those
#'   below a threshold are left to humans; the plot to choose a threshold from.
#'   `reliability_curve()`: how often labels of a given confidence are right.
#'
#' A label is kept when its confidence is at least the threshold (`>=`), everywhere in this package.
#'
#' @section Formula:
#' At threshold \eqn{t}, `n_kept` labels have confidence \eqn{\ge t} and `n_correct` of them are
#' right.
#'
#' - `roc_points()`: `tpr` = share of the right labels that are kept, `fpr` = share of the wrong
#'   labels that are kept. The first row, threshold `Inf`, keeps nothing.
#' - `completion_curve()`: `completion` = `n_kept` / number of labels with known truth, where labels
#'   without a confidence count and are never kept; `quality` = `n_correct / n_kept`, with
#'   its Clopper-Pearson interval.
#' - `reliability_curve()`: per bin, `accuracy` = `n_correct / n` with its Clopper-Pearson interval,
#'   against `mean_confidence`.
#'
#' @section Assumptions:
#' Intervals are pointwise: each holds for a threshold fixed beforehand. For a threshold chosen by
#' looking at the curve use [choose_threshold()].
#'
#' @section Undefined when: Rows with unknown truth are left out. If all labels are right, or all
#'   are wrong, `fpr` or `tpr` is `NA`, with a warning of class `judicious_warning_one_class`. A
#'   threshold that keeps nothing has quality `NA`. Empty bins are left out.
#'
#' @inheritParams confidence_quality
#' @param thin (flag) Leave out points on a straight line between their neighbours?
#' @param thresholds (numeric vector) Thresholds to look at, for every group. `NULL`: every distinct
#'   confidence.
#' @param max_points (count) At most so many thresholds per group, evenly spread over the ranks, the
#'   first and the last among them; `Inf`: all.
#' @param bins `"width"`: bins of equal width over \[0, 1\]; `"mass"`: bins of equal numbers of
#'   labels, where equal confidences stay together.
#' @param conf_level (number) Confidence level of the pointwise intervals.
#' @returns A [data frame][judicious_confidence_table] with the columns of `by`, followed by
#'   - `roc_points()` (class `judicious_roc`): `threshold`, `fpr`, `tpr`, `n_kept`, `n_correct`;
#'   - `completion_curve()` (class `judicious_completion`): `threshold`, `completion`, `quality`,
#'     `conf_low`, `conf_high`, `n_kept`, `n_correct`, thresholds descending;
#'   - `reliability_curve()` (class `judicious_reliability`): `bin`, `low`, `high` (of bins of equal
#'     width their edges, else the smallest and largest confidence), `n`, `n_correct`,
#'     `mean_confidence`, `accuracy`, `conf_low`, `conf_high`, bins ascending.
#' @section Errors:
#' As [confidence_quality()]; `reliability_curve()` also `judicious_error_range` for confidences
#' outside \[0, 1\].
#' @references
#' Geifman, Y. and El-Yaniv, R. (2017). Selective classification for deep neural networks. *NeurIPS
#' 2017*, arXiv:1705.08500 (risk and coverage).
#'
#' Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in
#' the case of the binomial. *Biometrika*, 26(4), 404-413.
#' @examples
#' set.seed(1)
#' confidence <- rbeta(500, 4, 1)
#' correct <- runif(500) < confidence
#' roc_points(confidence, correct)
#' completion_curve(confidence, correct)
#' reliability_curve(confidence, correct)
#' ggplot2::autoplot(completion_curve(confidence, correct), target = 0.9)
#' @name confidence_curves
#' @family label confidence
NULL

#' @rdname confidence_curves
#' @export
roc_points <- function(confidence, correct, by = NULL, data = NULL, thin = FALSE) {
  call <- rlang::current_env()
  thin <- check_flag(thin)
  scored <- scored_groups(rlang::enquo(confidence), rlang::enquo(correct), rlang::enquo(by), data,
                          call)
  table <- bind_groups(scored, function(group) roc_rows(group, thin))
  one_class <- vapply(scored$groups, function(group) {
    length(unique(group$correct[usable(group)])) < 2L
  }, NA)
  warn_groups(one_class, scored$keys, "The ROC curve is undefined: it needs right and wrong labels",
              "one_class", call)
  area <- vapply(scored$groups, function(group) {
    confidence_quality_cpp(group$score, group$correct, 1L, TRUE, FALSE)$auroc
  }, 0)
  new_confidence_table(table, "judicious_roc", names(scored$keys), auroc = area)
}

roc_rows <- function(group, thin) {
  x <- roc_points_cpp(group$score, group$correct)
  keep <- !thin | x$corner == 1
  n_right <- x$n_correct[length(x$n)]
  n_wrong <- x$n[length(x$n)] - n_right
  n <- c(0, x$n[keep])
  k <- c(0, x$n_correct[keep])
  share <- function(k, n) if (isTRUE(n > 0)) k / n else rep(NA_real_, length(k))
  list(threshold = c(Inf, x$threshold[keep]), fpr = share(n - k, n_wrong), tpr = share(k, n_right),
       n_kept = n, n_correct = k)
}

#' @rdname confidence_curves
#' @export
completion_curve <- function(confidence, correct, by = NULL, data = NULL, thresholds = NULL,
                             max_points = 1000, conf_level = 0.95) {
  call <- rlang::current_env()
  conf_level <- check_conf_level(conf_level)
  if (!is.null(thresholds)) {
    thresholds <- sort(unique(check_numeric_vector(thresholds)), decreasing = TRUE)
  }
  if (!identical(max_points, Inf)) max_points <- check_count(max_points, lower = 2)
  scored <- scored_groups(rlang::enquo(confidence), rlang::enquo(correct), rlang::enquo(by), data,
                          call)
  table <- bind_groups(scored, function(group) {
    completion_rows(group, thresholds, max_points, conf_level)
  })
  new_confidence_table(table, "judicious_completion", names(scored$keys), conf_level = conf_level)
}

completion_rows <- function(group, thresholds, max_points, conf_level) {
  kept <- kept_labels_cpp(group$score, group$correct)
  n_items <- sum(!is.na(group$correct))
  n_steps <- length(kept$threshold)
  at <- if (!is.null(thresholds)) {
    findInterval(-thresholds, -kept$threshold)
  } else if (n_steps > max_points) {
    unique(round(seq(1, n_steps, length.out = max_points)))
  } else {
    seq_len(n_steps)
  }
  n <- c(0, kept$n)[at + 1L]
  k <- c(0, kept$n_correct)[at + 1L]
  quality <- exact_share(k, n, conf_level)
  list(threshold = thresholds %||% kept$threshold[at], completion = n / n_items,
       quality = quality$share, conf_low = quality$low, conf_high = quality$high, n_kept = n,
       n_correct = k)
}

#' @rdname confidence_curves
#' @export
reliability_curve <- function(confidence, correct, by = NULL, data = NULL, n_bins = 10L,
                              bins = c("width", "mass"), closed = c("right", "left"),
                              conf_level = 0.95) {
  call <- rlang::current_env()
  n_bins <- check_count(n_bins, upper = 1e6)
  bins <- check_choice(if (missing(bins)) "width" else bins, c("width", "mass"), arg = "bins")
  closed <- check_choice(if (missing(closed)) "right" else closed, c("right", "left"),
                         arg = "closed")
  conf_level <- check_conf_level(conf_level)
  scored <- scored_groups(rlang::enquo(confidence), rlang::enquo(correct), rlang::enquo(by), data,
                          call)
  for (group in scored$groups) check_probability(group$score, "confidence", call)
  table <- bind_groups(scored, function(group) {
    reliability_rows(group, n_bins, bins == "mass", closed == "right", conf_level)
  })
  new_confidence_table(table, "judicious_reliability", names(scored$keys), conf_level = conf_level)
}

reliability_rows <- function(group, n_bins, equal_mass, right_closed, conf_level) {
  x <- reliability_bins_cpp(group$score, group$correct, n_bins, equal_mass, right_closed)
  accuracy <- exact_share(x$n_correct, x$n, conf_level)
  c(x, list(accuracy = accuracy$share, conf_low = accuracy$low, conf_high = accuracy$high))
}
