test_that("one data set has the columns and labels that were asked for", {
  set.seed(1)
  data <- rare_logs()()
  expect_named(data, c("y_true", "y_proxy", "human", "prob"))
  expect_identical(dim(data), c(500L, 4L))
  expect_identical(sum(!is.na(data$human)), 40L)
  labelled <- !is.na(data$human)
  expect_identical(data$human[labelled], data$y_true[labelled])
  expect_equal(data$prob, rep(40 / 500, 500))
  set.seed(1)
  expect_identical(rare_logs()(), data)
  expect_false(identical(rare_logs()(), data))
})

test_that("simulated rows have the means and correlation asked for", {
  set.seed(2)
  data <- simulator(simulate_binary, n = 1e5, true_mean = 0.2, proxy_mean = 0.25,
                    correlation = 0.6, n_labelled = 1000)()
  expect_binary_joint(data$y_true, data$y_proxy, 0.2, 0.25, 0.6)
  expect_proportion(data$human[!is.na(data$human)], 0.2)
})

test_that("strata: labels in each, names kept", {
  set.seed(3)
  strata <- simulator(simulate_binary_strata, n = c(100, 300), true_mean = c(fr = 0.2, en = 0.4),
                      proxy_mean = 0.3, correlation = 0.4, n_labelled = c(10, 15))
  data <- strata()
  expect_identical(levels(data$stratum), c("fr", "en"))
  expect_identical(as.vector(tapply(!is.na(data$human), data$stratum, sum)), c(10L, 15L))
  expect_equal(data$prob, rep(c(0.1, 0.05), c(100, 300)))
  expect_equal(attr(strata, "plan")$truth, 0.35)
  one <- simulator("binary_strata", c(100, 300), 0.2, 0.3, 0.4, n_labelled = 7)()
  expect_identical(sum(!is.na(one$human)), 14L)
})

test_that("clusters are labelled whole, or by row", {
  clusters <- function(...) {
    simulator(simulate_binary_clusters, n = 400, n_clusters = 80, true_mean = 0.3,
              proxy_mean = 0.3, correlation = 0.5, n_labelled = 20, ...)()
  }
  set.seed(4)
  whole <- clusters()
  share <- tapply(!is.na(whole$human), whole$cluster, mean)
  expect_identical(sum(share == 1), 20L)
  expect_true(all(share %in% c(0, 1)))
  rows <- clusters(sampling = "rows")
  expect_identical(sum(!is.na(rows$human)), 20L)
  expect_false(all(tapply(!is.na(rows$human), rows$cluster, mean) %in% c(0, 1)))
})

test_that("labels drawn by uncertainty have these probabilities", {
  set.seed(5)
  flagged <- rare_logs(n = 20000, n_labelled = 2000, oversample = 4)()
  prob <- tapply(flagged$prob, flagged$y_proxy, unique)
  expect_equal(prob[["1"]] / prob[["0"]], 4)
  expect_equal(sum(flagged$prob), 2000)
  labelled <- !is.na(flagged$human)
  for (flag in c(0, 1)) {
    expect_proportion(labelled[flagged$y_proxy == flag], prob[[as.character(flag)]])
  }
  active <- function(sampling) {
    simulator(simulate_binary_active, n = 1000, true_mean = 0.3, proxy_mean = 0.25,
              correlation = 0.5, n_labelled = 100, sampling = sampling, mix = 0)()
  }
  pivotal <- active("pivotal")
  expect_identical(sum(!is.na(pivotal$human)), 100L)
  expect_equal(sd(pivotal$prob / pivotal$uncertainty), 0)
  poisson <- active("poisson")
  expect_lte(sum(!is.na(poisson$human)), 100L)
  expect_identical(is.nan(poisson$prob), rep(FALSE, 1000))
})

test_that("active samples are drawn with the mix of sample_active()", {
  set.seed(6)
  active <- function(...) {
    simulator(simulate_binary_active, n = 2000, true_mean = 0.1, proxy_mean = 0.08,
              correlation = 0.8, n_labelled = 300, ...)
  }
  chosen <- active()()
  expect_identical(sum(!is.na(chosen$human)), 300L)
  plan <- sample_active(chosen$uncertainty, 300)
  expect_gt(sd(plan$prob), 0)
  expect_equal(chosen$prob, plan$prob, tolerance = 1e-12)
  half <- active(mix = 0.5)()
  expect_equal(half$prob, sample_active(half$uncertainty, 300, mix = 0.5)$prob, tolerance = 1e-12)
  expect_equal(unique(active(mix = 1)()$prob), 0.15)
  expect_match(format(active()), "the mix that sample_active() chooses", fixed = TRUE, all = FALSE)
  expect_match(format(active(mix = 0.5)), "mix 0.5", all = FALSE)
  expect_error(active(mix = 2), class = "judicious_error_range")
  expect_error(rare_logs(oversample = 2, mix = 0.5), class = "judicious_error_design")
})

test_that("bad input is named, as by the simulator itself", {
  expect_error(simulator(mean, n = 10, n_labelled = 5), "simulate_binary",
               class = "judicious_error_choice")
  expect_error(simulator("normal", n = 10, n_labelled = 5), class = "judicious_error_choice")
  expect_error(rare_logs(rate = 1), "rate", class = "judicious_error_input")
  expect_error(simulator(simulate_binary, 100, 0.1, 0.1, 0.5, 4, n_labelled = 5),
               class = "judicious_error_input")
  expect_error(simulator(simulate_binary, 100, 0.1, correlation = 0.5, n_labelled = 5),
               "proxy_mean", class = "judicious_error_missing")
  expect_error(simulator(simulate_binary, 100, 0.1, 0.1, 0.5), "n_labelled",
               class = "judicious_error_missing")
  expect_error(rare_logs(n = 0), "n", class = "judicious_error_range")
  expect_error(rare_logs(true_mean = 1), "true_mean", class = "judicious_error_range")
  expect_error(rare_logs(correlation = 0.99), class = "judicious_error_infeasible")
  expect_error(rare_logs(n_labelled = 501), "500 rows", class = "judicious_error_range")
  expect_error(rare_logs(n_labelled = 2.5), class = "judicious_error_range")
  expect_error(rare_logs(n_labelled = c(5, 5)), class = "judicious_error_length")
  expect_error(rare_logs(sampling = "clusters"), class = "judicious_error_choice")
  expect_error(rare_logs(oversample = 0), "oversample", class = "judicious_error_range")
  expect_error(rare_logs(oversample = 4, sampling = "rows"), class = "judicious_error_design")
})

test_that("a simulator prints its call and how labels are drawn", {
  expect_snapshot({
    rare_logs()
    rare_logs(oversample = 4)
    coverage_designs()$strata[[1]]
    coverage_designs()$clusters[[1]]
    coverage_designs()$poisson[[1]]
  })
})
