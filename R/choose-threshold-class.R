# What choose_threshold() returns.

#' Work with a chosen threshold
#'
#' @description `print()` says what is promised, how many labels are kept and how many would be
#'   without the guarantee; if almost nothing is kept it names the guarantee that keeps more.
#'   `autoplot()` draws the completion curve of the checked labels with every guarantee's choice.
#'
#' @param x,object A `judicious_threshold`, from [choose_threshold()].
#' @param ... Not used.
#' @returns `format()`: a character vector, one sentence per element. `print()` and `plot()`: `x`,
#'   invisibly. `tidy()`: what each guarantee would keep, columns `guarantee`, `threshold`,
#'   `n_kept`, `share_kept`, `chosen`. `glance()`: one row with `guarantee`, `threshold`, `target`,
#'   `delta`, `n_labelled`, `n_items`, `n_kept`, `share_kept`, `n_checked` and `n_checked_correct`
#'   (checked labels kept, and right among them). `autoplot()`: a ggplot object.
#' @examples
#' set.seed(1)
#' confidence <- rbeta(300, 4, 0.5)
#' rule <- choose_threshold(confidence, runif(300) < confidence)
#' tidy(rule)
#' glance(rule)
#' @name judicious_threshold
#' @family label confidence
NULL

#' @rdname judicious_threshold
#' @export
format.judicious_threshold <- function(x, ...) {
  c(format_rule(x), format_promise(x), format_kept(x), format_checked(x), format_way_out(x))
}

format_rule <- function(x) {
  if (x$threshold == Inf) return("No threshold passes: no label can be accepted.")
  paste0("Accept labels with confidence >= ", format(x$threshold, digits = 6), ".")
}

format_promise <- function(x) {
  share <- paste("at least", format_level(x$target))
  sure <- paste("with probability", format_level(1 - x$delta))
  promise <- switch(
    x$guarantee,
    selective = paste0(sure, ", ", share, " of all labels accepted are right"),
    fdr = paste0("on average, ", share, " of the labels accepted among these ",
                 format_count(x$n_items), " items are right"),
    pac = paste0(sure, ", ", share, " of all items end up with the right label when humans label ",
                 "the rest"),
    none = NULL
  )
  if (is.null(promise)) {
    return(paste0("No guarantee (naive rule): such a threshold misses its target of ",
                  format_level(x$target), " in about half of all runs."))
  }
  paste0("Guarantee (", x$guarantee, "): ", promise, ".")
}

price_row <- function(x, guarantee) x$table[x$table$guarantee == guarantee, ]

format_share_kept <- function(row) {
  paste0(format_count(row$n_kept), " (", format_value(row$share_kept, TRUE), ")")
}

format_kept <- function(x) {
  items <- if (x$has_pool) "items to decide on" else "checked labels"
  kept <- paste0("Kept: ", format_share_kept(x), " of ", format_count(x$n_items), " ", items)
  if (x$guarantee == "none") return(paste0(kept, "."))
  paste0(kept, "; the naive rule without a guarantee would keep ",
         format_share_kept(price_row(x, "none")), ".")
}

format_checked <- function(x) {
  n <- x$checked[["n"]]
  if (n == 0) return(paste0("Checked labels: ", format_count(x$n_labelled), "."))
  k <- x$checked[["n_correct"]]
  paste0("Of ", format_count(x$n_labelled), " checked labels ", format_count(n), " are kept, ",
         format_count(k), " of them right (", format_value(k / n, TRUE), ").")
}

# Where almost nothing is kept: which guarantee keeps more, or what else helps.
format_way_out <- function(x, little = 0.05) {
  if (x$share_kept >= little || x$guarantee == "none") return(NULL)
  others <- x$table[!x$table$guarantee %in% c("none", x$guarantee), ]
  best <- others[which.max(others$share_kept), ]
  few <- if (x$threshold == Inf) "Nothing can be kept" else "Almost nothing can be kept"
  needed <- fewest_to_pass_cpp(x$target, x$delta)
  if (nrow(best) == 1L && best$share_kept > max(x$share_kept, little)) {
    return(paste0(few, ". Another promise keeps more: guarantee = \"", best$guarantee, "\" keeps ",
                  format_share_kept(best), "."))
  }
  if (x$n_labelled < needed) {
    return(paste0(few, ": ", format_count(needed), " checked labels are the least that can show ",
                  format_level(x$target), "."))
  }
  paste0(few, ", whatever the guarantee: check more labels, lower the target, or find a ",
         "confidence that separates better.")
}

#' @rdname judicious_threshold
#' @export
print.judicious_threshold <- function(x, ...) {
  writeLines(strwrap(format(x), width = max(getOption("width"), 40), exdent = 2))
  invisible(x)
}

#' @rdname judicious_threshold
#' @exportS3Method generics::tidy judicious_threshold
tidy.judicious_threshold <- function(x, ...) {
  check_dots(...)
  result_frame(!!!as.list(x$table))
}

#' @rdname judicious_threshold
#' @exportS3Method generics::glance judicious_threshold
glance.judicious_threshold <- function(x, ...) {
  check_dots(...)
  result_frame(
    guarantee = x$guarantee, threshold = x$threshold, target = x$target, delta = x$delta,
    n_labelled = x$n_labelled, n_items = x$n_items, n_kept = x$n_kept, share_kept = x$share_kept,
    n_checked = x$checked[["n"]], n_checked_correct = x$checked[["n_correct"]]
  )
}

#' @rdname judicious_threshold
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_threshold <- function(object, ...) {
  check_dots(...)
  curve <- completion_curve(object$raw$score, object$raw$correct)
  marks <- threshold_marks(object, curve)
  ggplot2::autoplot(curve, target = object$target) +
    ggplot2::geom_segment(
      ggplot2::aes(x = .data$completion, xend = .data$completion, y = .data$quality,
                   yend = -Inf), data = marks[marks$chosen, ], inherit.aes = FALSE,
      linetype = "dotted", colour = "grey30"
    ) +
    ggplot2::geom_point(ggplot2::aes(.data$completion, .data$quality, shape = .data$guarantee),
                        data = marks, inherit.aes = FALSE, size = 3.4, stroke = 1) +
    ggplot2::scale_shape_manual(values = threshold_shapes, drop = TRUE) +
    ggplot2::labs(shape = NULL, title = threshold_title(object))
}

# A full mark for the choice, open ones for the others.
threshold_shapes <- c("selective (chosen)" = 16, "pac (chosen)" = 15, "fdr (chosen)" = 17,
                      "none (chosen)" = 18, selective = 1, pac = 0, fdr = 2, none = 5)

threshold_marks <- function(x, curve) {
  marks <- x$table[is.finite(x$table$threshold), ]
  curve <- as.data.frame(curve)
  # The last point of the curve at or above the threshold.
  at <- vapply(marks$threshold, function(t) sum(curve$threshold >= t), 0L)
  marks$completion <- c(NA, curve$completion)[at + 1L]
  marks$quality <- c(NA, curve$quality)[at + 1L]
  marks$guarantee <- paste0(marks$guarantee, ifelse(marks$chosen, " (chosen)", ""))
  marks$guarantee <- factor(marks$guarantee, names(threshold_shapes))
  marks[at > 0L, ]
}

threshold_title <- function(x) {
  if (x$threshold == Inf) return("No label can be accepted")
  paste0(format_value(x$share_kept, TRUE), " of labels accepted (", x$guarantee, ")")
}

#' @rdname judicious_threshold
#' @export
plot.judicious_threshold <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}
