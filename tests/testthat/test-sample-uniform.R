test_that("exactly n items are selected, each with probability n / n_total", {
  set.seed(1)
  for (n in c(1, 3, 99, 100)) {
    plan <- sample_uniform(100, n)
    expect_s3_class(plan, c("judicious_sample", "judicious_table", "data.frame"), exact = TRUE)
    expect_identical(sum(plan$selected), as.integer(n))
    expect_identical(plan$prob, rep(n / 100, 100))
    expect_setequal(unique(plan$selected), if (n < 100) 0:1 else 1L)
  }
})

test_that("items and pairs of items are equally likely", {
  set.seed(2)
  n_rep <- 6000
  n_total <- 7
  n <- 3
  draws <- replicate(n_rep, sample_uniform(n_total, n)$selected)
  single <- rowMeans(draws)
  p <- n / n_total
  expect_lt(max(abs(single - p)), 5 * sqrt(p * (1 - p) / n_rep))
  pairs <- tcrossprod(draws) / n_rep
  p2 <- n * (n - 1) / (n_total * (n_total - 1))
  expect_lt(max(abs(pairs[upper.tri(pairs)] - p2)), 5 * sqrt(p2 * (1 - p2) / n_rep))
})

test_that("set.seed() governs the draw and consecutive calls differ", {
  set.seed(3)
  first <- sample_uniform(1000, 500)
  second <- sample_uniform(1000, 500)
  set.seed(3)
  expect_identical(sample_uniform(1000, 500), first)
  expect_false(identical(first$selected, second$selected))
})

test_that("impossible sizes are errors under the user's call", {
  expect_snapshot(sample_uniform(10, 11), error = TRUE)
  expect_snapshot(sample_uniform("ten", 1), error = TRUE)
  expect_error(sample_uniform(10, 0), class = "judicious_error_range")
  expect_error(sample_uniform(0, 1), class = "judicious_error_range")
  expect_error(sample_uniform(10, 2.5), class = "judicious_error_type")
  expect_error(sample_uniform(10, NA), class = "judicious_error_type")
  expect_error(sample_uniform(1e10, 5), class = "judicious_error_range")
})
