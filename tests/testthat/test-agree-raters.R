# The 4-observer, 12-unit example of Krippendorff (2011), with missing ratings.
published <- cbind(
  a = c(1, 2, 3, 3, 2, 1, 4, 1, 2, NA, NA, NA),
  b = c(1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NA, 3),
  c = c(NA, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NA),
  d = c(1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NA)
)
levels_of_measurement <- c("nominal", "ordinal", "interval", "ratio")

alphas <- function(ratings) {
  vapply(levels_of_measurement, function(level) {
    quiet(agree_krippendorff_alpha(ratings, level = level))
  }, 0)
}

# The definition, pair by pair; ordinal distances from the definition's own sum.
slow_alpha <- function(ratings, level) {
  units <- apply(ratings, 1, function(x) x[!is.na(x)], simplify = FALSE)
  units <- Filter(function(x) length(x) > 1, units)
  all <- unlist(units)
  n <- length(all)
  values <- sort(unique(all))
  totals <- vapply(values, function(v) sum(all == v), 0)
  rank_gap <- function(c, k) {
    ends <- match(c(c, k), values)
    sum(totals[seq(min(ends), max(ends))]) - sum(totals[ends]) / 2
  }
  delta <- function(c, k) {
    switch(level, nominal = c != k, ordinal = if (c == k) 0 else rank_gap(c, k)^2,
           interval = (c - k)^2, ratio = if (c + k == 0) 0 else ((c - k) / (c + k))^2)
  }
  within <- function(x) sum(outer(x, x, Vectorize(delta))) / (length(x) - 1)
  observed <- sum(vapply(units, within, 0)) / n
  1 - observed / (sum(outer(all, all, Vectorize(delta))) / (n * (n - 1)))
}

test_that("alpha equals the published example", {
  expect_equal(round(alphas(published), 3),
               c(nominal = 0.743, ordinal = 0.815, interval = 0.849, ratio = 0.797))
})

test_that("alpha and Fleiss' kappa equal the reference numbers", {
  reference <- read_reference("agreement.json")
  for (case in reference$krippendorff) {
    expect_equal(alphas(t(case$ratings)), unlist(case$expected)[levels_of_measurement],
                 tolerance = 1e-10, info = case$id)
  }
  for (case in reference$fleiss) {
    expect_equal(quiet(agree_fleiss_kappa(case$labels)), case$expected, tolerance = 1e-10)
    expect_equal(agree_fleiss_kappa(case$counts, type = "counts"), case$expected,
                 tolerance = 1e-10)
  }
})

test_that("alpha equals its definition, pair by pair", {
  set.seed(1)
  ratings <- noisy_ratings(25, 5, 4, missing = 0.4) - 1
  fractions <- ratings + round(runif(length(ratings)), 1)
  for (level in levels_of_measurement) {
    expect_equal(agree_krippendorff_alpha(ratings, level = level), slow_alpha(ratings, level),
                 tolerance = 1e-12, info = level)
    expect_equal(agree_krippendorff_alpha(fractions, level = level), slow_alpha(fractions, level),
                 tolerance = 1e-12, info = level)
  }
})

test_that("alpha equals irr", {
  set.seed(2)
  ratings <- noisy_ratings(40, 4, 4)
  skip_if_not_installed("irr")
  irr <- vapply(levels_of_measurement, function(l) irr::kripp.alpha(t(ratings), l)$value, 0)
  expect_equal(alphas(ratings), irr, tolerance = 1e-12)
})

test_that("Fleiss' kappa equals irr", {
  skip_if_not_installed("irr")
  set.seed(3)
  ratings <- noisy_ratings(50, 5, 4, missing = 0)
  expect_equal(agree_fleiss_kappa(ratings), irr::kappam.fleiss(ratings)$value, tolerance = 1e-12)
})

test_that("Fleiss' kappa by hand where the numbers of ratings differ", {
  # Observed agreement of the items with two ratings: (1, 1/3, 1) -> 7/9. Shares of label a:
  # (1, 2/3, 0, 1) -> 2/3, chance agreement 5/9.
  ratings <- rbind(c("a", "a", NA), c("a", "a", "b"), c("b", "b", "b"), c("a", NA, NA))
  expect_equal(agree_fleiss_kappa(ratings), (7 / 9 - 5 / 9) / (4 / 9), tolerance = 1e-14)
  counts <- rbind(c(2, 0), c(2, 1), c(0, 3), c(1, 0))
  expect_equal(agree_fleiss_kappa(counts, type = "counts"), 0.5, tolerance = 1e-14)
})

test_that("order of items and raters, names and units of labels do not matter", {
  set.seed(4)
  ratings <- noisy_ratings(30, 4, 4)
  shuffled <- ratings[sample(30), sample(4)]
  expect_equal(alphas(shuffled), alphas(ratings))
  swapped <- matrix(c(2, 4, 1, 3)[ratings], 30)
  expect_equal(alphas(swapped)[["nominal"]], alphas(ratings)[["nominal"]])
  words <- as.data.frame(matrix(c("no", "so", "yes", "zen")[ratings], 30))
  expect_equal(agree_krippendorff_alpha(words), alphas(ratings)[["nominal"]])
  expect_equal(agree_fleiss_kappa(words), agree_fleiss_kappa(ratings))
  expect_equal(alphas(exp(ratings))[["ordinal"]], alphas(ratings)[["ordinal"]])
  expect_equal(alphas(1e9 + 1e-3 * ratings)[["interval"]], alphas(ratings)[["interval"]],
               tolerance = 1e-6)
  expect_equal(alphas(1e300 * ratings)[["interval"]], alphas(ratings)[["interval"]])
  expect_equal(alphas(3 * ratings)[["ratio"]], alphas(ratings)[["ratio"]])
  scale <- function(x) factor(x, 1:4, c("bad", "poor", "fair", "good"))
  graded <- as.data.frame(lapply(as.data.frame(ratings), scale))
  expect_equal(agree_krippendorff_alpha(graded, level = "ordinal"), alphas(ratings)[["ordinal"]])
})

