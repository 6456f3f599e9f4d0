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

# Degrees of freedom: never 2e+03.
format_df <- function(df) {
  ifelse(is.na(df), "NA", format_count(ifelse(abs(df) < 10, signif(df, 3), round(df))))
}

format_cost <- function(x) {
  format(x, big.mark = ",", scientific = FALSE, trim = TRUE, digits = 6, drop0trailing = TRUE)
}

format_interval <- function(low, high) {
  paste0("[", paste(format_number(c(low, high)), collapse = ", "), "]")
}

format_level <- function(level) paste0(format(100 * level, trim = TRUE), "%")

format_value <- function(x, percent) {
  if (!percent) return(format_number(x))
  ifelse(is.na(x), "NA", paste0(formatC(100 * x, digits = 1, format = "f"), "%"))
}

format_p <- function(p) ifelse(p < 0.001, "p < 0.001", paste("p =", formatC(p, 3, format = "f")))

# Lines of a table from its columns, each a header and its cells; NULL is no column. Columns with a
# header in `left` stand to the left, all others to the right. Within markdown_tables() the lines
# are Markdown.
format_columns <- function(columns, left = columns[[1]][1]) {
  columns <- Filter(Negate(is.null), unname(columns))
  leftmost <- vapply(columns, `[[`, "", 1L) %in% left
  if (isTRUE(getOption("judicious.markdown"))) return(markdown_columns(columns, leftmost))
  padded <- Map(function(column, left) {
    formatC(column, width = (if (left) -1 else 1) * max(nchar(column)))
  }, columns, leftmost)
  trimws(do.call(paste, c(padded, sep = "  ")), "right")
}

markdown_columns <- function(columns, left) {
  # Intervals are not to be broken over lines.
  cells <- lapply(columns, function(column) gsub(", ", ",\u00a0", trimws(column[-1])))
  table <- as.data.frame(do.call(cbind, cells))
  as.character(knitr::kable(table, "pipe", align = ifelse(left, "l", "r"),
                            col.names = vapply(columns, `[[`, "", 1L)))
}

markdown_tables <- function(code) {
  rlang::local_options(judicious.markdown = TRUE)
  code
}
