# One function of the data per method, so that the loop must run in R.
in_r <- function(estimator) {
  lapply(attr(estimator, "methods"), function(method) function(data) method$run(data))
}

test_that("the loop in C++ gives what estimate_mean() gives on the same data, in every design", {
  designs <- coverage_designs()
  for (name in names(designs)) {
    set.seed(1)
    core <- validate_coverage(designs[[name]][[1]], designs[[name]][[2]], n_rep = 12)
    set.seed(1)
    loop <- validate_coverage(designs[[name]][[1]], in_r(designs[[name]][[2]]), n_rep = 12,
                              truth = core$truth[1])
    expect_equal(as.data.frame(core), as.data.frame(loop), tolerance = 1e-10, label = name)
    expect_identical(core$n_failed, rep(0, 10), label = name)
  }
})

test_that("and for every preset, interval and further argument", {
  logs <- rare_logs(n_labelled = 20, true_mean = 0.1, proxy_mean = 0.1)
  estimators <- list(
    estimator(preset = c("recommended", "published"),
              interval = c("auto", "beta", "wilson", "t", "normal")),
    estimator(power_tuning = FALSE, range = c(-1, 2), interval = c("auto", "beta")),
    estimator(power_tuning = 0.3, conf_level = 0.99, skew = TRUE, interval = "t")
  )
  for (estimator in estimators) {
    set.seed(2)
    core <- validate_coverage(logs, estimator, n_rep = 12)
    set.seed(2)
    loop <- validate_coverage(logs, in_r(estimator), n_rep = 12, truth = 0.1)
    core$n_fallback <- loop$n_fallback <- NULL  # unknown for functions of the user
    expect_equal(as.data.frame(core), as.data.frame(loop), tolerance = 1e-10)
  }
})

test_that("strata weights and lonely strata reach the core", {
  design <- coverage_designs()$strata
  estimator <- estimator(human ~ y_proxy, strata = stratum, lonely = "pool",
                         strata_weights = c(b = 0.9, a = 0.1))
  set.seed(3)
  core <- validate_coverage(design[[1]], estimator, n_rep = 10)
  set.seed(3)
  loop <- validate_coverage(design[[1]], in_r(estimator), n_rep = 10, truth = core$truth[1])
  expect_equal(core$bias, loop$bias, tolerance = 1e-10)
  many <- validate_coverage(design[[1]], estimator, n_rep = 2000, conf_level = 0.5)
  expect_equal(many$bias, 0.06, tolerance = 5 * many$rmse / sqrt(2000) / 0.06)  # 0.38 for 0.32
})

test_that("bootstrap intervals in C++ agree with those of estimate_mean() up to resampling", {
  logs <- rare_logs(n_labelled = 60)
  set.seed(4)
  core <- validate_coverage(logs, estimator(interval = "bootstrap", n_boot = 400), n_rep = 60)
  loop <- validate_coverage(logs, in_r(estimator(interval = "bootstrap", n_boot = 400)), n_rep = 60,
                            truth = 0.2)
  expect_equal(core$width, loop$width, tolerance = 0.1)
  expect_lt(abs(core$bias[1] - loop$bias[1]), 5 * core$rmse[1] / sqrt(30))
})

test_that("results do not depend on the number of threads, and set.seed() governs them", {
  run <- function(threads, seed = 5) {
    set.seed(seed)
    validate_coverage(rare_logs(), estimator(interval = c("beta", "bootstrap"), n_boot = 100),
                      n_rep = 100, threads = threads)
  }
  once <- run(1)
  expect_identical(run(2), once)
  expect_identical(run(3), once)
  withr::local_options(judicious.threads = 2L)
  expect_identical(run(NULL), once)
  expect_false(identical(run(1, seed = 6)$bias, once$bias))
})

test_that("labels-only t intervals of normal scores have exact coverage at every level", {
  scores <- simulator(simulate_gaussian, n = 100, true_mean = 1, true_sd = 2, proxy_mean = 0,
                      proxy_sd = 1, correlation = 0.5, n_labelled = 10)
  set.seed(7)
  exact <- validate_coverage(scores, estimator(human ~ 1), n_rep = 20000)
  for (i in seq_len(nrow(exact))) {
    expect_study_coverage(as.data.frame(exact)[i, ], exact$conf_level[i])
  }
  expect_lt(abs(exact$bias[1]), 5 * 2 / sqrt(10 * 20000))
  expect_equal(exact$rmse[1], 2 / sqrt(10), tolerance = 0.03)
  # the mean of s times twice the quantile, over sqrt(10)
  mean_sd <- 2 * sqrt(2 / 9) * gamma(5) / gamma(4.5)
  expect_equal(exact$width[10], 2 * qt(0.975, 9) * mean_sd / sqrt(10), tolerance = 0.01)
})

