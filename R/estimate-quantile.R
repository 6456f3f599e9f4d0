# Quantiles by inversion of the distribution function.

#' Estimate quantiles
#'
#' @description
#' The median of human scores, or what 9 in 10 stay below, from few labels and a judge's score for
#' every row.
#'
#' @inheritParams estimate_mean
#' @param probs Which quantiles, each strictly between 0 and 1.
#' @return A table of class [judicious_estimates], one row per quantile; `std.error` is `NA`: the
#'   interval is not made from one.
#' @section Formula:
#' F(t) is the mean of "label <= t" with the judge's "score <= t", at every label and score t, each
#' with its own judge weight. The estimate is the first t whose F, made monotone, reaches q; the
#' interval holds all t whose beta interval of F(t) holds q, its upper end moved to the next value.
#' With more than 2,000 different values F is computed on 200 of them, and then near the estimate
#' and both ends more and more closely, in the end on every value.
#' @section Undefined when:
#' as [estimate_mean()]. An end is `-Inf` or `Inf` where the labels do not bound it (outer quantiles
#' with few labels).
#' @references Angelopoulos et al. (2023), Prediction-powered inference, arXiv:2301.09633. Korn and
#'   Graubard (1998), Survey Methodology 24.
#' @examples
#' set.seed(1)
#' scores <- simulate_gaussian(1000, true_mean = 5, true_sd = 2, proxy_mean = 4, proxy_sd = 2,
#'                             correlation = 0.8)
#' scores$human <- reveal_labels(scores$y_true, sample_uniform(1000, 100))
#' estimate_quantile(human ~ y_proxy, scores, probs = c(0.5, 0.9))
#' @export
estimate_quantile <- function(formula, data = NULL, ..., probs = 0.5, strata = NULL,
                              clusters = NULL, prob = NULL, estimand = c("rows", "clusters"),
                              preset = c("recommended", "published"), power_tuning = NULL,
                              pool_strata = NULL, center = NULL, interval = NULL,
                              conf_level = 0.95, range = NULL, threads = NULL, metric = NULL,
                              strata_weights = NULL, lonely = c("error", "pool"),
                              guard = c("robust", "verdict")) {
  call <- rlang::current_env()
  check_dots(...)
  preset <- match_choice(preset)
  estimand <- match_choice(estimand)
  lonely <- match_choice(lonely)
  guard <- match_choice(guard)
  range <- check_range(range, call)
  probs <- check_probs(probs, call)
  if (!is.null(interval)) {
    check_choice(interval, c("beta", "wilson", "t", "normal"), call = call)
  }
  if (is_lazy(data)) check_guard_of_rows(guard, "error", call)
  quosures <- list(strata = rlang::enquo(strata), clusters = rlang::enquo(clusters),
                   prob = rlang::enquo(prob))
  source <- (if (is_lazy(data)) lazy_values else memory_values)(formula, data, quosures, call)
  design <- source$design
  settings <- several_settings(
    design, length(design$proxies),
    list(power_tuning = power_tuning %||% published_quantile_tuning(preset, design),
         pool_strata = pool_strata, center = center),
    list(preset = preset, estimand = estimand, conf_level = conf_level, range = range,
         threads = threads, strata_weights = strata_weights, lonely = lonely, guard = guard,
         metric = metric %||% paste("Quantile of", design$label)), call
  )
  settings$interval <- interval %||% if (settings$published) "normal" else "beta"
  fit <- fit_distribution(source, settings, probs, call)
  new_judicious_estimates(
    flags = verdict_flags(settings, settings$interval, length(design$proxies)),
    quantities = lapply(probs, quantile_quantity, fit$curve, settings, fit$n_rows),
    what = "quantile", by = NULL, settings = settings, formula = design$formula,
    title = settings$metric, judges = vapply(design$proxies, function(p) p$name, ""),
    method = method_name(design, settings), joint = NULL,
    no_joint = "the interval of a quantile is not made from a variance.", call = sys.call()
  )
}

# What is asked at every value is a rate, in [0, 1] whatever the range of the scores.
fit_distribution <- function(source, settings, probs, call) {
  design <- source$design
  below <- settings
  below["range"] <- list(NULL)
  core <- fit_design(design, below, call)
  check_labels_in_range(design, core$facts, settings$range, call)
  if (is.null(design$summary)) tell_misreadings(design, core, settings$range, call)
  curve <- distribution_curve(source, below, probs)
  curve["range"] <- list(settings$range)
  list(curve = curve, n_rows = sum(core$strata$n_rows))
}

quantile_quantity <- function(q, curve, settings, n_rows) {
  list(term = paste0(format(100 * q, trim = TRUE), "%"), curve = curve, q = q,
       inference = curve$inference[[quantile_position(curve, q)]], interval = settings$interval,
       n_rows = n_rows, map = "none", note = NA_character_)
}

# Quantiles were published without power tuning.
published_quantile_tuning <- function(preset, design) {
  if (preset == "published" && length(design$proxies) > 0L) FALSE
}

