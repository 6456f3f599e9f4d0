# A small study that fails by chance about once in 10,000 runs of another seed.

# Coverage is `p`, two-sided.
expect_study_coverage <- function(coverage, p) {
  hits <- round(coverage$coverage * coverage$n_rep)
  test <- stats::binom.test(hits, coverage$n_rep, p)
  testthat::expect_gt(test$p.value, 1e-4, label = paste("p-value of coverage", coverage$coverage))
}

rare_logs <- function(...) {
  given <- list(...)
  defaults <- list(n = 500, true_mean = 0.2, proxy_mean = 0.25, correlation = 0.6, n_labelled = 40)
  rlang::exec(simulator, simulate_binary, !!!utils::modifyList(defaults, given))
}

# The designs that the core's loop knows, with an estimator of each.
coverage_designs <- function() {
  list(
    uniform = list(rare_logs(), estimator(human ~ y_proxy)),
    two_judges = list(
      rare_logs(proxy_mean = c(0.25, 0.3), correlation = c(0.6, 0.4)),
      estimator(human ~ y_proxy_2 + y_proxy_1)
    ),
    labels_only = list(rare_logs(), estimator(human ~ 1)),
    known_prob = list(rare_logs(oversample = 4), estimator(human ~ y_proxy, prob = prob)),
    strata = list(
      simulator(simulate_binary_strata, n = c(200, 300), true_mean = c(a = 0.2, b = 0.4),
                proxy_mean = 0.3, correlation = 0.5, n_labelled = c(20, 30)),
      estimator(human ~ y_proxy, strata = stratum)
    ),
    clusters = list(
      simulator(simulate_binary_clusters, n = 500, n_clusters = 100, true_mean = 0.3,
                proxy_mean = 0.3, correlation = 0.6, diversity = 0.7, n_labelled = 20),
      estimator(human ~ y_proxy, clusters = cluster)
    ),
    cluster_means = list(
      simulator(simulate_binary_clusters, n = 500, n_clusters = 100, true_mean = 0.3,
                proxy_mean = 0.3, correlation = 0.6, diversity = 0.7, n_labelled = 20),
      estimator(human ~ y_proxy, clusters = cluster, estimand = "clusters")
    ),
    part_labelled = list(
      simulator(simulate_binary_clusters, n = 500, n_clusters = 100, true_mean = 0.3,
                proxy_mean = 0.3, correlation = 0.6, n_labelled = 60, sampling = "rows"),
      estimator(human ~ y_proxy, clusters = cluster)
    ),
    poisson = list(
      simulator(simulate_binary_active, n = 500, true_mean = 0.3, proxy_mean = 0.25,
                correlation = 0.6, n_labelled = 60, sampling = "poisson"),
      estimator(human ~ y_proxy, prob = prob)
    ),
    pivotal = list(
      simulator(simulate_binary_active, n = 500, true_mean = 0.3, proxy_mean = 0.25,
                correlation = 0.6, n_labelled = 60, sampling = "pivotal"),
      estimator(human ~ y_proxy, prob = prob)
    ),
    gaussian = list(
      simulator(simulate_gaussian, n = 500, true_mean = 3, true_sd = 2, proxy_mean = 2,
                proxy_sd = 1, correlation = 0.7, n_labelled = 30),
      estimator(human ~ y_proxy, skew = TRUE)
    )
  )
}
