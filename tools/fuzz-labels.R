# Damaged files of labels, many of them: each must be an error that is ours, or be read with every
# label at its own item and every NA counted. The tests run the same on a few. Counted apart is what
# was forged: the damage left a good file in which another item has the label.
#   Rscript tools/fuzz-labels.R [number of files] [seed]

library(judicious)

args <- as.integer(commandArgs(trailingOnly = TRUE))
n <- c(args, 10000L)[1]
seed <- c(args[-1], 1L)[1]

for (helper in c("helper-labels.R", "helper-labels-fuzz.R")) {
  source(file.path("tests/testthat", helper))
}
fine <- c("error", "read", "forged")
set.seed(seed)
# In parts, so that a run that is stopped has said something.
parts <- list()
while (length(parts) * 500L < n) {
  parts[[length(parts) + 1L]] <- fuzz_run(min(500L, n - 500L * length(parts)))
  part <- parts[[length(parts)]]
  print(part[!part$outcome %in% fine, ])
  outcomes <- unlist(lapply(parts, `[[`, "outcome"))
  message(length(outcomes), " files, ", sum(outcomes == "error"), " errors, ",
          sum(outcomes == "read"), " read, ", sum(outcomes == "forged"), " forged, ",
          sum(!outcomes %in% fine), " wrong")
}
run <- do.call(rbind, parts)
print(table(run$format, sub(":.*", "", run$outcome)))
bad <- run[!run$outcome %in% fine, ]
if (nrow(bad) > 0L) print(bad)
quit(status = as.integer(nrow(bad) > 0L))
