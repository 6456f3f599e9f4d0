# The result of agreement_metrics(): a data frame, one row per judge and metric.

#' Work with the result of agreement_metrics()
#'
#' @description
#' `print()` shows one line per judge and metric. `autoplot()` draws estimates and intervals, one
#' panel per metric; `plot()` draws the same.
#'
#' @param x,object A `judicious_metrics`.
#' @param ... Not used.
#' @return `print()`: `x`, invisibly. `format()`: a character vector, one element per line.
#'   `tidy()`: a data frame with the columns `term` (metric), `judge`, `tau`, `estimate`,
#'   `std.error` (standard deviation of the replicates), `conf.low`, `conf.high`, `conf.level`,
#'   `n_items`, `n_ratings`, `n_invalid`. `as.data.frame()`: the plain data frame. `autoplot()`: a
#'   ggplot.
#' @examples
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' set.seed(1)
#' sim <- simulate_ratings(task, n_items = 100, n_judges = 3)
#' metrics <- agreement_metrics(sim$human, sim$judges, c("mse_srs", "consistency"))
#' tidy(metrics)
#' ggplot2::autoplot(metrics)
#' @seealso [agreement_metrics()]
#' @name tidy.judicious_metrics
#' @export
tidy.judicious_metrics <- function(x, ...) {
  check_dots(...)
  result_frame(
    term = x$metric, judge = x$judge, tau = x$tau, estimate = x$estimate,
    std.error = attr(x, "std_error"), conf.low = x$conf_low, conf.high = x$conf_high,
    conf.level = attr(x, "conf_level"), n_items = x$n_items, n_ratings = x$n_ratings,
    n_invalid = x$n_invalid
  )
}

#' @rdname tidy.judicious_metrics
#' @export
format.judicious_metrics <- function(x, ...) {
  c(
    paste0("Agreement with human ratings, ", format_items(attr(x, "n_shared"))),
    "",
    format_columns(list(
      c("judge", x$judge), c("metric", metric_title(x$metric)),
      if (any(!is.na(x$tau))) c("tau", ifelse(is.na(x$tau), "", format_tau(x$tau))),
      c("estimate", format_each(x$estimate)),
      if (attr(x, "n_boot") > 0) c(paste(format_level(attr(x, "conf_level")), "CI"),
                                   format_bounds(x$conf_low, x$conf_high)),
      c("better", x$better), c("items", format_each_count(x$n_items)),
      if (any(x$n_invalid > 0)) c("invalid", format_each_count(x$n_invalid))
    ), left = c("judge", "metric", "better"))
  )
}

format_each <- function(x) vapply(x, format_number, "")
format_each_count <- function(x) vapply(x, format_count, "")
format_tau <- function(x) vapply(x, format, "", digits = 4)

format_bounds <- function(low, high) {
  text <- paste0("[", format_each(low), ", ", format_each(high), "]")
  ifelse(is.na(low), "", text)
}

#' @rdname tidy.judicious_metrics
#' @export
print.judicious_metrics <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

#' @rdname tidy.judicious_metrics
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_metrics <- function(object, ...) {
  check_dots(...)
  data <- as.data.frame(object)
  data$panel <- metric_panel(data)
  data$judge <- factor(data$judge, rev(unique(data$judge)))
  ggplot2::ggplot(data, ggplot2::aes(.data$estimate, .data$judge)) +
    ggplot2::geom_segment(
      ggplot2::aes(x = .data$conf_low, xend = .data$conf_high, yend = .data$judge),
      linewidth = 1.1, colour = main_colour, na.rm = TRUE
    ) +
    ggplot2::geom_point(size = 2.6, colour = main_colour, na.rm = TRUE) +
    facet_names("panel", nlevels(data$panel), scales = "free_x",
                taken = axis_inches(data$judge)) +
    ggplot2::scale_x_continuous(breaks = few_breaks) +
    ggplot2::scale_y_discrete(labels = axis_names) +
    ggplot2::labs(x = NULL, y = NULL, caption = paste0(
      "Point and ", format_level(attr(object, "conf_level")), " interval over items"
    )) +
    judge_theme()
}

metric_panel <- function(data) {
  better <- c(higher = "higher is better", lower = "lower is better", zero = "0 is best")
  tau <- ifelse(is.na(data$tau), "", paste0(", tau ", format_tau(data$tau)))
  panel <- paste0(metric_title(data$metric), tau, "\n", better[data$better])
  factor(panel, unique(panel))
}

judge_theme <- function(n_panels = 1L) {
  plot_theme(
    strip.text = ggplot2::element_text(hjust = 0, size = strip_size(n_panels)),
    panel.grid.major.y = ggplot2::element_blank(),
    panel.spacing = ggplot2::unit(1.6, "lines"),
    axis.text.y = ggplot2::element_text(colour = "black"),
    plot.margin = ggplot2::margin(8, 12, 6, 8)
  )
}

#' @rdname tidy.judicious_metrics
#' @export
plot.judicious_metrics <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}
