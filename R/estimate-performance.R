# How good a classifier is against human truth, with the judge's help.

performance_metrics <- c("accuracy", "precision", "recall", "specificity", "npv", "f1",
                         "balanced_accuracy")

#' Estimate the performance of a classifier
#'
#' @description
#' Accuracy, precision, recall, specificity, F1 and balanced accuracy of a classifier (a guardrail,
#' a filter, a router) against human truth. Its verdicts are known for all rows, human labels for a
#' few, and an LLM judge labels all of them as well: what the judge sees of the classifier's errors
#' narrows the intervals, and the human labels correct what the judge gets wrong. Evaluating against
#' the judge alone would measure agreement with the judge.
#'
#' @inheritParams estimate_mean
#' @param formula `human ~ judge`: the human truth, `NA` where nobody labelled, and one or several
#'   judges who answered the same question for all rows; `human ~ 1` without a judge. 0/1, logical,
#'   factors or strings. Of two classes, a judge may be a probability.
#' @param predicted The classifier's verdicts, for all rows, coded as the human labels.
#' @param metrics Some of `r paste0('"', performance_metrics, '"', collapse = ", ")`.
#' @param event_level Which level of a factor (or of sorted strings) is the event, as in yardstick:
#'   `"second"` (the default here, as everywhere in this package) or `"first"`. Of 0/1 and logical
#'   labels the event is 1 and `TRUE`.
#' @param average For more than two classes: `"macro"` adds the mean over classes of each metric.
#'   `"none"`: per class only. Accuracy is over all classes.
#' @return A table of class [judicious_estimates], one row per metric (and class). `tidy()` adds
#'   the columns `.metric` and `.estimator` (and `.class`), which are yardstick's.
#' @section Formula:
#' Precision is the mean of predicted-and-true over the mean of predicted, recall over that of true,
#' and so on; the judge's version has its labels in place of the human ones. Each is one Newton step
#' from the ratio of both means, with the judge weights best for it; its interval is the beta
#' interval of [estimate_mean()] at n_b times the labelled share of the denominator. F1 is
#' 2 J / (1 + J) of J, the share of true positives among rows that are predicted or true. Balanced
#' accuracy and macro averages: delta rule, t interval.
#' @section Undefined when:
#' No labelled row counts in the denominator (nothing was flagged, nothing is positive): the
#' estimate is `NA` with interval \[0, 1\], and the column `note` says why.
#' @seealso [estimate_ratio()], [estimate_mean()].
#' @examples
#' set.seed(1)
#' replies <- simulate_binary(4000, true_mean = 0.15, proxy_mean = 0.12, correlation = 0.8)
#' replies$flagged <- ifelse(runif(4000) < 0.85, replies$y_true, 1 - replies$y_true)
#' replies$human <- reveal_labels(replies$y_true, sample_uniform(4000, 200))
#' estimate_performance(human ~ y_proxy, replies, predicted = flagged)
#' @export
estimate_performance <- function(formula, data = NULL, predicted, ...,
                                 metrics = c("accuracy", "precision", "recall", "specificity",
                                             "f1"),
                                 event_level = c("second", "first"), average = c("macro", "none"),
                                 strata = NULL, clusters = NULL, prob = NULL,
                                 preset = c("recommended", "published"), power_tuning = NULL,
                                 pool_strata = NULL, center = NULL, conf_level = 0.95,
                                 threads = NULL, strata_weights = NULL,
                                 lonely = c("error", "pool"), guard = c("robust", "verdict")) {
  call <- rlang::current_env()
  check_dots(...)
  preset <- match_choice(preset)
  lonely <- match_choice(lonely)
  guard <- match_choice(guard)
  check_performance_metrics(metrics, call)
  event_level <- match_choice(event_level)
  average <- match_choice(average)
  if (rlang::quo_is_missing(rlang::enquo(predicted))) {
    abort_judicious("{.arg predicted} is missing: the verdicts of the classifier.",
                    "missing_argument", arg = "predicted", call = call)
  }
  quosures <- list(strata = rlang::enquo(strata), clusters = rlang::enquo(clusters),
                   prob = rlang::enquo(prob), predicted = rlang::enquo(predicted))
  lazy <- is_lazy(data)
  if (lazy) check_guard_of_rows(guard, "error", call)
  read <- if (lazy) lazy_performance else memory_performance
  asked <- read(formula, data, quosures, metrics, event_level, call)
  raw <- asked$raw
  classes <- asked$classes
  settings <- several_settings(
    utils::modifyList(raw, list(proxies = raw$judges)), length(raw$judges),
    list(power_tuning = power_tuning, pool_strata = pool_strata, center = center),
    list(preset = preset, estimand = "rows", conf_level = conf_level, guard = guard,
         lonely = lonely,
         strata_weights = strata_weights, range = NULL, threads = threads, metric = "Share"), call
  )
  summary <- summarise_design(asked$design, settings$threads, call)
  check_identified(summary, call, lonely)
  tell <- if (lazy) tell_lazy_performance else tell_performance
  tell(raw, classes, rlang::as_label(quosures$predicted), settings, summary, call)
  rows <- performance_rows(classes, metrics, average)
  fit_performance(rows, asked$parts, summary, settings, asked$design, classes, sys.call(), call)
}

