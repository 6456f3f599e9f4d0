# Exports of labelling tools: one reader each, found by the fields that only its tool writes.

label_reader <- function(records) {
  has <- function(name) vapply(records, function(record) name %in% names(record), FALSE)
  readers <- list(
    list(all(has("annotations") | has("completions")) && all(has("data")), read_studio),
    list(all(has("annotation_id")), read_studio_min),
    list(any(has("responses")) || any(argilla_flat(records)), read_argilla),
    list(all(has("_task_hash") | has("_input_hash")) && any(has("answer")), read_prodigy),
    list(all(has("text") & (has("label") | has("labels") | has("cats") | has("annotations"))),
         read_doccano)
  )
  for (reader in readers) if (reader[[1]]) return(reader[[2]])
  NULL
}

# The id of the item: a named field, `item_id`, or the tool's own id, which is told.
record_ids <- function(data, own, named, path, call) {
  name <- named$item_id %||% "item_id"
  ids <- vapply(data, function(fields) label_text(field(fields, name)) %||% NA_character_, "")
  if (!anyNA(ids)) return(list(ids = trimws(ids)))
  if (!is.null(named$item_id) || any(!is.na(ids))) {
    abort_label_file(path, paste0("Record ", which(is.na(ids))[1], " has no field \"", name,
                                  "\"."), call, class = "missing_id", where = which(is.na(ids)))
  }
  list(ids = own, notes = "Items have no field \"item_id\": the tool's own ids are used.")
}

# One answer of a tool: what was chosen, as one option or several.
tool_answer <- function(values, several = length(values) > 1L) {
  if (length(values) == 0L) return(list())
  if (several) list(set = paste(values, collapse = "|")) else list(label = values)
}

# Rows from lists of fields.
tool_rows <- function(answers, ids, where, note, unit = "Record") {
  text <- function(name) vapply(answers, function(a) as.character(a[[name]] %||% NA), "")
  number <- function(name) vapply(answers, function(a) as.double(a[[name]] %||% NA), 0)
  rows <- label_rows(
    ids, question = text("question"), rater = text("rater"), label = text("label"),
    set = text("set"), score = number("score"), status = text("status"), note = text("note"),
    at = text("at"), seconds = number("seconds"), plan = text("plan"), where = where, loose = TRUE
  )
  rows$kind <- rep("item", nrow(rows))
  rows$score_text <- number_text(rows$score)
  list(rows = rows, notes = note, unit = unit)
}

# A person by name, mail or number.
rater_name <- function(x) {
  if (is.list(x)) x <- field(x, "email") %||% field(x, "username") %||% field(x, "id")
  label_text(x) %||% NA_character_
}

# --- Label Studio ------------------------------------------------------------------------

read_studio <- function(records, path, named, call) {
  ids <- record_ids(lapply(records, `[[`, "data"), own_ids(records, "id", path, call), named, path,
                    call)
  answers <- lapply(records, function(record) {
    plan <- text_field(record, "data", studio_plan)
    done <- field(record, "annotations") %||% field(record, "completions")
    unlist(lapply(done, studio_annotation, plan = plan), recursive = FALSE)
  })
  where <- rep(seq_along(records), lengths(answers))
  tool_rows(unlist(answers, recursive = FALSE), ids$ids[where], where, ids$notes, "Task")
}

own_ids <- function(records, name, path, call) {
  vapply(records, function(record) label_text(field(record, name)) %||% NA_character_, "")
}

# One annotation has an answer per control of the configuration; "cannot tell" is a control, too.
studio_annotation <- function(x, plan) {
  common <- list(
    rater = rater_name(field(x, "completed_by")), seconds = number_field(x, "lead_time"), plan = plan,
    at = text_field(x, if (is.null(x$updated_at)) "created_at" else "updated_at")
  )
  results <- Filter(function(part) rlang::is_string(field(part, "from_name")),
                    field(x, "result"))
  by_control <- stats::setNames(lapply(results, studio_value),
                                vapply(results, text_field, "", "from_name"))
  note <- unlist(lapply(unname(by_control), `[[`, "text"))
  unsure <- studio_unsure %in% names(by_control)
  answers <- Filter(function(value) length(value$text) == 0L,
                    by_control[setdiff(names(by_control), studio_unsure)])
  if (isTRUE(field(x, "was_cancelled")) || length(answers) == 0L) {
    status <- if (unsure && !isTRUE(field(x, "was_cancelled"))) "cannot_tell" else "skipped"
    return(list(c(common, list(status = status, note = toString_or_na(note)))))
  }
  Map(function(value, control) {
    c(common, value, list(question = studio_question(control), note = toString_or_na(note)))
  }, unname(answers), names(answers))
}

