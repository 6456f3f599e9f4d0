#' Choose items at random
#'
#' A simple random sample without replacement: every set of `n` items is equally likely, so every
#' item has inclusion probability `n / n_total`.
#'
#' @param n_total (count) How many items there are.
#' @param n (count) How many of them a human will label; at most `n_total`.
#' @returns A [`judicious_sample`][judicious_sample] data frame with `n_total` rows and columns
#'   `prob` and `selected`; exactly `n` items are selected.
#' @section Errors:
#' `judicious_error_type` or `judicious_error_range` if a count is no whole number, below 1, or
#' `n` exceeds `n_total`.
#' @references Bentley, J. and Floyd, B. (1987). Programming pearls: a sample of brilliance.
#'   *Communications of the ACM*, 30(9), 754-757 (the algorithm).
#' @examples
#' set.seed(1)
#' plan <- sample_uniform(n_total = 1000, n = 100)
#' plan
#' @family samplers
#' @export
sample_uniform <- function(n_total, n) {
  n_total <- check_count(n_total, upper = .Machine$integer.max)
  n <- check_draws(n, n_total, "items")
  check_memory(24 * n_total, "A sample")
  new_judicious_sample(sample_uniform_cpp(n_total, n), method = "uniform", budget = n)
}
