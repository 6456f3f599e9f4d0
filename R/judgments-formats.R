# The formats that logs of judges come in. A format is one file, R/judgments-format-<name>.R, with a
# function `log_format_<name>()`; it is found by its name, so that nothing else has to be touched.

# `fields`: what it is known by, in words. `kind`: "object", "records" (a list of objects) or
# "table" (a data frame; records are made one). `holds(names, value)`: is it this format?
# `read(value, path, task, call)`: a data frame with item_id, judge and label or score, others of
# the columns of judgements, and dimensions of the run as columns whose names begin with a dot.
# `options`: the labels, the first being positive, or "grades". `task`: are labels read by a task?
log_format <- function(title, files, fields, kind, holds, read, options = NULL, task = FALSE) {
  list(title = title, files = files, fields = fields, kind = kind, holds = holds, read = read,
       options = options, task = task)
}

log_formats <- function() {
  room <- topenv()
  makers <- ls(room, pattern = "^log_format_[a-z]")
  formats <- lapply(makers, function(maker) room[[maker]]())
  stats::setNames(formats, sub("^log_format_", "", makers))
}

#' Formats of judgements
#'
#' The logs and tables that [as_judgments()] reads without being told what their columns are.
#'
#' @returns A data frame of class `judicious_formats` with one row per format: `format` (its name),
#'   `source` (what writes it), `files` (as which kind of file), `fields` (what it is known by).
#'   `print()` shows it as a list.
#' @examples
#' judgment_formats()
#' @family judgements
#' @export
judgment_formats <- function() {
  formats <- log_formats()
  text <- function(name) vapply(formats, `[[`, "", name, USE.NAMES = FALSE)
  out <- vctrs::data_frame(format = names(formats), source = text("title"), files = text("files"),
                           fields = text("fields"))
  out <- vctrs::vec_slice(out, order(tolower(out$source), method = "radix"))
  structure(out, class = c("judicious_formats", "judicious_table", "data.frame"))
}

#' @export
format.judicious_formats <- function(x, ...) {
  lines <- Map(function(source, files, fields) {
    c(paste0(source, " (", files, ")"), strwrap(paste("known by", fields), indent = 2, exdent = 4))
  }, x$source, x$files, x$fields)
  c("Formats that as_judgments() knows; of any other table, name the columns.", "",
    unlist(lines, use.names = FALSE))
}

#' @export
print.judicious_formats <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

# --- finding out ------------------------------------------------------------------

# What a file or an R object holds: its kind, its value and where it is from.
log_content <- function(value, path) {
  kind <- if (is.data.frame(value)) {
    "table"
  } else if (is_record(value)) {
    "object"
  } else if (is_records(value)) {
    "records"
  } else {
    "other"
  }
  list(kind = kind, value = value, path = path)
}

is_record <- function(x) is.list(x) && !is.null(names(x)) && !is.data.frame(x)
is_records <- function(x) {
  is.list(x) && is.null(names(x)) && length(x) > 0L && all(vapply(x, is_record, FALSE))
}

content_names <- function(content) {
  switch(content$kind,
    records = unique(unlist(lapply(utils::head(content$value, 50L), names))),
    other = character(),
    names(content$value)
  )
}

# The format of a content, or NULL.
find_format <- function(content) {
  names <- content_names(content)
  for (format in log_formats()) {
    fits <- content$kind == format$kind || (content$kind == "records" && format$kind == "table")
    if (fits && isTRUE(format$holds(names, content$value))) return(format)
  }
  NULL
}

# One data frame of plain columns per log.
read_log <- function(content, task, call) {
  format <- find_format(content)
  if (is.null(format)) abort_unknown(content, call)
  if (!is.null(task) && !format$task) {
    abort_judicious(
      c("{.arg task} has no effect on {.file {content$path}}.",
        x = "The labels of {format$title} are read as this format defines them."),
      "input", arg = "task", call = call
    )
  }
  value <- if (format$kind == "table" && content$kind == "records") {
    records_frame(content$value)
  } else {
    content$value
  }
  out <- format$read(value, content$path, task, call)
  if (is.null(out$draw)) out$draw <- occurrence(out[log_keys(out)])
  attr(out, "options") <- format$options
  out
}

log_keys <- function(log) {
  names(log)[names(log) %in% c("item_id", "judge", "system") | startsWith(names(log), ".")]
}

