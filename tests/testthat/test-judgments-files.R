write_lines <- function(lines, ending, env = parent.frame()) {
  path <- withr::local_tempfile(fileext = ending, .local_envir = env)
  writeLines(lines, path)
  path
}

same_rows <- function(path, ...) {
  out <- as_judgments(path, item = id, label = verdict, ...)
  expect_equal(out$item_id, c("007", "012", "7"))
  expect_equal(out$label, c("yes", NA, "no"))
  expect_equal(out$judge, rep("verdict", 3))
  invisible(out)
}

test_that("tables on disk are read alike, whatever their kind", {
  same_rows(write_lines(c("id,verdict,cost", "007,yes,0.5", "012,,1", "7,no,2"), ".csv"))
  same_rows(write_lines(c("id;verdict;cost", "007;yes;0,5", "012;;1", "7;no;2"), ".csv"))
  same_rows(write_lines(c("id\tverdict", "007\tyes", "012\t", "7\tno"), ".tsv"))
  lines <- c('{"id": "007", "verdict": "yes"}', '{"id": "012", "verdict": null}',
             '{"id": "7", "verdict": "no"}')
  same_rows(write_lines(lines, ".jsonl"))
  same_rows(write_lines(lines, ".json"))
  same_rows(write_lines(paste0("[", paste(lines, collapse = ","), "]"), ".json"))
  same_rows(write_lines(c('{"columns": ["id", "verdict"],',
                          ' "data": [["007", "yes"], ["012", null], ["7", "no"]]}'), ".json"))
  same_rows(write_lines('{"id": {"0": "007", "1": "012", "2": "7"},
                          "verdict": {"0": "yes", "1": null, "2": "no"}}', ".json"))
  path <- withr::local_tempfile(fileext = ".csv")
  writeBin(c(as.raw(c(0xef, 0xbb, 0xbf)), charToRaw("id,verdict\n007,yes\n012,\n7,no\n")), path)
  same_rows(path)
})

test_that("columns are of the type that loses nothing", {
  path <- write_lines(c("id,big,half,truth,words,gaps", "1,12345678901234567,0.5,True,01,1",
                        "2,2,-1e-3,false,2,nan"), ".csv")
  data <- read_delimited(path, NULL)
  expect_equal(data$id, 1:2)
  expect_equal(data$big[1], "12345678901234567")
  expect_equal(data$half, c(0.5, -0.001))
  expect_equal(data$truth, c(TRUE, FALSE))
  expect_equal(data$words, c("01", "2"))
  expect_equal(data$gaps, c(1, NA))
  semicolon <- read_delimited(write_lines(c("a;b", "0,5;x", "1;y"), ".csv"), NULL)
  expect_equal(semicolon$a, c(0.5, 1))
})

test_that("nested objects are columns by both names, arrays are refused as a role", {
  lines <- c('{"id": 1, "grader": {"verdict": "pass", "by": {"model": "m"}}, "tags": [1, 2]}',
             '{"id": 2, "grader": {"verdict": "fail", "by": {"model": "m"}}, "tags": []}')
  path <- write_lines(lines, ".jsonl")
  out <- as_judgments(path, item = id, label = grader.verdict, judge = grader.by.model)
  expect_equal(out$label, c("pass", "fail"))
  expect_equal(out$judge, c("m", "m"))
  expect_error(as_judgments(path, item = id, label = tags), "tags", class = "judicious_error_type")
})

test_that("several tables are systems by the names of their paths, or of the files", {
  folder <- withr::local_tempdir()
  dir.create(file.path(folder, "old"))
  dir.create(file.path(folder, "new"))
  paths <- file.path(folder, c("old", "new"), "verdicts.csv")
  writeLines(c("id,v", "1,1", "2,0"), paths[1])
  writeLines(c("id,v", "1,1", "x2,1"), paths[2])
  out <- as_judgments(paths, item = id, score = v)
  expect_equal(out$system, rep(c("old/verdicts", "new/verdicts"), each = 2))
  expect_equal(out$item_id, c("1", "2", "1", "x2"))
  named <- as_judgments(c(before = paths[1], after = paths[2]), item = id, score = v)
  expect_equal(named$system, rep(c("before", "after"), each = 2))
  in_folder <- as_judgments(folder, item = id, score = v)
  expect_equal(sort(unique(in_folder$system)), c("new/verdicts", "old/verdicts"))
  one <- as_judgments(paths[1], item = id, score = v)
  expect_equal(one$system, c(NA_character_, NA_character_))
})

test_that("human labels of tables are a column, or joined by item", {
  path <- write_lines(c("id,v,gold", "a,1,0", "b,0,"), ".csv")
  expect_equal(as_judgments(path, item = id, score = v, human = gold)$human, c(0, NA))
  people <- data.frame(item_id = "b", human = 1)
  expect_equal(as_judgments(path, item = id, score = v, human = people)$human, c(NA, 1))
  expect_equal(as_judgments(path, item = id, score = v, human = c(a = 1))$human, c(1, NA))
})

test_that("of a folder all logs are read, and what is none is told", {
  folder <- withr::local_tempdir()
  jsonlite::write_json(inspect_log(list(inspect_sample("q1", "C"))), file.path(folder, "a.json"),
                       auto_unbox = TRUE)
  jsonlite::write_json(inspect_log(list(inspect_sample("q1", "I")), model = "other"),
                       file.path(folder, "b.json"), auto_unbox = TRUE)
  writeLines("x,y\n1,2", file.path(folder, "notes.csv"))
  expect_message(out <- as_judgments(folder), "notes.csv", class = "judicious_message_files")
  expect_equal(out$system, c("openai/gpt", "other"))
  expect_error(as_judgments(file.path(folder, "notes.csv")), "x", class = "judicious_error_format")
  unlink(file.path(folder, c("a.json", "b.json")))
  expect_error(as_judgments(folder), class = "judicious_error_format")
})

test_that("archives that are cut off, are none, or need another package say so", {
  good <- test_path("fixtures", "formats", "inspect.eval")
  path <- withr::local_tempfile(fileext = ".eval")
  writeBin(readBin(good, "raw", 200), path)
  expect_error(as_judgments(path), "cut off", class = "judicious_error_file")
  writeBin(as.raw(rep(0, 100)), path)
  expect_error(as_judgments(path), class = "judicious_error_file")
  if (!rlang::is_installed("archive")) {
    zstd <- test_path("fixtures", "broken", "zstd.eval")
    expect_equal(zip_entries(zstd, NULL)$method, rep(93, 6))
    expect_error(as_judgments(zstd), "Zstandard")
  }
})

test_that("tables that would be read shifted, and JSON that breaks off, are errors", {
  ragged <- write_lines(c("id,v", "1,1,2", "2"), ".csv")
  expect_error(as_judgments(ragged, item = id, label = v), class = "judicious_error_file")
  quoted <- write_lines(c("id,v", "1,\"open", "2,x"), ".csv")
  expect_error(as_judgments(quoted, item = id, label = v), class = "judicious_error_file")
  lines <- write_lines(c('{"id": 1}', '{"id": 2'), ".jsonl")
  expect_error(as_judgments(lines, label = id), "Line 2", class = "judicious_error_file")
  expect_error(as_judgments(write_lines(character(), ".jsonl")), class = "judicious_error_file")
  expect_error(as_judgments(write_lines('{"a": 1, "b": [1, 2]}', ".json"), label = a),
               class = "judicious_error_format")
})

test_that("roles that a log tells itself are refused", {
  log <- test_path("fixtures", "formats", "inspect.json")
  expect_error(as_judgments(log, item = id), "item", class = "judicious_error_input")
  expect_error(as_judgments(log, judge = "me"), "judge", class = "judicious_error_input")
  expect_error(as_judgments(log, lable = x), class = "rlib_error_dots_nonempty")
})

test_that("Parquet is read where a reader is installed", {
  path <- write_lines("x", ".parquet")
  if (rlang::is_installed("nanoparquet")) {
    data <- data.frame(id = c("007", "012", "7"), verdict = c("yes", NA, "no"))
    nanoparquet::write_parquet(data, path)
    same_rows(path)
  } else if (!rlang::is_installed("arrow")) {
    expect_error(as_judgments(path, label = v), "nanoparquet")
  }
})
