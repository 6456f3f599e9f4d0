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

# The code of a chunk as the vignette shows it, where its source is at hand.
vignette_chunk <- function(vignette, label) {
  file <- paste0(vignette, ".Rmd")
  paths <- c(test_path("..", "..", "vignettes", file),
             # where R CMD check has unpacked a package without built vignettes
             test_path("..", "..", "00_pkg_src", "judicious", "vignettes", file),
             system.file("doc", file, package = "judicious"))
  path <- paths[file.exists(paths)]
  if (length(path) == 0L) skip(paste("no source of the vignette", vignette))
  lines <- readLines(path[1], encoding = "UTF-8")
  start <- grep(paste0("^```\\{r ", label, "[,}]"), lines)
  expect_length(start, 1)
  end <- grep("^```$", lines)
  parse(text = lines[seq(start + 1, min(end[end > start]) - 1)], keep.source = FALSE)
}

test_that("the vignette's recipe for workers gives the numbers of all rows", {
  skip_if_not_installed("callr")
  recipe <- vignette_chunk("data-that-does-not-fit", "workers")
  expect_match(paste(deparse(recipe), collapse = " "), "callr::r.*saveRDS|saveRDS.*callr::r")
  withr::local_envvar(R_LIBS = paste(.libPaths(), collapse = .Platform$path.sep))
  for (seed in 1:2) {
    rows <- with_labels(sql_rows(level = if (seed == 2) 50, seed = seed), "some")
    names(rows)[match(c("human", "judge"), names(rows))] <- c("y_true", "y_proxy")
    parts <- split(rows, rep(1:2, c(400, 1100)))
    fit <- quietly(eval(recipe, list2env(list(parts = parts), parent = environment())))
    expect_relative(numbers_of(fit), numbers_of(quietly(estimate_mean(y_true ~ y_proxy, rows))),
                    1e-9)
  }
})

write_parts <- function(rows, folder, n_parts = 3) {
  parts <- unname(split(rows, sort(rep(seq_len(n_parts), length.out = nrow(rows)))))
  paths <- file.path(folder, c("a.csv", "b.csv.gz", "c.tsv"))[seq_len(n_parts)]
  for (k in seq_along(paths)) {
    con <- if (k == 2) gzfile(paths[k], "w") else file(paths[k], "w")
    utils::write.table(parts[[k]], con, row.names = FALSE, na = "", qmethod = "double",
                       sep = if (k == 3) "\t" else ",")
    close(con)
  }
  paths
}

test_that("files are read some rows at a time, whatever their text holds", {
  withr::local_options(judicious.chunk_rows = 128)
  folder <- withr::local_tempdir()
  rows <- with_labels(sql_rows(level = 50), "drawn")
  rows$stratum[rows$stratum == "hard"] <- "two\nlines, \"quoted\"; and \u00fc"
  rows$note <- ifelse(seq_len(nrow(rows)) == 1000, "a # is no comment", "x")
  rows$code <- ifelse(rows$half, "01", "1")
  paths <- write_parts(rows, folder)
  args <- list(rlang::exprs(strata = stratum, prob = prob), rlang::exprs(strata = code))
  for (args in args) {
    whole <- quietly(estimate_mean(summarise_by(rows, human ~ judge + other, args)))
    for (given in list(paths, folder)) {
      parts <- quietly(estimate_mean(rlang::inject(
        summarise_labels(human ~ judge + other, paths = given, !!!args)
      )))
      expect_relative(numbers_of(parts), numbers_of(whole), 1e-9)
      expect_identical(parts$strata$stratum, whole$strata$stratum)
    }
  }
  sorted <- rows[order(rows$chat), ]
  paths <- write_parts(sorted, withr::local_tempdir())
  expect_relative(
    numbers_of(quietly(estimate_mean(summarise_labels(human ~ judge, paths = paths,
                                                      clusters = chat)))),
    numbers_of(quietly(estimate_mean(human ~ judge, sorted, clusters = chat))), 1e-9
  )
})

