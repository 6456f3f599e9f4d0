withr::local_seed(11)
data <- simulate_confidence(300)
data$stated <- data$confidence^0.25

# The targets Platt fits in place of 1 and 0.
platt_targets <- function(correct) {
  n1 <- sum(correct)
  n0 <- sum(!correct)
  ifelse(correct, (n1 + 1) / (n1 + 2), 1 / (n0 + 2))
}

fit_glm <- function(formula, data) {
  suppressWarnings(stats::glm(formula, stats::quasibinomial(), data, epsilon = 1e-14, maxit = 100))
}

test_that("isotonic regression is that of stats::isoreg", {
  for (digits in c(1, 6)) {
    score <- round(data$stated, digits)
    fit <- calibrate_confidence(score, data$correct, n_folds = 1)
    # Ties are pooled first: isoreg on their means needs weights, repeated means give them.
    means <- stats::ave(as.numeric(data$correct), score)
    order <- order(score)
    expect_equal(predict(fit)[order], stats::isoreg(score[order], means[order])$yf,
                 tolerance = 1e-10)
  }
})

test_that("Platt scaling is logistic regression on the logit, with Platt's targets", {
  fit <- calibrate_confidence(data$stated, data$correct, "platt", n_folds = 1)
  oracle <- fit_glm(platt_targets(correct) ~ qlogis(stated), data)
  expect_equal(unname(fit$coef), unname(stats::coef(oracle)), tolerance = 1e-8)
  expect_equal(predict(fit), unname(stats::fitted(oracle)), tolerance = 1e-8)
})

test_that("temperature scaling has one slope and no intercept", {
  fit <- calibrate_confidence(data$stated, data$correct, "temperature", n_folds = 1)
  oracle <- fit_glm(platt_targets(correct) ~ 0 + qlogis(stated), data)
  expect_equal(tidy(fit)$estimate, 1 / unname(stats::coef(oracle)), tolerance = 1e-8)
  expect_identical(tidy(fit)$term, "temperature")
  expect_gt(tidy(fit)$estimate, 1)  # over-confident
})

test_that("beta calibration is logistic regression on two logs", {
  oracle <- fit_glm(platt_targets(correct) ~ log(stated) + I(-log1p(-stated)), data)
  expect_true(all(stats::coef(oracle)[-1] > 0))
  fit <- calibrate_confidence(data$stated, data$correct, "beta", n_folds = 1)
  expect_equal(unname(fit$coef), unname(stats::coef(oracle)), tolerance = 1e-8)
})

test_that("a slope of the wrong sign is left out of beta calibration", {
  withr::local_seed(12)
  p <- stats::runif(400)
  right <- stats::runif(400) < p^3 / (p^3 + (1 - p)^-0.5)
  oracle <- fit_glm(platt_targets(right) ~ log(p) + I(-log1p(-p)), data.frame(p, right))
  expect_lt(stats::coef(oracle)[3], 0)
  fit <- calibrate_confidence(p, right, "beta", n_folds = 1)
  reduced <- fit_glm(platt_targets(right) ~ log(p), data.frame(p, right))
  expect_equal(unname(fit$coef), c(unname(stats::coef(reduced)), 0), tolerance = 1e-8)
})

test_that("scores that are no probabilities are logits as they stand", {
  margin <- 3 * stats::qlogis(data$confidence)
  fit <- calibrate_confidence(margin, data$correct, "platt", n_folds = 1)
  expect_identical(fit$scale, "score")
  oracle <- fit_glm(platt_targets(correct) ~ margin, cbind(data, margin))
  expect_equal(unname(fit$coef), unname(stats::coef(oracle)), tolerance = 1e-8)
  inside <- calibrate_confidence(data$stated, data$correct, "platt", n_folds = 1, scale = "score")
  expect_false(isTRUE(all.equal(inside$coef[["slope"]], 1)))
  expect_error(calibrate_confidence(margin, data$correct, "beta"),
               class = "judicious_error_choice")
  expect_error(calibrate_confidence(margin, data$correct, scale = "probability"),
               class = "judicious_error_range")
})

test_that("maps rise with the confidence, and stay in [0, 1]", {
  grid <- seq(0, 1, length.out = 201)
  for (method in c("isotonic", "platt", "temperature", "beta")) {
    # Steps cost some of the order, and say so.
    fit <- without_warning(calibrate_confidence(round(data$stated, 1), data$correct, method),
                           "calibration")
    p <- predict(fit, grid)
    expect_true(all(diff(p) >= -1e-15), info = method)
    expect_true(all(p >= 0 & p <= 1), info = method)
  }
})

