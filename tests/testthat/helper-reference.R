# Reference numbers live beside the repository (shared/reference), not in it.

# The path of a reference file, or NULL where the folder is absent.
reference_path <- function(...) {
  folder <- Sys.getenv("JUDICIOUS_REFERENCE")
  if (!nzchar(folder)) folder <- find_upwards(file.path("shared", "reference"))
  if (is.null(folder)) return(NULL)
  path <- file.path(folder, ...)
  if (file.exists(path)) path
}

find_upwards <- function(relative, from = getwd()) {
  candidate <- file.path(from, relative)
  if (dir.exists(candidate)) return(candidate)
  parent <- dirname(from)
  if (parent == from) NULL else find_upwards(relative, parent)
}

skip_without_reference <- function(...) {
  path <- reference_path(...)
  if (is.null(path)) {
    testthat::skip(paste("no reference numbers:", file.path("shared", "reference", ...)))
  }
  testthat::skip_if_not_installed("jsonlite")
  invisible(path)
}

# One list per case; null inside arrays becomes NA.
read_reference <- function(name) {
  jsonlite::fromJSON(skip_without_reference(name), simplifyDataFrame = FALSE)
}
