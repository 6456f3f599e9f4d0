expect_moments <- function(x, mean, sd) {
  n <- length(x)
  z <- (x - mean) / sd
  expect_lt(abs(mean(z)), 5 / sqrt(n))
  expect_lt(abs(mean(z^2) - 1), 5 * sqrt(2 / n))
  expect_lt(abs(mean(z^3)), 5 * sqrt(15 / n))
  expect_lt(abs(mean(z^4) - 3), 5 * sqrt(96 / n))
}

expect_correlation <- function(x, y, rho) {
  expect_lt(abs(cor(x, y) - rho), 5 * (1 - rho^2) / sqrt(length(x)) + 1e-12)
}

test_that("moments and correlations hold at n = 1e6", {
  set.seed(1)
  rows <- simulate_gaussian(1e6, 5, 2, c(6, -1000), c(1.5, 30), c(0.8, -0.3))
  expect_named(rows, c("y_true", "y_proxy_1", "y_proxy_2"))
  expect_moments(rows$y_true, 5, 2)
  expect_moments(rows$y_proxy_1, 6, 1.5)
  expect_moments(rows$y_proxy_2, -1000, 30)
  expect_correlation(rows$y_true, rows$y_proxy_1, 0.8)
  expect_correlation(rows$y_true, rows$y_proxy_2, -0.3)
  # independent given the truth
  expect_correlation(rows$y_proxy_1, rows$y_proxy_2, -0.24)
})

test_that("scores are normal", {
  set.seed(2)
  y <- simulate_gaussian(2e5, 0, 1, 0, 1, 0)$y_true
  expect_gt(ks.test(y, "pnorm")$p.value, 1e-4)
  tails <- c(1e-4, 1e-3, 1e-2)
  for (tail in tails) expect_proportion(abs(y) > qnorm(1 - tail / 2), tail)
})

test_that("perfect correlation is an affine copy", {
  set.seed(3)
  rows <- simulate_gaussian(100, 5, 2, 1, 4, c(1, -1))
  expect_equal(rows$y_proxy_1, 1 + 4 * (rows$y_true - 5) / 2, tolerance = 1e-12)
  expect_equal(rows$y_proxy_2, 1 - 4 * (rows$y_true - 5) / 2, tolerance = 1e-12)
})

test_that("bad parameters are named", {
  expect_snapshot(simulate_gaussian(10, Inf, 1, 0, 1, 0.5), error = TRUE)
  expect_snapshot(simulate_gaussian(10, 0, 0, 0, 1, 0.5), error = TRUE)
  expect_snapshot(simulate_gaussian(10, 0, 1, c(0, 1), c(1, -1), 0.5), error = TRUE)
  expect_snapshot(simulate_gaussian(10, 0, 1, 0, 1, 1.5), error = TRUE)
  expect_error(simulate_gaussian(10, 0, 1, c(0, 1), c(1, 1, 1), 0.5),
               class = "judicious_error_length")
  expect_error(simulate_gaussian(10, 0, 1, NaN, 1, 0.5), class = "judicious_error_finite")
})

test_that("set.seed() governs the result, threads do not", {
  expect_reproducible(function(threads) {
    simulate_gaussian(1e5, 0, 1, c(0, 1), 1, 0.5, threads = threads)
  })
})
