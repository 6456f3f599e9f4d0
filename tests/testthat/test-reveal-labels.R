test_that("labels stay where selected is 1, with their type", {
  selected <- c(1L, 0L, NA, 1L)
  expect_identical(reveal_labels(c(TRUE, FALSE, TRUE, FALSE), selected), c(TRUE, NA, NA, FALSE))
  expect_identical(reveal_labels(1:4, selected), c(1L, NA, NA, 4L))
  expect_identical(reveal_labels(c(0.5, 1, 2, 3), selected), c(0.5, NA, NA, 3))
  expect_identical(reveal_labels(letters[1:4], selected), c("a", NA, NA, "d"))
  verdict <- factor(c("bad", "good", "bad", "bad"), levels = c("good", "bad"))
  revealed <- reveal_labels(verdict, selected)
  expect_identical(levels(revealed), c("good", "bad"))
  expect_identical(as.character(revealed), c("bad", NA, NA, "bad"))
  day <- as.Date("2024-01-01") + 0:3
  expect_identical(reveal_labels(day, selected), day[c(1, NA, NA, 4)])
})

test_that("a sample, its column, a plain frame and a logical vector say the same", {
  set.seed(1)
  plan <- sample_active(1:50, 10)
  y <- rnorm(50)
  expected <- reveal_labels(y, plan$selected)
  expect_identical(which(!is.na(expected)), which(plan$selected == 1))
  expect_identical(reveal_labels(y, plan), expected)
  expect_identical(reveal_labels(y, as.data.frame(plan)), expected)
  expect_identical(reveal_labels(y, plan$selected == 1), expected)
  expect_identical(reveal_labels(y, as.double(plan$selected)), expected)
})

test_that("a selected item without a label is reported", {
  expect_snapshot(out <- reveal_labels(c(1, NA, NA), c(1, 1, 0)))
  expect_identical(out, c(1, NA, NA))
  expect_warning(reveal_labels(c(NA, 1), c(1, 0)), class = "judicious_warning_unlabelled")
})

test_that("bad input is named", {
  expect_snapshot(reveal_labels(1:3, c(1, 0)), error = TRUE)
  expect_snapshot(reveal_labels(1:3, c(1, 0, 2)), error = TRUE)
  expect_snapshot(reveal_labels(1:3, c("a", "b", "c")), error = TRUE)
  expect_error(reveal_labels(list(1, 2), c(1, 0)), class = "judicious_error_type")
  expect_error(reveal_labels(NULL, c(1, 0)), class = "judicious_error_type")
  expect_error(reveal_labels(1:2, data.frame(xi = 0:1)), class = "judicious_error_type")
  expect_error(reveal_labels(1:2, factor(0:1)), class = "judicious_error_type")
})
