# Summaries: what they hold, and that parts make the whole.

summarise_data <- function(data) {
  formula <- stats::reformulate(judge_names(data), "human")
  quiet(summarise_labels(formula, data, strata = data$stratum, clusters = data$cluster,
                         prob = data$prob))
}

# Rows in parts that hold whole clusters.
cut_data <- function(data, n_parts) {
  unit <- data$cluster %||% seq_len(nrow(data))
  split(data, sample(n_parts, max(unit), TRUE)[unit])
}

test_that("an estimate from a summary is that of the rows, in every design", {
  for_each_design(function(data, label) {
    expect_same_fit(quiet(estimate_mean(summarise_data(data))), fit_data(data), label, 1e-12)
  })
})

test_that("summaries of parts give the estimate of the whole, in any order and grouping", {
  for_each_design(function(data, label) {
    parts <- lapply(cut_data(data, 4), summarise_data)
    whole <- fit_data(data)
    orders <- list(
      do.call(c, unname(parts)), do.call(c, unname(rev(parts))),
      c(c(parts[[2]], parts[[4]]), c(parts[[3]], parts[[1]]))
    )
    for (merged in orders) {
      expect_same_fit(quiet(estimate_mean(merged)), whole, label, 1e-11)
      expect_equal(nobs(merged), nobs(whole))
    }
  })
})

test_that("a stratum may be missing from a part", {
  set.seed(3)
  data <- design_data(n = 400, strata = 3)
  parts <- split(data, data$stratum)
  merged <- do.call(c, unname(lapply(parts, summarise_data)))
  expect_same_fit(estimate_mean(merged), fit_data(data), "one stratum a part", 1e-11)
})

test_that("a summary is saved and read back bit for bit", {
  for_each_design(function(data, label) {
    summary <- summarise_data(data)
    path <- withr::local_tempfile()
    saveRDS(summary, path)
    expect_identical(readRDS(path), summary, info = label)
    expect_identical(pack_again_cpp(summary$numbers), summary$numbers, info = label)
  })
})

test_that("numbers that are no summary are refused", {
  numbers <- summarise_labels(c(1, 0, NA, 1) ~ c(1, 0, 0, 1))$numbers
  expect_error(summary_facts_cpp(numbers[-length(numbers)]), "cut off")
  expect_error(summary_facts_cpp(c(numbers, 1)), "no saved summary")
  expect_error(summary_facts_cpp(c(7, numbers[-1])), "no saved summary")
  expect_error(summary_facts_cpp(numeric()), "cut off")
})

test_that("only summaries of the same question are put together", {
  d <- data.frame(y = c(1, 0, NA, 1, NA), f = c(1, 0, 0, 1, 1), g = c(0, 0, 1, 1, 1), s = 1:5 %% 2)
  a <- summarise_labels(y ~ f, d)
  expect_error(c(a, summarise_labels(y ~ g, d)), class = "judicious_error_design")
  expect_error(c(a, summarise_labels(y ~ f, d, strata = s)), class = "judicious_error_design")
  expect_error(c(a, summarise_labels(y ~ f, d, clusters = s)), class = "judicious_error_design")
  expect_error(c(a, 1), class = "judicious_error_type")
  expect_error(c(a, d), class = "judicious_error_type")
})

test_that("a labelled cluster met in two parts is refused by name", {
  d <- data.frame(y = c(1, 0, 1, 0, NA, NA), f = 0:5 %% 2, id = c("a", "a", "b", "b", "c", "d"))
  a <- summarise_labels(y ~ f, d[c(1, 3, 5), ], clusters = id)
  b <- summarise_labels(y ~ f, d[c(2, 4, 6), ], clusters = id)
  expect_error(c(a, b), "\"a\"", class = "judicious_error_clusters")
  other <- transform(d, id = paste0(id, "2"))
  expect_s3_class(c(a, summarise_labels(y ~ f, other, clusters = id)), "judicious_summary")
})

test_that("a summary stands alone, and groups have their own door", {
  d <- data.frame(y = c(1, 0, NA, 1, NA), f = c(1, 0, 0, 1, 1), s = 1:5 %% 2)
  a <- summarise_labels(y ~ f, d)
  expect_error(estimate_mean(a, d), class = "judicious_error_design")
  expect_error(estimate_mean(a, strata = d$s), class = "judicious_error_design")
  expect_error(estimate_mean(summarise_labels(y ~ f, d, by = s)), class = "judicious_error_design")
})

test_that("bad rows are refused when they are summarised", {
  d <- data.frame(y = c(1, 0, NA, 1), f = c(1, NA, 0, 1), p = c(0.5, 0.5, 1, 0.5))
  expect_error(summarise_labels(y ~ f, d), class = "judicious_error_finite")
  expect_error(summarise_labels(y ~ 1, d, prob = p), class = "judicious_error_prob")
})

