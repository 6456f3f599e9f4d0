#' Prove by simulation that intervals hold
#'
#' @description
#' Simulates many data sets whose truth is known, estimates each, and counts how often the interval
#' holds the truth: its coverage, at every confidence level, with the interval's width and the
#' estimate's error. One run can compare several intervals, presets or estimators on the same data.
#'
#' @param simulate A [simulator()], or a function without arguments that returns one data set.
#' @param estimate An [estimator()], a function of a data set that returns a `judicious_estimate`,
#'   or a list of these, whose names become the names of the methods.
#' @param truth The true value: a number, or a function of the data set (for questions about the
#'   rows at hand, such as `population = "finite"`). `NULL`: what the simulator knows.
#' @param ... Not used; all further arguments must be named.
#' @param n_rep Number of data sets.
#' @param conf_level Confidence levels to check, strictly between 0 and 1.
#' @param threads Number of threads; `NULL` takes `getOption("judicious.threads", 1L)`. They serve
#'   pairs of simulator and estimator; functions of the user run one after the other. The result
#'   does not depend on it.
#' @param fallback What to do with a data set where the interval that was asked for does not exist
#'   and [estimate_mean()] gives another one, as it does when all labels are equal: `"keep"` takes
#'   the interval that a user would see, `"miss"` counts a miss, as for a program that stops.
#'
#' @return A data frame of class `judicious_coverage`, one row per method and level:
#'   \describe{
#'     \item{`method`, `conf_level`}{What was checked, and the coverage it promises.}
#'     \item{`coverage`, `coverage_low`, `coverage_high`}{Share of the data sets whose interval
#'       holds the truth, with its exact 95 % interval.}
#'     \item{`above`, `below`}{Share of the data sets whose interval lies above, below the truth.}
#'     \item{`width`}{Mean width, in the metric's units.}
#'     \item{`bias`, `rmse`}{Mean and root mean square of estimate minus truth.}
#'     \item{`n_effective`}{Mean effective sample size, where it is defined.}
#'     \item{`n_rep`, `n_failed`, `n_fallback`}{Data sets; those in which the method failed; those
#'       with another interval than asked for.}
#'     \item{`truth`, `n_labelled`, `correlation`}{The scenario, as far as it is known.}
#'   }
#'   A data set in which a method fails counts as a miss: it lowers the coverage and has no part in
#'   width, bias and RMSE. The reasons are in the attribute `failures`, and printed. `rbind()` puts
#'   several results into one, to compare them in one plot. It has methods for `print()`,
#'   [tidy()][tidy.judicious_coverage], `as.data.frame()`,
#'   [autoplot()][autoplot.judicious_coverage] and `plot()`.
#'
#' @section Formula:
#' Of \eqn{R} data sets, \eqn{k} have an interval that holds the truth, ends included. Coverage is
#' \eqn{k/R}, its interval that of Clopper and Pearson (1934): \eqn{[B_{0.025}(k, R - k + 1),
#' B_{0.975}(k + 1, R - k)]}{[B(0.025; k, R - k + 1), B(0.975; k + 1, R - k)]} with \eqn{B} the beta
#' quantile. 1,000 data sets tell 0.95 from 0.93, and 10,000 from 0.944.
#'
#' @section Speed:
#' With a [simulator()] and estimators made by [estimator()] everything runs in C++, and data sets
#' are spread over `threads`: tens of thousands of data sets per second. With functions of the user
#' it is a loop in R. Both show a progress bar and can be interrupted.
#'
#' @section Randomness:
#' `set.seed()` governs the result. Every data set of a [simulator()] has a stream of its own: two
#' runs with the same seed give all estimators the same data, whatever else they do.
#'
#' @section Errors:
#' `judicious_error_type`, `judicious_error_range` and others name the argument at fault. An error
#' of `simulate` or of a `truth` function stops the run; an error of `estimate` is counted.
#'
#' @references Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits
#'   illustrated in the case of the binomial. *Biometrika*, 26(4), 404-413.
#' @seealso [simulator()], [estimator()], `vignette("coverage", package = "judicious")`.
#' @examples
#' set.seed(1)
#' rare <- simulator(simulate_binary, n = 2000, true_mean = 0.05, proxy_mean = 0.05,
#'                   correlation = 0.6, n_labelled = 50)
#' checked <- validate_coverage(
#'   rare,
#'   list(ours = estimator(human ~ y_proxy),
#'        published = estimator(human ~ y_proxy, preset = "published")),
#'   n_rep = 500
#' )
#' checked
#' ggplot2::autoplot(checked)
#'
#' # any function will do, here for a judge without labels
#' validate_coverage(
#'   simulate = function() simulate_binary(500, 0.1, proxy_mean = 0.05, correlation = 0.6),
#'   estimate = function(data) estimate_mean(y_proxy ~ 1, data),
#'   truth = 0.1, n_rep = 100
#' )
#' @export
validate_coverage <- function(simulate, estimate, truth = NULL, ..., n_rep = 1000L,
                              conf_level = seq(0.5, 0.95, 0.05), threads = NULL,
                              fallback = c("keep", "miss")) {
  call <- rlang::current_env()
  check_dots(...)
  fallback <- match_choice(fallback)
  check_function(simulate, "simulator", call = call)
  methods <- as_methods(estimate, call)
  study <- list(
    simulate = simulate, methods = methods, truth = check_truth(truth, simulate, methods, call),
    n_rep = check_count(n_rep, upper = 1e9, call = call),
    conf_level = check_conf_levels(conf_level, call),
    fallback_misses = fallback == "miss", threads = check_threads(threads, call),
    seed = coverage_seed_cpp(), call = call
  )
  core <- core_study(study)
  tallies <- if (is.null(core)) loop_in_r(study) else loop_in_core(study, core)
  new_coverage(tallies, study)
}

