# Input that can be computed but probably does not mean what the user means: codes for "unlabelled"
# among the labels, reversed levels, several labels for one item. Each is told by a warning of its
# own class, with the column and the way out. tests/testthat/test-misreadings.R lists them all.

tell_misreadings <- function(design, core, range, call) {
  design$first_labelled <- core$first_labelled
  code <- if (is.null(range) && !core$facts$binary) label_code(design)
  if (!tell_all_labelled(design, core, code, call)) tell_code(design, code, call)
  tell_wide_range(design, core, range, call)
  tell_reversed(design, core, call)
  tell_repeated_items(design, call)
}

# --- codes for "unlabelled" ------------------------------------------------------

tell_all_labelled <- function(design, core, code, call) {
  n <- sum(core$strata$n_rows)
  if (length(design$proxies) == 0L || sum(core$strata$n_true) < n) return(FALSE)
  name <- design$label
  removed <- "Were unlabelled rows removed ({.fn na.omit}, a filter)? Judges help by these rows."
  if (!is.null(design$prob) && core$facts$lowest_prob < 1) {
    warn_judicious(
      c("Every row has a human label, though {.arg prob} is below 1.", i = removed,
        i = "The estimate needs a row for every item that could have been labelled."),
      "all_labelled", arg = name, call = call
    )
    return(TRUE)
  }
  warn_judicious(
    c("Every row has a human label, so the judges are not used; are missing labels coded as a
       value?",
      x = if (!is.null(code)) {
        "{.val {code$value}} in {.var {name}} ({code$n} of {n} rows) may be such a code."
      },
      i = literal(paste0("What nobody labelled must be missing: ", code_way_out(name, code), ".")),
      i = removed),
    "all_labelled", arg = name, call = call
  )
  TRUE
}

tell_code <- function(design, code, call) {
  if (is.null(code)) return(invisible())
  name <- design$label
  warn_judicious(
    c("{.val {code$value}} in {.var {name}} looks like a code, not like a label.",
      x = "It counts as a label in {code$n} row{?s}; the other labels are {.val {code$rest}}.",
      i = literal(paste0("If it means \"unlabelled\": ", code_way_out(name, code), ".")),
      i = "If it is a value of the metric, declare its {.arg range}."),
    "label_code", arg = name, value = code$value, call = call
  )
}

code_way_out <- function(name, code) {
  value <- if (is.null(code)) "<code>" else code$value
  paste0("`replace(", name, ", ", name, " == ", value, ", NA)`")
}

# Shares that were meant as percent, or a scale that the labels do not use.
tell_wide_range <- function(design, core, range, call) {
  if (!is.numeric(range) || !core$facts$binary || all(range %in% 0:1)) return(invisible())
  name <- design$label
  warn_judicious(
    c("All labels of {.var {name}} are 0 or 1, but the declared {.arg range} is
       {range[1]} to {range[2]}.",
      i = "Leave {.arg range} out if they are yes and no; it makes the interval wide for nothing.",
      i = "Shares in percent are {.code I(100 * {name})}, with {.code range = c(0, 100)}."),
    "wide_range", arg = "range", call = call
  )
}

# A value at an end of a scale that the rest of the labels and the judges do not share, or NULL.
label_code <- function(design) {
  if (length(unique(column_values(design$y, rows_with_label(design, 500)))) > 12L) return(NULL)
  y <- column_values(design$y, rows_with_label(design))
  values <- sort(unique(y))
  if (length(values) < 3L || length(values) > 12L || any(values != floor(values))) return(NULL)
  for (value in values[c(1L, length(values))]) {
    rest <- setdiff(values, value)
    n <- sum(y == value)
    if (is_far_code(value, rest) || is_strange_to_judges(value, rest, n, length(y), design)) {
      return(list(value = value, rest = rest, n = n))
    }
  }
  NULL
}

# Rows with a human label: the first so many of them. The core has noted the first 20,000.
rows_with_label <- function(design, most = Inf) {
  noted <- design$first_labelled
  if (length(noted) >= most) return(noted[seq_len(most)])
  if (!is.null(noted) && length(noted) < most_looked_at) return(noted)
  labelled_rows_cpp(design$y, design$n, min(most, design$n))
}

