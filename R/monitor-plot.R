# The control chart of a monitor.

#' @rdname judicious_monitor
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_monitor <- function(object, ...) {
  check_dots(...)
  percent <- identical(object$fit$range, c(0, 1))
  data <- chart_data(object)
  ggplot2::ggplot(data, ggplot2::aes(x = .data$at)) +
    ggplot2::facet_wrap("panel", ncol = 1, scales = "free_y", strip.position = "top") +
    ggplot2::geom_hline(ggplot2::aes(yintercept = .data$threshold), data = chart_limit(object),
                        linetype = "dashed", linewidth = 0.5) +
    chart_estimates(data) + chart_lines(object, data) + chart_alarm(object, data) +
    ggplot2::geom_col(ggplot2::aes(y = .data$n_true), data = labels_panel(data), width = 0.7,
                      fill = "grey60") +
    chart_axes(object, percent) +
    plot_theme(legend.position = "top", legend.justification = "left")
}

#' @rdname judicious_monitor
#' @export
plot.judicious_monitor <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}

chart_panels <- function(object) c(object$settings$metric, "Human labels")

chart_data <- function(object) {
  data <- as.data.frame(tidy(object))
  data$at <- seq_along(object$batch)
  z <- stats::qnorm(0.975)
  data$low <- data$estimate - z * data$std.error
  data$high <- data$estimate + z * data$std.error
  data$panel <- factor(chart_panels(object)[1], chart_panels(object))
  data
}

chart_limit <- function(object) {
  panels <- chart_panels(object)
  data.frame(threshold = object$settings$threshold, panel = factor(panels[1], panels))
}

labels_panel <- function(data) {
  data$panel[] <- levels(data$panel)[2]
  data
}

chart_estimates <- function(data) {
  list(
    ggplot2::geom_linerange(ggplot2::aes(ymin = .data$low, ymax = .data$high), colour = "grey70",
                            na.rm = TRUE),
    ggplot2::geom_point(ggplot2::aes(y = .data$estimate), colour = "grey45", size = 1.8,
                        na.rm = TRUE)
  )
}

# One row per line and batch.
chart_lines <- function(object, data) {
  line <- function(y, name, group = 1) {
    data.frame(at = data$at, y = y, line = name, group = paste(name, group), panel = data$panel)
  }
  judges <- grep("^judge_mean", names(data), value = TRUE)
  block <- object$settings$window > 0
  lines <- rbind(
    do.call(rbind, lapply(judges, function(k) line(data[[k]], "Judge alone", k))),
    line(data$running, "Mean since the start"),
    line(data$conf.low, "Its bound", "low"), line(data$conf.high, "Its bound", "high"),
    if (block) line(data$block.low, "Bound of the block", paste("low", data$block)),
    if (block) line(data$block.high, "Bound of the block", paste("high", data$block))
  )
  lines <- lines[is.finite(lines$y), ]
  lines$line <- factor(lines$line, names(chart_colours))
  ggplot2::geom_line(
    ggplot2::aes(y = .data$y, colour = .data$line, linetype = .data$line, group = .data$group),
    data = lines, linewidth = 0.8
  )
}

chart_colours <- c("Mean since the start" = okabe_ito[["blue"]],
                   "Its bound" = okabe_ito[["blue"]],
                   "Bound of the block" = okabe_ito[["purple"]],
                   "Judge alone" = okabe_ito[["orange"]])
chart_linetypes <- c("Mean since the start" = "solid", "Its bound" = "22",
                     "Bound of the block" = "22", "Judge alone" = "solid")

chart_alarm <- function(object, data) {
  first <- first_alarm(object)
  if (is.na(first)) return(NULL)
  mark <- data[first, ]
  list(
    ggplot2::geom_vline(xintercept = first, colour = okabe_ito[["vermillion"]], linewidth = 0.4),
    ggplot2::geom_point(ggplot2::aes(y = .data$running), data = mark, size = 3.2,
                        colour = okabe_ito[["vermillion"]]),
    ggplot2::geom_text(ggplot2::aes(y = Inf, label = "alarm"), data = mark, vjust = 1.3,
                       hjust = -0.15, colour = okabe_ito[["vermillion"]])
  )
}

chart_axes <- function(object, percent) {
  n <- length(object$batch)
  breaks <- unique(round(pretty(c(1, n), 8)))
  breaks <- breaks[breaks >= 1 & breaks <= n]
  share <- axis_labels(percent)
  list(
    ggplot2::scale_x_continuous(breaks = breaks, labels = as.character(object$batch)[breaks]),
    ggplot2::scale_y_continuous(labels = if (percent) chart_labels(share) else share),
    ggplot2::scale_colour_manual(values = chart_colours),
    ggplot2::scale_linetype_manual(values = chart_linetypes),
    ggplot2::labs(x = "Batch", y = NULL, colour = NULL, linetype = NULL,
                  caption = chart_caption(object))
  )
}

# The panel of shares is in per cent, that of counts is not.
chart_labels <- function(share) {
  function(breaks) if (max(breaks, na.rm = TRUE) <= 1) share(breaks) else format_count(breaks)
}

chart_caption <- function(object) {
  paste0("Points: estimates of the batches with 95% intervals, for one look each. Dashed black: ",
         "threshold.\nThe bound holds at all looks at once, ",
         format_level(object$settings$conf_level), " sure.")
}
