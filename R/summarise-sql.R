# The summary of a table in a database: labelled rows are fetched, of the others only sums.

summarise_lazy <- function(formula, data, quosures, call) {
  read_lazy(formula, data, quosures, call, function(q, session) {
    most <- quosures$max_groups
    if (!is.null(most)) check_asked_groups(q, most, session, call)
  })$summary
}

# The summary, the labelled rows that it was made from, and its strata and groups as the engine
# spells them. `check(q, session)` looks at the table before anything heavy runs.
read_lazy <- function(formula, data, quosures, call, check = function(q, session) NULL) {
  read_question(sql_question(formula, data, quosures, call), call, check)
}

read_question <- function(q, call, check = function(q, session) NULL) {
  asked <- ask_lazy(q, call, check)
  c(list(summary = sum_lazy(asked, call), labelled = asked$answers$labelled), asked$groups)
}

# `settle(q, session)`: the question that results from a first look; NULL: there is none.
ask_lazy <- function(q, call, check = function(q, session) NULL,
                     settle = function(q, session) q) {
  session <- new_session(q, getOption("judicious.most_fetched", 1e6))
  answers <- with_transaction(session, {
    check(q, session)
    q <- settle(q, session)
    if (!is.null(q)) sql_answers(q, session, call)
  })
  if (is.null(q)) return(NULL)
  groups <- list(strata = sql_groups(q$strata, answers, "strata", call),
                 by = sql_groups(q$by, answers, "by", call))
  list(q = q, session = session, answers = answers, groups = groups)
}

sum_lazy <- function(asked, call) {
  answers <- asked$answers
  session <- asked$session
  summary <- summary_of_answers(asked$q, answers, asked$groups, call)
  summary$sql <- session$sql
  summary$fetched <- list(labelled = nrow(answers$labelled), rest = nrow(answers$rest) %||% 0L,
                          sums = nrow(answers$rows), bytes = session$bytes)
  if (summary$known_prob && is.null(summary$by) && !asked$q$categories) {
    summary$spread <- label_spread(answers$labelled$label, answers$labelled$prob)
  }
  tell_fetched(summary, session)
  summary
}

lazy_design <- function(formula, data, quosures, call) {
  nothing <- rlang::quo(NULL)
  quosures <- c(quosures, list(by = nothing, shard = nothing))
  summary_design(summarise_lazy(formula, data, quosures, call), call)
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
  out[c("pilots", "rows")] <- row_answers(q, out$labelled, session, call)
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

# Judges that say 0 or 1 of labelled rows are counted, others summed up about a pilot value. Where
# other rows do not bear this out, they are asked once more.
row_answers <- function(q, labelled, session, call) {
  binary <- vapply(q$judges, function(judge) is_binary(labelled[[judge]]), NA)
  pilots <- pilot_values(q, labelled)
  rows <- ask(session, row_query(q, pilots, binary, tail_bounds(q, labelled)), call)
  if (all_counted(rows, binary) && all_have_tails(rows, binary)) {
    rows <- sums_of_counts(rows, binary)
  } else {
    rows <- ask(session, row_query(q, pilots), call)
  }
  if (!needs_cell_pilots(q, rows)) return(list(pilots, rows))
  list(NULL, ask(session, row_query(q, NULL), call))
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
  numbers <- c(if (!q$categories) "label", q$judges, q$prob, q$other)
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

is_binary <- function(x) length(x) > 0L && all(x %in% c(0, 1))

# Round numbers, so that they arrive as they were sent; 0 where values are not far from it, and
# squares of integers do not overflow.
pilot_values <- function(q, labelled) {
  vapply(q$judges, function(judge) {
    x <- labelled[[judge]]
    x <- x[is.finite(x)]
    if (length(x) == 0L) return(0)
    near <- length(x) > 1L && abs(mean(x)) <= 10 * stats::sd(x) && max(abs(x)) < 1e4
    if (near) 0 else signif(mean(x), 12)
  }, 0, USE.NAMES = FALSE)
}

# Beyond these lie some of a hundred labelled rows, and so do the extremes of others.
tail_bounds <- function(q, labelled) {
  if (!has_filter(q) || nrow(labelled) == 0L) return(NULL)
  bounds <- function(p) {
    vapply(q$judges, function(judge) {
      x <- labelled[[judge]][is.finite(labelled[[judge]])]
      if (length(x)) stats::quantile(x, p, names = FALSE, type = 1) else 0
    }, 0, USE.NAMES = FALSE)
  }
  list(low = bounds(0.02), high = bounds(0.98))
}

# A cell none of whose rows is so low, or so high, has its extremes elsewhere.
all_have_tails <- function(rows, binary) {
  all(vapply(which(!binary), function(k) {
    empty <- is.na(rows[[paste0("low_", k)]]) | is.na(rows[[paste0("high_", k)]])
    all(!empty | rows[[paste0("missing_", k)]] == rows$n)
  }, NA))
}

all_counted <- function(rows, binary) {
  all(vapply(which(binary), function(k) {
    all(rows$n == rows[[paste0("zeros_", k)]] + rows[[paste0("ones_", k)]])
  }, NA))
}

# Sums of zeros and ones, their range, and that none is missing.
sums_of_counts <- function(rows, binary) {
  for (k in which(binary)) {
    ones <- rows[[paste0("ones_", k)]]
    rows[[paste0("s", k)]] <- rows[[paste0("s", k, "_", k)]] <- ones
    rows[[paste0("low_", k)]] <- as.numeric(ones == rows$n)
    rows[[paste0("high_", k)]] <- as.numeric(ones > 0)
    rows[[paste0("missing_", k)]] <- 0
  }
  rows
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
