# Chunks give the numbers of all rows at once.

reader_of <- function(chunks) {
  at <- 0
  function() {
    at <<- at + 1
    if (at <= length(chunks)) chunks[[at]]
  }
}

in_chunks <- function(rows, size) {
  unname(split(rows, (seq_len(nrow(rows)) - 1) %/% size))
}

test_that("rows, strata and known probabilities in chunks of any size", {
  for (size in c(100, 333, 5000)) {
    rows <- with_labels(sql_rows(level = 50), "drawn")
    whole <- summarise_labels(human ~ judge + other, rows, strata = stratum, prob = prob)
    parts <- summarise_chunks(human ~ judge + other, reader_of(in_chunks(rows, size)),
                              strata = stratum, prob = prob)
    expect_relative(numbers_of(quietly(estimate_mean(parts))),
                    numbers_of(quietly(estimate_mean(whole))), 1e-9)
  }
})

test_that("clusters wait until they are whole", {
  rows <- with_labels(sql_rows(), "some")
  rows <- rows[order(rows$chat), ]
  whole <- summarise_labels(human ~ judge, rows, clusters = chat)
  for (size in c(3, 100)) {
    parts <- summarise_chunks(human ~ judge, reader_of(in_chunks(rows, size)), clusters = chat)
    expect_relative(numbers_of(quietly(estimate_mean(parts))),
                    numbers_of(quietly(estimate_mean(whole))), 1e-9)
  }
  mixed <- in_chunks(rows[c(1:700, 1:3, 701:1500), ], 100)
  expect_error(summarise_chunks(human ~ judge, reader_of(mixed), clusters = chat), "comes back",
               class = "judicious_error_clusters")
})

test_that("a reader is a function that returns data frames", {
  expect_error(summarise_chunks(human ~ judge, 1), class = "judicious_error_type")
  expect_error(summarise_chunks(human ~ judge, function() 1), class = "judicious_error_type")
  expect_error(summarise_chunks(human ~ judge, function() NULL), class = "judicious_error_empty")
})

test_that("workers summarise their parts, save them, and the parts are put together", {
  skip_if_not_installed("callr")
  rows <- with_labels(sql_rows(), "some")
  folder <- withr::local_tempdir()
  work <- function(rows, path) {
    saveRDS(judicious::summarise_labels(human ~ judge, rows, strata = stratum), path)
  }
  paths <- file.path(folder, c("a.rds", "b.rds"))
  for (k in 1:2) {
    callr::r(work, list(rows[seq_len(1500) %% 2 == k - 1, ], paths[k]), libpath = .libPaths())
  }
  both <- do.call(c, lapply(paths, readRDS))
  whole <- summarise_labels(human ~ judge, rows, strata = stratum)
  expect_relative(numbers_of(quietly(estimate_mean(both))),
                  numbers_of(quietly(estimate_mean(whole))), 1e-9)
})
