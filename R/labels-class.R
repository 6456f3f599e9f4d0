# One table for what people said.

labels_class <- c("judicious_labels", "judicious_table", "data.frame")
labels_columns <- c("item_id", "rater", "label", "set", "status", "seconds", "question", "score",
                    "note", "order", "at", "kind", "plan", "answer")

# `notes`: what was repaired or merged, for print(). `questions` may be NULL: labels unchecked.
new_labels <- function(rows, questions, notes, n_files) {
  structure(
    vctrs::new_data_frame(unclass(rows)[labels_columns], n = nrow(rows)),
    questions = questions, notes = notes, n_files = n_files, class = labels_class
  )
}

check_labels_table <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!inherits(x, "judicious_labels")) {
    abort_judicious(c("{.arg {arg}} must be labels, not {.obj_type_friendly {x}}.",
                      i = "Read them with {.fn read_labels}."), "type", arg = arg, call = call)
  }
  x
}

warn_no_option <- function(labels, call) {
  bad <- which(labels$status == "invalid")
  if (length(bad) == 0L) return(invisible())
  lines <- utils::head(invalid_lines(labels, bad), 5L)
  warn_judicious(
    c("{length(bad)} label{?s} {?is/are} no option and became {.code NA}.",
      stats::setNames(literal(lines), rep("x", length(lines))),
      i = if (length(bad) > length(lines)) "All are listed by {.code tidy(labels, \"invalid\")}.",
      i = "Ask the rater, mend the file, and read it again."),
    "no_option", where = bad, call = call
  )
}

invalid_lines <- function(x, at) {
  shown <- ifelse(is.na(x$answer[at]), "", substr(x$answer[at], 1L, 40L))
  hint <- ifelse(looks_like_date(shown), " (a date that a spreadsheet made?)", "")
  paste0("Item ", x$item_id[at], ", ", x$rater[at], ": \"", shown, "\"", hint)
}

# "2-Jan", "Jan-02", "02.01.2024", "1/2/2024": what spreadsheets make of "1-2".
looks_like_date <- function(x) {
  month <- "(?i)^(\\d{1,2}[-. ]?[a-z]{3}|[a-z]{3}[-. ]?\\d{1,4})([-. ]\\d{2,4})?$"
  numeric <- "^\\d{1,4}[-./]\\d{1,2}[-./]\\d{2,4}( .*)?$"
  grepl(month, x, perl = TRUE) | grepl(numeric, x)
}

#' Work with labels
#'
#' @description
#' [read_labels()] returns a data frame of class `judicious_labels`, one row per item, question and
#' rater.
#'
#' `print()` tells how many items every rater labelled, skipped or could not tell, how long an item
#' took, how often raters disagree, which labels are no option, and what was repaired or merged on
#' the way. `tidy()` gives the same as tables. `autoplot()` shows the labels of every rater, the
#' time per item, or how often each two raters disagree; `plot()` draws it. Subsets of rows and
#' columns are plain data frames.
#'
#' @param x,object (`judicious_labels`) Labels.
#' @param type For `tidy()`: `"raters"` (one row per rater), `"labels"` (per rater and label),
#'   `"pairs"` (per two raters), `"items"` (per item and question, what everybody said) or
#'   `"invalid"` (labels that are no option). For `autoplot()`: `"labels"`, `"time"` or
#'   `"disagreement"`.
#' @param ... Not used.
#' @returns `print()` and `plot()`: `x`, invisibly. `format()`: strings, one per line. `autoplot()`:
#'   a ggplot. `tidy()`: a data frame; for raters `rater`, `n_labelled`, `n_cannot_tell`,
#'   `n_skipped`, `n_invalid`, `median_seconds` (`NA` without times); for labels `rater`,
#'   `question`, `label` (`NA`: no label), `n`, `share`; for pairs `rater_1`, `rater_2`, `question`,
#'   `n_both` (items both labelled), `n_differ`, `share`; for items `item_id`, `question`,
#'   `n_raters`, `labels`, `agree`; for invalid `item_id`, `rater`, `question`, `answer`. Gold and
#'   repeated items count in none of them.
#' @section Undefined when:
#' `share` of a pair is `NA` when the two labelled no item in common. `autoplot(type = "time")` and
#' `"disagreement"` are errors of class `judicious_error_undefined` when there are no times, or no
#' two raters with items in common.
#' @examples
#' file <- tempfile(fileext = ".csv")
#' writeLines(c("item_id,rater,label,seconds", "a,ann,yes,4", "b,ann,no,9", "a,bob,yes,6",
#'              "b,bob,yes,5"), file)
#' labels <- read_labels(file, rating_task(c("yes", "no"), positive = "yes"))
#' labels
#' tidy(labels, "pairs")
#' ggplot2::autoplot(labels)
#' @name judicious_labels
#' @family labelling
NULL

