# How the curves are shown and drawn.

# --- printing ------------------------------------------------------------------------

#' @rdname judicious_confidence_table
#' @export
format.judicious_roc <- function(x, ...) {
  groups <- by_group(x)
  c("ROC points", format_columns(list(
    c("", names(groups)), c("points", format_count(vapply(groups, nrow, 0L))),
    c("labels", format_count(vapply(groups, function(rows) max(rows$n_kept), 0))),
    c("AUROC", format_number(attr(x, "auroc")))
  )))
}

# Quality at the lowest thresholds that complete no more than a quarter, a half, ...
#' @rdname judicious_confidence_table
#' @export
format.judicious_completion <- function(x, ...) {
  groups <- by_group(x)
  shares <- c(0.25, 0.5, 0.75, 1)
  at <- function(share) {
    vapply(groups, FUN.VALUE = "", function(rows) {
      rows <- rows[rows$completion <= share + 1e-12 & rows$n_kept > 0, ]
      if (nrow(rows) == 0L) "-" else format_value(rows$quality[nrow(rows)], TRUE)
    })
  }
  columns <- lapply(shares, function(share) c(format_value(share, TRUE), at(share)))
  c("Quality of the labels kept, by completion rate (at most)",
    format_columns(c(list(c("", names(groups))), columns)))
}

#' @rdname judicious_confidence_table
#' @export
format.judicious_reliability <- function(x, ...) {
  groups <- by_group(x)
  gap <- function(rows) abs(rows$accuracy - rows$mean_confidence)
  ece <- vapply(groups, function(rows) stats::weighted.mean(gap(rows), rows$n), 0)
  c("Reliability: accuracy of labels against their confidence", format_columns(list(
    c("", names(groups)), c("bins", vapply(groups, nrow, 0L)),
    c("labels", format_count(vapply(groups, function(rows) sum(rows$n), 0))),
    c("ECE", format_number(ece)),
    c("MCE", format_number(vapply(groups, function(rows) max(gap(rows)), 0)))
  )))
}

# --- drawing ---------------------------------------------------------------------------

# `method` is what the shared theme colours by.
curve_data <- function(x, suffix = "") {
  data <- as.data.frame(x)
  text <- group_text(table_keys(x))
  data$method <- factor(paste0(text, suffix), unique(paste0(text, suffix)))
  data
}

# A picture shows no more than a few thousand points of a curve.
thin_curve <- function(data, most = 2000) {
  rows <- split(seq_len(nrow(data)), data$method)
  rows <- lapply(rows, function(at) {
    if (length(at) > most) at[unique(round(seq(1, length(at), length.out = most)))] else at
  })
  data[sort(unlist(rows)), ]
}

hide_single_legend <- function(data) {
  if (nlevels(data$method) == 1L) ggplot2::guides(colour = "none", fill = "none")
}

percent_axes <- function() {
  list(ggplot2::scale_x_continuous(labels = axis_labels(TRUE)),
       ggplot2::scale_y_continuous(labels = axis_labels(TRUE)))
}

#' @rdname judicious_confidence_table
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_roc <- function(object, ...) {
  check_dots(...)
  runs <- rle(group_text(table_keys(object)))
  area <- paste0("AUROC ", format_number(attr(object, "auroc")))
  named <- ifelse(runs$values == "", area, paste0(" (", area, ")"))
  data <- curve_data(object, rep(named, runs$lengths))
  ggplot2::ggplot(thin_curve(data), ggplot2::aes(.data$fpr, .data$tpr, colour = .data$method)) +
    ggplot2::geom_abline(slope = 1, intercept = 0, linetype = "dashed", colour = "grey30") +
    ggplot2::geom_path(linewidth = 0.8, na.rm = TRUE) +
    percent_axes() +
    ggplot2::coord_equal(xlim = c(0, 1), ylim = c(0, 1)) +
    ggplot2::labs(x = "Wrong labels kept", y = "Right labels kept", colour = NULL,
                  caption = "Dashed line: confidence without information") +
    methods_theme(data$method) +
    legend_beside(data)
}

