#' Estimate a mean metric from human and judge labels
#'
#' @description
#' Corrects the bias of one or several judges (usually LLMs) with a few human labels, and reports a
#' mean or rate with a confidence interval that holds. One door for every design: the arguments
#' `strata`, `clusters` and `prob` say how the human labels were drawn, and combine freely.
#'
#' @param formula A two-sided formula: human labels on the left, judges on the right.
#'   `human ~ judge` is PPI++, `human ~ gemini + claude` uses two judges, `human ~ 1` none, and
#'   `judge ~ 1` is the (biased) mean of the judge itself. Human labels may be missing (`NA`, `NaN`:
#'   nobody labelled the row), judges may not (but see `missing_judge`). Both may be logical,
#'   integer, double or a factor with two levels, of which the second counts as 1. Transformations
#'   (`I(score / 10)`), products (`I(a * b)`) and matrices (several judges) work as in [lm()]; the
#'   operators `-`, `*`, `:`, `/`, `^`, `%in%` and `|` of other formulas are refused, and `.` where
#'   it would take an id. Or, alone, a summary made by [summarise_labels()].
#' @param data A data frame with one row per item, or `NULL` when the variables are vectors; for
#'   tables in a database see [summarise_labels()].
#' @param ... Not used; all further arguments must be named.
#' @param strata,clusters Ids of the strata the labels were drawn in, and of clusters of dependent
#'   rows (turns of one conversation). Bare column names, expressions or vectors of any type that
#'   \pkg{vctrs} can group, data frames of several columns included; no missing ids. Clusters are
#'   nested in strata: an id that recurs in another stratum is another cluster.
#' @param prob Inclusion probability of every row, in \[0, 1\], when rows were drawn with known and
#'   unequal probabilities (for example by [sample_active()]). Unlabelled rows with `prob` 0 or `NA`
#'   are dropped, with a warning or a message that says how many.
#' @param estimand `"rows"` (default): the mean over rows. `"clusters"`: the mean of the cluster
#'   means, which gives every cluster the same say. `clusters = ` alone never changes the estimand.
#' @param preset `"recommended"` (default) or `"published"`. Fills in the arguments left `NULL`: see
#'   *Presets*.
#' @param power_tuning How much to trust the judges: `"optimal"` (smallest estimated variance),
#'   `"ppi++"` (Angelopoulos, Duchi and Zrnic 2023), `FALSE` (lambda = 1; 1/sqrt(M) each for M
#'   judges), or fixed numbers, one or one per judge.
#' @param pool_strata `TRUE`: one lambda for all strata; `FALSE`: one for each.
#' @param center Known `prob` only. `TRUE`: the Hajek form, which shifts and flips with the labels;
#'   `FALSE`: the published form, which does not.
#' @param interval `"auto"`, `"beta"`, `"wilson"`, `"t"`, `"normal"` or `"bootstrap"`; see
#'   *Intervals*.
#' @param population `"infinite"` (default): the question is about the process behind the data.
#'   `"finite"`: it is about these rows only, and labelling all of them leaves no uncertainty.
#' @param conf_level Confidence level, strictly between 0 and 1.
#' @param range Lowest and highest possible value of the metric; `c(0, 1)` is inferred when all
#'   labels are 0 or 1.
#' @param n_boot Number of resamples for `interval = "bootstrap"`, at least 100. [set.seed()]
#'   governs them.
#' @param threads Number of threads; `NULL` takes `getOption("judicious.threads", 1L)`. The result
#'   does not depend on it.
#' @param metric Name of the metric, for printing; `NULL`: "Mean of" the left-hand side.
#' @param strata_weights Share of every stratum in the population: numbers named by stratum that sum
#'   to 1. `NULL`: the shares of rows (estimand `"rows"`) or of clusters in the data.
#' @param lonely What to do with a stratum that has one labelled unit: `"error"`, or `"pool"` to
#'   borrow the mean unit variance of the other strata.
#' @param boot_interval With `interval = "bootstrap"`: `"percentile"`, as published, or `"bca"`
#'   (bias-corrected and accelerated, Efron 1987).
#' @param skew `TRUE`: the `"t"` interval is widened on the side of the long tail (Johnson 1978).
#' @param guard Known `prob` only: what a low `prob` may hide. `"robust"` (default): anything.
#'   `"verdict"`: among rows with the same verdict of the judges, errors do not get commoner as
#'   `prob` falls. The interval is then narrower, and wrong where that is; printing says so.
#' @param missing_judge What to do with rows that a judge did not answer: `"error"`, or
#'   `"indicator"`: its missing labels count as 0 and an indicator of them is a further judge, as in
#'   `human ~ ifelse(is.na(b), 0, b) + is.na(b)`. That is valid whatever made the judge fail.
#'
#' @return An object of class `judicious_estimate`: a list with
#'   \describe{
#'     \item{`estimate`, `std_error`, `conf_low`, `conf_high`, `conf_level`}{The answer, in the
#'       metric's own units.}
#'     \item{`interval`, `method`, `preset`, `estimand`, `population`, `metric`, `range`,
#'       `formula`}{How it was reached.}
#'     \item{`lambda`}{Weight of every judge: a named vector, or a strata x judges matrix.}
#'     \item{`df`}{Satterthwaite degrees of freedom, at least 1.}
#'     \item{`n_true`, `n_proxy`, `n_clusters`}{Labelled rows; rows with judge labels (0 without a
#'       judge); clusters, or `NA`.}
#'     \item{`n_effective`}{Effective sample size: how many human labels alone would be as precise.}
#'     \item{`labels_only`}{The same answer from the human labels alone.}
#'     \item{`strata`}{One row per stratum: labels, weight, estimate and standard error; `NULL`
#'       without strata.}
#'     \item{`estimate_raw`}{The estimate before it was clipped to `range`.}
#'     \item{`flags`}{What a reader should know, in words; printed.}
#'     \item{`boot`, `inference`, `call`}{Bootstrap replicates of the estimate, if any; what
#'       [confint()] and [test_mean()] need; and the call.}
#'   }
#'   It has methods for `print()`, `summary()`, [tidy()], [glance()], `coef()`, `vcov()`,
#'   `confint()`, `nobs()`, `as.data.frame()`, [autoplot()][ggplot2::autoplot] and `plot()`.
#'
#' @section Formula:
#' In every stratum the estimate is \eqn{\theta_h = \bar y_h - \lambda' (\bar f_h^L - \bar f_h^U)}:
#' the mean of the human labels, corrected by how far the judges' mean among labelled rows is from
#' their mean elsewhere. Strata are added with weights \eqn{W_h}. The statistics vignette has the
#' general form with clusters and known probabilities, the variance and \eqn{\lambda}.
#'
#' @section Presets:
#' | | `"recommended"` | `"published"` |
#' |---|---|---|
#' | `power_tuning` | `"optimal"`, shrunk for several judges | `"ppi++"` |
#' | `pool_strata` | `TRUE` unless every stratum has 50 labelled units (10 per judge) | `FALSE` |
#' | `center` | `TRUE` | `FALSE` |
#' | `interval` | `"auto"` | `"normal"` |
#'
#' `"published"` reproduces the numbers of the papers and their reference code. `"recommended"`
#' keeps its coverage with few labels and rare events, where the published intervals do not.
#'
#' @section Intervals:
#' - `"beta"`: 0/1 labels: Clopper-Pearson at an effective number of labels that the judge can raise
#'   but a handful of lucky labels cannot. Other bounded metrics: quantiles of two beta
#'   distributions with the moments of the estimate and one pseudo-label. Inside the range by
#'   construction; conservative.
#' - `"wilson"`: Wilson's score interval at the same effective number; about 5 % shorter, coverage
#'   down to 92 %.
#' - `"t"`: Student t with a leverage-corrected (HC3) variance; for metrics without bounds.
#' - `"normal"`: estimate plus or minus z standard errors, unclipped: the published interval.
#' - `"bootstrap"`: Predict-Then-Debias: labelled units are resampled, the others enter through the
#'   normal limit of their mean; lambda is tuned on the replicates. Percentiles or BCa.
#' - `"auto"`: `"beta"` for 0/1 labels and for every declared `range`; else `"t"`.
#'
#' @section Assumptions:
#' The labelled rows (or clusters) are a simple random sample of all rows, within every stratum if
#' there are strata, or were drawn with the probabilities `prob`. Judges may be arbitrarily biased.
#' No interval rescues a heavily skewed unbounded metric with 20 labels or fewer.
#'
#' @section Undefined when:
#' No row of a stratum is labelled (error), or only one (error; see `lonely`). Constant labels give
#' an estimate equal to that constant, lambda 0 and the `"beta"` interval if the metric is bounded;
#' otherwise the interval is `NA`, with a warning. Constant, duplicated or collinear judges get
#' lambda 0. With no unlabelled row (or one) in a stratum its judges are not used.
#'
#' @section Methods:
#' `r rd_methods_table()`
#'
#' @references
#' Angelopoulos, Duchi and Zrnic (2023), PPI++: Efficient Prediction-Powered Inference,
#' arXiv:2311.01453, eq. 2 and section 6. Zrnic and Candes (2024), Active Statistical Inference,
#' ICML. Fisch, Maynez, Hofer, Dhingra, Globerson and Cohen (2024), Stratified Prediction-Powered
#' Inference for Hybrid Language Model Evaluation, NeurIPS 37. Clopper and Pearson (1934),
#' Biometrika 26; Korn and Graubard (1998), Survey Methodology 24, for effective sizes; Johnson
#' (1978), JASA 73, for skewness; Kluger, Lu, Zrnic, Wang and Bates (2025), Prediction-Powered
#' Inference with Imputed Covariates and Nonuniform Sampling, arXiv:2501.18577, for the bootstrap;
#' Efron (1987), JASA 82, for BCa.
#'
#' @seealso [test_mean()], [compare_estimates()], [judicious_methods()].
#' @examples
#' set.seed(1)
#' conversations <- simulate_binary(2000, true_mean = 0.1, proxy_mean = 0.05, correlation = 0.6)
#' conversations$human <- reveal_labels(conversations$y_true, sample_uniform(2000, 200))
#'
#' estimate_mean(human ~ y_proxy, conversations, metric = "Hallucination rate")
#' estimate_mean(human ~ 1, conversations, metric = "Hallucination rate")
#' @export
estimate_mean <- function(formula, data = NULL, ...,
                          strata = NULL, clusters = NULL, prob = NULL,
                          estimand = c("rows", "clusters"),
                          preset = c("recommended", "published"),
                          power_tuning = NULL, pool_strata = NULL, center = NULL,
                          interval = NULL, population = c("infinite", "finite"),
                          conf_level = 0.95, range = NULL, n_boot = 2000L, threads = NULL,
                          metric = NULL, strata_weights = NULL, lonely = c("error", "pool"),
                          skew = FALSE, boot_interval = c("percentile", "bca"),
                          guard = c("robust", "verdict"),
                          missing_judge = c("error", "indicator")) {
  call <- rlang::current_env()
  check_dots(...)
  user_call <- match.call()
  estimand <- match_choice(estimand)
  preset <- match_choice(preset)
  population <- match_choice(population)
  lonely <- match_choice(lonely)
  conf_level <- check_conf_level(conf_level, call = call)
  n_boot <- check_count(n_boot, lower = 100, upper = 1e7, call = call)
  boot_interval <- match_choice(boot_interval)
  guard <- match_choice(guard)
  missing_judge <- match_choice(missing_judge)
  skew <- check_flag(skew, call = call)
  range <- check_range(range, call)
  quosures <- list(rlang::enquo(strata), rlang::enquo(clusters), rlang::enquo(prob))
  design <- read_design(formula, data, quosures, guard, missing_judge, call)
  check_estimand(estimand, design, call)
  check_guard(guard, design, call)
  given <- list(power_tuning = power_tuning, pool_strata = pool_strata, center = center,
                interval = interval)
  knobs <- estimate_settings(preset, given, length(design$proxies), design, call)
  check_effects(given_effects(given, lonely, skew, missing_judge, guard, user_call), design,
                knobs$interval, call)
  settings <- c(knobs, list(
    preset = preset, published = preset == "published", estimand = estimand,
    finite = population == "finite", lonely_pool = lonely == "pool", skew = skew,
    third_moments = skew || boot_interval == "bca", bca = boot_interval == "bca",
    boot_interval = boot_interval, n_boot = n_boot, verdict = guard == "verdict", range = range,
    weights = check_strata_weights(strata_weights, design$strata, call),
    threads = check_threads(threads, call), conf_level = conf_level,
    metric = check_metric(metric, design$label, call)
  ))
  estimate_design(design, settings, user_call, call)
}

