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
  lines <- markdown_tables(if (inherits(x, "judicious_plan")) plan_lines(x) else format(x))
  knitr::asis_output(paste0("\n\n", paste(markdown_lines(lines), collapse = "\n"), "\n\n"))
}

# Sentences are a quotation, to be told from the document's own, and keep their lines; tables stand
# between empty lines.
markdown_lines <- function(lines) {
  table <- grepl("^\\s*[|]", lines)
  after <- c(FALSE, table[-length(table)])
  text <- gsub("([\\\\*_<>#$~^`])", "\\\\\\1", trimws(lines))
  indent <- strrep("\u00a0", 2 * regexpr("[^ ]|$", lines) - 2)
  text <- ifelse(nzchar(text), paste0("> ", indent, text, "  "), "")
  ifelse(table, paste0(ifelse(after, "", "\n"), trimws(lines)),
         paste0(ifelse(after, "\n", ""), text))
}
