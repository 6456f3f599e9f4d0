# Proof of monitors by simulation, and plans made from it.

rare_batch <- function(rate = 0.02, n = 100, n_labelled = 20, kind = "binary", ...) {
  simulator(kind, n = n, true_mean = rate, proxy_mean = rate, correlation = 0.7,
            n_labelled = n_labelled, ...)
}

# The same streams in R: one monitor per stream, on the data sets of simulator().
alarms_in_r <- function(batch, n_batches, n_rep, ...) {
  vapply(seq_len(n_rep), function(i) {
    rows <- lapply(seq_len(n_batches), function(t) cbind(week = t, as.data.frame(batch())))
    watch <- quiet(monitor_mean(human ~ y_proxy, do.call(rbind, rows), batch = week,
                                range = c(0, 1), ...))
    any(tidy(watch)$alarm)
  }, NA)
}

test_that("the study in C++ counts what monitors in R say", {
  batch <- rare_batch(0.3)
  set.seed(2)
  in_core <- validate_monitor(batch, n_batches = 8, n_rep = 2000, threshold = 0.24)
  in_r <- alarms_in_r(batch, 8, 60, threshold = 0.24)
  expect_gt(binom.test(sum(in_r), 60, in_core$false_alarms)$p.value, 1e-3)
  expect_gt(in_core$false_alarms, 0.02)
})

test_that("false alarms keep what is promised, where the published rule does not", {
  set.seed(3)
  check <- validate_monitor(rare_batch(0.01, n = 300), n_rep = 1000, alternative = "less",
                            preset = c("recommended", "published"))
  expect_lt(check$false_alarms[1], 0.05)
  expect_gt(check$false_low[2], 0.05)
  clusters <- rare_batch(0.1, n_labelled = 10, kind = "binary_clusters", n_clusters = 40)
  expect_lt(validate_monitor(clusters, n_rep = 300)$false_alarms, 0.05)
  prob <- rare_batch(0.1, oversample = 3)
  expect_lt(validate_monitor(prob, n_rep = 300, alternative = "two.sided")$false_alarms, 0.05)
  blocks <- validate_monitor(rare_batch(0.1), n_rep = 300, window = 10, n_batches = 40)
  expect_lt(blocks$false_alarms, 0.05)
})

test_that("shifts are found, the sooner the larger", {
  set.seed(4)
  found <- function(rate) {
    validate_monitor(rare_batch(0.05, n_labelled = 50), after = rare_batch(rate, n_labelled = 50),
                     change_at = 5, n_batches = 30, threshold = 0.06, n_rep = 300)
  }
  small <- found(0.15)
  large <- found(0.5)
  expect_gt(small$detected, 0.8)
  expect_lt(large$delay, small$delay)
  expect_output(print(large), "until batch 5")
})

test_that("the same seed gives the same numbers on any number of threads", {
  run <- function(threads) {
    withr::with_seed(5, validate_monitor(rare_batch(0.1), n_rep = 100, n_batches = 10,
                                         threshold = 0.07, threads = threads))
  }
  expect_identical(run(1), run(2))
  expect_gt(run(1)$false_alarms, 0)
})

test_that("studies that make no sense are refused", {
  batch <- rare_batch()
  expect_error(validate_monitor(function() 1), class = "judicious_error_type")
  expect_error(validate_monitor(batch, after = batch), class = "judicious_error_design")
  clusters <- rare_batch(n_labelled = 5, kind = "binary_clusters", n_clusters = 20)
  expect_error(validate_monitor(batch, after = clusters, change_at = 3),
               class = "judicious_error_design")
  expect_error(validate_monitor(clusters, preset = "published"), class = "judicious_error_design")
})

test_that("a plan has the power it says, and more is asked of smaller shifts", {
  set.seed(6)
  plan <- function(shifted, ...) {
    plan_monitor(0.04, shifted, threshold = 0.05, within = 8, n_items = 200, n_rep = 200, ...)
  }
  large <- plan(0.2, correlation = 0.7)
  small <- plan(0.15, correlation = 0.7)
  alone <- plan(0.2)
  expect_lt(large$n_labels, small$n_labels)
  expect_lt(large$n_labels, alone$n_labels)
  n <- large$n_labels
  check <- validate_monitor(
    rare_batch(0.04, n = 200, n_labelled = n), n_batches = 8, change_at = 1, threshold = 0.05,
    after = rare_batch(0.2, n = 200, n_labelled = n), n_rep = 400,
    planned_std_error = large$std_error
  )
  expect_lt(abs(check$detected - large$power), 0.12)
  expect_output(print(large), paste(n, "labels a batch find a shift"))
  expect_true(all(diff(tidy(large)$n_labels) > 0))
  hopeless <- plan(0.06, power = 0.99)
  expect_true(is.na(hopeless$n_labels))
  expect_output(print(hopeless), "Not even all 200 rows")
  falling <- plan_monitor(0.9, 0.6, threshold = 0.85, within = 8, before = 4, n_items = 200,
                          n_rep = 100)
  expect_equal(falling$assumptions$alternative, "less")
  expect_output(print(falling), "False alarms over the 4 batches before")
  expect_error(plan(0.03), class = "judicious_error_range")
  expect_error(plan(0.2, proxy_mean = 0.1), class = "judicious_error_missing")
})
