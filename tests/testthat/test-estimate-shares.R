# Shares of categories.

test_that("shares sum to 1 with a singular covariance, and are means of 0/1 labels", {
  set.seed(5)
  n <- 400
  kind <- sample(letters[1:4], n, TRUE, c(0.5, 0.3, 0.15, 0.05))
  data <- data.frame(judge = ifelse(runif(n) < 0.8, kind, sample(letters[1:4], n, TRUE)))
  data$human <- ifelse(seq_len(n) <= 150, kind, NA)
  shares <- estimate_shares(human ~ judge, data)
  raw <- vapply(shares$quantities, function(q) q$inference$estimate, 0)
  expect_equal(sum(raw), 1)
  expect_equal(unname(rowSums(vcov(shares, "plain"))), rep(0, 4), tolerance = 1e-12)
  together <- confint(shares, simultaneous = TRUE)
  expect_true(all(together[, 1] <= confint(shares)[, 1]))
  data$is_b <- ifelse(is.na(data$human), NA, data$human == "b") + 0
  judges <- outer(data$judge, letters[1:3], `==`) + 0
  one <- quiet(estimate_mean(is_b ~ judges, data))
  expect_equal(unname(confint(shares, "b")[1, ]), unname(confint(one)[1, ]), tolerance = 1e-8)
  expect_s3_class(ggplot2::autoplot(shares, type = "bar"), "ggplot")
  expect_error(ggplot2::autoplot(estimate_quantile(rnorm(50) ~ 1), type = "bar"),
               class = "judicious_error_undefined")
})
