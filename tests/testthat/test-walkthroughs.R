# The three published walkthroughs, digit by digit: the strings as they were quoted,
# and the same numbers at full precision. The vignettes tell them as stories.

walkthrough <- function(name) {
  read.csv(system.file("extdata", paste0(name, ".csv"), package = "judicious"))
}

# As the published texts write rates: "4.7% [3.8, 5.6]" and "0.088 [0.052, 0.123]".
in_percent <- function(fit) {
  sprintf("%.1f%% [%.1f, %.1f]", 100 * fit$estimate, 100 * fit$conf_low, 100 * fit$conf_high)
}

in_decimals <- function(fit) {
  sprintf("%.3f [%.3f, %.3f]", fit$estimate, fit$conf_low, fit$conf_high)
}

above_five_percent <- function(fit) test_mean(fit, mu = 0.05, alternative = "greater")

expect_test <- function(fit, z, p) {
  test <- above_five_percent(fit)
  expect_identical(sprintf("%.2f", test$statistic), z)
  expect_identical(formatC(test$p.value, digits = 10, format = "f"), p)
}

# `numbers`: estimate, standard error, bounds, z and one-sided p-value.
expect_numbers <- function(fit, numbers) {
  test <- above_five_percent(fit)
  got <- c(fit$estimate, fit$std_error, fit$conf_low, fit$conf_high, test$statistic, test$p.value)
  for (k in seq_along(numbers)) {
    expect_equal(got[[k]], numbers[k], tolerance = 1e-9, label = paste("number", k))
  }
}

expect_judge_worth <- function(fit, n_true, n_effective, lambda) {
  expect_equal(fit$n_true, n_true)
  expect_equal(fit$n_effective, n_effective, tolerance = 1e-9)
  expect_equal(as.vector(fit$lambda), lambda, tolerance = 1e-9)
}

expect_contains <- function(fit, truth) {
  expect_lt(fit$conf_low, truth)
  expect_gt(fit$conf_high, truth)
}

# --- active statistical inference ------------------------------------------------

test_that("uncertainty scores: the quoted figures", {
  asi <- walkthrough("asi")
  judge <- estimate_mean(y_proxy ~ 1, asi, preset = "published")
  human <- estimate_mean(y_true ~ 1, asi, prob = pi, preset = "published")
  both <- estimate_mean(y_true ~ y_proxy, asi, prob = pi, preset = "published")

  expect_identical(in_percent(judge), "4.7% [3.8, 5.6]")
  expect_identical(in_percent(human), "7.5% [3.7, 11.3]")
  expect_equal(human$n_true, 183)
  expect_identical(in_decimals(both), "0.088 [0.052, 0.123]")
  expect_match(format(both)[3], "effective sample size 208", fixed = TRUE)
  expect_test(both, "2.06", "0.0196009466")
  expect_test(human, "1.30", "0.0970925750")
})

test_that("uncertainty scores: full precision", {
  asi <- walkthrough("asi")
  expect_numbers(
    estimate_mean(y_proxy ~ 1, asi, preset = "published"),
    c(0.046818181818181821, 0.0045048727934975169, 0.037988793387992346, 0.055647570248371296,
      -0.70630588868367683, 0.76000103391440288)
  )
  expect_numbers(
    estimate_mean(y_true ~ 1, asi, prob = pi, preset = "published"),
    c(0.075210208961819042, 0.019417899493425931, 0.037151825299285658, 0.11326859262435243,
      1.2982974276056036, 0.097092575007724113)
  )
  both <- estimate_mean(y_true ~ y_proxy, asi, prob = pi, preset = "published")
  expect_numbers(both, c(0.087544785474401407, 0.018207404473560097, 0.051858928454270155,
                         0.12323064249453267, 2.062061373378183, 0.019600946618190427))
  expect_judge_worth(both, 183, 208.14189647578348, 0.58815248005582488)
  plain <- estimate_mean(y_true ~ y_proxy, asi, prob = pi, preset = "published",
                         power_tuning = FALSE)
  expect_numbers(plain, c(0.096181941515614641, 0.018810688774640542, 0.059313668992927296,
                          0.13305021403830197, 2.4550904046572928, 0.0070424580831672801))
  expect_judge_worth(plain, 183, 195.00519955339908, 1)
})

test_that("uncertainty scores: what the vignette says about the data", {
  asi <- walkthrough("asi")
  labelled <- asi[asi$xi == 1, ]
  expect_equal(as.vector(table(human = labelled$y_true, judge = labelled$y_proxy)),
               c(166, 12, 2, 3))
  expect_equal(sum(asi$pi), 200, tolerance = 1e-9)
  expect_equal(round(sum(1 / labelled$pi)), 2029)
  human <- estimate_mean(y_true ~ 1, asi, prob = pi)
  both <- estimate_mean(y_true ~ y_proxy, asi, prob = pi)
  # The Hajek mean of the labels, by hand.
  expect_equal(human$estimate, weighted.mean(labelled$y_true, 1 / labelled$pi),
               tolerance = 1e-12)
  expect_identical(in_percent(human), "8.2% [4.8, 12.7]")
  expect_identical(in_percent(both), "9.1% [5.7, 13.7]")
})