# Gold and repeated items are about raters, not about items.
main_rows <- function(x) {
  x <- as.data.frame(x)
  vctrs::vec_slice(x, is.na(x$kind) | x$kind == "item")
}

# What was said, one text per row; NA if nothing was.
said_text <- function(x) ifelse(x$status == "labelled", answer_text(x), NA_character_)

# --- numbers ------------------------------------------------------------------------

#' @rdname judicious_labels
#' @exportS3Method generics::tidy judicious_labels
tidy.judicious_labels <- function(x, type = c("raters", "labels", "pairs", "items", "invalid"),
                                  ...) {
  check_dots(...)
  type <- match_choice(type)
  rows <- main_rows(check_labels_table(x))
  switch(type,
    raters = rater_facts(rows), labels = label_counts(rows), pairs = rater_pairs(rows),
    items = item_answers(rows),
    invalid = result_frame(!!!rows[rows$status == "invalid",
                                   c("item_id", "rater", "question", "answer")])
  )
}

# Per item where there are several questions: it counts once.
rater_facts <- function(rows) {
  raters <- unique(rows$rater)
  count <- function(status) {
    vapply(raters, function(who) sum(rows$rater == who & rows$status == status), 0L,
           USE.NAMES = FALSE)
  }
  items <- rows[!duplicated(rows[c("item_id", "rater")]), ]
  result_frame(
    rater = raters, n_labelled = count("labelled"), n_cannot_tell = count("cannot_tell"),
    n_skipped = count("skipped"), n_invalid = count("invalid"),
    median_seconds = vapply(raters, function(who) {
      stats::median(items$seconds[items$rater == who], na.rm = TRUE)
    }, 0, USE.NAMES = FALSE)
  )
}

label_counts <- function(rows) {
  keys <- vctrs::data_frame(rater = rows$rater, question = rows$question, label = said_text(rows))
  counts <- vctrs::vec_count(keys, sort = "location")
  total <- table(rows$rater, rows$question)
  share <- counts$count / total[cbind(counts$key$rater, counts$key$question)]
  out <- result_frame(!!!counts$key, n = counts$count, share = as.double(share))
  vctrs::vec_slice(out, order(match(out$rater, unique(rows$rater)), out$question,
                              is.na(out$label), out$label, method = "radix"))
}

item_answers <- function(rows) {
  rows$said <- said_text(rows)
  groups <- vctrs::vec_group_loc(rows[c("item_id", "question")])
  said <- lapply(groups$loc, function(loc) without_na(rows$said[loc]))
  result_frame(
    !!!groups$key, n_raters = lengths(said),
    labels = vapply(said, function(x) if (length(x)) paste(x, collapse = ", ") else NA_character_,
                    ""),
    agree = vapply(said, function(x) if (length(x) < 2L) NA else length(unique(x)) == 1L, NA)
  )
}

rater_pairs <- function(rows) {
  raters <- unique(rows$rater)
  empty <- result_frame(rater_1 = character(), rater_2 = character(), question = character(),
                        n_both = integer(), n_differ = integer(), share = double())
  if (length(raters) < 2L) return(empty)
  rows$said <- said_text(rows)
  rows <- rows[!is.na(rows$said), ]
  pairs <- utils::combn(raters, 2L, simplify = FALSE)
  parts <- lapply(pairs, pair_facts, rows = rows)
  vctrs::vec_rbind(empty, !!!parts)
}

