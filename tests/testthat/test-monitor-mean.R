# What a monitor promises: consistency over time, in every design, and plain errors.

test_that("update() with the next batches is one call with all rows, in every design", {
  for (kind in names(design_kinds)) {
    data <- rlang::inject(stream_data(6, !!!design_kinds[[kind]], binary = TRUE))
    whole <- monitor_data(data)
    step <- monitor_data(data[data$week <= 3, ])
    for (week in 4:6) step <- quiet(update(step, data[data$week == week, ]))
    expect_same_monitor(step, whole, kind)
    saved <- unserialize(serialize(monitor_data(data[data$week <= 4, ]), NULL))
    expect_same_monitor(quiet(update(saved, data[data$week > 4, ])), whole, kind)
  }
})

test_that("what was said stays said: prefixes agree, once the tuning batch is past or declared", {
  data <- stream_data(9, n = 200, judges = 2, binary = TRUE)
  for (args in list(list(tune_at = 4), list(planned_std_error = 0.05),
                    list(tune_at = 4, weights = "precision"), list(tune_at = 2, window = 3))) {
    whole <- monitor_numbers(rlang::inject(monitor_data(data, !!!args)))
    part <- monitor_numbers(rlang::inject(monitor_data(data[data$week <= 6, ], !!!args)))
    expect_equal(part, whole[1:6, ], ignore_attr = "row.names", tolerance = 1e-10)
  }
})

test_that("the order of rows does not matter, and batches need not be contiguous", {
  data <- stream_data(5, strata = 2, binary = TRUE)
  shuffled <- withr::with_seed(9, data[sample(nrow(data)), ])
  expect_same_monitor(monitor_data(shuffled), monitor_data(data))
})

test_that("late labels refit their batch: the batch again, or further rows", {
  for (clusters in c(0, 60)) {
    data <- stream_data(5, clusters = clusters, binary = TRUE)
    early <- data
    late <- which(data$week == 2 & !is.na(data$human))[1:20]
    early$human[late] <- NA
    watch <- monitor_data(early)
    expect_error(update(watch, data[data$week == 2, ]), class = "judicious_error_known_batch")
    expect_same_monitor(quiet(update(watch, data[data$week == 2, ], known = "replace")),
                        monitor_data(data), clusters)
  }
  data <- stream_data(4, binary = TRUE)
  held <- which(data$week == 3)[1:150]
  more <- quiet(update(monitor_data(data[-held, ]), data[held, ], known = "add"))
  expect_same_monitor(more, monitor_data(data))
})

test_that("a monitor goes on from summaries", {
  data <- stream_data(6, judges = 2, strata = 2, binary = TRUE)
  by_week <- function(rows) {
    quiet(summarise_labels(human ~ judge_1 + judge_2, rows, strata = stratum, by = week))
  }
  start <- monitor_mean(by_week(data[data$week < 4, ]), threshold = 0.5)
  both <- update(start, by_week(data[data$week >= 4, ]))
  expect_same_monitor(both, monitor_data(data))
  expect_error(update(start, data), class = "judicious_error_type")
  expect_error(monitor_mean(summarise_labels(human ~ 1, data), threshold = 0.5),
               class = "judicious_error_design")
})

test_that("a batch of a monitor has the estimate of its rows", {
  for (kind in names(design_kinds)) {
    data <- rlang::inject(stream_data(3, !!!design_kinds[[kind]]))
    watch <- monitor_data(data, power_tuning = FALSE, range = NULL)
    alone <- vapply(1:3, function(week) {
      fit_data(data[data$week == week, ], power_tuning = FALSE)$estimate_raw
    }, 0)
    expect_relative(tidy(watch)$estimate, alone, 1e-9, kind)
  }
})

test_that("the published standard error is that of the labels of the batch, the mean is plain", {
  data <- stream_data(4, judges = 0)
  watch <- monitor_data(data, preset = "published", conf_level = 0.8)
  se <- tapply(data$human, data$week, function(y) sd(y, na.rm = TRUE) / sqrt(sum(!is.na(y))))
  expect_equal(tidy(watch)$std.error, as.vector(se))
  means <- tapply(data$human, data$week, mean, na.rm = TRUE)
  expect_equal(tidy(watch)$running, as.vector(cumsum(means) / 1:4))
})

