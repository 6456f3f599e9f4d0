# What the rest of R expects of a fitted model.

#' @importFrom generics tidy
#' @export
generics::tidy

#' @importFrom generics glance
#' @export
generics::glance

#' @importFrom generics augment
#' @export
generics::augment

#' @rdname judicious_estimate
#' @export
coef.judicious_estimate <- function(object, ...) {
  check_dots(...)
  stats::setNames(object$estimate, object$metric)
}

#' @rdname judicious_estimate
#' @export
vcov.judicious_estimate <- function(object, ...) {
  check_dots(...)
  matrix(object$std_error^2, 1, 1, dimnames = list(object$metric, object$metric))
}

#' @rdname judicious_estimate
#' @importFrom stats nobs
#' @export
nobs.judicious_estimate <- function(object, ...) {
  check_dots(...)
  object$n_true
}

#' @rdname judicious_estimate
#' @importFrom stats confint
#' @export
confint.judicious_estimate <- function(object, parm, level = object$conf_level, ...) {
  check_dots(...)
  if (!missing(parm)) {
    # confint(fit, 0.9): there is one parameter, so the number is the level.
    is_level <- rlang::is_bare_numeric(parm, 1L) && parm > 0 && parm < 1
    if (is_level && missing(level)) level <- parm else check_parm(parm, object)
  }
  level <- check_conf_level(level)
  bounds <- interval_bounds(object$inference, object$interval, level)
  tails <- 100 * c((1 - level) / 2, (1 + level) / 2)
  matrix(bounds, 1, 2,
         dimnames = list(object$metric, paste(format(tails, trim = TRUE, digits = 3), "%")))
}

check_parm <- function(parm, object, call = rlang::caller_env()) {
  if (identical(parm, object$metric) || rlang::is_bare_numeric(parm, 1L) && parm %in% 1) {
    return(invisible())
  }
  abort_judicious(
    c("{.arg parm} must be 1 or {.val {object$metric}}: there is one parameter.",
      i = "The level is {.code confint(fit, level = 0.9)}."),
    "parm", arg = "parm", call = call
  )
}

#' @rdname judicious_estimate
#' @importFrom stats formula
#' @export
formula.judicious_estimate <- function(x, ...) {
  check_dots(...)
  x$inference$terms$formula
}

#' @rdname judicious_estimate
#' @importFrom stats update
#' @export
update.judicious_estimate <- function(object, formula., ..., evaluate = TRUE) {
  evaluate <- check_flag(evaluate)
  call <- object$call
  if (!rlang::is_call(call)) {
    abort_judicious("The estimate has no call to update.", "undefined", arg = "object")
  }
  if (!missing(formula.)) {
    if (!rlang::is_formula(formula.)) {
      abort_judicious("{.arg formula.} must be a formula, not {.obj_type_friendly {formula.}}.",
                      "type", arg = "formula.")
    }
    call$formula <- stats::update.formula(stats::formula(object), formula.)
  }
  changed <- as.list(substitute(list(...)))[-1]
  if (any(rlang::names2(changed) == "")) {
    abort_judicious("What is updated must be named, for example {.code interval = \"t\"}.",
                    "argument", arg = "...")
  }
  for (name in names(changed)) call[[name]] <- changed[[name]]
  if (evaluate) eval(call, parent.frame()) else call
}

