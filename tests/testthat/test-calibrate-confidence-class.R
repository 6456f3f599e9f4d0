withr::local_seed(21)
data <- simulate_confidence(200)
data$stated <- data$confidence^0.25
methods <- c("isotonic", "platt", "temperature", "beta")
fits <- lapply(stats::setNames(methods, methods), function(method) {
  # 200 labels make few steps, which cost some of the order: that is told.
  without_warning(calibrate_confidence(data$stated, data$correct, method), "calibration")
})

test_that("calibrations print what they did", {
  expect_snapshot(for (fit in fits) print(fit))
  score <- calibrate_confidence(qlogis(data$confidence), data$correct, "platt", n_folds = 1)
  expect_snapshot(print(score))
  expect_snapshot(print(calibrate_confidence(data$stated[1:50], data$correct[1:50])))
})

test_that("tidy() is the map, glance() its effect", {
  expect_identical(names(tidy(fits$isotonic)), c("confidence", "probability"))
  expect_false(is.unsorted(tidy(fits$isotonic)$probability))
  expect_identical(tidy(fits$platt)$term, c("intercept", "slope"))
  for (fit in fits) {
    row <- glance(fit)
    expect_identical(nrow(row), 1L)
    expect_equal(row$brier_raw, mean((data$stated - data$correct)^2))
    expect_equal(row$brier, mean((predict(fit) - data$correct)^2))
  }
})

test_that("the plot draws the map over the bins", {
  plot <- ggplot2::autoplot(fits$platt)
  line <- plot_layer(plot, "GeomLine")
  expect_equal(line$y, predict(fits$platt, line$x), tolerance = 1e-12)
  points <- plot_layer(plot, "GeomPoint")
  expect_equal(points$y, reliability_curve(data$stated, data$correct, bins = "mass")$accuracy)
  margin <- calibrate_confidence(qlogis(data$confidence), data$correct, "platt")
  expect_identical(ggplot2::autoplot(margin)$labels$x, "Score")
})

test_that("confidences of another method are refused", {
  make <- function(x, method) structure(x, method = method, class = "judicious_confidence")
  fit <- calibrate_confidence(make(data$stated, "verbal"), data$correct, "platt")
  expect_equal(predict(fit, make(0.9, "verbal")), predict(fit, 0.9))
  expect_error(predict(fit, make(0.9, "vote")), class = "judicious_error_mixed_methods")
})
