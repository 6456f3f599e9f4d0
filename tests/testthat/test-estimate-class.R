# What a result holds and how it prints.

asi <- utils::read.csv(system.file("extdata", "asi.csv", package = "judicious"))
published <- estimate_mean(y_true ~ y_proxy, asi, prob = pi, preset = "published",
                           metric = "Hallucination rate")

test_that("an estimate prints in a few plain lines", {
  expect_snapshot(published)
  expect_snapshot(estimate_mean(y_true ~ y_proxy, asi, prob = pi))
  expect_snapshot(estimate_mean(y_true ~ 1, asi, prob = pi))
  expect_snapshot(estimate_mean(y_proxy ~ 1, asi))
})

test_that("print returns its object invisibly and format has no side effect", {
  expect_output(shown <- withVisible(print(published)))
  expect_false(shown$visible)
  expect_identical(shown$value, published)
  expect_silent(lines <- format(published, digits = 5))
  expect_identical(lines[1], "Hallucination rate: 0.08754   95% CI [0.05186, 0.12323]")
})

test_that("a summary adds weights, strata and the human labels alone", {
  asi$kind <- rep(c("question", "summary"), 1100)
  fit <- estimate_mean(y_true ~ y_proxy, asi, prob = pi, strata = kind)
  expect_snapshot(summary(fit))
})

test_that("the result has the documented fields", {
  expect_named(published, c(
    "estimate", "std_error", "conf_low", "conf_high", "conf_level", "interval", "method", "preset",
    "formula", "estimand", "population", "metric", "range", "lambda", "df", "n_true", "n_proxy",
    "n_rows",
    "n_clusters", "n_effective", "labels_only", "strata", "estimate_raw", "flags", "boot",
    "inference", "call"
  ), ignore.order = TRUE)
  expect_identical(published$n_true, 183)
  expect_identical(published$n_proxy, 2200)
  expect_identical(published$range, c(0, 1))
  expect_identical(published$call[[1]], quote(estimate_mean))
})

test_that("the human labels alone are those of a fit without judges", {
  alone <- estimate_mean(y_true ~ 1, asi, prob = pi, preset = "published")
  both <- published$labels_only
  expect_equal(both[c("estimate", "std_error", "conf_low", "conf_high")],
               alone[c("estimate", "std_error", "conf_low", "conf_high")], tolerance = 1e-12)
  alone <- estimate_mean(y_true ~ 1, asi, prob = pi)
  both <- estimate_mean(y_true ~ y_proxy, asi, prob = pi)$labels_only
  expect_equal(both[c("estimate", "std_error", "conf_low", "conf_high")],
               alone[c("estimate", "std_error", "conf_low", "conf_high")], tolerance = 1e-12)
})

test_that("numbers are formatted for their size", {
  expect_identical(format_number(c(0.0876, 0)), c("0.088", "0.000"))
  expect_identical(format_number(12345.6), "1.23e+04")
  expect_identical(format_number(NA_real_), "NA")
})
