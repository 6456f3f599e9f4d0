# The difference and the ratio of two means, each as one estimate.

#' Estimate the difference of two means
#'
#' @description
#' "Is the new version better?" in one number with an interval. Two formulas: both systems answered
#' the same items, one row per item. One formula and `by`: one row per answer; `item` says which
#' answers belong together, and paired, partly overlapping and separate items are one formula.
#'
#' The difference is estimated as such. Where at least half of the labels are on shared items, the
#' judge gets the weights that are best for the difference, which are not those of the two means:
#' those can make a paired difference up to 1.8 times less precise. The result is therefore not the
#' subtraction of two printed means, and `print()` says so.
#'
#' @inheritParams estimate_mean
#' @param formula,formula_b `human_a ~ judge_a` and `human_b ~ judge_b` of two systems, whose
#'   difference a - b is wanted; or one formula with `by`. Either may lack labels where the other
#'   has them: a half pair counts for its own system.
#' @param by Two systems, for one row per answer. Of a factor, the first level minus the second.
#' @param item What both systems answered: an id that occurs once per system. `NULL`: the systems
#'   answered different items, unless `clusters` are shared.
#' @param minus The system that is subtracted, if not the second.
#' @param interval `NULL`: `"beta"` on the scale of the difference if the metric is bounded, else
#'   `"t"`. `"mover"` adds the distances from both means' own beta intervals (Newcombe 1998; Zou and
#'   Donner 2008): some 6 % narrower for separate items, wider for paired ones. `"t"`, `"normal"`.
#' @return A `judicious_estimate`, with the methods described in [judicious_estimate]:
#'   [test_mean()] with `mu = 0` tests whether there is a difference.
#' @section Formula:
#' With psi the influence of an item on a mean, V = sum (psi_a - psi_b)^2 over items. Bounded
#' metrics: d / range on \[-1, 1\] is twice a share minus 1, whose interval is that of Clopper and
#' Pearson at the effective size n_e = n_b (4 n_b p0 (1 - p0) + D) / (n_b (n_b - 1) V + D), with
#' p0 = (d + 1) / 2 of the labels alone, D the guard of [estimate_mean()], and
#' n_b^-2 = n_a^-2 + n_b^-2 - phi / (n_a n_b) of both systems' own sizes and phi, the share of
#' labels in common. Other metrics: t with HC3 variance.
#' @section Ties:
#' Verdicts "a", "b" or "tie" about a pair are one column of 1, 1/2 and 0: its mean, by
#' [estimate_mean()], is P(win) + P(tie) / 2.
#' @section Undefined when:
#' a system has fewer than two labels: an error.
#' @references Newcombe (1998), Statistics in Medicine 17; Zou and Donner (2008), Statistics in
#'   Medicine 27.
#' @seealso [compare_groups()] for more than two, [estimate_ratio()], [test_mean()].
#' @examples
#' set.seed(1)
#' items <- simulate_binary(2000, true_mean = 0.2, proxy_mean = 0.15, correlation = 0.7)
#' items$old <- items$y_true
#' items$new <- ifelse(runif(2000) < 0.3, 0, items$old)
#' items$judge_new <- ifelse(items$new == 1, items$y_proxy, 0)
#' items$old[201:2000] <- NA
#' items$new[201:2000] <- NA
#' better <- estimate_difference(new ~ judge_new, old ~ y_proxy, data = items)
#' better
#' test_mean(better, mu = 0)
#' @export
estimate_difference <- function(formula, formula_b = NULL, data = NULL, ..., by = NULL,
                                item = NULL, minus = NULL, strata = NULL, clusters = NULL,
                                prob = NULL, preset = c("recommended", "published"),
                                power_tuning = NULL, interval = NULL, conf_level = 0.95,
                                range = NULL, threads = NULL, metric = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  preset <- match_choice(preset)
  quosures <- list(strata = rlang::enquo(strata), clusters = rlang::enquo(clusters),
                   prob = rlang::enquo(prob), by = rlang::enquo(by), item = rlang::enquo(item))
  design <- two_systems(formula, formula_b, data, quosures, minus, call)
  settings <- several_settings(
    design, length(design$judges[[1]]), list(power_tuning = power_tuning, interval = interval),
    list(preset = preset, estimand = "rows", conf_level = conf_level,
         range = check_range(range, call), threads = threads, more_intervals = "mover",
         metric = metric %||% paste(design$systems, collapse = " - ")), call
  )
  # The distances from both means' own bounds belong to the difference of these means.
  kind <- if (settings$interval == "mover") "own" else "difference"
  fit <- fit_two_systems(design, settings, kind, call)
  inference <- fit$inference
  used <- resolve_interval(settings$interval, inference, call)
  build_pair_estimate(fit, used, design, settings, "Difference of means",
                      difference_flags(fit), sys.call())
}

