# Judgements that were written to a file and are read again.

log_format_judicious <- function() {
  log_format(
    "judicious", ".csv, .jsonl, .parquet",
    paste("all columns of judgements:", paste(c(judgment_columns, "status"), collapse = ", ")),
    "table",
    holds = function(names, value) all(c(judgment_columns, "status") %in% names),
    read = read_own, task = TRUE
  )
}

read_own <- function(data, path, task, call) {
  check_item_ids(data$item_id, call)
  check_reserved(data, call)
  data$draw <- check_draw_numbers(data$draw, call)
  if (all(is.na(data$score))) data$score <- NA_real_
  data$score <- check_scores(data$score, call)
  data$confidence <- check_confidences(data$confidence, call)
  data$system <- as.character(data$system)
  data
}

# Columns of judgements that were written to a file and read again mean what they did.
check_reserved <- function(columns, call) {
  known <- list(status = c("ok", "unreadable", "refused", "failed"),
                asked = c("choice", "set", "both"))
  for (name in intersect(names(known), names(columns))) {
    bad <- which(!columns[[name]] %in% known[[name]])
    if (length(bad) > 0L) {
      abort_judicious(
        c("Column {.field {name}} of judgements must hold {.or {.val {known[[name]]}}}.",
          x = "Element {bad[1]} is {.val {columns[[name]][bad[1]]}}.",
          i = "If it means something else, rename it."),
        "column", arg = "x", where = bad, call = call
      )
    }
  }
}
