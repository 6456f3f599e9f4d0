many <- function(correlation, n_labelled = 40) {
  set.seed(1)
  validate_coverage(rare_logs(correlation = correlation, n_labelled = n_labelled),
                    estimator(interval = c("beta", "normal")), n_rep = 50)
}

layers <- function(plot) lapply(seq_along(plot$layers), function(i) ggplot2::layer_data(plot, i))

test_that("coverage is drawn against the level, with its exact band and the diagonal", {
  x <- many(0.6)
  drawn <- layers(ggplot2::autoplot(x))
  expect_identical(c(drawn[[1]]$slope, drawn[[1]]$intercept), c(1, 0))
  expect_equal(sort(drawn[[2]]$ymin), sort(x$coverage_low))
  expect_equal(sort(drawn[[2]]$ymax), sort(x$coverage_high))
  expect_equal(sort(drawn[[4]]$y), sort(x$coverage))
  expect_equal(unique(sort(drawn[[4]]$x)), seq(0.5, 0.95, 0.05))
})

test_that("width is drawn against the correlation, at one level, in panels", {
  both <- rbind(many(0.2), many(0.6), many(0.2, 80), many(0.6, 80))
  plot <- ggplot2::autoplot(both, type = "width", conf_level = 0.9)
  points <- layers(plot)[[2]]
  at_level <- as.data.frame(both)[abs(both$conf_level - 0.9) < 1e-9, ]
  expect_equal(sort(points$y), sort(at_level$width))
  expect_equal(unique(sort(points$x)), c(0.2, 0.6))
  expect_identical(nlevels(points$PANEL), 2L)
  expect_match(plot$labels$y, "90%")
})

test_that("width needs correlations, and plot() draws and returns its argument", {
  own <- validate_coverage(function() rare_logs()(), function(data) estimate_mean(human ~ 1, data),
                           truth = 0.2, n_rep = 5)
  expect_error(ggplot2::autoplot(own, type = "width"), class = "judicious_error_design")
  withr::local_pdf(withr::local_tempfile())
  expect_identical(withVisible(plot(own)), list(value = own, visible = FALSE))
})
