# JSON and JSONL: whose it is, and our page's own download.

read_label_json <- function(text, path, named, call) {
  rlang::check_installed("jsonlite", "to read JSON.", call = call)
  records <- parse_label_json(text, path, call)
  if (identical(field(records, "format"), page_format)) {
    return(read_page_download(records, path, call))
  }
  if (!is.null(names(records))) records <- list(records)
  bad <- which(!vapply(records, function(record) {
    is.list(record) && !is.null(names(record))
  }, FALSE))
  if (length(records) == 0L || length(bad) > 0L) {
    reason <- if (length(records) == 0L) "It holds no record." else
      paste("Record", bad[1], "is no object with named fields.")
    abort_label_file(path, reason, call, class = "format", where = bad)
  }
  reader <- label_reader(records)
  if (is.null(reader)) return(read_named_records(records, path, named, call))
  # A damaged export may lack anything anywhere.
  tryCatch(
    reader(records, path, named, call),
    error = function(cnd) {
      if (inherits(cnd, "judicious_error")) rlang::cnd_signal(cnd)
      abort_label_file(path, paste("Its fields are not as its tool writes them:",
                                   conditionMessage(cnd)), call, class = "format")
    }
  )
}

# One value, or one per line (JSONL). Text is never taken for the name of a file or an address.
parse_label_json <- function(text, path, call) {
  parse <- function(text) jsonlite::parse_json(text)
  whole <- tryCatch(list(parse(text)), error = function(cnd) cnd)
  if (!inherits(whole, "error")) return(whole[[1]])
  lines <- strsplit(gsub("\r\n?", "\n", text), "\n", fixed = TRUE)[[1]]
  at <- which(nzchar(trimws(lines)))
  lapply(at, function(k) {
    tryCatch(parse(lines[k]), error = function(cnd) {
      single <- length(at) == 1L || grepl("^\\s*\\[|^\\s*\\{\\s*$", lines[at[1]])
      reason <- strsplit(conditionMessage(if (single) whole else cnd), "\n", fixed = TRUE)[[1]][1]
      abort_label_file(path, paste0("It is no JSON", if (!single) paste0(" in line ", k), ": ",
                                    reason), call,
                       "Is the file complete? Download it again.")
    })
  })
}

# --- the page -------------------------------------------------------------------------

page_format <- "judicious-labels"

read_page_download <- function(x, path, call) {
  version <- field(x, "version")
  if (!is.numeric(version) || !identical(as.double(version), 1)) {
    abort_label_file(path, paste0("It is a download of version ", toString(version), "."), call,
                     "This version of judicious reads version 1.", class = "format")
  }
  labels <- field(x, "labels")
  if (!is.list(labels) || !is.null(names(labels))) {
    abort_label_file(path, "It has no list \"labels\".", call, class = "format")
  }
  check_whole_download(x, labels, path, call)
  take <- function(name, type) record_column(labels, name, type, path, call)
  rater <- text_field(x, "rater")
  rows <- label_rows(
    take("item_id", "text"), question = take("question", "text"), label = take("label", "text"),
    rater = rep(if (is.na(rater) || !nzchar(trimws(rater))) NA_character_ else trimws(rater),
                length(labels)),
    set = take("set", "set"), score = take("score", "number"), status = take("status", "text"),
    note = blank_to_na(take("note", "text")), seconds = take("seconds", "number"),
    order = take("order", "number"), at = take("at", "text"), kind = take("kind", "text"),
    plan = rep(text_field(x, "plan"), length(labels))
  )
  rows$score_text <- number_text(rows$score)
  list(rows = check_label_kinds(rows, path, "Label", call), unit = "Label",
       questions = page_questions(field(x, "task"), call))
}

page_fields <- c("item_id", "question", "label", "set", "score", "status", "note", "seconds",
                 "order", "at", "kind")

# A page writes nothing else: what differs was damaged or edited, and may be another item's answer.
# The first pages gave no count.
check_whole_download <- function(x, labels, path, call) {
  again <- "Download it again."
  count <- field(x, "count")
  if (!is.null(count) && !identical(as.double(unlist(count)), as.double(length(labels)))) {
    abort_label_file(path, paste0("It says that it holds ", toString(unlist(count)),
                                  " labels, and holds ", length(labels), "."), call, again,
                     class = "format")
  }
  for (k in seq_along(labels)) {
    names <- names(labels[[k]])
    odd <- c(setdiff(names, page_fields), names[duplicated(names)])
    if (length(odd) > 0L) {
      abort_label_file(path, paste0("Label ", k, " has the field \"", odd[1],
                                    "\", which a page does not write."), call, again,
                       class = "format", where = k)
    }
  }
}

# A field of all records, of one type; anything else there is an error, not an NA.
record_column <- function(records, name, type, path, call) {
  read <- switch(type, text = label_text, number = read_number, set = read_set_field)
  values <- lapply(records, function(record) read(field(record, name)))
  bad <- which(vapply(values, is.null, FALSE))
  if (length(bad) > 0L) {
    abort_label_file(path, paste0("The field \"", name, "\" of label ", bad[1], " is no ",
                                  c(text = "text", number = "number",
                                    set = "list of options")[[type]], "."), call,
                     class = "format", where = bad)
  }
  missing <- if (type == "number") NA_real_ else NA_character_
  vapply(values, function(value) if (length(value) == 0L) missing else value, missing)
}

# Each gives NULL for what it cannot be, and NA for null.
label_text <- function(x) {
  if (is.null(x)) return(NA_character_)
  if (rlang::is_string(x)) return(x)
  if (is.numeric(x) && length(x) == 1L) return(id_text(as.double(x)))
  if (rlang::is_bool(x)) return(tolower(as.character(x)))
  NULL
}

read_number <- function(x) {
  if (is.null(x)) return(NA_real_)
  if (is.numeric(x) && length(x) == 1L && is.finite(x)) as.double(x)
}

# Options do not contain "|".
read_set_field <- function(x) {
  if (is.null(x)) return(NA_character_)
  if (rlang::is_string(x)) return(x)
  parts <- lapply(x, function(part) if (rlang::is_string(part)) part)
  if (!is.list(x) || any(lengths(parts) == 0L)) return(NULL)
  if (length(parts) == 0L) return(NA_character_)
  paste(unlist(parts), collapse = "|")
}

# --- records whose fields are named -------------------------------------------------------

# As tables: numbers and logicals become text; a list of strings is a set.
read_named_records <- function(records, path, named, call) {
  names <- unique(unlist(lapply(records, names)))
  wanted <- c(label_columns, unlist(named))
  columns <- lapply(stats::setNames(nm = names), function(name) {
    if (!name %in% wanted) return(rep(NA_character_, length(records)))
    many <- name %in% c("set", named$set)
    record_column(records, name, if (many) "set" else "text", path, call)
  })
  columns_to_rows(vctrs::new_data_frame(columns, n = length(records)), seq_along(records), named,
                  path, "", "Record", call)
}
