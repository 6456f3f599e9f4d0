# Means of groups: one estimate per group, from one pass over the rows.

#' Estimate a mean in every group
#'
#' @description
#' One mean per group (system, version, month, topic), with its interval: each is what
#' [estimate_mean()] says of the rows of that group. `by` crosses `strata` and `clusters`; where
#' groups share clusters (the same prompts were answered by several systems) the estimates covary,
#' and [vcov()], [confint()] with `simultaneous = TRUE`, [compare_groups()] and [rank_groups()] know
#' that. For the difference of two groups use [compare_groups()] or [estimate_difference()], not
#' the overlap of the intervals: it errs in both directions.
#'
#' @inheritParams estimate_mean
#' @param formula Human labels and judges, as in [estimate_mean()]; or a summary from
#'   [summarise_labels()] with `by`.
#' @param by Groups: a column of `data` or a vector of ids; several columns as
#'   `by = data.frame(a, b)`.
#' @param interval `"auto"`, `"beta"`, `"wilson"`, `"t"` or `"normal"`; see [estimate_mean()].
#' @param empty What to do with a group whose mean cannot be estimated, because it has fewer than
#'   two labelled rows (or clusters) in some stratum: `"error"` or `"drop"`, with a message.
#' @param max_groups More distinct values of `by` than this are refused, unless `by` is a factor:
#'   it may be an id or a measurement.
#' @return A table of class [judicious_estimates], one row per group.
#' @section Undefined when:
#' A group has no labels, or only one, in some stratum: see `empty`. Groups with fewer than 20
#' labels are marked in the column `note`.
#' @seealso [compare_groups()], [rank_groups()], [estimate_difference()], [estimate_mean()].
#' @examples
#' set.seed(1)
#' answers <- simulate_binary(3000, true_mean = 0.2, proxy_mean = 0.15, correlation = 0.7)
#' answers$system <- rep(c("A", "B", "C"), 1000)
#' answers$human <- reveal_labels(answers$y_true, sample_uniform(3000, 300))
#' groups <- estimate_groups(human ~ y_proxy, answers, by = system)
#' groups
#' confint(groups, simultaneous = TRUE)
#' ggplot2::autoplot(groups)
#' @export
estimate_groups <- function(formula, data = NULL, by = NULL, ..., strata = NULL, clusters = NULL,
                            prob = NULL, estimand = c("rows", "clusters"),
                            preset = c("recommended", "published"), power_tuning = NULL,
                            pool_strata = NULL, center = NULL, interval = NULL,
                            conf_level = 0.95, range = NULL, threads = NULL, metric = NULL,
                            strata_weights = NULL, lonely = c("error", "pool"),
                            guard = c("robust", "verdict"),
                            empty = c("error", "drop"), max_groups = 200) {
  call <- rlang::current_env()
  check_dots(...)
  preset <- match_choice(preset)
  estimand <- match_choice(estimand)
  lonely <- match_choice(lonely)
  guard <- match_choice(guard)
  empty <- match_choice(empty)
  quosures <- list(rlang::enquo(strata), rlang::enquo(clusters), rlang::enquo(prob))
  source <- grouped_summary(formula, data, rlang::enquo(by), quosures, guard,
                            check_threads(threads, call), check_count(max_groups), call)
  summary <- source$summary
  design <- source$design
  settings <- several_settings(
    design, length(summary$judges),
    list(power_tuning = power_tuning, pool_strata = pool_strata, center = center,
         interval = interval),
    list(preset = preset, estimand = estimand, guard = guard, lonely = lonely,
         conf_level = conf_level, range = check_range(range, call), threads = threads,
         strata_weights = strata_weights, metric = check_metric(metric, summary$label, call)), call
  )
  check_labels_in_range(design, summary$facts$facts, settings$range, call)
  fit <- fit_groups(design, summary, settings, empty, lonely, call)
  quantities <- group_quantities(summary, fit$kept, fit$answers, settings$interval)
  new_judicious_estimates(
    quantities = quantities,
    flags = verdict_flags(settings, intervals_of(quantities), length(summary$judges)),
    what = "group", by = source$by, settings = settings, formula = summary$formula,
    judges = summary$judges, method = method_name(design, settings, any_weight(fit$answers)),
    joint = list(numbers = summary$numbers, targets = fit$targets), call = sys.call()
  )
}

fit_groups <- function(design, summary, settings, empty, lonely, call) {
  kept <- labelled_groups(summary, empty, call, lonely)
  check_mixed_clusters(summary, settings, call)
  check_weighted_groups(summary, kept, settings, call)
  targets <- new_targets(kept, judges = seq_along(summary$judges))
  targets <- trust_verdicts(targets, design, summary, settings, call)
  answers <- call_core(several_means_cpp(summary$numbers, settings, targets), call)
  tell_groups_not_random(answers, summary$judges, summary$known_prob, call,
                         apart = !summary$clustered)
  tell_several_misreadings(design, summary, settings, call, answers)
  list(kept = kept, targets = targets, answers = answers)
}

group_quantities <- function(summary, kept, answers, interval) {
  rows <- colSums(as.matrix(summary$facts$n_rows))[kept]
  Map(function(group, answer, n) {
    new_quantity(group, answer, interval, n, note = few_labels_note(answer))
  }, summary$by$labels[kept], answers, rows)
}

