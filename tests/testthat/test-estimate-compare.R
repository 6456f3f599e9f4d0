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
