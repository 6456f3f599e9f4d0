# The plots of an evaluation.

#' @rdname judicious_evaluation
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_evaluation <- function(object, type = c("estimates", "subgroups", "confusion"),
                                          ...) {
  type <- match_choice(type)
  switch(type,
    estimates = forest_plot(object$comparison) + mark_target(object, "confidence interval"),
    subgroups = subgroup_plot(object),
    confusion = confusion_plot(object)
  )
}

#' @rdname judicious_evaluation
#' @export
plot.judicious_evaluation <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}

mark_target <- function(x, interval) {
  if (is.null(x$target)) return(NULL)
  list(
    ggplot2::geom_vline(xintercept = x$target, linetype = "dashed", linewidth = 0.6,
                        colour = okabe_ito[["vermillion"]]),
    ggplot2::labs(caption = paste0("Point and ", format_level(x$conf_level), " ", interval,
                                   "; dashed line: target"))
  )
}

# The subgroups as a forest, beside the whole.
subgroup_plot <- function(x) {
  if (is.null(x$subgroups)) abort_no_part("subgroups", rlang::caller_env())
  table <- as.data.frame(x$subgroups)
  table <- table[!is.na(table$estimate), ]
  fit <- x$estimate
  all <- data.frame(label = "All items", estimate = fit$estimate, conf.low = fit$conf_low,
                    conf.high = fit$conf_high)
  groups <- data.frame(label = table$subgroup, table[c("estimate", "conf.low", "conf.high")])
  rows <- rbind(all, groups[groups$label != "All items", ])
  rows$term <- fit$metric
  rows$conf.level <- x$conf_level
  what <- "interval, simultaneous over subgroups"
  forest_plot(new_comparison(rows, NULL, fit$range)) +
    ggplot2::labs(caption = paste0("Point and ", format_level(x$conf_level), " ", what)) +
    mark_target(x, what)
}

# Of the items that people gave a label, the shares that the judge gave each label.
confusion_plot <- function(x) {
  if (is.null(x$confusion)) abort_no_part("confusion", rlang::caller_env())
  cells <- as.data.frame(x$confusion)
  cells$text <- paste0(format_each_count(cells$n), "\n", whole_percent(cells$share))
  cells$judge <- factor(cells$judge, x$judges)
  cells$human <- factor(cells$human, rev(sort(unique(cells$human))))
  cells$said <- factor(cells$said, sort(unique(cells$said)))
  ggplot2::ggplot(cells, ggplot2::aes(.data$said, .data$human, fill = .data$share)) +
    ggplot2::geom_tile(colour = "white", linewidth = 1) +
    ggplot2::geom_text(ggplot2::aes(label = .data$text, colour = .data$share > 0.75), size = 3.2,
                       lineheight = 0.95) +
    ggplot2::facet_wrap(ggplot2::vars(.data$judge), scales = "free_x") +
    ggplot2::scale_fill_gradient(low = "#EFF3F8", high = main_colour, limits = c(0, 1),
                                 guide = "none") +
    ggplot2::scale_colour_manual(values = c("FALSE" = "grey10", "TRUE" = "white"),
                                 guide = "none") +
    ggplot2::labs(x = "Judge said", y = "People said",
                  caption = "Labelled items; shares of those to which people gave the label") +
    plot_theme(panel.grid = ggplot2::element_blank())
}
