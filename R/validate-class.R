# The result of validate_coverage(): a data frame, one row per method and level.

new_coverage <- function(tallies, study) {
  names <- vapply(study$methods, function(m) m$name, "")
  rows <- Map(function(tally, name) coverage_rows(tally, name, study), tallies, names)
  failures <- Map(function(tally, name) failure_rows(tally, name), tallies, names)
  scenario <- scenario_columns(study)
  table <- vctrs::vec_rbind(!!!unname(rows))
  table <- vctrs::vec_cbind(table, vctrs::vec_rep(scenario, nrow(table)))
  structure(
    as.data.frame(table), scenarios = scenario_text(study),
    failures = as.data.frame(vctrs::vec_rbind(!!!unname(failures))),
    class = c("judicious_coverage", "judicious_table", "data.frame")
  )
}

coverage_rows <- function(tally, name, study) {
  counts <- tally$counts
  n <- study$n_rep
  answered <- n - counts[["failed"]]
  hits <- tally$levels[, 1]
  exact <- clopper_pearson_cpp(hits, rep(n, length(hits)), 0.95)
  mean_of <- function(sum, n) if (n > 0) sum / n else NA_real_
  vctrs::data_frame(
    method = name, conf_level = study$conf_level, coverage = hits / n,
    coverage_low = exact$low, coverage_high = exact$high,
    above = tally$levels[, 2] / n, below = tally$levels[, 3] / n,
    width = mean_of(tally$levels[, 4], answered), bias = mean_of(counts[["error"]], answered),
    rmse = sqrt(mean_of(counts[["squared_error"]], answered)),
    n_effective = mean_of(counts[["size"]], counts[["n_size"]]),
    n_rep = n, n_failed = counts[["failed"]], n_fallback = counts[["fallback"]]
  )
}

failure_rows <- function(tally, name) {
  reasons <- tally$failures
  vctrs::data_frame(method = rep(name, length(reasons)), reason = names(reasons) %||% character(),
                    n = as.double(unname(reasons)))
}

# What the simulator knows of the scenario.
scenario_columns <- function(study) {
  plan <- if (is_simulator(study$simulate)) simulator_plan(study$simulate)
  one <- function(x) if (length(unique(x)) == 1L) as.double(x[1]) else NA_real_
  vctrs::data_frame(
    truth = if (is.function(study$truth)) NA_real_ else study$truth,
    n_labelled = if (is.null(plan)) NA_real_ else sum(plan$n_labelled),
    correlation = one(plan$correlation)
  )
}

scenario_text <- function(study) {
  if (!is_simulator(study$simulate)) return("function of the user")
  plan <- simulator_plan(study$simulate)
  paste0(plan$label, ", ", format_labels(plan))
}

#' Work with the result of validate_coverage()
#'
#' @description
#' `print()` shows one line per method: its coverage at the level nearest to 95 %, with the exact
#' interval, and how wide, biased and precise it is. A coverage whose exact interval lies below the
#' level is marked. Failures and their reasons follow. `rbind()` puts results into one table, which
#' `autoplot(type = "width")` compares.
#'
#' @param x A `judicious_coverage`.
#' @param conf_level The level to show.
#' @param ...,deparse.level `rbind()`: results of [validate_coverage()]; else not used.
#' @return `print()`: `x`, invisibly. `format()`: a character vector, one element per line.
#'   `tidy()`: a data frame with one row per method and level and the columns `method`, `nominal`
#'   (the level checked), `estimate` (the coverage), `conf.low`, `conf.high`, `conf.level` (of these
#'   two: 0.95), `width`, `bias`, `rmse`, `n_effective`, `n_rep`, `n_failed`, `n_fallback`, `truth`,
#'   `n_labelled`, `correlation`. `as.data.frame()`: the plain data frame. `rbind()`: a
#'   `judicious_coverage`.
#' @examples
#' set.seed(1)
#' logs <- simulator(simulate_binary, n = 1000, true_mean = 0.1, proxy_mean = 0.1,
#'                   correlation = 0.6, n_labelled = 50)
#' checked <- validate_coverage(logs, estimator(interval = c("beta", "normal")), n_rep = 200)
#' checked
#' tidy(checked)
#' @seealso [validate_coverage()], [autoplot.judicious_coverage()]
#' @name tidy.judicious_coverage
#' @export
tidy.judicious_coverage <- function(x, ...) {
  check_dots(...)
  result_frame(
    method = x$method, nominal = x$conf_level, estimate = x$coverage,
    conf.low = x$coverage_low, conf.high = x$coverage_high, conf.level = 0.95, width = x$width,
    bias = x$bias, rmse = x$rmse, n_effective = x$n_effective, n_rep = x$n_rep,
    n_failed = x$n_failed, n_fallback = x$n_fallback, truth = x$truth,
    n_labelled = x$n_labelled, correlation = x$correlation
  )
}

