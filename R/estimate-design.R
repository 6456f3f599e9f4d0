# From a formula and a data frame (or vectors) to columns and integer codes that
# the core reads in place. Nothing of row length is copied here, except ids that
# need grouping and objects that need converting.

parse_design <- function(formula, data, strata, clusters, prob, call, by = rlang::quo(NULL),
                         by_arg = "by") {
  check_data(data, call)
  if (is_judgments(data)) data <- design_frame(data, call)
  terms <- formula_terms(formula, data, call)
  y <- label_column(eval_variable(terms$response, terms, call), terms$response, call)
  proxies <- unlist(lapply(terms$judges, judge_columns, terms = terms, call = call),
                    recursive = FALSE)
  n <- if (is.null(data)) column_length(y) else nrow(data)
  design <- list(
    n = n, y = y, proxies = proxies, label = rlang::as_label(terms$response),
    formula = paste(deparse(formula), collapse = " "),
    strata = as_groups(eval_quosure(strata, data, "strata", call), n, TRUE, "strata", call),
    clusters = as_groups(eval_quosure(clusters, data, "clusters", call), n, FALSE,
                         "clusters", call),
    prob = prob_column(eval_quosure(prob, data, "prob", call), call),
    by = as_groups(eval_quosure(by, data, by_arg, call), n, TRUE, by_arg, call)
  )
  check_lengths(design, data, call)
  design
}

# --- the formula ---------------------------------------------------------------

formula_terms <- function(formula, data, call) {
  if (!rlang::is_formula(formula, lhs = TRUE)) {
    abort_judicious(
      c("{.arg formula} must name the human labels and the judges.",
        i = "For example {.code human ~ judge}, or {.code human ~ 1} without a judge."),
      "formula", arg = "formula", call = call
    )
  }
  terms <- rlang::try_fetch(
    stats::terms(formula, data = data),
    error = function(cnd) {
      abort_judicious("{.arg formula} cannot be read: {conditionMessage(cnd)}", "formula",
                      arg = "formula", call = call)
    }
  )
  if (attr(terms, "intercept") == 0L || !is.null(attr(terms, "offset"))) {
    abort_judicious(
      c("{.arg formula} lists judges: it has no intercept to remove and no offset.",
        x = "It is {.code {rlang::as_label(formula)}}."),
      "formula", arg = "formula", call = call
    )
  }
  variables <- as.list(attr(terms, "variables"))[-1]
  factors <- attr(terms, "factors")
  judges <- lapply(seq_along(attr(terms, "term.labels")), function(j) {
    variables[factors[, j] > 0]
  })
  list(response = variables[[1]], judges = judges, data = data,
       env = rlang::f_env(formula) %||% rlang::empty_env())
}

eval_variable <- function(expr, terms, call) {
  eval_quosure(rlang::new_quosure(expr, terms$env), terms$data, rlang::as_label(expr), call)
}

# --- columns -------------------------------------------------------------------

# A column the core reads in place: `values` from element `skip`, minus `shift`.
new_column <- function(values, name, skip = 0, shift = 0L) {
  list(values = values, skip = skip, shift = shift, name = name)
}

column_length <- function(column) {
  if (is.matrix(column$values)) nrow(column$values) else length(column$values)
}

label_column <- function(x, expr, call) {
  name <- rlang::as_label(expr)
  columns <- as_columns(x, name, call)
  if (length(columns) != 1L) {
    abort_judicious(
      c("The human labels {.code {name}} must be one vector.",
        x = "They have {length(columns)} columns."),
      "type", arg = name, call = call
    )
  }
  columns[[1]]
}

# The judges a term stands for: a vector, the columns of a matrix or data frame,
# or the product of several vectors (an interaction).
judge_columns <- function(variables, terms, call) {
  names <- vapply(variables, rlang::as_label, "")
  columns <- Map(function(expr, name) as_columns(eval_variable(expr, terms, call), name, call),
                 variables, names)
  if (length(columns) == 1L) return(columns[[1]])
  if (any(lengths(columns) != 1L)) {
    abort_judicious("The interaction {.code {paste(names, collapse = ':')}} needs plain vectors.",
                    "type", arg = paste(names, collapse = ":"), call = call)
  }
  vectors <- lapply(columns, function(column) column_values(column[[1]]))
  if (length(unique(lengths(vectors))) != 1L) {
    abort_judicious("The variables of {.code {paste(names, collapse = ':')}} differ in length.",
                    "length", arg = paste(names, collapse = ":"), call = call)
  }
  list(new_column(Reduce(`*`, vectors), paste(names, collapse = ":")))
}

# A whole column as doubles, for the rare place that needs it in R.
column_values <- function(column) {
  n <- column_length(column)
  as.double(column$values[column$skip + seq_len(n)]) - column$shift
}

as_columns <- function(x, name, call) {
  if (is.data.frame(x)) {
    nested <- Map(function(col, col_name) as_columns(col, paste0(name, col_name), call),
                  x, names(x))
    return(unlist(unname(nested), recursive = FALSE))
  }
  if (is.matrix(x)) return(matrix_columns(x, name, call))
  list(new_column(as_plain_numbers(x, name, call), name, shift = if (is.factor(x)) 1L else 0L))
}

matrix_columns <- function(x, name, call) {
  check_number_like(x, name, call)
  suffix <- colnames(x) %||% seq_len(ncol(x))
  lapply(seq_len(ncol(x)), function(k) {
    new_column(x, paste0(name, suffix[k]), skip = (k - 1) * as.double(nrow(x)))
  })
}

as_plain_numbers <- function(x, name, call) {
  if (is.factor(x)) {
    check_two_levels(x, name, call)
    return(x)
  }
  check_number_like(x, name, call)
  if (is.object(x)) as.double(x) else x
}

prob_column <- function(x, call) {
  if (is.null(x)) return(NULL)
  if (!is.numeric(x) || !is.null(dim(x))) {
    abort_judicious("{.arg prob} must be a numeric vector, not {.obj_type_friendly {x}}.",
                    "type", arg = "prob", call = call)
  }
  new_column(if (is.object(x)) as.double(x) else x, "prob")
}

# --- lengths -------------------------------------------------------------------

check_lengths <- function(design, data, call) {
  rows <- if (is.null(data)) "label" else "row of {.arg data}"
  columns <- c(list(design$y), design$proxies, if (!is.null(design$prob)) list(design$prob))
  for (column in columns) {
    if (column_length(column) == design$n) next
    abort_judicious(
      c(paste0("{.var {column$name}} must have one element per ", rows, " ({design$n})."),
        x = "It has {column_length(column)}; nothing is recycled."),
      "length", arg = column$name, call = call
    )
  }
  if (design$n == 0) {
    abort_judicious("There are no rows: {.var {design$y$name}} is empty.", "empty", call = call)
  }
}