# 9, 99, -99 beside a scale that ends well before, -1 below a scale that starts at 1.
is_far_code <- function(value, rest) {
  gap <- min(abs(value - rest))
  if (gap < 2 * max(diff(rest))) return(FALSE)
  grepl("^-?(7+|8+|9+|9+8)$", format(value, scientific = FALSE)) || value < 0 && all(rest >= 0)
}

# A third value where the judges only say what the other labels say.
is_strange_to_judges <- function(value, rest, n, n_labelled, design) {
  scale <- identical(rest, c(0, 1)) || value == 0 && n > 0.5 * n_labelled
  if (!scale || length(design$proxies) == 0L) return(FALSE)
  said <- lapply(design$proxies, function(proxy) unique(column_values(proxy)))
  all(vapply(said, function(x) length(x) > 1L && all(x %in% rest), NA))
}

# --- reversed levels -------------------------------------------------------------

# A judge that clearly says the opposite. Of several judges some may be covariates, whose sign
# is free: there only 0/1 verdicts are held against the labels.
tell_reversed <- function(design, core, call) {
  single <- length(design$proxies) == 1L
  n_units <- sum(core$strata$n_labelled_units)
  if (n_units < 10) return(invisible())
  for (k in seq_along(design$proxies)) {
    judge <- design$proxies[[k]]
    weight <- stats::weighted.mean(core$lambda[, k], core$strata$n_true)
    if (!core$fixed && weight > 0 || grepl("^(!|is\\.na\\()", judge$name)) next
    if (!single && !is_binary_pair(labelled_pair(design, judge, 500))) next  # nor are all of them
    pair <- labelled_pair(design, judge)
    binary <- is_binary_pair(pair)
    if (!(single || binary)) next
    r <- suppressWarnings(stats::cor(pair$human, pair$judge))
    if (is.na(r) || r > -0.1 || sqrt(n_units - 3) * atanh(r) > -3) next
    warn_reversed(design, judge, pair, binary, r, call)
  }
}

labelled_pair <- function(design, judge, most = Inf) {
  known <- rows_with_label(design, most)
  list(human = column_values(design$y, known), judge = column_values(judge, known))
}

is_binary_pair <- function(pair) is_binary(pair$human) && is_binary(pair$judge)

warn_reversed <- function(design, judge, pair, binary, r, call) {
  n <- length(pair$human)
  agreement <- if (binary) {
    chance <- mean(pair$human) * mean(pair$judge) + (1 - mean(pair$human)) * (1 - mean(pair$judge))
    sprintf("They agree in %.0f %% of %s labelled rows; chance alone would give %.0f %%.",
            100 * mean(pair$human == pair$judge), format_count(n), 100 * chance)
  } else {
    sprintf("Their correlation is %.2f in %s labelled rows.", r, format_count(n))
  }
  warn_judicious(
    c("{judge$what %||% 'Judge'} {.var {judge$name}} says the opposite of {.var {design$label}}:
       are its levels reversed?",
      x = agreement, i = if (binary) literal(meaning_of_one(design$y, judge)),
      i = literal(paste0(way_to_turn(design$y, judge, pair, binary), " turns it round."))),
    "reversed", arg = judge$name, correlation = r, call = call
  )
}

meaning_of_one <- function(y, judge) {
  paste0("1 means ", level_of_one(y), " in ", y$name, ", and ", level_of_one(judge), " in ",
         judge$name, ".")
}

level_of_one <- function(column) {
  if (is.factor(column$values)) dQuote(levels(column$values)[2], FALSE) else
    if (is.logical(column$values)) "TRUE" else "1"
}

# The judge is turned, unless only the human labels are a factor.
way_to_turn <- function(y, judge, pair, binary) {
  if (!binary) return(paste0("`", format(sum(range(pair$judge))), " - ", judge$name, "`"))
  column <- if (is.factor(y$values) && !is.factor(judge$values)) y else judge
  levels <- if (is.factor(column$values)) {
    dQuote(rev(levels(column$values)), FALSE)
  } else if (is.logical(column$values)) {
    c("TRUE", "FALSE")
  } else {
    c("1", "0")
  }
  paste0("`factor(", column$name, ", levels = c(", toString(levels), "))`")
}

