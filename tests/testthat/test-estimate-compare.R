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
