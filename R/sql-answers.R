# From the answers of a database to a summary of labels.

summary_of_answers <- function(q, answers, groups, call) {
  design <- fetched_design(q, answers, groups, call)
  cells <- function(table, suffix = "") cell_of(table, q, groups, suffix)
  queried <- list(
    rows = row_cells(q, answers, cells), units = unit_cells(q, answers, cells),
    pairs = unit_pairs(q, answers, cells)
  )
  if (design$n == 0 && !length(queried$rows)) {
    abort_judicious("There are no rows: {.var {q$label}} is empty.", "empty", call = call)
  }
  core <- call_core(summarise_queried_cpp(design, nrow(answers$labelled), queried), call)
  if (!core$facts$prob_valid) abort_prob(design, call)
  check_values_finite(design, call, core$facts)
  tell_outside(answers$outside, call)
  make_summary(design, core)
}

# Positions of the strata, or groups, of all that came back.
sql_groups <- function(columns, answers, arg, call) {
  if (!length(columns)) return(NULL)
  tables <- Filter(function(x) NROW(x) > 0 && all(columns %in% names(x)), answers)
  keys <- lapply(unname(tables), function(x) x[columns])
  keys <- if (length(keys)) vctrs::vec_unique(vctrs::vec_rbind(!!!keys)) else answers$rows[columns]
  check_no_missing(sum(!stats::complete.cases(keys)), arg, call)
  list(columns = columns, table = keys, n = nrow(keys),
       keys = if (length(columns) == 1L) keys[[1]] else keys)
}

# Codes of a table's rows, from 1.
codes_of <- function(table, groups, suffix = "") {
  if (is.null(groups)) return(rep(1L, NROW(table)))
  if (NROW(table) == 0L) return(integer())
  keys <- rlang::set_names(table[key_names(groups$columns, table, suffix)], groups$columns)
  vctrs::vec_match(keys, vctrs::vec_cast(groups$table, keys))
}

# Of a pair of parts, the group has a suffix, the stratum is shared.
key_names <- function(columns, table, suffix) {
  ifelse(columns %in% names(table), columns, paste0(columns, suffix))
}

cell_of <- function(table, q, groups, suffix) {
  n_groups <- if (is.null(groups$by)) 1 else groups$by$n
  (codes_of(table, groups$strata) - 1) * n_groups + codes_of(table, groups$by, suffix)
}

# Labelled rows, then one row for the other rows of each labelled cluster.
fetched_design <- function(q, answers, groups, call) {
  labelled <- answers$labelled
  rest <- rest_as_rows(q, answers$rest, answers$pilots)
  both <- function(name) c(labelled[[name]], as.double(rest[[name]]))
  as_codes <- function(groups) {
    if (is.null(groups)) return(NULL)
    codes <- c(codes_of(labelled, groups), codes_of(rest, groups))
    list(codes = as.integer(codes), first = 1L, n = groups$n, keys = groups$keys)
  }
  y <- lapply(q$responses %||% list(labelled$label), function(y) {
    new_column(c(y, rep(NA, NROW(rest))), q$label)
  })
  list(
    n = nrow(labelled) + NROW(rest), label = q$label, formula = q$formula,
    y = y[[1]], more_y = y[-1], proxies = unname(lapply(q$judges, function(judge) {
      new_column(both(judge), q$names[[judge]])
    })),
    strata = as_codes(groups$strata), by = as_codes(groups$by),
    clusters = if (length(q$cluster)) fetched_clusters(q, labelled, rest, call),
    prob = if (length(q$prob)) new_column(both("prob"), "prob"),
    count = if (length(q$cluster)) new_column(c(rep(1, nrow(labelled)), as.double(rest$m)), "count")
  )
}

rest_as_rows <- function(q, rest, pilots) {
  for (k in seq_along(q$judges)) {
    pilot <- if (is.null(pilots)) rest[[paste0("pilot_", k)]] else pilots[k]
    if (!is.null(rest)) rest[[q$judges[k]]] <- pilot + rest[[paste0("total_", k)]] / rest$m
  }
  rest
}

# Clusters whose ids recur in several strata are different clusters.
fetched_clusters <- function(q, labelled, rest, call) {
  columns <- unit_columns(q)
  tables <- Filter(function(x) nrow(x) > 0, list(labelled[columns], rest[columns]))
  if (!length(tables)) return(list(codes = integer(), first = 1L, n = 0, keys = character()))
  units <- vctrs::vec_rbind(!!!tables)
  check_no_missing(sum(is.na(units$cluster)), "clusters", call)
  codes <- vctrs::vec_group_id(units)
  keys <- vctrs::vec_unique(units)$cluster
  list(codes = as.integer(codes), first = 1L, n = attr(codes, "n"),
       keys = if (!anyDuplicated(keys)) keys)
}