test_that("labels-only beta intervals have the coverage of Clopper and Pearson", {
  truth <- 0.2
  n <- 30
  events <- 0:n
  low <- qbeta(0.025, events, n - events + 1)
  high <- qbeta(0.975, events + 1, n - events)
  low[1] <- 0
  high[n + 1] <- 1
  expected <- sum(dbinom(events, n, truth)[truth >= low & truth <= high])
  set.seed(8)
  beta <- validate_coverage(rare_logs(n_labelled = n), estimator(human ~ 1), n_rep = 20000,
                            conf_level = 0.95)
  expect_gt(expected, 0.95)
  expect_study_coverage(beta, expected)
})

test_that("misses are told apart by side, and coverage with them adds up to 1", {
  set.seed(9)
  # a judge that flags half as often as it should, believed
  biased <- validate_coverage(rare_logs(proxy_mean = 0.1, correlation = 0.5),
                              estimator(y_proxy ~ 1), n_rep = 200)
  expect_equal(biased$coverage + biased$above + biased$below, rep(1, 10))
  expect_identical(biased$coverage[10], 0)
  expect_identical(biased$below[10], 1)
  expect_equal(biased$bias[1], -0.1, tolerance = 0.03)
})

test_that("a data set where the method fails is a miss, is counted, and its reason kept", {
  # two labels on average, and a variance needs two
  rare <- simulator(simulate_binary, n = 40, true_mean = 0.3, proxy_mean = 0.3, correlation = 0.5,
                    n_labelled = 2, sampling = "independent")
  in_core <- estimator(human ~ y_proxy, prob = prob)
  for (n_rep in c(200, 60)) { # R takes longer
    set.seed(10)
    some <- validate_coverage(rare, if (n_rep == 200) in_core else in_r(in_core), n_rep = n_rep,
                              conf_level = 0.9, truth = 0.3)
    few <- dbinom(0, 40, 0.05) + dbinom(1, 40, 0.05)
    expect_gt(binom.test(some$n_failed, n_rep, few)$p.value, 1e-4)
    expect_lte(some$coverage, 1 - some$n_failed / n_rep)
    expect_equal(some$coverage + some$above + some$below, 1 - some$n_failed / n_rep)
    expect_equal(sum(attr(some, "failures")$n), some$n_failed)
    expect_match(format(some), "failed and count as misses", all = FALSE)
  }
})

test_that("errors of a user's estimator are misses with their message", {
  calls <- 0
  flaky <- function(data) {
    calls <<- calls + 1
    if (calls %% 4 == 0) stop("no answer")
    estimate_mean(human ~ 1, data)
  }
  set.seed(11)
  checked <- validate_coverage(rare_logs(), flaky, n_rep = 100, conf_level = 0.5)
  expect_identical(checked$n_failed, 25)
  expect_identical(attr(checked, "failures"),
                   data.frame(method = "estimate", reason = "no answer", n = 25))
  expect_lte(checked$coverage, 0.75)
})

test_that("when all replicates fail, coverage is 0 and the rest is missing", {
  broken <- function(data) stop("never")
  checked <- validate_coverage(rare_logs(), broken, n_rep = 5, conf_level = 0.9)
  expect_identical(checked$coverage, 0)
  expect_identical(is.na(unlist(as.data.frame(checked)[c("width", "bias", "rmse")])),
                   c(width = TRUE, bias = TRUE, rmse = TRUE))
  expect_match(format(checked), "never", all = FALSE)
})

