# Tables of labels: the sheet, the page's CSV, and tables whose columns are named.

# The columns that the page's CSV and the sheet define.
label_columns <- c("item_id", "question", "rater", "label", "set", "score", "status", "note",
                   "seconds", "order", "at", "kind", "plan")

read_label_table <- function(text, path, named, call) {
  cells <- read_label_cells(text, path, call)
  if (is_label_sheet(cells$frame)) return(read_sheet_rows(cells, path, named, call))
  # The page's own CSV puts an apostrophe before what a spreadsheet would calculate.
  if (setequal(names(cells$frame), label_columns)) {
    cells$frame[] <- lapply(cells$frame, unguard_cells)
  }
  columns_to_rows(cells$frame, cells$line, named, path, cells$sep, "Line", call)
}

# Text columns (or fields) by the roles the user named, or by the names we define.
columns_to_rows <- function(frame, where, named, path, sep, unit, call) {
  at <- role_columns(frame, named, path, call)
  cell <- function(role) if (!is.na(at[role])) blank_to_na(frame[[at[role]]])
  constant <- if (is.na(at["rater"])) named$rater
  rows <- label_rows(
    trimws(as.character(frame[[at[["item_id"]]]])), question = cell("question"),
    rater = trim_or_null(cell("rater")) %||% rep(constant %||% NA_character_, nrow(frame)),
    label = cell("label"), set = cell("set"),
    score_text = cell("score"), status = trim_or_null(cell("status")),
    note = cell("note"),
    seconds = read_numbers(cell("seconds"), "seconds", where, unit, path, sep, call),
    order = read_numbers(cell("order"), "order", where, unit, path, sep, call),
    at = cell("at"), kind = cell("kind"), plan = cell("plan"), where = where, loose = TRUE
  )
  rows <- check_label_kinds(rows, path, unit, call)
  list(rows = decimal_commas(rows, sep), unit = unit, notes = separator_note(sep))
}

role_columns <- function(frame, named, path, call) {
  at <- match(label_columns, names(frame))
  names(at) <- label_columns
  for (role in names(named)) {
    at[[role]] <- match(named[[role]], names(frame))
    if (is.na(at[[role]]) && role != "rater") {
      abort_label_file(path, paste0("It has no column \"", named[[role]], "\"."), call,
                       paste("Its columns are:", paste(names(frame), collapse = ", ")),
                       class = "column")
    }
  }
  missing <- c(if (is.na(at["item_id"])) "item",
               if (all(is.na(at[c("label", "set", "score", "status")]))) "label")
  if (length(missing) > 0L) {
    abort_label_file(path, paste0("Which column holds the ", missing[1], " is not known."), call,
                     paste0("Name it, as in `", missing[1], " = \"", names(frame)[1],
                            "\"`. The columns are: ", paste(names(frame), collapse = ", ")),
                     class = "column")
  }
  at
}

blank_to_na <- function(x) {
  x <- as.character(x)
  replace(x, !is.na(x) & !nzchar(trimws(x)), NA)
}

trim_or_null <- function(x) if (!is.null(x)) trimws(x)

# --- numbers -----------------------------------------------------------------------------

# Semicolons and tabs come from places where the comma is decimal.
comma_is_decimal <- function(sep) sep %in% c(";", "\t")

as_label_number <- function(text, sep) {
  text <- trimws(text)
  if (comma_is_decimal(sep)) text <- sub("^(-?[0-9]+),([0-9]+)$", "\\1.\\2", text)
  plain <- grepl("^-?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?$", text)
  number <- rep(NA_real_, length(text))
  number[plain] <- as.double(text[plain])
  number
}

# NA stays NA.
number_text <- function(x) {
  text <- rep(NA_character_, length(x))
  text[!is.na(x)] <- id_text(x[!is.na(x)])
  text
}

read_numbers <- function(text, name, where, unit, path, sep, call) {
  if (is.null(text)) return(NULL)
  number <- as_label_number(text, sep)
  bad <- which(!is.na(text) & (is.na(number) | !is.finite(number) | number < 0))
  if (length(bad) > 0L) {
    abort_label_file(path, paste0(unit, " ", where[bad[1]], " has \"", text[bad[1]],
                                  "\" in the column \"", name, "\"."), call,
                     "It must be a number that is not negative.", class = "format", where = bad)
  }
  number
}

decimal_commas <- function(rows, sep) {
  rows$score <- as_label_number(rows$score_text, sep)
  rows
}

separator_note <- function(sep) {
  switch(sep, ";" = "Columns are told apart by semicolons.",
         "\t" = "Columns are told apart by tabs.")
}

# --- what only certain words may say --------------------------------------------------------

label_statuses <- c("labelled", "skipped", "cannot_tell")
label_kinds <- c("item", "gold", "repeat")

check_label_kinds <- function(rows, path, unit, call) {
  rows$kind[is.na(rows$kind)] <- "item"
  check_label_words(rows, "status", c(label_statuses, "invalid", NA), path, unit, call)
  check_label_words(rows, "kind", label_kinds, path, unit, call)
  rows
}

check_label_words <- function(rows, name, words, path, unit, call) {
  bad <- which(!rows[[name]] %in% words)
  if (length(bad) > 0L) {
    abort_label_file(path, paste0(unit, " ", rows$where[bad[1]], " has the ", name, " \"",
                                  rows[[name]][bad[1]], "\"."), call,
                     paste("It must be one of:", paste(setdiff(words, NA), collapse = ", ")),
                     class = "format", where = bad)
  }
}
