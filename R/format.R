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
  mark <- getOption("judicious.markdown")
  if (!is.null(mark)) return(paste0(mark, "T", markdown_columns(columns, leftmost)))
  padded <- Map(function(column, left) {
    formatC(column, width = (if (left) -1 else 1) * max(nchar(column)))
  }, columns, leftmost)
  trimws(do.call(paste, c(padded, sep = "  ")), "right")
}

# Tables of many rows are not printed whole.
most_rows_shown <- 40L

first_rows <- function(table) vctrs::vec_slice(table, seq_len(min(nrow(table), most_rows_shown)))

format_rest <- function(n) {
  rest <- n - most_rows_shown
  if (rest > 0L) paste0("... and ", format_count(rest), " more; tidy() has all of them.")
}

markdown_columns <- function(columns, left) {
  columns <- lapply(columns, function(column) {
    # Intervals are not to be broken over lines.
    gsub(", ", ",\u00a0", escape_markdown(trimws(column)), fixed = TRUE)
  })
  table <- as.data.frame(do.call(cbind, lapply(columns, function(column) column[-1])))
  as.character(knitr::kable(table, "pipe", align = ifelse(left, "l", "r"), escape = FALSE,
                            col.names = vapply(columns, `[[`, "", 1L)))
}

# Lines that keep their blanks, such as matrices: in documents they stand in fixed type.
fixed_lines <- function(lines) paste0(getOption("judicious.markdown"), lines)

# Lines of Markdown tables begin with a mark and a "T", those in fixed type with the mark alone. It
# is new in every document, so that no text of users or data can pass for a table.
markdown_tables <- function(code, mark) {
  rlang::local_options(judicious.markdown = mark)
  code
}

new_mark <- function() paste0("\001", basename(tempfile("")), "\001")

# Text as text: nothing in it is a link, an image, HTML, a list, a formula or a curly quote. Marks
# become entities, since backslashes begin formulas in R Markdown. Intervals stay as they are.
escape_markdown <- function(x) {
  x <- gsub("[[:cntrl:]]+", " ", x)
  x <- gsub("\\[([-+0-9., %eNA]+)\\](?![(\\[:{])", "\001\\1\002", x, perl = TRUE)
  x <- html_entities(x, paste0(
    "[]\\[\\\\`*_{}<>#$~^&|!\"'@]|-(?=-)|[.](?=[.])|:(?=\\S)",
    # What begins a list, a definition, a rule or a title.
    "|^\\s*\\K[-+:=%]|^\\s*[(]?[[:alnum:]]+\\K[.)](?=\\s|$)"
  ))
  chartr("\001\002", "[]", x)
}

html_entities <- function(x, pattern) {
  found <- gregexpr(pattern, x, perl = TRUE)
  regmatches(x, found) <- lapply(regmatches(x, found), function(marks) {
    sprintf("&#%d;", vapply(marks, utf8ToInt, 0L))
  })
  x
}
