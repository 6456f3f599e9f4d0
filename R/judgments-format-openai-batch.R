# Output of batches of OpenAI (and servers with its dialect) and of Anthropic: one answer per line.

log_format_openai_batch <- function() {
  log_format(
    "OpenAI batch", ".jsonl", "custom_id and response (status_code, body)", "records",
    holds = function(names, value) all(c("custom_id", "response") %in% names),
    read = function(value, path, task, call) read_batch(value, openai_answers, path, task, call),
    task = TRUE
  )
}

log_format_anthropic_batch <- function() {
  log_format(
    "Anthropic batch", ".jsonl", "custom_id and result (type, message)", "records",
    holds = function(names, value) all(c("custom_id", "result") %in% names),
    read = function(value, path, task, call) read_batch(value, anthropic_answers, path, task, call),
    task = TRUE
  )
}

# With a task, the answers are read as those of elicit_ratings(); else a label is the text.
read_batch <- function(lines, answers_of, path, task, call) {
  ids <- vapply(lines, text_field, "", "custom_id")
  if (anyNA(ids)) {
    abort_log(path, paste0("Line ", which(is.na(ids))[1], " has no {.field custom_id}."), call)
  }
  rows <- Map(function(line, id) {
    lapply(answers_of(line), c, list(item_id = id))
  }, lines, ids)
  out <- log_rows(unlist(unname(rows), recursive = FALSE))
  models <- unique(out$judge[!is.na(out$judge)])
  out$judge[is.na(out$judge)] <- if (length(models) == 1L) models else "judge"
  if (is.null(task)) {
    out$label <- ifelse(out$status == "ok", out$answer, NA)
    return(out)
  }
  read_batch_answers(out, lines, task)
}

read_batch_answers <- function(out, lines, task) {
  codes <- list(option_codes(task$options))
  read <- read_answers(out$answer, task, "choice", rep(codes, nrow(out)))
  answered <- out$status == "ok"
  out$label <- ifelse(answered, task$options[read$choice], NA)
  out$score <- ifelse(answered, choice_scores(read$choice, task), NA)
  out$status <- ifelse(answered, read$status, out$status)
  if (nrow(out) == length(lines)) {
    out$confidence <- replace(letter_confidence(lines, codes[[1]], "choice"), is.na(out$label), NA)
  }
  out
}

# One row per choice; a request that failed is one row without an answer.
openai_answers <- function(line) {
  body <- field(field(line, "response"), "body")
  code <- number_field(line, "response", "status_code")
  model <- text_field(body, "model")
  broken <- !is.null(field(line, "error")) || !is.null(field(body, "error")) ||
    (!is.na(code) && code != 200)
  texts <- if (!broken) openai_texts(body)
  if (length(texts) == 0L) return(list(batch_row(NA_character_, model, "failed")))
  lapply(texts, function(text) {
    refused <- !is.null(attr(text, "refused"))
    status <- if (is.na(text)) "unreadable" else if (refused) "refused" else "ok"
    batch_row(as.character(text), model, status)
  })
}

batch_row <- function(text, model, status) list(judge = model, answer = text, status = status)

# The texts of chat completions, legacy completions, or a response.
openai_texts <- function(body) {
  choices <- entries(field(body, "choices"))
  if (length(choices) > 0L) {
    return(lapply(choices, function(choice) {
      message <- field(choice, "message")
      refusal <- text_field(message, "refusal")
      if (!is.na(refusal)) return(structure(refusal, refused = TRUE))
      if_na(message_text(field(message, "content")), text_field(choice, "text"))
    }))
  }
  messages <- Filter(function(item) identical(field(item, "type"), "message"),
                     entries(field(body, "output")))
  texts <- vapply(messages, function(item) message_text(field(item, "content")), "")
  if (length(texts) > 0L) list(paste(texts, collapse = ""))
}

# Content is a text, or parts of which some are texts.
message_text <- function(content) {
  if (rlang::is_string(content)) return(content)
  parts <- vapply(entries(content), function(part) text_field(part, "text"), "")
  parts <- parts[!is.na(parts)]
  if (length(parts) > 0L) paste(parts, collapse = "") else NA_character_
}

anthropic_answers <- function(line) {
  message <- field(field(line, "result"), "message")
  model <- text_field(message, "model")
  text <- message_text(field(message, "content"))
  done <- identical(text_field(line, "result", "type"), "succeeded")
  refused <- identical(text_field(message, "stop_reason"), "refusal")
  status <- if (refused) "refused" else if (is.na(text)) "unreadable" else "ok"
  if (!done) status <- "failed"
  list(batch_row(text, model, status))
}
