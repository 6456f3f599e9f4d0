#' From confidence to uncertainty
#'
#' The bridge to [sample_active()] and [sample_cost_optimal()], which spend human labels where the
#' judge is least certain.
#'
#' @section Formula: \deqn{u = \max\left(\sqrt{p (1 - p)},\; \textrm{lowest}\right),}{u =
#'   max(sqrt(p (1 - p)), lowest),} the standard deviation of "the label is right" for a label that
#'   is right with probability \eqn{p}: 0.5 at \eqn{p = 0.5}, towards 0 where the judge is sure,
#'   either way.
#'
#' @section Assumptions: The confidences are calibrated: of the labels with confidence 0.8, 80% are
#'   right. Calibrate them first ([calibrate_confidence()]), with its cross-fitted values where the
#'   same human labels go into the estimate. Estimates with [estimate_mean()] are valid whatever
#'   the uncertainties; miscalibration only costs precision. `lowest` keeps it from costing much:
#'   an item the judge is wrongly sure of gets a huge weight if its probability to be labelled is
#'   tiny.
#'
#' @param confidence (numeric vector) Calibrated probabilities that the labels are right, in \[0,
#'   1\].
#' @param lowest (number) The least uncertainty, above 0 and at most 0.5: an item with uncertainty 0
#'   could never be labelled.
#' @param missing (number) The uncertainty of an item without confidence, `lowest` to 0.5: nothing
#'   is known of it, so by default the highest there is.
#' @returns A double vector as long as `confidence`, from `lowest` to 0.5. Confidences of `NA` are
#'   replaced, with a message of class `judicious_message_missing_confidence`.
#' @section Errors:
#' `judicious_error_range` for a confidence outside \[0, 1\]; `judicious_error_type`;
#' `judicious_error_length` for no confidences.
#' @references
#' Zrnic, T. and Candès, E. J. (2024). Active statistical inference. *ICML 2024*,
#' arXiv:2403.03208, section 3 (labels in proportion to the root of the expected squared error).
#' @examples
#' confidence_to_uncertainty(c(0.5, 0.8, 0.99, 1, NA))
#'
#' set.seed(1)
#' confidence <- rbeta(1000, 4, 1)
#' sample_active(confidence_to_uncertainty(confidence), n = 100)
#' @family label confidence
#' @export
confidence_to_uncertainty <- function(confidence, lowest = 0.05, missing = 0.5) {
  call <- rlang::current_env()
  lowest <- check_number(lowest, 0, 0.5)
  if (lowest == 0) {
    abort_judicious("{.arg lowest} must be above 0: an item with uncertainty 0 is never labelled.",
                    "range", arg = "lowest")
  }
  missing <- check_number(missing, lowest, 0.5)
  p <- as_score(confidence, call)
  check_probability(p, "confidence", call)
  unknown <- is.na(p)
  if (any(unknown)) {
    inform_judicious(
      "{sum(unknown)} item{?s} without confidence get{?s/} the uncertainty {missing}.",
      "missing_confidence"
    )
  }
  out <- pmax(sqrt(p * (1 - p)), lowest)
  out[unknown] <- missing
  out
}
