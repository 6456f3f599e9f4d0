# Forest plots: estimates with their intervals, one per line.

#' Plot estimates
#'
#' @description
#' `autoplot()` of a comparison draws a forest plot: one line per estimate, its interval and its
#' value, in per cent when the metric's range is \[0, 1\], and a dashed line at the truth if that is
#' known. What a judge says alone has another colour than what people's labels stand behind, and
#' rates keep 0 in view where it is near. `autoplot()` of one estimate shows it beside the human
#' labels alone. `plot()` draws the same. An estimate with a bootstrap interval is shown as the
#' distribution of its replicates, with the estimate and the interval marked.
#'
#' @param object,x A `judicious_estimate` or a `judicious_comparison`.
#' @param type `"forest"` or `"replicates"`; `NULL`: the replicates if there are any.
#' @param truth The true value, if known.
#' @param ... Not used.
#' @return `autoplot()` returns a ggplot; `plot()` draws it and returns `x` invisibly.
#' @seealso [compare_estimates()]
#' @examples
#' fit <- estimate_mean(c(1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0) ~ 1, metric = "Error rate")
#' ggplot2::autoplot(fit)
#' @name autoplot.judicious_estimate
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_estimate <- function(object, truth = NULL, type = NULL, ...) {
  check_dots(...)
  type <- check_choice(type %||% if (is.null(object$boot)) "forest" else "replicates",
                       c("forest", "replicates"), arg = "type")
  if (type == "forest") return(estimate_forest(object, truth))
  if (is.null(object$boot)) {
    abort_judicious(
      c("There are no replicates to show.", i = "Fit with {.code interval = \"bootstrap\"}."),
      "undefined", arg = "type"
    )
  }
  replicates_plot(object, truth)
}

# A difference is seen against no difference, unless the truth is known.
estimate_forest <- function(x, truth) {
  none <- no_difference(x)
  plot <- forest_plot(beside_labels_only(x, truth %||% none))
  if (is.null(none) || !is.null(truth)) return(plot)
  plot + ggplot2::labs(caption = fold_caption(paste0(
    "Point and ", format_level(x$conf_level), " confidence interval; dashed line: no difference"
  ), 30))
}

# 0, or 1 for the ratio of two systems' means; NULL for other estimates.
no_difference <- function(x) {
  if (is.null(x$pair)) return(NULL)
  if (x$pair$what == "Difference of means") return(0)
  if (x$pair$what == "Ratio of means" && !grepl(" | ", x$formula, fixed = TRUE)) 1
}

# A comparison of an estimate with its human labels alone, if it has a judge.
beside_labels_only <- function(x, truth) {
  table <- tidy(x)
  label <- "Labels"
  if (x$n_proxy > 0) {
    human <- table
    human$estimate <- x$labels_only$estimate
    human$conf.low <- x$labels_only$conf_low
    human$conf.high <- x$labels_only$conf_high
    table <- vctrs::vec_rbind(human, table)
    label <- c("Human only", "Human + judge")
  }
  # Differences of rates are shown in per cent, as rates are.
  rates <- identical(as.double(x$range), c(-1, 1)) && identical(no_difference(x), 0)
  new_comparison(vctrs::vec_cbind(vctrs::data_frame(label = label), table), truth,
                 if (rates) c(0, 1) else x$range)
}

#' @rdname autoplot.judicious_estimate
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_comparison <- function(object, ...) {
  check_dots(...)
  forest_plot(object)
}

#' @rdname autoplot.judicious_estimate
#' @export
plot.judicious_estimate <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}

#' @rdname autoplot.judicious_estimate
#' @export
plot.judicious_comparison <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}

# Values stand in a column at the right, clear of intervals and lines; where there is no room for
# columns, name and value stand above their line. `target`: another line to mark.
forest_plot <- function(x, target = NULL) {
  percent <- identical(attr(x, "range"), c(0, 1))
  data <- forest_data(x, percent)
  truth <- attr(x, "truth")
  ggplot2::ggplot(data, ggplot2::aes(y = .data$label, colour = .data$kind)) +
    truth_line(c(truth, target)) +
    ggplot2::geom_segment(
      ggplot2::aes(x = .data$conf.low, xend = .data$conf.high, yend = .data$label),
      linewidth = min(1.1, 55 / nlevels(data$label)), na.rm = TRUE
    ) +
    ggplot2::geom_point(ggplot2::aes(x = .data$estimate),
                        size = min(3.2, 100 / nlevels(data$label))) +
    forest_names(data) +
    (if (percent && zero_is_near(data, c(truth, target))) ggplot2::expand_limits(x = 0)) +
    ggplot2::scale_colour_manual(values = c(main = main_colour, alone = alone_colour),
                                 guide = "none") +
    ggplot2::scale_x_continuous(labels = axis_labels(percent),
                                breaks = if (is_narrow()) few_breaks else ggplot2::waiver(),
                                expand = ggplot2::expansion(mult = 0.06)) +
    ggplot2::coord_cartesian(clip = "off") +
    ggplot2::labs(x = fold_text(forest_title(data$term), floor(plot_width() * 9)), y = NULL,
                  caption = forest_caption(x, data, target))
}

