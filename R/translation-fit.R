# Translation between forced choices and response sets, from paired ratings.

#' Estimate how forced choices and response sets translate into each other
#'
#' @description
#' Raters who must pick one option hide the others they find reasonable. Ratings that gave both
#' answers to the same item (about 100 are enough to rank judges) say how: `fit_translation()`
#' estimates the forced-choice translation F and its inverse F', which [reconstruct_sets()] applies
#' to items that have forced choices only.
#'
#' @param paired ([judicious_ratings], or a data frame that [as_ratings()] reads when its columns
#'   are called `item`, `choice` and `set`) Ratings. Only rows with a choice and a set are used:
#'   answers from separate calls are no pairs.
#' @param task The task, from [rating_task()]; needed for a data frame, otherwise that of `paired`.
#' @param pool What is common to all items. `"global"`: F', so that \eqn{\theta_i = F' O_i}; this
#'   assumes that the response set does not depend on the item given the choice. `"item_prior"`: F,
#'   the behaviour of raters, with a prior on the items' response-set distributions; every item gets
#'   its own posterior.
#' @param smooth (number) Pseudo-count added to every possible cell of the joint counts, 0 or above;
#'   0.5 is Jeffreys'.
#' @returns A list of class `judicious_translation` with the fields `sets` (bitmasks of the V sets),
#'   `F` (options x sets), `F_inverse` (sets x options), `F_se` and `F_inverse_se` (their standard
#'   errors), `set_prob` (distribution of sets in the population), `counts` (options x sets, without
#'   pseudo-counts), `sensitivity` (P(set is positive | choice is negative), as a share of pairs,
#'   with standard error), `n_pairs`, `n_items`, `n_contradictory`, `pool`, `smooth` and `task`.
#'   `print()`, [tidy()][tidy.judicious_translation], `glance()` and `autoplot()` (a heat map) show
#'   it.
#' @section Formula:
#' With \eqn{C_{kv}} the number of pairs with choice k and set v, and pseudo-count s,
#' \deqn{F_{kv} = \frac{C_{kv} + s}{\sum_{j \in v} (C_{jv} + s)}, \qquad
#'   F'_{vk} = \frac{C_{kv} + s}{\sum_{w \ni k} (C_{kw} + s)},}{
#'   F[k, v] = (C[k, v] + s) / sum over j in v of (C[j, v] + s),
#'   F'[v, k] = (C[k, v] + s) / sum over w with k of (C[k, w] + s),}
#' and 0 where k is not in v. The sets v are those of the task; if the task allows all subsets of
#' more than four options, those that occur and the single options, as pseudo-counts of many sets
#' nobody gave would outweigh the pairs.
#'
#' Standard errors are the spread of a Dirichlet posterior, \eqn{\sqrt{D\,p(1-p)/(N+1)}}{sqrt(D p (1
#' - p) / (N + 1))}, with N the column's total with pseudo-counts and D the design effect: how much
#' more counts vary between items than independent pairs would (at least 1).
#'
#' With `pool = "item_prior"`, an item's \eqn{\theta_i} has prior
#' Dirichlet(\eqn{\alpha \pi}{alpha pi}) with \eqn{\pi}{pi} = `set_prob`. Its posterior mean given
#' the item's counts of choices comes from an EM-like iteration that assigns every choice to sets in
#' proportion to F and to what the prior and the item's other choices make of the sets (zero-order
#' collapsed variational Bayes: exact for one choice, close for more). \eqn{\alpha}{alpha} is
#' estimated by moments from how much more choices agree within items than between them, in the
#' ratings that are reconstructed; it is 1 where no item has two choices.
#' @section Assumptions:
#' The paired raters and items stand for those that are reconstructed. Pooling F' is good enough to
#' rank judges; for a single item its omega is biased, and only response sets help.
#' @section Undefined when:
#' With `smooth = 0`, an option nobody chose has an `NA` column in F', a set nobody gave one in F; a
#' warning of class `judicious_warning_undefined` says so.
#' @section Errors:
#' `judicious_error_undefined` without any pair; a warning `judicious_warning_contradictory` counts
#' pairs whose choice is not in their set, which are left out.
#' @references Guerdan, L., Barocas, S., Holstein, K., Wallach, H., Wu, S. and Chouldechova, A.
#'   (2025). Validating LLM-as-a-judge systems under rating indeterminacy. *NeurIPS*.
#'   arXiv:2503.05965.
#'
#'   Asuncion, A., Welling, M., Smyth, P. and Teh, Y. W. (2009). On smoothing and inference for
#'   topic models. *UAI* (the iteration of `"item_prior"`).
#' @examples
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' pairs <- data.frame(
#'   item = 1:12, choice = rep(c("yes", "no"), each = 6),
#'   set = c("yes", "yes", "yes", "yes|no", "yes|no", "yes", "no", "no", "no", "yes|no", "no", "no")
#' )
#' fit <- fit_translation(pairs, task)
#' fit
#' tidy(fit)
#' @family ratings
#' @export
fit_translation <- function(paired, task = NULL, pool = c("global", "item_prior"), smooth = 0.5) {
  pool <- match_choice(pool)
  smooth <- check_number(smooth, 0)
  paired <- as_paired(paired, task, rlang::current_env())
  fit <- call_core(fit_translation_cpp(paired, translation_sets(paired$task),
                                       task_positive(paired$task), smooth))
  check_pairs(fit, rlang::current_env())
  out <- new_judicious_translation(
    paired$task, pool, fit$translation, counts = fit$counts, F_se = fit$F_se,
    F_inverse_se = fit$F_inverse_se, sensitivity = known_sensitivity(fit, paired$task),
    n_pairs = fit$n_pairs, n_items = fit$n_items, n_contradictory = fit$n_contradictory,
    smooth = smooth
  )
  warn_empty_columns(out, rlang::current_env())
  out
}

