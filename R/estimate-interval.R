# What is said about intervals. Which one it is and its bounds are the core's.

check_labels_in_range <- function(design, facts, range, call) {
  if (is.null(range) || (facts$lowest_label >= range[1] && facts$highest_label <= range[2])) {
    return(invisible())
  }
  if (!is.null(design$summary)) {
    abort_judicious(
      c("{.var {design$label}} must lie in the declared range [{range[1]}, {range[2]}].",
        x = "Its labels go from {facts$lowest_label} to {facts$highest_label}."),
      "range", arg = design$label, call = call
    )
  }
  y <- column_values(design$y)
  rule <- paste0("must lie in the declared range [", range[1], ", ", range[2], "]")
  abort_first(!is.na(y) & (y < range[1] | y > range[2]), y, design$y$name, rule, "range", call)
}

# "auto", and intervals that do not fit the data, become one that does.
resolve_interval <- function(wanted, inference, call) {
  if (wanted %in% c("beta", "wilson") && is.null(inference$range)) {
    abort_judicious(
      c("{.code interval = \"{wanted}\"} needs a bounded metric.",
        i = "Declare its lowest and highest possible value, e.g. {.code range = c(1, 5)}."),
      "range", arg = "interval", call = call
    )
  }
  used <- call_core(resolve_interval_cpp(wanted, inference), call)
  if (used != "exact" && !(inference$variance > 0)) tell_degenerate(used, inference, call)
  used
}

# Labels without any variation: judges cannot help, symmetric intervals collapse.
tell_degenerate <- function(used, inference, call) {
  constant <- inference$lowest_label == inference$highest_label
  what <- if (constant) "All labels are {inference$lowest_label}" else "The labels do not vary"
  if (used == "none") {
    warn_judicious(
      c(paste0(what, ": their variance is unknown and the interval is NA."),
        i = "If the metric is bounded, declare it, e.g. {.code range = c(1, 5)}."),
      "constant_labels", call = call
    )
    return(invisible())
  }
  inform_judicious(
    c(i = paste0(what, ": no judge can add to them. The {.val {used}} interval is that of the ",
                 "labels alone.")),
    "constant_labels"
  )
}

# No correction rescues a mean of few, heavily skewed labels without bounds.
tell_skewed <- function(interval, inference, settings, call) {
  if (!settings$skew || interval != "t" || abs(inference$skewness) < 0.1) return(invisible())
  inform_judicious(
    c(i = "The labels are skewed: the interval is widened on that side, and still misses too
           often with few labels.",
      i = "What helps: declare {.arg range} if the metric has bounds, cap extreme labels, or
           estimate the mean of their logarithms."),
    "skewed"
  )
}

interval_bounds <- function(inference, interval, conf_level) {
  infer_cpp(interval, inference, conf_level)$bounds
}
