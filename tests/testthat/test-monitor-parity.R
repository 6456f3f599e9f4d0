# Golden numbers of both rules.

expect_trace <- function(monitor, expected, info, tolerance = 1e-10) {
  table <- tidy(monitor)
  one_sided <- monitor$settings$alternative
  bound <- if (one_sided == "less") table$conf.high else table$conf.low
  expect_relative(table$estimate, expected$batch_mean, tolerance, info)
  expect_relative(table$std.error, expected$batch_std, tolerance, info)
  expect_relative(table$running, expected$running_mean, tolerance, info)
  expect_relative(bound, expected$confidence_bound, tolerance, info)
  expect_equal(table$alarm, expected$alarm, info = info)
}

published_monitor <- function(case, formula, data) {
  quiet(monitor_mean(
    formula, data, batch = batch, threshold = case$threshold, preset = "published",
    alternative = if (case$higher_is_better) "less" else "greater",
    conf_level = case$confidence_level, tune_at = case$tightest_at_batch,
    power_tuning = if (isFALSE(case$power_tuning)) FALSE
  ))
}

test_that("the published monitors are reproduced", {
  golden <- read_reference("monitors.json")
  for (case in golden$asymptotic_pprm) {
    data <- data.frame(batch = case$batches, y = case$y_true, f = case$y_proxy)
    monitor <- published_monitor(case, y ~ f, data)
    info <- paste("judge, case", case$id)
    expect_trace(monitor, case$expected, info)
    expect_relative(tidy(monitor)$lambda, case$expected$lambda, 1e-10, info)
    expect_equal(tidy(monitor)$n_true, case$expected$batch_n_true)
    expect_identical(first_alarm(monitor), as.integer(case$expected$first_alarm_position %||% NA))
  }
  for (case in golden$asymptotic_classical) {
    data <- data.frame(batch = case$batches, y = case$y)
    expect_trace(published_monitor(case, y ~ 1, data), case$expected, paste("labels", case$id))
  }
})

test_that("the repaired monitors are reproduced, one- and two-sided", {
  for (case in read_reference("monitors_repaired.json")$cases) {
    data <- repaired_rows(case)
    watch <- function(...) {
      monitor_data(data, threshold = case$threshold, tune_at = case$tightest_at_batch,
                   range = c(0, 1), ...)
    }
    side <- if (case$higher_is_better) "less" else "greater"
    info <- paste("case", case$id)
    expected <- case$expected$one_sided_80
    expect_trace(watch(alternative = side, conf_level = 0.8), expected, info)
    both <- watch(alternative = "two.sided", conf_level = 0.95)
    expected <- case$expected$two_sided_95
    ends <- cbind(expected$confidence_bound, expected$other_bound)
    expect_relative(tidy(both)$conf.low, apply(ends, 1, min), 1e-10, info)
    expect_relative(tidy(both)$conf.high, apply(ends, 1, max), 1e-10, info)
    expect_relative(unname(both$fit$lambda), matrix(unlist(expected$lam), nrow(both$fit$lambda),
                                                    byrow = TRUE), 1e-10, info)
  }
})
