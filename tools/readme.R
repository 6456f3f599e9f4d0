# Runs the R code of README.md and writes what it prints behind "#>": readme.R [--check]
# With --check nothing is written; it fails if README.md shows anything else than the code prints.
# Chunks without a "#>" are run, too, but show nothing; those that install are not run.

is_output <- function(lines) startsWith(lines, "#>")

chunks_of <- function(lines) {
  starts <- which(lines == "```r")
  ends <- vapply(starts, function(start) start + match("```", lines[-seq_len(start)]), 0L)
  Map(seq, starts + 1L, ends - 1L)
}

# What one expression prints, as behind a prompt.
printed <- function(expression, env) {
  utils::capture.output({
    shown <- withVisible(eval(expression, env))
    if (shown$visible) print(shown$value)
  })
}

# A chunk with its output, new where it had some.
run_chunk <- function(chunk, env) {
  code <- chunk[!is_output(chunk)]
  if (any(grepl("install", code, fixed = TRUE))) return(chunk)
  parsed <- parse(text = code, keep.source = TRUE)
  last_lines <- vapply(attr(parsed, "srcref"), `[[`, 0L, 3L)
  output <- lapply(parsed, function(expression) {
    lines <- sub(" +$", "", paste("#>", printed(expression, env), recycle0 = TRUE))
    lines[seq_len(length(lines) * any(is_output(chunk)))]
  })
  first_lines <- c(1L, utils::head(last_lines, -1L) + 1L)
  unlist(Map(function(from, to, shown) c(code[from:to], shown), first_lines, last_lines, output))
}

# The file's lines as its code makes them.
executed <- function(lines) {
  withr::local_dir(withr::local_tempdir())
  withr::local_options(width = 80, cli.num_colors = 1L)
  env <- new.env(parent = globalenv())
  chunks <- chunks_of(lines)
  made <- lapply(chunks, function(at) run_chunk(lines[at], env))
  for (k in rev(seq_along(chunks))) {
    at <- chunks[[k]]
    lines <- c(lines[seq_len(at[1] - 1L)], made[[k]], lines[-seq_len(at[length(at)])])
  }
  lines
}

if (sys.nframe() == 0L) {
  lines <- readLines("README.md", encoding = "UTF-8")
  new <- executed(lines)
  if (identical(lines, new)) quit()
  if (!"--check" %in% commandArgs(trailingOnly = TRUE)) {
    writeLines(new, "README.md", useBytes = TRUE)
    quit()
  }
  message("README.md does not show what its code prints; run tools/readme.R. It prints:")
  writeLines(setdiff(new, lines))
  quit(status = 1L)
}
