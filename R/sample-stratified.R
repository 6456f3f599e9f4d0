#' Choose items at random within strata
#'
#' Splits a number of labels over strata (languages, products, the judge's verdict) and draws a
#' simple random sample in each. Strata in which labels vary more deserve more labels; the judge's
#' labels show which those are. Hand the same strata to [estimate_mean()].
#'
#' @section Formula:
#' With \eqn{N_h} items and the judge's standard deviation \eqn{s_h} (divisor \eqn{N_h - 1}) in
#' stratum \eqn{h}, the shares before rounding are
#' \deqn{n_h = n \frac{N_h s_h}{\sum_g N_g s_g} \;\; (\textrm{Neyman}), \qquad
#'   n_h = n \frac{N_h}{\sum_g N_g} \;\; (\textrm{proportional}).}{
#'   n_h = n N_h s_h / sum(N s) (Neyman), n_h = n N_h / sum(N) (proportional).}
#' A stratum whose share exceeds its size is labelled in full, and what it cannot take is handed on
#' to the others in the same proportions; strata in which the judge's labels do not vary come last.
#' Shares are rounded down, and the labels still missing go to the largest remainders, ties to the
#' first stratum (factor levels, else numbers and strings ascending in code-point order). Every item
#' of a stratum has inclusion probability \eqn{n_h / N_h}{n_h / N_h}.
#'
#' @section Assumptions:
#' None for the estimate to be valid: the strata may be anything known before labelling. Neyman's
#' allocation minimises the variance of the mean of the human labels if their standard deviations
#' are proportional to those of the judge's labels. A judge that never changes its mind in a stratum
#' claims that there is nothing to learn there, which is rarely true: prefer `"proportional"` if the
#' judge is poor.
#'
#' Each stratum needs two labels, or its variance cannot be estimated. An allocation that gives a
#' stratum fewer is an error that tells how many labels would do; it is never changed silently.
#'
#' @section Differences from the published sampler:
#' The sampler of glide-py 0.10 loses what a full stratum cannot take, so that fewer than `n` items
#' are drawn, and refuses strata that are labelled in full. Otherwise the numbers are the same.
#'
#' @param strata (vector or data frame) The stratum of every item: any type that can be grouped. No
#'   missing values.
#' @param n (count) How many labels in all; at most the number of items.
#' @param y_proxy (numeric vector) The judge's label or score of every item, in any unit. No missing
#'   values. Needed for the Neyman allocation, ignored by the proportional one.
#' @inheritParams sample_uniform
#' @param allocation `"neyman"` or `"proportional"`, see Formula.
#' @returns A [`judicious_sample`][judicious_sample] data frame with one row per item and columns
#'   `prob` and `selected`; exactly `n` items are selected. Its attribute `"allocation"` is a data
#'   frame with one row per stratum: `stratum`, `n_total` (items), `sd_proxy` (Neyman only), `n`
#'   (labels), `prob`; `print()` shows it and `autoplot()` draws it.
#' @section Errors:
#' `judicious_error_few_labels` if a stratum would get fewer than two labels (the condition's
#' `stratum` names all of those, `n_needed` is a number of labels that suffices, `NA` if none does
#' because a stratum has one item only), `judicious_error_undefined` if the judge's labels are
#' constant in every stratum or their squares overflow, `judicious_error_missing_id` if an item has
#' no stratum, `judicious_error_range` if `n` exceeds the number of items,
#' `judicious_error_required` if `y_proxy` is needed and not given, `judicious_error_finite`,
#' `judicious_error_length`, `judicious_error_type`, `judicious_error_choice`.
#' @references
#' Neyman, J. (1934). On the two different aspects of the representative method. *Journal of the
#' Royal Statistical Society*, 97(4), 558-625.
#'
#' Fisch, A., Maynez, J., Hofer, R. A., Dhingra, B., Globerson, A. and Cohen, W. W. (2024).
#' Stratified prediction-powered inference for effective hybrid evaluation of language models.
#' *NeurIPS 2024*, arXiv:2406.04291.
#'
#' Fan, C. T., Muller, M. E. and Rezucha, I. (1962). Development of sampling plans by using
#' sequential (item by item) selection techniques and digital computers. *Journal of the American
#' Statistical Association*, 57(298), 387-402 (the draw).
#' @examples
#' set.seed(1)
#' chats <- simulate_binary_strata(c(1200, 600, 200), true_mean = c(0.05, 0.1, 0.4),
#'                                 proxy_mean = c(0.03, 0.1, 0.3), correlation = 0.6)
#' plan <- sample_stratified(chats$stratum, n = 150, y_proxy = chats$y_proxy)
#' plan
#' chats$human <- reveal_labels(chats$y_true, plan)
#' estimate_mean(human ~ y_proxy, chats, strata = stratum)
#' @family samplers
#' @export
sample_stratified <- function(strata, n, y_proxy = NULL,
                              allocation = c("neyman", "proportional"), data = NULL, id = NULL) {
  if (missing(allocation)) allocation <- "neyman"
  allocation <- check_choice(allocation, c("neyman", "proportional"))
  id <- rlang::enquo(id)
  if (!is.null(data)) {
    quosures <- list(strata = rlang::enquo(strata), value = rlang::enquo(y_proxy))
    return(sample_stratified_table(quosures, n, allocation, data, id, rlang::current_env()))
  }
  check_no_sample_table(id, rlang::current_env())
  groups <- check_strata(strata)
  n <- check_draws(n, length(groups$codes), "items")
  y_proxy <- if (allocation == "neyman") check_stratum_proxy(y_proxy, length(groups$codes))
  order <- group_order(groups)
  table <- vctrs::vec_slice(describe_strata(groups, y_proxy), order)
  table$n <- allocate_labels(table, n, allocation)
  table$prob <- table$n / table$n_total
  by_code <- vctrs::vec_slice(table, order(order))
  new_judicious_sample(
    sample_strata_cpp(groups$codes, groups$first, by_code$n, by_code$n_total),
    method = allocation, budget = n, allocation = table,
    strata = group_labels(groups)[as.integer(groups$codes) - groups$first + 1L]
  )
}

