# One table for what judges said, wherever it comes from.

judgment_class <- c("judicious_judgments", "judicious_table", "data.frame")
judgment_columns <- c("item_id", "judge", "label", "score", "confidence", "draw", "system", "human")

# `columns`: a list with at least item_id, judge and label or score; the rest is filled with NA.
# `status` says what became of an answer: "ok", "refused", "unreadable" or "failed" (no answer).
new_judgments <- function(columns, task = NULL) {
  n <- vctrs::vec_size(columns$item_id)
  fill <- list(label = NA_character_, score = NA_real_, confidence = NA_real_, draw = NULL,
               system = NA_character_, human = NA)
  for (name in names(fill)) columns[[name]] <- columns[[name]] %||% rep(fill[[name]], n)
  columns$label <- as.character(columns$label)
  columns$score <- as.double(columns$score)
  columns$draw <- as.integer(columns$draw %||% occurrence(key_frame(columns)))
  columns$status <- columns$status %||% rep(NA_character_, n)
  columns$status <- ifelse(is.na(columns$status), answer_status(columns), columns$status)
  more <- setdiff(names(columns), judgment_columns)
  structure(
    vctrs::new_data_frame(columns[c(judgment_columns, more)], n = n),
    task = task, class = judgment_class
  )
}

# What belongs to one answer apart from the draw.
key_frame <- function(columns) {
  keys <- columns[intersect(c("item_id", "judge", "system", "asked"), names(columns))]
  vctrs::new_data_frame(unclass(keys), n = vctrs::vec_size(columns$item_id))
}

answer_status <- function(columns) {
  silent <- is.na(columns$label) & is.na(columns$score)
  if (holds_sets(columns)) silent <- silent & is.na(columns$set)
  ifelse(silent, "unreadable", "ok")
}

# A column `set` without `asked` is a column of the user.
holds_sets <- function(x) !is.null(x$set) && !is.null(x$asked)

# Text with braces that cli must not take for its own.
literal <- function(text) gsub("([{}])", "\\1\\1", text)

is_judgments <- function(x) inherits(x, "judicious_judgments")

check_judgments <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!is_judgments(x)) {
    abort_judicious(c("{.arg {arg}} must be judgements, not {.obj_type_friendly {x}}.",
                      i = "Read them with {.fn as_judgments}."),
                    "type", arg = arg, call = call)
  }
  absent <- setdiff(judgment_columns, names(x))
  if (length(absent) > 0L) {
    abort_judicious("{.arg {arg}} has lost its column {.field {absent[1]}}.", "column",
                    arg = arg, call = call)
  }
  x
}

#' Work with judgements
#'
#' @description
#' [as_judgments()] returns a data frame of class `judicious_judgments`, one row per answer.
#'
#' `print()` tells, for every judge (and system), how many items and answers there are and how many
#' answers could not be read, were refused, or failed; nothing of that is dropped or turned into a
#' label. `tidy()` gives the same as a table, or the shares of the labels. `autoplot()` shows the
#' labels of every judge as shares of its answers, with those that have no label in grey; `plot()`
#' draws it. Subsets of rows stay judgements; without one of the eight columns they are plain data
#' frames.
#'
#' @param x,object (`judicious_judgments`) Judgements.
#' @param type `"judges"`: one row per judge and system; `"labels"`: one row per judge, system and
#'   label.
#' @param ... Not used.
#' @returns `print()` and `plot()`: `x`, invisibly. `format()`: strings, one per line. `tidy()`: a
#'   data frame; for judges `judge`, `system`, `n_items`, `n_answers`, `n_draws` (largest number of
#'   answers to one item), `n_refused`, `n_unreadable`, `n_failed`, `mean_score`,
#'   `mean_confidence`; for labels `judge`, `system`, `label` (`NA`: no label), `n`, `share` (of all
#'   answers). `glance()`: one row with `n_items`, `n_judges`, `n_systems`, `n_answers`,
#'   `n_missing`, `n_human` (items with a human label). `autoplot()`: a ggplot.
#' @examples
#' answers <- as_judgments(data.frame(
#'   item_id = rep(1:3, 2), judge = rep(c("gemini", "claude"), each = 3),
#'   label = c("yes", "no", NA, "yes", "yes", "no")
#' ), item = item_id, judge = judge, label = label)
#' answers
#' tidy(answers, type = "labels")
#' ggplot2::autoplot(answers)
#' @name judicious_judgments
#' @family judgements
NULL

