#' Simulate binary labels in clusters
#'
#' Like [simulate_binary()], for rows that come in clusters, such as the turns of conversations:
#' labels of one cluster resemble each other.
#'
#' @inheritParams simulate_binary
#' @param n_clusters (count) Number of clusters, at most `n`. Every cluster has at least one row;
#'   sizes are random with a long tail: geometric with mean `n / n_clusters`, given that they sum to
#'   `n`, so the most frequent size is 1.
#' @param diversity (number) How different the labels of one cluster are, in \[0, 1]: 1 = rows are
#'   independent, 0 = all labels of a cluster are equal. Two labels of one cluster have correlation
#'   `1 - diversity`.
#' @returns A data frame with `n` rows and columns `y_true`, `y_proxy` (or `y_proxy_1`, ...) and
#'   `cluster` (integers from 1), all integer. The rows of a cluster follow one another.
#' @inheritSection simulate_binary Formula
#' @section Assumptions:
#' The labels of a cluster are independent given the cluster's rate, which is drawn from the beta
#' distribution with mean `true_mean` and variance `(1 - diversity) * true_mean * (1 - true_mean)`
#' (beta-binomial labels). Sizes and rates are independent. A judge depends on the label of its row
#' only, so `true_mean`, `proxy_mean` and `correlation` are those of a row whatever the diversity,
#' and two answers of a judge in one cluster have correlation `correlation^2 * (1 - diversity)`.
#' @inheritSection simulate_binary Errors
#' @inheritSection simulate_binary Randomness
#' @inherit simulate_binary references
#' @examples
#' set.seed(1)
#' turns <- simulate_binary_clusters(8000, n_clusters = 800, true_mean = 0.1,
#'                                   proxy_mean = 0.05, correlation = 0.65)
#' head(turns)
#' quantile(table(turns$cluster))
#' @family simulators
#' @export
simulate_binary_clusters <- function(n, n_clusters, true_mean, proxy_mean, correlation,
                                     diversity = 0.9, threads = NULL) {
  n <- check_size(n)
  n_clusters <- check_draws(n_clusters, n, "rows")
  true_mean <- check_number(true_mean, 0, 1, open = TRUE)
  judges <- check_binary_judges(true_mean, proxy_mean, correlation)
  diversity <- check_number(diversity, 0, 1)
  check_simulation_memory(n, length(judges$proxy_mean))
  threads <- check_threads(threads)
  out <- simulate_binary_clusters_cpp(n, n_clusters, true_mean, judges$proxy_mean,
                                      judges$correlation, diversity, threads)
  new_simulation(out$labels, cluster = out$cluster)
}
