# Mean width and rejection rate of the package's own intervals in simulated rounds.
simulated_round <- function(n_rep, mu, draw, fit) {
  rounds <- vapply(seq_len(n_rep), function(i) {
    x <- quiet(fit(draw()))
    c(x$conf_high - x$conf_low, x$conf_low > mu || x$conf_high < mu, x$n_effective)
  }, numeric(3))
  list(width = mean(rounds[1, ]), power = mean(rounds[2, ]), n_effective = mean(rounds[3, ]),
       n_rep = n_rep)
}

# Width within 5 %, power within 4 points and three standard errors. Effective sizes of a few
# hundred rounds are themselves uncertain by some per cent.
expect_predicted <- function(plan, simulated, n_effective = 0.1) {
  row <- tidy(plan)
  margin <- 0.04 + 3 * sqrt(simulated$power * (1 - simulated$power) / simulated$n_rep)
  expect_relative(row$width, simulated$width, 0.05, "width")
  expect_lte(abs(row$power - simulated$power), margin)
  expect_relative(row$n_effective, simulated$n_effective, n_effective, "n_effective")
}

label_some <- function(data, n) {
  data$human <- reveal_labels(data$y_true, sample_uniform(nrow(data), n))
  data
}

test_that("predicted width, power and effective size of rates are those of simulations", {
  set.seed(31)
  grid <- data.frame(
    n = c(50, 50, 50, 100, 100, 200, 500), rate = c(0.05, 0.1, 0.5, 0.05, 0.3, 0.1, 0.05),
    correlation = c(0.6, 0.9, 0.3, 0.9, 0.6, 0.6, 0.3),
    mu = c(0.2, 0.28, 0.3, 0.16, 0.17, 0.18, 0.09)
  )
  for (i in seq_len(nrow(grid))) {
    g <- grid[i, ]
    simulated <- simulated_round(
      200, g$mu,
      function() label_some(simulate_binary(600, g$rate, g$rate, g$correlation), g$n),
      function(d) estimate_mean(human ~ y_proxy, d)
    )
    plan <- plan_annotation(list(rate = g$rate, correlation = g$correlation, n_total = 600),
                            n = g$n, mu = g$mu)
    expect_predicted(plan, simulated)
  }
})

test_that("an unbalanced judge is planned by its sensitivity and specificity", {
  set.seed(32)
  simulated <- simulated_round(
    200, 0.3, function() label_some(simulate_binary(800, 0.15, 0.05, 0.5), 80),
    function(d) estimate_mean(human ~ y_proxy, d)
  )
  both <- 0.15 * 0.05 + 0.5 * sqrt(0.15 * 0.85 * 0.05 * 0.95)
  by_errors <- list(rate = 0.15, sensitivity = both / 0.15, specificity = 1 - (0.05 - both) / 0.85,
                    n_total = 800)
  plan <- plan_annotation(by_errors, n = 80, mu = 0.3)
  expect_predicted(plan, simulated)
  by_correlation <- list(rate = 0.15, proxy_mean = 0.05, correlation = 0.5, n_total = 800)
  expect_equal(tidy(plan_annotation(by_correlation, n = 80, mu = 0.3)), tidy(plan))
})

test_that("predictions for scores are those of simulations", {
  set.seed(33)
  for (correlation in c(0, 0.5, 0.9)) {
    n <- if (correlation == 0.5) 25 else 80
    mu <- 1.2 / sqrt(n)
    simulated <- simulated_round(
      200, mu, function() label_some(simulate_gaussian(600, 0, 1, 0.5, 2, correlation), n),
      function(d) estimate_mean(if (correlation == 0) human ~ 1 else human ~ y_proxy, d)
    )
    assumed <- list(mean = 0, sd = 1, correlation = correlation, n_total = 600)
    expect_predicted(plan_annotation(assumed, n = n, mu = mu), simulated)
  }
})

