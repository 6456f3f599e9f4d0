# Samples of tables in databases: rows with the smallest random keys are drawn where they are, and
# only their ids come back. Where the engine has no hash for its ids, or a method needs to know all
# rows, ids (and uncertainties) are fetched, which a message says.

#' Draw from a table in a database
#'
#' @description
#' [sample_uniform()], [sample_stratified()] and [sample_active()] take a lazy table of \pkg{dbplyr}
#' as `data`, and the column `id` that tells its rows apart; strata, judge and uncertainty are then
#' columns of the table. The draw is made in the database, and only the rows that were drawn come
#' back: `id`, `prob` and `selected`. [reveal_labels()] fetches those rows, for people to label.
#'
#' - Every row gets a random key from its id and a seed, and the smallest keys are drawn. The same
#'   [set.seed()] gives the same rows in any order and on any shard. Ids that are whole numbers are
#'   hashed by a random polynomial of degree 5 modulo \eqn{2^{31}-1}{2^31 - 1}, which every engine
#'   can compute: the keys of any six ids below that are independent; larger ids by the sum of two.
#'   Text is hashed by MD5 in PostgreSQL, Redshift, DuckDB, Spark, Snowflake, MySQL and BigQuery.
#'   SQLite and SQL Server have no hash of text that is used here: there the ids are fetched, and a
#'   message says how many.
#' - Strata are counted, and the judge's standard deviations summed up, by the engine. The first
#'   rows by key come back, from each stratum as many as the largest share.
#' - `sample_active()` fetches the ids and uncertainties of all rows (at most
#'   `options(judicious.most_fetched = 1e6)`), by `method = "pivotal"`. The probability of any row
#'   is in the attribute `"prob"`, an expression that [estimate_mean()] takes:
#'   `rlang::inject(estimate_mean(human ~ judge, table, prob = !!attr(plan, "prob")))`.
#'
#' The ids must differ. That is checked of the rows that come back: rows with one id have one key,
#' so they are drawn together.
#' @section Errors:
#' `judicious_error_required` without `id`, `judicious_error_missing_id` if an id is missing,
#' `judicious_error_duplicate` if one comes back twice, `judicious_error_type` if `data` is no lazy
#' table or ids are neither whole numbers nor text, `judicious_error_too_many` if more would be
#' fetched than is allowed, `judicious_error_database` if the database does not answer, and those
#' of the samplers.
#' @references Wegman, M. N. and Carter, J. L. (1981). New hash functions and their use in
#'   authentication and set equality. *Journal of Computer and System Sciences*, 22(3), 265-279.
#' @examplesIf rlang::is_installed(c("dbplyr", "RSQLite"))
#' con <- DBI::dbConnect(RSQLite::SQLite(), ":memory:")
#' answers <- simulate_binary(2000, true_mean = 0.1, proxy_mean = 0.05, correlation = 0.6)
#' answers$item <- seq_len(2000)
#' DBI::dbWriteTable(con, "answers", as.data.frame(answers))
#' table <- dplyr::tbl(con, "answers")
#'
#' set.seed(1)
#' plan <- sample_stratified(y_proxy, n = 100, allocation = "proportional", data = table, id = item)
#' plan
#' head(reveal_labels(table, plan))
#' DBI::dbDisconnect(con)
#' @name sample_tables
#' @family samplers
NULL

# The table with columns id, stratum_1, ... and value, and what is known of its ids.
sample_frame <- function(data, id, quosures, call) {
  check_sample_table(data, id, call)
  rlang::check_installed(c("dbplyr", "dplyr", "DBI"), "to draw from a table of a database.")
  nothing <- rlang::quo(NULL)
  columns <- c(list(id = id),
               number_names(id_columns(quosures$strata %||% nothing), "stratum"),
               list(value = quosures$value %||% nothing))
  columns <- Filter(Negate(rlang::quo_is_null), columns)
  con <- lazy_connection(data, call)
  types <- sql_types(data, columns, NULL, call)
  frame <- list(
    table = plain_columns(data, columns), con = con, engine = sql_engine(con),
    id = rlang::as_label(id), id_kind = id_kind(types$id, rlang::as_label(id), call),
    strata = grep("^stratum_", names(columns), value = TRUE)
  )
  if (!is.null(columns$value)) {
    check_number_like(types$value, rlang::as_label(columns$value), call)
  }
  frame
}

