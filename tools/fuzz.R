# Malformed calls of every exported function, in processes of their own: `make fuzz`, or
#   Rscript tools/fuzz.R [calls, 100000] [first seed, 1]
# Whatever is asked, a call ends with a result or with an error of the package. Counted and shown:
# crashes of a process, errors without a class of ours, NaN in a result that nobody was told of,
# and changes of the caller's data. The status is 1 if there is any.

args <- commandArgs(trailingOnly = TRUE)
calls_per_process <- 2500L

# --- one process ---------------------------------------------------------------------

numbers <- function() {
  list(0, 1, -1, 0.5, 2L, 3, 10, 50, 1e-300, 1e300, 1e9, Inf, -Inf, NaN, NA, NA_real_, NA_integer_,
       .Machine$integer.max, 2^53, -0.1, 1.5, integer(), numeric(), c(0.2, 0.8), 1:3,
       c(1, NA, 0), c(0, 1), c(-1, 1e308), seq(0.05, 0.95, 0.1))
}

strange <- function() {
  list(NULL, TRUE, FALSE, "", "a", "t", "beta", "rows", NA_character_, character(), c("a", "b"),
       "{x}", "}{", "{.arg y}", "no such thing", letters, factor(c("a", "b", NA)), factor("a"),
       list(), list(1, "a"), list(a = 1, b = NULL), quote(x), quote(f(x)), as.name("judge"),
       function(x) x, function(...) stop("{boom}"), mean, new.env(), Sys.Date(), 1i, raw(2),
       matrix(1:4, 2), matrix(numeric(), 0, 3), array(1, c(2, 2, 2)), data.frame(),
       data.frame(x = 1:3), ~x, y ~ x, human ~ judge, human ~ ., human ~ judge + (1 | item_id),
       structure(list(), class = "judicious_estimate"), structure(1, class = "judicious_ratings"),
       as.difftime(1, units = "secs"), Sys.time(), expression(a), rep(NA, 40), rep("x", 40))
}

meant <- function() {
  set.seed(1)
  data <- data.frame(item_id = sprintf("i%02d", 1:40), judge = rbinom(40, 1, 0.4),
                     score = rnorm(40), stratum = rep(1:2, 20), prob = 0.5)
  data$human <- replace(rbinom(40, 1, 0.4), sample(40, 20), NA)
  task <- rating_task(c("a", "b"), positive = "a")
  simulated <- simulate_ratings(task, n_items = 12, n_judges = 2, n_ratings = 3)
  list(data, task, simulated$human, simulated$judges, data$judge, data$human, data$score,
       runif(40), runif(40) < 0.7, data$item_id, sample(letters[1:3], 40, TRUE),
       suppressMessages(suppressWarnings(estimate_mean(human ~ judge, data))),
       sample_uniform(40, 10), matrix(sample(1:3, 60, TRUE), 20),
       suppressMessages(as_judgments(data.frame(item_id = rep(1:9, 2), judge = rep(1:2, each = 9),
                                                label = sample(c("a", "b"), 18, TRUE)))),
       suppressMessages(label_confidence(matrix(sample(c("a", "b"), 60, TRUE), 20), "vote")))
}

or_nothing <- function(code) tryCatch(code, error = function(cnd) NULL)

has_nan <- function(x) {
  found <- FALSE
  walk <- function(x, depth = 0L) {
    if (found || depth > 6L) return()
    if (is.double(x)) found <<- any(is.nan(x)) else
      if (is.list(x)) for (part in unclass(x)) walk(part, depth + 1L)
  }
  walk(x)
  found
}

fuzz_process <- function(n, seed, out) {
  options(judicious.memory_limit = 2e8, cli.progress_show_after = 1e9, warn = 1)
  grDevices::pdf(NULL)
  setwd(tempfile_folder())  # nolint: undesirable_function_linter. The process ends with it.
  own <- asNamespace("judicious")
  exported <- sort(getNamespaceExports("judicious"))
  exported <- Filter(function(name) {
    fun <- get(name, own)
    is.function(fun) && identical(environment(fun), own)
  }, exported)
  odd <- c(numbers(), strange())
  values <- c(odd, or_nothing(meant()))
  pristine <- unserialize(serialize(values, NULL))
  # Environments, and what holds them, are never identical to their copy.
  fixed <- vapply(seq_along(values), function(k) identical(values[[k]], pristine[[k]]), NA)
  set.seed(seed)
  counts <- c(calls = 0, results = 0, errors = 0, slow = 0)
  problems <- character()
  for (i in seq_len(n)) {
    name <- exported[(seed + i) %% length(exported) + 1L]
    call <- malformed_call(name, get(name, own), length(odd), length(values))
    writeLines(describe(name, call, values), paste0(out, ".last"))
    got <- run_call(as.name(name), call, values)
    counts <- counts + c(1, got$kind == "result", got$kind == "error", got$kind == "slow")
    used <- Filter(function(k) fixed[k], unlist(call))
    if (!all(vapply(used, function(k) identical(values[[k]], pristine[[k]]), NA))) {
      got$problem <- "changed the caller's data"
      values <- unserialize(serialize(pristine, NULL))
    }
    if (!is.null(got$problem)) {
      problems <- c(problems, paste0(got$problem, ": ", describe(name, call, values)))
    }
    # What a process has found is kept when it is stopped.
    if (i %% 50L == 0L || i == n) saveRDS(list(counts = counts, problems = problems), out)
  }
}

