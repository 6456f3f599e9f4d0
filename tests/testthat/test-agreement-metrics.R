reference_names <- c(
  HR_h_h = "hit_rate", Fleiss_kappa_h_h = "fleiss_kappa", Cohen_kappa_h_h = "cohen_kappa",
  Krippendorff_h_h = "krippendorff_alpha", KL_hl_s_s = "kl_human_judge",
  KL_lh_s_s = "kl_judge_human", CE_hl_s_s = "cross_entropy_human_judge",
  CE_lh_s_s = "cross_entropy_judge_human", JSD_s_s = "js_distance",
  COV_hat_h_hrs = "coverage_srs", MSE_srs_srs = "mse_srs", MSE_h_h = "mse_h", MSE_s_s = "mse_s",
  consistency = "consistency", bias = "bias", bias_mae = "bias_abs", bias_mse = "bias_squared"
)
clipped_metrics <- c("kl_human_judge", "kl_judge_human", "cross_entropy_human_judge",
                     "cross_entropy_judge_human", "js_distance")

test_that("all metrics equal the reference numbers", {
  n_checked <- 0
  for (case in read_reference("agreement.json")$metrics) {
    positive <- unlist(case$positive_options)
    # The reference sums omega over the positive options (see the next test).
    side <- function(x) {
      profile_of(x$O, x$omega, rowSums(x$omega[, positive, drop = FALSE]))
    }
    pair <- pair_of(side(case$human), side(case$judge))
    has_zero <- any(case$human$O == 0, case$judge$O == 0)
    for (tau in names(case$expected)) {
      expected <- case$expected[[tau]]
      ours <- metric_values(pair, unname(reference_names), as.numeric(tau))
      theirs <- vapply(expected[names(reference_names)], function(x) as.double(x %||% NA), 0)
      # It clips zeros at 1e-10 in KL, cross-entropy and JS: own tests in test-agree-divergence.R.
      same <- !is.na(theirs) & !is.na(ours) & !(has_zero & reference_names %in% clipped_metrics)
      expect_equal(unname(ours)[same], unname(theirs)[same], tolerance = 1e-10,
                   info = paste(case$id, tau))
      n_checked <- n_checked + sum(same)
      undefined <- is.na(ours) & !is.na(theirs)
      expect_false(any(undefined & !reference_names %in% c("fleiss_kappa", "cohen_kappa",
                                                           "krippendorff_alpha")))
    }
  }
  expect_gt(n_checked, 700)
})

test_that("a set with two positive options counts once", {
  # P(A in S) = P(B in S) = 0.45 in the same sets: 0.9 as a sum, 0.45 of all sets.
  task <- rating_task(c("A", "B", "C"), positive = c("A", "B"))
  sets <- rep(c("A|B", "C"), c(9, 11))
  human <- as_ratings(data.frame(id = 1, rs = sets), item = id, set = rs, task = task)
  judge <- as_ratings(data.frame(id = 1, rs = rep("C", 4)), item = id, set = rs, task = task,
                      source = "judge")
  agreed <- agreement_metrics(human, judge, c("consistency", "bias"), n_boot = 0)
  expect_identical(agreed$estimate, c(1, 0))
  at_04 <- agreement_metrics(human, judge, "bias", tau = 0.4, n_boot = 0)
  expect_identical(at_04$estimate, -1)
})

test_that("one rule for thresholds: equal is not above, in sets and in decisions", {
  half <- as_ratings(data.frame(id = 1, rs = c("yes", "no")), item = id, set = rs, task = yes_no())
  none <- as_ratings(data.frame(id = 1, rs = "no", fc = "no"), item = id, set = rs, choice = fc,
                     task = yes_no(), source = "judge")
  x <- agreement_metrics(half, none, c("consistency", "coverage", "mse_hrs"), tau = c(0.5, 0.49),
                         n_boot = 0)
  value <- function(metric, tau) x$estimate[x$metric == metric & x$tau == tau]
  expect_identical(value("consistency", 0.5), 1)
  expect_identical(value("consistency", 0.49), 0)
  expect_identical(value("coverage", 0.5), 0)
  expect_identical(value("coverage", 0.49), 1)
  expect_identical(value("mse_hrs", 0.5), 1)  # the judge has "no", the humans neither
  expect_identical(value("mse_hrs", 0.49), 1)  # the humans have both
})

