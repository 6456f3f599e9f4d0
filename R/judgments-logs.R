# From paths and parsed JSON to judgements: one log or table after the other, then all as one table.

#' @rdname as_judgments
#' @export
as_judgments.character <- function(x, item = NULL, judge = NULL, # nolint: object_name_linter.
                                   label = NULL, score = NULL, confidence = NULL, draw = NULL,
                                   system = NULL, human = NULL, ..., task = NULL) {
  call <- rlang::current_env()
  if (length(x) == 0L) {
    abort_judicious("{.arg x} must have at least one path.", "file", arg = "x")
  }
  given <- list(item_id = rlang::enquo(item), judge = rlang::enquo(judge),
                label = rlang::enquo(label), score = rlang::enquo(score),
                confidence = rlang::enquo(confidence), draw = rlang::enquo(draw),
                system = rlang::enquo(system), human = rlang::enquo(human))
  if (length(x) == 1L && file.exists(file.path(x, "settings.json"))) {
    return(judgments_of_run_folder(x, given, ..., call = call))
  }
  check_dots(...)
  if (!is.null(task)) check_task(task)
  files <- log_files(x, call)
  if (names_roles(given)) return(judgments_of_tables(files, given, task, call))
  check_no_roles(given, call)
  judgments_of_logs(read_files(files, task, call), given$human, task, call)
}

judgments_of_run_folder <- function(path, given, ..., call) {
  others <- setdiff(names(given), c("human", "confidence"))
  named <- !vapply(given[others], rlang::quo_is_null, FALSE)
  if (any(named)) abort_role_of_log(others[named][1], "The run in {.file {path}}", call, path)
  more <- if (!rlang::quo_is_null(given$confidence)) {
    list(confidence = rlang::eval_tidy(given$confidence))
  }
  rlang::inject(as_judgments(read_run(path), ..., human = !!rlang::eval_tidy(given$human), !!!more))
}

# Naming the column of labels or scores makes a table of any file.
names_roles <- function(given) {
  !rlang::quo_is_null(given$label) || !rlang::quo_is_null(given$score)
}

check_no_roles <- function(given, call) {
  others <- setdiff(names(given), "human")
  named <- others[!vapply(given[others], rlang::quo_is_null, FALSE)]
  if (length(named) > 0L) abort_role_of_log(named[1], "A log", call)
}

abort_role_of_log <- function(name, what, call, path = NULL) {
  arg <- sub("item_id", "item", name)
  abort_judicious(
    c(paste0(what, " tells {.arg {arg}} itself."),
      i = "To read a table, name its column of labels or scores, too: {.code label = verdict}."),
    "input", arg = arg, call = call
  )
}

# --- tables on disk ---------------------------------------------------------------

# Several tables are one; where they come from is the system, unless a column tells it.
judgments_of_tables <- function(files, given, task, call) {
  contents <- lapply(files, function(file) file_content(file$path, call))
  frames <- lapply(contents, content_frame, call = call)
  several <- length(files) > 1L || nzchar(files[[1]]$name)
  if (several && rlang::quo_is_null(given$system)) {
    check_system_free(frames, files, call)
    frames <- Map(function(frame, file) {
      frame$.system <- rep(file_system(file), nrow(frame))
      frame
    }, frames, files)
    given$system <- rlang::quo(".system")
  }
  judgments_of_frame(bind_frames(frames), given, task, call)
}

file_system <- function(file) if (nzchar(file$name)) file$name else file$own

check_system_free <- function(frames, files, call) {
  taken <- which(vapply(frames, function(frame) ".system" %in% names(frame), FALSE))
  if (length(taken) > 0L) {
    abort_judicious("{.file {files[[taken[1]]]$path}} must not have a column {.field .system}.",
                    "column", arg = "x", call = call)
  }
}

bind_frames <- function(frames) {
  names <- unique(unlist(lapply(frames, names)))
  columns <- lapply(stats::setNames(nm = names), function(name) {
    parts <- lapply(frames, function(frame) frame[[name]] %||% rep(NA, nrow(frame)))
    combine_columns(parts)
  })
  vctrs::new_data_frame(columns, n = sum(vapply(frames, nrow, 0L)))
}

