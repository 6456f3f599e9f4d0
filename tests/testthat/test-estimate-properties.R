# Reductions and invariances over random data in every design.

both_presets <- c("recommended", "published")

# Named weights of the judges, in the first stratum.
weights <- function(fit) {
  if (is.matrix(fit$lambda)) stats::setNames(fit$lambda[1, ], colnames(fit$lambda)) else fit$lambda
}

# --- reductions ----------------------------------------------------------------

test_that("singleton clusters are no clusters", {
  for_each_design(kinds = kinds_without("clusters"), function(data, info) {
    for (preset in both_presets) {
      single <- fit_data(transform(data, cluster = seq_len(nrow(data))), preset = preset)
      expect_same_fit(single, fit_data(data, preset = preset), info)
      means <- fit_data(transform(data, cluster = seq_len(nrow(data))), preset = preset,
                        estimand = "clusters")
      expect_relative(c(means$estimate, means$inference$variance),
                      c(single$estimate, single$inference$variance), 1e-10, info)
    }
  })
})

test_that("one stratum is no strata", {
  for_each_design(kinds = kinds_without("strata"), function(data, info) {
    for (preset in both_presets) {
      one <- fit_data(transform(data, stratum = "all"), preset = preset)
      expect_same_fit(one, fit_data(data, preset = preset), info)
    }
  })
})

test_that("a judge and its copies are one judge", {
  for_each_design(function(data, info) {
    for (preset in both_presets) {
      # The published form with known prob depends on where a judge has its zero.
      zero <- if (preset == "published" && !is.null(data$prob)) 0 else 3
      copies <- transform(data, judge_copy = judge_1, judge_affine = zero - 1e4 * judge_1)
      fit <- fit_data(data, preset = preset)
      expect_same_fit(fit_data(copies, preset = preset), fit, info)
      expect_same_fit(fit_data(copies, preset = preset, judges = rev(judge_names(copies))), fit,
                      info)
    }
  })
})

test_that("a constant judge beside others changes nothing", {
  for_each_design(function(data, info) {
    constant <- transform(data, judge_constant = 0.3)
    expect_same_fit(fit_data(constant), fit_data(data), info)
  })
})

test_that("fixed weight 0 is the human labels alone", {
  for_each_design(function(data, info) {
    for (preset in both_presets) {
      zero <- fit_data(data, preset = preset, power_tuning = 0)
      alone <- fit_data(data, preset = preset, judges = NULL)
      expect_same_fit(zero, alone, info)
      expect_relative(fit_data(data, preset = preset)$labels_only[c("estimate", "conf_high")],
                      alone[c("estimate", "conf_high")], 1e-10, info)
    }
  })
})

test_that("one weight counts for every judge", {
  for_each_design(kinds = design_kinds[c("several judges", "known prob")], function(data, info) {
    each <- rep(0.4, length(judge_names(data)))
    expect_same_fit(fit_data(data, power_tuning = 0.4), fit_data(data, power_tuning = each), info)
    expect_same_fit(fit_data(data, power_tuning = FALSE),
                    fit_data(data, power_tuning = 1 / sqrt(length(each))), info)
  })
})

test_that("with constant prob the centred estimate is the uniform one at lambda u / N", {
  for_each_design(kinds = design_kinds[c("plain", "several judges")], function(data, info) {
    share <- mean(!is.na(data$human))
    known <- fit_data(transform(data, prob = share), power_tuning = 0.7)
    uniform <- fit_data(data, power_tuning = 0.7 * (1 - share))
    expect_relative(known$estimate_raw, uniform$estimate_raw, 1e-12, info)
    alone <- fit_data(transform(data, prob = share), judges = NULL)
    expect_relative(alone$estimate, mean(data$human, na.rm = TRUE), 1e-12, info)
  })
})

