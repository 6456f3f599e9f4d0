# Precision and recall with a judge's help, shares of categories, quantiles.

test_that("precision, recall and F1 equal the reference", {
  for (case in read_reference("ratios.json")$cases) {
    data <- data.frame(y = as.double(case$y_true), c = as.double(case$system_call))
    data$f <- t(case$y_proxies)
    # Scores of judges count as probabilities: only 0/1 judges are compared.
    formula <- stats::reformulate(paste0("f", seq_len(ncol(data$f))), "y")
    data <- cbind(data[c("y", "c")], stats::setNames(as.data.frame(data$f),
                                                     paste0("f", seq_len(ncol(data$f)))))
    fit <- quiet(estimate_performance(
      formula, data, predicted = c, metrics = c("accuracy", "precision", "recall", "f1"),
      strata = case$strata, clusters = case$clusters, prob = case$prob
    ))
    names <- c(precision = "precision", recall = "recall", f1 = "jaccard")
    for (metric in names(names)) {
      e <- case$expected[[names[[metric]]]]
      q <- fit$quantities[[match(metric, tidy(fit)$term)]]
      expect_equal(q$inference$estimate, e$estimate, tolerance = 1e-10)
      expect_equal(q$inference$variance, e$variance, tolerance = 1e-10)
      expect_equal(q$inference$hc2, e$variance_hc2, tolerance = 1e-10)
      if (is.null(case$prob)) {  # else they follow the base size, which is another
        expect_equal(q$inference$hc3, e$variance_hc3, tolerance = 1e-10)
        expect_equal(q$inference$df, e$df, tolerance = 1e-10)
      }
      expect_equal(q$inference$labels_only, e$p0, tolerance = 1e-10)
      if (is.null(case$clusters) && is.null(case$prob)) {
        expect_equal(q$inference$n_base, e$n_base, tolerance = 1e-10)
        by_hand <- by_hand_rate(e$estimate, e$p0, e$variance_hc2, e$n_base, nrow(data), 0.95,
                                FALSE)
        if (metric == "f1") by_hand <- 2 * by_hand / (1 + by_hand)
        expect_equal(unname(confint(fit, metric)[1, ]), by_hand, tolerance = 1e-8)
      }
    }
    accuracy <- fit$quantities[[1]]$inference
    expect_equal(accuracy$estimate, case$expected$accuracy$estimate, tolerance = 1e-10)
    expect_equal(accuracy$variance, case$expected$accuracy$variance, tolerance = 1e-10)
  }
})

guardrail <- function(n = 1000, labelled = 200) {
  truth <- rbinom(n, 1, 0.2)
  flip <- function(p) ifelse(runif(n) < p, 1 - truth, truth)
  data <- data.frame(human = truth, judge = flip(0.1), flagged = flip(0.15))
  data$human[-seq_len(labelled)] <- NA
  data
}

test_that("with all labels the metrics are those of the table", {
  set.seed(1)
  data <- guardrail(300, 300)
  metrics <- judicious:::performance_metrics
  fit <- quiet(estimate_performance(human ~ judge, data, predicted = flagged, metrics = metrics))
  t <- table(data$human, data$flagged)
  precision <- t[2, 2] / sum(t[, 2])
  recall <- t[2, 2] / sum(t[2, ])
  specificity <- t[1, 1] / sum(t[1, ])
  expect_equal(unname(coef(fit)), c(
    sum(diag(t)) / 300, precision, recall, specificity, t[1, 1] / sum(t[, 1]),
    2 * precision * recall / (precision + recall), (recall + specificity) / 2
  ))
  expect_identical(tidy(fit)$.metric, c("accuracy", "precision", "recall", "specificity", "npv",
                                        "f_meas", "bal_accuracy"))
})

test_that("recall of the complement is specificity, however events are coded", {
  set.seed(2)
  data <- guardrail()
  flip <- as.data.frame(lapply(data, function(x) 1 - x))
  metrics <- c("recall", "specificity", "precision", "npv")
  a <- estimate_performance(human ~ judge, data, predicted = flagged, metrics = metrics)
  b <- estimate_performance(human ~ judge, flip, predicted = flagged, metrics = metrics)
  expect_equal(confint(a)[c(1, 2, 3, 4), ], confint(b)[c(2, 1, 4, 3), ], ignore_attr = TRUE)
  words <- as.data.frame(lapply(data, function(x) factor(x, 0:1, c("safe", "unsafe"))))
  c1 <- estimate_performance(human ~ judge, words, predicted = flagged, metrics = metrics)
  expect_equal(confint(c1), confint(a))
  expect_match(format(c1)[1], "event: unsafe")
  c2 <- estimate_performance(human ~ judge, words, predicted = flagged, metrics = metrics,
                             event_level = "first")
  expect_equal(unname(confint(c2)), unname(confint(b)))
})

