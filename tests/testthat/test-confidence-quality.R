confidence <- c(0.95, 0.9, 0.85, 0.8, 0.8, 0.65, 0.6, 0.5)
correct <- c(TRUE, TRUE, TRUE, FALSE, TRUE, FALSE, TRUE, FALSE)

test_that("measures are those worked by hand", {
  q <- confidence_quality(confidence, correct)
  # Right labels beat wrong ones: 0.95, 0.9, 0.85: 3 each; 0.8: 2.5; 0.6: 1 of 3.
  expect_equal(q$auroc, (9 + 2.5 + 1) / 15)
  expect_equal(q$brier, mean((confidence - correct)^2))
  expect_equal(q$log_loss, -mean(log(ifelse(correct, confidence, 1 - confidence))))
  expect_equal(q$accuracy, 5 / 8)
  expect_equal(c(q$accuracy_low, q$accuracy_high), as.vector(binom.test(5, 8)$conf.int))
  expect_equal(q$mean_confidence, mean(confidence))
  # Risks by rank, the tie at ranks 4 and 5 in expectation: 1/2 then 1 wrong.
  expect_equal(q$aurc, mean(c(0, 0, 0, 0.5 / 4, 1 / 5, 2 / 6, 2 / 7, 3 / 8)))
  # Bins (0.4, 0.5], (0.5, 0.6], (0.6, 0.7], (0.7, 0.8], (0.8, 0.9], (0.9, 1].
  gaps <- c(0.5, 0.4, 0.65, 0.3, 0.125, 0.05)
  expect_equal(q$ece, sum(c(1, 1, 1, 2, 2, 1) * gaps) / 8)
  expect_equal(q$mce, 0.65)
  # Two halves of four, the tie at 0.8 in the upper one by the middle of its ranks.
  mass <- confidence_quality(confidence, correct, n_bins = 2)
  low <- c(0.5, 0.6, 0.65)
  high <- c(0.8, 0.8, 0.85, 0.9, 0.95)
  expect_equal(mass$mce_mass, max(abs(mean(low) - 1 / 3), abs(mean(high) - 4 / 5)))
})

test_that("AUROC and its interval are those of pROC", {
  skip_if_not_installed("pROC")
  withr::local_seed(1)
  for (digits in c(1, 2, 8)) {
    data <- simulate_confidence(300)
    data$confidence <- round(data$confidence, digits)
    theirs <- pROC::ci.auc(pROC::roc(data$correct, data$confidence, quiet = TRUE,
                                     direction = "<"), conf.level = 0.9)
    ours <- quiet(confidence_quality(confidence, correct, data = data, conf_level = 0.9))
    expect_equal(c(ours$auroc_low, ours$auroc, ours$auroc_high), as.vector(theirs),
                 tolerance = 1e-10, info = digits)
  }
})

test_that("only the order counts for AUROC and AURC", {
  withr::local_seed(2)
  data <- simulate_confidence(200)
  one <- confidence_quality(confidence, correct, data = data)
  two <- quiet(confidence_quality(100 * qlogis(confidence) - 7, correct, data = data))
  columns <- c("auroc", "auroc_low", "auroc_high", "aurc", "accuracy")
  expect_equal(as.list(one[columns]), as.list(two[columns]), tolerance = 1e-12)
  reversed <- quiet(confidence_quality(-confidence, correct, data = data))
  expect_equal(reversed$auroc, 1 - one$auroc)
  shuffled <- confidence_quality(confidence, correct, data = data[sample(200), ])
  expect_equal(shuffled, one, tolerance = 1e-12)
})

test_that("the DeLong interval covers", {
  withr::local_seed(3)
  truth <- stats::pnorm(1 / sqrt(2))
  correct <- rep(rep(c(TRUE, FALSE), c(60, 40)), 1000)
  sample <- rep(1:1000, each = 100)
  q <- quiet(confidence_quality(stats::rnorm(1e5, correct), correct, by = sample))
  expect_identical(nrow(q), 1000L)
  expect_coverage(q$auroc_low <= truth & truth <= q$auroc_high)
})

test_that("missing values are left out, counted, and never 0", {
  with_gaps <- confidence_quality(c(confidence, NA, 0.7, NaN), c(correct, TRUE, NA, FALSE))
  expect_identical(with_gaps$n, 8)
  expect_identical(with_gaps$n_missing, 3)
  plain <- confidence_quality(confidence, correct)
  expect_equal(as.list(with_gaps[-(1:2)]), as.list(plain[-(1:2)]))
  expect_match(format(with_gaps), "Left out: 3 rows", all = FALSE)
})

