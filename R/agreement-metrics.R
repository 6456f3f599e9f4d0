# agreement_metrics(): any metric of any judge on ratings.

#' Agreement of judges with human ratings
#'
#' @description
#' Any metric of how a judge agrees with human raters, on ratings: the four ways to aggregate
#' ratings, and what the decisions made from them have in common; for one judge or many, each with
#' an interval from one bootstrap over items.
#'
#' @section Aggregations:
#' With \eqn{O_{ik}}{O[i, k]} the share of forced choices and \eqn{\omega_{ik}}{omega[i, k]} the
#' share of response sets with option \eqn{k}:
#'
#' - `h`, forced choice, hard: the option chosen most often, the first of several;
#' - `s`, forced choice, soft: \eqn{O};
#' - `hrs`, response sets, hard: the options with \eqn{\omega_{ik} > \tau}{omega[i, k] > tau};
#' - `srs`, response sets, soft: \eqn{\omega}{omega};
#' - `p`: the probability that a response set is positive, from which decisions are made.
#'
#' @section Metrics:
#'
#' | `metric` | human / judge | formula per item or in all | better |
#' | --- | --- | --- | --- |
#' | `mse_srs`, `mse_hrs`, `mse_s`, `mse_h` | same / same | sum of squared differences | lower |
#' | `coverage` | hrs / h | is the judge's choice in the human set? | higher |
#' | `coverage_srs` | srs / h | share of human sets with the judge's choice | higher |
#' | `js_divergence`, `js_distance` | s / s | Jensen-Shannon, see [agree_divergence] | lower |
#' | `kl_human_judge`, `kl_judge_human` | s / s | Kullback-Leibler, smoothed | lower |
#' | `cross_entropy_human_judge`, `cross_entropy_judge_human` | s / s | smoothed | lower |
#' | `hit_rate` | h / h | same choice? | higher |
#' | `cohen_kappa`, `fleiss_kappa`, `krippendorff_alpha` | h / h | beyond chance, nominal | higher |
#' | `consistency` | p / p | same decision P(S meets the positive options) > tau? | higher |
#' | `bias`, `bias_abs`, `bias_squared` | p / p | share positive, judge minus human | 0, lower |
#'
#' The last two are the downstream metrics: what a filter or a prevalence estimate with threshold
#' `tau` would get wrong. Without ties of opinion everything else is a stand-in for them. `mse_srs`
#' ranks judges best for all thresholds at once; forced-choice metrics depend on how raters break
#' ties (Guerdan et al. 2025).
#'
#' @section Zero cells:
#' KL and cross-entropy add `smooth` to every count of choices (0.5: Jeffreys' prior). With
#' `smooth = 0` they may be `Inf`, with a warning of class `judicious_warning_infinite`. Nothing is
#' clipped.
#'
#' @section Invalid answers:
#' As the ratings were read (see [as_ratings()]). With `"exclude"` they are counted in `n_invalid`.
#' With `"wrong"`, a side whose invalid answers lead has no choice, and agrees with nothing; in
#' divergences, invalid answers are an outcome of their own. With `"bounds"`, `estimate` is of the
#' valid answers and `conf_low` to `conf_high` covers everything the invalid ones might have been,
#' and sampling error; divergences and chance-corrected coefficients have no such bounds.
#'
#' @section Undefined when:
#' No item has the ratings a metric needs, or a chance-corrected coefficient sees one label only:
#' the estimate is `NA`, with one warning of class `judicious_warning_undefined`.
#'
#' @param human Human ratings from [as_ratings()], or response sets from [reconstruct_sets()]. If
#'   there are several sources, the one called `"human"`.
#' @param judge The same of the judges, one source each. A source called `"human"` among others is
#'   left out, so that one object may serve as both.
#' @param metrics Names of metrics, or `"all"` that the ratings allow. `NULL`: `"mse_srs"` if both
#'   sides have response sets, else `"js_divergence"`, with a message.
#' @param tau Thresholds in \[0, 1); several give several rows for the metrics that use them.
#' @param n_boot Number of bootstrap resamples of the items; 0 for no intervals.
#' @param ... Not used; all further arguments must be named.
#' @param conf_level Confidence level, strictly between 0 and 1.
#' @param smooth A number from 0 added to each count for KL and cross-entropy.
#' @param rule A response set is positive if it holds `"any"` or `"all"` of the positive options. Of
#'   a result of [reconstruct_sets()], the rule it was made with.
#' @param threads Number of threads; `NULL` takes `getOption("judicious.threads", 1L)`. The result
#'   does not depend on it.
#' @return A data frame of class `judicious_metrics`, one row per judge, metric and threshold:
#'   \describe{
#'     \item{`judge`, `metric`}{Names.}
#'     \item{`human_agg`, `judge_agg`}{How ratings were aggregated.}
#'     \item{`tau`}{Threshold, `NA` where none matters.}
#'     \item{`estimate`, `conf_low`, `conf_high`}{The metric and its percentile interval.}
#'     \item{`better`}{`"higher"`, `"lower"` or `"zero"`.}
#'     \item{`n_items`, `n_ratings`, `n_invalid`}{Items used, valid ratings of both sides in them,
#'       and invalid ratings of both sides in all shared items.}
#'   }
#'   It has methods for `print()`, [tidy()][tidy.judicious_metrics], `as.data.frame()`, `autoplot()`
#'   and `plot()`.
#' @section Errors:
#' `judicious_error_items` (no shared item), `judicious_error_task`, `judicious_error_source`,
#' `judicious_error_choice`, `judicious_error_policy`, `judicious_error_type`,
#' `judicious_error_range` name the argument at fault.
#' @inherit agree_hit_rate references
#' @seealso [rank_judges()] to choose among judges.
#' @examples
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' set.seed(1)
#' sim <- simulate_ratings(task, n_items = 100, n_judges = 3)
#' agreement_metrics(sim$human, sim$judges, c("mse_srs", "hit_rate", "consistency"))
#' @family ratings
#' @export
agreement_metrics <- function(human, judge, metrics = NULL, tau = 0.5, n_boot = 2000L, ...,
                              conf_level = 0.95, smooth = 0.5, rule = c("any", "all"),
                              threads = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  rule <- match_choice(rule)
  tau <- check_taus(tau, call)
  smooth <- check_number(smooth, 0, 1e15)
  boot <- joint_settings(conf_level, n_boot, threads, call)
  pair <- pair_sources(human, judge, rule, call)
  metrics <- choose_metrics(metrics, pair, call)
  check_bounds(metrics, pair, call)
  specs <- metric_specs(pair, metrics, tau)
  values <- compute_metrics(pair, specs, boot, smooth, common = FALSE, call)
  warn_undefined(values$estimate, specs, names(pair$judges), call)
  warn_infinite_metrics(values$estimate, specs, call)
  warn_without_interval(values, specs, boot, call)
  new_metrics(specs, values, pair, boot)
}

