#' Plan how many items a human should label
#'
#' @description
#' Says before the labels are there how wide the interval of [estimate_mean()] will be and how
#' likely [test_mean()] is to tell the mean from `mu`, for every number of human labels: the
#' smallest number that is enough, what it costs, whether the judge pays for itself, and what
#' choosing items by uncertainty would save.
#'
#' @param pilot What is known. One of
#'   - a `judicious_estimate`: a first round of labels,
#'   - a data frame with the labels of a first round (then give `formula`),
#'   - a named list of assumptions, see *Assumptions list*.
#' @param formula For a data frame: as in [estimate_mean()], for example `human ~ judge`.
#' @param ... For a data frame: further arguments of [estimate_mean()], such as `clusters`,
#'   `strata`, `prob` or `range`. Otherwise not used.
#' @param width (number) The goal: an interval at most this wide on average (its whole length, in
#'   the metric's units).
#' @param power (number) The goal: the probability that the test of `mu` rejects, strictly between
#'   `1 - conf_level` and 1. With `width` and `power` both are to be reached, with neither there is
#'   a table but no recommendation.
#' @param mu (number) The value the mean will be tested against, for example a target rate.
#' @param alternative The test, as in [test_mean()].
#' @param conf_level (number) Level of the interval; the test has level `1 - conf_level`. `NULL`:
#'   that of the pilot, else 0.95.
#' @param n (numeric vector) Numbers of human labels to tabulate; `NULL` chooses some round ones.
#' @param n_total (count) Number of items in the pool, all of which the judge labels. `NULL`: that
#'   of the pilot or of the list, else the length of `uncertainty`, else `Inf`.
#' @param human_cost,judge_cost (number) Cost of one human label and of one judge label, in any
#'   unit.
#' @param uncertainty (numeric vector) The judge's uncertainty per item of the pool, as for
#'   [sample_active()]: adds the design that draws items by it, with the best mix.
#' @returns An object of class [`judicious_plan`][judicious_plan]. Its table (`as.data.frame()` or
#'   [tidy()]) has one row per number of labels and the columns
#'   \describe{
#'     \item{`n_true`, `n_clusters`, `n_proxy`}{Human labels, clusters that hold them (only if there
#'       are clusters), judge labels (0 without a judge).}
#'     \item{`width`, `power`}{Expected width of the interval; power against `mu` (`NA` without).}
#'     \item{`n_effective`}{Expected effective sample size.}
#'     \item{`width_labels_only`, `power_labels_only`}{The same without the judge.}
#'     \item{`n_labels_only`}{Human labels that reach the row's `width` without the judge, in the
#'       recommended row those that reach the goal; `NA` if the pool has too few.}
#'     \item{`width_active`, `power_active`}{With `uncertainty`: the same number of labels, drawn by
#'       uncertainty.}
#'     \item{`cost`, `cost_labels_only`}{With costs: of this row, and of `n_labels_only` labels.}
#'     \item{`chosen`}{Whether this row is the recommendation.}
#'   }
#'
#' @section Assumptions list:
#' - `rate`: mean of 0/1 labels, strictly between 0 and 1.
#' - `mean`, `sd`: instead of `rate`, mean and standard deviation of real-valued labels.
#' - `correlation`: of judge and label, in \[-1, 1\] (without the ends for scores); left out: no
#'   judge.
#' - `sensitivity`, `specificity`: instead of `correlation`, for a 0/1 judge: how often it is right
#'   when the label is 1, and when it is 0.
#' - `proxy_mean`: mean of a 0/1 judge; default `rate`.
#' - `cluster_size`, `icc`: rows per cluster (one number, or the sizes of all clusters, which may
#'   differ) and intra-class correlation of the labels, in \[0, 1\]. Whole clusters are labelled.
#' - `n_total`, `human_cost`, `judge_cost`: as the arguments, which win.
#'
#' @section Two systems:
#' A list with two rates, `rate = c(new = 0.16, old = 0.2)`, or two means (`mean`, `sd`), or the
#' result of [estimate_difference()], plans their difference, the first minus the second: labels of
#' each system, on the same items (paired) and on different ones (separate). Further entries:
#' `correlation` of judge and label (one number, or one per system), `pair_correlation` of both
#' systems' labels of one item (0 by default), `n_total` items and `human_cost`. `mu` is 0 by
#' default. The result is a [judicious_difference_plan].
#'
#' @section Formula:
#' With n labels of N items, labels of variance \eqn{\sigma^2}{s^2} and a judge of correlation
#' \eqn{\rho}{r}, the best weight of the judge gives the variance
#' \deqn{V(n) = \frac{\sigma^2}{n}\left(1 - \rho^2 \frac{N - n}{N}\right).}{
#'   V(n) = s^2 / n (1 - r^2 (N - n) / N).}
#' The interval is no linear function of V, so its own formula is averaged over what the labels may
#' turn out to be:
#'
#' - *Rates* (beta interval): the estimate, its HC2 variance and the guarded effective size are
#'   computed for every table of label by judge answer. The number of labelled events is summed over
#'   its binomial distribution, which for rare events decides everything; the judge's hits, false
#'   alarms and flags among unlabelled items are summed over by Gauss quadrature. Power is the
#'   probability that the Clopper-Pearson tail of [test_mean()] is below its level, given the number
#'   of events by a normal approximation to the tail's normal score; without a judge it is exact. A
#'   judge known by its correlation is planned as a 0/1 judge with that correlation.
#' - *Scores* (t interval): \eqn{2 t_{df} E\sqrt{V_{HC3}}}{2 t_df E sqrt(V_HC3)} under normal
#'   theory; power by the noncentral t distribution.
#' - *Clusters* of size m with intra-class correlation \eqn{\iota}{icc}: \eqn{\sigma^2}{s^2} grows
#'   by the design effect \eqn{1 + (m - 1)\iota}{1 + (m - 1) icc}, where unequal sizes count as
#'   \eqn{m (1 + cv^2)}{m (1 + cv^2)}. The judge depends on its own row's label only, so its squared
#'   correlation becomes \eqn{\rho^2 (1 + (m-1)\iota) / (1 + (m-1)\iota\rho^2)}{
#'   r^2 (1 + (m - 1) icc) / (1 + (m - 1) icc r^2)}. The base size is that of the guarded design
#'   effect, see the statistics vignette. Few and unequal clusters make the estimated variance
#'   skewed; its typical size is then below its mean, by the kurtosis of the clusters' totals.
#' - *Active sampling*: items are drawn with the probabilities and the mix that [sample_active()]
#'   would choose; the variance is
#'   \eqn{\sigma^2 (1 - \rho^2) \sum (1/\pi_i - 1) u_i^2 / (N \sum u_i^2) + \sigma^2 / N}{
#'   s^2 (1 - r^2) sum((1/pi_i - 1) u_i^2) / (N sum(u_i^2)) + s^2 / N}, the base size that of
#'   [estimate_mean()] with `prob`. The judge's squared error is taken to be proportional to
#'   \eqn{u_i^2}{u_i^2}: what well-calibrated scores gain. Real ones gain less.
#' - *Differences*: one paired difference has the variance s_a^2 + s_b^2 - 2 c, c the covariance of
#'   both labels of one item. The judge's differences have the correlation
#'   (r_a s_a^2 + r_b s_b^2 - (r_a + r_b) c) / sqrt(v (s_a^2 + s_b^2 - 2 r_a r_b c)) with it, v that
#'   variance. Variances of separate systems add up. Rates: the interval of
#'   [estimate_difference()], averaged over the tables of labels. Scores: t intervals, with Welch's
#'   degrees of freedom for separate items.
#' - A *pilot* gives \eqn{\sigma^2}{s^2} with its design effect, and \eqn{\rho}{r}, through the HC2
#'   variances with and without the judge; the next round is planned with the same design.
#'
#' @section Assumptions:
#' Labelled rows (or whole clusters) are drawn at random; a cluster's size says nothing about its
#' labels. The pilot's estimates, or the assumptions, are taken at their word: with a small pilot,
#' look at the plan for a rate or correlation at the other end of its interval too. Numbers of
#' labels include those of the pilot if they are kept. Widths and powers are averages over possible
#' samples; in simulations predicted widths are within 5 % of the mean and powers within a few
#' percentage points. No plan asks for fewer than 10 labels (clusters).
#'
#' @section Undefined when:
#' The pilot's labels do not vary, or its estimate has no variance (`judicious_error_undefined`);
#' `mu` equals the assumed mean. With an unlimited pool, judge costs are an error.
#'
#' @section Errors:
#' `judicious_error_unreachable` if no number of labels up to the whole pool reaches the goal; the
#' message and the condition's `best` tell what the whole pool gives. `judicious_error_infeasible`
#' if `rate` and `proxy_mean` do not allow the correlation. `judicious_error_assumption` if an entry
#' of the list is unknown, missing or contradicts another. `judicious_error_design` for a pilot with
#' `population = "finite"`, for a pilot in which every item is labelled, and for `uncertainty` with
#' clusters. Also `judicious_error_type`, `judicious_error_range`, `judicious_error_length`,
#' `judicious_error_finite`.
#' @references
#' Angelopoulos, Duchi and Zrnic (2023), PPI++: Efficient Prediction-Powered Inference,
#' arXiv:2311.01453, section 6 (the optimal weight and its variance).
#'
#' Zrnic and Candes (2024), Active Statistical Inference, ICML (the active design's variance).
#'
#' Golub and Welsch (1969), Calculation of Gauss quadrature rules, *Mathematics of Computation* 23.
#'
#' Kish (1965), *Survey Sampling*, chapter 5 (design effects).
#' @seealso [sample_uniform()], [sample_active()] and [sample_clusters()] draw the items;
#'   [estimate_mean()] and [test_mean()] are what is planned for.
#' @examples
#' # Assumptions: one answer in ten is bad, the judge correlates 0.6 with the truth
#' plan <- plan_annotation(
#'   list(rate = 0.1, correlation = 0.6, n_total = 5000, human_cost = 2, judge_cost = 0.01),
#'   width = 0.06
#' )
#' plan
#' ggplot2::autoplot(plan)
#'
#' # How many labels tell 10 % from a target of 5 %?
#' plan_annotation(list(rate = 0.1, correlation = 0.6, n_total = 5000), power = 0.8, mu = 0.05)
#'
#' # A pilot of 100 labels
#' set.seed(1)
#' answers <- simulate_binary(5000, true_mean = 0.1, proxy_mean = 0.08, correlation = 0.6)
#' answers$human <- reveal_labels(answers$y_true, sample_uniform(5000, 100))
#' plan_annotation(answers, human ~ y_proxy, width = 0.06)
#' @export
plan_annotation <- function(pilot, formula = NULL, ..., width = NULL, power = NULL, mu = NULL,
                            alternative = c("two.sided", "greater", "less"), conf_level = NULL,
                            n = NULL, n_total = NULL, human_cost = NULL, judge_cost = NULL,
                            uncertainty = NULL) {
  call <- rlang::current_env()
  check_required(pilot)
  alternative <- match_choice(alternative)
  if (is_difference_pilot(pilot)) {
    check_dots(...)
    check_no_formula(formula, call)
    return(plan_difference(pilot, list(
      width = width, power = power, mu = mu, alternative = alternative, conf_level = conf_level,
      n = n, n_total = n_total, human_cost = human_cost, judge_cost = judge_cost,
      uncertainty = uncertainty
    ), sys.call(), call))
  }
  if (is_lazy_table(pilot)) abort_lazy_pilot(call)
  if (is.data.frame(pilot)) {
    pilot <- fit_pilot(pilot, formula, ..., call = call)
  } else {
    check_dots(...)
    check_no_formula(formula, call)
  }
  known <- if (inherits(pilot, "judicious_estimate")) {
    pilot_assumptions(pilot, call)
  } else {
    list_assumptions(pilot, call)
  }
  uncertainty <- check_plan_uncertainty(uncertainty, known, call)
  pool <- n_total %||% known$n_total %||% if (!is.null(uncertainty)) length(uncertainty) else Inf
  known$core <- plan_core(known, check_pool(pool, known, uncertainty, call))
  goal <- check_goal(width, power, mu, conf_level %||% known$conf_level %||% 0.95, known, call)
  build_plan(
    known = known, goal = goal,
    test = list(conf_level = goal$conf_level, mu = mu, alternative = alternative),
    costs = check_costs(human_cost %||% known$human_cost, judge_cost %||% known$judge_cost,
                        known$core, call),
    uncertainty = uncertainty, n = n, user_call = sys.call(), call = call
  )
}

