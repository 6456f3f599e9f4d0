# What is known before the labels: a pilot or a list, turned into the few numbers
# the core plans with.

assumption_names <- c("rate", "mean", "sd", "correlation", "sensitivity", "specificity",
                      "proxy_mean", "n_total", "cluster_size", "icc", "human_cost", "judge_cost")

# --- a list --------------------------------------------------------------------

list_assumptions <- function(x, call) {
  check_assumption_list(x, call)
  x <- Filter(Negate(is.null), x)
  labels <- assumed_labels(x, call)
  judge <- assumed_judge(x, labels, call)
  clusters <- assumed_clusters(x, labels, judge$correlation, call)
  known <- c(
    labels[c("binary", "mean")], judge["proxy_mean"], clusters[names(clusters) != "design_effect"],
    list(variance = labels$sd^2 * clusters$design_effect,
         metric = if (labels$binary) "rate" else "mean"),
    x[intersect(c("n_total", "human_cost", "judge_cost"), names(x))]
  )
  known$words <- words_of_list(x, labels, judge)
  known
}

check_assumption_list <- function(x, call) {
  if (!is.list(x) || is.data.frame(x) || is.object(x)) {
    abort_judicious(
      c("{.arg pilot} must be an estimate, a data frame or a list of assumptions.",
        x = "It is {.obj_type_friendly {x}}.",
        i = "For example {.code list(rate = 0.1, correlation = 0.6, n_total = 2000)}."),
      "type", arg = "pilot", call = call
    )
  }
  named <- names(x) %||% rep("", length(x))
  bad <- which(!named %in% assumption_names | duplicated(named))
  if (length(bad) == 0L) return(invisible())
  abort_judicious(
    c("The assumptions must be among {.val {assumption_names}}, each once.",
      x = "Element {bad[1]} is called {.val {named[bad[1]]}}."),
    "assumption", arg = "pilot", where = bad, call = call
  )
}

abort_assumption <- function(message, hint, call, .envir = parent.frame()) {
  abort_judicious(c(message, i = hint), "assumption", arg = "pilot", call = call, .envir = .envir)
}

# Either both of a pair of names are there, or neither.
has_pair <- function(x, pair, call) {
  there <- pair %in% names(x)
  if (any(there) && !all(there)) {
    abort_assumption("{.field {pair[there]}} needs {.field {pair[!there]}}.",
                     "The list has {.field {names(x)}}.", call)
  }
  all(there)
}

assumed_labels <- function(x, call) {
  scores <- has_pair(x, c("mean", "sd"), call)
  if (scores == "rate" %in% names(x)) {
    abort_assumption(
      "The list needs either {.field rate} or {.field mean} and {.field sd}.",
      "{.field rate} is for 0/1 labels: {.code list(rate = 0.1, correlation = 0.6)}.", call
    )
  }
  if (!scores) {
    rate <- check_number(x$rate, 0, 1, open = TRUE, arg = "rate", call = call)
    return(list(binary = TRUE, mean = rate, sd = sqrt(rate * (1 - rate))))
  }
  mean <- check_number(x$mean, arg = "mean", call = call)
  check_finite(mean, arg = "mean", call = call)
  sd <- check_number(x$sd, 0, Inf, open = TRUE, arg = "sd", call = call)
  list(binary = FALSE, mean = mean, sd = sd)
}

assumed_judge <- function(x, labels, call) {
  errors <- has_pair(x, c("sensitivity", "specificity"), call)
  given <- intersect(c("sensitivity", "proxy_mean"), names(x))
  if (length(given) > 0L && !labels$binary) {
    abort_assumption("{.field {given[1]}} is for 0/1 labels.",
                     "Scores need {.field correlation} only.", call)
  }
  clash <- intersect(c("correlation", "proxy_mean"), names(x))
  if (errors && length(clash) > 0L) {
    abort_assumption("{.field {clash[1]}} follows from {.field sensitivity} and the others.",
                     "Leave it out.", call)
  }
  if (errors) return(judge_from_errors(x, labels$mean, call))
  # A perfect judge of scores would leave no variance to plan for.
  correlation <- check_number(x$correlation %||% 0, -1, 1, open = !labels$binary,
                              arg = "correlation", call = call)
  if (!labels$binary) return(list(correlation = correlation, proxy_mean = 0.5))
  proxy_mean <- check_number(x$proxy_mean %||% labels$mean, 0, 1, open = TRUE, arg = "proxy_mean",
                             call = call)
  check_feasible(labels$mean, proxy_mean, correlation, per = "judge", call = call)
  list(correlation = correlation, proxy_mean = proxy_mean)
}

# sensitivity = P(judge 1 | label 1), specificity = P(judge 0 | label 0).
judge_from_errors <- function(x, rate, call) {
  sensitivity <- check_number(x$sensitivity, 0, 1, arg = "sensitivity", call = call)
  specificity <- check_number(x$specificity, 0, 1, arg = "specificity", call = call)
  proxy_mean <- rate * sensitivity + (1 - rate) * (1 - specificity)
  if (proxy_mean <= 0 || proxy_mean >= 1) {
    abort_assumption(
      "With this {.field sensitivity} and {.field specificity} the judge always answers the same.",
      "A constant judge cannot help: leave it out to plan for human labels alone.", call
    )
  }
  spread <- sqrt(rate * (1 - rate) / (proxy_mean * (1 - proxy_mean)))
  list(correlation = (sensitivity + specificity - 1) * spread, proxy_mean = proxy_mean)
}

