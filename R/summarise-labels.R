# The summary of labels that every estimate is made from: small, mergeable, and can be saved.

#' Summarise labels, to merge and to estimate from
#'
#' @description
#' Reads the rows once and keeps what any estimate needs of them: for every stratum (and group) the
#' moments of the rows nobody labelled, and the labelled rows or clusters themselves. A summary of
#' ten million rows with a thousand labels is some 100 kilobytes. Summaries of parts of the data
#' (two files, two months, two workers) are put together by `c()`: the result is that of the whole,
#' to rounding. [estimate_mean()] takes a summary in place of a formula and data.
#'
#' @inheritParams estimate_mean
#' @param data A data frame, or a lazy table of a database (\pkg{dbplyr}); `NULL`: variables are
#'   looked up where the formula was written.
#' @param shard For lazy tables that are spread over servers or partitions: the column that says
#'   where a row lies. It goes into `GROUP BY`, so that each shard adds up its own rows.
#' @param paths Instead of `data`: paths of CSV or TSV files (also packed, `.gz`), of Parquet files
#'   or of folders with such. They are read some rows at a time
#'   (`options(judicious.chunk_rows = 1e5)`; of Parquet a row group by
#'   \pkg{arrow}, a file by \pkg{nanoparquet}), with a progress bar, and only
#'   summaries are kept. With `clusters`, the rows of a cluster must follow one another (or give
#'   `keep_units = TRUE`). For other
#'   files there is [summarise_chunks()].
#' @param by Groups whose means are wanted, as in [estimate_groups()]: a column or vector of ids.
#' @param keep_units `TRUE`: keep all clusters with their ids, not the labelled ones only. Parts of
#'   the data may then split clusters; the summary grows with the number of clusters.
#' @return A list of class `judicious_summary`, which [saveRDS()] keeps bit for bit. `print()` says
#'   what it holds, `nobs()` is the number of human labels, `c()` merges.
#' @details
#' With `clusters`, a part must hold whole clusters: a conversation of which one half is in each of
#' two summaries would count as two. Where a cluster with human labels is met again, `c()` refuses;
#' clusters without labels are not kept and cannot be told. With `keep_units = TRUE` in all parts
#' clusters may be split at will: `c()` adds up what the parts hold of each, whatever their order.
#' (With `strata`, one id in two strata is two clusters, as everywhere.) Labelled rows or clusters
#' are kept one by one up to a million; beyond that only their moments are, leverage corrections
#' (which vanish as 1/n) are left out, and the bootstrap is not available.
#'
#' Of a lazy table the labelled rows are fetched (up to `options(judicious.most_fetched = 1e6)`),
#' and what a few `GROUP BY` queries sum up of the others, so it may have any number of rows;
#' `show_query()` prints what was asked. Formula, `strata`, `clusters`, `prob` and `by` are columns,
#' or expressions that \pkg{dbplyr} translates; several columns are `data.frame(a, b)`.
#'
#' Lazy tables go to [estimate_mean()], [check_labels()], [estimate_groups()] (and so to
#' [compare_groups()] and [rank_groups()]), to [estimate_shares()], to [estimate_difference()] and
#' [estimate_ratio()] with `by`, to [monitor_mean()] and to the [samplers][sample_tables], with the
#' numbers of the same rows in memory. What needs all rows one by one (quantiles, performance, two
#' systems side by side in one row) says so: `dplyr::collect()` the rows where they fit. Arrow's
#' datasets and queries go batch by batch to [summarise_chunks()], as the error says that they meet.
#' @seealso [estimate_mean()], [estimate_groups()].
#' @examples
#' set.seed(1)
#' january <- simulate_binary(1000, true_mean = 0.1, proxy_mean = 0.05, correlation = 0.6)
#' february <- simulate_binary(1000, true_mean = 0.1, proxy_mean = 0.05, correlation = 0.6)
#' january$y_true[101:1000] <- NA
#' february$y_true[101:1000] <- NA
#'
#' both <- c(summarise_labels(y_true ~ y_proxy, january),
#'           summarise_labels(y_true ~ y_proxy, february))
#' both
#' estimate_mean(both)
#' @export
summarise_labels <- function(formula, data = NULL, ..., strata = NULL, clusters = NULL,
                             prob = NULL, by = NULL, shard = NULL, paths = NULL,
                             keep_units = FALSE, threads = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  keep_units <- check_flag(keep_units, call = call)
  threads <- check_threads(threads, call)
  quosures <- list(strata = rlang::enquo(strata), clusters = rlang::enquo(clusters),
                   prob = rlang::enquo(prob), by = rlang::enquo(by), shard = rlang::enquo(shard))
  if (keep_units) check_keeps_units(data, quosures, call)
  if (!is.null(paths)) {
    check_paths_alone(data, quosures$shard, call)
    return(summarise_paths(formula, paths, quosures, threads, keep_units, call))
  }
  if (is_lazy(data)) return(summarise_lazy(formula, data, quosures, call))
  check_no_shard(quosures$shard, call)
  design <- parse_design(formula, data, quosures$strata, quosures$clusters, quosures$prob, call,
                         by = quosures$by)
  summarise_part(design, threads, call, keep_units)
}

