# Coverage against what was promised, and width against the judge.

#' Plot the result of validate_coverage()
#'
#' @description
#' `type = "coverage"` draws the coverage of every method against its nominal level, with the exact
#' 95 % interval as a band and the diagonal where both are equal: above it an interval is
#' conservative, below it promises too much. `type = "width"` draws the mean width against the
#' correlation of judge and truth, for several results put together by `rbind()`. `plot()` draws
#' the same.
#'
#' @param object,x A `judicious_coverage`.
#' @param type `"coverage"` or `"width"`.
#' @param conf_level `"width"` only: the level of the intervals; `NULL`: the one nearest to 95 %.
#' @param ... Not used.
#' @return `autoplot()` returns a ggplot, with one panel per truth and number of labels where these
#'   differ; `plot()` draws it and returns `x` invisibly.
#' @examples
#' set.seed(1)
#' with_correlation <- function(correlation) {
#'   logs <- simulator(simulate_binary, n = 1000, true_mean = 0.2, proxy_mean = 0.2,
#'                     correlation = correlation, n_labelled = 50)
#'   validate_coverage(logs, estimator(interval = c("beta", "normal")), n_rep = 200)
#' }
#' results <- lapply(c(0, 0.4, 0.8), with_correlation)
#' ggplot2::autoplot(results[[2]])
#' ggplot2::autoplot(do.call(rbind, results), type = "width")
#' @seealso [validate_coverage()]
#' @name autoplot.judicious_coverage
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_coverage <- function(object, type = c("coverage", "width"), conf_level = NULL,
                                        ...) {
  check_dots(...)
  type <- match_choice(type)
  if (type == "coverage") return(coverage_plot(object))
  width_plot(object, shown_level(object, conf_level))
}

#' @rdname autoplot.judicious_coverage
#' @export
plot.judicious_coverage <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}

coverage_plot <- function(x) {
  data <- plot_data(x)
  data$group <- interaction(data$method, data$correlation)
  ggplot2::ggplot(data, ggplot2::aes(.data$conf_level, .data$coverage, colour = .data$method,
                                     fill = .data$method, group = .data$group)) +
    ggplot2::geom_abline(slope = 1, intercept = 0, linetype = "dashed", colour = "grey30") +
    ggplot2::geom_ribbon(ggplot2::aes(ymin = .data$coverage_low, ymax = .data$coverage_high),
                         alpha = 0.2, colour = NA) +
    ggplot2::geom_line(linewidth = 0.8) +
    ggplot2::geom_point(size = 1.8) +
    ggplot2::scale_x_continuous(labels = axis_labels(TRUE)) +
    ggplot2::scale_y_continuous(labels = axis_labels(TRUE)) +
    panels(data) +
    ggplot2::labs(x = "Promised confidence level", y = "Coverage", colour = NULL, fill = NULL,
                  caption = paste0("Band: exact 95% interval of ", format_count(x$n_rep[1]),
                                   " simulated data sets; dashed line: coverage as promised")) +
    methods_theme(data$method)
}

width_plot <- function(x, level) {
  data <- plot_data(x)
  data <- data[abs(data$conf_level - level) < 1e-9, ]
  if (anyNA(data$correlation)) {
    abort_judicious(
      c("{.code type = \"width\"} needs results with one correlation each.",
        i = "They come from {.fn simulator}; put several together with {.fn rbind}."),
      "design", arg = "type", call = rlang::caller_env(2)
    )
  }
  if (length(unique(data$correlation)) == 1L) return(one_width_plot(data, level))
  ggplot2::ggplot(data, ggplot2::aes(.data$correlation, .data$width, colour = .data$method)) +
    ggplot2::geom_line(linewidth = 0.8) +
    ggplot2::geom_point(size = 2) +
    ggplot2::scale_y_continuous(limits = c(0, NA)) +
    panels(data) +
    ggplot2::labs(x = "Correlation of judge and truth",
                  y = paste0("Mean width of the ", format_level(level), " interval"),
                  colour = NULL) +
    methods_theme(data$method)
}

# There is no line through one correlation: the methods beside each other.
one_width_plot <- function(data, level) {
  data$method <- factor(data$method, rev(levels(data$method)))
  ggplot2::ggplot(data, ggplot2::aes(.data$width, .data$method)) +
    ggplot2::geom_col(fill = main_colour, width = 0.6, orientation = "y") +
    ggplot2::geom_text(ggplot2::aes(label = format_each(.data$width)), hjust = -0.15, size = 3.4) +
    ggplot2::scale_x_continuous(limits = c(0, NA), expand = ggplot2::expansion(c(0, 0.15))) +
    ggplot2::scale_y_discrete(labels = axis_names) +
    panels(data) +
    ggplot2::labs(x = paste0("Mean width of the ", format_level(level), " interval"), y = NULL,
                  caption = paste("Correlation of judge and truth:",
                                  format_number(data$correlation[1]))) +
    plot_theme(panel.grid.major.y = ggplot2::element_blank())
}

plot_data <- function(x) {
  data <- as.data.frame(x)
  data$method <- factor(data$method, unique(data$method))
  data$panel_truth <- paste("truth", format_number(data$truth))
  data$panel_labels <- paste(format_count(data$n_labelled), "labels")
  order <- order(data$truth, data$n_labelled)
  data$panel_truth <- factor(data$panel_truth, unique(data$panel_truth[order]))
  data$panel_labels <- factor(data$panel_labels,
                              unique(data$panel_labels[order(data$n_labelled)]))
  data
}

# One panel per scenario, where there are several.
panels <- function(data) {
  rows <- nlevels(data$panel_truth) > 1L
  columns <- nlevels(data$panel_labels) > 1L
  if (!rows && !columns) return(NULL)
  ggplot2::facet_grid(
    rows = if (rows) ggplot2::vars(.data$panel_truth),
    cols = if (columns) ggplot2::vars(.data$panel_labels), scales = "free_y"
  )
}
