# Evaluation tables of MLflow: inputs and outputs with columns of scores.

log_format_mlflow <- function() {
  log_format(
    "MLflow", ".csv, .jsonl, .parquet",
    "columns such as toxicity/v1/score, safety/value, response/llm_judged/safety/rating", "table",
    holds = function(names, value) any(is_mlflow_score(names)),
    read = read_mlflow
  )
}

# The artifact has the names apart from the rows.
log_format_mlflow_artifact <- function() {
  log_format(
    "MLflow, artifact", "eval_results_table.json", "columns and data, with such names", "object",
    holds = function(names, value) {
      all(c("columns", "data") %in% names) && any(is_mlflow_score(unlist(value$columns)))
    },
    read = function(value, path, task, call) {
      frame <- split_frame(value)
      if (is.null(frame)) abort_log(path, "Its rows have not one value per column.", call)
      read_mlflow(frame, path, task, call)
    }
  )
}

mlflow_score <- "^(?:response/llm_judged/)?(.+?)(?:/v[0-9]+)?/(?:score|value|rating)$"
mlflow_ids <- c("trace_id", "request_id", "client_request_id", "id")

is_mlflow_score <- function(names) {
  other <- "^(?:assessments|expectations?|expected|inputs?|outputs?|human)[^/]*/"
  grepl(mlflow_score, names, perl = TRUE) & !grepl(other, names, perl = TRUE)
}

read_mlflow <- function(data, path, task, call) {
  columns <- names(data)[is_mlflow_score(names(data))]
  judges <- make.unique(sub(mlflow_score, "\\1", columns, perl = TRUE), sep = " ")
  answers <- lapply(columns, function(column) {
    base <- sub("/[a-z]+$", "", column)
    reasons <- paste0(base, c("/justification", "/rationale", "/explanation"))
    if (any(reasons %in% names(data))) text_column(data, reasons)
  })
  ids <- table_column(data, mlflow_ids)
  ids <- if (is.null(ids)) seq_len(nrow(data)) else id_text(ids)
  out <- stack_scores(data, columns, judges, ids, answers)
  # MLflow's own judges say yes or no, and it counts yes.
  word <- grade_words[tolower(out$label)]
  out$score <- ifelse(is.na(out$score), unname(word), out$score)
  out
}
