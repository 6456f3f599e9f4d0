# What the rest of R expects of a fitted model.

#' @importFrom generics tidy
#' @export
generics::tidy

#' @importFrom generics glance
#' @export
generics::glance

#' @rdname judicious_estimate
#' @export
coef.judicious_estimate <- function(object, ...) {
  stats::setNames(object$estimate, object$metric)
}

#' @rdname judicious_estimate
#' @export
vcov.judicious_estimate <- function(object, ...) {
  matrix(object$std_error^2, 1, 1, dimnames = list(object$metric, object$metric))
}

#' @rdname judicious_estimate
#' @importFrom stats nobs
#' @export
nobs.judicious_estimate <- function(object, ...) object$n_true

#' @rdname judicious_estimate
#' @export
confint.judicious_estimate <- function(object, parm, level = object$conf_level, ...) {
  level <- check_conf_level(level)
  bounds <- interval_bounds(object$inference, object$interval, level)
  tails <- 100 * c((1 - level) / 2, (1 + level) / 2)
  matrix(bounds, 1, 2,
         dimnames = list(object$metric, paste(format(tails, trim = TRUE, digits = 3), "%")))
}

#' Tidy an estimate
#'
#' @param x A `judicious_estimate`.
#' @param conf_level Confidence level; `NULL`: that of the fit.
#' @param ... Not used.
#' @return `tidy()`: a data frame with one row and the columns `term`, `estimate`, `std.error`,
#'   `conf.low`, `conf.high`, `conf.level`, `method`, `n_true`, `n_proxy`, `n_effective`.
#'   `glance()`: one row of facts about the fit: `method`, `interval`, `preset`, `estimand`,
#'   `population`, `df`, `n_true`, `n_proxy`, `n_rows`, `n_clusters`, `n_strata`, `n_effective`.
#' @seealso [estimate_mean()]
#' @examples
#' fit <- estimate_mean(c(1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0) ~ 1)
#' tidy(fit)
#' glance(fit)
#' @name tidy.judicious_estimate
#' @export
tidy.judicious_estimate <- function(x, conf_level = NULL, ...) {
  level <- check_conf_level(conf_level %||% x$conf_level, arg = "conf_level")
  bounds <- interval_bounds(x$inference, x$interval, level)
  result_frame(
    term = x$metric, estimate = x$estimate, std.error = x$std_error,
    conf.low = bounds[1], conf.high = bounds[2], conf.level = level,
    method = x$method, n_true = x$n_true, n_proxy = x$n_proxy, n_effective = x$n_effective
  )
}

#' @rdname tidy.judicious_estimate
#' @export
glance.judicious_estimate <- function(x, ...) {
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
