two_raters <- function() {
  file <- label_file(c(
    "item_id,rater,label,seconds", "a,ann,yes,2", "b,ann,no,4", "c,ann,,30", "d,ann,cannot tell,5",
    "a,bob,yes,3", "b,bob,yes,5", "c,bob,no,7", "d,bob,maybe,"
  ))
  suppressWarnings(read_labels(file, yes_no()))
}

test_that("labels print in a few plain lines", {
  expect_identical(format(two_raters()), c(
    "Labels of 4 items by 2 raters",
    "ann: 2 labelled, 1 cannot tell, 1 skipped, 4.5 seconds an item (median)",
    "bob: 3 labelled, 1 no option (NA), 5 seconds an item (median)",
    "Options: yes, no (positive: yes)",
    "Two raters labelled the same item 2 times and disagreed 1 time (50.0%)",
    "Labels that are no option:", "  Item d, bob: \"maybe\""
  ))
  expect_output(expect_identical(print(two_raters()), two_raters()), "Labels of 4 items")
})

test_that("tidy() gives the numbers behind", {
  labels <- two_raters()
  raters <- tidy(labels)
  expect_identical(raters$n_labelled, c(2L, 3L))
  expect_identical(raters$median_seconds, c(4.5, 5))
  shares <- tidy(labels, "labels")
  expect_equal(sum(shares$n), 8)
  expect_equal(shares$share[shares$rater == "bob" & shares$label %in% "yes"], 0.5)
  pairs <- tidy(labels, "pairs")
  expect_equal(c(pairs$n_both, pairs$n_differ, pairs$share), c(2, 1, 0.5))
  answers <- tidy(labels, "items")
  expect_identical(answers$labels, c("yes, yes", "no, yes", "no", NA))
  expect_identical(answers$agree, c(TRUE, FALSE, NA, NA))
  alone <- labels[labels$rater == "ann", ]
  expect_false(inherits(alone, "judicious_labels"))
})

test_that("plots hold the numbers that tidy() gives", {
  labels <- two_raters()
  bars <- ggplot2::layer_data(ggplot2::autoplot(labels))
  expect_equal(sort(bars$xmax - bars$xmin), sort(as.double(tidy(labels, "labels")$n)))
  points <- ggplot2::layer_data(ggplot2::autoplot(labels, "time"), 2)
  expect_equal(sort(10^points$x), c(2, 3, 4, 5, 5, 7, 30))
  differ <- ggplot2::layer_data(ggplot2::autoplot(labels, "disagreement"))
  expect_equal(differ$x, 0.5)
  one <- read_labels(label_file(c("item_id,label", "a,yes")))
  expect_error(ggplot2::autoplot(one, "time"), class = "judicious_error_undefined")
  expect_error(ggplot2::autoplot(one, "disagreement"), class = "judicious_error_undefined")
})

test_that("as_ratings() takes labels that are to be kept", {
  labels <- two_raters()
  ratings <- as_ratings(labels, item = item_id, rater = rater, choice = label, source = "human",
                        task = yes_no())
  expect_s3_class(ratings, "judicious_ratings")
  expect_identical(length(ratings$choice), 8L)
})
