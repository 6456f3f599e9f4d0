# Numbers of other implementations; see shared/reference/README.md.

published_call <- function(family, case, tuned = TRUE) {
  data <- data.frame(y = as.double(case$y_true %||% case$y))
  args <- list(preset = "published", conf_level = case$confidence_level %||% 0.95)
  formula <- y ~ 1
  if (!is.null(case$y_proxy)) {
    data$judge <- case$y_proxy
    formula <- y ~ judge
  }
  if (!is.null(case$y_proxies)) {
    data <- cbind(data, as.data.frame(case$y_proxies))
    formula <- stats::reformulate(names(data)[-1], "y")
  }
  args$prob <- case$pi
  args$strata <- case$groups
  args$clusters <- case$clusters
  if (!is.null(case$clusters)) args$estimand <- "clusters"
  if (!tuned) args$power_tuning <- FALSE
  if (family == "stratified_classical") {
    # The reference weighs strata by their shares of the labelled rows.
    if (is.null(case$stratum_weights)) {
      labelled <- !is.na(data$y)
      data <- data[labelled, , drop = FALSE]
      args$strata <- args$strata[labelled]
    } else {
      args$strata_weights <- stats::setNames(unlist(case$stratum_weights),
                                             as.character(case$strata))
    }
  }
  c(list(formula, data), args)
}

expect_published <- function(fit, expected, h0, what) {
  p_value <- function(alternative) test_mean(fit, h0, alternative)$p.value
  pairs <- list(
    mean = list(fit$estimate, expected$mean), std = list(fit$std_error, expected$std),
    bounds = list(c(fit$conf_low, fit$conf_high), c(expected$lower, expected$upper)),
    z = list(test_mean(fit, h0)$statistic, expected$z),
    p_two_sided = list(p_value("two.sided"), expected$p_two_sided),
    p_larger = list(p_value("greater"), expected$p_larger),
    p_smaller = list(p_value("less"), expected$p_smaller)
  )
  if (!is.null(expected$lambda)) pairs$lambda <- list(fit$lambda, expected$lambda)
  if (!is.null(expected$ess_ratio)) {
    pairs$ess_ratio <- list(fit$n_effective, expected$ess_ratio)
    expect_equal(floor(fit$n_effective + 1e-9), expected$ess)
  }
  for (name in names(pairs)) {
    expect_relative(pairs[[name]][[1]], pairs[[name]][[2]], 1e-10, paste(what, name))
  }
}

families <- c("classical", "ipw_classical", "stratified_classical", "clustered_classical", "ppi",
              "multi_ppi", "stratified_ppi", "clustered_ppi", "asi")

test_that("the published preset reproduces every reference case", {
  reference <- read_reference("estimators.json")
  expect_setequal(setdiff(names(reference), c("meta", "refused")), families)
  for (family in families) {
    for (case in reference[[family]]) {
      what <- paste(family, case$id)
      if (is.null(case$expected$tuned)) {
        fit <- quiet(do.call(estimate_mean, published_call(family, case)))
        expect_published(fit, case$expected, case$h0, what)
        next
      }
      for (tuned in c(TRUE, FALSE)) {
        fit <- quiet(do.call(estimate_mean, published_call(family, case, tuned)))
        expect_published(fit, case$expected[[if (tuned) "tuned" else "untuned"]], case$h0, what)
      }
    }
  }
})

# What the reference refuses: an error of ours, or a result and why.
refusals <- c(
  "ppi: constant proxy" = "judicious_warning_constant_judge",
  "ppi: constant labels" = "judicious_message_constant_labels",
  "ppi: one labelled row" = "judicious_error_few_labels",
  "ppi: one unlabelled row" = "labels only",
  "ppi: no labelled row" = "judicious_error_no_labels",
  "ppi: missing proxy" = "judicious_error_finite",
  "ppi: unequal lengths" = "judicious_error_length",
  "asi: labelled row with pi 0" = "judicious_error_prob",
  "asi: unlabelled row with pi 1" = "judicious_error_prob",
  "asi: pi above 1" = "judicious_error_prob",
  "stratified_ppi: a stratum with one labelled row" = "judicious_error_few_labels",
  "stratified_ppi: constant proxy in one stratum" = "labels only in that stratum",
  "clustered_ppi: partly labelled cluster" = "judicious_error_design",
  "clustered_ppi: one labelled cluster" = "judicious_error_few_labels",
  "multi_ppi: constant column" = "judicious_warning_constant_judge",
  "multi_ppi: two identical columns" = "as with one of them",
  "classical: one value" = "judicious_error_few_labels",
  "clustered_classical: one cluster" = "judicious_error_few_labels",
  "stratified_classical: one value in a stratum" = "judicious_error_few_labels"
)

