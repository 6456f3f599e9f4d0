#' Watch a mean over time, and look at it as often as you like
#'
#' @description
#' Labels arrive every day or week, and somebody looks every time. A 95 % interval that is looked at
#' every week raises a false alarm in most years. `monitor_mean()` gives a bound on the running mean
#' that holds at all looks at once: the chance that it is ever wrong is `1 - conf_level`, however
#' often one looks and whenever one stops. It uses the judges as [estimate_mean()] does, with
#' weights that come from earlier batches only, in any design.
#'
#' @inheritParams estimate_mean
#' @param formula As in [estimate_mean()]; or, alone, a summary made by
#'   `summarise_labels(by = batch)`.
#' @param batch Which batch (day, week, release) every row belongs to: a column or vector. Dates,
#'   times, numbers and factor levels come in their own order; strings by first appearance, with a
#'   message (of a table in a database, which has no order of rows, in alphabetical order). Rows
#'   need not be sorted.
#' @param threshold The value the mean is watched against.
#' @param alternative When to raise an alarm: `"greater"`, the mean is above the threshold (a lower
#'   bound is watched); `"less"`, it is below (an upper bound); `"two.sided"`, either.
#' @param conf_level 1 minus the share of streams that may ever raise a false alarm; above 0.5.
#' @param window Number of batches a block, or `NULL`. With blocks, the mean of every block is
#'   watched beside the mean since the start, which slowly forgets; see *Blocks*.
#' @param n_blocks With `window`: how many blocks are planned, or `NULL` for endlessly many.
#' @param tune_at The bound is tightest at this batch (counting batches with an estimate).
#' @param planned_std_error Expected standard error of the estimate of one batch, declared before
#'   the start (`tidy()` of an earlier monitor has it in `std.error`, [plan_monitor()] in its
#'   result). `NULL`: what batches up to `tune_at` turn out to have, so that earlier bounds move a
#'   little until then.
#' @param weights Weights of the batches in the running mean: `"equal"`, `"precision"` (the number
#'   of labels the batch is worth by its design) or `"rows"` (traffic).
#' @param preset `"recommended"` is the repaired rule, `"published"` that of GLIDE, for one judge or
#'   none without strata, clusters and prob; see *Rules*.
#' @param power_tuning `"optimal"` (recommended) or `"ppi++"` (published), the only rules of their
#'   presets and the defaults; `FALSE` (1/sqrt(M) for each of M judges), or fixed numbers.
#' @param range Lowest and highest possible value of the metric; `c(0, 1)` is inferred when all
#'   labels are 0 or 1. The recommended rule needs it to allow for events nobody has seen yet.
#'
#' @return An object of class `judicious_monitor`, with methods for `print()`, [tidy()] (one row per
#'   batch), [glance()], [autoplot()][ggplot2::autoplot] (a control chart), `plot()`, `nobs()` and
#'   `update()`; see [judicious_monitor].
#'
#' @section Rules:
#' With \eqn{\theta_t} the estimate of batch t, \eqn{\sigma_t} its standard error, \eqn{w_t} its
#' weight, \eqn{V_t = \sum_{s \le t} w_s^2 \sigma_s^2} and \eqn{\delta} = `1 - conf_level`, the
#' lower bound on the running mean is
#' \deqn{\frac{\sum w_s \theta_s}{\sum w_s} - \frac{1}{\sum w_s}
#'   \sqrt{2 \frac{V_t \rho^2 + 1}{\rho^2} \log\left(1 + \frac{\sqrt{V_t \rho^2 + 1}}{2\delta}
#'   \right)}}{mean - sqrt(2 (V r + 1)/r log(1 + sqrt(V r + 1)/(2 delta))) / sum(w)}
#' with \eqn{\rho^2} such that it is tightest at `tune_at`. `"published"` takes \eqn{\sigma_t} from
#' batch t alone. With rare events that goes wrong: a batch without events has no variance, and the
#' bound is far too sure (at a rate of 1 % and 20 labels a batch, one stream in six is wrong at
#' 95 %). `"recommended"` pools the variance of all labelled units so far and adds one event of each
#' kind, \eqn{R^2(1 + |\lambda|^2)} with R the width of `range`; without `range` nothing is added,
#' and rare events are not allowed for.
#'
#' @section Batches:
#' A batch is used when each of its strata has a labelled row or cluster (published: two labels, and
#' two other rows) and, under the recommended rule, some batch so far had two. Other batches are
#' carried: their judge labels are kept and shown, the bound does not move, and a message tells. The
#' labels must be a random sample of every batch, and a cluster must lie within one batch. Labels
#' that come late refit their batch; see `update()` in [judicious_monitor].
#'
#' @section Blocks:
#' Sliding windows that overlap would need an error of \eqn{\delta}/T each. Blocks of `window`
#' batches restart instead, and share half of \eqn{\delta} among them: \eqn{6/(\pi^2 k^2)} of it for
#' block k = 1, 2, ..., or one B-th each if `n_blocks` = B; the other half is for the mean since the
#' start. The chance of any false alarm is at most \eqn{\delta} in all.
#'
#' @section Undefined when:
#' No batch can be used: the bounds are `NA`. Labels that do not vary at all, under the published
#' rule or without `range`: the bound is `NA` until they do.
#'
#' @references Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), Time-uniform central limit
#' theory and asymptotic confidence sequences, Annals of Statistics 52; Zhang et al.,
#' arXiv:2602.02229; Robbins (1970), Annals of Mathematical Statistics 41, for the boundary.
#' @seealso [plan_monitor()] for the number of labels, [judge_drift()] for the judge itself,
#'   [validate_monitor()] for a proof by simulation.
#' @examples
#' set.seed(1)
#' weeks <- lapply(1:12, function(week) {
#'   rate <- if (week < 6) 0.04 else 0.12
#'   d <- simulate_binary(500, true_mean = rate, proxy_mean = rate, correlation = 0.7)
#'   d$human <- reveal_labels(d$y_true, sample_uniform(500, 60))
#'   data.frame(week, d)
#' })
#' weeks <- do.call(rbind, weeks)
#'
#' watch <- monitor_mean(human ~ y_proxy, subset(weeks, week <= 8), batch = week,
#'                       threshold = 0.05, metric = "Hallucination rate")
#' watch
#' watch <- update(watch, subset(weeks, week > 8))
#' watch
#' tail(tidy(watch), 3)
#' @export
monitor_mean <- function(formula, data = NULL, ..., batch = NULL, threshold,
                         alternative = c("greater", "less", "two.sided"), conf_level = 0.95,
                         window = NULL, n_blocks = NULL, tune_at = 10L, planned_std_error = NULL,
                         weights = c("equal", "precision", "rows"),
                         preset = c("recommended", "published"), power_tuning = NULL,
                         strata = NULL, clusters = NULL, prob = NULL, range = NULL,
                         metric = NULL, threads = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  alternative <- match_choice(alternative)
  preset <- match_choice(preset)
  weights <- match_choice(weights)
  if (missing(threshold)) abort_no_threshold(call)
  threads <- check_threads(threads, call)
  settings <- list(
    preset = preset, alternative = alternative, weights = weights,
    threshold = check_number(threshold, arg = "threshold", call = call),
    conf_level = check_monitor_level(conf_level, call),
    range = check_range(range, call),
    window = check_window(window, n_blocks, call), n_blocks = n_blocks %||% 0,
    tune_at = check_count(tune_at, call = call),
    planned_std_error = check_planned(planned_std_error, weights, call),
    power_tuning = power_tuning
  )
  columns <- list(strata = rlang::enquo(strata), clusters = rlang::enquo(clusters),
                  prob = rlang::enquo(prob), batch = rlang::enquo(batch))
  batches <- if (is_summary(formula)) {
    check_batch_summary(formula, data, columns, call)
  } else {
    read_batches(formula, data, columns, settings$range, threads, call)
  }
  settings$metric <- check_metric(metric, batches$summary$label, call)
  check_published(settings, batches$summary, call)
  new_monitor(batches, settings, monitor_source(formula, data, columns), call)
}