pair_facts <- function(pair, rows) {
  by_question <- split(rows, factor(rows$question, unique(rows$question)))
  parts <- lapply(by_question, function(part) {
    one <- part[part$rater == pair[1], ]
    two <- part[part$rater == pair[2], ]
    at <- match(one$item_id, two$item_id)
    n <- sum(!is.na(at))
    differ <- sum(one$said != two$said[at], na.rm = TRUE)
    result_frame(rater_1 = pair[1], rater_2 = pair[2], question = part$question[1], n_both = n,
                 n_differ = differ, share = if (n > 0L) differ / n else NA_real_)
  })
  vctrs::vec_rbind(!!!parts)
}

# --- printing -------------------------------------------------------------------------

#' @rdname judicious_labels
#' @export
format.judicious_labels <- function(x, ...) {
  rows <- main_rows(x)
  raters <- rater_facts(rows)
  shown <- seq_len(min(nrow(raters), 12L))
  c(
    paste0("Labels of ", format_items(length(unique(rows$item_id))), " by ",
           format_count(nrow(raters)), if (nrow(raters) == 1L) " rater" else " raters"),
    vapply(shown, function(k) format_rater(raters[k, ]), ""),
    if (nrow(raters) > length(shown)) paste("and", nrow(raters) - length(shown), "more"),
    format_labels_questions(attr(x, "questions")),
    format_disagreement(rows),
    format_special_kinds(x),
    format_invalid(x),
    attr(x, "notes")
  )
}

format_rater <- function(f) {
  n <- c("labelled" = f$n_labelled, "cannot tell" = f$n_cannot_tell, "skipped" = f$n_skipped,
         "no option (NA)" = f$n_invalid)
  n <- n[n > 0L | names(n) == "labelled"]
  paste0(f$rater, ": ", paste(format_each_count(n), names(n), collapse = ", "),
         if (!is.na(f$median_seconds)) paste0(", ", format(f$median_seconds, digits = 2),
                                              " seconds an item (median)"))
}

format_labels_questions <- function(questions) {
  if (is.null(questions)) return("The options are not known: labels are as they were written.")
  format_questions(questions)
}

format_disagreement <- function(rows) {
  pairs <- rater_pairs(rows)
  n <- sum(pairs$n_both)
  if (n == 0L) return(NULL)
  differ <- sum(pairs$n_differ)
  paste0("Two raters labelled the same item ", format_count(n), if (n == 1L) " time" else " times",
         " and disagreed ", format_count(differ), if (differ == 1L) " time" else " times", " (",
         format_value(differ / n, TRUE), ")")
}

format_special_kinds <- function(x) {
  n <- c("gold items" = sum(x$kind %in% "gold"), "repeated items" = sum(x$kind %in% "repeat"))
  n <- n[n > 0L]
  if (length(n) == 0L) return(NULL)
  words <- ifelse(n == 1L, "answer to", "answers to")
  paste("Beside these:", paste(format_each_count(n), words, names(n), collapse = ", "))
}

format_invalid <- function(x) {
  bad <- which(x$status == "invalid")
  if (length(bad) == 0L) return(NULL)
  lines <- invalid_lines(x, utils::head(bad, 5L))
  c("Labels that are no option:", paste0("  ", lines),
    if (length(bad) > 5L) paste("  and", length(bad) - 5L, "more"))
}

#' @rdname judicious_labels
#' @export
print.judicious_labels <- function(x, ...) {
  writeLines(strwrap(format(x, ...), width = 100L, exdent = 2L))
  invisible(x)
}

# --- plots -----------------------------------------------------------------------------

