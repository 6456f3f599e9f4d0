# What a database is asked about clusters: the totals of each, then sums of those.

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
    for_judges(q, "pilot", function(k) rlang::expr(min(!!sql_column("pilot_", k), na.rm = TRUE)))
  }
  sums_by(rows, unique(c(cell_columns(q), q$cluster, q$prob)), !!!unit_totals(q, pilot))
}

# One row per part of a cluster without a label: (m, F) less (size, 0), and F / m.
part_query <- function(q, pilots, size) {
  rows <- dplyr::filter(rows_of_units(q, pilots), is.na(!!sql_column("has_label")))
  prob <- sql_column("prob")
  more <- if (length(q$prob)) {
    list(inverse = sum_of(rlang::expr(1 / !!prob)), prob = rlang::expr(min(!!prob, na.rm = TRUE)),
         prob_high = rlang::expr(max(!!prob, na.rm = TRUE)))
  }
  parts <- sums_by(rows, unique(c(cell_columns(q), q$cluster, q$shard)),
                   !!!unit_totals(q, more))
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
  sums_by(parts, c(cell_columns(q), q$shard), !!!sums)
}

# Clusters that lie in two shards would count as two.
split_query <- function(parts, q) {
  units <- sums_by(parts, unique(c(cell_columns(q), q$cluster)), shards = dplyr::n())
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
  sums_by(pairs, c(q$strata, paste0(q$by, "_a"), paste0(q$by, "_b")), !!!sums)
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