toString_or_na <- function(x) if (length(x) == 0L) NA_character_ else paste(x, collapse = "; ") # nolint

# Only choices, ratings and numbers are labels; regions of a text have a place as well.
studio_value <- function(part) {
  value <- field(part, "value")
  kind <- text_field(part, "type")
  if (!is.null(field(value, "start"))) return(list(status = "invalid", label = "(region)"))
  switch(
    kind,
    choices = tool_answer(unlist(field(value, "choices")),
                          several = studio_is_set(text_field(part, "from_name"), value)),
    rating = list(score = number_field(value, "rating")),
    number = list(score = number_field(value, "number")),
    textarea = list(text = unlist(field(value, "text"))),
    list(status = "invalid", label = paste0("(", kind, ")"))
  )
}

# write_label_studio() names its controls by what they ask.
studio_is_set <- function(control, value) {
  startsWith(control, "set") || length(field(value, "choices")) > 1L
}

studio_question <- function(control) {
  own <- grepl("^(label|set|score)(_.*)?$", control)
  if (!own) return(control)
  name <- sub("^(label|set|score)_?", "", control)
  if (nzchar(name)) name else NA_character_
}

# JSON-MIN: one object per annotation, controls are fields.
read_studio_min <- function(records, path, named, call) {
  ids <- record_ids(records, own_ids(records, "id", path, call), named, path, call)
  label <- named$label %||% "label"
  answers <- lapply(records, function(record) {
    value <- field(record, label) %||% field(record, "set")
    chosen <- if (is.list(value)) unlist(field(value, "choices") %||% value) else value
    number <- if (is.numeric(chosen)) list(score = as.double(chosen[1]))
    c(list(rater = rater_name(field(record, "annotator")), seconds = number_field(record, "lead_time"),
           at = text_field(record, "updated_at"), plan = text_field(record, studio_plan),
           status = if (is.null(chosen)) studio_min_status(record)),
      number %||% tool_answer(as.character(chosen),
                              is.null(field(record, label)) || length(chosen) > 1L))
  })
  tool_rows(answers, ids$ids, seq_along(records), ids$notes)
}

studio_min_status <- function(record) {
  if (is.null(field(record, studio_unsure))) "skipped" else "cannot_tell"
}

# --- doccano -------------------------------------------------------------------------------

read_doccano <- function(records, path, named, call) {
  nested <- lapply(records, function(record) c(record, as.list(field(record, "meta"))))
  ids <- record_ids(nested, own_ids(records, "id", path, call), named, path, call)
  answers <- lapply(records, function(record) {
    found <- field(record, "label") %||% field(record, "labels") %||% field(record, "cats") %||%
      field(record, "annotations")
    rater <- rater_name(field(record, "username") %||% field(record, "annotator"))
    c(list(rater = rater), doccano_label(found))
  })
  tool_rows(answers, ids$ids, seq_along(records), ids$notes)
}

doccano_label <- function(found) {
  if (length(found) == 0L) return(list(status = "skipped"))
  values <- lapply(found, function(value) {
    if (rlang::is_string(value)) value else if (is.list(value)) NULL else label_text(value)
  })
  if (any(lengths(values) == 0L)) return(list(status = "invalid", label = "(not a category)"))
  tool_answer(unlist(values))
}

# --- Argilla ---------------------------------------------------------------------------------

argilla_flat <- function(records) {
  vapply(records, function(record) {
    any(grepl("[.]responses$", names(record))) || any(vapply(record, is_argilla_answers, FALSE))
  }, FALSE)
}

# A question of a data set on the Hub: a list of answers with user, value and status.
is_argilla_answers <- function(x) {
  is.list(x) && length(x) > 0L && is.null(names(x)) && all(vapply(x, function(part) {
    is.list(part) && all(c("user_id", "value") %in% names(part))
  }, FALSE))
}

