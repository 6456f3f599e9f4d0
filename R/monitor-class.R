#' Print, tidy, plot and update a monitor
#'
#' @description
#' `print()` says in one sentence whether, when and how sure; `tidy()` has a row per batch;
#' `autoplot()` is a control chart; `update()` goes on with new batches, without the old rows.
#'
#' @param x,object A `judicious_monitor`, from [monitor_mean()].
#' @param digits Digits to show; default `getOption("judicious.digits", 3)`.
#' @param newdata New rows: a data frame, or a lazy table of a database, with the columns that the
#'   formula, `batch`, `strata`, `clusters` and `prob` of the monitor name; or a summary made by
#'   `summarise_labels(by = batch)`.
#' @param known What to do with rows of a batch the monitor knows already: `"error"`; `"replace"`,
#'   they are all rows of that batch, with labels that came late; or `"add"`, they are further rows.
#' @param threads Number of threads, for reading the rows.
#' @param ... Not used.
#' @return `print()` returns `x` invisibly, `format()` a character vector. `tidy()`: a data frame
#'   with one row per batch:
#'   \describe{
#'     \item{`batch`, `n_true`, `n_proxy`}{The batch, its human labels, its judge labels.}
#'     \item{`lambda`}{Weight of the judge, from earlier batches (`lambda_` and the name of the
#'       judge if there are several, and likewise below); `NA` in a carried batch.}
#'     \item{`estimate`, `std.error`}{Of the batch; `NA` if it is carried.}
#'     \item{`running`, `conf.low`, `conf.high`}{Mean since the start and its bound: one of the two
#'       is infinite unless the alternative is two-sided.}
#'     \item{`alarm`}{Is the mean beyond the threshold, at this look?}
#'     \item{`judge_mean`, `judge_bias`}{Mean of the judge over all rows; judge minus people over
#'       the labelled ones.}
#'     \item{`check_p`}{p-value of [check_labels()] in the batch; `NA` without a verdict.}
#'     \item{`block`, `block_mean`, `block.low`, `block.high`}{With `window`: the same for the
#'       block; `alarm` is then that of either.}
#'   }
#'   `glance()`: one row: `n_batches`, `n_used`, `n_true`, `n_proxy`, `threshold`, `alternative`,
#'   `conf.level`, `alarm` (ever), `first_alarm`, `running`, `conf.low`, `conf.high`, `preset`.
#'   `update()`: the monitor that one call with all rows would have given. `autoplot()`: a ggplot;
#'   `plot()` draws it.
#' @examples
#' set.seed(1)
#' days <- data.frame(day = rep(1:6, each = 100), human = rbinom(600, 1, 0.2))
#' watch <- monitor_mean(human ~ 1, days, batch = day, threshold = 0.1)
#' watch
#' tidy(watch)
#'
#' # Ten labels of day 6 came late: the day is given again.
#' late <- data.frame(day = 6, human = rbinom(110, 1, 0.2))
#' update(watch, late, known = "replace")
#' @name judicious_monitor
NULL

first_alarm <- function(x) {
  alarms <- which(monitor_alarms(x))
  if (length(alarms) == 0L) NA_integer_ else alarms[1]
}

monitor_alarms <- function(x) {
  alarm <- x$fit$running$alarm == 1
  if (x$settings$window > 0) alarm <- alarm | x$fit$block$alarm == 1
  alarm
}

# Not a number: nothing is known yet.
known_or_na <- function(x) replace(x, is.nan(x), NA_real_)

# --- tables --------------------------------------------------------------------------------------

#' @rdname judicious_monitor
#' @export
tidy.judicious_monitor <- function(x, ...) {
  check_dots(...)
  fit <- x$fit
  now <- fit$running
  vctrs::vec_cbind(
    result_frame(batch = x$batch, n_true = fit$n_true,
                 n_proxy = if (length(x$judges) > 0L) fit$n_rows else 0 * fit$n_rows),
    judge_frame(x, "lambda"),
    result_frame(
      estimate = known_or_na(fit$estimate), std.error = sqrt(known_or_na(fit$variance)),
      running = known_or_na(now$mean), conf.low = known_or_na(now$low),
      conf.high = known_or_na(now$high), alarm = monitor_alarms(x)
    ),
    judge_frame(x, "judge_mean"), judge_frame(x, "judge_bias"),
    result_frame(check_p = monitor_check_p(fit)), block_frame(x)
  )
}

# A column per judge, named by it if there are several.
judge_frame <- function(x, what) {
  values <- x$fit[[what]]
  carried <- if (what == "lambda") x$fit$used == 0 else x$fit$n_true == 0
  if (what != "judge_mean") values[carried, ] <- NA_real_
  if (length(x$judges) == 0L) return(NULL)
  names <- if (length(x$judges) == 1L) what else paste0(what, "_", x$judges)
  rlang::exec(result_frame, !!!stats::setNames(lapply(seq_along(names), function(k) values[, k]),
                                               names))
}

monitor_check_p <- function(fit) {
  p <- stats::pchisq(fit$chi_square, fit$chi_df, lower.tail = FALSE)
  replace(p, fit$chi_df == 0 | fit$expected_labels < 1, NA_real_)
}

