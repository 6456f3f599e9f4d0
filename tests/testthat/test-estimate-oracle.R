# Other people's software on the same questions: the survey package for designs,
# stats for plain samples. survey knows no judges, but the estimate with a fixed
# weight is a mean of residuals.

# The plain variance and the estimate of a fit against a survey statistic.
expect_survey <- function(fit, statistic, info = NULL) {
  expect_relative(fit$estimate_raw, stats::coef(statistic)[[1]], 1e-10, info)
  expect_relative(fit$inference$variance, as.matrix(stats::vcov(statistic))[1, 1], 1e-10, info)
}

oracle_data <- function(seed, ...) withr::with_seed(seed, design_data(n = 500, judges = 2, ...))

fixed_weights <- c(0.3, -0.2)

judged <- function(data) as.vector(as.matrix(data[c("judge_1", "judge_2")]) %*% fixed_weights)

# Rows of equal weight within strata of known size.
equal_design <- function(data, sizes, clusters = ~1) {
  design <- survey::svydesign(clusters, strata = ~stratum, weights = ~1, data = data)
  survey::postStratify(design, ~stratum, sizes)
}

stratum_sizes <- function(data) {
  stats::aggregate(list(Freq = rep(1, nrow(data))), data["stratum"], sum)
}

test_that("survey: strata, infinite and finite population", {
  skip_if_not_installed("survey")
  for (seed in 1:5) {
    data <- oracle_data(seed, strata = 4, binary = seed %% 2 == 0)
    data$size <- stats::ave(data$stratum, data$stratum, FUN = length)
    labelled <- data[!is.na(data$human), ]
    labelled$weight <- labelled$size / stats::ave(labelled$size, labelled$stratum, FUN = length)
    infinite <- survey::svydesign(~1, strata = ~stratum, weights = ~weight, data = labelled)
    expect_survey(fit_data(data, judges = NULL), survey::svymean(~human, infinite))
    finite <- survey::svydesign(~1, strata = ~stratum, fpc = ~size, data = labelled)
    expect_survey(fit_data(data, judges = NULL, population = "finite"),
                  survey::svymean(~human, finite))
  }
})

test_that("survey: whole clusters, mean over rows and mean of cluster means", {
  skip_if_not_installed("survey")
  for (seed in 11:15) {
    data <- oracle_data(seed, clusters = 70, binary = seed %% 2 == 0)
    labelled <- data[!is.na(data$human), ]
    rows <- survey::svydesign(~cluster, weights = ~1, data = labelled)
    expect_survey(fit_data(data, judges = NULL), survey::svymean(~human, rows))
    means <- stats::aggregate(human ~ cluster, labelled, mean)
    clusters <- survey::svydesign(~cluster, weights = ~1, data = means)
    expect_survey(fit_data(data, judges = NULL, estimand = "clusters"),
                  survey::svymean(~human, clusters))
  }
})

test_that("survey: strata x clusters, without judges and with two of fixed weight", {
  skip_if_not_installed("survey")
  for (seed in 21:25) {
    data <- oracle_data(seed, strata = 3, clusters = 90, binary = seed %% 2 == 0)
    fit <- fit_data(data, power_tuning = fixed_weights)
    alone <- fit_data(data, judges = NULL)
    data$judged <- judged(data)
    sizes <- stratum_sizes(data)
    labelled <- data[!is.na(data$human), ]
    here <- equal_design(labelled, sizes, ~cluster)
    expect_survey(alone, survey::svymean(~human, here))
    # Whole clusters: the residual on labelled ones and the judges on the others are independent.
    there <- equal_design(data[is.na(data$human), ], sizes, ~cluster)
    residual <- survey::svymean(~ I(human - judged), here)
    elsewhere <- survey::svymean(~judged, there)
    expect_relative(fit$estimate_raw, stats::coef(residual) + stats::coef(elsewhere), 1e-10)
    expect_relative(fit$inference$variance, stats::vcov(residual) + stats::vcov(elsewhere), 1e-10)
  }
})

test_that("survey: every cluster partly labelled", {
  skip_if_not_installed("survey")
  for (seed in 31:33) {
    data <- oracle_data(seed, clusters = 60, share = 0.4)
    # One more row of each cluster on either side.
    pair <- data[match(rep(seq_len(60), 2), data$cluster), ]
    pair$human <- c(pair$judge_1[1:60], rep(NA, 60))
    data <- rbind(data, pair)
    labelled <- as.numeric(!is.na(data$human))
    totals <- data.frame(cluster = data$cluster, y = ifelse(labelled, data$human, 0),
                         m_here = labelled, m_there = 1 - labelled,
                         f_here = labelled * judged(data), f_there = (1 - labelled) * judged(data))
    design <- survey::svydesign(~cluster, weights = ~1, data = totals)
    sums <- survey::svytotal(~ y + m_here + m_there + f_here + f_there, design)
    estimate <- survey::svycontrast(sums, quote(y / m_here - f_here / m_here + f_there / m_there))
    expect_survey(fit_data(data, power_tuning = fixed_weights), estimate)
  }
})