test_that("predictions for clusters are those of simulations", {
  set.seed(34)
  sizes <- NULL
  draw <- function() {
    turns <- simulate_binary_clusters(1000, 250, 0.3, 0.3, 0.6, diversity = 0.7)
    turns$human <- reveal_labels(turns$y_true, sample_clusters(turns$cluster, 40))
    sizes <<- c(sizes, tabulate(turns$cluster))
    turns
  }
  simulated <- simulated_round(200, 0.45, draw,
                               function(d) estimate_mean(human ~ y_proxy, d, clusters = cluster))
  assumed <- list(rate = 0.3, correlation = 0.6, n_total = 1000, cluster_size = sizes, icc = 0.3)
  # The judge's gain is itself uncertain with 40 clusters of unequal sizes.
  expect_predicted(plan_annotation(assumed, n = 160, mu = 0.45), simulated, n_effective = 0.12)
})

test_that("predictions for active sampling are those of simulations", {
  set.seed(35)
  items <- NULL
  draw <- function() {
    items <<- simulate_binary_active(1500, 0.3, 0.3, 0.8)
    drawn <- sample_active(items$uncertainty, 200)
    items$prob <- drawn$prob
    items$human <- reveal_labels(items$y_true, drawn)
    items
  }
  simulated <- simulated_round(150, 0.4, draw,
                               function(d) estimate_mean(human ~ y_proxy, d, prob = prob))
  plan <- tidy(plan_annotation(list(rate = 0.3, correlation = 0.8), n = 200, mu = 0.4,
                               uncertainty = items$uncertainty))
  expect_relative(plan$width_active, simulated$width, 0.05)
  expect_lt(abs(plan$power_active - simulated$power), 0.12)
})

test_that("without a judge a rate's width is the mean Clopper-Pearson width", {
  k <- 0:40
  low <- c(0, qbeta(0.025, k[-1], 40 - k[-1] + 1))
  high <- c(qbeta(0.975, k[-41] + 1, 40 - k[-41]), 1)
  weight <- dbinom(k, 40, 0.2)
  plan <- tidy(plan_annotation(list(rate = 0.2), n = 40, mu = 0.5))
  expect_equal(plan$width, sum(weight * (high - low)), tolerance = 1e-6)
  expect_equal(plan$power, sum(weight[low > 0.5 | high < 0.5]), tolerance = 1e-5)
  expect_equal(plan$n_effective, 40)
  expect_identical(plan$n_proxy, 0)
})

test_that("the recommendation is the smallest number that reaches the goal", {
  known <- list(rate = 0.1, correlation = 0.6, n_total = 2000)
  width <- plan_annotation(known, width = 0.06)
  at <- tidy(plan_annotation(known, n = width$chosen - 1:0))$width
  expect_gt(at[1], 0.06)
  expect_lte(at[2], 0.06)

  power <- plan_annotation(known, power = 0.8, mu = 0.04)
  at <- tidy(plan_annotation(known, n = power$chosen - 1:0, mu = 0.04))$power
  expect_lt(at[1], 0.8)
  expect_gte(at[2], 0.8)

  both <- plan_annotation(known, width = 0.06, power = 0.8, mu = 0.04)
  expect_identical(both$chosen, max(width$chosen, power$chosen))
  expect_identical(tidy(both)$n_true[tidy(both)$chosen], both$chosen)
})

test_that("human labels alone take what a plan without the judge says", {
  known <- list(rate = 0.1, correlation = 0.6, n_total = 2000)
  plan <- plan_annotation(known, width = 0.06)
  alone <- plan_annotation(list(rate = 0.1, n_total = 2000), width = 0.06)
  expect_identical(plan$n_labels_only, alone$chosen)
  expect_lt(plan$chosen, alone$chosen)
  expect_identical(tidy(plan)$n_labels_only[tidy(plan)$chosen], alone$chosen)
})

test_that("costs decide whether the judge pays for itself", {
  known <- list(rate = 0.1, correlation = 0.6, n_total = 2000, human_cost = 2, judge_cost = 0.01)
  cheap <- plan_annotation(known, width = 0.06)
  row <- tidy(cheap)[tidy(cheap)$chosen, ]
  expect_equal(row$cost, 2 * cheap$chosen + 20)
  expect_equal(row$cost_labels_only, 2 * cheap$n_labels_only)
  expect_match(format(cheap), "The judge pays for itself", all = FALSE)
  dear <- plan_annotation(known, width = 0.06, judge_cost = 1)  # the argument wins
  expect_equal(tidy(dear)$cost, 2 * tidy(dear)$n_true + 2000)
  expect_match(format(dear), "does not pay for itself", all = FALSE)
})

