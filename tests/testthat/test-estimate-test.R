asi <- utils::read.csv(system.file("extdata", "asi.csv", package = "judicious"))
published <- estimate_mean(y_true ~ y_proxy, asi, prob = pi, preset = "published",
                           metric = "Hallucination rate")
y <- c(1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0)

test_that("a test prints like t.test()", {
  expect_snapshot(test_mean(published, 0.05, "greater"))
  expect_snapshot(test_mean(estimate_mean(y ~ 1, metric = "Error rate"), 0.1))
})

test_that("the components are those of an htest", {
  test <- test_mean(published, 0.05, "greater")
  expect_s3_class(test, "htest")
  expect_equal(unname(test$statistic), 2.062061373378183, tolerance = 1e-12)
  expect_equal(test$p.value, 0.019600946618190427, tolerance = 1e-12)
  expect_identical(test$null.value, c("Hallucination rate" = 0.05))
  expect_identical(attr(test$conf.int, "conf.level"), 0.95)
  expect_identical(test$conf.int[2], Inf)
})

test_that("without judges the tests are the textbook ones", {
  x <- c(2.1, 3.4, 1.9, 5.2, 4.4, 2.8)
  ours <- test_mean(estimate_mean(x ~ 1), 2, "less")
  theirs <- stats::t.test(x, mu = 2, alternative = "less")
  expect_equal(unname(ours$statistic), unname(theirs$statistic))
  expect_equal(ours$p.value, theirs$p.value)
  expect_equal(as.vector(ours$conf.int), as.vector(theirs$conf.int))
  exact <- stats::binom.test(sum(y), length(y), 0.1, "greater")
  ours <- test_mean(estimate_mean(y ~ 1), 0.1, "greater")
  expect_equal(ours$p.value, exact$p.value)
  expect_equal(as.vector(ours$conf.int), as.vector(exact$conf.int))
  score <- quiet(stats::prop.test(sum(y), length(y), 0.1, correct = FALSE))
  ours <- test_mean(estimate_mean(y ~ 1, interval = "wilson"), 0.1)
  expect_equal(ours$p.value, score$p.value)
  expect_equal(as.vector(ours$conf.int), as.vector(score$conf.int))
})

test_that("a population labelled as a whole leaves no doubt", {
  census <- estimate_mean(y ~ 1, population = "finite")
  expect_identical(test_mean(census, census$estimate)$p.value, 1)
  expect_identical(test_mean(census, 0.3)$p.value, 0)
  expect_identical(test_mean(census, 0.3, "less")$p.value, 1)
})

test_that("bad input is named", {
  expect_error(test_mean(published), "mu")
  expect_error(test_mean(1, 0.2), "estimate_mean", class = "judicious_error_type")
  expect_error(test_mean(published, "a"), class = "judicious_error_type")
  expect_error(test_mean(estimate_mean(y ~ 1), 1.2), "\\[0, 1\\]", class = "judicious_error_range")
  expect_error(test_mean(published, 0.1, "bigger"), "alternative")
})