#' @export
`[.judicious_judgments` <- function(x, ...) {
  task <- attr(x, "task")
  out <- as.data.frame(x)[...]
  if (!is.data.frame(out) || !all(judgment_columns %in% names(out))) return(out)
  structure(out, task = task, class = judgment_class)
}

# --- numbers --------------------------------------------------------------------

judge_groups <- function(x) {
  vctrs::vec_group_loc(vctrs::data_frame(judge = x$judge, system = as.character(x$system)))
}

#' @rdname judicious_judgments
#' @exportS3Method generics::tidy judicious_judgments
tidy.judicious_judgments <- function(x, type = c("judges", "labels"), ...) {
  check_dots(...)
  type <- match_choice(type)
  groups <- judge_groups(x)
  rows <- lapply(groups$loc, if (type == "judges") judge_facts else label_shares, x = x)
  out <- vctrs::vec_rbind(!!!rows)
  key <- vctrs::vec_slice(groups$key, rep(seq_along(rows), vapply(rows, nrow, 0L)))
  result_frame(!!!vctrs::vec_cbind(key, out))
}

judge_facts <- function(loc, x) {
  status <- x$status[loc]
  mean_of <- function(values) {
    values <- as.double(values[loc])
    if (all(is.na(values))) NA_real_ else mean(values, na.rm = TRUE)
  }
  items <- vctrs::vec_group_id(vctrs::vec_slice(x$item_id, loc))
  vctrs::data_frame(
    n_items = attr(items, "n"), n_answers = length(loc), n_draws = max(tabulate(items), 0L),
    n_refused = sum(status == "refused"), n_unreadable = sum(status == "unreadable"),
    n_failed = sum(status == "failed"), mean_score = mean_of(x$score),
    mean_confidence = mean_of(x$confidence)
  )
}

label_shares <- function(loc, x) {
  counts <- vctrs::vec_count(answer_labels(x)[loc], sort = "location")
  counts <- vctrs::vec_slice(counts, order(match(counts$key, label_levels(x))))
  vctrs::data_frame(label = counts$key, n = counts$count, share = counts$count / length(loc))
}

# Where only response sets were asked for, the sets are the labels.
answer_labels <- function(x) {
  if (holds_sets(x) && all(is.na(x$label))) x$set else x$label
}

label_levels <- function(x) {
  found <- unique(answer_labels(x))
  known <- attr(x, "task")$options
  c(intersect(known, found), sort_labels(setdiff(found, c(known, NA))))
}

#' @rdname judicious_judgments
#' @exportS3Method generics::glance judicious_judgments
glance.judicious_judgments <- function(x, ...) {
  check_dots(...)
  result_frame(
    n_items = vctrs::vec_unique_count(x$item_id), n_judges = length(unique(x$judge)),
    n_systems = length(unique(x$system[!is.na(x$system)])), n_answers = nrow(x),
    n_missing = sum(x$status != "ok"),
    n_human = vctrs::vec_unique_count(vctrs::vec_slice(x$item_id, !is.na(x$human)))
  )
}

# --- printing -------------------------------------------------------------------

#' @rdname judicious_judgments
#' @export
format.judicious_judgments <- function(x, ...) {
  all <- glance(x)
  judges <- tidy(x)
  shown <- seq_len(min(nrow(judges), 12L))
  c(
    paste0("Judgements of ", format_items(all$n_items), " by ", format_count(all$n_judges),
           if (all$n_judges == 1) " judge" else " judges"),
    vapply(shown, function(i) format_judged(judges[i, ]), ""),
    if (nrow(judges) > length(shown)) paste("and", nrow(judges) - length(shown), "more"),
    format_label_names(x),
    if (all$n_human > 0) paste("Human labels:", format_items(all$n_human))
  )
}

format_judged <- function(f) {
  lost <- c(unreadable = f$n_unreadable, refused = f$n_refused, failed = f$n_failed)
  lost <- lost[lost > 0]
  paste0(
    f$judge, if (!is.na(f$system)) paste0(" on ", f$system), ": ", format_items(f$n_items), ", ",
    format_count(f$n_answers), if (f$n_answers == 1) " answer" else " answers",
    if (length(lost) > 0L) paste0(", ", paste(format_each_count(lost), names(lost),
                                              collapse = ", "), " (NA)"),
    if (!is.na(f$mean_score)) paste0(", mean score ", format_number(f$mean_score))
  )
}

