test_that("a task keeps the order of its options, and of the positive ones", {
  task <- rating_task(c("very toxic", "toxic", "fine"), positive = c("toxic", "very toxic"))
  expect_s3_class(task, "judicious_task")
  expect_identical(task$options, c("very toxic", "toxic", "fine"))
  expect_identical(task$positive, c("very toxic", "toxic"))
  expect_null(task$sets)
  expect_identical(task_positive(task), 3L)
  expect_identical(task_positive(rating_task(c("a", "b"))), 0L)
})

test_that("sets are bitmasks in the order of size and options, however they are given", {
  options <- c("a", "b", "c")
  expect_identical(rating_task(options, "a", sets = 1)$sets, c(1L, 2L, 4L))
  expect_identical(rating_task(options, "a", sets = 3)$sets, c(1L, 2L, 4L, 3L, 5L, 6L, 7L))
  given <- list(c("c", "a"), "a", "b", "c", "a")
  expect_identical(rating_task(options, "a", sets = given)$sets, c(1L, 2L, 4L, 5L))
})

test_that("labels of sets follow the options", {
  task <- rating_task(c("a", "b", "c"))
  expect_identical(set_labels(c(5L, NA, 7L, 2L, 5L), task), c("a|c", NA, "a|b|c", "b", "a|c"))
})

test_that("thirty options fit, with any names", {
  task <- rating_task(paste("option", 1:30), positive = "option 30")
  expect_identical(task_positive(task), bitwShiftL(1L, 29L))
  expect_identical(set_labels(task_positive(task), task), "option 30")
})

test_that("impossible tasks are errors under the user's call", {
  expect_snapshot(error = TRUE, {
    rating_task(c("yes", "no"), positive = "maybe")
    rating_task(c("yes", "yes"))
    rating_task(c("yes", "a|b"))
    rating_task("yes")
    rating_task(c("yes", "no"), positive = c("yes", "no"))
    rating_task(c("a", "b", "c"), sets = list("a", c("a", "b")))
    rating_task(c("a", "b"), sets = list("a", "b", "z"))
  })
  expect_error(rating_task(1:3), class = "judicious_error_type")
  expect_error(rating_task(paste0("o", 1:31)), class = "judicious_error_length")
  expect_error(rating_task(c("a", " b")), class = "judicious_error_choice")
  expect_error(rating_task(c("a", NA)), class = "judicious_error_choice")
  expect_error(rating_task(c("a", "b"), sets = "a"), class = "judicious_error_type")
  expect_error(rating_task(c("a", "b"), sets = list("a", "b", character())),
               class = "judicious_error_length")
  expect_error(rating_task(c("a", "b"), sets = 3), class = "judicious_error_range")
})

test_that("printing tells options, positives and sets", {
  expect_snapshot(rating_task(c("yes", "no"), "yes"))
  expect_snapshot(rating_task(c("a", "b", "c"), c("a", "b"), sets = 1))
  expect_snapshot(rating_task(c("a", "b")))
})
