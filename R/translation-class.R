# A translation between forced choices and response sets: shown and plotted.

new_judicious_translation <- function(task, pool, core, ...) {
  labels <- set_labels(core$sets, task)
  named <- function(x, options_first) {
    if (is.null(x)) return(NULL)
    names <- list(task$options, labels)
    dimnames(x) <- if (options_first) names else rev(names)
    x
  }
  more <- list(...)
  for (field in intersect(c("counts", "F_se"), names(more))) {
    more[[field]] <- named(more[[field]], TRUE)
  }
  if (!is.null(more$F_inverse_se)) more$F_inverse_se <- named(more$F_inverse_se, FALSE)
  set_prob <- core$set_prob
  if (!is.null(set_prob)) set_prob <- stats::setNames(as.vector(set_prob), labels)
  structure(
    c(list(task = task, pool = pool, sets = core$sets, F = named(core$F, TRUE),
           F_inverse = named(core$F_inverse, FALSE), set_prob = set_prob), more),
    class = "judicious_translation"
  )
}

check_translation <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!inherits(x, "judicious_translation")) {
    abort_judicious(
      c("{.arg {arg}} must be a translation, not {.obj_type_friendly {x}}.",
        i = "Make one with {.fn fit_translation} or {.fn translation_beta}."),
      "type", arg = arg, call = call
    )
  }
  x
}

#' Work with a translation
#'
#' @description
#' `print()` shows where a translation comes from and what the choices mean: P(set | choice).
#' `tidy()` gives every possible cell with its standard error and a normal interval cut at 0 and 1;
#' `glance()` one row of facts. `autoplot()` draws a heat map of F or F', `plot()` does it at once.
#'
#' @param x,object (`judicious_translation`) What [fit_translation()] or [translation_beta()]
#'   returned.
#' @param type `"F"`, P(choice | set), or `"F_inverse"`, P(set | choice). For `tidy()` both by
#'   default; for `autoplot()`, `"F"` where it is defined.
#' @param conf_level (number) Level of the intervals.
#' @param max_sets (count) Print and plot at most so many sets, the most frequent ones.
#' @param ... Not used.
#' @returns `tidy()`: a data frame with the columns `matrix` (`"F"` or `"F_inverse"`), `choice`,
#'   `set`, `estimate`, `std.error`, `conf.low`, `conf.high`, `n` (pairs in the cell); `NA` where a
#'   translation is assumed. `glance()`: `pool`, `n_pairs`, `n_items`, `n_contradictory`, `smooth`,
#'   `sensitivity`, `sensitivity_se`, `beta`. `print()` and `plot()`: `x`, invisibly. `autoplot()`:
#'   a ggplot.
#' @examples
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' tidy(translation_beta(task, 0.3))
#' ggplot2::autoplot(translation_beta(task, 0.3), type = "F_inverse")
#' @name tidy.judicious_translation
#' @family ratings
#' @export
tidy.judicious_translation <- function(x, type = c("F", "F_inverse"), conf_level = 0.95, ...) {
  check_dots(...)
  type <- unique(vapply(as.list(type), check_choice, "", c("F", "F_inverse"), arg = "type"))
  conf_level <- check_conf_level(conf_level)
  type <- Filter(function(name) !is.null(x[[name]]), type)
  result_frame(!!!vctrs::vec_rbind(!!!lapply(type, translation_cells, x = x, level = conf_level)))
}

# One row per choice and set that holds it or has probability.
translation_cells <- function(x, type, level) {
  by_choice <- function(field) {
    value <- x[[field]] %||% array(NA_real_, dim(x[[type]]))
    if (type == "F") value else t(value)
  }
  estimate <- by_choice(type)
  se <- by_choice(paste0(type, "_se"))
  n <- x$counts %||% array(NA_real_, dim(estimate))
  members <- outer(seq_along(x$task$options), x$sets, function(k, set) contains_cpp(set, k))
  cell <- which(members | (!is.na(estimate) & estimate > 0), arr.ind = TRUE)
  half <- stats::qnorm((1 + level) / 2) * se[cell]
  vctrs::data_frame(
    matrix = type, choice = x$task$options[cell[, 1]], set = set_labels(x$sets, x$task)[cell[, 2]],
    estimate = estimate[cell], std.error = se[cell], conf.low = pmax(estimate[cell] - half, 0),
    conf.high = pmin(estimate[cell] + half, 1), n = n[cell]
  )
}

#' @rdname tidy.judicious_translation
#' @export
glance.judicious_translation <- function(x, ...) {
  check_dots(...)
  sensitivity <- as.list(x$sensitivity %||% c(estimate = NA_real_, std_error = NA_real_))
  result_frame(
    pool = x$pool, n_pairs = x$n_pairs %||% NA_real_, n_items = x$n_items %||% NA_real_,
    n_contradictory = x$n_contradictory %||% NA_real_, smooth = x$smooth %||% NA_real_,
    sensitivity = sensitivity$estimate, sensitivity_se = sensitivity$std_error,
    beta = x$beta %||% NA_real_
  )
}

#' @rdname tidy.judicious_translation
#' @export
format.judicious_translation <- function(x, max_sets = 12L, ...) {
  shown <- shown_sets(x, max_sets)
  lines <- fixed_lines(utils::capture.output(print(round(
    x$F_inverse[shown, , drop = FALSE], getOption("judicious.digits", 3)
  ))))
  more <- length(x$sets) - length(shown)
  c(translation_origin(x), "P(response set | forced choice):", lines,
    if (more > 0L) paste("and", more, "sets more"))
}

