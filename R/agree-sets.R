# Agreement on response sets.

#' Is the judge's choice among the reasonable ones?
#'
#' The share of items in which the judge's forced choice is in the human response set: the options
#' that more than a share `tau` of the raters find reasonable.
#'
#' @section Formula:
#' \eqn{\frac{1}{n} \sum_i 1\{\omega_{i j_i} > \tau\}}{mean(omega[i, j[i]] > tau)} with the share
#' \eqn{\omega_{ik}}{omega[i, k]} of raters whose response set holds option \eqn{k}. A share equal
#' to `tau` (up to rounding) does not exceed it, as everywhere in this package.
#'
#' @inheritParams agree_hit_rate
#' @param human (numeric or logical matrix) One row per item and one column per option: the
#'   probability in \[0, 1\] that the option is in a rater's response set, or `TRUE` / `FALSE`.
#' @param judge (vector) The judge's choice for every item: names of the columns of `human`, or
#'   their positions if the columns have no names. Items with a missing value are left out, with a
#'   message.
#' @param tau Threshold in \[0, 1); does not matter if `human` holds sets of one rater.
#' @return A number in \[0, 1\], higher is better; with `conf_level` a one-row data frame of class
#'   [`judicious_agreement`][judicious_agreement].
#' @section Assumptions:
#' None beyond human response sets that say what is reasonable. A judge that always picks a safe
#' option covers everything and may still be useless for a decision with a threshold.
#' @inheritSection agree_hit_rate Errors
#' @inherit agree_hit_rate references
#' @examples
#' human <- rbind(c(yes = 1, no = 0.4), c(0.6, 0.8), c(0.1, 1))
#' agree_coverage(human, c("yes", "yes", "yes"))
#' @family agreement
#' @export
agree_coverage <- function(human, judge, ..., tau = 0.5, conf_level = NULL, n_boot = 2000L,
                           threads = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  tau <- check_tau(tau, call = call)
  boot <- boot_settings(conf_level, n_boot, threads)
  human <- as_option_matrix(human, "human", call)
  choices <- match_choices(judge, human, call)
  check_same_items(nrow(human), length(choices), call)
  keep <- stats::complete.cases(human) & !is.na(choices)
  n_missing <- leave_out(keep, "a human set and a choice of the judge", call)
  shares <- turn(check_shares(human, keep, "human", call), keep)
  agreement_mean("Coverage", coverage_scores_cpp(shares, choices[keep], tau), boot, n_missing,
                 call, rate = TRUE)
}

# The judge's choices as column numbers.
match_choices <- function(judge, human, call) {
  check_label_vector(judge, "judge", call)
  options <- colnames(human) %||% as.character(seq_len(ncol(human)))
  choices <- match(as.character(judge), options)
  bad <- which(is.na(choices) & !is.na(judge))
  if (length(bad) > 0L) {
    abort_judicious(
      c("{.arg judge} must name columns of {.arg human}: {.or {.val {options}}}.",
        x = "Element {bad[1]} is {.val {judge[bad[1]]}}."),
      "options", arg = "judge", where = bad, call = call
    )
  }
  choices
}

#' Mean squared difference of ratings
#'
#' The squared difference of two raters' vectors over the options, summed over options and averaged
#' over items. On response sets this is the metric to choose judges by: it compares what every
#' decision with a threshold is computed from, and does not depend on how raters break ties.
#'
#' @section Formula:
#' \eqn{\frac{1}{n} \sum_i \sum_k (\omega^J_{ik} - \omega^H_{ik})^2}{
#'   mean over i of sum over k of (omegaJ[i, k] - omegaH[i, k])^2}: a sum over options, not a mean.
#' With hard labels the vectors are 1 at the label and 0 elsewhere, and the result is twice the
#' share of items with different labels.
#'
#' @inheritParams agree_hit_rate
#' @param human,judge Soft: numeric matrices in \[0, 1\] with one row per item and one column per
#'   option, the probability that the option is in a response set, or that it is chosen. Hard:
#'   logical or 0/1 matrices of response sets, or labels as factor, strings or `TRUE` / `FALSE`.
#'   Columns are matched by name if both have names. Items with a missing value are left out, with a
#'   message.
#' @return A number from 0 to the number of options, lower is better; with `conf_level` a one-row
#'   data frame of class [`judicious_agreement`][judicious_agreement].
#' @section Assumptions:
#' None; but squares add the noise of both sides, so judges compared with each other should have the
#' same number of ratings per item.
#' @inheritSection agree_hit_rate Errors
#' @inherit agree_hit_rate references
#' @examples
#' human <- rbind(c(yes = 1, no = 0.4), c(0.6, 0.8), c(0.1, 1))
#' judge <- rbind(c(yes = 0.8, no = 0.4), c(0.6, 0.5), c(0.5, 1))
#' agree_mse(human, judge)
#' agree_mse(c("a", "b", "b"), c("a", "b", "a"))
#' @family agreement
#' @export
agree_mse <- function(human, judge, ..., conf_level = NULL, n_boot = 2000L, threads = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  boot <- boot_settings(conf_level, n_boot, threads)
  if (is_label_vector(human) && is_label_vector(judge)) {
    pairs <- label_pairs(human, judge, call)
    scores <- label_distance_scores_cpp(pairs$human, pairs$judge)
    return(agreement_mean("MSE (labels)", scores, boot, pairs$n_missing, call))
  }
  check_is_table(human, "human", call)
  check_is_table(judge, "judge", call)
  data <- paired_matrices(human, judge, check_shares, call)
  scores <- squared_distance_scores_cpp(data$human, data$judge)
  agreement_mean("MSE", scores, boot, data$n_missing, call)
}

is_label_vector <- function(x) {
  is.null(dim(x)) && (is.factor(x) || is.character(x) || is.logical(x))
}

# A plain vector of numbers might be labels or probabilities.
check_is_table <- function(x, arg, call) {
  if (is.matrix(x) || is.data.frame(x)) return(invisible())
  abort_judicious(
    c("{.arg {arg}} must be a matrix with one row per item and one column per option, or both sides
       must be labels.",
      x = "It is {.obj_type_friendly {x}}.",
      i = "Labels that are numbers: turn them into a factor."),
    "type", arg = arg, call = call
  )
}