check_sample_table <- function(data, id, call) {
  if (!is_lazy(data)) {
    abort_judicious(
      c("{.arg data} must be a lazy table of a database, not {.obj_type_friendly {data}}.",
        i = "Of rows in memory, give the columns themselves and leave {.arg data} out."),
      "type", arg = "data", call = call
    )
  }
  if (!rlang::quo_is_null(id)) return(invisible())
  abort_judicious(
    c("{.arg id} is required: the column that tells the rows of {.arg data} apart.",
      i = "The table has the column{?s} {.var {colnames(data)}}."),
    "required", arg = "id", call = call
  )
}

abort_total_of_table <- function(call) {
  abort_judicious("{.arg n_total} is counted in {.arg data}: leave it out.", "design",
                  arg = "n_total", call = call)
}

check_no_sample_table <- function(id, call) {
  if (rlang::quo_is_null(id)) return(invisible())
  abort_judicious("{.arg id} goes with {.arg data}, a table of a database.", "design", arg = "id",
                  call = call)
}

id_kind <- function(x, name, call) {
  if (is.character(x) || is.factor(x)) return("text")
  if (is.numeric(x)) return("integer")
  abort_judicious(
    c("{.var {name}} must be whole numbers or text to tell rows apart.",
      x = "It is {.obj_type_friendly {x}}."),
    "type", arg = "id", call = call
  )
}

# How many rows, and that each has an id of its kind.
id_facts <- function(frame, session, call) {
  id <- sql_column("id")
  whole <- frame$id_kind == "integer"
  type <- dbplyr::sql(sql_bigint(frame$engine))
  facts <- ask(session, dplyr::summarise(
    frame$table, n = dplyr::n(), missing = sum(!!as_flag(rlang::expr(is.na(!!id))), na.rm = TRUE),
    !!!if (whole) {
      list(odd = sum_of(as_flag(rlang::expr(CAST(!!id %AS% !!type) != !!id))),
           low = rlang::expr(min(!!id, na.rm = TRUE)), high = rlang::expr(max(!!id, na.rm = TRUE)))
    }
  ), call)
  if (facts$n == 0) abort_judicious("{.arg data} has no rows.", "empty", arg = "data", call = call)
  check_no_missing(facts$missing, "id", call)
  if (whole && facts$odd > 0) {
    abort_judicious(
      c("{.var {frame$id}} must be whole numbers to tell rows apart.",
        x = "{facts$odd} row{?s} {?has/have} something else."), "type", arg = "id", call = call
    )
  }
  known <- intersect(c("n", "low", "high"), names(facts))
  frame[known] <- lapply(facts[known], as.double)
  frame
}

sample_session <- function(frame) new_session(frame, getOption("judicious.most_fetched", 1e6))

in_sample_frame <- function(data, id, quosures, call, code) {
  frame <- sample_frame(data, id, quosures, call)
  session <- sample_session(frame)
  with_transaction(session, code(id_facts(frame, session, call), session))
}

sample_uniform_table <- function(n, data, id, call) {
  in_sample_frame(data, id, list(), call, function(frame, session) {
    n <- check_draws(n, frame$n, "rows", "n", call)
    ids <- if (can_hash(frame)) {
      keyed <- dplyr::transmute(frame$table, id = !!sql_column("id"), key = !!key_expression(frame))
      ask(session, utils::head(dplyr::arrange(keyed, !!!rlang::syms(c("key", "id"))), n), call)$id
    } else {
      rows <- fetch_frame(frame, session, call)
      rows$id[sample_uniform_cpp(nrow(rows), n)$selected == 1L]
    }
    new_table_sample(ids, rep(n / frame$n, n), frame, session, method = "uniform", budget = n,
                     call = call)
  })
}

# All ids, and what else is asked of a row, in the order of the ids.
fetch_frame <- function(frame, session, call) {
  rows <- ask_some(session, frame$table, "ids", call)
  inform_judicious(
    "Fetched {nrow(rows)} id{?s}: {if (can_hash(frame)) 'this method must know all rows' else
     'the engine has no hash of text'}.",
    "fetched"
  )
  rows <- rows[order(rows$id, method = "radix"), , drop = FALSE]
  check_ids_differ(rows$id, frame, call)
  rows
}

