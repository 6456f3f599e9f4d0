# How often monitors raise false alarms, and how soon true ones, in simulated streams.

#' Prove a monitor by simulation
#'
#' @description
#' Simulates many streams of batches, watches each with [monitor_mean()] after every batch, and
#' counts the streams in which an alarm was ever raised: false alarms where the mean stays at the
#' threshold, detections and their delay where it shifts. All in C++, on any number of threads.
#'
#' @param simulate A [simulator()]: what one batch looks like, and how its labels are drawn. The
#'   monitor is told the design: strata, clusters labelled whole, or known probabilities.
#' @param after A `simulator()` of the batches from `change_at` on, or `NULL`: nothing changes.
#' @param change_at Number of the first batch that `after` simulates.
#' @param n_batches Batches a stream.
#' @param threshold The value watched against; `NULL`: the true mean of `simulate`, so that every
#'   alarm before a change is false.
#' @param judges `TRUE`: with all judges of the simulator; `FALSE`: labels alone.
#' @param preset One or both rules of [monitor_mean()].
#' @param n_rep Number of streams. [set.seed()] governs them.
#' @inheritParams monitor_mean
#' @return A data frame of class `judicious_monitor_check`, one row per preset: `preset`,
#'   `alternative`, `conf_level`, `threshold`, `truth`, `n_batches`, `n_rep`, `false_alarms` (share
#'   of streams with an alarm before the change, or at all if nothing changes) with
#'   `false_low` and `false_high` (its 95 % Clopper-Pearson interval), `detected` (share of streams
#'   whose first alarm comes after the change) and `delay` (median number of batches from the change
#'   to the alarm, over streams without a false alarm; `Inf` if less than half are detected). The
#'   last two are `NA` without `after`.
#' @seealso [plan_monitor()], [validate_coverage()].
#' @examples
#' set.seed(1)
#' batch <- simulator("binary", n = 200, true_mean = 0.02, proxy_mean = 0.02, correlation = 0.7,
#'                    n_labelled = 20)
#' validate_monitor(batch, n_batches = 20, n_rep = 200, preset = c("recommended", "published"))
#' @export
validate_monitor <- function(simulate, ..., after = NULL, change_at = NULL, n_batches = 50L,
                             threshold = NULL, judges = TRUE,
                             preset = "recommended",
                             alternative = c("greater", "less", "two.sided"), conf_level = 0.95,
                             window = NULL, n_blocks = NULL, tune_at = 10L,
                             planned_std_error = NULL, weights = c("equal", "precision", "rows"),
                             n_rep = 4000L, threads = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  weights <- match_choice(weights)
  plan <- check_simulator(simulate, "simulate", call)
  settings <- list(
    alternative = match_choice(alternative), weights = weights,
    threshold = check_number(threshold %||% plan$truth, arg = "threshold", call = call),
    conf_level = check_monitor_level(conf_level, call),
    window = check_window(window, n_blocks, call), n_blocks = n_blocks %||% 0,
    tune_at = check_count(tune_at, call = call),
    planned_std_error = check_planned(planned_std_error, weights, call)
  )
  study <- monitor_study(
    plan, check_after(after, plan, change_at, call), check_count(n_batches, call = call),
    change_at, check_flag(judges, call = call), call
  )
  study$monitors <- lapply(check_presets(preset, study, call), function(one) {
    study_options(c(settings, preset = one), length(study$judges), plan, call)
  })
  n_rep <- check_count(n_rep, upper = 1e7, call = call)
  alarms <- run_streams(study, n_rep, check_threads(threads, call), call)
  new_monitor_check(alarms, study, settings, preset, plan$truth)
}

# --- arguments -----------------------------------------------------------------------------------

check_simulator <- function(x, arg, call) {
  if (is_simulator(x)) return(simulator_plan(x))
  abort_judicious(
    c("{.arg {arg}} must be the result of {.fn simulator}.", x = "It is {.obj_type_friendly {x}}."),
    "type", arg = arg, call = call
  )
}

check_after <- function(after, plan, change_at, call) {
  if (is.null(after) != is.null(change_at)) {
    abort_judicious("{.arg after} and {.arg change_at} must be given together.", "design",
                    arg = "after", call = call)
  }
  if (is.null(after)) return(plan)
  check_count(change_at, arg = "change_at", call = call)
  after <- check_simulator(after, "after", call)
  same <- c("kind", "sampling")
  if (!identical(after[same], plan[same]) || n_judges_of(after) != n_judges_of(plan)) {
    abort_judicious(
      "{.arg after} must have the simulator, sampling and number of judges of {.arg simulate}.",
      "design", arg = "after", call = call
    )
  }
  after
}

