#' How many labels a batch does a monitor need?
#'
#' @description
#' Finds the smallest number of human labels a batch with which [monitor_mean()] detects a shift of
#' the rate within so many batches, with the wanted power, and tells its false alarms. By simulation
#' of the very monitor, rare events and judge included.
#'
#' @param mean Rate before the shift.
#' @param shifted Rate from the shift on.
#' @param threshold The value watched against; `NULL`: `mean`.
#' @param within Number of batches after the shift in which an alarm should come.
#' @param before Number of batches before the shift; the mean since the start remembers them.
#' @param n_items Rows a batch; with a judge, it labels all of them.
#' @param proxy_mean,correlation The judge's mean, before and after the shift (one number: the same
#'   for both; `NULL`: that of people), and its correlation with the human labels; `correlation =
#'   NULL`: no judge.
#' @param power Wanted share of streams with an alarm in time.
#' @param n_rep Number of simulated streams for every number of labels tried.
#' @inheritParams monitor_mean
#' @return An object of class `judicious_monitor_plan`: a list with `n_labels` (a batch; `NA` if not
#'   even `n_items` are enough), `power`, `false_alarms` (share of streams with an alarm before the
#'   shift, over `before` batches), `std_error` (expected, of a batch at `n_labels`: what
#'   `planned_std_error` of [monitor_mean()] asks for) and `tried`, a data frame of all numbers
#'   tried. `tidy()` returns `tried`, `autoplot()` shows it.
#' @details
#' Numbers are tried by bisection with the same random streams, so that more labels rarely do worse.
#' The Monte Carlo standard error of a power of .8 with 1,000 streams is .013.
#' @seealso [monitor_mean()], [validate_monitor()], [plan_annotation()] for a single estimate.
#' @examples
#' set.seed(1)
#' plan_monitor(mean = 0.04, shifted = 0.15, threshold = 0.05, within = 8, n_items = 200,
#'              correlation = 0.7, n_rep = 100)
#' @export
plan_monitor <- function(mean, shifted, ..., threshold = NULL, within, before = 0L, n_items,
                         proxy_mean = NULL, correlation = NULL, power = 0.8, conf_level = 0.95,
                         tune_at = 10L, n_rep = 1000L, threads = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  plan <- list(
    mean = check_number(mean, 0, 1, open = TRUE, call = call),
    shifted = check_number(shifted, 0, 1, open = TRUE, call = call),
    within = check_count(within, call = call), before = check_count(before, 0, call = call),
    n_items = check_count(n_items, 4, call = call),
    power = check_number(power, 0, 1, open = TRUE, call = call),
    conf_level = check_monitor_level(conf_level, call),
    tune_at = check_count(tune_at, call = call),
    n_rep = check_count(n_rep, upper = 1e6, call = call),
    correlation = if (!is.null(correlation)) check_number(correlation, -1, 1, call = call)
  )
  plan$threshold <- check_number(threshold %||% plan$mean, arg = "threshold", call = call)
  check_shift(plan, call)
  plan$alternative <- if (plan$shifted > plan$threshold) "greater" else "less"
  plan$proxy_mean <- plan_proxy_mean(proxy_mean, plan, call)
  seed <- coverage_seed_cpp()
  threads <- check_threads(threads, call)
  tried <- search_labels(plan, function(n) try_labels(n, plan, seed, threads, call))
  new_monitor_plan(plan, tried)
}

