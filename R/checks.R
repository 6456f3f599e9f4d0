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

check_string <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!rlang::is_string(x)) {
    abort_judicious("{.arg {arg}} must be a string, not {.obj_type_friendly {x}}.", "type",
                    arg = arg, call = call)
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

check_class <- function(x, class, made_by, arg = rlang::caller_arg(x),
                        call = rlang::caller_env()) {
  if (inherits(x, class)) return(invisible(x))
  abort_judicious(
    c("{.arg {arg}} must be the result of {.code {made_by}}.",
      x = "It is {.obj_type_friendly {x}}."),
    "type", arg = arg, call = call
  )
}

check_data <- function(data, call) {
  if (!is.null(data) && !is.data.frame(data)) {
    abort_judicious("{.arg data} must be a data frame, not {.obj_type_friendly {data}}.",
                    "type", arg = "data", call = call)
  }
}

check_number_like <- function(x, name, call) {
  wide <- inherits(x, "integer64")  # doubles that hold the bits of integers
  if ((is.numeric(x) || is.logical(x)) && !wide) return(invisible(x))
  hint <- if (wide) {
    "Convert it with {.fn as.double} after {.code library(bit64)}."
  } else if (is.character(x)) {
    "Use 0/1, TRUE/FALSE, or a factor with two levels (the second counts as 1)."
  } else if (is.null(x)) {
    "Is the name right?"
  } else {
    "Use numbers, TRUE/FALSE, or a factor with two levels."
  }
  abort_judicious(c("{.var {name}} must be numeric, logical or a two-level factor.",
                    x = "It is {.obj_type_friendly {x}}.", i = hint),
                  "type", arg = name, call = call)
}

check_two_levels <- function(x, name, call) {
  if (nlevels(x) != 2L) {
    first <- utils::head(levels(x), 5)
    abort_judicious(
      c("The factor {.var {name}} must have two levels, so that the second counts as 1.",
        x = "It has {nlevels(x)}, such as {.val {first}}.",
        i = if (nlevels(x) > 2L) "For the share of every level use {.fun estimate_shares}."),
      "type", arg = name, call = call
    )
  }
  inform_judicious(
    "Factor {.var {name}}: level {.val {levels(x)[2]}} counts as 1, {.val {levels(x)[1]}} as 0.",
    "factor", .frequency = "once",
    .frequency_id = paste0("judicious_factor_", paste(levels(x), collapse = "|"))
  )
}

# Evaluates a data-masked argument.
eval_quosure <- function(quosure, data, what, call) {
  rlang::try_fetch(
    rlang::eval_tidy(quosure, data),
    error = function(cnd) {
      columns <- if (is.null(data)) {
        "There is no {.arg data}: variables are looked up where the formula was written."
      } else {
        "{.arg data} has the column{?s} {.var {names(data)}}."
      }
      abort_judicious(c("Cannot evaluate {.code {what}}: {conditionMessage(cnd)}", i = columns),
                      "column", arg = what, call = call, parent = NA)
    }
  )
}
