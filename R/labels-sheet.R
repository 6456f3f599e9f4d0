# Labels by spreadsheet: a CSV that Excel, LibreOffice and Google open as it is, and back.

#' Write a sheet to label in a spreadsheet
#'
#' @description
#' Writes a CSV for people who label in Excel, LibreOffice or Google Sheets: one row per item with
#' its id, what is to be read, and empty cells for the answer, a note and the rater's name.
#' [read_labels()] reads it back, also after the spreadsheet saved it in its own way.
#'
#' @details
#' The file is UTF-8 with a byte order mark, which Excel needs. Ids begin with an apostrophe, so
#' that no spreadsheet turns `007` into 7, `3-4` into a date or a long number into `1.2E+18`; so do
#' cells that begin with `=`, `+`, `-`, `@`, a tab or an apostrophe, which a spreadsheet would
#' calculate. The reader takes the apostrophes away. The column `options` says what may be written,
#' and `cannot tell` is always allowed; the last column holds the plan's fingerprint and is to be
#' left alone: a row without it is no row of this sheet. Several questions have columns of their
#' own, `label [question]`.
#'
#' The sheet is blind: columns that hold nothing but options, such as the labels of judges, are not
#' written.
#'
#' @inheritParams write_label_page
#' @param task What can be answered: a [rating_task()], a [label_scale()], or a list of them named
#'   by the questions.
#' @param path (string) The file to write.
#' @param sample (`judicious_sample`) What the sampler returned, in the order of the rows of
#'   `items`: the selected items are written. `NULL`: all.
#' @param question (character) What is asked about every item; several questions need names. `NULL`:
#'   nothing but the options is said.
#' @param rater (string) The rater's name, if it is known already.
#' @param overwrite (flag) Replace a file that is there already: it may hold labels.
#' @returns The path, invisibly.
#' @section Errors:
#' As [write_label_page()]; `judicious_error_file` also if the file is there already.
#' @examples
#' set.seed(1)
#' answers <- data.frame(item_id = 1:50, reply = paste("Reply", 1:50), judge = "yes")
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' sheet <- tempfile(fileext = ".csv")
#' write_label_sheet(answers, task, sheet, sample = sample_uniform(50, n = 3), show = "reply")
#' cat(readLines(sheet, encoding = "UTF-8"), sep = "\n")
#' @family labelling
#' @export
write_label_sheet <- function(items, task, path, sample = NULL, question = NULL, rater = NULL, ...,
                              item_id = "item_id", show = NULL, answer = "choice",
                              overwrite = FALSE) {
  check_dots(...)
  check_required(items)
  check_required(task)
  check_required(path)
  call <- rlang::current_env()
  rater <- check_raters(rater, call)
  if (length(rater) > 1L) {
    abort_judicious("{.arg rater} must be one name: every rater gets a sheet.", "length",
                    arg = "rater", call = call)
  }
  path <- check_new_file(path, "[.]csv$", overwrite, call)
  sent <- items_to_send(items, task, sample, question, item_id, show, answer, call)
  n <- length(sent$ids)
  several <- length(sent$questions) > 1L
  columns <- c(
    list(item_id = paste0("'", sent$ids)), lapply(sent$shown, guard_cells),
    unlist(lapply(sent$questions, answer_columns, several, !is.null(question), n),
           recursive = FALSE),
    list(note = rep("", n), rater = rep(guard_cells(rater %||% ""), n),
         plan = rep(sent$fingerprint, n))
  )
  write_csv_utf8(columns, path, call)
  invisible(path)
}

# --- what is sent ----------------------------------------------------------------------

