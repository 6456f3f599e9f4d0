withr::local_seed(31)
data <- simulate_confidence(2300)
checked <- data
checked$correct[-(1:300)] <- NA
guarantees <- c("selective", "fdr", "pac", "none")

test_that("each guarantee's threshold obeys its rule on the checked labels", {
  labelled <- data[1:300, ]
  pool <- data$confidence[-(1:300)]
  at <- function(t) {
    kept <- labelled$confidence >= t
    c(n = sum(kept), wrong = sum(!labelled$correct[kept]))
  }
  steps <- sort(labelled$confidence, decreasing = TRUE)
  rule <- function(g) choose_threshold(confidence, correct, guarantee = g, data = checked)$threshold
  # selective: from 15 % downwards, the first failure stops.
  p <- vapply(steps[45:300], function(t) stats::pbinom(at(t)[["wrong"]], at(t)[["n"]], 0.1), 0)
  expect_identical(rule("selective"), steps[45:300][which(p > 0.1)[1] - 1])
  # pac: wrong and kept, of all.
  p <- vapply(steps, function(t) stats::pbinom(at(t)[["wrong"]], 300, 0.1), 0)
  expect_identical(rule("pac"), min(steps[p <= 0.1]))
  # fdr: Benjamini-Hochberg by stats::p.adjust.
  p <- vapply(pool, function(s) {
    (1 + sum(!labelled$correct & labelled$confidence >= s)) / 301
  }, 0)
  expect_identical(rule("fdr"), min(pool[stats::p.adjust(p, "BH") <= 0.1 + 1e-12]))
  # none
  accuracy <- vapply(steps, function(t) 1 - at(t)[["wrong"]] / at(t)[["n"]], 0)
  expect_identical(rule("none"), min(steps[accuracy >= 0.9]))
})

test_that("what is kept is counted among the items to decide on", {
  pool <- data$confidence[-(1:300)]
  for (g in guarantees) {
    rule <- choose_threshold(confidence, correct, guarantee = g, data = checked)
    expect_identical(rule$n_items, 2000L)
    expect_identical(rule$n_kept, sum(pool >= rule$threshold))
    expect_identical(sum(apply_threshold(pool, rule) == "accept"), rule$n_kept)
    expect_equal(rule$share_kept, rule$n_kept / 2000)
    expect_identical(rule$table$guarantee[rule$table$chosen], g)
  }
  alone <- choose_threshold(confidence, correct, data = data[1:300, ])
  expect_identical(alone$n_items, 300L)
  expect_identical(alone$n_kept, sum(data$confidence[1:300] >= alone$threshold))
})

test_that("only the order of confidences matters", {
  for (g in guarantees) {
    rule <- choose_threshold(confidence, correct, guarantee = g, data = checked)
    moved <- choose_threshold(qlogis(checked$confidence), checked$correct, guarantee = g)
    expect_equal(moved$threshold, stats::qlogis(rule$threshold))
    expect_identical(moved$n_kept, rule$n_kept)
  }
})

test_that("ties are accepted or reviewed together", {
  stated <- round(checked$confidence, 1)
  for (g in guarantees) {
    rule <- choose_threshold(stated, checked$correct, guarantee = g)
    expect_true(rule$threshold %in% stated, info = g)
    expect_identical(rule$n_kept, sum(stated[-(1:300)] >= rule$threshold), info = g)
  }
})

test_that("when nothing can be accepted the threshold is Inf", {
  rule <- choose_threshold(data$confidence[1:20], data$correct[1:20])
  expect_identical(rule$threshold, Inf)
  expect_identical(rule$n_kept, 0L)
  expect_true(all(apply_threshold(c(0.5, 1, Inf), rule) == "review"))
})

test_that("items without a confidence go to a human", {
  decided <- apply_threshold(c(0.95, 0.9, 0.89, NA, NaN), 0.9)
  expect_identical(as.character(decided), c("accept", "accept", "review", "review", "review"))
  expect_identical(levels(decided), c("accept", "review"))
  expect_length(apply_threshold(double(), 0.9), 0)
  gaps <- checked
  gaps$confidence[c(1:20, 400:600)] <- NA
  rule <- choose_threshold(confidence, correct, guarantee = "pac", data = gaps)
  expect_identical(rule$n_labelled, 300L)
  expect_identical(rule$n_kept, sum(gaps$confidence[-(1:300)] >= rule$threshold, na.rm = TRUE))
})

test_that("confidences of another method are refused", {
  make <- function(x, method) structure(x, method = method, class = "judicious_confidence")
  rule <- choose_threshold(make(data$confidence, "vote"), data$correct, guarantee = "none")
  expect_error(apply_threshold(make(0.9, "verbal"), rule), class = "judicious_error_mixed_methods")
  expect_s3_class(apply_threshold(make(0.9, "vote"), rule), "factor")
})

test_that("mistakes are named", {
  expect_snapshot(error = TRUE, {
    choose_threshold(c(0.5, 0.6), c(NA, NA))
    choose_threshold(c(0.5, 0.6), c(1, 0), guarantee = "fdr")
    choose_threshold(c(0.5, 0.6), c(1, 0), target = 1)
    choose_threshold(c(0.5, 0.6), c(1, 0), delta = 0)
    choose_threshold(c(0.5, 0.6), c(1, 0), guarantee = "conformal")
    apply_threshold("high", 0.9)
    apply_threshold(0.9, "high")
  })
})
