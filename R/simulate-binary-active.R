#' Simulate binary labels with the judge's uncertainty
#'
#' Like [simulate_binary()] with one judge, with items of different difficulty and the uncertainty a
#' perfectly calibrated judge would state: what [sample_active()] needs.
#'
#' @inheritParams simulate_binary
#' @param proxy_mean,correlation (number) Mean of the judge, strictly between 0 and 1, and its
#'   correlation with the true label.
#' @returns A data frame with `n` rows and columns `y_true`, `y_proxy` (integer) and `uncertainty`
#'   (double): the square root of the probability that the judge is wrong on this item.
#' @section Formula:
#' The judge's answer is drawn first, then the item's own error probability \eqn{e} given the
#' answer, then the true label, which differs from the answer with probability \eqn{e};
#' `uncertainty` is \eqn{\sqrt{e}}{sqrt(e)}. The means and the correlation fix the mean error given
#' the answer, \eqn{m}; then \eqn{e = m/10 + (1 - m/10) B} with a beta variable \eqn{B} whose two
#' shapes sum to 4 and whose mean makes \eqn{E(e) = m}: most items are easy, some are close to a
#' coin flip, and none is certain. Means and correlation are those of the distribution, exactly; the
#' feasible range of the correlation is that of [simulate_binary()].
#' @section Assumptions:
#' Rows are independent. The uncertainty is an oracle's: real judges are less well calibrated. At
#' the ends of the feasible correlations a judge can be always right (or always wrong) when it gives
#' one of its answers; `uncertainty` is then 0 (or 1).
#' @inheritSection simulate_binary Errors
#' @inheritSection simulate_binary Randomness
#' @inherit simulate_binary references
#' @examples
#' set.seed(1)
#' items <- simulate_binary_active(2000, true_mean = 0.1, proxy_mean = 0.05, correlation = 0.55)
#' head(items)
#' mean(items$uncertainty^2) # the share of wrong answers
#' mean(items$y_true != items$y_proxy)
#' @family simulators
#' @export
simulate_binary_active <- function(n, true_mean, proxy_mean, correlation, threads = NULL) {
  n <- check_size(n)
  true_mean <- check_number(true_mean, 0, 1, open = TRUE)
  proxy_mean <- check_number(proxy_mean, 0, 1, open = TRUE)
  correlation <- check_number(correlation, -1, 1)
  check_feasible(true_mean, proxy_mean, correlation, per = "judge")
  check_simulation_memory(n, 1)
  threads <- check_threads(threads)
  out <- simulate_binary_active_cpp(n, true_mean, proxy_mean, correlation, threads)
  new_simulation(out$labels, uncertainty = out$uncertainty)
}
