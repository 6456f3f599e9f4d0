answers <- function() {
  as_judgments(data.frame(
    item_id = rep(1:4, 2), judge = rep(c("b", "a"), each = 4),
    label = c("yes", "no", NA, "yes", "no", "no", "no", "yes"), human = c("yes", NA, NA, "no")
  ), item = item_id, judge = judge, label = label, human = human,
  task = rating_task(c("yes", "no"), "yes"))
}

test_that("judges are printed in their order, with what could not be read", {
  expect_equal(format(answers()), c(
    "Judgements of 4 items by 2 judges",
    "b: 4 items, 4 answers, 1 unreadable (NA), mean score 0.667",
    "a: 4 items, 4 answers, mean score 0.250",
    "Labels: yes, no", "Human labels: 2 items"
  ))
  expect_output(expect_invisible(print(answers())), "1 unreadable")
})

test_that("tidy() and glance() count answers, labels and items", {
  labels <- tidy(answers(), type = "labels")
  expect_equal(labels$label, c("yes", "no", NA, "yes", "no"))
  expect_equal(labels$share, c(0.5, 0.25, 0.25, 0.25, 0.75))
  expect_equal(as.list(glance(answers())),
               list(n_items = 4L, n_judges = 2L, n_systems = 0L, n_answers = 8L, n_missing = 1L,
                    n_human = 2L))
})

test_that("subsets of rows are judgements, subsets of columns data frames", {
  some <- answers()[3:6, ]
  expect_s3_class(some, "judicious_judgments")
  expect_equal(attr(some, "task"), attr(answers(), "task"))
  expect_equal(class(answers()[c("item_id", "label")]), "data.frame")
  expect_equal(answers()[["label"]][2], "no")
  expect_equal(class(as.data.frame(answers())), "data.frame")
  lost <- answers()
  lost$human <- NULL
  expect_error(widen_judgments(lost), "human", class = "judicious_error_column")
  expect_output(print(lost), "item_id")
})

test_that("the plot shows all answers, those without a label in grey", {
  plot <- ggplot2::autoplot(answers())
  bars <- ggplot2::layer_data(plot)
  expect_equal(sum(bars$xmax - bars$xmin), 2)
  expect_equal(sum((bars$xmax - bars$xmin)[bars$fill == "grey75"]), 0.25)
  scores <- ggplot2::autoplot(as_judgments(data.frame(label = 1:50 / 7), label = label))
  expect_equal(sum(ggplot2::layer_data(scores)$count), 50)
  expect_error(ggplot2::autoplot(as_judgments(data.frame(label = NA), label = label)),
               class = "judicious_error_undefined")
})