# The selected items as the page has them: ids, the columns to read, the questions and the plan.
items_to_send <- function(items, task, sample, question, item_id, show, answer, call) {
  items <- check_items(items, item_id, call)
  plan <- label_plan(items$item_id, sample, call = call)
  chosen <- which(plan$selected %in% 1L)
  if (length(chosen) == 0L) {
    abort_judicious("{.arg sample} selects no item to label.", "length", arg = "sample",
                    call = call)
  }
  question <- question %||% if (is_plain_list(task)) stats::setNames(nm = names(task)) else "label"
  questions <- asked_questions(question, task, answer, NULL, call)
  columns <- if (is.character(show) && length(show) == 0L) show else
    page_view(items, show, NULL, NULL, TRUE, FALSE, questions, call)$columns
  shown <- lapply(stats::setNames(nm = columns), function(name) {
    text <- shown_text(items[[name]][chosen], name, call)
    replace(text, is.na(text), "")
  })
  list(ids = plan$item_id[chosen], shown = free_names(shown), questions = questions,
       fingerprint = attr(plan, "fingerprint"))
}

# Columns of ours keep their names.
free_names <- function(shown) {
  ours <- "^(item_id|note|rater|plan|(task|options|label|set|score)( \\[.*\\])?)$"
  taken <- grepl(ours, names(shown))
  names(shown)[taken] <- paste("item:", names(shown)[taken])
  names(shown) <- make.unique(trimws(clean_text(names(shown))), sep = " ")
  shown
}

check_new_file <- function(path, pattern, overwrite, call) {
  path <- path.expand(check_string(path, arg = "path", call = call))
  check_flag(overwrite, arg = "overwrite", call = call)
  if (!grepl(pattern, path, ignore.case = TRUE)) {
    ending <- gsub("[][$\\]", "", pattern)
    abort_judicious("{.arg path} must end in {.file {ending}}: it is {.file {path}}.", "file",
                    arg = "path", call = call)
  }
  if (!dir.exists(dirname(path))) {
    abort_judicious("There is no folder {.file {dirname(path)}} for {.arg path}.", "file",
                    arg = "path", call = call)
  }
  if (file.exists(path) && !overwrite) {
    abort_judicious(c("{.file {path}} is there already, and may hold labels.",
                      i = "Choose another {.arg path}, or say {.code overwrite = TRUE}."),
                    "file", arg = "path", call = call)
  }
  path
}

# --- cells -----------------------------------------------------------------------------

guard_pattern <- "^[=+@\t\r'-]"

guard_cells <- function(x) ifelse(grepl(guard_pattern, x), paste0("'", x), x)

unguard_cells <- function(x) {
  ifelse(grepl("^'[=+@\t\r'-]", x), substr(x, 2L, nchar(x)), x)
}

# Empty cells for one question, beside what may be written into them.
answer_columns <- function(question, several, with_text, n) {
  blank <- rep(list(rep("", n)), 2L)
  columns <- c(
    if (with_text) list(task = rep(guard_cells(question$text), n)),
    list(options = rep(guard_cells(options_cell(question)), n)),
    switch(question$answer, choice = stats::setNames(blank[1], "label"),
           set = stats::setNames(blank[1], "set"),
           both = stats::setNames(blank, c("label", "set")),
           score = stats::setNames(blank[1], "score"))
  )
  if (several) names(columns) <- paste0(names(columns), " [", question$name, "]")
  columns
}

# Options do not hold "|", so the double bar tells them from what is no option.
options_cell <- function(question) {
  scale <- question$scale
  what <- if (is.null(scale)) paste(question$options, collapse = " | ") else
    paste(id_text(scale$from), "to", id_text(scale$to), "by", id_text(scale$step))
  paste(what, "||", unsure_words[1])
}

question_of_cell <- function(cell) {
  what <- trimws(sub("[|][|].*$", "", cell))
  numbers <- "^(-?[0-9.]+) to (-?[0-9.]+) by ([0-9.]+)$"
  if (grepl(numbers, what)) {
    parts <- as.double(regmatches(what, regexec(numbers, what))[[1]][-1])
    return(list(options = NULL, positive = character(), sets = NULL,
                scale = stats::setNames(parts, c("from", "to", "step"))))
  }
  list(options = trimws(strsplit(what, "|", fixed = TRUE)[[1]]), positive = character(),
       sets = NULL, scale = NULL)
}

