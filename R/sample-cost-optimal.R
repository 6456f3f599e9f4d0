#' Make the most of a budget when judge and human both cost money
#'
#' With an expensive judge the question is not only which items a human should label, but also how
#' many items to look at: each costs a judge's answer, and some cost a human label too. From the two
#' costs and a small pilot, `sample_cost_optimal()` finds the inclusion probabilities that give the
#' most precise mean for the money, given the judge's uncertainty on every item;
#' `sample_cost_optimal_random()` finds the best single probability when nothing is known about the
#' items. Items are then bought in random order until the budget is spent. Keep `prob` and hand it
#' to [estimate_mean()].
#'
#' @section Formula:
#' With human cost \eqn{c_h}, judge cost \eqn{c_j} and probabilities \eqn{\pi_i}, a budget \eqn{B}
#' pays for \eqn{B / (c_j + c_h \bar\pi)}{B / (c_j + c_h mean(prob))} items on average, and the
#' prediction-powered mean over them has the variance
#' \deqn{\frac{1}{B} (c_j + c_h \bar\pi) \Bigl( \sigma^2 +
#'   \frac{1}{N} \sum_i u_i^2 \Bigl( \frac{1}{\pi_i} - 1 \Bigr) \Bigr),}{
#'   (c_j + c_h mean(prob)) (sigma^2 + mean(u^2 (1 / prob - 1))) / B,}
#' \eqn{\sigma^2} being the variance of the human labels (from the pilot, divisor \eqn{n - 1}) and
#' \eqn{u_i^2} the judge's expected squared error on item \eqn{i}. The solution is
#' \eqn{\pi_i = \gamma u_i}{prob = gamma u} up to a threshold \eqn{u_i \le \tau}{u <= tau} and 1
#' above it. For a given threshold
#' \deqn{\gamma = \min \Bigl( \frac{1}{\tau}, \; \sqrt{\frac{c_j / c_h + \#\{u_i > \tau\} / N}{
#'   \sigma^2 - \sum_{u_i \le \tau} u_i^2 / N}} \Bigr),}{
#'   gamma = min(1 / tau, sqrt((c_j / c_h + mean(u > tau)) / (sigma^2 - mean(u^2 (u <= tau))))),}
#' or \eqn{1 / \tau}{1 / tau} if the difference below the root is not positive; the threshold with
#' the smallest variance is found by sorting the uncertainties once.
#'
#' `sample_cost_optimal_random()` has one probability for all items and the pilot's mean squared
#' error of the judge, \eqn{m}{m}, in place of the \eqn{u_i^2}{u^2}:
#' \eqn{\pi = \min(1, \sqrt{(c_j / c_h) \, m / (\sigma^2 - m)})}{
#'   prob = min(1, sqrt((c_j / c_h) m / (sigma^2 - m)))}, and 1 if
#' \eqn{m \ge \sigma^2}{m >= sigma^2}.
#'
#' @section The draw:
#' Items are visited in random order and drawn independently, each with its probability. Every item
#' visited costs `judge_cost`, a drawn one `human_cost` as well; the first item that the budget
#' cannot pay for and all after it leave the frame (`prob` and `selected` are `NA`). Ask the judge
#' about the items of the frame only. If the budget pays for all items, money is left: the plan is
#' the best one for a larger pool, and [sample_active()] spends the rest better.
#'
#' @section Assumptions:
#' Unlike in [sample_active()], the *unit* of the uncertainties matters: \eqn{u_i}{u} is the root of
#' the expected squared difference between human and judge on the labels' scale, for 0/1 labels the
#' root of the probability that the judge is wrong. Uncertainties known in relative terms only
#' should be multiplied by `sqrt(mean((y_true - y_proxy)^2) / mean(uncertainty^2))`, taken from the
#' pilot. They must be known before the judge is paid: from a cheaper model or the item's features.
#' Wrong ones, or an unlucky pilot, cost precision but never validity.
#'
#' The pilot is a random sample of the same process, best 50 items or more. It enters neither sample
#' nor cost. The plan minimises the variance for the judge's full weight (lambda = 1);
#' [estimate_mean()] tunes the weight and can only do better.
#'
#' @param uncertainty (numeric vector) The judge's uncertainty per item, above 0, on the scale of
#'   the labels (see Assumptions). No missing values.
#' @param n_total (count) How many items there are.
#' @param y_true_pilot (numeric or logical vector) Human labels of the pilot: at least two, not all
#'   equal. No missing values.
#' @param y_proxy_pilot (numeric or logical vector) The judge's labels of the same items; it must be
#'   wrong at least once.
#' @param human_cost,judge_cost (number) What one label costs, in the unit of `budget`: above 0 for
#'   a human, at least 0 for the judge.
#' @param mix (number) From 0 (the probabilities of the formula, as published) to 1 (their mean for
#'   all items); `NULL`: chosen for the width of the interval as in [sample_active()], section Mix,
#'   for the items that the budget pays. The cost is the same for every mix.
#' @param budget (number) What may be spent on both kinds of labels; it must pay for two human
#'   labels on average.
#' @returns A [`judicious_sample`][judicious_sample] data frame with one row per item and columns
#'   `prob` and `selected`. `print()` tells budget, expected and realised cost. Its attribute
#'   `"policy"` is a list: `tau` and `gamma` of the formula, `objective` (the variance above times
#'   the budget), `relative_variance` (the variance relative to that of human labels alone for the
#'   same money), `expected_cost` and `expected_labels` (for all items, were the budget unlimited).
#'   A message (`judicious_message_judge_cost`) tells when human labels alone are expected to do
#'   better.
#' @section Errors:
#' `judicious_error_range` if a cost is negative, an uncertainty not above 0 or the budget too small
#' (the condition's `needed` is the smallest one), `judicious_error_length` if the pilot has fewer
#' than two labels or its two columns differ in length, `judicious_error_constant` if its human
#' labels are all equal or the judge is never wrong in it, `judicious_error_undefined` if there is
#' no best plan (a free judge and equal uncertainties) or numbers are too far apart,
#' `judicious_error_finite`, `judicious_error_type`.
#' @references
#' Angelopoulos, A. N., Eisenstein, J., Berant, J., Agarwal, A. and Fisch, A. (2025). Cost-optimal
#' active AI model evaluation. arXiv:2506.07949 (both policies; the cut-off is that of the sampler
#' in glide-py 0.10).
#' @examples
#' set.seed(1)
#' pool <- simulate_binary_active(5000, true_mean = 0.3, proxy_mean = 0.25, correlation = 0.7)
#' pilot <- simulate_binary_active(100, true_mean = 0.3, proxy_mean = 0.25, correlation = 0.7)
#' plan <- sample_cost_optimal(pool$uncertainty, pilot$y_true, human_cost = 5, judge_cost = 0.5,
#'                             budget = 1000)
#' plan
#' pool$human <- reveal_labels(pool$y_true, plan)
#' estimate_mean(human ~ y_proxy, pool, prob = plan$prob)
#'
#' # nothing is known about the single item
#' sample_cost_optimal_random(5000, pilot$y_true, pilot$y_proxy, human_cost = 5, judge_cost = 0.5,
#'                            budget = 1000)
#' @family samplers
#' @export
sample_cost_optimal <- function(uncertainty, y_true_pilot, human_cost, judge_cost, budget,
                                mix = NULL) {
  uncertainty <- check_uncertainty(uncertainty)
  chosen <- is.null(mix)
  mix <- check_mix(mix)
  variance <- pilot_variance(y_true_pilot)
  money <- check_money(human_cost, judge_cost, budget)
  policy <- call_core(
    cost_optimal_policy_cpp(uncertainty, variance, money$human_cost, money$judge_cost)
  )
  active <- call_core(cost_optimal_probabilities_cpp(uncertainty, policy$tau, policy$gamma))
  design <- active_mix_cpp(uncertainty, active, items_paid(active, money), mix)
  prob <- design$prob
  # Mixing changes the variance of the policy, not its cost.
  policy$objective <- (money$judge_cost + money$human_cost * mean(prob)) *
    (variance + mean(uncertainty^2 * (1 / prob - 1)))
  buy_items(prob, policy, variance, money, method = "cost_optimal",
            mix = mix_facts(design, chosen))
}

