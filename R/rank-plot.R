# Slope graphs and regret bars of rankings.

#' Plot a ranking of judges
#'
#' @description
#' `type = "slope"` joins each judge's rank by the metric (left) to its rank by decision consistency
#' (right): lines run level where the metric chooses as the decisions would, and cross where it does
#' not. Coloured are differences beyond ties: judges whose rank by decisions lies outside of the
#' interval of their rank by the metric (without a bootstrap: outside of its ties). Orange lines end
#' lower than they start: judges that the metric flatters. `type = "regret"`
#' draws how much decision consistency is lost by choosing each judge, with its interval; the
#' metric's choice is blue. Several metrics have a panel each. `plot()` draws the same.
#'
#' @param object,x A `judicious_ranking`.
#' @param type `"slope"` or `"regret"`.
#' @param ... Not used.
#' @return `autoplot()` returns a ggplot; `plot()` draws it and returns `x` invisibly.
#' @section Errors:
#' `judicious_error_undefined` if the ranking has no downstream decisions.
#' @examples
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' set.seed(1)
#' sim <- simulate_ratings(task, n_items = 200, n_judges = 6)
#' ranking <- rank_judges(sim$human, sim$judges, metric = c("hit_rate", "mse_srs"))
#' ggplot2::autoplot(ranking)
#' ggplot2::autoplot(ranking, type = "regret")
#' @seealso [rank_judges()]
#' @name autoplot.judicious_ranking
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_ranking <- function(object, type = c("slope", "regret"), ...) {
  check_dots(...)
  type <- match_choice(type)
  if (all(is.na(object$regret))) {
    abort_judicious(
      c("There is no downstream decision to compare with.",
        i = "It needs response sets of both sides and a task with positive options."),
      "undefined", arg = "object"
    )
  }
  data <- as.data.frame(object)
  data$panel <- factor(metric_title(data$metric), unique(metric_title(data$metric)))
  if (type == "slope") slope_plot(data, attr(object, "tau")) else regret_plot(data, object)
}

#' @rdname autoplot.judicious_ranking
#' @export
plot.judicious_ranking <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}

slope_colours <- c(falls = okabe_ito[["vermillion"]], level = "grey60", rises = main_colour)
slope_labels <- c(falls = "ranked too high", level = "right, or a tie", rises = "ranked too low")

slope_plot <- function(data, tau) {
  data <- spread_ties(data[!is.na(data$rank), ])
  ends <- vctrs::vec_rbind(
    cbind(data, x = 1, y = data$left, text = data$judge, side = 1),
    cbind(data, x = 2, y = data$right, text = data$judge, side = 0)
  )
  # Many long names need the whole width.
  stacked <- is_narrow() || max(data$left) > 8 && max(nchar(data$judge)) > 16
  columns <- if (stacked) 1L else min(nlevels(data$panel), 2L)
  room <- slope_room(data$judge, columns)
  ends$text <- fold_text(ends$text, room$chars, 2L)
  ggplot2::ggplot(ends, ggplot2::aes(.data$x, .data$y, colour = .data$course)) +
    ggplot2::geom_line(ggplot2::aes(group = .data$judge), linewidth = 0.9) +
    ggplot2::geom_point(size = 2.4) +
    ggplot2::geom_text(
      ggplot2::aes(x = .data$x + ifelse(.data$side == 1, -0.06, 0.06), label = .data$text,
                   hjust = .data$side),
      size = row_text_size(max(data$left) * ceiling(nlevels(data$panel) / columns), 9.7) / 2.85,
      colour = "grey15", lineheight = 0.85
    ) +
    facet_names("panel", nlevels(data$panel), columns) +
    ggplot2::scale_colour_manual(values = slope_colours, labels = slope_labels,
                                 limits = names(slope_colours)) +
    ggplot2::scale_x_continuous(breaks = 1:2, labels = c("by\nmetric", "by\ndecisions"),
                                limits = c(1 - room$side, 2 + room$side), position = "top") +
    ggplot2::scale_y_reverse(breaks = function(limits) seq_len(floor(max(abs(limits)))),
                             expand = ggplot2::expansion(add = 0.5)) +
    ggplot2::labs(x = NULL, y = "Rank", colour = NULL,
                  caption = paste0("Decisions: consistency with the human ones at tau ",
                                   format_tau(tau))) +
    judge_theme() +
    ggplot2::theme(panel.grid.major = ggplot2::element_blank(), strip.placement = "outside",
                   legend.position = "bottom", legend.justification = "left",
                   axis.text.x.top = ggplot2::element_text(colour = "black"))
}

