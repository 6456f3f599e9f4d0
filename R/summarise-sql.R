# The summary of a table in a database: labelled rows are fetched, of the others only sums.

summarise_lazy <- function(formula, data, quosures, call) {
  q <- sql_question(formula, data, quosures, call)
  session <- new_session(q, getOption("judicious.most_fetched", 1e6))
  answers <- with_transaction(session, sql_answers(q, session, call))
  summary <- summary_of_answers(q, answers, call)
  summary$sql <- session$sql
  summary$fetched <- list(labelled = nrow(answers$labelled), rest = nrow(answers$rest) %||% 0L,
                          sums = nrow(answers$rows), bytes = session$bytes)
  tell_fetched(summary, session)
  summary
}

lazy_design <- function(formula, data, quosures, call) {
  summary <- summarise_lazy(formula, data, quosures, call)
  if (is.null(summary$by)) summary_design(summary, call) else list(summary = summary)
}

tell_fetched <- function(summary, session) {
  fetched <- summary$fetched
  inform_judicious(
    c(i = "Fetched {fetched$labelled} labelled row{?s} and {fetched$sums} row{?s} of sums by
           {length(summary$sql)} quer{?y/ies}.",
      i = if (fetched$rest > 0) "{fetched$rest} row{?s} of totals of partly labelled clusters.",
      `!` = if (!session$one_moment) {
        "Not in one transaction: keep the table as it is while the queries run."
      }),
    "fetched"
  )
}

# --- what is asked, in turn ----------------------------------------------------------------------

sql_answers <- function(q, session, call) {
  out <- list(labelled = fetch_labelled(q, session, call))
  out$pilots <- pilot_values(q, out$labelled)
  out$rows <- ask(session, row_query(q, out$pilots), call)
  if (needs_cell_pilots(q, out$rows)) {
    out$pilots <- NULL
    out$rows <- ask(session, row_query(q, NULL), call)
  }
  out$rows <- out$rows[out$rows$n > 0, , drop = FALSE]
  check_fetched_rows(q, out$rows, session, call)
  if (length(q$prob)) {
    out$outside <- ask(session, outside_query(q), call)
    out$outside <- out$outside[out$outside$n > 0, , drop = FALSE]
    check_outside(out$outside, out$rows, call)
    out$low_probs <- ask_some(session, low_prob_query(other_rows(q), q), "low probabilities", call)
  }
  if (length(q$cluster)) out <- c(out, unit_answers(q, out, session, call))
  out
}

unit_answers <- function(q, answers, session, call) {
  pilots <- answers$pilots
  out <- list(rest = ask_some(session, rest_query(q, pilots), "totals of clusters", call))
  out$size <- typical_size(q, answers$labelled, out$rest)
  parts <- part_query(q, pilots, out$size)
  if (length(q$shard)) {
    check_unsplit(ask(session, utils::head(split_query(parts, q), 1L), call), call)
  }
  out$units <- ask(session, unit_query(parts, q), call)
  out$units <- out$units[out$units$n > 0, , drop = FALSE]
  if (length(q$by)) out$pairs <- ask(session, pair_query(parts, q), call)
  if (length(q$prob)) {
    whole <- dplyr::filter(parts, !!sql_column("whole") == 1)
    out$low_unit_probs <- ask_some(session, low_prob_query(whole, q), "low probabilities", call)
  }
  out
}

fetch_labelled <- function(q, session, call) {
  numbers <- c("label", q$judges, q$prob)
  query <- labelled_rows(q)
  if (q$engine == "sqlite") {
    kinds <- lapply(numbers, function(name) rlang::expr(TYPEOF(!!sql_column(name))))
    query <- dplyr::mutate(query, !!!rlang::set_names(kinds, paste0("kind_", numbers)))
  }
  out <- ask_some(session, query, "labelled rows", call)
  for (name in numbers) {
    check_kinds(out[[paste0("kind_", name)]], q$names[[name]], call)
    out[[name]] <- as.double(out[[name]])
  }
  out
}

# SQLite keeps text in a column of numbers, and its sum would be 0.
check_kinds <- function(kinds, name, call) {
  bad <- setdiff(kinds, c("integer", "real", "null", NA))
  if (length(bad) == 0L) return(invisible())
  abort_judicious(
    c("{.var {name}} must be numeric, logical or a two-level factor.",
      x = "The database has {bad[1]} among its values.",
      i = "Compare or convert it in the formula, for example {.code (label == \"yes\") ~ judge}."),
    "type", arg = name, call = call
  )
}

