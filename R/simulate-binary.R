#' Simulate binary labels with judges
#'
#' Independent rows with a 0/1 label whose truth is known everywhere (an oracle), and one or several
#' 0/1 judges with given means and given correlations with the truth.
#'
#' @param n (count) Number of rows.
#' @param true_mean (number) Mean of the true label, strictly between 0 and 1.
#' @param proxy_mean (numeric vector) Mean of each judge, strictly between 0 and 1.
#' @param correlation (numeric vector) Correlation of each judge with the true label, in \[-1, 1]
#'   and in the range the two means allow (see Formula). `proxy_mean` and `correlation` have one
#'   element per judge, or length 1 for all judges.
#' @param threads (count or `NULL`) Worker threads; `NULL` means
#'   `getOption("judicious.threads", 1L)`. The result does not depend on it.
#' @returns A data frame with `n` rows and integer columns `y_true` and `y_proxy`, or `y_proxy_1`,
#'   `y_proxy_2`, ... for several judges.
#' @section Formula:
#' With \eqn{p} = `true_mean`, \eqn{q} = `proxy_mean` and \eqn{\rho} = `correlation`, a row has
#' \deqn{P(y = 1, f = 1) = pq + \rho \sqrt{p(1-p)q(1-q)},}{
#'   P(y = 1, f = 1) = p q + rho sqrt(p (1 - p) q (1 - q)),}
#' which must lie in \eqn{[\max(0, p + q - 1), \min(p, q)]}{[max(0, p + q - 1), min(p, q)]}. Means
#' and correlations are those of the distribution; a sample differs by chance.
#' @section Assumptions:
#' Rows are independent. Several judges are independent of each other given the true label.
#' @section Errors:
#' `judicious_error_infeasible` if the means do not allow the correlation: the message and the
#' condition's `range` give the feasible ends, `where` the judges at fault. Also
#' `judicious_error_type`, `judicious_error_range`, `judicious_error_finite` and
#' `judicious_error_length`.
#' @section Randomness:
#' `set.seed()` governs the result.
#' @references Prentice, R. L. (1988). Correlated binary regression with covariates specific to each
#'   binary observation. *Biometrics*, 44(4), 1033-1048 (the feasible range).
#' @examples
#' set.seed(1)
#' one <- simulate_binary(1000, true_mean = 0.1, proxy_mean = 0.05, correlation = 0.55)
#' colMeans(one)
#' cor(one$y_true, one$y_proxy)
#'
#' two <- simulate_binary(1000, 0.1, proxy_mean = c(0.05, 0.08), correlation = c(0.6, 0.7))
#' head(two)
#' @family simulators
#' @export
simulate_binary <- function(n, true_mean, proxy_mean, correlation, threads = NULL) {
  n <- check_size(n)
  true_mean <- check_number(true_mean, 0, 1, open = TRUE)
  judges <- check_binary_judges(true_mean, proxy_mean, correlation)
  check_simulation_memory(n, length(judges$proxy_mean))
  threads <- check_threads(threads)
  new_simulation(
    simulate_binary_cpp(n, true_mean, judges$proxy_mean, judges$correlation, threads)
  )
}

# proxy_mean and correlation, one element per judge.
check_binary_judges <- function(true_mean, proxy_mean, correlation, call = rlang::caller_env()) {
  judges <- recycle_parameters(
    proxy_mean = check_mean(proxy_mean, arg = "proxy_mean", call = call),
    correlation = check_correlation(correlation, arg = "correlation", call = call),
    per = "judge", call = call
  )
  check_feasible(rep_len(true_mean, length(judges$proxy_mean)), judges$proxy_mean,
                 judges$correlation, per = "judge", call = call)
  judges
}