check_probs <- function(probs, call) {
  probs <- check_numeric_vector(probs, call = call)
  check_between(probs, 0, 1, open = TRUE, call = call)
  if (length(probs) == 0L || anyDuplicated(probs)) {
    abort_judicious("{.arg probs} must have at least one number, each once.", "length",
                    arg = "probs", call = call)
  }
  probs
}

all_points <- 2000

# The values of rows in memory, all of them in order, and the mean of "at most t".
memory_values <- function(formula, data, quosures, call) {
  design <- parse_design(formula, data, quosures$strata, quosures$clusters, quosures$prob, call)
  y <- column_values(design$y)
  judges <- lapply(design$proxies, column_values)
  list(design = design, grid = sort(unique(c(y[!is.na(y)], unlist(judges)))),
       below = function(t, settings) fit_below(t, y, judges, design, settings))
}

# F at the values `t`; `following`: the next of all values. Of many values first some, then those
# near the estimate and both ends, more and more closely.
distribution_curve <- function(source, settings, probs) {
  grid <- source$grid
  fit <- function(t) source$below(t, settings)
  at <- grid_positions(length(grid))
  inference <- vector("list", length(grid))
  more <- at
  while (length(more) > 0L) {
    inference[more] <- lapply(grid[more], fit)
    at <- sort(union(at, more))
    curve <- list(t = grid[at], inference = inference[at], published = settings$published)
    near <- unlist(lapply(probs, near_positions, curve, at, settings))
    more <- some_positions(setdiff(near, at))
  }
  c(curve, list(following = c(grid, Inf)[at + 1], below = fit(-Inf), interval = settings$interval))
}

grid_positions <- function(n) if (n <= all_points) seq_len(n) else some_positions(seq_len(n))

some_positions <- function(x) {
  if (length(x) <= all_points) return(x)
  x[unique(round(seq(1, length(x), length.out = all_points / 10)))]
}

fit_below <- function(t, y, judges, design, settings) {
  design$y <- new_column(y <= t, design$y$name)
  design$proxies <- Map(function(f, p) new_column(f <= t, p$name), judges, design$proxies)
  fit <- estimate_mean_cpp(design, settings, settings$threads, 0, function(n) NULL)$inference
  if (!as_published(design, settings)) return(fit)
  rest <- is.na(y)
  with_published_variance(fit, sum(!rest), sum(rest), mean(judges[[1]][rest] <= t))
}

as_published <- function(design, settings) {
  plain <- is.null(design$strata) && is.null(design$clusters) && is.null(design$prob)
  settings$published && plain && identical(settings$fixed, 1)
}

# The published variances of both parts divide by their numbers of rows, not by one less: n labelled
# rows, and m others of which the judge has a share below.
with_published_variance <- function(fit, n, m, share) {
  of_rest <- share * (1 - share) / (m - 1)
  fit$variance <- (fit$variance - of_rest) * (n - 1) / n + of_rest * (m - 1) / m
  fit
}

# All values between the neighbours of the estimate and of both ends.
near_positions <- function(q, curve, at, settings) {
  curve$interval <- settings$interval
  ok <- which(compatible(curve, q, settings$conf_level))
  marks <- c(quantile_position(curve, q), range(ok))
  marks <- marks[is.finite(marks)]
  unlist(lapply(marks, function(k) {
    seq(at[max(k - 1, 1)], at[min(k + 1, length(at))])
  }))
}

# The first value whose F, made monotone, reaches q; as published: where F comes nearest to q.
quantile_position <- function(curve, q) {
  f <- vapply(curve$inference, function(x) x$estimate, 0)
  if (curve$published) return(which.min(abs(f - q)))
  min(which(cummax(f) >= q - 1e-12), length(f))
}

compatible <- function(curve, q, level) {
  bounds <- vapply(curve$inference, function(x) {
    infer_cpp(resolve_interval_cpp(curve$interval, x), x, level)$bounds
  }, c(0, 0))
  bounds[1, ] <= q & bounds[2, ] >= q
}

quantile_answer <- function(quantity, level) {
  curve <- quantity$curve
  ok <- which(compatible(curve, quantity$q, level))
  point <- curve$t[quantile_position(curve, quantity$q)]
  size <- infer_cpp(resolve_interval_cpp(curve$interval, quantity$inference),
                    quantity$inference, level)$n_effective
  out <- list(estimate = point, std_error = NA_real_, bounds = c(NA_real_, NA_real_),
              n_effective = size)
  ends <- curve$range %||% c(-Inf, Inf)
  if (length(ok) == 0L) {  # F jumps over q: it is this value, or one below all that were seen
    below <- point == curve$t[1] &&
      compatible(list(inference = list(curve$below), interval = curve$interval), quantity$q, level)
    out$bounds <- c(if (below) ends[1] else point, point)
    return(out)
  }
  first <- min(ok)
  last <- max(ok)
  if (curve$published) {
    out$bounds <- curve$t[c(first, last)]
    return(out)
  }
  out$bounds <- c(if (first == 1L) ends[1] else curve$following[first - 1L],
                  if (last == length(curve$t)) ends[2] else curve$t[last + 1L])
  out
}