# --- several judges --------------------------------------------------------------

test_that("multiple judges: the quoted figures", {
  multi <- walkthrough("multi")
  human <- estimate_mean(y_true ~ 1, multi, preset = "published")
  both <- estimate_mean(y_true ~ gemini + claude, multi, preset = "published")

  expect_identical(in_percent(estimate_mean(gemini ~ 1, multi, preset = "published")),
                   "4.5% [3.6, 5.4]")
  expect_identical(in_percent(estimate_mean(claude ~ 1, multi, preset = "published")),
                   "7.7% [6.6, 8.8]")
  expect_identical(in_percent(human), "8.0% [4.2, 11.8]")
  expect_identical(in_decimals(both), "0.095 [0.065, 0.125]")
  expect_match(format(both)[3], "effective sample size 315", fixed = TRUE)
  expect_test(both, "2.95", "0.0015812791")
  expect_test(human, "1.56", "0.0593866096")
})

test_that("multiple judges: full precision without correction", {
  multi <- walkthrough("multi")
  expect_numbers(
    estimate_mean(gemini ~ 1, multi, preset = "published"),
    c(0.044999999999999998, 0.0044207436115575481, 0.036335501736461676, 0.053664498263538321,
      -1.1310314370930841, 0.87097907002435226)
  )
  expect_numbers(
    estimate_mean(claude ~ 1, multi, preset = "published"),
    c(0.076818181818181813, 0.0056788842728974168, 0.06568777317093194, 0.087948590465431686,
      4.7224385159902083, 1.1651677511785811e-06)
  )
  expect_numbers(
    estimate_mean(y_true ~ 1, multi, preset = "published"),
    c(0.080000000000000002, 0.019231465004808025, 0.042307021220633852, 0.11769297877936616,
      1.5599435608519554, 0.059386609585439488)
  )
})

test_that("multiple judges: full precision with correction", {
  multi <- walkthrough("multi")
  both <- estimate_mean(y_true ~ gemini + claude, multi, preset = "published")
  expect_numbers(both, c(0.095212689242887699, 0.01531865402457435, 0.06518867906309242,
                         0.12523669942268298, 2.9514792337732159, 0.0015812790557271019))
  expect_judge_worth(both, 200, 315.21982117420896, c(0.45580780175049213, 0.26074103437303692))
  plain <- estimate_mean(y_true ~ gemini + claude, multi, preset = "published",
                         power_tuning = FALSE)
  expect_numbers(plain, c(0.11252691193458118, 0.015945382453621936, 0.08127453660576528,
                          0.14377928726339709, 3.9213177931883609, 4.4033013529298331e-05))
  expect_judge_worth(plain, 200, 290.92755217766887, rep(sqrt(0.5), 2))
  gemini <- estimate_mean(y_true ~ gemini, multi, preset = "published")
  expect_numbers(gemini, c(0.08967751656904227, 0.016281614030909452, 0.057766139458277729,
                           0.12158889367980681, 2.4369522882508705, 0.0074058167610890424))
  expect_judge_worth(gemini, 200, 279.03573367957586, 0.58651615569953097)
  claude <- estimate_mean(y_true ~ claude, multi, preset = "published")
  expect_numbers(claude, c(0.091776581069015234, 0.017010204592077027, 0.05843719269888642,
                           0.12511596943914405, 2.4559716988044826, 0.0070252111092064477))
  expect_judge_worth(claude, 200, 255.64403239023659, 0.39920613793272008)
})

test_that("multiple judges: what the vignette says about the data", {
  multi <- walkthrough("multi")
  labelled <- multi[multi$xi == 1, ]
  found <- labelled[labelled$y_true == 1, ]
  expect_equal(as.vector(table(gemini = found$gemini, claude = found$claude)), c(6, 3, 4, 3))
  false_alarms <- colSums(labelled[labelled$y_true == 0, c("gemini", "claude")])
  expect_equal(false_alarms, c(gemini = 0, claude = 3))
  human <- estimate_mean(y_true ~ 1, multi)
  both <- estimate_mean(y_true ~ gemini + claude, multi)
  expect_identical(in_percent(human), "8.0% [4.6, 12.7]")
  expect_identical(in_percent(both), "10.2% [7.0, 14.2]")
  published <- estimate_mean(y_true ~ gemini + claude, multi, preset = "published")
  expect_true(all(both$lambda > published$lambda))
})

# --- clusters --------------------------------------------------------------------