as_paired <- function(paired, task, call) {
  if (!is.null(task)) check_task(task, arg = "task", call = call)
  if (is.data.frame(paired)) {
    missing <- setdiff(c("item", "choice", "set"), names(paired))
    if (length(missing) > 0L) {
      abort_judicious(
        c("A data frame {.arg paired} must have columns {.val {c('item', 'choice', 'set')}}.",
          x = "There is no column {.val {missing[1]}}.",
          i = "Or read it with {.fn as_ratings}."),
        "column", arg = "paired", call = call
      )
    }
    columns <- list(item = paired$item, choice = paired$choice, set = paired$set)
    paired <- rlang::try_fetch(
      as_ratings(paired, item = columns$item, choice = columns$choice, set = columns$set,
                 task = task),
      judicious_error = function(cnd) {
        cnd$call <- call
        rlang::cnd_signal(cnd)
      }
    )
  }
  check_ratings(paired, arg = "paired", call = call)
  if (!is.null(task) && !identical(task, paired$task)) {
    abort_judicious("{.arg task} must be the task of {.arg paired}.", "task",
                    arg = "task", call = call)
  }
  paired
}

# Sets that may occur; integer() where there are too many to list.
translation_sets <- function(task) {
  n <- length(task$options)
  task$sets %||% if (n <= 4L) all_sets_cpp(n, n) else integer()
}

check_pairs <- function(fit, call) {
  left_out <- fit$n_contradictory
  if (fit$n_pairs == 0) {
    abort_judicious(
      c("There is no paired rating.",
        i = "A pair is one row with a forced choice and a response set that holds it.",
        if (left_out > 0) c(x = "In {left_out} row{?s} the choice is not in the set.")),
      "undefined", arg = "paired", call = call
    )
  }
  if (left_out > 0) {
    warn_judicious(
      "{left_out} of {left_out + fit$n_pairs} pairs {?is/are} left out: the choice is not in the
       own response set.",
      "contradictory", n = left_out, call = call
    )
  }
}

# Without positive options, or negative choices, there is no such share.
known_sensitivity <- function(fit, task) {
  if (length(task$positive) > 0L && !anyNA(fit$sensitivity)) return(fit$sensitivity)
  c(estimate = NA_real_, std_error = NA_real_)
}

warn_empty_columns <- function(x, call) {
  empty <- is.na(x$F_inverse[1, ])
  if (!any(empty)) return(invisible())
  warn_judicious(
    c("Nobody chose {.val {x$task$options[empty]}}: what {?that choice/those choices} mean is
       undefined.",
      i = "Use {.code smooth = 0.5}, or collect more pairs."),
    "undefined", options = x$task$options[empty], call = call
  )
}
