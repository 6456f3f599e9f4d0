# Ids of any type mean the same groups.

ids <- rep(c(3L, 7L, 5L, 9L), c(20, 30, 25, 25))
set.seed(3)
y <- stats::rnorm(100) + ids
judge <- y + stats::rnorm(100)
y[c(TRUE, FALSE)] <- NA

variants <- list(
  integer = ids,
  double = ids / 2,
  string = sprintf("group %02d", ids),
  factor = factor(ids),
  `factor with unused levels` = factor(ids, levels = 1:12),
  date = as.Date("2026-01-01") + ids,
  time = as.POSIXct("2026-01-01", tz = "UTC") + ids,
  `two columns` = data.frame(odd = ids > 4, which = letters[ids]),
  `wide integers` = ids * 100000000L %/% 3L
)

test_that("strata and clusters may be of any type", {
  strata <- estimate_mean(y ~ judge, strata = ids)
  clusters <- quiet(estimate_mean(y ~ judge, clusters = ids))
  for (name in names(variants)) {
    fit <- estimate_mean(y ~ judge, strata = variants[[name]])
    expect_equal(fit$estimate, strata$estimate, tolerance = 1e-12, info = name)
    expect_equal(fit$strata$estimate, strata$strata$estimate, tolerance = 1e-12, info = name)
    fit <- quiet(estimate_mean(y ~ judge, clusters = variants[[name]]))
    expect_equal(fit$std_error, clusters$std_error, tolerance = 1e-12, info = name)
    expect_identical(fit$n_clusters, 4)
  }
})

test_that("strata are reported in ascending order under their own names", {
  fit <- estimate_mean(y ~ judge, strata = variants$string)
  expect_identical(fit$strata$stratum, sprintf("group %02d", c(3, 5, 7, 9)))
  expect_identical(rownames(fit$lambda), fit$strata$stratum)
  expect_identical(fit$strata$n_rows, c(20, 25, 30, 25))
  levels <- factor(variants$string, levels = rev(sort(unique(variants$string))))
  expect_identical(estimate_mean(y ~ judge, strata = levels)$strata$stratum, levels(levels))
  pairs <- estimate_mean(y ~ judge, strata = variants$`two columns`)
  expect_identical(pairs$strata$stratum, c("FALSE / c", "TRUE / e", "TRUE / g", "TRUE / i"))
})

test_that("missing ids are found in every type", {
  for (name in names(variants)) {
    id <- variants[[name]]
    if (is.data.frame(id)) id$odd[33] <- NA else id[33] <- NA
    expect_error(estimate_mean(y ~ judge, strata = !!id), "row 33",
                 class = "judicious_error_missing_id")
  }
})

test_that("cluster ids that recur in another stratum are other clusters", {
  strata <- rep(c("a", "b"), each = 50)
  recurring <- rep(1:10, 10)
  expect_equal(estimate_mean(y ~ judge, strata = strata, clusters = recurring)$std_error,
               estimate_mean(y ~ judge, strata = strata,
                             clusters = paste(strata, recurring))$std_error)
  expect_identical(estimate_mean(y ~ judge, strata = strata, clusters = recurring)$n_clusters, 20)
})

test_that("integer codes are scanned right", {
  scan <- scan_codes_cpp(c(4L, 6L, 5L), 100, TRUE)
  expect_identical(scan[c("first", "n", "has_missing", "fits", "dense")],
                   list(first = 4L, n = 3, has_missing = FALSE, fits = TRUE, dense = TRUE))
  expect_false(scan_codes_cpp(c(4L, 6L), 100, TRUE)$dense)
  expect_false(scan_codes_cpp(c(-2000000000L, 2000000000L), 100, TRUE)$fits)
  expect_true(scan_codes_cpp(c(4L, NA), 100, TRUE)$has_missing)
})

test_that("clusters in order are the same clusters, however many threads share them", {
  set.seed(5)
  n <- 2e5
  clusters <- sort(sample.int(3e4, n, TRUE))
  judge <- rnorm(n) + clusters / 1e4
  human <- ifelse(clusters %% 40 == 0, judge + rnorm(n), NA)
  other <- rnorm(n)
  fit <- function(i, threads) {
    out <- estimate_mean(human[i] ~ judge[i] + other[i], clusters = clusters[i], threads = threads)
    unlist(out[c("estimate", "std_error", "df", "n_effective")])
  }
  in_order <- fit(seq_len(n), 1)
  expect_identical(fit(seq_len(n), 3), in_order)
  expect_equal(fit(sample.int(n), 2), in_order, tolerance = 1e-10)
})
