pairs <- data.frame(
  item = 1:6, choice = c("yes", "yes", "yes", "yes", "no", "no"),
  set = c("yes", "yes", "yes", "yes|no", "no", "yes|no")
)
fit <- fit_translation(pairs, yes_no())

test_that("printing says where the translation comes from", {
  expect_snapshot(fit)
  expect_snapshot(fit_translation(pairs, yes_no(), pool = "item_prior"))
  expect_snapshot(translation_beta(yes_no(), 0.3))
  expect_snapshot(translation_beta(yes_no(), 0.3, "positive_only"))
  expect_output(print(fit, max_sets = 2), "and 1 sets more")
})

test_that("tidy() has every possible cell with its standard error", {
  cells <- tidy(fit)
  expect_identical(names(cells), c("matrix", "choice", "set", "estimate", "std.error", "conf.low",
                                   "conf.high", "n"))
  expect_identical(nrow(cells), 8L)
  row <- cells[cells$matrix == "F_inverse" & cells$choice == "yes" & cells$set == "yes|no", ]
  expect_equal(row$estimate, 0.3)
  expect_equal(row$std.error, sqrt(0.3 * 0.7 / 6))
  expect_equal(row$conf.high, 0.3 + qnorm(0.975) * row$std.error)
  expect_identical(row$conf.low, 0)
  expect_identical(row$n, 1)
  expect_true(all(tidy(fit, conf_level = 0.5)$conf.high <= cells$conf.high))
  expect_identical(unique(tidy(fit, type = "F")$matrix), "F")
})

test_that("an assumed translation has no errors, and may have no F", {
  cells <- tidy(translation_beta(yes_no(), 0.3, "positive_only"))
  expect_identical(unique(cells$matrix), "F_inverse")
  expect_true(all(is.na(cells$std.error)))
  expect_equal(cells$estimate[cells$choice == "no" & cells$set == "yes"], 0.3)
})

test_that("glance() gives one row of facts", {
  facts <- glance(fit)
  expect_identical(nrow(facts), 1L)
  expect_identical(facts$n_pairs, 6)
  expect_equal(facts$sensitivity, 0.5)
  expect_identical(glance(translation_beta(yes_no(), 0.3))$beta, 0.3)
})

test_that("the heat map shows the matrix, cell by cell", {
  data <- ggplot2::ggplot_build(ggplot2::autoplot(fit, type = "F_inverse"))$plot$data
  cell <- data$prob[data$choice == "yes" & data$set == "yes | no"]
  expect_equal(cell, 0.3)
  expect_identical(nrow(data), 6L)
  expect_identical(data$text[data$prob == 0], c("", ""))
  expect_identical(levels(data$choice), c("yes", "no"))
  expect_identical(levels(data$set), c("yes | no", "no", "yes"))
  forward <- ggplot2::ggplot_build(ggplot2::autoplot(fit))$plot$data
  expect_equal(sum(forward$prob), 3)
})

test_that("a large translation is plotted by its most frequent sets", {
  set.seed(1)
  sim <- simulate_ratings(rating_task(letters[1:5], "a"), n_items = 200, n_judges = 0)
  big <- fit_translation(sim$human)
  data <- ggplot2::autoplot(big, max_sets = 4)$data
  expect_identical(nlevels(data$set), 4L)
  common <- names(sort(big$set_prob, decreasing = TRUE))[1:4]
  expect_setequal(gsub(" ", "", levels(data$set)), common)
})

test_that("F that depends on the item is not plotted", {
  tr <- translation_beta(yes_no(), 0.3, "positive_only")
  expect_snapshot(ggplot2::autoplot(tr, type = "F"), error = TRUE)
  expect_identical(nrow(ggplot2::autoplot(tr)$data), 4L)
})
