# What a source says of every item, as matrices with one column per item: the
# joint between ratings and everything computed from them.

# A list with task, items, sources, policy and one profile per source. In a profile,
# `o` and `omega` are options x items, `p_positive` and the counts have one element
# per item; the *_low and *_high are NULL unless the policy is "bounds".
item_profiles <- function(x, rule = "any") {
  if (inherits(x, "judicious_reconstruction")) return(attr(x, "profiles"))
  new_item_profiles(x, item_profiles_cpp(x, task_positive(x$task), rule, x$policy))
}

new_item_profiles <- function(x, profiles) {
  if (length(x$task$positive) == 0L) profiles <- lapply(profiles, forget_positive)
  list(task = x$task, items = x$items, sources = x$sources, policy = x$policy,
       profiles = stats::setNames(profiles, x$sources))
}

# Without positive options no set is negative or positive.
forget_positive <- function(profile) {
  for (field in c("p_positive", "p_low", "p_high")) {
    if (!is.null(profile[[field]])) profile[[field]][] <- NA_real_
  }
  profile
}

# Both profiles restricted to the items they share, in the order of the humans'.
align_profiles <- function(human, judge, call = rlang::caller_env()) {
  if (!same_task(human$task, judge$task)) {
    abort_judicious(
      c("Human and judge must rate the same task.",
        x = "The humans' options are {.val {human$task$options}}, the judge's
             {.val {judge$task$options}}.",
        i = "Give the same {.arg task} to {.fn as_ratings}."),
      "task", call = call
    )
  }
  same_type <- identical(class(human$items), class(judge$items))
  keys <- lapply(list(human$items, judge$items), if (same_type) identity else as.character)
  shared <- which(vctrs::vec_in(keys[[1]], keys[[2]]))
  if (length(shared) == 0L) {
    abort_judicious(c("Human and judge ratings have no item in common.",
                      x = "The first items are {.val {keys[[1]][1]}} and {.val {keys[[2]][1]}}."),
                    "items", call = call)
  }
  list(human = slice_items(human, shared),
       judge = slice_items(judge, vctrs::vec_match(vctrs::vec_slice(keys[[1]], shared), keys[[2]])))
}

slice_items <- function(x, at) {
  x$items <- vctrs::vec_slice(x$items, at)
  x$profiles <- lapply(x$profiles, function(profile) {
    lapply(profile, function(field) {
      if (is.matrix(field)) field[, at, drop = FALSE] else field[at]
    })
  })
  x
}

#' Decide which items are positive
#'
#' An item is positive when more than a share `tau` of the raters find a positive option reasonable:
#' \deqn{P(S \cap P \ne \emptyset) > \tau,}{P(S meets P) > tau,}
#' where S is the response set of a random rater and P the positive options. The probability is that
#' of the set, not a sum over its options: a set that holds two positive options counts once.
#'
#' @param x Ratings with response sets, or the result of [reconstruct_sets()].
#' @param tau (number) Threshold in \[0, 1).
#' @param rule (string) Which sets are positive: those with `"any"` or those with `"all"` of the
#'   positive options. Of a result of [reconstruct_sets()], the rule it was made with.
#' @returns A data frame with one row per source and item: `source`, `item`, `p_positive` (share of
#'   positive response sets), `p_low` and `p_high` (bounds, if any), `positive` (logical).
#' @section Ties:
#' A share equal to `tau`, or within 1e-12 of it, does not exceed it. The same rule makes hard
#' response sets (option by option) in all metrics.
#' @section Undefined when:
#' `p_positive` and `positive` are `NA` for items without response sets.
#' @section Errors:
#' `judicious_error_undefined` if the task names no positive options.
#' @examples
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' log <- data.frame(id = c(1, 1, 2, 2), rs = c("yes|no", "no", "yes", "yes"))
#' decide_items(as_ratings(log, item = id, set = rs, task = task), tau = 0.5)
#' @family ratings
#' @export
decide_items <- function(x, tau = 0.5, rule = c("any", "all")) {
  if (!inherits(x, "judicious_reconstruction")) check_ratings(x)
  rule <- match_choice(rule)
  tau <- check_tau(tau)
  profiles <- item_profiles(x, rule = rule)
  check_has_positive(profiles$task)
  per_source <- lapply(profiles$sources, function(source) {
    p <- profiles$profiles[[source]]
    rated <- p$n_choice + p$n_set + p$invalid_choice + p$invalid_set > 0
    bounds <- positive_bounds(x, p, source)
    vctrs::vec_slice(vctrs::data_frame(
      source = source, item = profiles$items, p_positive = p$p_positive, p_low = bounds$low,
      p_high = bounds$high, positive = exceeds_cpp(p$p_positive, tau)
    ), rated)
  })
  result_frame(!!!vctrs::vec_rbind(!!!per_source))
}

# What forced choices alone leave open, else what invalid answers do.
positive_bounds <- function(x, profile, source) {
  open <- attr(x, "bounds")[[source]]
  missing <- rep(NA_real_, length(profile$p_positive))
  list(low = open$p_low %||% profile$p_low %||% missing,
       high = open$p_high %||% profile$p_high %||% missing)
}

check_tau <- function(tau, arg = rlang::caller_arg(tau), call = rlang::caller_env()) {
  force(arg) # before tau changes
  tau <- check_number(tau, 0, 1, arg = arg, call = call)
  if (tau == 1) {
    abort_judicious("{.arg {arg}} must be below 1: no share exceeds 1.", "range",
                    arg = arg, call = call)
  }
  tau
}

check_has_positive <- function(task, call = rlang::caller_env()) {
  if (length(task$positive) > 0L) return(invisible(task))
  abort_judicious(
    c("The task names no positive options.",
      i = "Give {.code task = rating_task(options, positive)} to {.fn as_ratings}."),
    "undefined", arg = "task", call = call
  )
}
