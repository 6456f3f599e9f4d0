# Planning the difference of two systems: labels of each, on the same items or on different ones.

# A plan of two systems: assumptions for two, or a pilot of their difference.
is_difference_pilot <- function(pilot) {
  if (inherits(pilot, "judicious_estimate")) return(!is.null(pilot$pair))
  rlang::is_list(pilot) && !is.data.frame(pilot) &&
    (length(pilot$rate) > 1L || length(pilot$mean) > 1L || !is.null(pilot$pair_correlation))
}

difference_assumption_names <- c("rate", "mean", "sd", "correlation", "pair_correlation", "n_total",
                                 "human_cost")

plan_difference <- function(pilot, given, user_call, call) {
  check_difference_arguments(given, call)
  known <- if (inherits(pilot, "judicious_estimate")) pilot_difference(pilot, call) else
    list_difference(pilot, call)
  known$core$n_total <- check_difference_pool(given$n_total %||% known$n_total %||% Inf, call)
  goal <- check_difference_goal(given, known, call)
  x <- structure(
    c(list(width = given$width, power = given$power, mu = goal$mu, conf_level = goal$conf_level,
           alternative = given$alternative, core = known$core, systems = known$systems,
           human_cost = check_human_cost(given$human_cost %||% known$human_cost, call),
           assumptions = known$words,
           call = user_call),
      list(test = list(conf_level = goal$conf_level, mu = goal$mu,
                       alternative = given$alternative))),
    class = "judicious_difference_plan"
  )
  x$chosen <- chosen_difference(x, call)
  x$table <- difference_table(x, difference_numbers(x, given$n, call))
  x
}

# --- arguments -----------------------------------------------------------------------------------

check_difference_arguments <- function(given, call) {
  useless <- names(Filter(Negate(is.null), given[c("uncertainty", "judge_cost")]))
  if (length(useless) == 0L) return(invisible())
  abort_no_effect(useless[1], "does not apply to the difference of two systems", call)
}

check_difference_pool <- function(n_total, call) {
  if (identical(n_total, Inf)) return(Inf)
  check_count(n_total, lower = 10, arg = "n_total", call = call)
}

check_difference_goal <- function(given, known, call) {
  conf_level <- check_conf_level(given$conf_level %||% known$conf_level %||% 0.95, call = call)
  bound <- if (known$core$binary) 2 else Inf
  if (!is.null(given$width)) {
    check_number(given$width, 0, bound, open = TRUE, arg = "width", call = call)
  }
  if (!is.null(given$power)) {
    check_number(given$power, 1 - conf_level, 1, open = TRUE, arg = "power", call = call)
  }
  mu <- check_number(given$mu %||% 0, arg = "mu", call = call)
  d <- known$core$first$mean - known$core$second$mean
  if (!is.null(given$power) && isTRUE(all.equal(mu, d))) {
    abort_judicious(
      c("{.arg mu} equals the assumed difference ({format_number(d)}).",
        i = "There is no difference to detect: power would be the level of the test."),
      "undefined", arg = "mu", call = call
    )
  }
  list(conf_level = conf_level, mu = mu)
}

abort_pair_assumption <- function(message, arg, call, .envir = parent.frame()) {
  abort_judicious(message, "assumption", arg = arg, call = call, .envir = .envir)
}

check_human_cost <- function(x, call) {
  if (!is.null(x)) check_amount(x, positive = TRUE, arg = "human_cost", call = call)
}

