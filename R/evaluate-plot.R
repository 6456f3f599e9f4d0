# The plots of an evaluation.

#' @rdname judicious_evaluation
#' @param max_judges (count) `"confusion"`: show at most so many judges, the first ones.
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_evaluation <- function(object, type = c("estimates", "subgroups", "confusion"),
                                          max_judges = 6, ...) {
  check_dots(...)
  type <- match_choice(type)
  max_judges <- check_number(max_judges, 1)
  switch(type,
    estimates = forest_plot(object$comparison, object$target),
    subgroups = subgroup_plot(object),
    confusion = confusion_plot(object, max_judges)
  )
}

#' @rdname judicious_evaluation
#' @export
plot.judicious_evaluation <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}

# The subgroups as a forest, beside the whole.
subgroup_plot <- function(x) {
  if (is.null(x$subgroups)) abort_no_part("subgroups", rlang::caller_env())
  table <- as.data.frame(x$subgroups)
  without <- sum(is.na(table$estimate))
  table <- table[!is.na(table$estimate), ]
  fit <- x$estimate
  all <- data.frame(label = "All items", estimate = fit$estimate, conf.low = fit$conf_low,
                    conf.high = fit$conf_high)
  groups <- data.frame(label = table$subgroup, table[c("estimate", "conf.low", "conf.high")])
  rows <- rbind(all, groups[groups$label != "All items", ])
  rows$term <- fit$metric
  rows$conf.level <- x$conf_level
  forest_plot(new_comparison(rows, NULL, fit$range), x$target) +
    ggplot2::labs(caption = fold_text(paste0(
      "Point and ", format_level(x$conf_level), " interval, simultaneous over subgroups",
      if (!is.null(x$target)) "; dashed line: target",
      if (without > 0L) paste0("; ", format_count(without), " without an estimate (too few labels)")
    ), floor(plot_width() * if (is_narrow()) 15 else 11)))
}

# Of the items that people gave a label, the shares that the judge gave each label.
confusion_plot <- function(x, max_judges) {
  if (is.null(x$confusion)) abort_no_part("confusion", rlang::caller_env())
  cells <- as.data.frame(x$confusion)
  judges <- intersect(x$judges, cells$judge)
  shown <- utils::head(judges, max_judges)
  cells <- cells[cells$judge %in% shown, ]
  cells$short <- ifelse(cells$n == 0, "0", whole_percent(cells$share))
  cells$text <- ifelse(cells$n == 0, "0", paste0(format_each_count(cells$n), "\n", cells$short))
  cells$judge <- factor(cells$judge, shown)
  cells$human <- label_factor(cells$human, rev)
  cells$said <- label_factor(cells$said)
  left_out <- length(judges) - length(shown)
  tile_plot(cells, "Share of\npeople's label") +
    ggplot2::labs(
      x = "Judge said", y = "People said",
      caption = paste0("Labelled items; shares of those to which people gave the label",
                       if (left_out > 0L) paste0("\nand ", left_out, " more judges"))
    )
}

# Means of repeated answers, such as 2/3, in no more digits than tell them apart.
label_factor <- function(x, order = identity) {
  found <- sort(unique(x))
  for (digits in 2:15) {
    text <- vapply(found, format, "", digits = digits)
    if (!anyDuplicated(text)) break
  }
  factor(text[match(x, found)], order(text))
}
