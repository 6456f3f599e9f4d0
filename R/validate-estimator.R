#' Describe an estimator to validate
#'
#' [estimate_mean()] with its arguments, but without the data: what [validate_coverage()] applies to
#' every simulated data set. With several presets or intervals it stands for as many methods. It is
#' itself a function: call it on one data set to see the estimates.
#'
#' @param formula As in [estimate_mean()]; a [simulator()] calls the human labels `human` and the
#'   judges `y_proxy`, or `y_proxy_1`, `y_proxy_2`, ...
#' @param ... Further arguments of [estimate_mean()], such as `strata = stratum`,
#'   `clusters = cluster`, `prob = prob`, `power_tuning`, `estimand` or `range`.
#' @param preset,interval As in [estimate_mean()], one or several each; all combinations become
#'   methods. `interval = NULL` is that of the preset.
#' @return A function of class `judicious_estimator` with one argument, a data frame. It returns a
#'   `judicious_estimate`, or a list of them, one per method.
#' @section Errors:
#' `judicious_error_input` if an argument is not one of [estimate_mean()], `judicious_error_choice`
#' if a preset or interval is unknown. What cannot be seen without data is said by
#' [validate_coverage()].
#' @seealso [validate_coverage()], [simulator()]
#' @examples
#' both <- estimator(human ~ y_proxy, interval = c("beta", "normal"))
#' both
#'
#' set.seed(1)
#' logs <- simulator(simulate_binary, n = 2000, true_mean = 0.1, proxy_mean = 0.05,
#'                   correlation = 0.6, n_labelled = 100)
#' both(logs())
#'
#' # labels alone, in strata
#' estimator(human ~ 1, strata = stratum, preset = c("recommended", "published"))
#' @export
estimator <- function(formula = human ~ y_proxy, ..., preset = "recommended", interval = NULL) {
  call <- rlang::current_env()
  args <- estimator_args(rlang::enquos(...), call)
  if (!rlang::is_formula(formula, lhs = TRUE)) {
    abort_judicious("{.arg formula} must name the human labels and the judges, such as
                    {.code human ~ y_proxy}.", "formula", arg = "formula", call = call)
  }
  check_choices(preset, names(presets), call = call)
  if (!is.null(interval)) check_choices(interval, interval_types, call = call)
  methods <- lapply(unique(preset), function(p) {
    wanted <- interval %||% presets[[p]]$interval
    lapply(unique(wanted), function(i) new_method(formula, args, p, i, wanted))
  })
  methods <- unlist(methods, recursive = FALSE)
  names(methods) <- vapply(methods, function(m) m$name, "")
  new_estimator(methods)
}

new_estimator <- function(methods) {
  run <- function(data) {
    fits <- lapply(methods, function(method) method$run(data))
    if (length(fits) == 1L) fits[[1]] else fits
  }
  structure(run, methods = methods, class = "judicious_estimator")
}

check_choices <- function(x, choices, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  force(arg)
  if (length(x) == 0L) {
    abort_judicious("{.arg {arg}} must have at least one element.", "length", arg = arg,
                    call = call)
  }
  for (one in as.list(x)) check_choice(one, choices, arg = arg, call = call)
}

# Arguments that name columns stay quosures, the others are values.
design_args <- c("strata", "clusters", "prob")

estimator_args <- function(quosures, call) {
  allowed <- setdiff(names(formals(estimate_mean)),
                     c("formula", "data", "...", "preset", "interval", "threads"))
  bad <- which(!names(quosures) %in% allowed)
  if (length(bad) > 0L) {
    name <- names(quosures)[bad[1]]
    abort_judicious(
      c("Further arguments must be named ones of {.fn estimate_mean}.",
        x = if (name == "") "Argument {bad[1]} of them has no name." else
          "{.arg {name}} is none, or belongs to {.fn validate_coverage}."),
      "input", arg = name, call = call
    )
  }
  columns <- names(quosures) %in% design_args
  c(unclass(quosures)[columns], lapply(quosures[!columns], rlang::eval_tidy))
}

# Settings of one interval among several are not the others'.
new_method <- function(formula, args, preset, interval, wanted) {
  of_t <- c("auto", "t")
  others <- c(
    if (interval != "bootstrap" && "bootstrap" %in% wanted) c("n_boot", "boot_interval"),
    if (!interval %in% of_t && any(of_t %in% wanted)) "skew"
  )
  given <- c(args[setdiff(names(args), others)], list(preset = preset, interval = interval))
  list(
    name = paste0(preset, ", ", interval), formula = formula, args = args, preset = preset,
    interval = interval,
    run = function(data) rlang::inject(estimate_mean(formula, data, !!!given))
  )
}

# A function of the user: which interval it wants is unknown.
user_method <- function(run, name) list(name = name, run = run, interval = "auto")

# --- what validate_coverage() is given -----------------------------------------

# A flat list of methods, named.
as_methods <- function(estimate, call) {
  if (is.function(estimate)) {
    methods <- expand_methods(estimate, "")
  } else {
    check_estimate_list(estimate, call)
    methods <- unlist(Map(expand_methods, estimate, rlang::names2(estimate)), recursive = FALSE,
                      use.names = FALSE)
  }
  names <- make.unique(vapply(methods, function(m) m$name, ""), sep = " ")
  Map(function(method, name) {
    method$name <- name
    method
  }, methods, names)
}

check_estimate_list <- function(estimate, call) {
  is_function <- is.list(estimate) && length(estimate) > 0L &&
    all(vapply(estimate, is.function, NA))
  if (is_function) return(invisible())
  abort_judicious(
    c("{.arg estimate} must be an {.fn estimator}, a function of the data, or a list of these.",
      x = "It is {.obj_type_friendly {estimate}}."),
    "type", arg = "estimate", call = call
  )
}

expand_methods <- function(estimate, name) {
  if (!inherits(estimate, "judicious_estimator")) {
    return(list(user_method(estimate, if (name == "") "estimate" else name)))
  }
  methods <- unname(attr(estimate, "methods"))
  if (name == "") return(methods)
  lapply(methods, function(method) {
    method$name <- if (length(methods) == 1L) name else paste0(name, ": ", method$name)
    method
  })
}

# --- for the core --------------------------------------------------------------

# Arguments the core's loop understands; with others the loop runs in R.
core_args <- c(design_args, "estimand", "power_tuning", "pool_strata", "center", "range",
               "strata_weights", "lonely", "skew", "n_boot", "boot_interval", "conf_level",
               "population", "metric", "guard")

# A method as the core reads it, or NULL. `data` is one data set of the simulator;
# mistakes in the arguments are found on it, before the loop.
core_method <- function(method, plan, data, call) {
  if (is.null(method$formula)) return(NULL)
  muffle_judicious(check_method(method, data, call))
  if (!all(names(method$args) %in% core_args)) return(NULL)
  columns <- lapply(method$args[intersect(design_args, names(method$args))], rlang::quo_squash)
  columns <- Filter(Negate(is.null), columns)
  own <- c(strata = "stratum", clusters = "cluster", prob = "prob")
  is_own <- function(column, arg) {
    identical(column, as.name(own[[arg]])) && own[[arg]] %in% names(data)
  }
  design <- parse_method(method, data, call)
  proxies <- grep("^y_proxy", names(data), value = TRUE)
  judges <- match(vapply(design$proxies, function(p) p$name, ""), proxies)
  known <- all(unlist(Map(is_own, columns, names(columns)))) && !anyNA(judges) &&
    design$label == "human"
  if (!known || identical(method$args$population, "finite")) return(NULL)
  core_settings(method, design, judges, call)
}

parse_method <- function(method, data, call) {
  column <- function(name) method$args[[name]] %||% rlang::quo(NULL)
  parse_design(method$formula, data, column("strata"), column("clusters"), column("prob"), call)
}

core_settings <- function(method, design, judges, call) {
  args <- method$args
  given <- c(args[intersect(names(args), c("power_tuning", "pool_strata", "center"))],
             list(interval = method$interval))
  settings <- estimate_settings(method$preset, given, length(judges), design, call)
  settings$interval <- NULL
  bca <- identical(args$boot_interval, "bca")
  skew <- isTRUE(args$skew)
  list(
    intervals = method$interval,  # first: share_fits() compares the rest
    options = c(settings, list(
      estimand = args$estimand %||% "rows", finite = FALSE,
      lonely_pool = identical(args$lonely, "pool"), skew = skew, third_moments = skew || bca,
      verdict = identical(args$guard, "verdict"),
      weights = check_strata_weights(args$strata_weights, design$strata, call)
    )),
    judges = as.double(judges), strata = !is.null(design$strata),
    clusters = !is.null(design$clusters), prob = !is.null(design$prob),
    published = method$preset == "published", skew = skew, range = as.double(args$range),
    conf_level = args$conf_level %||% 0.95, n_boot = args$n_boot %||% 2000, bca = bca
  )
}

# Errors of the data (too few labels, say) are the loop's to count; all others
# come from the arguments, and would come every time.
check_method <- function(method, data, call) {
  label <- rlang::as_label(rlang::f_lhs(method$formula))
  rlang::try_fetch(
    method$run(data),
    judicious_error = function(cnd) {
      of_data <- inherits(cnd, c("judicious_error_no_labels", "judicious_error_few_labels",
                                 "judicious_error_undefined"))
      if (of_data || identical(cnd$arg, label)) return(NULL)
      abort_judicious("Method {.val {method$name}} cannot be applied to the simulated data.",
                      "input", arg = "estimate", parent = cnd, call = call)
    }
  )
}

# --- printing ------------------------------------------------------------------

#' @export
format.judicious_estimator <- function(x, ...) {
  methods <- attr(x, "methods")
  args <- methods[[1]]$args
  shown <- vapply(args, function(arg) {
    paste(deparse(if (rlang::is_quosure(arg)) rlang::quo_squash(arg) else arg), collapse = " ")
  }, "")
  further <- if (length(args) > 0L) paste0(", ", names(shown), " = ", shown, collapse = "")
  formula <- paste(deparse(methods[[1]]$formula), collapse = " ")
  c(paste0("estimate_mean(", formula, further, ")"), paste0("- ", names(methods)))
}

#' @export
print.judicious_estimator <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}