difference_flags <- function(fit) {
  shared <- format_chance(fit$overlap)
  v <- fit$inference$variance
  c(
    if (fit$overlap == 0) {
      "Separate items: no label is on an item of both systems."
    } else {
      paste0("Paired: ", shared, " of the labels are on shared items",
             if (v > 0) paste0("; separate items would need ",
                               format_number(fit$variance_apart / v, 2),
                               " times as many labels for the same precision"), ".")
    },
    if (fit$best_weights) {
      paste("The judge has the weights that are best for the difference: it is not the",
            "subtraction of two means.")
    }
  )
}

#' Estimate the ratio of two means
#'
#' @description
#' A mean divided by another: cost per solved task, tokens per correct answer, the relative risk of
#' two systems. Two formulas on the same rows, or one formula and `by`, as in
#' [estimate_difference()].
#'
#' @inheritParams estimate_difference
#' @param formula,formula_b The mean above and the mean below the line.
#' @param over With `by`: the system below the line, if not the second.
#' @param interval `NULL`: `"beta"` for the share of a part (0/1 labels with the first never above
#'   the second, on the same rows, such as errors among refusals), else `"fieller"`. Also `"t"` (the
#'   delta rule), which is not advised for rates: it covers down to 28 per cent of the time.
#' @return A `judicious_estimate`, with the methods described in [judicious_estimate].
#' @section Formula:
#' r = theta_a / theta_b. Fieller: all r with (theta_a - r theta_b)^2 <= t^2 (V_aa - 2 r V_ab +
#' r^2 V_bb), HC3. Share of a part: one Newton step from r with the judge weights best for it, and
#' the beta interval of [estimate_mean()] at n_b times the labelled share of the denominator.
#' @section Undefined when:
#' The denominator is not distinguishable from 0: Fieller's set is no interval and `NA` is
#' returned, with a warning. No labelled row counts in the denominator of a share: an error.
#' @references Fieller (1954), JRSS B 16.
#' @seealso [estimate_performance()] for precision and recall, [estimate_difference()].
#' @examples
#' set.seed(1)
#' tasks <- data.frame(solved_judge = rbinom(1000, 1, 0.6))
#' tasks$cost_judge <- rgamma(1000, 4) + 2 * tasks$solved_judge
#' tasks$solved <- ifelse(runif(1000) < 0.9, tasks$solved_judge, 1 - tasks$solved_judge)
#' tasks$cost <- tasks$cost_judge + rnorm(1000, 0, 0.3)
#' tasks[201:1000, c("solved", "cost")] <- NA
#' estimate_ratio(cost ~ cost_judge, solved ~ solved_judge, data = tasks,
#'                metric = "Cost per solved task")
#' @export
estimate_ratio <- function(formula, formula_b = NULL, data = NULL, ..., by = NULL, item = NULL,
                           over = NULL, strata = NULL, clusters = NULL, prob = NULL,
                           preset = c("recommended", "published"), power_tuning = NULL,
                           interval = NULL, conf_level = 0.95, threads = NULL, metric = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  preset <- match_choice(preset)
  quosures <- list(strata = rlang::enquo(strata), clusters = rlang::enquo(clusters),
                   prob = rlang::enquo(prob), by = rlang::enquo(by), item = rlang::enquo(item))
  design <- two_systems(formula, formula_b, data, quosures, over, call)
  if (!is.null(interval)) {
    check_choice(interval, c("beta", "fieller", "t", "normal"), call = call)
  }
  settings <- several_settings(
    design, length(design$judges[[1]]), list(power_tuning = power_tuning),
    list(preset = preset, estimand = "rows", conf_level = conf_level,
         range = NULL, threads = threads,
         metric = metric %||% paste(design$systems, collapse = " / ")), call
  )
  part <- is_part(design)
  if (identical(interval, "beta") && !part) {
    abort_judicious(
      c("{.code interval = \"beta\"} is for the share of a part.",
        x = "That needs 0/1 labels of both on the same rows, the first never above the second.",
        i = "Use {.code interval = \"fieller\"}."),
      "undefined", arg = "interval", call = call
    )
  }
  share <- part && (is.null(interval) || interval == "beta")
  fit <- if (share) fit_share(design, settings, call) else
    fit_two_systems(design, settings, "ratio", call)
  wanted <- interval %||% if (share) "beta" else "fieller"
  used <- resolve_interval(wanted, fit$inference, call)
  out <- build_pair_estimate(
    fit, used, design, settings, if (share) "Share of a part" else "Ratio of means", NULL,
    sys.call()
  )
  tell_unbounded_ratio(out, call)
  out
}