# --- several labels for one item -------------------------------------------------

# How a join of items with their labels looks: unlabelled items occur once, labelled ones again and
# again with the same judges. Keys are columns that the call does not use, or, if some judge is a
# real-valued score, the judges themselves. What is told cannot well be chance: see is_join().
tell_repeated_items <- function(design, call) {
  if (!is.null(design$clusters)) return(invisible())
  keys <- item_keys(design)
  if (length(keys) == 0L) return(invisible())
  named_item <- attr(keys, "named_item")
  few <- rows_with_label(design, 500)
  delayedAssign("some", rows_with_label(design, 5000))  # most keys are let go before
  delayedAssign("first", rows_with_label(design, most_looked_at))
  for (name in names(keys)) {
    item <- named_item[match(name, names(keys))]
    if (!may_fit(keys[[name]], item, few, design)) next
    if (!may_fit(keys[[name]], item, some, design)) next
    if (!may_repeat_items(keys[[name]], item, first, design)) next
    y <- column_values(design$y)
    key <- keys[[name]](seq_len(design$n))
    if (is_join(key, y, design)) return(warn_several_labels(name, key, y, design, call))
    if (item && is_repeated_label(key, y)) return(warn_repeated_label(name, design, call))
  }
}

# Either pattern needs one value for each key; a key that fails in some rows fails in all.
may_fit <- function(key_of, item, rows, design) {
  key <- key_of(rows)
  judges_go_with(key, rows, design) || item && goes_with(column_values(design$y, rows), key)
}

# What must hold of some rows for either pattern to hold of all: most data are let go here.
may_repeat_items <- function(key_of, item, first, design) {
  key <- key_of(first)
  if (sum(duplicated(key)) < 3L) return(FALSE)
  if (item && goes_with(column_values(design$y, first), key)) return(TRUE)
  if (!judges_go_with(key, first, design)) return(FALSE)
  some <- utils::head(seq_len(design$n), most_looked_at)
  !anyDuplicated(key_of(some[is.na(column_values(design$y, some))]))
}

judges_go_with <- function(key, rows, design) {
  length(design$proxies) == 0L || goes_with(judge_keys(design, rows), key)
}

# One value wherever the key is the same. The first key that comes again often tells.
goes_with <- function(value, key) {
  if (!is.object(key)) {
    again <- anyDuplicated(key)
    if (again == 0L) return(TRUE)
    if (!identical(value[again], value[match(key[again], key)])) return(FALSE)
  }
  pairs <- vctrs::new_data_frame(list(key = key, value = value))
  vctrs::vec_unique_count(pairs) == vctrs::vec_unique_count(key)
}

# Of more labels the first ones show a pattern that matters.
most_looked_at <- 20000

item_names <- paste0("(^|[._ ])(ids?|uuid|items?|examples?|samples?|questions?|prompts?|docs?|",
                     "documents?|cases?|tickets?|conversations?)([._ ]?ids?)?$")

# Functions of rows, and which of them have the name of an item.
item_keys <- function(design) {
  used <- unlist(lapply(design$terms, function(x) all.vars(rlang::get_expr(x))))
  data <- design$data
  free <- setdiff(names(data), used)
  named_item <- grepl(item_names, free, ignore.case = TRUE, perl = TRUE)
  keep <- vapply(seq_along(free), function(k) {
    x <- data[[free[k]]]
    is.null(dim(x)) && (is.character(x) || is.factor(x) || is.integer(x) ||
                          is.numeric(x) && named_item[k])
  }, NA)
  keys <- stats::setNames(lapply(free[keep], function(name) function(rows) data[[name]][rows]),
                          free[keep])
  scores <- Filter(function(proxy) is.double(proxy$values), design$proxies)
  head <- lapply(scores, column_values, utils::head(seq_len(design$n), 100L))
  if (any(vapply(head, function(x) any(x != floor(x), na.rm = TRUE), NA))) {
    keys[["the judges' scores"]] <- function(rows) judge_keys(design, rows)
  }
  structure(keys, named_item = names(keys) %in% free[named_item])
}

