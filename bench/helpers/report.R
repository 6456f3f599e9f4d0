# One file of results for several scripts: each owns the lines between its two marks and leaves the
# others alone.
write_section <- function(lines, name, file = "bench/RESULTS.md") {
  marks <- paste0("<!-- ", c("", "/"), name, " -->")
  old <- if (file.exists(file)) readLines(file) else character()
  at <- match(marks, old)
  block <- c(marks[1], lines, marks[2])
  new <- if (anyNA(at)) {
    c(old, if (length(old) > 0L) "", block)
  } else {
    c(old[seq_len(at[1] - 1)], block, old[-seq_len(at[2])])
  }
  writeLines(new, file)
}

# Three significant digits.
number <- function(x) trimws(formatC(x, digits = 3, format = "fg", flag = "#"))

# First column to the left, numbers to the right.
markdown_table <- function(table) {
  line <- function(cells) paste0("| ", paste(cells, collapse = " | "), " |")
  rows <- lapply(seq_len(nrow(table)), function(i) line(vapply(table[i, ], as.character, "")))
  c(line(names(table)), line(c("---", rep("---:", ncol(table) - 1))), unlist(rows))
}

# One row of a table of targets: what was measured against the most (or least) it may be.
target <- function(claim, value, limit, unit, at_least = FALSE) {
  data.frame(
    Target = claim, Measured = paste(number(value), unit),
    Limit = paste(if (at_least) ">=" else "<", limit, unit),
    Met = if ((value >= limit) == at_least) "yes" else "**no**"
  )
}

# The lines of one script's section.
report_section <- function(title, script, machine, ...) {
  c(paste("#", title), "",
    paste0("Written by `Rscript bench/", script, "`; all numbers are from one run, times the"),
    "least of several rounds in which the tasks take turns.", "",
    paste0("- ", names(machine), ": ", machine), "", ...)
}