# Many or long names do not fit above the picture; beside it they are folded.
legend_beside <- function(data, most_above = 2L) {
  names <- levels(data$method)
  short <- sum(nchar(names) + 6) <= 11 * plot_width()
  if (is_narrow() || length(names) <= most_above && (short || length(names) == 1L)) return(NULL)
  size <- row_text_size(1.6 * length(names), 9)
  list(
    if (length(names) > 1L) legend_rows("", c("colour", "fill")),
    ggplot2::theme(legend.position = "right", legend.justification = "top",
                   legend.text = ggplot2::element_text(size = size, lineheight = 0.9),
                   legend.key.height = ggplot2::unit(1.9 * size, "pt"))
  )
}

#' @rdname judicious_confidence_table
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_completion <- function(object, target = NULL, ...) {
  check_dots(...)
  if (!is.null(target)) target <- check_number(target, 0, 1)
  data <- curve_data(object)
  data <- data[data$n_kept > 0, ]
  # Bands of many curves would hide them all.
  bands <- nlevels(data$method) <= 3L
  said <- c(if (bands) paste0("Band: pointwise exact ", format_level(attr(object, "conf_level")),
                              " interval"), if (!is.null(target)) "dashed line: target")
  ggplot2::ggplot(data, ggplot2::aes(.data$completion, .data$quality, colour = .data$method)) +
    (if (bands) ggplot2::geom_ribbon(
      ggplot2::aes(ymin = .data$conf_low, ymax = .data$conf_high, fill = .data$method),
      alpha = 0.15, colour = NA
    )) +
    target_line(target) +
    ggplot2::geom_line(linewidth = 0.8) +
    percent_axes() +
    ggplot2::coord_cartesian(xlim = c(0, 1), ylim = c(lowest_shown(data, target), 1)) +
    ggplot2::labs(
      x = "Completion rate: labels kept", y = "Label quality: right labels among them",
      colour = NULL, fill = NULL,
      caption = if (length(said) > 0L) paste(said, collapse = "; ")
    ) +
    methods_theme(data$method) +
    hide_single_legend(data) +
    legend_beside(data)
}

# A handful of labels says next to nothing; its interval would flatten the rest.
lowest_shown <- function(data, target, few = 20) {
  rows <- data[data$n_kept >= min(few, max(data$n_kept)), ]
  min(rows$conf_low, target)
}

target_line <- function(target) {
  if (is.null(target)) return(NULL)
  ggplot2::geom_hline(yintercept = target, linetype = "dashed", linewidth = 0.6, colour = "grey30")
}

#' @rdname judicious_confidence_table
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_reliability <- function(object, ...) {
  check_dots(...)
  data <- curve_data(object)
  ggplot2::ggplot(data, ggplot2::aes(.data$mean_confidence, .data$accuracy,
                                     colour = .data$method)) +
    ggplot2::geom_abline(slope = 1, intercept = 0, linetype = "dashed", colour = "grey30") +
    ggplot2::geom_line(linewidth = 0.6) +
    ggplot2::geom_linerange(ggplot2::aes(ymin = .data$conf_low, ymax = .data$conf_high),
                            linewidth = 0.6) +
    points_by_count(data) +
    percent_axes() +
    ggplot2::coord_equal(xlim = c(0, 1), ylim = c(0, 1)) +
    ggplot2::labs(x = "Mean confidence", y = "Right labels", colour = NULL,
                  caption = paste0("Bars: exact ", format_level(attr(object, "conf_level")),
                                   " intervals; dashed line: perfect calibration")) +
    methods_theme(data$method) +
    hide_single_legend(data) +
    legend_beside(data, most_above = 0L)
}

# Points of bins that hold about as many labels each are alike and need no legend.
points_by_count <- function(data, alike = 1.5) {
  if (nrow(data) == 0L || max(data$n) <= alike * min(data$n)) {
    return(ggplot2::geom_point(size = 2.6))
  }
  list(
    ggplot2::geom_point(ggplot2::aes(size = .data$n)),
    ggplot2::scale_size_area("Labels", max_size = 5, labels = format_count),
    ggplot2::guides(colour = ggplot2::guide_legend(order = 1),
                    size = ggplot2::guide_legend(order = 2))
  )
}