test_that("more than two classes have metrics each, and their mean", {
  set.seed(3)
  n <- 600
  truth <- sample(c("a", "b", "c"), n, TRUE, c(0.5, 0.3, 0.2))
  wrong <- function(p) ifelse(runif(n) < p, sample(c("a", "b", "c"), n, TRUE), truth)
  data <- data.frame(human = truth, judge = wrong(0.2), predicted = wrong(0.3))
  fit <- estimate_performance(human ~ judge, data, predicted = predicted,
                              metrics = c("accuracy", "recall", "f1"))
  table <- tidy(fit)
  recalls <- tapply(data$predicted == truth, truth, mean)
  expect_equal(table$estimate[table$term %in% paste0("recall (", c("a", "b", "c"), ")")],
               as.numeric(recalls))
  expect_equal(table$estimate[table$term == "recall (macro)"], mean(recalls))
  expect_equal(table$estimate[1], mean(data$predicted == truth))
  f1 <- table$estimate[grepl("f1", table$term)]
  expect_equal(f1[4], mean(f1[1:3]))
  expect_identical(table$.estimator[c(1, 2, 5)], c("multiclass", "class", "macro"))
})

test_that("what is not positive is not estimated, with the reason", {
  data <- data.frame(human = c(rep(0:1, 20), rep(NA, 60)), judge = rep(0:1, 50), flagged = 0)
  fit <- quiet(estimate_performance(human ~ judge, data, predicted = flagged,
                                    metrics = c("precision", "recall")))
  expect_identical(unname(coef(fit)[1]), NA_real_)
  expect_identical(unname(confint(fit)[1, ]), c(0, 1))
  expect_match(tidy(fit)$note[1], "nothing predicted positive")
  expect_identical(unname(coef(fit)[2]), 0)
  expect_output(print(fit), "NA")
})

test_that("misuse is named", {
  set.seed(4)
  data <- guardrail(100, 50)
  class_of <- function(expr) {
    cnd <- tryCatch(quiet(expr), error = identity)
    sub("judicious_error_", "", grep("^judicious_error_", class(cnd), value = TRUE)[1])
  }
  expect_identical(class_of(estimate_performance(human ~ judge, data)), "missing_argument")
  data$three <- rep(0:2, length.out = 100)
  expect_identical(class_of(estimate_performance(human ~ judge, data, predicted = three)),
                   "levels")
  data$gap <- replace(data$flagged, 7, NA)
  expect_identical(class_of(estimate_performance(human ~ judge, data, predicted = gap)), "missing")
  expect_identical(class_of(estimate_performance(human ~ gap, data, predicted = flagged)),
                   "finite")
  expect_identical(class_of(estimate_performance(human ~ judge, data, predicted = flagged,
                                                 metrics = "auc")), "choice")
  expect_identical(class_of(estimate_performance(three ~ judge, data, predicted = flagged)),
                   "type")
  expect_identical(class_of(estimate_performance(human ~ judge, data, predicted = 1)), "length")
  expect_identical(class_of(estimate_shares(human ~ judge, data)), "type")
  expect_identical(class_of(estimate_shares(I(rep("x", 100)) ~ judge, data)), "type")
  expect_identical(class_of(estimate_quantile(human ~ judge, data, probs = 1)), "range")
  expect_identical(class_of(estimate_quantile(human ~ judge, data, probs = c(0.5, 0.5))), "length")
  error <- tryCatch(estimate_mean(factor(three) ~ judge, data), error = identity)
  expect_match(conditionMessage(error), "estimate_shares")
})

# --- shares --------------------------------------------------------------------------------------

