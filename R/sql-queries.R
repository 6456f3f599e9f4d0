# What a database is asked: sums over rows and clusters without a label, by stratum and group.

sum_of <- function(x) rlang::expr(sum(!!x, na.rm = TRUE))
times <- function(...) Reduce(function(a, b) rlang::expr(!!a * !!b), list(...))
sql_column <- function(...) rlang::sym(paste0(...))

# NULL, NaN and infinite values are no numbers: only of numbers x - x is 0, in every engine.
is_number <- function(x) rlang::expr(!!x - !!x == 0)
is_null_or_nan <- function(x) rlang::expr(is.na(!!x) | !!x - !!x != 0)
as_flag <- function(condition) rlang::expr(dplyr::case_when(!!condition ~ 1, TRUE ~ 0))

# NaN is asked after only where a column may hold it: the condition is met by every row.
labelled_rows <- function(q) {
  label <- sql_column("label")
  labelled <- dplyr::filter(q$table, !is.na(!!label))
  if (q$nan_labels) dplyr::filter(labelled, !!is_number(label)) else labelled
}

# With known prob, rows whose prob is 0 or missing are outside the frame.
other_rows <- function(q, inside = TRUE) {
  label <- sql_column("label")
  prob <- sql_column("prob")
  others <- dplyr::filter(q$table, !!if (q$nan_labels) is_null_or_nan(label) else
    rlang::expr(is.na(!!label)))
  if (!length(q$prob)) return(others)
  frame <- rlang::expr(!!prob > 0 & !!is_number(prob))
  if (inside) return(dplyr::filter(others, !!frame))
  dplyr::filter(others, !!as_flag(frame) == 0)
}

by_columns <- function(table, columns) dplyr::group_by(table, !!!rlang::syms(unname(columns)))

sums_by <- function(table, columns, ...) {
  dplyr::summarise(by_columns(table, columns), ..., .groups = "drop")
}

cell_columns <- function(q) c(q$strata, q$by)

# Sums of columns and of their products, times a weight.
sums_named <- function(columns, prefix, weight = NULL) {
  weighted <- function(...) if (is.null(weight)) times(...) else times(weight, ...)
  out <- list()
  for (i in seq_along(columns)) {
    out[[paste0(prefix, i)]] <- sum_of(weighted(columns[[i]]))
    for (j in seq_len(i)) {
      out[[paste0(prefix, i, "_", j)]] <- sum_of(weighted(columns[[i]], columns[[j]]))
    }
  }
  out
}

# Judges less a pilot value, so that nothing cancels: one number each, or a column of every cell.
less_pilots <- function(table, q, pilots) {
  moved <- lapply(seq_along(q$judges), function(k) {
    pilot <- if (is.null(pilots)) sql_column("pilot_", k) else pilots[k]
    judge <- sql_column("judge_", k)
    if (identical(pilot, 0)) judge else rlang::expr(!!judge - !!pilot)
  })
  dplyr::mutate(table, !!!number_names(moved, "d"))
}

# Every row beside the mean judges of its cell's unlabelled rows.
beside_means <- function(table, q) {
  means <- lapply(seq_along(q$judges), function(k) {
    rlang::expr(mean(!!sql_column("judge_", k), na.rm = TRUE))
  })
  pilots <- sums_by(other_rows(q), cell_columns(q), !!!number_names(means, "pilot"))
  dplyr::inner_join(table, pilots, by = cell_columns(q))
}

# Judges of `binary` are counted, others summed up; their extremes are looked for in `tails`.
row_query <- function(q, pilots, binary = logical(length(q$judges)), tails = NULL) {
  table <- other_rows(q)
  if (is.null(pilots)) table <- beside_means(table, q)
  d <- lapply(seq_along(q$judges), function(k) sql_column("d_", k))
  sums <- c(
    list(n = rlang::expr(dplyr::n())),
    if (q$nan_labels) list(odd = count_where(q, rlang::expr(!is.na(!!sql_column("label"))))),
    judge_sums(d, binary, q, tails),
    if (is.null(pilots)) {
      for_judges(q, "pilot", function(k) rlang::expr(min(!!sql_column("pilot_", k), na.rm = TRUE)))
    },
    if (length(q$cluster)) {
      list(no_cluster = count_where(q, rlang::expr(is.na(!!sql_column("cluster")))))
    },
    if (length(q$prob)) prob_sums(d, q)
  )
  sums_by(less_pilots(table, q, pilots), c(cell_columns(q), q$shard), !!!sums)
}