# Of groups the same item in two of them is two answers to it. Most keys never repeat among the
# labelled rows, which are few: those are asked first.
key_in_groups <- function(key, y, design) {
  if (is.null(design$by)) return(key)
  ids <- function(rows) {
    vctrs::vec_group_id(vctrs::new_data_frame(list(key[rows], as.integer(design$by$codes[rows]))))
  }
  known <- which(!is.na(y))
  if (anyNA(key[known]) || !anyDuplicated(ids(known))) return(NULL)
  ids(seq_along(y))
}

judge_keys <- function(design, rows) {
  columns <- lapply(design$proxies, column_values, rows)
  if (length(columns) == 1L) return(columns[[1]])
  vctrs::vec_group_id(vctrs::new_data_frame(stats::setNames(columns, seq_along(columns))))
}

# Keys repeat among labelled rows, always with the same judges, and never among the others, where
# at the same rate at least seven pairs would be expected.
is_join <- function(key, y, design) {
  known <- which(!is.na(y))
  labelled <- key[known]
  if (sum(duplicated(labelled)) < 3L || anyNA(labelled)) return(FALSE)
  rest <- key[is.na(y)]
  sizes <- tabulate(vctrs::vec_group_id(labelled))
  n <- length(labelled)
  m <- length(rest)
  expected <- m * (m - 1) / 2 * sum(sizes * (sizes - 1)) / (n * (n - 1))
  if (expected < 7 || anyDuplicated(rest)) return(FALSE)
  if (length(design$proxies) == 0L) return(TRUE)
  pairs <- vctrs::new_data_frame(list(key = labelled, judges = judge_keys(design, known)))
  vctrs::vec_unique_count(pairs) == length(sizes)
}

# Rows of one key are all labelled alike, or not at all, where at least seven keys would be expected
# to differ.
is_repeated_label <- function(key, y) {
  if (!anyDuplicated(key) || anyNA(key)) return(FALSE)
  ids <- vctrs::vec_group_id(key)
  n_keys <- attr(ids, "n")
  if (vctrs::vec_unique_count(vctrs::new_data_frame(list(ids, y))) != n_keys) return(FALSE)
  known <- !is.na(y)
  sizes <- tabulate(ids[known], n_keys)
  shares <- as.vector(table(y[known])) / sum(known)
  alike <- vapply(sort(unique(sizes[sizes > 1])), function(k) {
    sum(sizes == k) * (1 - sum(shares^k))
  }, 0)
  sum(alike) >= 7
}

warn_several_labels <- function(name, key, y, design, call) {
  labelled <- key[!is.na(y)]
  n_items <- vctrs::vec_unique_count(labelled)
  column <- name %in% names(design$data)
  shown <- if (column) name else "item"
  what <- if (column) paste0("values of `", name, "`") else "values of the judges"
  warn_judicious(
    c("Some items have several human labels, which count as independent ones.",
      x = literal(paste0(format_count(length(labelled)), " labelled rows have ",
                         format_count(n_items), " different ", what, ".")),
      i = "One label per item: {.code join_labels(several = \"majority\")}.",
      i = literal(paste0("All labels, as dependent ones: `clusters = ", shown, "`.")),
      i = "To study how people differ: {.fn as_ratings}, {.code evaluate_judge(ratings = )}."),
    "repeated_items", arg = if (column) name else design$label, call = call
  )
}

warn_repeated_label <- function(name, design, call) {
  warn_judicious(
    c("The human label of an item is repeated in all its rows, which count as independent labels.",
      x = literal(paste0("Rows of one `", name, "` never differ in ", design$label, ".")),
      i = literal(paste0("Say that they belong together: `clusters = ", name, "`.")),
      i = "Or use one row per item, such as of {.fn widen_judgments} or {.fn join_labels}."),
    "repeated_items", arg = name, call = call
  )
}
