# The result of doors that estimate several quantities: a table, one row each.

new_judicious_estimates <- function(...) structure(list(...), class = "judicious_estimates")

#' Work with several estimates
#'
#' @description
#' What [estimate_groups()], [estimate_shares()], [estimate_performance()] and
#' [estimate_quantile()] return: one row per quantity. `print()` shows them with their intervals,
#' `autoplot()` as a forest plot, `[` takes some of them.
#'
#' @param x,object A `judicious_estimates`.
#' @param i Rows to keep: positions, names or flags.
#' @param digits Digits to show; default `getOption("judicious.digits", 3)`.
#' @param level,conf_level,conf.level Confidence level; `NULL`: that of the fit. `conf.level` is
#'   broom's name of it.
#' @param conf.int `FALSE` leaves out the interval.
#' @param parm Rows to show: names or positions; all by default.
#' @param simultaneous `TRUE`: intervals that hold together with the confidence level, by the
#'   distribution of the largest |t| under the joint covariance (100,000 draws of R's random
#'   numbers, 30,000 for more than 200 estimates). Bounded metrics keep their interval, at the
#'   level that makes it as wide.
#' @param type Which covariance: `"plain"`, or with leverage corrections `"hc2"` (behind beta and
#'   Wilson intervals) or `"hc3"` (behind t intervals). `NULL`: that behind the intervals shown.
#' @param row.names,optional Passed to [as.data.frame()].
#' @param ... Not used.
#' @return `tidy()`: a data frame, one row per quantity, with the columns `term`, `estimate`,
#'   `std.error`, `conf.low`, `conf.high`, `conf.level`, `method`, `n_true`, `n_proxy`,
#'   `n_effective`, `note` (and `group` for groups). `glance()`: one row: `method`, `interval`,
#'   `preset`, `estimand`, `n_estimates`, `n_true`, `n_proxy`. `coef()` a named vector; `vcov()` the
#'   joint covariance; `confint()` a matrix as for [lm()]; `nobs()` the human labels of each row;
#'   `x[i]` the same with fewer rows; `print()` returns `x` invisibly.
#' @section Undefined when:
#' `vcov()` and simultaneous intervals of quantiles: an error says so.
#' @references Hothorn, Bretz and Westfall (2008), Simultaneous inference in general parametric
#'   models, Biometrical Journal 50, for the largest |t|.
#' @examples
#' set.seed(1)
#' answers <- simulate_binary(2000, true_mean = 0.2, proxy_mean = 0.15, correlation = 0.7)
#' answers$system <- rep(c("A", "B"), 1000)
#' answers$human <- reveal_labels(answers$y_true, sample_uniform(2000, 300))
#' groups <- estimate_groups(human ~ y_proxy, answers, by = system)
#' tidy(groups)
#' vcov(groups)
#' groups["B"]
#' @name judicious_estimates
NULL

#' @rdname judicious_estimates
#' @export
tidy.judicious_estimates <- function(x, conf_level = NULL, conf.int = TRUE, conf.level = NULL,
                                     simultaneous = FALSE, ...) {
  check_dots(...)
  check_flag(conf.int)
  level <- one_conf_level(conf_level, conf.level, x$settings$conf_level)
  levels <- if (check_flag(simultaneous)) simultaneous_levels(x, level) else
    rep(level, length(x$quantities))
  answers <- unname(Map(quantity_answer, x$quantities, levels))
  number <- function(field) vapply(answers, function(a) as.double(a[[field]]), 0)
  bounds <- vapply(answers, function(a) as.double(a$bounds), c(0, 0))
  table <- vctrs::data_frame(
    term = quantity_terms(x$quantities), estimate = number("estimate"),
    std.error = number("std_error"), conf.low = bounds[1, ], conf.high = bounds[2, ],
    conf.level = level, method = x$method, n_true = quantity_number(x$quantities, "n_true"),
    n_proxy = n_judged(x), n_effective = number("n_effective"),
    note = unname(vapply(x$quantities, function(q) q$note, ""))
  )
  if (!conf.int) table[c("conf.low", "conf.high", "conf.level")] <- NULL
  result_frame(!!!table, !!!x$extra)
}

# By our name or by broom's.
one_conf_level <- function(level, broom_level, default, call = rlang::caller_env()) {
  if (!is.null(level) && !is.null(broom_level)) {
    abort_judicious("{.arg conf_level} and {.arg conf.level} are the same: give one of them.",
                    "argument", arg = "conf.level", call = call)
  }
  check_conf_level(level %||% broom_level %||% default,
                   arg = if (is.null(broom_level)) "conf_level" else "conf.level", call = call)
}

