# Twenty-two shapes of logs and tables as they are found, each with the table that it must give.

expected_table <- function(file) {
  types <- c(item_id = "character", label = "character", human = "character")
  all <- utils::read.csv(test_path("fixtures", "formats.csv"), na.strings = "", colClasses = types)
  own <- all[all$file == file, -1]
  rownames(own) <- NULL
  own
}

shape_files <- function() {
  unique(utils::read.csv(test_path("fixtures", "formats.csv"))$file)
}

test_that("every shape gives its table", {
  expect_gte(length(shape_files()), 20)
  for (file in shape_files()) {
    expected <- expected_table(file)
    out <- quiet(as_judgments(test_path("fixtures", "formats", file)))
    got <- as.data.frame(out)[names(expected)]
    for (name in c("item_id", "label", "human")) got[[name]] <- as.character(got[[name]])
    for (name in names(expected)) {
      expect_equal(got[[name]], as(expected[[name]], class(got[[name]])), info = paste(file, name))
    }
  }
})

test_that("a shape is of one format only, whether it is read from a file or parsed", {
  formats <- log_formats()
  for (file in shape_files()) {
    content <- file_content(test_path("fixtures", "formats", file), NULL)
    fits <- vapply(formats, function(format) {
      kind <- content$kind == format$kind || (content$kind == "records" && format$kind == "table")
      kind && isTRUE(format$holds(content_names(content), content$value))
    }, FALSE)
    expect_equal(sum(fits), 1, info = paste(file, paste(names(fits)[fits], collapse = ", ")))
  }
})

test_that("JSON parsed by default, as a list or simplified, is the same log", {
  for (file in c("inspect.json", "promptfoo.json", "promptfoo-evaluate.json", "deepeval.json",
                 "deepeval-result.json", "alpaca-eval.json", "langfuse-api.json")) {
    path <- test_path("fixtures", "formats", file)
    from_file <- quiet(as_judgments(path))
    simplified <- quiet(as_judgments(jsonlite::fromJSON(path)))
    expect_equal(simplified, from_file, info = file)
    expect_equal(quiet(as_judgments(jsonlite::fromJSON(path, simplifyVector = FALSE))), from_file,
                 info = file)
  }
})

test_that("the formats are listed, and printed", {
  formats <- judgment_formats()
  expect_setequal(formats$format, names(log_formats()))
  expect_true(all(nzchar(unlist(as.data.frame(formats)))))
  expect_output(expect_invisible(print(formats)), "AlpacaEval.*Inspect.*RAGAS")
  expect_true(all(nchar(format(formats)) <= 100))
})

test_that("what is of no format names its fields; a summary of lm-eval says what to read instead", {
  path <- write_log(text = '{"verdicts": [1, 2], "n": 2}')
  expect_error(as_judgments(path), "verdicts", class = "judicious_error_format")
  expect_error(as_judgments(list(verdicts = 1)), "verdicts", class = "judicious_error_format")
  summary <- write_log(text = '{"results": {"sums": {"acc,none": 0.5}}, "configs": {}}')
  expect_error(as_judgments(summary), "samples_", class = "judicious_error_format")
  header <- write_log(text = '{"version": 2, "status": "success", "eval": {"model": "m"},
                              "results": {"scores": []}}')
  expect_error(as_judgments(header), "samples", class = "judicious_error_format")
})

test_that("a task reads the answers of a batch and the categories of a scorer, and no other log", {
  task <- rating_task(c("no", "yes"), positive = "yes")
  batch <- test_path("fixtures", "formats", "openai-batch.jsonl")
  out <- as_judgments(batch, task = task)
  expect_equal(out$score, c(1, 0, NA, NA))
  expect_equal(out$status, c("ok", "ok", "failed", "refused"))
  log <- inspect_log(list(inspect_sample("a", "Toxic"), inspect_sample("b", "fine"),
                          inspect_sample("c", "C")))
  expect_equal(as_judgments(log)$status, c("unreadable", "unreadable", "ok"))
  out <- as_judgments(log, task = rating_task(c("toxic", "fine"), positive = "toxic"))
  expect_equal(out$label, c("toxic", "fine", NA))
  expect_equal(out$score, c(1, 0, NA))
  expect_error(as_judgments(test_path("fixtures", "formats", "ragas.csv"), task = task),
               "no effect", class = "judicious_error_input")
})