# Columns of one type, as text where the types differ ("7" in one file, 7 in another).
combine_columns <- function(parts) {
  parts <- lapply(parts, function(x) if (is.factor(x)) as.character(x) else x)
  rlang::try_fetch(vctrs::vec_c(!!!parts), vctrs_error_incompatible_type = function(cnd) {
    vctrs::vec_c(!!!lapply(parts, function(x) if (is.list(x)) x else as.character(x)))
  })
}

# A content as a data frame: objects within objects become columns "judge.verdict".
content_frame <- function(content, call) {
  value <- content$value
  if (content$kind == "table") return(value)
  if (content$kind == "records") return(records_frame(value, flat = TRUE))
  frame <- if (content$kind == "object") object_frame(value)
  frame %||% abort_judicious(
    c("{.file {content$path}} is no table.",
      i = "A table in JSON is an array of objects, one per row, or one object per line."),
    "format", arg = "x", call = call
  )
}

# The other ways in which pandas writes a table: names apart from rows, or a list per column.
object_frame <- function(x) {
  if (all(c("columns", "data") %in% names(x)) && is.list(x$data)) return(split_frame(x))
  sizes <- lengths(x)
  if (length(x) == 0L || any(sizes != sizes[1]) || sizes[1] == 0L) return(NULL)
  if (!all(vapply(x, is.list, FALSE))) return(NULL)
  plain <- vapply(x, function(column) {
    all(vapply(column, function(value) is.null(value) || rlang::is_scalar_atomic(value), FALSE))
  }, FALSE)
  if (!all(plain)) return(NULL)
  vctrs::new_data_frame(lapply(x, function(column) plain_values(unname(column))), n = sizes[[1]])
}

split_frame <- function(x) {
  names <- vapply(x$columns, function(name) paste(unlist(name), collapse = "."), "")
  if (any(lengths(x$data) != length(names))) return(NULL)
  columns <- lapply(seq_along(names), function(k) plain_values(lapply(x$data, `[[`, k)))
  vctrs::new_data_frame(stats::setNames(columns, make.unique(names)), n = length(x$data))
}

# --- logs -------------------------------------------------------------------------

# All files that were named must be logs; of a folder, those that are.
read_files <- function(files, task, call) {
  contents <- lapply(files, function(file) file_content(file$path, call))
  known <- !vapply(lapply(contents, find_format), is.null, FALSE)
  skipped <- which(!known & vapply(files, `[[`, FALSE, "in_folder"))
  if (length(skipped) == length(files)) abort_unknown(contents[[1]], call)
  if (length(skipped) > 0L) {
    files_skipped <- vapply(files[skipped], `[[`, "", "path")
    inform_judicious(
      c("Not read: {length(files_skipped)} file{?s} of no known format.",
        i = "{cli::qty(files_skipped)}{?It is/The first is} {.file {files_skipped[1]}}."),
      "files", files = files_skipped
    )
    files <- files[-skipped]
    contents <- contents[-skipped]
  }
  logs <- lapply(contents, read_log, task = task, call = call)
  Map(name_log, logs, files)
}

# A name that the user gave to a log is the system.
name_log <- function(log, file) {
  if (nzchar(file$name)) log$system <- file$name
  log
}

# `human`: a quosure of the labels of people, by item.
judgments_of_logs <- function(logs, human, task, call) {
  options <- unique(lapply(logs, attr, "options"))
  columns <- as.list(bind_frames(lapply(logs, plain_log)))
  columns$system <- run_system(columns)
  columns <- columns[!startsWith(names(columns), ".")]
  scale <- if (length(options) == 1L) options[[1]]
  if (is.null(task) && length(scale) > 1L) task <- rating_task(scale, positive = scale[1])
  columns$human <- log_human(columns, rlang::eval_tidy(human), task, call)
  if (is.null(task) && identical(scale, "grades")) {
    columns$human <- check_human_grades(columns$human, columns$item_id, call)
  }
  check_distinct(new_judgments(columns, task), call)
}