# Of more rows no name can be read.
most_rows_with_names <- 60

forest_names <- function(data) {
  n <- nlevels(data$label)
  if (n > most_rows_with_names) {
    return(list(ggplot2::scale_y_discrete(labels = NULL, breaks = NULL), forest_theme(12)))
  }
  if (is_narrow()) {
    data$text <- paste0(fold_text(data$label, 36, 1L), "   ", data$text)
    return(list(
      ggplot2::geom_label(data = data, ggplot2::aes(x = -Inf, label = .data$text), hjust = 0,
                          vjust = -0.6, size = 2.7, colour = "grey15", fill = "white",
                          label.size = NA, label.padding = ggplot2::unit(0.08, "lines")),
      ggplot2::scale_y_discrete(labels = NULL, expand = ggplot2::expansion(add = c(0.5, 0.9))),
      forest_theme(right_margin = 12)
    ))
  }
  # Many rows have one line each, which leaves room for larger letters.
  size <- if (n > 12) max(min(11, 215 / n), 5) else 11
  names <- if (n <= 12) axis_names else
    function(x) cut_middle(x, floor(plot_width() * 52 / max(size, 7)))
  list(
    ggplot2::geom_text(data = data, ggplot2::aes(x = Inf, label = .data$text), hjust = -0.06,
                       size = 3.6 * size / 11, colour = "grey15"),
    ggplot2::scale_y_discrete(labels = names),
    forest_theme(right_margin = 6.3 * max(nchar(data$text)) * size / 11 + 10, size)
  )
}

# Zero belongs into the picture of rates if it is no farther away than the picture is wide.
zero_is_near <- function(data, marks) {
  ends <- range(data$conf.low, data$conf.high, data$estimate, marks, na.rm = TRUE)
  ends[1] <= diff(ends)
}

forest_title <- function(terms) if (length(unique(terms)) == 1L) terms[1] else "Estimate"

# First estimate on top.
forest_data <- function(x, percent) {
  alone <- attr(x, "judge_alone") %||% logical(nrow(x))
  data <- as.data.frame(unclass(x), stringsAsFactors = FALSE)
  data$kind <- ifelse(alone, "alone", "main")
  data$text <- paste0(format_value(data$estimate, percent), " [",
                      format_value(data$conf.low, percent), ", ",
                      format_value(data$conf.high, percent), "]")
  data$label <- factor(data$label, levels = rev(unique(data$label)))
  data
}

truth_line <- function(truth) {
  if (is.null(truth)) return(NULL)
  ggplot2::geom_vline(xintercept = truth, linetype = "dashed", linewidth = 0.6, colour = "grey30")
}

forest_caption <- function(x, data, target) {
  said <- c(
    paste0("Point and ", format_level(x$conf.level[1]), " confidence interval"),
    if (any(data$kind == "alone")) "orange: judge alone, uncorrected",
    if (!is.null(attr(x, "truth"))) "dashed line: true value",
    if (!is.null(target)) "dashed line: target",
    if (nlevels(data$label) > most_rows_with_names) paste(nlevels(data$label), "rows, in order")
  )
  beside <- if (is_narrow()) 0 else 1.45 * max(nchar(data$text))
  fold_caption(paste(said, collapse = "; "), beside)
}

# `beside`: letters that have no room because of a margin.
fold_caption <- function(said, beside = 0) fold_text(said, floor(plot_width() * 15 - beside))

forest_theme <- function(right_margin, size = 11) {
  plot_theme(
    panel.grid.major.y = ggplot2::element_blank(),
    axis.text.y = ggplot2::element_text(size = size, colour = "black"),
    plot.margin = ggplot2::margin(8, right_margin, 6, 8)
  )
}

# --- bootstrap replicates ------------------------------------------------------

replicates_plot <- function(x, truth) {
  percent <- identical(x$range, c(0, 1))
  marks <- c(x$conf_low, x$estimate, x$conf_high)
  ggplot2::ggplot(data.frame(replicate = x$boot), ggplot2::aes(x = .data$replicate)) +
    histogram(x$boot, bins = 50, fill = "grey75") +
    ggplot2::geom_vline(xintercept = marks, colour = main_colour,
                        linewidth = c(0.7, 1.1, 0.7)) +
    truth_line(truth) +
    ggplot2::scale_x_continuous(labels = axis_labels(percent)) +
    ggplot2::labs(
      x = x$metric, y = "Bootstrap replicates",
      caption = paste0("Lines: estimate and ", format_level(x$conf_level), " interval",
                       if (!is.null(truth)) "; dashed: true value")
    ) +
    forest_theme(right_margin = 12)
}