format_label_names <- function(x) {
  labels <- label_levels(x)
  if (length(labels) == 0L) return(NULL)
  shown <- utils::head(labels, 8L)
  paste0("Labels: ", paste(shown, collapse = ", "),
         if (length(labels) > 8L) paste(", and", length(labels) - 8L, "more"))
}

#' @rdname judicious_judgments
#' @export
print.judicious_judgments <- function(x, ...) {
  if (!all(c(judgment_columns, "status") %in% names(x))) return(print(as.data.frame(x)))
  writeLines(format(x))
  invisible(x)
}

# --- plot -----------------------------------------------------------------------

#' @rdname judicious_judgments
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_judgments <- function(object, ...) {
  check_dots(...)
  check_judgments(object)
  levels <- label_levels(object)
  if (length(levels) == 0L || length(levels) > length(okabe_ito)) return(score_plot(object))
  shares <- as.data.frame(tidy(object, type = "labels"))
  shares$judge <- judge_labels(shares)
  shares$label <- factor(ifelse(is.na(shares$label), "no label", shares$label),
                         c(levels, "no label"))
  colours <- c(label_colours(levels), "no label" = "grey75")
  ggplot2::ggplot(shares, ggplot2::aes(.data$share, .data$judge, fill = .data$label)) +
    ggplot2::geom_col(position = ggplot2::position_stack(reverse = TRUE), width = 0.7) +
    ggplot2::scale_fill_manual(values = colours, drop = TRUE, labels = legend_names) +
    legend_rows(unique(as.character(shares$label)), "fill") +
    ggplot2::scale_y_discrete(labels = axis_names) +
    ggplot2::scale_x_continuous(labels = axis_labels(TRUE),
                                expand = ggplot2::expansion(mult = c(0, 0.03))) +
    ggplot2::labs(x = "Share of answers", y = NULL, fill = NULL, title = "What the judges said") +
    plot_theme(panel.grid.major.y = ggplot2::element_blank(), legend.position = "top",
               legend.justification = "left")
}

praise_words <- c("pass", "passed", "correct", "right", "good", "ok", "okay", "safe", "c",
                  "success")
blame_words <- c("fail", "failed", "incorrect", "wrong", "bad", "not ok", "unsafe", "i", "failure")

# Labels that praise in green and those that blame in vermillion; the others as they come.
label_colours <- function(levels) {
  word <- tolower(trimws(levels))
  kind <- ifelse(word %in% praise_words, "green",
                 ifelse(word %in% blame_words, "vermillion", NA))
  # One letter alone is a choice, not a grade.
  if (anyNA(kind) || anyDuplicated(kind)) kind[nchar(word) == 1L] <- NA
  kind[duplicated(kind)] <- NA
  kind[is.na(kind)] <- setdiff(names(okabe_ito), kind)[seq_len(sum(is.na(kind)))]
  stats::setNames(okabe_ito[kind], levels)
}

judge_labels <- function(table) {
  labels <- ifelse(is.na(table$system), table$judge, paste0(table$judge, " on ", table$system))
  factor(labels, rev(unique(labels)))
}

# Scores without labels, or too many labels to tell apart.
score_plot <- function(x) {
  x <- as.data.frame(x)
  x$judge <- judge_labels(x)
  x <- vctrs::vec_slice(x, !is.na(x$score))
  if (nrow(x) == 0L) {
    abort_judicious("There is no label or score to plot.", "undefined", arg = "object")
  }
  x$judge <- factor(x$judge, rev(levels(x$judge)))
  ggplot2::ggplot(x, ggplot2::aes(.data$score)) +
    histogram(x$score, bins = 20) +
    facet_names("judge", nlevels(x$judge)) +
    ggplot2::scale_x_continuous(breaks = value_breaks(x$score)) +
    ggplot2::labs(x = "Score", y = "Answers", title = "What the judges said") +
    plot_theme(panel.spacing.x = ggplot2::unit(1.5, "lines"),
               strip.text = ggplot2::element_text(hjust = 0, size = strip_size(nlevels(x$judge))))
}

#' @rdname judicious_judgments
#' @export
plot.judicious_judgments <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}
