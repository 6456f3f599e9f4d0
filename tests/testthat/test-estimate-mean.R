# Regressions and corners of the front door.

test_that("constant labels have no variance, whatever the constant and the number", {
  for (value in c(0.1, 3.2, 1 / 3, 1e6 + 0.1)) {
    for (n in c(2, 3, 7, 60)) {
      y <- c(rep(value, n), rep(NA, 5))
      fit <- quiet(estimate_mean(y ~ 1))
      expect_identical(fit$interval, "none")
      expect_identical(fit$inference$variance, 0)
      expect_identical(fit$estimate, value)
      judge <- seq_along(y) %% 3
      fit <- quiet(estimate_mean(y ~ judge))
      expect_identical(unname(fit$lambda), 0)
      expect_identical(fit$estimate, value)
    }
  }
})

test_that("a constant judge is recognised, whatever the constant", {
  set.seed(1)
  y <- c(stats::rnorm(20), rep(NA, 13))
  for (value in c(0.1, 3.2, 1 / 3, -1e6 - 0.1)) {
    judge <- rep(value, 33)
    expect_warning(fit <- estimate_mean(y ~ judge), class = "judicious_warning_constant_judge")
    expect_identical(unname(fit$lambda), 0)
  }
})

test_that("judges that the estimate does not use are not in its finite variance", {
  set.seed(2)
  y <- c(stats::rnorm(29), NA)
  judge <- 100 * stats::rnorm(30)
  with_judge <- quiet(estimate_mean(y ~ judge, power_tuning = 1, population = "finite"))
  without <- quiet(estimate_mean(y ~ 1, population = "finite"))
  expect_equal(with_judge$std_error, without$std_error)
  expect_equal(without$inference$variance, stats::var(y[1:29]) / 29 * (1 - 29 / 30))
})

test_that("no field is a silent NaN", {
  fit <- quiet(estimate_mean(c(rep(0, 60), rep(NA, 540)) ~ 1))
  expect_identical(fit$df, 1)
  numbers <- unlist(fit[vapply(fit, is.numeric, NA)])
  expect_false(any(is.nan(numbers)))
})

test_that("arguments are checked under the user's call", {
  y <- c(1, 0, 1, 0, 1)
  expect_error(estimate_mean(y ~ 1, conf_level = 95), class = "judicious_error_range")
  expect_error(estimate_mean(y ~ 1, n_boot = 10), class = "judicious_error_range")
  expect_error(estimate_mean(y ~ 1, interval = "exact"), class = "judicious_error_choice")
  expect_error(estimate_mean(y ~ 1, power_tuning = 1), class = "judicious_error_length")
  expect_error(estimate_mean(y ~ 1, power_tuning = mean), class = "judicious_error_choice")
  expect_error(estimate_mean(y ~ rev(y), power_tuning = -1e300), class = "judicious_error_range")
  expect_error(estimate_mean(y ~ 1, pool_strata = NA), class = "judicious_error_type")
  expect_error(estimate_mean(y ~ 1, metric = 3), class = "judicious_error_type")
  expect_error(estimate_mean(y ~ 1, interval = "beta", range = c(5, 1)),
               class = "judicious_error_range")
  expect_error(estimate_mean(I(y / 3) ~ 1, interval = "wilson"), class = "judicious_error_range")
  error <- tryCatch(estimate_mean(y ~ 1, threads = 0), error = identity)
  expect_identical(error$call[[1]], quote(estimate_mean))
})