#' @rdname tidy.judicious_coverage
#' @export
rbind.judicious_coverage <- function(..., deparse.level = 1) {
  results <- unname(list(...))
  for (result in results) {
    check_class(result, "judicious_coverage", "validate_coverage()", arg = "...")
  }
  structure(
    as.data.frame(vctrs::vec_rbind(!!!lapply(results, as.data.frame))),
    scenarios = unlist(lapply(results, attr, "scenarios")),
    failures = as.data.frame(vctrs::vec_rbind(!!!lapply(results, attr, "failures"))),
    class = c("judicious_coverage", "judicious_table", "data.frame")
  )
}

# --- printing ------------------------------------------------------------------

#' @rdname tidy.judicious_coverage
#' @export
format.judicious_coverage <- function(x, conf_level = NULL, ...) {
  level <- shown_level(x, conf_level)
  table <- as.data.frame(x)
  table <- table[abs(table$conf_level - level) < 1e-9, ]
  c(
    format_scenarios(x, table), "",
    format_coverage_table(table, length(attr(x, "scenarios")) > 1L),
    format_low(table), format_failures(attr(x, "failures"), x$n_rep[1]), format_fallback(table),
    format_levels(x)
  )
}

shown_level <- function(x, conf_level, call = rlang::caller_env()) {
  levels <- unique(x$conf_level)
  if (is.null(conf_level)) return(levels[which.min(abs(levels - 0.95))])
  conf_level <- check_conf_level(conf_level, call = call)
  if (all(abs(levels - conf_level) > 1e-9)) {
    abort_judicious("{.arg conf_level} must be one of {.val {levels}}, not {.val {conf_level}}.",
                    "choice", arg = "conf_level", call = call)
  }
  conf_level
}

format_scenarios <- function(x, table) {
  scenarios <- attr(x, "scenarios")
  n <- paste0("Coverage over ", format_count(x$n_rep[1]), " simulated data sets")
  if (length(scenarios) > 1L) return(paste(n, "in each of", length(scenarios), "scenarios"))
  truth <- table$truth[1]
  c(n, scenarios, if (!is.na(truth)) paste("truth", format_number(truth)))
}

format_coverage_table <- function(table, several) {
  low <- table$coverage_high < table$conf_level
  bounds <- paste0("[", format_share(table$coverage_low), ", ", format_share(table$coverage_high),
                   "]", ifelse(low, " *", ""))
  size <- ifelse(is.na(table$n_effective), "-", format_count(round(table$n_effective)))
  columns <- c(
    list(c("", table$method)),
    if (several) list(c("truth", format_number(table$truth)), c("labels", table$n_labelled),
                      c("correlation", format(table$correlation))),
    list(c("level", format_level(table$conf_level)), c("coverage", format_share(table$coverage)),
         c("", bounds), c("width", format_number(table$width)),
         c("bias", format_number(table$bias, 4)), c("RMSE", format_number(table$rmse, 4)),
         c("effective", size))
  )
  format_columns(columns, left = "")
}

# Coverage needs three decimals whatever the option says of estimates.
format_share <- function(x) formatC(x, digits = 3, format = "f")

format_low <- function(table) {
  if (any(table$coverage_high < table$conf_level)) "* below the level, beyond simulation error"
}

format_failures <- function(failures, n_rep) {
  if (nrow(failures) == 0L) return(NULL)
  paste0(failures$method, ": ", format_count(failures$n), " data sets failed and count as misses: ",
         sub("\n.*", "", failures$reason))
}

format_fallback <- function(table) {
  table <- table[table$n_fallback > 0, ]
  if (nrow(table) == 0L) return(NULL)
  paste0(table$method, ": ", vapply(table$n_fallback, format_count, ""),
         " data sets have no such interval (their labels do not vary)")
}

format_levels <- function(x) {
  levels <- unique(x$conf_level)
  if (length(levels) == 1L) return(NULL)
  paste0(length(levels), " levels from ", format_level(min(levels)), " to ",
         format_level(max(levels)), "; as.data.frame() has them all")
}

#' @rdname tidy.judicious_coverage
#' @export
print.judicious_coverage <- function(x, conf_level = NULL, ...) {
  writeLines(format(x, conf_level = conf_level))
  invisible(x)
}