check_presets <- function(preset, study, call) {
  if (!is.character(preset)) check_choice(preset, names(presets), arg = "preset", call = call)
  for (one in preset) check_choice(one, names(presets), arg = "preset", call = call)
  design <- list(judges = study$judges, strata = if (study$strata) TRUE,
                 clustered = study$clusters, known_prob = study$prob)
  for (one in preset) check_published(list(preset = one), design, call)
  preset
}

n_judges_of <- function(plan) {
  if (plan$kind == "binary_strata") 1L else length(plan$proxy_mean)
}

# --- the study -----------------------------------------------------------------------------------

monitor_study <- function(before, after, n_batches, change_at, judges, call) {
  list(
    before = before, after = after, n_batches = n_batches,
    change_at = min(n_batches, (change_at %||% Inf) - 1),
    judges = if (judges) as.double(seq_len(n_judges_of(before))) else numeric(),
    strata = before$kind == "binary_strata", clusters = before$kind == "binary_clusters",
    prob = before$sampling %in% c("independent", "poisson", "pivotal")
  )
}

study_options <- function(settings, n_judges, plan, call) {
  c(settings, monitor_tuning(settings, n_judges, call),
    list(width = if (plan$kind == "gaussian") 0 else 1,
         planned_variance = settings$tune_at * settings$planned_std_error^2))
}

# First alarms, monitors x streams; parts leave R time for progress and interrupts.
run_streams <- function(study, n_rep, threads, call, seed = coverage_seed_cpp()) {
  size <- 64 * ceiling(n_rep / 64 / 20)
  bar <- cli::cli_progress_bar("Simulating", total = n_rep)
  parts <- list()
  for (first in seq(0, n_rep - 1, by = size)) {
    n <- min(size, n_rep - first)
    parts <- c(parts, list(call_core(first_alarms_cpp(study, seed, first, n, threads), call)))
    cli::cli_progress_update(inc = n, id = bar)
  }
  do.call(cbind, parts)
}

new_monitor_check <- function(alarms, study, settings, preset, truth) {
  changes <- study$change_at < study$n_batches
  rows <- lapply(seq_along(preset), function(k) alarm_row(alarms[k, ], study$change_at, changes))
  table <- vctrs::vec_cbind(
    vctrs::data_frame(
      preset = preset, alternative = settings$alternative, conf_level = settings$conf_level,
      threshold = settings$threshold, truth = truth, n_batches = study$n_batches,
      n_rep = ncol(alarms)
    ),
    vctrs::vec_rbind(!!!rows)
  )
  structure(as.data.frame(table), change_at = if (changes) study$change_at + 1,
            class = c("judicious_monitor_check", "judicious_table", "data.frame"))
}

alarm_row <- function(first, change_at, changes) {
  n <- length(first)
  early <- first > 0 & first <= change_at
  exact <- clopper_pearson_cpp(sum(early), n, 0.95)
  late <- first > change_at
  delay <- ifelse(late, first - change_at, Inf)[!early]
  vctrs::data_frame(
    false_alarms = mean(early), false_low = exact$low, false_high = exact$high,
    detected = if (changes) mean(late) else NA_real_,
    delay = if (changes) stats::quantile(delay, 0.5, type = 1, names = FALSE) else NA_real_
  )
}

#' @export
format.judicious_monitor_check <- function(x, ...) {
  change <- attr(x, "change_at")
  percent <- function(share) paste0(formatC(100 * share, digits = 1, format = "f"), "%")
  columns <- list(
    c("rule", x$preset),
    c(if (is.null(change)) "false alarms" else "alarms before", percent(x$false_alarms)),
    c("95% CI", paste0("[", percent(x$false_low), ", ", percent(x$false_high), "]")),
    if (!is.null(change)) c("detected", percent(x$detected)),
    if (!is.null(change)) c("median delay", format(x$delay))
  )
  c(
    paste0(format_count(x$n_rep[1]), " streams of ", format_count(x$n_batches[1]),
           " batches, threshold ", format_number(x$threshold[1]), ", true mean ",
           format_number(x$truth[1]),
           if (!is.null(change)) paste0(" until batch ", change)),
    format_columns(columns),
    paste0("At most ", percent(1 - x$conf_level[1]), " false alarms are promised (",
           x$alternative[1], ").")
  )
}

#' @export
print.judicious_monitor_check <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}
