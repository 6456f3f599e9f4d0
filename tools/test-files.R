# Runs files of tests with the installed package: test-files.R FILE...
files <- commandArgs(trailingOnly = TRUE)
Sys.setenv(NOT_CRAN = "true")
library(testthat)
library(judicious)
failed <- vapply(files, FUN.VALUE = NA, function(file) {
  results <- as.data.frame(
    test_file(file, package = "judicious", load_package = "installed", stop_on_failure = FALSE)
  )
  any(results$failed > 0, results$error)
})
quit(status = as.integer(any(failed)))
