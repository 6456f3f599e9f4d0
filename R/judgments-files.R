# What files hold: JSON, lines of JSON, delimited text, Parquet, and archives of Inspect.

log_extensions <- "[.](?:json|jsonl|ndjson|eval|csv|tsv|txt|parquet)$"

# Files for paths of files and folders, with a name for each: that of its path, where paths are
# named, or else its own.
log_files <- function(x, call) {
  given <- names(x) %||% rep("", length(x))
  files <- Map(function(path, name) files_of(path, name, call), unname(x), given)
  files <- unlist(unname(files), recursive = FALSE)
  own <- file_names(vapply(files, `[[`, "", "path"))
  Map(function(file, own) c(file, list(own = own)), files, own)
}

files_of <- function(path, name, call) {
  if (is.na(path) || !file.exists(path)) {
    abort_judicious(c("{.arg x} must be the path of a log, a table, or a folder of these.",
                      x = "There is no file {.file {path}}."), "file", arg = "x", call = call)
  }
  in_folder <- dir.exists(path)
  paths <- path
  if (in_folder) {
    paths <- list.files(path, log_extensions, full.names = TRUE, recursive = TRUE,
                        ignore.case = TRUE)
  }
  if (length(paths) == 0L) {
    abort_judicious(c("The folder {.file {path}} holds no log and no table.",
                      i = "Read are files of JSON, JSONL, CSV, TSV, Parquet, and {.file .eval}."),
                    "file", arg = "x", call = call)
  }
  lapply(paths, function(file) list(path = file, name = name, in_folder = in_folder))
}

# File names without endings, with as many of their folders as tell them apart.
file_names <- function(paths) {
  parts <- strsplit(sub("[.][^./]+$", "", gsub("\\", "/", paths, fixed = TRUE)), "/", fixed = TRUE)
  for (depth in seq_len(max(lengths(parts), 1L))) {
    names <- vapply(parts, function(x) paste(utils::tail(x, depth), collapse = "/"), "")
    if (!anyDuplicated(names)) break
  }
  names
}

file_content <- function(path, call) {
  value <- switch(file_kind(path),
    eval = read_eval_archive(path, call), csv = read_delimited(path, call),
    parquet = read_parquet_file(path, call), read_json_file(path, call)
  )
  log_content(value, path)
}

file_kind <- function(path) {
  ending <- tolower(sub(".*[.]", "", basename(path)))
  if (ending %in% c("csv", "tsv", "txt")) "csv" else ending
}

# --- JSON -------------------------------------------------------------------------

read_json_file <- function(path, call) {
  rlang::check_installed("jsonlite", "to read JSON logs.", call = call)
  lines <- read_text(path)
  by_line <- file_kind(path) %in% c("jsonl", "ndjson")
  if (by_line) return(parse_json_lines(lines, path, call))
  text <- paste(lines, collapse = "\n")
  rlang::try_fetch(
    parse_json(text),
    error = function(cnd) {
      # Lines of JSON are often saved as .json.
      records <- if (sum(nzchar(trimws(lines))) > 1L) try_lines(lines)
      records %||% abort_no_json(path, conditionMessage(cnd), call)
    }
  )
}

read_text <- function(path) {
  lines <- readLines(path, warn = FALSE, encoding = "UTF-8")
  sub("^\ufeff", "", lines)
}

# NaN and Infinity are no JSON, but Python writes them; outside of strings they become null.
parse_json <- function(text) {
  rlang::try_fetch(jsonlite::fromJSON(text, simplifyVector = FALSE), error = function(cnd) {
    constants <- "\"(?:[^\"\\\\]|\\\\.)*+\"(*SKIP)(*FAIL)|-?\\b(?:NaN|Infinity)\\b"
    if (!grepl("NaN|Infinity", text)) rlang::cnd_signal(cnd)
    jsonlite::fromJSON(gsub(constants, "null", text, perl = TRUE), simplifyVector = FALSE)
  })
}

# Lines that are objects, or NULL.
try_lines <- function(lines) {
  lines <- lines[nzchar(trimws(lines))]
  if (!all(grepl("^\\s*\\{", lines))) return(NULL)
  rlang::try_fetch(parse_json(paste0("[", paste(lines, collapse = ","), "]")),
                   error = function(cnd) NULL)
}

parse_json_lines <- function(lines, path, call) {
  known <- which(nzchar(trimws(lines)))
  whole <- rlang::try_fetch(parse_json(paste0("[", paste(lines[known], collapse = ","), "]")),
                            error = function(cnd) NULL)
  if (length(whole) == length(known) && length(known) > 0L) return(whole)
  for (line in known) {
    rlang::try_fetch(parse_json(lines[line]), error = function(cnd) {
      abort_no_json(path, paste0("Line ", line, ": ", conditionMessage(cnd)), call)
    })
  }
  abort_no_json(path, "It has no lines.", call)
}

