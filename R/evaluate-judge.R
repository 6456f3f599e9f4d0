# One call from labels to all that a decision about a judge needs.

#' Evaluate judges against human labels
#'
#' @description
#' Puts together what a decision maker asks: the corrected rate and what it would have been naively,
#' whether it meets a target, how the judges compare with people, what it is in subgroups, and how
#' many further labels would buy how much precision. [report_judge()] makes a page of it.
#'
#' @details
#' All estimates follow the design: `strata`, `clusters` and `prob` as in [estimate_mean()].
#'
#' - **Verdict**: a claim is shown if the whole interval lies on its side of the target, that is, if
#'   the one-sided p-value is below half of `1 - conf_level`. `test` holds that p-value.
#' - **Judge alone** is the mean of the answers that the judge gave, with their interval; items
#'   without an answer never count. **Bias** is judge alone minus corrected. What the judge says is
#'   known, so that the interval of the bias is that of the corrected estimate, turned round.
#' - **Agreement** of a judge is the mean over the items of "says the same", estimated from the
#'   labelled items under the design. Cohen's kappa (percentile bootstrap), and sensitivity and
#'   specificity (exact intervals) of judges that say yes or no, treat labelled items as a simple
#'   random sample; they are left out where there are strata, clusters or `prob`.
#' - **Subgroups** have intervals that hold simultaneously (Bonferroni) and p-values adjusted by
#'   Holm's method, so that looking at many subgroups does not find differences by chance.
#' - **Precision**: [plan_annotation()] for half the present width.
#' - **Indeterminacy** needs several human ratings per item (`ratings`). With judgements, their
#'   judges are ranked by [rank_judges()].
#'
#' @param data A data frame, judgements from [as_judgments()], a run of [elicit_ratings()] or its
#'   folder, or the path of a log that [as_judgments()] reads.
#' @param formula The human labels and the judges, `human ~ judge`. Required for data frames;
#'   `NULL`: all judges of the judgements.
#' @param ... Further arguments of [estimate_mean()] for the estimates of the rate.
#' @param strata,clusters,prob The design, as in [estimate_mean()].
#' @param compare (expression) Systems or versions to put side by side, one per row: the difference
#'   comes first, from the joint fit of [estimate_groups()]. Answers to the same items are compared
#'   in pairs if `clusters` holds the ids of the items.
#' @param subgroups (expression) Groups of items to look at. Default: `strata`, if given.
#' @param target (number) The value that the rate is compared with, on the scale of the labels: 15%
#'   is 0.15.
#' @param alternative What would be good news: that the rate is `"less"` or `"greater"` than the
#'   target, or different (`"two.sided"`).
#' @param conf_level Level of the intervals.
#' @param range,metric As in [estimate_mean()].
#' @param question (string) What the numbers answer, in words.
#' @param human With a run or a log: human labels, as in [as_judgments()].
#' @param ratings Human ratings, several per item, from [as_ratings()].
#' @returns An object of class [`judicious_evaluation`][judicious_evaluation]: a list with
#'   `estimate` (a `judicious_estimate`), `comparison` (with the naive estimates), `test` (an
#'   `htest`, or `NULL` without a target), `glance`, `agreement`, `confusion` and `subgroups` (data
#'   frames), `plan` (a `judicious_plan`), `indeterminacy` (a list of `ratings` and `ranking`),
#'   `notes` (warnings that arose) and the arguments.
#' @section Errors: as [estimate_mean()]; `judicious_error_formula` if `formula` names no judge;
#'   `judicious_error_range` if `target` is no possible value of the metric.
#' @section Randomness: `set.seed()` governs the bootstrap intervals.
#' @examples
#' set.seed(1)
#' answers <- simulate_binary(1000, true_mean = 0.1, proxy_mean = 0.05, correlation = 0.6)
#' answers$human <- reveal_labels(answers$y_true, sample_uniform(1000, 200))
#' answers$topic <- rep(c("billing", "delivery"), 500)
#' evaluation <- evaluate_judge(answers, human ~ y_proxy, subgroups = topic, target = 0.15,
#'                              metric = "Hallucination rate")
#' evaluation
#' tidy(evaluation, type = "subgroups")
#' ggplot2::autoplot(evaluation)
#' @family reports
#' @export
evaluate_judge <- function(data, formula = NULL, ..., strata = NULL, clusters = NULL, prob = NULL,
                           subgroups = NULL, target = NULL,
                           alternative = c("less", "greater", "two.sided"), conf_level = 0.95,
                           range = NULL, metric = NULL, question = NULL, human = NULL,
                           ratings = NULL, compare = NULL) {
  call <- rlang::current_env()
  alternative <- match_choice(alternative)
  conf_level <- check_conf_level(conf_level)
  if (!is.null(target)) target <- check_number(target)
  if (!is.null(question)) question <- check_string(question)
  if (!is.null(ratings)) check_class(ratings, "judicious_ratings", "as_ratings()")
  quosures <- list(strata = rlang::enquo(strata), clusters = rlang::enquo(clusters),
                   prob = rlang::enquo(prob), subgroups = rlang::enquo(subgroups),
                   compare = rlang::enquo(compare))
  in_call_of(call, {
    source <- evaluated_data(data, human, call)
    formula <- formula %||% formula_of_judgments(source$judgments, call)
    frame <- evaluation_frame(source, formula, quosures, call)
    settings <- list(..., conf_level = conf_level, range = range,
                     metric = check_metric(metric, frame$label, call))
    parts <- evaluation_parts(frame, source, settings, target, alternative, ratings, call)
  })
  parts$estimate$call <- sys.call()
  structure(
    c(parts, list(question = question, target = target, alternative = alternative,
                  conf_level = conf_level, judges = frame$judges,
                  n_judged = sum(rowSums(!is.na(frame$answers)) > 0),
                  is_rate = all(frame$columns$.human %in% c(0, 1, NA)),
                  design = setdiff(names(frame$columns), frame$judges))),
    class = "judicious_evaluation"
  )
}

