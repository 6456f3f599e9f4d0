# The result of evaluate_judge(): in sentences, as tables, in plots.

#' Work with an evaluation
#'
#' @description
#' `print()` says in plain sentences what the rate is, what the judges alone would have said,
#' whether the target is met, and what more labels would buy. `tidy()` gives the numbers;
#' `autoplot()` a forest plot, the subgroups, or who said what.
#'
#' @param x,object An evaluation, from [evaluate_judge()].
#' @param type For `tidy()`: `"estimates"`, `"agreement"`, `"confusion"` or `"subgroups"`. For
#'   `autoplot()`: `"estimates"` (naive and corrected, a dashed line at the target), `"subgroups"`
#'   or `"confusion"` (of those items that people labelled).
#' @param section `"summary"`, or `"method"`: how the numbers came about, in plain words.
#' @param ... Not used.
#' @returns `format()`: sentences. `print()` and `plot()`: `x`, invisibly. `tidy()`: a data frame:
#'   - estimates: `label` and the columns of [tidy()][tidy.judicious_estimate];
#'   - agreement: `judge`, `term` (`"agreement"`, `"bias"` (judge minus human), `"kappa"`,
#'     `"sensitivity"`, `"specificity"`, as far as they exist), `estimate`, `conf.low`, `conf.high`,
#'     `n` (labelled items);
#'   - confusion: `judge`, `human`, `said`, `n`, `share` (of the items with that human label);
#'   - subgroups: `subgroup`, `n_items`, `n_true`, `estimate`, `conf.low`, `conf.high`
#'     (simultaneous), `p.value` (against the target, Holm), `note` (why there is no estimate).
#'
#'   `autoplot()`: a ggplot.
#' @section Errors: `judicious_error_undefined` if the evaluation has no such part.
#' @examples
#' set.seed(1)
#' answers <- simulate_binary(500, true_mean = 0.3, proxy_mean = 0.4, correlation = 0.6)
#' answers$human <- reveal_labels(answers$y_true, sample_uniform(500, 100))
#' evaluation <- evaluate_judge(answers, human ~ y_proxy)
#' evaluation
#' tidy(evaluation, "agreement")
#' ggplot2::autoplot(evaluation, "confusion")
#' @name judicious_evaluation
#' @family reports
NULL

#' @rdname judicious_evaluation
#' @export
format.judicious_evaluation <- function(x, section = c("summary", "method"), ...) {
  switch(match_choice(section), summary = format_summary(x), method = format_how(x))
}

#' @rdname judicious_evaluation
#' @export
print.judicious_evaluation <- function(x, ...) {
  writeLines(wrap_line(c(x$question, format(x))))
  invisible(x)
}

format_summary <- function(x) {
  c(format_rate(x), format_judges_alone(x), format_labels_worth(x), format_target(x),
    format_next_labels(x), if (length(x$notes) > 0L) paste("Note:", x$notes))
}

is_percent <- function(x) identical(x$estimate$range, c(0, 1))

format_between <- function(low, high, percent) {
  paste(format_value(low, percent), "to", format_value(high, percent))
}

format_rate <- function(x) {
  fit <- x$estimate
  paste0(fit$metric, ": ", format_value(fit$estimate, is_percent(x)), " (",
         format_level(x$conf_level), " interval ",
         format_between(fit$conf_low, fit$conf_high, is_percent(x)), "), from ",
         format_count(fit$n_true), " human and ", format_count(fit$n_proxy), " judge labels.")
}

# What each judge's own rate is, and by how much it is surely off.
format_judges_alone <- function(x) {
  percent <- is_percent(x)
  table <- as.data.frame(x$comparison)
  vapply(x$judges, function(judge) {
    alone <- table[table$label == paste(judge, "alone"), ]
    bias <- x$agreement[x$agreement$judge == judge & x$agreement$term == "bias", ]
    said <- if (nrow(alone) == 1L) {
      paste0(judge, " alone says ", format_value(alone$estimate, percent), " (",
             format_between(alone$conf.low, alone$conf.high, percent), ")")
    } else {
      paste(judge, "has not judged all items")
    }
    paste0(said, if (nrow(bias) == 1L) paste0(": ", format_bias(bias, percent)), ".")
  }, "", USE.NAMES = FALSE)
}

format_bias <- function(bias, percent) {
  sign <- if (bias$conf.low > 0) "high" else if (bias$conf.high < 0) "low"
  if (is.null(sign)) return("on the labelled items it is neither surely too high nor too low")
  sizes <- sort(abs(c(bias$conf.low, bias$conf.high)))
  unit <- if (percent) " percentage points" else ""
  numbers <- format_number(abs(bias$estimate))
  if (percent) {
    numbers <- formatC(100 * abs(bias$estimate), 1, format = "f")
    sizes <- formatC(100 * sizes, 1, format = "f")
  } else {
    sizes <- format_number(sizes)
  }
  paste0("too ", sign, " by ", numbers, unit, " (", sizes[1], " to ", sizes[2], ")")
}

format_labels_worth <- function(x) {
  fit <- x$estimate
  alone <- as.data.frame(x$comparison)
  alone <- alone[alone$label == "Human labels alone", ]
  said <- paste0("Human labels alone: ", format_value(alone$estimate, is_percent(x)), " (",
                 format_between(alone$conf.low, alone$conf.high, is_percent(x)), ").")
  gain <- floor(fit$n_effective - fit$n_true)
  if (is.na(gain)) return(said)
  one <- length(x$judges) == 1L
  paste(said, if (gain >= 1) {
    paste(if (one) "The judge is" else "The judges are", "worth", format_count(gain),
          if (gain == 1) "more human label." else "more human labels.")
  } else {
    paste(if (one) "The judge adds" else "The judges add", "no precision.")
  })
}