# Judges as a list, so that unequal lengths survive.
refused_fit <- function(case) {
  inputs <- case$inputs
  y <- as.double(unlist(inputs$y_true %||% inputs$y))
  judge <- inputs$y_proxy
  formula <- y ~ 1
  if (!is.null(judge)) formula <- y ~ judge
  if (!is.null(inputs$y_proxies)) {
    judge <- if (is.matrix(inputs$y_proxies)) inputs$y_proxies else do.call(rbind, inputs$y_proxies)
    formula <- y ~ judge
  }
  args <- list(formula, preset = "published", prob = inputs$pi, strata = inputs$groups,
               clusters = inputs$clusters)
  if (!is.null(inputs$clusters)) args$estimand <- "clusters"
  do.call(estimate_mean, args[!vapply(args, is.null, NA)])
}

test_that("every input the reference refuses has a documented behaviour", {
  cases <- read_reference("estimators.json")$refused
  names(cases) <- vapply(cases, function(case) paste0(case$estimator, ": ", case$why), "")
  expect_setequal(names(cases), names(refusals))
  for (name in names(cases)) {
    class <- refusals[[name]]
    if (startsWith(class, "judicious_error")) {
      expect_error(refused_fit(cases[[name]]), class = class)
    } else if (startsWith(class, "judicious_warning")) {
      suppressWarnings(
        expect_warning(suppressMessages(refused_fit(cases[[name]])), class = class)
      )
    } else if (startsWith(class, "judicious_message")) {
      suppressWarnings(expect_message(refused_fit(cases[[name]]), class = class))
    }
  }
  unlabelled <- quiet(refused_fit(cases[["ppi: one unlabelled row"]]))
  expect_identical(unname(unlabelled$lambda), 0)
  expect_equal(unlabelled$estimate, 2 / 3)
  stratum <- quiet(refused_fit(cases[["stratified_ppi: constant proxy in one stratum"]]))
  expect_identical(unname(stratum$lambda["2", ]), 0)
  twins <- quiet(refused_fit(cases[["multi_ppi: two identical columns"]]))
  inputs <- cases[["multi_ppi: two identical columns"]]$inputs
  judges <- do.call(rbind, lapply(seq_len(6), function(i) unlist(inputs$y_proxies[i, ])))
  y <- as.double(inputs$y_true)
  single <- quiet(estimate_mean(y ~ judges[, 1], preset = "published"))
  expect_equal(twins$estimate, single$estimate, tolerance = 1e-12)
  expect_equal(twins$std_error, single$std_error, tolerance = 1e-12)
})

recommended_fit <- function(case, interval, pool = isTRUE(case$pool), range = NULL) {
  data <- cbind(data.frame(y = case$y_true), as.data.frame(case$y_proxies))
  args <- list(stats::reformulate(names(data)[-1], "y"), data, estimand = case$estimand,
               conf_level = case$conf_level, interval = interval, range = range)
  args$strata <- case$strata
  args$clusters <- case$clusters
  args$prob <- case$prob
  args$pool_strata <- pool
  quiet(do.call(estimate_mean, args))
}

shrunk_by_base <- function(case) !is.null(case$prob) && length(case$y_proxies) > 1

test_that("the recommended preset reproduces every reference case", {
  for (case in read_reference("recommended.json")$cases) {
    expected <- case$expected
    fit <- recommended_fit(case, "t")
    inference <- fit$inference
    pairs <- list(
      estimate = list(fit$estimate_raw, expected$estimate),
      variance = list(inference$variance, expected$variance),
      hc2 = list(inference$hc2, expected$variance_hc2),
      hc3 = list(inference$hc3, expected$variance_hc3),
      no_judge = list(fit$labels_only$inference$variance, expected$variance_no_judge),
      lambda = list(fit$lambda, expected$lambda_), p0 = list(inference$labels_only, expected$p0)
    )
    # The base size of known prob is another one than the reference's, and with it df,
    # HC3 and the shrinkage of several judges.
    if (is.null(case$prob)) pairs$df <- list(fit$df, expected$df) else pairs$hc3 <- NULL
    if (is.null(case$prob) && is.null(case$clusters)) {
      pairs$n_base <- list(inference$n_base, expected$n_base$rows)
    }
    if (!is.null(case$strata)) pairs$weights <- list(fit$strata$weight, expected$weights)
    other <- recommended_fit(case, "normal")
    pairs$normal <- list(c(other$conf_low, other$conf_high), expected$normal)
    if (shrunk_by_base(case)) pairs <- pairs[names(pairs) %in% c("no_judge", "p0", "weights")]
    for (name in names(pairs)) {
      expect_relative(pairs[[name]][[1]], pairs[[name]][[2]], 1e-9, paste(case$design, name))
    }
  }
})

