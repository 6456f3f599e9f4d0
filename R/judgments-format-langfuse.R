# Scores of Langfuse, exported or from its API: one row per score; annotations are people's.

log_format_langfuse <- function() {
  log_format(
    "Langfuse scores", ".csv, .jsonl, or an array in .json", "traceId, name, value and source",
    "table",
    holds = function(names, value) holds_langfuse(names),
    read = read_langfuse
  )
}

# Answers of the API hold the scores in `data`.
log_format_langfuse_api <- function() {
  log_format(
    "Langfuse scores, from the API", ".json", "data with traceId, name, value and source", "object",
    holds = function(names, value) {
      is_records(value[["data"]]) && holds_langfuse(unique(unlist(lapply(value$data, names))))
    },
    read = function(value, path, task, call) {
      read_langfuse(records_frame(value$data), path, task, call)
    }
  )
}

holds_langfuse <- function(names) {
  all(c("traceid", "name", "value", "source") %in% tolower(gsub("_", "", names)))
}

# Columns are in camelCase, exported ones also in snake_case.
langfuse_column <- function(data, name) {
  at <- match(tolower(name), tolower(gsub("_", "", names(data))))
  if (is.na(at)) rep(NA_character_, nrow(data)) else text_column(data, names(data)[at])
}

read_langfuse <- function(data, path, task, call) {
  column <- function(name) {
    x <- langfuse_column(data, name)
    replace(x, which(x == ""), NA)
  }
  trace <- column("traceId")
  observation <- column("observationId")
  item <- ifelse(is.na(trace), column("sessionId"), trace)
  if (any(!is.na(observation))) {
    item <- ifelse(is.na(observation), item, paste0(item, "/", observation))
  }
  if (anyNA(item)) abort_log(path, paste0("Score ", which(is.na(item))[1], " has no trace."), call)
  scores <- vctrs::data_frame(item_id = item, judge = column("name"), langfuse_values(column),
                              answer = column("comment"))
  person <- toupper(column("source")) %in% "ANNOTATION"
  if (all(person)) abort_log(path, "All scores are annotations of people: there is no judge.", call)
  out <- vctrs::vec_slice(scores, !person)
  out$human <- langfuse_human(out, vctrs::vec_slice(scores, person), path, call)
  out
}

# A category has a number of its own only where a configuration gives it one.
langfuse_values <- function(column) {
  type <- toupper(column("dataType"))
  value <- column("value")
  text <- column("stringValue")
  number <- suppressWarnings(as.double(value))
  named <- type %in% "CATEGORICAL" | (is.na(number) & !is.na(value))
  label <- ifelse(!is.na(text), text, ifelse(is.na(number), value, NA))
  truth <- c(true = 1, false = 0)[tolower(ifelse(is.na(text), value, text))]
  number <- ifelse(type %in% "BOOLEAN" & is.na(number), truth, number)
  score <- ifelse(named & is.na(column("configId")), NA, number)
  vctrs::data_frame(
    label = ifelse(type %in% "NUMERIC", NA, label), score = unname(score),
    status = ifelse(is.na(score) & is.na(label), "unreadable", "ok")
  )
}

# What people said of an item: of one thing only, that; of several, that of the judge's name.
langfuse_human <- function(judged, people, path, call) {
  if (nrow(people) == 0L) return(NULL)
  value <- ifelse(is.na(people$label), as.character(people$score), people$label)
  by_name <- length(unique(people$judge)) > 1L
  key <- function(x) if (by_name) paste(x$item_id, x$judge, sep = "\r") else x$item_id
  twice <- which(duplicated(key(people)) & !is.na(value))
  if (length(twice) > 0L) {
    abort_log(path, paste0("Item ", literal(people$item_id[twice[1]]), " has several annotations: ",
                           "combine them, and give them as {.arg human}."), call)
  }
  tell_other_items(setdiff(key(people), key(judged)), nrow(people))
  value <- value[match(key(judged), key(people))]
  number <- suppressWarnings(as.double(value))
  if (all(is.na(number) == is.na(value))) number else value
}

tell_other_items <- function(lost, of) {
  if (length(lost) == 0L) return(invisible())
  inform_judicious(
    "{length(lost)} of {of} annotations are of what no judge scored, and are not used.", "human",
    items = lost
  )
}