read_argilla <- function(records, path, named, call) {
  nested <- lapply(records, function(record) {
    c(record, as.list(field(record, "metadata")), as.list(field(record, "fields")))
  })
  ids <- record_ids(nested, own_ids(records, "id", path, call), named, path, call)
  answers <- lapply(records, argilla_answers)
  where <- rep(seq_along(records), lengths(answers))
  tool_rows(unlist(answers, recursive = FALSE), ids$ids[where], where, ids$notes)
}

argilla_answers <- function(record) {
  responses <- field(record, "responses")
  if (is.null(responses)) return(argilla_columns(record))
  if (is.null(names(responses))) {
    return(unlist(lapply(responses, function(response) {
      values <- field(response, "values")
      unname(Map(function(value, question) {
        argilla_answer(field(value, "value"), question, field(response, "user_id"),
                       field(response, "status"))
      }, unname(values) %||% list(NULL), names(values) %||% NA_character_))
    }), recursive = FALSE))
  }
  unlist(unname(Map(argilla_question, responses, names(responses))), recursive = FALSE)
}

argilla_question <- function(answers, question) {
  lapply(answers, function(part) {
    argilla_answer(field(part, "value"), question, field(part, "user_id"), field(part, "status"))
  })
}

argilla_columns <- function(record) {
  nested <- Filter(is_argilla_answers, record)
  if (length(nested) > 0L) {
    return(unlist(unname(Map(argilla_question, nested, names(nested))), recursive = FALSE))
  }
  columns <- grep("[.]responses$", names(record), value = TRUE)
  unlist(lapply(columns, function(column) {
    values <- record[[column]]
    who <- record[[paste0(column, ".users")]] %||% rep(list(NULL), length(values))
    status <- record[[paste0(column, ".status")]] %||% rep(list("submitted"), length(values))
    Map(argilla_answer, values, sub("[.]responses$", "", column), who, status)
  }), recursive = FALSE)
}

argilla_answer <- function(value, question, user, status) {
  common <- list(question = question, rater = rater_name(user))
  if (!identical(status %||% "submitted", "submitted")) return(c(common, status = "skipped"))
  if (is.numeric(value) && length(value) == 1L) return(c(common, score = as.double(value)))
  plain <- rlang::is_string(value) || is.list(value) && all(vapply(value, rlang::is_string, FALSE))
  if (!plain) return(c(common, status = "invalid", label = "(not a label)"))
  c(common, tool_answer(unlist(value), is.list(value)))
}

# --- Prodigy ---------------------------------------------------------------------------------

read_prodigy <- function(records, path, named, call) {
  nested <- lapply(records, function(record) c(record, as.list(field(record, "meta"))))
  ids <- record_ids(nested, own_ids(records, "_input_hash", path, call), named, path, call)
  answers <- lapply(records, function(record) {
    c(list(rater = rater_name(field(record, "_annotator_id") %||% field(record, "_session_id")),
           at = prodigy_time(number_field(record, "_timestamp"))), prodigy_answer(record))
  })
  tool_rows(answers, ids$ids, seq_along(records), ids$notes)
}

prodigy_time <- function(seconds) {
  if (is.na(seconds)) return(NA_character_)
  format(as.POSIXct(seconds, origin = "1970-01-01", tz = "UTC"), "%Y-%m-%dT%H:%M:%OS3Z")
}

prodigy_answer <- function(record) {
  answer <- text_field(record, "answer")
  if (!answer %in% c("accept", "reject")) return(list(status = "skipped"))
  if (is.null(field(record, "accept"))) {
    return(list(label = answer, question = text_field(record, "label")))
  }
  chosen <- lapply(record$accept, label_text)
  if (any(lengths(chosen) == 0L)) return(list(status = "invalid", label = "(not an option)"))
  chosen <- unlist(chosen)
  if (answer == "reject") {
    return(list(status = "invalid", label = paste0("(rejected: ", toString(chosen), ")")))
  }
  if (length(chosen) == 0L) return(list(status = "skipped"))
  tool_answer(chosen, identical(field(field(record, "config"), "choice_style"), "multiple") ||
                length(chosen) > 1L)
}
