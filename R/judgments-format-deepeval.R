# DeepEval: test cases with metrics, one judge per metric. Test runs on disk are in camelCase, what
# evaluate() returns in Python is in snake_case; field() finds both.

deepeval_cases <- c("testCases", "testResults", "conversationalTestCases")
deepeval_metrics <- c("metricsData", "metricsMetadata")

log_format_deepeval <- function() {
  log_format(
    "DeepEval", ".json", "testCases (or test_results) with metricsData (name, score, success)",
    "object",
    holds = function(names, value) length(deepeval_case_list(value)) > 0L,
    read = read_deepeval, options = c("pass", "fail")
  )
}

deepeval_case_list <- function(log) {
  run <- field(log, "testRunData") %||% log
  cases <- unlist(lapply(deepeval_cases, function(name) {
    cases <- field(run, name)
    if (is_records(cases)) cases
  }), recursive = FALSE)
  if (any(vapply(cases, function(case) !is.null(any_field(case, deepeval_metrics)), FALSE))) cases
}

read_deepeval <- function(log, path, task, call) {
  cases <- deepeval_case_list(log)
  items <- deepeval_items(cases)
  rows <- Map(function(case, item) {
    metrics <- any_field(case, deepeval_metrics)
    names <- make.unique(metric_names(metrics), sep = " ")
    Map(function(metric, judge) c(deepeval_row(metric, judge), item_id = item), metrics, names)
  }, cases, items)
  rows <- unlist(unname(rows), recursive = FALSE)
  rows <- rows[!vapply(rows, function(row) isTRUE(row$skipped), FALSE)]
  if (length(rows) == 0L) abort_log(path, "None of its test cases has a metric.", call)
  log_rows(lapply(rows, function(row) row[names(row) != "skipped"]))
}

metric_names <- function(metrics) {
  vapply(unname(metrics), function(metric) if_na(text_field(metric, "name"), "metric"), "")
}

# Names are "test_case_0" unless the user gave others; one name for several inputs is several items.
deepeval_items <- function(cases) {
  name <- vapply(cases, function(case) text_field(case, "name"), "")
  input <- vapply(cases, function(case) text_field(case, "input"), "")
  name <- ifelse(is.na(name), as.character(seq_along(cases)), name)
  mixed <- tapply(input, name, function(x) length(unique(x)) > 1L)[name]
  ifelse(mixed, paste0(name, " (", seq_along(cases), ")"), name)
}

deepeval_row <- function(metric, judge) {
  score <- number_field(metric, "score")
  success <- field(metric, "success")
  readable <- is.finite(score) && rlang::is_bool(success) && is.na(text_field(metric, "error"))
  list(
    judge = judge, label = if (readable) if (success) "pass" else "fail" else NA_character_,
    score = if (readable) score else NA_real_, status = if (readable) "ok" else "unreadable",
    answer = if_na(text_field(metric, "reason"), text_field(metric, "error")),
    skipped = isTRUE(field(metric, "skipped"))
  )
}