# A summary that may be merged with others.
summarise_part <- function(design, threads, call, keep_units) {
  summary <- summarise_design(design, threads, call, keep_units)
  if (!is.null(design$prob) && is.null(design$by)) summary$spread <- design_spread(design)
  summary
}

check_keeps_units <- function(data, quosures, call) {
  if (is_lazy(data)) {
    abort_judicious(
      c("{.code keep_units = TRUE} is of rows in memory.",
        i = "A database sees whole clusters; give all its rows to one call."),
      "design", arg = "keep_units", call = call
    )
  }
  if (!rlang::quo_is_null(quosures$clusters)) return(invisible())
  abort_judicious(
    c("{.code keep_units = TRUE} has no effect without {.arg clusters}.",
      i = "Rows cannot be split: summaries of any parts go together."),
    "no_effect", arg = "keep_units", call = call
  )
}

check_paths_alone <- function(data, shard, call) {
  if (!is.null(data)) {
    abort_judicious("Give {.arg data} or {.arg paths}, not both.", "design", arg = "paths",
                    call = call)
  }
  check_no_shard(shard, call)
}

check_no_shard <- function(shard, call) {
  if (rlang::quo_is_null(shard)) return(invisible())
  abort_judicious("{.arg shard} is of tables in a database.", "design", arg = "shard", call = call)
}

summarise_design <- function(design, threads, call, keep_units = FALSE) {
  if (!is.null(design$summary)) return(design$summary)  # of a table in a database
  if (!is.null(design$by) && !is.null(design$strata) && !is.null(design$clusters)) {
    design <- nest_clusters(design)
  }
  run <- if (keep_units) summarise_keeping_cpp else summarise_labels_cpp
  core <- call_core(run(design, threads), call)
  if (!core$facts$nested) {
    design <- nest_clusters(design)
    core <- call_core(run(design, threads), call)
  }
  if (!core$facts$prob_valid) abort_prob(design, call)
  check_values_finite(design, call, core$facts)
  tell_dropped(design, core, call)
  make_summary(design, core)
}

make_summary <- function(design, core) {
  new_judicious_summary(
    numbers = core$numbers,
    formula = design$formula,
    label = design$label,
    judges = vapply(design$proxies, function(p) p$name, ""),
    strata = kept_groups(design$strata),
    by = kept_groups(design$by),
    clustered = !is.null(design$clusters),
    known_prob = !is.null(design$prob),
    cluster_ids = labelled_ids(design, core$labelled_clusters),
    unit_ids = kept_ids(design, core),
    facts = core[setdiff(names(core), c("numbers", "labelled_clusters", "units", "unit_strata"))]
  )
}

# Ids of all clusters, in the order of their numbers; NULL where they are not kept. One id in two
# strata is two clusters, in whichever parts of the data they are met.
kept_ids <- function(design, core) {
  if (is.null(core$units)) return(NULL)
  ids <- cluster_labels(design$clusters, core$units)
  if (is.null(design$strata)) return(ids)
  paste(group_labels(kept_groups(design$strata))[core$unit_strata], ids, sep = " / ")
}

cluster_labels <- function(clusters, codes) {
  if (!is.null(clusters$nested)) {
    codes <- clusters$nested$codes[codes]
    clusters <- clusters$nested$clusters
  }
  group_labels(list(keys = vctrs::vec_slice(clusters$keys, codes)))
}

new_judicious_summary <- function(...) structure(list(...), class = "judicious_summary")

# Names and order of groups, without their rows.
kept_groups <- function(groups) {
  if (is.null(groups)) return(NULL)
  labels <- group_labels(groups)
  list(labels = labels, order = group_order(groups), n = groups$n)
}

labelled_ids <- function(design, codes) {
  if (is.null(design$clusters)) return(character())
  keys <- design$clusters$keys
  if (is.null(keys)) return(character())
  group_labels(list(keys = vctrs::vec_slice(keys, codes)))
}

is_summary <- function(x) inherits(x, "judicious_summary")

# What estimate_mean() knows of a design whose rows are gone.
summary_design <- function(summary, call) {
  if (!is.null(summary$by)) {
    abort_judicious(
      c("This summary is of {summary$by$n} groups.",
        i = "Use {.code estimate_groups()} for all of them, or summarise without {.arg by}."),
      "design", arg = "formula", call = call
    )
  }
  groups <- function(x) if (!is.null(x)) list(keys = x$labels, order = x$order, n = x$n)
  list(
    n = sum(summary$facts$n_rows), label = summary$label, formula = summary$formula,
    y = list(name = summary$label),
    proxies = lapply(summary$judges, function(name) list(name = name)),
    strata = groups(summary$strata),
    clusters = if (summary$clustered) list(),
    prob = if (summary$known_prob) list(),
    summary = summary
  )
}

