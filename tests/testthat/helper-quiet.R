# Runs a call whose warnings and messages are not what the test is about.
quiet <- function(expr) suppressMessages(suppressWarnings(expr))

# Largest relative difference.
relative_error <- function(actual, expected) {
  actual <- as.numeric(unlist(actual))
  expected <- as.numeric(unlist(expected))
  stopifnot(length(actual) == length(expected))
  max(abs(actual - expected) / pmax(abs(expected), 1e-300))
}

expect_relative <- function(actual, expected, tolerance, what = NULL) {
  error <- relative_error(actual, expected)
  testthat::expect(
    isTRUE(error <= tolerance),
    paste0(what, ": relative error ", signif(error, 3), " above ", tolerance)
  )
}

# Without the warnings of some classes, given as they are in warn_judicious(): where a test means
# something else and says why they come.
without_warning <- function(expr, class) {
  suppressWarnings(expr, classes = paste0("judicious_warning_", class))
}
