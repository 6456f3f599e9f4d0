#' Combine the labels of several judges
#'
#' @description
#' One label per item from several judges, how probable it is, and what each judge confuses.
#'
#' @section Methods:
#' For item \eqn{i}, judge \eqn{j}'s label \eqn{l_{ij}} and classes \eqn{k = 1, \dots, K}:
#'
#' - `"majority"`: the class with the most votes; its probability is its share of the votes.
#' - `"weighted"`: \eqn{P(k) \propto \exp \sum_j w_j [l_{ij} = k]}{P(k) proportional to exp(sum of
#'   the weights of the judges that say k)}, where \eqn{w_j = \log \{(K - 1) a_j / (1 - a_j)\}}
#'   with the judge's accuracy \eqn{a_j} = (right + 1) / (gold labels + 2): the best weights for
#'   independent judges whose errors spread evenly over the classes. Needs `gold`.
#' - `"dawid_skene"`: every judge has a confusion matrix, errors are independent given the truth,
#'   and the EM algorithm finds both, without any gold label. Gold labels enter every step as known
#'   truth. `smooth` is added to every cell of the matrices and of the prior.
#' - `"stack"`: multinomial logistic regression on the gold labels, \eqn{P(k) \propto \exp(b_k +
#'   \sum_j w_j [l_{ij} = k])}{P(k) proportional to exp(b_k + sum of the weights of the judges that
#'   say k)}, with penalty \eqn{\sum_j w_j^2 / 2}. The only one that does not take the judges as
#'   independent; prefer it with some 200 gold labels or more.
#'
#' Where gold labels are used, the probabilities of the gold items come from fits that did not see
#' them (`n_folds` parts, at random), so that they can be compared with the truth, calibrated, or
#' given to [choose_threshold()]. They are always the judges' verdict, never the gold label.
#'
#' @section Ties: Where two classes are equally probable (within 1e-9), or no judge gave a label,
#'   `label` is `NA`; ties have `tie = TRUE`. The list order of the judges or classes never
#'   decides.
#'
#' @section Effective number of judges: \eqn{J \sum_j V_j / \sum_j \sum_h C_{jh}}, with the
#'   variances and covariances of the judges' errors (1 = wrong): how many independent judges would
#'   have a mean error as variable as theirs, from 1 (copies of each other) to \eqn{J}. Measured on
#'   the gold items; without gold labels against the combined labels, which hides errors that
#'   judges share, so that it is an upper bound.
#'
#' @section Assumptions: `"majority"`, `"weighted"` and `"dawid_skene"` take errors as independent
#'   given the truth. LLM judges often err together; their probabilities are then too extreme: look
#'   at the effective number of judges, and calibrate ([calibrate_confidence()]). `"dawid_skene"`
#'   also needs judges that are better than chance on average. Gold items are a random sample of
#'   the items.
#'
#' @param labels (matrix or data frame) One row per item and one column per judge, `NA` where a
#'   judge gave no label: strings, factors, logicals or whole numbers. Or a long data frame with a
#'   row per label and columns `item_id`, `judge`, `label` (or `item`, `rater`, `rating`); repeated
#'   labels of a judge for an item all count.
#' @param method `"majority"`, `"weighted"`, `"dawid_skene"` or `"stack"`.
#' @param gold (vector) The true label of every row of `labels`, `NA` where it is not known. Labels
#'   that no judge uses are allowed.
#' @param smooth (number) `"dawid_skene"`: pseudo-count per cell, at least 0.
#' @param n_folds (count) Number of parts for the probabilities of gold items; 1: none, they come
#'   from the fit to all gold labels.
#' @returns A data frame of class [`judicious_combined`][judicious_combined], one row per item (in
#'   the order of the rows, of a long table in order of appearance): `item_id` (row number or id),
#'   `label` (of the type of the labels), `probability` (of that label; of a tie, of each of the
#'   tied ones), `tie`. Attributes: `probabilities` (items x classes), `confusion` (judges x truth
#'   x label, shares per true class), `judges` (a data frame `judge`, `n_labels`, `accuracy`,
#'   `weight`), `n_effective`, `method`, `fit`.
#' @section Errors: `judicious_error_undefined` for `"weighted"` and `"stack"` without gold labels,
#'   or fewer than two classes; `judicious_error_type`, `judicious_error_length`,
#'   `judicious_error_choice`, `judicious_error_missing_id`. `judicious_warning_not_converged` if
#'   EM has not converged after 2,000 steps.
#' @references
#' Dawid, A. P. and Skene, A. M. (1979). Maximum likelihood estimation of observer error-rates using
#' the EM algorithm. *Applied Statistics*, 28(1), 20-28, eqs. 2.3 to 2.5 and 3.1.
#'
#' Nitzan, S. and Paroush, J. (1982). Optimal decision rules in uncertain dichotomous choice
#' situations. *International Economic Review*, 23(2), 289-297 (the weights).
#'
#' Kish, L. (1965). *Survey Sampling*. Wiley, section 5.4 (design effect).
#' @examples
#' set.seed(1)
#' truth <- rbinom(500, 1, 0.4)
#' judge <- function(accuracy) ifelse(runif(500) < accuracy, truth, 1 - truth)
#' labels <- data.frame(a = judge(0.9), b = judge(0.7), c = judge(0.65), d = judge(0.6))
#' combined <- combine_judges(labels, "dawid_skene")
#' combined
#' mean(combined$label == truth, na.rm = TRUE)
#' combine_judges(labels, "stack", gold = replace(truth, 201:500, NA))
#' ggplot2::autoplot(combined)
#' @family label confidence
#' @export
combine_judges <- function(labels, method = c("majority", "weighted", "dawid_skene", "stack"),
                           gold = NULL, smooth = 0.5, n_folds = 5L) {
  call <- rlang::current_env()
  method <- check_choice(if (missing(method)) "majority" else method,
                         c("majority", "weighted", "dawid_skene", "stack"), arg = "method")
  settings <- list(method = method, smooth = check_number(smooth, 0),
                   n_folds = check_count(n_folds))
  check_not_lazy(labels)
  votes <- read_votes(labels, gold, call)
  check_gold(votes, method, call)
  panel <- vote_panel(votes)
  fit <- fit_panel(panel, votes$gold, settings)
  if (isFALSE(fit$converged)) {
    warn_judicious("EM has not converged after {fit$iterations} steps.", "not_converged")
  }
  probabilities <- cross_fit_panel(fit, panel, votes, settings)
  new_combined(probabilities, fit, panel, votes, settings)
}

