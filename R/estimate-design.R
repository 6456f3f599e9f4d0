# From a formula and a data frame (or vectors) to columns and integer codes that
# the core reads in place. Nothing of row length is copied here, except ids that
# need grouping and objects that need converting.

parse_design <- function(formula, data, strata, clusters, prob, call, by = rlang::quo(NULL),
                         by_arg = "by") {
  check_data(data, call)
  if (is_judgments(data)) data <- design_frame(data, call)
  roles <- labels_design(data, list(strata = strata, clusters = clusters, prob = prob), call)
  terms <- formula_terms(formula, data, roles, call)
  y <- label_column(eval_variable(terms$response, terms, call), terms$response, call, data)
  proxies <- unlist(lapply(terms$judges, judge_columns, terms = terms, call = call),
                    recursive = FALSE)
  n <- if (is.null(data)) column_length(y) else nrow(data)
  design <- list(
    n = n, y = y, proxies = proxies, label = rlang::as_label(terms$response),
    formula = paste(deparse(formula), collapse = " "),
    strata = as_groups(eval_quosure(roles$strata, data, "strata", call), n, TRUE, "strata", call),
    clusters = as_groups(eval_quosure(roles$clusters, data, "clusters", call), n, FALSE,
                         "clusters", call),
    prob = prob_column(eval_quosure(roles$prob, data, "prob", call), call),
    by = as_groups(eval_quosure(by, data, by_arg, call), n, TRUE, by_arg, call),
    terms = c(list(formula = formula), roles, list(by = by)),
    data = data
  )
  check_lengths(design, data, call)
  design$n_unanswered <- count_filled(design)
  design
}

# --- columns -------------------------------------------------------------------

# A column the core reads in place: `values` from element `skip`, minus `shift`.
new_column <- function(values, name, skip = 0, shift = 0L) {
  list(values = values, skip = skip, shift = shift, name = name)
}

column_length <- function(column) {
  if (is.matrix(column$values)) nrow(column$values) else length(column$values)
}

label_column <- function(x, expr, call, data = NULL) {
  name <- rlang::as_label(expr)
  columns <- as_columns(x, name, call, data)
  if (length(columns) != 1L) {
    abort_judicious(
      c("The human labels {.code {name}} must be one vector.",
        x = "They have {length(columns)} columns."),
      "type", arg = name, call = call
    )
  }
  columns[[1]]
}

# The judges a term stands for: a vector, or the columns of a matrix or data frame.
judge_columns <- function(expr, terms, call) {
  name <- rlang::as_label(expr)
  as_columns(eval_variable(expr, terms, call), name, call, terms$data)
}

# A column as doubles, whole or in some rows, for the rare place that needs it in R.
column_values <- function(column, rows = seq_len(column_length(column))) {
  as.double(column$values[column$skip + rows]) - column$shift
}

as_columns <- function(x, name, call, data = NULL) {
  if (is.data.frame(x)) {
    nested <- Map(function(col, col_name) {
      as_columns(col, paste0(name, col_name), call, data)
    }, x, names(x))
    return(unlist(unname(nested), recursive = FALSE))
  }
  if (is.matrix(x)) return(matrix_columns(x, name, call))
  list(new_column(as_plain_numbers(x, name, call, data), name,
                  shift = if (is.factor(x)) 1L else 0L))
}

matrix_columns <- function(x, name, call) {
  check_number_like(x, name, call)
  suffix <- colnames(x) %||% seq_len(ncol(x))
  lapply(seq_len(ncol(x)), function(k) {
    new_column(x, paste0(name, suffix[k]), skip = (k - 1) * as.double(nrow(x)))
  })
}

as_plain_numbers <- function(x, name, call, data = NULL) {
  if (is.factor(x)) {
    check_two_levels(x, name, call)
    return(x)
  }
  check_number_like(x, name, call, data)
  if (is.object(x)) plain_doubles(x, name, call) else x
}

# What a class calls missing is missing (haven's user-defined values, say).
plain_doubles <- function(x, name, call) {
  check_value_labels(x, name, call)
  missing <- is.na(x)
  values <- tryCatch(as.double(x), error = function(cnd) as.double(vctrs::vec_data(x)))
  values[missing] <- NA
  values
}

# Values that their own labels call "unlabelled" (haven) are none.
check_value_labels <- function(x, name, call) {
  labels <- attr(x, "labels", exact = TRUE)
  codes <- labels[is_missing_word(names(labels) %||% character())]
  found <- codes[codes %in% x[!is.na(x)]]
  if (length(found) == 0L) return(invisible())
  abort_judicious(
    c("{.var {name}} has values that are labelled {.val {names(found)[1]}}.",
      x = "{.val {unname(found[1])}} would count as an answer.",
      i = literal(paste0("Make it missing: `replace(", name, ", ", name, " == ", found[1],
                         ", NA)`."))),
    "unlabelled_code", arg = name, call = call
  )
}

prob_column <- function(x, call) {
  if (is.null(x)) return(NULL)
  if (!is.numeric(x) || !is.null(dim(x))) {
    abort_judicious("{.arg prob} must be a numeric vector, not {.obj_type_friendly {x}}.",
                    "type", arg = "prob", call = call)
  }
  new_column(if (is.object(x)) plain_doubles(x, "prob", call) else x, "prob")
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