test_that("arguments win over the preset", {
  # What a preset sets beyond the four knobs does not matter with one judge.
  for_each_design(kinds = kinds_without("judges"), function(data, info) {
    interval <- if (all(data$human %in% c(0, 1, NA))) "beta" else "t"
    pooled <- if (!is.null(data$stratum)) TRUE
    recommended <- fit_data(data, interval = interval, pool_strata = pooled)
    dressed <- fit_data(data, preset = "published", power_tuning = "optimal", pool_strata = pooled,
                        center = if (!is.null(data$prob)) TRUE, interval = interval)
    compared <- setdiff(names(fit_numbers(recommended)), "n_effective")
    expect_relative(fit_numbers(dressed)[compared], fit_numbers(recommended)[compared], 1e-12,
                    info)
    published <- fit_data(data, preset = "published")
    undressed <- fit_data(data, power_tuning = "ppi++", pool_strata = FALSE, center = FALSE,
                          interval = "normal")
    expect_relative(fit_numbers(undressed)[compared], fit_numbers(published)[compared], 1e-12,
                    info)
  })
})

# --- invariances -----------------------------------------------------------------

test_that("the order of rows, of judges and of strata does not matter", {
  for_each_design(function(data, info) {
    for (preset in both_presets) {
      fit <- fit_data(data, preset = preset)
      shuffled <- data[sample(nrow(data)), ]
      expect_same_fit(fit_data(shuffled, preset = preset), fit, info)
      turned <- fit_data(data, preset = preset, judges = rev(judge_names(data)))
      expect_same_fit(turned, fit, info)
      expect_relative(weights(turned)[judge_names(data)], weights(fit), 1e-8, info)
      if (is.null(data$stratum)) next
      expect_same_fit(fit_data(transform(data, stratum = -stratum), preset = preset), fit, info)
    }
  })
})

test_that("ids are only names", {
  renamed <- list(
    strings = function(id) paste0("id ", letters[id %% 7 + 1], id),
    factors = function(id) factor(id, levels = sample(c(unique(id), -1))),
    dates = function(id) as.Date("2024-02-27") + 11 * id,
    gaps = function(id) as.integer(1000 * id - 70000L),
    doubles = function(id) id / 7,
    columns = function(id) data.frame(a = id %/% 5, b = letters[id %% 5 + 1])
  )
  for_each_design(kinds = Filter(function(k) any(c("strata", "clusters") %in% names(k)),
                                 design_kinds), function(data, info) {
    fit <- fit_data(data)
    for (name in names(renamed)) {
      other <- data
      if (!is.null(data$stratum)) other$stratum <- renamed[[name]](data$stratum)
      if (!is.null(data$cluster)) other$cluster <- renamed[[name]](data$cluster)
      expect_same_fit(fit_data(other), fit, paste(info, name))
    }
  })
})

test_that("the scale of a judge does not matter, its weight takes it up", {
  for_each_design(function(data, info) {
    for (scale in c(-1, 1e-3, 250)) {
      for (preset in both_presets) {
        fit <- fit_data(data, preset = preset)
        other <- fit_data(transform(data, judge_1 = 17 + scale * judge_1), preset = preset)
        if (preset == "published" && !is.null(data$prob)) next  # see above
        expect_same_fit(other, fit, info)
        expect_relative(weights(other)[1] * scale, weights(fit)[1], 1e-8, info)
      }
    }
  })
})

test_that("counting successes or failures gives mirrored answers", {
  for_each_design(binary = TRUE, function(data, info) {
    flipped <- data
    for (column in c("human", judge_names(data))) flipped[[column]] <- 1 - data[[column]]
    for (interval in c("beta", "wilson", "t")) {
      fit <- fit_data(data, interval = interval)
      other <- fit_data(flipped, interval = interval)
      expect_relative(other[c("estimate", "conf_low", "conf_high")],
                      1 - unlist(fit[c("estimate", "conf_high", "conf_low")]), 1e-9, info)
      expect_relative(other[c("std_error", "df", "n_effective")],
                      fit[c("std_error", "df", "n_effective")], 1e-9, info)
    }
    published <- fit_data(data, preset = "published")
    other <- fit_data(flipped, preset = "published")
    mirrored <- abs(other$estimate + published$estimate - 1) < 1e-9
    expect_identical(mirrored, is.null(data$prob), info = info)
  })
})