# --- arguments -----------------------------------------------------------------

check_function <- function(x, maker, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!is.function(x)) {
    abort_judicious("{.arg {arg}} must be a function or a {.fn {maker}}, not
                    {.obj_type_friendly {x}}.", "type", arg = arg, call = call)
  }
  invisible(x)
}

check_conf_levels <- function(conf_level, call) {
  conf_level <- check_numeric_vector(conf_level, arg = "conf_level", call = call)
  if (length(conf_level) == 0L) {
    abort_judicious("{.arg conf_level} must have at least one level.", "length",
                    arg = "conf_level", call = call)
  }
  check_between(conf_level, 0, 1, open = TRUE, arg = "conf_level", call = call)
  sort(unique(conf_level))
}

check_truth <- function(truth, simulate, methods, call) {
  if (is.function(truth)) return(truth)
  finite <- vapply(methods, function(m) identical(m$args$population, "finite"), NA)
  if (any(finite)) {
    abort_judicious(
      c("{.code population = \"finite\"} asks about the rows at hand: {.arg truth} must be a
         function of the data set.",
        i = "For example {.code truth = function(data) mean(data$y_true)}."),
      "truth", arg = "truth", call = call
    )
  }
  if (!is.null(truth)) return(check_number(truth, arg = "truth", call = call))
  if (!is_simulator(simulate)) {
    abort_judicious(
      c("{.arg truth} must be given when {.arg simulate} is a function of your own.",
        i = "It is the value the intervals should hold, for example {.code truth = 0.1}."),
      "truth", arg = "truth", call = call
    )
  }
  simulator_plan(simulate)$truth
}

# --- all in C++ ----------------------------------------------------------------

# The study as the core reads it, or NULL where a function of the user takes part.
core_study <- function(study) {
  if (!is_simulator(study$simulate)) return(NULL)
  plan <- simulator_plan(study$simulate)
  data <- study$simulate()
  methods <- lapply(study$methods, function(m) core_method(m, plan, data, study$call))
  known <- !vapply(methods, is.null, NA)
  if (!all(known) || is.function(study$truth)) return(NULL)
  list(plan = plan, methods = share_fits(unname(methods)), conf_level = study$conf_level,
       truth = study$truth, fallback_misses = study$fallback_misses)
}

