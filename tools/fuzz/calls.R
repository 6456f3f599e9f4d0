# Calls to try: list(call, env, text). The values are bound to names in env, for errors that print a
# call with all its data take long.

own <- asNamespace("judicious")

exported_functions <- function() {
  Filter(function(name) {
    fun <- get(name, own)
    is.function(fun) && identical(environment(fun), own)
  }, sort(getNamespaceExports("judicious")))
}

# Generics of others that have methods here: what they are called on stays.
generics <- c("autoplot", "tidy", "glance", "augment", "confint", "summary", "update", "predict",
              "as.data.frame", "format", "print", "plot", "vcov", "nobs", "c", "rbind")

bind_value <- function(env, values, k) {
  name <- paste0(".value", k)
  # NULL can be bound to a name, but is no part of a list that is assigned.
  assign(name, values[[k]], envir = env)
  as.name(name)
}

# --- of any values -------------------------------------------------------------------

# All that must be given, and some of the others; half of them meaningful.
any_call <- function(seed, values) {
  exported <- exported_functions()
  name <- exported[seed %/% 2L %% length(exported) + 1L]
  formals <- formals(get(name, own))
  required <- vapply(formals, function(x) rlang::is_missing(x), NA)
  given <- setdiff(names(formals)[required | runif(length(formals)) < 0.25], "...")
  env <- new.env(parent = globalenv())
  picks <- vapply(given, function(...) pick_value(values, 0.5), 0L)
  call <- as.call(c(as.name(name), lapply(picks, function(k) bind_value(env, values, k))))
  list(call = call, env = env, given = values[picks], text = describe(call, values))
}

pick_value <- function(values, sense) {
  odd <- attr(values, "n_odd")
  if (runif(1) < sense) odd + sample.int(length(values) - odd, 1L) else sample.int(odd, 1L)
}

describe <- function(call, values) {
  text <- paste(deparse(call, width.cutoff = 500L), collapse = " ")
  for (k in regmatches(text, gregexpr("(?<=[.]value)[0-9]+", text, perl = TRUE))[[1]]) {
    shown <- substr(deparse(values[[as.integer(k)]], nlines = 1L)[1], 1, 60)
    text <- sub(paste0("[.]value", k, "\\b"), gsub("\\", "\\\\", shown, fixed = TRUE), text)
  }
  text
}

# --- of the help's examples ----------------------------------------------------------

# Every call of one of our functions in the examples, with the variables it was made with. What a
# connection hangs on cannot be kept for other processes.
all_examples <- function() {
  pages <- tools::Rd_db("judicious")
  found <- unlist(lapply(pages, page_examples), recursive = FALSE, use.names = FALSE)
  Filter(function(example) !any(vapply(example$state, is_live, NA)), found)
}

is_live <- function(x) isS4(x) || inherits(x, "tbl_lazy")

page_examples <- function(page) {
  file <- tempfile(fileext = ".R")
  on.exit(unlink(file))
  quietly(tools::Rd2ex(page, file, commentDontrun = TRUE, commentDonttest = FALSE))
  if (!file.exists(file)) return(list())
  env <- new.env(parent = globalenv())
  found <- list()
  for (expr in parse(file, keep.source = FALSE)) {
    state <- as.list(env, all.names = TRUE)
    calls <- Filter(function(call) works(call, env), our_calls(expr))
    found <- c(found, lapply(calls, function(call) list(call = call, state = state)))
    run <- try(quietly(utils::capture.output(eval(expr, env))), silent = TRUE)
    if (inherits(run, "try-error")) break
  }
  found
}

works <- function(call, env) {
  if (as.character(call[[1]]) %in% generics && !is_ours(try(eval(call[[2]], env), silent = TRUE))) {
    return(FALSE)
  }
  result <- try(quietly(utils::capture.output(eval(call, new.env(parent = env)))), silent = TRUE)
  !inherits(result, "try-error")
}

is_ours <- function(x) any(startsWith(class(x), "judicious_"))

our_calls <- function(expr) {
  if (!is.call(expr) || identical(expr[[1]], quote(`function`))) return(list())
  inner <- unlist(lapply(as.list(expr), function(x) if (!missing(x)) our_calls(x)), FALSE)
  name <- if (is.name(expr[[1]])) as.character(expr[[1]]) else ""
  if (name %in% c(exported_functions(), generics)) c(list(expr), inner) else inner
}

changed_example <- function(examples, values) {
  example <- examples[[sample.int(length(examples), 1L)]]
  env <- list2env(example$state, parent = globalenv())
  call <- example$call
  picks <- integer()
  for (change in seq_len(sample.int(2L, 1L))) {
    pick <- pick_value(values, 0.4)
    call <- change_call(call, bind_value(env, values, pick))
    picks <- c(picks, pick)
  }
  list(call = call, env = env, given = values[picks], state = example$state,
       text = describe(call, values))
}

# Replaces, drops or adds an argument.
change_call <- function(call, value) {
  name <- as.character(call[[1]])
  places <- seq_along(call)[-1]
  if (name %in% generics) places <- setdiff(places, 2L)
  way <- sample(c("replace", "replace", "replace", "drop", "add"), 1L)
  if (way == "add" || length(places) == 0L) return(add_argument(call, name, value))
  at <- places[sample.int(length(places), 1L)]
  if (way == "drop") call[-at] else replace(call, at, list(value))
}

add_argument <- function(call, name, value) {
  fun <- get0(name, own, mode = "function")
  others <- names(formals(args(fun)))
  if (name %in% generics) others <- others[-1]
  others <- setdiff(others, c(names(call), "..."))
  if (length(others) == 0L) return(call)
  call[[others[sample.int(length(others), 1L)]]] <- value
  call
}