test_that("the t interval shifts and scales with the labels", {
  for_each_design(binary = FALSE, function(data, info) {
    fit <- fit_data(data)
    for (scale in c(-3, 1e-4)) {
      other <- fit_data(transform(data, human = 40 + scale * human))
      bounds <- 40 + scale * unlist(fit[c("estimate", "conf_low", "conf_high")])
      if (scale < 0) bounds[2:3] <- bounds[3:2]
      expect_identical(other$interval, "t")
      expect_relative(other[c("estimate", "conf_low", "conf_high")], bounds, 1e-9, info)
      expect_relative(other$std_error, abs(scale) * fit$std_error, 1e-9, info)
      expect_relative(other[c("df", "n_effective")], fit[c("df", "n_effective")], 1e-9, info)
    }
  })
})

test_that("a bounded metric may be measured on any scale", {
  for_each_design(binary = TRUE, function(data, info) {
    fit <- fit_data(data, interval = "beta")
    stars <- transform(data, human = 1 + 4 * human)
    other <- fit_data(stars, interval = "beta", range = c(1, 5))
    expect_relative(other[c("estimate", "conf_low", "conf_high")],
                    1 + 4 * unlist(fit[c("estimate", "conf_low", "conf_high")]), 1e-9, info)
    expect_relative(other$n_effective, fit$n_effective, 1e-9, info)
  })
})

test_that("threads do not change one bit", {
  sizes <- list(n = 150000)
  kinds <- list(plain = sizes, "known prob" = c(sizes, prob = TRUE, strata = 3),
                "whole clusters" = c(sizes, clusters = 20000, strata = 2))
  strip <- function(fit) fit[setdiff(names(fit), "call")]
  for_each_design(kinds = kinds, binary = FALSE, function(data, info) {
    one <- strip(fit_data(data, threads = 1, skew = TRUE))
    expect_identical(strip(fit_data(data, threads = 2, skew = TRUE)), one, info = info)
    expect_identical(strip(fit_data(data, threads = 3, skew = TRUE)), one, info = info)
  })
})

# --- estimand, population, weights ---------------------------------------------------

test_that("clusters change the uncertainty, not the mean over rows", {
  for_each_design(kinds = kinds_without("clusters"), function(data, info) {
    unit <- if (is.null(data$stratum)) seq_len(nrow(data)) else rank(data$stratum, ties = "first")
    clustered <- transform(data, cluster = unit %/% 4)
    for (weight in c(0, 0.5)) {
      rows <- fit_data(data, power_tuning = weight)
      clusters <- fit_data(clustered, power_tuning = weight)
      expect_relative(clusters$estimate_raw, rows$estimate_raw, 1e-12, info)
      expect_false(isTRUE(all.equal(clusters$std_error, rows$std_error, tolerance = 1e-4)))
    }
  })
})

test_that("the mean of cluster means is that", {
  withr::local_seed(3)
  data <- design_data(clusters = 40, share = 0.5)
  labelled <- data[!is.na(data$human), ]
  means <- tapply(labelled$human, labelled$cluster, mean)
  alone <- fit_data(data, estimand = "clusters", judges = NULL)
  expect_equal(alone$estimate, mean(means))
  expect_equal(alone$inference$variance, var(means) / length(means))
  judge_mean <- function(rows) mean(tapply(rows$judge_1, rows$cluster, mean))
  plain <- fit_data(data, estimand = "clusters", power_tuning = 1)
  expect_equal(plain$estimate, mean(means) - judge_mean(labelled) +
                 judge_mean(data[is.na(data$human), ]))
})