test_that("equal uncertainties gain nothing, informative ones save labels", {
  known <- list(rate = 0.3, correlation = 0.5)
  flat <- plan_annotation(known, width = 0.08, uncertainty = rep(0.2, 4000))
  expect_equal(flat$n_active, flat$chosen)
  expect_identical(tidy(flat)$width_active, tidy(flat)$width)
  # A tenth of the items holds most of the judge's errors.
  sharp <- plan_annotation(known, width = 0.03, n_total = 4000,
                           uncertainty = rep(c(0.25, 0.9), c(3600, 400)))
  expect_lt(sharp$n_active, sharp$chosen)
})

test_that("clusters are labelled whole", {
  known <- list(rate = 0.2, correlation = 0.6, n_total = 3000, cluster_size = 6, icc = 0.3)
  plan <- plan_annotation(known, width = 0.1)
  expect_identical(tidy(plan)$n_true %% 6, rep(0, nrow(tidy(plan))))
  expect_identical(tidy(plan)$n_clusters, tidy(plan)$n_true / 6)
  rows <- plan_annotation(list(rate = 0.2, correlation = 0.6, n_total = 3000), width = 0.1)
  expect_gt(plan$chosen, rows$chosen)
  # With one row per cluster nothing changes; with icc 0 only the base size does.
  one <- plan_annotation(list(rate = 0.2, correlation = 0.6, n_total = 3000, cluster_size = 1,
                              icc = 0.3), width = 0.1)
  expect_identical(one$chosen, rows$chosen)
})

test_that("a pilot and its data give the same plan, near that of the truth", {
  set.seed(36)
  data <- label_some(simulate_binary(4000, 0.2, 0.2, 0.7), 1000)
  fit <- estimate_mean(human ~ y_proxy, data)
  plan <- plan_annotation(fit, width = 0.06, n_total = 2000)
  expect_equal(tidy(plan_annotation(data, human ~ y_proxy, width = 0.06, n_total = 2000)),
               tidy(plan))
  truth <- plan_annotation(list(rate = 0.2, correlation = 0.7, n_total = 2000), width = 0.06)
  expect_relative(plan$chosen, truth$chosen, 0.15)
  # At the pilot's own size the prediction is the pilot's interval, nearly.
  again <- tidy(plan_annotation(fit, n = 1000))
  expect_relative(again$width, fit$conf_high - fit$conf_low, 0.03)
  expect_relative(again$n_effective, fit$n_effective, 0.03)
})

test_that("pilots of scores, in clusters and in strata are planned with their design", {
  set.seed(37)
  scores <- label_some(simulate_gaussian(2000, 3, 1, 3, 1, 0.7), 300)
  fit <- estimate_mean(human ~ y_proxy, scores)
  expect_relative(tidy(plan_annotation(fit, n = 300))$width, fit$conf_high - fit$conf_low, 0.03)

  turns <- simulate_binary_clusters(3000, 600, 0.3, 0.3, 0.6, diversity = 0.6)
  turns$human <- reveal_labels(turns$y_true, sample_clusters(turns$cluster, 150))
  fit <- estimate_mean(human ~ y_proxy, turns, clusters = cluster)
  plan <- plan_annotation(turns, human ~ y_proxy, clusters = cluster, n = fit$n_true)
  expect_relative(tidy(plan)$width, fit$conf_high - fit$conf_low, 0.05)

  logs <- label_some(simulate_binary_strata(c(1500, 1500), c(0.1, 0.5), c(0.1, 0.5), 0.6), 300)
  fit <- estimate_mean(human ~ y_proxy, logs, strata = stratum)
  expect_relative(tidy(plan_annotation(fit, n = 300))$width, fit$conf_high - fit$conf_low, 0.05)
})