test_that("metrics of ratings are those of the matrices", {
  x <- rated_example()
  human <- item_profiles(x$human)$profiles[[1]]
  judge <- item_profiles(x$judges)$profiles$judge_c
  ours <- function(...) {
    all <- quiet(agreement_metrics(x$human, x$judges, ..., n_boot = 0))
    all$estimate[all$judge == "judge_c"]
  }
  choice <- function(p) max.col(t(p$o), "first")
  counts <- function(p) t(p$o) * p$n_choice
  expect_equal(ours("hit_rate"), agree_hit_rate(choice(human), choice(judge)))
  expect_equal(ours("cohen_kappa"), agree_cohen_kappa(choice(human), choice(judge)))
  expect_equal(ours("fleiss_kappa"), agree_fleiss_kappa(cbind(choice(human), choice(judge))))
  expect_equal(ours("krippendorff_alpha"),
               agree_krippendorff_alpha(cbind(choice(human), choice(judge))))
  expect_equal(ours("js_divergence"), agree_js_divergence(t(human$o), t(judge$o)))
  expect_equal(ours("kl_human_judge"), agree_kl(counts(human), counts(judge), smooth = 0.5))
  expect_equal(ours("cross_entropy_judge_human"),
               agree_cross_entropy(counts(human), counts(judge), direction = "judge_human",
                                   smooth = 0.5))
  expect_equal(ours("mse_srs"), agree_mse(t(human$omega), t(judge$omega)))
  expect_equal(ours("coverage", tau = 0.3),
               agree_coverage(t(human$omega), choice(judge), tau = 0.3))
  expect_equal(ours("consistency"), mean((human$p_positive > 0.5) == (judge$p_positive > 0.5)))
})

test_that("intervals are of the mean over items, jointly over judges", {
  x <- rated_example()
  set.seed(2)
  metrics <- agreement_metrics(x$human, x$judges, c("mse_srs", "consistency"), conf_level = 0.9)
  human <- item_profiles(x$human)$profiles[[1]]
  judge <- item_profiles(x$judges)$profiles$judge_b
  scores <- colSums((human$omega - judge$omega)^2)
  se <- tidy(metrics)$std.error[2]
  expect_lt(abs(se / (sd(scores) / sqrt(150)) - 1), 5 * sqrt(0.5 / 2000))
  expect_lt(metrics$conf_low[2], mean(scores))
  # The same judge under two names has the same replicates.
  set.seed(2)
  both <- c(rename_source(x$judges, "judge_b", "one"), rename_source(x$judges, "judge_b", "two"))
  twice <- agreement_metrics(x$human, both, "mse_srs")
  expect_identical(twice$conf_low[1], twice$conf_low[2])
  expect_threadless(function(threads) {
    as.data.frame(agreement_metrics(x$human, x$judges, threads = threads, n_boot = 400))
  })
})

test_that("columns are as documented; ratings are counted", {
  x <- rated_example(20)
  result <- agreement_metrics(x$human, x$judges, c("mse_srs", "coverage"), tau = c(0.3, 0.5),
                              n_boot = 400)
  expect_identical(names(result), c("judge", "metric", "human_agg", "judge_agg", "tau", "estimate",
                                    "conf_low", "conf_high", "better", "n_items", "n_ratings",
                                    "n_invalid"))
  expect_identical(result$tau, rep(c(NA, 0.3, 0.5), each = 4))
  expect_identical(unique(result$n_ratings), 20 * (5 + 8))
  expect_identical(unique(result$n_invalid), 0)
  expect_identical(result$human_agg[c(1, 5)], c("srs", "hrs"))
  expect_identical(class(result[1:2, ]), "data.frame")
  # Half of the judge's items only: fewer items, fewer ratings.
  few <- as_ratings(data.frame(id = 1:10, rs = "yes", fc = c("no", NA)), item = id, set = rs,
                    choice = fc, source = "few", task = yes_no())
  part <- agreement_metrics(x$human, few, c("mse_srs", "hit_rate"), n_boot = 0)
  expect_identical(part$n_items, c(10, 5))
  expect_identical(part$n_ratings, c(60, 30))
  expect_identical(part$n_invalid, c(0, 5))
  expect_identical(part$conf_low, c(NA_real_, NA_real_))
})

