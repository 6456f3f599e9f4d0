# The result of evaluate_judge(): in sentences, as tables, in plots.

#' Work with an evaluation
#'
#' @description
#' `print()` answers in one sentence, then says what the judges alone would have said, whether the
#' target is met, and what more labels would buy. `tidy()` gives the numbers; `autoplot()` a forest
#' plot, the subgroups, or who said what.
#'
#' @param x,object An evaluation, from [evaluate_judge()].
#' @param type For `tidy()`: `"estimates"`, `"agreement"`, `"confusion"` or `"subgroups"`. For
#'   `autoplot()`: `"estimates"` (judges alone in another colour than corrected, a dashed line at
#'   the target), `"subgroups"` or `"confusion"` (of those items that people labelled).
#' @param section `"summary"`; parts of it: `"answer"` (one sentence), `"details"` and `"notes"`;
#'   `"question"`; or `"method"`: how the numbers came about, in plain words.
#' @param ... Not used.
#' @returns `format()`: sentences. `print()` and `plot()`: `x`, invisibly. `tidy()`: a data frame:
#'   - estimates: `label` and the columns of [tidy()][tidy.judicious_estimate];
#'   - agreement: `judge`, `term` (`"agreement"`, `"bias"` (judge alone minus corrected), `"kappa"`,
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
format.judicious_evaluation <- function(x, section = c("summary", "answer", "details", "notes",
                                                       "question", "method", "compared"), ...) {
  section <- match_choice(section)
  switch(section,
    summary = c(format_compared(x), format_answer(x), format_details(x),
                paste("Note:", x$notes, recycle0 = TRUE)),
    answer = format_answer(x), details = format_details(x), notes = x$notes,
    question = format_question(x), method = format_how(x), compared = format_compared(x)
  )
}

#' @rdname judicious_evaluation
#' @export
print.judicious_evaluation <- function(x, ...) {
  writeLines(wrap_line(c(format_question(x), format(x))))
  invisible(x)
}

format_details <- function(x) {
  c(format_rate(x), format_judges_alone(x), format_labels_worth(x), format_target(x),
    format_next_labels(x))
}

is_percent <- function(x) identical(x$estimate$range, c(0, 1))

# Scores are no rates, even if they lie between 0 and 1.
quantity_word <- function(x) if (isTRUE(x$is_rate)) "rate" else "mean"

format_between <- function(low, high, percent) {
  paste(format_value(low, percent), "to", format_value(high, percent))
}

target_words <- c(less = "below", greater = "above", two.sided = "different from")

format_claim <- function(x) {
  paste(target_words[[x$alternative]], format_value(x$target, is_percent(x)))
}

# The user's question, or the one that the target asks.
format_question <- function(x) {
  if (!is.null(x$question) || is.null(x$target)) return(x$question)
  paste0(x$estimate$metric, ": is it ", format_claim(x), "?")
}

# What the interval says of the claim: the same that readers see in the numbers and the plot.
claim_verdict <- function(x, low = x$estimate$conf_low, high = x$estimate$conf_high) {
  below <- high < x$target
  above <- low > x$target
  shown <- switch(x$alternative, less = below, greater = above, two.sided = below | above)
  refuted <- switch(x$alternative, less = above, greater = below, two.sided = FALSE)
  ifelse(shown, "shown", ifelse(refuted, "refuted", "open"))
}

verdict_words <- c(shown = "Shown: b", refuted = "No: b", open = "Not shown: b")

format_answer <- function(x) {
  fit <- x$estimate
  percent <- is_percent(x)
  start <- if (is.null(x$target)) "B" else verdict_words[[claim_verdict(x)]]
  paste0(start, "est guess ", format_value(fit$estimate, percent), ", could be ",
         format_between(fit$conf_low, fit$conf_high, percent), ".")
}

