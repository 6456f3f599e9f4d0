# Reads the log of R CMD check; shows every error, warning and note that allowed-notes.txt does not
# list, and fails when there is one.
log <- commandArgs(trailingOnly = TRUE)[1]
if (!file.exists(log) || !any(grepl("^Status: ", readLines(log)))) {
  message("R CMD check did not finish; the end of its output:")
  writeLines(tail(readLines(file.path(dirname(dirname(log)), "check.log")), 40))
  quit(status = 1)
}

notes <- grep("^(#|$)", readLines("tools/allowed-notes.txt"), value = TRUE, invert = TRUE)
allowed <- strsplit(notes, " | ", fixed = TRUE)

is_allowed <- function(check, output) {
  any(vapply(allowed, FUN.VALUE = NA, function(note) {
    note[1] == check && grepl(paste0("(?s)^\\s*", note[2], "\\s*$"), output, perl = TRUE)
  }))
}

results <- tools::check_packages_in_dir_details(logs = log)
results <- results[results$Status %in% c("ERROR", "WARNING", "NOTE"), ]
bad <- results$Status != "NOTE" | !mapply(is_allowed, results$Check, results$Output)
with(results[bad, ], cat(sprintf("%s ... %s\n%s\n\n", Check, Status, Output), sep = ""))
quit(status = as.integer(any(bad)))
