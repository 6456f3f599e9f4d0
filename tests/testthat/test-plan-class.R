plan <- plan_annotation(
  list(rate = 0.1, correlation = 0.6, n_total = 2000, human_cost = 2, judge_cost = 0.01),
  width = 0.08, mu = 0.05, uncertainty = rep(c(0.2, 0.6), c(1500, 500))
)
open <- plan_annotation(list(mean = 3, sd = 1), n = c(50, 100))

test_that("a plan prints sentences, then the table", {
  withr::local_options(width = 100)
  expect_snapshot({
    plan
    open
    plan_annotation(list(rate = 0.2, correlation = 0.5, n_total = 600, cluster_size = 4, icc = 0.2),
                    width = 0.15)
  })
})

test_that("printing returns the plan, tables hold one row per number of labels", {
  expect_output(shown <- withVisible(print(plan)))
  expect_identical(shown, list(value = plan, visible = FALSE))
  expect_identical(as.data.frame(plan), as.data.frame(tidy(plan)))
  expect_named(tidy(plan), c("n_true", "n_proxy", "width", "power", "n_effective",
                             "width_labels_only", "power_labels_only", "n_labels_only",
                             "width_active", "power_active", "cost", "cost_labels_only", "chosen"))
  expect_identical(sum(tidy(plan)$chosen), 1L)
  expect_true(all(diff(tidy(plan)$width) < 0))
  expect_identical(tidy(open)$n_true, c(50, 100))
  expect_true(all(is.na(tidy(open)$power)))
})

test_that("digits are those asked for", {
  expect_match(format(plan, digits = 1)[1], "is then 0.1 wide", fixed = TRUE)
})

layer_of <- function(plot, geom) {
  ggplot2::layer_data(plot, which(vapply(plot$layers, function(l) inherits(l$geom, geom), NA)))
}

test_that("the plot shows a curve per design and marks the recommendation", {
  drawn <- ggplot2::autoplot(plan)
  lines <- layer_of(drawn, "GeomLine")
  expect_setequal(lines$colour, c("#0072B2", "#D55E00", "#009E73"))
  expect_length(unique(lines$linetype), 3)
  expect_identical(nlevels(lines$PANEL), 2L)
  point <- layer_of(drawn, "GeomPoint")
  row <- tidy(plan)[tidy(plan)$chosen, ]
  expect_equal(10^point$x, rep(plan$chosen, 2))
  expect_equal(point$y, c(row$width, row$power))
  expect_identical(layer_of(drawn, "GeomHline")$yintercept, 0.08)
  # The curve passes through the recommendation.
  curve <- lines[lines$PANEL == 1 & lines$colour == "#0072B2", ]
  expect_equal(approx(curve$x, log(curve$y), log10(plan$chosen))$y, log(row$width),
               tolerance = 0.01)
})

test_that("without a goal nothing is marked, without mu there is one panel", {
  drawn <- ggplot2::autoplot(open)
  expect_false(any(vapply(drawn$layers, function(l) inherits(l$geom, "GeomPoint"), NA)))
  expect_identical(nlevels(droplevels(layer_of(drawn, "GeomLine")$PANEL)), 1L)
})

test_that("plot() draws and returns its plan", {
  grDevices::pdf(NULL)
  withr::defer(grDevices::dev.off())
  expect_identical(withVisible(plot(open)), list(value = open, visible = FALSE))
})