tell_unbounded_ratio <- function(x, call) {
  if (x$interval != "fieller" || !is.na(x$conf_low)) return(invisible())
  warn_judicious(
    c("The denominator is not distinguishable from 0: the interval of the ratio is NA.",
      i = "Label more, or compare by {.fun estimate_difference}."),
    "undefined", call = call
  )
}

# --- two systems, as long data -------------------------------------------------------------------

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
  if (!rlang::quo_is_null(quosures$item) || !is.null(minus)) {
    abort_judicious(
      c("{.arg item} and {.arg minus} belong to one formula with {.arg by}.",
        i = "Of two formulas every row is an item, and the second is subtracted."),
      "design", arg = if (is.null(minus)) "item" else "minus", call = call
    )
  }
  parse <- function(f) {
    parse_design(f, data, quosures$strata, quosures$clusters, quosures$prob, call)
  }
  parts <- list(parse(formula), parse(formula_b))
  if (parts[[1]]$n != parts[[2]]$n) {
    abort_judicious("Both formulas must be about the same rows: they have {parts[[1]]$n} and
                    {parts[[2]]$n}.", "length", arg = "formula_b", call = call)
  }
  n_judges <- vapply(parts, function(p) length(p$proxies), 0L)
  if (n_judges[1] != n_judges[2]) {
    abort_judicious(
      c("Both systems need as many judges: they have {n_judges[1]} and {n_judges[2]}.",
        i = "The same judges, in the same order, in both formulas."),
      "design", arg = "formula_b", call = call
    )
  }
  out <- stack_designs(parts)
  out$wide <- TRUE
  out
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
  systems <- c(a$label, b$label)
  if (systems[1] == systems[2]) systems <- paste(systems, c("(1)", "(2)"))
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
  design <- parse_design(formula, data, quosures$strata, quosures$clusters, quosures$prob, call,
                         by = quosures$by)
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
  item <- as_groups(eval_quosure(quosures$item, data, "item", call), design$n, FALSE, "item", call)
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

check_items_once <- function(item, design, call) {
  pairs <- vctrs::data_frame(item = as.integer(item$codes), by = as.integer(design$by$codes))
  again <- which(duplicated(pairs))
  if (length(again) == 0L) return(invisible())
  where <- again[1]
  system <- group_labels(design$by)[design$by$codes[where] - design$by$first + 1L]
  name <- group_labels(item)[item$codes[where] - item$first + 1L]
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
  labelled_groups(summary, "error", call)
  targets <- new_targets(design$order, judges = seq_along(design$proxies))
  answers <- call_core(several_means_cpp(summary$numbers, settings, targets), call)
  tell_groups_not_random(answers, summary$judges, summary$known_prob, call)
  fit <- call_core(several_pairs_cpp(summary$numbers, settings, targets, 1L, 2L, kind), call)[[1]]
  fit$means <- vapply(answers, function(a) a$inference$estimate, 0)
  fit$n_rows <- sum(summary$facts$n_rows)
  fit$n_clusters <- if (isTRUE(design$own_clusters) || !design$wide && summary$clustered)
    design$clusters$n else NA_real_
  fit
}

build_pair_estimate <- function(fit, interval, design, settings, what, flags, user_call) {
  inference <- fit$inference
  answer <- infer_cpp(interval, inference, settings$conf_level)
  answer$bounds[is.nan(answer$bounds)] <- NA_real_
  new_judicious_estimate(
    estimate = answer$estimate, std_error = answer$std_error, conf_low = answer$bounds[1],
    conf_high = answer$bounds[2], conf_level = settings$conf_level, interval = interval,
    method = paste0(what, ", ", tolower_first(method_name(pair_method_design(design), settings))),
    preset = settings$preset, estimand = settings$estimand, population = "infinite",
    metric = settings$metric, formula = design$formula, range = inference$range, lambda = NULL,
    df = inference$df, n_true = inference$n_true,
    n_proxy = if (length(design$proxies) > 0L) fit$n_rows else 0, n_rows = fit$n_rows,
    n_clusters = fit$n_clusters,
    n_effective = capped_size(answer$n_effective, inference, fit$n_rows),
    labels_only = labels_only_summary(fit$without_judges, interval, settings), strata = NULL,
    estimate_raw = inference$estimate, flags = flags, boot = NULL, inference = inference,
    pair = fit[c("overlap", "best_weights", "variance_apart", "means")], call = user_call
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

# --- the share of a part -------------------------------------------------------------------------

# 0/1 labels of both on the same rows, the first never above the second.
is_part <- function(design) {
  if (!isTRUE(design$wide)) return(FALSE)
  n <- design$n / 2
  y <- column_values(design$y)
  a <- y[seq_len(n)]
  b <- y[n + seq_len(n)]
  if (!identical(is.na(a), is.na(b))) return(FALSE)
  a <- a[!is.na(a)]
  b <- b[!is.na(b)]
  all(a %in% c(0, 1)) && all(b %in% c(0, 1)) && all(a <= b)
}

# Two responses on the same rows, each with its own judges.
fit_share <- function(design, settings, call) {
  n <- design$n / 2
  half <- function(column, k) {
    new_column(column_values(column)[(k - 1) * n + seq_len(n)], column$name)
  }
  codes <- function(groups) {
    if (!is.null(groups)) groups$codes <- groups$codes[seq_len(n)]
    groups
  }
  rows <- design
  rows$n <- n
  rows$y <- half(design$y, 1)
  rows$more_y <- list(half(design$y, 2))
  rows$proxies <- unlist(lapply(1:2, function(k) lapply(design$proxies, half, k)),
                         recursive = FALSE)
  rows["strata"] <- list(codes(design$strata))
  rows["clusters"] <- list(if (isTRUE(design$own_clusters)) codes(design$clusters))
  rows["prob"] <- list(if (!is.null(design$prob)) half(design$prob, 1))
  rows["by"] <- list(NULL)
  m <- length(design$proxies)
  settings$clustered <- !is.null(rows$clusters)
  summary <- summarise_design(rows, settings$threads, call)
  check_identified(summary, call)
  targets <- new_targets(c(1L, 1L), 1:2, list(seq_len(m), m + seq_len(m)))
  fit <- call_core(several_pairs_cpp(summary$numbers, settings, targets, 1L, 2L, "share"),
                   call)[[1]]
  if (is.null(fit)) {
    abort_judicious(
      c("No labelled row counts in the denominator {.var {design$systems[2]}}.",
        i = "The ratio is not identified: label more rows."),
      "undefined", arg = "formula_b", call = call
    )
  }
  fit$n_rows <- n
  fit$n_clusters <- if (is.null(rows$clusters)) NA_real_ else rows$clusters$n
  fit
}

# Every stratum needs two labelled units.
check_identified <- function(summary, call) {
  units <- as.matrix(summary$facts$n_labelled_units)[, 1]
  if (all(units >= 2)) return(invisible())
  unit <- if (summary$clustered) "cluster" else "row"
  if (is.null(summary$strata)) {
    abort_judicious(
      c("{.var {summary$label}} has {units} labelled {unit}{?s}: at least two are needed."),
      if (units == 0) "no_labels" else "few_labels", arg = summary$label, call = call
    )
  }
  h <- which(units < 2)[1]
  abort_judicious(
    c("Stratum {.val {summary$strata$labels[h]}} has {units[h]} labelled {unit}{?s}: at least two
       are needed.", i = "Merge it with a similar stratum, or label more of it."),
    if (units[h] == 0) "no_labels" else "few_labels", arg = "strata", call = call
  )
}
