# Agreement of many raters.

#' Fleiss' kappa of many raters
#'
#' Agreement of any number of interchangeable raters beyond chance, on nominal labels.
#'
#' @section Formula:
#' With \eqn{n_{ik}}{n[i, k]} of the \eqn{m_i} ratings of item \eqn{i} on label \eqn{k},
#' \deqn{\kappa = \frac{\bar P - P_e}{1 - P_e}, \quad
#'   \bar P = \mathrm{mean}_i \sum_k \frac{n_{ik} (n_{ik} - 1)}{m_i (m_i - 1)}, \quad
#'   P_e = \sum_k \Big(\mathrm{mean}_i \frac{n_{ik}}{m_i}\Big)^2.}{
#'   kappa = (P - Pe) / (1 - Pe), P = mean_i sum_k n[i,k] (n[i,k] - 1) / (m[i] (m[i] - 1)),
#'   Pe = sum_k (mean_i n[i,k] / m[i])^2.}
#' With the same number of ratings for every item this is Fleiss (1971). Where the numbers differ,
#' \eqn{\bar P}{P} is over the items with at least two ratings and \eqn{P_e}{Pe} over those with at
#' least one (Gwet 2014); [agree_krippendorff_alpha()] treats missing ratings more evenly.
#'
#' @section Undefined when:
#' One label only occurs, or no item has two ratings: the result is `NA`, with a warning of class
#' `judicious_warning_undefined`.
#'
#' @inheritParams agree_hit_rate
#' @param ratings (matrix or data frame) One row per item and one column per rater, `NA` where a
#'   rater did not rate; with `type = "counts"` one column per label, holding the number of raters
#'   who gave it. (Beware: [agree_krippendorff_alpha()] reads the same, `irr::kripp.alpha()` and
#'   `icr::krippalpha()` the transpose.)
#' @param type `"labels"` or `"counts"`: what `ratings` holds.
#' @return A number at most 1 (perfect), 0 at chance level, possibly negative; higher is better.
#'   With `conf_level` a one-row data frame of class [`judicious_agreement`][judicious_agreement].
#' @section Assumptions:
#' Labels have no order, and raters are interchangeable. As for every coefficient that takes each
#' item to have one right label, see [agree_hit_rate()].
#' @inheritSection agree_hit_rate Errors
#' @references
#' Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. *Psychological
#' Bulletin*, 76(5), 378-382.
#'
#' Gwet, K. L. (2014). *Handbook of inter-rater reliability*, 4th edition, chapter 3. Advanced
#' Analytics.
#' @examples
#' ratings <- data.frame(
#'   anna = c("a", "b", "b", "c", "a", "a"),
#'   ben = c("a", "b", "c", "c", "a", "b"),
#'   judge = c("a", "b", "b", "c", "b", "a")
#' )
#' agree_fleiss_kappa(ratings)
#' agree_fleiss_kappa(rbind(c(3, 0), c(1, 2), c(0, 3)), type = "counts")
#' @family agreement
#' @export
agree_fleiss_kappa <- function(ratings, ..., type = c("labels", "counts"), conf_level = NULL,
                               n_boot = 2000L, threads = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  type <- match_choice(type)
  boot <- boot_settings(conf_level, n_boot, threads)
  if (type == "counts") {
    table <- check_count_table(ratings, call)
    n_ratings <- rowSums(table)
    n_values <- ncol(table)
  } else {
    labels <- code_ratings(ratings, call)
    table <- labels$codes
    n_ratings <- rowSums(!is.na(table))
    n_values <- length(labels$levels)
  }
  n_missing <- count_unrated(n_ratings, 1, call)
  compute <- function(...) fleiss_kappa_cpp(table, type == "counts", n_values, ...)
  agreement_value("Fleiss' kappa", compute, boot, n_missing,
                  "one label only occurs, or no item has two ratings", call)
}

