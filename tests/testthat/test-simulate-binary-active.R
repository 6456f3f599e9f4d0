test_that("means and correlations hold at n = 1e6", {
  set.seed(1)
  for (s in list(c(0.1, 0.05, 0.55), c(0.5, 0.6, -0.4), c(0.9, 0.8, 0.3))) {
    rows <- simulate_binary_active(1e6, s[1], s[2], s[3])
    expect_binary_joint(rows$y_true, rows$y_proxy, s[1], s[2], s[3])
  }
})

test_that("the uncertainty is an oracle: calibrated for each answer, at each level", {
  set.seed(2)
  rows <- simulate_binary_active(1e6, 0.3, 0.25, 0.5)
  error <- rows$uncertainty^2
  wrong <- rows$y_true != rows$y_proxy
  level <- cut(error, quantile(error, 0:5 / 5), include.lowest = TRUE)
  cells <- split(seq_along(error), list(rows$y_proxy, level), drop = TRUE)
  expect_gt(length(cells), 5)
  for (cell in cells) {
    margin <- 5 * sqrt(sum(error[cell] * (1 - error[cell])))
    expect_lt(abs(sum(wrong[cell] - error[cell])), margin)
  }
})

test_that("items differ, and none is certain", {
  set.seed(3)
  rows <- simulate_binary_active(1e5, 0.1, 0.05, 0.55)
  expect_named(rows, c("y_true", "y_proxy", "uncertainty"))
  expect_true(all(rows$uncertainty > 0 & rows$uncertainty < 1))
  # What sampling by uncertainty can gain at best over sampling at random.
  expect_lt(mean(rows$uncertainty)^2 / mean(rows$uncertainty^2), 0.75)
  plan <- sample_active(rows$uncertainty, 5000)
  expect_gt(min(plan$prob, na.rm = TRUE), 5000 / 1e5 / 10)
})

test_that("a judge that never raises a false alarm is certain when it raises one", {
  set.seed(4)
  high <- sqrt(0.05 * 0.9 / (0.1 * 0.95))
  rows <- simulate_binary_active(1e5, 0.1, 0.05, high)
  expect_lt(max(rows$uncertainty[rows$y_proxy == 1]), 1e-7)
  expect_true(all(rows$y_true[rows$y_proxy == 1] == 1))
  expect_binary_joint(rows$y_true, rows$y_proxy, 0.1, 0.05, high)
  expect_identical(unique(simulate_binary_active(100, 0.3, 0.3, 1)$uncertainty), 0)
})

test_that("bad parameters are named", {
  expect_snapshot(simulate_binary_active(10, 0.1, 0.05, 0.9), error = TRUE)
  expect_error(simulate_binary_active(10, 0.1, c(0.05, 0.1), 0.2), class = "judicious_error_type")
  expect_error(simulate_binary_active(10, 0.1, 1, 0.2), class = "judicious_error_range")
})

test_that("set.seed() governs the result, threads do not", {
  expect_reproducible(function(threads) {
    simulate_binary_active(1e5, 0.1, 0.05, 0.5, threads = threads)
  })
})
