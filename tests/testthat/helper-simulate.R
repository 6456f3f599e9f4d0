# Five standard errors: fails by chance about once in two million.

# The mean of 0/1 values is p. `design_effect` inflates the variance for rows that
# are not independent.
expect_proportion <- function(x, p, design_effect = 1) {
  margin <- 5 * sqrt(p * (1 - p) * design_effect / length(x))
  testthat::expect_lt(abs(mean(x) - p), margin, label = paste("distance from", format(p)))
}

# Truth and judge have the three probabilities that means and correlation imply.
expect_binary_joint <- function(y, f, true_mean, proxy_mean, correlation, design_effect = 1) {
  spread <- sqrt(true_mean * (1 - true_mean) * proxy_mean * (1 - proxy_mean))
  expect_proportion(y, true_mean, design_effect)
  expect_proportion(f, proxy_mean, design_effect)
  expect_proportion(y * f, true_mean * proxy_mean + correlation * spread, design_effect)
}

# Same numbers for any number of threads and for the same seed; others afterwards.
expect_reproducible <- function(simulate) {
  run <- function(threads) {
    set.seed(99)
    simulate(threads)
  }
  once <- run(1)
  testthat::expect_identical(run(2), once)
  testthat::expect_identical(run(3), once)
  withr::local_options(judicious.threads = 2L)
  testthat::expect_identical(run(NULL), once)
  testthat::expect_false(identical(simulate(1)$y_true, once$y_true))
}
