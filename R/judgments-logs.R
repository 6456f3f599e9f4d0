# JSON logs: finding out whose they are, and reading those of Inspect and promptfoo.

#' @rdname as_judgments
#' @export
as_judgments.character <- function(x, ..., human = NULL) { # nolint: object_name_linter.
  call <- rlang::current_env()
  if (length(x) == 0L) {
    abort_judicious("{.arg x} must have at least one path.", "file", arg = "x")
  }
  if (length(x) == 1L && file.exists(file.path(x, "settings.json"))) {
    return(as_judgments(read_run(x), ..., human = human))
  }
  check_dots(...)
  logs <- lapply(x, read_log_file, call = call)
  bind_logs(Map(read_log, logs, x, MoreArgs = list(call = call)), human, call)
}

bind_logs <- function(logs, human, call) {
  columns <- as.list(vctrs::vec_rbind(!!!logs))
  columns$human <- join_human(columns$item_id, human, call)
  check_distinct(new_judgments(columns), call)
}

read_log_file <- function(path, call) {
  rlang::check_installed("jsonlite", "to read JSON logs.")
  if (is.na(path) || !file.exists(path) || dir.exists(path)) {
    abort_judicious(c("{.arg x} must be the path of a JSON log.",
                      x = "There is no file {.file {path}}."), "file", arg = "x", call = call)
  }
  if (grepl("[.]eval$", path)) {
    abort_judicious(
      c("{.file {path}} is a binary log.",
        i = "Convert it by {.code inspect log convert --to json --output-dir json {path}}."),
      "file", arg = "x", call = call
    )
  }
  text <- paste(readLines(path, warn = FALSE, encoding = "UTF-8"), collapse = "\n")
  parse_log(text, path, call)
}

# NaN and Infinity are no JSON, but Python writes them; outside of strings they become null.
parse_log <- function(text, path, call) {
  parse <- function(text) jsonlite::fromJSON(text, simplifyVector = FALSE)
  rlang::try_fetch(
    parse(text),
    error = function(cnd) {
      constants <- "\"(?:[^\"\\\\]|\\\\.)*+\"(*SKIP)(*FAIL)|-?\\b(?:NaN|Infinity)\\b"
      mended <- if (grepl("NaN|Infinity", text)) gsub(constants, "null", text, perl = TRUE)
      rlang::try_fetch(
        if (is.null(mended)) rlang::cnd_signal(cnd) else parse(mended),
        error = function(cnd) {
          reason <- strsplit(conditionMessage(cnd), "\n", fixed = TRUE)[[1]][1]
          abort_judicious(c("{.file {path}} is no JSON.", x = "{reason}"), "file", arg = "x",
                          call = call, parent = NA)
        }
      )
    }
  )
}

# One data frame of plain columns per log.
read_log <- function(log, path, call) {
  if (is_inspect_log(log)) return(read_inspect(log, path, call))
  if (is_promptfoo_log(log)) return(read_promptfoo(log, path, call))
  abort_judicious(
    c("{.file {path}} is neither a log of Inspect nor results of promptfoo.",
      x = if (length(names(log)) > 0L) "Its fields are {.field {utils::head(names(log), 8)}}." else
        "It is no JSON object with fields.",
      i = "Inspect's have {.field eval} and {.field samples}, promptfoo's {.field results}."),
    "format", arg = "x", call = call
  )
}

is_inspect_log <- function(x) is.list(x) && all(c("eval", "samples") %in% names(x))
is_promptfoo_log <- function(x) is.list(x) && is.list(x[["results"]])

abort_log <- function(path, what, call) {
  abort_judicious(c("{.file {path}} cannot be read as a log.", x = what), "format", arg = "x",
                  call = call)
}

# A field as a string, a number, or NA; anything else in its place is no value.
text_field <- function(x, ...) {
  for (name in c(...)) x <- field(x, name)
  if (rlang::is_scalar_atomic(x)) as.character(x) else NA_character_
}

number_field <- function(x, ...) {
  for (name in c(...)) x <- field(x, name)
  if (is.logical(x) || is.numeric(x)) if (length(x) == 1L) as.double(x) else NA_real_ else NA_real_
}

log_rows <- function(rows) {
  rows <- unname(rows)
  vctrs::data_frame(
    item_id = vapply(rows, `[[`, "", "item_id"), judge = vapply(rows, `[[`, "", "judge"),
    label = vapply(rows, `[[`, "", "label"), score = vapply(rows, `[[`, 0, "score"),
    draw = vapply(rows, `[[`, 0L, "draw"), system = vapply(rows, `[[`, "", "system"),
    status = vapply(rows, `[[`, "", "status"), answer = vapply(rows, `[[`, "", "answer")
  )
}

# --- Inspect --------------------------------------------------------------------

grade_scores <- c(C = 1, P = 0.5, I = 0, N = 0)
grade_not_found <- "^Grade not found in model output"

read_inspect <- function(log, path, call) {
  samples <- log[["samples"]]
  if (!is.list(samples) || length(samples) == 0L) {
    abort_log(path, "It has no {.field samples}: it was written without them, or the run failed.",
              call)
  }
  system <- text_field(log, "eval", "model")
  scores <- lapply(samples, field, "scores")
  known <- unique(unlist(lapply(scores, names)))
  if (length(known) == 0L) abort_log(path, "None of its samples has {.field scores}.", call)
  rows <- Map(function(sample, scores, i) {
    id <- text_field(sample, "id")
    if (is.na(id)) abort_log(path, paste0("Sample ", i, " has no {.field id}."), call)
    if (!is.list(scores) || length(scores) == 0L) {
      scores <- stats::setNames(vector("list", length(known)), known)
    }
    parts <- Map(inspect_values, scores, names(scores))
    lapply(unlist(unname(parts), recursive = FALSE), c,
           list(item_id = id, system = system, draw = as_draw(number_field(sample, "epoch"))))
  }, samples, scores, seq_along(samples))
  log_rows(unlist(unname(rows), recursive = FALSE))
}