assumed_clusters <- function(x, labels, correlation, call) {
  if (!has_pair(x, c("cluster_size", "icc"), call)) {
    return(c(independent_rows, correlation = correlation, design_effect = 1))
  }
  icc <- check_number(x$icc, 0, 1, arg = "icc", call = call)
  sizes <- check_numeric_vector(x$cluster_size, arg = "cluster_size", call = call)
  if (length(sizes) == 0L) {
    abort_assumption("{.field cluster_size} is empty.",
                     "Give the mean size or the sizes of all clusters.", call)
  }
  check_between(sizes, 1, arg = "cluster_size", call = call)
  excess <- if (labels$binary) 1 / labels$sd^2 - 6 else 0
  c(as.list(cluster_effect_cpp(sizes, icc, correlation, excess)), whole_clusters = TRUE)
}

independent_rows <- list(base_share = 1, rows_per_unit = 1, unit_share = 1, unit_kurtosis = 0,
                         unequal_bias = 0, whole_clusters = FALSE)

words_of_list <- function(x, labels, judge) {
  what <- if (labels$binary) {
    paste("rate", format_number(labels$mean))
  } else {
    paste0("mean ", format_number(labels$mean), ", standard deviation ", format_number(labels$sd))
  }
  c(
    what,
    if (judge$correlation == 0) {
      "no judge"
    } else {
      paste("judge correlation", format_number(judge$correlation))
    },
    if (!is.null(x$icc)) {
      paste0("clusters of ", format(mean(x$cluster_size), digits = 3),
             " with intra-class correlation ", format_number(x$icc))
    }
  )
}

# --- a pilot -------------------------------------------------------------------

# The HC2 variances with and without the judge give its squared correlation; all
# else is scaled by the number of labels.
pilot_assumptions <- function(fit, call) {
  check_pilot(fit, call)
  variance <- fit$labels_only$inference$hc2
  rest <- 1 - fit$n_true / fit$n_rows
  gain <- if (fit$n_proxy > 0) (1 - fit$inference$hc2 / variance) / rest else 0
  correlation <- sqrt(min(max(gain, 0), 0.999))
  binary <- identical(as.double(fit$range), c(0, 1)) && fit$interval != "t"
  if (!binary && fit$interval == "beta") {
    inform_judicious(
      c(i = "Planned with the {.val t} interval. {.fn estimate_mean} reports the {.val beta} interval
             of bounded scores: as wide if they are well spread, wider near the ends of the range."),
      "plan_interval"
    )
  }
  list(
    binary = binary, mean = fit$estimate, variance = variance * fit$n_true,
    correlation = correlation, proxy_mean = if (binary) fit$estimate else 0.5,
    base_share = fit$inference$n_base / fit$n_true, rows_per_unit = 1,
    unit_share = if (is.na(fit$n_clusters)) 1 else fit$n_clusters / fit$n_rows,
    unit_kurtosis = 0, unequal_bias = 0, whole_clusters = FALSE, n_total = fit$n_rows,
    conf_level = fit$conf_level, metric = fit$metric, words = words_of_pilot(fit, correlation)
  )
}

check_pilot <- function(fit, call) {
  variance <- fit$labels_only$inference$hc2
  if (!isTRUE(variance > 0) || !isTRUE(fit$inference$hc2 > 0)) {
    abort_judicious(
      c("The labels of the pilot do not vary: they cannot tell what more labels would.",
        i = "Assume something instead, e.g. {.code list(rate = 0.02, correlation = 0.5)}."),
      "undefined", arg = "pilot", call = call
    )
  }
  problem <- if (fit$population == "finite") {
    c("The pilot was fitted with {.code population = \"finite\"}; plans are for the process behind
       the data.", i = "Fit it with {.code population = \"infinite\"}.")
  } else if (fit$n_proxy > 0 && fit$n_true == fit$n_rows) {
    c("Every item of the pilot is labelled, so its estimate does not use the judge.",
      i = "Add the unlabelled items of the pool, or give a list with the judge's
           {.field correlation} with the labels.")
  } else {
    return(invisible())
  }
  abort_judicious(problem, "design", arg = "pilot", call = call)
}

words_of_pilot <- function(fit, correlation) {
  c(
    paste0("a pilot of ", format_count(fit$n_true), " labels with estimate ",
           format_number(fit$estimate)),
    if (fit$n_proxy > 0) paste("judge correlation", format_number(correlation)) else "no judge",
    if (!is.na(fit$n_clusters)) "the pilot's clusters"
  )
}

# --- what the core is told -----------------------------------------------------

plan_core <- function(known, n_total) {
  c(known[c("binary", "mean", "variance", "correlation", "proxy_mean", "base_share",
            "rows_per_unit", "unit_share", "unit_kurtosis", "unequal_bias")],
    n_total = n_total)
}