evaluation_parts <- function(frame, source, settings, target, alternative, ratings, call) {
  notes <- new_notes()
  notes$add(c(source$notes, frame$notes))
  fit <- notes$keep(frame$fit(settings))
  check_target(target, fit, call)
  comparison <- notes$keep(naive_estimates(frame, fit, settings))
  list(
    estimate = fit, comparison = comparison,
    test = if (!is.null(target)) test_mean(fit, target, alternative),
    glance = glance_frame(frame, source$judgments),
    agreement = notes$keep(judge_agreement(frame, fit, settings, comparison)),
    confusion = judge_confusion(frame),
    subgroups = subgroup_estimates(frame, fit, settings, target, alternative),
    compared = notes$keep(compared_systems(frame, settings)),
    plan = notes$keep(precision_plan(fit, target, alternative)),
    indeterminacy = notes$keep(indeterminacy(ratings, source$judgments)), notes = notes$all()
  )
}

# A target of 15 for a rate is 15%, and none that a rate can have.
check_target <- function(target, fit, call) {
  range <- fit$range
  if (is.null(target) || is.null(range) || target >= range[1] && target <= range[2]) return()
  percent <- identical(range, c(0, 1)) && target > 1 && target <= 100
  abort_judicious(
    c("{.arg target} must lie in the range of {.field {fit$metric}}, [{range[1]}, {range[2]}].",
      x = "It is {.val {target}}.",
      i = if (percent) "{target}% is {.code target = {format(target / 100)}}."),
    "range", arg = "target", call = call
  )
}

# Errors of the functions that do the work are errors of the call that the user made.
in_call_of <- function(call, code) {
  rlang::try_fetch(code, judicious_error = function(cnd) {
    cnd$call <- rlang::error_call(call)
    rlang::cnd_signal(cnd)
  })
}

# Warnings and messages of the parts are findings of the whole: each is told once, in the report.
new_notes <- function() {
  found <- character()
  list(
    keep = function(code) {
      withCallingHandlers(
        code,
        judicious_warning = function(cnd) {
          found <<- c(found, one_line(cnd))
          rlang::cnd_muffle(cnd)
        },
        judicious_message = function(cnd) {
          found <<- c(found, one_line(cnd))
          rlang::cnd_muffle(cnd)
        }
      )
    },
    add = function(more) found <<- c(found, more),
    all = function() unique(found)
  )
}

# The sentences of a condition, without the marks of its bullets.
one_line <- function(cnd) {
  said <- strsplit(cli::ansi_strip(conditionMessage(cnd)), "\n", fixed = TRUE)[[1]]
  said <- sub("^\\s*[ixv!*\u2139\u2716\u2714\u2022] ", "", said)
  gsub("\\s+", " ", trimws(paste(said, collapse = " ")))
}

# What cannot be computed is told, and the rest of the evaluation stands.
or_note <- function(code) {
  tryCatch(code, judicious_error = function(cnd) {
    inform_judicious(literal(one_line(cnd)), "skipped")
    NULL
  })
}

# --- data -----------------------------------------------------------------------

