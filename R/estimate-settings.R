# The knobs of estimate_mean(): what a preset fills in, and what is allowed.

presets <- list(
  recommended = list(power_tuning = "optimal", pool_strata = "automatic", center = TRUE,
                     interval = "auto", shrink = TRUE, guard = TRUE),
  published = list(power_tuning = "ppi++", pool_strata = FALSE, center = FALSE,
                   interval = "normal", shrink = FALSE, guard = FALSE)
)

interval_types <- c("auto", "beta", "wilson", "t", "normal", "bootstrap")

# Arguments given by the user win over the preset.
estimate_settings <- function(preset, given, n_proxies, design, call) {
  defaults <- presets[[preset]]
  knobs <- utils::modifyList(defaults, Filter(Negate(is.null), given))
  tuning <- tuning_rule(knobs$power_tuning, n_proxies, call)
  check_choice(knobs$interval, interval_types, arg = "interval", call = call)
  knobs$center <- check_flag(knobs$center, arg = "center", call = call)
  c(
    knobs[c("interval", "center")],
    tuning,
    list(
      shrink = knobs$shrink && tuning$rule == "optimal",
      guard = knobs$guard,
      pooling = pooling_rule(knobs$pool_strata, call),
      clustered = !is.null(design$clusters)
    )
  )
}

# An argument that asks for what cannot be in this call is a mistake. `given`: names of what the
# user asked for; FALSE asks for nothing.
check_effects <- function(given, design, interval, call) {
  effects <- list(
    list(c("power_tuning", "missing_judge"), length(design$proxies) > 0L,
         "needs a judge in {.arg formula}"),
    list(c("pool_strata", "lonely"), !is.null(design$strata), "needs {.arg strata}"),
    list("center", !is.null(design$prob), "needs {.arg prob}"),
    list("guard", interval %in% c("auto", "beta", "wilson", "mover"),
         "is about the {.val beta} interval and those like it"),
    list(c("n_boot", "boot_interval"), identical(interval, "bootstrap"),
         "needs {.code interval = \"bootstrap\"}"),
    list("skew", interval %in% c("auto", "t"), "corrects the {.val t} interval only")
  )
  for (effect in effects) {
    useless <- intersect(effect[[1]], given)
    if (effect[[2]] || length(useless) == 0L) next
    abort_no_effect(useless[1], effect[[3]], call)
  }
}

abort_no_effect <- function(arg, why, call) {
  abort_judicious(
    c(paste0("{.arg {arg}} has no effect here: it ", why, "."), i = "Leave it out."),
    "no_effect", arg = arg, call = call
  )
}

# Only the fit tells what "auto" became.
check_skew <- function(skew, wanted, interval, call) {
  if (skew && wanted == "auto" && interval %in% c("beta", "wilson")) {
    abort_no_effect("skew", paste0(
      "corrects the {.val t} interval, and {.code interval = \"auto\"} became {.val ", interval,
      "}; {.code interval = \"t\"} asks for it"
    ), call)
  }
}

# Given as a word, a flag or fixed numbers; the core gets a rule and numbers.
tuning_rule <- function(power_tuning, n_proxies, call) {
  if (is.character(power_tuning)) {
    rule <- check_choice(power_tuning, c("optimal", "ppi++"), arg = "power_tuning", call = call)
    return(list(rule = rule, fixed = numeric()))
  }
  if (isTRUE(power_tuning)) return(list(rule = "optimal", fixed = numeric()))
  if (isFALSE(power_tuning)) {
    return(list(rule = "fixed", fixed = rep(1 / sqrt(max(n_proxies, 1)), n_proxies)))
  }
  if (!is.numeric(power_tuning)) {
    abort_judicious(
      c("{.arg power_tuning} must be {.val optimal}, {.val ppi++}, FALSE or numbers.",
        x = "It is {.obj_type_friendly {power_tuning}}."),
      "choice", arg = "power_tuning", call = call
    )
  }
  if (!length(power_tuning) %in% c(1L, n_proxies) || n_proxies == 0L) {
    abort_judicious(
      c("{.arg power_tuning} must have one number, or one per judge ({n_proxies}).",
        x = "It has {length(power_tuning)}."),
      "length", arg = "power_tuning", call = call
    )
  }
  check_finite(power_tuning, arg = "power_tuning", call = call)
  check_between(power_tuning, -1e100, 1e100, arg = "power_tuning", call = call)  # squares overflow
  list(rule = "fixed", fixed = rep_len(as.double(power_tuning), n_proxies))
}