test_that("a stated 100% is not taken at its word", {
  stated <- rep(c(0.8, 0.9, 1), c(20, 50, 80))
  right <- c(rep(0:1, c(8, 12)), rep(0:1, c(12, 38)), rep(0:1, c(6, 74)))
  fit <- calibrate_confidence(stated, right, "platt", n_folds = 1)
  expect_equal(fit$limits[2], 0.95)
  expect_equal(predict(fit, c(0.8, 0.9, 1)), c(0.6, 0.76, 0.925), tolerance = 0.05)
})

test_that("labelled rows are predicted by the other folds, the others by all", {
  data$correct[251:300] <- NA
  withr::local_seed(13)
  fit <- calibrate_confidence(stated, correct, "platt", data = data)
  expect_identical(is.na(fit$fold), is.na(data$correct))
  expect_equal(as.vector(table(fit$fold)), rep(50, 5))
  for (fold in 1:5) {
    inside <- which(fit$fold == fold)
    others <- setdiff(1:250, inside)
    alone <- calibrate_confidence(data$stated[others], data$correct[others], "platt", n_folds = 1)
    expect_equal(predict(fit)[inside], predict(alone, data$stated[inside]), tolerance = 1e-10)
  }
  whole <- calibrate_confidence(data$stated[1:250], data$correct[1:250], "platt", n_folds = 1)
  expect_equal(predict(fit)[251:300], predict(whole, data$stated[251:300]), tolerance = 1e-10)
  expect_equal(predict(fit, data$stated), predict(whole, data$stated), tolerance = 1e-10)
})

test_that("set.seed() governs the folds", {
  run <- function(seed) {
    set.seed(seed)
    predict(without_warning(calibrate_confidence(data$stated, data$correct), "calibration"))
  }
  expect_identical(run(1), run(1))
  expect_false(identical(run(1), run(2)))
})

test_that("calibration mends over-confidence on new items, and in-sample numbers flatter", {
  withr::local_seed(14)
  results <- replicate(20, {
    old <- simulate_confidence(300)
    new <- simulate_confidence(3000)
    map <- function(...) {
      without_warning(calibrate_confidence(old$confidence^0.25, old$correct, ...), "calibration")
    }
    fit <- map()
    inside <- map(n_folds = 1)
    brier <- function(p, y) mean((p - y)^2)
    c(raw = brier(new$confidence^0.25, new$correct),
      new = brier(predict(fit, new$confidence^0.25), new$correct),
      crossed = fit$quality$brier[2], inside = inside$quality$brier[2])
  })
  means <- rowMeans(results)
  expect_lt(means[["new"]], means[["raw"]] - 0.02)
  expect_lt(means[["inside"]], means[["new"]])
  # Cross-fitted numbers are honest: within their error of those of new items.
  gap <- results["crossed", ] - results["new", ]
  expect_lt(abs(mean(gap)), 4 * stats::sd(gap) / sqrt(20))
})

test_that("missing confidences stay missing, and single classes are mapped", {
  fit <- calibrate_confidence(c(data$stated, NA), c(data$correct, TRUE), "beta")
  expect_identical(is.na(predict(fit)), c(rep(FALSE, 300), TRUE))
  expect_identical(predict(fit, c(NA_real_, NaN)), c(NA_real_, NA_real_))
  for (method in c("isotonic", "platt", "temperature", "beta")) {
    p <- predict(calibrate_confidence(c(0.5, 0.7, 0.9, 0.95), rep(TRUE, 4), method, n_folds = 2))
    expect_true(all(is.finite(p)), info = method)
  }
})

test_that("mistakes are named", {
  expect_snapshot(error = TRUE, {
    calibrate_confidence(c(0.5, 0.6), c(TRUE, NA))
    calibrate_confidence(c(0.5, Inf, 0.2), c(1, 0, 1), n_folds = 1)
    calibrate_confidence(c(0.5, 2), c(1, 0), scale = "probability")
    calibrate_confidence(c(0.5, 2), c(1, 0), "beta")
    calibrate_confidence(c(0.5, 0.2), c(1, 0), "spline")
    predict(calibrate_confidence(c(0.5, 0.2), c(1, 0), n_folds = 1), 1.5)
  })
  expect_error(calibrate_confidence(c(0.5, 0.6), c(TRUE, NA)), class = "judicious_error_undefined")
})
