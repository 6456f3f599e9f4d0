# What an evaluation says beyond the rate: naive estimates, agreement, subgroups, precision.

# Each judge and the human labels alone, beside the corrected estimate. A judge speaks by the
# answers that it gave; where it gave none it does not speak.
naive_estimates <- function(frame, fit, settings) {
  settings <- settings[setdiff(names(settings), c("power_tuning", "missing_judge"))]
  alone <- lapply(frame$judges, function(judge) {
    said <- frame$columns[[judge]] <- frame$answers[[judge]]
    # On the scale of the human labels, if it is the judge's, too.
    if (!is.null(fit$range) &&
          all(said >= fit$range[1] & said <= fit$range[2], na.rm = TRUE)) {
      settings$range <- fit$range
    }
    or_note(estimate_frame(frame, NULL, settings, response = judge, prob = FALSE))
  })
  names(alone) <- paste(frame$judges, "alone")
  fits <- c(alone, list("Human labels alone" = estimate_frame(frame, NULL, settings),
                        "Corrected" = fit))
  fits <- Filter(Negate(is.null), fits)
  comparison <- compare_fits(fits, names(fits))
  attr(comparison, "judge_alone") <- names(fits) %in% names(alone)
  comparison
}

glance_frame <- function(frame, judgments) {
  columns <- frame$columns
  known <- !is.na(columns$.human)
  facts <- list(
    Items = nrow(columns), "Labelled by people" = sum(known), Judges = length(frame$judges),
    "Items that some judge did not answer" = count_or_null(rowSums(is.na(frame$answers)) > 0),
    Strata = if (!is.null(columns$.strata)) vctrs::vec_unique_count(columns$.strata),
    Clusters = if (!is.null(columns$.clusters)) vctrs::vec_unique_count(columns$.clusters),
    "Clusters with labels" = if (!is.null(columns$.clusters)) {
      vctrs::vec_unique_count(vctrs::vec_slice(columns$.clusters, known))
    },
    "Answers of judges" = if (!is.null(judgments)) nrow(judgments),
    "Answers without a readable label" = if (!is.null(judgments)) sum(judgments$status != "ok")
  )
  facts <- Filter(Negate(is.null), facts)
  result_frame(what = names(facts), n = as.double(unlist(facts)))
}

count_or_null <- function(condition) if (any(condition)) sum(condition)

# --- judges against people ----------------------------------------------------------

# One row per judge and number. What the design permits: see the details of evaluate_judge().
judge_agreement <- function(frame, fit, settings, comparison) {
  simple <- is.null(frame$columns$.strata) && is.null(frame$columns$.clusters) &&
    is.null(frame$columns$.prob)
  rows <- lapply(frame$judges, function(judge) {
    human <- frame$columns$.human
    said <- frame$answers[[judge]]
    known <- which(!is.na(human) & !is.na(said))
    if (length(known) < 2L) return(NULL)
    discrete <- all(said[known] %in% human[known]) && length(unique(human[known])) <= 8L
    binary <- all(c(human[known], said[known]) %in% c(0, 1))
    parts <- list(
      if (discrete) mean_row("agreement", human == said, frame, settings, c(0, 1)),
      bias_row(judge, comparison, fit),
      if (simple && discrete) kappa_row(human[known], said[known], settings$conf_level),
      if (simple && binary) share_row("sensitivity", said[known] == 1, human[known] == 1,
                                      settings$conf_level),
      if (simple && binary) share_row("specificity", said[known] == 0, human[known] == 0,
                                      settings$conf_level)
    )
    vctrs::vec_cbind(judge = judge, vctrs::vec_rbind(!!!parts))
  })
  new_evaluation_part(vctrs::vec_rbind(!!!rows), "agreement", fit)
}

# How far what a judge says alone is from the corrected number. What it says is known; all doubt is
# that of the correction, so that the three add up.
bias_row <- function(judge, comparison, fit) {
  alone <- comparison$estimate[comparison$label == paste(judge, "alone")]
  if (length(alone) != 1L) return(NULL)
  number_row("bias", alone - fit$estimate, alone - fit$conf_high, alone - fit$conf_low, fit$n_true)
}

number_row <- function(term, estimate, low, high, n) {
  vctrs::data_frame(term = term, estimate = estimate, conf.low = low, conf.high = high, n = n)
}

