# From a parsed design to the core's numbers, and every complaint about the data
# that only the pass over the rows can raise.

fit_design <- function(design, settings, call) {
  fit <- run_core(design, settings, call)
  if (!fit$facts$nested) {
    design <- nest_clusters(design)
    fit <- run_core(design, settings, call)
  }
  check_design(design, settings, fit, call)
  tell_design(design, settings, fit, call)
  fit$fixed <- settings$rule == "fixed"
  fit$n_clusters <- if (is.null(design$clusters)) NA_real_ else sum(fit$strata$n_units)
  fit
}

# --- errors --------------------------------------------------------------------

check_design <- function(design, settings, fit, call) {
  if (is.null(design$summary)) {  # a summary was checked when its rows were there
    if (!fit$facts$prob_valid) abort_prob(design, call)
    check_values_finite(design, call, fit$facts)
  }
  check_labelled(design, settings, fit, call)
  if (fit$facts$mixed && settings$estimand == "clusters" && length(design$proxies) > 0L) {
    abort_judicious(
      c("The mean of cluster means needs clusters that are labelled whole or not at all.",
        i = "Use {.code estimand = \"rows\"}, which allows partly labelled clusters."),
      "design", arg = "clusters", call = call
    )
  }
  if (settings$finite) check_finite_design(design, fit, call)
}

check_values_finite <- function(design, call, facts) {
  labels_finite <- is.finite(c(facts$lowest_label, facts$highest_label))
  if (facts$finite && (all(labels_finite) || facts$lowest_label > facts$highest_label)) return()
  y <- column_values(design$y)
  abort_first(is.infinite(y), y, design$y$name, "must not be infinite", "finite", call)
  for (proxy in design$proxies) {
    f <- column_values(proxy)
    abort_first(is.na(f) | is.infinite(f), f, proxy$name,
                "is a judge and must have a finite value in every row", "finite", call,
                if (anyNA(f)) missing_judge_hint(proxy$name, swapped = !anyNA(y)))
  }
  abort_judicious(
    "The values are too large: their squares overflow. Rescale them, e.g. divide by 1e100.",
    "finite", call = call
  )
}