# The design is in the summary.
check_summary_alone <- function(data, quosures, guard, missing_judge, call) {
  alone <- is.null(data) && all(vapply(quosures, rlang::quo_is_null, NA))
  if (alone && guard == "robust" && missing_judge == "error") {
    return(invisible())
  }
  abort_judicious(
    c("A summary holds its data and design.",
      x = "{.arg data}, {.arg strata}, {.arg clusters}, {.arg prob}, {.code guard = \"verdict\"} and
           {.code missing_judge = \"indicator\"} need the rows.",
      i = "Give {.arg strata}, {.arg clusters} and {.arg prob} to {.fun summarise_labels}."),
    "design", arg = "formula", call = call
  )
}

# --- merging -------------------------------------------------------------------------------------

#' @export
c.judicious_summary <- function(...) {
  parts <- list(...)
  call <- rlang::current_env()
  for (part in parts) {
    if (is_summary(part)) next
    abort_judicious("Only summaries of labels go together, not {.obj_type_friendly {part}}.",
                    "type", arg = "...", call = call)
  }
  Reduce(function(a, b) merge_summaries(a, b, call), parts)
}

merge_summaries <- function(a, b, call) {
  check_same_question(a, b, call)
  if (is.null(a$unit_ids)) check_whole_clusters(a, b, call)
  strata <- merge_groups(a$strata, b$strata)
  by <- merge_groups(a$by, b$by)
  ids <- union(a$unit_ids, b$unit_ids)
  place <- function(part, ids_of_part) {
    list(strata = strata[[part]], n_strata = strata$n, groups = by[[part]], n_groups = by$n,
         units = match(ids_of_part, ids))
  }
  a$numbers <- call_core(
    merge_summaries_cpp(a, place("a", a$unit_ids), b, place("b", b$unit_ids)), call
  )
  a$strata <- strata$groups
  a$by <- by$groups
  a["unit_ids"] <- list(if (!is.null(a$unit_ids)) ids)
  a$cluster_ids <- union(a$cluster_ids, b$cluster_ids)
  a$facts <- call_core(summary_facts_cpp(a$numbers), call)
  a$spread <- merge_spreads(a$spread, b$spread)
  a$sql <- c(a$sql, b$sql)
  a$fetched <- NULL
  a
}

check_same_question <- function(a, b, call) {
  asked <- function(x) {
    list(label = x$label, judges = x$judges, strata = !is.null(x$strata), by = !is.null(x$by),
         clusters = x$clustered, prob = x$known_prob, keep_units = !is.null(x$unit_ids))
  }
  same <- mapply(identical, asked(a), asked(b))
  if (all(same)) return(invisible())
  what <- names(same)[!same][1]
  abort_judicious(
    c("Summaries can be put together only if they answer the same question.",
      x = "{.field {what}} is {.val {asked(a)[[what]]}} in one and {.val {asked(b)[[what]]}} in
           another."),
    "design", arg = "...", call = call
  )
}

check_whole_clusters <- function(a, b, call) {
  again <- intersect(a$cluster_ids, b$cluster_ids)
  if (length(again) == 0L) return(invisible())
  abort_judicious(
    c("A part of the data must hold whole clusters.",
      x = "Cluster {.val {again[1]}} has human labels in two parts ({length(again)} such
           cluster{?s}).",
      i = "Cut the data between clusters, or make their ids different if they are.",
      i = "Or let all parts keep their clusters: {.code summarise_labels(keep_units = TRUE)}."),
    "clusters", arg = "...", call = call
  )
}

# Positions of both parts' groups among all of them.
merge_groups <- function(a, b) {
  if (is.null(a)) return(list(groups = NULL, a = 1L, b = 1L, n = 1))
  labels <- union(a$labels, b$labels)
  order <- order(match(labels, c(a$labels[a$order], setdiff(b$labels[b$order], a$labels))))
  list(groups = list(labels = labels, order = order, n = length(labels)),
       a = match(a$labels, labels), b = match(b$labels, labels), n = length(labels))
}

# --- printing ------------------------------------------------------------------------------------

#' @export
format.judicious_summary <- function(x, ...) {
  facts <- x$facts
  n_judges <- length(x$judges)
  groups <- function(what, part) if (!is.null(part)) paste(format_count(part$n), what)
  parts <- c(
    groups("groups", x$by), groups("strata", x$strata),
    if (x$clustered) paste(format_count(sum(facts$n_units)), "clusters"),
    if (x$known_prob) "known probabilities",
    paste(format_count(n_judges), if (n_judges == 1L) "judge" else "judges")
  )
  c(
    paste0("Label summary: ", x$formula),
    paste0(format_count(sum(facts$n_rows)), " rows, ", format_count(sum(facts$n_true)),
           " human labels"),
    paste(parts, collapse = ", "),
    if (!is.null(x$unit_ids)) "All clusters are kept: other parts may hold rows of the same ones.",
    if (!facts$complete) "Too many labels to keep one by one: their moments are kept."
  )
}

#' @export
print.judicious_summary <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @importFrom stats nobs
#' @export
nobs.judicious_summary <- function(object, ...) {
  check_dots(...)
  sum(object$facts$n_true)
}