test_that("shares sum to 1 with a singular covariance, and are means of 0/1 labels", {
  set.seed(5)
  n <- 400
  kind <- sample(letters[1:4], n, TRUE, c(0.5, 0.3, 0.15, 0.05))
  data <- data.frame(judge = ifelse(runif(n) < 0.8, kind, sample(letters[1:4], n, TRUE)))
  data$human <- ifelse(seq_len(n) <= 150, kind, NA)
  shares <- estimate_shares(human ~ judge, data)
  raw <- vapply(shares$quantities, function(q) q$inference$estimate, 0)
  expect_equal(sum(raw), 1)
  expect_equal(unname(rowSums(vcov(shares, "plain"))), rep(0, 4), tolerance = 1e-12)
  together <- confint(shares, simultaneous = TRUE)
  expect_true(all(together[, 1] <= confint(shares)[, 1]))
  data$is_b <- ifelse(is.na(data$human), NA, data$human == "b") + 0
  judges <- outer(data$judge, letters[1:3], `==`) + 0
  one <- quiet(estimate_mean(is_b ~ judges, data))
  expect_equal(unname(confint(shares, "b")[1, ]), unname(confint(one)[1, ]), tolerance = 1e-8)
  expect_s3_class(ggplot2::autoplot(shares, type = "bar"), "ggplot")
  expect_error(ggplot2::autoplot(estimate_quantile(rnorm(50) ~ 1), type = "bar"),
               class = "judicious_error_undefined")
})

# --- quantiles -----------------------------------------------------------------------------------

test_that("quantiles equal the reference", {
  for (case in read_reference("quantiles.json")$cases) {
    data <- data.frame(y = as.double(case$y_true))
    data$f <- t(case$y_proxies)
    simple <- is.null(case$clusters) && is.null(case$prob)
    probs <- vapply(case$expected, function(e) e$q, 0)
    fit <- quiet(estimate_quantile(y ~ f, data, probs = probs, strata = case$strata,
                                   clusters = case$clusters, prob = case$prob))
    expect_equal(unname(coef(fit)), vapply(case$expected, function(e) e$point, 0),
                 tolerance = 1e-8)
    if (!simple) next
    # The guard of intervals.md moves few ends by a grid value.
    ends <- vapply(case$expected, function(e) {
      as.numeric(c(e$lower %||% NA, e$upper %||% NA))
    }, c(0, 0))
    same <- t(ends) == unname(confint(fit))
    expect_gt(mean(same, na.rm = TRUE), 0.75)
  }
})

test_that("labels alone are the sample's quantile and exact order statistics", {
  set.seed(6)
  y <- rnorm(60)
  fit <- estimate_quantile(y ~ 1, probs = c(0.25, 0.5))
  expect_equal(unname(coef(fit)), unname(stats::quantile(y, c(0.25, 0.5), type = 1)))
  # Clopper and Pearson: the share below t is not below (above) 1/2.
  sorted <- sort(y)
  inside <- vapply(1:60, function(k) {
    ends <- stats::binom.test(k, 60)$conf.int
    ends[1] <= 0.5 && ends[2] >= 0.5
  }, NA)
  expect_equal(unname(confint(fit)[2, ]), c(sorted[min(which(inside))],
                                            sorted[max(which(inside)) + 1]))
  expect_identical(unname(confint(estimate_quantile(y[1:10] ~ 1, probs = 0.99))[2]), Inf)
})

test_that("many values are thinned, and the result is still that of all values", {
  set.seed(7)
  n <- 3000
  data <- data.frame(f = rnorm(n))
  data$y <- ifelse(seq_len(n) <= 100, data$f + rnorm(n, 0, 0.5), NA)
  grid <- sort(unique(c(data$f, data$y)))
  below <- function(t) quiet(estimate_mean(I((y <= t) + 0) ~ I((f <= t) + 0), data))
  for (q in c(0.3, 0.8)) {
    fit <- estimate_quantile(y ~ f, data, probs = q)
    at <- match(c(coef(fit), confint(fit)), grid)
    expect_gte(below(grid[at[1]])$estimate, q)
    expect_lt(below(grid[at[1] - 1])$estimate, q)
    expect_gte(below(grid[at[2]])$conf_high, q)
    expect_lt(below(grid[at[2] - 1])$conf_high, q)
    expect_lte(below(grid[at[3] - 1])$conf_low, q)
    expect_gt(below(grid[at[3]])$conf_low, q)
    expect_error(vcov(fit), class = "judicious_error_undefined")
  }
})
