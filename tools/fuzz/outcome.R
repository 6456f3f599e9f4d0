# What comes of a call: list(kind = "result", "error", "slow" or "unclassed", problem).

outcome_of <- function(call) {
  before <- comparable(call$env)
  told <- FALSE
  tell <- function(restart) {
    function(cnd) {
      told <<- TRUE
      invokeRestart(restart)
    }
  }
  setTimeLimit(elapsed = 10, transient = TRUE)
  on.exit(setTimeLimit(elapsed = Inf))
  utils::capture.output({
    got <- tryCatch(
      withCallingHandlers(list(kind = "result", value = eval(call$call, call$env)),
                          warning = tell("muffleWarning"), message = tell("muffleMessage")),
      judicious_error = function(cnd) list(kind = "error"),
      error = unclassed_error
    )
    if (got$kind == "result") got$problem <- problem_of(got$value, call, told)
  })
  after <- mget(as.character(names(before)), envir = call$env)
  if (!all(as.logical(mapply(identical, before, after)))) {
    got$problem <- "changed the caller's data"
  }
  got$value <- NULL
  got
}

# A function of the caller may fail as it likes; calls that take long are stopped. R itself says
# what is missing, unused or not found in a call.
unclassed_error <- function(cnd) {
  text <- conditionMessage(cnd)
  if (grepl("reached elapsed time limit", text)) return(list(kind = "slow"))
  if (grepl("{boom}", text, fixed = TRUE)) return(list(kind = "error"))
  if (inherits(cnd$parent, "judicious_error")) return(list(kind = "error"))
  said_by_r <- paste0("^unused argument|is missing, with no default$|is absent but must be|",
                      "^object .* not found$")
  if (grepl(said_by_r, text)) return(list(kind = "error"))
  list(kind = "unclassed", problem = paste0("unclassed error (", substr(text, 1, 150), ")"))
}

problem_of <- function(value, call, told) {
  shown <- tryCatch(show_result(value), error = conditionMessage)
  if (is.character(shown)) return(paste0("cannot be printed (", substr(shown, 1, 150), ")"))
  if (!told && has_nan(value) && !has_nan(call$given) && !has_nan(call$state)) "silent NaN"
}

show_result <- function(value) {
  if (inherits(value, "ggplot")) ggplot2::ggplot_build(value)
  if (is_ours(value)) quietly(print(value))
  TRUE
}

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

# Copies of the caller's values. Environments, and what holds them, are never equal to their copy.
comparable <- function(env) {
  values <- as.list(env, all.names = TRUE)
  copies <- unserialize(serialize(values, NULL))
  copies[as.logical(mapply(identical, values, copies))]
}