block_frame <- function(x) {
  if (x$settings$window == 0) return(NULL)
  block <- x$fit$block
  result_frame(
    block = monitor_blocks(x), block_mean = known_or_na(block$mean),
    block.low = known_or_na(block$low), block.high = known_or_na(block$high)
  )
}

monitor_blocks <- function(x) (seq_along(x$batch) - 1) %/% x$settings$window + 1

#' @rdname judicious_monitor
#' @export
glance.judicious_monitor <- function(x, ...) {
  check_dots(...)
  table <- tidy(x)
  last <- nrow(table)
  first <- first_alarm(x)
  result_frame(
    n_batches = last, n_used = sum(x$fit$used), n_true = sum(table$n_true),
    n_proxy = sum(table$n_proxy), threshold = x$settings$threshold,
    alternative = x$settings$alternative, conf.level = x$settings$conf_level,
    alarm = !is.na(first), first_alarm = x$batch[first], running = table$running[last],
    conf.low = table$conf.low[last], conf.high = table$conf.high[last],
    preset = x$settings$preset
  )
}

#' @export
as.data.frame.judicious_monitor <- function(x, row.names = NULL, optional = FALSE, ...) {
  as.data.frame(tidy(x), row.names = row.names, optional = optional)
}

#' @export
nobs.judicious_monitor <- function(object, ...) {
  check_dots(...)
  sum(object$fit$n_true)
}

# --- printing ------------------------------------------------------------------------------------

#' @rdname judicious_monitor
#' @export
format.judicious_monitor <- function(x, digits = getOption("judicious.digits", 3), ...) {
  rlang::local_options(judicious.digits = digits)
  c(describe_alarm(x), describe_now(x), describe_batches(x), monitor_flags(x))
}

#' @rdname judicious_monitor
#' @export
print.judicious_monitor <- function(x, digits = getOption("judicious.digits", 3), ...) {
  writeLines(format(x, digits = digits))
  invisible(x)
}

describe_alarm <- function(x) {
  s <- x$settings
  sure <- paste0(" (", format_level(s$conf_level), " sure over all looks).")
  limit <- format_number(s$threshold)
  first <- first_alarm(x)
  if (is.na(first)) {
    beyond <- c(greater = "above ", less = "below ", two.sided = "other than ")[[s$alternative]]
    return(paste0("No alarm in ", count_batches(x), ": ", s$metric, " is not shown to be ", beyond,
                  limit, sure))
  }
  by_block <- x$fit$running$alarm[first] == 0
  bounds <- if (by_block) x$fit$block else x$fit$running
  of <- if (by_block) paste0(" in block ", monitor_blocks(x)[first])
  above <- bounds$low[first] > s$threshold
  paste0("ALARM at batch ", x$batch[first], ": ", s$metric, of, " is ",
         if (above) "above " else "below ", limit, ", ", format_bound(bounds, first), sure)
}

format_bound <- function(bounds, at) {
  low <- bounds$low[at]
  high <- bounds$high[at]
  if (is.nan(low) || is.nan(high)) return("bound not known yet")
  if (is.finite(low) && is.finite(high)) return(paste("within", format_interval(low, high)))
  if (is.finite(low)) return(paste("at least", format_number(low)))
  if (is.finite(high)) return(paste("at most", format_number(high)))
  "bound not known yet"
}

count_batches <- function(x) {
  n <- length(x$batch)
  paste(format_count(n), if (n == 1L) "batch" else "batches")
}

describe_now <- function(x) {
  last <- length(x$batch)
  now <- x$fit$running
  if (is.nan(now$mean[last])) return("No batch could be used yet.")
  block <- if (x$settings$window > 0 && !is.nan(x$fit$block$mean[last])) {
    paste0("; since batch ", x$batch[match(monitor_blocks(x)[last], monitor_blocks(x))], " ",
           format_number(x$fit$block$mean[last]), ", ", format_bound(x$fit$block, last))
  }
  paste0("After batch ", x$batch[last], ": mean since the start ", format_number(now$mean[last]),
         ", ", format_bound(now, last), block)
}

describe_batches <- function(x) {
  judges <- if (length(x$judges) > 0L) {
    paste0(", ", format_count(sum(x$fit$n_rows)), " judge labels")
  }
  paste0(count_batches(x), " (", x$batch[1], " to ", x$batch[length(x$batch)], "), ",
         format_count(sum(x$fit$n_true)), " human labels", judges, " (", x$settings$preset,
         " preset)")
}

monitor_flags <- function(x) {
  carried <- sum(x$fit$used == 0)
  moving <- is.na(x$settings$planned_std_error) && sum(x$fit$used) < x$settings$tune_at
  suspect <- unlikely_batches(x)
  c(
    if (carried > 0) {
      paste0(format_count(carried), if (carried == 1) " batch has" else " batches have",
             " too few labels: carried, the bound does not move there.")
    },
    if (moving) {
      paste0("Earlier bounds still move a little until batch number ", x$settings$tune_at,
             "; planned_std_error fixes them.")
    },
    if (length(suspect) > 0L) {
      paste0("Labelled rows do not look like a random sample in batch ",
             paste(utils::head(suspect, 5), collapse = ", "), ": see check_p of tidy().")
    }
  )
}

# The limit of check_labels(), shared out over the batches.
unlikely_batches <- function(x) {
  p <- monitor_check_p(x$fit)
  as.character(x$batch[which(p < audit_limit / length(p))])
}
