# The formula of a mean: human labels ~ judges. Only `+` joins judges; what other
# operators would do in lm() (products, dropped terms, groups) is refused by name.

formula_terms <- function(formula, data, quosures, call) {
  if (!rlang::is_formula(formula, lhs = TRUE)) {
    abort_judicious(
      c("{.arg formula} must name the human labels and the judges.",
        i = "For example {.code human ~ judge}, or {.code human ~ 1} without a judge."),
      "formula", arg = "formula", call = call
    )
  }
  response <- check_bare_term(rlang::f_lhs(formula), data, call)
  judges <- unlist(lapply(added_terms(rlang::f_rhs(formula), call), function(term) {
    if (identical(term, quote(.))) other_columns(response, data, quosures, call) else list(term)
  }), recursive = FALSE)
  judges <- unique(Filter(function(term) !identical(term, 1), judges))
  for (term in judges) check_judge_term(term, response, formula, data, call)
  list(response = response, judges = judges, data = data,
       env = rlang::f_env(formula) %||% rlang::empty_env())
}

eval_variable <- function(expr, terms, call) {
  eval_quosure(rlang::new_quosure(expr, terms$env), terms$data, rlang::as_label(expr), call)
}

# The terms that `+` joins, parentheses opened.
added_terms <- function(expr, call) {
  if (rlang::is_call(expr, "(")) return(added_terms(expr[[2]], call))
  if (rlang::is_call(expr, "+", n = 2L)) {
    return(c(added_terms(expr[[2]], call), added_terms(expr[[3]], call)))
  }
  if (rlang::is_call(expr, "+")) return(added_terms(expr[[2]], call))
  check_operator(expr, call)
  list(expr)
}

# Operators with a meaning of their own in formulas of R or lme4, and what to write instead.
check_operator <- function(expr, call) {
  operator <- if (rlang::is_call(expr)) rlang::call_name(expr) %||% "" else ""
  shown <- rlang::as_label(expr)
  parts <- vapply(as.list(expr)[-1], rlang::as_label, "")
  hint <- switch(operator,
    "|" = , "||" = paste0("Dependent rows are told by `clusters = ", parts[2],
                          "`, strata by `strata = `; a logical judge is `I(", shown, ")`."),
    "-" = "Leave out what is not a judge; a difference is `I(a - b)`.",
    "/" = paste0("Groups are told by `strata = ` or `clusters = `; a ratio is `I(", shown, ")`."),
    "%in%" = paste0("Groups are told by `strata = ` or `clusters = `; a logical judge is `I(",
                    shown, ")`."),
    ":" = , "*" = paste0("Several judges are joined by `+`; a product is `I(",
                         paste(parts, collapse = " * "), ")`."),
    "^" = paste0("Several judges are joined by `+`; a power is `I(", shown, ")`."),
    "~" = "It has one `~`, between the human labels and the judges.",
    offset = "It has no offset; subtract one from the labels: `I(human - 1) ~ judge`.",
    strata = , Error = , cluster = , clusters = , frailty = , random =
      paste0("Groups are arguments: `", if (operator == "strata") "strata" else "clusters", " = ",
             parts[1], "`.")
  )
  if (is.null(hint)) return(invisible())
  abort_judicious(
    c("{.arg formula} lists judges, joined by {.code +}.",
      x = literal(paste0("`", shown, "` is not a judge.")), i = literal(hint)),
    "formula", arg = "formula", call = call
  )
}

check_judge_term <- function(term, response, formula, data, call) {
  if (is.numeric(term)) {
    abort_judicious(
      c("{.arg formula} lists judges: it has no intercept to remove and no constants.",
        x = "It is {.code {rlang::as_label(formula)}}.",
        i = "Without a judge it is {.code human ~ 1}."),
      "formula", arg = "formula", call = call
    )
  }
  check_bare_term(term, data, call)
  if (identical(term, response)) {
    abort_judicious(
      c("{.arg formula} has {.code {rlang::as_label(term)}} on both sides.",
        i = "The human labels cannot be their own judge."),
      "formula", arg = "formula", call = call
    )
  }
}

check_bare_term <- function(term, data, call) {
  if (!is.character(term)) return(term)
  abort_judicious(
    c("{.arg formula} names columns without quotes.", x = "{.val {term}} is text.",
      i = bare_name_hint(term)),
    "formula", arg = "formula", call = call
  )
}

# --- the dot -------------------------------------------------------------------

# What `.` stands for: all columns that are used nowhere else, if all can be judges.
other_columns <- function(response, data, quosures, call) {
  if (is.null(data)) {
    abort_judicious("{.code .} in {.arg formula} needs {.arg data}.", "formula", arg = "formula",
                    call = call)
  }
  used <- unlist(lapply(quosures, function(q) all.vars(rlang::quo_get_expr(q))))
  columns <- setdiff(names(data), all.vars(response))
  odd <- Filter(function(name) name %in% used || !may_be_judge(data[[name]], name), columns)
  if (length(odd) > 0L || length(columns) == 0L) {
    judges <- setdiff(columns, odd)
    if (length(judges) == 0L) judges <- "judge"
    judges <- vapply(judges, function(name) rlang::as_label(as.name(name)), "")
    shown <- paste(rlang::as_label(response), "~", paste(judges, collapse = " + "))
    abort_judicious(
      c("{.code .} takes every other column of {.arg data} as a judge.",
        x = if (length(odd) > 0L) "{.var {odd[1]}} does not look like one." else "There is none.",
        i = literal(paste0("Name the judges: `", shown, "`."))),
      "formula", arg = "formula", call = call
    )
  }
  lapply(columns, as.name)
}

id_names <- paste0("(^|[._ ])(ids?|uuid|index|idx|row_?id|row_?names?)$|[a-z]I[Dd]$|",
                   "^(X|\\.\\.\\.[0-9]+|pi|prob|selected|weights?|items?|rows?|clusters?|stratum|",
                   "strata|fold|seed|date|time|timestamp|key|n|no|nr|y_true|truth)$")

# Numbers that are no ids: neither by their name nor, all different, by their values.
may_be_judge <- function(x, name) {
  if (is.factor(x)) return(nlevels(x) == 2L)
  if (!(is.numeric(x) || is.logical(x)) || grepl(id_names, name)) return(FALSE)
  if (is.logical(x) || is.matrix(x) || length(x) < 10L) return(TRUE)
  whole <- all(x == floor(x), na.rm = TRUE)
  !(whole && !anyDuplicated(x))
}
