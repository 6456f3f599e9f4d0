#' Reveal the labels of the selected items
#'
#' Plays the human annotator in a simulation: hides every label that the sample did not ask for.
#'
#' @param y_oracle (logical, numeric, character or factor vector) The label of every item. Its type
#'   and attributes are kept. Or a lazy table of a database that `sample` was drawn from.
#' @param sample (`judicious_sample` or 0/1 vector) What a sampler returned, or its column
#'   `selected` (1 = labelled, 0 = not, `NA` = left the frame); same length as `y_oracle`.
#' @returns `y_oracle` with `NA` wherever `selected` is not 1. Of a lazy table the rows that were
#'   drawn, in the order of the sample, as a data frame: what people are to label.
#' @section Errors and warnings:
#' `judicious_error_length` if the lengths differ, `judicious_error_type` if `y_oracle` is no vector
#' or `sample` no sample, `judicious_error_range` if `selected` holds something other than 0, 1 and
#' `NA`. `judicious_warning_unlabelled` if a selected item has no label in `y_oracle`: it stays
#' `NA`, and as an item that was asked for without an answer it can bias the estimate.
#' @examples
#' set.seed(1)
#' items <- simulate_binary(500, true_mean = 0.1, proxy_mean = 0.05, correlation = 0.6)
#' plan <- sample_uniform(nrow(items), n = 50)
#' items$human <- reveal_labels(items$y_true, plan)
#' table(items$human, useNA = "ifany")
#' @family samplers
#' @export
reveal_labels <- function(y_oracle, sample) {
  if (is_lazy(y_oracle)) return(rows_of_sample(y_oracle, sample, rlang::current_env()))
  if (!is.atomic(y_oracle) || is.null(y_oracle) || !is.null(dim(y_oracle))) {
    abort_judicious("{.arg y_oracle} must be a vector, not {.obj_type_friendly {y_oracle}}.",
                    "type", arg = "y_oracle")
  }
  selected <- check_selected(sample)
  check_length(selected, length(y_oracle), arg = "sample", n_arg = "label")
  revealed <- !is.na(selected) & selected == 1
  n_missing <- sum(is.na(y_oracle[revealed]))
  if (n_missing > 0L) {
    warn_judicious("{n_missing} selected item{?s} {?has/have} no label in {.arg y_oracle}.",
                   "unlabelled", n = n_missing)
  }
  y_oracle[!revealed] <- NA
  y_oracle
}

check_selected <- function(sample, call = rlang::caller_env()) {
  selected <- if (is.data.frame(sample)) sample[["selected"]] else sample
  if (is.factor(selected) || !(is.numeric(selected) || is.logical(selected))) {
    abort_judicious(
      "{.arg sample} must be a {.cls judicious_sample} or a 0/1 vector, not
       {.obj_type_friendly {sample}}.",
      "type", arg = "sample", call = call
    )
  }
  bad <- which(!selected %in% c(0, 1, NA))
  if (length(bad) > 0L) {
    abort_judicious(c("{.arg sample} must hold 0, 1 and NA only.",
                      x = "Element {bad[1]} is {.val {selected[bad[1]]}}."),
                    "range", arg = "sample", where = bad, call = call)
  }
  selected
}
