sure <- function(...) {
  set.seed(12)
  rows <- simulate_binary(2000, true_mean = 0.2, proxy_mean = 0.1, correlation = 0.6)
  rows$human <- reveal_labels(rows$y_true, sample_uniform(2000, 400))
  evaluate_judge(rows, human ~ y_proxy, metric = "Error rate", ...)
}

test_that("the summary says rate, bias, worth, target and what is next", {
  expect_snapshot({
    sure(target = 0.15, question = "Is the error rate below 15%?")
    format(sure(), "method")
    sure()$agreement
  })
})

test_that("the verdict on the target follows the test, and names judges that mislead", {
  verdict <- function(...) format(sure(...), "details")[4]
  near <- verdict(target = 0.15)
  expect_match(near, "is below 15.0% is not shown.*interval is 15.0% or more")
  expect_match(near, "By y_proxy alone you would have concluded that it is shown")
  expect_match(verdict(target = 0.22), "is below 22.0% is not shown.*it may be 22.0% or more")
  expect_match(verdict(target = 0.3), "is below 30.0% is shown \\(p < 0.001, one-sided\\)[.]$")
  expect_match(verdict(target = 0.2, alternative = "two.sided"),
               "is different from 20.0% is not shown \\(p = [0-9.]+\\): the interval holds")
  expect_match(verdict(target = 0.1, alternative = "greater"), "is above 10.0% is shown")
})

test_that("scores that are no rates are shown as numbers", {
  set.seed(5)
  rows <- data.frame(truth = rnorm(300, 10, 3))
  rows$judge <- rows$truth + rnorm(300) + 5
  rows$human <- ifelse(seq_len(300) <= 80, rows$truth, NA)
  evaluation <- evaluate_judge(rows, human ~ judge, target = 9, alternative = "greater")
  expect_no_match(format(evaluation), "[0-9]%\\)? ?(to|\\()|points")
  expect_match(format(evaluation)[3], "too high by (4|5)[.]")
  expect_match(format(evaluation), "That the mean is above", all = FALSE)
  expect_null(evaluation$confusion)
  expect_setequal(evaluation$agreement$term, "bias")
  expect_error(tidy(evaluation, "confusion"), class = "judicious_error_undefined")
  expect_error(ggplot2::autoplot(evaluation, "subgroups"), class = "judicious_error_undefined")
})

test_that("plots show what tables say", {
  evaluation <- sure(target = 0.15, subgroups = rep(c("x", "y"), 1000))
  forest <- ggplot2::autoplot(evaluation)
  expect_equal(forest$data$estimate, tidy(evaluation)$estimate)
  lines <- Filter(function(layer) inherits(layer$geom, "GeomVline"), forest$layers)
  expect_equal(lines[[1]]$data$xintercept, 0.15)
  groups <- ggplot2::autoplot(evaluation, "subgroups")
  expect_equal(groups$data$estimate,
               c(evaluation$estimate$estimate, tidy(evaluation, "subgroups")$estimate))
  confusion <- ggplot2::autoplot(evaluation, "confusion")
  expect_equal(confusion$data$n, tidy(evaluation, "confusion")$n)
})
