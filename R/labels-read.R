# Reading labels: the door, and what all formats share.

#' Read labels
#'
#' @description
#' Brings the labels that people gave into one table, from one or many files: downloads of the page
#' of [write_label_page()], sheets of [write_label_sheet()] after a spreadsheet had them, exports of
#' Label Studio, doccano, Argilla and Prodigy, and any CSV, TSV, JSONL or JSON array whose columns
#' are named. [join_labels()] puts them beside the items.
#'
#' @details
#' **What is repaired, and what is not.** Repaired, counted and printed are: byte order marks,
#' UTF-16 and Windows-1252; semicolons and tabs; `sep=;`; empty rows, and empty cells to the right;
#' blanks at the ends of a label, its case (`"Yes "` for `"yes"`) and the way its number is written
#' (`"1.0"` for `"1"`), if exactly one option fits; the apostrophe that keeps a spreadsheet from
#' calculating; the decimal comma of a score where the columns are told apart by semicolons or tabs.
#' A row with a cell too many or too few is an error, because its labels could belong to another
#' item. A label that is no option becomes `NA` with the status `"invalid"` and is listed with its
#' item: nothing is guessed, neither `"y"` nor a date that once was `"1-2"`.
#'
#' **One answer per item, question and rater.** Answers that occur twice, in files that were
#' downloaded twice or resumed, count once. If they differ, the later one (by the column `at`)
#' counts, and `print()` says how many there were; without times it is an error. A rater without a
#' name is called after the file. Gold and repeated items of the page keep their rows (`kind`), and
#' [join_labels()] leaves them out.
#'
#' **Label Studio.** JSON and JSON-MIN. The item is `item_id` in the data of a task (or the field
#' named by `item`), else the number of the task, and a message says so. `was_cancelled` is a
#' skipped item; `lead_time` are the seconds; predictions are not labels. **doccano**: JSONL of
#' classification projects. **Argilla**: records of version 1 (`responses` by user) and 2
#' (`label.responses`), and data sets as exported to the Hub; drafts and discarded answers are
#' skipped. **Prodigy**: `accept` of choices, or the answer to a single label; `"ignore"` is
#' skipped, a rejected choice invalid.
#'
#' @param path (character) One or several files, or a folder with them. Names are names of raters:
#'   `c(ann = "a.csv", bob = "b.csv")`.
#' @param task What could be answered: a [rating_task()], a [label_scale()], or a list of them named
#'   by question. `NULL`: the page and the sheet bring their own; labels from elsewhere are not
#'   checked, and `print()` says so.
#' @param ... Not used.
#' @param item,label,set,score,rater,question,seconds,status,note,at (string) Names of columns (or
#'   fields) of tables that are not ours. `rater` may also be the name of the only rater.
#' @returns A data frame of class [`judicious_labels`][judicious_labels], one row per item, question
#'   and rater, with the columns
#'   - `item_id` (character) and `rater` (character);
#'   - `label` (character): the option chosen, `NA` if there is none;
#'   - `set` (character): the response set, `"yes|no"`, or `NA`;
#'   - `status`: `"labelled"`, `"skipped"`, `"cannot_tell"` or `"invalid"`;
#'   - `seconds` (double) spent on the item;
#'   - `question`, `score`, `note`, `order`, `at`, `kind` (`"item"`, `"gold"`, `"repeat"`), `plan`
#'     (fingerprint of the plan) and `answer` (the text of an invalid answer); `NA` if unknown.
#' @section Errors:
#' `judicious_error_file` (no such file, no text, damaged), `judicious_error_format` (rows or fields
#' that do not fit, naming the line), `judicious_error_column`, `judicious_error_missing_id`,
#' `judicious_error_duplicate` (answers that contradict each other), `judicious_error_plan` (files
#' of different plans), `judicious_error_task` (files of different tasks, or not of `task`).
#' `judicious_warning_no_option`: labels that are no option.
#' @examples
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' items <- data.frame(item_id = c("007", "=1", "3-4"), text = c("Hello", "Good day", "Bye"))
#' sheet <- tempfile(fileext = ".csv")
#' write_label_sheet(items, task, sheet, show = "text")
#'
#' # what a colleague does in a spreadsheet
#' filled <- read.csv(sheet, colClasses = "character", check.names = FALSE)
#' filled$label <- c("yes", "No ", "cannot tell")
#' write.csv2(filled, sheet, row.names = FALSE)
#'
#' labels <- read_labels(c(ann = sheet))
#' labels
#' as.data.frame(labels)[1:6]
#' @family labelling
#' @export
read_labels <- function(path, task = NULL, ..., item = NULL, label = NULL, set = NULL,
                        score = NULL, rater = NULL, question = NULL, seconds = NULL,
                        status = NULL, note = NULL, at = NULL) {
  check_dots(...)
  call <- rlang::current_env()
  named <- list(item_id = item, label = label, set = set, score = score, rater = rater,
                question = question, seconds = seconds, status = status, note = note, at = at)
  named <- check_column_names(named, call)
  questions <- if (!is.null(task)) label_questions(task, call = call)
  paths <- label_paths(path, call)
  parts <- lapply(paths, read_label_file, named = named, call = call)
  parts <- name_raters(parts, paths, call)
  bind_label_files(parts, paths, questions, call)
}