check_gold <- function(votes, method, call) {
  if (length(votes$classes) < 2L) {
    abort_judicious("Only one label occurs: there is nothing to combine.", "undefined",
                    arg = "labels", call = call)
  }
  if (method %in% c("weighted", "stack") && all(is.na(votes$gold))) {
    abort_judicious(
      c("{.code method = \"{method}\"} needs {.arg gold} labels.",
        i = "Without them use {.val majority} or {.val dawid_skene}."),
      "undefined", arg = "gold", call = call
    )
  }
}

# Items with the same labels are one pattern: everything is computed per pattern.
vote_panel <- function(votes) {
  rows <- vctrs::new_data_frame(rlang::set_names(votes$codes, seq_along(votes$codes)),
                                n = votes$n_items)
  pattern <- vctrs::vec_group_id(rows)
  unique_rows <- vctrs::vec_unique(rows)
  list(
    pattern = as.integer(pattern), n_patterns = attr(pattern, "n"),
    table = list(labels = do.call(cbind, unname(as.list(unique_rows))), judge = votes$column_judge,
                 n_judges = length(votes$judges), n_classes = length(votes$classes))
  )
}

# Numbers of items per pattern: with each truth, and with unknown truth.
gold_counts <- function(panel, gold) {
  n_classes <- panel$table$n_classes
  known <- !is.na(gold)
  cell <- panel$pattern[known] + panel$n_patterns * (gold[known] - 1L)
  list(
    gold = matrix(as.double(tabulate(cell, panel$n_patterns * n_classes)), ncol = n_classes),
    free = as.double(tabulate(panel$pattern[!known], panel$n_patterns))
  )
}