abort_no_json <- function(path, reason, call) {
  reason <- strsplit(reason, "\n", fixed = TRUE)[[1]][1]
  abort_judicious(c("{.file {path}} is no JSON.", x = "{reason}"), "file", arg = "x", call = call,
                  parent = NA)
}

# What jsonlite simplified is taken apart again: rows of data frames are objects.
unsimplify <- function(x) {
  if (is.data.frame(x)) return(lapply(seq_len(nrow(x)), function(i) frame_record(x, i)))
  if (is.list(x)) {
    if (is.object(x)) return(x)
    return(lapply(x, unsimplify))
  }
  if (length(x) > 1L && is.atomic(x) && !is.object(x)) as.list(x) else x
}

# Fields that an object did not have are NA or empty in its row.
frame_record <- function(x, i) {
  values <- lapply(x, function(column) {
    if (is.data.frame(column)) frame_record(column, i) else unsimplify(column[[i]])
  })
  gone <- vapply(values, function(value) {
    length(value) == 0L || (rlang::is_scalar_atomic(value) && is.na(value))
  }, FALSE)
  values[!gone]
}

# --- delimited text ---------------------------------------------------------------

# All as text first: numbers only where no digit would get lost ("007" stays).
read_delimited <- function(path, call) {
  lines <- readLines(path, n = 1L, warn = FALSE, encoding = "UTF-8")
  sep <- delimiter_of(lines, path)
  data <- rlang::try_fetch(
    utils::read.table(path, header = TRUE, sep = sep, quote = "\"", colClasses = "character",
                      comment.char = "", check.names = FALSE, fill = FALSE, row.names = NULL,
                      na.strings = "", encoding = "UTF-8", fileEncoding = "UTF-8-BOM"),
    error = function(cnd) {
      abort_judicious(c("{.file {path}} cannot be read as a table.", x = "{conditionMessage(cnd)}",
                        i = "Is it delimited by {.val {sep}}?"), "file", arg = "x", call = call,
                      parent = NA)
    },
    warning = function(cnd) {
      abort_judicious(c("{.file {path}} cannot be read as a table.", x = "{conditionMessage(cnd)}"),
                      "file", arg = "x", call = call, parent = NA)
    }
  )
  names(data)[!nzchar(names(data))] <- "row"
  names(data) <- make.unique(names(data))
  data[] <- lapply(data, typed_column, comma = sep == ";")
  data
}

delimiter_of <- function(header, path) {
  if (length(header) == 0L) return(",")
  counts <- vapply(c(",", ";", "\t"), function(sep) {
    lengths(regmatches(header, gregexpr(sep, header, fixed = TRUE)))
  }, 0L)
  if (grepl("[.]tsv$", path, ignore.case = TRUE) && counts[["\t"]] > 0L) return("\t")
  names(counts)[which.max(counts)]
}

whole_number <- "-?(?:0|[1-9][0-9]*)"
plain_number <- paste0("^", whole_number, "(?:[.][0-9]+)?(?:[eE][-+]?[0-9]+)?$")

typed_column <- function(x, comma = FALSE) {
  x <- trimws(x)
  x[x %in% c("NA", "")] <- NA
  known <- x[!is.na(x)]
  if (length(known) == 0L) return(as.logical(x))
  if (all(tolower(known) %in% c("true", "false"))) return(tolower(x) == "true")
  numbers <- if (comma) sub(",", ".", x, fixed = TRUE) else x
  none <- tolower(numbers) %in% c("nan", "none", "null")
  values <- numbers[!is.na(numbers) & !none]
  long <- nchar(gsub("[^0-9]", "", sub("[.eE].*", "", values))) > 15L
  if (length(values) == 0L || !all(grepl(plain_number, values)) || any(long)) return(x)
  numbers <- as.double(replace(numbers, none, NA))
  whole <- all(grepl(paste0("^", whole_number, "$"), values))
  if (whole && all(abs(numbers) < 2^31, na.rm = TRUE)) as.integer(numbers) else numbers
}

# --- Parquet ----------------------------------------------------------------------

read_parquet_file <- function(path, call) {
  if (!rlang::is_installed("nanoparquet") && rlang::is_installed("arrow")) {
    read <- utils::getFromNamespace("read_parquet", "arrow")
    return(as.data.frame(read(path)))
  }
  rlang::check_installed("nanoparquet", "to read Parquet files.", call = call)
  as.data.frame(nanoparquet::read_parquet(path))
}

