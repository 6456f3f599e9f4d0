# How numbers and tables are written, for the printed results of all families.

format_number <- function(x, digits = getOption("judicious.digits", 3)) {
  ifelse(is.na(x), "NA", trimws(formatC(x, digits = digits, format = number_format(x))))
}

# Three decimals suit rates; large or tiny numbers need significant digits.
number_format <- function(x) {
  size <- abs(x[is.finite(x)])
  if (length(size) == 0L || max(size) < 100 && max(size) >= 0.001 || all(size == 0)) "f" else "g"
}

format_count <- function(n) format(n, big.mark = ",", trim = TRUE, scientific = FALSE)

format_cost <- function(x) {
  format(x, big.mark = ",", scientific = FALSE, trim = TRUE, digits = 6, drop0trailing = TRUE)
}

format_interval <- function(low, high) {
  paste0("[", paste(format_number(c(low, high)), collapse = ", "), "]")
}

format_level <- function(level) paste0(format(100 * level, trim = TRUE), "%")

# Lines of a table from its columns, each a header and its cells; NULL is no column. Columns with a
# header in `left` stand to the left, all others to the right.
format_columns <- function(columns, left = columns[[1]][1]) {
  columns <- Filter(Negate(is.null), unname(columns))
  padded <- lapply(columns, function(column) {
    formatC(column, width = (if (column[1] %in% left) -1 else 1) * max(nchar(column)))
  })
  trimws(do.call(paste, c(padded, sep = "  ")), "right")
}