# How to read more rows. What is found in the data alone needs no environment, which could hold the
# old rows.
monitor_source <- function(formula, data, columns) {
  if (is_summary(formula)) return(NULL)
  exprs <- c(list(formula), lapply(columns, rlang::quo_get_expr))
  if (!is.null(data) && all(unlist(lapply(exprs, all.vars)) %in% names(data))) {
    environment(formula) <- globalenv()
    columns <- lapply(columns, rlang::quo_set_env, env = globalenv())
  }
  list(formula = formula, columns = columns)
}

# --- arguments -----------------------------------------------------------------------------------

abort_no_threshold <- function(call) {
  abort_judicious(
    c("{.arg threshold} must be given: which value is the mean watched against?",
      i = "For example {.code threshold = 0.05}."),
    "missing", arg = "threshold", call = call
  )
}

check_monitor_level <- function(conf_level, call) {
  conf_level <- check_conf_level(conf_level, call = call)
  check_between(conf_level, 0.5, 1, open = TRUE, arg = "conf_level", call = call)
  conf_level
}

check_window <- function(window, n_blocks, call) {
  if (!is.null(n_blocks)) {
    check_count(n_blocks, arg = "n_blocks", call = call)
    if (is.null(window)) {
      abort_judicious("{.arg n_blocks} needs {.arg window}, the number of batches a block.",
                      "design", arg = "n_blocks", call = call)
    }
  }
  if (is.null(window)) return(0)
  check_count(window, arg = "window", call = call)
}

