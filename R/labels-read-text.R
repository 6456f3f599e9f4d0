# From a file to text, and from text to a table of cells: strict, so that no row is ever shifted.

# Bytes as UTF-8 text. `notes`: what was repaired on the way.
read_label_text <- function(path, call) {
  check_label_file(path, call)
  bytes <- readBin(path, "raw", file.size(path))
  if (length(bytes) == 0L) abort_label_file(path, "It is empty.", call)
  if (starts_with(bytes, c("50", "4b", "03", "04"))) {
    abort_label_file(path, "It is a workbook or a zip archive.", call,
                     "Save the sheet as CSV (UTF-8), or unpack the archive.")
  }
  decode_label_bytes(bytes, path, call)
}

check_label_file <- function(path, call) {
  if (is.na(path) || !file.exists(path)) {
    abort_judicious("There is no file {.file {path}}.", "file", arg = "path", call = call)
  }
}

abort_label_file <- function(path, reason, call, hint = NULL, class = "file", ...) {
  abort_judicious(
    c("{.file {path}} cannot be read as labels.", x = literal(reason),
      i = if (!is.null(hint)) literal(hint)),
    class, arg = "path", ..., call = call
  )
}

starts_with <- function(bytes, hex) {
  identical(utils::head(bytes, length(hex)), as.raw(strtoi(hex, 16L)))
}

decode_label_bytes <- function(bytes, path, call) {
  notes <- character()
  if (starts_with(bytes, c("ff", "fe"))) {
    text <- iconv(list(bytes[-(1:2)]), "UTF-16LE", "UTF-8")
  } else if (starts_with(bytes, c("fe", "ff"))) {
    text <- iconv(list(bytes[-(1:2)]), "UTF-16BE", "UTF-8")
  } else {
    if (starts_with(bytes, c("ef", "bb", "bf"))) bytes <- bytes[-(1:3)]
    if (any(bytes == 0)) abort_label_file(path, "It is no text: it has bytes that are zero.", call)
    text <- rawToChar(bytes)
    if (!validUTF8(text)) {
      text <- iconv(list(bytes), "CP1252", "UTF-8")
      notes <- "The file is not UTF-8: it was read as Windows-1252."
    }
  }
  if (is.na(text)) abort_label_file(path, "Its characters are in no known encoding.", call)
  Encoding(text) <- "UTF-8"
  list(text = text, notes = notes)
}

# --- tables ------------------------------------------------------------------------

# The cells of a delimited file: a data frame of text, one column per name in its first row, with
# the line each row began in. A row with more or fewer cells than names is an error: to fill it up
# would be to guess which cell is missing.
read_label_cells <- function(text, path, call) {
  text <- gsub("\r\n?", "\n", text)
  sep <- declared_separator(text)
  if (!is.null(sep)) text <- sub("^[^\n]*\n", "", text)
  offset <- if (is.null(sep)) 0L else 1L
  sep <- sep %||% header_separator(text, path, call)
  rows <- split_rows(text, sep, path, offset, call)
  header <- trimws(rows$cells[[1]])
  named <- max(0L, which(nzchar(header)))
  header <- check_header(header[seq_len(named)], path, call)
  body <- rows$cells[-1]
  lines <- rows$line[-1]
  full <- vapply(body, function(row) any(nzchar(trimws(row))), FALSE)
  body <- fit_rows(body[full], lines[full], named, path, call)
  columns <- lapply(seq_len(named), function(k) vapply(body, `[[`, "", k))
  list(frame = vctrs::new_data_frame(stats::setNames(columns, header), n = length(body)),
       line = lines[full], sep = sep)
}

# Excel's own first line: "sep=;".
declared_separator <- function(text) {
  found <- regmatches(text, regexec("^sep=([,;\t])(\n|$)", text))[[1]]
  if (length(found) > 0L) found[2]
}

header_separator <- function(text, path, call) {
  first <- gsub("\"[^\"]*\"", "", sub("\n.*", "", text))
  counts <- vapply(c(",", ";", "\t"), function(sep) {
    nchar(gsub(paste0("[^", sep, "]"), "", first))
  }, 0L)
  if (all(counts == 0L)) {
    abort_label_file(path, "Its first line names one column only, or none.", call,
                     "Columns are told apart by commas, semicolons or tabs.", class = "format")
  }
  names(counts)[which.max(counts)]
}

# Quotes that are open hide separators; who is inside of quotes is a matter of parity.
split_rows <- function(text, sep, path, offset, call) {
  text <- paste0(sub("\n+$", "", text), "\n")
  bytes <- charToRaw(text)
  inside <- cumsum(bytes == charToRaw("\"")) %% 2 == 1
  breaks <- bytes == charToRaw("\n")
  if (inside[length(inside)]) {
    abort_label_file(path, "A quote is opened and never closed.", call, class = "format")
  }
  line <- c(0L, cumsum(breaks)) + 1L + offset
  ends <- which(!inside & (breaks | bytes == charToRaw(sep)))
  Encoding(text) <- "bytes"
  starts <- c(1L, utils::head(ends, -1L) + 1L)
  cells <- substring(text, starts, ends - 1L)
  Encoding(cells) <- "UTF-8"
  ends_row <- breaks[ends]
  row <- cumsum(c(TRUE, utils::head(ends_row, -1L)))
  cells <- unquote_cells(cells, line[starts], path, call)
  list(cells = unname(split(cells, row)), line = line[starts][!duplicated(row)])
}

# A quote stands at both ends of a cell, or doubled within.
unquote_cells <- function(cells, line, path, call) {
  quoted <- which(grepl("\"", cells, fixed = TRUE))
  bad <- quoted[!grepl("^\"(?:[^\"]|\"\")*+\"$", cells[quoted], perl = TRUE)]
  if (length(bad) > 0L) {
    abort_label_file(path, paste0("A quote stands in the middle of a cell in line ",
                                  line[bad[1]], "."), call,
                     "Save the table as CSV from a spreadsheet.", class = "format", where = bad)
  }
  inner <- substr(cells[quoted], 2L, nchar(cells[quoted]) - 1L)
  replace(cells, quoted, gsub("\"\"", "\"", inner, fixed = TRUE))
}

check_header <- function(header, path, call) {
  if (any(!nzchar(header))) {
    abort_label_file(path, paste0("Column ", which(!nzchar(header))[1], " has no name."), call,
                     class = "format")
  }
  twice <- header[duplicated(header)]
  if (length(twice) > 0L) {
    abort_label_file(path, paste0("Two columns are called \"", twice[1], "\"."), call,
                     class = "format")
  }
  header
}

# Empty cells to the right of the last name say nothing.
fit_rows <- function(body, lines, n, path, call) {
  size <- vapply(body, function(row) max(n, which(nzchar(trimws(row)))), 0L)
  bad <- which(size != n | lengths(body) < n)
  if (length(bad) > 0L) {
    abort_label_file(
      path, paste0("Line ", lines[bad[1]], " has ", length(body[[bad[1]]]),
                   " cells; the first line names ", n, " columns."),
      call, "Is a separator or a quote missing? Nothing is filled up, lest labels move to other
             items.", class = "format", where = bad
    )
  }
  body
}
