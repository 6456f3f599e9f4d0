withr::local_seed(51)
truth <- stats::rbinom(300, 1, 0.4)
judge <- function(accuracy) ifelse(stats::runif(300) < accuracy, truth, 1 - truth)
labels <- data.frame(a = judge(0.9), b = judge(0.7), c = judge(0.65), d = judge(0.6))
plain <- combine_judges(labels)
model <- combine_judges(labels, "dawid_skene")
stack <- combine_judges(labels, "stack", gold = replace(truth, 201:300, NA))

test_that("combined labels print the panel, not the items", {
  expect_snapshot({
    print(plain)
    print(model)
    print(stack)
    print(combine_judges(labels, "weighted", gold = truth))
  })
})

test_that("tidy() holds the confusion matrices, glance() the facts", {
  table <- tidy(model)
  expect_identical(nrow(table), 16L)
  cell <- table$judge == "b" & table$truth == "1" & table$label == "0"
  expect_identical(table$estimate[cell], attr(model, "confusion")["b", "1", "0"])
  expect_equal(as.vector(tapply(table$estimate, list(table$judge, table$truth), sum)), rep(1, 8))
  expect_true(glance(model)$converged)
  expect_lt(glance(model)$log_likelihood, 0)
  expect_identical(glance(stack)$n_gold, 200L)
})

test_that("subsets are plain data frames", {
  expect_identical(class(plain[1:3, ]), "data.frame")
  expect_identical(names(as.data.frame(plain)), c("item_id", "label", "probability", "tie"))
  expect_null(attr(as.data.frame(plain), "confusion"))
})

test_that("the plot shows every cell of every matrix", {
  plot <- ggplot2::autoplot(model)
  expect_identical(nrow(plot_layer(plot, "GeomTile")), 16L)
  text <- plot_layer(plot, "GeomText")$label
  expect_setequal(text, whole_percent(tidy(model)$estimate))
  expect_match(plot$labels$caption, "model")
  expect_match(ggplot2::autoplot(stack)$labels$caption, "gold")
})

test_that("a judge and an item come out of a combination as confidence", {
  confidence <- replace(stack$probability, is.na(stack$label), NA)
  quality <- confidence_quality(confidence, stack$label == truth)
  expect_gt(quality$auroc, 0.6)
  expect_lt(quality$ece, 0.1)
})
