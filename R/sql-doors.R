# Doors that ask a table for more than one summary: groups, categories, batches over time.

# --- groups --------------------------------------------------------------------------------------

# So many groups are an id or a measurement, and would be summed up one by one.
check_asked_groups <- function(q, most, session, call) {
  found <- ask(session, utils::head(dplyr::distinct(q$table, !!!rlang::syms(q$by)), most + 1), call)
  by <- list(columns = q$by, codes = integer(), n = nrow(found),
             keys = if (length(q$by) == 1L) found[[1]] else found)
  if (by$n > most) abort_many_in_table(most, call)
  check_no_missing(sum(!stats::complete.cases(found)), "by", call)
  check_groups(by, most, call)
}

abort_many_in_table <- function(most, call) {
  abort_judicious(
    c("{.arg by} has more than {most} distinct values: is it an id or a measurement?",
      i = "Cut a measurement into classes with {.fun cut}, or set {.arg max_groups} if all groups
           are meant."),
    "groups", arg = "by", call = call
  )
}

# --- categories ----------------------------------------------------------------------------------

# As raw_design() reads them from rows in memory: the labels that there are, what judges say.
lazy_raw <- function(formula, data, quosures, call) {
  nothing <- rlang::quo(NULL)
  q <- sql_question(formula, data, c(quosures, list(by = nothing, shard = nothing)), call,
                    kind = "categories")
  asked <- ask_lazy(q, call)
  n <- nrow(asked$answers$labelled) + sum(as.double(asked$answers$rows$n))
  if (n == 0) abort_judicious("There are no rows: {.var {q$label}} is empty.", "empty", call = call)
  marked <- function(columns) if (length(columns)) list()
  list(n = n, y = asked$answers$labelled$label, judges = lapply(q$said, `%||%`, numeric()),
       label = q$label, formula = q$formula, strata = marked(q$strata),
       clusters = marked(q$cluster), prob = marked(q$prob), asked = asked)
}

# As shares_design() makes it, with the summary in place of rows.
lazy_shares <- function(raw, labels, call) {
  asked <- raw$asked
  asked$q$responses <- lapply(seq_along(labels$levels), function(k) as.double(labels$codes == k))
  summary_design(sum_lazy(asked, call), call)
}

# --- batches -------------------------------------------------------------------------------------

# As read_batches() reads them from rows in memory. A database has no order of rows.
lazy_batches <- function(formula, data, columns, call) {
  quosures <- c(columns[c("strata", "clusters", "prob")],
                list(by = columns$batch, shard = rlang::quo(NULL)))
  read <- read_lazy(formula, data, quosures, call, function(q, session) {
    if (length(q$cluster)) check_batches_apart(q, session, call)
  })
  keys <- read$by$keys
  if (is.data.frame(keys)) {
    abort_judicious("{.arg batch} must be one column.", "type", arg = "batch", call = call)
  }
  if (is.character(keys)) {
    keys <- factor(keys, sort(keys, method = "radix"))
    tell_alphabet(levels(keys))
  }
  summary <- read$summary
  met <- if (summary$clustered) batches_met(read, summary)
  summary$cluster_ids <- character()
  list(summary = summary, keys = keys, clusters = met)
}

tell_alphabet <- function(keys) {
  inform_judicious(
    c("Batches are strings: they are taken in alphabetical order, {.val {keys[1]}} to
       {.val {keys[length(keys)]}}.",
      i = "Give {.arg batch} as a number or a date to say otherwise."),
    "batch_order"
  )
}

check_batches_apart <- function(q, session, call) {
  parts <- dplyr::distinct(q$table, !!!rlang::syms(c(q$by, unit_columns(q))))
  counts <- sums_by(parts, unit_columns(q), times = dplyr::n())
  again <- ask(session, utils::head(dplyr::filter(counts, !!sql_column("times") > 1), 1L), call)
  if (nrow(again) == 0L) return(invisible())
  abort_judicious(
    c("A cluster must lie within one batch.",
      x = "Cluster {.val {again$cluster}} is in {again$times} batches.",
      i = "Put it into one of them, or make the ids different if they are different clusters."),
    "clusters", arg = "clusters", call = call
  )
}

# The batch of every labelled cluster, whose id is unique within its stratum.
batches_met <- function(read, summary) {
  rows <- vctrs::vec_unique(read$labelled[intersect(c(read$strata$columns, "cluster", "group_1"),
                                                    names(read$labelled))])
  ids <- as.character(rows$cluster)
  if (!is.null(read$strata)) {
    ids <- paste(summary$strata$labels[codes_of(rows, read$strata)], ids, sep = " / ")
  }
  vctrs::data_frame(cluster = ids, batch = summary$by$labels[codes_of(rows, read$by)])
}