#' Krippendorff's alpha
#'
#' Agreement of any number of raters beyond chance, for nominal, ordinal, interval or ratio labels,
#' with any pattern of missing ratings.
#'
#' @section Formula:
#' \deqn{\alpha = 1 - \frac{D_o}{D_e}, \quad
#'   D_o = \frac{1}{n} \sum_i \frac{1}{m_i - 1} \sum_{r \ne s} \delta^2(v_{ir}, v_{is}), \quad
#'   D_e = \frac{1}{n (n - 1)} \sum_{c, k} n_c n_k \delta^2(c, k)}{
#'   alpha = 1 - Do / De}
#' over the items with \eqn{m_i \ge 2}{m[i] >= 2} ratings, \eqn{n = \sum_i m_i}{n = sum(m)} ratings
#' in all, \eqn{n_c} of them with label \eqn{c}. \eqn{\delta^2} is 1 for different labels (nominal),
#' \eqn{(c - k)^2} (interval), \eqn{((c - k) / (c + k))^2} (ratio), and for ordinal labels the
#' squared difference of mid-ranks among all ratings (Krippendorff 2019, chapter 12). A resample of
#' the bootstrap has its own \eqn{D_e} and its own ranks.
#'
#' @section Undefined when:
#' Fewer than two different labels occur in items with at least two ratings: the result is `NA`,
#' with a warning of class `judicious_warning_undefined`.
#'
#' @section Speed:
#' Items with the same labels from any raters count as one kind, so that the bootstrap costs as much
#' as the kinds. Time grows with the square of the number of different labels for `"ratio"`, and
#' linearly otherwise.
#'
#' @inheritParams agree_hit_rate
#' @param ratings (matrix or data frame) One row per item and one column per rater, `NA` where a
#'   rater did not rate. (Beware: `irr::kripp.alpha()` and `icr::krippalpha()` read the transpose.)
#' @param level The level of measurement: `"nominal"`, `"ordinal"` (needs numbers, or factors with
#'   the same levels in the order of the scale), `"interval"` (needs numbers) or `"ratio"` (needs
#'   numbers from 0).
#' @return A number at most 1 (perfect), 0 at chance level, possibly negative; higher is better.
#'   With `conf_level` a one-row data frame of class [`judicious_agreement`][judicious_agreement],
#'   whose `n_missing` counts the items with fewer than two ratings.
#' @section Assumptions:
#' Raters are interchangeable and ratings are missing at random. As for every coefficient that takes
#' each item to have one right label, see [agree_hit_rate()].
#' @inheritSection agree_hit_rate Errors
#' @references
#' Krippendorff, K. (2019). *Content analysis: an introduction to its methodology*, 4th edition,
#' chapter 12. SAGE.
#' @examples
#' ratings <- cbind(
#'   a = c(1, 2, 3, 3, 2, 1, 4, 1, 2, NA, NA, NA),
#'   b = c(1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NA, 3),
#'   c = c(NA, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NA),
#'   d = c(1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NA)
#' )
#' agree_krippendorff_alpha(ratings)
#' set.seed(1)
#' agree_krippendorff_alpha(ratings, level = "ordinal", conf_level = 0.95)
#' @family agreement
#' @export
agree_krippendorff_alpha <- function(ratings, ...,
                                     level = c("nominal", "ordinal", "interval", "ratio"),
                                     conf_level = NULL, n_boot = 2000L, threads = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  level <- match_choice(level)
  boot <- boot_settings(conf_level, n_boot, threads)
  labels <- code_ratings(ratings, call)
  check_level(labels, level, call)
  n_missing <- count_unrated(rowSums(!is.na(labels$codes)), 2, call)
  compute <- function(...) krippendorff_alpha_cpp(labels$codes, labels$values, level, ...)
  agreement_value(paste0("Krippendorff's alpha (", level, ")"), compute, boot, n_missing,
                  "fewer than two different labels occur in items with two ratings", call)
}

check_level <- function(labels, level, call) {
  if (level == "ordinal") check_order(labels, "ratings", "The ordinal alpha", call)
  if (level %in% c("interval", "ratio") && !labels$has_numbers) {
    abort_judicious("The {level} alpha needs {.arg ratings} that are numbers.", "type",
                    arg = "ratings", call = call)
  }
  if (level == "ratio" && labels$values[1] < 0) {
    abort_judicious(
      c("The ratio alpha needs {.arg ratings} of at least 0.",
        x = "The least is {.val {labels$values[1]}}.",
        i = "Negative numbers have an interval scale: {.code level = \"interval\"}."),
      "range", arg = "ratings", call = call
    )
  }
}

# How many items have fewer than `least` ratings; stops if all have.
count_unrated <- function(n_ratings, least, call) {
  n_missing <- sum(n_ratings < least)
  if (n_missing == length(n_ratings)) {
    abort_judicious("There is no item with at least {least} rating{?s}.", "items",
                    arg = "ratings", call = call)
  }
  n_missing
}