format_rate <- function(x) {
  fit <- x$estimate
  paste0(fit$metric, ": ", format_value(fit$estimate, is_percent(x)), " (",
         format_level(x$conf_level), " interval ",
         format_between(fit$conf_low, fit$conf_high, is_percent(x)), "), from ",
         format_count(fit$n_true), " human and ", format_count(x$n_judged), " judge labels.")
}

# What each judge says by itself, and by how much that differs from the corrected number.
format_judges_alone <- function(x) {
  percent <- is_percent(x)
  table <- as.data.frame(x$comparison)
  lines <- lapply(x$judges, function(judge) {
    alone <- table[table$label == paste(judge, "alone"), ]
    bias <- x$agreement[x$agreement$judge == judge & x$agreement$term == "bias", ]
    if (nrow(alone) != 1L || nrow(bias) != 1L) return(NULL)
    paste0(judge, " alone says ", format_value(alone$estimate, percent), " (",
           format_between(alone$conf.low, alone$conf.high, percent), ")",
           if (alone$n_true < x$estimate$n_rows) {
             paste0(" of the ", format_items(alone$n_true), " that it answered")
           }, ": ", format_bias(bias, percent), ".")
  })
  unlist(lines)
}

format_bias <- function(bias, percent) {
  show <- function(size) {
    if (percent) formatC(100 * size, digits = 1, format = "f") else format_number(size)
  }
  unit <- if (percent) " percentage points" else ""
  sign <- if (bias$conf.low > 0) "high" else if (bias$conf.high < 0) "low"
  if (is.null(sign)) {
    ends <- show(abs(c(bias$conf.low, bias$conf.high)))
    return(paste0("anywhere from ", ends[1], " too low to ", ends[2], unit, " too high"))
  }
  sizes <- show(sort(abs(c(bias$conf.low, bias$conf.high))))
  paste0("too ", sign, " by ", show(abs(bias$estimate)), unit, " (", sizes[1], " to ", sizes[2],
         ")")
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

opposite_words <- c(less = "or more", greater = "or less")

# The verdict in full, and whether a judge alone would have led to another.
format_target <- function(x) {
  if (is.null(x$test)) return(NULL)
  verdict <- claim_verdict(x)
  target <- format_value(x$target, is_percent(x))
  said <- paste0("That the ", quantity_word(x), " is ", format_claim(x), " is ",
                 if (verdict != "shown") "not ", "shown (", format_p(x$test$p.value),
                 if (x$alternative != "two.sided") ", one-sided", ")")
  why <- switch(verdict, shown = "", refuted = paste0(": all of the interval is ", target, " ",
                                                      opposite_words[[x$alternative]]),
                open = if (x$alternative == "two.sided") {
                  ": the interval holds that value"
                } else {
                  paste0(": it may be ", target, " ", opposite_words[[x$alternative]])
                })
  misled <- misled_judges(x, verdict)
  paste0(said, why, ".", if (length(misled) > 0L) {
    paste0(" By ", paste(misled, collapse = " or "), " alone you would have concluded that it is ",
           if (verdict == "shown") "not ", "shown.")
  })
}

# Judges whose own interval, taken at its word, says otherwise.
misled_judges <- function(x, verdict) {
  table <- as.data.frame(x$comparison)
  alone <- table[match(paste(x$judges, "alone"), table$label), ]
  says <- claim_verdict(x, alone$conf.low, alone$conf.high)
  x$judges[!is.na(says) & (says == "shown") != (verdict == "shown")]
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
  check_dots(...)
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
tidy.judicious_evaluation_part <- function(x, ...) {
  check_dots(...)
  result_frame(!!!as.data.frame(x))
}

# What is sure of the systems side by side; of many, who leads and how far that is sure.
format_compared <- function(x) {
  if (is.null(x$compared)) return(NULL)
  differences <- x$compared$differences
  if (length(attr(differences, "groups")) <= 4L) return(format_findings(differences))
  format_leaders(differences)
}

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
  title <- c(agreement = "says the same as people", bias = "judge alone minus corrected",
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