test_that("a finite population leaves less doubt, none when all of it is labelled", {
  for_each_design(kinds = kinds_without("whole"), function(data, info) {
    process <- fit_data(data)
    log <- fit_data(data, population = "finite")
    expect_identical(log$estimate, process$estimate, info = info)
    expect_lt(log$inference$variance, process$inference$variance)
    expect_lt(log$std_error, process$std_error)
  })
  data <- withr::with_seed(5, design_data(judges = 0))
  n <- sum(!is.na(data$human))
  expect_equal(fit_data(data, population = "finite")$inference$variance,
               var(data$human, na.rm = TRUE) * (1 / n - 1 / nrow(data)))
  census <- data.frame(human = c(3, 5, 9, 1), judge_1 = c(2, 5, 7, 2))
  exact <- fit_data(census, population = "finite")
  expect_identical(c(exact$estimate, exact$std_error, exact$conf_low, exact$conf_high),
                   c(4.5, 0, 4.5, 4.5))
})

test_that("given shares of the strata are the default's, or move the estimate", {
  for_each_design(kinds = design_kinds[c("strata", "strata x clusters x judges")],
                  function(data, info) {
    fit <- fit_data(data)
    shares <- table(data$stratum) / nrow(data)
    expect_same_fit(fit_data(data, strata_weights = c(shares)), fit, info)
    expect_same_fit(fit_data(data, strata_weights = rev(c(shares))), fit, info)
    other <- stats::setNames(rev(seq_along(shares)) / sum(seq_along(shares)), names(shares))
    moved <- fit_data(data, strata_weights = other, power_tuning = 0.3)
    by_stratum <- vapply(split(data, data$stratum), function(rows) {
      rows$stratum <- NULL
      fit_data(rows, power_tuning = 0.3)$estimate_raw
    }, 0)
    expect_relative(moved$estimate_raw, sum(other * by_stratum), 1e-12, info)
  })
})

test_that("a stratum with one label borrows the others' mean unit variance", {
  y <- c(1, 2, 4, 3, 5, 10, NA, NA)
  stratum <- c("a", "a", "a", "b", "b", "c", "c", "c")
  fit <- estimate_mean(y ~ 1, strata = stratum, lonely = "pool")
  borrowed <- mean(c(var(y[1:3]), var(y[4:5])))
  expected <- sum((c(3, 2, 3) / 8)^2 * c(var(y[1:3]) / 3, var(y[4:5]) / 2, borrowed))
  expect_equal(fit$inference$variance, expected)
  expect_equal(fit$strata$std_error[3], sqrt(borrowed))
})

# --- what intervals and sizes say ---------------------------------------------------

test_that("the skewness correction leans to the long tail", {
  withr::local_seed(4)
  y <- rexp(40)
  lean <- function(fit) fit$conf_high + fit$conf_low - 2 * fit$estimate
  expect_equal(lean(estimate_mean(y ~ 1)), 0)
  right <- estimate_mean(y ~ 1, skew = TRUE)
  left <- estimate_mean(I(-y) ~ 1, skew = TRUE)
  expect_gt(lean(right), 0)
  expect_equal(c(-left$conf_high, -left$conf_low), c(right$conf_low, right$conf_high))
})

test_that("the effective sample size says what the judge was worth", {
  for_each_design(function(data, info) {
    fit <- fit_data(data)
    alone <- fit_data(data, judges = NULL)
    expect_relative(alone$n_effective, sum(!is.na(data$human)), 1e-12, info)
    v <- c(alone$inference$variance, fit$inference$variance)
    n_base <- fit$inference$n_base
    extra <- if (is.null(data$prob)) 0 else 10 / n_base
    guard <- if (is.null(fit$range)) 0 else by_hand_guard(0.95, extra)
    ratio <- (n_base * (n_base - 1) * v + guard)
    expect_relative(fit$n_effective, fit$n_true * ratio[1] / ratio[2], 1e-10, info)
    published <- fit_data(data, preset = "published")
    labels <- fit_data(data, preset = "published", judges = NULL)
    expect_relative(published$n_effective,
                    fit$n_true * (labels$std_error / published$std_error)^2, 1e-10, info)
  })
})
