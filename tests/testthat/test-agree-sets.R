test_that("coverage and MSE by hand", {
  human <- rbind(c(yes = 1, no = 0.4), c(0.6, 0.8), c(0.1, 1), c(0.5, 0.5))
  # Of the choice yes: 1 and 0.6 exceed one half, 0.1 and 0.5 do not.
  expect_identical(agree_coverage(human, rep("yes", 4)), 0.5)
  expect_identical(agree_coverage(human, rep("yes", 4), tau = 0.4), 0.75)
  expect_identical(agree_coverage(unname(human), c(1, 2, 2, 1), tau = 0.9), 0.5)
  judge <- rbind(c(no = 0.5, yes = 0.8), c(0.8, 0.6), c(1, 0.1), c(0.5, 0.5))
  expect_equal(agree_mse(human, judge), (0.2^2 + 0.1^2) / 4, tolerance = 1e-15)
  # Labels: the squared distance of indicators is 2 where they differ.
  expect_identical(agree_mse(c("a", "b", "b"), c("a", "b", "a")), 2 / 3)
})

test_that("a share at the threshold does not exceed it, rounding or not", {
  human <- rbind(c(0.1 + 0.2, 1), c(0.7, 0.3))
  expect_gt(human[1, 1], 0.3)
  expect_identical(agree_coverage(human, c(1, 2), tau = 0.3), 0)
  expect_identical(agree_coverage(human, c(1, 2), tau = 0.29), 1)
})

test_that("hard labels, coverage and MSE equal the reference numbers", {
  for (case in read_reference("agreement.json")$metrics) {
    human <- case$human_choice
    judge <- case$judge_choice
    omega <- case$human$omega
    for (tau in names(case$expected)) {
      expected <- case$expected[[tau]]
      ours <- quiet(c(
        HR_h_h = agree_hit_rate(human, judge), MSE_h_h = agree_mse(factor(human), factor(judge)),
        Cohen_kappa_h_h = agree_cohen_kappa(human, judge),
        Fleiss_kappa_h_h = agree_fleiss_kappa(cbind(human, judge)),
        Krippendorff_h_h = agree_krippendorff_alpha(cbind(human, judge)),
        MSE_s_s = agree_mse(case$human$O, case$judge$O),
        MSE_srs_srs = agree_mse(omega, case$judge$omega)
      ))
      reference <- vapply(expected[names(ours)], function(x) as.double(x %||% NA), 0)
      known <- !is.na(reference) & !is.na(ours)
      expect_gt(sum(known), 3)
      expect_equal(ours[known], reference[known], tolerance = 1e-10, info = paste(case$id, tau))
      # The reference takes >= here and > for decisions; one rule, >, everywhere is ours.
      threshold <- as.numeric(tau)
      chosen <- omega[cbind(seq_along(judge), judge)]
      expect_equal(mean(chosen >= threshold), expected$COV_h_hrs)
      expect_equal(agree_coverage(omega, judge, tau = threshold),
                   expected$COV_h_hrs - mean(chosen == threshold), info = paste(case$id, tau))
    }
  }
})

test_that("range, symmetry, renaming, order and perfect agreement", {
  set.seed(1)
  human <- matrix(runif(90), 30)
  judge <- matrix(runif(90), 30)
  options <- sample(3)
  items <- sample(30)
  value <- agree_mse(human, judge)
  expect_equal(agree_mse(judge, human), value)
  expect_equal(agree_mse(human[items, options], judge[items, options]), value)
  expect_identical(agree_mse(human, human), 0)
  choices <- max.col(judge)
  coverage <- agree_coverage(human, choices, tau = 0.3)
  expect_equal(agree_coverage(human[items, ], choices[items], tau = 0.3), coverage)
  expect_equal(agree_coverage(human[, options], match(choices, options), tau = 0.3), coverage)
  expect_identical(agree_coverage(human > -1, choices), 1)
})

test_that("reductions: one-hot sets are labels", {
  set.seed(2)
  human <- sample(3, 50, TRUE)
  judge <- sample(3, 50, TRUE)
  sets <- indicator_matrix(human, 3)
  expect_equal(agree_coverage(sets, judge), agree_hit_rate(human, judge))
  expect_equal(agree_mse(sets, indicator_matrix(judge, 3)), agree_mse(factor(human), factor(judge)))
  expect_equal(agree_mse(sets == 1, indicator_matrix(judge, 3) == 1),
               2 * (1 - agree_hit_rate(human, judge)))
})

test_that("missing values are left out and counted; intervals do not depend on threads", {
  human <- rbind(c(yes = 1, no = 0), c(NA, 1), c(0.2, 0.9), c(0.4, 0.6))
  expect_message(value <- agree_coverage(human, c("yes", "no", NA, "no")),
                 class = "judicious_message_missing")
  expect_identical(value, 1)
  set.seed(3)
  a <- matrix(runif(60), 20)
  b <- matrix(runif(60), 20)
  expect_threadless(function(threads) agree_mse(a, b, conf_level = 0.9, threads = threads))
})

test_that("mistakes are named", {
  human <- rbind(c(yes = 1, no = 0.4), c(0.6, 0.8))
  expect_error(agree_coverage(human, c("yes", "perhaps")), class = "judicious_error_options")
  expect_error(agree_coverage(human, "yes"), class = "judicious_error_length")
  expect_error(agree_coverage(human, c("yes", "no"), tau = 1), class = "judicious_error_range")
  expect_error(agree_mse(2 * human, human), class = "judicious_error_range")
  expect_error(agree_mse(c(1, 0), c(1, 1)), class = "judicious_error_type")
  expect_error(agree_mse("a", human), class = "judicious_error_type")
  expect_snapshot(error = TRUE, {
    agree_coverage(human, c("yes", "perhaps"))
    agree_mse(human, 2 * human)
    agree_mse(c(1, 0), c(1, 1))
  })
})