#' Tidy an estimate
#'
#' @param x A `judicious_estimate`.
#' @param conf_level,conf.level Confidence level; `NULL`: that of the fit. `conf.level` is broom's
#'   name of it.
#' @param conf.int `FALSE` leaves out the interval.
#' @param data For `augment()`: the data the estimate came from; `NULL`: found by its call.
#' @param ... Not used.
#' @return `tidy()`: a data frame with one row and the columns `term`, `estimate`, `std.error`,
#'   `conf.low`, `conf.high`, `conf.level`, `method`, `n_true`, `n_proxy`, `n_effective`.
#'   `glance()`: one row of facts about the fit: `method`, `interval`, `preset`, `estimand`,
#'   `population`, `df`, `n_true`, `n_proxy`, `n_rows`, `n_clusters`, `n_strata`, `n_effective`.
#'   `augment()`: `data` with `.fitted`, what the judges at their weights (`lambda`) predict for
#'   each row, and `.resid`, the human label minus that (`NA` where there is none). Without `prob`,
#'   the mean of `.fitted` over the rows of a stratum is its estimate.
#' @seealso [estimate_mean()]
#' @examples
#' fit <- estimate_mean(c(1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0) ~ 1)
#' tidy(fit)
#' tidy(fit, conf.int = FALSE)
#' glance(fit)
#' @name tidy.judicious_estimate
#' @export
tidy.judicious_estimate <- function(x, conf_level = NULL, conf.int = TRUE, conf.level = NULL,
                                    ...) {
  check_dots(...)
  check_flag(conf.int)
  if (!is.null(conf_level) && !is.null(conf.level)) {
    abort_judicious("{.arg conf_level} and {.arg conf.level} are the same: give one of them.",
                    "argument", arg = "conf.level")
  }
  arg <- if (is.null(conf.level)) "conf_level" else "conf.level"
  level <- check_conf_level(conf_level %||% conf.level %||% x$conf_level, arg = arg)
  bounds <- interval_bounds(x$inference, x$interval, level)
  out <- result_frame(
    term = x$metric, estimate = x$estimate, std.error = x$std_error,
    conf.low = bounds[1], conf.high = bounds[2], conf.level = level,
    method = x$method, n_true = x$n_true, n_proxy = x$n_proxy, n_effective = x$n_effective
  )
  if (!conf.int) out[c("conf.low", "conf.high", "conf.level")] <- NULL
  out
}

#' @rdname tidy.judicious_estimate
#' @export
glance.judicious_estimate <- function(x, ...) {
  check_dots(...)
  result_frame(
    method = x$method, interval = x$interval, preset = x$preset, estimand = x$estimand,
    population = x$population, df = x$df, n_true = x$n_true, n_proxy = x$n_proxy,
    n_rows = x$n_rows, n_clusters = x$n_clusters, n_strata = max(nrow(x$strata), 1L),
    n_effective = x$n_effective
  )
}

#' @rdname judicious_estimate
#' @export
as.data.frame.judicious_estimate <- function(x, row.names = NULL, optional = FALSE, ...) {
  as.data.frame(tidy(x), row.names = row.names, optional = optional)
}

#' @rdname tidy.judicious_estimate
#' @method augment judicious_estimate
#' @export
augment.judicious_estimate <- function(x, data = NULL, ...) {
  call <- rlang::current_env()
  check_dots(...)
  terms <- x$inference$terms
  if (is.null(terms)) abort_judicious("The estimate has no formula.", "undefined", arg = "x")
  if (is.null(data) && !is.null(x$call$data)) {
    data <- eval_quosure(rlang::new_quosure(x$call$data, rlang::f_env(terms$formula)), NULL,
                         "data", call)
  }
  none <- rlang::quo(NULL)
  design <- parse_design(terms$formula, data, terms$strata, none, none, call)
  if (ncol(as.matrix(x$lambda)) > 0L && x$inference$marked) design <- mark_missing_judges(design)
  if (is_judgments(data)) data <- design_frame(data, call)
  fitted <- fitted_rows(x, design)
  human <- column_values(design$y)
  if (is.null(data)) data <- vctrs::data_frame(.label = human)
  data$.fitted <- fitted
  data$.resid <- human - fitted
  data
}

# The estimate of its stratum, moved by how far a row's judges are from their mean there.
fitted_rows <- function(x, design) {
  judges <- vapply(design$proxies, column_values, double(design$n))
  judges <- matrix(judges, design$n)
  if (is.null(design$strata)) return(fitted_stratum(x$estimate_raw, x$lambda, judges))
  labels <- group_labels(design$strata)[group_codes(design$strata)]
  out <- rep(NA_real_, design$n)
  for (k in seq_len(nrow(x$strata))) {
    rows <- which(labels == x$strata$stratum[k])
    out[rows] <- fitted_stratum(x$strata$estimate[k], x$lambda[k, ], judges[rows, , drop = FALSE])
  }
  out
}

fitted_stratum <- function(estimate, lambda, judges) {
  if (ncol(judges) == 0L) return(rep(estimate, nrow(judges)))
  said <- as.vector(judges %*% lambda)
  estimate + said - mean(said)
}