# A summary of groups, given or made from rows.
grouped_summary <- function(formula, data, by, quosures, guard, threads, max_groups, call) {
  if (is_summary(formula)) {
    check_summary_alone(data, c(quosures, by), guard, "error", call)
    if (is.null(formula$by)) abort_no_groups(call)
    design <- summary_design(utils::modifyList(formula, list(by = NULL)), call)
    return(list(summary = formula, design = design, by = "group"))
  }
  if (is_lazy(data) && !rlang::quo_is_null(by)) {
    check_guard_of_rows(guard, "error", call)
    design <- list(strata = quosures[[1]], clusters = quosures[[2]], prob = quosures[[3]], by = by,
                   shard = rlang::quo(NULL), max_groups = max_groups)
    summary <- summarise_lazy(formula, data, design, call)
    out <- grouped_summary(summary, NULL, rlang::quo(NULL), list(), guard, threads, max_groups,
                           call)
    out$by <- rlang::as_label(by)
    return(out)
  }
  design <- parse_design(formula, data, quosures[[1]], quosures[[2]], quosures[[3]], call, by = by)
  if (is.null(design$by)) abort_no_groups(call)
  check_groups(design$by, max_groups, call)
  list(summary = summarise_design(design, threads, call), design = design,
       by = rlang::as_label(by))
}

abort_no_groups <- function(call) {
  abort_judicious(
    c("{.arg by} is missing: it says which group a row belongs to.",
      i = "For all rows together use {.fun estimate_mean}."),
    "missing_argument", arg = "by", call = call
  )
}

check_groups <- function(by, max_groups, call) {
  if (by$n > max_groups && !is.factor(by$codes)) {
    abort_judicious(
      c("{.arg by} has {by$n} distinct values: is it an id or a measurement?",
        i = "Cut a measurement into classes with {.fun cut}. If all groups are meant, make it a
             factor or set {.arg max_groups}."),
      "groups", arg = "by", call = call
    )
  }
  labels <- group_labels(by)
  plain <- gsub("[[:space:]]+", " ", trimws(tolower(labels)))
  twice <- which(duplicated(plain) | duplicated(plain, fromLast = TRUE))
  if (length(twice) == 0L) return(invisible())
  alike <- labels[plain == plain[twice[1]]]
  warn_judicious(
    c("Some groups differ only in capitals or spaces: {.val {alike}}.",
      i = "They are estimated as different groups; make their names equal if they are one."),
    "groups", arg = "by", call = call
  )
}

# Groups in the order of a reader whose mean can be estimated. `empty`, `lonely`: where a door has
# them.
labelled_groups <- function(summary, empty, call, lonely = NULL) {
  labelled <- as.matrix(summary$facts$n_labelled_units)
  present <- as.matrix(summary$facts$n_units) > 0
  order <- summary$by$order
  order <- order[colSums(present)[order] > 0]
  lacks <- present & labelled < if (identical(lonely, "pool")) 1 else 2
  some <- colSums(labelled >= 2) > 0  # a stratum to borrow from
  poor <- order[colSums(lacks)[order] > 0 | !some[order]]
  if (length(poor) == 0L) return(order)
  kept <- setdiff(order, poor)
  if (!identical(empty, "drop") || length(kept) == 0L) {
    abort_poor_group(summary, poor[1], labelled, present, !is.null(empty), !is.null(lonely), call)
  }
  inform_judicious(
    c(i = "Dropped {length(poor)} group{?s} with too few labels:
           {.val {summary$by$labels[poor]}}."),
    "dropped_groups"
  )
  kept
}

abort_poor_group <- function(summary, group, labelled, present, drops, pools, call) {
  name <- summary$by$labels[group]
  unit <- if (summary$clustered) "cluster" else "row"
  h <- which(present[, group] & labelled[, group] < 2)[1]
  n <- labelled[h, group]
  where <- if (!is.null(summary$strata)) paste0(" in stratum \"", summary$strata$labels[h], "\"")
  what <- if (n == 0) "no labelled {unit}" else "only one labelled {unit}"
  abort_judicious(
    c(paste0("Group {.val {name}} has ", what, "{where}: its mean ",
             if (n == 0) "is not identified." else "has no variance."),
      i = if (drops) "Label some of it, or leave it out by {.code empty = \"drop\"}." else
        "Label some of it.",
      i = if (!is.null(where)) "Or merge the stratum with a similar one.",
      i = if (pools && !is.null(where) && n == 1) lonely_hint),
    if (n == 0) "no_labels" else "few_labels", arg = "by", group = name, call = call
  )
}

check_mixed_clusters <- function(summary, settings, call) {
  if (!(summary$facts$facts$mixed && settings$estimand == "clusters" &&
          length(summary$judges) > 0L)) {
    return(invisible())
  }
  abort_judicious(
    c("The mean of cluster means needs clusters that are labelled whole or not at all.",
      i = "Use {.code estimand = \"rows\"}, which allows partly labelled clusters."),
    "design", arg = "clusters", call = call
  )
}

few_labels_note <- function(answer) {
  if (is.null(answer$inference) || answer$inference$n_true >= 20) NA_character_ else "few labels"
}
