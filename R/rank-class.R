# The result of rank_judges(): a data frame, one row per metric and judge.

#' Work with a ranking of judges
#'
#' `print()` shows one line per judge, best first, and says which judges may be best.
#'
#' @param x A `judicious_ranking`.
#' @param ... Not used.
#' @return `print()`: `x`, invisibly. `format()`: a character vector, one element per line.
#'   `tidy()`: a data frame with the columns `term` (metric), `judge`, `estimate`, `conf.low`,
#'   `conf.high`, `conf.level`, `rank`, `rank_low`, `rank_high`, `p_best`, `tie_group`,
#'   `consistency`, `regret`, `regret_low`, `regret_high`, `n_items`. `glance()`: one row per metric
#'   with `best` (the judges of rank 1), `n_maybe_best` (judges than which none
#'   is surely better), `p_best`, `regret` (of the first of the best),
#'   `n_judges`, `n_items`. `as.data.frame()`: the plain data frame.
#' @examples
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' set.seed(1)
#' sim <- simulate_ratings(task, n_items = 100, n_judges = 3)
#' ranking <- rank_judges(sim$human, sim$judges)
#' tidy(ranking)
#' glance(ranking)
#' @seealso [rank_judges()]
#' @name tidy.judicious_ranking
#' @export
tidy.judicious_ranking <- function(x, ...) {
  check_dots(...)
  result_frame(
    term = x$metric, judge = x$judge, estimate = x$estimate, conf.low = x$conf_low,
    conf.high = x$conf_high, conf.level = attr(x, "conf_level"), rank = x$rank,
    rank_low = x$rank_low, rank_high = x$rank_high, p_best = x$p_best, tie_group = x$tie_group,
    consistency = x$consistency, regret = x$regret, regret_low = x$regret_low,
    regret_high = x$regret_high, n_items = x$n_items
  )
}

#' @rdname tidy.judicious_ranking
#' @export
glance.judicious_ranking <- function(x, ...) {
  check_dots(...)
  per_metric <- lapply(unique(x$metric), function(metric) {
    rows <- as.data.frame(x)[x$metric == metric, ]
    vctrs::data_frame(
      metric = metric, best = toString(best_judges(rows)),
      n_maybe_best = as.double(length(maybe_best(rows))), p_best = rows$p_best[1],
      regret = rows$regret[1], n_judges = as.double(nrow(rows)), n_items = rows$n_items[1]
    )
  })
  result_frame(!!!vctrs::vec_rbind(!!!per_metric))
}

best_judges <- function(rows) rows$judge[which(rows$rank == 1)]

#' @rdname tidy.judicious_ranking
#' @export
format.judicious_ranking <- function(x, ...) {
  unlist(lapply(unique(x$metric), function(metric) {
    rows <- as.data.frame(x)[x$metric == metric, ]
    c(format_ranking(rows, attr(x, "conf_level"), attr(x, "n_boot") > 0, attr(x, "tau")), "")
  }))
}

format_ranking <- function(rows, conf_level, intervals, tau) {
  level <- format_level(conf_level)
  downstream <- any(!is.na(rows$regret))
  c(
    paste0("Judges by ", metric_title(rows$metric[1]), ", ", format_items(rows$n_items[1]),
           if (downstream) paste0(", decisions at tau ", format_tau(tau))),
    format_columns(list(
      c("rank", format_rank(rows$rank)),
      if (intervals) c("", format_rank_range(rows$rank_low, rows$rank_high)),
      c("judge", rows$judge), c("estimate", format_each(rows$estimate)),
      if (intervals) c(paste(level, "CI"), format_bounds(rows$conf_low, rows$conf_high)),
      if (intervals) c("best", format_chance(rows$p_best)),
      if (intervals) c("group", format_rank(rows$tie_group)),
      if (downstream) c("consistency", format_each(rows$consistency)),
      if (downstream) c("regret", format_each(rows$regret)),
      if (downstream && intervals) c("", format_bounds(rows$regret_low, rows$regret_high))
    ), left = "judge"),
    if (intervals) format_winners(rows, level)
  )
}

format_rank <- function(x) ifelse(is.na(x), "-", formatC(x, format = "d", big.mark = ","))

format_rank_range <- function(low, high) {
  ifelse(is.na(low), "", paste0("[", format_rank(low), ", ", format_rank(high), "]"))
}

format_chance <- function(p) {
  ifelse(is.na(p), "", paste0(formatC(100 * p, digits = 0, format = "f"), "%"))
}

# What may be claimed.
format_winners <- function(rows, level) {
  judges <- maybe_best(rows)
  if (length(judges) == 0L) return("No judge has a rank.")
  if (length(judges) == 1L) {
    return(paste0(judges, " is best (", level, " confidence, all comparisons together)."))
  }
  paste0("Any of these may be best (", level, " confidence): ", toString(judges), ".")
}

# Judges than which none is surely better.
maybe_best <- function(rows) rows$judge[which(rows$rank_low == 1)]

#' @rdname tidy.judicious_ranking
#' @export
print.judicious_ranking <- function(x, ...) {
  lines <- format(x)
  writeLines(lines[-length(lines)])
  invisible(x)
}
