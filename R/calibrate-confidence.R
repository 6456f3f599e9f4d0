#' Calibrate confidences on human labels
#'
#' Learns, from items whose label has been checked, which share of labels with a given confidence is
#' right, and maps every confidence to that probability.
#'
#' @section Formula: With \eqn{x} = the logit of a confidence in \[0, 1\], or the score as it
#'   stands where scores are not probabilities. Logits of 0 and 1 are infinite: 1, if it occurs, is
#'   read as half as far from 1 as the largest confidence below it (a stated 100% after 90% as
#'   95%), but no nearer than 1e-6, and likewise 0. New confidences beyond these limits are read as
#'   the limits.
#'
#' - `"isotonic"`: the non-decreasing function with the least squared error, by pooling adjacent
#'   violators; constant within a pool, straight between pools, constant beyond the data. Makes no
#'   assumption but needs the most labels (some hundreds), and may say exactly 0 or 1.
#' - `"platt"`: \eqn{\mathrm{logit}\, p = a + b x}{logit p = a + b x}.
#' - `"temperature"`: \eqn{\mathrm{logit}\, p = x / T}{logit p = x / T}; \eqn{T > 1} for an
#'   over-confident judge. `1/T` is never below 0.
#' - `"beta"`: \eqn{\mathrm{logit}\, p = c + a \log x_p - b \log(1 - x_p)}{logit p = c + a log q -
#'   b log(1 - q)} of the confidence itself, \eqn{a, b \ge 0}; holds Platt's map (of the logit) and
#'   the identity as special cases. A slope that would be negative is set to 0 and the others
#'   are fitted again.
#'
#' The three parametric maps maximise the likelihood with Platt's targets \eqn{(n_1 + 1) / (n_1 +
#' 2)} and \eqn{1 / (n_0 + 2)} for right and wrong labels in place of 1 and 0, so that perfectly
#' separated labels still give a finite map.
#'
#' @section Cross-fitting: A map looks better on the labels it was fitted to than it is. The
#'   labelled rows are split at random into `n_folds` parts (`set.seed()` governs), each part is
#'   mapped by a fit to the others, and these values are what `predict()` returns for the rows of
#'   the fit. Use them when the same human labels serve an estimate or a threshold. Rows without a
#'   human label, and new confidences, are mapped by the fit to all labels.
#'
#' @section Assumptions:
#' The labelled rows are a random sample of the items the map is for, and independent.
#'
#' @param confidence (numeric vector) Confidences or scores, larger = surer. Missing values stay
#'   missing.
#' @param correct (logical or 0/1 vector) Is the label right? `NA` where nobody knows.
#' @param method `"isotonic"`, `"platt"`, `"temperature"` or `"beta"`.
#' @param n_folds (count) Number of parts for cross-fitting; 1: none.
#' @param scale `"probability"`: confidences are probabilities in \[0, 1\]; `"score"`: any numbers,
#'   such as margins of a reward model; `"auto"`: probabilities if all lie in \[0, 1\], an error if
#'   they look like percentages, else scores, with a message.
#' @param data (data frame) Where `confidence` and `correct` are looked up first.
#' @returns An object of class [`judicious_calibration`][predict.judicious_calibration]. Its
#'   fields: `method`, `scale`, `n` (labels used), `coef` (named numbers; isotonic: `NULL`),
#'   `limits` (what 0 and 1 are read as), `knots` (isotonic: a data frame `confidence`,
#'   `probability`), `fitted` (probabilities of all rows, cross-fitted where labelled), `fold`
#'   (part of each row, `NA` where not labelled), `n_folds`, `quality` (a data frame with the Brier
#'   score, log loss, ECE and AUROC of the confidences and of the cross-fitted probabilities).
#' @section Errors: `judicious_error_undefined` with fewer labelled rows than `n_folds` or than 2;
#'   `judicious_error_choice` (also for `"beta"` with scores); `judicious_error_range` (confidences
#'   outside \[0, 1\] with `scale = "probability"`, a `correct` that is neither 0 nor 1);
#'   `judicious_error_percent` for what looks like percentages; `judicious_error_finite` for
#'   infinite confidences; `judicious_error_type`; `judicious_error_length`;
#'   `judicious_error_required` (an argument that was not given).
#'   A warning of class `judicious_warning_calibration` says where the cross-fitted probabilities
#'   have an infinite log loss or, after isotonic regression, a lower AUROC, and what to do then.
#' @references
#' Platt, J. (1999). Probabilistic outputs for support vector machines. In *Advances in Large Margin
#' Classifiers*, 61-74, section 2.2.
#'
#' Zadrozny, B. and Elkan, C. (2002). Transforming classifier scores into accurate multiclass
#' probability estimates. *KDD 2002* (isotonic).
#'
#' Guo, C., Pleiss, G., Sun, Y. and Weinberger, K. Q. (2017). On calibration of modern neural
#' networks. *ICML 2017*, arXiv:1706.04599, eq. 9 (temperature).
#'
#' Kull, M., Silva Filho, T. and Flach, P. (2017). Beta calibration. *AISTATS 2017*, PMLR 54,
#' 623-631.
#' @examples
#' set.seed(1)
#' truth <- rbeta(400, 5, 2)
#' judged <- data.frame(correct = runif(400) < truth, confidence = truth^0.3)
#' judged$correct[301:400] <- NA # nobody has checked these
#' calibrated <- calibrate_confidence(confidence, correct, method = "platt", data = judged)
#' calibrated
#' judged$probability <- predict(calibrated)
#' predict(calibrated, c(0.7, 0.9, NA))
#' ggplot2::autoplot(calibrated)
#' @seealso [confidence_to_uncertainty()] for what to do next.
#' @family label confidence
#' @export
calibrate_confidence <- function(confidence, correct,
                                 method = c("isotonic", "platt", "temperature", "beta"),
                                 n_folds = 5L, scale = c("auto", "probability", "score"),
                                 data = NULL) {
  call <- rlang::current_env()
  method <- check_choice(if (missing(method)) "isotonic" else method,
                         c("isotonic", "platt", "temperature", "beta"), arg = "method")
  scale <- check_choice(if (missing(scale)) "auto" else scale, c("auto", "probability", "score"),
                        arg = "scale")
  n_folds <- check_count(n_folds)
  x <- scored_vector(rlang::enquo(confidence), rlang::enquo(correct), data, call)
  map <- list(method = method, scale = calibration_scale(x$score, scale, method, call))
  used <- usable(x)
  check_enough_labels(sum(used), n_folds, call)
  folds <- rep(NA_integer_, length(used))
  if (n_folds > 1) folds[used] <- sample(rep_len(seq_len(n_folds), sum(used)))
  map <- fit_map(map, x$score, x$correct)
  fitted <- cross_fit(map, x, folds)
  quality <- compare_quality(x, fitted, map$scale)
  warn_worse(quality, method, call)
  structure(
    c(map, list(
      n = sum(used), fitted = fitted, fold = folds, n_folds = n_folds, score_method = x$method,
      quality = quality,
      raw = list(score = x$score[used], correct = x$correct[used])
    )),
    class = "judicious_calibration"
  )
}

