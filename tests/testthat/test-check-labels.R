# The audit of the labelled rows. Golden numbers: many.py, see the reference's README.

test_that("statistics equal the reference in every design", {
  for (case in read_reference("audit.json")$cases) {
    data <- data.frame(y = ifelse(unlist(case$labelled), 0, NA))
    data$f <- t(case$y_proxies)
    found <- check_labels(y ~ f, data, strata = case$strata, clusters = case$clusters,
                          prob = case$prob)
    e <- case$expected
    expect_equal(found$chi_square, e$chi_square, tolerance = 1e-10)
    expect_equal(found$df, e$df)
    expect_equal(found$p_value, e$p, tolerance = 1e-9)
  }
})

draw <- function(n = 2000, rate = 0.3) {
  simulate_binary(n, true_mean = rate, proxy_mean = rate, correlation = 0.6)
}

test_that("the first rows of a sorted file, and only what the judge flags, are told", {
  set.seed(1)
  d <- draw()
  sorted <- d[order(-d$y_proxy), ]
  sorted$y_true[-(1:300)] <- NA
  expect_equal(check_labels(y_true ~ y_proxy, sorted)$verdict, "not_random")
  expect_warning(estimate_mean(y_true ~ y_proxy, sorted), class = "judicious_warning_not_random")
  scores <- transform(d, score = y_proxy + rnorm(2000))
  scores$y_true[scores$score < quantile(scores$score, 0.9)] <- NA
  expect_warning(estimate_mean(y_true ~ score, scores), class = "judicious_warning_not_random")
})

test_that("random labels pass, and without a judge there is no verdict", {
  set.seed(2)
  flagged <- replicate(300, {
    d <- draw()
    d$y_true[-sample(2000, 200)] <- NA
    check_labels(y_true ~ y_proxy, d)$p_value < 0.05
  })
  expect_coverage(!flagged, 0.95)
  d <- draw()
  d$y_true[-(1:100)] <- NA
  expect_equal(check_labels(y_true ~ 1, d)$verdict, "no_verdict")
  expect_no_warning(estimate_mean(y_true ~ 1, d))
  expect_equal(check_labels(y_true ~ y_proxy, d[1:100, ])$verdict, "no_verdict")
})

test_that("no verdict where the judge's rarer answer is hardly to be met", {
  d <- data.frame(y = c(rep(0, 20), rep(NA, 1980)), f = c(1, 1, rep(0, 1988), rep(1, 10)))
  expect_equal(check_labels(y ~ f, d)$verdict, "no_verdict")
})

test_that("labels drawn with prob pass if it is given, and not if it is left out or wrong", {
  set.seed(3)
  d <- draw(5000)
  p <- ifelse(d$y_proxy == 1, 0.2, 0.05)
  d$y_true[runif(5000) > p] <- NA
  expect_equal(check_labels(y_true ~ y_proxy, d, prob = p)$verdict, "random")
  expect_equal(check_labels(y_true ~ y_proxy, d)$verdict, "not_random")
  expect_equal(check_labels(y_true ~ y_proxy, d, prob = p / 2)$verdict, "not_random")
  expect_equal(check_labels(y_true ~ y_proxy, d, strata = y_proxy)$verdict, "no_verdict")
})

test_that("it prints, and gives a table and a plot", {
  set.seed(4)
  d <- draw()
  d$y_true[-head(which(d$y_proxy == 1), 200)] <- NA
  found <- check_labels(y_true ~ y_proxy, d)
  expect_snapshot(found)
  expect_snapshot(estimate_mean(y_true ~ y_proxy, d))
  expect_named(tidy(found), c("stratum", "judge", "labelled", "all", "z"))
  expect_s3_class(ggplot2::autoplot(found), "ggplot")
})