n_judged <- function(x) {
  if (length(x$judges) == 0L) return(rep(0, length(x$quantities)))
  unname(vapply(x$quantities, function(q) as.double(q$n_rows), 0))
}

# Levels of each row's interval that hold together at `level`.
simultaneous_levels <- function(x, level) {
  v <- joint_vcov(x, "hc3")
  df <- quantity_number(x$quantities, "df")
  varies <- is.finite(diag(v)) & diag(v) > 0 & is.finite(df)
  if (!any(varies)) return(rep(level, length(df)))
  found <- max_t(v[varies, varies, drop = FALSE], min(df[varies]), level, x$settings$threads)
  df[!varies] <- found$df
  is_t <- vapply(x$quantities, function(q) q$interval == "t", NA)
  ifelse(is_t, family_level(found, level, pmax(df, 1)), family_level(found, level))
}

#' @rdname judicious_estimates
#' @export
glance.judicious_estimates <- function(x, ...) {
  check_dots(...)
  result_frame(
    method = x$method, interval = shown_interval(x), preset = x$settings$preset,
    estimand = x$settings$estimand, n_estimates = length(x$quantities),
    n_true = total_labels(x, "n_true"), n_proxy = if (length(x$judges) > 0L) total_rows(x) else 0
  )
}

# Groups add up; other quantities are of the same rows.
total_labels <- function(x, field) {
  n <- quantity_number(x$quantities, field)
  if (x$what == "group") sum(n) else max(n)
}
total_rows <- function(x) {
  n <- vapply(x$quantities, function(q) as.double(q$n_rows), 0)
  if (x$what == "group") sum(n) else max(n)
}

intervals_of <- function(quantities) vapply(quantities, function(q) q$interval, "")

shown_interval <- function(x) {
  intervals <- unique(intervals_of(x$quantities))
  used <- setdiff(intervals, "none")
  if (length(used) == 0L) "none" else paste(used, collapse = ", ")
}

#' @rdname judicious_estimates
#' @export
coef.judicious_estimates <- function(object, ...) {
  check_dots(...)
  table <- tidy(object)
  stats::setNames(table$estimate, table$term)
}

#' @rdname judicious_estimates
#' @export
vcov.judicious_estimates <- function(object, type = NULL, ...) {
  check_dots(...)
  type <- check_choice(type %||% vcov_kind(object), c("plain", "hc2", "hc3"), arg = "type")
  names <- quantity_terms(object$quantities)
  structure(joint_vcov(object, type), dimnames = list(names, names))
}

#' @rdname judicious_estimates
#' @export
confint.judicious_estimates <- function(object, parm = NULL, level = NULL, simultaneous = FALSE,
                                        ...) {
  check_dots(...)
  level <- check_conf_level(level %||% object$settings$conf_level, arg = "level")
  table <- tidy(object, conf_level = level, simultaneous = simultaneous)
  tails <- 100 * c((1 - level) / 2, (1 + level) / 2)
  out <- cbind(table$conf.low, table$conf.high)
  dimnames(out) <- list(table$term, paste(format(tails, trim = TRUE, digits = 3), "%"))
  if (is.null(parm)) out else out[row_positions(object, parm, "parm"), , drop = FALSE]
}

#' @rdname judicious_estimates
#' @importFrom stats nobs
#' @export
nobs.judicious_estimates <- function(object, ...) {
  check_dots(...)
  stats::setNames(quantity_number(object$quantities, "n_true"),
                  quantity_terms(object$quantities))
}

#' @rdname judicious_estimates
#' @export
as.data.frame.judicious_estimates <- function(x, row.names = NULL, optional = FALSE, ...) {
  as.data.frame(tidy(x, ...), row.names = row.names, optional = optional)
}

#' @rdname judicious_estimates
#' @export
`[.judicious_estimates` <- function(x, i, ...) {
  check_dots(...)
  if (missing(i)) return(x)
  at <- row_positions(x, i, "i")
  x$quantities <- x$quantities[at]
  if (!is.null(x$extra)) x$extra <- x$extra[at, , drop = FALSE]
  if (!is.null(x$joint$gradient)) {
    x$joint$gradient <- x$joint$gradient[at, , drop = FALSE]
  } else if (!is.null(x$joint$vcov)) {
    x$joint$at <- x$joint$at[at]
  } else if (!is.null(x$joint)) {
    x$joint$targets <- subset_targets(x$joint$targets, at)
  }
  x
}