test_that("options and items in any order, positives under any name", {
  x <- rated_example(40)
  swap <- function(ratings) {
    # "yes" becomes option 2: bits 1 and 2 change places.
    ratings$task$options <- c("no", "yes")
    ratings$choice <- 3L - ratings$choice
    ratings$set <- c(2L, 1L, 3L)[ratings$set]
    ratings
  }
  metrics <- setdiff(agreement_registry$metric, "coverage_srs")
  # Ties between options go to the first, so compare where there are none.
  value <- function(human, judges) {
    quiet(agreement_metrics(human, judges, metrics, n_boot = 0))$estimate
  }
  untied <- metric_rows(metrics)$human_agg %in% c("s", "srs", "hrs", "p") &
    metric_rows(metrics)$judge_agg != "h"
  keep <- rep(untied, each = 4)
  expect_equal(value(swap(x$human), swap(x$judges))[keep], value(x$human, x$judges)[keep])
  shuffled <- x$human
  order <- withr::with_seed(1, sample(length(shuffled$item)))
  for (field in c("item", "choice", "set", "invalid", "source")) {
    shuffled[[field]] <- shuffled[[field]][order]
  }
  expect_equal(value(shuffled, x$judges), value(x$human, x$judges))
})

test_that("more ratings have the same limit", {
  set.seed(3)
  theta <- set_probabilities(60)
  other <- disturb(theta, 0.2)
  omega <- function(theta) cbind(theta[, 1] + theta[, 3], theta[, 2] + theta[, 3])
  population <- agree_mse(omega(theta), omega(other))
  error <- function(n) {
    human <- rate_sets(theta, "human", n)
    judge <- rate_sets(other, "judge", n)
    agreement_metrics(human, judge, "mse_srs", n_boot = 0)$estimate - population
  }
  # The noise of both sides adds up, and vanishes like one over the ratings.
  few <- error(10)
  many <- error(1000)
  expect_gt(few, 0)
  expect_lt(abs(many), few / 10)
})

test_that("invalid answers: left out, wrong, or bounded by brute force", {
  log <- data.frame(id = rep(1:3, each = 3),
                    fc = c("yes", "yes", NA, "no", NA, "no", "yes", "no", NA),
                    rs = c("yes", "yes|no", NA, "no", "yes|no", NA, "yes", "no", NA))
  human <- as_ratings(data.frame(id = 1:3, fc = c("yes", "no", "no"),
                                 rs = c("yes|no", "no", "yes|no")),
                      item = id, choice = fc, set = rs, task = yes_no())
  judge <- function(log, policy) {
    as_ratings(log, item = id, choice = fc, set = rs, invalid = policy, task = yes_no(),
               source = "judge")
  }
  metrics <- agreement_registry$metric[agreement_registry$bounds]
  value <- function(ratings) {
    quiet(agreement_metrics(human, ratings, metrics, n_boot = 0))
  }
  excluded <- value(judge(log, "exclude"))
  bounded <- value(judge(log, "bounds"))
  expect_equal(bounded$estimate, excluded$estimate)
  expect_identical(unique(excluded$n_invalid), c(3))
  # All completions of the three invalid choices and sets.
  completions <- expand.grid(rep(list(1:6), 3))
  answers <- expand.grid(fc = c("yes", "no"), rs = c("yes", "no", "yes|no"),
                         stringsAsFactors = FALSE)
  all <- apply(completions, 1, function(pick) {
    full <- log
    at <- which(is.na(log$fc) | is.na(log$rs))
    full$fc[is.na(log$fc)] <- answers$fc[pick]
    full$rs[is.na(log$rs)] <- answers$rs[pick]
    value(judge(full, "exclude"))$estimate
  })
  lowest <- apply(all, 1, min)
  highest <- apply(all, 1, max)
  expect_true(all(bounded$conf_low <= lowest + 1e-12))
  expect_true(all(bounded$conf_high >= highest - 1e-12))
  sharp <- metrics %in% c("hit_rate", "mse_h", "consistency", "coverage")
  expect_equal(bounded$conf_low[sharp], lowest[sharp])
  expect_equal(bounded$conf_high[sharp], highest[sharp])
  # Wrong answers: of the judge's first item 2 of 3 choices are yes, none for the third.
  wrong <- value(judge(log, "wrong"))
  expect_equal(wrong$estimate[metrics == "mse_s"],
               mean(c((1 / 3)^2, (1 / 3)^2, (1 / 3)^2 + (2 / 3)^2)))
  expect_error(agreement_metrics(human, judge(log, "bounds"), "cohen_kappa"),
               class = "judicious_error_policy")
})

