# Tables and numbers that gave a result and meant something else. Each case stands for its kind.

krippendorff_table <- data.frame(
  a = c(1, 2, 3, 3, 2, 1, 4, 1, 2, NA, NA, NA), b = c(1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NA, 3),
  c = c(NA, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NA), d = c(1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NA)
)

long_of <- function(table, items = seq_len(nrow(table))) {
  data.frame(item = rep(items, ncol(table)), rater = rep(names(table), each = nrow(table)),
             label = unlist(table, use.names = FALSE))
}

test_that("long tables are no raters", {
  long <- long_of(krippendorff_table)
  coded <- data.frame(unit = long$item, coder_id = match(long$rater, letters), score = long$label)
  nameless <- unname(as.matrix(coded))
  for (x in list(long, coded, nameless, long[c(2, 1, 3)])) {
    expect_error(agree_krippendorff_alpha(x), class = "judicious_error_shape")
    expect_error(agree_fleiss_kappa(x), class = "judicious_error_shape")
  }
  words <- data.frame(annotator = rep(c("ann", "bob"), 4), label = rep(c("y", "n"), each = 4))
  expect_error(agree_fleiss_kappa(words), class = "judicious_error_shape")
  expect_snapshot(error = TRUE, agree_krippendorff_alpha(long))
})

test_that("ids are no ratings", {
  x <- krippendorff_table
  with_ids <- list(cbind(id = 1:12, x), cbind(1:12, as.matrix(x)), cbind(x, doc_id = 101:112),
                   cbind(v = 1001:1012, x), cbind(case = 12:1, x))
  for (table in with_ids) {
    expect_error(agree_krippendorff_alpha(table), class = "judicious_error_shape")
  }
  texts <- data.frame(w = paste("comment", 1:4), a = c("y", "n", "y", "y"),
                      b = c("y", "n", "n", "y"))
  expect_error(agree_fleiss_kappa(texts), class = "judicious_error_shape")
  expect_error(combine_judges(texts), class = "judicious_error_shape")
  expect_snapshot(error = TRUE, agree_krippendorff_alpha(cbind(id = 1:12, x)))
  # what raters say may be all different, and may be in order
  expect_no_error(agree_krippendorff_alpha(cbind(a = c(1.1, 2.3, 3.2, 4), b = c(1, 2.2, 3.1, 4)),
                                           level = "interval"))
  expect_no_error(quiet(agree_fleiss_kappa(cbind(c(1, 2, 3), c(1, 2, 2)))))
})

test_that("counts are no ratings, and ids no counts", {
  counts <- rbind(c(3, 0, 2), c(1, 2, 2), c(0, 5, 0), c(5, 0, 0))
  named <- data.frame(yes = c(3, 0, 1, 4), no = c(1, 3, 3, 0))
  two <- cbind(c(0, 4, 2, 3), c(4, 0, 2, 1))
  for (x in list(counts, as.data.frame(counts), named, two)) {
    expect_error(agree_krippendorff_alpha(x), class = "judicious_error_shape")
    expect_error(agree_fleiss_kappa(x), class = "judicious_error_shape")
  }
  expect_type(agree_fleiss_kappa(counts, type = "counts"), "double")
  expect_type(agree_fleiss_kappa(rbind(c(yes = 3, no = 0), c(1, 2), c(0, 3)), type = "counts"),
              "double")
  expect_error(agree_fleiss_kappa(cbind(1:4, counts), type = "counts"),
               class = "judicious_error_shape")
  expect_error(agree_fleiss_kappa(cbind(id = c(7, 9, 4, 2), named), type = "counts"),
               class = "judicious_error_shape")
  expect_error(as_ratings(as.matrix(named)), class = "judicious_error_shape")
  expect_error(as_ratings(cbind(id = 1:4, named), layout = "counts"),
               class = "judicious_error_shape")
  expect_error(as_ratings(data.frame(who = c("ann", "bob"), i1 = c("y", "n"), i2 = c("y", "y")),
                          layout = "raters"), class = "judicious_error_shape")
  expect_snapshot(error = TRUE, agree_fleiss_kappa(counts))
})