memory_performance <- function(formula, data, quosures, metrics, event_level, call) {
  raw <- raw_design(formula, data, quosures$strata, quosures$clusters, quosures$prob, call)
  verdicts <- eval_quosure(quosures$predicted, data, "predicted", call)
  classes <- read_classes(raw, verdicts, event_level, call)
  parts <- performance_parts(classes, metrics)
  list(raw = raw, classes = classes, parts = parts, design = performance_design(raw, parts))
}

# Of the event (of several classes: of each but the last), with the classifier as one more judge: it
# is known for all rows, so it shows a selection and reversed levels as well as a judge does.
tell_performance <- function(raw, classes, predicted, settings, summary, call) {
  shown <- c(classes$judges, list(classes$predicted))
  names <- c(names(raw$judges), predicted)
  events <- if (length(classes$event) == 1L) classes$event else utils::head(classes$event, -1L)
  design <- event_design(raw, classes, shown, names, events[1])
  design$proxies <- c(design$proxies, unlist(lapply(events[-1], function(k) {
    unname(Map(new_column, said_of(shown, k), names))
  }), recursive = FALSE))
  dropped <- paste0("judicious_", c("message", "warning"), "_dropped")  # told already
  summary <- suppressMessages(suppressWarnings(
    summarise_design(design, settings$threads, call), classes = dropped
  ), classes = dropped)
  answer <- list(audit = audit_labels_cpp(summary$numbers, 1L))
  tell_groups_not_random(list(answer), summary$judges, summary$known_prob, call)
  design$proxies <- utils::head(design$proxies, length(shown))
  design$proxies[[length(shown)]]$what <- "The classifier"
  summary$judges <- names
  if (length(raw$judges) > 0L) return(tell_several_misreadings(design, summary, settings, call))
  tell_reversed(design, whole_core(summary, settings), call)
}

# Of a table the rows with labels are here; how they differ from all, the sums tell.
tell_lazy_performance <- function(raw, classes, predicted, settings, summary, call) {
  answer <- list(audit = audit_labels_cpp(summary$numbers, 1L))
  tell_groups_not_random(list(answer), summary$judges, summary$known_prob, call)
  shown <- c(classes$judges, list(classes$predicted))
  names <- c(names(raw$judges), predicted)
  design <- event_design(raw, classes, shown, names, classes$event[1])
  design$proxies[[length(shown)]]$what <- "The classifier"
  summary$judges <- names
  tell_reversed(design, whole_core(summary, settings), call)
}

# The event, as 0/1 labels, beside what judges and classifier say of it.
event_design <- function(raw, classes, shown, names, event) {
  raw_as_design(raw, as.double(classes$truth == event),
                stats::setNames(said_of(shown, event), names))
}