check_strata <- function(strata, call = rlang::caller_env()) {
  n <- if (vctrs::vec_is(strata)) vctrs::vec_size(strata) else 0L
  if (is.null(strata) || (n == 0L && vctrs::vec_is(strata))) {
    abort_judicious("{.arg strata} must have at least one row.", "length", arg = "strata",
                    call = call)
  }
  with_integer_codes(as_groups(strata, n, TRUE, "strata", call))
}

check_stratum_proxy <- function(y_proxy, n, call = rlang::caller_env()) {
  if (is.null(y_proxy)) {
    abort_judicious(
      c("{.arg y_proxy} is required: the Neyman allocation follows the judge's standard
         deviations.",
        i = "Without a judge, use {.code allocation = \"proportional\"}."),
      "required", arg = "y_proxy", call = call
    )
  }
  y_proxy <- check_numeric_vector(y_proxy, arg = "y_proxy", call = call)
  check_length(y_proxy, n, arg = "y_proxy", n_arg = "item", call = call)
}

# One row per stratum, in the order of the codes.
describe_strata <- function(groups, y_proxy) {
  table <- vctrs::data_frame(
    stratum = group_labels(groups),
    n_total = count_strata_cpp(groups$codes, groups$first, groups$n)
  )
  if (!is.null(y_proxy)) {
    table$sd_proxy <- spread_of_strata_cpp(groups$codes, groups$first, groups$n, y_proxy)
  }
  table
}

# `strata` in the order that decides ties.
allocate_labels <- function(strata, n, allocation, call = rlang::caller_env()) {
  single <- strata$stratum[strata$n_total < 2]
  if (length(single) > 0L) abort_single_items(single, call)
  weights <- switch(allocation,
    neyman = neyman_weights(strata, call),
    proportional = strata$n_total
  )
  labels <- allocate_labels_cpp(weights, strata$n_total, n)
  if (any(labels < 2)) abort_few_labels(strata, labels, weights, n, allocation, call)
  labels
}

neyman_weights <- function(strata, call) {
  if (any(is.infinite(strata$sd_proxy))) {
    abort_judicious("The values of {.arg y_proxy} are too large: their squares overflow.",
                    "undefined", arg = "y_proxy", call = call)
  }
  largest <- max(strata$sd_proxy)
  if (largest == 0) {
    abort_judicious(
      c("{.arg y_proxy} is constant within every stratum: it gives nothing to allocate by.",
        i = "Use {.code allocation = \"proportional\"}."),
      "undefined", arg = "y_proxy", call = call
    )
  }
  strata$n_total * (strata$sd_proxy / largest)
}

abort_single_items <- function(single, call) {
  abort_judicious(
    c("Every stratum must have at least two items, for it needs two labels.",
      x = "Stratum {.val {single[1]}} has one ({length(single)} such strat{?um/a}).",
      i = "Merge it with another stratum."),
    "few_labels", arg = "strata", stratum = single, n_needed = NA_real_, call = call
  )
}

abort_few_labels <- function(strata, labels, weights, n, allocation, call) {
  poor <- which(labels < 2)
  n_needed <- labels_needed_cpp(weights, strata$n_total, 2)
  abort_judicious(
    c("Every stratum needs at least two labels.",
      x = "Stratum {.val {strata$stratum[poor[1]]}} would get {labels[poor[1]]} of {n}
           ({length(poor)} such strat{?um/a}).",
      i = "{.code n = {format(n_needed, scientific = FALSE)}} would do.",
      i = if (allocation == "neyman") {
        "Or use {.code allocation = \"proportional\"}, or merge strata."
      } else {
        "Or merge strata."
      }),
    "few_labels", arg = "n", stratum = strata$stratum[poor], n_needed = n_needed, call = call
  )
}
