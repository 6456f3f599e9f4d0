# The difference of two means, as one estimate.

#' Estimate the difference of two means
#'
#' @description
#' "Is the new version better?" in one number with an interval. Two formulas: both systems answered
#' the same items, one row per item. One formula and `by`: one row per answer; `item` says which
#' answers belong together, and paired, partly overlapping and separate items are one formula.
#'
#' The difference is estimated as such. Where at least half of the labels are on shared items, the
#' judge gets the weights that are best for the difference, which are not those of the two means:
#' those can make a paired difference up to 1.8 times less precise. The result is therefore not the
#' subtraction of two printed means, and `print()` says so.
#'
#' @inheritParams estimate_mean
#' @param formula,formula_b `human_a ~ judge_a` and `human_b ~ judge_b` of two systems, whose
#'   difference a - b is wanted; or one formula with `by`. Either may lack labels where the other
#'   has them: a half pair counts for its own system.
#' @param by Two systems, for one row per answer. Of a factor, the first level minus the second.
#' @param item What both systems answered: an id that occurs once per system. `NULL`: the systems
#'   answered different items, unless `clusters` are shared. With two formulas every row is an item;
#'   rows of a table in a database need the id.
#' @param minus The system that is subtracted, if not the second.
#' @param interval `NULL`: `"beta"` on the scale of the difference if the metric is bounded, else
#'   `"t"`. `"mover"` adds the distances from both means' own beta intervals (Newcombe 1998; Zou and
#'   Donner 2008): some 6 % narrower for separate items, wider for paired ones. `"t"`, `"normal"`.
#' @return A `judicious_estimate`, with the methods described in [judicious_estimate]:
#'   [test_mean()] with `mu = 0` tests whether there is a difference.
#' @section Formula:
#' With psi the influence of an item on a mean, V = sum (psi_a - psi_b)^2 over items. Bounded
#' metrics: d / range on \[-1, 1\] is twice a share minus 1, whose interval is that of Clopper and
#' Pearson at the effective size n_e = n_b (4 n_b p0 (1 - p0) + D) / (n_b (n_b - 1) V + D), with
#' p0 = (d + 1) / 2 of the labels alone, D the guard of [estimate_mean()], and
#' n_b^-2 = n_a^-2 + n_b^-2 - phi / (n_a n_b) of both systems' own sizes and phi, the share of
#' labels in common. Other metrics: t with HC3 variance.
#' @section Ties:
#' Verdicts "a", "b" or "tie" about a pair are one column of 1, 1/2 and 0: its mean, by
#' [estimate_mean()], is P(win) + P(tie) / 2.
#' @section Undefined when:
#' a system has fewer than two labels: an error.
#' @references Newcombe (1998), Statistics in Medicine 17; Zou and Donner (2008), Statistics in
#'   Medicine 27.
#' @seealso [compare_groups()] for more than two, [estimate_ratio()], [test_mean()].
#' @examples
#' set.seed(1)
#' items <- simulate_binary(2000, true_mean = 0.2, proxy_mean = 0.15, correlation = 0.7)
#' items$old <- items$y_true
#' items$new <- ifelse(runif(2000) < 0.3, 0, items$old)
#' items$judge_new <- ifelse(items$new == 1, items$y_proxy, 0)
#' items$old[201:2000] <- NA
#' items$new[201:2000] <- NA
#' better <- estimate_difference(new ~ judge_new, old ~ y_proxy, data = items)
#' better
#' test_mean(better, mu = 0)
#' @export
estimate_difference <- function(formula, formula_b = NULL, data = NULL, ..., by = NULL,
                                item = NULL, minus = NULL, strata = NULL, clusters = NULL,
                                prob = NULL, preset = c("recommended", "published"),
                                power_tuning = NULL, pool_strata = NULL, center = NULL,
                                interval = NULL, conf_level = 0.95, range = NULL, threads = NULL,
                                metric = NULL, strata_weights = NULL,
                                lonely = c("error", "pool"), guard = c("robust", "verdict")) {
  call <- rlang::current_env()
  check_dots(...)
  preset <- match_choice(preset)
  lonely <- match_choice(lonely)
  guard <- match_choice(guard)
  if (is_lazy(data)) check_guard_of_rows(guard, "error", call)
  quosures <- list(strata = rlang::enquo(strata), clusters = rlang::enquo(clusters),
                   prob = rlang::enquo(prob), by = rlang::enquo(by), item = rlang::enquo(item))
  design <- two_systems(formula, formula_b, data, quosures, minus, call)
  settings <- pair_settings(
    design,
    list(power_tuning = power_tuning, pool_strata = pool_strata, center = center,
         interval = interval),
    list(preset = preset, strata_weights = strata_weights, conf_level = conf_level,
         lonely = lonely, guard = guard, range = check_range(range, call), threads = threads,
         intervals = c("auto", "beta", "mover", "t", "normal"), metric = metric), " - ", call
  )
  # The distances from both means' own bounds belong to the difference of these means.
  kind <- if (settings$interval == "mover") "own" else "difference"
  fit <- fit_two_systems(design, settings, kind, call)
  inference <- fit$inference
  used <- resolve_interval(settings$interval, inference, call)
  build_pair_estimate(fit, used, design, settings, "Difference of means",
                      c(difference_flags(fit),
                        verdict_flags(settings, used, length(design$judges[[1]]))), sys.call())
}

difference_flags <- function(fit) {
  c(
    if (fit$overlap == 0) "Separate items: no label is on an item of both systems." else
      paste0("Paired: ", format_chance(fit$overlap), " of the labels are on shared items",
             worth_of_pairing(fit), "."),
    if (fit$best_weights) {
      paste("The judge has the weights that are best for the difference: it is not the",
            "subtraction of two means.")
    }
  )
}

# In labels: how many on separate items would be as precise.
worth_of_pairing <- function(fit) {
  v <- fit$inference$variance
  times <- fit$variance_apart / v
  if (!(v > 0)) return("")
  if (times < 1.05) return("; here that saves no labels against separate items")
  n <- fit$inference$n_true
  paste0("; separate items would need ", format_number(times, 2), " times as many labels (",
         format_count(round(n * times)), " instead of ", format_count(n),
         ") for the same precision")
}
