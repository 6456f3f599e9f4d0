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
                                 guard = c("robust", "verdict")) {
  call <- rlang::current_env()
  check_dots(...)
  preset <- match_choice(preset)
  guard <- match_choice(guard)
  check_performance_metrics(metrics, call)
  event_level <- match_choice(event_level)
  average <- match_choice(average)
  if (rlang::quo_is_missing(rlang::enquo(predicted))) {
    abort_judicious("{.arg predicted} is missing: the verdicts of the classifier.",
                    "missing_argument", arg = "predicted", call = call)
  }
  raw <- raw_design(formula, data, rlang::enquo(strata), rlang::enquo(clusters),
                    rlang::enquo(prob), call)
  verdicts <- eval_quosure(rlang::enquo(predicted), data, "predicted", call)
  classes <- read_classes(raw, verdicts, event_level, call)
  settings <- several_settings(
    utils::modifyList(raw, list(proxies = raw$judges)), length(raw$judges),
    list(power_tuning = power_tuning, pool_strata = pool_strata, center = center),
    list(preset = preset, estimand = "rows", conf_level = conf_level, guard = guard,
         strata_weights = strata_weights, range = NULL, threads = threads, metric = "Share"), call
  )
  parts <- performance_parts(classes, metrics)
  design <- performance_design(raw, parts)
  summary <- summarise_design(design, settings$threads, call)
  check_identified(summary, call)
  tell_performance(raw, classes, rlang::as_label(rlang::enquo(predicted)), settings, call)
  rows <- performance_rows(classes, metrics, average)
  fit_performance(rows, parts, summary, settings, design, classes, sys.call(), call)
}

