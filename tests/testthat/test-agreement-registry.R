test_that("every metric of the registry is one of the core, with the better end it says", {
  set.seed(1)
  x <- rated_example(40)
  metrics <- agreement_registry$metric
  expect_false(anyDuplicated(metrics) > 0)
  perfect <- quiet(agreement_metrics(x$human, x$human, metrics, n_boot = 0))
  good <- c(higher = 1, lower = 0, zero = 0)
  extreme <- !grepl("cross_entropy|coverage_srs", metrics)
  expect_equal(perfect$estimate[extreme], unname(good[perfect$better])[extreme])
  noisy <- quiet(agreement_metrics(x$human, x$judges, metrics, n_boot = 0))
  noisy <- noisy[noisy$judge == "judge_d", ]
  worse <- ifelse(noisy$better == "higher", perfect$estimate - noisy$estimate,
                  abs(noisy$estimate) - abs(perfect$estimate))
  expect_true(all(worse[!grepl("coverage", metrics)] > 0))
  expect_true(all(agreement_registry$better %in% names(good)))
})

test_that("the registry says which metrics change with tau", {
  x <- rated_example(60)
  at <- function(tau) {
    quiet(agreement_metrics(x$human, x$judges, agreement_registry$metric, tau = tau, n_boot = 0))
  }
  changed <- at(0.3)$estimate != at(0.7)$estimate
  by_metric <- tapply(changed, at(0.3)$metric, any)[agreement_registry$metric]
  expect_identical(unname(as.vector(by_metric)), agreement_registry$uses_tau)
})
