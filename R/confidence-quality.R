#' How good are confidences?
#'
#' @description A confidence is useful when right labels have higher ones than wrong labels (AUROC,
#'   AURC), and can be read as a probability when 80% of the labels with confidence 0.8 are right
#'   (Brier score, log loss, calibration error).
#'
#' @section Formula:
#' With confidence \eqn{c_i} and \eqn{y_i} = 1 if label \eqn{i} is right, else 0:
#'
#' - `auroc`: \eqn{P(c > c') + P(c = c') / 2} for a right label's \eqn{c} and a wrong label's
#'   \eqn{c'}; 0.5 is no information, 1 perfect. `auroc_low`, `auroc_high`: the normal interval with
#'   DeLong's standard error, within \[0, 1\].
#' - `aurc`: the mean, over all completion rates \eqn{k / n}, of the share of wrong labels among the
#'   \eqn{k} most confident ones; lower is better. Ties are in random order; their expectation is
#'   used.
#' - `brier`: \eqn{\sum (c_i - y_i)^2 / n}. `log_loss`: \eqn{-\sum \log P_i / n}, where \eqn{P_i} is
#'   \eqn{c_i} for a right and \eqn{1 - c_i} for a wrong label, natural logarithm; infinite if a
#'   label was certain and wrong.
#' - `ece`, `mce`: mean (weighted by the number of labels) and largest absolute difference between
#'   the mean confidence and the accuracy of bins of equal width; `ece_mass`, `mce_mass`: of bins of
#'   equal numbers of labels, where equal confidences stay together. Both are above 0 for perfectly
#'   calibrated confidences too, the more so the fewer labels a bin holds.
#'
#' @section Assumptions:
#' The intervals take the labels as independent. With `by`, groups are measured apart; intervals are
#' not adjusted for their number.
#'
#' @section Undefined when: Rows whose confidence or truth is missing are left out and counted in
#'   `n_missing`. If all labels are right, or all are wrong, AUROC is `NA`, with a warning of class
#'   `judicious_warning_one_class`. Its interval needs two of each and some overlap: where right
#'   and wrong labels are separated perfectly DeLong's standard error is 0, which says nothing of
#'   the next label, and the interval is `NA`, with a warning of class
#'   `judicious_warning_degenerate`. Scores outside \[0, 1\] are no probabilities: what compares
#'   them with accuracies is `NA`, with a warning of class `judicious_warning_not_probability`. A
#'   group without any usable row has `n` = 0 and `NA`.
#'
#' @param confidence (numeric vector) How sure the judge is of each label: any number, larger =
#'   surer; the calibration measures need \[0, 1\]. Missing values are allowed. A matrix or data
#'   frame with named columns compares several methods, told apart by a column `method` in the
#'   result.
#' @param correct (logical or 0/1 vector) Is the label right, that is, equal to the human one? `NA`
#'   where nobody knows. With several methods also a table with as many columns.
#' @param by (vector or data frame) Groups to measure apart: the judge, the method, the language.
#' @param data (data frame) Where `confidence`, `correct` and `by` are looked up first. Without it
#'   they are plain vectors, so that the function works inside dplyr verbs too.
#' @param n_bins (count) Number of bins of the calibration errors.
#' @param closed `"right"`: bins \eqn{(k / B, (k + 1) / B]}, 0 in the first; `"left"`: bins
#'   \eqn{[k / B, (k + 1) / B)}, 1 in the last.
#' @param conf_level (number) Confidence level of the intervals of AUROC and accuracy
#'   (Clopper-Pearson).
#' @returns A data frame of class [`judicious_quality`][judicious_confidence_table], one row per
#'   group and the columns of `by` followed by `n`, `n_missing`, `accuracy`, `accuracy_low`,
#'   `accuracy_high`, `mean_confidence`, `auroc`, `auroc_low`, `auroc_high`, `aurc`, `brier`,
#'   `log_loss`, `ece`, `mce`, `ece_mass`, `mce_mass`.
#' @section Errors:
#' `judicious_error_type`, `judicious_error_length`, `judicious_error_range` (a `correct` that is
#' neither 0 nor 1), `judicious_error_missing_id` (a missing `by`), `judicious_error_choice`,
#' `judicious_error_column` (not found in `data`), `judicious_error_required` (an argument that was
#' not given).
#' @references
#' DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). Comparing the areas under two or
#' more correlated receiver operating characteristic curves. *Biometrics*, 44(3), 837-845, eqs. 1, 4
#' and 5.
#'
#' Geifman, Y., Uziel, G. and El-Yaniv, R. (2019). Bias-reduced uncertainty estimation for deep
#' neural classifiers. *ICLR 2019*, arXiv:1805.08206 (AURC).
#'
#' Naeini, M. P., Cooper, G. F. and Hauskrecht, M. (2015). Obtaining well calibrated probabilities
#' using Bayesian binning. *AAAI 2015* (ECE and MCE).
#' @examples
#' set.seed(1)
#' p <- rbeta(500, 4, 1)
#' judged <- data.frame(
#'   correct = runif(500) < p, token = p, stated = round(p^0.3, 1),
#'   language = rep(c("de", "en"), 250)
#' )
#' confidence_quality(token, correct, data = judged)
#' confidence_quality(judged[c("token", "stated")], judged$correct)
#' confidence_quality(token, correct, by = language, data = judged)
#' @family label confidence
#' @export
confidence_quality <- function(confidence, correct, by = NULL, data = NULL, n_bins = 10L,
                               closed = c("right", "left"), conf_level = 0.95) {
  call <- rlang::current_env()
  n_bins <- check_count(n_bins, upper = 1e6)
  closed <- check_choice(if (missing(closed)) "right" else closed, c("right", "left"),
                         arg = "closed")
  conf_level <- check_conf_level(conf_level)
  scored <- scored_groups(rlang::enquo(confidence), rlang::enquo(correct), rlang::enquo(by), data,
                          call)
  table <- bind_groups(scored, function(group) {
    quality_row(group, n_bins, closed == "right", conf_level)
  })
  warn_quality(table, scored$keys, call)
  table$auroc_std_error <- table$is_probability <- NULL
  new_confidence_table(table, "judicious_quality", names(scored$keys), conf_level = conf_level,
                       n_bins = n_bins)
}

