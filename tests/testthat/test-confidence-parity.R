# Numbers of other packages: see the README beside them.

reference <- function(name) read_reference("confidence.json")[[name]]

test_that("AUROC and the ROC points are those of the reference", {
  for (case in reference("auroc")) {
    expected <- case$expected
    if (expected$single_class) next
    expect_equal(quiet(confidence_quality(case$confidence, case$correct))$auroc, expected$auroc,
                 tolerance = 1e-10, info = case$id)
    points <- roc_points(case$confidence, case$correct)[-1, ]
    for (column in c("threshold", "fpr", "tpr")) {
      expect_equal(points[[column]], as.numeric(expected$roc_all[[column]]), tolerance = 1e-10,
                   info = paste(case$id, column))
    }
  }
})

test_that("labels of one class have no AUROC, where the reference says 1", {
  single <- Filter(function(case) case$expected$single_class, reference("auroc"))
  expect_length(single, 2)
  for (case in single) {
    expect_identical(as.numeric(case$expected$auroc), 1)
    expect_warning(quality <- confidence_quality(case$confidence, case$correct),
                   class = "judicious_warning_one_class")
    expect_identical(quality$auroc, NA_real_)
  }
})

# The reference drops a point only if both steps beside it are equal; a straight stretch with ties
# keeps points that say nothing. Ours are the corners: a subset, with the same area.
test_that("thinned ROC points are the corners of the reference's", {
  n_fewer <- 0
  for (case in reference("auroc")) {
    if (case$expected$single_class) next
    theirs <- case$expected$roc_thinned
    ours <- roc_points(case$confidence, case$correct, thin = TRUE)
    expect_true(all(ours$threshold[-1] %in% theirs$threshold), info = case$id)
    area <- sum(diff(ours$fpr) * (ours$tpr[-1] + ours$tpr[-nrow(ours)]) / 2)
    expect_equal(area, case$expected$auroc, tolerance = 1e-10, info = case$id)
    n_fewer <- n_fewer + length(theirs$threshold) - (nrow(ours) - 1)
  }
  expect_gt(n_fewer, 0)
})

# The reference keeps what lies strictly above a threshold; we keep what equals it as well, as its
# own metric by thresholds does: a label is accepted at its own confidence.
test_that("completion rates are those of the reference plus the ties at the threshold", {
  n_tied <- 0
  for (case in reference("completion_rate")) {
    curve <- completion_curve(case$confidence, rep(1, length(case$confidence)),
                              thresholds = case$thresholds)
    ours <- curve$completion[match(case$thresholds, curve$threshold)]
    tied <- vapply(case$thresholds, function(t) mean(case$confidence == t), 0)
    expect_equal(ours - tied, as.numeric(case$expected), tolerance = 1e-10, info = case$id)
    n_tied <- n_tied + sum(tied > 0)
  }
  expect_gt(n_tied, 0)
})

expect_calibration <- function(case, expected, closed) {
  quality <- quiet(confidence_quality(case$confidence, case$correct, closed = closed))
  expect_equal(quality$ece, expected$ece, tolerance = 1e-10, info = case$id)
  expect_equal(quality$mce, expected$mce, tolerance = 1e-10, info = case$id)
  curve <- reliability_curve(case$confidence, case$correct, closed = closed)
  filled <- which(expected$count > 0)
  expect_equal(curve$bin, filled, info = case$id)
  expect_equal(curve$n, as.numeric(expected$count[filled]), info = case$id)
  expect_equal(curve$mean_confidence, as.numeric(expected$mean_confidence[filled]),
               tolerance = 1e-10, info = case$id)
  expect_equal(curve$accuracy, as.numeric(expected$accuracy[filled]), tolerance = 1e-10,
               info = case$id)
}

test_that("calibration error, bins, Brier score and log loss are those of the reference", {
  for (case in reference("calibration")) {
    expected <- case$expected
    quality <- quiet(confidence_quality(case$confidence, case$correct))
    expect_equal(quality$brier, expected$brier, tolerance = 1e-10, info = case$id)
    if (case$values_on_bin_edges) {
      expect_calibration(case, expected$right_closed, "right")
      expect_calibration(case, expected$left_closed, "left")
    } else {
      expect_calibration(case, expected, "right")
      expect_equal(quality$log_loss, expected$log_loss, tolerance = 1e-10, info = case$id)
    }
  }
})