calibration_scale <- function(score, scale, method, call) {
  bad <- which(is.infinite(score))
  if (length(bad) > 0L) {
    abort_judicious(c("{.arg confidence} must not be infinite.",
                      x = "Element {bad[1]} is {.val {score[bad[1]]}}."),
                    "finite", arg = "confidence", where = bad, call = call)
  }
  auto <- scale == "auto"
  if (auto) {
    check_no_percent(score, "confidence", call)
    scale <- if (is_probability(score)) "probability" else "score"
  }
  if (scale == "probability") {
    check_probability(score, "confidence", call,
                      hint = "For scores that are no probabilities use {.code scale = \"score\"}.")
  }
  if (scale == "score" && method == "beta") {
    abort_judicious(
      c("Beta calibration needs confidences in [0, 1].",
        i = "Use {.code method = \"platt\"} or {.code \"isotonic\"} for scores."),
      "choice", arg = "method", call = call
    )
  }
  if (auto && scale == "score") inform_scores(score[!is.na(score)])
  scale
}

# Percentages would pass for scores: from 0 to 100, and some of them above 50.
check_no_percent <- function(score, arg, call) {
  known <- score[!is.na(score)]
  if (length(known) == 0L || is_probability(known)) return(invisible())
  if (min(known) < 0 || max(known) > 100 || max(known) <= 50) return(invisible())
  bad <- which(score > 1)
  mixed <- any(known > 0 & known < 1)
  abort_judicious(
    c("{.arg {arg}} looks like percentages{if (mixed) ' mixed with shares'}.",
      x = "Element {bad[1]} is {.val {score[bad[1]]}}, and all lie from 0 to 100.",
      i = if (mixed) "Bring them to one scale from 0 to 1." else
        "Divide by 100: {.code {arg} / 100}.",
      i = "For scores that are no probabilities use {.code scale = \"score\"}."),
    "percent", arg = arg, where = bad, call = call
  )
}

