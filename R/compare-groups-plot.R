# Comparisons of groups as a forest of differences, or as a table of all pairs in colour.

most_pairs_in_forest <- 28

#' @rdname compare_groups
#' @param type `"forest"`: one line per comparison. `"matrix"`: all pairs as tiles, groups in the
#'   order of their means, coloured by the difference and marked where it is sure. `NULL`: the
#'   matrix for all pairs of more than eight groups.
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_group_comparison <- function(object, type = NULL, ...) {
  check_dots(...)
  all_pairs <- !is.null(attr(object, "letters"))
  many <- all_pairs && nrow(object) > most_pairs_in_forest
  type <- check_choice(type %||% if (many) "matrix" else "forest", c("forest", "matrix"),
                       arg = "type")
  if (type == "forest") return(pairs_forest(object))
  if (!all_pairs) {
    abort_judicious("A matrix needs all pairs: {.code compare_groups()} without {.arg against}.",
                    "undefined", arg = "type")
  }
  pairs_matrix(object)
}

#' @rdname compare_groups
#' @export
plot.judicious_group_comparison <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}

# Differences of rates are shown in per cent, as rates are.
shows_percent <- function(x) {
  attr(x, "scale") != "ratio" && identical(as.double(attr(x, "range")), c(-1, 1))
}

pairs_title <- function(x) {
  paste0(if (attr(x, "scale") == "ratio") "Ratio of " else "Difference in ",
         tolower_first(attr(x, "metric")))
}

pairs_forest <- function(x) {
  ratio <- attr(x, "scale") == "ratio"
  table <- as.data.frame(x)
  table$label <- paste(table$group, if (ratio) "/" else "-", table$against)
  table$term <- pairs_title(x)
  table$conf.level <- attr(x, "conf_level")
  caption <- paste0("Point and ", format_level(attr(x, "conf_level")), " confidence intervals",
                    if (!is.null(attr(x, "critical"))) ", all together")
  forest_plot(new_comparison(table, if (ratio) 1 else 0, if (shows_percent(x)) c(0, 1))) +
    ggplot2::labs(caption = fold_caption(paste0(caption, "; dashed line: no difference"), 25))
}

# Every pair twice, seen from either group: what the one of the row has more than the other.
pairs_matrix <- function(x) {
  cells <- pairs_cells(x)
  n <- nlevels(cells$row)
  size <- max(min(10, 215 / n), 5)
  narrow <- is_narrow()
  written <- n <= if (narrow) 5 else 12
  reach <- max(abs(cells$shown), 1e-12)
  names <- function(x) cut_middle(x, if (narrow) 14L else 30L)
  ggplot2::ggplot(cells, ggplot2::aes(.data$column, .data$row, fill = .data$shown)) +
    ggplot2::geom_tile(colour = "white", linewidth = if (n > 30) 0.2 else 0.6) +
    (if (written) ggplot2::geom_text(
      ggplot2::aes(label = .data$text, fontface = ifelse(.data$sure, "bold", "plain")),
      colour = ifelse(abs(cells$shown) > 0.6 * reach, "white", "grey10"),
      size = if (narrow) 2.4 else 3
    ) else ggplot2::geom_point(
      data = cells[cells$sure, ], colour = "grey10", size = max(26 / n, 0.3)
    )) +
    ggplot2::scale_fill_gradient2(
      low = okabe_ito[["vermillion"]], mid = "#F4F4F4", high = main_colour,
      limits = c(-reach, reach), labels = matrix_labels(x), breaks = matrix_breaks(x, reach),
      name = NULL
    ) +
    # Columns stand in the order of the rows.
    ggplot2::scale_x_discrete(labels = if (narrow && n > 15) NULL else names, position = "top") +
    ggplot2::scale_y_discrete(labels = names) +
    ggplot2::labs(x = NULL, y = NULL, title = matrix_title(x),
                  caption = matrix_caption(x, written)) +
    plot_theme(panel.grid = ggplot2::element_blank(),
               axis.text.y = ggplot2::element_text(size = size, colour = "black"),
               axis.text.x = ggplot2::element_text(size = size, colour = "black", angle = 90,
                                                   hjust = 0, vjust = 0.5))
}

pairs_cells <- function(x) {
  ratio <- attr(x, "scale") == "ratio"
  order <- names(sort(attr(x, "means")))
  seen <- function(row, column, estimate) {
    data.frame(row = row, column = column, estimate = estimate,
               sure = surely_different(x, attr(x, "scale")))
  }
  cells <- rbind(seen(x$group, x$against, x$estimate),
                 seen(x$against, x$group, if (ratio) 1 / x$estimate else -x$estimate))
  cells <- cells[is.finite(cells$estimate) & (!ratio | cells$estimate > 0), ]
  cells$shown <- if (ratio) log(cells$estimate) else cells$estimate
  cells$text <- if (shows_percent(x)) formatC(100 * cells$estimate, digits = 0, format = "f") else
    format_number(cells$estimate, 2)
  cells$row <- factor(cells$row, order)
  cells$column <- factor(cells$column, rev(order))
  cells
}

matrix_title <- function(x) {
  of <- if (attr(x, "scale") == "ratio") "row over column" else "row minus column"
  fold_text(paste0(pairs_title(x), ": ", of), floor(plot_width() * 9))
}

matrix_caption <- function(x, written) {
  none <- if (attr(x, "scale") == "ratio") "1" else "0"
  together <- if (!is.null(attr(x, "critical"))) ", which holds for all pairs together,"
  fold_caption(paste0(if (written) "Bold" else "Dot", ": the ",
                      format_level(attr(x, "conf_level")), " interval", together,
                      " does not reach ", none), 10)
}

# Ratios on their logarithms, at powers of two.
matrix_breaks <- function(x, reach) {
  if (attr(x, "scale") != "ratio") return(ggplot2::waiver())
  steps <- floor(reach / log(2))
  if (steps < 1) return(c(-1, 0, 1) * signif(reach, 1))
  log(2) * seq(-steps, steps, by = max(1, ceiling(steps / 3)))
}

matrix_labels <- function(x) {
  if (attr(x, "scale") == "ratio") return(function(b) format_number(exp(b), 2))
  axis_labels(shows_percent(x))
}
