#' Choose items at random
#'
#' A simple random sample without replacement: every set of `n` items is equally likely, so every
#' item has inclusion probability `n / n_total`.
#'
#' @param n_total (count) How many items there are. Not with `data`.
#' @param n (count) How many of them a human will label; at most `n_total`.
#' @param data (lazy table of \pkg{dbplyr}) A table in a database to draw from, see
#'   [sample_tables]. Without it, items are those of the other arguments.
#' @param id The column of `data` that tells its rows apart: whole numbers or text.
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
sample_uniform <- function(n_total, n, data = NULL, id = NULL) {
  id <- rlang::enquo(id)
  if (!is.null(data)) {
    if (!missing(n_total)) abort_total_of_table(rlang::current_env())
    return(sample_uniform_table(n, data, id, rlang::current_env()))
  }
  check_no_sample_table(id, rlang::current_env())
  n_total <- check_count(n_total, upper = .Machine$integer.max)
  n <- check_draws(n, n_total, "items")
  check_memory(24 * n_total, "A sample")
  new_judicious_sample(sample_uniform_cpp(n_total, n), method = "uniform", budget = n)
}
