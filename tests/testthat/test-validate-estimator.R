test_that("an estimator is estimate_mean() without the data", {
  set.seed(1)
  data <- coverage_designs()$strata[[1]]()
  fit <- estimator(human ~ y_proxy, strata = stratum, conf_level = 0.9)(data)
  direct <- estimate_mean(human ~ y_proxy, data, strata = stratum, conf_level = 0.9)
  expect_equal(tidy(fit), tidy(direct))
  several <- estimator(human ~ y_proxy, preset = c("recommended", "published"),
                       interval = c("beta", "t"))(data)
  expect_named(several, c("recommended, beta", "recommended, t", "published, beta",
                          "published, t"))
  expect_identical(several[["published, t"]]$interval, "t")
})

test_that("values are taken when the estimator is made, columns when it is used", {
  level <- 0.8
  made <- estimator(human ~ 1, conf_level = level)
  level <- 0.5
  set.seed(2)
  expect_identical(made(rare_logs()())$conf_level, 0.8)
})

test_that("methods are named by the list they come from", {
  method_names <- function(...) {
    vapply(as_methods(list(...), rlang::current_env()), function(m) m$name, "")
  }
  expect_identical(method_names(a = estimator(), estimator()), c("a", "recommended, auto"))
  expect_identical(method_names(a = estimator(interval = c("t", "beta"))),
                   c("a: recommended, t", "a: recommended, beta"))
  expect_identical(method_names(a = mean, mean, mean), c("a", "estimate", "estimate 1"))
})

test_that("what the core's loop does not know goes to R's", {
  logs <- rare_logs()
  data <- logs()
  core <- function(...) {
    method <- attr(estimator(...), "methods")[[1]]
    core_method(method, attr(logs, "plan"), data, rlang::current_env())
  }
  expect_identical(core(human ~ y_proxy)$judges, 1)
  expect_identical(core(human ~ y_proxy, prob = prob)$prob, TRUE)
  expect_null(core(human ~ I(y_proxy^2)))
  expect_null(core(y_true ~ y_proxy))
  expect_null(core(human ~ y_proxy, prob = 0.5 * prob))
  expect_null(core(human ~ y_proxy, strata = y_proxy))
})

test_that("bad input is named", {
  expect_error(estimator("human"), "formula", class = "judicious_error_formula")
  expect_error(estimator(human ~ 1, "x"), "no name", class = "judicious_error_input")
  expect_error(estimator(human ~ 1, strat = x), "strat", class = "judicious_error_input")
  expect_error(estimator(human ~ 1, threads = 2), "threads", class = "judicious_error_input")
  expect_error(estimator(preset = "best"), "preset", class = "judicious_error_choice")
  expect_error(estimator(interval = character()), class = "judicious_error_length")
  expect_error(estimator(interval = c("t", "z")), "interval", class = "judicious_error_choice")
})

test_that("an estimator prints its call and methods", {
  expect_snapshot(estimator(human ~ 1, strata = stratum, power_tuning = 0.5,
                            interval = c("beta", "t")))
})