inform_scores <- function(known) {
  inform_judicious(
    c("Confidences from {format_number(min(known))} to {format_number(max(known))} are read as
       scores, not as probabilities.",
      i = "Say {.code scale = \"score\"}, or bring them to the scale from 0 to 1."),
    "scale"
  )
}

check_enough_labels <- function(n, n_folds, call) {
  least <- max(2, n_folds)
  if (n >= least) return(invisible())
  abort_judicious(
    c("Calibration needs at least {least} rows with a confidence and a known {.arg correct}.",
      x = "There {cli::qty(n)}{?is/are} {n}."),
    "undefined", arg = "correct", call = call
  )
}

# --- maps ----------------------------------------------------------------------------

fit_map <- function(map, score, correct) {
  if (map$method == "isotonic") {
    knots <- isotonic_knots_cpp(score, correct)
    map$knots <- vctrs::data_frame(confidence = knots$x, probability = knots$y)
    return(map)
  }
  fit <- fit_calibration_map_cpp(score, correct, map$method, map$scale == "probability")
  map$limits <- fit$limits
  map$coef <- fit$coef
  slopes <- if (map$method == "beta") c("log_p", "minus_log_1_p") else "slope"
  names(map$coef) <- c("intercept", slopes)
  map
}

apply_map <- function(map, score) {
  if (map$method == "isotonic") {
    return(interpolate_cpp(map$knots$confidence, map$knots$probability, score))
  }
  calibration_map_cpp(score, map$method, map$scale == "probability", map$limits,
                      map$coef)
}

# Every fold by the map of the others, all other rows by the map of all.
cross_fit <- function(map, x, folds) {
  fitted <- apply_map(map, x$score)
  for (fold in unique(folds[!is.na(folds)])) {
    inside <- which(folds == fold)
    others <- fit_map(map, x$score, replace(x$correct, inside, NA))
    fitted[inside] <- apply_map(others, x$score[inside])
  }
  replace(fitted, is.na(x$score), NA_real_)
}

# What the map has made worse, and what to do about it; empty if nothing.
calibration_advice <- function(quality, method) {
  other <- "Use method = \"platt\" or \"beta\", which stay inside (0, 1) and keep the order."
  lost <- if (method == "isotonic") quality$auroc[1] - quality$auroc[2]
  found <- c(
    if (is.infinite(quality$log_loss[2])) {
      "The log loss is infinite: the map says exactly 0 or 1 where it is wrong."
    },
    if (isTRUE(lost > 0.01)) {
      paste0("AUROC has fallen from ", format_number(quality$auroc[1]), " to ",
             format_number(quality$auroc[2]), ": confidences that differed are one now.")
    }
  )
  if (length(found) > 0L) c(found, if (method == "isotonic") other else "More labels would help.")
}

warn_worse <- function(quality, method, call) {
  advice <- calibration_advice(quality, method)
  if (length(advice) == 0L) return(invisible())
  last <- length(advice)
  bullets <- c(advice[-last], i = advice[last])
  names(bullets)[seq_len(last - 1L)] <- "x"
  warn_judicious(c("Calibration has made something worse.", literal_bullets(bullets)),
                 "calibration", call = call)
}

literal_bullets <- function(x) rlang::set_names(literal(x), names(x))

compare_quality <- function(x, fitted, scale) {
  rows <- list(
    raw = confidence_quality_cpp(x$score, x$correct, 10L, TRUE, scale == "probability"),
    calibrated = confidence_quality_cpp(fitted, x$correct, 10L, TRUE, TRUE)
  )
  column <- function(name) vapply(rows, function(row) as.double(row[[name]]), 0, USE.NAMES = FALSE)
  vctrs::data_frame(
    stage = names(rows), brier = column("brier"), log_loss = column("log_loss"),
    ece = column("ece"), auroc = column("auroc"), mean_confidence = column("mean_confidence"),
    accuracy = column("n_correct") / column("n")
  )
}