test_that("perfect agreement is 1, and items with one rating change nothing of alpha", {
  same <- matrix(rep(c(1, 2, 3, 2), 3), ncol = 3)
  expect_identical(unname(alphas(same)), rep(1, 4))
  expect_identical(agree_fleiss_kappa(same), 1)
  alone <- rbind(published, c(1, NA, NA, NA), NA)
  expect_equal(alphas(alone), alphas(published))
  result <- agree_krippendorff_alpha(alone, conf_level = 0.9, n_boot = 200)
  expect_identical(c(result$n_items, result$n_missing), c(11, 3))
})

test_that("with two labels all levels agree; more raters have the same limit", {
  set.seed(5)
  two <- (noisy_ratings(30, 3, 2) > 1) + 1
  expect_equal(unname(alphas(two)), rep(alphas(two)[["nominal"]], 4))
  share <- function(n_raters) {
    agree_krippendorff_alpha(noisy_ratings(20000, n_raters, 3, missing = 0, agree = 0.6))
  }
  # Two raters agree beyond chance if both know: 0.6^2.
  expect_equal(c(share(2), share(4), share(8)), rep(0.36, 3), tolerance = 0.05)
  expect_equal(agree_fleiss_kappa(noisy_ratings(20000, 5, 3, missing = 0)), 0.36, tolerance = 0.05)
})

test_that("alpha of resampled items has the bootstrap's mean and spread", {
  set.seed(6)
  ratings <- noisy_ratings(40, 4, 4)
  for (level in levels_of_measurement) {
    ours <- attr(agree_krippendorff_alpha(ratings, level = level, conf_level = 0.9), "replicates")
    pairable <- ratings[rowSums(!is.na(ratings)) > 1, ]
    in_r <- replicate(600, {
      i <- sample(nrow(pairable), replace = TRUE)
      agree_krippendorff_alpha(pairable[i, ], level = level)
    })
    expect_lt(abs(mean(ours) - mean(in_r)), 5 * sd(in_r) * sqrt(1 / 2000 + 1 / 600))
    expect_lt(abs(sd(ours) / sd(in_r) - 1), 5 * sqrt(0.5 / 2000 + 0.5 / 600))
  }
})

test_that("threads do not matter", {
  set.seed(7)
  ratings <- noisy_ratings(50, 3, 3)
  expect_threadless(function(threads) {
    agree_krippendorff_alpha(ratings, level = "ordinal", conf_level = 0.95, threads = threads)
  })
  expect_threadless(function(threads) {
    agree_fleiss_kappa(ratings, conf_level = 0.95, threads = threads)
  })
})

test_that("one label only is NA, with a classed warning", {
  ones <- matrix(1, 5, 3)
  for (level in levels_of_measurement) {
    expect_warning(value <- agree_krippendorff_alpha(ones, level = level),
                   class = "judicious_warning_undefined")
    expect_identical(value, NA_real_)
  }
  expect_warning(value <- agree_fleiss_kappa(ones), class = "judicious_warning_undefined")
  expect_identical(value, NA_real_)
  # The second label is in an item that has no pair.
  expect_warning(agree_krippendorff_alpha(rbind(ones, c(2, NA, NA))),
                 class = "judicious_warning_undefined")
  expect_warning(agree_fleiss_kappa(rbind(c(1, NA), c(2, NA))),
                 class = "judicious_warning_undefined")
})

test_that("mistakes are named", {
  expect_error(agree_krippendorff_alpha(1:5), class = "judicious_error_type")
  expect_error(agree_krippendorff_alpha(matrix(1:5)), class = "judicious_error_length")
  expect_error(agree_krippendorff_alpha(matrix(c(1, NA, NA, 1), 2)),
               class = "judicious_error_items")
  words <- matrix(c("a", "b", "b", "b"), 2)
  expect_error(agree_krippendorff_alpha(words, level = "ordinal"),
               class = "judicious_error_order")
  expect_error(agree_krippendorff_alpha(words, level = "interval"), class = "judicious_error_type")
  expect_error(agree_krippendorff_alpha(matrix(c(-1, 1, 1, 1), 2), level = "ratio"),
               class = "judicious_error_range")
  expect_error(agree_fleiss_kappa(matrix(c(1, 0.5), 1), type = "counts"),
               class = "judicious_error_range")
  expect_error(agree_fleiss_kappa("a", type = "counts"), class = "judicious_error_type")
  expect_message(agree_krippendorff_alpha(t(published)), class = "judicious_message_orientation")
  expect_snapshot(error = TRUE, {
    agree_krippendorff_alpha(matrix(c(-1, 1, 1, 1), 2), level = "ratio")
    agree_fleiss_kappa(rbind(c(1, 2), c(0.5, 1)), type = "counts")
  })
})