# Judges know all rows, people some.
missing_judge_hint <- function(name, swapped = FALSE) {
  if (swapped) {
    return("The left-hand side has no missing value: are the sides swapped? It is for the human
            labels, the right-hand side for judges.")
  }
  shown <- paste0("human ~ ifelse(is.na(", name, "), 0, ", name, ") + is.na(", name, ")")
  c(literal(paste0("Where a judge did not answer, an indicator of that can be a further judge: `",
                   shown, "`.")),
    "{.code missing_judge = \"indicator\"} of {.fun estimate_mean} does that.")
}

abort_first <- function(bad, x, name, rule, class, call, hint = NULL) {
  where <- which(bad)
  if (length(where) == 0L) return(invisible())
  abort_judicious(
    c("{.var {name}} {rule}.",
      x = "Row {where[1]} is {x[where[1]]} ({length(where)} such row{?s}).",
      hints(hint)),
    class, arg = name, where = where, call = call
  )
}

abort_prob <- function(design, call) {
  prob <- column_values(design$prob)
  labelled <- !is.na(column_values(design$y))
  abort_first(!is.na(prob) & (prob < 0 | prob > 1), prob, "prob", "must lie in [0, 1]",
              "prob", call)
  abort_first(labelled & (is.na(prob) | prob == 0), prob, "prob",
              "must be positive where a row is labelled", "prob", call)
  abort_first(!labelled & !is.na(prob) & prob == 1, prob, "prob",
              "is 1 for a row that nobody labelled: it must be below 1 there", "prob", call)
}

check_labelled <- function(design, settings, fit, call) {
  if (fit$identified) return(invisible())
  n <- fit$strata$n_labelled_units
  unit <- if (is.null(design$clusters)) "row" else "cluster"
  label <- design$label
  if (sum(n) == 0) {
    abort_judicious(
      c("{.var {label}} has no labels: every row is missing.",
        i = "The mean is not identified without human labels."),
      "no_labels", arg = label, call = call
    )
  }
  if (is.null(design$strata)) {
    abort_judicious(
      c("{.var {label}} has labels in only one {unit}.",
        i = "A variance needs at least two labelled {unit}s."),
      "few_labels", arg = label, call = call
    )
  }
  labels <- group_labels(design$strata)
  order <- group_order(design$strata)
  poor <- order[n[order] < 2][1]
  advice <- "Merge it with a similar stratum, or label more of it."
  whole <- "A stratum that is labelled whole is certain with {.code population = \"finite\"}."
  if (n[poor] == 0) {
    abort_judicious(
      c("Stratum {.val {labels[poor]}} has no labelled {unit}: its mean is not identified.",
        i = advice),
      "no_labels", arg = "strata", stratum = labels[poor], call = call
    )
  }
  abort_judicious(
    c("Stratum {.val {labels[poor]}} has only one labelled {unit}: no variance can be estimated.",
      i = paste(advice, "{.code lonely = \"pool\"} borrows the variance of the other strata."),
      i = if (fit$strata$n_units[poor] == 1) whole),
    "few_labels", arg = "strata", stratum = labels[poor], call = call
  )
}

check_finite_design <- function(design, fit, call) {
  refused <- if (fit$facts$mixed) {
    "partly labelled clusters"
  } else if (!is.null(design$prob) && !is.null(design$clusters) && !fit$facts$whole_clusters) {
    "clusters whose rows have different {.arg prob}"
  }
  if (is.null(refused)) return(invisible())
  abort_judicious(
    c(paste0("{.code population = \"finite\"} is not available for ", refused, "."),
      i = "Use {.code population = \"infinite\"}, which is never narrower."),
    "design", arg = "population", call = call
  )
}

# --- warnings and messages -----------------------------------------------------

tell_design <- function(design, settings, fit, call) {
  if (is.null(design$summary)) tell_dropped(design, fit, call)
  tell_not_random(fit$audit, design, call)
  tell_weights(design, fit, call)
  tell_judges(design, settings, fit, call)
}

tell_dropped <- function(design, fit, call) {
  n <- fit$facts$n_dropped
  if (n == 0) return(invisible())
  left <- sum(is.na(column_values(design$prob)))
  tell_rows_dropped(left, n - left, call)
}

# Rows whose prob is missing, and unlabelled ones whose prob is 0.
tell_rows_dropped <- function(left, zero, call) {
  if (left > 0) {
    inform_judicious(
      c(i = "Dropped {left} row{?s} that left the frame ({.arg prob} is missing)."), "dropped"
    )
  }
  if (zero > 0) {
    warn_judicious(
      c("Dropped {zero} unlabelled row{?s} with {.code prob = 0}.",
        i = "The estimate does not speak for rows that could never be labelled."),
      "dropped", call = call
    )
  }
}

tell_weights <- function(design, fit, call) {
  if (is.null(design$prob)) return(invisible())
  facts <- fit$facts
  if (is_dominated(fit)) {
    share <- paste0(format(100 * facts$highest_weight_share, digits = 2), " %")
    warn_judicious(
      c("A single label can dominate this estimate.",
        i = "The smallest {.arg prob} is {signif(facts$lowest_prob, 3)}; the heaviest label
             carries {share} of the weight."),
      "weights", call = call
    )
  }
}

tell_judges <- function(design, settings, fit, call) {
  n_proxies <- length(design$proxies)
  if (n_proxies == 0L) return(invisible())
  names <- vapply(design$proxies, function(p) p$name, "")
  constant <- names[which(fit$proxy_spread == 0)]
  if (length(constant) > 0L) {
    warn_judicious(
      "Constant judge{cli::qty(constant)}{?s} {.var {constant}} cannot help.",
      "constant_judge", arg = constant, call = call
    )
  }
  if (settings$rule == "fixed") return(invisible())
  if (any(fit$strata$too_few_labels > 0)) {
    warn_judicious(
      c("Too few labels to weigh {n_proxies} judge{?s}: the human labels alone are used.",
        i = "Label at least {n_proxies + 2} units, in every stratum if weights are not pooled."),
      "few_labels", call = call
    )
    return(invisible())
  }
  units <- fit$strata$n_labelled_units
  n <- if (fit$pooled) sum(units) else min(units)
  if (n < 10 * n_proxies) {
    warn_judicious(
      c("{n} label{?s} for {n_proxies} judge{?s}: the weight of the judge is uncertain.",
        i = "Ten labels per judge are a sensible minimum."),
      "few_labels", call = call
    )
  }
}