test_that("clustered data: the quoted figures", {
  turns <- walkthrough("cluster")
  rate <- function(formula) {
    estimate_mean(formula, turns, clusters = cluster, estimand = "clusters",
                  preset = "published")
  }
  human <- rate(y_true ~ 1)
  both <- rate(y_true ~ y_proxy)

  expect_identical(in_percent(rate(y_proxy ~ 1)), "3.9% [3.2, 4.5]")
  expect_identical(in_percent(human), "8.3% [4.2, 12.3]")
  expect_identical(in_decimals(both), "0.084 [0.048, 0.121]")
  expect_match(format(both)[3], "^330 human labels.*effective sample size 405$")
  expect_test(both, "1.84", "0.0329014524")
  expect_test(human, "1.58", "0.0566632362")
})

test_that("clustered data: full precision", {
  turns <- walkthrough("cluster")
  rate <- function(formula, ...) {
    estimate_mean(formula, turns, clusters = cluster, estimand = "clusters",
                  preset = "published", ...)
  }
  expect_numbers(
    rate(y_proxy ~ 1),
    c(0.038739469528355552, 0.0032618518563608564, 0.032346357366983158, 0.045132581689727946,
      -3.4521894210755062, 0.99972197139246177)
  )
  expect_numbers(
    rate(y_true ~ 1),
    c(0.082652636676870686, 0.020621629449340165, 0.042234985653633414, 0.12307028770010796,
      1.5834169049097853, 0.056663236211823259)
  )
  both <- rate(y_true ~ y_proxy)
  expect_numbers(both, c(0.084214960773029396, 0.018597473530964585, 0.04776458244890186,
                         0.12066533909715693, 1.8397639182581369, 0.032901452431721455))
  expect_judge_worth(both, 330, 405.74389954297413, 0.52531151165308898)
  expect_equal(both$n_clusters, 800)
  plain <- rate(y_true ~ y_proxy, power_tuning = FALSE)
  expect_numbers(plain, c(0.085626727404946049, 0.01871434874336458, 0.048947277873829055,
                          0.12230617693606305, 1.9037118466426983, 0.028473861354948823))
  expect_judge_worth(plain, 330, 400.69180539300567, 1)
})

test_that("clustered data: rows and clusters are two questions", {
  turns <- walkthrough("cluster")
  labelled <- turns[turns$xi == 1, ]
  sizes <- as.vector(table(labelled$cluster))
  sums <- as.vector(rowsum(labelled$y_true, labelled$cluster))
  fit <- function(formula, estimand, preset = "published") {
    estimate_mean(formula, turns, clusters = cluster, estimand = estimand, preset = preset)
  }

  by_cluster <- fit(y_true ~ 1, "clusters")
  expect_equal(by_cluster$estimate, mean(sums / sizes), tolerance = 1e-12)
  expect_equal(by_cluster$std_error, sd(sums / sizes) / sqrt(40), tolerance = 1e-12)

  # The ratio estimator of survey sampling, by hand.
  by_row <- fit(y_true ~ 1, "rows")
  ratio <- sum(sums) / sum(sizes)
  expect_equal(by_row$estimate, ratio, tolerance = 1e-12)
  expect_equal(by_row$std_error, sd(sums - ratio * sizes) * sqrt(40) / sum(sizes),
               tolerance = 1e-12)

  # clusters = moves the standard error, not the question.
  ignored <- estimate_mean(y_true ~ 1, turns, preset = "published")
  expect_equal(by_row$estimate, ignored$estimate, tolerance = 1e-12)
  expect_equal(ignored$std_error, sd(labelled$y_true) / sqrt(330), tolerance = 1e-12)
})

test_that("clustered data: every interval contains the truth of its own question", {
  turns <- walkthrough("cluster")
  truth <- c(rows = mean(turns$y_oracle),
             clusters = mean(tapply(turns$y_oracle, turns$cluster, mean)))
  expect_equal(round(truth, 4), c(rows = 0.0945, clusters = 0.0745))
  expected <- list(
    published = c(rows = "10.7% [7.8, 13.5]", clusters = "8.4% [4.8, 12.1]"),
    recommended = c(rows = "10.7% [5.2, 18.8]", clusters = "8.5% [4.5, 14.3]")
  )
  for (preset in names(expected)) {
    for (estimand in names(truth)) {
      fit <- estimate_mean(y_true ~ y_proxy, turns, clusters = cluster, estimand = estimand,
                           preset = preset)
      expect_identical(in_percent(fit), expected[[preset]][[estimand]])
      expect_contains(fit, truth[[estimand]])
    }
  }
  labelled <- turns[turns$xi == 1, ]
  expect_equal(as.vector(table(human = labelled$y_true, judge = labelled$y_proxy)),
               c(292, 22, 3, 13))
})