# Round numbers, so that they arrive as they were sent; 0 where a judge says 0 or 1.
pilot_values <- function(q, labelled) {
  vapply(q$judges, function(judge) {
    x <- labelled[[judge]]
    x <- x[is.finite(x)]
    if (length(x) == 0L || all(x %in% c(0, 1))) 0 else signif(mean(x), 12)
  }, 0, USE.NAMES = FALSE)
}

# Far from a pilot value, squares have lost too many digits: more than 100 standard deviations.
needs_cell_pilots <- function(q, rows) {
  if (!length(cell_columns(q)) && !nrow(rows)) return(FALSE)
  far <- vapply(seq_along(q$judges), function(k) {
    n <- rows$n
    squares <- as.double(rows[[paste0("s", k, "_", k)]])
    shift <- as.double(rows[[paste0("s", k)]])^2 / n
    constant <- rows[[paste0("low_", k)]] == rows[[paste0("high_", k)]]
    any(!constant & shift > 1e4 * (squares - shift), na.rm = TRUE)
  }, NA)
  any(far)
}

typical_size <- function(q, labelled, rest) {
  sizes <- rest$m
  if (!length(sizes)) sizes <- vctrs::vec_count(labelled[unit_columns(q)])$count
  if (length(sizes)) round(mean(sizes)) else 0
}

# --- what may be wrong ---------------------------------------------------------------------------

