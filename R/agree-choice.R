# Agreement of two columns of forced choices.

#' Share of items with the same label
#'
#' The hit rate (accuracy, percent agreement) of a judge against human labels.
#'
#' @section Formula:
#' \eqn{\frac{1}{n} \sum_i 1\{h_i = j_i\}}{mean(h == j)} over the items with both labels.
#'
#' @section Assumptions:
#' Each item has one right label. Where several answers are reasonable, the hit rate measures how a
#' rater breaks ties, and picks poor judges (Guerdan et al. 2025): prefer response sets and
#' [agree_mse()].
#'
#' @param human,judge (factor, character, numeric or logical vectors) The labels of the same items,
#'   in the same order. Items where either is `NA` are left out, with a message.
#' @param ... Not used; all further arguments must be named.
#' @param conf_level Confidence level of an interval, strictly between 0 and 1, or `NULL` for none.
#' @param n_boot Number of bootstrap resamples of the items, if there is to be an interval.
#' @param threads Number of threads; `NULL` takes `getOption("judicious.threads", 1L)`. The result
#'   does not depend on it.
#' @return A number in \[0, 1\], higher is better; with `conf_level` a one-row data frame of class
#'   [`judicious_agreement`][judicious_agreement].
#' @section Errors:
#' `judicious_error_type`, `judicious_error_length`, `judicious_error_items` (no item has both
#' labels), `judicious_error_shape` (a long table, ids or counts where one column per rater is
#' meant) and others name the argument at fault.
#' @section Warnings:
#' `judicious_warning_alike` (labels that differ only in case, blanks or rounding),
#' `judicious_warning_disjoint` (no label in common), `judicious_warning_alphabetical` (unordered
#' levels in alphabetical order taken as a scale), `judicious_warning_no_interval` and
#' `judicious_warning_few_resamples`, see [judicious_agreement].
#' @references
#' Guerdan, L. et al. (2025). Validating LLM-as-a-judge systems under rating indeterminacy.
#' *NeurIPS 2025*, arXiv:2503.05965.
#' @examples
#' human <- c("yes", "no", "yes", "yes", "no", NA)
#' judge <- c("yes", "no", "no", "yes", "no", "no")
#' agree_hit_rate(human, judge)
#' set.seed(1)
#' agree_hit_rate(human, judge, conf_level = 0.9)
#' @family agreement
#' @export
agree_hit_rate <- function(human, judge, ..., conf_level = NULL, n_boot = 2000L, threads = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  boot <- boot_settings(conf_level, n_boot, threads)
  pairs <- label_pairs(human, judge, call)
  agreement_mean("Hit rate", hit_scores_cpp(pairs$human, pairs$judge), boot, pairs$n_missing, call,
                 rate = TRUE)
}

#' Cohen's kappa, also weighted
#'
#' Agreement of two raters beyond what their shares of labels would give by chance.
#'
#' @section Formula:
#' \deqn{\kappa = 1 - \frac{\sum_{ab} v_{ab} o_{ab}}{\sum_{ab} v_{ab} r_a c_b}}{
#'   kappa = 1 - sum(v o) / sum(v r c)}
#' with the share \eqn{o_{ab}}{o[a, b]} of items the human gives label \eqn{a} and the judge label
#' \eqn{b}, its margins \eqn{r} and \eqn{c}, and disagreement \eqn{v_{ab}}{v[a, b]}: 1 for any
#' two different labels (unweighted; Cohen 1960), \eqn{|x_a - x_b|} (linear) or
#' \eqn{(x_a - x_b)^2} (quadratic; Cohen 1968). \eqn{x} are the labels themselves if they are
#' numbers, so that a scale point nobody used still counts, else the positions of the factor levels.
#'
#' @section Undefined when:
#' Both raters give all items one and the same label: the result is `NA`, with a warning of class
#' `judicious_warning_undefined`.
#'
#' @inheritParams agree_hit_rate
#' @param weights `"unweighted"`, `"linear"` or `"quadratic"`. Weighted kappa needs labels with an
#'   order: numbers, or factors with the same levels.
#' @return A number at most 1 (perfect), 0 at chance level, possibly negative; higher is better.
#'   With `conf_level` a one-row data frame of class [`judicious_agreement`][judicious_agreement].
#' @inheritSection agree_hit_rate Assumptions
#' @inheritSection agree_hit_rate Errors
#' @references
#' Cohen, J. (1960). A coefficient of agreement for nominal scales. *Educational and Psychological
#' Measurement*, 20(1), 37-46.
#'
#' Cohen, J. (1968). Weighted kappa. *Psychological Bulletin*, 70(4), 213-220.
#'
#' Guerdan, L. et al. (2025). Validating LLM-as-a-judge systems under rating indeterminacy.
#' *NeurIPS 2025*, arXiv:2503.05965.
#' @examples
#' human <- c(1, 2, 3, 4, 5, 3, 2, 4)
#' judge <- c(1, 2, 4, 4, 4, 3, 1, 5)
#' agree_cohen_kappa(human, judge)
#' agree_cohen_kappa(human, judge, weights = "quadratic")
#' @family agreement
#' @export
agree_cohen_kappa <- function(human, judge, ..., weights = c("unweighted", "linear", "quadratic"),
                              conf_level = NULL, n_boot = 2000L, threads = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  weights <- match_choice(weights)
  boot <- boot_settings(conf_level, n_boot, threads)
  pairs <- label_pairs(human, judge, call)
  if (weights != "unweighted") check_order(pairs, "human", "Weighted kappa", call)
  title <- paste0("Cohen's kappa", if (weights != "unweighted") paste0(" (", weights, ")"))
  compute <- function(...) {
    cohen_kappa_cpp(pairs$human, pairs$judge, pairs$values, weights, ...)
  }
  agreement_value(title, compute, boot, pairs$n_missing,
                  "both raters give all items one and the same label", call)
}

check_order <- function(labels, arg, what, call) {
  if (labels$has_order) {
    if (!is.null(labels$scale)) warn_alphabetical(labels$scale, arg, what, call)
    return(invisible())
  }
  abort_judicious(
    c("{what} needs labels with an order.",
      x = "These are names without one.",
      i = "Give numbers, or factors with the same levels in the order of the scale."),
    "order", arg = arg, call = call
  )
}