test_that("results do not depend on threads", {
  set.seed(5)
  d <- design_data(n = 3e5, judges = 2, strata = 3)
  one <- summarise_labels(human ~ judge_1 + judge_2, d, strata = stratum, threads = 1)
  two <- summarise_labels(human ~ judge_1 + judge_2, d, strata = stratum, threads = 2)
  expect_identical(two, one)
  d$cluster <- rep(seq_len(3e4), 10)
  one <- summarise_labels(human ~ judge_1, d, clusters = cluster, threads = 1)
  expect_identical(summarise_labels(human ~ judge_1, d, clusters = cluster, threads = 2), one)
})

test_that("it prints what it holds", {
  set.seed(6)
  d <- design_data(n = 2000, strata = 3, clusters = 100, prob = TRUE)
  expect_snapshot(quiet(summarise_labels(human ~ judge_1, d, strata = stratum, clusters = cluster,
                                         prob = prob)))
})

# --- clusters that parts split --------------------------------------------------------------------

keep_data <- function(data) {
  formula <- stats::reformulate(judge_names(data), "human")
  quiet(summarise_labels(formula, data, strata = data$stratum, clusters = data$cluster,
                         prob = data$prob, keep_units = TRUE))
}

test_that("parts that split clusters give the estimate of the whole, wherever they are cut", {
  set.seed(11)
  n_designs <- 0
  for_each_design(function(data, label) {
    if (is.null(data$cluster)) return()
    n_designs <<- n_designs + 1
    whole <- fit_data(data)
    for (cut in list(sample(3, nrow(data), TRUE), rep(1:2, length.out = nrow(data)))) {
      parts <- lapply(unname(split(data, cut)), keep_data)
      for (merged in list(do.call(c, parts), do.call(c, rev(parts)))) {
        expect_same_fit(quiet(estimate_mean(merged)), whole, label, 1e-11)
        expect_equal(nobs(merged), nobs(whole))
      }
    }
    expect_same_fit(quiet(estimate_mean(keep_data(data))), whole, label, 1e-12)
  })
  expect_gt(n_designs, 3)
})

test_that("ids of any kind are met again, and one id in two strata is two clusters", {
  d <- data.frame(y = c(1, 0, 1, NA, 0, NA, 1, NA, 0, 1), f = rep(0:1, 5), s = rep(c("x", "y"), 5),
                  id = c("a", "b", "b", "a", "c", "c", "a", "b", "d", "d"))
  keep <- function(rows, ...) {
    quiet(summarise_labels(y ~ f, d[rows, ], clusters = id, ..., keep_units = TRUE))
  }
  whole <- function(...) quiet(estimate_mean(y ~ f, d, clusters = id, ...))
  expect_same_fit(quiet(estimate_mean(c(keep(1:3), keep(4:10)))), whole(), "strings", 1e-11)
  nested <- quiet(estimate_mean(y ~ f, d, strata = s, clusters = id))
  merged <- c(keep(c(1, 4, 9), strata = s), keep(c(2, 3, 5:8, 10), strata = s))
  expect_same_fit(quiet(estimate_mean(merged)), nested, "nested", 1e-11)
  # No id recurs within either part, but one does in the other stratum of the whole.
  split <- c(keep(seq(1, 9, 2), strata = s), keep(seq(2, 10, 2), strata = s))
  expect_same_fit(quiet(estimate_mean(split)), nested, "apart", 1e-11)
})

test_that("kept clusters are said, saved bit for bit, and do not meet summaries without them", {
  d <- data.frame(y = c(1, 0, NA, 1, NA, 0), f = c(1, 0, 0, 1, 1, 0), id = c(1, 1, 2, 2, 3, 3))
  kept <- summarise_labels(y ~ f, d, clusters = id, keep_units = TRUE)
  expect_match(format(kept), "All clusters are kept", all = FALSE)
  expect_false(any(grepl("kept", format(summarise_labels(y ~ f, d, clusters = id)))))
  path <- withr::local_tempfile()
  saveRDS(kept, path)
  expect_identical(readRDS(path), kept)
  expect_identical(pack_again_cpp(kept$numbers), kept$numbers)
  expect_error(c(kept, summarise_labels(y ~ f, d, clusters = id)), "keep_units",
               class = "judicious_error_design")
  expect_error(summarise_labels(y ~ f, d, keep_units = TRUE), class = "judicious_error_no_effect")
  expect_error(summarise_labels(y ~ f, d, clusters = id, keep_units = NA),
               class = "judicious_error_type")
})

test_that("groups of kept clusters are compared as in the whole", {
  set.seed(12)
  d <- data.frame(y = stats::rbinom(300, 1, 0.4), f = stats::rbinom(300, 1, 0.5),
                  id = sample(60, 300, TRUE), g = rep(c("a", "b", "c"), 100))
  d$y[d$id > 30] <- NA
  keep <- function(rows) {
    quiet(summarise_labels(y ~ f, d[rows, ], clusters = id, by = g, keep_units = TRUE))
  }
  whole <- quiet(summarise_labels(y ~ f, d, clusters = id, by = g))
  merged <- c(keep(c(1:100, 250:300)), keep(101:249))
  a <- quiet(estimate_groups(whole))
  b <- quiet(estimate_groups(merged))
  expect_equal(stats::vcov(b), stats::vcov(a), tolerance = 1e-11)
})
