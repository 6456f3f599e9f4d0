# Arguments that name columns of `data`, or give values in their place.

# Evaluates a data-masked argument.
eval_quosure <- function(quosure, data, what, call) {
  if (rlang::is_quosure(quosure) && rlang::quo_is_null(quosure)) return(NULL)
  check_no_constant(quosure, data, what, call)
  value <- rlang::try_fetch(
    rlang::eval_tidy(quosure, data),
    error = function(cnd) {
      meant <- misspelt_column(cnd, data)
      columns <- if (is.null(data)) {
        "There is no {.arg data}: variables are looked up where the formula was written."
      } else {
        "{.arg data} has the column{?s} {.var {names(data)}}."
      }
      abort_judicious(c("Cannot evaluate {.code {what}}: {conditionMessage(cnd)}",
                        i = if (length(meant) > 0L) "Did you mean {.var {meant[1]}}?",
                        i = columns),
                      "column", arg = what, call = call, parent = NA)
    }
  )
  check_bare_name(value, data, what, call)
  value
}

misspelt_column <- function(cnd, data) {
  name <- regmatches(conditionMessage(cnd), regexec("object '([^']*)' not found",
                                                    conditionMessage(cnd)))[[1]][2]
  if (is.na(name)) return(character())
  nearest_names(name, names(data))
}

# `pi`, `T`, `letters`: a name that is no column but one of R's own constants.
check_no_constant <- function(quosure, data, what, call) {
  if (!rlang::is_quosure(quosure) || rlang::quo_is_null(quosure)) return(invisible())
  env <- rlang::quo_get_env(quosure)
  used <- setdiff(all.vars(rlang::quo_get_expr(quosure)), names(data))
  bare <- is.symbol(rlang::quo_get_expr(quosure))
  for (name in used) {
    found <- get0(name, envir = env, inherits = TRUE)
    own <- get0(name, envir = baseenv(), inherits = FALSE)
    constant <- !is.null(own) && !is.function(own) && identical(found, own)
    in_design <- name == "pi" && what %in% c("strata", "clusters", "prob")
    if (!constant || !(bare || in_design)) next
    abort_judicious(
      c("{.code {what}} finds {.code {name}}, a constant of R, not a column.",
        i = if (is.null(data)) "There is no {.arg data} with a column {.var {name}}." else
          "{.arg data} has the column{?s} {.var {names(data)}}."),
      "column", arg = what, call = call
    )
  }
}

# strata = "language" where the column is meant.
check_bare_name <- function(value, data, what, call) {
  if (!rlang::is_string(value) || !value %in% names(data) || nrow(data) == 1L) return(invisible())
  abort_judicious(
    c("{.arg {what}} is the text {.val {value}}, not the column of this name.",
      i = bare_name_hint(value)),
    "column", arg = what, call = call
  )
}
