# Several quantities of one summary: what the doors to them share, from a design to rows of a
# judicious_estimates. Every row has the inference that one mean has.

# Knobs and options as estimate_mean() has them; `n_judges` help each quantity.
several_settings <- function(design, n_judges, given, options, call) {
  check_estimand(options$estimand, design, call)
  if (!is.null(options$guard)) check_guard(options$guard, design, call)
  conf_level <- check_conf_level(options$conf_level, arg = "conf_level", call = call)
  interval <- given$interval
  if (!is.null(interval)) {
    known <- options$intervals %||% setdiff(interval_types, "bootstrap")
    check_choice(interval, known, arg = "interval", call = call)
  }
  knobs <- estimate_settings(options$preset, given[names(given) != "interval"], n_judges, design,
                             call)
  if (!is.null(interval)) knobs$interval <- interval
  check_effects(c(names(Filter(function(x) !is.null(x), given)),
                  if (identical(options$lonely, "pool")) "lonely",
                  if (identical(options$guard, "verdict")) "guard"), design, knobs$interval, call)
  c(knobs, list(
    preset = options$preset, estimand = options$estimand, finite = FALSE,
    lonely_pool = identical(options$lonely, "pool"), skew = FALSE, third_moments = FALSE,
    verdict = identical(options$guard, "verdict"),
    published = options$preset == "published", bca = FALSE, range = options$range,
    weights = check_strata_weights(options$strata_weights, design$strata, call),
    threads = check_threads(options$threads, call),
    conf_level = conf_level, metric = options$metric
  ))
}

# list(group, response, judges), counted from 1: what is estimated, each with its own judges.
new_targets <- function(group, response = rep(1L, length(group)), judges) {
  if (!is.list(judges)) judges <- rep(list(as.integer(judges)), length(group))
  list(group = as.integer(group), response = as.integer(response), judges = judges)
}

n_targets <- function(targets) length(targets$group)

# guard = "verdict": the rows of `design`, whose judges are those of the summary, are asked how
# often each verdict was drawn. Every later question about the targets has the answer with it.
# `also`: columns that tell verdicts apart beside the judges.
trust_verdicts <- function(targets, design, summary, settings, call, also = list()) {
  if (!settings$verdict) return(targets)
  n <- length(design$proxies)
  design$proxies <- c(design$proxies, also)
  targets$lowest <- call_core(lowest_probs_cpp(design, summary$numbers, settings, targets,
                                               n + seq_along(also)), call)
  targets
}

# Told where an interval rests on it.
verdict_flags <- function(settings, intervals, n_judges, what = verdict_of(n_judges)) {
  if (settings$verdict && any(intervals %in% c("beta", "wilson", "mover"))) verdict_flag(what)
}

# Whether any judge has a weight in any answer.
any_weight <- function(answers) any(vapply(answers, function(a) any(a$lambda != 0), NA))

subset_targets <- function(targets, at) lapply(targets, `[`, at)

# --- rows ----------------------------------------------------------------------------------------

# One quantity: its name, its inference with and without the judges, and the interval that fits.
# `map` is a monotone function of it that is reported ("f1": twice the odds-like x / (1 + x)).
new_quantity <- function(term, answer, wanted, n_rows, map = "none", note = NA_character_) {
  inference <- answer$inference
  used <- resolve_interval_cpp(wanted, inference)
  if (is.na(note) && !(inference$variance > 0) && used != "exact") {
    note <- if (used == "none") "labels do not vary: no interval" else "labels do not vary"
  }
  list(term = term, inference = inference, without_judges = answer$without_judges,
       interval = used, n_rows = n_rows, map = map, note = note, lambda = answer$lambda)
}

# What cannot be estimated stays in the table, with the reason.
undefined_quantity <- function(term, n_true, n_rows, range, note) {
  list(term = term, inference = NULL, interval = "none", n_true = n_true, n_rows = n_rows,
       range = range, map = "none", note = note)
}