# Bytes are written as they are: no translation on the way, on any platform.
write_csv_utf8 <- function(columns, path, call) {
  cells <- lapply(columns, quote_cells)
  lines <- c(paste(quote_cells(enc2utf8(names(columns))), collapse = ","),
             do.call(paste, c(unname(cells), sep = ",")))
  write_utf8(paste0("\ufeff", paste0(lines, "\r\n", collapse = "")), path, call)
}

# Everything is quoted but what is empty.
quote_cells <- function(x) {
  ifelse(nzchar(x), paste0("\"", gsub("\"", "\"\"", x, fixed = TRUE), "\""), "")
}

write_utf8 <- function(text, path, call) {
  written <- tryCatch({
    writeBin(charToRaw(enc2utf8(text)), path)
    TRUE
  }, error = function(cnd) FALSE, warning = function(cnd) FALSE)
  if (!written) {
    abort_judicious("Cannot write {.file {path}}.", "file", arg = "path", call = call)
  }
}

# --- reading it back -------------------------------------------------------------------------

sheet_header <- "^(options|label|set|score)(?: \\[(.*)\\])?$"

is_label_sheet <- function(frame) {
  "item_id" %in% names(frame) && any(grepl("^options( \\[.*\\])?$", names(frame)))
}

read_sheet_rows <- function(cells, path, named, call) {
  frame <- cells$frame
  check_sheet_plan(frame, cells$line, path, call)
  ids <- trimws(frame$item_id)
  # All ids were written with an apostrophe; a spreadsheet takes away all of them or none.
  if (all(startsWith(ids, "'"))) ids <- substr(ids, 2L, nchar(ids))
  columns <- sheet_columns(names(frame))
  parts <- lapply(unique(columns$question), function(name) {
    sheet_question(frame, columns[columns$question == name, ], ids, cells, named)
  })
  questions <- stats::setNames(lapply(parts, `[[`, "question"), unique(columns$question))
  rows <- vctrs::vec_rbind(!!!lapply(parts, `[[`, "rows"))
  rows$rater[is.na(rows$rater)] <- if (is.null(named$rater)) NA_character_ else named$rater
  list(rows = decimal_commas(rows, cells$sep), questions = questions, unit = "Line",
       notes = separator_note(cells$sep))
}

# A row that lost its end, or that is of another sheet, cannot be told apart from a shifted one.
check_sheet_plan <- function(frame, lines, path, call) {
  if (is.null(frame$plan)) {
    abort_label_file(path, "Its column \"plan\" is missing.", call,
                     "It is the last column of the sheet: paste it back.", class = "format")
  }
  plan <- trimws(frame$plan)
  bad <- which(plan != plan[1] | !grepl("^[[:alnum:]]+-[[:alnum:]]+$", plan))
  if (length(bad) > 0L) {
    abort_label_file(path, paste0("Line ", lines[bad[1]], " has \"", substr(plan[bad[1]], 1L, 60L),
                                  "\" in the column \"plan\"."), call,
                     "Is a cell shifted, or a row of another sheet here?", class = "format",
                     where = bad)
  }
}

sheet_columns <- function(names) {
  parts <- regmatches(names, regexec(sheet_header, names, perl = TRUE))
  found <- lengths(parts) > 0L
  name <- vapply(parts[found], `[[`, "", 3L)
  data.frame(column = names[found], role = vapply(parts[found], `[[`, "", 2L),
             question = ifelse(nzchar(name), name, default_question))
}

sheet_question <- function(frame, columns, ids, cells, named) {
  cell <- function(role) {
    name <- columns$column[columns$role == role]
    if (length(name) == 1L) blank_to_na(unguard_cells(frame[[name]]))
  }
  optional <- function(name) if (!is.null(frame[[name]])) blank_to_na(unguard_cells(frame[[name]]))
  options <- unique(without_na(cell("options")))
  list(
    question = if (length(options) == 1L) question_of_cell(options),
    rows = label_rows(
      ids, question = rep(columns$question[1], length(ids)),
      rater = trim_or_null(optional("rater")),
      label = cell("label"), set = cell("set"), score_text = cell("score"), note = optional("note"),
      kind = rep("item", length(ids)), plan = trimws(frame$plan), where = cells$line, loose = TRUE
    )
  )
}
