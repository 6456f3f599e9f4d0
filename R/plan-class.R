# The result of plan_annotation(): how it is computed, shown and drawn.

build_plan <- function(known, goal, test, costs, uncertainty, n, user_call, call) {
  x <- structure(
    list(
      chosen = NA_real_, n_labels_only = NA_real_, n_active = NA_real_,
      width = goal$width, power = goal$power, mu = test$mu, alternative = test$alternative,
      conf_level = test$conf_level, costs = costs, uncertainty = uncertainty,
      n_total = known$core$n_total, whole_clusters = known$whole_clusters, metric = known$metric,
      core = known$core, test = test, assumptions = known$words, call = user_call
    ),
    class = "judicious_plan"
  )
  if (has_goal(x)) {
    x$chosen <- smallest_labels(x, x$core)
    if (is.na(x$chosen)) abort_unreachable(x, call)
    if (has_judge(x)) x$n_labels_only <- smallest_labels(x, labels_only_core(x))
    if (!is.null(uncertainty)) x$n_active <- smallest_labels(x, x$core, uncertainty = uncertainty)
  }
  x$table <- plan_table(x, plan_numbers(x, n, call))
  x
}

has_goal <- function(x) !is.null(x$width) || !is.null(x$power)
has_judge <- function(x) x$core$correlation != 0
has_clusters <- function(x) x$core$unit_share != 1
labels_only_core <- function(x) utils::modifyList(x$core, list(correlation = 0))

# Ten sampling units at least; ten million labels at most.
plan_limits <- function(x) {
  least <- ceiling(10 / x$core$unit_share)
  c(least, max(least, min(x$n_total, 1e7)))
}

# Whole clusters are labelled.
round_to_clusters <- function(x, n) {
  if (!x$whole_clusters) return(n)
  pmin(round(ceiling(n * x$core$unit_share - 1e-9) / x$core$unit_share), x$n_total)
}

smallest_labels <- function(x, core, width = x$width %||% Inf, power = x$power %||% 0,
                            uncertainty = NULL) {
  limits <- plan_limits(x)
  test <- x$test
  if (power == 0) test["mu"] <- list(NULL)  # no power is needed, and it costs time
  found <- call_core(plan_smallest_cpp(core, test, width, power, limits[1], limits[2],
                                       uncertainty))
  round_to_clusters(x, found)
}

abort_unreachable <- function(x, call) {
  most <- plan_limits(x)[2]
  best <- plan_predict_cpp(x$core, x$test, most, NULL)[c("width", "power")]
  goal <- paste(c(
    if (!is.null(x$width)) paste("a width of", format_number(x$width)),
    if (!is.null(x$power)) paste("a power of", format_number(x$power))
  ), collapse = " and ")
  reached <- paste(c(
    if (!is.null(x$width)) paste("width", format_number(best$width)),
    if (!is.null(x$power)) paste("power", format_number(best$power))
  ), collapse = " and ")
  who <- if (most == x$n_total) "The whole pool of" else "Even"
  abort_judicious(
    c("No number of human labels reaches {goal}.",
      x = "{who} {format_count(most)} labelled items gives {reached}.",
      i = "Ask for less, or enlarge the pool."),
    "unreachable", arg = if (is.null(x$width)) "power" else "width", best = best, call = call
  )
}

# --- the table -----------------------------------------------------------------

# Round numbers about the recommendation, or over the whole pool.
plan_numbers <- function(x, n, call) {
  limits <- plan_limits(x)
  if (!is.null(n)) {
    n <- check_numeric_vector(n, arg = "n", call = call)
    check_between(n, limits[1], limits[2], arg = "n", call = call)
    bad <- which(n != floor(n))
    if (length(bad) > 0L) {
      abort_judicious(c("{.arg n} must hold whole numbers.",
                        x = "Element {bad[1]} is {.val {n[bad[1]]}}."),
                      "type", arg = "n", where = bad, call = call)
    }
  } else {
    n <- if (has_goal(x)) {
      signif(x$chosen * c(0.25, 0.5, 0.75, 1.25, 1.5, 2, 3), 2)
    } else {
      as.vector(outer(c(1, 2, 5), 10^(1:6)))
    }
    n <- n[n >= limits[1] & n <= min(limits[2], if (has_goal(x)) Inf else 1e4)]
    if (length(n) == 0L) n <- limits[2]
  }
  n <- sort(unique(round_to_clusters(x, n)))
  if (has_goal(x)) sort(unique(c(n, x$chosen))) else n
}

