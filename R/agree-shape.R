# Tables of another shape than one column per rater: told by their names and by what they hold.
# Read as raters they would give a number all the same.

item_words <- paste0("^(?:row_?)?(?:item|id|ids|unit|doc|document|case|subject|question|example|",
                     "row|index|conversation|uid|uuid)s?[._ ]?(?:id|ids|no|nr|num|number|key|name|",
                     "index)?$|[._ ]id$|[a-z](?-i:I[dD])$")
rater_words <- paste0("^(?:rater|judge|annotator|coder|worker|reviewer|grader|labell?er|observer|",
                      "evaluator|rated_by)s?[._ ]?(?:id|no|nr|num|number|key|name)?$")
label_words <- paste0("^(?:label|rating|score|value|choice|answer|code|category|grade|vote|",
                      "verdict|annotation|response)s?$")
option_words <- paste0("^(?:yes|no|true|false|pass|fail|passed|failed|positive|negative|neutral|",
                       "good|bad|correct|incorrect|right|wrong|toxic|fine|unsure|maybe|agree|",
                       "disagree)$")

named_like <- function(names, words) grepl(paste0("(?i)", words), names, perl = TRUE)

check_rater_columns <- function(columns, names, arg, call) {
  names <- names %||% rep("", length(columns))
  check_not_long(columns, names, arg, call)
  check_no_ids(columns, names, arg, call)
  check_not_counts(columns, names, arg, call)
  check_no_totals(columns, names, arg, call)
}

# --- long tables --------------------------------------------------------------------

check_not_long <- function(columns, names, arg, call) {
  if (!is_long(columns, names)) return(invisible())
  abort_judicious(
    c("{.arg {arg}} must have one column per rater, but looks like a long table with one row per
       rating.",
      x = if (any(nzchar(names))) "Its columns are {.field {names}}.",
      i = "Widen it, for instance by {.code tidyr::pivot_wider(names_from = rater, values_from =
           label)}, and leave out the column of items; or read it by {.fn as_ratings} and use
           {.fn agreement_metrics}."),
    "shape", arg = arg, call = call
  )
}

is_long <- function(columns, names) {
  item <- which(named_like(names, item_words))[1]
  rater <- which(named_like(names, rater_words))[1]
  label <- which(named_like(names, label_words))[1]
  if (!is.na(item) && !is.na(rater)) {
    return(length(columns) > 2L || anyDuplicated(columns[[item]]) > 0L)
  }
  if (!is.na(rater) && !is.na(label)) return(are_disjoint(columns[[rater]], columns[[label]]))
  if (!is.na(item) && !is.na(label)) {
    return(anyDuplicated(columns[[item]]) > 0L &&
             are_disjoint(columns[[item]], columns[[label]]))
  }
  is_crossed(columns)
}

are_disjoint <- function(x, y) {
  x <- unique(as.character(x[!is.na(x)]))
  length(x) > 0L && !any(x %in% as.character(y))
}

# Without names: every item with every rater, once each.
is_crossed <- function(columns) {
  n <- length(columns[[1]])
  if (length(columns) != 3L || n < 9L) return(FALSE)
  whole <- vapply(columns[1:2], function(x) {
    !is.numeric(x) || (!anyNA(x) && all(is.finite(x)) && all(x == floor(x)))
  }, NA)
  sizes <- vapply(columns, function(x) length(unique(x)), 0L)
  if (!all(whole) || min(sizes[1:2]) < 2L || prod(sizes[1:2]) != n) return(FALSE)
  pairs <- paste(columns[[1]], columns[[2]], sep = "\r")
  anyDuplicated(pairs) == 0L && max(sizes[1:2]) > sizes[3] && sizes[3] > 1L
}

# --- ids ----------------------------------------------------------------------------

check_no_ids <- function(columns, names, arg, call) {
  at <- which(vapply(seq_along(columns), is_id_column, NA, columns = columns, names = names))[1]
  if (is.na(at)) return(invisible())
  shown <- if (nzchar(names[at])) names[at] else paste("number", at)
  first <- format(utils::head(columns[[at]], 3))
  abort_judicious(
    c("{.arg {arg}} must hold ratings only, but column {.field {shown}} looks like ids.",
      x = "It is {.val {first}}, ...; no other column has such values.",
      i = "Leave it out: {.code {arg}[-{at}]}, or of a matrix {.code {arg}[, -{at}]}."),
    "shape", arg = arg, column = at, call = call
  )
}

# Values of its own, mostly one per row. Where no other column repeats a label, all may be scores.
is_id_column <- function(at, columns, names) {
  x <- columns[[at]]
  others <- columns[-at]
  repeats <- any(vapply(others, function(y) anyDuplicated(y[!is.na(y)]) > 0L, NA))
  if (length(x) < 2L || anyNA(x) || !repeats) return(FALSE)
  distinct <- anyDuplicated(x) == 0L
  alone <- are_disjoint(x, unlist(lapply(others, as.character)))
  if (named_like(names[at], item_words) && (distinct || alone) && length(x) > 2L) return(TRUE)
  if (is.numeric(x)) distinct && are_numbered(x, others, alone) else
    alone && are_names(x, others, distinct)
}

