# What the tables of this family have in common: a data frame with the columns of its groups first.

new_confidence_table <- function(columns, class, keys, ...) {
  structure(columns, keys = keys, ...,
            class = c(class, "judicious_confidence_table", "judicious_table", "data.frame"))
}

#' Work with tables of confidence quality
#'
#' @description [confidence_quality()], [roc_points()], [completion_curve()] and
#'   [reliability_curve()] return data frames with the columns of `by` first. `print()` shows a few
#'   lines for every group, `autoplot()` draws all groups into one picture, `plot()` draws the
#'   same. Subsets of rows or columns are plain data frames.
#'
#' @param x,object What one of these functions returned.
#' @param target (number in \[0, 1\]) A label quality to mark by a dashed line.
#' @param ... Not used.
#' @returns `format()`: a character vector, one element per line. `print()` and `plot()`: `x`,
#'   invisibly. `autoplot()`: a ggplot object. `as.data.frame()`: the plain data frame. `tidy()`:
#'   the same as a tibble where tibble is installed; of a `judicious_quality` one row per group and
#'   measure, with the columns of `by`, `term` (the measure), `estimate`, `conf.low`, `conf.high`
#'   (of accuracy and AUROC), `conf.level` and `n`.
#' @examples
#' confidence <- c(0.95, 0.9, 0.85, 0.8, 0.7, 0.65, 0.6, 0.5)
#' correct <- c(TRUE, TRUE, TRUE, FALSE, TRUE, FALSE, TRUE, FALSE)
#' tidy(confidence_quality(confidence, correct))
#' ggplot2::autoplot(completion_curve(confidence, correct), target = 0.9)
#' @name judicious_confidence_table
#' @family label confidence
NULL

#' @rdname judicious_confidence_table
#' @exportS3Method generics::tidy judicious_confidence_table
tidy.judicious_confidence_table <- function(x, ...) {
  check_dots(...)
  result_frame(!!!as.list(as.data.frame(x)))
}

#' @rdname judicious_confidence_table
#' @export
print.judicious_confidence_table <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @rdname judicious_confidence_table
#' @export
plot.judicious_confidence_table <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}

table_keys <- function(x) {
  as.data.frame(x)[attr(x, "keys")]
}

# The rows of every group, in order, under the group's name.
by_group <- function(x) {
  text <- factor(group_text(table_keys(x)))
  text <- factor(text, unique(as.character(text)))
  split(as.data.frame(x), text)
}
