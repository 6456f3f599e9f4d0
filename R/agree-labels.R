# Labels and ratings as the user has them, on the codes that the core counts by.

# Labels of several raters on common codes from 1; NA stays NA. `values` are the
# numbers behind the codes, positions where labels have no numbers.
code_labels <- function(columns, args, call) {
  for (k in seq_along(columns)) check_label_vector(columns[[k]], args[k], call)
  numbers <- vapply(columns, is_number_like, NA)
  if (any(numbers) && !all(numbers)) {
    one <- if (args[1] == args[2]) "The columns of {.arg {args[1]}}" else
      "{.arg {args[1]}} and {.arg {args[2]}}"
    abort_judicious(
      c(paste(one, "must have labels of one kind."),
        x = "One has numbers, the other has names."),
      "type", arg = args[which(!numbers)[1]], call = call
    )
  }
  levels <- if (all(numbers)) number_levels(columns) else name_levels(columns)
  warn_alike(levels, args[1], call)
  list(
    codes = lapply(columns, match_labels, levels),
    levels = levels,
    values = if (all(numbers)) as.double(levels) else as.double(seq_along(levels)),
    has_numbers = all(numbers),
    has_order = all(numbers) || share_levels(columns),
    scale = if (share_levels(columns)) columns[[1]]
  )
}

is_number_like <- function(x) is.numeric(x) || is.logical(x)

share_levels <- function(columns) {
  all(vapply(columns, is.factor, NA)) && length(unique(lapply(columns, levels))) == 1L
}

check_label_vector <- function(x, arg, call) {
  if (!is.factor(x) && !is.character(x) && !is_number_like(x) || !is.null(dim(x))) {
    abort_judicious(
      "{.arg {arg}} must be a vector of labels (factor, strings, numbers or TRUE / FALSE),
       not {.obj_type_friendly {x}}.",
      "type", arg = arg, call = call
    )
  }
  infinite <- if (is.numeric(x)) which(is.infinite(x))
  if (length(infinite) > 0L) {
    abort_judicious(
      c("{.arg {arg}} must have no infinite labels.",
        x = "Element {infinite[1]} is {.val {x[infinite[1]]}}."),
      "finite", arg = arg, where = infinite, call = call
    )
  }
}

number_levels <- function(columns) {
  sort(unique(unlist(lapply(columns, function(x) unique(as.double(x))))), method = "radix")
}

# Levels of factors in their order, then strings that are numbers by number, others by code point.
name_levels <- function(columns) {
  declared <- unlist(lapply(columns, function(x) if (is.factor(x)) levels(x)))
  found <- unlist(lapply(columns, function(x) if (!is.factor(x)) unique(x)))
  union(declared, sort_labels(unique(as.character(found[!is.na(found)]))))
}

match_labels <- function(x, levels) {
  match(if (is.numeric(levels)) as.double(x) else as.character(x), levels)
}

# Two columns of labels, items with both.
label_pairs <- function(human, judge, call) {
  labels <- code_labels(list(human, judge), c("human", "judge"), call)
  check_same_items(length(human), length(judge), call)
  if (is_number_like(human) && is_number_like(judge)) {
    human <- as.double(human)
    judge <- as.double(judge)
  }
  warn_disjoint(as.character(human), as.character(judge), c("human", "judge"), call)
  keep <- !is.na(labels$codes[[1]]) & !is.na(labels$codes[[2]])
  labels$n_missing <- leave_out(keep, "a label of both", call)
  labels$human <- labels$codes[[1]][keep]
  labels$judge <- labels$codes[[2]][keep]
  labels
}

check_same_items <- function(n_human, n_judge, call) {
  if (n_human != n_judge) {
    abort_judicious(
      "{.arg human} and {.arg judge} must have the same items, but there are {n_human} and
       {n_judge}.",
      "length", arg = "judge", call = call
    )
  }
}

# Tells how many items are left out, and stops if none is left.
leave_out <- function(keep, what, call) {
  n_missing <- sum(!keep)
  if (n_missing == length(keep)) {
    abort_judicious("There is no item with {what}.", "items", call = call)
  }
  if (n_missing > 0L) {
    inform_judicious("Left out {n_missing} of {length(keep)} item{?s} without {what}.", "missing")
  }
  n_missing
}

# --- many raters ---------------------------------------------------------------

# Ratings of many raters, items in rows, as one matrix of codes.
code_ratings <- function(ratings, call) {
  columns <- rating_columns(ratings, call)
  check_rater_columns(columns, colnames(ratings), "ratings", call)
  labels <- code_labels(columns, rep("ratings", length(columns)), call)
  codes <- matrix(unlist(labels$codes), ncol = length(columns))
  if (ncol(codes) > nrow(codes)) {
    inform_judicious(
      c("{.arg ratings} has {nrow(codes)} item{?s} (rows) and {ncol(codes)} raters (columns).",
        i = "If it is the other way round, transpose it with {.fn t}."),
      "orientation"
    )
  }
  labels$codes <- codes
  labels
}

rating_columns <- function(ratings, call) {
  if (is.data.frame(ratings)) {
    columns <- unname(as.list(ratings))
  } else if (is.matrix(ratings) && is.atomic(ratings)) {
    columns <- lapply(seq_len(ncol(ratings)), function(j) as.vector(ratings[, j]))
  } else {
    abort_judicious(
      "{.arg ratings} must be a matrix or data frame with one row per item and one column per
       rater, not {.obj_type_friendly {ratings}}.",
      "type", arg = "ratings", call = call
    )
  }
  if (length(columns) < 2L) {
    abort_judicious(
      "{.arg ratings} must have at least two columns, one per rater, not {length(columns)}.",
      "length", arg = "ratings", call = call
    )
  }
  columns
}

# Whole numbers from 0, one row per item and one column per label.
check_count_table <- function(x, call) {
  x <- if (is.data.frame(x)) as.matrix(x) else x
  if (!is.matrix(x) || !is.numeric(x) || ncol(x) < 2L) {
    abort_judicious(
      "{.arg ratings} must be a numeric matrix of counts with one row per item and one column per
       label, not {.obj_type_friendly {x}}.",
      "type", arg = "ratings", call = call
    )
  }
  bad <- which(is.na(x) | x < 0 | x != floor(x) | x > .Machine$integer.max)
  if (length(bad) > 0L) {
    at <- arrayInd(bad[1], dim(x))
    abort_judicious(
      c("{.arg ratings} must hold counts: whole numbers from 0.",
        x = "Row {at[1]}, column {at[2]} is {.val {x[bad[1]]}}."),
      "range", arg = "ratings", where = bad, call = call
    )
  }
  check_count_columns(x, "ratings", call)
  storage.mode(x) <- "integer"
  unname(x)
}
