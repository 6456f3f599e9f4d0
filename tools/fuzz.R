# Malformed calls of every exported function, in processes of their own: `make fuzz`, or
#   Rscript tools/fuzz.R [calls, 100000] [first seed, 1]
# Whatever is asked, a call ends with a result that can be printed or with an error of the package.
# Counted and shown: crashes of a process, errors without a class of ours, NaN in a result that
# nobody was told of, results that cannot be printed, and changes of the caller's data. The status
# is 1 if there is any.
# Half of the calls are made of any values; the other half are calls of the help's examples in which
# one or two arguments are replaced, dropped or added, so that they get beyond the first checks.

suppressPackageStartupMessages(library(judicious))
calls_per_process <- 5000L
kinds <- c("crash", "unclassed error", "silent NaN", "cannot be printed",
           "changed the caller's data")

rscript <- function(..., out) {
  # No terminal, no devices: as in a job on a server.
  system2(file.path(R.home("bin"), "Rscript"),
          c(shQuote("tools/fuzz/process.R"), ..., shQuote(out)), stdout = FALSE, stderr = FALSE)
}

run_process <- function(size, seed) {
  out <- tempfile("fuzz", fileext = ".rds")
  status <- rscript(size, seed, out = out)
  found <- if (file.exists(out)) readRDS(out) else list(counts = 0, problems = character())
  last <- paste0(out, ".last")
  if (status != 0L) {
    call <- if (file.exists(last)) readLines(last, warn = FALSE) else "before the first call"
    found$problems <- c(found$problems, paste0("crash (status ", status, "): ", call[1]))
  }
  found
}

fuzz <- function(n, seed) {
  Sys.setenv(FUZZ_EXAMPLES = tempfile("examples", fileext = ".rds"))
  stopifnot(rscript("examples", out = Sys.getenv("FUZZ_EXAMPLES")) == 0L)
  total <- 0
  problems <- character()
  for (start in seq(0L, n - 1L, calls_per_process)) {
    found <- run_process(min(calls_per_process, n - start), seed + start)
    total <- total + found$counts
    new <- setdiff(found$problems, problems)
    problems <- c(problems, new)
    cat(new, sep = "\n")
    message(start + calls_per_process, " calls, ", length(problems), " problems")
  }
  cat(paste0(names(total), ": ", format(total, big.mark = ",", trim = TRUE)), sep = "\n")
  for (kind in kinds) cat(kind, ": ", sum(startsWith(problems, kind)), "\n", sep = "")
  quit(status = as.integer(length(problems) > 0L))
}

args <- as.integer(commandArgs(trailingOnly = TRUE))
fuzz(c(args, 100000L)[1], c(args[-1], 1L)[1])
