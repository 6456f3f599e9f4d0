# What combine_judges() returns.

#' Work with combined labels
#'
#' @description `print()` shows how many independent judges the panel is worth, ties, and the
#'   accuracy of every judge (against the gold labels, or without them against the combined ones).
#'   `autoplot()` draws the confusion matrices.
#'
#' @param x,object A `judicious_combined`, from [combine_judges()].
#' @param ... Not used.
#' @returns `format()`: a character vector, one element per line. `print()` and `plot()`: `x`,
#'   invisibly. `tidy()`: the confusion matrices, one row per judge, true class and label, columns
#'   `judge`, `truth`, `label`, `estimate` (share of the items of the true class that got the
#'   label). `glance()`: one row with `method`, `n_items`, `n_judges`, `n_classes`, `n_gold`,
#'   `n_ties`, `n_unlabelled` (no judge gave a label), `n_effective`, and of Dawid-Skene
#'   `log_likelihood`, `iterations`, `converged`. `as.data.frame()`, and any subset: the plain data
#'   frame. `autoplot()`: a ggplot object.
#' @examples
#' set.seed(1)
#' truth <- rbinom(300, 1, 0.4)
#' judge <- function(accuracy) ifelse(runif(300) < accuracy, truth, 1 - truth)
#' combined <- combine_judges(cbind(a = judge(0.9), b = judge(0.7), c = judge(0.6)), "dawid_skene")
#' glance(combined)
#' tidy(combined)
#' @name judicious_combined
#' @family label confidence
NULL

combination_titles <- c(majority = "Majority vote", weighted = "Weighted vote",
                        dawid_skene = "Dawid-Skene model", stack = "Stacked vote")

#' @rdname judicious_combined
#' @export
format.judicious_combined <- function(x, ...) {
  facts <- glance(x)
  judges <- attr(x, "judges")
  has_weight <- !all(is.na(judges$weight))
  c(
    paste0(combination_titles[[facts$method]], " of ", facts$n_judges, " judges on ",
           format_count(facts$n_items), " items, ", facts$n_classes, " classes",
           if (facts$n_gold > 0) paste0(", ", format_count(facts$n_gold), " gold labels")),
    format_effective(facts),
    if (facts$n_ties > 0) paste0("Ties, left without a label: ", format_count(facts$n_ties)),
    if (facts$n_unlabelled > 0) {
      paste0("Items no judge labelled: ", format_count(facts$n_unlabelled))
    },
    if (isFALSE(facts$converged)) "EM has not converged.", "",
    format_columns(c(
      list(c("judge", judges$judge), c("labels", format_count(judges$n_labels)),
           c(if (facts$n_gold > 0) "accuracy" else "agreement", format_number(judges$accuracy))),
      if (has_weight) list(c("weight", format_number(judges$weight)))
    )),
    if (facts$n_gold >= 200 && facts$method != "stack") {
      "With 200 gold labels or more, method = \"stack\" needs no independent judges."
    }
  )
}

format_effective <- function(facts) {
  if (is.na(facts$n_effective)) return(NULL)
  worth <- formatC(facts$n_effective, digits = 1, format = "f")
  if (facts$n_gold > 0) return(paste0("Worth ", worth, " judges with independent errors"))
  paste0("Worth at most ", worth, " judges with independent errors (no gold labels to tell)")
}

#' @rdname judicious_combined
#' @export
print.judicious_combined <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

#' @rdname judicious_combined
#' @exportS3Method generics::tidy judicious_combined
tidy.judicious_combined <- function(x, ...) {
  check_dots(...)
  confusion <- attr(x, "confusion")
  names <- dimnames(confusion)
  # Labels of a true class of a judge side by side.
  cells <- expand.grid(rev(names), stringsAsFactors = FALSE)
  result_frame(judge = cells$judge, truth = cells$truth, label = cells$label,
               estimate = as.vector(aperm(confusion, c(3, 2, 1))))
}

#' @rdname judicious_combined
#' @exportS3Method generics::glance judicious_combined
glance.judicious_combined <- function(x, ...) {
  check_dots(...)
  fit <- attr(x, "fit")
  result_frame(
    method = attr(x, "method"), n_items = nrow(x), n_judges = nrow(attr(x, "judges")),
    n_classes = ncol(attr(x, "probabilities")), n_gold = attr(x, "n_gold"), n_ties = sum(x$tie),
    n_unlabelled = sum(is.na(x$label) & !x$tie), n_effective = attr(x, "n_effective"),
    log_likelihood = fit$log_likelihood %||% NA_real_, iterations = fit$iterations %||% NA_integer_,
    converged = fit$converged %||% NA
  )
}

#' @rdname judicious_combined
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_combined <- function(object, ...) {
  check_dots(...)
  data <- as.data.frame(tidy(object))
  classes <- unique(data$truth)
  cells <- data.frame(
    judge = factor(data$judge, unique(data$judge)), human = factor(data$truth, rev(classes)),
    said = factor(data$label, classes), share = data$estimate,
    text = ifelse(is.na(data$estimate), "", whole_percent(data$estimate))
  )
  tile_plot(cells, "Share of\nthe truth") + ggplot2::labs(
    x = "Label of the judge", y = "Truth",
    caption = paste0(
      switch(attr(object, "method"), dawid_skene = "Confusion matrices of the model",
             if (attr(object, "n_gold") > 0) "Confusion matrices on the gold labels"
             else "Confusion matrices against the combined label"), "; shares of the truth"
    )
  )
}

#' @rdname judicious_combined
#' @export
plot.judicious_combined <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}
