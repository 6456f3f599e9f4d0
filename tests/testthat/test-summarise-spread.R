# Where one label carries the estimate, a summary says as well as the rows what labels are worth.

heavy_rows <- function(seed, prob) {
  withr::with_seed(seed, {
    n <- 2000
    rows <- data.frame(judge = rbinom(n, 1, 0.4), chat = sample(250, n, TRUE), p = prob(n))
    rows$human <- ifelse(runif(n) < rows$p, rbinom(n, 1, 0.2 + 0.5 * rows$judge), NA)
    rows
  })
}

# One rare label weighs as much as all others; probabilities of a skewed kind.
heavy_sets <- list(
  list(prob = function(n) c(0.002, rep(0.15, n - 1)), change = function(x) {
    x$human[1] <- 1
    x
  }),
  list(prob = function(n) stats::rbeta(n, 0.4, 3) * 0.6 + 4e-4, change = function(x) {
    x$human[which.min(x$p)] <- 0
    x
  }),
  list(prob = function(n) c(1e-7, rep(0.2, n - 1)), change = function(x) {
    x$human[1] <- 1
    x
  })
)

size_of <- function(...) quietly(estimate_mean(...))$n_effective

test_that("a summary knows the effective size of heavy weights, saved and merged, too", {
  for (k in seq_along(heavy_sets)) {
    rows <- heavy_sets[[k]]$change(heavy_rows(k, heavy_sets[[k]]$prob))
    expected <- size_of(human ~ judge, rows, prob = p)
    expect_true(is.finite(expected))
    expect_lt(expected, 1000)
    summarise <- function(rows) quietly(summarise_labels(human ~ judge, rows, prob = p))
    path <- withr::local_tempfile(fileext = ".rds")
    saveRDS(summarise(rows), path)
    expect_equal(size_of(readRDS(path)), expected, tolerance = 1e-9)
    parts <- split(rows, seq_len(2000) %% 7)
    expect_equal(size_of(do.call(c, lapply(unname(parts), summarise))), expected,
                 tolerance = 1e-9)
    # Parts without a label take part; labels are then counted from an origin that is not theirs,
    # and a weight of 1e7 costs digits.
    unlabelled <- is.na(rows$human)
    expect_equal(size_of(c(summarise(rows[unlabelled, ]), summarise(rows[!unlabelled, ]))),
                 expected, tolerance = if (k == 3) 1e-5 else 1e-9)
  }
})

test_that("so do tables, files and kept units", {
  skip_if_not_installed("dbplyr")
  skip_if_not_installed("RSQLite")
  rows <- heavy_sets[[1]]$change(heavy_rows(1, heavy_sets[[1]]$prob))
  expected <- size_of(human ~ judge, rows, prob = p)
  table <- local_sqlite(rows)
  expect_equal(size_of(human ~ judge, table, prob = p), expected, tolerance = 1e-9)
  half <- seq_len(900)
  expect_equal(
    size_of(c(quietly(summarise_labels(human ~ judge, local_sqlite(rows[half, ]), prob = p)),
              summarise_labels(human ~ judge, rows[-half, ], prob = p))),
    expected, tolerance = 1e-9
  )
  path <- withr::local_tempfile(fileext = ".csv")
  utils::write.csv(rows, path, row.names = FALSE, na = "")
  withr::local_options(judicious.chunk_rows = 300)
  expect_equal(size_of(summarise_labels(human ~ judge, paths = path, prob = p)), expected,
               tolerance = 1e-9)
  clusters <- size_of(human ~ judge, rows, prob = p, clusters = chat)
  kept <- lapply(unname(split(rows, seq_len(2000) %% 3)), function(part) {
    quietly(summarise_labels(human ~ judge, part, prob = p, clusters = chat, keep_units = TRUE))
  })
  expect_equal(size_of(do.call(c, kept)), clusters, tolerance = 1e-9)
})
