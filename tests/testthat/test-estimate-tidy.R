# The contract of tidy(), glance() and the generics of stats, over every design.

set.seed(7)
data <- simulate_binary(400, 0.3, c(0.25, 0.35), c(0.6, 0.5))
data$human <- reveal_labels(data$y_true, sample_uniform(400, 120))
data$stratum <- rep(1:2, 200)
data$cluster <- rep(1:80, each = 5)
data$prob <- 0.3

designs <- list(
  labels = estimate_mean(human ~ 1, data),
  ppi = estimate_mean(human ~ y_proxy_1, data),
  multi = estimate_mean(human ~ y_proxy_1 + y_proxy_2, data),
  strata = estimate_mean(human ~ y_proxy_1, data, strata = stratum),
  clusters = estimate_mean(human ~ y_proxy_1, data, clusters = cluster),
  prob = estimate_mean(human ~ y_proxy_1, data, prob = prob),
  all = estimate_mean(human ~ y_proxy_1 + y_proxy_2, data, strata = stratum, clusters = cluster,
                      prob = prob),
  published = estimate_mean(human ~ y_proxy_1, data, preset = "published")
)

test_that("tidy() has the same columns for every design", {
  columns <- c("term", "estimate", "std.error", "conf.low", "conf.high", "conf.level", "method",
               "n_true", "n_proxy", "n_effective")
  for (name in names(designs)) {
    row <- tidy(designs[[name]])
    expect_identical(names(row), columns, info = name)
    expect_identical(nrow(row), 1L)
    expect_equal(row$conf.low, designs[[name]]$conf_low)
  }
})

test_that("tidy() and confint() take any level and agree", {
  for (fit in designs) {
    narrow <- tidy(fit, conf_level = 0.8)
    expect_identical(narrow$conf.level, 0.8)
    expect_gt(narrow$conf.low, fit$conf_low)
    expect_equal(as.vector(confint(fit, level = 0.8)), c(narrow$conf.low, narrow$conf.high))
  }
  expect_identical(colnames(confint(designs$ppi)), c("2.5 %", "97.5 %"))
  expect_error(tidy(designs$ppi, conf_level = 95), class = "judicious_error_range")
  expect_error(confint(designs$ppi, level = 0), class = "judicious_error_range")
})

test_that("coef, vcov, nobs, glance and as.data.frame say what lm's would", {
  fit <- designs$ppi
  expect_identical(coef(fit), c("Mean of human" = fit$estimate))
  expect_equal(unname(sqrt(vcov(fit))), matrix(fit$std_error))
  expect_identical(nobs(fit), 120)
  expect_identical(glance(designs$all)$n_strata, 2L)
  expect_identical(glance(designs$clusters)$n_clusters, 80)
  expect_identical(class(as.data.frame(fit)), "data.frame")
  expect_equal(as.data.frame(fit), as.data.frame(tidy(fit)))
})

test_that("methods are named by their design", {
  expect_identical(unname(vapply(designs, function(fit) fit$method, "")), c(
    "Classical mean", "PPI++", "Multi-PPI++", "Stratified PPI++", "Cluster PPI++",
    "Active statistical inference",
    "Active statistical inference, several judges, stratified, clustered", "PPI++"
  ))
  expect_identical(estimate_mean(human ~ y_proxy_1, data, power_tuning = FALSE)$method, "PPI")
  expect_identical(
    estimate_mean(human ~ y_proxy_1 + y_proxy_2, data, strata = stratum,
                  clusters = cluster)$method,
    "Stratified Cluster Multi-PPI++"
  )
})
