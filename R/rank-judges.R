# rank_judges(): which judge is best, and how sure that is.

#' Rank judges
#'
#' @description
#' Ranks judges by an agreement metric and says how sure the ranking is, from one bootstrap over
#' items that all judges share: intervals of ranks, the probability of being best, groups of judges
#' that the data cannot tell apart; and what choosing each judge would cost in the decisions made
#' downstream.
#'
#' @section Formula:
#' Judges are ordered by their loss \eqn{L_j}: the metric, with its sign turned if higher is better,
#' its absolute value for `"bias"`. With \eqn{s_{jk}}{s[j, k]} the bootstrap standard error of
#' \eqn{L_j - L_k} and \eqn{c} the `conf_level` quantile of the largest
#' \eqn{|L^*_j - L^*_k - (L_j - L_k)| / s_{jk}}{|L*[j] - L*[k] - (L[j] - L[k])| / s[j, k]} over all
#' pairs, judge \eqn{j} is *surely worse* than \eqn{k} if
#' \eqn{L_j - L_k > c\, s_{jk}}{L[j] - L[k] > c s[j, k]}. All such claims hold together with
#' probability `conf_level`, and so do all intervals of one metric:
#'
#' - rank: 1 + the number of judges surely better, to the number of judges not surely worse (Mogstad
#'   et al. 2024);
#' - tie groups: from the best down, a judge opens a new group if it is surely worse than the first
#'   of the current one;
#' - regret: the decision consistency of the best judge minus this judge's,
#'   \eqn{\max_k (C_k - C_j)}{max_k (C[k] - C[j])}; its interval is the largest of the zero and the
#'   ends of the intervals of these differences (Hsu 1984).
#'
#' `p_best` is the share of resamples in which the judge is best, split where several are. It is not
#' the probability that a statement is true: two equal judges have one half each.
#'
#' @section Assumptions:
#' Items are a random sample of those to be judged later, and judges are compared on the items that
#' all of them (and the humans) rated as all metrics need. The bootstrap resamples items, not
#' raters. Squared differences add the noise of few ratings, so the judges should have the same
#' number each.
#'
#' @inheritSection agreement_metrics Invalid answers
#'
#' @inheritParams agreement_metrics
#' @param judges Ratings of the judges, one source each, from [as_ratings()], or response sets from
#'   [reconstruct_sets()].
#' @param metric Names of metrics to rank by, see [agreement_metrics()]; several are ranked one by
#'   one, on the same items and resamples. `NULL`: `"mse_srs"` if both sides have response sets,
#'   else `"js_divergence"`, with a message.
#' @param tau Threshold of decisions and of thresholded sets, in \[0, 1).
#' @param n_boot Number of bootstrap resamples of the items; 0 for ranks and regret alone.
#' @param conf_level Confidence level of all intervals, strictly between 0 and 1; those of ranks and
#'   regret hold together.
#' @return A data frame of class `judicious_ranking`, one row per metric and judge, best first:
#'   \describe{
#'     \item{`judge`, `metric`}{Names.}
#'     \item{`estimate`, `conf_low`, `conf_high`}{The metric and its percentile interval.}
#'     \item{`rank`, `rank_low`, `rank_high`}{1 is best; equal judges share the better rank.}
#'     \item{`p_best`}{Share of resamples in which the judge is best.}
#'     \item{`tie_group`}{1 for the judges not surely worse than the best, and so on.}
#'     \item{`consistency`, `downstream_rank`}{Decision consistency with the humans at `tau`, and
#'       the rank by it.}
#'     \item{`regret`, `regret_low`, `regret_high`}{Decision consistency lost by choosing this
#'       judge, in \[0, 1\].}
#'     \item{`n_items`}{Items compared.}
#'   }
#'   The last six but one are `NA` where there are no response sets or no positive options. It has
#'   methods for `print()`, [tidy()][tidy.judicious_ranking], `as.data.frame()`,
#'   [autoplot()][autoplot.judicious_ranking] and `plot()`.
#' @section Undefined when:
#' A judge whose metric is undefined has no rank; a warning of class `judicious_warning_undefined`
#' says so.
#' @inheritSection agreement_metrics Errors
#' @references
#' Guerdan, L. et al. (2025). Validating LLM-as-a-judge systems under rating indeterminacy.
#' *NeurIPS 2025*, arXiv:2503.05965.
#'
#' Mogstad, M., Romano, J. P., Shaikh, A. M. and Wilhelm, D. (2024). Inference for ranks with
#' applications to mobility across neighbourhoods and academic achievement across countries. *Review
#' of Economic Studies*, 91(1), 476-518.
#'
#' Hsu, J. C. (1984). Constrained simultaneous confidence intervals for multiple comparisons with
#' the best. *Annals of Statistics*, 12(3), 1136-1144.
#' @examples
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' set.seed(1)
#' sim <- simulate_ratings(task, n_items = 200, n_judges = 5)
#' ranking <- rank_judges(sim$human, sim$judges, metric = c("mse_srs", "hit_rate"))
#' ranking
#' ggplot2::autoplot(ranking)
#' ggplot2::autoplot(ranking, type = "regret")
#' @family ratings
#' @export
rank_judges <- function(human, judges, metric = NULL, tau = 0.5, n_boot = 2000L, ...,
                        conf_level = 0.95, smooth = 0.5, rule = c("any", "all"), threads = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  rule <- match_choice(rule)
  tau <- check_tau(tau)
  smooth <- check_number(smooth, 0, 1e15)
  boot <- joint_settings(conf_level, n_boot, threads, call)
  pair <- pair_sources(human, judges, rule, call)
  metric <- if (is.null(metric)) default_metric(pair) else check_metrics(metric, "metric", call)
  grid <- rank_grid(pair, metric, tau, call)
  values <- compute_common(pair, grid$specs, boot, smooth, call)
  warn_undefined(values$estimate, grid$specs, names(pair$judges), call)
  warn_without_interval(values, grid$specs, boot, call)
  new_ranking(rank_rows(grid, values, pair, boot), pair, tau, boot)
}