plain_log <- function(log) {
  attr(log, "options") <- NULL
  log
}

# What was judged: the model, and those dimensions of the run that differ within a model.
run_system <- function(columns) {
  n <- length(columns$item_id)
  base <- columns$system %||% rep(NA_character_, n)
  dimensions <- columns[startsWith(names(columns), ".")]
  differs <- vapply(dimensions, function(dimension) {
    pairs <- vctrs::vec_unique(vctrs::data_frame(base = base, value = as.character(dimension)))
    anyDuplicated(pairs$base[!is.na(pairs$value)]) > 0L
  }, FALSE)
  join_parts(c(list(base), unname(dimensions[differs])))
}

join_parts <- function(parts) {
  out <- parts[[1]]
  for (part in parts[-1]) {
    part <- as.character(part)
    out <- ifelse(is.na(part), out, ifelse(is.na(out), part, paste(out, part, sep = " / ")))
  }
  out
}

# Labels of people that are in the log, unless others are given.
log_human <- function(columns, given, task, call) {
  own <- columns$human
  if (is.null(given)) {
    return(if (!all(is.na(own))) read_human(own, task, columns$item_id, call))
  }
  if (!all(is.na(own))) {
    inform_judicious("{.arg human} takes the place of the labels of people that are in the log.",
                     "human")
  }
  join_human(columns$item_id, given, call, task)
}

# --- parsed JSON ------------------------------------------------------------------

#' @rdname as_judgments
#' @param format What the chats were asked: `"choice"` or `"set"`.
#' @export
as_judgments.list <- function(x, item = NULL, judge = NULL, ..., # nolint: object_name_linter.
                              task = NULL, format = c("choice", "set"), human = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  if (!is.null(task)) check_task(task)
  contents <- if (!holds_chats(x)) parsed_logs(x, call)
  if (!is.null(contents)) {
    logs <- lapply(contents, read_log, task = task, call = call)
    logs <- Map(function(log, content) name_log(log, list(name = content$name %||% "")), logs,
                contents)
    return(judgments_of_logs(unname(logs), rlang::quo(!!human), task, call))
  }
  format <- check_choice(format[1], c("choice", "set"))
  if (!holds_chats(x)) {
    abort_judicious(
      c("{.arg x} must be a log, or a list of logs or of chats.",
        x = "Its first element is {.obj_type_friendly {x[[1]]}}."), "type", arg = "x"
    )
  }
  judgments_of_chats(x, item, judge, task, format, human, call)
}

# Chats, or errors and nothing where calls failed; also by judge.
holds_chats <- function(x, deep = TRUE) {
  if (length(x) == 0L) return(TRUE)
  is_list <- function(part) is.list(part) && is.null(names(part)) && length(part) > 0L
  any(vapply(x, function(part) {
    is_chat(part) || inherits(part, "condition") || !is.null(attr(part, "json", exact = TRUE)) ||
      (deep && is_list(part) && holds_chats(part, FALSE))
  }, FALSE)) || all(vapply(x, is.null, FALSE))
}

# The logs in what jsonlite made of JSON: one, or a list of them; NULL if it is no JSON of logs.
parsed_logs <- function(x, call) {
  x <- unsimplify(x)
  whole <- log_content(x, "x")
  if (!is.null(find_format(whole))) return(list(whole))
  parts <- Map(log_content, unname(x), paste0("x[[", seq_along(x), "]]"))
  known <- !vapply(lapply(parts, find_format), is.null, FALSE)
  if (any(known)) {
    if (!all(known)) abort_unknown(parts[[which(!known)[1]]], call)
    names <- names(x) %||% rep("", length(x))
    return(Map(function(part, name) c(part, list(name = name)), parts, names))
  }
  if (whole$kind %in% c("object", "records")) abort_unknown(whole, call)
  NULL
}