test_that("an order of the alphabet is told where it is taken as a scale", {
  f <- factor(c("high", "low", "medium", "low"))
  g <- factor(c("often", "rarely", "never", "never"))
  for (x in list(f, g, factor(c("1", "10", "2"), levels = c("1", "10", "2")))) {
    expect_warning(agree_cohen_kappa(x, rev(x), weights = "linear"),
                   class = "judicious_warning_alphabetical")
    expect_warning(agree_krippendorff_alpha(data.frame(x, rev(x)), level = "ordinal"),
                   class = "judicious_warning_alphabetical")
  }
  expect_no_warning(agree_cohen_kappa(f, rev(f)))
  ordered <- factor(f, levels = c("low", "medium", "high"))
  expect_no_warning(agree_cohen_kappa(ordered, rev(ordered), weights = "linear"))
  told <- factor(c("bad", "good", "great"), ordered = TRUE)
  expect_no_warning(agree_cohen_kappa(told, rev(told), weights = "quadratic"))
  numbers <- factor(c(1, 2, 10))
  expect_no_warning(agree_cohen_kappa(numbers, rev(numbers), weights = "linear"))
  expect_snapshot(agree_cohen_kappa(f, rev(f), weights = "linear"))
})

test_that("labels that are nearly the same are told", {
  human <- c("yes", "no", "yes")
  for (judge in list(c("Yes", "no", "yes"), c("yes", "no ", "yes"), c("yes", "no\u00a0", "YES"))) {
    expect_warning(agree_hit_rate(human, judge), class = "judicious_warning_alike")
  }
  expect_warning(agree_hit_rate(c("4", "3"), c("4.0", "3")), class = "judicious_warning_alike")
  for (judge in list(c(0.1 + 0.2, 0.5), c(0.29999999, 0.5), c(0.333, 0.5))) {
    human <- if (judge[1] == 0.333) c(0.33, 0.5) else c(0.3, 0.5)
    expect_warning(agree_cohen_kappa(human, judge), class = "judicious_warning_alike")
  }
  expect_warning(agree_fleiss_kappa(data.frame(c("a", "b"), c("A", "b"))),
                 class = "judicious_warning_alike")
  table <- data.frame(i = 1:3, a = c("Yes", "yes", "no"))
  expect_warning(suppressMessages(as_ratings(table, item = i, choice = a)),
                 class = "judicious_warning_alike")
  expect_warning(agree_hit_rate(c("PASS", "FAIL", "PASS"), c("yes", "no", "yes")),
                 class = "judicious_warning_disjoint")
  expect_no_warning(agree_hit_rate(c(1, 2, 2.5), c(1, 2, 3)))
  expect_snapshot({
    agree_hit_rate(c("yes", "no"), c("Yes", "no"))
    agree_hit_rate(c(0.3, 0.5), c(0.1 + 0.2, 0.5))
    agree_hit_rate(c("PASS", "FAIL"), c("yes", "no"))
  })
})

# --- at the edge ------------------------------------------------------------------

test_that("perfect agreement has no interval of width 0", {
  same <- rep(c("a", "b"), 5)
  hit <- agree_hit_rate(same, same, conf_level = 0.95)
  expect_equal(c(hit$conf_low, hit$conf_high), c(0.025^(1 / 10), 1))
  expect_equal(hit$conf_low, stats::binom.test(10, 10)$conf.int[1])
  none <- agree_hit_rate(same, rev(same), conf_level = 0.9)
  exact <- stats::binom.test(0, 10, conf.level = 0.9)$conf.int
  expect_equal(c(none$conf_low, none$conf_high), as.vector(exact))
  expect_equal(tidy(hit, conf_level = 0.9)$conf.low, 0.05^(1 / 10))
  expect_identical(tidy(hit)$std.error, NA_real_)
  two <- data.frame(same, same)
  for (call in list(quote(agree_cohen_kappa(same, same, conf_level = 0.95)),
                    quote(agree_fleiss_kappa(two, conf_level = 0.95)),
                    quote(agree_krippendorff_alpha(two, conf_level = 0.9)),
                    quote(agree_mse(same, same, conf_level = 0.9)))) {
    # A resample of one label only is rare, and undefined.
    expect_warning(out <- without_warning(eval(call), "undefined"),
                   class = "judicious_warning_no_interval")
    expect_identical(c(out$conf_low, out$conf_high), c(NA_real_, NA_real_))
    expect_match(format(out)[1], "all resamples give the same")
  }
  set.seed(1)
  expect_snapshot({
    hit
    agree_cohen_kappa(same, same, conf_level = 0.95)
  })
})

