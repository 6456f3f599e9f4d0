# What a database is asked: sums over rows and clusters without a label, by stratum and group.

sum_of <- function(x) rlang::expr(sum(!!x, na.rm = TRUE))
times <- function(...) Reduce(function(a, b) rlang::expr(!!a * !!b), list(...))
sql_column <- function(...) rlang::sym(paste0(...))

# NULL, NaN and infinite values are no numbers: only of numbers x - x is 0, in every engine.
is_number <- function(x) rlang::expr(!!x - !!x == 0)
as_flag <- function(condition) rlang::expr(dplyr::case_when(!!condition ~ 1, TRUE ~ 0))

labelled_rows <- function(q) {
  dplyr::filter(q$table, !is.na(!!sql_column("label")), !!is_number(sql_column("label")))
}

# With known prob, rows whose prob is 0 or missing are outside the frame.
other_rows <- function(q, inside = 1) {
  others <- dplyr::filter(q$table, !!as_flag(is_number(sql_column("label"))) == 0)
  if (!length(q$prob)) return(others)
  prob <- sql_column("prob")
  frame <- as_flag(rlang::expr(!!is_number(prob) & !!prob > 0))
  dplyr::filter(others, !!frame == !!inside)
}

by_columns <- function(table, columns) dplyr::group_by(table, !!!rlang::syms(unname(columns)))

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
    rlang::expr(!!sql_column("judge_", k) - !!pilot)
  })
  dplyr::mutate(table, !!!number_names(moved, "d"))
}

# Every row beside the mean judges of its cell's unlabelled rows.
beside_means <- function(table, q) {
  means <- lapply(seq_along(q$judges), function(k) {
    rlang::expr(mean(!!sql_column("judge_", k), na.rm = TRUE))
  })
  pilots <- dplyr::summarise(by_columns(other_rows(q), cell_columns(q)),
                             !!!number_names(means, "pilot"), .groups = "drop")
  dplyr::inner_join(table, pilots, by = cell_columns(q))
}

row_query <- function(q, pilots) {
  table <- other_rows(q)
  if (is.null(pilots)) table <- beside_means(table, q)
  d <- lapply(seq_along(q$judges), function(k) sql_column("d_", k))
  per_judge <- function(prefix, make) {
    number_names(lapply(seq_along(q$judges), make), prefix)
  }
  judge <- function(k) sql_column("judge_", k)
  sums <- c(
    list(n = rlang::expr(dplyr::n()), odd = rlang::expr(COUNT(!!sql_column("label")))),
    sums_named(d, "s"),
    per_judge("low", function(k) rlang::expr(min(!!judge(k), na.rm = TRUE))),
    per_judge("high", function(k) rlang::expr(max(!!judge(k), na.rm = TRUE))),
    per_judge("met", function(k) rlang::expr(COUNT(!!judge(k)))),
    if (q$engine == "sqlite") per_judge("kind", function(k) rlang::expr(TYPEOF(max(!!judge(k))))),
    if (is.null(pilots)) {
      per_judge("pilot", function(k) rlang::expr(min(!!sql_column("pilot_", k))))
    },
    if (length(q$cluster)) list(in_cluster = rlang::expr(COUNT(!!sql_column("cluster")))),
    if (length(q$prob)) prob_sums(d, q)
  )
  dplyr::summarise(by_columns(less_pilots(table, q, pilots), c(cell_columns(q), q$shard)),
                   !!!sums, .groups = "drop")
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
  dplyr::summarise(
    by_columns(other_rows(q, inside = 0), cell_columns(q)),
    n = dplyr::n(), zero = !!count(rlang::expr(!!prob == 0)),
    negative = !!count(rlang::expr(!!prob < 0)), .groups = "drop"
  )
}

# The lowest probs of every cell, until they sum to 3: a running sum over distinct values.
low_prob_query <- function(table, q) {
  prob <- sql_column("prob")
  counts <- dplyr::summarise(by_columns(table, c(cell_columns(q), "prob")), n = dplyr::n(),
                             .groups = "drop")
  running <- dbplyr::window_order(by_columns(counts, cell_columns(q)), !!prob)
  running <- dplyr::mutate(running, so_far = cumsum(!!prob * !!sql_column("n")))
  enough <- rlang::expr(!!sql_column("so_far") - !!prob * !!sql_column("n") < 3)
  dplyr::select(dplyr::filter(dplyr::ungroup(running), !!enough), -"so_far")
}

# --- clusters ------------------------------------------------------------------------------------

unit_columns <- function(q) c(q$strata, q$cluster)

# Unlabelled rows, and whether their cluster has a label.
rows_of_units <- function(q, pilots) {
  table <- other_rows(q)
  if (is.null(pilots)) table <- beside_means(table, q)
  labelled <- dplyr::distinct(labelled_rows(q), !!!rlang::syms(unit_columns(q)))
  labelled <- dplyr::mutate(labelled, has_label = 1)
  dplyr::left_join(less_pilots(table, q, pilots), labelled, by = unit_columns(q))
}

unit_totals <- function(q, more) {
  totals <- lapply(seq_along(q$judges), function(k) sum_of(sql_column("d_", k)))
  c(list(m = rlang::expr(dplyr::n())), number_names(totals, "total"), more)
}

