#' Describe data sets to simulate
#'
#' A simulator with its arguments and the way human labels are drawn: what [validate_coverage()]
#' simulates again and again. It is itself a function: call it to see one data set.
#'
#' @param simulate One of our simulators: [simulate_binary], [simulate_binary_strata],
#'   [simulate_binary_clusters], [simulate_binary_active] or [simulate_gaussian]; or its name.
#' @param ... The simulator's own arguments, but for `threads`.
#' @param n_labelled How many rows are labelled. Strata: in every stratum, one number or one per
#'   stratum. Whole clusters (`sampling = "clusters"`): how many clusters.
#' @param sampling How labels are drawn. `NULL`: the first that fits the simulator.
#'   - `"rows"`: a simple random sample of rows, as by [sample_uniform()], within every stratum; for
#'     all simulators but `simulate_binary_active`;
#'   - `"clusters"`: whole clusters, as by [sample_clusters()]; `simulate_binary_clusters` only, and
#'     its default;
#'   - `"pivotal"`, `"poisson"`: with probabilities that follow the uncertainty, by one of the
#'     methods of [sample_active()]; `"pivotal"` is the default of `simulate_binary_active`;
#'   - `"independent"`: as `"poisson"`, but without a cut-off: `n_labelled` is the expected number
#'     of labels.
#' @param oversample How much likelier a row that the (first) judge flags is to be labelled than any
#'   other, for simulators without `uncertainty`: with it, `sampling` is `"independent"` unless
#'   given. A number above 0.
#' @param mix Labels drawn by uncertainty (`simulate_binary_active`): the share drawn at random, as
#'   in [sample_active()]. `NULL`: the mix that it would choose, anew for every data set; 0: the
#'   published rule.
#' @return A function of class `judicious_simulator`, without arguments. It returns a data frame
#'   with the simulator's columns (`y_true` is known everywhere), `human` (the label, `NA` where
#'   nobody labelled the row) and `prob` (the row's inclusion probability, `NA` where it left the
#'   frame). Labels and judges are doubles.
#' @section Randomness:
#' `set.seed()` governs every call.
#' @section Errors:
#' Those of the simulator, and `judicious_error_choice`, `judicious_error_range` or
#' `judicious_error_length` if the labels cannot be drawn in that way.
#' @seealso [validate_coverage()], [estimator()]
#' @examples
#' logs <- simulator(simulate_binary, n = 2000, true_mean = 0.1, proxy_mean = 0.05,
#'                   correlation = 0.6, n_labelled = 100)
#' logs
#' set.seed(1)
#' head(logs())
#'
#' # whole conversations are labelled
#' simulator(simulate_binary_clusters, n = 2000, n_clusters = 400, true_mean = 0.1,
#'           proxy_mean = 0.1, correlation = 0.6, diversity = 0.7, n_labelled = 50)
#'
#' # rows the judge flags are four times as likely to be labelled
#' simulator(simulate_binary, n = 2000, true_mean = 0.1, proxy_mean = 0.1, correlation = 0.6,
#'           n_labelled = 100, oversample = 4)
#' @export
simulator <- function(simulate, ..., n_labelled, sampling = NULL, oversample = NULL,
                      mix = NULL) {
  call <- rlang::current_env()
  kind <- simulator_kind(simulate, call)
  args <- simulator_args(kind, list(...), call)
  plan <- rlang::exec(simulator_kinds[[kind]]$plan, !!!args, call = call)
  plan$kind <- kind
  plan$sampling <- check_sampling(sampling, kind, oversample, call)
  plan$oversample <- check_oversample(oversample, kind, plan$sampling, call)
  plan["mix"] <- list(check_simulator_mix(mix, kind, call))
  if (missing(n_labelled)) {
    abort_judicious("{.arg n_labelled} must be given: how many rows do humans label?", "missing",
                    arg = "n_labelled", call = call)
  }
  plan$n_labelled <- check_n_labelled(n_labelled, plan, call)
  plan$label <- format_call(kind, args)
  new_simulator(plan)
}

new_simulator <- function(plan) {
  structure(function() simulate_plan(plan, coverage_seed_cpp(), 0), plan = plan,
            class = "judicious_simulator")
}

is_simulator <- function(x) inherits(x, "judicious_simulator")

simulator_plan <- function(x) attr(x, "plan")

