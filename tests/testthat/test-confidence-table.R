curve <- completion_curve(c(0.9, 0.8, 0.7, 0.6), c(1, 1, 0, 1), by = c("a", "b", "a", "b"))

test_that("subsets are plain data frames, the whole keeps its class", {
  expect_identical(class(curve[1:2, ]), "data.frame")
  expect_identical(class(as.data.frame(curve)), "data.frame")
  expect_identical(names(as.data.frame(curve)), names(curve))
  expect_null(attr(as.data.frame(curve), "conf_level"))
  expect_equal(as.list(tidy(curve)), as.list(as.data.frame(curve)))
})

test_that("print() returns its object invisibly", {
  out <- capture.output(shown <- withVisible(print(curve)))
  expect_false(shown$visible)
  expect_identical(shown$value, curve)
  expect_identical(out, format(curve))
})
