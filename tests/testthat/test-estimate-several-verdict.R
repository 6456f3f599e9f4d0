# guard = "verdict" in the doors to several quantities: base sizes from how often each verdict was
# drawn (intervals.md of the design, section 2). The rule itself is that of estimate_mean().

# Rows drawn with known probabilities by a doubtful judge; a classifier beside it.
drawn_rows <- function(n = 1200, labels = 240, scores = FALSE) {
  data <- simulate_binary_active(n, true_mean = 0.25, proxy_mean = 0.2, correlation = 0.6)
  drawn <- sample_active(data$uncertainty, labels, mix = 0.3)
  data$prob <- drawn$prob
  data$human <- reveal_labels(data$y_true, drawn)
  data$judge <- if (scores) data$y_proxy * 0.6 + runif(n) * 0.4 else data$y_proxy
  data$flagged <- as.integer(runif(n) < 0.1 + 0.6 * data$y_true)
  data$system <- c("a", "b", "c")[1 + seq_len(n) %% 3]
  data$half <- c("u", "v")[1 + seq_len(n) %% 2]
  data
}

# Rows times the lowest mean prob of rows that are alike.
by_hand_verdict_base <- function(data, ...) {
  nrow(data) * min(tapply(data$prob, paste(...), mean))
}

weighted_rate <- function(x, data, of = rep(TRUE, nrow(data))) {
  on <- !is.na(data$human) & of
  stats::weighted.mean(x[on], 1 / data$prob[on])
}

test_that("a group's row is the mean of its rows, in every design", {
  set.seed(1)
  check <- function(data, strata = NULL, clusters = NULL, estimand = "rows",
                    formula = human ~ judge, ...) {
    at <- function(column, rows) if (!is.null(column)) data[[column]][rows]
    all <- seq_len(nrow(data))
    groups <- quiet(estimate_groups(formula, data, by = system, prob = prob,
                                    strata = at(strata, all), clusters = at(clusters, all),
                                    estimand = estimand, guard = "verdict", ...))
    for (g in groups$quantities) {
      rows <- which(data$system == g$term)
      one <- quiet(estimate_mean(formula, data[rows, ], prob = prob, strata = at(strata, rows),
                                 clusters = at(clusters, rows), estimand = estimand,
                                 guard = "verdict", ...))
      row <- tidy(groups[g$term])
      expect_equal(g$inference$n_base, one$inference$n_base, tolerance = 1e-12)
      expect_equal(c(row$estimate, row$conf.low, row$conf.high, row$n_effective),
                   c(one$estimate, one$conf_low, one$conf_high, one$n_effective),
                   tolerance = 1e-10)
    }
    groups
  }
  data <- drawn_rows()
  out <- check(data)
  expect_match(format(out), "^guard = \"verdict\": assumes that .* the judge errors", all = FALSE)
  check(data, strata = "half", conf_level = 0.9)
  data$other <- as.integer(runif(nrow(data)) < 0.2 + 0.4 * data$y_true)
  check(data, formula = human ~ judge + other)
  data$turn <- paste(data$system, data$half, seq_len(nrow(data)) %/% 18)
  check(data, clusters = "turn")
  whole <- data
  whole$prob <- stats::ave(whole$prob, whole$turn)
  drawn <- unique(whole$turn)
  drawn <- drawn[runif(length(drawn)) < 0.6]
  whole$human <- ifelse(whole$turn %in% drawn, whole$y_true, NA)
  check(whole, clusters = "turn", estimand = "clusters")
  check(drawn_rows(scores = TRUE))
  check(drawn_rows(scores = TRUE), strata = "half", interval = "wilson")
})

test_that("one group is estimate_mean(), and verdicts drawn alike change little", {
  set.seed(2)
  data <- drawn_rows()
  one <- estimate_groups(human ~ judge, data, by = rep("all", nrow(data)), prob = prob,
                         guard = "verdict")
  mean <- estimate_mean(human ~ judge, data, prob = prob, guard = "verdict")
  expect_equal(unname(confint(one)), unname(confint(mean)))
  robust <- estimate_groups(human ~ judge, data, by = system, prob = prob)
  trusting <- estimate_groups(human ~ judge, data, by = system, prob = prob, guard = "verdict")
  expect_equal(coef(robust), coef(trusting))
  expect_equal(vcov(robust), vcov(trusting))
  expect_true(all(diff(t(confint(trusting))) < diff(t(confint(robust)))))
  expect_false(any(grepl("verdict", format(robust))))
})