check_shift <- function(plan, call) {
  side <- sign(plan$shifted - plan$threshold)
  if (side != 0 && side * (plan$mean - plan$threshold) <= 0) return(invisible())
  abort_judicious(
    c("The shift must lead from one side of {.arg threshold} to the other.",
      x = "{.arg mean} is {plan$mean}, {.arg shifted} {plan$shifted} and {.arg threshold}
           {plan$threshold}."),
    "range", arg = "shifted", call = call
  )
}

plan_proxy_mean <- function(proxy_mean, plan, call) {
  if (is.null(proxy_mean)) return(c(plan$mean, plan$shifted))
  if (is.null(plan$correlation)) {
    abort_judicious("{.arg proxy_mean} needs {.arg correlation}: how good is the judge?",
                    "missing", arg = "correlation", call = call)
  }
  proxy_mean <- check_numeric_vector(proxy_mean, arg = "proxy_mean", call = call)
  if (!length(proxy_mean) %in% 1:2) {
    abort_judicious("{.arg proxy_mean} must be one number or two: before and after the shift.",
                    "length", arg = "proxy_mean", call = call)
  }
  rep_len(proxy_mean, 2)
}

# --- the search ----------------------------------------------------------------------------------

# One batch before or after the shift.
planned_batch <- function(n, mean, proxy_mean, plan) {
  judge <- !is.null(plan$correlation)
  simulator("binary", n = plan$n_items, true_mean = mean,
            proxy_mean = if (judge) proxy_mean else mean,
            correlation = if (judge) plan$correlation else 0, n_labelled = n)
}

try_labels <- function(n, plan, seed, threads, call) {
  sides <- list(planned_batch(n, plan$mean, plan$proxy_mean[1], plan),
                planned_batch(n, plan$shifted, plan$proxy_mean[2], plan))
  sides <- lapply(sides, simulator_plan)
  study <- monitor_study(sides[[1]], sides[[2]], plan$before + plan$within, plan$before + 1,
                         !is.null(plan$correlation), call)
  settings <- list(
    preset = "recommended", alternative = plan$alternative, weights = "equal",
    threshold = plan$threshold, conf_level = plan$conf_level, window = 0, n_blocks = 0,
    tune_at = plan$tune_at, planned_std_error = planned_error(n, plan)
  )
  study$monitors <- list(study_options(settings, length(study$judges), sides[[1]], call))
  first <- run_streams(study, plan$n_rep, threads, call, seed)[1, ]
  vctrs::data_frame(
    n_labels = n, power = mean(first > plan$before),
    false_alarms = mean(first > 0 & first <= plan$before)
  )
}

# Standard error of a batch before the shift with the judge's best weight.
planned_error <- function(n, plan) {
  variance <- plan$mean * (1 - plan$mean)
  r <- plan$correlation %||% 0
  sqrt(variance * ((1 - r^2) / n + r^2 / plan$n_items))
}

# Doubles until it is enough, then bisects.
search_labels <- function(plan, try) {
  enough <- function(row) row$power >= plan$power
  most <- plan$n_items - 2
  low <- 1
  tried <- try(min(10, most))
  while (!enough(tried[nrow(tried), ]) && max(tried$n_labels) < most) {
    low <- max(tried$n_labels)
    tried <- rbind(tried, try(min(2 * low, most)))
  }
  high <- max(tried$n_labels)
  while (high - low > max(1, floor(high / 50)) && any(enough(tried))) {
    middle <- floor((low + high) / 2)
    row <- try(middle)
    tried <- rbind(tried, row)
    if (enough(row)) high <- middle else low <- middle
  }
  tried[order(tried$n_labels), ]
}

new_monitor_plan <- function(plan, tried) {
  good <- which(tried$power >= plan$power)
  best <- tried[if (length(good) > 0L) good[1] else NA_integer_, ]
  structure(
    c(list(n_labels = best$n_labels, power = best$power, false_alarms = best$false_alarms,
           std_error = if (is.na(best$n_labels)) NA_real_ else planned_error(best$n_labels, plan),
           tried = as.data.frame(tried, row.names = NULL)),
      list(assumptions = plan)),
    class = "judicious_monitor_plan"
  )
}

# --- printing ------------------------------------------------------------------------------------

#' @export
format.judicious_monitor_plan <- function(x, ...) {
  plan <- x$assumptions
  shift <- paste0("a shift from ", format_number(plan$mean), " to ", format_number(plan$shifted),
                  " (threshold ", format_number(plan$threshold), ")")
  judge <- if (is.null(plan$correlation)) "no judge" else
    paste0("a judge with correlation ", format_number(plan$correlation))
  answer <- if (is.na(x$n_labels)) {
    paste0("Not even all ", format_count(plan$n_items), " rows a batch are enough to find ", shift,
           " within ", format_count(plan$within), " batches.")
  } else {
    paste0(format_count(x$n_labels), " labels a batch find ", shift, " within ",
           format_count(plan$within), " batches in ",
           format_level(round(x$power, 3)), " of streams.")
  }
  c(
    answer,
    if (!is.na(x$n_labels) && plan$before > 0) {
      paste0("False alarms over the ", format_count(plan$before), " batches before: ",
             format_level(round(x$false_alarms, 3)), ".")
    },
    paste0("At most ", format_level(round(1 - plan$conf_level, 10)),
           " of streams ever raise a false alarm, however long one watches."),
    paste0(format_count(plan$n_items), " rows a batch, ", judge, ", ",
           format_count(plan$n_rep), " simulated streams",
           if (!is.na(x$n_labels)) {
             paste0("; planned_std_error = ", format_number(signif(x$std_error, 3)))
           })
  )
}

#' @export
print.judicious_monitor_plan <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

#' @export
tidy.judicious_monitor_plan <- function(x, ...) {
  check_dots(...)
  rlang::exec(result_frame, !!!as.list(x$tried))
}

#' @exportS3Method ggplot2::autoplot
autoplot.judicious_monitor_plan <- function(object, ...) {
  check_dots(...)
  share <- axis_labels(TRUE)
  ggplot2::ggplot(object$tried, ggplot2::aes(x = .data$n_labels, y = .data$power)) +
    ggplot2::geom_hline(yintercept = object$assumptions$power, linetype = "dashed") +
    ggplot2::geom_line(colour = main_colour, linewidth = 0.8) +
    ggplot2::geom_point(colour = main_colour, size = 2.2) +
    ggplot2::scale_y_continuous(labels = share, limits = c(0, 1)) +
    ggplot2::scale_x_log10() +
    ggplot2::labs(x = "Human labels a batch",
                  y = paste("Streams with an alarm within", object$assumptions$within, "batches"),
                  caption = "Dashed: the power asked for") +
    plot_theme()
}

#' @export
plot.judicious_monitor_plan <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}
