# Five reward models and an LLM judge on 350 pairs of JudgeBench, whose right answers are known. The
# verdict is the sign of the margin, the confidence its size.

pinned <- list(
  auroc = c(0.614318120260022, 0.667946666666667, 0.652071170419794, 0.658273507882883,
            0.649156960996749),
  auroc_low = c(0.555520323447826, 0.609760092696304, 0.593631233079993, 0.60096632069979,
                0.592017890151969),
  aurc = c(0.308299503414179, 0.235794373827539, 0.263812621898518, 0.235165379846986,
           0.270512830707024),
  brier = c(isotonic = 0.216548342671005, platt = 0.213334731775378,
            temperature = 0.21302491936592),
  n_effective = 2.007207933256,
  right = c(majority = 89, weighted = 103, dawid_skene = 98, stack = 115)
)

test_that("margins of reward models tell right verdicts from wrong ones, not very well", {
  bench <- judgebench_margins()
  quality <- quiet(confidence_quality(bench$confidence, bench$correct))
  expect_identical(quality$method, names(bench$confidence))
  expect_equal(quality$accuracy, c(0.594, 0.643, 0.623, 0.634, 0.594), tolerance = 1e-3)
  expect_equal(quality$auroc, pinned$auroc, tolerance = 1e-8)
  expect_equal(quality$auroc_low, pinned$auroc_low, tolerance = 1e-8)
  expect_equal(quality$aurc, pinned$aurc, tolerance = 1e-8)
})

test_that("the completion curve: 81.6% of the surest quarter are right, 64.3% of all", {
  bench <- judgebench_margins()
  curve <- completion_curve(bench$confidence$skywork_gemma_27b, bench$correct$skywork_gemma_27b)
  at <- function(share) {
    row <- max(which(curve$completion <= share))
    c(curve$n_kept[row], curve$n_correct[row])
  }
  expect_equal(at(0.25), c(87, 71))
  expect_equal(at(0.5), c(175, 134))
  expect_equal(at(1), c(350, 225))
})

test_that("calibration turns margins into probabilities", {
  bench <- judgebench_margins()
  for (method in c("isotonic", "platt", "temperature")) {
    withr::local_seed(1)
    fit <- without_warning(calibrate_confidence(bench$confidence$skywork_gemma_27b,
                                                bench$correct$skywork_gemma_27b, method),
                           if (method == "isotonic") "calibration")
    expect_equal(glance(fit)$brier, pinned$brier[[method]], tolerance = 1e-6)
    # Better than to say 64.3% of everyone.
    expect_lt(glance(fit)$brier, 225 / 350 * 125 / 350)
    expect_lt(glance(fit)$ece, 0.08)
  }
})

test_that("six judges are worth two, and the stack beats the vote", {
  bench <- judgebench_margins()
  labels <- cbind(bench$verdict, o1mini = bench$o1mini)
  gold <- replace(bench$label, 201:350, NA)
  for (method in c("majority", "weighted", "dawid_skene", "stack")) {
    withr::local_seed(1)
    out <- combine_judges(labels, method, gold)
    expect_equal(glance(out)$n_effective, pinned$n_effective, tolerance = 1e-6)
    right <- sum(out$label[201:350] == bench$label[201:350], na.rm = TRUE)
    expect_equal(right, pinned$right[[method]])
  }
})
