#' Choose the items the judge is least sure about
#'
#' Spends a labelling budget where the judge is most likely to be wrong, as far as that is safe: an
#' item is chosen with a probability that mixes that of a random sample with one that follows its
#' uncertainty. Once a random part of the items is labelled, the labels tell how far the rest may
#' follow the uncertainty. Keep `prob` and hand it to [estimate_mean()], which undoes the
#' preference.
#'
#' @section Formula:
#' The probabilities solve
#' \deqn{\min \sum_i u_i^2 / \pi_i \quad \text{subject to} \quad \sum_i \pi_i = n,\; \pi_i \le 1,}{
#'   min sum(u^2 / prob) subject to sum(prob) = n, prob <= 1,}
#' the leading term of the variance of the estimate if \eqn{u_i^2} is the expected squared error of
#' the judge on item \eqn{i} (for 0/1 labels: the probability that it is wrong). The solution is
#' \eqn{\pi_i = \min(1, c\, u_i)}{prob = min(1, c u)}, with \eqn{c} found exactly by sorting and
#' filling the largest items to 1 first: `n * u / sum(u)` alone can exceed 1. Only the ratios of the
#' uncertainties matter. With a number for `mix`, drawn are
#' \deqn{(1 - \mathrm{mix})\, \pi_i + \mathrm{mix}\, n / N,}{(1 - mix) prob + mix n / N,}
#' with the chosen mix
#' \deqn{\min(1, \max(\mathrm{mix}\, n / N,\; c\, u_i)):}{min(1, max(mix n / N, c u)):}
#' the labels that are not random go to the most uncertain items alone, where they do most. This is
#' the published rule with small uncertainties raised.
#'
#' @section Mix:
#' Items with a low probability make the estimate depend on what nobody saw, and the interval of
#' [estimate_mean()] allows for it; purely active samples can so be reported with a *wider* interval
#' than random ones, although their standard error is smaller. And uncertainties may say nothing
#' about the errors, which they do not show. `mix = NULL` therefore takes the mix, in steps of
#' 1/100, with the smallest expected width of the interval if the squares of the uncertainties are
#' proportional to the judge's squared errors, among those that are expected to cost at most 1 % of
#' the width if they say nothing. Unless that promises at least 1 % over random rows, all are drawn
#' at random (`mix = 1`).
#'
#' Expected is the geometric mean over rates of 5, 10 and 30 % and judges with correlations of .5,
#' .7 and .85, at a level of 95 %. So the promise rests on such rates and judges and on the
#' uncertainties. In simulations the interval was up to 3 % narrower with good scores and 100 to 200
#' labels, and up to 1.5 % wider with scores that said nothing; with thousands of items and hundreds
#' of labels 4 to 7 % narrower are expected. Who knows that the scores are right could gain two or
#' three times as much, and lose 4 to 10 % if they are not: see `vignette("uncertainty-scores")`,
#' and the next section for a way to find out.
#'
#' @section Second round:
#' Labels can tell what uncertainties cannot. Label a random part first, half of the budget say, and
#' call again with `y_true` (missing where nobody has labelled yet) and `y_proxy`: how far the
#' squared errors of the judge follow the squared uncertainties is then estimated (a regression
#' slope, less half its standard error), and the other labels go where that makes the interval
#' narrowest: to the uncertain items if the scores are good, to random ones if they are not. `n`
#' counts all labels, `selected` is 1 for the first ones too, and `prob` holds the probabilities of
#' both rounds together. The first part must be a random sample. The labels choose one number only,
#' the mix, so that intervals hold as for one round; the vignette has the simulation.
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
#'   published) to 1 (a random sample); `NULL`: chosen, see Mix.
#' @param y_true,y_proxy (numeric or logical vectors) For a second round: the human labels so far,
#'   `NA` for items without, and the judge's labels of all items.
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
#'
#' # two rounds: half at random, the rest where the first labels say
#' first <- reveal_labels(items$y_true, sample_uniform(2000, 100))
#' sample_active(items$uncertainty, n = 200, y_true = first, y_proxy = items$y_proxy)
#' @family samplers
#' @export
sample_active <- function(uncertainty, n, method = c("pivotal", "poisson"), mix = NULL,
                          y_true = NULL, y_proxy = NULL, data = NULL, id = NULL) {
  if (missing(method)) method <- "pivotal"
  method <- check_choice(method, c("pivotal", "poisson"))
  id <- rlang::enquo(id)
  if (!is.null(data)) {
    check_first_round(y_true, y_proxy)
    return(sample_active_table(list(value = rlang::enquo(uncertainty)), n, method, check_mix(mix),
                               data, id, rlang::current_env()))
  }
  check_no_sample_table(id, rlang::current_env())
  uncertainty <- check_uncertainty(uncertainty)
  n <- check_draws(n, length(uncertainty), "items")
  chosen <- is.null(mix)
  mix <- check_mix(mix)
  if (!is.null(y_true) || !is.null(y_proxy)) {
    check_second_round(method, chosen)
    return(sample_second_round(uncertainty, n, y_true, y_proxy))
  }
  active <- call_core(active_probabilities_cpp(uncertainty, n))
  design <- active_mix_cpp(uncertainty, active, length(uncertainty), mix)
  prob <- design$prob
  columns <- switch(method,
    poisson = {
      draws <- draw_poisson_cpp(prob)
      cut_off_cpp(prob, draws$order, draws$drawn, human_cost = 1, judge_cost = 0, budget = n)
    },
    pivotal = sample_pivotal_cpp(prob)
  )
  new_judicious_sample(columns, method = method, budget = n, mix = mix_facts(design, chosen))
}