check_ids_differ <- function(ids, frame, call) {
  again <- ids[duplicated(ids)]
  if (length(again) == 0L) return(invisible())
  abort_judicious(
    c("{.var {frame$id}} must tell the rows apart.", x = "{.val {again[1]}} is there twice."),
    "duplicate", arg = "id", call = call
  )
}

# A sample whose rows are those drawn, with their ids; the others stay where they are.
new_table_sample <- function(ids, prob, frame, session, ..., call) {
  check_ids_differ(ids, frame, call)
  drawn <- new_judicious_sample(
    list(prob = as.double(prob), selected = rep(1L, length(ids))), n_units = frame$n, ...,
    id = frame$id, sql = session$sql
  )
  facts <- attributes(drawn)
  facts$names <- c("id", facts$names)
  out <- c(list(ids), unclass(drawn))
  attributes(out) <- facts
  out
}

# --- strata --------------------------------------------------------------------------------------

sample_stratified_table <- function(quosures, n, allocation, data, id, call) {
  if (allocation == "neyman" && rlang::quo_is_null(quosures$value)) {
    check_stratum_proxy(NULL, 1, call)
  }
  if (allocation != "neyman") quosures$value <- rlang::quo(NULL)
  in_sample_frame(data, id, quosures, call, function(frame, session) {
    n <- check_draws(n, frame$n, "rows", "n", call)
    found <- stratum_facts(frame, session, call)
    groups <- with_integer_codes(as_groups(found[frame$strata], nrow(found), TRUE, "strata",
                                           call))
    order <- group_order(groups)
    at <- order(groups$codes)
    table <- vctrs::data_frame(stratum = group_labels(groups), n_total = found$n[at],
                               sd_proxy = found$sd[at])
    table <- vctrs::vec_slice(table, order)
    table$n <- allocate_labels(table, n, allocation, call)
    table$prob <- table$n / table$n_total
    drawn <- draw_in_strata(frame, table, session, call)
    row <- match(drawn$stratum, table$stratum)
    if (allocation != "neyman") table$sd_proxy <- NULL
    new_table_sample(drawn$id, table$prob[row], frame, session, method = allocation, budget = n,
                     allocation = table, strata = drawn$stratum, call = call)
  })
}

# Sizes, and the judge's standard deviations about the mean of each stratum.
stratum_facts <- function(frame, session, call) {
  by <- frame$strata
  value <- sql_column("value")
  if (!"value" %in% colnames(frame$table)) {
    found <- ask(session, sums_by(frame$table, by, n = dplyr::n()), call)
    found$sd <- NA_real_
  } else {
    number <- as_sql_number(value, 0, frame$engine)
    table <- dplyr::mutate(frame$table, value = !!number)
    means <- sums_by(table, by, centre = mean(!!value, na.rm = TRUE))
    off <- rlang::expr((!!value - !!sql_column("centre")))
    found <- ask(session, sums_by(
      dplyr::inner_join(table, means, by = by), by, n = dplyr::n(),
      missing = !!count_where(frame, rlang::expr(is.na(!!value))),
      squares = !!sum_of(times(off, off))
    ), call)
    if (sum(found$missing) > 0) abort_judge("y_proxy", sum(found$missing), call)
    found$sd <- sqrt(found$squares / pmax(found$n - 1, 1))
  }
  found$n <- as.double(found$n)
  check_no_missing(sum(!stats::complete.cases(found[by])), "strata", call)
  check_no_missing(frame$n - sum(found$n), "strata", call)
  found
}