test_that("undefined measures are NA with one warning that names the group", {
  by <- rep(c("all right", "mixed"), each = 8)
  expect_warning(
    q <- confidence_quality(c(confidence, confidence), c(rep(TRUE, 8), correct), by = by),
    "1 group, such as \"all right\"", class = "judicious_warning_one_class"
  )
  expect_identical(is.na(q$auroc), c(TRUE, FALSE))
  expect_false(anyNA(q$brier))
  expect_warning(q <- confidence_quality(c(0.9, 0.8, 0.3, 0.2), c(1, 1, 0, 0)),
                 class = "judicious_warning_degenerate")
  expect_identical(c(q$auroc, q$auroc_low, q$auroc_high), c(1, NA, NA))
  expect_warning(q <- confidence_quality(10 * confidence, correct),
                 class = "judicious_warning_not_probability")
  expect_identical(c(q$brier, q$log_loss, q$ece, q$mce, q$mean_confidence), rep(NA_real_, 5))
  expect_warning(q <- confidence_quality(c(NA, 0.5), c(1, NA)),
                 class = "judicious_warning_one_class")
  expect_identical(q$n, 0)
  expect_true(is.na(q$accuracy) && is.na(q$aurc) && is.na(q$brier))
})

test_that("a certain and wrong label costs an infinite log loss", {
  expect_identical(quiet(confidence_quality(c(1, 0.5, 0.4), c(0, 1, 0)))$log_loss, Inf)
  expect_equal(quiet(confidence_quality(c(1, 0, 0.5, 0.5), c(1, 0, 1, 0)))$log_loss, log(2) / 2)
})

test_that("groups are measured apart, in order, with their columns first", {
  withr::local_seed(4)
  data <- simulate_confidence(300)
  data$judge <- rep(c("b", "a", "c"), 100)
  data$language <- factor(rep(c("en", "de"), 150), c("en", "de"))
  q <- confidence_quality(confidence, correct, by = judge, data = data)
  expect_identical(q$judge, c("a", "b", "c"))
  for (name in q$judge) {
    rows <- data$judge == name
    expect_equal(as.list(q[q$judge == name, -1]),
                 as.list(as.data.frame(confidence_quality(data$confidence[rows],
                                                          data$correct[rows]))))
  }
  both <- confidence_quality(confidence, correct, by = data[c("language", "judge")], data = data)
  expect_identical(nrow(both), 6L)
  expect_identical(names(both)[1:3], c("language", "judge", "n"))
  expect_identical(as.character(both$language), rep(c("en", "de"), each = 3))
})

test_that("several methods side by side are told apart by a column", {
  other <- rev(confidence)
  q <- quiet(confidence_quality(data.frame(first = confidence, second = other), correct))
  expect_identical(q$method, c("first", "second"))
  expect_equal(q$auroc[2], quiet(confidence_quality(other, correct))$auroc)
  both <- quiet(confidence_quality(cbind(a = confidence, b = other),
                                   cbind(a = correct, b = rev(correct))))
  expect_equal(both$auroc[1], both$auroc[2])
})

test_that("it works inside dplyr verbs", {
  skip_if_not_installed("dplyr")
  data <- data.frame(confidence = rep(confidence, 2), correct = rep(correct, 2),
                     judge = rep(c("a", "b"), each = 8))
  result <- dplyr::summarise(dplyr::group_by(data, judge), confidence_quality(confidence, correct))
  expect_identical(result$judge, c("a", "b"))
  expect_equal(result$auroc, rep(confidence_quality(confidence, correct)$auroc, 2))
})

test_that("the table is printed, tidied and drawn", {
  q <- confidence_quality(confidence, correct, by = rep(c("x", "y"), each = 4),
                          n_bins = 5) |> quiet()
  expect_snapshot(print(q))
  expect_snapshot(print(quiet(confidence_quality(confidence, correct))))
  tidied <- tidy(q)
  expect_identical(names(tidied), c("by", "term", "estimate", "conf.low", "conf.high",
                                    "conf.level", "n"))
  expect_identical(tidied$estimate[tidied$term == "auroc"], q$auroc)
  expect_identical(tidied$conf.low[tidied$term == "accuracy"], q$accuracy_low)
  expect_identical(class(q[1:2]), "data.frame")
  points <- plot_layer(ggplot2::autoplot(q), "GeomPoint")
  expect_setequal(round(points$x, 12), round(tidied$estimate[tidied$term %in% c(
    "accuracy", "auroc", "aurc", "brier", "log_loss", "ece")], 12))
})