check_column_names <- function(named, call) {
  named <- Filter(Negate(is.null), named)
  for (role in names(named)) {
    check_string(named[[role]], arg = sub("item_id", "item", role), call = call)
  }
  named
}

label_paths <- function(path, call) {
  if (!is.character(path) || length(path) == 0L) {
    abort_judicious("{.arg path} must name one or several files, not {.obj_type_friendly {path}}.",
                    "type", arg = "path", call = call)
  }
  if (length(path) > 1L || !dir.exists(path)) return(path)
  found <- list.files(path, "[.](csv|tsv|txt|json|jsonl|ndjson)$", full.names = TRUE,
                      ignore.case = TRUE)
  if (length(found) == 0L) {
    abort_judicious(c("{.arg path} must name files of labels.",
                      x = "The folder {.file {path}} has no CSV, TSV, JSON or JSONL file."),
                    "file", arg = "path", call = call)
  }
  found
}

# A file as list(rows, questions, notes): rows with the columns of label_rows().
read_label_file <- function(path, named, call) {
  source <- read_label_text(path, call)
  found <- if (grepl("^\\s*[[{]", source$text)) {
    read_label_json(source$text, path, named, call)
  } else {
    read_label_table(source$text, path, named, call)
  }
  found$notes <- c(source$notes, found$notes)
  bad <- which(is.na(found$rows$item_id) | !nzchar(found$rows$item_id))
  if (length(bad) > 0L) {
    abort_label_file(path, paste0(found$unit %||% "Record", " ", found$rows$where[bad[1]],
                                  " has no item id."), call, class = "missing_id", where = bad)
  }
  found
}

# What every format is brought to; missing columns are NA. `where` is the line or record, for
# messages; `loose`: the label was typed by a person and may be written in another way.
label_rows <- function(item_id, ..., loose = FALSE) {
  n <- length(item_id)
  text <- c("question", "rater", "label", "set", "status", "note", "at", "kind", "plan")
  number <- c("score", "seconds", "order")
  fill <- c(stats::setNames(rep(list(NA_character_), length(text)), text),
            stats::setNames(rep(list(NA_real_), length(number)), number))
  given <- list(...)
  columns <- lapply(names(fill), function(name) given[[name]] %||% rep(fill[[name]], n))
  columns <- c(list(item_id = item_id), stats::setNames(columns, names(fill)))
  columns$score_text <- given$score_text %||% rep(NA_character_, n)
  columns$where <- given$where %||% seq_len(n)
  columns$loose <- rep(loose, n)
  vctrs::new_data_frame(columns, n = n)
}

# --- raters --------------------------------------------------------------------------

# Names given to the paths, else what the file says, else the name of the file.
name_raters <- function(parts, paths, call) {
  given <- rlang::names2(paths)
  Map(function(part, path, name) {
    known <- part$rows$rater
    if (nzchar(name)) {
      others <- setdiff(known, c(NA, name))
      if (length(others) > 0L) {
        abort_label_file(path, paste0("It holds labels of \"", others[1],
                                      "\", but the path is named \"", name, "\"."), call,
                         "Leave the name out, or mend it.", class = "rater")
      }
      part$rows$rater[] <- name
    } else if (anyNA(known)) {
      part$rows$rater[is.na(known)] <- tools::file_path_sans_ext(basename(path))
      part$notes <- c(part$notes, "The rater has no name: the name of the file is used.")
    }
    part
  }, parts, paths, given)
}

# --- several files ---------------------------------------------------------------------

bind_label_files <- function(parts, paths, questions, call) {
  questions <- common_questions(parts, paths, questions, call)
  rows <- vctrs::vec_rbind(!!!lapply(seq_along(parts), function(k) {
    rows <- parts[[k]]$rows
    rows$file <- rep(k, nrow(rows))
    rows
  }))
  check_one_plan(rows, paths, call)
  read <- read_label_answers(rows, questions, paths, call)
  merged <- merge_answers(read$rows, paths, call)
  notes <- unlist(lapply(seq_along(parts), function(k) {
    notes <- parts[[k]]$notes
    if (length(notes) > 0L) paste0(basename(paths[k]), ": ", notes)
  }))
  labels <- new_labels(merged$rows, questions, c(notes, read$notes, merged$notes), length(paths))
  warn_no_option(labels, call)
  labels
}

# The questions of the argument `task`, or those the files bring; they must not contradict.
common_questions <- function(parts, paths, questions, call) {
  for (k in seq_along(parts)) {
    own <- parts[[k]]$questions
    if (is.null(own)) next
    if (!is.null(questions) && !same_questions(own, questions)) {
      abort_label_file(paths[k], "Its options are not those of `task` or of the other files.", call,
                       paste("It asks:", paste(format_questions(own), collapse = "; ")),
                       class = "task")
    }
    questions <- if (is.null(questions)) own else merge_questions(questions, own)
  }
  questions
}

check_one_plan <- function(rows, paths, call) {
  plans <- unique(rows$plan[!is.na(rows$plan)])
  if (length(plans) < 2L) return(invisible())
  second <- which(rows$plan %in% plans[2])[1]
  abort_label_file(
    paths[rows$file[second]],
    paste0("Its plan is ", plans[2], ", that of ", basename(paths[rows$file[
      which(rows$plan %in% plans[1])[1]]]), " is ", plans[1], "."),
    call, "Read labels of different samples apart, and join each with its own sample.",
    class = "plan"
  )
}