#' @rdname sample_cost_optimal
#' @export
sample_cost_optimal_random <- function(n_total, y_true_pilot, y_proxy_pilot, human_cost,
                                       judge_cost, budget) {
  n_total <- check_count(n_total, upper = .Machine$integer.max)
  check_memory(40 * n_total, "A sample")
  variance <- pilot_variance(y_true_pilot)
  mean_squared_error <- pilot_error(y_true_pilot, y_proxy_pilot)
  money <- check_money(human_cost, judge_cost, budget)
  policy <- call_core(
    cost_optimal_rate_cpp(variance, mean_squared_error, money$human_cost, money$judge_cost)
  )
  prob <- rep(min(policy$gamma * policy$tau, 1), n_total)
  buy_items(prob, policy, variance, money, method = "cost_optimal_random")
}

# How many items the budget pays for on average.
items_paid <- function(prob, money) {
  price <- money$judge_cost + money$human_cost * mean(prob)
  min(length(prob), max(money$budget / price, 2))
}

pilot_variance <- function(y_true_pilot, call = rlang::caller_env()) {
  y_true_pilot <- check_numeric_vector(y_true_pilot, call = call)
  if (length(y_true_pilot) < 2L) {
    abort_judicious(
      "{.arg y_true_pilot} must have at least two labels, not {length(y_true_pilot)}.",
      "length", arg = "y_true_pilot", call = call
    )
  }
  if (all(y_true_pilot == y_true_pilot[1])) {
    abort_judicious(
      c("{.arg y_true_pilot} must not be constant: how much labels vary decides how many to buy.",
        x = "All {length(y_true_pilot)} labels are {.val {y_true_pilot[1]}}.",
        i = "Label more items for the pilot."),
      "constant", arg = "y_true_pilot", call = call
    )
  }
  stats::var(y_true_pilot)
}

