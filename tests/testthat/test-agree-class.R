one_kappa <- function(...) {
  set.seed(1)
  x <- noisy_ratings(100, 2, 3, missing = 0)
  agree_cohen_kappa(x[, 1], x[, 2], conf_level = 0.9, ...)
}

test_that("an interval comes with what it rests on", {
  kappa <- one_kappa()
  expect_s3_class(kappa, c("judicious_agreement", "judicious_table", "data.frame"), exact = TRUE)
  expect_identical(nrow(kappa), 1L)
  expect_lt(kappa$conf_low, kappa$estimate)
  expect_gt(kappa$conf_high, kappa$estimate)
  expect_identical(c(kappa$n_items, kappa$n_boot, kappa$conf_level), c(100, 2000, 0.9))
  expect_identical(class(kappa[1, ]), "data.frame")
  expect_setequal(names(attributes(as.data.frame(kappa))), c("names", "class", "row.names"))
})

test_that("bounds are quantiles of resampled kappas", {
  set.seed(2)
  x <- noisy_ratings(100, 2, 3, missing = 0)
  kappa <- agree_cohen_kappa(x[, 1], x[, 2], conf_level = 0.9)
  replicates <- attr(kappa, "replicates")
  expect_equal(c(kappa$conf_low, kappa$conf_high),
               unname(quantile(replicates, c(0.05, 0.95))), tolerance = 1e-12)
  in_r <- replicate(1500, {
    i <- sample(100, replace = TRUE)
    agree_cohen_kappa(x[i, 1], x[i, 2])
  })
  # Monte Carlo errors of a mean and of a standard deviation, both five times.
  expect_lt(abs(mean(replicates) - mean(in_r)), 5 * sd(in_r) * sqrt(1 / 2000 + 1 / 1500))
  expect_lt(abs(sd(replicates) / sd(in_r) - 1), 5 * sqrt(0.5 / 2000 + 0.5 / 1500))
})

test_that("many items of few kinds are drawn by kind, with the same distribution", {
  set.seed(3)
  n <- 20000
  human <- runif(n) < 0.3
  judge <- xor(human, runif(n) < 0.1)
  by_kind <- attr(agree_cohen_kappa(human, judge, conf_level = 0.95), "replicates")
  # The large-sample variance of kappa by the delta method, by resampling means.
  hits <- attr(agree_hit_rate(human, judge, conf_level = 0.95), "replicates")
  p <- mean(human == judge)
  expect_lt(abs(sd(hits) / sqrt(p * (1 - p) / n) - 1), 5 * sqrt(0.5 / 2000))
  cells <- table(human, judge) / n
  kappa <- function(cells) {
    chance <- sum(rowSums(cells) * colSums(cells))
    (sum(diag(cells)) - chance) / (1 - chance)
  }
  gradient <- vapply(1:4, function(k) {
    step <- replace(cells, k, cells[k] + 1e-6)
    (kappa(step / sum(step)) - kappa(cells)) / 1e-6
  }, 0)
  variance <- sum(cells * gradient^2) - sum(cells * gradient)^2
  expect_lt(abs(sd(by_kind) / sqrt(variance / n) - 1), 5 * sqrt(0.5 / 2000))
  expect_lt(abs(mean(by_kind) - kappa(cells)), 5 * sqrt(variance / n / 2000) + 1e-4)
})

test_that("set.seed() governs, threads do not, and no interval draws nothing", {
  expect_threadless(function(threads) one_kappa(threads = threads))
  expect_identical(one_kappa(), one_kappa())
  set.seed(4)
  first <- runif(1)
  set.seed(4)
  agree_cohen_kappa(1:3, c(1, 2, 2))
  expect_identical(runif(1), first)
})

test_that("intervals cover", {
  set.seed(5)
  population <- 0.7
  covered <- replicate(400, {
    human <- rbinom(120, 1, 0.5)
    judge <- ifelse(runif(120) < population, human, 1 - human)
    hit <- agree_hit_rate(human, judge, conf_level = 0.9, n_boot = 400)
    hit$conf_low <= population && population <= hit$conf_high
  })
  expect_coverage(covered, 0.9, alternative = "two.sided")
})

test_that("an undefined metric has no interval; undefined resamples are counted", {
  expect_warning(none <- agree_cohen_kappa(c(1, 1), c(1, 1), conf_level = 0.9),
                 class = "judicious_warning_undefined")
  expect_identical(c(none$estimate, none$conf_low, none$conf_high), rep(NA_real_, 3))
  set.seed(6)
  same <- c(1, 1, 1, 2)
  expect_warning(expect_warning(rare <- agree_cohen_kappa(same, same, conf_level = 0.9),
                                class = "judicious_warning_undefined"),
                 class = "judicious_warning_no_interval")
  # No resample holds the last item with probability (3 / 4)^4.
  expect_proportion(rep(0:1, c(2000 - rare$n_undefined, rare$n_undefined)), 0.75^4)
  expect_identical(length(attr(rare, "replicates")), as.integer(2000 - rare$n_undefined))
  expect_warning(single <- agree_hit_rate("a", "a", conf_level = 0.9),
                 class = "judicious_warning_no_interval")
  expect_identical(c(single$estimate, single$conf_low), c(1, NA))
})

test_that("tidy() has broom's names and any level", {
  kappa <- one_kappa()
  expect_identical(names(tidy(kappa)), c("term", "estimate", "std.error", "conf.low", "conf.high",
                                         "conf.level", "n_items"))
  expect_identical(tidy(kappa)$conf.low, kappa$conf_low)
  wide <- tidy(kappa, conf_level = 0.99)
  expect_lt(wide$conf.low, kappa$conf_low)
  expect_identical(wide$conf.level, 0.99)
})

test_that("print() shows a few plain lines", {
  expect_snapshot(one_kappa())
  expect_snapshot({
    set.seed(6)
    quiet(agree_cohen_kappa(c(1, 1, 1, 2, NA), c(1, 1, 1, 2, 1), conf_level = 0.9))
    quiet(agree_cohen_kappa(c(1, 1), c(1, 1), conf_level = 0.9))
  })
})

test_that("autoplot() shows the replicates with estimate and interval", {
  kappa <- one_kappa()
  drawn <- ggplot2::layer_data(ggplot2::autoplot(kappa), 2)
  expect_equal(drawn$xintercept, c(kappa$conf_low, kappa$estimate, kappa$conf_high))
  expect_identical(sum(ggplot2::layer_data(ggplot2::autoplot(kappa), 1)$count), 2000)
  none <- quiet(agree_cohen_kappa(c(1, 1), c(1, 1), conf_level = 0.9))
  expect_error(ggplot2::autoplot(none), class = "judicious_error_undefined")
  withr::local_pdf(withr::local_tempfile())
  expect_identical(withVisible(plot(kappa)), list(value = kappa, visible = FALSE))
})

test_that("settings are checked under the user's call", {
  expect_error(agree_hit_rate(1, 1, conf_level = 1), class = "judicious_error_range")
  expect_error(agree_hit_rate(1, 1, conf_level = 0.9, n_boot = 1), class = "judicious_error_range")
  expect_error(agree_mse("a", "a", threads = 0), class = "judicious_error_range")
  error <- rlang::catch_cnd(agree_hit_rate(1, 1, conf_level = 2), "error")
  expect_identical(rlang::call_name(error$call), "agree_hit_rate")
})
