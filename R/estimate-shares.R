# Shares of categories.

# A design whose labels and judges are as they come: factors of any number of levels.
raw_design <- function(formula, data, strata, clusters, prob, call, lazy = FALSE) {
  if (lazy && is_lazy(data)) {
    return(lazy_raw(formula, data, list(strata = strata, clusters = clusters, prob = prob), call))
  }
  check_data(data, call)
  if (is_judgments(data)) data <- design_frame(data, call)
  roles <- labels_design(data, list(strata = strata, clusters = clusters, prob = prob), call)
  terms <- formula_terms(formula, data, roles, call)
  y <- eval_variable(terms$response, terms, call)
  label <- rlang::as_label(terms$response)
  if (!is.atomic(y) || !is.null(dim(y)) || is.null(y)) {
    abort_judicious("{.var {label}} must be one vector, not {.obj_type_friendly {y}}.", "type",
                    arg = label, call = call)
  }
  names <- vapply(terms$judges, rlang::as_label, "")
  judges <- Map(function(expr, name) {
    x <- eval_variable(expr, terms, call)
    if (is.atomic(x) && is.null(dim(x)) && !is.null(x)) return(x)
    abort_judicious("The judge {.var {name}} must be one vector here, not
                    {.obj_type_friendly {x}}.", "type", arg = name, call = call)
  }, terms$judges, names)
  n <- if (is.null(data)) length(y) else nrow(data)
  if (n == 0) abort_judicious("There are no rows: {.var {label}} is empty.", "empty", call = call)
  if (length(y) != n) {
    abort_judicious("{.var {label}} must have one element per row ({n}), not {length(y)}.",
                    "length", arg = label, call = call)
  }
  list(
    n = n, y = y, judges = stats::setNames(judges, names), label = label,
    formula = paste(deparse(formula), collapse = " "), data = data,
    terms = c(list(formula = formula), roles),
    strata = as_groups(eval_quosure(roles$strata, data, "strata", call), n, TRUE, "strata", call),
    clusters = as_groups(eval_quosure(roles$clusters, data, "clusters", call), n, FALSE, "clusters",
                         call),
    prob = raw_prob(eval_quosure(roles$prob, data, "prob", call), n, call)
  )
}

raw_prob <- function(prob, n, call) {
  column <- prob_column(prob, call)
  if (!is.null(column) && column_length(column) != n) {
    abort_judicious("{.arg prob} must have one element per row ({n}), not {column_length(column)}.",
                    "length", arg = "prob", call = call)
  }
  column
}

#' Estimate the shares of categories
#'
#' @description
#' For labels of several categories (kinds of error, reasons of refusal): the share of each, with a
#' joint covariance. The judge may use the same categories or others.
#'
#' @inheritParams estimate_mean
#' @param formula `human ~ judge`; labels are a factor or strings, judges factors, strings or
#'   numbers.
#' @return A table of class [judicious_estimates], one row per category. `autoplot(type = "bar")`
#'   draws the shares as one stacked bar.
#' @section Formula:
#' Each category is a mean of 0/1 labels with all of the judge's categories but one as judges. As
#' all shares have the same judges, the estimates sum to 1 and the rows of `vcov(type = "plain")`
#' to 0. Estimates outside \[0, 1\] are shown clipped; they are not rescaled.
#' @section Undefined when:
#' as [estimate_mean()].
#' @examples
#' set.seed(1)
#' kind <- sample(c("none", "format", "fact"), 2000, TRUE, c(0.7, 0.2, 0.1))
#' replies <- data.frame(judge = ifelse(runif(2000) < 0.8, kind, "none"))
#' replies$human <- factor(ifelse(seq_len(2000) <= 200, kind, NA), c("none", "format", "fact"))
#' shares <- estimate_shares(human ~ judge, replies)
#' shares
#' ggplot2::autoplot(shares, type = "bar")
#' @export
estimate_shares <- function(formula, data = NULL, ..., strata = NULL, clusters = NULL, prob = NULL,
                            estimand = c("rows", "clusters"),
                            preset = c("recommended", "published"), power_tuning = NULL,
                            pool_strata = NULL, center = NULL, interval = NULL, conf_level = 0.95,
                            threads = NULL, metric = NULL, strata_weights = NULL,
                            lonely = c("error", "pool"), guard = c("robust", "verdict")) {
  call <- rlang::current_env()
  check_dots(...)
  preset <- match_choice(preset)
  estimand <- match_choice(estimand)
  lonely <- match_choice(lonely)
  guard <- match_choice(guard)
  if (is_lazy(data)) check_guard_of_rows(guard, "error", call)
  raw <- raw_design(formula, data, rlang::enquo(strata), rlang::enquo(clusters),
                    rlang::enquo(prob), call, lazy = TRUE)
  labels <- category_codes(raw$y, raw$label, call)
  design <- shares_design(raw, labels, call)
  settings <- several_settings(
    design, length(design$proxies),
    list(power_tuning = power_tuning, pool_strata = pool_strata, center = center,
         interval = interval),
    list(preset = preset, estimand = estimand, strata_weights = strata_weights,
         conf_level = conf_level, guard = guard, lonely = lonely, range = NULL, threads = threads,
         metric = metric %||% paste("Share of", raw$label)), call
  )
  fit <- fit_shares(design, length(labels$levels), settings, lonely, call)
  tell_category_misreadings(raw, labels, fit$summary, settings, call)
  quantities <- Map(function(level, answer) {
    new_quantity(level, answer, settings$interval, raw$n)
  }, labels$levels, fit$answers)
  new_judicious_estimates(
    quantities = quantities,
    flags = verdict_flags(settings, intervals_of(quantities), length(raw$judges)),
    what = "category", by = NULL, settings = settings, formula = raw$formula,
    title = settings$metric, judges = names(raw$judges),
    method = method_name(utils::modifyList(raw, list(proxies = raw$judges)), settings,
                         any_weight(fit$answers)),
    joint = list(numbers = fit$summary$numbers, targets = fit$targets), call = sys.call()
  )
}

# The share of every level, in one joint fit, a response each.
fit_shares <- function(design, n_levels, settings, lonely, call) {
  summary <- summarise_design(design, settings$threads, call)
  check_identified(summary, call, lonely)
  check_mixed_clusters(summary, settings, call)
  targets <- new_targets(rep(1L, n_levels), seq_len(n_levels), seq_along(design$proxies))
  targets <- trust_verdicts(targets, design, summary, settings, call)
  answers <- call_core(several_means_cpp(summary$numbers, settings, targets), call)
  tell_groups_not_random(answers[1], summary$judges, summary$known_prob, call)
  list(summary = summary, targets = targets, answers = answers)
}

# Judges of other categories cannot be reversed; the rest is as of a mean.
tell_category_misreadings <- function(raw, labels, summary, settings, call) {
  if (is.null(raw$asked)) {
    design <- raw_as_design(raw, labels$codes)
    core <- whole_core(summary, settings)
    tell_weights(design, core, call)
    tell_all_labelled(design, core, NULL, call)
    tell_repeated_items(design, call)
  }
  said <- unlist(lapply(raw$judges, function(x) if (!is.numeric(x)) as.character(unique(x))))
  warn_alike(unique(c(labels$levels, said)), raw$label, call)
}

# As if its labels were numbers: what the complaints ask of a parsed design.
raw_as_design <- function(raw, codes, judges = lapply(raw$judges, as.factor)) {
  design <- raw
  design$y <- new_column(as.double(codes), raw$label)
  design$proxies <- unname(Map(function(x, name) {
    new_column(x, name, shift = if (is.factor(x)) 1L else 0L)
  }, judges, names(judges)))
  design
}

# A level that stands for "unlabelled" would be a category.
check_category_codes <- function(y, name, call) {
  code <- levels(y)[is_missing_word(levels(y))]
  if (length(code) == 0L || !any(y %in% code)) return(invisible())
  abort_judicious(
    c("The level {.val {code[1]}} of {.var {name}} looks like a code for {.val unlabelled}.",
      x = "It would count as a category ({sum(y %in% code[1])} rows).",
      i = literal(paste0("Make it missing: `replace(", name, ", ", name, " == \"", code[1],
                         "\", NA)`."))),
    "unlabelled_code", arg = name, call = call
  )
}

category_codes <- function(y, name, call) {
  if (is.character(y) || is.logical(y)) y <- factor(y)
  if (!is.factor(y)) {
    abort_judicious(
      c("{.var {name}} must be a factor or strings.", x = "It is {.obj_type_friendly {y}}.",
        i = "For a mean of numbers use {.fun estimate_mean}; make numbered categories a factor."),
      "type", arg = name, call = call
    )
  }
  check_category_codes(y, name, call)
  if (nlevels(y) < 2L) {
    abort_judicious(
      c("{.var {name}} must have two categories at least.",
        i = "Make it a factor with all categories that are possible."),
      "type", arg = name, call = call
    )
  }
  list(codes = as.integer(y), levels = levels(y))
}

shares_design <- function(raw, labels, call) {
  if (!is.null(raw$asked)) return(lazy_shares(raw, labels, call))
  indicators <- function(codes, which, name) {
    lapply(which, function(k) c(new_column(codes, name), list(indicator = k)))
  }
  y <- indicators(labels$codes, seq_along(labels$levels), raw$label)
  proxies <- Map(function(x, name) {
    if (length(x) != raw$n) {
      abort_judicious("{.var {name}} must have one element per row ({raw$n}), not {length(x)}.",
                      "length", arg = name, call = call)
    }
    if (is.numeric(x)) return(list(new_column(as_plain_numbers(x, name, call), name)))
    x <- factor(x)
    if (anyNA(x)) {
      abort_first(is.na(x), as.character(x), name,
                  "is a judge and must have a value in every row", "finite", call,
                  if (!anyNA(raw$y)) missing_judge_hint(name, swapped = TRUE))
    }
    Map(function(column, level) utils::modifyList(column, list(name = paste0(name, level))),
        indicators(as.integer(x), seq_len(nlevels(x) - 1L), name), levels(x)[-nlevels(x)])
  }, raw$judges, names(raw$judges))
  design <- raw[c("n", "label", "formula", "strata", "clusters", "prob")]
  c(design, list(y = y[[1]], more_y = y[-1],
                 proxies = unname(unlist(unname(proxies), recursive = FALSE)) %||% list()))
}
