# What every function of this family says of input it cannot use.

x <- c(0.9, 0.8, 0.3)
y <- c(TRUE, FALSE, TRUE)

test_that("mistakes are named under the user's own call", {
  expect_snapshot(error = TRUE, {
    confidence_quality("high", y)
    confidence_quality(x, c(TRUE, FALSE))
    confidence_quality(x, c(1, 2, 0))
    confidence_quality(x, c("right", "wrong", "right"))
    confidence_quality(x, y, by = c("a", NA, "b"))
    confidence_quality(x, y, by = "a")
    confidence_quality(confidance, y, data = data.frame(confidence = x))
    confidence_quality(x, y, data = as.list(x))
    confidence_quality(double(), logical())
    confidence_quality(matrix(x, 3, 2), y)
    confidence_quality(data.frame(a = x, b = x, c = x), data.frame(a = y, b = y))
    confidence_quality(x, y, n_bins = 0)
    confidence_quality(x, y, closed = "both")
  })
})

test_that("errors are classed", {
  expect_error(confidence_quality("high", y), class = "judicious_error_type")
  expect_error(confidence_quality(x, c(1, 2, 0)), class = "judicious_error_range")
  expect_error(confidence_quality(x, y[1:2]), class = "judicious_error_length")
  expect_error(confidence_quality(x, y, by = c("a", NA, "b")), class = "judicious_error_missing_id")
})

test_that("truth may be logical, 0/1 or a factor with two levels", {
  expected <- quiet(confidence_quality(x, y))
  expect_equal(quiet(confidence_quality(x, as.numeric(y))), expected)
  expect_equal(quiet(confidence_quality(x, as.integer(y))), expected)
  expect_equal(quiet(confidence_quality(x, factor(y, labels = c("wrong", "right")))), expected)
})

test_that("the user's data are not changed", {
  confidence <- c(0.5, NA, 0.7)
  before <- confidence + 0
  quiet(confidence_quality(confidence, y))
  quiet(choose_threshold(confidence, y))
  quiet(calibrate_confidence(confidence, y, n_folds = 1))
  expect_identical(confidence, before)
})
