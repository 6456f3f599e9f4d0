#' Simulate real-valued scores with judges
#'
#' Independent rows with a normal score whose truth is known everywhere (an oracle), and one or
#' several judges whose scores are jointly normal with it.
#'
#' @inheritParams simulate_binary
#' @param true_mean,true_sd (number) Mean and standard deviation (above 0) of the true score.
#' @param proxy_mean,proxy_sd (numeric vector) Mean and standard deviation (above 0) of each judge's
#'   score.
#' @param correlation (numeric vector) Correlation of each judge with the true score, in \[-1, 1].
#'   `proxy_mean`, `proxy_sd` and `correlation` have one element per judge, or length 1 for all.
#' @returns A data frame with `n` rows and double columns `y_true` and `y_proxy`, or `y_proxy_1`,
#'   `y_proxy_2`, ... for several judges.
#' @section Formula:
#' With independent standard normal \eqn{z} and \eqn{\varepsilon_k}{e_k}: `y_true` is
#' \eqn{\mu + \sigma z}{mu + sigma z}, judge \eqn{k} is
#' \eqn{\mu_k + \sigma_k (\rho_k z + \sqrt{1 - \rho_k^2}\, \varepsilon_k)}{
#'   mu_k + sigma_k (rho_k z + sqrt(1 - rho_k^2) e_k)}.
#' @inheritSection simulate_binary Assumptions
#' @section Errors:
#' `judicious_error_type`, `judicious_error_range`, `judicious_error_finite` and
#' `judicious_error_length`.
#' @inheritSection simulate_binary Randomness
#' @examples
#' set.seed(1)
#' scores <- simulate_gaussian(1000, true_mean = 5, true_sd = 2, proxy_mean = 6, proxy_sd = 1.5,
#'                             correlation = 0.8)
#' colMeans(scores)
#' cor(scores$y_true, scores$y_proxy)
#' @family simulators
#' @export
simulate_gaussian <- function(n, true_mean, true_sd, proxy_mean, proxy_sd, correlation,
                              threads = NULL) {
  n <- check_size(n)
  true_mean <- check_finite_number(true_mean)
  true_sd <- check_sd(check_finite_number(true_sd), arg = "true_sd")
  judges <- recycle_parameters(
    proxy_mean = check_numeric_vector(proxy_mean),
    proxy_sd = check_sd(proxy_sd),
    correlation = check_correlation(correlation),
    per = "judge"
  )
  check_simulation_memory(n, length(judges$proxy_mean))
  threads <- check_threads(threads)
  new_simulation(simulate_gaussian_cpp(n, true_mean, true_sd, judges$proxy_mean, judges$proxy_sd,
                                       judges$correlation, threads))
}

check_finite_number <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  force(arg) # before x is reassigned
  x <- check_number(x, arg = arg, call = call)
  check_finite(x, arg = arg, call = call)
  x
}

check_sd <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  force(arg) # before x is reassigned
  x <- check_numeric_vector(x, arg = arg, call = call)
  check_between(x, 0, open = TRUE, arg = arg, call = call)
  x
}
