#' @details
#' Start with `vignette("judicious")`, then [estimate_mean()]. [sample_active()],
#' [sample_uniform()] and [sample_clusters()] say which items a human should label; the simulators
#' ([simulate_binary()] and others) make data with a known truth.
#'
#' @section Options:
#' - `judicious.threads`: number of threads for the core, default 1. Results do not depend on it.
#' - `judicious.digits`: digits that `print()` shows, default 3.
#'
#' @useDynLib judicious, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @importFrom rlang %||% .data
#' @keywords internal
"_PACKAGE"

# Names that are SQL's, or columns of a frame made here.
utils::globalVariables(c("CAST", "%AS%", "COUNT", "COUNT_BIG", "MD5", "TO_HEX", "TYPEOF",
                         ".system"))