test_that("a batch without labels is carried and told", {
  data <- stream_data(6, binary = TRUE)
  data$human[data$week == 4] <- NA
  expect_message(
    watch <- monitor_mean(human ~ judge_1, data, batch = week, threshold = 0.5),
    class = "judicious_message_carried"
  )
  table <- tidy(watch)
  expect_true(is.na(table$estimate[4]) && is.na(table$lambda[4]))
  expect_equal(table$conf.low[4], table$conf.low[3])
  expect_equal(table$judge_mean[4], mean(data$judge_1[data$week == 4]))
  expect_match(format(watch), "carried", all = FALSE)
  without <- monitor_numbers(monitor_data(data[data$week != 4, ]))
  expect_equal(as.data.frame(table[-4, "conf.low"]), without["conf.low"])

  data <- stream_data(4, strata = 2, binary = TRUE)
  data$human[data$week == 2 & data$stratum == 1] <- NA
  expect_true(is.na(tidy(monitor_data(data))$estimate[2]))
})

test_that("one label a batch is enough once another batch had two", {
  data <- data.frame(week = rep(1:5, each = 4), human = c(1, 0, 0, NA, rep(c(0, NA, NA, NA), 4)))
  table <- tidy(monitor_mean(human ~ 1, data, batch = week, threshold = 0.9))
  expect_equal(table$estimate, c(1 / 3, 0, 0, 0, 0))
  expect_true(all(table$std.error > 0))
  table <- tidy(quiet(monitor_mean(human ~ 1, data[-(2:3), ], batch = week, threshold = 0.9)))
  expect_true(all(is.na(table$running)))
})

test_that("batches come in their own order", {
  data <- stream_data(3, judges = 0, binary = TRUE)
  as_batches <- function(batch) {
    quiet(monitor_mean(human ~ 1, cbind(data, batch = batch[data$week]), batch = batch,
                       threshold = 0.5))
  }
  dates <- as.Date("2026-01-05") + c(14, 0, 7)
  expect_equal(as_batches(dates)$batch, sort(dates))
  expect_equal(as.character(as_batches(factor(c("b", "a", "c"), c("c", "b", "a")))$batch),
               c("c", "b", "a"))
  expect_equal(as_batches(c(10, 9, 2.5))$batch, c(2.5, 9, 10))
  expect_equal(as_batches(c("w9", "w10", "w11"))$batch, c("w9", "w10", "w11"))
  strings <- cbind(data, batch = c("w9", "w10", "w11")[data$week])
  expect_message(monitor_mean(human ~ 1, strings, batch = batch, threshold = 0.5),
                 class = "judicious_message_batch_order")
  watch <- as_batches(dates)
  more <- cbind(data, batch = as.Date("2026-01-08"))
  expect_equal(quiet(update(watch, more))$batch, sort(c(dates, more$batch[1])))
})

test_that("blocks share half of the error", {
  data <- stream_data(7, n = 150, judges = 0, binary = TRUE)
  watch <- tidy(monitor_data(data, window = 3, conf_level = 0.9, tune_at = 3))
  expect_equal(watch$block, c(1, 1, 1, 2, 2, 2, 3))
  first <- monitor_data(data[data$week <= 3, ], conf_level = 1 - 0.05 * 6 / pi^2, tune_at = 3)
  expect_equal(watch$block.low[1:3], tidy(first)$conf.low)
  since <- monitor_data(data, conf_level = 0.95, tune_at = 3)
  expect_equal(watch$conf.low, tidy(since)$conf.low)
  planned <- tidy(monitor_data(data, window = 3, n_blocks = 3, conf_level = 0.9, tune_at = 3))
  first <- monitor_data(data[data$week <= 3, ], conf_level = 1 - 0.05 / 3, tune_at = 3)
  expect_equal(planned$block.low[1:3], tidy(first)$conf.low)
  expect_error(monitor_data(data, window = 3, n_blocks = 2), class = "judicious_error_range")
  expect_error(monitor_data(data, n_blocks = 2), class = "judicious_error_design")
})

test_that("a two-sided monitor mirrors, and labels may be turned round", {
  data <- stream_data(5, binary = TRUE)
  turned <- data
  turned$human <- 1 - turned$human
  turned$judge_1 <- 1 - turned$judge_1
  above <- tidy(monitor_data(data, threshold = 0.3))
  below <- tidy(monitor_data(turned, threshold = 0.7, alternative = "less"))
  expect_equal(above$conf.low, 1 - below$conf.high)
  expect_equal(above$alarm, below$alarm)
  both <- tidy(monitor_data(data, alternative = "two.sided"))
  expect_equal(both$running - both$conf.low, both$conf.high - both$running)
})