plan_table <- function(x, n) {
  both <- plan_predict_cpp(x$core, x$test, n, NULL)
  columns <- list(
    n_true = n,
    n_clusters = if (has_clusters(x)) round(n * x$core$unit_share),
    n_proxy = rep(if (has_judge(x)) x$n_total else 0, length(n)),
    width = both$width, power = if (is.null(x$mu)) rep(NA_real_, length(n)) else both$power,
    n_effective = both$n_effective
  )
  columns <- c(columns, labels_only_columns(x, n, both), active_columns(x, n))
  columns <- c(columns, cost_columns(x, columns), list(chosen = n %in% x$chosen))
  result_frame(!!!Filter(Negate(is.null), columns))
}

labels_only_columns <- function(x, n, both) {
  if (!has_judge(x)) {
    return(list(width_labels_only = both$width, power_labels_only = both$power,
                n_labels_only = n))
  }
  core <- labels_only_core(x)
  alone <- plan_predict_cpp(core, x$test, n, NULL)
  as_precise <- vapply(both$width, function(w) smallest_labels(x, core, w * (1 + 1e-6), 0),
                       numeric(1))
  as_precise[n %in% x$chosen] <- x$n_labels_only  # there, what reaches the goal
  list(
    width_labels_only = alone$width,
    power_labels_only = if (is.null(x$mu)) rep(NA_real_, length(n)) else alone$power,
    n_labels_only = as_precise
  )
}

active_columns <- function(x, n) {
  if (is.null(x$uncertainty)) return(NULL)
  active <- call_core(plan_predict_cpp(x$core, x$test, n, x$uncertainty))
  list(width_active = active$width,
       power_active = if (is.null(x$mu)) rep(NA_real_, length(n)) else active$power)
}

cost_columns <- function(x, columns) {
  if (is.null(x$costs)) return(NULL)
  list(cost = plan_cost(x, columns$n_true),
       cost_labels_only = columns$n_labels_only * x$costs$human)
}

# The judge labels the whole pool.
plan_cost <- function(x, n) {
  judge <- if (has_judge(x) && x$costs$judge > 0) x$n_total * x$costs$judge else 0
  n * x$costs$human + judge
}

# --- printing ------------------------------------------------------------------

#' Work with a plan
#'
#' @description
#' `print()` shows the recommendation in plain sentences, what it rests on, and the table;
#' `autoplot()` draws expected width, and power if there is a `mu`, against the number of human
#' labels, with and without the judge and, if planned, with active sampling. Dashed lines are the
#' goals, the point is the recommendation.
#'
#' @param x,object A `judicious_plan`, from [plan_annotation()].
#' @param digits Digits to show; default `getOption("judicious.digits", 3)`.
#' @param row.names,optional Passed to [as.data.frame()].
#' @param ... Not used.
#' @returns `format()`: a character vector, one sentence per element. `print()` and `plot()`: `x`,
#'   invisibly. `tidy()` and `as.data.frame()`: the table described in [plan_annotation()].
#'   `autoplot()`: a ggplot object.
#' @seealso [plan_annotation()]
#' @examples
#' plan <- plan_annotation(list(rate = 0.1, correlation = 0.7, n_total = 5000),
#'                         width = 0.06, mu = 0.05)
#' plan
#' tidy(plan)
#' ggplot2::autoplot(plan)
#' @name judicious_plan
NULL

#' @rdname judicious_plan
#' @export
format.judicious_plan <- function(x, digits = getOption("judicious.digits", 3), ...) {
  rlang::local_options(judicious.digits = digits)
  if (!has_goal(x)) {
    return(c("Expected precision by number of human labels; give `width` or `power` for a number.",
             format_assumptions(x)))
  }
  c(format_choice(x), format_judge(x), format_plan_costs(x), format_active(x),
    format_assumptions(x))
}

format_choice <- function(x) {
  row <- x$table[x$table$chosen, ]
  pool <- if (is.finite(x$n_total)) paste(" of", format_count(x$n_total))
  clusters <- if (has_clusters(x)) paste0(" (about ", format_count(row$n_clusters), " clusters)")
  power <- if (!is.null(x$mu)) {
    paste0(", and the chance to tell the ", plan_term(x), " from ", format_number(x$mu), " is ",
           format_percent(row$power))
  }
  paste0("Have humans label ", format_count(x$chosen), pool, " items", clusters, ": the ",
         format_level(x$conf_level), " interval is then ", format_number(row$width),
         " wide on average", power, ".")
}