# The specs of all judges, metrics and thresholds, with the consistency to each; the
# rows of one comparison of judges share `set`.
rank_grid <- function(pair, metric, tau, call) {
  check_bounds(metric, pair, call)
  downstream <- has_decisions(pair)
  if (!downstream) {
    inform_judicious(
      c("No decisions to compare: {.field regret} and {.field consistency} are {.val {NA}}.",
        i = "They need response sets of both sides and a task with positive options."),
      "downstream"
    )
  }
  wanted <- unique(c(metric, if (downstream) "consistency"))
  specs <- do.call(rbind, lapply(wanted, function(m) expand_specs(pair, m, tau, TRUE)))
  specs$set <- interaction(specs$human, specs$tau, specs$metric, drop = TRUE)
  list(specs = specs, metric = metric, downstream = downstream)
}

# On the items that all judges and metrics can use.
compute_common <- function(pair, specs, boot, smooth, call) {
  values <- compute_metrics(pair, specs, boot, smooth, common = TRUE, call)
  n <- values$n_items[1]
  if (n == 0) {
    abort_judicious(
      c("There is no item that the humans and all judges rated as the metrics need.",
        i = "{.fn agreement_metrics} compares each judge on its own items."),
      "items", call = call
    )
  }
  if (n < length(pair$items)) {
    inform_judicious("Judges are compared on the {n} of {length(pair$items)} items that all of them
                     and the humans rated.", "missing")
  }
  values
}

# One row per comparison and judge.
rank_rows <- function(grid, values, pair, boot) {
  specs <- grid$specs
  per_set <- lapply(split(seq_len(nrow(specs)), specs$set), function(rows) {
    metric <- specs$metric[rows[1]]
    if (!metric %in% grid$metric) return(NULL)
    ranked <- rank_set(values, rows, metric, boot)
    down <- downstream_set(grid, values, rows, boot)
    table <- data.frame(
      human = specs$human[rows], tau = specs$tau[rows],
      judge = names(pair$judges)[specs$judge[rows]], metric = metric,
      estimate = values$estimate[rows], conf_low = values$conf_low[rows],
      conf_high = values$conf_high[rows],
      ranked[c("rank", "rank_low", "rank_high", "p_best", "tie_group")],
      down, n_items = values$n_items[rows]
    )
    table[order(table$rank, method = "radix"), ]
  })
  table <- do.call(rbind, unname(per_set))
  table <- table[order(match(table$metric, grid$metric), table$human, table$tau,
                       method = "radix"), ]
  row.names(table) <- NULL
  table
}

rank_set <- function(values, rows, metric, boot) {
  loss <- loss_of(metric)
  ranked <- rank_judges_cpp(loss(values$estimate[rows]),
                            loss(values$replicates[, rows, drop = FALSE]), boot$conf_level)
  lapply(ranked, function(column) replace(column, is.nan(column), NA_real_))
}

loss_of <- function(metric) {
  switch(metric_rows(metric)$better, higher = function(x) -x, lower = identity, zero = abs)
}

downstream_set <- function(grid, values, rows, boot) {
  specs <- grid$specs
  missing <- rep(NA_real_, length(rows))
  if (!grid$downstream) {
    return(data.frame(consistency = missing, downstream_rank = missing, regret = missing,
                      regret_low = missing, regret_high = missing))
  }
  same <- which(specs$metric == "consistency" & specs$human == specs$human[rows[1]] &
                  specs$tau == specs$tau[rows[1]])
  ranked <- rank_set(values, same, "consistency", boot)
  data.frame(consistency = values$estimate[same], downstream_rank = ranked$rank,
             ranked[c("regret", "regret_low", "regret_high")])
}

new_ranking <- function(rows, pair, tau, boot) {
  rows$human <- rows$tau <- NULL
  structure(rows, tau = tau, conf_level = boot$conf_level, n_boot = boot$n_boot,
            class = c("judicious_ranking", "judicious_table", "data.frame"))
}
