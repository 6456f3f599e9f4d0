# Argument checks shared by all families. Each names the argument, the rule and
# the first offending element, under the call of the function the user typed.

check_number <- function(x, lower = -Inf, upper = Inf, open = FALSE,
                         arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!is.numeric(x) || length(x) != 1L || is.na(x)) {
    abort_judicious("{.arg {arg}} must be a single number, not {.obj_type_friendly {x}}.",
                    "type", arg = arg, call = call)
  }
  check_between(x, lower, upper, open = open, arg = arg, call = call)
  as.double(x)
}

check_count <- function(x, lower = 1, upper = Inf,
                        arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  force(arg)  # before x changes
  x <- check_number(x, lower, upper, arg = arg, call = call)
  if (x != floor(x)) {
    abort_judicious("{.arg {arg}} must be a whole number, not {.val {x}}.",
                    "type", arg = arg, call = call)
  }
  x
}

check_flag <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!is.logical(x) || length(x) != 1L || is.na(x)) {
    abort_judicious("{.arg {arg}} must be TRUE or FALSE, not {.obj_type_friendly {x}}.",
                    "type", arg = arg, call = call)
  }
  x
}

check_choice <- function(x, choices, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!is.character(x) || length(x) != 1L || !x %in% choices) {
    shown <- if (is.character(x)) "{.val {x}}" else "{.obj_type_friendly {x}}"
    abort_judicious(c("{.arg {arg}} must be one of {.or {.val {choices}}}.",
                      x = paste0("It is ", shown, ".")),
                    "choice", arg = arg, call = call)
  }
  x
}

check_conf_level <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  check_number(x, 0, 1, open = TRUE, arg = arg, call = call)
}

# A numeric vector without missing or infinite values; returns doubles.
check_numeric_vector <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!is.numeric(x) && !is.logical(x)) {
    abort_judicious("{.arg {arg}} must be a numeric vector, not {.obj_type_friendly {x}}.",
                    "type", arg = arg, call = call)
  }
  check_finite(x, arg = arg, call = call)
  as.double(x)
}

check_finite <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  bad <- which(!is.finite(x))
  if (length(bad) > 0L) {
    abort_judicious(c("{.arg {arg}} must have no missing or infinite values.",
                      x = "Element {bad[1]} is {.val {x[bad[1]]}}."),
                    "finite", arg = arg, where = bad, call = call)
  }
  invisible(x)
}

check_between <- function(x, lower = -Inf, upper = Inf, open = FALSE,
                          arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  bad <- which(if (open) x <= lower | x >= upper else x < lower | x > upper)
  if (length(bad) > 0L) {
    rule <- if (is.infinite(upper)) {
      paste0(if (open) "be above {lower}" else "be at least {lower}")
    } else if (open) {
      "lie strictly between {lower} and {upper}"
    } else {
      "lie in [{lower}, {upper}]"
    }
    where <- if (length(x) == 1L) "It" else "Element {bad[1]}"
    abort_judicious(c(paste0("{.arg {arg}} must ", rule, "."),
                      x = paste0(where, " is {.val {x[bad[1]]}}.")),
                    "range", arg = arg, where = bad, call = call)
  }
  invisible(x)
}

check_length <- function(x, n, arg = rlang::caller_arg(x), n_arg, call = rlang::caller_env()) {
  if (length(x) != n) {
    abort_judicious("{.arg {arg}} must have one element per {n_arg} ({n}), not {length(x)}.",
                    "length", arg = arg, call = call)
  }
  invisible(x)
}

abort_missing_id <- function(where, arg, call) {
  abort_judicious(
    c("{.arg {arg}} must not be missing.", x = "It is missing in row {where[1]}.",
      i = "Give these rows an id of their own or remove them."),
    "missing_id", arg = arg, where = where, call = call
  )
}

# Worker threads for the core: the argument, or the option, or one.
check_threads <- function(threads, call = rlang::caller_env()) {
  if (is.null(threads)) threads <- getOption("judicious.threads", 1L)
  as.integer(check_count(threads, arg = "threads", call = call))
}