# Every row's term of the estimate with known prob and fixed weights; its mean is
# the estimate. The centres count as known.
known_prob_terms <- function(data, center) {
  w <- ifelse(is.na(data$human), 0, 1 / data$prob)
  y <- ifelse(is.na(data$human), 0, data$human)
  f <- judged(data)
  stratum <- data$stratum %||% rep(1, nrow(data))
  weighted <- function(x) {
    stats::ave(w * x, stratum, FUN = sum) / stats::ave(w, stratum, FUN = sum)
  }
  y0 <- if (center) weighted(y) else 0
  f0 <- if (center) weighted(f) else 0
  y0 + w * (y - y0) - (w - 1) * (f - f0)
}

test_that("survey: known prob, two judges of fixed weight, in every design", {
  skip_if_not_installed("survey")
  designs <- list(rows = list(), clusters = list(clusters = 80),
                  "rows in clusters" = list(clusters = 80, whole = FALSE),
                  "strata x clusters" = list(strata = 3, clusters = 90))
  for (name in names(designs)) {
    for (center in c(TRUE, FALSE)) {
      seed <- 41 + match(name, names(designs))
      data <- do.call(oracle_data, c(list(seed, prob = TRUE, binary = center), designs[[name]]))
      data$term <- known_prob_terms(data, center)
      clusters <- if (is.null(data$cluster)) ~1 else ~cluster
      design <- if (is.null(data$stratum)) {
        survey::svydesign(clusters, weights = ~1, data = data)
      } else {
        equal_design(data, stratum_sizes(data), clusters)
      }
      fit <- fit_data(data, power_tuning = fixed_weights, center = center)
      expect_survey(fit, survey::svymean(~term, design), paste(name, center))
    }
  }
})

test_that("survey: the centred point without judges is Hajek's", {
  skip_if_not_installed("survey")
  data <- oracle_data(51, prob = TRUE)
  labelled <- data[!is.na(data$human), ]
  design <- survey::svydesign(~1, probs = ~prob, data = labelled)
  hajek <- stats::coef(survey::svymean(~human, design))
  expect_relative(fit_data(data, judges = NULL)$estimate, hajek, 1e-12)
})

test_that("survey: Poisson sampling from a finite population", {
  skip_if_not_installed("survey")
  data <- oracle_data(52, prob = TRUE)
  fit <- fit_data(data, power_tuning = fixed_weights, population = "finite")
  labelled <- data[!is.na(data$human), ]
  centred <- function(x) x - stats::weighted.mean(x, 1 / labelled$prob)
  labelled$e <- centred(labelled$human) - centred(judged(labelled))
  design <- survey::svydesign(~1, probs = ~prob, data = labelled,
                              pps = survey::poisson_sampling(labelled$prob))
  expect_relative(fit$inference$variance,
                  stats::vcov(survey::svytotal(~e, design)) / nrow(data)^2, 1e-10)
})

test_that("survey: the regression estimator is ours at lambda = (u / N) beta", {
  skip_if_not_installed("survey")
  data <- oracle_data(53)
  labelled <- data[!is.na(data$human), ]
  labelled$weight <- nrow(data) / nrow(labelled)
  design <- survey::svydesign(~1, weights = ~weight, data = labelled)
  totals <- c("(Intercept)" = nrow(data), colSums(data[c("judge_1", "judge_2")]))
  calibrated <- survey::calibrate(design, ~ judge_1 + judge_2, population = totals)
  beta <- stats::coef(stats::lm(human ~ judge_1 + judge_2, labelled))[-1]
  fit <- fit_data(data, power_tuning = unname(beta) * mean(is.na(data$human)))
  expect_relative(fit$estimate, stats::coef(survey::svymean(~human, calibrated)), 1e-10)
})

# --- stats -----------------------------------------------------------------------

sides <- c("two.sided", "greater", "less")