as_draw <- function(x) if (is.na(x)) 1L else as.integer(x)

# One score is one judge; a score that is a dictionary is a judge per entry.
inspect_values <- function(score, judge) {
  explanation <- text_field(score, "explanation")
  value <- field(score, "value")
  if (is.null(score)) return(list(inspect_row(NULL, judge, NA_character_, "failed")))
  if (is.list(value) && length(value) > 0L) {
    names <- names(value) %||% as.character(seq_along(value))
    judges <- paste0(judge, "/", names)
    return(unname(Map(inspect_row, unname(value), judges, explanation)))
  }
  list(inspect_row(value, judge, explanation))
}

inspect_row <- function(value, judge, explanation, status = "unreadable") {
  label <- if (rlang::is_scalar_atomic(value)) as.character(value) else NA_character_
  if (grepl(grade_not_found, explanation)) label <- NA_character_
  number <- suppressWarnings(as.double(if (is.logical(value)) as.double(value) else label))
  score <- if (is.na(label)) NA_real_ else if_na(unname(grade_scores[label]), number)
  list(judge = judge, label = label, score = score,
       status = if (is.na(label)) status else "ok", answer = explanation)
}

# --- promptfoo ------------------------------------------------------------------

model_graded <- c("llm-rubric", "model-graded-closedqa", "model-graded-factuality", "factuality",
                  "g-eval", "answer-relevance", "context-faithfulness", "context-recall",
                  "context-relevance", "conversation-relevance", "search-rubric", "select-best",
                  "classifier", "moderation", "pi", "agent-rubric", "trajectory-judge")
grader_failed <- paste0("^(?:Could not extract JSON|No output|Grad(?:er|ing) response|",
                        "llm-rubric (?:produced|returned) malformed|Invalid grad)")

read_promptfoo <- function(log, path, call) {
  results <- log[["results"]]
  if (!is.null(names(results))) results <- results[["results"]]
  if (!is.list(results) || length(results) == 0L) {
    abort_log(path, "It has no results in {.field results}.", call)
  }
  items <- promptfoo_items(results)
  components <- lapply(results, promptfoo_components)
  known <- unique(unlist(lapply(components, names)))
  if (length(known) == 0L) {
    abort_log(path, "None of its results has a {.field gradingResult} with assertions.", call)
  }
  rows <- Map(function(result, parts, item) {
    if (length(parts) == 0L) parts <- stats::setNames(vector("list", length(known)), known)
    common <- list(item_id = item, system = promptfoo_system(result), draw = NA_integer_)
    Map(function(part, judge) c(promptfoo_row(part, judge), common), parts, names(parts))
  }, results, components, items)
  out <- log_rows(unlist(unname(rows), recursive = FALSE))
  out$draw <- occurrence(out[c("item_id", "judge", "system")])
  out
}

# Results with the same variables are of one item: the index of the first of them.
promptfoo_items <- function(results) {
  content <- lapply(results, function(result) {
    test <- field(result, "testCase")
    list(field(result, "vars") %||% field(test, "vars"), field(test, "description"))
  })
  index <- vapply(results, text_field, "", "testIdx")
  empty <- vapply(content, function(x) length(x[[1]]) == 0L, FALSE)
  index[is.na(index)] <- as.character(which(is.na(index)) - 1L)
  first <- match(content, content)
  ifelse(empty, index, index[first])
}

promptfoo_system <- function(result) {
  provider <- field(result, "provider")
  if (rlang::is_string(provider)) return(provider)
  label <- text_field(provider, "label")
  if (is.na(label) || !nzchar(label)) text_field(provider, "id") else label
}

# The model-graded assertions of a result by the name of the judge; all, if none is model-graded.
promptfoo_components <- function(result) {
  grading <- field(result, "gradingResult")
  parts <- field(grading, "componentResults")
  if (!is.list(parts) || length(parts) == 0L) parts <- if (!is.null(grading)) list(grading)
  if (length(parts) == 0L) return(list())
  assertion_field <- function(name) vapply(unname(parts), text_field, "", "assertion", name)
  type <- assertion_field("type")
  metric <- assertion_field("metric")
  graded <- sub("^not-", "", type) %in% model_graded
  judge <- replace(metric, is.na(metric), type[is.na(metric)])
  judge[is.na(judge)] <- "assertions"
  keep <- if (any(graded)) graded else rep(TRUE, length(parts))
  stats::setNames(parts[keep], make.unique(judge[keep], sep = " "))
}

promptfoo_row <- function(part, judge) {
  pass <- field(part, "pass")
  reason <- text_field(part, "reason")
  lost <- isTRUE(field(field(part, "metadata"), "graderError")) ||
    (!is.na(reason) && grepl(grader_failed, reason, perl = TRUE))
  readable <- rlang::is_bool(pass) && !lost
  list(
    judge = judge, label = if (readable) if (pass) "pass" else "fail" else NA_character_,
    score = if (readable) if_na(number_field(part, "score"), as.double(pass)) else NA_real_,
    status = if (is.null(part)) "failed" else if (readable) "ok" else "unreadable", answer = reason
  )
}
