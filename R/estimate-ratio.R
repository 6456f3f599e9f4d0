# The ratio of two means, as one estimate; the share of a part is one of them.

#' Estimate the ratio of two means
#'
#' @description
#' A mean divided by another: cost per solved task, tokens per correct answer, the relative risk of
#' two systems. Two formulas on the same rows, or one formula and `by`, as in
#' [estimate_difference()].
#'
#' @inheritParams estimate_difference
#' @param formula,formula_b The mean above and the mean below the line.
#' @param over With `by`: the system below the line, if not the second.
#' @param interval `NULL`: `"beta"` for the share of a part (0/1 labels with the first never above
#'   the second, on the same rows, such as errors among refusals), else `"fieller"`. Also `"t"` (the
#'   delta rule), which is not advised for rates: it covers down to 28 per cent of the time.
#' @return A `judicious_estimate`, with the methods described in [judicious_estimate].
#' @section Formula:
#' r = theta_a / theta_b. Fieller: all r with (theta_a - r theta_b)^2 <= t^2 (V_aa - 2 r V_ab +
#' r^2 V_bb), HC3. Share of a part: one Newton step from r with the judge weights best for it, and
#' the beta interval of [estimate_mean()] at n_b times the labelled share of the denominator.
#' @section Undefined when:
#' The denominator is not distinguishable from 0: Fieller's set is no interval and `NA` is
#' returned, with a warning. No labelled row counts in the denominator of a share: an error.
#' @references Fieller (1954), JRSS B 16.
#' @seealso [estimate_performance()] for precision and recall, [estimate_difference()].
#' @examples
#' set.seed(1)
#' tasks <- data.frame(solved_judge = rbinom(1000, 1, 0.6))
#' tasks$cost_judge <- rgamma(1000, 4) + 2 * tasks$solved_judge
#' tasks$solved <- ifelse(runif(1000) < 0.9, tasks$solved_judge, 1 - tasks$solved_judge)
#' tasks$cost <- tasks$cost_judge + rnorm(1000, 0, 0.3)
#' tasks[201:1000, c("solved", "cost")] <- NA
#' estimate_ratio(cost ~ cost_judge, solved ~ solved_judge, data = tasks,
#'                metric = "Cost per solved task")
#' @export
estimate_ratio <- function(formula, formula_b = NULL, data = NULL, ..., by = NULL, item = NULL,
                           over = NULL, strata = NULL, clusters = NULL, prob = NULL,
                           preset = c("recommended", "published"), power_tuning = NULL,
                           pool_strata = NULL, center = NULL, interval = NULL, conf_level = 0.95,
                           threads = NULL, metric = NULL, strata_weights = NULL,
                           lonely = c("error", "pool"), guard = c("robust", "verdict")) {
  call <- rlang::current_env()
  check_dots(...)
  preset <- match_choice(preset)
  lonely <- match_choice(lonely)
  guard <- match_choice(guard)
  if (is_lazy(data)) check_guard_of_rows(guard, "error", call)
  quosures <- list(strata = rlang::enquo(strata), clusters = rlang::enquo(clusters),
                   prob = rlang::enquo(prob), by = rlang::enquo(by), item = rlang::enquo(item))
  if (!is.null(interval)) {
    check_choice(interval, c("beta", "fieller", "t", "normal"), call = call)
  }
  design <- ratio_design(formula, formula_b, data, quosures, over, interval, call)
  settings <- pair_settings(
    design, list(power_tuning = power_tuning, pool_strata = pool_strata, center = center),
    list(preset = preset, strata_weights = strata_weights, conf_level = conf_level,
         lonely = lonely, guard = guard, threads = threads, metric = metric), " / ", call
  )
  share <- asks_share(design$part, interval, settings$verdict, call)
  fit <- if (share) fit_share(design, settings, call) else
    fit_two_systems(design, settings, "ratio", call)
  wanted <- interval %||% if (share) "beta" else "fieller"
  used <- resolve_interval(wanted, fit$inference, call)
  out <- build_pair_estimate(
    fit, used, design, settings, if (share) "Share of a part" else "Ratio of means",
    verdict_flags(settings, used, length(design$judges[[1]])), sys.call()
  )
  tell_unbounded_ratio(out, call)
  out
}

