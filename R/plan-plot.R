# Curves of a plan: precision against the number of human labels.

#' @rdname judicious_plan
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_plan <- function(object, ...) {
  check_dots(...)
  curves <- plan_curves(object)
  goals <- plan_goals(object)
  ggplot2::ggplot(curves, ggplot2::aes(.data$n_true, .data$value, colour = .data$design,
                                       linetype = .data$design)) +
    ggplot2::geom_hline(data = goals, ggplot2::aes(yintercept = .data$value),
                        linetype = "dashed", colour = "grey40") +
    ggplot2::geom_line(linewidth = 0.9, na.rm = TRUE) +
    plan_marks(object) +
    ggplot2::facet_wrap("panel", scales = "free_y", ncol = if (is_narrow()) 1L) +
    ggplot2::scale_x_log10(labels = format_count, breaks = round_counts) +
    ggplot2::scale_y_continuous(limits = c(0, NA), expand = ggplot2::expansion(c(0.05, 0.14))) +
    ggplot2::scale_colour_manual(values = plan_colours) +
    ggplot2::scale_linetype_manual(values = plan_linetypes) +
    ggplot2::labs(x = "Human labels", y = NULL, colour = NULL, linetype = NULL,
                  title = plan_title(object),
                  caption = fold_text(plan_caption(object), floor(plot_width() * 15))) +
    plot_theme(legend.position = "top", legend.justification = "left",
               legend.key.width = ggplot2::unit(2.2, "lines"))
}

#' @rdname judicious_plan
#' @export
plot.judicious_plan <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}

plan_colours <- rlang::set_names(unname(okabe_ito[c("blue", "vermillion", "green")]),
                                 c("Human + judge", "Human only", "Active + judge"))
plan_linetypes <- c("Human + judge" = "solid", "Human only" = "longdash",
                    "Active + judge" = "dotdash")

round_counts <- as.vector(outer(c(1, 2, 5), 10^(0:7)))

# A few dozen numbers of labels, equally spaced on the logarithmic axis.
plan_curves <- function(x) {
  n <- plan_curve_numbers(x)
  design <- function(name, core, uncertainty = NULL) {
    curve <- plan_predict_cpp(core, x$test, n, uncertainty)
    vctrs::vec_rbind(
      vctrs::data_frame(n_true = n, value = curve$width, panel = plan_panels[1], design = name),
      if (!is.null(x$mu)) {
        vctrs::data_frame(n_true = n, value = curve$power, panel = plan_panels[2], design = name)
      }
    )
  }
  curves <- vctrs::vec_rbind(
    if (has_judge(x)) design("Human + judge", x$core),
    design("Human only", labels_only_core(x)),
    if (!is.null(x$uncertainty)) design("Active + judge", x$core, x$uncertainty)
  )
  curves$design <- factor(curves$design, intersect(names(plan_colours), curves$design))
  curves$panel <- factor(curves$panel, plan_panels)
  curves
}

plan_curve_numbers <- function(x) {
  ends <- range(x$table$n_true)
  if (has_goal(x)) {
    ends <- c(x$chosen / 8, 2.5 * max(x$chosen, x$n_labels_only, x$n_active, na.rm = TRUE))
  }
  if (ends[1] == ends[2]) ends <- ends * c(0.5, 2)
  limits <- plan_limits(x)
  ends <- pmin(pmax(ends, limits[1]), limits[2])
  unique(round(exp(seq(log(ends[1]), log(ends[2]), length.out = 40))))
}

plan_panels <- c("Expected width of the interval", "Power")

plan_goals <- function(x) {
  vctrs::data_frame(
    value = as.double(c(x$width, x$power)),
    panel = factor(plan_panels[c(!is.null(x$width), !is.null(x$power))], plan_panels)
  )
}

# The recommendation: a point on its curve in every panel, its number beside it.
plan_marks <- function(x) {
  if (!has_goal(x)) return(NULL)
  row <- x$table[x$table$chosen, ]
  name <- if (has_judge(x)) "Human + judge" else "Human only"
  point <- vctrs::data_frame(
    n_true = row$n_true, value = c(row$width, if (!is.null(x$mu)) row$power),
    panel = factor(plan_panels[seq_len(1 + !is.null(x$mu))], plan_panels),
    design = factor(name, names(plan_colours)),
    above = c(1.6, if (!is.null(x$mu)) -0.6)  # clear of a falling, of a rising curve
  )
  list(
    ggplot2::geom_point(data = point, size = 3.2, show.legend = FALSE),
    ggplot2::geom_text(data = point, ggplot2::aes(label = format_count(.data$n_true),
                                                 vjust = .data$above),
                       hjust = 1.25, size = 4, show.legend = FALSE)
  )
}

plan_title <- function(x) {
  if (!has_goal(x)) return("Precision by number of human labels")
  paste(format_count(x$chosen), "human labels reach the goal")
}

plan_caption <- function(x) {
  test <- if (!is.null(x$mu)) {
    paste0("; power: test against ", format_number(x$mu), " at level ", 1 - x$conf_level)
  }
  goal <- if (has_goal(x)) "; dashed: goal"
  paste0(format_level(x$conf_level), " interval", test, goal)
}
