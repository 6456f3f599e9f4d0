#' Choose whole clusters at random
#'
#' A simple random sample of clusters: all rows of `n_clusters` clusters (conversations, users,
#' documents) are labelled, none of the others. Every row has inclusion probability
#' `n_clusters / number of clusters`, whatever the size of its cluster.
#'
#' @param clusters (vector or data frame) The cluster of every row: any type that can be grouped
#'   (strings, integers, factors, dates, several columns of a data frame). No missing values.
#' @param n_clusters (count) How many clusters to draw; at most the number of different ones.
#' @returns A [`judicious_sample`][judicious_sample] data frame with one row per row of `clusters`
#'   and columns `prob` and `selected`; `selected` is constant within clusters.
#' @section Errors:
#' `judicious_error_missing_id` if a row has no cluster (the condition's `where` holds the rows),
#' `judicious_error_type` if `clusters` is no vector, `judicious_error_length` if it is empty,
#' `judicious_error_range` if `n_clusters` exceeds the number of clusters.
#' @examples
#' set.seed(1)
#' turns <- simulate_binary_clusters(800, n_clusters = 80, true_mean = 0.1,
#'                                   proxy_mean = 0.05, correlation = 0.6)
#' plan <- sample_clusters(turns$cluster, n_clusters = 20)
#' plan
#' turns$human <- reveal_labels(turns$y_true, plan)
#' @family samplers
#' @export
sample_clusters <- function(clusters, n_clusters) {
  check_cluster_ids(clusters)
  codes <- vctrs::vec_group_id(clusters)
  n_total <- attr(codes, "n")
  n_clusters <- check_draws(n_clusters, n_total, "clusters")
  new_judicious_sample(
    sample_clusters_cpp(codes, n_total, n_clusters),
    method = "clusters", budget = n_clusters, unit = "cluster", n_units = n_total,
    clusters = as.integer(codes)
  )
}

check_cluster_ids <- function(clusters, call = rlang::caller_env()) {
  if (!vctrs::vec_is(clusters)) {
    abort_judicious("{.arg clusters} must be a vector or a data frame, not
                    {.obj_type_friendly {clusters}}.", "type", arg = "clusters", call = call)
  }
  if (vctrs::vec_size(clusters) == 0L) {
    abort_judicious("{.arg clusters} must have at least one row.", "length", arg = "clusters",
                    call = call)
  }
  bad <- which(!vctrs::vec_detect_complete(clusters))
  if (length(bad) > 0L) abort_missing_id(bad, "clusters", call)
}