# A mean over items of what is known for those with a label, under the design.
mean_row <- function(term, values, frame, settings, range) {
  frame$columns$.value <- as.double(values)
  shared <- settings[intersect(names(settings), c("conf_level", "estimand", "population",
                                                  "lonely", "strata_weights"))]
  fit <- or_note(
    estimate_frame(frame, NULL, c(shared, list(range = range)), response = ".value")
  )
  if (is.null(fit)) return(NULL)
  number_row(term, fit$estimate, fit$conf_low, fit$conf_high, fit$n_true)
}

kappa_row <- function(human, said, conf_level) {
  kappa <- agree_cohen_kappa(human, said, conf_level = conf_level)
  number_row("kappa", kappa$estimate, kappa$conf_low, kappa$conf_high, length(human))
}

# The share of hits among items, with an exact interval.
share_row <- function(term, hit, among, conf_level) {
  n <- sum(among)
  if (n == 0L) return(NULL)
  exact <- exact_share(sum(hit & among), n, conf_level)
  number_row(term, exact$share, exact$low, exact$high, n)
}

# Counts of what people and a judge said about the labelled items, one row per judge and cell.
judge_confusion <- function(frame) {
  human <- frame$columns$.human
  rows <- lapply(frame$judges, function(judge) {
    said <- frame$answers[[judge]]
    known <- !is.na(human) & !is.na(said)
    if (!any(known) || max(length(unique(human[known])), length(unique(said[known]))) > 8L) {
      return(NULL)
    }
    counts <- table(human = human[known], judge = said[known])
    cells <- as.data.frame(counts, stringsAsFactors = FALSE)
    vctrs::data_frame(judge = judge, human = as.double(cells$human), said = as.double(cells$judge),
                      n = cells$Freq, share = cells$Freq / unname(rowSums(counts)[cells$human]))
  })
  out <- vctrs::vec_rbind(!!!rows)
  if (length(out) > 0L) result_frame(!!!out)
}

# --- subgroups ----------------------------------------------------------------------

# One row per subgroup; intervals hold simultaneously, p-values are adjusted.
subgroup_estimates <- function(frame, fit, settings, target, alternative) {
  if (is.null(frame$subgroups)) return(NULL)
  groups <- vctrs::vec_group_loc(frame$subgroups)
  settings$strata_weights <- NULL # those of the whole
  rows <- lapply(groups$loc, function(loc) {
    subgroup_row(frame, settings, nrow(groups), loc, target, alternative)
  })
  out <- vctrs::vec_cbind(vctrs::data_frame(subgroup = as.character(groups$key)),
                          vctrs::vec_rbind(!!!rows))
  out$p.value <- stats::p.adjust(out$p.value, "holm")
  new_evaluation_part(vctrs::vec_slice(out, order(out$subgroup)), "subgroups", fit, target)
}

# Too few labels in a subgroup are a finding, not an error. What the whole is warned of need not be
# told again of every part.
subgroup_row <- function(frame, settings, n_groups, loc, target, alternative) {
  row <- vctrs::data_frame(
    n_items = length(loc), n_true = sum(!is.na(frame$columns$.human[loc])), estimate = NA_real_,
    conf.low = NA_real_, conf.high = NA_real_, p.value = NA_real_, note = NA_character_
  )
  fit <- rlang::try_fetch(
    new_notes()$keep(estimate_frame(frame, frame$judges, settings, rows = loc)),
    judicious_error = function(cnd) first_line(cli::ansi_strip(conditionMessage(cnd)))
  )
  if (is.character(fit)) {
    row$note <- fit
    return(row)
  }
  bounds <- tidy(fit, conf_level = 1 - (1 - settings$conf_level) / n_groups)
  row[c("estimate", "conf.low", "conf.high")] <- list(fit$estimate, bounds$conf.low,
                                                      bounds$conf.high)
  if (!is.null(target)) row$p.value <- test_mean(fit, target, alternative)$p.value
  row
}

# --- precision and indeterminacy ----------------------------------------------------

# What more labels buy: for half the width, or by number where that is out of reach.
precision_plan <- function(fit, target, alternative) {
  width <- (fit$conf_high - fit$conf_low) / 2
  plan <- function(...) plan_annotation(fit, ..., mu = target, alternative = alternative)
  or_note(tryCatch(plan(width = width), judicious_error_unreachable = function(cnd) plan()))
}

indeterminacy <- function(ratings, judgments) {
  if (is.null(ratings)) return(NULL)
  ranking <- if (!is.null(judgments)) {
    or_note(rank_judges(ratings, as_ratings(judgments, task = ratings$task)))
  }
  list(ratings = ratings, ranking = ranking)
}