test_that("intervals of every door are those of the formula", {
  set.seed(3)
  data <- drawn_rows()
  # Shares of two categories: the same rows, verdicts and labels as a mean.
  kinds <- transform(data, human = factor(human, 0:1, c("no", "yes")),
                     judge = ifelse(judge == 1, "yes", "no"))
  shares <- tidy(estimate_shares(human ~ judge, kinds, prob = prob, guard = "verdict"))
  base <- by_hand_verdict_base(data, data$judge)
  expect_equal(c(shares$conf.low[2], shares$conf.high[2]),
               by_hand_rate(shares$estimate[2], weighted_rate(data$y_true, data),
                            shares$std.error[2]^2, base, nrow(data), 0.95, TRUE))
  # A difference of separate systems.
  two <- data[data$system != "c", ]
  fit <- estimate_difference(human ~ judge, data = two, by = system, prob = prob,
                             guard = "verdict")
  bases <- vapply(c("a", "b"), function(s) {
    part <- two[two$system == s, ]
    by_hand_verdict_base(part, part$judge)
  }, 0)
  base <- 1 / sqrt(sum(1 / bases^2))
  p0 <- weighted_rate(two$y_true, two, two$system == "a") -
    weighted_rate(two$y_true, two, two$system == "b")
  guard <- by_hand_guard(0.95, 10 / base) / 4
  p <- (p0 + 1) / 2
  n <- base * (base * p * (1 - p) + guard) / (base * (base - 1) * fit$std_error^2 / 4 + guard)
  x <- n * (fit$estimate + 1) / 2
  expect_equal(c(fit$conf_low, fit$conf_high),
               2 * c(qbeta(0.025, x, n - x + 1), qbeta(0.975, x + 1, n - x)) - 1)
  expect_match(format(fit), "^guard = \"verdict\": assumes", all = FALSE)
  # All pairs of groups, among them this one.
  groups <- estimate_groups(human ~ judge, data, by = system, prob = prob, guard = "verdict")
  pairs <- compare_groups(groups, against = "b", adjust = "none")
  expect_equal(c(pairs$conf.low[1], pairs$conf.high[1]), c(fit$conf_low, fit$conf_high))
  expect_match(format(pairs), "^guard = \"verdict\": assumes", all = FALSE)
  expect_equal(tidy(groups[c("b", "c")]), tidy(groups)[2:3, ], ignore_attr = TRUE)
  # Precision and recall: rows are alike where judge and classifier say the same, whichever
  # metrics are asked for.
  base <- by_hand_verdict_base(data, data$judge, data$flagged)
  for (metrics in list(c("precision", "recall"), c("accuracy", "f1", "recall", "precision"))) {
    performance <- estimate_performance(human ~ judge, data, predicted = flagged, prob = prob,
                                        metrics = metrics, guard = "verdict")
    rows <- tidy(performance)
    wholes <- list(precision = data$flagged == 1, recall = data$y_true == 1)
    for (metric in names(wholes)) {
      row <- rows[rows$term == metric, ]
      of <- wholes[[metric]]
      part <- base * weighted_rate(of, data)
      p0 <- weighted_rate(data$flagged * data$y_true, data, of)
      expect_equal(c(row$conf.low, row$conf.high),
                   by_hand_rate(row$estimate, p0, row$std.error^2, part, nrow(data), 0.95, TRUE),
                   info = metric)
    }
    expect_match(format(performance), "verdicts of judge and classifier errors", all = FALSE)
  }
  # The share of a part by two formulas, whose judges say nothing of rows outside the whole.
  part <- transform(data, top = human * flagged, bottom = ifelse(is.na(human), NA, flagged),
                    top_judge = judge * flagged)
  ratio <- estimate_ratio(top ~ top_judge, bottom ~ flagged, data = part, prob = prob,
                          guard = "verdict")
  base <- by_hand_verdict_base(part, part$top_judge, part$flagged)
  expect_equal(c(ratio$conf_low, ratio$conf_high),
               by_hand_rate(ratio$estimate, weighted_rate(data$y_true, data, data$flagged == 1),
                            ratio$std_error^2, base * weighted_rate(data$flagged, data),
                            nrow(data), 0.95, TRUE))
})