# One data set; replicate i of a coverage study is simulate_plan(plan, seed, i).
simulate_plan <- function(plan, seed, replicate) {
  rows <- simulated_rows_cpp(plan, seed, replicate)
  own <- switch(plan$kind,
    binary_clusters = list(cluster = rows$cluster),
    binary_strata = list(stratum = stratum_column(plan$n, plan$strata)),
    binary_active = list(uncertainty = rows$uncertainty)
  )
  missing_as_na <- function(x) replace(x, is.na(x), NA)
  rlang::inject(new_simulation(
    c(list(y_true = rows$y_true), rows$y_proxy), !!!own, human = missing_as_na(rows$human),
    prob = missing_as_na(rows$prob)
  ))
}

# --- the simulators ------------------------------------------------------------

# Per simulator: the ways to draw labels, the default first, and a function that
# checks its arguments like the simulator itself and adds the true mean.
simulator_kinds <- list(
  binary = list(
    sampling = c("rows", "independent", "poisson", "pivotal"),
    plan = function(n, true_mean, proxy_mean, correlation, call) {
      c(list(n = check_size(n, arg = "n", call = call)),
        plan_judges(true_mean, proxy_mean, correlation, call))
    }
  ),
  binary_strata = list(
    sampling = "rows",
    plan = function(n, true_mean, proxy_mean, correlation, call) {
      plan <- recycle_parameters(
        n = check_stratum_sizes(n, call = call),
        true_mean = check_mean(true_mean, arg = "true_mean", call = call),
        proxy_mean = check_mean(proxy_mean, arg = "proxy_mean", call = call),
        correlation = check_correlation(correlation, arg = "correlation", call = call),
        per = "stratum", call = call
      )
      check_feasible(plan$true_mean, plan$proxy_mean, plan$correlation, "stratum", call = call)
      c(plan, list(truth = sum(plan$n * plan$true_mean) / sum(plan$n), strata = names(true_mean)))
    }
  ),
  binary_clusters = list(
    sampling = c("clusters", "rows"),
    plan = function(n, n_clusters, true_mean, proxy_mean, correlation, diversity = 0.9, call) {
      n <- check_size(n, arg = "n", call = call)
      c(list(n = n, n_clusters = check_draws(n_clusters, n, "rows", "n_clusters", call = call),
             diversity = check_number(diversity, 0, 1, arg = "diversity", call = call)),
        plan_judges(true_mean, proxy_mean, correlation, call))
    }
  ),
  binary_active = list(
    sampling = c("pivotal", "poisson", "independent"),
    plan = function(n, true_mean, proxy_mean, correlation, call) {
      check_number(proxy_mean, arg = "proxy_mean", call = call)
      check_number(correlation, arg = "correlation", call = call)
      c(list(n = check_size(n, arg = "n", call = call)),
        plan_judges(true_mean, proxy_mean, correlation, call))
    }
  ),
  gaussian = list(
    sampling = "rows",
    plan = function(n, true_mean, true_sd, proxy_mean, proxy_sd, correlation, call) {
      judges <- recycle_parameters(
        proxy_mean = check_numeric_vector(proxy_mean, arg = "proxy_mean", call = call),
        proxy_sd = check_numeric_vector(proxy_sd, arg = "proxy_sd", call = call),
        correlation = check_correlation(correlation, arg = "correlation", call = call),
        per = "judge", call = call
      )
      check_between(judges$proxy_sd, 0, open = TRUE, arg = "proxy_sd", call = call)
      true_mean <- check_number(true_mean, arg = "true_mean", call = call)
      c(list(n = check_size(n, arg = "n", call = call), true_mean = true_mean, truth = true_mean,
             true_sd = check_number(true_sd, 0, open = TRUE, arg = "true_sd", call = call)),
        judges)
    }
  )
)

plan_judges <- function(true_mean, proxy_mean, correlation, call) {
  true_mean <- check_number(true_mean, 0, 1, open = TRUE, arg = "true_mean", call = call)
  c(list(true_mean = true_mean, truth = true_mean),
    check_binary_judges(true_mean, proxy_mean, correlation, call = call))
}

simulator_kind <- function(simulate, call) {
  kinds <- names(simulator_kinds)
  if (is.character(simulate)) {
    return(check_choice(sub("^simulate_", "", simulate), kinds, arg = "simulate", call = call))
  }
  for (kind in kinds) {
    if (identical(simulate, get(paste0("simulate_", kind)))) return(kind)
  }
  abort_judicious(
    c("{.arg simulate} must be one of {.or {.fn {paste0('simulate_', kinds)}}}.",
      i = "{.fn validate_coverage} also takes any function that returns a data frame."),
    "choice", arg = "simulate", call = call
  )
}

