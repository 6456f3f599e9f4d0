# Classes of truth, verdicts and judges, and the shares of rows that metrics are made from.

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
  list(levels = as.character(levels), event = class_events(raw$y, levels, event_level),
       truth = truth, predicted = predicted, judges = judges)
}

# The classes that are looked for: all, or of two the event.
class_events <- function(y, levels, event_level) {
  if (length(levels) > 2L) return(seq_along(levels))
  if (event_level == "first" && !is.numeric(y) && !is.logical(y)) 1L else 2L
}

class_levels <- function(y, name, call) {
  if (all(is.na(y)) && !is.factor(y)) {
    abort_judicious(c("No row has a human label: {.var {name}} is missing throughout.",
                      i = "Two are needed at least, of different classes."),
                    "no_labels", arg = name, call = call)
  }
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

# `times`: how many rows of a table each value stands for, which then have no number.
class_codes <- function(x, levels, name, call, times = NULL) {
  if (is.factor(x)) x <- as.character(x)
  codes <- match(as.character(x), as.character(levels))
  if (is.logical(x) && is.numeric(levels)) codes <- as.integer(x) + 1L
  bad <- which(!is.na(x) & is.na(codes))
  if (length(bad) == 0L) return(codes)
  score <- is.numeric(x) && any(x != round(x), na.rm = TRUE)
  first <- if (score) signif(x[bad[1]], 4) else x[bad[1]]
  n <- if (is.null(times)) length(bad) else sum(times[bad])
  row <- if (is.null(times)) paste("Row", bad[1]) else "Some row"
  abort_judicious(
    c("{.var {name}} must be coded as the human labels: {.val {levels}}.",
      x = "{row} is {.val {first}} ({n} such row{?s}).",
      i = if (score) "A score becomes a verdict by a threshold: {.code predicted = score >= 0.5}."),
    "levels", arg = name, where = if (is.null(times)) bad, call = call
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

# What is needed for the metrics: share `name` of class `class`; accuracy, the last, has no class.
performance_key <- function(event, metrics) {
  names <- unique(unlist(metric_shares[intersect(metrics, names(metric_shares))]))
  key <- expand.grid(name = names, class = event, stringsAsFactors = FALSE)
  if ("accuracy" %in% metrics) rbind(key, data.frame(name = "accuracy", class = NA)) else key
}

# A column for each of them.
performance_parts <- function(classes, metrics) {
  key <- performance_key(classes$event, metrics)
  indicator <- function(codes, k) as.double(codes == k)
  column <- function(name, k, shares) {
    if (name != "accuracy") {
      return(performance_shares[[name]](shares(k), indicator(classes$predicted, k)))
    }
    out <- numeric(length(classes$predicted))
    for (k in seq_along(classes$levels)) {
      at <- classes$predicted == k
      out[at] <- shares(k)[at]
    }
    out
  }
  columns <- function(shares) unname(Map(column, key$name, key$class, list(shares)))
  list(key = key, y = columns(function(k) indicator(classes$truth, k)),
       judged = lapply(classes$judges, function(x) columns(function(k) x[, k])))
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
