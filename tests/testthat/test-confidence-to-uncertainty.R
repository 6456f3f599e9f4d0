test_that("uncertainty is the standard deviation of being right, never 0", {
  p <- c(0.5, 0.8, 0.2, 0.99, 1, 0)
  expect_equal(confidence_to_uncertainty(p, lowest = 1e-3),
               c(0.5, 0.4, 0.4, sqrt(0.0099), 1e-3, 1e-3))
  expect_equal(confidence_to_uncertainty(p)[4:6], c(sqrt(0.0099), 0.05, 0.05))
  expect_true(all(confidence_to_uncertainty(stats::runif(100)) > 0))
})

test_that("an item without confidence is as uncertain as can be", {
  expect_message(u <- confidence_to_uncertainty(c(0.9, NA)),
                 class = "judicious_message_missing_confidence")
  expect_equal(u, c(0.3, 0.5))
  expect_equal(quiet(confidence_to_uncertainty(c(0.9, NA), missing = 0.2)), c(0.3, 0.2))
})

test_that("the result can be given to the sampler", {
  withr::local_seed(1)
  u <- confidence_to_uncertainty(c(stats::rbeta(500, 4, 1), 1, 0))
  plan <- sample_active(u, 50)
  expect_true(all(plan$prob > 0, na.rm = TRUE))
  expect_identical(nrow(plan), 502L)
})

test_that("scores that are no probabilities are refused", {
  expect_snapshot(error = TRUE, {
    confidence_to_uncertainty(c(0.5, 1.2))
    confidence_to_uncertainty(0.5, lowest = 0)
    confidence_to_uncertainty("0.5")
  })
  expect_error(confidence_to_uncertainty(-1), class = "judicious_error_range")
})
