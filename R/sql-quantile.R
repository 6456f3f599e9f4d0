# Quantiles of a table: how often every combination of the judges' scores occurs is fetched, of the
# labelled rows the rows.

# As memory_values() makes it.
lazy_values <- function(formula, data, quosures, call) {
  if (!rlang::quo_is_null(quosures$clusters)) abort_clusters_of_table(call)
  q <- sql_question(formula, data, c(quosures, no_groups()), call)
  scores <- NULL
  asked <- ask_lazy(q, call, settle = function(q, session) {
    if (length(q$judges)) {
      scores <<- ask_some(session, score_query(q), "combinations of scores", call)
    }
    q
  })
  design <- summary_design(sum_lazy(asked, call), call)
  labelled <- asked$answers$labelled
  values <- c(labelled$label, unlist(labelled[q$judges]), unlist(scores[q$judges]))
  count <- counter_below(asked, scores, call)
  list(design = design, grid = sort(unique(as.double(values))), below = function(t, settings) {
    fit <- estimate_summary_cpp(count$numbers(t), settings, 1L, 1L, NULL, settings$threads, 0,
                                function(n) NULL)$inference
    if (!as_published(design, settings)) return(fit)
    with_published_variance(fit, nrow(labelled), sum(scores$n), count$share(t))
  })
}

abort_clusters_of_table <- function(call) {
  abort_judicious(
    c("Quantiles of clustered rows need the rows, which are in a database.",
      i = "{.fun collect} the columns of the formula and the clusters; or estimate the share of
           rows up to a value: {.code estimate_mean((label <= 5) ~ I(judge <= 5), clusters = )}."),
    c("lazy", "design"), arg = "clusters", call = call
  )
}

score_query <- function(q) {
  weight <- if (length(q$prob)) list(w = sum_of(rlang::expr(1 / !!sql_column("prob"))))
  sums_by(other_rows(q), c(cell_columns(q), q$judges), n = dplyr::n(), !!!weight)
}

# The summary of "at most t" in place of labels and scores, as numbers.
counter_below <- function(asked, scores, call) {
  q <- asked$q
  answers <- asked$answers
  groups <- asked$groups
  cells <- function(table, suffix = "") cell_of(table, q, groups, suffix)
  rows <- row_cells(q, answers, cells)
  parts <- if (is.null(scores)) list() else split(seq_len(nrow(scores)), cells(scores))
  parts <- lapply(parts, function(at) {
    list(judges = as.matrix(scores[at, q$judges]), n = as.double(scores$n[at]), w = scores$w[at])
  })
  labelled <- answers$labelled
  numbers <- function(t) {
    answers$labelled$label <- as.double(labelled$label <= t)
    answers$labelled[q$judges] <- lapply(labelled[q$judges], function(x) as.double(x <= t))
    counted <- lapply(rows, function(cell) counts_below(cell, parts[[as.character(cell$cell)]], t))
    design <- fetched_design(q, answers, groups, call)
    queried <- list(rows = counted, units = list(), pairs = list())
    call_core(summarise_queried_cpp(design, nrow(labelled), queried), call)$numbers
  }
  list(numbers = numbers, share = function(t) {
    stats::weighted.mean(scores[[q$judges[1]]] <= t, as.double(scores$n))
  })
}

# One cell's sums, of ones where a score is at most t.
counts_below <- function(cell, part, t) {
  if (is.null(part)) return(cell)
  below <- part$judges <= t
  storage.mode(below) <- "double"
  cell$pilot <- numeric(ncol(below))
  cell$sum <- colSums(below * part$n)
  cell$cross <- crossprod(below, below * part$n)
  cell$low <- apply(below, 2, min)
  cell$high <- apply(below, 2, max)
  if (!is.null(cell$weighted_n)) {
    cell$weighted_sum <- colSums(below * part$w)
    cell$weighted_cross <- crossprod(below, below * part$w)
  }
  cell
}