quantity_maps <- list(none = identity, f1 = function(x) 2 * x / (1 + x))
quantity_slopes <- list(none = function(x) 1, f1 = function(x) 2 / (1 + x)^2)

# Estimate, standard error, bounds and effective size at a level.
quantity_answer <- function(quantity, level) {
  if (!is.null(quantity$curve)) return(quantile_answer(quantity, level))
  if (is.null(quantity$inference)) {
    return(list(estimate = NA_real_, std_error = NA_real_,
                bounds = quantity$range %||% c(NA_real_, NA_real_), n_effective = NA_real_))
  }
  answer <- infer_cpp(quantity$interval, quantity$inference, level)
  map <- quantity_maps[[quantity$map]]
  slope <- quantity_slopes[[quantity$map]](answer$estimate)
  answer$std_error <- answer$std_error * slope
  answer$estimate <- map(answer$estimate)
  answer$bounds <- map(answer$bounds)
  answer$bounds[is.nan(answer$bounds)] <- NA_real_
  answer$n_effective <- capped_size(answer$n_effective, quantity$inference, quantity$n_rows)
  answer
}

# As of one mean, no more than there are rows.
capped_size <- function(size, inference, n_rows) {
  if (is.na(size) || inference$as_published) size else min(size, n_rows)
}

quantity_number <- function(quantities, field, default = NA_real_) {
  vapply(quantities, function(q) {
    as.double(if (is.null(q$inference)) q[[field]] %||% default else q$inference[[field]])
  }, 0, USE.NAMES = FALSE)
}

quantity_terms <- function(quantities) unname(vapply(quantities, function(q) q$term, ""))

# --- joint covariance ----------------------------------------------------------------------------

# Of the targets, by kind; NULL where nothing joint is known.
joint_vcov <- function(x, kind, call = rlang::caller_env()) {
  if (is.null(x$joint)) {
    abort_judicious("The covariance of these estimates is not known: {x$no_joint}", "undefined",
                    arg = "object", call = call)
  }
  if (!is.null(x$joint$vcov)) return(x$joint$vcov[[kind]][x$joint$at, x$joint$at, drop = FALSE])
  v <- call_core(several_vcov_cpp(x$joint$numbers, x$settings, x$joint$targets), call)[[kind]]
  gradient <- x$joint$gradient
  if (is.null(gradient)) v else gradient %*% v %*% t(gradient)
}

# The covariance behind the intervals that are shown.
vcov_kind <- function(x) {
  intervals <- vapply(x$quantities, function(q) q$interval, "")
  if (all(intervals == "t")) "hc3" else if (all(intervals == "normal")) "plain" else "hc2"
}

# --- intervals that hold together ----------------------------------------------------------------

# The more estimates, the steeper the tail: as exact with fewer draws.
max_t_draws <- function(n) if (n <= 200) 100000 else 30000

# Critical value of max |t| and the draws behind it; estimates without variance are left out.
max_t <- function(covariance, df, level, threads = 1L) {
  max_t_of(max_t_cpp(covariance, df, max_t_draws(nrow(covariance)), threads), df, level)
}

max_t_of <- function(draws, df, level) {
  draws <- sort(draws)
  list(critical = unname(stats::quantile(draws, level, type = 1)), draws = draws, df = df)
}

# The level at which every interval on its own is as wide as the family needs it.
family_level <- function(max_t, level, df = max_t$df) {
  pmax(1 - 2 * stats::pt(max_t$critical, df, lower.tail = FALSE), level)
}

# Single-step adjusted p-values: the chance that the largest |t| is as large as this p-value's.
adjust_p <- function(p, max_t) {
  t <- stats::qt(p / 2, max_t$df, lower.tail = FALSE)
  beyond <- 1 - findInterval(t, max_t$draws, left.open = TRUE) / length(max_t$draws)
  pmin(pmax(p, beyond), 1)
}
