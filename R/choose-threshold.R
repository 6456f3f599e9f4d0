#' Choose the confidence above which labels need no human
#'
#' @description
#' Labels with a confidence of at least the threshold are accepted, the others go to a human. The
#' lowest threshold that looks good enough on some checked labels misses its target in about half of
#' all cases, since of many thresholds the luckiest is taken. The three guarantees here do not, and
#' `print()` tells what they cost.
#'
#' Rows whose `correct` is `NA` are the items to decide on; they say how many labels are kept.
#' Without such rows the checked labels themselves stand for them.
#'
#' @section Guarantees:
#' With \eqn{n} checked labels, target \eqn{\tau} and \eqn{\delta}:
#'
#' - `"selective"`: with probability \eqn{1 - \delta} over the checked labels, at least a share
#'   \eqn{\tau} of *all labels kept* is right. Fixed-sequence testing: thresholds are tried from
#'   the top, each by the exact binomial test of "less than \eqn{\tau} is right" at level
#'   \eqn{\delta}, until one fails; the last that passed is taken. The first one tried is the
#'   confidence that keeps 15% of the checked labels, and at least \eqn{\lceil \log \delta / \log
#'   \tau \rceil} (22 for 0.9 and 0.1), fewer of which could never pass.
#' - `"fdr"`: *on average*, at least a share \eqn{\tau} of the labels kept among the items to decide
#'   on is right (the false discovery rate is at most \eqn{1 - \tau}). Benjamini-Hochberg on the
#'   conformal p-values \eqn{(1 + \#\{\textrm{wrong}, c_i \ge c\}) / (n + 1)}{(1 + number of wrong
#'   labels with confidence >= c) / (n + 1)}. Needs the items to decide on; `delta` is not used.
#' - `"pac"`: with probability \eqn{1 - \delta}, at most a share \eqn{1 - \tau} of *all items* ends
#'   up with a wrong label, when humans label what is not kept. The lowest threshold at which the
#'   exact binomial test of "more than \eqn{1 - \tau} of all items is kept and wrong" rejects at
#'   level \eqn{\delta}. Keeps the most, for human labels count as right.
#' - `"none"`: the lowest threshold at which a share \eqn{\tau} of the checked labels kept is
#'   right. No guarantee; for comparison.
#'
#' @section Assumptions: The checked labels are a simple random sample of the items: not the easy
#'   ones, not those the judge was unsure of, and independent of each other (one per conversation).
#'   `"selective"` takes the thresholds from the data; that is exact where accuracy does not fall
#'   as confidence rises. Items without a confidence are never accepted.
#'
#' @param confidence (numeric vector) Any score, larger = surer; need not be calibrated.
#' @param correct (logical or 0/1 vector) Is the label right? `NA` for the items to decide on.
#' @param target (number between 0 and 1) The share of right labels \eqn{\tau} to reach.
#' @param delta (number between 0 and 1) How often the guarantee may fail.
#' @param guarantee `"selective"`, `"fdr"`, `"pac"` or `"none"`.
#' @param data (data frame) Where `confidence` and `correct` are looked up first.
#' @returns An object of class [`judicious_threshold`][judicious_threshold]. Its fields:
#'   `threshold` (`Inf` if nothing can be accepted), `guarantee`, `target`, `delta`, `n_labelled`,
#'   `n_items` (to decide on), `n_kept` (of them), `share_kept`, `checked` (`n` and `n_correct` of
#'   the checked labels kept), `table` (what each guarantee would keep: `guarantee`, `threshold`,
#'   `n_kept`, `share_kept`, `chosen`), `raw` (the checked labels: `score`, `correct`).
#' @section Errors:
#' `judicious_error_undefined` if no label is checked, or for `"fdr"` without items to decide on;
#' `judicious_error_range`, `judicious_error_type`, `judicious_error_choice`,
#' `judicious_error_length`, `judicious_error_required` (an argument that was not given).
#' @references
#' Jung, J., Brahman, F. and Choi, Y. (2024). Trust or escalate: LLM judges with provable guarantees
#' for human agreement. arXiv:2407.18370, section 2 (selective).
#'
#' Jin, Y. and Candès, E. J. (2023). Selection by prediction with conformal p-values. *Journal of
#' Machine Learning Research*, 24(244), 1-41 (fdr).
#'
#' Candès, E. J., Ilyas, A. and Zrnic, T. (2025). Probably approximately correct labels.
#' arXiv:2506.10908 (pac; the bound here is exact instead of asymptotic).
#' @examples
#' set.seed(1)
#' truth <- rbeta(3000, 2.4, 0.64)
#' judged <- data.frame(confidence = truth, correct = runif(3000) < truth)
#' judged$correct[-(1:300)] <- NA # 300 labels are checked
#' rule <- choose_threshold(confidence, correct, target = 0.9, data = judged)
#' rule
#' table(apply_threshold(judged$confidence, rule))
#'
#' choose_threshold(confidence, correct, target = 0.9, guarantee = "pac", data = judged)
#' ggplot2::autoplot(rule)
#' @family label confidence
#' @export
choose_threshold <- function(confidence, correct, target = 0.9, delta = 0.1,
                             guarantee = c("selective", "fdr", "pac", "none"), data = NULL) {
  call <- rlang::current_env()
  guarantee <- check_choice(if (missing(guarantee)) "selective" else guarantee,
                            c("selective", "fdr", "pac", "none"), arg = "guarantee")
  target <- check_number(target, 0, 1, open = TRUE)
  delta <- check_number(delta, 0, 1, open = TRUE)
  x <- scored_vector(rlang::enquo(confidence), rlang::enquo(correct), data, call)
  labelled <- !is.na(x$correct)
  check_some_checked(labelled, guarantee, call)
  thresholds <- all_thresholds(x, labelled, target, delta)
  table <- price_table(thresholds, x, labelled, guarantee)
  chosen <- table[table$chosen, ]
  kept <- labelled & !is.na(x$score) & x$score >= chosen$threshold
  structure(
    list(
      threshold = chosen$threshold, guarantee = guarantee, target = target, delta = delta,
      n_labelled = sum(labelled), has_pool = !all(labelled),
      n_items = if (all(labelled)) sum(labelled) else sum(!labelled), n_kept = chosen$n_kept,
      share_kept = chosen$share_kept,
      checked = c(n = sum(kept), n_correct = sum(x$correct[kept])), table = table,
      raw = list(score = x$score[labelled], correct = x$correct[labelled]), score_method = x$method
    ),
    class = "judicious_threshold"
  )
}