test_that("tables of metrics treat the edge alike", {
  task <- rating_task(c("yes", "no"), positive = "yes")
  read <- function(source) {
    as_ratings(data.frame(i = 1:10, a = rep(c("yes", "no"), 5)), item = i, choice = a, task = task,
               source = source)
  }
  expect_warning(x <- agreement_metrics(read("human"), read("j"), c("hit_rate", "cohen_kappa")),
                 class = "judicious_warning_no_interval")
  expect_equal(x$conf_low, c(0.025^(1 / 10), NA))
  expect_equal(x$conf_high, c(1, NA))
})

test_that("the Jensen-Shannon divergence is finite in every cell", {
  least <- 5e-324
  p <- rbind(c(1, least, 0), c(0, 1, 0))
  q <- rbind(c(1, 0, 0), c(1, 0, 0))
  for (f in list(agree_js_divergence, agree_js_distance)) {
    expect_true(is.finite(f(p, q)))
    expect_true(is.finite(f(q, p)))
  }
  expect_equal(agree_js_divergence(p, q), log(2) / 2)
  expect_lte(agree_js_divergence(p[2, ], q[2, ]), log(2))
})

test_that("too few resamples for the level are told", {
  human <- rep(c("a", "b", "b"), 10)
  judge <- rep(c("a", "b", "a", "a", "b"), 6)
  expect_warning(agree_hit_rate(human, judge, conf_level = 0.95, n_boot = 399),
                 class = "judicious_warning_few_resamples")
  expect_no_warning(agree_hit_rate(human, judge, conf_level = 0.95, n_boot = 400))
  expect_no_warning(kappa <- agree_cohen_kappa(human, judge, conf_level = 0.99))
  expect_warning(tidy(kappa, conf_level = 0.995), class = "judicious_warning_few_resamples")
  x <- rated_example(30)
  expect_warning(agreement_metrics(x$human, x$judges, "hit_rate", n_boot = 100),
                 class = "judicious_warning_few_resamples")
  expect_no_warning(agreement_metrics(x$human, x$judges, "mse_srs", n_boot = 0))
  expect_snapshot(boot_settings(0.999, 2000, NULL, call = NULL)$n_boot)
})

# --- percentages and maps -----------------------------------------------------------

test_that("percentages are not read as scores", {
  percent <- c(85, 90, 30, 99, 75, 20)
  correct <- c(1, 1, 0, 1, 0, 0)
  for (x in list(percent, percent + 0.5, c(0.85, percent[-1]), c(0, 100, 50, 30, 20, 90))) {
    expect_error(calibrate_confidence(x, correct, n_folds = 1), class = "judicious_error_percent")
  }
  fit <- quiet(calibrate_confidence(percent, correct, "platt", n_folds = 1, scale = "score"))
  expect_identical(fit$scale, "score")
  expect_message(calibrate_confidence(c(3, 4, 1, 5, 2, 1), correct, "platt", n_folds = 1),
                 class = "judicious_message_scale")
  expect_no_message(calibrate_confidence(percent / 100, correct, "platt", n_folds = 1))
  expect_error(predict(fit, c(0.9, 0.4)), class = "judicious_error_range")
  expect_error(apply_threshold(c(95, 40), 0.9), class = "judicious_error_range")
  expect_error(apply_threshold(c(0.95, 0.4), 90), class = "judicious_error_range")
  rule <- choose_threshold(percent / 100, correct, guarantee = "none")
  expect_error(apply_threshold(percent, rule), class = "judicious_error_range")
  expect_error(confidence_to_uncertainty(percent), "percentages")
  expect_snapshot(error = TRUE, calibrate_confidence(percent, correct))
})

