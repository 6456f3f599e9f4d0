# Files that do not fit into memory: some thousand rows at a time, whose summaries are put together.

summarise_paths <- function(formula, paths, quosures, threads, keep_units, call) {
  paths <- check_paths(paths, call)
  reader <- paths_reader(paths, getOption("judicious.chunk_rows", 1e5), call)
  on.exit(reader$close())
  summarise_reader(formula, reader$read, quosures, threads, "paths", call, keep_units)
}

check_paths <- function(paths, call) {
  if (!is.character(paths) || length(paths) == 0L || anyNA(paths)) {
    abort_judicious("{.arg paths} must be paths of files, not {.obj_type_friendly {paths}}.",
                    "type", arg = "paths", call = call)
  }
  paths <- unlist(lapply(paths, function(path) {
    if (dir.exists(path)) list.files(path, "[.](csv|tsv|txt|parquet)(\\.gz)?$",
                                     full.names = TRUE, ignore.case = TRUE) else path
  }))
  if (length(paths) == 0L) {
    abort_judicious("The folder of {.arg paths} has no CSV, TSV or Parquet files.", "file",
                    arg = "paths", call = call)
  }
  missing <- paths[!file.exists(paths)]
  if (length(missing) == 0L) return(paths)
  abort_judicious("There is no file {.file {missing[1]}}.", "file", arg = "paths", call = call)
}

# One file after the other, with a progress bar in bytes. `kinds`, what a column holds, is common to
# all files: a column does not change its kind half way.
paths_reader <- function(paths, n_rows, call) {
  state <- new.env(parent = emptyenv())
  state$kinds <- character()
  sizes <- file.size(paths)
  bar <- cli::cli_progress_bar("Reading", total = sum(sizes), auto_terminate = FALSE,
                               .auto_close = FALSE, .envir = state)
  at <- 0L
  source <- NULL
  close_source <- function() {
    if (!is.null(source)) source$close()
    source <<- NULL
  }
  read <- function() {
    repeat {
      if (is.null(source)) {
        if (at == length(paths)) return(NULL)
        at <<- at + 1L
        source <<- open_source(paths[at], n_rows, state, call)
      }
      chunk <- source$read()
      done <- if (is.null(chunk)) sizes[at] else min(source$position(), sizes[at])
      cli::cli_progress_update(set = sum(sizes[seq_len(at - 1L)]) + done, id = bar,
                               .envir = state)
      if (!is.null(chunk)) return(chunk)
      close_source()
    }
  }
  list(read = read, close = function() {
    close_source()
    cli::cli_progress_done(id = bar, .envir = state)
  })
}

open_source <- function(path, n_rows, state, call) {
  if (grepl("[.]parquet$", path, ignore.case = TRUE)) return(parquet_source(path, call))
  delimited_source(path, n_rows, state, call)
}

# --- delimited text ------------------------------------------------------------------------------

delimited_source <- function(path, n_rows, state, call) {
  con <- file(path, "rt")  # unpacks .gz too
  header <- readLines(con, n = 1L, warn = FALSE, encoding = "UTF-8")
  header <- sub("^\ufeff", "", header)
  sep <- delimiter_of(header, path)
  names <- scan(text = header, what = "", sep = sep, quote = "\"", quiet = TRUE,
                encoding = "UTF-8", comment.char = "")
  names[!nzchar(names)] <- "row"
  names <- make.unique(names)
  n_before <- 0
  read <- function() {
    if (length(names) == 0L) return(NULL)
    columns <- scan_rows(con, names, sep, n_rows, path, n_before, call)
    n <- length(columns[[1]])
    if (n == 0L) return(NULL)
    chunk <- typed_chunk(columns, sep == ";", state, path, n_before, call)
    n_before <<- n_before + n
    chunk
  }
  list(read = read, close = function() close(con),
       position = function() if (isSeekable(con)) seek(con) else 0)
}

scan_rows <- function(con, names, sep, n_rows, path, n_before, call) {
  failed <- function(cnd) {
    abort_judicious(
      c("{.file {path}} cannot be read as a table.", x = "{conditionMessage(cnd)}",
        i = "Counted from row {n_before + 1}. Is it delimited by {.val {sep}}?"),
      "file", arg = "paths", call = call, parent = NA
    )
  }
  columns <- rlang::try_fetch(
    scan(con, what = rep(list(""), length(names)), nmax = n_rows, sep = sep, quote = "\"",
         na.strings = character(), comment.char = "", quiet = TRUE, multi.line = FALSE,
         encoding = "UTF-8"),
    error = failed, warning = failed
  )
  rlang::set_names(columns, names)
}

# Numbers where all of a chunk are; a column that held text before stays text, and one that held
# numbers must not turn to text, or "1" and "01" would be one id here and two there.
typed_chunk <- function(columns, comma, state, path, n_before, call) {
  kind_of <- function(x) {
    if (is.logical(x)) if (all(is.na(x))) "none" else "logical" else
      if (is.character(x)) "text" else "number"
  }
  for (name in names(columns)) {
    known <- if (name %in% names(state$kinds)) state$kinds[[name]] else "none"
    x <- if (known == "text") known_text(columns[[name]]) else typed_column(columns[[name]], comma)
    kind <- kind_of(x)
    if (known == "none") {
      state$kinds[[name]] <- kind
    } else if (kind != "none" && kind != known) {
      abort_kind(name, known, kind, path, n_before, call)
    }
    columns[[name]] <- if (kind == "none" && known == "number") as.double(x) else x
  }
  vctrs::new_data_frame(columns)
}

known_text <- function(x) {
  x <- trimws(x)
  x[x %in% c("NA", "")] <- NA_character_
  x
}

abort_kind <- function(name, known, kind, path, n_before, call) {
  words <- c(logical = "TRUE and FALSE", number = "numbers", text = "text")
  abort_judicious(
    c("Column {.var {name}} of {.file {path}} changes its kind.",
      x = "It held {words[[known]]}, and {words[[kind]]} after row {n_before}.",
      i = "Read the file with a function of your own and {.fun summarise_chunks}."),
    "type", arg = "paths", call = call
  )
}

# --- Parquet -------------------------------------------------------------------------------------

# A row group at a time by arrow; nanoparquet reads a file at once.
parquet_source <- function(path, call) {
  read_group <- parquet_groups(path, call)
  at <- 0L
  read <- function() {
    if (at == read_group$n) return(NULL)
    at <<- at + 1L
    as.data.frame(read_group$read(at))
  }
  list(read = read, close = function() NULL,
       position = function() file.size(path) * at / read_group$n)
}

parquet_groups <- function(path, call) {
  if (rlang::is_installed("arrow")) {
    reader <- utils::getFromNamespace("ParquetFileReader", "arrow")$create(path)
    return(list(n = reader$num_row_groups, read = function(k) reader$ReadRowGroup(k - 1L)))
  }
  list(n = 1L, read = function(k) read_parquet_file(path, call))
}
