# Two systems as one design: long rows with `by`, and clusters = item; wide data are stacked. What a
# difference and a ratio of two means share, from the arguments to the estimate.

# The design of both systems' rows, with `by` and clusters = item; `systems`, first minus second.
two_systems <- function(formula, formula_b, data, quosures, minus, call) {
  if (is_summary(formula)) {
    abort_judicious("Two systems are compared from their rows; a summary of groups goes to
                    {.fun estimate_groups} and {.fun compare_groups}.", "type", arg = "formula",
                    call = call)
  }
  wide <- !is.null(formula_b)
  if (is.data.frame(formula_b)) {
    abort_judicious("Name the data: {.code data = }. The second argument is a second formula.",
                    "type", arg = "formula_b", call = call)
  }
  has_by <- !rlang::quo_is_null(quosures$by)
  if (wide == has_by) {
    abort_judicious(
      c("Two systems are wanted: give two formulas, or one and {.arg by}.",
        x = if (wide) "Both {.arg formula_b} and {.arg by} are given." else
          "Neither {.arg formula_b} nor {.arg by} is given."),
      "design", arg = if (wide) "by" else "formula_b", call = call
    )
  }
  if (wide) wide_systems(formula, formula_b, data, quosures, minus, call) else
    long_systems(formula, data, quosures, minus, call)
}