#' @rdname judicious_labels
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_labels <- function(object, type = c("labels", "time", "disagreement"), ...) {
  check_dots(...)
  type <- match_choice(type)
  rows <- main_rows(check_labels_table(object))
  panel <- switch(type, labels = plot_labels(rows, attr(object, "questions")),
                  time = plot_label_times(rows), disagreement = plot_disagreement(rows))
  if (length(unique(rows$question)) > 1L && type != "time") {
    panel <- panel + ggplot2::facet_wrap("question", ncol = 1L, scales = "free_y")
  }
  panel
}

# Options in their order; what has no label in grey.
plot_labels <- function(rows, questions) {
  counts <- as.data.frame(label_counts(rows))
  options <- unlist(lapply(questions, `[[`, "options"), use.names = FALSE)
  levels <- unique(c(options, sort(without_na(counts$label), method = "radix")))
  levels <- levels[levels %in% counts$label]
  counts$label <- factor(ifelse(is.na(counts$label), "no label", counts$label),
                         c(levels, "no label"))
  counts$rater <- factor(counts$rater, rev(unique(counts$rater)))
  colours <- c(rep(unname(okabe_ito), length.out = length(levels)), "grey75")
  ggplot2::ggplot(counts, ggplot2::aes(.data$n, .data$rater, fill = .data$label)) +
    ggplot2::geom_col(position = ggplot2::position_stack(reverse = TRUE), width = 0.7) +
    ggplot2::scale_fill_manual(values = stats::setNames(colours, c(levels, "no label"))) +
    ggplot2::scale_x_continuous(labels = format_count,
                                expand = ggplot2::expansion(mult = c(0, 0.03))) +
    ggplot2::labs(x = "Items", y = NULL, fill = NULL, title = "Labels of every rater") +
    plot_theme(panel.grid.major.y = ggplot2::element_blank(), legend.position = "top",
               legend.justification = "left")
}

# On a log scale: a coffee break is not to flatten the rest.
plot_label_times <- function(rows) {
  rows <- rows[!duplicated(rows[c("item_id", "rater")]) & !is.na(rows$seconds) &
                 rows$seconds > 0, ]
  if (nrow(rows) == 0L) {
    abort_judicious("No time was measured: there is nothing to plot.", "undefined", arg = "object",
                    call = rlang::caller_env())
  }
  rows$rater <- factor(rows$rater, rev(unique(rows$rater)))
  ggplot2::ggplot(rows, ggplot2::aes(.data$seconds, .data$rater)) +
    ggplot2::geom_boxplot(outlier.shape = NA, width = 0.5, colour = "grey35") +
    ggplot2::geom_point(position = ggplot2::position_jitter(width = 0, height = 0.15, seed = 1),
                        colour = main_colour, alpha = 0.4, size = 1.2) +
    ggplot2::scale_x_log10() +
    ggplot2::labs(x = "Seconds per item (log scale)", y = NULL, title = "Time per item") +
    plot_theme()
}

plot_disagreement <- function(rows) {
  pairs <- as.data.frame(rater_pairs(rows))
  pairs <- pairs[pairs$n_both > 0L, ]
  if (nrow(pairs) == 0L) {
    abort_judicious("No two raters labelled the same item: there is nothing to plot.", "undefined",
                    arg = "object", call = rlang::caller_env())
  }
  pairs$pair <- paste(pairs$rater_1, "and", pairs$rater_2)
  pairs$pair <- factor(pairs$pair, rev(unique(pairs$pair)))
  pairs$text <- paste0(pairs$n_differ, " of ", format_count(pairs$n_both))
  ggplot2::ggplot(pairs, ggplot2::aes(.data$share, .data$pair)) +
    ggplot2::geom_col(fill = main_colour, width = 0.6) +
    ggplot2::geom_text(ggplot2::aes(label = .data$text), hjust = -0.1, size = 3.5) +
    ggplot2::scale_x_continuous(labels = axis_labels(TRUE), limits = c(0, NA),
                                expand = ggplot2::expansion(mult = c(0, 0.2))) +
    ggplot2::labs(x = "Share of the items both labelled", y = NULL,
                  title = "Where raters disagree") +
    plot_theme(panel.grid.major.y = ggplot2::element_blank())
}

#' @rdname judicious_labels
#' @export
plot.judicious_labels <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}