# Rows to estimate on, and the judgements they come from, if any.
evaluated_data <- function(data, human, call) {
  if (is.character(data) || inherits(data, "judicious_run")) {
    data <- as_judgments(data, human = human)
  } else if (!is.null(human)) {
    abort_judicious(c("{.arg human} is for runs and logs, which have no human labels.",
                      i = "Here they belong into {.arg data}."), "input", arg = "human",
                    call = call)
  }
  if (is_judgments(data)) {
    notes <- new_notes()
    wide <- notes$keep(design_frame(data))
    return(list(wide = wide, asked = widen(data, missing = "keep", call = call),
                judgments = data, notes = notes$all()))
  }
  check_not_lazy(data, "data", call)
  if (!is.data.frame(data)) {
    abort_judicious("{.arg data} must be a data frame, judgements or a run, not
                    {.obj_type_friendly {data}}.", "type", arg = "data", call = call)
  }
  list(wide = data)
}

formula_of_judgments <- function(judgments, call) {
  if (is.null(judgments)) {
    abort_judicious(c("{.arg formula} must name the human labels and the judges.",
                      i = "For example {.code human ~ judge}."),
                    "required", arg = "formula", call = call)
  }
  judge_formula("human", unique(judgments$judge))
}

judge_formula <- function(response, judges) {
  terms <- if (length(judges) > 0L) lapply(judges, as.name) else list(1)
  rlang::new_formula(as.name(response), Reduce(function(a, b) call("+", a, b), terms),
                     env = rlang::empty_env())
}

# Human labels, judges and design as plain columns under known names; `fit`: the estimate by the
# user's own names, so that it speaks of them; `answers`: what the judges said, NA where nothing.
evaluation_frame <- function(source, formula, quosures, call) {
  data <- source$wide
  check_data(data, call)
  quosures <- fill_labels_design(quosures, data, call)
  parsed <- function(data) {
    parse_design(formula, data, quosures$strata, quosures$clusters, quosures$prob, call)
  }
  design <- parsed(data)
  if (length(design$proxies) == 0L) {
    abort_judicious(c("{.arg formula} must name at least one judge.",
                      i = "For human labels alone use {.fn estimate_mean}."),
                    "formula", arg = "formula", call = call)
  }
  notes <- new_notes()
  notes$keep(tell_repeated_items(design, call))
  judges <- make.unique(vapply(design$proxies, `[[`, "", "name"))
  judged <- function(design) stats::setNames(lapply(design$proxies, column_values), judges)
  columns <- judged(design)
  answers <- if (is.null(source$asked)) columns else judged(parsed(source$asked))
  columns$.human <- column_values(design$y)
  for (part in c("strata", "clusters", "prob")) {
    columns[[paste0(".", part)]] <- eval_quosure(quosures[[part]], data, part, call)
  }
  groups <- eval_quosure(quosures$subgroups, data, "subgroups", call) %||% columns$.strata
  if (is.data.frame(groups)) groups <- do.call(paste, c(unname(groups), sep = " / "))
  if (!is.null(groups)) {
    check_length(groups, design$n, arg = "subgroups", n_arg = "row", call = call)
  }
  systems <- eval_quosure(quosures$compare, data, "compare", call)
  if (!is.null(systems)) {
    check_length(systems, design$n, arg = "compare", n_arg = "row", call = call)
  }
  n <- as.integer(design$n)
  list(columns = vctrs::new_data_frame(columns, n = n),
       answers = vctrs::new_data_frame(lapply(answers, as.double), n = n), judges = judges,
       subgroups = groups, systems = systems, label = design$label,
       fit = fit_as_named(formula, data, quosures),
       notes = notes$all())
}

fit_as_named <- function(formula, data, quosures) {
  design <- Filter(Negate(rlang::quo_is_null), quosures[c("strata", "clusters", "prob")])
  function(settings) {
    rlang::inject(estimate_mean(formula, data, !!!design, !!!settings))
  }
}

# estimate_mean() on the frame's columns; `rows`: all, or those of a subgroup.
estimate_frame <- function(frame, judges, settings, response = ".human", prob = TRUE,
                           rows = NULL) {
  data <- if (is.null(rows)) frame$columns else vctrs::vec_slice(frame$columns, rows)
  several <- !is.null(data$.strata) && vctrs::vec_unique_count(data$.strata) > 1L
  design <- list(
    strata = if (several) quote(.strata), clusters = if (!is.null(data$.clusters)) quote(.clusters),
    prob = if (prob && !is.null(data$.prob)) quote(.prob)
  )
  settings <- settings[!names(settings) %in% useless_settings(judges, design)]
  rlang::inject(estimate_mean(!!judge_formula(response, judges), data,
                              !!!Filter(Negate(is.null), design), !!!settings))
}

# What was set for the whole and cannot matter for a part without judges, strata or prob.
useless_settings <- function(judges, design) {
  c(
    if (length(judges) == 0L) c("power_tuning", "missing_judge", "guard"),
    if (is.null(design$strata)) c("pool_strata", "lonely", "strata_weights"),
    if (is.null(design$prob)) c("center", "guard")
  )
}