tempfile_folder <- function() {
  folder <- tempfile("fuzz")
  dir.create(folder)
  folder
}

# Which value each argument gets: all that must be given, and some of the others. Half of the former
# are meaningful, so that the calls get beyond the first check.
malformed_call <- function(name, fun, n_odd, n_values) {
  formals <- formals(fun)
  required <- vapply(formals, function(x) rlang::is_missing(x), NA)
  given <- names(formals)[required | stats::runif(length(formals)) < 0.25]
  given <- setdiff(given, "...")
  sense <- stats::runif(length(given)) < 0.5
  picks <- ifelse(sense, n_odd + sample.int(n_values - n_odd, length(given), replace = TRUE),
                  sample.int(n_odd, length(given), replace = TRUE))
  stats::setNames(as.list(picks), given)
}

describe <- function(name, call, values) {
  shown <- vapply(call, function(k) {
    substr(paste(deparse(values[[k]], nlines = 1L)[1]), 1, 60)
  }, "")
  paste0(name, "(", paste(names(shown), "=", shown, collapse = ", "), ")")
}

run_call <- function(fun, call, values) {
  arguments <- lapply(call, function(k) values[[k]])
  # By name, for errors that print a call with all its data take long.
  names <- paste0(".", names(call), recycle0 = TRUE)
  env <- list2env(stats::setNames(arguments, names), parent = globalenv())
  symbols <- lapply(names, as.name)
  typed <- as.call(c(fun, stats::setNames(symbols, names(call))))
  told <- FALSE
  setTimeLimit(elapsed = 10, transient = TRUE)
  on.exit(setTimeLimit(elapsed = Inf))
  utils::capture.output({
    result <- tryCatch(
      withCallingHandlers(
        list(kind = "result", value = eval(typed, env)),
        warning = function(cnd) {
          told <<- TRUE
          invokeRestart("muffleWarning")
        },
        message = function(cnd) {
          told <<- TRUE
          invokeRestart("muffleMessage")
        }
      ),
      judicious_error = function(cnd) list(kind = "error"),
      error = unclassed_error
    )
  })
  if (result$kind == "result" && !told && has_nan(result$value) &&
        !any(vapply(arguments, has_nan, NA))) {
    result$problem <- "silent NaN"
  }
  result$value <- NULL
  result
}

# A function of the caller may fail as it likes; calls that take long are stopped.
unclassed_error <- function(cnd) {
  text <- conditionMessage(cnd)
  if (grepl("reached elapsed time limit", text)) return(list(kind = "slow"))
  if (grepl("{boom}", text, fixed = TRUE)) return(list(kind = "error"))
  if (inherits(cnd$parent, "judicious_error")) return(list(kind = "error"))
  list(kind = "unclassed", problem = paste0("unclassed error (", substr(text, 1, 150), ")"))
}

# --- all processes -------------------------------------------------------------------

fuzz <- function(n, seed) {
  script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  starts <- seq_len(ceiling(n / calls_per_process)) - 1L
  total <- 0
  problems <- character()
  for (k in starts) {
    out <- tempfile("fuzz", fileext = ".rds")
    size <- min(calls_per_process, n - k * calls_per_process)
    # NULL devices, no terminal: as in a job on a server.
    status <- system2(file.path(R.home("bin"), "Rscript"),
                      c(shQuote(script), "process", size, seed + k * calls_per_process,
                        shQuote(out)), stdout = FALSE, stderr = FALSE)
    if (status != 0L || !file.exists(out)) {
      problems <- c(problems, paste0("crash (status ", status, "): ",
                                     paste(readLines(paste0(out, ".last")), collapse = " ")))
      next
    }
    found <- readRDS(out)
    total <- total + found$counts
    problems <- c(problems, found$problems)
  }
  cat(paste0(names(total), ": ", format(total, big.mark = ",", trim = TRUE)), sep = "\n")
  kinds <- c("crash", "unclassed error", "silent NaN", "changed the caller's data")
  for (kind in kinds) {
    cat(kind, ": ", sum(startsWith(problems, kind)), "\n", sep = "")
  }
  if (length(problems) > 0L) cat("", unique(problems), sep = "\n")
  quit(status = as.integer(length(problems) > 0L))
}

suppressPackageStartupMessages(library(judicious))
if (identical(args[1], "process")) {
  fuzz_process(as.integer(args[2]), as.integer(args[3]), args[4])
} else {
  fuzz(if (is.na(args[1])) 100000L else as.integer(args[1]),
       if (is.na(args[2])) 1L else as.integer(args[2]))
}