# The probabilities of every pattern (`posterior`), and what was fitted.
fit_panel <- function(panel, gold, settings) {
  counts <- gold_counts(panel, gold)
  fit <- switch(
    settings$method,
    majority = list(posterior = vote_shares_cpp(panel$table)),
    weighted = fit_weighted(panel$table, counts$gold),
    dawid_skene = dawid_skene_cpp(panel$table, counts$free, counts$gold, settings$smooth, 1e-8,
                                  2000L),
    stack = stacked_votes_cpp(panel$table, counts$gold, 1)
  )
  c(fit, list(counts = counts))
}

fit_weighted <- function(table, gold) {
  counts <- confusion_counts_cpp(table, gold)
  diagonal <- seq(1, table$n_classes^2, by = table$n_classes + 1)
  accuracy <- (rowSums(counts[, diagonal, drop = FALSE]) + 1) / (rowSums(counts) + 2)
  weight <- log((table$n_classes - 1) * accuracy / (1 - accuracy))
  list(posterior = weighted_probabilities_cpp(table, weight), weight = weight)
}

# Probabilities per item; gold items by the fit to the other folds.
cross_fit_panel <- function(fit, panel, votes, settings) {
  out <- fit$posterior[panel$pattern, , drop = FALSE]
  known <- which(!is.na(votes$gold))
  if (settings$method == "majority" || settings$n_folds == 1 || length(known) < 2L) return(out)
  folds <- sample(rep_len(seq_len(settings$n_folds), length(known)))
  for (fold in unique(folds)) {
    held <- known[folds == fold]
    others <- fit_panel(panel, replace(votes$gold, held, NA), settings)
    out[held, ] <- others$posterior[panel$pattern[held], , drop = FALSE]
  }
  out
}

# What the judges are measured against: gold labels if there are any, else the
# combined ones.
panel_truth <- function(fit, votes) {
  if (any(!is.na(votes$gold))) return(fit$counts$gold)
  posterior <- fit$posterior
  posterior[is.nan(posterior)] <- 0
  posterior * fit$counts$free
}

new_combined <- function(probabilities, fit, panel, votes, settings) {
  best <- winners_cpp(probabilities)
  truth <- panel_truth(fit, votes)
  counts <- confusion_counts_cpp(panel$table, truth)
  dimnames(probabilities) <- list(NULL, as.character(votes$classes))
  vctrs::new_data_frame(
    list(item_id = votes$item_id, label = votes$classes[best$label],
         probability = replace(best$probability, is.nan(best$probability), NA), tie = best$tie),
    n = votes$n_items, probabilities = probabilities,
    confusion = confusion_array(fit$confusion %||% counts, votes),
    judges = judge_table(counts, fit, votes, panel$table$n_classes),
    n_effective = effective_judges_cpp(panel$table, truth), method = settings$method,
    n_gold = sum(!is.na(votes$gold)), n_folds = settings$n_folds,
    fit = fit[c("prior", "log_likelihood", "iterations", "converged", "intercept", "weight")],
    class = c("judicious_combined", "judicious_table")
  )
}

# judges x truth x label, shares of each true class.
confusion_array <- function(counts, votes) {
  n_classes <- length(votes$classes)
  out <- array(counts, c(length(votes$judges), n_classes, n_classes))
  out <- aperm(out, c(1, 3, 2))  # the label runs fastest in the core
  names <- as.character(votes$classes)
  dimnames(out) <- list(judge = votes$judges, truth = names, label = names)
  total <- apply(out, c(1, 2), sum)
  out <- out / as.vector(total)
  replace(out, is.nan(out), NA_real_)
}

judge_table <- function(counts, fit, votes, n_classes) {
  diagonal <- seq(1, n_classes^2, by = n_classes + 1)
  n <- vapply(seq_along(votes$judges), function(j) {
    sum(vapply(votes$codes[votes$column_judge == j - 1L], function(x) sum(x >= 0L), 0L))
  }, 0L)
  total <- rowSums(counts)
  as.data.frame(vctrs::data_frame(
    judge = votes$judges, n_labels = n,
    accuracy = ifelse(total > 0, rowSums(counts[, diagonal, drop = FALSE]) / total, NA_real_),
    weight = as.vector(fit$weight %||% rep(NA_real_, length(votes$judges)))
  ))
}
