test_that("every stratum has its own size, means and correlation", {
  set.seed(1)
  n <- c(4e5, 1e5, 5e5)
  true_mean <- c(0.1, 0.5, 0.03)
  proxy_mean <- c(0.05, 0.6, 0.04)
  correlation <- c(0.5, -0.3, 0.7)
  rows <- simulate_binary_strata(n, true_mean, proxy_mean, correlation)
  expect_named(rows, c("y_true", "y_proxy", "stratum"))
  expect_identical(rows$stratum, factor(rep(1:3, n)))
  for (h in 1:3) {
    part <- rows[rows$stratum == h, ]
    expect_binary_joint(part$y_true, part$y_proxy, true_mean[h], proxy_mean[h], correlation[h])
  }
})

test_that("parameters of length 1 serve all strata; names become levels", {
  set.seed(2)
  rows <- simulate_binary_strata(5, c(en = 0.1, fr = 0.2), 0.1, 0.3)
  expect_identical(rows$stratum, factor(rep(c("en", "fr"), each = 5)))
  expect_identical(nrow(simulate_binary_strata(c(5, 6), 0.1, 0.1, 0.3)), 11L)
  expect_identical(levels(simulate_binary_strata(5, 0.1, 0.1, 0.3)$stratum), "1")
})

test_that("equal strata are not copies of each other", {
  set.seed(3)
  rows <- simulate_binary_strata(1000, c(0.5, 0.5), 0.5, 0.3)
  expect_lt(abs(cor(rows$y_true[1:1000], rows$y_true[1001:2000])), 5 / sqrt(1000))
})

test_that("bad parameters are named, with the stratum", {
  expect_snapshot(simulate_binary_strata(10, c(0.1, 0.5), 0.1, c(0.9, 0.9)), error = TRUE)
  expect_snapshot(simulate_binary_strata(c(10, 20), c(0.1, 0.2, 0.3), 0.1, 0.1), error = TRUE)
  expect_snapshot(simulate_binary_strata(c(10, 2.5), 0.1, 0.1, 0.1), error = TRUE)
  expect_error(simulate_binary_strata(c(10, 0), 0.1, 0.1, 0.1), class = "judicious_error_range")
  expect_error(simulate_binary_strata(c(2e9, 2e9), 0.1, 0.1, 0.1),
               class = "judicious_error_range")
})

test_that("set.seed() governs the result, threads do not", {
  expect_reproducible(function(threads) {
    simulate_binary_strata(c(5e4, 3e4), c(0.1, 0.2), 0.1, 0.3, threads = threads)
  })
})