# Totals over the unlabelled rows of labelled clusters: fetched one by one.
rest_query <- function(q, pilots) {
  rows <- dplyr::filter(rows_of_units(q, pilots), !is.na(!!sql_column("has_label")))
  pilot <- if (is.null(pilots)) {
    number_names(
      lapply(seq_along(q$judges), function(k) rlang::expr(min(!!sql_column("pilot_", k)))), "pilot"
    )
  }
  dplyr::summarise(by_columns(rows, unique(c(cell_columns(q), q$cluster, q$prob))),
                   !!!unit_totals(q, pilot), .groups = "drop")
}

# One row per part of a cluster without a label: (m, F) less (size, 0), and F / m.
part_query <- function(q, pilots, size) {
  rows <- dplyr::filter(rows_of_units(q, pilots), is.na(!!sql_column("has_label")))
  prob <- sql_column("prob")
  more <- if (length(q$prob)) {
    list(inverse = sum_of(rlang::expr(1 / !!prob)), prob = rlang::expr(min(!!prob, na.rm = TRUE)),
         prob_high = rlang::expr(max(!!prob, na.rm = TRUE)))
  }
  parts <- dplyr::summarise(
    by_columns(rows, unique(c(cell_columns(q), q$cluster, q$shard))),
    !!!unit_totals(q, more), .groups = "drop"
  )
  totals <- lapply(seq_along(q$judges), function(k) {
    rlang::expr(!!sql_column("total_", k) / (!!sql_column("m") * 1.0))
  })
  parts <- dplyr::mutate(parts, m = !!sql_column("m") * 1.0,
                         size = !!sql_column("m") * 1.0 - !!size,
                         !!!number_names(totals, "mean"))
  if (!length(q$prob)) return(parts)
  whole <- as_flag(rlang::expr(!!prob == !!sql_column("prob_high")))
  dplyr::mutate(parts, whole = !!whole)
}

unit_query <- function(parts, q) {
  total <- lapply(seq_along(q$judges), function(k) sql_column("total_", k))
  mean <- lapply(seq_along(q$judges), function(k) sql_column("mean_", k))
  weight <- rlang::expr(!!sql_column("whole") * (1 - !!sql_column("prob")) / !!sql_column("prob"))
  sums <- c(
    list(n = rlang::expr(dplyr::n()), n_rows = sum_of(sql_column("m"))),
    sums_named(c(list(sql_column("size")), total), "s"), sums_named(mean, "a"),
    if (length(q$prob)) {
      c(list(inverse = sum_of(sql_column("inverse")), n_whole = sum_of(sql_column("whole"))),
        sums_named(c(list(sql_column("m")), total), "p", weight))
    }
  )
  dplyr::summarise(by_columns(parts, c(cell_columns(q), q$shard)), !!!sums, .groups = "drop")
}

# Clusters that lie in two shards would count as two.
split_query <- function(parts, q) {
  units <- dplyr::summarise(by_columns(parts, unique(c(cell_columns(q), q$cluster))),
                            shards = dplyr::n(), .groups = "drop")
  dplyr::filter(units, !!sql_column("shards") > 1)
}

# Clusters without a label that meet two groups: products of their parts.
pair_query <- function(parts, q) {
  values <- c("m", paste0("total_", seq_along(q$judges)), paste0("mean_", seq_along(q$judges)))
  values <- if (length(q$judges)) values else "m"
  keep <- c(cell_columns(q), q$cluster, values)
  parts <- dplyr::select(parts, !!!rlang::syms(keep))
  pairs <- dplyr::inner_join(parts, parts, by = unit_columns(q), suffix = c("_a", "_b"))
  before <- pair_order(q$by)
  pairs <- dplyr::filter(pairs, !!before)
  names <- list(
    total = c("m", paste0("total_", seq_along(q$judges))),
    mean = paste0("mean_", seq_along(q$judges))
  )
  if (!length(q$judges)) names <- list(total = "m", mean = character())
  sums <- c(list(n = rlang::expr(dplyr::n())),
            pair_sums(names$total, "t"), pair_sums(names$mean, "v"))
  dplyr::summarise(by_columns(pairs, c(q$strata, paste0(q$by, "_a"), paste0(q$by, "_b"))),
                   !!!sums, .groups = "drop")
}

# (a1, a2) < (b1, b2), column by column.
pair_order <- function(by) {
  a <- function(k) sql_column(by[k], "_a")
  b <- function(k) sql_column(by[k], "_b")
  out <- rlang::expr(!!a(length(by)) < !!b(length(by)))
  for (k in rev(seq_len(length(by) - 1L))) {
    out <- rlang::expr(!!a(k) < !!b(k) | (!!a(k) == !!b(k) & !!out))
  }
  out
}

# Sums and products within a, within b, and between them.
pair_sums <- function(names, prefix) {
  out <- list()
  a <- lapply(names, function(name) sql_column(name, "_a"))
  b <- lapply(names, function(name) sql_column(name, "_b"))
  for (i in seq_along(names)) {
    out[[paste0(prefix, "a", i)]] <- sum_of(a[[i]])
    out[[paste0(prefix, "b", i)]] <- sum_of(b[[i]])
    for (j in seq_along(names)) {
      key <- paste0(i, "_", j)
      if (j <= i) out[[paste0(prefix, "aa", key)]] <- sum_of(times(a[[i]], a[[j]]))
      if (j <= i) out[[paste0(prefix, "bb", key)]] <- sum_of(times(b[[i]], b[[j]]))
      out[[paste0(prefix, "ab", key)]] <- sum_of(times(a[[i]], b[[j]]))
    }
  }
  out
}
