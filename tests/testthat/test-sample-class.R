active_plan <- function(budget = 20) {
  prob <- seq(0.05, 0.15, length.out = 200)
  selected <- rep(c(1L, rep(0L, 9)), 20)
  prob[191:200] <- NA
  selected[191:200] <- NA
  new_judicious_sample(list(prob = prob, selected = selected), "poisson", budget)
}

test_that("print() tells the budget, what was realised, and who left", {
  expect_snapshot({
    print(active_plan())
    set.seed(1)
    sample_uniform(12345, 1000)
    sample_clusters(rep(1:4, each = 3), 2)
    sample_active(c(1, 10, 1, 1), 2, mix = 0)
  })
  expect_invisible(print(active_plan()))
  expect_identical(capture.output(print(active_plan())), format(active_plan()))
})

priced_plan <- function() {
  selected <- rep(c(1L, 0L, NA), c(3, 5, 2))
  prob <- ifelse(is.na(selected), NA, 0.25)
  new_judicious_sample(
    list(prob = prob, selected = selected), "cost_optimal", budget = 1250, unit = "cost",
    costs = c(human = 400, judge = 1.5),
    policy = list(expected_cost = 1015, expected_labels = 2.5, relative_variance = 0.61234)
  )
}

test_that("print() tells prices and allocations", {
  expect_snapshot({
    priced_plan()
    set.seed(1)
    sample_stratified(rep(c("en", "fr", "a long one"), c(4000, 50, 12)), 1200,
                      rep(c(0, 1), 2031), "neyman")
    sample_stratified(rep(1:23, each = 4), 46, allocation = "proportional")
  })
  # 3 human labels and the judge's answers to the 8 items in the frame
  expect_match(format(priced_plan())[2], "realised cost: 1,212 (3 human labels, 8 judge labels)",
               fixed = TRUE)
})

test_that("the plot of a stratified sample shows the labels per stratum", {
  plan <- sample_stratified(rep(c("b", "a", "c"), c(40, 20, 10)), 14, allocation = "proportional")
  plot <- ggplot2::autoplot(plan)
  layer <- ggplot2::layer_data(plot)
  labels <- stats::setNames(layer$x, levels(plot$data$stratum)[layer$y])
  expect_equal(labels[c("a", "b", "c")], c(a = 4, b = 8, c = 2))
  expect_equal(as.numeric(layer$y), 3:1) # the first stratum on top
  expect_identical(ggplot2::layer_data(plot, 2)$label, c("4 of 20", "8 of 40", "2 of 10"))
})

test_that("the plot of a priced sample tells budget, expected and realised cost", {
  subtitle <- ggplot2::autoplot(priced_plan())$labels$subtitle
  expect_match(subtitle, "Budget: 1,250; realised cost: 1,212", fixed = TRUE)
  expect_match(subtitle, "Expected cost of all 10 items: 1,015", fixed = TRUE)
})

test_that("digits follow the option", {
  plan <- new_judicious_sample(list(prob = c(0.123456, 0.654321), selected = 0:1), "pivotal", 1)
  expect_match(format(plan)[3], "0.123 to 0.654", fixed = TRUE)
  withr::local_options(judicious.digits = 5)
  expect_match(format(plan)[3], "0.12346 to 0.65432", fixed = TRUE)
})

test_that("as.data.frame() and subsets are plain data frames", {
  plan <- active_plan()
  plain <- as.data.frame(plan)
  expect_identical(class(plain), "data.frame")
  expect_named(attributes(plain), c("names", "row.names", "class"), ignore.order = TRUE)
  expect_identical(plan[1:3, ], plain[1:3, ])
  expect_identical(plan["prob"], plain["prob"])
  expect_identical(plan[, "prob"], plain$prob)
  expect_identical(head(plan, 2), head(plain, 2))
  expect_identical(plan$selected, plain$selected)
})

test_that("the plot counts every item of the frame once, by status", {
  plan <- active_plan()
  layer <- ggplot2::layer_data(ggplot2::autoplot(plan))
  counts <- tapply(layer$y, layer$PANEL, sum)
  expect_equal(as.vector(counts), c(171, 19))
  edges <- sort(unique(c(layer$xmin, layer$xmax)))
  expect_equal(range(edges), range(plan$prob, na.rm = TRUE))
  chosen <- plan$prob[which(plan$selected == 1)]
  in_first <- layer[layer$PANEL == 2, ][1, ]
  expect_equal(in_first$y, sum(chosen < in_first$xmax))
  expect_length(unique(layer$fill), 2)
})

test_that("equal probabilities have no distribution: one bar, of selected and not", {
  set.seed(1)
  for (plan in list(sample_uniform(100, 30), sample_clusters(rep(1:50, 2), 15))) {
    plot <- ggplot2::autoplot(plan)
    layer <- ggplot2::layer_data(plot)
    expect_equal(sort(layer$xmax - layer$xmin), c(30, 70))
    expect_equal(plot$labels$caption, "Every item had the same chance: 0.3")
  }
})

test_that("plot() draws and returns its argument invisibly", {
  plan <- active_plan()
  withr::local_pdf(NULL)
  expect_invisible(expect_identical(plot(plan, n_bins = 5), plan))
  expect_error(ggplot2::autoplot(plan, n_bins = 0), class = "judicious_error_range")
})
