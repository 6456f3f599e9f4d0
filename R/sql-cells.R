# Sums that a database sent, cell by cell.

# Sums of what belongs to one cell: shards of it are added up.
by_cell <- function(table, cells, make) {
  if (NROW(table) == 0L) return(list())
  groups <- split(seq_len(nrow(table)), cells(table))
  unname(Map(function(cell, rows) make(as.double(cell), table[rows, , drop = FALSE]),
             names(groups), groups))
}

sum_vector <- function(part, prefix, n) {
  vapply(seq_len(n), function(i) sum(as.double(part[[paste0(prefix, i)]])), 0)
}

sum_matrix <- function(part, prefix, n, symmetric = TRUE) {
  out <- matrix(0, n, n)
  for (i in seq_len(n)) {
    for (j in if (symmetric) seq_len(i) else seq_len(n)) {
      out[i, j] <- sum(as.double(part[[paste0(prefix, i, "_", j)]]))
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
      cell = cell, n = sum(as.double(part$n)), pilot = pilots_of(q, answers$pilots, part),
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
      cell = cell, n = sum(as.double(part$n)), n_rows = sum(as.double(part$n_rows)),
      size = answers$size,
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
