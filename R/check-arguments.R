# Choices with a default, and arguments that a function does not have.

# One of the choices that the default of the calling function's argument lists; the first of them
# where nothing was given.
match_choice <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env(),
                         fn = rlang::caller_fn()) {
  choices <- eval(formals(fn)[[arg]], baseenv())
  if (identical(x, choices)) return(choices[1])
  check_choice(x, choices, arg = arg, call = call)
}

# Nothing may be in `...`: a misspelt argument would be ignored.
check_no_dots <- function(env = rlang::caller_env(), fn = rlang::caller_fn()) {
  rlang::try_fetch(
    rlang::check_dots_empty(env, call = env),
    rlib_error_dots_nonempty = function(cnd) {
      given <- eval(quote(names(list(...))), env)
      abort_dots(given, setdiff(names(formals(fn)), "..."), env)
    }
  )
}

abort_dots <- function(given, known, call) {
  first <- (given[nzchar(given)])[1]
  named <- length(first) == 1L && !is.na(first)
  near <- if (named) nearest_name(first, known)
  cli::cli_abort(
    c(if (named) "There is no argument {.arg {first}}." else
      "Arguments from {.arg ...} on must be named.",
      i = if (length(near) > 0L) "Did you mean {.arg {near}}?" else
        "The arguments are {.arg {known}}."),
    class = c("judicious_error_argument", "judicious_error", "rlib_error_dots_nonempty"),
    arg = if (named) first, call = call
  )
}

# The name that was probably meant, or NULL.
nearest_name <- function(name, known) {
  plain <- function(x) gsub("[^a-z0-9]", "", tolower(x))
  distance <- drop(utils::adist(plain(name), plain(known)))
  begun <- startsWith(plain(known), plain(name)) | startsWith(plain(name), plain(known))
  distance[begun] <- pmin(distance[begun], 1)
  best <- which.min(distance)
  if (length(best) == 1L && distance[best] <= max(2, nchar(name) / 3)) known[best]
}
