#' Choose the items the judge is least sure about
#'
#' Spends a labelling budget where the judge is most likely to be wrong, as far as that pays: an
#' item is chosen with a probability that mixes one proportional to its uncertainty with that of a
#' random sample. Keep `prob` and hand it to [estimate_mean()], which
#' undoes the preference.
#'
#' @section Formula:
#' The probabilities solve
#' \deqn{\min \sum_i u_i^2 / \pi_i \quad \text{subject to} \quad \sum_i \pi_i = n,\; \pi_i \le 1,}{
#'   min sum(u^2 / prob) subject to sum(prob) = n, prob <= 1,}
#' the leading term of the variance of the estimate if \eqn{u_i^2} is the expected squared error of
#' the judge on item \eqn{i} (for 0/1 labels: the probability that it is wrong). The solution is
#' \eqn{\pi_i = \min(1, c\, u_i)}{prob = min(1, c u)}, with \eqn{c} found exactly by sorting and
#' filling the largest items to 1 first: `n * u / sum(u)` alone can exceed 1. Only the ratios of the
#' uncertainties matter. Drawn are
#' \deqn{(1 - \mathrm{mix})\, \pi_i + \mathrm{mix}\, n / N.}{(1 - mix) prob + mix n / N.}
#'
#' @section Mix:
#' Items with a low probability make the estimate depend on what nobody saw, and the interval of
#' [estimate_mean()] allows for it; purely active samples can so be reported with a *wider* interval
#' than random ones, although their standard error is smaller. `mix = NULL` takes the mix, in steps
#' of 1/20, with the smallest expected width of the reported interval: the geometric mean over rates
#' of 5, 10 and 30 % and judges with correlations of .5, .7 and .85, taking four fifths of the
#' judge's squared error to follow the uncertainty. Unless that promises at least 1 % over random
#' rows, all are drawn at random (`mix = 1`). No rule can tell from the uncertainties alone whether
#' they say anything about the errors: scores that are spread widely and wrong still cost width.
#'
#' @section Methods:
#' `"pivotal"` (default) selects exactly `n` items and keeps every item in the frame: the sequential
#' pivotal method along a random order.
#'
#' `"poisson"` is the published rule, with `mix = 0`: items are visited in random order and drawn
#' independently of each other, each with its `prob`; when the budget is spent, the next item that
#' would be drawn and all items after it leave the frame (`prob` and `selected` are `NA`). The
#' number of labels is random, at most `n`, a little below `n` on average.
#'
#' @section Assumptions:
#' Every item must have some chance to be labelled, or the judge's errors on it can never be seen.
#' An uncertainty of 0 is therefore an error, not a probability of 0. Judges are often
#' over-confident: raise small values first, for example `pmax(uncertainty, 0.05)`. Estimates stay
#' valid whatever the uncertainties; poor ones only cost precision, and very small ones give single
#' labels huge weights.
#'
#' @param uncertainty (numeric vector) The judge's uncertainty per item, above 0, in any unit; best
#'   the square root of the probability that the judge is wrong. No missing values.
#' @param n (count) The budget: how many labels; at most the number of items.
#' @inheritParams sample_uniform
#' @param method `"pivotal"` or `"poisson"`, see Methods.
#' @param mix (number) Share of the labels drawn at random, from 0 (by uncertainty alone, as
#'   published) to 1 (a random sample); `NULL`: the best, see Mix.
#' @returns A [`judicious_sample`][judicious_sample] data frame with one row per item and columns
#'   `prob` and `selected`.
#' @section Errors:
#' `judicious_error_range` if an uncertainty is not above 0 or `n` exceeds the number of items,
#' `judicious_error_finite` if an uncertainty is missing or infinite, `judicious_error_length` if
#' there are none, `judicious_error_type`, `judicious_error_choice`, and `judicious_error_undefined`
#' if uncertainties are so far apart that a probability is 0 in floating point.
#' @references
#' Zrnic, T. and Candès, E. J. (2024). Active statistical inference. *ICML 2024*, arXiv:2403.03208
#' (independent draws with probabilities proportional to the uncertainty; the cut-off is that of the
#' sampler in glide-py 0.10).
#'
#' Deville, J.-C. and Tillé, Y. (1998). Unequal probability sampling without replacement through a
#' splitting method. *Biometrika*, 85(1), 89-101 (the pivotal method).
#' @examples
#' set.seed(1)
#' items <- simulate_binary_active(2000, true_mean = 0.1, proxy_mean = 0.05, correlation = 0.55)
#' sample_active(items$uncertainty, n = 200)
#'
#' # by uncertainty alone, as published
#' sample_active(items$uncertainty, n = 200, method = "poisson", mix = 0)
#'
#' plan <- sample_active(items$uncertainty, n = 200)
#' items$prob <- plan$prob
#' items$human <- reveal_labels(items$y_true, plan)
#' @family samplers
#' @export
sample_active <- function(uncertainty, n, method = c("pivotal", "poisson"), mix = NULL,
                          data = NULL, id = NULL) {
  if (missing(method)) method <- "pivotal"
  method <- check_choice(method, c("pivotal", "poisson"))
  id <- rlang::enquo(id)
  if (!is.null(data)) {
    return(sample_active_table(list(value = rlang::enquo(uncertainty)), n, method, check_mix(mix),
                               data, id, rlang::current_env()))
  }
  check_no_sample_table(id, rlang::current_env())
  uncertainty <- check_uncertainty(uncertainty)
  n <- check_draws(n, length(uncertainty), "items")
  chosen <- is.null(mix)
  mix <- check_mix(mix)
  active <- call_core(active_probabilities_cpp(uncertainty, n))
  design <- active_mix_cpp(uncertainty, active, length(uncertainty), mix)
  prob <- mix_probabilities_cpp(active, design$mix)
  columns <- switch(method,
    poisson = {
      draws <- draw_poisson_cpp(prob)
      cut_off_cpp(prob, draws$order, draws$drawn, human_cost = 1, judge_cost = 0, budget = n)
    },
    pivotal = sample_pivotal_cpp(prob)
  )
  new_judicious_sample(columns, method = method, budget = n, mix = design$mix,
                       width_ratio = design$width_ratio, mix_chosen = chosen)
}

check_mix <- function(mix, call = rlang::caller_env()) {
  if (is.null(mix)) return(NULL)
  check_number(mix, 0, 1, arg = "mix", call = call)
}

check_uncertainty <- function(uncertainty, call = rlang::caller_env()) {
  if (inherits(uncertainty, "judicious_confidence")) {
    abort_judicious(
      c("{.arg uncertainty} must be high where the judge is unsure; this is a confidence.",
        i = "Convert it with {.fn confidence_to_uncertainty}, best after
             {.fn calibrate_confidence}."),
      "type", arg = "uncertainty", call = call
    )
  }
  uncertainty <- check_numeric_vector(uncertainty, arg = "uncertainty", call = call)
  if (length(uncertainty) == 0L) {
    abort_judicious("{.arg uncertainty} must have at least one element.", "length",
                    arg = "uncertainty", call = call)
  }
  bad <- which(uncertainty <= 0)
  if (length(bad) > 0L) {
    abort_judicious(
      c("{.arg uncertainty} must be above 0: an item with probability 0 can never be labelled.",
        x = "Element {bad[1]} is {.val {uncertainty[bad[1]]}} ({length(bad)} in all).",
        i = "Give sure items a small value, such as {.code pmax(uncertainty, 0.05)}."),
      "range", arg = "uncertainty", where = bad, call = call
    )
  }
  uncertainty
}