# Estimate, variances and lambda of a case: the reference's, or ours where they
# depend on its base size.
moments_of <- function(case, fit) {
  e <- case$expected
  reference <- list(estimate = e$estimate, p0 = e$p0, hc2 = e$variance_hc2, hc3 = e$variance_hc3,
                    lambda = e$lambda_)
  ours <- list(estimate = fit$estimate_raw, p0 = fit$inference$labels_only,
               hc2 = fit$inference$hc2, hc3 = fit$inference$hc3, lambda = fit$lambda)
  if (shrunk_by_base(case)) return(ours)
  if (!is.null(case$prob)) reference$hc3 <- ours$hc3
  reference
}

weights_of <- function(case) if (is.null(case$strata)) 1 else case$expected$weights

# Vignette "statistics", section 6, by hand from the reference's estimate and variance.
test_that("intervals of rates follow the formulas in every design and at any level", {
  cases <- Filter(function(case) case$binary, read_reference("recommended.json")$cases)
  for (case in cases) {
    fit <- recommended_fit(case, "auto")
    expect_identical(fit$interval, "beta")
    expected <- moments_of(case, fit)
    base <- by_hand_base(case, weights_of(case))
    expect_relative(fit$inference$n_base, base, 1e-9, case$design)
    for (level in c(0.8, 0.9, 0.95, 0.99, 0.995)) {
      hc <- if (level > 0.99) max(expected$hc2, expected$hc3) else expected$hc2
      expect_relative(as.vector(confint(fit, level = level)),
                      by_hand_rate(expected$estimate, expected$p0, hc, base,
                                   length(case$y_true), level, !is.null(case$prob)),
                      1e-8, paste(case$design, level))
    }
  }
})

test_that("intervals of scores follow the formulas in every design and at any level", {
  cases <- Filter(function(case) !case$binary, read_reference("recommended.json")$cases)
  for (case in cases) {
    range <- c(floor(min(case$y_true, na.rm = TRUE)) - 0.5, max(case$y_true, na.rm = TRUE))
    unit <- function(x) (x - range[1]) / diff(range)
    fit <- recommended_fit(case, "auto", range = range)
    expect_identical(fit$interval, "beta")
    expected <- moments_of(case, fit)
    base <- by_hand_base(case, weights_of(case), rate = FALSE)
    expect_relative(fit$inference$n_base, base, 1e-9, case$design)
    reach <- by_hand_predictions(case, expected$lambda)
    for (level in c(0.8, 0.95, 0.99)) {
      by_hand <- by_hand_score(unit(expected$estimate), expected$hc2 / diff(range)^2, base,
                               unit(reach), level)
      expect_relative(as.vector(confint(fit, level = level)), range[1] + diff(range) * by_hand,
                      1e-8, paste(case$design, level))
    }
  }
})

# The t quantiles of recommended.json are off by up to 4e-9 (scipy 1.10 inverts its
# own t distribution only that far: at 32.7 degrees of freedom it gives 1.69282568307,
# R and a direct inversion 1.69282568845). So: the reference to 1e-8 of the half-width,
# and R's own quantile to 1e-12.
test_that("the t interval agrees with the reference and with stats::qt", {
  for (case in read_reference("recommended.json")$cases) {
    fit <- recommended_fit(case, "t")
    inference <- fit$inference
    half <- stats::qt((1 + case$conf_level) / 2, inference$df) * sqrt(inference$hc3)
    inference["range"] <- list(NULL)
    bounds <- interval_bounds(inference, "t", case$conf_level)
    if (is.null(case$prob)) expect_lt(max(abs(bounds - case$expected$t)) / half, 1e-8)
    expect_lt(max(abs(bounds - (inference$estimate + c(-half, half)))) / half, 1e-12)
  }
})

test_that("the pooling rule of the recommended preset is the reference's", {
  for (case in read_reference("recommended.json")$cases) {
    if (is.null(case$strata)) next
    expect_relative(recommended_fit(case, "t", pool = NULL)$estimate_raw, case$expected$estimate,
                    1e-9, case$design)
  }
})