test_that("memory does not grow with the file, and the bar counts bytes", {
  folder <- withr::local_tempdir()
  path <- file.path(folder, "long.csv")
  lines <- paste0(c(1, rep("", 99)), ",", seq_len(100) %% 2)
  writeLines(c("human,judge", rep(lines, 2000)), path)
  withr::local_options(judicious.chunk_rows = 2000)
  largest <- 0
  reader <- paths_reader(path, 2000, rlang::current_env())
  withr::defer(reader$close())
  n <- 0
  while (!is.null(chunk <- reader$read())) {
    largest <- max(largest, utils::object.size(chunk))
    n <- n + nrow(chunk)
  }
  expect_equal(n, 2e5)
  expect_lt(largest, 1e5)
  summary <- summarise_labels(human ~ judge, paths = path)
  expect_identical(c(sum(summary$facts$n_rows), nobs(summary)), c(200000, 2000))
})

test_that("files that change half way, or cannot be read, are refused", {
  withr::local_options(judicious.chunk_rows = 10)
  path <- withr::local_tempfile(fileext = ".csv")
  refused <- function(lines, class, ...) {
    writeLines(lines, path)
    expect_error(summarise_labels(human ~ judge, paths = path, ...),
                 class = paste0("judicious_error_", class))
  }
  good <- rep(c("1,0,7", ",1,8", "0,1,7"), 5)
  refused(c("human,judge,code", good, "1,0,a7"), "type", strata = code)
  refused(c("human,judge,code", good, "1,0"), "file")
  refused(c("human,verdict,code", good), "column")
  refused("human,judge,code", "empty")
  expect_error(summarise_labels(human ~ judge, paths = "no/such.csv"),
               class = "judicious_error_file")
  expect_error(summarise_labels(human ~ judge, paths = 1), class = "judicious_error_type")
  expect_error(summarise_labels(human ~ judge, data.frame(human = 1, judge = 1), paths = path),
               class = "judicious_error_design")
  # Text that looks like numbers later stays text.
  writeLines(c("human,judge,code", paste0(c("1,0", ",1", "0,1"), ",", rep(c("x", "1"), each = 12))),
             path)
  expect_identical(sort(summarise_labels(human ~ judge, paths = path, strata = code)$strata$labels),
                   c("1", "x"))
})

test_that("Parquet files, a row group at a time", {
  skip_if_not_installed("nanoparquet")
  rows <- with_labels(sql_rows(), "some")
  path <- withr::local_tempfile(fileext = ".parquet")
  nanoparquet::write_parquet(rows, path)
  parts <- summarise_labels(human ~ judge + other, paths = c(path, path), strata = stratum)
  twice <- summarise_labels(human ~ judge + other, rbind(rows, rows), strata = stratum)
  expect_relative(numbers_of(quietly(estimate_mean(parts))),
                  numbers_of(quietly(estimate_mean(twice))), 1e-9)
})

test_that("kept units let the rows of a cluster lie anywhere in files", {
  set.seed(9)
  data <- data.frame(talk = sample(40, 600, TRUE), judge = rbinom(600, 1, 0.3))
  data$human <- ifelse(data$talk <= 12, rbinom(600, 1, 0.3), NA)
  path <- withr::local_tempfile(fileext = ".csv")
  utils::write.csv(data, path, row.names = FALSE)
  withr::local_options(judicious.chunk_rows = 90)
  files <- function(...) {
    quietly(summarise_labels(human ~ judge, paths = path, clusters = talk, ...))
  }
  expect_error(files(), class = "judicious_error")
  numbers <- c("estimate", "std_error", "conf_low", "conf_high", "df")
  expect_equal(quietly(estimate_mean(files(keep_units = TRUE)))[numbers],
               quietly(estimate_mean(human ~ judge, data, clusters = talk))[numbers],
               tolerance = 1e-10)
})