for_judges <- function(q, prefix, make, which = seq_along(q$judges)) {
  rlang::set_names(lapply(which, make), if (length(which)) paste0(prefix, "_", which))
}

# Of each row's products only those that no count gives: counts are whole numbers, and quick.
judge_sums <- function(d, binary, q, tails) {
  judge <- function(k) sql_column("judge_", k)
  scores <- which(!binary)
  sums <- sums_named(d, "s")
  for (i in which(binary)) {
    sums[paste0("s", i, c("", paste0("_", i)))] <- NULL
    for (j in which(binary[seq_len(i - 1L)])) {
      both <- rlang::expr(!!judge(i) == 1L & !!judge(j) == 1L)
      sums[[paste0("s", i, "_", j)]] <- count_where(q, both)
    }
  }
  c(
    for_judges(q, "ones", function(k) count_where(q, rlang::expr(!!judge(k) == 1L)), which(binary)),
    for_judges(q, "zeros", function(k) count_where(q, rlang::expr(!!judge(k) == 0L)),
              which(binary)),
    sums,
    for_judges(q, "low", function(k) lowest_of(q, judge(k), tails$low[k]), scores),
    for_judges(q, "high", function(k) highest_of(q, judge(k), tails$high[k]), scores),
    for_judges(q, "missing", function(k) count_where(q, rlang::expr(is.na(!!judge(k)))), scores),
    if (q$engine == "sqlite") {
      for_judges(q, "kind", function(k) {
        rlang::expr(TYPEOF(!!highest_of(q, judge(k), tails$high[k])))
      }, scores)
    }
  )
}

has_filter <- function(q) q$engine %in% c("sqlite", "postgres", "duckdb")

where_sql <- function(q, call, condition) {
  parts <- dbplyr::translate_sql(!!call, !!condition, con = q$con)
  dbplyr::sql(paste0(parts[1], " FILTER (WHERE ", parts[2], ")"))
}

# Only rows beyond a bound are compared with each other: most are not.
lowest_of <- function(q, x, bound) {
  lowest <- rlang::expr(min(!!x, na.rm = TRUE))
  if (is.null(bound)) lowest else where_sql(q, rlang::call2("MIN", x), rlang::expr(!!x <= !!bound))
}

highest_of <- function(q, x, bound) {
  highest <- rlang::expr(max(!!x, na.rm = TRUE))
  if (is.null(bound)) highest else where_sql(q, rlang::call2("MAX", x), rlang::expr(!!x >= !!bound))
}

# How many rows meet a condition. FILTER is quicker than CASE where an engine knows it.
count_where <- function(q, condition) {
  if (has_filter(q)) return(where_sql(q, dbplyr::sql("COUNT(*)"), condition))
  what <- rlang::expr(dplyr::case_when(!!condition ~ 1L))
  if (q$engine == "mssql") rlang::expr(COUNT_BIG(!!what)) else rlang::expr(COUNT(!!what))
}

prob_sums <- function(d, q) {
  prob <- sql_column("prob")
  inverse <- rlang::expr(1 / !!prob)
  c(
    list(w = sum_of(inverse), lowest_prob = rlang::expr(min(!!prob, na.rm = TRUE)),
         highest_prob = rlang::expr(max(!!prob, na.rm = TRUE))),
    sums_named(d, "w", inverse)
  )
}

# Unlabelled rows outside the frame, by what their prob is.
outside_query <- function(q) {
  prob <- sql_column("prob")
  count <- function(condition) sum_of(as_flag(condition))
  sums_by(other_rows(q, inside = FALSE), cell_columns(q), n = dplyr::n(),
          zero = !!count(rlang::expr(!!prob == 0)),
          negative = !!count(rlang::expr(!!prob < 0)))
}

# The lowest probs of every cell, until they sum to 3: a running sum over distinct values.
low_prob_query <- function(table, q) {
  prob <- sql_column("prob")
  counts <- sums_by(table, c(cell_columns(q), "prob"), n = dplyr::n())
  running <- dbplyr::window_order(by_columns(counts, cell_columns(q)), !!prob)
  running <- dplyr::mutate(running, so_far = cumsum(!!prob * !!sql_column("n")))
  enough <- rlang::expr(!!sql_column("so_far") - !!prob * !!sql_column("n") < 3)
  dplyr::select(dplyr::filter(dplyr::ungroup(running), !!enough), -"so_far")
}
