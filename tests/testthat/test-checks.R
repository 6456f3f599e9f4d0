# Each check names the argument, the rule and the first offender, under the call
# of the function the user typed.

typed <- function(x, check, ...) check(x, ...)

test_that("checks pass good values through", {
  expect_identical(check_number(3L), 3)
  expect_identical(check_count(7), 7)
  expect_true(check_flag(TRUE))
  expect_identical(check_choice("a", c("a", "b")), "a")
  expect_identical(check_numeric_vector(c(TRUE, FALSE)), c(1, 0))
  expect_identical(check_conf_level(0.9), 0.9)
})

test_that("checks refuse bad values and say what is wrong", {
  value <- 2.5
  expect_error(check_count(value), "`value` must be a whole number, not 2.5",
               class = "judicious_error_type")
  expect_error(check_number(c(1, 2)), class = "judicious_error_type")
  expect_error(check_number(NA_real_), class = "judicious_error_type")
  expect_error(check_number(-1, lower = 0), "at least 0", class = "judicious_error_range")
  expect_error(check_conf_level(1), "strictly between 0 and 1", class = "judicious_error_range")
  expect_error(check_flag("yes"), class = "judicious_error_type")
  expect_error(check_choice("c", c("a", "b")), "\"a\" or \"b\"", class = "judicious_error_choice")
  expect_error(check_finite(c(1, NA, Inf)), "Element 2", class = "judicious_error_finite")
  expect_error(check_between(c(0.5, 2), 0, 1), "Element 2 is 2", class = "judicious_error_range")
  expect_error(check_numeric_vector("a"), class = "judicious_error_type")
  expect_error(check_length(1:3, 2, n_arg = "item"), "one element per item \\(2\\), not 3",
               class = "judicious_error_length")
})

test_that("errors carry the user's call, the argument and the places", {
  error <- tryCatch(typed(c(1, 5), check_between, 0, 1, arg = "scores"),
                    judicious_error = identity)
  expect_identical(error$arg, "scores")
  expect_identical(error$where, 2L)
  expect_identical(error$call[[1]], quote(typed))
})

test_that("threads come from the argument, the option, or are one", {
  expect_identical(check_threads(3), 3L)
  withr::local_options(judicious.threads = 2)
  expect_identical(check_threads(NULL), 2L)
  withr::local_options(judicious.threads = NULL)
  expect_identical(check_threads(NULL), 1L)
  expect_error(check_threads(0), "`threads` must be at least 1", class = "judicious_error_range")
})

test_that("what the core throws becomes a classed error", {
  expect_error(call_core(active_probabilities_cpp(c(1, 1e-320), 1)),
               class = "judicious_error_undefined")
})
