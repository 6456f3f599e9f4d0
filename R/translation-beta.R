#' A translation assumed instead of estimated
#'
#' Without paired ratings, ask what would follow: with probability `beta`, a rater who picked a
#' negative option also finds a positive one reasonable. With `beta = 0` forced choices and response
#' sets say the same. [rank_sensitivity()] runs over a grid of `beta`.
#'
#' @param task The task, from [rating_task()], with positive options.
#' @param beta (number) P(the response set is positive | the choice is negative), in \[0, 1].
#' @param to What such a rater's response set is: `"both"`, the chosen and the positive option, as
#'   the model requires (the chosen option is in the set); or `"positive_only"`, the positive option
#'   alone, as in the published code, which makes the share of the negative option fall.
#' @param added (string) The positive option that is added; the first one by default.
#' @returns A list of class `judicious_translation`, as of [fit_translation()], with `pool = "beta"`
#'   and the fields `beta` and `to`. For `"positive_only"`, F depends on the item and is `NULL`.
#' @section Formula:
#' \eqn{F'[\{k\}, k] = 1}{F'[{k}, k] = 1} for positive k; for negative k, \eqn{F'[\{k\}, k] = 1 -
#' \beta}{F'[{k}, k] = 1 - beta} and \eqn{F'[\{k, p\}, k] = \beta}{F'[{k, p}, k] = beta} ("both") or
#' \eqn{F'[\{p\}, k] = \beta}{F'[{p}, k] = beta} ("positive_only"), with p = `added`.
#' @section Errors:
#' `judicious_error_undefined` if the task names no positive options, `judicious_error_choice` if a
#' set that would be needed is not admissible.
#' @inherit fit_translation references
#' @examples
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' translation_beta(task, beta = 0.3)
#' @family ratings
#' @export
translation_beta <- function(task, beta, to = c("both", "positive_only"), added = NULL) {
  check_task(task)
  check_has_positive(task)
  beta <- check_number(beta, 0, 1)
  to <- match_choice(to)
  added <- check_choice(added %||% task$positive[1], task$positive, arg = "added")
  core <- translation_beta_cpp(length(task$options), task_positive(task),
                               match(added, task$options), beta, to == "positive_only")
  bad <- if (is.null(task$sets)) integer() else setdiff(used_sets(core), task$sets)
  if (length(bad) > 0L) {
    needed <- set_labels(bad[1], task)
    abort_judicious("The task does not admit the response set {.val {needed}}, which
                    {.arg beta} = {beta} needs.", "choice", arg = "beta")
  }
  new_judicious_translation(task, "beta", core, beta = beta, to = to)
}

used_sets <- function(core) core$sets[apply(core$F_inverse > 0, 1, any)]
