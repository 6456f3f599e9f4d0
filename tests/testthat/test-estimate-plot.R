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

test_that("a difference is drawn against no difference, in per cent if of rates", {
  set.seed(8)
  data <- data.frame(g = rep(c("a", "b"), each = 50), y = rbinom(100, 1, 0.4))
  plot <- ggplot2::autoplot(estimate_difference(y ~ 1, data = data, by = g))
  expect_match(plot$labels$caption, "dashed line: no difference")
  expect_match(plot$data$text[1], "%")
  expect_equal(plot$layers[[1]]$data$xintercept, 0)
  expect_match(ggplot2::autoplot(estimate_difference(y ~ 1, data = data, by = g), truth = 0.1)
               $labels$caption, "true value")
  data$y <- data$y + rnorm(100, 3)
  plot <- ggplot2::autoplot(estimate_ratio(y ~ 1, data = data, by = g))
  expect_equal(plot$layers[[1]]$data$xintercept, 1)
  cost <- data.frame(cost = rgamma(50, 3), solved = rgamma(50, 2))
  plot <- ggplot2::autoplot(estimate_ratio(cost ~ 1, solved ~ 1, data = cost))
  expect_no_match(plot$labels$caption, "dashed")
})

test_that("names of many rows take one line each, and of very many none", {
  set.seed(9)
  names <- paste(sprintf("%03d", 1:70), "an assistant with a name that is far longer than its row")
  data <- data.frame(g = rep(names, each = 30), y = rbinom(2100, 1, 0.3))
  groups <- estimate_groups(y ~ 1, data, by = g)
  shown <- function(x) {
    built <- ggplot2::ggplot_build(ggplot2::autoplot(x))
    built$layout$panel_params[[1]]$y$get_labels()
  }
  expect_true(any(grepl("\n", shown(groups[1:5]))))
  expect_false(any(grepl("\n", shown(groups[1:30]))))
  expect_match(shown(groups[1:30]), "[.]{3}", all = TRUE)
  expect_length(shown(groups), 0)
  expect_match(ggplot2::autoplot(groups)$labels$caption, "70 rows, in order")
})