test_that("judges with scores are cut into fifths, each quantity by its own weights", {
  set.seed(4)
  data <- drawn_rows(scores = TRUE)
  fifth <- function(x) floor(5 * (rank(x, ties.method = "min") - 1) / length(x))
  data$chance <- data$judge
  performance <- tidy(estimate_performance(human ~ chance, data, predicted = flagged,
                                           prob = prob, metrics = "precision",
                                           guard = "verdict"))
  # Top: flagged * score; bottom: the verdict itself, a judge with two values.
  base <- min(by_hand_verdict_base(data, fifth(data$flagged * data$judge)),
              by_hand_verdict_base(data, fifth(data$flagged)))
  base <- base * weighted_rate(data$flagged, data)
  p0 <- weighted_rate(data$y_true, data, data$flagged == 1)
  expect_equal(c(performance$conf.low, performance$conf.high),
               by_hand_rate(performance$estimate, p0, performance$std.error^2, base, nrow(data),
                            0.95, TRUE))
})

test_that("where the assumption holds, groups and precision cover and are narrower", {
  withr::local_seed(5)
  hits <- list(groups = NULL, precision = NULL)
  width <- matrix(0, 2, 0)
  for (rep in 1:250) {
    data <- drawn_rows(900, 180)
    ask <- function(guard) {
      groups <- quiet(estimate_groups(human ~ judge, data, by = half, prob = prob, guard = guard))
      precision <- quiet(estimate_performance(human ~ judge, data, predicted = flagged,
                                              prob = prob, metrics = "precision", guard = guard))
      rbind(confint(groups), confint(precision))
    }
    bounds <- ask("verdict")
    truth <- c(0.25, 0.25, 0.25 * 0.7 / (0.1 + 0.25 * 0.6))
    covered <- bounds[, 1] <= truth & truth <= bounds[, 2]
    hits$groups <- c(hits$groups, covered[1:2])
    hits$precision <- c(hits$precision, covered[3])
    if (rep > 80) next
    width <- cbind(width, c(mean(bounds[, 2] - bounds[, 1]), mean(diff(t(ask("robust"))))))
  }
  for (some in hits) expect_coverage(some, 0.95, "less")
  expect_lt(mean(unlist(hits)), 0.995)
  expect_lt(mean(width[1, ]), mean(width[2, ]))
})

test_that("it needs prob, a judge, the rows and an interval that it can narrow", {
  set.seed(6)
  data <- drawn_rows(300, 90)
  same <- function(code) expect_snapshot(error = TRUE, code)
  same(estimate_groups(human ~ judge, data, by = system, guard = "verdict"))
  same(estimate_groups(human ~ 1, data, by = system, prob = prob, guard = "verdict"))
  same(estimate_groups(human ~ judge, data, by = system, prob = prob, guard = "verdict",
                       interval = "t"))
  same(estimate_groups(summarise_labels(human ~ judge, data, by = system, prob = prob),
                       guard = "verdict"))
  same(estimate_difference(human ~ judge, data = data[data$system != "c", ], by = system,
                           guard = "verdict"))
  same(estimate_ratio(human ~ judge, data = data[data$system != "c", ], by = system, prob = prob,
                      guard = "verdict"))
  same(estimate_performance(human ~ judge, data, predicted = flagged, guard = "verdict"))
  same(estimate_performance(human ~ judge, data, predicted = flagged, prob = prob,
                            guard = "verdicts"))
  same(estimate_mean(human ~ judge, data, prob = prob, guard = "verdict", interval = "t"))
})