quality_row <- function(group, n_bins, right_closed, conf_level) {
  probability <- is_probability(group$score)
  x <- confidence_quality_cpp(group$score, group$correct, n_bins, right_closed, probability)
  accuracy <- exact_share(x$n_correct, x$n, conf_level)
  spread <- stats::qnorm(0.5 + conf_level / 2) * x$auroc_std_error
  if (is.na(spread) || spread == 0) spread <- NA_real_
  list(
    n = x$n, n_missing = length(group$score) - x$n, accuracy = accuracy$share,
    accuracy_low = accuracy$low, accuracy_high = accuracy$high,
    mean_confidence = x$mean_confidence, auroc = x$auroc,
    auroc_low = max(x$auroc - spread, 0), auroc_high = min(x$auroc + spread, 1), aurc = x$aurc,
    brier = x$brier, log_loss = x$log_loss, ece = x$ece, mce = x$mce, ece_mass = x$ece_mass,
    mce_mass = x$mce_mass, auroc_std_error = x$auroc_std_error, is_probability = probability
  )
}

# Shares with their exact intervals; NA where there is nothing to share.
exact_share <- function(k, n, conf_level) {
  bounds <- clopper_pearson_cpp(k, n, conf_level)
  none <- n == 0
  list(share = ifelse(none, NA_real_, k / n), low = replace(bounds$low, none, NA),
       high = replace(bounds$high, none, NA))
}

warn_quality <- function(table, keys, call) {
  warn_groups(
    is.na(table$auroc), keys,
    c("AUROC is undefined: it needs a right and a wrong label",
      i = "With labels of one kind only there is nothing to tell apart."),
    "one_class", call
  )
  warn_groups(
    !is.na(table$auroc) & is.na(table$auroc_low), keys,
    c("The interval of AUROC is undefined",
      i = "DeLong's standard error needs two right and two wrong labels, and some overlap."),
    "degenerate", call
  )
  warn_groups(
    !table$is_probability & table$n > 0, keys,
    c("Scores outside [0, 1] are no probabilities: calibration is not measured",
      i = "Turn them into probabilities with {.fn calibrate_confidence}."),
    "not_probability", call
  )
}

