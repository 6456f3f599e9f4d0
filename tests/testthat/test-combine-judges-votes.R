wide <- data.frame(x = c("b", "a", NA), y = c("a", "a", "b"))

test_that("long and wide tables give the same", {
  long <- data.frame(item_id = c("i", "j", "i", "j", "k"), judge = c("x", "x", "y", "y", "y"),
                     label = c("b", "a", "a", "a", "b"))
  one <- combine_judges(wide, "dawid_skene")
  two <- combine_judges(long, "dawid_skene")
  expect_identical(two$item_id, c("i", "j", "k"))
  expect_equal(as.list(two[-1]), as.list(one[-1]))
  three <- combine_judges(stats::setNames(long, c("item", "rater", "rating")), "dawid_skene")
  expect_equal(as.list(three), as.list(two))
})

test_that("repeated labels of a judge all count", {
  long <- data.frame(item = c(1, 1, 1, 2), rater = c("x", "x", "y", "x"),
                     rating = c("a", "a", "b", "b"))
  out <- combine_judges(long)
  expect_equal(out$probability, c(2 / 3, 1))
  expect_identical(out$label, c("a", "b"))
  expect_identical(attr(out, "judges")$n_labels, c(3L, 1L))
})

test_that("gold labels of a long table may stand in any row of the item", {
  long <- data.frame(item = c(1, 1, 2, 2), rater = c("x", "y", "x", "y"),
                     rating = c(1, 1, 0, 1))
  out <- combine_judges(long, gold = c(NA, 1, 0, 0))
  expect_identical(attr(out, "n_gold"), 2L)
  expect_equal(attr(out, "judges")$accuracy, c(1, 0.5))
})

test_that("labels keep their type, and gold may hold labels no judge gives", {
  expect_type(combine_judges(data.frame(a = c(TRUE, FALSE), b = c(TRUE, TRUE)))$label, "logical")
  levels <- c("low", "mid", "high")
  out <- combine_judges(data.frame(a = factor(c("high", "low"), levels), b = factor("low", levels)))
  expect_identical(levels(out$label), levels)
  out <- combine_judges(wide, gold = c("c", NA, NA))
  expect_identical(colnames(attr(out, "probabilities")), c("a", "b", "c"))
  matrix <- matrix(c(2L, 1L, 2L, 2L), 2)
  expect_identical(attr(combine_judges(matrix), "judges")$judge, c("judge 1", "judge 2"))
  expect_identical(combine_judges(matrix)$label, c(2L, NA))
})
