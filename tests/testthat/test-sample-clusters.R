test_that("whole clusters are drawn, each with the same probability", {
  set.seed(1)
  ids <- rep(c("b", "a", "c", "d"), times = c(1, 5, 2, 4))[c(12:1)]
  for (n in 1:4) {
    plan <- sample_clusters(ids, n)
    by_cluster <- tapply(plan$selected, ids, unique)
    expect_type(by_cluster, "integer") # one value per cluster, or tapply() gives a list
    expect_identical(sum(by_cluster), n)
    expect_identical(plan$prob, rep(n / 4, 12))
  }
})

test_that("clusters are equally likely whatever their size", {
  set.seed(2)
  n_rep <- 20000
  ids <- rep(1:5, times = c(1, 50, 2, 3, 10))
  firsts <- match(1:5, ids)
  draws <- replicate(n_rep, sample_clusters(ids, 2)$selected[firsts])
  expect_lt(max(abs(rowMeans(draws) - 0.4)), 5 * sqrt(0.4 * 0.6 / n_rep))
})

test_that("any type that can be grouped is an id, and only the grouping counts", {
  codes <- c(1L, 2L, 1L, 3L, 3L, 2L, 4L)
  ids <- list(
    as.double(codes), letters[codes], factor(letters[codes], levels = letters),
    as.Date("2024-01-01") + codes, codes > 2,
    data.frame(user = letters[codes], day = as.Date("2024-01-01") + codes),
    tibble::tibble(a = codes %% 2, b = codes %/% 2)
  )
  for (id in ids) {
    n_groups <- vctrs::vec_unique_count(id)
    set.seed(3)
    plan <- sample_clusters(id, 2)
    set.seed(3)
    expect_identical(plan, sample_clusters(vctrs::vec_group_id(id), 2))
    expect_identical(plan$prob[1], 2 / n_groups)
    expect_identical(attr(plan, "n_units"), n_groups)
  }
})

test_that("missing ids are errors that name the row", {
  expect_snapshot(sample_clusters(c("a", "b", NA), 1), error = TRUE)
  broken <- data.frame(user = c("a", "b", "b"), day = c(1, NA, NA))
  expect_identical(
    expect_error(sample_clusters(broken, 1), class = "judicious_error_missing_id")$where, 2:3
  )
})

test_that("what is no set of clusters is an error", {
  expect_snapshot(sample_clusters(c("a", "b"), 3), error = TRUE)
  expect_error(sample_clusters(mean, 1), class = "judicious_error_type")
  expect_error(sample_clusters(NULL, 1), class = "judicious_error_type")
  expect_error(sample_clusters(character(), 1), class = "judicious_error_length")
})