sample_second_round <- function(uncertainty, n, y_true, y_proxy, call = rlang::caller_env()) {
  absent <- c("y_true", "y_proxy")[c(is.null(y_true), is.null(y_proxy))]
  if (length(absent) > 0L) {
    abort_judicious("A second round needs both {.arg y_true} and {.arg y_proxy}.", "missing",
                    arg = absent, call = call)
  }
  y_true <- check_first_labels(y_true, n, length(uncertainty), call)
  y_proxy <- check_numeric_vector(y_proxy, call = call)
  check_length(y_proxy, length(uncertainty), arg = "y_proxy", n_arg = "item", call = call)
  labelled <- !is.na(y_true)
  plan <- call_core(second_round_cpp(uncertainty, n, as.integer(labelled), y_true[labelled],
                                     y_proxy[labelled]))
  new_judicious_sample(plan[c("prob", "selected")], method = "pivotal", budget = n,
                       mix = c(plan[c("mix", "width_ratio", "useful")], n_first = sum(labelled)))
}

check_first_round <- function(y_true, y_proxy, call = rlang::caller_env()) {
  if (is.null(y_true) && is.null(y_proxy)) return(invisible())
  abort_judicious(
    c("A second round is drawn from rows in memory.",
      i = "Fetch the uncertainties and labels: {.code dplyr::collect(data)}."),
    "no_effect", arg = "y_true", call = call
  )
}

check_second_round <- function(method, chosen, call = rlang::caller_env()) {
  if (chosen && method == "pivotal") return(invisible())
  arg <- if (chosen) "method" else "mix"
  abort_judicious(
    c("A second round chooses its mix from the first labels and draws by {.val pivotal}.",
      x = "{.arg {arg}} was given with {.arg y_true} or {.arg y_proxy}.",
      i = "Leave {.arg {arg}} out; or leave out {.arg y_true} and {.arg y_proxy} for one round."),
    "input", arg = arg, call = call
  )
}

# Doubles, NA where nobody has labelled yet.
check_first_labels <- function(y_true, n, n_items, call) {
  if (is.logical(y_true)) y_true <- as.double(y_true)
  if (!is.numeric(y_true)) check_numeric_vector(y_true, arg = "y_true", call = call)
  check_numeric_vector(y_true[!is.na(y_true)], arg = "y_true", call = call)
  check_length(y_true, n_items, arg = "y_true", n_arg = "item", call = call)
  n_first <- sum(!is.na(y_true))
  if (n_first < 10L || n_first >= n) {
    abort_judicious(
      c("{.arg y_true} must hold at least 10 labels and fewer than {.arg n} ({n}).",
        x = "It holds {n_first}.",
        i = "{.arg n} counts the labels of both rounds."),
      "range", arg = "y_true", call = call
    )
  }
  as.double(y_true)
}

# What print() says of a mix.
mix_facts <- function(design, chosen) {
  c(design[c("mix", "width_ratio", "width_ratio_useless")], list(chosen = chosen))
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
