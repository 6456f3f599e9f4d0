# How indeterminate is the task: sizes of response sets, disagreement of choices.

#' @rdname judicious_ratings
#' @param max_sources (count) Plot at most so many sources, the first ones.
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_ratings <- function(object, max_sources = 6L, ...) {
  check_dots(...)
  max_sources <- check_count(max_sources)
  shown <- seq_len(min(length(object$sources), max_sources))
  facts <- rating_facts(object)[shown]
  names(facts) <- object$sources[shown]
  data <- vctrs::vec_rbind(size_shares(facts), disagreement_shares(facts))
  if (nrow(data) == 0L) {
    abort_judicious(
      c("There is nothing to plot.",
        i = "Plots need response sets, or items with two forced choices of one source."),
      "undefined", arg = "object"
    )
  }
  left_out <- length(object$sources) - length(shown)
  ratings_plot(data, object, left_out)
}

#' @rdname judicious_ratings
#' @export
plot.judicious_ratings <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}

rating_panels <- c("Options in a response set (share of sets)",
                   "Chance in % that two choices of an item differ (share of items)")

# Shares of sizes 1, 2, ... among the sets of every source that gave some.
size_shares <- function(facts) {
  facts <- Filter(function(f) f$n_sets > 0, facts)
  vctrs::vec_rbind(!!!Map(function(f, source) {
    sizes <- seq_along(f$set_sizes)
    vctrs::data_frame(source = source, panel = rating_panels[1], bin = as.character(sizes),
                      order = as.double(sizes), share = f$set_sizes / f$n_sets)
  }, facts, names(facts)))
}

# Shares of items by disagreement: none, then five classes of equal width.
disagreement_shares <- function(facts) {
  facts <- Filter(function(f) !all(is.nan(f$disagreement)), facts)
  labels <- c("0", "1-20", "21-40", "41-60", "61-80", "81-100")
  vctrs::vec_rbind(!!!Map(function(f, source) {
    value <- f$disagreement[!is.nan(f$disagreement)]
    bin <- ifelse(value <= 0, 1L, 1L + pmax(1L, as.integer(ceiling(round(value / 0.2, 9)))))
    vctrs::data_frame(source = source, panel = rating_panels[2], bin = labels,
                      order = 100 + seq_along(labels),
                      share = tabulate(bin, length(labels)) / length(value))
  }, facts, names(facts)))
}

# One row of panels per source, so that shapes can be compared down a column.
ratings_plot <- function(data, x, left_out) {
  data$panel <- factor(data$panel, rating_panels)
  data$source <- factor(data$source, unique(data$source))
  data$bin <- stats::reorder(data$bin, data$order)
  data$text <- ifelse(data$share > 0, whole_percent(data$share), "")
  n <- nlevels(data$source)
  ggplot2::ggplot(data, ggplot2::aes(.data$bin, .data$share, fill = .data$panel)) +
    ggplot2::geom_col(width = 0.75) +
    ggplot2::geom_text(ggplot2::aes(label = .data$text), vjust = -0.35, size = 3) +
    ggplot2::facet_grid(
      rows = if (n > 1L) ggplot2::vars(.data$source), cols = ggplot2::vars(.data$panel),
      scales = "free_x", labeller = ggplot2::labeller(
        source = folded_strips(plot_width() / 5),
        panel = folded_strips((plot_width() - if (n > 1L) 2 else 0.8) / 2)
      )
    ) +
    ggplot2::scale_fill_manual(
      values = stats::setNames(okabe_ito[c("blue", "orange")], rating_panels), guide = "none"
    ) +
    ggplot2::scale_y_continuous(
      labels = axis_labels(TRUE), limits = c(0, NA), n.breaks = if (n > 2L) 3 else 5,
      # The numbers above the bars are as high however low the panels are.
      expand = ggplot2::expansion(mult = c(0, max(0.18, 0.11 * n)))
    ) +
    ggplot2::labs(
      x = NULL, y = NULL, title = "How many answers are reasonable",
      caption = if (left_out > 0L) paste("and", left_out, "more sources")
    ) +
    rating_theme() +
    ggplot2::theme(panel.grid.major.x = ggplot2::element_blank(),
                   axis.text.x = ggplot2::element_text(size = if (is_narrow()) 6.5 else 9.6),
                   strip.text.y = ggplot2::element_text(angle = 0, hjust = 0, size = 9))
}

# 0.004 is not nothing.
whole_percent <- function(x) {
  ifelse(x > 0 & x < 0.005, "<1%", paste0(format(round(100 * x), trim = TRUE), "%"))
}

rating_theme <- function() plot_theme(plot.caption.position = "plot")
