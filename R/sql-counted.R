# Rows without a label that are alike, fetched as counts: what is asked of them may then be computed
# here, in as many ways as it takes.

# How often every combination of `columns` occurs in every cell.
count_query <- function(q, columns) {
  weight <- if (length(q$prob)) list(w = sum_of(rlang::expr(1 / !!sql_column("prob"))))
  sums_by(other_rows(q), c(cell_columns(q), columns), n = dplyr::n(), !!!weight)
}

# A function of responses (of labelled rows, a list of vectors) and judges (a matrix, labelled rows
# first, then those of `counts`) that gives their summary.
summarise_counted <- function(asked, counts, call) {
  answers <- asked$answers
  groups <- asked$groups
  cells <- function(table, suffix = "") cell_of(table, asked$q, groups, suffix)
  rows <- row_cells(asked$q, answers, cells)
  labelled <- seq_len(nrow(answers$labelled))
  parts <- if (is.null(counts)) list() else split(seq_len(nrow(counts)), cells(counts))
  parts <- lapply(parts, function(at) {
    list(at = at + length(labelled), n = as.double(counts$n[at]), w = counts$w[at])
  })
  function(y, judges) {
    storage.mode(judges) <- "double"
    q <- asked$q
    q$responses <- y
    design <- fetched_design(q, answers, groups, call)
    design$proxies <- lapply(seq_len(ncol(judges)), function(k) {
      new_column(judges[labelled, k], q$label)
    })
    counted <- lapply(rows, function(cell) {
      sums_of_parts(cell, parts[[as.character(cell$cell)]], judges)
    })
    queried <- list(rows = counted, units = list(), pairs = list())
    call_core(summarise_queried_cpp(design, length(labelled), queried), call)
  }
}

# One cell's sums about no pilot value.
sums_of_parts <- function(cell, part, judges) {
  if (is.null(part)) return(cell)
  judges <- judges[part$at, , drop = FALSE]
  cell$pilot <- numeric(ncol(judges))
  cell$sum <- colSums(judges * part$n)
  cell$cross <- crossprod(judges, judges * part$n)
  cell$low <- apply(judges, 2, min)
  cell$high <- apply(judges, 2, max)
  if (is.null(cell$weighted_n)) return(cell)
  cell$weighted_sum <- colSums(judges * part$w)
  cell$weighted_cross <- crossprod(judges, judges * part$w)
  cell
}