said_of <- function(shown, k) {
  lapply(shown, function(x) if (is.matrix(x)) x[, k] else as.double(x == k))
}

check_performance_metrics <- function(metrics, call) {
  known <- performance_metrics
  if (is.character(metrics) && length(metrics) > 0L && all(metrics %in% known) &&
        !anyDuplicated(metrics)) {
    return(invisible())
  }
  unknown <- if (is.character(metrics)) setdiff(metrics, known)
  meant <- if (length(unknown) > 0L) nearest_names(tolower(unknown[1]), known)
  abort_judicious(
    c("{.arg metrics} must be some of {.or {.val {known}}}, each once.",
      x = if (length(unknown) > 0L) "{.val {unknown[1]}} is not.",
      i = if (length(meant) > 0L) "Did you mean {.val {meant[1]}}?"),
    "choice", arg = "metrics", call = call
  )
}

# --- fit -----------------------------------------------------------------------------------------

fit_performance <- function(rows, parts, summary, settings, design, classes, user_call, call) {
  n_parts <- nrow(parts$key)
  n_judges <- length(parts$judged)
  own <- lapply(seq_len(n_parts), function(r) as.integer(r + n_parts * (seq_len(n_judges) - 1L)))
  targets <- new_targets(rep(1L, n_parts), seq_len(n_parts), own)
  targets <- trust_verdicts(targets, design, summary, settings, call, class_columns(classes))
  alone <- several_vcov_cpp(summary$numbers, settings, new_targets(rep(1L, n_parts),
                                                                   seq_len(n_parts), integer()))
  fit <- list(summary = summary, settings = settings, targets = targets, key = parts$key,
              theta = several_vcov_cpp(summary$numbers, settings, targets)$estimate,
              alone = alone$estimate, n_rows = sum(summary$facts$n_rows),
              n_true = sum(summary$facts$n_true))
  fit <- fit_all_shares(fit, rows, call)
  quantities <- lapply(rows, performance_quantity, fit = fit, classes = classes, call = call)
  gradient <- do.call(rbind, lapply(rows, function(row) performance_gradient(row, fit, fit$theta)))
  several <- length(classes$event) > 1L
  new_judicious_estimates(
    quantities = quantities, flags = verdict_flags(
      settings, intervals_of(quantities), n_judges, "the same verdicts of judge and classifier"
    ), what = "metric", by = NULL, settings = settings,
    formula = design$formula, judges = names(parts$judged) %||% character(),
    method = method_name(list(proxies = parts$judged, strata = design$strata,
                              clusters = design$clusters, prob = design$prob), settings),
    title = paste0("Performance against ", design$label,
                   if (!several) paste0(" (event: ", classes$levels[classes$event], ")")),
    extra = performance_columns(rows, classes),
    joint = list(numbers = summary$numbers, targets = targets, gradient = gradient),
    call = user_call
  )
}

# Positions of the shares that a metric of a class is made from.
share_positions <- function(fit, metric, class) {
  wanted <- metric_shares[[metric]]
  match(paste(wanted, class), paste(fit$key$name, fit$key$class))
}

# All shares of parts in one call.
fit_all_shares <- function(fit, rows, call) {
  shares <- Filter(function(row) row$kind == "share", rows)
  at <- lapply(shares, function(row) share_positions(fit, row$metric, row$class))
  fit$share_keys <- vapply(at, paste, "", collapse = " ")
  fit$shares <- if (length(at) > 0L) call_core(several_pairs_cpp(
    fit$summary$numbers, fit$settings, fit$targets, vapply(at, `[`, 0L, 1L),
    vapply(at, `[`, 0L, 2L), "share"
  ), call)
  fit
}

performance_term <- function(row, classes) {
  if (length(classes$event) == 1L || row$kind == "mean") return(row$metric)
  paste0(row$metric, " (", if (row$kind == "macro") "macro" else classes$levels[row$class], ")")
}