test_that("stats: real labels without judges are Student's t", {
  for (seed in 1:6) {
    y <- withr::with_seed(seed, rnorm(4 + 3 * seed, 10, seed))
    level <- c(0.8, 0.95, 0.99)[1 + seed %% 3]
    for (side in sides) {
      theirs <- stats::t.test(y, mu = 9, alternative = side, conf.level = level)
      ours <- test_mean(estimate_mean(c(y, NA, NA) ~ 1, conf_level = level), 9, side)
      expect_relative(ours$p.value, theirs$p.value, 1e-9)
      expect_equal(as.vector(ours$conf.int), as.vector(theirs$conf.int), tolerance = 1e-9)
      expect_relative(unlist(ours[c("statistic", "parameter", "stderr")]),
                      unlist(theirs[c("statistic", "parameter", "stderr")]), 1e-12)
    }
  }
})

test_that("stats: 0/1 labels without judges are Clopper and Pearson's, or Wilson's", {
  for (n in c(7, 40, 333)) {
    for (x in c(1, n %/% 3, n - 1)) {
      y <- rep(1:0, c(x, n - x))
      for (level in c(0.8, 0.95, 0.99)) {
        exact <- estimate_mean(c(y, NA) ~ 1, conf_level = level)
        score <- estimate_mean(y ~ 1, conf_level = level, interval = "wilson")
        for (side in sides) {
          theirs <- stats::binom.test(x, n, 0.3, side, conf.level = level)
          ours <- test_mean(exact, 0.3, side)
          expect_equal(as.vector(ours$conf.int), as.vector(theirs$conf.int), tolerance = 1e-9)
          # binom.test() has another two-sided p-value.
          if (side != "two.sided") expect_relative(ours$p.value, theirs$p.value, 1e-9)
          theirs <- quiet(stats::prop.test(x, n, 0.3, side, conf.level = level, correct = FALSE))
          ours <- test_mean(score, 0.3, side)
          expect_equal(as.vector(ours$conf.int), as.vector(theirs$conf.int), tolerance = 1e-9)
          expect_relative(ours$p.value, theirs$p.value, 1e-8)
        }
      }
    }
  }
})

test_that("stats: constant 0/1 labels are Clopper and Pearson's", {
  for (value in 0:1) {
    fit <- quiet(estimate_mean(rep(value, 60) ~ 1))
    expect_identical(fit$estimate, as.numeric(value))
    expect_equal(c(fit$conf_low, fit$conf_high),
                 as.vector(stats::binom.test(60 * value, 60)$conf.int), tolerance = 1e-9)
  }
})

# --- tests and intervals -----------------------------------------------------------

# p is below alpha just outside an interval and above it just inside.
expect_duality <- function(fit, side, info) {
  alpha <- 1 - fit$conf_level
  interval <- test_mean(fit, fit$estimate, side)$conf.int
  inside <- function(mu) test_mean(fit, mu, side)$p.value > alpha
  step <- 1e-6 * fit$std_error
  limits <- if (fit$interval == "normal") NULL else fit$range
  for (end in 1:2) {
    outwards <- c(-1, 1)[end]
    bound <- interval[end]
    if (is.infinite(bound) || isTRUE(abs(bound - limits[end]) < step)) next
    expect_true(inside(bound - outwards * step), info = info)
    expect_false(inside(bound + outwards * step), info = info)
  }
  expect_true(inside(fit$estimate), info = info)
}

test_that("a value is rejected exactly where it lies outside the interval", {
  kinds <- design_kinds[c("plain", "strata x clusters x judges", "known prob")]
  for_each_design(kinds = kinds, binary = TRUE, function(data, info) {
    for (interval in c("beta", "wilson", "t", "normal")) {
      for (level in c(0.8, 0.95, 0.99)) {
        fit <- fit_data(data, interval = interval, conf_level = level)
        for (side in sides) expect_duality(fit, side, paste(info, interval, level, side))
      }
    }
  })
  for_each_design(kinds = kinds, binary = FALSE, function(data, info) {
    for (skew in c(FALSE, TRUE)) {
      fit <- fit_data(data, skew = skew)
      for (side in sides) expect_duality(fit, side, paste(info, "skew", skew, side))
      bounded <- fit_data(data, interval = "beta", range = c(-9, 9))
      for (side in sides) expect_duality(bounded, side, paste(info, "range", side))
    }
  })
})

test_that("the test and the interval of the fit are the same two-sided statement", {
  for_each_design(kinds = design_kinds["plain"], function(data, info) {
    for (interval in c("t", "normal")) {
      fit <- fit_data(data, interval = interval)
      expect_equal(as.vector(test_mean(fit, 0.5)$conf.int), c(fit$conf_low, fit$conf_high))
    }
  })
})