test_that("the level is that of the pilot unless given", {
  set.seed(38)
  fit <- estimate_mean(human ~ 1, label_some(simulate_binary(500, 0.3, 0.3, 0.5), 100),
                       conf_level = 0.8)
  expect_identical(plan_annotation(fit)$conf_level, 0.8)
  expect_identical(plan_annotation(fit, conf_level = 0.9)$conf_level, 0.9)
  narrow <- tidy(plan_annotation(list(rate = 0.3), n = 50, conf_level = 0.8))$width
  expect_lt(narrow, tidy(plan_annotation(list(rate = 0.3), n = 50))$width)
})

test_that("an unreachable goal tells what the whole pool gives", {
  known <- list(rate = 0.1, correlation = 0.6, n_total = 300)
  error <- expect_error(plan_annotation(known, width = 0.01),
                        class = "judicious_error_unreachable")
  expect_equal(error$best$width, tidy(plan_annotation(known, n = 300))$width)
  expect_snapshot(error = TRUE, {
    plan_annotation(known, width = 0.01)
    plan_annotation(known, power = 0.9, mu = 0.09)
  })
})

test_that("assumptions that contradict each other or are missing are named", {
  expect_snapshot(error = TRUE, {
    plan_annotation(3)
    plan_annotation(list(rate = 0.1, corelation = 0.5))
    plan_annotation(list(0.1))
    plan_annotation(list(correlation = 0.5))
    plan_annotation(list(rate = 0.1, mean = 0.1, sd = 1))
    plan_annotation(list(mean = 0.1))
    plan_annotation(list(rate = 1.2))
    plan_annotation(list(mean = 1, sd = 0))
    plan_annotation(list(rate = 0.1, sensitivity = 0.8))
    plan_annotation(list(rate = 0.1, sensitivity = 0.8, specificity = 0.9, correlation = 0.3))
    plan_annotation(list(rate = 0.1, sensitivity = 0, specificity = 1))
    plan_annotation(list(mean = 1, sd = 1, proxy_mean = 0.5))
    plan_annotation(list(rate = 0.1, proxy_mean = 0.4, correlation = 0.9))
    plan_annotation(list(rate = 0.1, cluster_size = 5))
    plan_annotation(list(rate = 0.1, cluster_size = c(2, 0), icc = 0.1))
    plan_annotation(list(rate = 0.1, cluster_size = 50, icc = 0.1, n_total = 300))
  })
  expect_error(plan_annotation(list(rate = 0.1, proxy_mean = 0.4, correlation = 0.9)),
               class = "judicious_error_infeasible")
})

test_that("arguments that make no sense are named", {
  known <- list(rate = 0.1, correlation = 0.5)
  expect_error(plan_annotation(), "pilot")
  expect_error(plan_annotation(known, clusters = 1), class = "rlib_error_dots_nonempty")
  expect_snapshot(error = TRUE, {
    plan_annotation(known, human ~ judge)
    plan_annotation(mtcars)
    plan_annotation(known, width = 1.2)
    plan_annotation(known, power = 0.8)
    plan_annotation(known, power = 0.01, mu = 0.2)
    plan_annotation(known, mu = 0.1)
    plan_annotation(known, mu = 2)
    plan_annotation(known, n = c(20, 20.5))
    plan_annotation(known, n = 3)
    plan_annotation(known, n_total = 5)
    plan_annotation(known, judge_cost = 1)
    plan_annotation(known, human_cost = 1, judge_cost = 1)
    plan_annotation(known, uncertainty = 1:20, n_total = 30)
    plan_annotation(list(rate = 0.1, cluster_size = 2, icc = 0), uncertainty = rep(1, 50))
  })
})

test_that("pilots that cannot tell are refused", {
  set.seed(39)
  data <- label_some(simulate_binary(300, 0.3, 0.3, 0.5), 100)
  constant <- quiet(estimate_mean(c(rep(0, 40), NA) ~ 1))
  expect_error(plan_annotation(constant), class = "judicious_error_undefined")
  finite <- estimate_mean(human ~ y_proxy, data, population = "finite")
  expect_error(plan_annotation(finite), class = "judicious_error_design")
  expect_error(plan_annotation(data, y_true ~ y_proxy), class = "judicious_error_design")
})
