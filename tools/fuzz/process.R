# One process of tools/fuzz.R: process.R CALLS SEED FILE, or process.R examples FILE, which looks
# for the calls of the help's examples once for all processes. Keeps what it has found in the file,
# and the call that it is at in FILE.last, for whoever looks after a crash.
suppressPackageStartupMessages({
  library(judicious)
  library(ggplot2)
})
source("tools/fuzz/values.R")
source("tools/fuzz/calls.R")
source("tools/fuzz/outcome.R")

fuzz_process <- function(n, seed, out) {
  options(judicious.memory_limit = 2e8, cli.progress_show_after = 1e9, warn = 1)
  grDevices::pdf(NULL)
  set.seed(seed)
  values <- fuzz_values()
  examples <- readRDS(Sys.getenv("FUZZ_EXAMPLES"))
  folder <- tempfile("fuzz")
  dir.create(folder)
  setwd(folder)  # nolint: undesirable_function_linter. The process ends with it.
  counts <- c(calls = 0, results = 0, errors = 0, slow = 0)
  problems <- character()
  for (i in seq_len(n)) {
    # Calls draw random numbers, each another amount of them.
    set.seed(seed + i)
    call <- if (i %% 2L == 0L) any_call(seed + i, values) else changed_example(examples, values)
    writeLines(call$text, paste0(out, ".last"))
    got <- outcome_of(call)
    counts <- counts + c(1, got$kind == "result", got$kind == "error", got$kind == "slow")
    if (!is.null(got$problem)) problems <- c(problems, paste0(got$problem, ": ", call$text))
    # What a process has found is kept when it is stopped.
    if (i %% 50L == 0L || i == n) saveRDS(list(counts = counts, problems = problems), out)
  }
}

args <- commandArgs(trailingOnly = TRUE)
if (args[1] == "examples") {
  saveRDS(all_examples(), args[2])
} else {
  fuzz_process(as.integer(args[1]), as.integer(args[2]), args[3])
}