# --- arguments -----------------------------------------------------------------

abort_lazy_pilot <- function(call) {
  abort_judicious(
    c("{.arg pilot} is a lazy table: what is planned from are its labels.",
      i = "Its estimate can be planned from:
           {.code plan_annotation(estimate_mean(human ~ judge, pilot), ...)}."),
    c("lazy", "type"), arg = "pilot", call = call
  )
}

fit_pilot <- function(data, formula, ..., call) {
  if (is.null(formula)) {
    abort_judicious(
      c("{.arg formula} is missing: a data frame needs one.",
        i = "For example {.code plan_annotation(data, human ~ judge)}."),
      "formula", arg = "formula", call = call
    )
  }
  estimate_mean(formula, data, ...)
}

check_no_formula <- function(formula, call) {
  if (is.null(formula)) return(invisible())
  abort_judicious(
    c("{.arg formula} goes with a data frame only.",
      i = "An estimate has one; a list of assumptions needs none."),
    "formula", arg = "formula", call = call
  )
}

check_pool <- function(n_total, known, uncertainty, call) {
  if (!identical(n_total, Inf)) {
    n_total <- check_count(n_total, lower = 10, arg = "n_total", call = call)
  }
  if (!is.null(uncertainty) && length(uncertainty) != n_total) {
    abort_judicious(
      c("{.arg uncertainty} must have one element per item of the pool ({n_total}).",
        x = "It has {length(uncertainty)}."),
      "length", arg = "uncertainty", call = call
    )
  }
  least <- ceiling(10 / known$unit_share)
  if (n_total < least) {
    abort_judicious(
      c("{.arg n_total} must hold at least 10 clusters ({least} items).", x = "It is {n_total}."),
      "range", arg = "n_total", call = call
    )
  }
  n_total
}

check_plan_uncertainty <- function(uncertainty, known, call) {
  if (is.null(uncertainty)) return(NULL)
  if (known$unit_share != 1) {
    abort_judicious("{.arg uncertainty} cannot be combined with clusters.", "design",
                    arg = "uncertainty", call = call)
  }
  check_uncertainty(uncertainty, call = call)
}

check_goal <- function(width, power, mu, conf_level, known, call) {
  conf_level <- check_conf_level(conf_level, call = call)
  if (!is.null(width)) {
    width <- check_number(width, 0, if (known$binary) 1 else Inf, open = TRUE, call = call)
  }
  if (!is.null(power)) {
    power <- check_number(power, 1 - conf_level, 1, open = TRUE, call = call)
  }
  check_mu(mu, power, known, call)
  list(width = width, power = power, conf_level = conf_level)
}

check_mu <- function(mu, power, known, call) {
  if (is.null(mu)) {
    if (is.null(power)) return(invisible())
    abort_judicious(
      c("{.arg power} needs {.arg mu}, the value to test against.",
        i = "For example {.code power = 0.8, mu = 0.05}."),
      "input", arg = "mu", call = call
    )
  }
  if (known$binary) {
    check_number(mu, 0, 1, open = TRUE, call = call)
  } else {
    check_finite(check_number(mu, call = call), arg = "mu", call = call)
  }
  if (mu == known$mean) {
    abort_judicious(
      c("{.arg mu} equals the assumed mean ({format_number(mu)}).",
        i = "There is no difference to detect: power would be the level of the test."),
      "undefined", arg = "mu", call = call
    )
  }
}

check_costs <- function(human_cost, judge_cost, core, call) {
  if (is.null(human_cost) && is.null(judge_cost)) return(NULL)
  if (is.null(human_cost)) {
    abort_judicious("{.arg judge_cost} needs {.arg human_cost}.", "input", arg = "human_cost",
                    call = call)
  }
  human_cost <- check_number(human_cost, 0, Inf, open = TRUE, call = call)
  judge_cost <- check_number(judge_cost %||% 0, 0, arg = "judge_cost", call = call)
  if (judge_cost > 0 && is.infinite(core$n_total) && core$correlation != 0) {
    abort_judicious(
      c("{.arg judge_cost} needs the size of the pool, all of which the judge labels.",
        i = "Give {.arg n_total}."),
      "input", arg = "n_total", call = call
    )
  }
  list(human = human_cost, judge = judge_cost)
}
