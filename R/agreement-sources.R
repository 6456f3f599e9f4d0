# Human and judge ratings side by side, and the core's answer to many metrics.

# One human profile, named judge profiles, all of the same items.
pair_sources <- function(human, judges, rule, call) {
  human <- source_profiles(human, "human", rule, call)
  judges <- source_profiles(judges, "judge", rule, call)
  aligned <- align_profiles(human, judges, call = call)
  list(
    task = aligned$human$task, items = aligned$human$items,
    humans = list(human_profile(aligned$human, call)),
    judges = judge_profiles(aligned$judge)
  )
}

source_profiles <- function(x, arg, rule, call) {
  if (!inherits(x, c("judicious_ratings", "judicious_reconstruction"))) {
    abort_judicious(
      c("{.arg {arg}} must be the result of {.fn as_ratings} or {.fn reconstruct_sets}.",
        x = "It is {.obj_type_friendly {x}}."),
      "type", arg = arg, call = call
    )
  }
  item_profiles(x, rule = rule)
}

# Several sources may come in one object: the humans' is then called "human".
human_profile <- function(x, call) {
  sources <- names(x$profiles)
  if (length(sources) == 1L) return(x$profiles[[1]])
  if (!"human" %in% sources) {
    abort_judicious(
      c("{.arg human} must have one source, or one that is called {.val human}.",
        x = "It has {.val {sources}}."),
      "source", arg = "human", call = call
    )
  }
  x$profiles[["human"]]
}

judge_profiles <- function(x) {
  sources <- names(x$profiles)
  if (length(sources) > 1L) sources <- setdiff(sources, "human")
  x$profiles[sources]
}

has_sets <- function(pair) {
  profiles <- c(pair$humans, pair$judges)
  all(vapply(profiles, function(p) any(!is.na(p$omega[1, ])), NA))
}

has_decisions <- function(pair) {
  profiles <- c(pair$humans, pair$judges)
  all(vapply(profiles, function(p) any(!is.na(p$p_positive)), NA))
}

