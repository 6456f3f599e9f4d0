# What may be wrong with a table in a database, as far as sums and labelled rows tell.

check_fetched_rows <- function(q, rows, session, call) {
  if (q$nan_labels && sum(rows$odd) > 0) check_odd_labels(q, session, call)
  for (k in seq_along(q$judges)) {
    name <- q$names[[q$judges[k]]]
    check_kinds(rows[[paste0("kind_", k)]], name, call)
    sums <- rows[[paste0("s", k, "_", k)]]
    missing <- sum(rows[[paste0("missing_", k)]])
    if (missing == 0 && all(is.finite(sums))) next
    abort_judge(name, missing, call)
  }
  if (length(q$cluster)) check_no_missing(sum(rows$no_cluster), "clusters", call)
}

abort_judge <- function(name, missing, call) {
  what <- if (missing > 0) {
    "It is NULL in {missing} unlabelled row{?s}."
  } else {
    "It is NaN or infinite in some row, or its squares overflow."
  }
  abort_judicious(
    c("{.var {name}} is a judge and must have a finite value in every row.", x = what,
      i = "Leave such rows out by {.code filter()}, if that is what you mean."),
    "finite", arg = name, call = call
  )
}

# NaN is no label, as in memory; an infinite one is an error.
check_odd_labels <- function(q, session, call) {
  odd <- dplyr::filter(other_rows(q), !is.na(!!sql_column("label")))
  found <- ask(session, dplyr::summarise(by_columns(odd, "label"), n = dplyr::n()), call)
  infinite <- is.infinite(found$label)
  if (!any(infinite)) return(invisible())
  name <- q$names[["label"]]
  abort_judicious(
    c("{.var {name}} must not be infinite.", x = "{sum(found$n[infinite])} row{?s} {?is/are}."),
    "finite", arg = name, call = call
  )
}

check_no_missing <- function(n, arg, call) {
  if (n == 0) return(invisible())
  abort_judicious(
    c("{.arg {arg}} must not be missing.", x = "It is NULL in {n} row{?s}.",
      i = "Give these rows an id of their own or remove them."),
    "missing_id", arg = arg, call = call
  )
}

check_outside <- function(outside, rows, call) {
  negative <- sum(outside$negative)
  high <- max(0, rows$highest_prob)
  if (negative > 0 || high > 1) {
    abort_judicious(c("{.var prob} must lie in [0, 1].",
                      x = "It is {if (negative > 0) 'negative' else high} in some row."),
                    "prob", arg = "prob", call = call)
  }
  if (high == 1) {
    abort_judicious("{.var prob} is 1 for a row that nobody labelled: it must be below 1 there.",
                    "prob", arg = "prob", call = call)
  }
}

check_unsplit <- function(split, call) {
  if (nrow(split) == 0L) return(invisible())
  abort_judicious(
    c("A cluster must lie in one shard.", x = "Cluster {.val {split$cluster[1]}} lies in two."),
    "clusters", arg = "shard", call = call
  )
}