# The first rows of every stratum by key: as many as the largest share from each, cut here.
draw_in_strata <- function(frame, allocation, session, call) {
  keep <- c("id", frame$strata)
  if (!can_hash(frame)) {
    rows <- fetch_frame(frame, session, call)
    groups <- with_integer_codes(as_groups(rows[frame$strata], nrow(rows), TRUE, "strata",
                                           call))
    by_code <- allocation[match(group_labels(groups), allocation$stratum), ]
    drawn <- sample_strata_cpp(groups$codes, groups$first, by_code$n, by_code$n_total)
    chosen <- which(drawn$selected == 1L)
    codes <- as.integer(groups$codes)[chosen] - groups$first + 1L
    return(list(id = rows$id[chosen], stratum = group_labels(groups)[codes]))
  }
  keyed <- dplyr::transmute(frame$table, !!!rlang::syms(keep), key = !!key_expression(frame))
  ranked <- dbplyr::window_order(by_columns(keyed, frame$strata), !!!rlang::syms(c("key", "id")))
  ranked <- dplyr::mutate(ranked, place = dplyr::row_number())
  first <- dplyr::filter(dplyr::ungroup(ranked), !!sql_column("place") <= !!max(allocation$n))
  rows <- ask_some(session, first, "ids", call)
  groups <- as_groups(rows[frame$strata], nrow(rows), TRUE, "strata", call)
  stratum <- group_labels(groups)[as.integer(groups$codes) - groups$first + 1L]
  chosen <- rows$place <= allocation$n[match(stratum, allocation$stratum)]
  list(id = rows$id[chosen], stratum = stratum[chosen])
}

# --- uncertainties -------------------------------------------------------------------------------

sample_active_table <- function(quosures, n, method, mix, data, id, call) {
  if (method == "poisson") {
    abort_judicious(
      c("{.code method = \"poisson\"} lets rows leave the frame, which a table cannot be told.",
        i = "Use {.code method = \"pivotal\"}."), "design", arg = "method", call = call
    )
  }
  in_sample_frame(data, id, quosures, call, function(frame, session) {
    n <- check_draws(n, frame$n, "rows", "n", call)
    rows <- fetch_frame(frame, session, call)
    drawn <- sample_active(rows$value, n, method, mix)
    chosen <- drawn$selected == 1L
    facts <- attr(drawn, "mix")
    out <- new_table_sample(rows$id[chosen], drawn$prob[chosen], frame, session, method = method,
                            budget = n, mix = facts, call = call)
    attr(out, "prob") <- active_expression(rlang::quo_get_expr(quosures$value), rows$value,
                                           drawn$prob, facts)
    out
  })
}

# The probability of every row, as `estimate_mean(prob = )` needs it: a chosen mix lifts the
# probabilities to at least that of random rows, a given one adds it.
active_expression <- function(uncertainty, values, prob, facts) {
  share <- facts$mix * mean(prob)
  if (max(prob) == min(prob)) return(prob[1])
  if (facts$chosen) {
    scale <- slope(prob, values, prob < 1 & prob > share * (1 + 1e-9))
    return(rlang::expr(pmax(!!share, pmin(1, !!scale * !!uncertainty, na.rm = TRUE),
                            na.rm = TRUE)))
  }
  active <- (prob - share) / (1 - facts$mix)
  scale <- slope(active, values, active < 1 - 1e-9)
  rlang::expr(!!(1 - facts$mix) * pmin(1, !!scale * !!uncertainty, na.rm = TRUE) + !!share)
}

slope <- function(prob, values, where) stats::median(prob[where] / values[where])

# --- the rows that were drawn --------------------------------------------------------------------

# In the order of the sample, some hundred ids a query.
rows_of_sample <- function(data, sample, call) {
  id <- attr(sample, "id")
  if (is.null(id) || !id %in% colnames(data)) {
    abort_judicious(
      c("{.arg sample} must be drawn from this table, by an id that is one of its columns.",
        i = "For example {.code sample_uniform(n = 200, data = table, id = item_id)}."),
      "type", arg = "sample", call = call
    )
  }
  session <- sample_session(list(con = lazy_connection(data, call)))
  ids <- sample$id
  parts <- split(ids, (seq_along(ids) - 1L) %/% 500L)
  rows <- lapply(unname(parts), function(part) {
    ask(session, dplyr::filter(data, !!rlang::sym(id) %in% !!part), call)
  })
  rows <- vctrs::vec_rbind(!!!rows)
  at <- match(ids, rows[[id]])
  if (anyNA(at)) {
    abort_judicious(
      c("A row of the sample is no longer in the table.", x = "It is {.val {ids[is.na(at)][1]}}."),
      "unmatched", arg = "sample", call = call
    )
  }
  vctrs::vec_slice(rows, at)
}
