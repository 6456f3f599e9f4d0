# How results look in R Markdown and Quarto: sentences as sentences, tables as tables.

#' Results in R Markdown
#'
#' @description
#' In documents made by knitr (R Markdown, Quarto) the results of this package are shown as text and
#' tables instead of console output. To see the console's output there, call `print()`.
#'
#' @details
#' Sentences become lines, tables become Markdown tables, so that they look right in HTML, Word and
#' PDF. The option `render = knitr::normal_print` of a chunk switches this off.
#'
#' @examples
#' \dontrun{
#' estimate_mean(human ~ judge, answers) # within a chunk of an R Markdown document
#' }
#' @name knit_print
#' @keywords internal
NULL

# Of results that are data frames and of those that are not.
knit_classes <- paste0("judicious_", c(
  "agreement", "calibration", "combined", "comparison", "completion", "coverage", "estimate",
  "evaluation", "evaluation_part", "judgments", "labels", "metrics", "plan", "quality", "ranking", "ratings",
  "reconstruction", "reliability", "roc", "run", "sample", "sensitivity", "threshold", "translation"
))

.onLoad <- function(libname, pkgname) {
  for (class in knit_classes) vctrs::s3_register("knitr::knit_print", class, knit_result)
}

knit_result <- function(x, ...) {
  mark <- new_mark()
  lines <- markdown_tables(if (inherits(x, "judicious_plan")) plan_lines(x) else format(x), mark)
  text <- markdown_lines(lines, mark)
  knitr::asis_output(paste0("\n\n", paste(text, collapse = "\n"), "\n\n"))
}

# Sentences are a quotation, to be told from the document's own, and keep their lines; tables stand
# between empty lines, and lines that keep their blanks between fences.
markdown_lines <- function(lines, mark) {
  at <- regexpr(mark, lines, fixed = TRUE)
  rest <- substring(lines, ifelse(at > 0L, at + nchar(mark), 1L))
  kind <- ifelse(at < 1L, "text", ifelse(startsWith(rest, "T"), "table", "fixed"))
  first <- c(TRUE, kind[-1] != kind[-length(kind)])
  last <- c(first[-1], TRUE)
  indent <- strrep("\u00a0", 2 * regexpr("[^ ]|$", lines) - 2)
  text <- ifelse(nzchar(trimws(lines)),
                 paste0("> ", indent, escape_markdown(trimws(lines)), "  "), "")
  fence <- fence_around(rest[kind == "fixed"])
  code <- paste0(ifelse(first, paste0(fence, "\n"), ""), rest,
                 ifelse(last, paste0("\n", fence), ""))
  out <- ifelse(kind == "text", text, ifelse(kind == "table", substring(rest, 2), code))
  paste0(ifelse(first & seq_along(lines) > 1L, "\n", ""), out)
}

# Longer than any run of backticks within.
fence_around <- function(lines) {
  runs <- unlist(regmatches(lines, gregexpr("`+", lines)))
  strrep("`", max(3L, nchar(runs) + 1L))
}