plan_term <- function(x) if (x$metric %in% c("rate", "mean")) x$metric else "mean"

format_percent <- function(x) {
  shown <- pmin(pmax(round(100 * x), 1), 99)  # neither certain nor impossible
  paste0(shown, "%")
}

format_judge <- function(x) {
  if (!has_judge(x)) return(NULL)
  if (is.na(x$n_labels_only)) {
    "Human labels alone cannot reach this within the pool."
  } else if (x$n_labels_only > x$chosen) {
    paste0("Human labels alone would take ", format_count(x$n_labels_only), ": the judge is worth ",
           format_count(x$n_labels_only - x$chosen), " labels.")
  } else {
    "The judge saves no labels."
  }
}

format_plan_costs <- function(x) {
  if (is.null(x$costs)) return(NULL)
  cost <- plan_cost(x, x$chosen)
  if (!has_judge(x)) return(paste0("Cost: ", format_cost(cost), "."))
  if (is.na(x$n_labels_only)) return(paste0("Cost with the judge: ", format_cost(cost), "."))
  alone <- x$n_labels_only * x$costs$human
  verdict <- if (cost < alone) {
    paste0("The judge pays for itself: it saves ", format_percent(1 - cost / alone), ".")
  } else {
    "The judge does not pay for itself."
  }
  paste0("Cost: ", format_cost(cost), " with the judge, ", format_cost(alone), " without. ",
         verdict)
}

format_active <- function(x) {
  if (is.null(x$uncertainty)) return(NULL)
  if (is.na(x$n_active)) return("Choosing items by uncertainty does not reach this.")
  change <- 1 - x$n_active / x$chosen
  verdict <- if (change > 0) paste(format_percent(change), "fewer") else "no gain"
  paste0("With the mix of sample_active() instead of random items ", format_count(x$n_active),
         " labels are enough (", verdict, ") if the uncertainties are right.")
}

format_assumptions <- function(x) {
  paste0("Assumed: ", paste(x$assumptions, collapse = ", "), ".")
}

#' @rdname judicious_plan
#' @export
print.judicious_plan <- function(x, digits = getOption("judicious.digits", 3), ...) {
  rlang::local_options(judicious.digits = digits)
  writeLines(plan_lines(x, wrap_line))
  invisible(x)
}

# Sentences, table and legend; `wrap` breaks what is too long for a line.
plan_lines <- function(x, wrap = identity) {
  table <- table_to_show(x)
  c(wrap(format(x)), "", format_columns(Map(c, names(table), table), left = " "),
    wrap(table_legend(x)))
}

wrap_line <- function(text) strwrap(text, width = max(getOption("width"), 40), exdent = 2)

# Columns that say something, in few characters.
table_to_show <- function(x) {
  table <- as.data.frame(x)
  columns <- list(
    labels = format_count(table$n_true), clusters = show_count(table$n_clusters),
    width = format_number(table$width), power = show_share(table$power),
    effective = format_count(round(table$n_effective)),
    active = if (!is.null(x$uncertainty)) format_number(table$width_active),
    cost = show_cost(table$cost),
    alone = if (has_judge(x)) format_number(table$width_labels_only),
    "labels alone" = if (has_judge(x)) show_count(table$n_labels_only),
    "cost alone" = if (has_judge(x)) show_cost(table$cost_labels_only),
    " " = if (has_goal(x)) ifelse(table$chosen, "chosen", "")
  )
  as.data.frame(Filter(Negate(is.null), columns), check.names = FALSE)
}

table_legend <- function(x) {
  active <- if (!is.null(x$uncertainty)) "active: width with the mix of sample_active(). "
  if (!has_judge(x)) return(active)
  cost <- if (!is.null(x$costs)) " and what they cost"
  paste0(active, "alone: width without the judge; labels alone: how many human labels alone ",
         "reach the row's width", cost, ".")
}

show_count <- function(n) if (!is.null(n)) ifelse(is.na(n), "-", format_count(n))
show_cost <- function(cost) if (!is.null(cost)) ifelse(is.na(cost), "-", format_cost(cost))
show_share <- function(p) if (!all(is.na(p))) format_percent(p)

#' @rdname judicious_plan
#' @export
tidy.judicious_plan <- function(x, ...) {
  check_dots(...)
  x$table
}

#' @rdname judicious_plan
#' @export
as.data.frame.judicious_plan <- function(x, row.names = NULL, optional = FALSE, ...) {
  as.data.frame(x$table, row.names = row.names, optional = optional)
}