# Neighbours that differ in the interval alone share one fit.
share_fits <- function(methods) {
  Reduce(function(done, method) {
    last <- length(done)
    if (last > 0L && identical(done[[last]][-1], method[-1])) {
      done[[last]]$intervals <- c(done[[last]]$intervals, method$intervals)
      done
    } else {
      c(done, list(method))
    }
  }, methods, list())
}

# Batches leave R time for progress and interrupts. Their size depends on n_rep
# alone, and so do the sums.
loop_in_core <- function(study, core) {
  size <- 64 * ceiling(study$n_rep / 64 / 50)
  bar <- cli::cli_progress_bar("Simulating", total = study$n_rep)
  tallies <- NULL
  for (first in seq(0, study$n_rep - 1, by = size)) {
    n <- min(size, study$n_rep - first)
    batch <- call_core(count_coverage_cpp(core, study$seed, first, n, study$threads), study$call)
    tallies <- merge_tallies(tallies, batch)
    cli::cli_progress_update(inc = n, id = bar)
  }
  tallies
}

# --- with functions of the user ------------------------------------------------

loop_in_r <- function(study) {
  n_levels <- length(study$conf_level)
  tallies <- lapply(study$methods, function(method) empty_tally(n_levels))
  bar <- cli::cli_progress_bar("Simulating", total = study$n_rep)
  for (i in seq_len(study$n_rep)) {
    data <- one_data_set(study, i)
    truth <- study$truth
    if (is.function(truth)) truth <- check_number(run_user(truth(data), "truth", study$call),
                                                  arg = "truth", call = study$call)
    tallies <- Map(function(tally, method) add_replicate(tally, method, data, truth, study),
                   tallies, study$methods)
    cli::cli_progress_update(inc = 1, id = bar)
  }
  unname(tallies)
}

# The same data as in the core, if they come from a simulator.
one_data_set <- function(study, i) {
  if (is_simulator(study$simulate)) {
    return(simulate_plan(simulator_plan(study$simulate), study$seed, i - 1))
  }
  run_user(study$simulate(), "simulate", study$call)
}

# An error in what makes the data is the user's to know, not a miss.
run_user <- function(expr, arg, call) {
  rlang::try_fetch(
    expr,
    error = function(cnd) {
      abort_judicious("{.arg {arg}} failed.", "user_function", arg = arg, parent = cnd, call = call)
    }
  )
}

add_replicate <- function(tally, method, data, truth, study) {
  fit <- rlang::try_fetch(muffle_judicious(method$run(data)), error = identity)
  if (inherits(fit, "error")) return(add_failure(tally, conditionMessage(fit)))
  if (!inherits(fit, "judicious_estimate")) {
    abort_judicious(
      c("{.arg estimate} must return what {.fn estimate_mean} returns.",
        x = "Method {.val {method$name}} returned {.obj_type_friendly {fit}}."),
      "type", arg = "estimate", call = study$call
    )
  }
  if (fit$interval == "none") {
    return(add_failure(tally, "The labels do not vary: there is no interval."))
  }
  bounds <- vapply(study$conf_level, function(level) stats::confint(fit, level = level)[1, ],
                   numeric(2), USE.NAMES = FALSE)
  add_fit(tally, fit, bounds, truth, fallback = !method$interval %in% c("auto", fit$interval),
          study$fallback_misses)
}

# What estimate_mean() tells a user need not be told a thousand times.
muffle_judicious <- function(expr) {
  withCallingHandlers(
    expr,
    judicious_warning = function(cnd) rlang::cnd_muffle(cnd),
    judicious_message = function(cnd) rlang::cnd_muffle(cnd)
  )
}