test_that("constant labels give another interval: counted, and a miss if wanted", {
  logs <- rare_logs(true_mean = 0.02, proxy_mean = 0.02, n_labelled = 20)
  constant <- dbinom(0, 20, 0.02)
  run <- function(...) {
    set.seed(12)
    validate_coverage(logs, estimator(interval = c("normal", "beta"), preset = "published"),
                      n_rep = 1000, conf_level = 0.95, ...)
  }
  kept <- run()
  missed <- run(fallback = "miss")
  expect_gt(binom.test(kept$n_fallback[1], 1000, constant)$p.value, 1e-4)
  expect_identical(kept$n_fallback[2], 0)
  expect_identical(kept$coverage[2], missed$coverage[2])
  expect_equal(kept$coverage[1] - missed$coverage[1], kept$n_fallback[1] / 1000)
  set.seed(12)
  loop <- validate_coverage(logs, list(estimator(interval = "normal", preset = "published"),
                                       function(data) estimate_mean(human ~ 1, data)),
                            n_rep = 50, conf_level = 0.95, fallback = "miss")
  set.seed(12)
  core <- validate_coverage(logs, estimator(interval = "normal", preset = "published"),
                            n_rep = 50, conf_level = 0.95, fallback = "miss")
  expect_equal(loop$coverage[1], core$coverage)
  expect_equal(loop$n_fallback[1], core$n_fallback)
})

test_that("functions of the user, also for the truth", {
  set.seed(13)
  simulate <- function() data.frame(y = stats::rexp(20))
  mean_of <- function(data) estimate_mean(y ~ 1, data)
  skewed <- validate_coverage(simulate, mean_of, truth = 1, n_rep = 400, conf_level = 0.95)
  expect_lt(skewed$coverage_high, 0.95)  # a t interval of skewed data
  here <- validate_coverage(simulate, mean_of, truth = function(data) mean(data$y), n_rep = 20)
  expect_identical(here$coverage, rep(1, 10))
  expect_equal(here$bias, rep(0, 10))
})

test_that("a finite population is judged by its own mean", {
  logs <- rare_logs(n = 60, n_labelled = 40, true_mean = 0.4, proxy_mean = 0.4)
  finite <- estimator(population = "finite", interval = "t")
  expect_error(validate_coverage(logs, finite), class = "judicious_error_truth")
  set.seed(14)
  checked <- validate_coverage(logs, finite, truth = function(data) mean(data$y_true),
                               n_rep = 300, conf_level = 0.95)
  expect_gt(checked$coverage, 0.9)
  expect_lt(checked$coverage, 0.99)
})

test_that("several estimators meet the same data", {
  set.seed(15)
  both <- validate_coverage(rare_logs(), list(a = estimator(), b = estimator()), n_rep = 20)
  table <- as.data.frame(both)
  a <- table[table$method == "a", -1]
  b <- table[table$method == "b", -1]
  expect_equal(a, b, ignore_attr = TRUE)
})

test_that("bad input is named", {
  logs <- rare_logs()
  ok <- estimator()
  own <- function() logs()
  expect_error(validate_coverage(logs(), ok), class = "judicious_error_type")
  expect_error(validate_coverage(own, ok), class = "judicious_error_truth")
  expect_error(validate_coverage(own, ok, truth = "a"), "truth", class = "judicious_error_type")
  expect_error(validate_coverage(logs, "beta"), "estimate", class = "judicious_error_type")
  expect_error(validate_coverage(logs, list()), class = "judicious_error_type")
  expect_error(validate_coverage(logs, ok, n_rep = 0), "n_rep", class = "judicious_error_range")
  expect_error(validate_coverage(logs, ok, conf_level = c(0.5, 1)), "Element 2",
               class = "judicious_error_range")
  expect_error(validate_coverage(logs, ok, conf_level = numeric()),
               class = "judicious_error_length")
  expect_error(validate_coverage(logs, ok, threads = 0), "threads",
               class = "judicious_error_range")
  expect_error(validate_coverage(logs, ok, 0.1, 100), class = "rlib_error_dots_nonempty")
  expect_error(validate_coverage(logs, function(data) 1), "must return",
               class = "judicious_error_type")
  expect_error(validate_coverage(function() stop("oh"), ok, truth = 0),
               class = "judicious_error_user_function")
  expect_error(validate_coverage(logs, estimator(human ~ judge), n_rep = 5),
               class = "judicious_error_input")
  expect_error(validate_coverage(logs, estimator(power_tuning = "best"), n_rep = 5),
               class = "judicious_error_input")
  expect_error(validate_coverage(logs, estimator(range = c(1, 0)), n_rep = 5),
               class = "judicious_error_input")
})

test_that("Clopper-Pearson intervals are those of binom.test()", {
  k <- c(0, 1, 37, 99, 100)
  exact <- clopper_pearson_cpp(k, rep(100, length(k)), 0.95)
  for (i in seq_along(k)) {
    expect_equal(c(exact$low[i], exact$high[i]), as.vector(binom.test(k[i], 100)$conf.int))
  }
})
