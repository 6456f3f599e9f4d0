confidence <- c(0.9, 0.8, 0.8, 0.6, 0.5, NA, 0.4)
correct <- c(1, 1, 0, 1, 0, 1, NA)

test_that("ROC points by hand", {
  roc <- roc_points(confidence, correct)
  expect_identical(roc$threshold, c(Inf, 0.9, 0.8, 0.6, 0.5))
  expect_equal(roc$tpr, c(0, 1, 2, 3, 3) / 3)
  expect_equal(roc$fpr, c(0, 0, 1, 1, 2) / 2)
  expect_identical(roc$n_kept, c(0, 1, 3, 4, 5))
})

test_that("thinning drops what lies on straight stretches", {
  score <- 10:1
  truth <- c(1, 1, 1, 0, 0, 1, 0, 1, 0, 0)
  roc <- roc_points(score, truth, thin = TRUE)
  expect_identical(roc$threshold, c(Inf, 8, 6, 5, 4, 3, 1))
})

test_that("labels of one class have no curve", {
  expect_warning(roc <- roc_points(c(0.9, 0.8), c(1, 1)), class = "judicious_warning_one_class")
  expect_identical(roc$fpr, rep(NA_real_, 3))
  expect_equal(roc$tpr, c(0, 0.5, 1))
})

test_that("completion counts items without a confidence, quality does not", {
  curve <- completion_curve(confidence, correct)
  expect_identical(curve$threshold, c(0.9, 0.8, 0.6, 0.5))
  expect_equal(curve$completion, c(1, 3, 4, 5) / 6)
  expect_equal(curve$quality, c(1, 2 / 3, 3 / 4, 3 / 5))
  for (k in 1:4) {
    exact <- stats::binom.test(curve$n_correct[k], curve$n_kept[k], conf.level = 0.95)$conf.int
    expect_equal(c(curve$conf_low[k], curve$conf_high[k]), as.vector(exact), tolerance = 1e-9)
  }
})

test_that("thresholds of the user's own keep what is at least as high", {
  curve <- completion_curve(confidence, correct, thresholds = c(0.8, 0.85, 0.95, 0))
  expect_identical(curve$threshold, c(0.95, 0.85, 0.8, 0))
  expect_identical(curve$n_kept, c(0, 1, 3, 5))
  expect_identical(curve$quality[1], NA_real_)
  expect_true(is.na(curve$conf_low[1]))
})

test_that("many points are thinned by rank, ends included", {
  withr::local_seed(1)
  data <- simulate_confidence(500)
  all <- completion_curve(confidence, correct, data = data, max_points = Inf)
  some <- completion_curve(confidence, correct, data = data, max_points = 50)
  expect_identical(nrow(all), 500L)
  expect_identical(nrow(some), 50L)
  expect_true(all(some$threshold %in% all$threshold))
  expect_equal(range(some$completion), range(all$completion))
})

test_that("pointwise intervals cover the quality at a fixed threshold", {
  withr::local_seed(2)
  # P(right | confidence >= 0.8) of uniform confidences is 0.9.
  hits <- replicate(1000, {
    score <- stats::runif(100)
    curve <- completion_curve(score, stats::runif(100) < score, thresholds = 0.8)
    curve$conf_low <= 0.9 && 0.9 <= curve$conf_high
  })
  expect_gt(mean(hits), 0.95)  # exact intervals are conservative
  expect_lt(mean(hits), 0.995)
})

test_that("reliability bins by hand", {
  curve <- reliability_curve(c(0.05, 0.1, 0.95, 1), c(0, 1, 1, 1), n_bins = 10)
  expect_equal(curve$bin, c(1, 10))
  expect_equal(curve$low, c(0, 0.9))
  expect_equal(curve$mean_confidence, c(0.075, 0.975))
  expect_equal(curve$accuracy, c(0.5, 1))
  left <- reliability_curve(c(0.05, 0.1, 0.95, 1), c(0, 1, 1, 1), closed = "left")
  expect_equal(left$bin, c(1, 2, 10))
  mass <- reliability_curve((1:20) / 20, rep(0:1, 10), n_bins = 4, bins = "mass")
  expect_equal(mass$n, rep(5, 4))
  expect_equal(mass$low, c(0.05, 0.3, 0.55, 0.8))
  expect_equal(mass$high, c(0.25, 0.5, 0.75, 1))
  expect_error(reliability_curve(c(2, 0.5), c(1, 0)), class = "judicious_error_range")
})

test_that("calibration error is that of the curve", {
  withr::local_seed(3)
  data <- simulate_confidence(400)
  quality <- confidence_quality(confidence, correct, data = data)
  curve <- reliability_curve(confidence, correct, data = data, bins = "mass")
  gaps <- abs(curve$accuracy - curve$mean_confidence)
  expect_equal(quality$ece_mass, sum(curve$n * gaps) / 400)
  expect_equal(quality$mce_mass, max(gaps))
})