wide_systems <- function(formula, formula_b, data, quosures, minus, call) {
  lazy <- is_lazy(data)
  if (!lazy && !rlang::quo_is_null(quosures$item) || !is.null(minus)) {
    abort_judicious(
      c("{.arg item} and {.arg minus} belong to one formula with {.arg by}.",
        i = "Of two formulas every row is an item, and the second is subtracted."),
      "design", arg = if (is.null(minus)) "item" else "minus", call = call
    )
  }
  if (lazy) return(lazy_wide_systems(formula, formula_b, data, quosures, call))
  parse <- function(f) {
    parse_design(f, data, quosures$strata, quosures$clusters, quosures$prob, call)
  }
  parts <- list(parse(formula), parse(formula_b))
  if (parts[[1]]$n != parts[[2]]$n) {
    abort_judicious("Both formulas must be about the same rows: they have {parts[[1]]$n} and
                    {parts[[2]]$n}.", "length", arg = "formula_b", call = call)
  }
  check_two_labels(parts, call)
  check_as_many_judges(vapply(parts, function(p) length(p$proxies), 0L), call)
  out <- stack_designs(parts)
  out$wide <- TRUE
  out$parts <- parts
  out
}

check_as_many_judges <- function(n_judges, call) {
  if (n_judges[1] == n_judges[2]) return(invisible())
  abort_judicious(
    c("Both systems need as many judges: they have {n_judges[1]} and {n_judges[2]}.",
      i = "The same judges, in the same order, in both formulas."),
    "design", arg = "formula_b", call = call
  )
}

system_names <- function(parts) {
  systems <- c(parts[[1]]$label, parts[[2]]$label)
  if (systems[1] == systems[2]) paste(systems, c("(1)", "(2)")) else systems
}

check_two_labels <- function(parts, call) {
  if (parts[[1]]$label != parts[[2]]$label) return(invisible())
  same <- parts[[1]]$formula == parts[[2]]$formula
  abort_judicious(
    c(if (same) "Both formulas are {.code {parts[[1]]$formula}}: a system does not differ from
                 itself." else
        "Both formulas have the human labels {.code {parts[[1]]$label}}: a system does not differ
         from itself.",
      i = if (!same) "Two judges of one system are compared by {.fun compare_estimates}.",
      i = "Name the columns of the other system, or give one formula and {.arg by}."),
    "design", arg = "formula_b", call = call
  )
}

# Rows of both parts, one below the other, as two groups of units that both share.
stack_designs <- function(parts) {
  a <- parts[[1]]
  b <- parts[[2]]
  n <- a$n
  both <- function(x, y) new_column(c(column_values(x), column_values(y)), x$name)
  twice <- function(groups) {
    if (is.null(groups)) return(NULL)
    groups$codes <- rep(as.integer(groups$codes), 2)
    groups
  }
  systems <- system_names(parts)
  rows <- list(codes = seq_len(n), first = 1L, n = n, keys = seq_len(n))
  strata <- twice(a$strata)
  if (!is.null(strata)) strata$order <- group_order(a$strata)
  list(
    n = 2 * n, y = both(a$y, b$y), proxies = unname(Map(both, a$proxies, b$proxies)),
    label = paste(systems, collapse = ", "), formula = paste(a$formula, "|", b$formula),
    strata = strata, clusters = twice(a$clusters %||% rows),
    prob = if (!is.null(a$prob)) both(a$prob, a$prob),
    by = list(codes = rep(1:2, each = n), first = 1L, n = 2, keys = systems, order = 1:2),
    systems = systems, order = 1:2, judges = list(seq_along(a$proxies), seq_along(b$proxies)),
    own_clusters = !is.null(a$clusters)
  )
}

long_systems <- function(formula, data, quosures, minus, call) {
  lazy <- is_lazy(data)
  design <- if (lazy) lazy_systems(formula, data, quosures, call) else
    parse_design(formula, data, quosures$strata, quosures$clusters, quosures$prob, call,
                 by = quosures$by)
  if (is.null(design$by)) {
    abort_judicious("{.arg by} is NULL: which system does every row belong to?",
                    "missing_argument", arg = "by", call = call)
  }
  labels <- group_labels(design$by)[group_order(design$by)]
  if (design$by$n != 2) {
    abort_judicious(
      c("{.arg by} must have two systems: it has {design$by$n}.",
        i = if (design$by$n > 2) "Use {.fun estimate_groups} and {.fun compare_groups}." else
          "There is nothing to compare {.val {labels}} with."),
      "groups", arg = "by", call = call
    )
  }
  check_groups(design$by, 2, call)
  item <- if (!lazy) {
    as_groups(eval_quosure(quosures$item, data, "item", call), design$n, FALSE, "item", call)
  }
  if (!is.null(item)) {
    check_items_once(item, design, call)
    if (is.null(design$clusters)) design$clusters <- item
  }
  order <- group_order(design$by)
  if (!is.null(minus)) {
    minus <- check_choice(as.character(minus), labels, arg = "minus", call = call)
    order <- match(c(setdiff(labels, minus), minus), group_labels(design$by))
  }
  design$systems <- group_labels(design$by)[order]
  design$order <- order
  design$judges <- list(seq_along(design$proxies), seq_along(design$proxies))
  design$wide <- FALSE
  design
}

# Knobs and options of both systems' means.
pair_settings <- function(design, given, options, sign, call) {
  options$metric <- options$metric %||% paste(design$systems, collapse = sign)
  options$estimand <- "rows"
  several_settings(design, length(design$judges[[1]]), given, options, call)
}

check_items_once <- function(item, design, call) {
  pairs <- vctrs::data_frame(item = as.integer(item$codes), by = as.integer(design$by$codes))
  again <- which(duplicated(pairs))
  if (length(again) == 0L) return(invisible())
  where <- again[1]
  system <- group_labels(design$by)[group_codes(design$by)[where]]
  name <- group_labels(item)[group_codes(item)[where]]
  abort_judicious(
    c("An item may occur once per system.",
      x = "Item {.val {name}} of system {.val {system}} occurs again in row {where}
           ({length(again)} such row{?s}).",
      i = "If an item was answered several times, give it as {.arg clusters} instead."),
    "duplicate", arg = "item", where = again, call = call
  )
}

fit_two_systems <- function(design, settings, kind, call) {
  summary <- summarise_design(design, settings$threads, call)
  if (!is.null(settings$range)) {
    check_labels_in_range(design, summary$facts$facts, settings$range, call)
  }
  kept <- labelled_groups(summary, NULL, call, if (settings$lonely_pool) "pool" else "error")
  check_weighted_groups(summary, kept, settings, call)
  targets <- new_targets(design$order, judges = seq_along(design$proxies))
  targets <- trust_verdicts(targets, design, summary, settings, call)
  answers <- call_core(several_means_cpp(summary$numbers, settings, targets), call)
  tell_groups_not_random(answers, summary$judges, summary$known_prob, call,
                         apart = !summary$clustered)
  tell_pair_misreadings(design, summary, settings, call)
  fit <- call_core(several_pairs_cpp(summary$numbers, settings, targets, 1L, 2L, kind), call)[[1]]
  fit$used_judge <- any_weight(answers)
  number <- function(get) vapply(answers, get, 0)
  fit$means <- number(function(a) a$inference$estimate)
  fit$variance_judged <- number(function(a) a$inference$variance)
  fit$variance_labels <- number(function(a) a$without_judges$variance)
  fit$n_labelled <- mean(number(function(a) a$inference$n_true))
  fit$n_items <- mean(colSums(as.matrix(summary$facts$n_rows)))
  fit$n_rows <- sum(summary$facts$n_rows)
  fit$n_clusters <- if (isTRUE(design$own_clusters) || !design$wide && summary$clustered)
    design$clusters$n else NA_real_
  fit
}

# --- result --------------------------------------------------------------------------------------

# Of wide data every system is a mean of its own.
tell_pair_misreadings <- function(design, summary, settings, call) {
  if (!design$wide) return(tell_several_misreadings(design, summary, settings, call))
  for (part in design$parts) {
    n <- part$n
    labels <- column_values(part$y)
    labels <- labels[!is.na(labels)]
    core <- list(facts = list(binary = all(labels %in% c(0, 1)), known_prob = FALSE,
                              lowest_prob = summary$facts$facts$lowest_prob), fixed = TRUE,
                 strata = list(n_rows = n, n_true = length(labels),
                               n_labelled_units = length(labels)))
    core$lambda <- matrix(0, 1, length(part$proxies))
    tell_misreadings(part, core, settings$range, call)
  }
}

build_pair_estimate <- function(fit, interval, design, settings, what, flags, user_call) {
  inference <- fit$inference
  answer <- infer_cpp(interval, inference, settings$conf_level)
  answer$bounds[is.nan(answer$bounds)] <- NA_real_
  new_judicious_estimate(
    estimate = answer$estimate, std_error = answer$std_error, conf_low = answer$bounds[1],
    conf_high = answer$bounds[2], conf_level = settings$conf_level, interval = interval,
    method = paste0(what, ", ", tolower_first(
      method_name(pair_method_design(design), settings, fit$used_judge)
    )),
    preset = settings$preset, estimand = settings$estimand, population = "infinite",
    metric = settings$metric, formula = design$formula, range = inference$range, lambda = NULL,
    df = inference$df, n_true = inference$n_true,
    n_proxy = if (length(design$proxies) > 0L) fit$n_rows else 0, n_rows = fit$n_rows,
    n_clusters = fit$n_clusters,
    n_effective = capped_size(answer$n_effective, inference, fit$n_rows),
    labels_only = labels_only_summary(fit$without_judges, interval, settings), strata = NULL,
    estimate_raw = inference$estimate, flags = flags, boot = NULL, inference = inference,
    pair = c(fit[c("overlap", "best_weights", "variance_apart", "means", "variance_judged",
                   "variance_labels", "n_labelled", "n_items")],
             list(systems = design$systems, what = what)),
    call = user_call
  )
}

# Pairing is not what a reader calls a clustered design.
pair_method_design <- function(design) {
  if (isTRUE(design$wide) && !isTRUE(design$own_clusters)) design$clusters <- NULL
  design
}

tolower_first <- function(x) {
  if (grepl("^(PPI|Multi)", x)) x else paste0(tolower(substr(x, 1, 1)), substring(x, 2))
}
