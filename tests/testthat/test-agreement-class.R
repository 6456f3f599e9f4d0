one_table <- function(...) {
  x <- rated_example(60)
  set.seed(1)
  agreement_metrics(x$human, x$judges, c("mse_srs", "hit_rate", "consistency"), n_boot = 400, ...)
}

test_that("print() shows one line per judge and metric", {
  expect_snapshot(one_table())
  expect_snapshot({
    log <- as_ratings(data.frame(id = 1:60, rs = c("yes", NA, "no")), item = id, set = rs,
                      task = yes_no(), source = "judge")
    agreement_metrics(rated_example(60)$human, log, c("mse_srs", "coverage_srs"), n_boot = 0) |>
      quiet()
  })
  expect_output(out <- withVisible(print(one_table())))
  expect_false(out$visible)
})

test_that("tidy() has broom's names, subsets are plain data frames", {
  x <- one_table()
  expect_identical(names(tidy(x)), c("term", "judge", "tau", "estimate", "std.error", "conf.low",
                                     "conf.high", "conf.level", "n_items", "n_ratings",
                                     "n_invalid"))
  expect_identical(tidy(x)$conf.low, x$conf_low)
  expect_setequal(names(attributes(as.data.frame(x))), c("names", "class", "row.names"))
  expect_identical(class(x[x$judge == "judge_a", ]), "data.frame")
})

test_that("autoplot() has one panel per metric", {
  plot <- ggplot2::autoplot(one_table(conf_level = 0.9))
  points <- ggplot2::layer_data(plot, 2)
  expect_equal(sort(points$x), sort(one_table()$estimate))
  expect_identical(nlevels(points$PANEL), 3L)
  expect_match(plot$labels$caption, "90%")
  withr::local_pdf(withr::local_tempfile())
  x <- one_table()
  expect_identical(withVisible(plot(x)), list(value = x, visible = FALSE))
})
