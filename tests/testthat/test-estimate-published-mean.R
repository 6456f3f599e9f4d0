# ppi_py's means under the published preset (Angelopoulos, Duchi and Zrnic 2023, section 6). It
# divides variances by n where we divide by n - 1, and tunes by the judge's variance over all rows;
# the rest is one formula.

test_that("the published preset equals ppi_py's means at its weight, but for the divisor", {
  cases <- jsonlite::fromJSON(skip_without_reference("regression.json"), simplifyDataFrame = FALSE,
                              simplifyMatrix = FALSE)$cases
  cases <- Filter(function(case) length(case$ppi_py) > 0L, cases)
  expect_length(cases, 6)
  by_n <- function(x) mean((x - mean(x))^2)
  for (case in cases) {
    y <- vapply(case$y_true, function(x) if (is.null(x)) NA_real_ else as.double(x), 0)
    judge <- as.double(unlist(case$y_proxies[[1]]))
    labelled <- !is.na(y)
    n <- sum(labelled)
    y_labelled <- y[labelled]
    tuned <- stats::cov(y_labelled, judge[labelled]) * (n - 1) / n /
      (stats::var(judge) * (1 + n / sum(!labelled)))
    for (lambda in c(1, tuned)) {
      theirs <- case$ppi_py[[if (lambda == 1) "mean_lam_1" else "mean_tuned"]]
      fit <- quietly(estimate_mean(y ~ judge, preset = "published", power_tuning = lambda))
      expect_equal(fit$estimate, theirs$estimate, tolerance = 1e-10)
      variance <- lambda^2 * by_n(judge[!labelled]) / sum(!labelled) +
        by_n(y_labelled - lambda * judge[labelled]) / n
      expect_equal(fit$estimate + c(-1, 1) * stats::qnorm(0.975) * sqrt(variance),
                   c(theirs$lower, theirs$upper), tolerance = 1e-10)
      expect_equal(fit$std_error, sqrt(variance), tolerance = 1 / n)
    }
  }
})