joint_settings <- function(conf_level, n_boot, threads, call) {
  boot <- list(conf_level = check_conf_level(conf_level, arg = "conf_level", call = call),
               n_boot = check_count(n_boot, 0, 1e7, arg = "n_boot", call = call),
               threads = check_threads(threads, call))
  warn_few_resamples(boot$n_boot, boot$conf_level, call)
  boot
}

choose_metrics <- function(metrics, pair, call) {
  if (is.null(metrics)) return(default_metric(pair))
  if (!identical(metrics, "all")) return(check_metrics(metrics, "metrics", call))
  all <- agreement_registry
  with_choices <- vapply(c(pair$humans, pair$judges), function(p) any(!is.na(p$o[1, ])), NA)
  if (!has_sets(pair)) all <- all[!uses_sets(all$metric), ]
  if (!has_decisions(pair)) all <- all[all$human_agg != "p", ]
  if (!all(with_choices)) all <- all[!all$judge_agg %in% c("h", "s"), ]
  if (any(vapply(c(pair$humans, pair$judges), function(p) !is.null(p$o_low), NA))) {
    all <- all[all$bounds, ]
  }
  all$metric
}

warn_undefined <- function(estimate, specs, judges, call) {
  bad <- which(is.na(estimate))
  if (length(bad) == 0L) return(invisible())
  warn_judicious(
    c("{length(bad)} of {length(estimate)} values are undefined and {.val {NA_real_}}.",
      x = "The first is {.val {specs$metric[bad[1]]}} of {.val {judges[specs$judge[bad[1]]]}}.",
      i = "No item has the ratings it needs, or all have one label."),
    "undefined", n_undefined = length(bad), metric = specs$metric[bad], call = call
  )
}

warn_infinite_metrics <- function(estimate, specs, call) {
  bad <- which(is.infinite(estimate))
  if (length(bad) == 0L) return(invisible())
  warn_judicious(
    c("{.val {specs$metric[bad[1]]}} is infinite: one side uses an option that the other never
       does.", i = "Use {.code smooth = 0.5}, or {.val js_divergence}."),
    "infinite", metric = specs$metric[bad], call = call
  )
}

new_metrics <- function(specs, values, pair, boot) {
  rows <- metric_rows(specs$metric)
  table <- data.frame(
    judge = names(pair$judges)[specs$judge], metric = specs$metric, human_agg = rows$human_agg,
    judge_agg = rows$judge_agg, tau = specs$shown_tau, estimate = values$estimate,
    conf_low = values$conf_low, conf_high = values$conf_high, better = rows$better,
    n_items = values$n_items, n_ratings = values$n_ratings, n_invalid = values$n_invalid
  )
  structure(table, conf_level = boot$conf_level, n_boot = boot$n_boot,
            std_error = values$std_error, n_shared = length(pair$items),
            class = c("judicious_metrics", "judicious_table", "data.frame"))
}