abort_unknown <- function(content, call) {
  names <- utils::head(content_names(content), 8L)
  abort_judicious(
    c("{.file {content$path}} is neither a log nor a table of a format that is known.",
      x = if (length(names) > 0L) "Its fields are {.field {names}}." else
        "It holds no objects with fields.",
      i = "{.fn judgment_formats} tells what the known ones have.",
      i = if (length(names) > 0L) {
        "Of any other table, name the columns:
         {.code as_judgments(x, item = id, label = verdict)}."
      }),
    "format", arg = "x", call = call
  )
}

abort_log <- function(path, what, call) {
  abort_judicious(c("{.file {path}} cannot be read as a log.", x = what), "format", arg = "x",
                  call = call)
}

# --- for readers ------------------------------------------------------------------

# A field as a string, a number, or NA; anything else in its place is no value.
text_field <- function(x, ...) {
  for (name in c(...)) x <- field(x, name)
  if (rlang::is_scalar_atomic(x)) as.character(x) else NA_character_
}

number_field <- function(x, ...) {
  for (name in c(...)) x <- field(x, name)
  as_number(x)
}

as_number <- function(x) {
  if ((is.logical(x) || is.numeric(x)) && length(x) == 1L) as.double(x) else NA_real_
}

# The first of several fields that is there.
any_field <- function(x, names) {
  for (name in names) {
    value <- field(x, name)
    if (!is.null(value)) return(value)
  }
}

# Lists, each with the values of one row, as a data frame; what a row lacks is NA.
log_rows <- function(rows) {
  rows <- unname(rows)
  names <- unique(c("item_id", "judge", unlist(lapply(rows, names))))
  columns <- lapply(stats::setNames(nm = names), function(name) {
    values <- lapply(rows, function(row) row[[name]] %||% NA)
    if (name == "score") return(vapply(values, as.double, 0))
    if (name == "draw") return(vapply(values, as.integer, 0L))
    vapply(values, as.character, "")
  })
  vctrs::new_data_frame(columns, n = length(rows))
}

# Objects as a data frame: values where all are plain, else lists.
records_frame <- function(records, flat = FALSE) {
  if (flat) records <- lapply(records, flat_record)
  names <- unique(unlist(lapply(records, names)))
  columns <- lapply(stats::setNames(nm = names), function(name) {
    plain_values(lapply(records, `[[`, name))
  })
  vctrs::new_data_frame(columns, n = length(records))
}

plain_values <- function(values) {
  values[lengths(values) == 0L] <- list(NA)
  plain <- vapply(values, rlang::is_scalar_atomic, FALSE)
  if (!all(plain)) return(values)
  unlist(values, recursive = FALSE, use.names = FALSE)
}

# Objects within an object, by the names of both: "judge.verdict".
flat_record <- function(record) {
  parts <- Map(function(value, name) {
    if (!is_record(value)) return(stats::setNames(list(value), name))
    value <- flat_record(value)
    stats::setNames(value, paste(name, names(value), sep = "."))
  }, record, names(record))
  unlist(unname(parts), recursive = FALSE)
}

# Columns of a table by the first name that it has.
table_column <- function(data, names) {
  at <- match(names, names(data))
  at <- at[!is.na(at)]
  if (length(at) > 0L) data[[at[1]]]
}

text_column <- function(data, names) {
  x <- table_column(data, names)
  if (is.null(x)) return(rep(NA_character_, nrow(data)))
  if (!is.list(x)) return(as.character(x))
  vapply(x, function(value) {
    if (rlang::is_scalar_atomic(value)) as.character(value) else NA_character_
  }, "")
}

number_column <- function(data, names) {
  suppressWarnings(as.double(text_column(data, names)))
}

# Numbers that a judge gave side by side, one column per judge, as rows.
stack_scores <- function(data, columns, judges, item_id, answers = list()) {
  parts <- Map(function(column, judge, i) {
    score <- number_column(data, column)
    score[is.nan(score)] <- NA
    text <- text_column(data, column)
    vctrs::data_frame(
      item_id = item_id, judge = judge,
      label = ifelse(is.na(score) & !tolower(text) %in% log_missing_words, text, NA_character_),
      score = score,
      answer = if (length(answers) >= i && !is.null(answers[[i]])) answers[[i]] else NA_character_
    )
  }, columns, judges, seq_along(columns))
  vctrs::vec_rbind(!!!unname(parts))
}

log_missing_words <- c(NA, "", "na", "nan", "none", "null")