# The metric to compare judges by where the user names none.
default_metric <- function(pair) {
  if (has_sets(pair)) return("mse_srs")
  inform_judicious(
    c("Metric: {.val js_divergence}, because there are not response sets of both sides.",
      i = "It ranks judges well only if all break ties between reasonable options alike. About 100
           paired ratings make {.val mse_srs} possible, see {.fn fit_translation}."),
    "metric"
  )
  "js_divergence"
}

check_bounds <- function(metrics, pair, call) {
  bounded <- vapply(c(pair$humans, pair$judges), function(p) !is.null(p$o_low), NA)
  bad <- metrics[!metric_rows(metrics)$bounds]
  if (!any(bounded) || length(bad) == 0L) return(invisible())
  abort_judicious(
    c("There are no bounds of {.val {bad[1]}} over what invalid answers might have been.",
      i = "Read the ratings with {.code invalid = \"exclude\"} or {.code invalid = \"wrong\"}, or
           use other metrics."),
    "policy", arg = "metric", call = call
  )
}

# One row per judge, metric and threshold; `human` and `judge` are positions.
metric_specs <- function(pair, metrics, tau) {
  uses_tau <- metric_rows(metrics)$uses_tau
  per_metric <- Map(function(metric, uses_tau) {
    # A metric without threshold is computed with any.
    expand_specs(pair, metric, if (uses_tau) tau else tau[1], uses_tau)
  }, metrics, uses_tau)
  do.call(rbind, unname(per_metric))
}

expand_specs <- function(pair, metric, tau, uses_tau) {
  grid <- expand.grid(judge = seq_along(pair$judges), tau = tau, human = seq_along(pair$humans))
  data.frame(human = grid$human, judge = grid$judge, metric = metric, tau = grid$tau,
             shown_tau = if (uses_tau) grid$tau else NA_real_)
}

check_taus <- function(tau, call) {
  tau <- check_numeric_vector(tau, arg = "tau", call = call)
  if (length(tau) == 0L) {
    abort_judicious("{.arg tau} must have at least one threshold.", "length", arg = "tau",
                    call = call)
  }
  for (x in tau) check_tau(x, arg = "tau", call = call)
  unique(tau)
}

# Estimates, intervals and counts of every row of `specs`, and the replicates. With
# `common`, all rows are of the items that all of them can use.
compute_metrics <- function(pair, specs, boot, smooth, common, call) {
  used <- used_items_cpp(pair$humans, pair$judges, specs, length(pair$items))
  if (common) used[] <- rowSums(used) == ncol(used)
  compute <- function(n_boot, threads, tick) {
    agreement_metrics_cpp(pair$humans, pair$judges, specs, smooth, used, n_boot, threads, tick)
  }
  core <- run_bootstrap(compute, boot, call)
  bounds <- metric_bounds(core, colSums(used), boot$conf_level, specs$metric %in% rate_metrics)
  core$estimate[is.nan(core$estimate)] <- NA_real_
  c(
    list(estimate = core$estimate, conf_low = bounds[1, ], conf_high = bounds[2, ],
         std_error = apply(core$replicates, 2, stats::sd, na.rm = TRUE),
         replicates = core$replicates, n_items = colSums(used)),
    metric_counts(pair, specs, used)
  )
}

# With bounds from invalid answers, the interval reaches from the lower quantile of
# the lowest to the upper quantile of the highest metric.
metric_bounds <- function(core, n_items, conf_level, rate) {
  low <- core$low_replicates %||% core$replicates
  high <- core$high_replicates %||% core$replicates
  vapply(seq_along(core$estimate), function(k) {
    if (nrow(low) == 0L) return(c(core$low[k] %||% NA_real_, core$high[k] %||% NA_real_))
    c(replicate_bounds(low[, k], core$estimate[k], n_items[k], conf_level, rate[k])[1],
      replicate_bounds(high[, k], core$estimate[k], n_items[k], conf_level, rate[k])[2])
  }, numeric(2))
}

replicate_bounds <- function(replicates, estimate, n_items, conf_level, rate) {
  agreement_bounds(estimate, replicates[!is.nan(replicates)], n_items, conf_level, rate)
}

# Means of scores that all lie in [0, 1].
rate_metrics <- c("hit_rate", "coverage", "coverage_srs", "consistency")

# Values without an interval because all resamples are alike.
warn_without_interval <- function(values, specs, boot, call) {
  if (boot$n_boot == 0) return(invisible())
  bad <- is.finite(values$estimate) & is.na(values$conf_low) & values$n_items > 1
  if (any(bad)) warn_constant(unique(metric_title(specs$metric[bad])), call)
}

# Ratings behind each row: of the items used; invalid ones of all items.
metric_counts <- function(pair, specs, used) {
  rows <- metric_rows(specs$metric)
  both_sides <- function(field) {
    columns_by_source(pair$humans, specs$human, rows$human_agg, field) +
      columns_by_source(pair$judges, specs$judge, rows$judge_agg, field)
  }
  list(n_ratings = colSums(used * both_sides("n")), n_invalid = colSums(both_sides("invalid")))
}

# One column per row of the result; many share a source and an aggregation.
columns_by_source <- function(profiles, source, agg, field) {
  key <- paste(source, agg)
  first <- which(!duplicated(key))
  columns <- lapply(first, function(k) ratings_of(profiles[[source[k]]], agg[k], field))
  do.call(cbind, columns)[, match(key, key[first]), drop = FALSE]
}

# Sets that were rebuilt from choices rest on the choices.
ratings_of <- function(profile, agg, field) {
  choices <- profile[[paste0(field, "_choice")]]
  if (agg %in% c("h", "s")) return(choices)
  sets <- profile[[paste0(field, "_set")]]
  asked_sets <- profile$n_set + profile$invalid_set > 0
  ifelse(asked_sets, sets, choices)
}