# Texts, while the others agree on what labels are.
are_names <- function(x, others, distinct) {
  rest <- unlist(lapply(others[-1], as.character))
  common <- length(others) > 1L && !are_disjoint(others[[1]], rest)
  is.character(x) && (distinct || common)
}

# Whole numbers that count the rows, or lie beyond all others.
are_numbered <- function(x, others, alone) {
  if (length(x) < 5L || any(x != floor(x))) return(FALSE)
  if (!all(vapply(others, is.numeric, NA))) return(alone)
  most <- max(-Inf, unlist(others), na.rm = TRUE)
  (all(diff(x) == 1) && max(x) > most) || min(x) > most
}

# --- totals -------------------------------------------------------------------------

# What was computed from the raters is no rater.
check_no_totals <- function(columns, names, arg, call) {
  if (length(columns) < 3L || !all(vapply(columns, is_number_like, NA))) return(invisible())
  at <- which(vapply(seq_along(columns), function(k) is_total(columns[[k]], columns[-k]), NA))
  # One of two columns is the sum of one other: no total.
  if (length(at) != 1L) return(invisible())
  shown <- if (nzchar(names[at])) names[at] else paste("number", at)
  abort_judicious(
    c("{.arg {arg}} must hold ratings only, but column {.field {shown}} is the sum or mean of the
       others.",
      i = "Leave it out: {.code {arg}[-{at}]}, or of a matrix {.code {arg}[, -{at}]}."),
    "shape", arg = arg, column = at, call = call
  )
}

is_total <- function(x, others) {
  known <- !is.na(x)
  if (sum(known) < 3L || length(unique(x[known])) < 2L) return(FALSE)
  sums <- Reduce(`+`, others)[known]
  near <- function(a, b) !anyNA(a) && all(abs(a - b) <= 1e-8 * (1 + abs(b)))
  beyond <- max(x[known]) > max(unlist(others), na.rm = TRUE)
  # A sum within the others' scale, or a mean that is whole in every row, may be a rater.
  near(sums, x[known]) && beyond ||
    near(sums / length(others), x[known]) && any(x[known] != floor(x[known]))
}

# --- counts -------------------------------------------------------------------------

# Rows that all have the same sum hold counts of the same number of raters.
check_not_counts <- function(columns, names, arg, call) {
  if (!are_counts(columns, names)) return(invisible())
  abort_judicious(
    c("{.arg {arg}} must have one column per rater, but looks like counts with one column per
       label.",
      x = "Its rows hold whole numbers that add up to {sum(vapply(columns, `[[`, 0, 1L))} in the
           first row{if (same_sums(columns)) ' and in all others'}.",
      i = "Use {.code agree_fleiss_kappa(type = \"counts\")}, or {.code as_ratings(layout =
           \"counts\")}."),
    "shape", arg = arg, call = call
  )
}

are_counts <- function(columns, names) {
  n <- length(columns[[1]])
  whole <- vapply(columns, function(x) {
    is.numeric(x) && !anyNA(x) && all(is.finite(x)) && all(x >= 0 & x == floor(x))
  }, NA)
  if (n < 3L || !all(whole)) return(FALSE)
  labels <- all(named_like(names, option_words))
  if (labels) return(TRUE)
  values <- unlist(columns)
  differ <- any(vapply(columns, function(x) length(unique(x)) > 1L, NA))
  same_sums(columns) && differ && any(values == 0) && any(values > 1) && sum(values) >= 2 * n
}

same_sums <- function(columns) length(unique(Reduce(`+`, columns))) == 1L

# The other way round: a table of counts with a column that holds none.
check_count_columns <- function(x, arg, call) {
  names <- colnames(x) %||% rep("", ncol(x))
  sums <- rowSums(x)
  same <- function(sums) length(unique(sums)) == 1L
  without <- vapply(seq_len(ncol(x)), function(k) {
    distinct <- anyDuplicated(x[, k]) == 0L && nrow(x) >= 3L
    distinct && (named_like(names[k], item_words) ||
                   (ncol(x) > 2L && nrow(x) >= 4L && !same(sums) && same(sums - x[, k])))
  }, NA)
  at <- which(without)[1]
  if (is.na(at)) return(invisible())
  shown <- if (nzchar(names[at])) names[at] else paste("number", at)
  abort_judicious(
    c("{.arg {arg}} must hold counts only, but column {.field {shown}} looks like ids.",
      i = "Leave it out: {.code {arg}[, -{at}]}."),
    "shape", arg = arg, column = at, call = call
  )
}