# Of the event (of several classes: of each but the last), with the classifier as one more judge: it
# is known for all rows, so it shows a selection and reversed levels as well as a judge does.
tell_performance <- function(raw, classes, predicted, settings, call) {
  shown <- c(classes$judges, list(classes$predicted))
  names <- c(names(raw$judges), predicted)
  events <- if (length(classes$event) == 1L) classes$event else utils::head(classes$event, -1L)
  of_event <- function(k) {
    lapply(shown, function(x) if (is.matrix(x)) x[, k] else as.double(x == k))
  }
  design <- raw_as_design(raw, as.double(classes$truth == events[1]),
                          stats::setNames(of_event(events[1]), names))
  design$proxies <- c(design$proxies, unlist(lapply(events[-1], function(k) {
    unname(Map(new_column, of_event(k), names))
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

# --- classes -------------------------------------------------------------------------------------

# Truth, verdicts and judges as shares of 0 to 1 that a row is of each class.
read_classes <- function(raw, verdicts, event_level, call) {
  levels <- class_levels(raw$y, raw$label, call)
  if (length(verdicts) != raw$n) {
    abort_judicious("{.arg predicted} must have one verdict per row ({raw$n}), not
                    {length(verdicts)}.", "length", arg = "predicted", call = call)
  }
  if (anyNA(verdicts)) {
    where <- which(is.na(verdicts))
    abort_judicious(
      c("{.arg predicted} must be known for every row.", x = "It is missing in row {where[1]}.",
        i = "Say what a row without verdict counts as."),
      "missing", arg = "predicted", where = where, call = call
    )
  }
  truth <- class_codes(raw$y, levels, raw$label, call)
  predicted <- class_codes(verdicts, levels, "predicted", call)
  judges <- Map(function(x, name) {
    judge_shares(x, levels, name, raw$n, call, swapped = !anyNA(raw$y))
  }, raw$judges, names(raw$judges))
  event <- if (length(levels) > 2L) seq_along(levels) else
    if (event_level == "first" && !is.numeric(raw$y) && !is.logical(raw$y)) 1L else 2L
  list(levels = as.character(levels), event = event, truth = truth, predicted = predicted,
       judges = judges)
}

class_levels <- function(y, name, call) {
  if (is.factor(y)) {
    if (nlevels(y) >= 2L) return(levels(y))
    abort_judicious("{.var {name}} must have two classes at least; it has {nlevels(y)}.", "type",
                    arg = name, call = call)
  }
  if (is.logical(y)) return(c(FALSE, TRUE))
  if (is.character(y)) {
    found <- sort(unique(y[!is.na(y)]))
    if (length(found) >= 2L) return(found)
    abort_judicious(
      c("The labels of {.var {name}} are all {.val {found}}: which are the classes?",
        i = "Make it a factor with all its levels."),
      "type", arg = name, call = call
    )
  }
  if (is.numeric(y) && all(y[!is.na(y)] %in% c(0, 1))) return(c(0, 1))
  abort_judicious(
    c("{.var {name}} must be 0/1, logical, a factor or strings.",
      i = "Make classes that are numbered a factor."),
    "type", arg = name, call = call
  )
}

class_codes <- function(x, levels, name, call) {
  if (is.factor(x)) x <- as.character(x)
  codes <- match(as.character(x), as.character(levels))
  if (is.logical(x) && is.numeric(levels)) codes <- as.integer(x) + 1L
  bad <- which(!is.na(x) & is.na(codes))
  if (length(bad) == 0L) return(codes)
  score <- is.numeric(x) && any(x != round(x), na.rm = TRUE)
  first <- if (score) signif(x[bad[1]], 4) else x[bad[1]]
  abort_judicious(
    c("{.var {name}} must be coded as the human labels: {.val {levels}}.",
      x = "Row {bad[1]} is {.val {first}} ({length(bad)} such row{?s}).",
      i = if (score) "A score becomes a verdict by a threshold: {.code predicted = score >= 0.5}."),
    "levels", arg = name, where = bad, call = call
  )
}

# Rows x classes: 1 for the judge's class, or its probability.
judge_shares <- function(x, levels, name, n, call, swapped = FALSE) {
  if (length(x) != n) {
    abort_judicious("{.var {name}} must have one element per row ({n}), not {length(x)}.",
                    "length", arg = name, call = call)
  }
  missing <- which(is.na(x))
  if (length(missing) > 0L) {
    abort_judicious(
      c("{.var {name}} is a judge and must have a value in every row.",
        x = "It is missing in row {missing[1]} ({length(missing)} such row{?s}).",
        hints(if (swapped) missing_judge_hint(name, swapped))),
      "finite", arg = name, where = missing, call = call
    )
  }
  if (length(levels) == 2L && is.numeric(x) && all(x >= 0 & x <= 1)) return(cbind(1 - x, x))
  codes <- class_codes(x, levels, name, call)
  outer(codes, seq_along(levels), `==`) + 0
}

# --- numbers that the metrics are made from ------------------------------------------------------

# Shares of rows, as functions of truth y and verdict c being the class; the judge's version has
# its label for y.
performance_shares <- list(
  true_positive = function(y, c) c * y,
  predicted = function(y, c) c + 0 * y,
  positive = function(y, c) y,
  true_negative = function(y, c) (1 - c) * (1 - y),
  negative = function(y, c) 1 - y,
  cleared = function(y, c) 1 - c + 0 * y,
  either = function(y, c) c + y - c * y
)

metric_shares <- list(
  precision = c("true_positive", "predicted"), recall = c("true_positive", "positive"),
  specificity = c("true_negative", "negative"), npv = c("true_negative", "cleared"),
  f1 = c("true_positive", "either"),
  balanced_accuracy = c("true_positive", "positive", "true_negative", "negative")
)

# Columns: share `name` of class `class`; accuracy has no class.
performance_parts <- function(classes, metrics) {
  names <- unique(unlist(metric_shares[intersect(metrics, names(metric_shares))]))
  key <- expand.grid(name = names, class = classes$event, stringsAsFactors = FALSE)
  indicator <- function(codes, k) as.double(codes == k)
  y <- Map(function(name, k) {
    performance_shares[[name]](indicator(classes$truth, k), indicator(classes$predicted, k))
  }, key$name, key$class)
  judged <- lapply(classes$judges, function(shares) {
    Map(function(name, k) performance_shares[[name]](shares[, k], indicator(classes$predicted, k)),
        key$name, key$class)
  })
  if ("accuracy" %in% metrics) {
    key <- rbind(key, data.frame(name = "accuracy", class = NA))
    y <- c(y, list(as.double(classes$truth == classes$predicted)))
    at <- cbind(seq_along(classes$predicted), classes$predicted)
    judged <- Map(function(columns, shares) c(columns, list(shares[at])), judged, classes$judges)
  }
  list(key = key, y = unname(y), judged = judged)
}

performance_design <- function(raw, parts) {
  responses <- lapply(parts$y, new_column, name = raw$label)
  design <- raw[c("n", "label", "formula", "strata", "clusters", "prob")]
  design$y <- responses[[1]]
  design$more_y <- responses[-1]
  design$proxies <- unlist(Map(function(columns, name) lapply(unname(columns), new_column, name),
                               parts$judged, names(parts$judged)), recursive = FALSE)
  design$proxies <- unname(design$proxies %||% list())
  design
}

# One row per metric and class, macro averages last.
performance_rows <- function(classes, metrics, average) {
  several <- length(classes$event) > 1L
  rows <- list()
  for (metric in metrics) {
    if (metric == "accuracy") {
      rows <- c(rows, list(list(metric = metric, class = NA, kind = "mean")))
      next
    }
    kind <- if (metric == "balanced_accuracy") "smooth" else "share"
    rows <- c(rows, lapply(classes$event, function(k) {
      list(metric = metric, class = k, kind = kind)
    }))
    if (several && average == "macro") {
      rows <- c(rows, list(list(metric = metric, class = classes$event, kind = "macro")))
    }
  }
  rows
}

# Whatever metrics are asked for, rows are alike where judge and classifier say the same.
class_columns <- function(classes) {
  said <- c(list(outer(classes$predicted, seq_along(classes$levels), `==`) + 0), classes$judges)
  unlist(lapply(said, function(shares) {
    lapply(classes$event, function(k) new_column(shares[, k], "said"))
  }), recursive = FALSE)
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
