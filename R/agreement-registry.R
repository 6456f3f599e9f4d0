# One row per agreement metric on ratings: how each side is aggregated ("p" is the
# probability that a response set is positive), which values are better, whether a
# threshold matters, whether invalid answers leave bounds.
agreement_registry <- (function() {
  row <- function(metric, title, human_agg, judge_agg, better, uses_tau = FALSE, bounds = TRUE) {
    data.frame(metric, title, human_agg, judge_agg, better, uses_tau, bounds)
  }
  rbind(
    row("mse_srs", "MSE srs/srs", "srs", "srs", "lower"),
    row("mse_hrs", "MSE hrs/hrs", "hrs", "hrs", "lower", uses_tau = TRUE),
    row("mse_s", "MSE s/s", "s", "s", "lower"),
    row("mse_h", "MSE h/h", "h", "h", "lower"),
    row("coverage", "Coverage", "hrs", "h", "higher", uses_tau = TRUE),
    row("coverage_srs", "Coverage, soft", "srs", "h", "higher"),
    row("js_divergence", "JS divergence", "s", "s", "lower", bounds = FALSE),
    row("js_distance", "JS distance", "s", "s", "lower", bounds = FALSE),
    row("kl_human_judge", "KL human || judge", "s", "s", "lower", bounds = FALSE),
    row("kl_judge_human", "KL judge || human", "s", "s", "lower", bounds = FALSE),
    row("cross_entropy_human_judge", "Cross-entropy human, judge", "s", "s", "lower",
        bounds = FALSE),
    row("cross_entropy_judge_human", "Cross-entropy judge, human", "s", "s", "lower",
        bounds = FALSE),
    row("hit_rate", "Hit rate", "h", "h", "higher"),
    row("cohen_kappa", "Cohen's kappa", "h", "h", "higher", bounds = FALSE),
    row("fleiss_kappa", "Fleiss' kappa", "h", "h", "higher", bounds = FALSE),
    row("krippendorff_alpha", "Krippendorff's alpha", "h", "h", "higher", bounds = FALSE),
    row("consistency", "Decision consistency", "p", "p", "higher", uses_tau = TRUE),
    row("bias", "Estimation bias", "p", "p", "zero", uses_tau = TRUE),
    row("bias_abs", "Absolute estimation bias", "p", "p", "lower", uses_tau = TRUE),
    row("bias_squared", "Squared estimation bias", "p", "p", "lower", uses_tau = TRUE)
  )
})()

metric_rows <- function(metrics) {
  agreement_registry[match(metrics, agreement_registry$metric), ]
}

metric_title <- function(metrics) metric_rows(metrics)$title

# Metrics need choices, response sets or decisions, of one side or both.
uses_sets <- function(metrics) {
  rows <- metric_rows(metrics)
  rows$human_agg %in% c("srs", "hrs", "p") | rows$judge_agg %in% c("srs", "hrs", "p")
}

check_metrics <- function(metrics, arg, call) {
  known <- agreement_registry$metric
  if (!is.character(metrics) || length(metrics) == 0L || anyNA(match(metrics, known))) {
    bad <- if (is.character(metrics)) metrics[is.na(match(metrics, known))]
    near <- if (length(bad) > 0L && !is.na(bad[1])) utils::head(nearest_names(bad[1], known), 1)
    abort_judicious(
      c("{.arg {arg}} must be one of {.or {.val {known}}}.",
        x = if (length(bad) > 0L) "There is no {.val {bad[1]}}.",
        i = if (length(near) > 0L) "Did you mean {.val {near}}?"),
      "choice", arg = arg, call = call
    )
  }
  unique(metrics)
}
