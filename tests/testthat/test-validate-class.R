checked <- function(...) {
  set.seed(1)
  validate_coverage(rare_logs(...), estimator(interval = c("beta", "normal")), n_rep = 200)
}

test_that("one row per method and level, in order", {
  x <- checked()
  expect_s3_class(x, c("judicious_coverage", "judicious_table", "data.frame"), exact = TRUE)
  expect_identical(x$method, rep(c("recommended, beta", "recommended, normal"), each = 10))
  expect_equal(x$conf_level, rep(seq(0.5, 0.95, 0.05), 2))
  expect_true(all(diff(x$coverage[1:10]) >= 0) && all(diff(x$width[1:10]) > 0))
  expect_identical(unique(x$n_labelled), 40)
  expect_identical(unique(x$correlation), 0.6)
})

test_that("tidy() has broom's names, and subsets are plain data frames", {
  x <- checked()
  tidied <- tidy(x)
  expect_identical(names(tidied)[1:6],
                   c("method", "nominal", "estimate", "conf.low", "conf.high", "conf.level"))
  expect_identical(tidied$estimate, x$coverage)
  expect_identical(unique(tidied$conf.level), 0.95)
  expect_identical(class(as.data.frame(x)), "data.frame")
  expect_identical(attributes(as.data.frame(x))$failures, NULL)
  expect_identical(class(x[1:2, ]), "data.frame")
  expect_identical(class(head(x)), "data.frame")
})

test_that("print() shows one line per method at one level", {
  expect_snapshot(checked())
  expect_snapshot(print(checked(), conf_level = 0.5))
  expect_error(print(checked(), conf_level = 0.51), class = "judicious_error_choice")
  out <- withVisible({
    utils::capture.output(value <- print(checked()))
    value
  })
  expect_s3_class(out$value, "judicious_coverage")
})

test_that("coverage below the level beyond simulation error is marked", {
  set.seed(2)
  bad <- validate_coverage(rare_logs(proxy_mean = 0.1, correlation = 0.5),
                           estimator(y_proxy ~ 1), n_rep = 100)
  expect_match(format(bad), "\\[0\\.000, 0\\.036\\] \\*", all = FALSE)
  expect_match(format(bad), "below the level", all = FALSE)
  set.seed(2)
  good <- validate_coverage(rare_logs(), estimator(), n_rep = 100)
  expect_false(any(grepl("below the level", format(good))))
})

test_that("rbind() puts results together, failures and all", {
  one <- checked()
  set.seed(3)
  two <- validate_coverage(rare_logs(correlation = 0.3), function(data) stop("no"), n_rep = 50)
  both <- rbind(one, two)
  expect_s3_class(both, "judicious_coverage")
  expect_identical(nrow(both), 30L)
  expect_identical(unique(both$correlation), c(0.6, 0.3))
  expect_identical(attr(both, "failures")$n, 50)
  expect_length(attr(both, "scenarios"), 2)
  expect_match(format(both), "2 scenarios", all = FALSE)
  expect_error(rbind(one, as.data.frame(two)), class = "judicious_error")
})