# Room for names at both sides of lines of length 1.
slope_room <- function(names, columns) {
  inches <- (plot_width() - 0.7) / columns - 0.2
  chars <- min(max(nchar(names)), floor(inches * 5.8))
  share <- min(chars * 0.07 / inches, 0.4)
  list(chars = chars, side = max(0.35, share / (1 - 2 * share) + 0.06))
}

# Judges that share a rank stand one below the other, in the order of the other side,
# so that no label covers another and no line crosses for nothing.
spread_ties <- function(data) {
  for (rows in split(seq_len(nrow(data)), data$panel)) {
    part <- data[rows, ]
    data$left[rows] <- rank(order_key(part$rank, part$downstream_rank, part$judge))
    data$right[rows] <- rank(order_key(part$downstream_rank, data$left[rows], part$judge))
  }
  data$course <- rank_course(data)
  data
}

# Ties, or what the bootstrap cannot tell apart, leave a range of ranks; only a rank beyond it is
# another one.
rank_course <- function(data) {
  tied <- function(rank) {
    stats::ave(rank, data$panel, rank, FUN = length) - 1
  }
  low <- ifelse(is.na(data$rank_low), data$rank, data$rank_low)
  high <- ifelse(is.na(data$rank_high), data$rank + tied(data$rank), data$rank_high)
  falls <- data$downstream_rank > high
  rises <- data$downstream_rank + tied(data$downstream_rank) < low
  ifelse(falls %in% TRUE, "falls", ifelse(rises %in% TRUE, "rises", "level"))
}

order_key <- function(first, second, name) {
  out <- integer(length(first))
  out[order(first, second, name, method = "radix")] <- seq_along(first)
  out
}

regret_plot <- function(data, object) {
  data <- data[!is.na(data$regret), ]
  by_regret <- data[order(data$regret, data$judge, method = "radix"), ]
  data$judge <- factor(data$judge, rev(unique(by_regret$judge)))
  data$chosen <- ifelse(!is.na(data$rank) & data$rank == 1, "chosen", "other")
  tau <- format_tau(attr(object, "tau"))
  caption <- paste0("Consistency with human decisions lost at tau ", tau)
  if (attr(object, "n_boot") > 0) {
    caption <- paste0(caption, "; line: ", format_level(attr(object, "conf_level")),
                      " interval, all judges together")
  }
  ggplot2::ggplot(data, ggplot2::aes(.data$regret, .data$judge)) +
    ggplot2::geom_col(ggplot2::aes(fill = .data$chosen), width = 0.65, orientation = "y") +
    ggplot2::geom_segment(
      ggplot2::aes(x = .data$regret_low, xend = .data$regret_high, yend = .data$judge),
      linewidth = 0.8, colour = "grey25", na.rm = TRUE
    ) +
    # The bar of a judge without regret has no length.
    ggplot2::geom_point(ggplot2::aes(fill = .data$chosen), shape = 21, size = 2.4,
                        colour = "grey25", show.legend = FALSE) +
    facet_names("panel", nlevels(data$panel), taken = axis_inches(data$judge)) +
    ggplot2::scale_fill_manual(values = c(chosen = main_colour, other = "grey75"),
                               labels = c(chosen = "chosen by the metric", other = "others")) +
    ggplot2::scale_x_continuous(labels = axis_labels(TRUE), limits = c(0, NA), breaks = few_breaks,
                                expand = ggplot2::expansion(mult = c(0, 0.05))) +
    ggplot2::scale_y_discrete(labels = axis_names) +
    ggplot2::coord_cartesian(clip = "off") +
    ggplot2::labs(x = "Regret", y = NULL, fill = NULL, caption = caption) +
    judge_theme() +
    ggplot2::theme(legend.position = "top", legend.justification = "left")
}