test_that("a map that makes things worse says what to do", {
  set.seed(1)
  p <- runif(200)
  correct <- runif(200) < p
  expect_warning(fit <- calibrate_confidence(p, correct), class = "judicious_warning_calibration")
  expect_identical(fit$quality$log_loss[2], Inf)
  expect_match(format(fit), "log loss is infinite", all = FALSE)
  expect_match(format(fit), "platt", all = FALSE)
  expect_no_warning(calibrate_confidence(p, correct, method = "platt"))
  expect_identical(calibration_advice(data.frame(log_loss = c(1, 0.5), auroc = c(0.7, 0.6)),
                                      "isotonic")[1],
                   "AUROC has fallen from 0.700 to 0.600: confidences that differed are one now.")
})

# --- arguments ----------------------------------------------------------------------

test_that("choices that are none give classed errors", {
  task <- rating_task(c("yes", "no"), positive = "yes")
  bad <- list(NA, NA_character_, character(), c("linear", "quadratic"), 1, "Linear", list())
  for (x in bad) {
    expect_error(agree_cohen_kappa(1:3, 1:3, weights = x), class = "judicious_error_choice")
    expect_error(agree_fleiss_kappa(cbind(1:3, 1:3), type = x), class = "judicious_error_choice")
    expect_error(agree_krippendorff_alpha(cbind(1:3, 1:3), level = x),
                 class = "judicious_error_choice")
    expect_error(agree_kl(1:2, 1:2, direction = x), class = "judicious_error_choice")
    expect_error(as_ratings(data.frame(a = "yes"), choice = a, task = task, invalid = x),
                 class = "judicious_error_choice")
    expect_error(mock_judge(task, "truth", style = x), class = "judicious_error_choice")
    expect_error(label_confidence("90%", method = x), class = "judicious_error_choice")
  }
})

test_that("near-miss names are told, and messages survive any value", {
  expect_error(agree_hit_rate(1:3, 1:3, conf_lvl = 0.9), "conf_level",
               class = "judicious_error_argument")
  expect_error(agree_js_divergence(1:2, 1:2, smoothing = 1), "Did you mean `smooth`",
               class = "judicious_error_argument")
  expect_error(label_confidence(list(c("x", "x")), "vote", label = "x"), "Did you mean `labels`",
               class = "judicious_error_option")
  task <- rating_task(c("yes", "no"), positive = "yes")
  for (x in list(Inf, -Inf, NaN, NA, 1e300, "{x}", NULL, 1.5, -1)) {
    expect_error(simulate_ratings(task, n_ratings = x), class = "judicious_error")
    expect_error(simulate_ratings(task, n_items = x), class = "judicious_error")
    expect_error(simulate_ratings(task, n_judge_ratings = x), class = "judicious_error")
  }
  expect_error(simulate_ratings(task, 1e7, n_ratings = 1e6), "number of ratings",
               class = "judicious_error_range")
})

test_that("totals and means of the raters are no raters", {
  x <- data.frame(a = c(1, 2, 3, 1, 2), b = c(1, 2, 3, 1, 3), c = c(2, 2, 3, 1, 2))
  refuses <- function(x) expect_error(agree_krippendorff_alpha(x), class = "judicious_error_shape")
  refuses(transform(x, total = a + b + c))
  refuses(as.matrix(transform(x, m = (a + b + c) / 3)))
  flags <- x > 1
  refuses(cbind(flags, mean = rowMeans(flags)))
  expect_silent(agree_krippendorff_alpha(transform(x, d = a)))
  expect_silent(agree_krippendorff_alpha(cbind(c(0, 1, 1), c(0, 0, 1), c(0, 1, 0))))
})

test_that("TRUE and 1 are one label", {
  expect_silent(rate <- agree_hit_rate(c(TRUE, FALSE, TRUE), c(1, 0, 0)))
  expect_equal(rate, 2 / 3)
  expect_warning(agree_hit_rate(c(TRUE, FALSE, TRUE), c(2, 3, 3)),
                 class = "judicious_warning_disjoint")
})