target_words <- c(less = "below", greater = "above", two.sided = "different from")
opposite_words <- c(less = "or more", greater = "or less")

# The verdict, and whether a judge alone would have led to another.
format_target <- function(x) {
  if (is.null(x$test)) return(NULL)
  target <- format_value(x$target, is_percent(x))
  shown <- x$test$p.value <= 1 - x$conf_level
  claim <- paste(target_words[[x$alternative]], target)
  verdict <- if (shown) {
    paste0("That the rate is ", claim, " is shown (", format_p(x$test$p.value), ").")
  } else if (x$alternative == "two.sided") {
    paste0("A difference from ", target, " is not shown (", format_p(x$test$p.value), ").")
  } else {
    paste0("That the rate is ", claim, " is not shown (", format_p(x$test$p.value), "): it may be ",
           target, " ", opposite_words[[x$alternative]], ".")
  }
  misled <- misled_judges(x, shown)
  if (length(misled) == 0L) return(verdict)
  paste0(verdict, " By ", paste(misled, collapse = " or "), " alone you would have concluded ",
         if (shown) "that it is not shown." else "that it is shown.")
}

# Judges whose own interval, taken at its word, says otherwise.
misled_judges <- function(x, shown) {
  table <- as.data.frame(x$comparison)
  alone <- table[match(paste(x$judges, "alone"), table$label), ]
  says <- switch(x$alternative,
    less = alone$conf.high < x$target, greater = alone$conf.low > x$target,
    two.sided = alone$conf.high < x$target | alone$conf.low > x$target
  )
  x$judges[!is.na(says) & says != shown]
}

format_next_labels <- function(x) {
  plan <- x$plan
  if (is.null(plan) || is.na(plan$chosen)) return(NULL)
  width <- format_value(plan$width, is_percent(x))
  paste0("An interval half as wide (", sub("%", " points", width), ") takes ",
         format_count(plan$chosen), " human labels in all.")
}

# --- tables ---------------------------------------------------------------------

#' @rdname judicious_evaluation
#' @exportS3Method generics::tidy judicious_evaluation
tidy.judicious_evaluation <- function(x, type = c("estimates", "agreement", "confusion",
                                                  "subgroups"), ...) {
  type <- match_choice(type)
  if (type == "estimates") return(tidy(x$comparison))
  part <- x[[type]] %||% abort_no_part(type)
  result_frame(!!!as.data.frame(part))
}

abort_no_part <- function(type, call = rlang::caller_env()) {
  why <- c(confusion = "the judges gave too many different numbers",
           subgroups = "no {.arg subgroups} were given",
           agreement = "there are no labels to compare")
  abort_judicious(paste0("The evaluation has no ", type, ": ", why[[type]], "."), "undefined",
                  arg = "type", call = call)
}

# A part of an evaluation as a table that shows itself in the units of the metric.
new_evaluation_part <- function(table, kind, fit, target = NULL) {
  structure(
    as.data.frame(table), kind = kind, percent = identical(fit$range, c(0, 1)),
    conf_level = fit$conf_level, target = target,
    class = c("judicious_evaluation_part", "judicious_table", "data.frame")
  )
}

#' @export
tidy.judicious_evaluation_part <- function(x, ...) result_frame(!!!as.data.frame(x))

#' @export
format.judicious_evaluation_part <- function(x, ...) {
  format_columns(
    if (attr(x, "kind") == "agreement") agreement_columns(x) else subgroup_columns(x),
    left = c("judge", "", "subgroup", "note")
  )
}

#' @export
print.judicious_evaluation_part <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

agreement_columns <- function(x) {
  table <- as.data.frame(x)
  percent <- table$term != "kappa" & (table$term != "bias" | attr(x, "percent"))
  show <- function(value) {
    vapply(seq_along(value), function(i) format_value(value[i], percent[i]), "")
  }
  title <- c(agreement = "says the same as people", bias = "judge minus human",
             kappa = "Cohen's kappa", sensitivity = "right where people say yes (sensitivity)",
             specificity = "right where people say no (specificity)")
  list(
    c("judge", ifelse(duplicated(table$judge), "", table$judge)),
    c("", unname(title[table$term])), c("estimate", show(table$estimate)),
    c(paste(format_level(attr(x, "conf_level")), "CI"),
      paste0("[", show(table$conf.low), ", ", show(table$conf.high), "]")),
    c("labels", format_each_count(table$n))
  )
}

subgroup_columns <- function(x) {
  table <- as.data.frame(x)
  show <- function(value) ifelse(is.na(value), "-", format_value(value, attr(x, "percent")))
  bounds <- paste0("[", show(table$conf.low), ", ", show(table$conf.high), "]")
  p <- ifelse(is.na(table$p.value), "-", sub("^p (= )?", "", format_p(table$p.value)))
  list(
    c("subgroup", table$subgroup), c("items", format_each_count(table$n_items)),
    c("labels", format_each_count(table$n_true)), c("estimate", show(table$estimate)),
    c(paste(format_level(attr(x, "conf_level")), "CI, simultaneous"),
      ifelse(is.na(table$estimate), "-", bounds)),
    if (!is.null(attr(x, "target"))) c("p (Holm)", p),
    if (!all(is.na(table$note))) c("note", ifelse(is.na(table$note), "", table$note))
  )
}