test_that("with bounds the interval covers sampling error too", {
  x <- rated_example(60)
  bounded <- as_ratings(data.frame(id = 1:60, rs = rep(c("yes", NA, "no"), 20)), item = id,
                        set = rs, invalid = "bounds", task = yes_no(), source = "judge")
  set.seed(4)
  now <- agreement_metrics(x$human, bounded, "consistency", n_boot = 0)
  wide <- agreement_metrics(x$human, bounded, "consistency", n_boot = 500)
  expect_lt(now$conf_low, now$estimate)
  expect_lt(wide$conf_low, now$conf_low)
  expect_gt(wide$conf_high, now$conf_high)
})

test_that("the default metric is MSE of sets, else JS divergence with a reason", {
  x <- rated_example(30)
  expect_identical(unique(agreement_metrics(x$human, x$judges, n_boot = 0)$metric), "mse_srs")
  choices <- as_ratings(data.frame(id = 1:30, fc = c("yes", "no")), item = id, choice = fc,
                        task = yes_no())
  expect_message(result <- agreement_metrics(choices, x$judges, n_boot = 0),
                 class = "judicious_message_metric")
  expect_identical(unique(result$metric), "js_divergence")
  all <- agreement_metrics(choices, x$judges, "all", n_boot = 0)$metric
  expect_false(any(uses_sets(all)))
  expect_true(all(c("hit_rate", "mse_s", "kl_human_judge") %in% all))
  rebuilt <- reconstruct_sets(choices, translation_beta(yes_no(), 0.3))
  expect_identical(unique(agreement_metrics(rebuilt, x$judges, n_boot = 0)$metric), "mse_srs")
})

test_that("undefined and infinite metrics are told once", {
  same <- as_ratings(data.frame(id = 1:3, fc = "yes"), item = id, choice = fc, task = yes_no())
  expect_warning(x <- agreement_metrics(same, same, c("cohen_kappa", "mse_srs"), n_boot = 400),
                 class = "judicious_warning_undefined")
  expect_identical(x$estimate, c(NA_real_, NA_real_))
  other <- as_ratings(data.frame(id = 1:3, fc = "no"), item = id, choice = fc, task = yes_no(),
                      source = "judge")
  expect_warning(x <- agreement_metrics(same, other, "kl_human_judge", smooth = 0, n_boot = 400),
                 class = "judicious_warning_infinite")
  expect_identical(c(x$estimate, x$conf_low), c(Inf, NA))
  smoothed <- agreement_metrics(same, other, "kl_human_judge", n_boot = 0)$estimate
  expect_equal(smoothed, 0.5 * log(3))  # (0.75, 0.25) against (0.25, 0.75)
})

test_that("one object may hold humans and judges", {
  x <- rated_example(30)
  all <- c(x$human, x$judges)
  expect_equal(agreement_metrics(all, all, n_boot = 0)$estimate,
               agreement_metrics(x$human, x$judges, n_boot = 0)$estimate)
  expect_error(agreement_metrics(x$judges, x$judges), class = "judicious_error_source")
})

test_that("mistakes are named", {
  x <- rated_example(10)
  expect_error(agreement_metrics(1, x$judges), class = "judicious_error_type")
  expect_error(agreement_metrics(x$human, x$judges, "accuracy"), class = "judicious_error_choice")
  expect_error(agreement_metrics(x$human, x$judges, tau = 1), class = "judicious_error_range")
  expect_error(agreement_metrics(x$human, x$judges, n_boot = -1), class = "judicious_error_range")
  elsewhere <- as_ratings(data.frame(id = 100, rs = "yes"), item = id, set = rs, task = yes_no())
  expect_error(agreement_metrics(x$human, elsewhere), class = "judicious_error_items")
  expect_snapshot(error = TRUE, {
    agreement_metrics(x$human, x$judges, "accuracy")
    agreement_metrics(x$judges, x$judges)
    agreement_metrics("human", x$judges)
  })
})