check_planned <- function(x, weights, call) {
  if (is.null(x)) return(NA_real_)
  if (weights != "equal") {
    abort_judicious(
      c("{.arg planned_std_error} needs {.code weights = \"equal\"}.",
        x = "{.code weights = \"{weights}\"} of batches to come are not known."),
      "design", arg = "planned_std_error", call = call
    )
  }
  check_number(x, 0, open = TRUE, arg = "planned_std_error", call = call)
}

# The published rule knows one judge and a simple random sample.
check_published <- function(settings, summary, call) {
  if (settings$preset != "published") return(invisible())
  beyond <- c(
    if (length(summary$judges) > 1L) "several judges", if (!is.null(summary$strata)) "strata",
    if (summary$clustered) "clusters", if (summary$known_prob) "prob"
  )
  if (length(beyond) == 0L) return(invisible())
  abort_judicious(
    c("The published rule is for one judge and rows drawn uniformly.",
      x = "There {?is/are} {beyond}.",
      i = "Use {.code preset = \"recommended\"}, which takes every design."),
    "design", arg = "preset", call = call
  )
}

# Tuned by the rule of the preset, or fixed.
monitor_tuning <- function(settings, n_judges, call) {
  own <- presets[[settings$preset]]$power_tuning
  given <- settings$power_tuning
  if (is.null(given) || isTRUE(given) || identical(given, own) || n_judges == 0L) {
    return(list(tuned = TRUE, fixed = numeric(n_judges)))
  }
  if (is.character(given)) check_choice(given, own, arg = "power_tuning", call = call)
  list(tuned = FALSE, fixed = tuning_rule(given, n_judges, call)$fixed)
}

# --- batches -------------------------------------------------------------------------------------

# The summary by batch, the batches as they were given (`keys`, in the order of the summary's
# groups) and the clusters met in them.
read_batches <- function(formula, data, columns, range, threads, call) {
  if (rlang::quo_is_null(columns$batch)) abort_no_batch(call)
  if (is_lazy(data)) return(lazy_batches(formula, data, columns, call))
  design <- parse_design(formula, data, columns$strata, columns$clusters, columns$prob, call,
                         by = columns$batch, by_arg = "batch")
  if (is.null(design$by)) abort_no_batch(call)  # a variable that is NULL
  keys <- batch_keys(design$by, call)
  if (is.character(keys)) tell_appearance(keys)
  met <- clusters_met(design, call)
  summary <- summarise_design(design, threads, call)
  summary$cluster_ids <- character()  # `met` knows more
  if (is.null(range) && !summary$facts$facts$binary) tell_code(design, label_code(design), call)
  list(summary = summary, keys = keys, clusters = met)
}

abort_no_batch <- function(call) {
  abort_judicious("{.arg batch} must be given: which batch does every row belong to?",
                  "missing", arg = "batch", call = call)
}

batch_keys <- function(groups, call) {
  keys <- groups$keys
  if (is.factor(groups$codes)) {
    return(factor(keys, levels(groups$codes), ordered = is.ordered(groups$codes)))
  }
  if (is.data.frame(keys) || !is.atomic(keys)) {
    abort_judicious("{.arg batch} must be one vector, not {.obj_type_friendly {keys}}.", "type",
                    arg = "batch", call = call)
  }
  keys
}

# Positions of the batches in time.
batch_order <- function(keys) if (is.character(keys)) seq_along(keys) else order(xtfrm(keys))

tell_appearance <- function(keys) {
  inform_judicious(
    c("Batches are strings: they are taken in the order of their first appearance,
       {.val {keys[1]}} to {.val {keys[length(keys)]}}.",
      i = "Make {.arg batch} a factor, number or date to say otherwise."),
    "batch_order"
  )
}

