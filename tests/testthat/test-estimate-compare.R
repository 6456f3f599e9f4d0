set.seed(11)
data <- simulate_binary(2000, 0.1, 0.05, 0.6)
data$human <- reveal_labels(data$y_true, sample_uniform(2000, 200))
judge <- estimate_mean(y_proxy ~ 1, data, metric = "Rate")
human <- estimate_mean(human ~ 1, data, metric = "Rate")
both <- estimate_mean(human ~ y_proxy, data, metric = "Rate")
compared <- compare_estimates(judge_only = judge, human_only = human, both = both, truth = 0.1)

test_that("estimates are compared in one tidy table", {
  expect_s3_class(compared, "judicious_comparison")
  expect_identical(compared$label, c("Judge only", "Human only", "Both"))
  expect_equal(compared$estimate, c(judge$estimate, human$estimate, both$estimate))
  expect_identical(attr(compared, "truth"), 0.1)
  expect_snapshot(compared)
})

test_that("a metric without shared range is shown in its own units", {
  scores <- estimate_mean(data$y_true * 4 + 1 ~ 1)
  expect_snapshot(compare_estimates(rate = both, score = scores))
})

test_that("bad input is named", {
  expect_error(compare_estimates(both), class = "judicious_error_input")
  expect_error(compare_estimates(), class = "judicious_error_input")
  expect_error(compare_estimates(a = both, b = 3), "`b`", class = "judicious_error_type")
  expect_error(compare_estimates(a = both, truth = "x"), class = "judicious_error_type")
})

test_that("estimates are tested against a value, and differences are not", {
  set.seed(3)
  data <- data.frame(human = c(rbinom(80, 1, 0.3), rep(NA, 200)), judge = rbinom(280, 1, 0.3))
  fits <- quiet(list(human = estimate_mean(human ~ 1, data),
                     both = estimate_mean(human ~ judge, data)))
  compared <- compare_estimates(human = fits$human, both = fits$both, mu = 0.1)
  expect_identical(compared$p.value[1], test_mean(fits$human, 0.1)$p.value)
  expect_identical(compared$p.value[2], test_mean(fits$both, 0.1)$p.value)
  expect_match(paste(format(compared), collapse = "\n"), "covariance is not known")
  expect_error(compare_estimates(human = fits$human, mu = 2), class = "judicious_error_range")
  expect_null(compare_estimates(human = fits$human)$p.value)
})

test_that("separate estimates have differences: Newcombe's, with the p-value of its interval", {
  set.seed(4)
  month <- function(p) estimate_mean(rbinom(120, 1, p) ~ 1, metric = "Error rate")
  may <- month(0.3)
  june <- month(0.15)
  july <- month(0.3)
  table <- compare_estimates(may = may, june = june, july = july, separate = TRUE)
  d <- june$estimate - may$estimate
  expect_equal(table$difference, c(NA, d, july$estimate - may$estimate))
  expect_equal(table$difference.low[2],
               d - sqrt((june$estimate - june$conf_low)^2 + (may$conf_high - may$estimate)^2))
  # At the level 1 - p the interval just reaches 0.
  ends <- judicious:::separate_bounds(june, may, 1 - table$difference.p.value[2])
  expect_equal(ends[2], 0, tolerance = 1e-6)
  expect_gt(table$difference.p.value[3], 0.05)
  expect_match(paste(format(table), collapse = "\n"), "less May")
  expect_error(compare_estimates(a = may, b = may, separate = TRUE),
               class = "judicious_error_design")
  expect_error(compare_estimates(a = may, separate = TRUE), class = "judicious_error_design")
  other <- estimate_mean(rbinom(50, 1, 0.5) ~ 1, metric = "Refusals")
  expect_error(compare_estimates(a = may, b = other, separate = TRUE), "different metrics",
               class = "judicious_error_design")
  expect_error(compare_estimates(judge = judge, both = both, separate = TRUE),
               class = "judicious_error_design")
})

test_that("separate normal means: the difference is Welch's up to its degrees of freedom", {
  set.seed(5)
  x <- rnorm(80)
  y <- rnorm(90, 0.4)
  table <- compare_estimates(x = estimate_mean(x ~ 1, metric = "m"),
                             y = estimate_mean(y ~ 1, metric = "m"), separate = TRUE)
  welch <- stats::t.test(y, x)
  expect_equal(c(table$difference.low[2], table$difference.high[2]), as.numeric(welch$conf.int),
               tolerance = 0.01)
  expect_equal(table$difference.p.value[2], welch$p.value, tolerance = 0.05)
})