check_some_checked <- function(labelled, guarantee, call) {
  if (!any(labelled)) {
    abort_judicious(
      c("No label is checked: {.arg correct} is missing in every row.",
        i = "Have a random sample of the items labelled by humans."),
      "undefined", arg = "correct", call = call
    )
  }
  if (guarantee == "fdr" && all(labelled)) {
    abort_judicious(
      c("{.code guarantee = \"fdr\"} needs the items to decide on.",
        i = "Add them as rows whose {.arg correct} is {.val {NA}}, or use {.val selective}."),
      "undefined", arg = "guarantee", call = call
    )
  }
}

# Every guarantee's threshold, Inf where it accepts nothing.
all_thresholds <- function(x, labelled, target, delta) {
  score <- x$score[labelled]
  correct <- x$correct[labelled]
  first <- max(fewest_to_pass_cpp(target, delta), ceiling(0.15 * sum(!is.na(score))))
  pool <- if (!all(labelled)) sort(x$score[!labelled], decreasing = TRUE)
  out <- c(
    selective = selective_threshold_cpp(score, correct, target, delta, first),
    pac = pac_threshold_cpp(score, correct, length(score), target, delta),
    fdr = if (!is.null(pool)) fdr_threshold_cpp(score, correct, pool, target),
    none = naive_threshold_cpp(score, correct, target)
  )
  replace(out, is.na(out), Inf)
}

# How many of the items to decide on each guarantee would keep.
price_table <- function(thresholds, x, labelled, guarantee) {
  items <- x$score[if (all(labelled)) labelled else !labelled]
  n_kept <- vapply(thresholds, function(t) sum(items >= t & is.finite(t), na.rm = TRUE), 0L)
  as.data.frame(vctrs::data_frame(
    guarantee = names(thresholds), threshold = unname(thresholds), n_kept = unname(n_kept),
    share_kept = unname(n_kept) / length(items), chosen = names(thresholds) == guarantee
  ))
}

#' Accept labels or send them to a human
#'
#' @param confidence (numeric vector) The confidences to decide on. Those missing go to a human.
#' @param threshold (`judicious_threshold` or number) What [choose_threshold()] returned, or a
#'   number of your own.
#' @returns A factor as long as `confidence` with levels `"accept"` (confidence at least the
#'   threshold) and `"review"`; never `NA`.
#' @section Errors:
#' `judicious_error_mixed_methods` if the confidences are of another method than those the threshold
#' was chosen for; `judicious_error_type`.
#' @examples
#' apply_threshold(c(0.95, 0.7, NA), 0.9)
#' @family label confidence
#' @export
apply_threshold <- function(confidence, threshold) {
  call <- rlang::current_env()
  empty <- is.double(confidence) && length(confidence) == 0L
  score <- if (empty) double() else as_score(confidence, call)
  if (inherits(threshold, "judicious_threshold")) {
    check_score_method(confidence, threshold$score_method, "confidence", call)
    check_same_scale(score, threshold$raw$score, "confidence", call)
    threshold <- threshold$threshold
  } else {
    threshold <- check_number(threshold)
    check_same_scale(score, threshold, "confidence", call)
  }
  accepted <- !is.na(score) & score >= threshold & threshold < Inf
  factor(ifelse(accepted, "accept", "review"), c("accept", "review"))
}