translation_origin <- function(x) {
  if (x$pool == "beta") {
    means <- c(both = "also finds the positive one reasonable",
               positive_only = "finds only the positive one reasonable")
    return(paste0("Assumed translation: with probability ", format(x$beta, digits = 3),
                  ", a rater who picks a negative option ", means[[x$to]]))
  }
  pooled <- c(global = "P(set | choice) common to all items",
              item_prior = "P(choice | set) common to all items")
  s <- x$sensitivity
  c(
    paste0("Translation from ", format_count(x$n_pairs), " paired ratings of ",
           format_count(x$n_items), " items; ", pooled[[x$pool]]),
    if (!is.na(s[[1]])) {
      paste0("P(set is positive | choice is negative): ", format_number(s[["estimate"]]),
             " (standard error ", format_number(s[["std_error"]]), ")")
    }
  )
}

# The most frequent sets, in their order.
shown_sets <- function(x, max_sets) {
  weight <- x$set_prob %||% rowSums(x$F_inverse)
  sort(utils::head(order(-weight), max_sets))
}

#' @rdname tidy.judicious_translation
#' @export
print.judicious_translation <- function(x, max_sets = 12L, ...) {
  writeLines(format(x, max_sets = max_sets))
  invisible(x)
}

#' @rdname tidy.judicious_translation
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_translation <- function(object, type = NULL, max_sets = 15L, ...) {
  check_dots(...)
  type <- check_choice(type %||% if (is.null(object$F)) "F_inverse" else "F",
                       c("F", "F_inverse"), arg = "type")
  max_sets <- check_count(max_sets)
  if (is.null(object[[type]])) {
    abort_judicious(
      c("F is not defined for {.code to = \"positive_only\"}: it depends on the item.",
        i = "Plot {.code type = \"F_inverse\"}."),
      "undefined", arg = "type"
    )
  }
  heat_map(translation_map(object, type, max_sets), type, object)
}

#' @rdname tidy.judicious_translation
#' @export
plot.judicious_translation <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}

# Sets from top to bottom, where their names have room.
translation_map <- function(x, type, max_sets) {
  shown <- shown_sets(x, max_sets)
  labels <- shown_labels(x, shown)
  values <- if (type == "F") t(x$F[, shown, drop = FALSE]) else
    x$F_inverse[shown, , drop = FALSE]
  n_options <- length(x$task$options)
  prob <- as.vector(values)
  vctrs::data_frame(
    set = factor(rep(labels, n_options), rev(labels)),
    choice = factor(rep(choice_titles(x), each = length(shown)), choice_titles(x)),
    prob = prob, text = ifelse(is.na(prob) | prob == 0, "", whole_percent(prob))
  )
}

# Sets of long options are named by the letters that their columns bear.
has_letters <- function(x) {
  max(nchar(set_labels(x$sets, x$task))) > 40 && length(x$task$options) <= 26L
}

shown_labels <- function(x, shown) {
  if (!has_letters(x)) return(gsub("|", " | ", set_labels(x$sets, x$task), fixed = TRUE)[shown])
  vapply(x$sets[shown], function(set) {
    members <- vapply(seq_along(x$task$options), function(k) contains_cpp(set, k), NA)
    paste(LETTERS[which(members)], collapse = " | ")
  }, "")
}

choice_titles <- function(x) {
  if (!has_letters(x)) return(x$task$options)
  paste0(LETTERS[seq_along(x$task$options)], ": ", x$task$options)
}

heat_map <- function(data, type, x) {
  titles <- c(F = "What raters pick, given their response set",
              F_inverse = "What a forced choice means: response sets, given the choice")
  left_out <- length(x$sets) - nlevels(data$set)
  sums <- c(F = "Rows sum to 100%", F_inverse = "Columns sum to 100%")
  caption <- c(translation_origin(x)[1], sums[[type]],
               if (left_out > 0L) paste(left_out, "less frequent sets are left out"))
  ggplot2::ggplot(data, ggplot2::aes(.data$choice, .data$set, fill = .data$prob)) +
    ggplot2::geom_tile(colour = "white", linewidth = 0.6) +
    ggplot2::geom_text(ggplot2::aes(label = .data$text, colour = .data$prob > 0.55), size = 3.4,
                       na.rm = TRUE) +
    ggplot2::scale_colour_manual(values = c("FALSE" = "grey15", "TRUE" = "white"), guide = "none",
                                 na.value = "grey15") +
    ggplot2::scale_fill_gradient(low = "#F4F7FA", high = main_colour, limits = c(0, 1),
                                 labels = axis_labels(TRUE), na.value = "grey85") +
    ggplot2::scale_x_discrete(position = "top", labels = function(names) {
      fold_text(names, max(floor((plot_width() - 2.2) * 11 / nlevels(data$choice)), 6), 4L)
    }) +
    ggplot2::labs(x = "Forced choice", y = "Response set", fill = "Probability",
                  title = fold_text(titles[[type]], floor(plot_width() * 10)),
                  caption = fold_text(paste(caption, collapse = ". "), floor(plot_width() * 13))) +
    rating_theme() +
    ggplot2::theme(panel.grid = ggplot2::element_blank())
}
