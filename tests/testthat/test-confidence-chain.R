# From what the judge returned to a rate: the steps fit together, inside dplyr verbs too.

withr::local_seed(11)
n <- 600
p <- stats::rbeta(n, 4, 1)
breaks <- stats::rbinom(n, 1, 0.3)
judge <- ifelse(stats::runif(n) < p, breaks, 1L - breaks)
tokens <- data.frame(item_id = seq_len(n), position = 1L, token = ifelse(judge == 1, " Yes", " No"),
                     logprob = log(p))
tokens$logprob[5] <- NA
tokens$top <- Map(function(token, p) {
  other <- if (token == " Yes") "No" else "Yes"
  log(stats::setNames(c(p, 1 - p), c(token, other)))
}, tokens$token, p)
tokens$top[5] <- list(NULL)

judged <- quiet(label_confidence(tokens, "label_prob", labels = c("yes", "no")))
judged$judge <- judge
judged$correct <- judge == breaks
judged$half <- rep(c("a", "b"), n / 2)
plain <- transform(judged, confidence = as.double(confidence))

test_that("the confidences are those of the tokens", {
  expect_s3_class(judged$confidence, "judicious_confidence")
  expect_equal(as.double(judged$confidence)[-5], p[-5], tolerance = 1e-12)
  expect_true(is.na(judged$confidence[5]))
})

test_that("every function takes labelled confidences as it takes plain numbers", {
  measures <- list(quality = confidence_quality, roc = roc_points, completion = completion_curve,
                   reliability = reliability_curve)
  for (name in names(measures)) {
    measure <- measures[[name]]
    expect_equal(measure(judged$confidence, judged$correct),
                 measure(plain$confidence, plain$correct), info = name)
    expect_equal(measure(confidence, correct, by = half, data = judged),
                 measure(confidence, correct, by = half, data = plain), info = name)
  }
  map <- function(data) {
    withr::with_seed(1, predict(calibrate_confidence(confidence, correct, "platt", data = data)))
  }
  expect_equal(map(judged), map(plain))
  rule <- function(data) tidy(choose_threshold(confidence, correct, target = 0.85, data = data))
  expect_equal(rule(judged), rule(plain))
  expect_equal(quiet(confidence_to_uncertainty(judged$confidence)),
               quiet(confidence_to_uncertainty(plain$confidence)))
})

test_that("curves and quality work per group inside dplyr verbs", {
  skip_if_not_installed("dplyr")
  per_group <- function(measure) {
    dplyr::group_modify(dplyr::group_by(judged, half), function(rows, key) {
      measure(rows$confidence, rows$correct)
    })
  }
  tables <- list(
    quality = list(per_group(confidence_quality),
                   confidence_quality(confidence, correct, by = half, data = judged)),
    roc = list(per_group(roc_points), roc_points(confidence, correct, by = half, data = judged)),
    completion = list(per_group(completion_curve),
                      completion_curve(confidence, correct, by = half, data = judged)),
    reliability = list(per_group(reliability_curve),
                       reliability_curve(confidence, correct, by = half, data = judged))
  )
  for (name in names(tables)) {
    expect_equal(as.data.frame(tables[[name]][[1]]), as.data.frame(tables[[name]][[2]]),
                 info = name)
  }
})

test_that("calibration, threshold and uncertainty work inside dplyr verbs", {
  skip_if_not_installed("dplyr")
  step <- quiet(dplyr::mutate(
    judged, probability = withr::with_seed(1, predict(calibrate_confidence(confidence, correct))),
    uncertainty = confidence_to_uncertainty(probability),
    action = apply_threshold(confidence, choose_threshold(confidence, correct, target = 0.85))
  ))
  expect_warning(map <- withr::with_seed(1, calibrate_confidence(plain$confidence, plain$correct)),
                 class = "judicious_warning_calibration")
  by_hand <- predict(map)
  expect_equal(step$probability, by_hand)
  expect_equal(step$uncertainty, quiet(confidence_to_uncertainty(by_hand)))
  rule <- choose_threshold(plain$confidence, plain$correct, target = 0.85)
  expect_equal(as.character(step$action[-5]),
               ifelse(p[-5] >= rule$threshold, "accept", "review"))
  expect_identical(as.character(step$action[5]), "review")
  sure <- dplyr::filter(judged, confidence >= 0.9)
  expect_equal(confidence_quality(confidence, correct, data = sure)$accuracy,
               mean(judged$correct[which(p >= 0.9 & seq_len(n) != 5)]))
})

test_that("confidences of another method are refused at the next step", {
  stated <- label_confidence(c("90%", "70%"), "verbal")$confidence
  fit <- calibrate_confidence(confidence, correct, "platt", data = judged)
  expect_error(predict(fit, stated), class = "judicious_error_mixed_methods")
  rule <- choose_threshold(confidence, correct, data = judged)
  expect_error(apply_threshold(stated, rule), class = "judicious_error_mixed_methods")
})

test_that("doubtful labels are read more often, and the rate comes out right", {
  withr::local_seed(12)
  first <- sample_uniform(n, 100)
  checked <- reveal_labels(judged$correct, first)
  right <- predict(calibrate_confidence(judged$confidence, checked, "platt"))
  second <- sample_active(quiet(confidence_to_uncertainty(right, lowest = 0.1)), 100, "pivotal",
                          mix = 0)
  items <- data.frame(judge)
  items$prob <- 1 - (1 - 100 / n) * (1 - second$prob)
  items$human <- reveal_labels(breaks, first$selected == 1 | second$selected == 1)
  expect_lt(stats::cor(second$prob, p), -0.8)
  expect_gt(min(items$prob), 100 / n)
  fit <- estimate_mean(human ~ judge, items, prob = prob, population = "finite")
  expect_lt(abs(fit$estimate - mean(breaks)), 3 * fit$std_error)
})

# --- mistakes --------------------------------------------------------------------------

test_that("mistakes along the chain are named, with the way out", {
  fit <- calibrate_confidence(confidence, correct, "platt", data = judged)
  rule <- choose_threshold(confidence, correct, data = judged)
  table <- judged[c("item_id", "confidence")]
  expect_snapshot(error = TRUE, {
    confidence_quality(table, judged$correct)
    confidence_quality(data.frame(a = p, b = "80%"), judged$correct)
    confidence_quality(judged$confidence)
    calibrate_confidence(table, judged$correct)
    choose_threshold(judged$confidence)
    apply_threshold(rule, judged$confidence)
    confidence_to_uncertainty(fit)
    confidence_to_uncertainty(c("80%", "90%"))
    predict(fit, 80)
  })
})

test_that("these mistakes are classed", {
  table <- judged[c("item_id", "confidence")]
  expect_error(confidence_quality(judged$confidence), class = "judicious_error_required")
  expect_error(calibrate_confidence(correct = judged$correct), class = "judicious_error_required")
  expect_error(choose_threshold(judged$confidence), class = "judicious_error_required")
  for (f in list(confidence_quality, roc_points, calibrate_confidence, choose_threshold)) {
    expect_error(f(table, judged$correct), class = "judicious_error_type")
  }
})

test_that("a confidence is not taken for an uncertainty", {
  judged <- label_confidence(data.frame(item_id = rep(1:3, each = 4), label = rep("a", 12)),
                             method = "vote")
  expect_error(sample_active(judged$confidence, 2), class = "judicious_error_type",
               regexp = "confidence_to_uncertainty")
})