test_that("a judge that is off shows as bias over time, selected labels in check_p", {
  data <- stream_data(4, n = 400, binary = TRUE)
  table <- tidy(monitor_data(data))
  labelled <- data[!is.na(data$human), ]
  bias <- tapply(labelled$judge_1 - labelled$human, labelled$week, mean)
  expect_equal(table$judge_bias, as.vector(bias))
  two <- stream_data(3, judges = 2)
  expect_true(all(c("lambda_judge_1", "judge_bias_judge_2") %in% names(tidy(monitor_data(two)))))

  week <- data[data$week == 3, ]
  week$human <- ifelse(week$judge_1 == 1, week$judge_1, NA)
  picked <- rbind(data[data$week != 3, ], week)
  watch <- monitor_data(picked)
  expect_lt(tidy(watch)$check_p[3], 1e-6)
  expect_match(format(watch), "random sample in batch 3", all = FALSE)
})

test_that("what cannot be watched is refused", {
  data <- stream_data(3, clusters = 60, binary = TRUE)
  watch <- function(...) quiet(monitor_mean(human ~ judge_1, data, ...))
  expect_error(watch(batch = week), class = "judicious_error_missing")
  expect_error(watch(threshold = 0.5), class = "judicious_error_missing")
  expect_error(watch(batch = week, threshold = 0.5, conf_level = 0.4),
               class = "judicious_error_range")
  expect_error(watch(batch = week, threshold = 0.5, power_tuning = "ppi++"),
               class = "judicious_error_choice")
  expect_error(watch(batch = week, threshold = 0.5, planned_std_error = 0.1, weights = "rows"),
               class = "judicious_error_design")
  expect_error(watch(batch = week, threshold = 0.5, clusters = cluster, preset = "published"),
               "clusters", class = "judicious_error_design")
  expect_error(watch(batch = replace(week, 5, NA), threshold = 0.5), "row 5",
               class = "judicious_error_missing_id")
  expect_error(watch(batch = week, threshold = 0.5, range = c(0, 0.5)),
               class = "judicious_error_range")
  data$cluster <- sub("^[0-9] ", "", data$cluster)
  expect_error(watch(batch = week, threshold = 0.5, clusters = cluster), "one batch",
               class = "judicious_error_clusters")
  first <- quiet(monitor_mean(human ~ judge_1, data[data$week == 1, ], batch = week,
                              clusters = cluster, threshold = 0.5))
  expect_error(quiet(update(first, data[data$week == 2, ])), class = "judicious_error_clusters")
  expect_error(update(first, 1:3), class = "judicious_error_type")
  strings <- transform(data, cluster = paste(week, cluster), week = paste("week", week))
  expect_error(quiet(update(first, strings)), "another type", class = "judicious_error_type")
})

test_that("a monitor is told in plain lines", {
  data <- withr::with_seed(4, data.frame(week = rep(1:8, each = 100),
                                         human = rbinom(800, 1, rep(c(0.05, 0.3), each = 400))))
  watch <- monitor_mean(human ~ 1, data, batch = week, threshold = 0.1, metric = "Error rate")
  lines <- format(watch)
  expect_match(lines[1], "^ALARM at batch [5-8]: Error rate is above 0.100, at least 0.1")
  expect_match(lines[1], "95% sure over all looks")
  expect_match(lines[2], "^After batch 8: mean since the start")
  expect_output(print(watch), "800 human labels")
  quietly <- monitor_mean(human ~ 1, data, batch = week, threshold = 0.4)
  expect_match(format(quietly)[1], "^No alarm in 8 batches")
  expect_match(format(quietly)[1], "not shown to be above 0.4")
  facts <- glance(watch)
  expect_true(facts$alarm)
  expect_equal(facts$first_alarm, which(tidy(watch)$alarm)[1])
  expect_equal(nobs(watch), 800)
  expect_s3_class(ggplot2::autoplot(watch), "ggplot")
  expect_silent(ggplot2::ggplot_build(ggplot2::autoplot(quietly)))
})

test_that("a saved monitor does not hold the old rows", {
  watch <- local({
    rows <- stream_data(4, n = 20000, share = 0.01, binary = TRUE)
    quiet(monitor_mean(human ~ judge_1, rows, batch = week, threshold = 0.5))
  })
  expect_lt(length(serialize(watch, NULL)), 2e5)
})

test_that("a threshold that no rate can have is refused", {
  data <- data.frame(week = rep(1:4, each = 50), y = rep(c(0, 0, 0, 1), 50))
  for (odd in c(30, -2)) {
    expect_error(monitor_mean(y ~ 1, data, batch = week, threshold = odd),
                 class = "judicious_error_range")
  }
  expect_error(quietly(monitor_mean(I(5 * y) ~ 1, data, batch = week, threshold = 6,
                                    range = c(0, 5))), class = "judicious_error_range")
  expect_no_error(quietly(monitor_mean(I(5 * y) ~ 1, data, batch = week, threshold = 6)))
})
