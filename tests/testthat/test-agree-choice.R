test_that("hit rate and kappa by hand", {
  human <- c("yes", "yes", "no", "no", "yes", "no", "yes", "no", "no", "yes")
  judge <- c("yes", "no", "no", "no", "yes", "yes", "yes", "no", "no", "yes")
  expect_identical(agree_hit_rate(human, judge), 0.8)
  # Both say yes to 5 and 5 of 10: chance agreement is 1/2, kappa (0.8 - 0.5) / 0.5.
  expect_equal(agree_cohen_kappa(human, judge), 0.6, tolerance = 1e-15)
  # 3 categories on 4 items: disagreement |i - j| is 0, 1, 0, 2 of 12 / 16 * 4 by chance.
  a <- c(1, 2, 3, 1)
  b <- c(1, 3, 3, 3)
  expected <- mean(abs(outer(a, b, "-")))
  expect_equal(agree_cohen_kappa(a, b, weights = "linear"), 1 - 0.75 / expected)
  expect_equal(agree_cohen_kappa(a, b, weights = "quadratic"),
               1 - mean((a - b)^2) / mean(outer(a, b, "-")^2))
})

test_that("kappa equals the reference numbers", {
  for (case in read_reference("agreement.json")$cohen) {
    for (weights in names(case$expected)) {
      expect_equal(agree_cohen_kappa(case$a, case$b, weights = weights), case$expected[[weights]],
                   tolerance = 1e-10, info = paste(case$id, weights))
    }
  }
})

test_that("kappa equals irr", {
  skip_if_not_installed("irr")
  set.seed(3)
  ratings <- noisy_ratings(80, 2, 5, missing = 0)
  ours <- function(w) agree_cohen_kappa(ratings[, 1], ratings[, 2], weights = w)
  irr <- function(w) irr::kappa2(ratings, weight = w)$value
  expect_equal(ours("unweighted"), irr("unweighted"), tolerance = 1e-12)
  expect_equal(ours("linear"), irr("equal"), tolerance = 1e-12)
  expect_equal(ours("quadratic"), irr("squared"), tolerance = 1e-12)
})

test_that("labels may be of any kind, and keep their distances", {
  set.seed(4)
  a <- sample(5, 50, TRUE)
  b <- pmin(pmax(a + sample(-1:1, 50, TRUE), 1), 5)
  kappa <- agree_cohen_kappa(a, b, weights = "quadratic")
  likert <- factor(paste("point", a), levels = paste("point", 1:5), ordered = TRUE)
  likert_b <- factor(paste("point", b), levels = paste("point", 1:5), ordered = TRUE)
  expect_equal(agree_cohen_kappa(likert, likert_b, weights = "quadratic"), kappa)
  expect_equal(agree_cohen_kappa(10 * a + 3, 10 * b + 3, weights = "quadratic"), kappa)
  expect_equal(agree_cohen_kappa(a * 1e200, b * 1e200, weights = "quadratic"), kappa)
  expect_equal(agree_hit_rate(likert, as.character(likert_b)), mean(a == b))
  expect_equal(agree_hit_rate(a == 1, b == 1), mean((a == 1) == (b == 1)))
  # A scale point that nobody used still counts.
  used <- c(1, 1, 5, 5, 2)
  judge <- c(1, 2, 5, 1, 2)
  by_level <- function(levels) {
    agree_cohen_kappa(factor(used, levels), factor(judge, levels), weights = "linear")
  }
  expect_equal(agree_cohen_kappa(used, judge, weights = "linear"), by_level(1:5))
  expect_false(isTRUE(all.equal(by_level(c(1, 2, 5)), by_level(1:5))))
})

test_that("order of items, names of labels and sides do not matter, perfect agreement is 1", {
  set.seed(5)
  x <- noisy_ratings(40, 2, 3, missing = 0)
  shuffled <- x[sample(40), ]
  renamed <- matrix(c("c", "a", "b")[x], ncol = 2)
  for (metric in list(agree_hit_rate, agree_cohen_kappa)) {
    value <- metric(x[, 1], x[, 2])
    expect_equal(metric(shuffled[, 1], shuffled[, 2]), value)
    expect_equal(metric(renamed[, 1], renamed[, 2]), value)
    expect_equal(metric(x[, 2], x[, 1]), value)
    expect_identical(metric(x[, 1], x[, 1]), 1)
  }
  # Two labels: all weights are the same; kappa is alpha up to n / (n - 1) corrections.
  two <- x > 1
  expect_equal(agree_cohen_kappa(two[, 1], two[, 2], weights = "linear"),
               agree_cohen_kappa(two[, 1], two[, 2]))
})

test_that("items without a label are left out and told", {
  human <- c("a", NA, "b", "b")
  judge <- c("a", "a", NA, "a")
  expect_message(value <- agree_hit_rate(human, judge), class = "judicious_message_missing")
  expect_identical(value, 0.5)
  quiet_result <- quiet(agree_hit_rate(human, judge, conf_level = 0.9))
  expect_identical(c(quiet_result$n_items, quiet_result$n_missing), c(2, 2))
  expect_error(agree_hit_rate(c(NA, "a"), c("a", NA)), class = "judicious_error_items")
})

test_that("kappa without a second label is NA, with a classed warning", {
  expect_warning(value <- agree_cohen_kappa(c(1, 1, 1), c(1, 1, 1)),
                 class = "judicious_warning_undefined")
  expect_identical(value, NA_real_)
  # Each sticks to a label of its own: defined, and at chance.
  expect_identical(agree_cohen_kappa(c(1, 1, 1), c(2, 2, 2)), 0)
})

test_that("mistakes are named", {
  expect_error(agree_hit_rate(list(1), 1), class = "judicious_error_type")
  expect_error(agree_hit_rate(1:3, 1:2), class = "judicious_error_length")
  expect_error(agree_hit_rate(c("a", "b"), 1:2), class = "judicious_error_type")
  expect_error(agree_hit_rate(c(1, Inf), 1:2), class = "judicious_error_finite")
  expect_error(agree_hit_rate(1:2, 1:2, 0.95), class = "rlib_error_dots_nonempty")
  expect_error(agree_cohen_kappa(c("a", "b"), c("a", "b"), weights = "linear"),
               class = "judicious_error_order")
  expect_snapshot(error = TRUE, {
    agree_hit_rate(c(1, -Inf), 1:2)
    agree_hit_rate(c("a", "b"), 1:2)
    agree_cohen_kappa(c("good", "bad"), c("bad", "bad"), weights = "quadratic")
  })
})

test_that("a user's labels are not changed", {
  human <- factor(c("b", "a", NA))
  before <- human
  quiet(agree_cohen_kappa(human, c("a", "a", "b"), conf_level = 0.9, n_boot = 20))
  expect_identical(human, before)
})