# The arguments by name, as the simulator would match them.
simulator_args <- function(kind, given, call) {
  formals <- formals(simulator_kinds[[kind]]$plan)
  formals$call <- NULL
  unknown <- setdiff(names(given), c(names(formals), ""))
  free <- setdiff(names(formals), names(given))
  unnamed <- if (is.null(names(given))) seq_along(given) else which(names(given) == "")
  if (length(unknown) > 0L || length(unnamed) > length(free)) {
    abort_judicious(
      c("{.fn simulate_{kind}} has the arguments {.arg {names(formals)}}.",
        x = if (length(unknown) > 0L) "{.arg {unknown[1]}} is none of them." else
          "There are more arguments than that."),
      "input", arg = unknown, call = call
    )
  }
  names(given)[unnamed] <- free[seq_along(unnamed)]
  required <- names(formals)[vapply(formals, function(x) rlang::is_missing(x), NA)]
  missing <- setdiff(required, names(given))
  if (length(missing) > 0L) {
    abort_judicious("{.arg {missing[1]}} must be given: {.fn simulate_{kind}} needs it.",
                    "missing", arg = missing, call = call)
  }
  given[intersect(names(formals), names(given))]
}

# --- the labels ----------------------------------------------------------------

check_sampling <- function(sampling, kind, oversample, call) {
  allowed <- simulator_kinds[[kind]]$sampling
  if (is.null(sampling)) {
    return(if (is.null(oversample) || length(allowed) == 1L) allowed[1] else "independent")
  }
  check_choice(sampling, allowed, arg = "sampling", call = call)
}

check_oversample <- function(oversample, kind, sampling, call) {
  if (is.null(oversample)) return(1)
  if (kind != "binary" || sampling == "rows") {
    abort_judicious(
      c("{.arg oversample} needs {.fn simulate_binary} and labels drawn by probability.",
        i = "Give {.code sampling = \"independent\"}, {.val poisson} or {.val pivotal}."),
      "design", arg = "oversample", call = call
    )
  }
  check_number(oversample, 0, open = TRUE, arg = "oversample", call = call)
}

# Flagged rows are as much likelier as was asked for.
check_simulator_mix <- function(mix, kind, call) {
  if (kind == "binary_active") return(check_mix(mix, call = call))
  if (!is.null(mix)) {
    abort_judicious(
      c("{.arg mix} needs labels drawn by uncertainty.",
        i = "Only {.fn simulate_binary_active} has uncertainties."),
      "design", arg = "mix", call = call
    )
  }
  0
}

check_n_labelled <- function(n_labelled, plan, call) {
  n_labelled <- check_numeric_vector(n_labelled, arg = "n_labelled", call = call)
  room <- if (plan$sampling == "clusters") plan$n_clusters else plan$n
  if (length(n_labelled) == 1L) n_labelled <- rep(n_labelled, length(room))
  check_length(n_labelled, length(room), arg = "n_labelled", n_arg = "stratum", call = call)
  check_between(n_labelled, 1, arg = "n_labelled", call = call)
  bad <- which(n_labelled > room | n_labelled != floor(n_labelled))
  if (length(bad) > 0L) {
    unit <- if (plan$sampling == "clusters") "clusters" else "rows"
    abort_judicious(
      "{.arg n_labelled} must be a whole number of at most {room[bad[1]]} {unit}, not
       {n_labelled[bad[1]]}.",
      "range", arg = "n_labelled", where = bad, call = call
    )
  }
  n_labelled
}

# --- printing ------------------------------------------------------------------

format_call <- function(kind, args) {
  shown <- vapply(args, function(x) paste(deparse(unname(x)), collapse = " "), "")
  paste0("simulate_", kind, "(", paste(names(shown), "=", shown, collapse = ", "), ")")
}

format_labels <- function(plan) {
  n <- paste(vapply(plan$n_labelled, format_count, ""), collapse = ", ")
  how <- switch(plan$sampling,
    rows = if (length(plan$n) > 1L) "labelled rows in the strata" else "labelled rows",
    clusters = "labelled clusters",
    poisson = "labels at most, by uncertainty (\"poisson\")",
    pivotal = "labels, by uncertainty (\"pivotal\")",
    independent = "labels on average, by uncertainty (\"independent\")"
  )
  flagged <- if (plan$oversample != 1) {
    paste0("; flagged rows ", format(plan$oversample), " times as likely")
  }
  paste0(n, " ", how, flagged, format_simulator_mix(plan))
}

format_simulator_mix <- function(plan) {
  if (plan$kind != "binary_active") return(NULL)
  if (is.null(plan$mix)) return(", with the mix that sample_active() chooses")
  paste0(", mix ", format(plan$mix))
}

#' @export
format.judicious_simulator <- function(x, ...) {
  plan <- simulator_plan(x)
  c(plan$label, format_labels(plan), paste("true mean", format_number(plan$truth)))
}

#' @export
print.judicious_simulator <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}
