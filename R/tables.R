# What all results that are data frames share, by their class "judicious_table": once rows or
# columns are taken from them, they are no longer that result but plain data frames.

#' @export
as.data.frame.judicious_table <- function(x, row.names = NULL, optional = FALSE, ...) {
  attributes(x) <- attributes(x)[c("names", "row.names")]
  class(x) <- "data.frame"
  x
}

#' @export
`[.judicious_table` <- function(x, ...) {
  x <- as.data.frame(x)
  x[...]
}

# A tibble where tibbles are installed: they print well and subset strictly.
result_frame <- function(...) {
  frame <- vctrs::data_frame(...)
  if (rlang::is_installed("tibble")) tibble::as_tibble(frame) else frame
}
