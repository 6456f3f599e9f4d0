# How far a judge's distribution over options is from the human one.

#' Divergence of forced-choice distributions
#'
#' @description
#' How far the distribution of a judge's forced choices over the options is from that of the human
#' ones, in nats, averaged over items: Kullback-Leibler divergence and cross-entropy in either
#' direction, and the symmetric Jensen-Shannon divergence and its root, the Jensen-Shannon distance.
#'
#' @section Formula:
#' For one item with probabilities \eqn{p} and \eqn{q} over the options,
#' \deqn{KL(p \| q) = \sum_k p_k \log \frac{p_k}{q_k}, \quad
#'   CE(p, q) = -\sum_k p_k \log q_k, \quad
#'   JS = \tfrac12 KL(p \| \tfrac{p + q}{2}) + \tfrac12 KL(q \| \tfrac{p + q}{2})}{
#'   KL(p, q) = sum(p log(p / q)), CE(p, q) = -sum(p log(q)),
#'   JS = KL(p, (p + q) / 2) / 2 + KL(q, (p + q) / 2) / 2}
#' with \eqn{0 \log 0 = 0}. `direction = "human_judge"` has \eqn{p} human and \eqn{q} judge. The
#' distance is \eqn{\sqrt{JS}}{sqrt(JS)} of every item, then averaged: not the root of the average
#' divergence, and judges may rank differently by it. Some programs call the distance a divergence.
#'
#' @section Zero cells:
#' Where \eqn{p} uses an option and \eqn{q} never does, KL and CE are infinite: the result is `Inf`,
#' with a warning of class `judicious_warning_infinite`. Nothing is clipped. With few ratings per
#' item a zero is mostly an accident of sampling: give counts and `smooth = 0.5`, which adds half a
#' rating to every option (Jeffreys' prior), or use the Jensen-Shannon divergence, which is always
#' finite.
#'
#' @inheritParams agree_hit_rate
#' @param human,judge (numeric matrices) One row per item and one column per option, probabilities
#'   whose rows sum to 1 or counts of ratings; a vector is one item. Columns are matched by name if
#'   both have names. Items with a missing number are left out, with a message.
#' @param direction `"human_judge"` for KL(human || judge) and CE(human, judge), `"judge_human"` for
#'   the other way round.
#' @param smooth A number from 0 added to every entry before rows are divided by their sum: in
#'   ratings for counts, in probability for probabilities.
#' @return A number from 0, lower is better, 0 for equal distributions (cross-entropy: the entropy
#'   of the first); the divergence is at most log 2 = 0.693, the distance at most 0.833. With
#'   `conf_level` a one-row data frame of class [`judicious_agreement`][judicious_agreement].
#' @section Assumptions:
#' Judge and human break ties between reasonable options in the same way; else response sets and
#' [agree_mse()] rank judges better.
#' @section Errors:
#' `judicious_error_distribution` if a row is neither probabilities nor counts,
#' `judicious_error_options`, `judicious_error_length`, `judicious_error_range`,
#' `judicious_error_type` name the argument at fault.
#' @references
#' Lin, J. (1991). Divergence measures based on the Shannon entropy. *IEEE Transactions on
#' Information Theory*, 37(1), 145-151.
#'
#' Endres, D. M. and Schindelin, J. E. (2003). A new metric for probability distributions. *IEEE
#' Transactions on Information Theory*, 49(7), 1858-1860.
#' @examples
#' human <- rbind(c(yes = 4, no = 1), c(2, 3), c(0, 5))
#' judge <- rbind(c(yes = 5, no = 0), c(3, 2), c(1, 4))
#' agree_js_divergence(human, judge)
#' agree_js_distance(human, judge)
#' agree_kl(human, judge, smooth = 0.5)
#' agree_cross_entropy(human, judge, direction = "judge_human", smooth = 0.5)
#' @name agree_divergence
#' @family agreement
NULL

#' @rdname agree_divergence
#' @export
agree_kl <- function(human, judge, ..., direction = c("human_judge", "judge_human"), smooth = 0,
                     conf_level = NULL, n_boot = 2000L, threads = NULL) {
  check_dots(...)
  direction <- match_choice(direction)
  agree_divergence("kl", "KL divergence", human, judge, direction, smooth,
                   boot_settings(conf_level, n_boot, threads), rlang::current_env())
}

#' @rdname agree_divergence
#' @export
agree_cross_entropy <- function(human, judge, ..., direction = c("human_judge", "judge_human"),
                                smooth = 0, conf_level = NULL, n_boot = 2000L, threads = NULL) {
  check_dots(...)
  direction <- match_choice(direction)
  agree_divergence("cross_entropy", "Cross-entropy", human, judge, direction, smooth,
                   boot_settings(conf_level, n_boot, threads), rlang::current_env())
}

#' @rdname agree_divergence
#' @export
agree_js_divergence <- function(human, judge, ..., smooth = 0, conf_level = NULL, n_boot = 2000L,
                                threads = NULL) {
  check_dots(...)
  agree_divergence("js_divergence", "Jensen-Shannon divergence", human, judge, NULL, smooth,
                   boot_settings(conf_level, n_boot, threads), rlang::current_env())
}

#' @rdname agree_divergence
#' @export
agree_js_distance <- function(human, judge, ..., smooth = 0, conf_level = NULL, n_boot = 2000L,
                              threads = NULL) {
  check_dots(...)
  agree_divergence("js_distance", "Jensen-Shannon distance", human, judge, NULL, smooth,
                   boot_settings(conf_level, n_boot, threads), rlang::current_env())
}

agree_divergence <- function(kind, title, human, judge, direction, smooth, boot, call) {
  smooth <- check_number(smooth, 0, 1e15, call = call)
  data <- paired_matrices(human, judge, check_distributions, call)
  sides <- data[c("human", "judge")]
  if (identical(direction, "judge_human")) sides <- rev(sides)
  if (!is.null(direction)) title <- paste0(title, " (", sub("_", " to ", direction), ")")
  scores <- divergence_scores_cpp(kind, sides[[1]], sides[[2]], smooth)
  warn_infinite(scores, title, call)
  agreement_mean(title, scores, boot, data$n_missing, call)
}

warn_infinite <- function(scores, title, call) {
  n <- sum(is.infinite(scores))
  if (n == 0L) return(invisible())
  warn_judicious(
    c("{title} is infinite: in {n} of {length(scores)} item{?s} one side uses an option that the
       other never does.",
      i = "Give counts and {.code smooth = 0.5}, or use {.fn agree_js_divergence}."),
    "infinite", metric = title, n_infinite = n, call = call
  )
}
