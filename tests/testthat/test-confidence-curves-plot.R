withr::local_seed(5)
data <- simulate_confidence(300)
data$judge <- rep(c("a", "b", "c"), 100)

test_that("curves are printed in a few lines", {
  expect_snapshot({
    print(roc_points(confidence, correct, by = judge, data = data))
    print(completion_curve(confidence, correct, by = judge, data = data))
    print(reliability_curve(confidence, correct, by = judge, data = data))
  })
})

test_that("the ROC plot draws every point and names the area", {
  roc <- roc_points(confidence, correct, data = data)
  plot <- ggplot2::autoplot(roc)
  drawn <- plot_layer(plot, "GeomPath")
  expect_equal(drawn$x, roc$fpr)
  expect_equal(drawn$y, roc$tpr)
  expect_match(levels(plot$data$method), paste0("AUROC ", format_number(attr(roc, "auroc"))))
})

test_that("the completion plot draws quality, interval and target", {
  curve <- completion_curve(confidence, correct, by = judge, data = data)
  plot <- ggplot2::autoplot(curve, target = 0.9)
  band <- plot_layer(plot, "GeomRibbon")
  expect_setequal(round(band$ymin, 10), round(curve$conf_low, 10))
  expect_equal(plot_layer(plot, "GeomHline")$yintercept, 0.9)
  expect_length(unique(plot_layer(plot, "GeomLine")$colour), 3)
  expect_error(ggplot2::autoplot(curve, target = 2), class = "judicious_error_range")
})

test_that("the reliability plot draws the bins", {
  curve <- reliability_curve(confidence, correct, data = data)
  points <- plot_layer(ggplot2::autoplot(curve), "GeomPoint")
  expect_equal(points$x, curve$mean_confidence)
  expect_equal(points$y, curve$accuracy)
})

test_that("points of the reliability plot show how many labels they stand for, if that differs", {
  width <- ggplot2::autoplot(reliability_curve(confidence, correct, by = judge, data = data))
  sizes <- plot_layer(width, "GeomPoint")$size
  n <- reliability_curve(confidence, correct, by = judge, data = data)$n
  expect_equal(sizes / max(sizes), sqrt(n / max(n)))
  expect_identical(width$theme$legend.position, "right")

  mass <- reliability_curve(confidence, correct, data = data, bins = "mass")
  plot <- ggplot2::autoplot(mass)
  expect_identical(unique(plot_layer(plot, "GeomPoint")$size), 2.6)
  expect_null(plot$scales$get_scales("size"))

  # Equal confidences stay together: one bin of 200 labels, one of 20.
  tied <- reliability_curve(rep(c(0.9, 0.6), c(200, 20)), rep(c(1, 0), c(200, 20)), bins = "mass")
  expect_length(unique(plot_layer(ggplot2::autoplot(tied), "GeomPoint")$size), 2)
})

test_that("a picture holds no more than a few thousand points of a curve", {
  big <- simulate_confidence(6000)
  plot <- ggplot2::autoplot(roc_points(confidence, correct, data = big))
  expect_lte(nrow(plot$data), 2000)
  expect_equal(range(plot$data$fpr), c(0, 1))
})

test_that("plot() draws and returns its object", {
  grDevices::pdf(NULL)
  withr::defer(grDevices::dev.off())
  curve <- reliability_curve(confidence, correct, data = data)
  expect_identical(withVisible(plot(curve))$visible, FALSE)
  expect_identical(plot(curve), curve)
})