# --- archives of Inspect ----------------------------------------------------------

# A zip with header.json and samples/<id>_epoch_<n>.json, as the one object that a JSON log holds.
# Of a run that was interrupted there is no header but the start of its journal.
read_eval_archive <- function(path, call) {
  rlang::check_installed("jsonlite", "to read logs.", call = call)
  entries <- zip_entries(path, call)
  header <- intersect(c("header.json", "_journal/start.json"), entries$name)
  samples <- grep("^samples/.*[.]json$", entries$name, value = TRUE)
  if (length(header) == 0L) {
    abort_judicious(
      c("{.file {path}} is no log of Inspect.", x = "The archive has no {.file header.json}."),
      "file", arg = "x", call = call
    )
  }
  texts <- zip_texts(path, entries, c(header[1], samples), call)
  parts <- lapply(texts, function(text) {
    rlang::try_fetch(parse_json(text),
                     error = function(cnd) abort_no_json(path, conditionMessage(cnd), call))
  })
  c(parts[[1]][setdiff(names(parts[[1]]), "samples")], list(samples = unname(parts[-1])))
}

# Names and methods of compression, from the directory at the end of the file.
zip_entries <- function(path, call) {
  place <- zip_directory(path)
  if (is.null(place)) {
    abort_judicious(
      c("{.file {path}} is no archive.",
        x = "A {.file .eval} log of Inspect is a zip file; this one may be cut off.",
        i = "{.code inspect log convert --to json --output-dir json {path}} writes JSON."),
      "file", arg = "x", call = call
    )
  }
  bytes <- read_bytes(path, place$offset, file.size(path) - place$offset)
  at <- 1
  names <- character(place$n)
  method <- numeric(place$n)
  for (i in seq_len(place$n)) {
    method[i] <- bytes_number(bytes, at + 10, 2)
    sizes <- vapply(c(28, 30, 32), function(k) bytes_number(bytes, at + k, 2), 0)
    names[i] <- rawToChar(bytes[at + 45 + seq_len(sizes[1])])
    at <- at + 46 + sum(sizes)
  }
  vctrs::data_frame(name = names, method = method)
}

# Where the directory begins and how many entries it has; NULL if the file is no zip. Large archives
# keep both numbers in a record of their own (zip64).
zip_directory <- function(path) {
  size <- file.size(path)
  start <- max(size - 66000, 0)
  bytes <- read_bytes(path, start, size - start)
  end <- last_mark(bytes, c(0x05, 0x06))
  if (is.na(end)) return(NULL)
  n <- bytes_number(bytes, end + 10, 2)
  offset <- bytes_number(bytes, end + 16, 4)
  large <- last_mark(bytes, c(0x06, 0x06))
  if (!is.na(large) && (n == 2^16 - 1 || offset == 2^32 - 1)) {
    n <- bytes_number(bytes, large + 32, 8)
    offset <- bytes_number(bytes, large + 48, 8)
  }
  if (offset < size) list(offset = offset, n = n)
}

read_bytes <- function(path, offset, n) {
  file <- file(path, "rb")
  on.exit(close(file))
  seek(file, offset)
  readBin(file, "raw", n)
}

# Whole numbers, lowest byte first.
bytes_number <- function(bytes, at, size) {
  sum(as.double(as.integer(bytes[at + seq_len(size) - 1])) * 256^(seq_len(size) - 1))
}

# The last place of "PK" and two bytes more.
last_mark <- function(bytes, last) {
  pattern <- as.raw(c(0x50, 0x4b, last))
  n <- length(bytes) - 3L
  if (n < 1L) return(NA)
  at <- which(bytes[seq_len(n)] == pattern[1])
  for (k in 2:4) at <- at[bytes[at + k - 1L] == pattern[k]]
  if (length(at) > 0L) at[length(at)] else NA
}

# R reads entries that are stored (0) or deflated (8); Zstandard (93) needs the package archive.
zip_texts <- function(path, entries, names, call) {
  other <- !entries$method[match(names, entries$name)] %in% c(0, 8)
  folder <- tempfile("eval-")
  on.exit(unlink(folder, recursive = TRUE))
  if (any(other)) {
    rlang::check_installed(
      "archive",
      paste0("to read logs of Inspect that are compressed by Zstandard (or convert them by ",
             "`inspect log convert --to json`)."), call = call
    )
    archive::archive_extract(path, folder, files = names)
  } else {
    utils::unzip(path, files = names, exdir = folder)
  }
  vapply(file.path(folder, names), function(file) {
    paste(readLines(file, warn = FALSE, encoding = "UTF-8"), collapse = "\n")
  }, "")
}
