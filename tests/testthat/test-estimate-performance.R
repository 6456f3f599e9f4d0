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
  fit <- quiet(estimate_performance(human ~ judge, data, predicted = predicted,
                                    metrics = c("accuracy", "recall", "f1")))
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

# --- yardstick -----------------------------------------------------------------------------------

# Its definitions, class by class; macro: the mean over classes.
by_yardstick <- function(truth, estimate, metric, macro = nlevels(truth) > 2) {
  counts <- table(estimate, truth)
  one <- function(k) {
    tp <- counts[k, k]
    fp <- sum(counts[k, ]) - tp
    fn <- sum(counts[, k]) - tp
    tn <- sum(counts) - tp - fp - fn
    switch(metric, accuracy = sum(diag(counts)) / sum(counts), precision = tp / (tp + fp),
           recall = tp / (tp + fn), specificity = tn / (tn + fp), npv = tn / (tn + fn),
           f_meas = 2 * tp / (2 * tp + fp + fn),
           bal_accuracy = (tp / (tp + fn) + tn / (tn + fp)) / 2)
  }
  if (macro) mean(vapply(levels(truth), one, 0)) else one(levels(truth)[1])
}

test_that("with all labels every metric is yardstick's, also of several classes", {
  set.seed(31)
  for (classes in 2:4) {
    levels <- letters[seq_len(classes)]
    truth <- factor(sample(levels, 500, TRUE), levels)
    predicted <- truth
    wrong <- runif(500) < 0.3
    predicted[wrong] <- sample(levels, sum(wrong), TRUE)
    fit <- quiet(estimate_performance(truth ~ 1, predicted = predicted, event_level = "first",
                                      metrics = judicious:::performance_metrics))
    table <- tidy(fit)
    shown <- table[table$.estimator %in% c("binary", "macro", "multiclass"), ]
    expect_identical(nrow(shown), 7L)
    for (k in seq_len(nrow(shown))) {
      expect_equal(shown$estimate[k], by_yardstick(truth, predicted, shown$.metric[k]),
                   info = paste(classes, shown$.metric[k]))
    }
  }
})

test_that("weights of strata reach every metric", {
  set.seed(32)
  data <- guardrail(600, 200)
  data$stratum <- rep(c("u", "v"), 300)
  weights <- c(u = 0.9, v = 0.1)
  fit <- estimate_performance(human ~ judge, data, predicted = flagged, strata = stratum,
                              strata_weights = weights)
  one <- estimate_mean(I((human == flagged) + 0) ~ I((judge == flagged) + 0), data,
                       strata = stratum, strata_weights = weights)
  expect_equal(unname(coef(fit)["accuracy"]), one$estimate)
  expect_equal(unname(confint(fit)["accuracy", ]), c(one$conf_low, one$conf_high))
  expect_error(estimate_performance(human ~ judge, data, predicted = flagged,
                                    strata_weights = weights), class = "judicious_error_design")
})
