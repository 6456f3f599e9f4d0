# One door for everything the package says to a user: errors, warnings and
# messages are classed, so that programs can react to them.

abort_judicious <- function(message, class, ..., call = rlang::caller_env(),
                            .envir = parent.frame()) {
  cli::cli_abort(
    message,
    class = c(paste0("judicious_error_", class), "judicious_error"),
    ...,
    call = call,
    .envir = .envir
  )
}

warn_judicious <- function(message, class, ..., call = rlang::caller_env(),
                           .envir = parent.frame()) {
  cli::cli_warn(
    message,
    class = c(paste0("judicious_warning_", class), "judicious_warning"),
    ...,
    call = call,
    .envir = .envir
  )
}

inform_judicious <- function(message, class, ..., .envir = parent.frame()) {
  cli::cli_inform(
    message,
    class = c(paste0("judicious_message_", class), "judicious_message"),
    ...,
    .envir = .envir
  )
}

# Runs a binding; what the core throws becomes a classed error under the user's
# own call. Rcpp keeps the C++ exception type as a condition class.
call_core <- function(expr, call = rlang::caller_env()) {
  force(call)
  rlang::try_fetch(
    expr,
    `std::invalid_argument` = function(cnd) {
      abort_judicious("{conditionMessage(cnd)}", "input", call = call)
    },
    `std::domain_error` = function(cnd) {
      abort_judicious("{conditionMessage(cnd)}", "undefined", call = call)
    },
    `std::bad_alloc` = function(cnd) abort_memory(NULL, call)
  )
}

# Several ways out, each a bullet of its own.
hints <- function(...) {
  text <- c(...)
  if (length(text) > 0L) stats::setNames(text, rep("i", length(text)))
}
