test_that("every cluster has a row, and the rows of a cluster follow one another", {
  set.seed(1)
  for (n_clusters in c(1, 7, 999, 1000)) {
    rows <- simulate_binary_clusters(1000, n_clusters, 0.3, 0.3, 0.5)
    expect_identical(unique(rows$cluster), seq_len(n_clusters))
    expect_false(is.unsorted(rows$cluster))
  }
  expect_named(rows, c("y_true", "y_proxy", "cluster"))
  expect_true(all(vapply(rows, is.integer, logical(1))))
})

test_that("sizes are geometric given their sum", {
  set.seed(2)
  n <- 1e6
  n_clusters <- 1e5
  size <- tabulate(simulate_binary_clusters(n, n_clusters, 0.3, 0.3, 0.5)$cluster)
  # A cluster is longer than k if no other one starts on its next k rows.
  for (k in c(1, 5, 20)) {
    above <- exp(lchoose(n - 1 - k, n_clusters - 1) - lchoose(n - 1, n_clusters - 1))
    expect_proportion(size > k, above)
  }
})

test_that("two labels of a cluster have correlation 1 - diversity, for rows and judges", {
  set.seed(3)
  for (diversity in c(0.2, 0.6, 0.9, 1)) {
    rows <- simulate_binary_clusters(1e6, 2e5, 0.3, 0.4, 0.6, diversity = diversity)
    first <- which(rows$cluster[-1] == rows$cluster[-1e6] & !duplicated(rows$cluster)[-1e6])
    pair <- function(x) x[first] * x[first + 1]
    expect_proportion(pair(rows$y_true), 0.3^2 + (1 - diversity) * 0.3 * 0.7)
    expect_proportion(pair(rows$y_proxy), 0.4^2 + 0.6^2 * (1 - diversity) * 0.4 * 0.6)
  }
})

test_that("row-level means and correlations hold at n = 1e6, whatever the diversity", {
  set.seed(4)
  for (diversity in c(0, 0.3, 0.9, 1)) {
    rows <- simulate_binary_clusters(1e6, 1e5, 0.1, 0.05, 0.65, diversity = diversity)
    size <- tabulate(rows$cluster)
    deff <- 1 + (1 - diversity) * (sum(size^2) / 1e6 - 1)
    expect_binary_joint(rows$y_true, rows$y_proxy, 0.1, 0.05, 0.65, design_effect = deff)
  }
})

test_that("diversity 0 makes all labels of a cluster equal", {
  set.seed(5)
  for (diversity in c(0, 1e-300, 1e-13, 1e-8)) {
    rows <- simulate_binary_clusters(5000, 500, 0.3, 0.3, 0.5, diversity = diversity)
    rates <- tapply(rows$y_true, rows$cluster, mean)
    expect_true(all(rates %in% 0:1))
    expect_gt(sum(rates == 1), 50)
  }
})

test_that("several judges keep their margins", {
  set.seed(6)
  rows <- simulate_binary_clusters(1e6, 5e5, 0.2, c(0.1, 0.3), c(0.5, 0.4))
  expect_named(rows, c("y_true", "y_proxy_1", "y_proxy_2", "cluster"))
  expect_binary_joint(rows$y_true, rows$y_proxy_1, 0.2, 0.1, 0.5, design_effect = 1.5)
  expect_binary_joint(rows$y_true, rows$y_proxy_2, 0.2, 0.3, 0.4, design_effect = 1.5)
})

test_that("bad parameters are named", {
  expect_snapshot(simulate_binary_clusters(10, 11, 0.1, 0.1, 0.1), error = TRUE)
  expect_snapshot(simulate_binary_clusters(10, 5, 0.1, 0.1, 0.1, diversity = 1.5), error = TRUE)
  expect_error(simulate_binary_clusters(10, 0, 0.1, 0.1, 0.1), class = "judicious_error_range")
  expect_error(simulate_binary_clusters(10, 5, 0.1, 0.05, 0.9),
               class = "judicious_error_infeasible")
})

test_that("set.seed() governs the result, threads do not", {
  expect_reproducible(function(threads) {
    simulate_binary_clusters(1e5, 4e4, 0.1, 0.05, 0.5, threads = threads)
  })
})