# Which batch every labelled cluster is in; no cluster may be in two.
clusters_met <- function(design, call) {
  if (is.null(design$clusters)) return(NULL)
  ids <- group_labels(design$clusters)[group_codes(design$clusters)]
  if (!is.null(design$strata)) {
    ids <- paste(group_labels(design$strata)[group_codes(design$strata)], ids, sep = " / ")
  }
  met <- vctrs::vec_unique(vctrs::data_frame(
    cluster = ids, batch = group_labels(design$by)[group_codes(design$by)]
  ))
  again <- anyDuplicated(met$cluster)
  if (again > 0L) abort_two_batches(met$cluster[again], met, call)
  labelled <- !is.na(column_values(design$y))
  vctrs::vec_slice(met, met$cluster %in% ids[labelled])
}

group_codes <- function(groups) as.integer(groups$codes) - groups$first + 1L

abort_two_batches <- function(cluster, met, call) {
  batches <- met$batch[met$cluster == cluster]
  abort_judicious(
    c("A cluster must lie within one batch.",
      x = "Cluster {.val {cluster}} is in the batches {.val {batches}}.",
      i = "Put it into one of them, or make the ids different if they are different clusters."),
    "clusters", arg = "clusters", call = call
  )
}

check_batch_summary <- function(summary, data, columns, call) {
  check_summary_alone(data, columns, "robust", "error", call)
  if (is.null(summary$by)) {
    abort_judicious(
      c("This summary has no batches.",
        i = "Give {.arg by} to {.fun summarise_labels}: the batch of every row."),
      "design", arg = "formula", call = call
    )
  }
  keys <- factor(summary$by$labels, summary$by$labels[summary$by$order])
  ids <- summary$cluster_ids
  met <- if (summary$clustered) vctrs::data_frame(cluster = ids, batch = rep(NA_character_,
                                                                            length(ids)))
  list(summary = summary, keys = keys, clusters = met)
}

# --- the fit -------------------------------------------------------------------------------------

new_monitor <- function(batches, settings, source, call) {
  order <- batch_order(batches$keys)
  fit <- fit_monitor(batches$summary, order, settings, call)
  out <- structure(
    list(batch = batches$keys[order], fit = fit, settings = settings,
         judges = batches$summary$judges, batches = batches, source = source),
    class = "judicious_monitor"
  )
  check_n_blocks(out, call)
  tell_carried(out)
  out
}

fit_monitor <- function(summary, order, settings, call) {
  facts <- summary$facts$facts
  check_monitor_range(summary, settings, call)
  range <- settings$range %||% if (facts$binary) c(0, 1)
  options <- c(
    settings[c("preset", "alternative", "weights", "threshold", "conf_level", "tune_at", "window",
               "n_blocks")],
    monitor_tuning(settings, length(summary$judges), call),
    list(width = if (is.null(range)) 0 else diff(range),
         planned_variance = settings$tune_at * settings$planned_std_error^2)
  )
  fit <- call_core(monitor_cpp(summary$numbers, order, options), call)
  fit$range <- range
  fit
}

check_monitor_range <- function(summary, settings, call) {
  facts <- summary$facts$facts
  range <- settings$range %||% if (facts$binary) c(0, 1)
  if (!is.null(range)) {
    check_between(settings$threshold, range[1], range[2], arg = "threshold", call = call)
  }
  labels <- c(facts$lowest_label, facts$highest_label)
  check_labels_in_range(list(summary = summary, label = summary$label), facts, settings$range,
                        call)
  if (is.null(settings$range) && !facts$binary && settings$preset == "recommended") {
    inform_judicious(
      c("No {.arg range} is known: labels run from {format_number(labels[1])} to
         {format_number(labels[2])}.",
        i = "Give {.arg range} if the metric is bounded; without it the bound does not allow for
             rare large values."),
      "range", .frequency = "once", .frequency_id = paste0("judicious_monitor_", summary$label)
    )
  }
}

check_n_blocks <- function(x, call) {
  planned <- x$settings$n_blocks
  n <- ceiling(length(x$batch) / max(x$settings$window, 1))
  if (planned == 0 || n <= planned) return(invisible())
  abort_judicious(
    c("{.arg n_blocks} says that {planned} blocks share the error, but there are {n}.",
      i = "Blocks beyond the plan have no guarantee; {.code n_blocks = NULL} allows for any
           number."),
    "range", arg = "n_blocks", call = call
  )
}

tell_carried <- function(x) {
  carried <- as.character(x$batch[x$fit$used == 0])
  if (length(carried) == 0L) return(invisible())
  need <- if (x$settings$preset == "published") {
    "two labels, and two rows without"
  } else {
    "a label in each of its strata, and two in some batch so far"
  }
  inform_judicious(
    c("{length(carried)} batch{?es} {?has/have} too few labels and {?is/are} carried:
       {.val {carried}}.",
      i = "A batch needs {need}. Judge labels are kept; the bound does not move."),
    "carried"
  )
}