# Fits, and tells what in data or answer may have been meant otherwise.
estimate_design <- function(design, settings, user_call, call) {
  core <- fit_design(design, settings, call)
  check_labels_in_range(design, core$facts, settings$range, call)
  out <- build_estimate(design, settings, core, user_call, call)
  check_skew(settings$skew, settings$interval, out$interval, call)
  if (is.null(design$summary)) tell_misreadings(design, core, settings$range, call)
  out
}

# The design that a formula and columns say, or that a summary holds.
read_design <- function(formula, data, quosures, guard, missing_judge, call) {
  design <- if (is_summary(formula)) {
    check_summary_alone(data, quosures, guard, missing_judge, call)
    summary_design(formula, call)
  } else if (is_lazy(data)) {
    check_guard_of_rows(guard, missing_judge, call)
    lazy_design(formula, data, rlang::set_names(quosures, c("strata", "clusters", "prob")), call)
  } else {
    parse_design(formula, data, quosures[[1]], quosures[[2]], quosures[[3]], call)
  }
  if (missing_judge == "indicator") mark_missing_judges(design) else design
}

# Arguments that the user set and that may be without effect in this design.
given_effects <- function(given, lonely, skew, missing_judge, guard, user_call) {
  c(names(Filter(function(x) !is.null(x) && !isFALSE(x), given)),
    if (isFALSE(given$power_tuning)) "power_tuning", if (lonely == "pool") "lonely",
    if (skew) "skew", if (missing_judge == "indicator") "missing_judge",
    if (guard == "verdict") "guard",
    intersect(names(user_call), c("n_boot", "boot_interval")))
}
