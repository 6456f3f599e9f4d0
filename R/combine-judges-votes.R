# Labels of several judges as the user gives them, as integer codes.

# A list with `codes` (one integer vector per column: 0 to K - 1, -1 = no label), `column_judge`
# (from 0), `judges`, `classes` (a vector of the labels' type), `gold` (1 to K or NA), `item_id`,
# `n_items`.
read_votes <- function(labels, gold, call) {
  if (!is.data.frame(labels) && !is.matrix(labels)) {
    abort_judicious(
      c("{.arg labels} must be a matrix or data frame with a column per judge.",
        x = "It is {.obj_type_friendly {labels}}."),
      "type", arg = "labels", call = call
    )
  }
  long <- long_columns(labels)
  wide <- if (is.null(long)) wide_votes(labels) else long_votes(labels, long, gold, call)
  check_vote_types(c(wide$columns, list(wide$gold %||% gold)), call)
  if (is.null(long) && length(wide$columns) > 1L) {
    check_rater_columns(unname(wide$columns), colnames(labels), "labels", call)
  }
  if (length(wide$columns) == 0L || wide$n_items == 0L) {
    abort_judicious("{.arg labels} must have at least one item and one judge.", "length",
                    arg = "labels", call = call)
  }
  gold <- wide$gold %||% gold
  if (is.null(gold)) gold <- rep(NA, wide$n_items)
  check_length(gold, wide$n_items, arg = "gold", n_arg = "row of `labels`", call = call)
  classes <- label_classes(c(wide$columns, list(gold)), call)
  # "Yes" and "yes" are one vote.
  folded <- fold_label(as.character(classes))
  classes <- classes[!duplicated(folded)]
  if (is.factor(classes)) classes <- droplevels(classes)
  code <- function(x) match(fold_label(as.character(x)), unique(folded))
  vote <- function(x) ifelse(is.na(x), -1L, code(x) - 1L)
  list(
    codes = lapply(unname(wide$columns), vote),
    column_judge = wide$column_judge, judges = wide$judges, classes = classes, gold = code(gold),
    item_id = wide$item_id, n_items = wide$n_items
  )
}

# Names of the columns of a long table, or NULL.
long_columns <- function(labels) {
  if (!is.data.frame(labels)) return(NULL)
  for (names in list(c("item_id", "judge", "label"), c("item", "rater", "rating"))) {
    if (all(names %in% names(labels))) return(names)
  }
  NULL
}

wide_votes <- function(labels) {
  judges <- colnames(labels) %||% paste("judge", seq_len(ncol(labels)))
  columns <- lapply(seq_len(ncol(labels)), function(k) labels[, k, drop = TRUE])
  list(columns = columns, column_judge = seq_along(columns) - 1L, judges = judges,
       item_id = seq_len(nrow(labels)), n_items = nrow(labels))
}

# One column per judge and repetition.
long_votes <- function(labels, names, gold, call) {
  ids <- labels[[names[1]]]
  judge <- labels[[names[2]]]
  for (k in 1:2) {
    missing <- which(is.na(labels[[names[k]]]))
    if (length(missing) > 0L) abort_missing_id(missing, paste0("labels$", names[k]), call)
  }
  item <- vctrs::vec_group_id(ids)
  judges <- sort(unique(as.character(judge)))
  judge <- match(as.character(judge), judges)
  repetition <- vctrs::vec_rep(1L, length(item))
  cells <- vctrs::vec_group_loc(vctrs::new_data_frame(list(item = as.integer(item), judge = judge)))
  repetition[unlist(cells$loc)] <- sequence(lengths(cells$loc))
  keys <- unique(data.frame(judge, repetition))
  keys <- keys[order(keys$judge, keys$repetition), ]
  columns <- Map(function(j, r) {
    rows <- which(judge == j & repetition == r)
    vctrs::vec_assign(vctrs::vec_init(labels[[names[3]]], attr(item, "n")), item[rows],
                      labels[[names[3]]][rows])
  }, keys$judge, keys$repetition)
  list(columns = columns, column_judge = keys$judge - 1L, judges = judges,
       item_id = vctrs::vec_unique(ids), n_items = attr(item, "n"),
       gold = long_gold(gold, item, nrow(labels), call))
}

# A gold label per row becomes one per item.
long_gold <- function(gold, item, n, call) {
  if (is.null(gold)) return(NULL)
  check_length(gold, n, arg = "gold", n_arg = "row of `labels`", call = call)
  known <- which(!is.na(gold))
  first <- known[!duplicated(item[known])]
  out <- vctrs::vec_assign(vctrs::vec_init(gold, attr(item, "n")), item[first], gold[first])
  bad <- known[as.character(out[item[known]]) != as.character(gold[known])]
  if (length(bad) > 0L) {
    abort_judicious(
      c("{.arg gold} must be the same in all rows of an item.",
        x = "Row {bad[1]} has {.val {gold[bad[1]]}}, an earlier one {.val {out[item[bad[1]]]}}."),
      "gold", arg = "gold", where = bad, call = call
    )
  }
  out
}

check_vote_types <- function(columns, call) {
  known <- vapply(columns, function(x) {
    plain <- (is.character(x) || is_number_like(x)) && !inherits(x, "judicious_confidence")
    is.null(x) || is.factor(x) || (plain && is.null(dim(x)))
  }, NA)
  if (!all(known)) {
    abort_judicious("Labels must be strings, factors, logicals or numbers.", "type",
                    arg = "labels", call = call)
  }
}

# All labels that occur: levels of factors in their order, else sorted.
label_classes <- function(columns, call) {
  columns <- Filter(function(x) is.factor(x) || any(!is.na(x)), columns)
  if (any(vapply(columns, is.factor, NA))) {
    text <- unlist(lapply(columns, function(x) {
      if (is.factor(x)) levels(x) else sort_labels(unique(as.character(x[!is.na(x)])))
    }))
    return(factor(unique(text), unique(text)))
  }
  values <- rlang::try_fetch(
    vctrs::vec_c(!!!unname(lapply(columns, vctrs::vec_unique))),
    vctrs_error_incompatible_type = function(cnd) {
      abort_judicious(
        c("All judges, and {.arg gold}, must have labels of one type.",
          x = conditionMessage(cnd)),
        "type", arg = "labels", call = call
      )
    }
  )
  values <- unique(values[!is.na(values)])
  if (is.character(values)) sort_labels(values) else sort(values)
}