check_fetched_rows <- function(q, rows, session, call) {
  if (sum(rows$odd) > 0) check_odd_labels(q, session, call)
  for (k in seq_along(q$judges)) {
    name <- q$names[[q$judges[k]]]
    check_kinds(rows[[paste0("kind_", k)]], name, call)
    sums <- rows[[paste0("s", k, "_", k)]]
    missing <- sum(rows$n - rows[[paste0("met_", k)]])
    if (missing == 0 && all(is.finite(sums))) next
    abort_judge(name, missing, call)
  }
  if (length(q$cluster)) check_no_missing(sum(rows$n - rows$in_cluster), "clusters", call)
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

# --- answers to a summary ------------------------------------------------------------------------

summary_of_answers <- function(q, answers, call) {
  groups <- list(strata = sql_groups(q$strata, answers, "strata", call),
                 by = sql_groups(q$by, answers, "by", call))
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
  list(
    n = nrow(labelled) + NROW(rest), label = q$label, formula = q$formula,
    y = new_column(c(labelled$label, rep(NA_real_, NROW(rest))), q$label),
    proxies = unname(lapply(q$judges, function(judge) {
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

# --- sums, cell by cell --------------------------------------------------------------------------

# Sums of what belongs to one cell: shards of it are added up.
by_cell <- function(table, cells, make) {
  if (NROW(table) == 0L) return(list())
  groups <- split(seq_len(nrow(table)), cells(table))
  unname(Map(function(cell, rows) make(as.double(cell), table[rows, , drop = FALSE]),
             names(groups), groups))
}

sum_vector <- function(part, prefix, n) {
  vapply(seq_len(n), function(i) sum(part[[paste0(prefix, i)]]), 0)
}

sum_matrix <- function(part, prefix, n, symmetric = TRUE) {
  out <- matrix(0, n, n)
  for (i in seq_len(n)) {
    for (j in if (symmetric) seq_len(i) else seq_len(n)) {
      out[i, j] <- sum(part[[paste0(prefix, i, "_", j)]])
      if (symmetric) out[j, i] <- out[i, j]
    }
  }
  out
}

pilots_of <- function(q, pilots, part) {
  if (!is.null(pilots)) return(as.double(pilots))
  vapply(seq_along(q$judges), function(k) as.double(part[[paste0("pilot_", k)]][1]), 0)
}

row_cells <- function(q, answers, cells) {
  m <- length(q$judges)
  extreme <- function(part, prefix, f) {
    vapply(seq_len(m), function(k) as.double(f(part[[paste0(prefix, k)]])), 0)
  }
  low <- cell_probs(answers$low_probs, cells)
  by_cell(answers$rows, cells, function(cell, part) {
    out <- list(
      cell = cell, n = sum(part$n), pilot = pilots_of(q, answers$pilots, part),
      sum = sum_vector(part, "s", m), cross = sum_matrix(part, "s", m),
      low = extreme(part, "low_", min), high = extreme(part, "high_", max)
    )
    if (!length(q$prob)) return(out)
    c(out, list(
      weighted_n = sum(part$w), weighted_sum = sum_vector(part, "w", m),
      weighted_cross = sum_matrix(part, "w", m), lowest_prob = min(part$lowest_prob),
      highest_prob = max(part$highest_prob), n_dropped = dropped_in(answers$outside, cells, cell),
      low_probs = low(cell)
    ))
  })
}

dropped_in <- function(outside, cells, cell) {
  if (NROW(outside) == 0L) 0 else sum(outside$n[cells(outside) == cell])
}

cell_probs <- function(low_probs, cells) {
  where <- if (NROW(low_probs) > 0L) cells(low_probs)
  function(cell) {
    rows <- which(where == cell)
    list(prob = as.double(low_probs$prob[rows]), n = as.double(low_probs$n[rows]))
  }
}

# The pilot of a unit's cell is that of its rows.
unit_cells <- function(q, answers, cells) {
  m <- length(q$judges)
  low <- cell_probs(answers$low_unit_probs, cells)
  by_cell(answers$units, cells, function(cell, part) {
    out <- list(
      cell = cell, n = sum(part$n), n_rows = sum(part$n_rows), size = answers$size,
      pilot = pilots_in(q, answers, cells, cell), sum = sum_vector(part, "s", 1 + m),
      cross = sum_matrix(part, "s", 1 + m), mean_sum = sum_vector(part, "a", m),
      mean_cross = sum_matrix(part, "a", m)
    )
    if (!length(q$prob)) return(out)
    c(out, list(sum_inverse = sum(part$inverse), whole = sum(part$n_whole) == sum(part$n),
                poisson = sum_matrix(part, "p", 1 + m), low_probs = low(cell)))
  })
}

pilots_in <- function(q, answers, cells, cell) {
  part <- if (is.null(answers$pilots)) {
    answers$rows[match(cell, cells(answers$rows)), , drop = FALSE]
  }
  pilots_of(q, answers$pilots, part)
}

unit_pairs <- function(q, answers, cells) {
  pairs <- answers$pairs
  if (NROW(pairs) == 0L) return(list())
  a <- cells(pairs, "_a")
  b <- cells(pairs, "_b")
  m <- length(q$judges)
  lapply(seq_len(nrow(pairs)), function(i) {
    part <- pairs[i, , drop = FALSE]
    out <- list(
      a = a[i], b = b[i], n = as.double(part$n), pilot_a = pilots_in(q, answers, cells, a[i]),
      pilot_b = pilots_in(q, answers, cells, b[i]),
      aa = sum_matrix(part, "taa", 1 + m), bb = sum_matrix(part, "tbb", 1 + m),
      ab = sum_matrix(part, "tab", 1 + m, FALSE),
      mean_aa = beside_one(part$n, sum_matrix(part, "vaa", m), sum_vector(part, "va", m)),
      mean_bb = beside_one(part$n, sum_matrix(part, "vbb", m), sum_vector(part, "vb", m)),
      mean_ab = beside_one(part$n, sum_matrix(part, "vab", m, FALSE), sum_vector(part, "va", m),
                           sum_vector(part, "vb", m))
    )
    if (a[i] < b[i]) out else swap_pair(out)
  })
}

# Products of (1, a) and (1, b).
beside_one <- function(n, products, a, b = a) {
  rbind(c(as.double(n), b), cbind(a, products, deparse.level = 0), deparse.level = 0)
}

swap_pair <- function(x) {
  list(a = x$b, b = x$a, n = x$n, pilot_a = x$pilot_b, pilot_b = x$pilot_a,
       aa = x$bb, bb = x$aa, ab = t(x$ab),
       mean_aa = x$mean_bb, mean_bb = x$mean_aa, mean_ab = t(x$mean_ab))
}

tell_outside <- function(outside, call) {
  n <- sum(outside$n)
  zero <- sum(outside$zero)
  tell_rows_dropped(n - zero, zero, call)
}

# --- the queries ---------------------------------------------------------------------------------

#' Show what was asked of a database
#'
#' @description
#' Prints the SQL that [summarise_labels()] sent for a lazy table.
#' @param x A summary of labels.
#' @param ... Not used.
#' @return `x`, invisibly.
#' @examplesIf rlang::is_installed(c("dbplyr", "RSQLite"))
#' con <- DBI::dbConnect(RSQLite::SQLite(), ":memory:")
#' answers <- simulate_binary(200, true_mean = 0.1, proxy_mean = 0.05, correlation = 0.6)
#' answers$y_true[51:200] <- NA
#' DBI::dbWriteTable(con, "answers", as.data.frame(answers))
#' summary <- summarise_labels(y_true ~ y_proxy, dplyr::tbl(con, "answers"))
#' dplyr::show_query(summary)
#' DBI::dbDisconnect(con)
#' @name show_query.judicious_summary
#' @exportS3Method dplyr::show_query
show_query.judicious_summary <- function(x, ...) {
  if (is.null(x$sql)) {
    writeLines("No database was asked: the rows were in memory.")
  } else {
    writeLines(paste0(x$sql, ";\n"))
  }
  invisible(x)
}