list_difference <- function(x, call) {
  x <- Filter(Negate(is.null), x)
  odd <- setdiff(names(x), difference_assumption_names)
  if (length(odd) > 0L || is.null(names(x)) || any(names(x) == "")) {
    abort_pair_assumption(
      c("Two systems are planned by {.or {.field {difference_assumption_names}}}.",
        x = if (length(odd) > 0L) "There is {.field {odd[1]}}."), "pilot", call
    )
  }
  binary <- !is.null(x$rate)
  if (binary == !is.null(x$mean)) {
    abort_pair_assumption("Give {.field rate} of both systems, or their {.field mean} and
                          {.field sd}.", "pilot", call)
  }
  centre <- two_numbers(if (binary) x$rate else x$mean, if (binary) "rate" else "mean", call,
                        if (binary) c(0, 1) else c(-Inf, Inf))
  sd <- if (binary) sqrt(centre * (1 - centre)) else two_numbers(x$sd, "sd", call, c(0, Inf))
  judge <- two_numbers(x$correlation %||% 0, "correlation", call, c(-1, 1), closed = TRUE)
  pair <- check_number(x$pair_correlation %||% 0, -1, 1, arg = "pair_correlation", call = call)
  if (binary) check_pair_possible(centre, pair, call)
  system <- function(k) {
    list(mean = centre[[k]], variance = sd[[k]]^2, correlation = judge[[k]])
  }
  list(
    core = list(binary = binary, first = system(1), second = system(2),
                covariance = pair * sd[[1]] * sd[[2]]),
    systems = names(centre) %||% c("first", "second"), n_total = x$n_total,
    human_cost = x$human_cost,
    words = c(paste0(if (binary) "rates " else "means ",
                     paste(format_number(unname(centre)), collapse = " and ")),
              paste("correlation of answers to one item", format_number(pair)),
              if (any(judge != 0)) paste("judge correlation",
                                         paste(unique(format_number(judge)), collapse = " and ")))
  )
}

two_numbers <- function(x, name, call, range, closed = FALSE) {
  inside <- if (closed) x >= range[1] & x <= range[2] else x > range[1] & x < range[2]
  if (is.numeric(x) && length(x) %in% 1:2 && !anyNA(x) && all(inside)) {
    return(if (length(x) == 1L) c(x, x) else x)
  }
  abort_pair_assumption(
    c("{.field {name}} must be one or two numbers between {range[1]} and {range[2]}.",
      i = "Two are those of both systems, the first minus the second."), "pilot", call
  )
}

# Rates far apart cannot be highly correlated.
check_pair_possible <- function(rate, pair, call) {
  sd <- sqrt(rate * (1 - rate))
  most <- (min(rate) - prod(rate)) / prod(sd)
  least <- (max(sum(rate) - 1, 0) - prod(rate)) / prod(sd)
  if (pair <= most + 1e-9 && pair >= least - 1e-9) return(invisible())
  abort_judicious(
    c("Rates {format_number(rate[[1]])} and {format_number(rate[[2]])} cannot have
       {.field pair_correlation} {format_number(pair)}.",
      i = "It lies between {format_number(least)} and {format_number(most)}."),
    "infeasible", arg = "pilot", call = call
  )
}

# From the difference of a first round: what the labels alone and the judge said of its variance.
pilot_difference <- function(fit, call) {
  alone <- fit$labels_only$inference
  varies <- alone$variance > 0 && fit$inference$variance > 0
  if (fit$pair$what != "Difference of means" || !varies) {
    abort_judicious(
      c("This pilot says nothing of the variance of a difference.",
        i = "Give a result of {.fun estimate_difference} whose labels vary, or a list."),
      "undefined", arg = "pilot", call = call
    )
  }
  n <- fit$pair$n_labelled
  binary <- identical(fit$range, c(-1, 1))
  d <- fit$estimate
  means <- if (binary) pmin(pmax(fit$pair$means, 1e-3), 1 - 1e-3) else fit$pair$means
  means[1] <- means[2] + d
  variance <- if (binary) means * (1 - means) else fit$pair$variance_labels * n
  # Labels of both systems on some of the items: the covariance of one item's two labels.
  covariance <- if (fit$pair$overlap > 0) {
    (sum(fit$pair$variance_labels) - alone$variance) * n / 2 / fit$pair$overlap
  } else {
    0
  }
  covariance <- pmin(covariance, 0.98 * min(sum(variance) / 2, prod(sqrt(variance))))
  rest <- if (fit$pair$n_items > n) 1 - n / fit$pair$n_items else 1
  judge <- sqrt(pmax(1 - fit$pair$variance_judged / fit$pair$variance_labels, 0) / rest)
  judge <- pmin(judge, 0.999)
  system <- function(k) {
    list(mean = means[[k]], variance = variance[[k]], correlation = judge[[k]])
  }
  list(
    core = list(binary = binary, first = system(1), second = system(2), covariance = covariance),
    systems = fit$pair$systems, conf_level = fit$conf_level, n_total = fit$pair$n_items,
    words = c(paste0("a pilot of ", format_count(round(n)), " labels per system with difference ",
                     format_number(d)),
              paste("correlation of answers to one item",
                    format_number(covariance / prod(sqrt(variance)))),
              if (any(judge > 0)) paste("judge correlation",
                                        paste(format_number(judge), collapse = " and ")))
  )
}

# --- numbers -------------------------------------------------------------------------------------

difference_limits <- function(x) c(10, min(x$core$n_total, 1e6))

# Without the judge: the same assumptions with correlation 0.
without_judge <- function(core) {
  core$first$correlation <- core$second$correlation <- 0
  core
}

has_difference_judge <- function(x) {
  x$core$first$correlation != 0 || x$core$second$correlation != 0
}

smallest_difference <- function(x, core, paired) {
  limits <- difference_limits(x)
  test <- x$test
  if (is.null(x$power)) test["mu"] <- list(NULL)
  call_core(plan_smallest_difference_cpp(core, test, paired, x$width %||% Inf, x$power %||% 0,
                                         limits[1], limits[2]))
}

# Labels per system that reach the goal; NA where no number does.
chosen_difference <- function(x, call) {
  if (is.null(x$width) && is.null(x$power)) return(NULL)
  alone <- without_judge(x$core)
  out <- c(
    paired = smallest_difference(x, x$core, TRUE), separate = smallest_difference(x, x$core, FALSE),
    paired_labels_only = smallest_difference(x, alone, TRUE),
    separate_labels_only = smallest_difference(x, alone, FALSE)
  )
  if (all(is.na(out[1:2]))) {
    most <- difference_limits(x)[2]
    best <- plan_difference_cpp(x$core, x$test, most, TRUE)
    abort_judicious(
      c("No number of labels reaches the goal.",
        x = "{format_count(most)} items labelled for both systems give width
             {format_number(best$width)} and power {format_number(best$power)}.",
        i = "Ask for less, or enlarge the pool."),
      "unreachable", arg = if (is.null(x$width)) "power" else "width", call = call
    )
  }
  out
}

difference_numbers <- function(x, n, call) {
  limits <- difference_limits(x)
  if (!is.null(n)) {
    n <- check_numeric_vector(n, arg = "n", call = call)
    check_between(n, limits[1], limits[2], arg = "n", call = call)
    return(sort(unique(round(n))))
  }
  chosen <- x$chosen[c("paired", "separate")]
  chosen <- chosen[!is.na(chosen)]
  around <- if (length(chosen) > 0L) {
    c(chosen, signif(min(chosen) * c(0.5, 0.75), 2), signif(max(chosen) * c(1.5, 2), 2))
  } else {
    c(25, 50, 100, 200, 400, 800, 1600)
  }
  around <- sort(unique(round(around)))
  around[around >= limits[1] & around <= limits[2]]
}

difference_table <- function(x, n) {
  paired <- plan_difference_cpp(x$core, x$test, n, TRUE)
  separate <- plan_difference_cpp(x$core, x$test, n, FALSE)
  alone <- plan_difference_cpp(without_judge(x$core), x$test, n, TRUE)
  table <- vctrs::data_frame(
    n_true = n, width_paired = paired$width, power_paired = paired$power,
    width_separate = separate$width, power_separate = separate$power,
    width_labels_only = alone$width, power_labels_only = alone$power
  )
  if (!is.null(x$human_cost)) table$cost <- 2 * n * x$human_cost
  table$chosen <- n %in% x$chosen["paired"]
  table
}

# --- methods -------------------------------------------------------------------------------------

#' Work with a plan for a difference
#'
#' @description
#' What [plan_annotation()] returns for two systems: labels per system for the goal, on the same
#' items (paired) and on different ones (separate), and expected width and power at several numbers.
#'
#' @param x,object A `judicious_difference_plan`.
#' @param row.names,optional Passed to [as.data.frame()].
#' @param ... Not used.
#' @return `tidy()` and `as.data.frame()`: one row per number of labels: `n_true` (labels of each
#'   system), `width_paired`, `power_paired`, `width_separate`, `power_separate`,
#'   `width_labels_only`, `power_labels_only` (paired, without the judge), `cost` (of all labels, if
#'   there is a price) and `chosen`. `print()` returns `x` invisibly; `autoplot()` a ggplot.
#' @examples
#' plan <- plan_annotation(
#'   list(rate = c(new = 0.16, old = 0.2), pair_correlation = 0.6, correlation = 0.7,
#'        n_total = 2000),
#'   power = 0.8
#' )
#' plan
#' ggplot2::autoplot(plan)
#' @name judicious_difference_plan
NULL

#' @rdname judicious_difference_plan
#' @export
tidy.judicious_difference_plan <- function(x, ...) {
  check_dots(...)
  result_frame(!!!x$table)
}

#' @rdname judicious_difference_plan
#' @export
as.data.frame.judicious_difference_plan <- function(x, row.names = NULL, optional = FALSE, ...) {
  as.data.frame(tidy(x, ...), row.names = row.names, optional = optional)
}

#' @rdname judicious_difference_plan
#' @export
format.judicious_difference_plan <- function(x, ...) {
  check_dots(...)
  table <- x$table
  d <- x$core$first$mean - x$core$second$mean
  percent <- function(p) ifelse(is.na(p), "-", format_chance(p))
  c(
    strwrap(paste0("Plan for the difference ", x$systems[1], " - ", x$systems[2], ", assumed ",
                   format_number(d), ": ", paste(x$assumptions, collapse = ", ")),
            90, exdent = 2),
    format_difference_goal(x),
    format_columns(list(
      c("labels of each", format_count(table$n_true)),
      c("width paired", format_each(table$width_paired)),
      c("separate", format_each(table$width_separate)),
      c("no judge", format_each(table$width_labels_only)),
      c("power paired", percent(table$power_paired)), c("separate", percent(table$power_separate)),
      c("no judge", percent(table$power_labels_only)),
      if (!is.null(table$cost)) c("cost", format_cost(table$cost)),
      if (any(table$chosen)) c("", ifelse(table$chosen, "chosen", ""))
    ), left = ""),
    paste0(format_level(x$conf_level), " intervals; power of the test of ", format_number(x$mu),
           "; \"no judge\": paired labels alone.")
  )
}

format_difference_goal <- function(x) {
  if (is.null(x$chosen)) return(NULL)
  goal <- paste(c(
    if (!is.null(x$width)) paste("width", format_number(x$width)),
    if (!is.null(x$power)) paste("power", format_chance(x$power))
  ), collapse = " and ")
  labels <- function(name) {
    n <- x$chosen[[name]]
    if (is.na(n)) "more than there are" else format_count(n)
  }
  alone <- if (has_difference_judge(x)) {
    paste0(" (", labels("paired_labels_only"), " without the judge)")
  }
  other <- if (has_difference_judge(x)) {
    paste0(" (", labels("separate_labels_only"), " without the judge)")
  }
  c(paste0("For ", goal, " label each system's answers to"),
    paste0("  the same items:   ", labels("paired"), alone),
    paste0("  different items:  ", labels("separate"), other))
}

#' @rdname judicious_difference_plan
#' @export
print.judicious_difference_plan <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @rdname judicious_difference_plan
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_difference_plan <- function(object, ...) {
  check_dots(...)
  limits <- difference_limits(object)
  middle <- object$table$n_true
  n <- unique(round(exp(seq(log(max(limits[1], min(middle) / 2)),
                            log(min(limits[2], max(middle) * 2)), length.out = 40))))
  what <- if (is.null(object$power)) "width" else "power"
  table <- difference_table(object, n)
  kinds <- c(paired = "same items", separate = "different items",
             labels_only = "same items, no judge")
  if (!has_difference_judge(object)) kinds <- kinds[1:2]
  data <- do.call(rbind, lapply(names(kinds), function(kind) {
    data.frame(n = n, y = table[[paste0(what, "_", kind)]], kind = kinds[[kind]])
  }))
  data$kind <- factor(data$kind, kinds)
  ggplot2::ggplot(data, ggplot2::aes(.data$n, .data$y, colour = .data$kind,
                                     linetype = .data$kind)) +
    ggplot2::geom_hline(yintercept = object[[what]], linetype = "dashed", colour = "grey30") +
    ggplot2::geom_line(linewidth = 0.9) +
    ggplot2::scale_x_log10(labels = format_count) +
    ggplot2::scale_y_continuous(labels = axis_labels(what == "power"), limits = c(0, NA)) +
    ggplot2::scale_colour_manual(values = c(main_colour, alone_colour, "grey45"), name = NULL) +
    ggplot2::scale_linetype_manual(values = c("solid", "solid", "22"), name = NULL) +
    ggplot2::labs(x = "Labels of each system",
                  y = if (what == "power") "Power" else "Expected width",
                  caption = if (!is.null(object[[what]])) "Dashed line: the goal") +
    plot_theme(legend.position = "top", legend.justification = "left")
}

#' @rdname judicious_difference_plan
#' @export
plot.judicious_difference_plan <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}