performance_quantity <- function(row, fit, classes, call) {
  term <- performance_term(row, classes)
  interval <- if (fit$settings$published) "normal" else "beta"
  if (row$kind == "mean") {
    at <- match("accuracy", fit$key$name)
    answer <- several_means_cpp(fit$summary$numbers, fit$settings,
                                subset_targets(fit$targets, at))[[1]]
    return(new_quantity(term, answer, interval, fit$n_rows))
  }
  if (row$kind == "share") {
    at <- share_positions(fit, row$metric, row$class)
    share <- fit$shares[[match(paste(at, collapse = " "), fit$share_keys)]]
    if (is.null(share)) return(undefined_performance(term, row, fit))
    few <- if (share$inference$n_base < 10) "fewer than 10 in the denominator" else NA_character_
    return(new_quantity(term, share, interval, fit$n_rows,
                        if (row$metric == "f1") "f1" else "none", few))
  }
  value <- performance_value(row, fit, fit$theta)
  value_alone <- performance_value(row, fit, fit$alone)
  if (!is.finite(value) || !is.finite(value_alone)) return(undefined_performance(term, row, fit))
  answer <- call_core(several_smooth_cpp(
    fit$summary$numbers, fit$settings, fit$targets, performance_gradient(row, fit, fit$theta),
    value, performance_gradient(row, fit, fit$alone), value_alone
  ), call)
  few <- if (fewest_events(row, fit) < 20) "fewer than 20 events" else NA_character_
  new_quantity(term, answer, if (fit$settings$published) "normal" else "t", fit$n_rows, note = few)
}

undefined_performance <- function(term, row, fit) {
  why <- switch(row$metric, precision = "nothing predicted positive is labelled",
                npv = "nothing predicted negative is labelled",
                specificity = "no negative label", f1 = "no positive label or verdict",
                "no positive label")
  undefined_quantity(term, fit$n_true, fit$n_rows, c(0, 1), why)
}

# Labelled rows in the smallest denominator.
fewest_events <- function(row, fit) {
  bottoms <- unlist(lapply(row$class, function(k) {
    at <- share_positions(fit, row$metric, k)
    fit$alone[at[c(FALSE, TRUE)]]
  }))
  fit$n_true * min(bottoms)
}

# The metric at given shares: the mean over its classes.
performance_value <- function(row, fit, theta) {
  if (row$kind == "mean") return(theta[match("accuracy", fit$key$name)])
  mean(vapply(row$class, function(k) {
    x <- theta[share_positions(fit, row$metric, k)]
    r <- x[c(TRUE, FALSE)] / x[c(FALSE, TRUE)]
    if (row$metric == "f1") r <- quantity_maps$f1(r)
    mean(r)
  }, 0))
}

performance_gradient <- function(row, fit, theta) {
  a <- numeric(length(theta))
  if (row$kind == "mean") return(replace(a, match("accuracy", fit$key$name), 1))
  for (k in row$class) {
    at <- share_positions(fit, row$metric, k)
    top <- at[c(TRUE, FALSE)]
    bottom <- at[c(FALSE, TRUE)]
    r <- theta[top] / theta[bottom]
    slope <- if (row$metric == "f1") quantity_slopes$f1(r) else 1
    weight <- slope / (theta[bottom] * length(top) * length(row$class))
    a[top] <- a[top] + weight
    a[bottom] <- a[bottom] - r * weight
  }
  a
}

# yardstick's names.
performance_columns <- function(rows, classes) {
  several <- length(classes$event) > 1L
  metric <- vapply(rows, function(row) row$metric, "")
  metric[metric == "f1"] <- "f_meas"
  metric[metric == "balanced_accuracy"] <- "bal_accuracy"
  estimator <- vapply(rows, function(row) {
    if (!several) "binary" else switch(row$kind, mean = "multiclass", macro = "macro", "class")
  }, "")
  class <- vapply(rows, function(row) {
    if (row$kind %in% c("mean", "macro")) NA_character_ else classes$levels[row$class]
  }, "")
  columns <- data.frame(.metric = metric, .estimator = estimator)
  if (several) columns$.class <- class
  columns
}