pilot_error <- function(y_true_pilot, y_proxy_pilot, call = rlang::caller_env()) {
  y_proxy_pilot <- check_numeric_vector(y_proxy_pilot, call = call)
  check_length(y_proxy_pilot, length(y_true_pilot), arg = "y_proxy_pilot", n_arg = "human label",
               call = call)
  error <- mean((y_true_pilot - y_proxy_pilot)^2)
  if (error == 0) {
    abort_judicious(
      c("{.arg y_proxy_pilot} must differ from {.arg y_true_pilot} somewhere: how wrong the judge is
         decides how many labels to buy.",
        x = "All {length(y_proxy_pilot)} labels agree.",
        i = "Label more items for the pilot."),
      "constant", arg = "y_proxy_pilot", call = call
    )
  }
  error
}

check_money <- function(human_cost, judge_cost, budget, call = rlang::caller_env()) {
  list(
    human_cost = check_amount(human_cost, positive = TRUE, call = call),
    judge_cost = check_amount(judge_cost, positive = FALSE, call = call),
    budget = check_amount(budget, positive = TRUE, call = call)
  )
}

check_amount <- function(x, positive, arg = rlang::caller_arg(x), call) {
  force(arg) # before x is reassigned
  x <- check_number(x, arg = arg, call = call)
  check_finite(x, arg = arg, call = call)
  check_between(x, 0, Inf, open = positive, arg = arg, call = call)
  x
}

# Draws, then buys items in random order as long as the money lasts.
buy_items <- function(prob, policy, variance, money, method, ..., call = rlang::caller_env()) {
  policy$relative_variance <- policy$objective / (money$human_cost * variance)
  policy$expected_labels <- sum(prob)
  policy$expected_cost <- money$judge_cost * length(prob) + money$human_cost * sum(prob)
  check_budget(policy, length(prob), money, call)
  if (policy$relative_variance >= 1) inform_judge_cost(policy)
  draws <- draw_poisson_cpp(prob)
  columns <- cut_off_cpp(prob, draws$order, draws$drawn, money$human_cost, money$judge_cost,
                         money$budget)
  new_judicious_sample(columns, method = method, budget = money$budget, unit = "cost",
                       costs = c(human = money$human_cost, judge = money$judge_cost),
                       policy = policy, ...)
}

# With less than two labels on average, many draws would have none.
check_budget <- function(policy, n_total, money, call) {
  needed <- 2 * policy$expected_cost / policy$expected_labels
  if (money$budget >= needed) return(invisible())
  rate <- policy$expected_labels / n_total
  abort_judicious(
    c("{.arg budget} must pay for two human labels on average: at least
       {format_cost(round_up(needed))}.",
      x = "It is {format_cost(money$budget)}.",
      i = "A human label costs {format_cost(money$human_cost)}, and
           {format(1 / rate, digits = 3)} items are judged for each of them."),
    "range", arg = "budget", needed = needed, call = call
  )
}

# To three digits: what a message asks for must suffice.
round_up <- function(x) {
  unit <- 10^(floor(log10(x)) - 2)
  ceiling(x / unit) * unit
}

inform_judge_cost <- function(policy) {
  inform_judicious(
    c("!" = "At these costs the judge does not pay: human labels alone are expected to be at least
             as precise for the same money.",
      i = "Use {.fn sample_uniform} and {.code estimate_mean(human ~ 1)}."),
    "judge_cost", relative_variance = policy$relative_variance
  )
}