# Both means, and whether the first is a part of the second; a table is asked that first.
ratio_design <- function(formula, formula_b, data, quosures, over, interval, call) {
  wide <- rlang::is_formula(formula_b) && rlang::quo_is_null(quosures$by) && is.null(over)
  share <- is.null(interval) || interval == "beta"
  design <- if (is_lazy(data) && wide && share) {
    lazy_share(formula, formula_b, data, quosures, call)
  }
  if (!is.null(design)) return(design)
  design <- two_systems(formula, formula_b, data, quosures, over, call)
  design$part <- is_part(design)
  design
}

# Whether the answer is the share of a part, with the beta interval.
asks_share <- function(part, interval, verdict, call) {
  if (identical(interval, "beta") && !part) {
    abort_judicious(
      c("{.code interval = \"beta\"} is for the share of a part.",
        x = "That needs 0/1 labels of both on the same rows, the first never above the second.",
        i = "Use {.code interval = \"fieller\"}."),
      "undefined", arg = "interval", call = call
    )
  }
  share <- part && (is.null(interval) || interval == "beta")
  if (verdict && !share) {
    abort_no_effect("guard", "is about the {.val beta} interval of the share of a part", call)
  }
  share
}

tell_unbounded_ratio <- function(x, call) {
  if (x$interval != "fieller" || !is.na(x$conf_low)) return(invisible())
  warn_judicious(
    c("The denominator is not distinguishable from 0: the interval of the ratio is NA.",
      i = "Label more, or compare by {.fun estimate_difference}."),
    "undefined", call = call
  )
}

# --- the share of a part -------------------------------------------------------------------------

# 0/1 labels of both on the same rows, the first never above the second.
is_part <- function(design) {
  if (!isTRUE(design$wide) || !is.null(design$summary)) return(FALSE)
  n <- design$n / 2
  y <- column_values(design$y)
  a <- y[seq_len(n)]
  b <- y[n + seq_len(n)]
  if (!identical(is.na(a), is.na(b))) return(FALSE)
  a <- a[!is.na(a)]
  b <- b[!is.na(b)]
  all(a %in% c(0, 1)) && all(b %in% c(0, 1)) && all(a <= b)
}

# Two responses on the same rows, each with its own judges.
share_rows <- function(design) {
  n <- design$n / 2
  half <- function(column, k) {
    new_column(column_values(column)[(k - 1) * n + seq_len(n)], column$name)
  }
  codes <- function(groups) {
    if (!is.null(groups)) groups$codes <- groups$codes[seq_len(n)]
    groups
  }
  rows <- design
  rows$n <- n
  rows$y <- half(design$y, 1)
  rows$more_y <- list(half(design$y, 2))
  rows$proxies <- unlist(lapply(1:2, function(k) lapply(design$proxies, half, k)),
                         recursive = FALSE)
  rows["strata"] <- list(codes(design$strata))
  rows["clusters"] <- list(if (isTRUE(design$own_clusters)) codes(design$clusters))
  rows["prob"] <- list(if (!is.null(design$prob)) half(design$prob, 1))
  rows["by"] <- list(NULL)
  m <- length(design$proxies)
  rows$judges <- list(seq_len(m), m + seq_len(m))
  rows
}

fit_share <- function(design, settings, call) {
  rows <- if (is.null(design$summary)) share_rows(design) else design
  settings$clustered <- !is.null(rows$clusters)
  summary <- summarise_design(rows, settings$threads, call)
  check_identified(summary, call, if (settings$lonely_pool) "pool" else "error")
  targets <- new_targets(c(1L, 1L), 1:2, rows$judges)
  targets <- trust_verdicts(targets, rows, summary, settings, call)
  answers <- call_core(several_means_cpp(summary$numbers, settings, targets), call)
  tell_groups_not_random(answers, summary$judges, summary$known_prob, call, apart = FALSE)
  tell_pair_misreadings(design, summary, settings, call)
  fit <- call_core(several_pairs_cpp(summary$numbers, settings, targets, 1L, 2L, "share"),
                   call)[[1]]
  if (is.null(fit)) {
    abort_judicious(
      c("No labelled row counts in the denominator {.var {design$systems[2]}}.",
        i = "The ratio is not identified: label more rows."),
      "undefined", arg = "formula_b", call = call
    )
  }
  fit$used_judge <- any_weight(answers)
  fit$n_rows <- rows$n
  fit$n_clusters <- if (is.null(rows$clusters)) NA_real_ else rows$clusters$n
  fit
}