pooling_rule <- function(pool_strata, call) {
  if (identical(pool_strata, "automatic")) return("automatic")
  if (check_flag(pool_strata, arg = "pool_strata", call = call)) "pooled" else "own"
}

check_range <- function(range, call) {
  if (is.null(range)) return(NULL)
  if (!is.numeric(range) || length(range) != 2L || anyNA(range) || !all(is.finite(range)) ||
        range[1] >= range[2]) {
    abort_judicious(
      c("{.arg range} must be two finite numbers, the lowest and the highest possible value.",
        i = "For example {.code range = c(1, 5)}."),
      "range", arg = "range", call = call
    )
  }
  as.double(range)
}

check_metric <- function(metric, label, call) {
  if (is.null(metric)) return(paste("Mean of", label))
  check_string(metric, arg = "metric", call = call)
}

# Weights of the strata in code order, from a vector named by stratum.
check_strata_weights <- function(weights, strata, call) {
  if (is.null(weights)) return(numeric())
  if (is.null(strata)) {
    abort_judicious("{.arg strata_weights} needs {.arg strata}.", "design",
                    arg = "strata_weights", call = call)
  }
  labels <- group_labels(strata)
  if (!is.numeric(weights) || is.null(names(weights)) || !setequal(names(weights), labels) ||
        length(weights) != length(labels)) {
    abort_judicious(
      c("{.arg strata_weights} must be numbers named by the strata.",
        i = "The strata are {.val {labels}}."),
      "length", arg = "strata_weights", call = call
    )
  }
  check_finite(weights, arg = "strata_weights", call = call)
  check_between(weights, 0, 1, arg = "strata_weights", call = call)
  if (abs(sum(weights) - 1) > 1e-8) {
    abort_judicious(c("{.arg strata_weights} must sum to 1.", x = "They sum to {sum(weights)}."),
                    "weights", arg = "strata_weights", call = call)
  }
  as.double(weights[labels])
}

check_estimand <- function(estimand, design, call) {
  if (estimand == "clusters" && is.null(design$clusters)) {
    abort_judicious(
      c("{.code estimand = \"clusters\"} needs {.arg clusters}.",
        i = "It is the mean of cluster means; without clusters use {.code estimand = \"rows\"}."),
      "design", arg = "estimand", call = call
    )
  }
}

# The assumption is about rows with one verdict: it needs judges and prob.
check_guard_of_rows <- function(guard, missing_judge, call) {
  needs <- c(if (guard != "robust") "guard", if (missing_judge != "error") "missing_judge")
  if (length(needs) == 0L) return(invisible())
  chosen <- c(guard = guard, missing_judge = missing_judge)[[needs[1]]]
  abort_judicious(
    c("{.code {needs[1]} = \"{chosen}\"} needs the rows, which are in a database.",
      i = "Leave it out, or {.fun collect} the table."),
    "design", arg = needs[1], call = call
  )
}

check_guard <- function(guard, design, call) {
  if (guard == "robust") return(invisible())
  lacks <- c(if (is.null(design$prob)) "prob", if (length(design$proxies) == 0L) "judge")
  if (length(lacks) == 0L) return(invisible())
  abort_judicious(
    c("{.code guard = \"verdict\"} compares {.arg prob} among rows with one verdict of the judge.",
      x = "There is no {lacks}.",
      i = "Use {.code guard = \"robust\"}, the default."),
    "design", arg = "guard", call = call
  )
}