# --- result ------------------------------------------------------------------------

#' @rdname judicious_confidence_table
#' @export
format.judicious_quality <- function(x, ...) {
  keys <- table_keys(x)
  bounds <- ifelse(is.na(x$auroc_low), "",
                   paste0("[", format_number(x$auroc_low), ", ", format_number(x$auroc_high), "]"))
  named <- length(keys) > 0L
  columns <- c(
    if (named) list(c("", group_text(keys))),
    list(c("labels", format_count(x$n)), c("accuracy", format_number(x$accuracy)),
         c("AUROC", paste(format_number(x$auroc), bounds)), c("AURC", format_number(x$aurc)),
         c("Brier", format_number(x$brier)), c("log loss", format_number(x$log_loss)),
         c("ECE", format_number(x$ece)), c("MCE", format_number(x$mce)))
  )
  if (!named) columns <- lapply(columns, function(column) formatC(column, width = -1))
  c(
    paste0("Quality of confidences (", format_level(attr(x, "conf_level")),
           " interval of AUROC, ", attr(x, "n_bins"), " bins)"),
    format_columns(columns),
    if (sum(x$n_missing) > 0) {
      paste0("Left out: ", format_count(sum(x$n_missing)), " rows without confidence or truth")
    }
  )
}

quality_terms <- c(
  accuracy = "Accuracy", auroc = "AUROC", aurc = "AURC", brier = "Brier score",
  log_loss = "Log loss", ece = "ECE", mce = "MCE", ece_mass = "ECE, equal mass",
  mce_mass = "MCE, equal mass"
)

#' @rdname judicious_confidence_table
#' @exportS3Method generics::tidy judicious_quality
tidy.judicious_quality <- function(x, ...) {
  check_dots(...)
  keys <- table_keys(x)
  term_rows <- function(term) {
    bound <- function(side) x[[paste0(term, side)]] %||% rep(NA_real_, nrow(x))
    vctrs::vec_cbind(keys, vctrs::data_frame(
      term = term, estimate = x[[term]], conf.low = bound("_low"), conf.high = bound("_high"),
      conf.level = attr(x, "conf_level"), n = x$n
    ))
  }
  rows <- vctrs::vec_rbind(!!!lapply(names(quality_terms), term_rows))
  rows <- vctrs::vec_slice(rows, order(rep(seq_len(nrow(x)), length(quality_terms))))
  result_frame(!!!as.list(rows))
}

#' @rdname judicious_confidence_table
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_quality <- function(object, ...) {
  check_dots(...)
  data <- as.data.frame(tidy(object))
  text <- group_text(data[attr(object, "keys")])
  # In the order of the table, first on top.
  data$group <- factor(text, rev(unique(text)))
  data$panel <- factor(quality_panels[data$term], unique(quality_panels))
  data <- data[!is.na(data$panel) & is.finite(data$estimate), ]
  ggplot2::ggplot(data, ggplot2::aes(.data$estimate, .data$group)) +
    ggplot2::geom_errorbarh(ggplot2::aes(xmin = .data$conf.low, xmax = .data$conf.high),
                            height = 0.2, colour = main_colour,
                            data = data[!is.na(data$conf.low), ]) +
    ggplot2::geom_point(size = 2.6, colour = main_colour) +
    facet_names("panel", nlevels(data$panel), if (is_narrow()) 2L else 3L, "free_x",
                axis_inches(text)) +
    ggplot2::scale_x_continuous(breaks = few_breaks) +
    ggplot2::scale_y_discrete(labels = axis_names) +
    ggplot2::labs(x = NULL, y = NULL, caption = paste0(
      "Accuracy and AUROC: higher is better, with ", format_level(attr(object, "conf_level")),
      " intervals; the others: lower is better"
    )) +
    plot_theme(panel.spacing = ggplot2::unit(2, "lines"),
               # Two rows of panels share the height.
               axis.text.y = ggplot2::element_text(
                 size = row_text_size(1.6 * nlevels(data$group), 9.6)
               ),
               plot.margin = ggplot2::margin(8, 20, 6, 8))
}

quality_panels <- quality_terms[c("accuracy", "auroc", "aurc", "brier", "log_loss", "ece")]
