# Distributions over options and response sets as the user has them: one row per
# item, one column per option. The core reads one column per item.

# Two matrices of the same items and options, turned for the core, without items
# that either side does not have.
paired_matrices <- function(human, judge, check, call) {
  human <- as_option_matrix(human, "human", call)
  judge <- match_option_columns(as_option_matrix(judge, "judge", call), human, call)
  check_same_items(nrow(human), nrow(judge), call)
  keep <- stats::complete.cases(human) & stats::complete.cases(judge)
  n_missing <- leave_out(keep, "numbers of both", call)
  list(
    human = turn(check(human, keep, "human", call), keep),
    judge = turn(check(judge, keep, "judge", call), keep),
    n_missing = n_missing
  )
}

turn <- function(x, keep) {
  x <- if (all(keep)) t(x) else t(x[keep, , drop = FALSE])
  storage.mode(x) <- "double"
  unname(x)
}

as_option_matrix <- function(x, arg, call) {
  if (is.data.frame(x)) x <- as.matrix(x)
  if (is.null(dim(x)) && is.numeric(x)) x <- matrix(x, nrow = 1, dimnames = list(NULL, names(x)))
  if (!is.matrix(x) || !is_number_like(x)) {
    abort_judicious(
      "{.arg {arg}} must be a numeric matrix with one row per item and one column per option,
       not {.obj_type_friendly {x}}.",
      "type", arg = arg, call = call
    )
  }
  if (ncol(x) < 2L) {
    abort_judicious("{.arg {arg}} must have at least two columns, one per option, not {ncol(x)}.",
                    "length", arg = arg, call = call)
  }
  x
}

# The judge's columns in the order of the human's, by name where both have names.
match_option_columns <- function(judge, human, call) {
  if (ncol(judge) != ncol(human)) {
    abort_judicious(
      "{.arg human} and {.arg judge} must have the same options, but there are {ncol(human)} and
       {ncol(judge)} columns.",
      "length", arg = "judge", call = call
    )
  }
  ours <- colnames(human)
  theirs <- colnames(judge)
  if (is.null(ours) || is.null(theirs) || identical(ours, theirs)) return(judge)
  unknown <- setdiff(theirs, ours)
  if (length(unknown) > 0L || anyDuplicated(theirs)) {
    first <- c(unknown, theirs[duplicated(theirs)])[1]
    abort_judicious(
      c("{.arg human} and {.arg judge} must have the same options.",
        x = "Column {.val {first}} of {.arg judge} is not a column of {.arg human} or occurs
             twice."),
      "options", arg = "judge", call = call
    )
  }
  judge[, ours, drop = FALSE]
}

# Rows are distributions (sum 1) or counts (whole numbers), not a mixture.
check_distributions <- function(x, keep, arg, call) {
  abort_cell(x, keep & x < 0 | is.infinite(x), "have no negative or infinite entries", arg, call)
  sums <- rowSums(x)
  counts <- all(x[keep, ] == floor(x[keep, ]))
  bad <- which(keep & (if (counts) sums == 0 else abs(sums - 1) > 1e-6))
  if (length(bad) > 0L) {
    abort_judicious(
      c("Each row of {.arg {arg}} must be probabilities with sum 1, or counts that are not all 0.",
        x = "Row {bad[1]} has the sum {.val {sums[bad[1]]}}.",
        i = "Probabilities that an option is in a response set are for {.fn agree_mse} and
             {.fn agree_coverage}."),
      "distribution", arg = arg, where = bad, call = call
    )
  }
  x
}

check_shares <- function(x, keep, arg, call) {
  abort_cell(x, keep & (x < 0 | x > 1), "lie in [0, 1]", arg, call)
  x
}

abort_cell <- function(x, is_bad, rule, arg, call) {
  bad <- which(is_bad)
  if (length(bad) == 0L) return(invisible())
  at <- arrayInd(bad[1], dim(x))
  abort_judicious(
    c("{.arg {arg}} must {rule}.", x = "Row {at[1]}, column {at[2]} is {.val {x[bad[1]]}}."),
    "range", arg = arg, where = bad, call = call
  )
}
