#' Simulate binary labels in strata
#'
#' Like [simulate_binary()] with one judge, with a rate, a judge and a number of rows of its own in
#' every stratum.
#'
#' @inheritParams simulate_binary
#' @param n (numeric vector) Number of rows of each stratum.
#' @param true_mean,proxy_mean (numeric vector) Mean of the true label and of the judge in each
#'   stratum, strictly between 0 and 1. Names of `true_mean` become the names of the strata.
#' @param correlation (numeric vector) Correlation of judge and true label within each stratum. All
#'   of `n`, `true_mean`, `proxy_mean` and `correlation` have one element per stratum, or length 1
#'   for all strata.
#' @returns A data frame with `sum(n)` rows, stratum after stratum, and columns `y_true`, `y_proxy`
#'   (integer) and `stratum` (factor; levels "1", "2", ... or the names of `true_mean`).
#' @inheritSection simulate_binary Formula
#' @inheritSection simulate_binary Errors
#' @inheritSection simulate_binary Randomness
#' @examples
#' set.seed(1)
#' logs <- simulate_binary_strata(
#'   n = c(800, 200), true_mean = c(english = 0.05, french = 0.2),
#'   proxy_mean = c(0.04, 0.1), correlation = 0.6
#' )
#' aggregate(cbind(y_true, y_proxy) ~ stratum, logs, mean)
#' @family simulators
#' @export
simulate_binary_strata <- function(n, true_mean, proxy_mean, correlation, threads = NULL) {
  strata <- recycle_parameters(
    n = check_stratum_sizes(n),
    true_mean = check_mean(true_mean),
    proxy_mean = check_mean(proxy_mean),
    correlation = check_correlation(correlation),
    per = "stratum"
  )
  check_feasible(strata$true_mean, strata$proxy_mean, strata$correlation, per = "stratum")
  check_size(sum(strata$n), arg = "sum(n)")
  check_simulation_memory(sum(strata$n), 1)
  threads <- check_threads(threads)
  labels <- simulate_binary_strata_cpp(strata$n, strata$true_mean, strata$proxy_mean,
                                       strata$correlation, threads)
  new_simulation(labels, stratum = stratum_column(strata$n, names(true_mean)))
}

check_stratum_sizes <- function(n, call = rlang::caller_env()) {
  n <- check_numeric_vector(n, arg = "n", call = call)
  check_between(n, 1, .Machine$integer.max, arg = "n", call = call)
  bad <- which(n != floor(n))
  if (length(bad) > 0L) {
    abort_judicious(c("{.arg n} must hold whole numbers.",
                      x = "Element {bad[1]} is {.val {n[bad[1]]}}."),
                    "type", arg = "n", where = bad, call = call)
  }
  n
}

stratum_column <- function(n, names) {
  levels <- if (is.null(names)) as.character(seq_along(n)) else make.unique(names)
  factor(rep.int(seq_along(n), n), levels = seq_along(n), labels = levels)
}
