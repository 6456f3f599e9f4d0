# Two systems whose answers are in a table: one formula and `by`, or two formulas on the same rows.

# As long_systems() reads them from rows in memory.
lazy_systems <- function(formula, data, quosures, call) {
  quosures <- c(quosures[c("strata", "clusters", "prob", "by", "item")],
                list(shard = rlang::quo(NULL)))
  if (rlang::quo_is_null(quosures$clusters)) quosures$clusters <- quosures$item
  read <- read_systems(sql_question(formula, data, quosures, call), call, check_two_asked)
  design <- lazy_pair_design(read, call)
  if (read$summary$clustered) design$clusters <- list(n = read$n_clusters)
  design
}

read_systems <- function(q, call, check) {
  n_clusters <- NA_real_
  read <- read_question(q, call, function(q, session) {
    check(q, session, call)
    if (length(q$item)) check_items_asked(q, session, call)
    if (length(q$cluster)) n_clusters <<- count_clusters(q, session, call)
  })
  c(read, list(n_clusters = n_clusters))
}

lazy_pair_design <- function(read, call) {
  design <- summary_design(utils::modifyList(read$summary, list(by = NULL)), call)
  design$summary <- read$summary
  design$by <- c(read$by, list(codes = integer()))
  design
}

# An id in place of a system must not be summed up value by value.
check_two_asked <- function(q, session, call) {
  found <- ask(session, utils::head(dplyr::distinct(q$table, !!!rlang::syms(q$by)), 3L), call)
  if (nrow(found) < 3L) return(invisible())
  abort_judicious(
    c("{.arg by} must have two systems: it has more.",
      i = "Use {.fun estimate_groups} and {.fun compare_groups}, or {.fun filter} for two."),
    "groups", arg = "by", call = call
  )
}

check_items_asked <- function(q, session, call) {
  counts <- sums_by(q$table, c(q$by, q$item), times = dplyr::n())
  again <- ask(session, utils::head(dplyr::filter(counts, !!sql_column("times") > 1), 1L), call)
  if (nrow(again) == 0L) return(invisible())
  system <- if (is.null(q$systems)) paste(unlist(again[q$by]), collapse = " / ") else
    q$systems[again[[q$by]]]
  abort_judicious(
    c("An item may occur once per system.",
      x = "Item {.val {again$item}} of system {.val {system}} occurs {again$times} times.",
      i = "If an item was answered several times, give it as {.arg clusters} instead."),
    "duplicate", arg = "item", call = call
  )
}

count_clusters <- function(q, session, call) {
  clusters <- dplyr::distinct(q$table, !!!rlang::syms(q$cluster))
  as.double(ask(session, dplyr::summarise(clusters, n = dplyr::n()), call)$n)
}

# --- two formulas --------------------------------------------------------------------------------

# Rows of a table have no number that would say which answers belong together: an id does.
lazy_wide_systems <- function(formula, formula_b, data, quosures, call) {
  own_clusters <- !rlang::quo_is_null(quosures$clusters)
  if (!own_clusters) quosures$clusters <- item_of_table(quosures$item, call)
  quosures <- c(quosures[c("strata", "clusters", "prob", "item")], no_groups())
  parts <- lapply(list(formula, formula_b), sql_question, data, quosures, call)
  check_two_labels(parts, call)
  check_as_many_judges(vapply(parts, function(q) length(q$judges), 0L), call)
  read <- read_systems(stack_questions(parts), call, function(...) NULL)
  design <- lazy_pair_design(read, call)
  design$systems <- system_names(parts)
  design$order <- match(1:2, read$by$keys)
  design$wide <- TRUE
  design$own_clusters <- own_clusters
  design$clusters <- list(n = read$n_clusters)
  design
}

item_of_table <- function(item, call) {
  if (!rlang::quo_is_null(item)) return(item)
  abort_judicious(
    c("Two formulas on a table need {.arg item}, the column that tells its rows apart.",
      i = "Or give {.arg clusters}, if several rows belong together."),
    "design", arg = "item", call = call
  )
}

stack_questions <- function(parts) {
  tables <- Map(function(q, k) dplyr::mutate(q$table, group_1 = !!k), parts, 1:2)
  q <- parts[[1]]
  q$table <- dplyr::union_all(tables[[1]], tables[[2]])
  q$by <- "group_1"
  q$systems <- system_names(parts)
  q$nan_labels <- parts[[1]]$nan_labels || parts[[2]]$nan_labels
  q$label <- paste(q$systems, collapse = ", ")
  q$formula <- paste(parts[[1]]$formula, "|", parts[[2]]$formula)
  differ <- q$names != parts[[2]]$names
  q$names[differ] <- paste(q$names, parts[[2]]$names, sep = " or ")[differ]
  q
}

no_groups <- function() list(by = rlang::quo(NULL), shard = rlang::quo(NULL))

# --- the share of a part -------------------------------------------------------------------------

# As share_rows() makes it: two responses on the same rows, each with its own judges. NULL if the
# first is no part of the second.
lazy_share <- function(formula, formula_b, data, quosures, call) {
  lazy_connection(data, call)
  numbers <- list(number_expressions(formula, data, quosures$prob, call),
                  number_expressions(formula_b, data, rlang::quo(NULL), call))
  judges <- lapply(numbers, function(x) grep("^judge", names(x$exprs), value = TRUE))
  check_two_labels(numbers, call)
  check_as_many_judges(lengths(judges), call)
  q <- question_of(both_numbers(numbers, judges), data,
                   c(quosures[c("strata", "clusters", "prob")], no_groups()), call)
  n_clusters <- NA_real_
  asked <- ask_lazy(q, call, settle = function(q, session) {
    if (!asks_part(q, session, call)) return(NULL)
    if (length(q$cluster)) n_clusters <<- count_clusters(q, session, call)
    q
  })
  if (is.null(asked)) return(NULL)
  asked$q$responses <- asked$answers$labelled[c("label", "other")]
  design <- summary_design(sum_lazy(asked, call), call)
  design$systems <- system_names(numbers)
  design$judges <- list(seq_along(judges[[1]]), length(judges[[1]]) + seq_along(judges[[2]]))
  design$proxies <- design$proxies[design$judges[[1]]]
  design$wide <- design$part <- TRUE
  design$own_clusters <- length(q$cluster) > 0L
  if (design$own_clusters) design$clusters <- list(n = n_clusters)
  design
}

both_numbers <- function(numbers, judges) {
  a <- numbers[[1]]
  b <- numbers[[2]]
  second <- paste0("judge_", length(judges[[1]]) + seq_along(judges[[2]]))
  renamed <- function(x) {
    c(rlang::set_names(x[judges[[2]]], if (length(judges[[2]])) second), other = x[["label"]])
  }
  list(exprs = c(a$exprs, renamed(b$exprs)), names = c(a$names, renamed(b$names)),
       label = paste(system_names(numbers), collapse = ", "),
       formula = paste(a$formula, "|", b$formula))
}

# Of no row is one label missing (NULL or NaN), or above the other, or none of 0 and 1.
asks_part <- function(q, session, call) {
  a <- sql_column("label")
  b <- sql_column("other")
  is_part <- rlang::expr((!!is_null_or_nan(a)) & (!!is_null_or_nan(b)) |
                           !!a %in% c(0, 1) & !!b %in% c(0, 1) & !!a <= !!b)
  others <- rlang::expr(sum(dplyr::case_when(!!is_part ~ 0, TRUE ~ 1), na.rm = TRUE))
  isTRUE(ask(session, dplyr::summarise(q$table, others = !!others), call)$others == 0)
}
