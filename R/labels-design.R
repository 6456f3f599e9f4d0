# The design that joined labels carry to the estimate: columns that follow the rows, and an
# attribute that names them.

plan_columns <- c(prob = "plan_prob", strata = "plan_strata", clusters = "plan_clusters")

labelled_class <- "judicious_labelled"

# Only what the estimate needs: a simple random sample needs nothing, and within strata (or among
# clusters) all probabilities are equal.
carry_plan <- function(data, plan, sample) {
  design <- list()
  if (!is.null(plan$stratum)) design$strata <- plan$stratum
  if (!is.null(plan$cluster)) design$clusters <- plan$cluster
  if (needs_prob(sample)) design$prob <- plan$prob
  for (role in names(design)) data[[plan_columns[[role]]]] <- design[[role]]
  as_labelled(data, plan_columns[names(design)])
}

needs_prob <- function(sample) {
  !is.null(sample) && !attr(sample, "method") %in% c("uniform", "clusters", "neyman",
                                                     "proportional")
}

as_labelled <- function(data, columns) {
  structure(data, plan = columns, class = c(labelled_class, setdiff(class(data), labelled_class)))
}

# Subsets of rows and columns keep what they say about their columns; other results are no tables.
#' @export
`[.judicious_labelled` <- function(x, ...) {
  out <- NextMethod()
  if (is.data.frame(out)) as_labelled(out, attr(x, "plan")) else out
}

#' @export
as.data.frame.judicious_labelled <- function(x, ...) {
  as.data.frame(without_plan(x), ...)
}

without_plan <- function(x) {
  attr(x, "plan") <- NULL
  class(x) <- setdiff(class(x), labelled_class)
  x
}

# The design arguments of an estimate: those the user gave, else the columns of joined labels.
labels_design <- function(data, quosures, call) {
  open <- vapply(quosures, rlang::quo_is_null, FALSE)
  if (!inherits(data, labelled_class)) {
    warn_lost_plan(data, quosures, names(quosures)[open], call)
    return(quosures)
  }
  columns <- attr(data, "plan")[names(quosures)[open]]
  columns <- columns[!is.na(columns)]
  lost <- setdiff(columns, names(data))
  if (length(lost) > 0L) {
    abort_judicious(
      c("{.arg data} must keep its column {.field {lost[1]}}.",
        x = "{.fn join_labels} made it, and the labels were drawn by it.",
        i = "Keep it, or estimate from {.code as.data.frame(data)} to leave the plan out."),
      "column", arg = "data", call = call
    )
  }
  if (length(columns) > 0L) {
    used <- paste0(names(columns), " = ", columns)
    inform_judicious("The labels' plan is used: {.code {used}}.", "plan")
  }
  for (role in names(columns)) {
    quosures[[role]] <- rlang::new_quosure(rlang::sym(columns[[role]]), rlang::empty_env())
  }
  quosures
}

# The same where an estimate is one of several parts, and the columns are taken beforehand.
fill_labels_design <- function(quosures, data, call) {
  roles <- names(plan_columns)
  if (inherits(data, labelled_class)) quosures[roles] <- labels_design(data, quosures[roles], call)
  quosures
}

# merge() and others make plain data frames.
warn_lost_plan <- function(data, quosures, open, call) {
  left <- plan_columns[names(plan_columns) %in% open & plan_columns %in% names(data)]
  if (length(left) == 0L) return(invisible())
  used <- paste0(names(left), " = ", left)
  warn_judicious(
    c("{.arg data} has the column{?s} {.field {left}} of {.fn join_labels}, but is no longer its
       result: the labels' plan is not used.", i = "Give {.code {used}}."),
    "plan", columns = unname(left), call = call
  )
}

#' @export
print.judicious_labelled <- function(x, ...) {
  print(without_plan(x), ...)
  invisible(x)
}
