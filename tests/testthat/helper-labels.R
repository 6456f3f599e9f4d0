# Files of labels as people hand them back.

yes_no <- function() rating_task(c("yes", "no"), positive = "yes")

label_file <- function(text, ending = ".csv", name = "labels", folder = withr::local_tempdir(
                         .local_envir = parent.frame())) {
  path <- file.path(folder, paste0(name, ending))
  bytes <- if (is.raw(text)) text else charToRaw(enc2utf8(paste(text, collapse = "\n")))
  writeBin(bytes, path)
  path
}

json_file <- function(x, name = "labels", folder = withr::local_tempdir(
                        .local_envir = parent.frame())) {
  label_file(as.character(jsonlite::toJSON(x, auto_unbox = TRUE, null = "null", na = "null",
                                           digits = NA)),
             ".json", name, folder)
}

jsonl_file <- function(records, name = "labels", folder = withr::local_tempdir(
                         .local_envir = parent.frame())) {
  lines <- vapply(records, function(record) {
    as.character(jsonlite::toJSON(record, auto_unbox = TRUE, null = "null", na = "null",
                                  digits = NA))
  }, "")
  label_file(lines, ".jsonl", name, folder)
}

# What the page downloads: `answers` has item_id and label (or set, score), and what else is known.
page_download <- function(answers, rater = "ann", plan = "jl1-0", question = "label",
                          questions = list(list(
                            name = question, text = "?", answer = "choice",
                            options = I(c("yes", "no")), descriptions = I(c("", "")),
                            positive = I("yes"), sets = NULL, scale = NULL
                          ))) {
  labels <- lapply(seq_len(nrow(answers)), function(k) {
    row <- as.list(answers[k, , drop = FALSE])
    label <- row$label
    absent <- is.null(label) || is.na(label)
    defaults <- list(
      item_id = row$item_id, question = question, label = if (!absent) label, set = NULL,
      score = NULL, status = if (absent) "skipped" else "labelled", note = "", seconds = 4.5,
      order = k, at = sprintf("2026-11-26T10:%02d:%02d.000Z", k %/% 60, k %% 60), kind = "item"
    )
    given <- row[setdiff(names(row), c("item_id", "label"))]
    if (is.list(answers$set)) given$set <- if (!is.null(answers$set[[k]])) I(answers$set[[k]])
    defaults[names(given)] <- given
    defaults
  })
  list(format = "judicious-labels", version = 1, plan = plan, page = "p", task = list(
    questions = questions), rater = rater, count = length(labels), labels = labels)
}

# The columns of a sheet, filled in as by a person, saved as a spreadsheet would.
fill_sheet <- function(path, ..., save = function(x) utils::write.csv(x, path, row.names = FALSE)) {
  sheet <- utils::read.csv(path, colClasses = "character", check.names = FALSE,
                           fileEncoding = "UTF-8-BOM", na.strings = character())
  answers <- list(...)
  sheet[names(answers)] <- answers
  save(sheet)
  invisible(sheet)
}
