test_that("means and correlations hold at n = 1e6", {
  set.seed(1)
  settings <- list(c(0.1, 0.05, 0.55), c(0.5, 0.6, -0.4), c(0.9, 0.8, 0.3), c(0.02, 0.3, 0))
  for (s in settings) {
    rows <- simulate_binary(1e6, s[1], s[2], s[3])
    expect_binary_joint(rows$y_true, rows$y_proxy, s[1], s[2], s[3])
    expect_lt(abs(cor(rows$y_true, rows$y_proxy) - s[3]), 0.01)
  }
})

test_that("columns are integers, one per judge", {
  set.seed(2)
  one <- simulate_binary(10, 0.5, 0.5, 0.2)
  expect_identical(class(one), "data.frame")
  expect_named(one, c("y_true", "y_proxy"))
  expect_true(all(vapply(one, is.integer, logical(1))))
  expect_named(simulate_binary(10, 0.5, c(0.5, 0.4, 0.3), 0.2),
               c("y_true", "y_proxy_1", "y_proxy_2", "y_proxy_3"))
  expect_identical(dim(simulate_binary(1, 0.5, 0.5, c(0.2, 0.3))), c(1L, 3L))
})

test_that("several judges keep their own margins and are independent given the truth", {
  set.seed(3)
  rows <- simulate_binary(1e6, 0.2, c(0.1, 0.3), c(0.5, -0.2))
  expect_binary_joint(rows$y_true, rows$y_proxy_1, 0.2, 0.1, 0.5)
  expect_binary_joint(rows$y_true, rows$y_proxy_2, 0.2, 0.3, -0.2)
  both <- rows$y_proxy_1 * rows$y_proxy_2
  flagged <- function(q, rho) {
    p11 <- 0.2 * q + rho * sqrt(0.2 * 0.8 * q * (1 - q))
    c((q - p11) / 0.8, p11 / 0.2)
  }
  expected <- flagged(0.1, 0.5) * flagged(0.3, -0.2)
  expect_proportion(both[rows$y_true == 0], expected[1])
  expect_proportion(both[rows$y_true == 1], expected[2])
})

test_that("the ends of the feasible range are reached", {
  set.seed(4)
  same <- simulate_binary(1e4, 0.3, 0.3, 1)
  expect_identical(same$y_true, same$y_proxy)
  opposite <- simulate_binary(1e4, 0.3, 0.7, -1)
  expect_identical(opposite$y_true, 1L - opposite$y_proxy)

  high <- sqrt(0.05 * 0.9 / (0.1 * 0.95))
  misses_only <- simulate_binary(1e5, 0.1, 0.05, high)
  expect_true(all(misses_only$y_true[misses_only$y_proxy == 1] == 1))
  expect_binary_joint(misses_only$y_true, misses_only$y_proxy, 0.1, 0.05, high)
  low <- -sqrt(0.05 * 0.1 / (0.9 * 0.95))
  exclusive <- simulate_binary(1e5, 0.1, 0.05, low)
  expect_identical(sum(exclusive$y_true * exclusive$y_proxy), 0L)
})

test_that("an impossible correlation is an error with the feasible range", {
  high <- sqrt(0.05 * 0.9 / (0.1 * 0.95))
  low <- -sqrt(0.05 * 0.1 / (0.9 * 0.95))
  cnd <- expect_error(simulate_binary(10, 0.1, 0.05, high + 1e-6),
                      class = "judicious_error_infeasible")
  expect_equal(cnd$range, c(low, high), tolerance = 1e-14)
  expect_identical(cnd$where, 1L)
  expect_error(simulate_binary(10, 0.1, 0.05, low - 1e-6), class = "judicious_error_infeasible")
  expect_identical(nrow(simulate_binary(10, 0.1, 0.05, cnd$range[2])), 10L)
  expect_identical(nrow(simulate_binary(10, 0.1, 0.05, cnd$range[1])), 10L)
  expect_snapshot(simulate_binary(10, 0.1, 0.05, 0.9), error = TRUE)
  expect_snapshot(simulate_binary(10, 0.1, c(0.05, 0.08), c(0.6, -0.2)), error = TRUE)
})

test_that("bad parameters are named", {
  expect_snapshot(simulate_binary(10, 0.1, c(0.05, 1), 0.2), error = TRUE)
  expect_snapshot(simulate_binary(10, 0.1, c(0.05, 0.06, 0.07), c(0.1, 0.2)), error = TRUE)
  expect_snapshot(simulate_binary(10, 0.1, 0.1, 1.2), error = TRUE)
  expect_error(simulate_binary(0, 0.1, 0.05, 0.2), class = "judicious_error_range")
  expect_error(simulate_binary(2.5, 0.1, 0.05, 0.2), class = "judicious_error_type")
  expect_error(simulate_binary(10, c(0.1, 0.2), 0.05, 0.2), class = "judicious_error_type")
  expect_error(simulate_binary(10, 0, 0.05, 0.2), class = "judicious_error_range")
  expect_error(simulate_binary(10, 0.1, NA_real_, 0.2), class = "judicious_error_finite")
  expect_error(simulate_binary(10, 0.1, numeric(), 0.2), class = "judicious_error_length")
  expect_error(simulate_binary(10, 0.1, 0.05, "high"), class = "judicious_error_type")
  expect_error(simulate_binary(10, 0.1, 0.05, 0.2, threads = 0), class = "judicious_error_range")
})

test_that("set.seed() governs the result, threads do not", {
  expect_reproducible(function(threads) {
    simulate_binary(1e5, 0.1, c(0.05, 0.08), c(0.5, 0.6), threads = threads)
  })
})
