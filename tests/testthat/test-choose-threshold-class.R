withr::local_seed(41)
checked <- simulate_confidence(1300)
checked$correct[-(1:300)] <- NA
rules <- lapply(c("selective", "fdr", "pac", "none"), function(g) {
  choose_threshold(confidence, correct, guarantee = g, data = checked)
})

test_that("rules print their promise and its price", {
  withr::local_options(width = 100)
  expect_snapshot(for (rule in rules) print(rule))
})

test_that("a rule that keeps almost nothing names the one that keeps more", {
  withr::local_options(width = 100)
  withr::local_seed(42)
  weak <- data.frame(confidence = stats::runif(400), correct = rep(c(TRUE, TRUE, TRUE, FALSE), 100))
  weak$correct[201:400] <- NA
  rule <- choose_threshold(confidence, correct, data = weak)
  expect_identical(rule$n_kept, 0L)
  expect_match(format(rule), "guarantee = \"pac\" keeps", all = FALSE)
  expect_snapshot(print(rule))
  few <- choose_threshold(c(0.9, 0.8, 0.7), c(TRUE, TRUE, TRUE))
  expect_match(format(few), "22 checked labels are the least", all = FALSE)
  hopeless <- choose_threshold(stats::runif(60), rep(FALSE, 60))
  expect_match(format(hopeless), "whatever the guarantee", all = FALSE)
})

test_that("tidy() is the price list, glance() the rule", {
  prices <- tidy(rules[[1]])
  expect_setequal(prices$guarantee, c("selective", "fdr", "pac", "none"))
  for (rule in rules) {
    row <- glance(rule)
    expect_identical(row$threshold, prices$threshold[prices$guarantee == row$guarantee])
    expect_identical(row$n_kept, prices$n_kept[prices$guarantee == row$guarantee])
    expect_identical(row$n_labelled, 300L)
  }
})

test_that("the plot marks every choice on the curve of the checked labels", {
  plot <- ggplot2::autoplot(rules[[1]])
  points <- plot_layer(plot, "GeomPoint")
  expect_identical(nrow(points), 4L)
  curve <- completion_curve(confidence, correct, data = checked[1:300, ])
  expect_true(all(round(points$x, 12) %in% round(curve$completion, 12)))
  expect_equal(plot_layer(plot, "GeomHline")$yintercept, 0.9)
  nothing <- choose_threshold(c(0.9, 0.8, 0.7), c(TRUE, FALSE, TRUE))
  expect_match(ggplot2::autoplot(nothing)$labels$title, "No label")
})