row_positions <- function(x, i, arg, call = rlang::caller_env()) {
  terms <- quantity_terms(x$quantities)
  at <- if (is.character(i)) match(i, terms) else
    if (is.numeric(i) || is.logical(i)) seq_along(terms)[i]
  if (length(at) > 0L && !anyNA(at) && !anyDuplicated(at)) return(at)
  unknown <- if (is.character(i)) i[is.na(at)][1]
  abort_judicious(
    c("{.arg {arg}} must name or number rows of the estimates, each once.",
      x = if (!is.null(unknown) && !is.na(unknown)) "There is no row {.val {unknown}}.",
      i = "The rows are {.val {terms}}."),
    "rows", arg = arg, call = call
  )
}

# --- printing ------------------------------------------------------------------------------------

#' @rdname judicious_estimates
#' @export
format.judicious_estimates <- function(x, digits = getOption("judicious.digits", 3), ...) {
  check_dots(...)
  rlang::local_options(judicious.digits = digits)
  table <- first_rows(tidy(x))
  c(
    x$title %||% paste0(x$settings$metric, " by ", x$by),
    format_columns(list(
      c(x$what, table$term), c("estimate", format_each(table$estimate)),
      c(paste(format_level(x$settings$conf_level), "CI"),
        format_bounds(table$conf.low, table$conf.high)),
      c("labels", format_count(table$n_true)),
      if (length(x$judges) > 0L && !all(is.na(table$n_effective))) {
        c("effective", ifelse(is.na(table$n_effective), "-",
                              format_count(floor(table$n_effective + 1e-9))))
      },
      if (!all(is.na(table$note))) c("", ifelse(is.na(table$note), "", table$note))
    ), left = c(x$what, "")),
    format_rest(length(x$quantities)),
    paste0(x$method, ", ", shown_interval(x), " interval (", x$settings$preset, " preset)"),
    x$flags
  )
}

#' @rdname judicious_estimates
#' @export
print.judicious_estimates <- function(x, digits = getOption("judicious.digits", 3), ...) {
  check_dots(...)
  writeLines(format(x, digits = digits))
  invisible(x)
}

# --- plots ---------------------------------------------------------------------------------------

#' @rdname judicious_estimates
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_estimates <- function(object, simultaneous = FALSE, type = c("forest", "bar"),
                                         ...) {
  check_dots(...)
  kind <- match_choice(type)
  if (kind == "bar") return(shares_bar(object))
  table <- tidy(object, simultaneous = simultaneous)
  table$label <- table$term
  table$term <- object$title %||% object$settings$metric
  # The inference of a quantile is of the share below it.
  ranges <- lapply(object$quantities, function(q) {
    if (!is.null(q$curve)) q$curve$range else if (is.null(q$inference)) c(0, 1) else
      q$inference$range
  })
  plot <- forest_plot(new_comparison(table, NULL, shared_range(ranges)))
  if (!simultaneous) return(plot)
  plot + ggplot2::labs(caption = paste0("Point and ", format_level(object$settings$conf_level),
                                        " confidence intervals, all together"))
}

# One bar of all shares; estimates outside [0, 1] were clipped.
shares_bar <- function(x, call = rlang::caller_env()) {
  if (x$what != "category") {
    abort_judicious("A stacked bar is for the shares of {.fun estimate_shares}.", "undefined",
                    arg = "type", call = call)
  }
  table <- as.data.frame(tidy(x))
  table$term <- factor(table$term, rev(table$term))
  table$text <- ifelse(table$estimate < 0.06, "", format_value(table$estimate, TRUE))
  colours <- share_colours(rev(levels(table$term)))
  ggplot2::ggplot(table, ggplot2::aes(.data$estimate, "", fill = .data$term)) +
    ggplot2::geom_col(width = 0.5, orientation = "y") +
    ggplot2::geom_text(ggplot2::aes(label = .data$text), colour = "white", size = 4,
                       position = ggplot2::position_stack(vjust = 0.5)) +
    ggplot2::scale_x_continuous(labels = axis_labels(TRUE)) + colours +
    ggplot2::labs(x = x$settings$metric, y = NULL, fill = NULL) +
    plot_theme(legend.position = "top", legend.justification = "left",
               panel.grid.major.y = ggplot2::element_blank())
}

# Names beside their colours, in the order of the bar.
share_colours <- function(names) {
  columns <- if (is_narrow() || max(nchar(names)) > 40) 1 else 2
  legend <- list(limits = names, labels = function(x) fold_text(x, 40),
                 guide = ggplot2::guide_legend(ncol = columns, byrow = TRUE))
  if (length(names) > length(okabe_ito)) return(do.call(ggplot2::scale_fill_hue, legend))
  values <- unname(okabe_ito)[seq_along(names)]
  do.call(ggplot2::scale_fill_manual, c(list(values = values), legend))
}

#' @rdname judicious_estimates
#' @export
plot.judicious_estimates <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}
