set.seed(11)
data <- simulate_binary(2000, 0.1, 0.05, 0.6)
data$human <- reveal_labels(data$y_true, sample_uniform(2000, 200))
judge <- estimate_mean(y_proxy ~ 1, data, metric = "Rate")
both <- estimate_mean(human ~ y_proxy, data, metric = "Rate")

# Layers by what they draw.
layer <- function(plot, geom) {
  at <- which(vapply(plot$layers, function(l) inherits(l$geom, geom), NA))
  ggplot2::layer_data(plot, at)
}

test_that("the forest plot draws every estimate with its interval, first on top", {
  plot <- ggplot2::autoplot(compare_estimates(judge = judge, both = both, truth = 0.1))
  points <- layer(plot, "GeomPoint")
  expect_equal(points$x, c(judge$estimate, both$estimate))
  expect_gt(points$y[1], points$y[2])
  bars <- layer(plot, "GeomSegment")
  expect_equal(c(bars$x, bars$xend), c(judge$conf_low, both$conf_low, judge$conf_high,
                                       both$conf_high))
  expect_identical(layer(plot, "GeomVline")$xintercept, 0.1)
  expect_match(layer(plot, "GeomText")$label, "^[0-9.]+% \\[[0-9.]+%, [0-9.]+%\\]$")
  expect_identical(plot$labels$x, "Rate")
})

test_that("one estimate is shown beside the human labels alone", {
  plot <- ggplot2::autoplot(both, truth = 0.1)
  expect_equal(layer(plot, "GeomPoint")$x, c(both$labels_only$estimate, both$estimate))
  expect_identical(nrow(layer(ggplot2::autoplot(judge), "GeomPoint")), 1L)
})

test_that("without a truth there is no line, without a [0, 1] range no per cent", {
  plot <- ggplot2::autoplot(estimate_mean(I(human * 4) ~ I(y_proxy * 4), data))
  expect_false(any(vapply(plot$layers, function(l) inherits(l$geom, "GeomVline"), NA)))
  expect_no_match(layer(plot, "GeomText")$label, "%")
})

test_that("the level in the caption is that of the interval", {
  fit <- estimate_mean(human ~ y_proxy, data, conf_level = 0.9)
  expect_match(ggplot2::autoplot(fit)$labels$caption, "90%")
})

test_that("plot() draws and returns its object", {
  grDevices::pdf(NULL)
  withr::defer(grDevices::dev.off())
  expect_identical(withVisible(plot(both))$visible, FALSE)
  expect_identical(plot(compare_estimates(a = both))$label, "A")
})
