# Ratios of two means, and shares of parts.

test_that("a ratio is Fieller's, a share of a part is a beta interval", {
  set.seed(7)
  data <- data.frame(cost = rgamma(100, 5), solved = rbinom(100, 1, 0.7))
  data$judge <- data$cost + rnorm(100)
  data$cost[60:100] <- NA
  data$solved[60:100] <- NA
  fit <- estimate_ratio(cost ~ 1, solved ~ 1, data = data)
  expect_identical(fit$interval, "fieller")
  y <- data$cost[1:59]
  x <- data$solved[1:59]
  expect_equal(fit$estimate, mean(y) / mean(x))
  for (end in c(fit$conf_low, fit$conf_high)) {
    # The mean of y - r x is then not told apart from 0.
    expect_equal(stats::t.test(y - end * x)$p.value, 0.05, tolerance = 0.02)
    expect_equal(test_mean(fit, end)$p.value, 0.05, tolerance = 1e-8)
  }
  data$both <- data$solved * rbinom(100, 1, 0.4)
  part <- estimate_ratio(both ~ 1, solved ~ 1, data = data)
  expect_identical(part$interval, "beta")
  n <- sum(data$solved, na.rm = TRUE)
  exact <- stats::binom.test(sum(data$both, na.rm = TRUE), n)
  # Clopper and Pearson on the realised denominator, to the leverage of HC2.
  expect_equal(c(part$conf_low, part$conf_high), as.numeric(exact$conf.int), tolerance = 0.1)
  zero <- data.frame(y = rnorm(30, 5), x = rnorm(30))
  expect_warning(none <- estimate_ratio(y ~ 1, x ~ 1, data = zero),
                 class = "judicious_warning_undefined")
  expect_identical(c(none$conf_low, none$conf_high), c(NA_real_, NA_real_))
})

ratio_parts <- function(case, metric) {
  y <- as.double(case$y_true)
  f <- as.double(case$y_proxies[1, ])
  call <- as.double(case$system_call)
  parts <- switch(metric,
    precision = list(call * y, call + 0 * y, call * f, call),
    recall = list(call * y, y, call * f, f),
    jaccard = list(call * y, pmax(call, y), call * f, pmax(call, f))
  )
  stats::setNames(as.data.frame(parts), c("a", "b", "fa", "fb"))
}

# The reference; with known prob its formulas with the rule of three, which HC3 and df follow. Both
# parts are two groups of the same units.
expected_ratio <- function(case, metric, lowest = by_hand_lowest) {
  e <- case$expected[[metric]]
  if (is.null(case$prob)) return(e)
  parts <- ratio_parts(case, metric)
  rows <- case$clusters %||% seq_along(case$prob)
  both <- list(y_true = c(parts$a, parts$b), y_proxies = t(c(parts$fa, parts$fb)),
               prob = rep(case$prob, 2), strata = if (!is.null(case$strata)) rep(case$strata, 2),
               clusters = rep(rows, 2))
  fit <- by_hand_joint(both, rep(1:2, each = length(rows)), lowest)
  r <- fit$estimate[1] / fit$estimate[2]
  found <- by_hand_combination(fit, c(1, -r) / fit$estimate[2])
  e[c("variance_hc3", "df")] <- found$contrast[c("variance_hc3", "df")]
  e$own[c("variance_hc3", "df")] <- found$own[c("variance_hc3", "df")]
  hc3 <- crossprod(fit$hc3)
  t2 <- stats::qt(0.975, found$own$df)^2
  q <- c(fit$estimate[2]^2 - t2 * hc3[2, 2], prod(fit$estimate) - t2 * hc3[1, 2],
         fit$estimate[1]^2 - t2 * hc3[1, 1])
  root <- q[2]^2 - q[1] * q[3]
  e$own$fieller <- if (q[1] > 0 && root >= 0) (q[2] + c(-1, 1) * sqrt(root)) / q[1] else
    c(NA_real_, NA_real_)
  e
}

ratio_case <- function(case, metric) {
  data <- ratio_parts(case, metric)
  args <- list(formula = a ~ fa, formula_b = b ~ fb, data = data, strata = case$strata,
               clusters = case$clusters, prob = case$prob)
  list(share = quiet(do.call(estimate_ratio, args)),
       fieller = quiet(do.call(estimate_ratio, c(args, interval = "fieller"))))
}

test_that("shares of parts and ratios equal the reference", {
  for (case in read_reference("ratios.json")$cases) {
    for (metric in c("precision", "recall", "jaccard")) {
      fits <- ratio_case(case, metric)
      e <- expected_ratio(case, metric)
      x <- fits$share$inference
      expect_relative(c(x$estimate, x$variance), c(e$estimate, e$variance), 1e-10,
                      paste(case$id, metric))
      expect_relative(x$hc2, e$variance_hc2, 1e-10, paste(case$id, metric, "HC2"))
      expect_relative(c(x$hc3, x$df), c(e$variance_hc3, e$df), 1e-10, paste(case$id, metric))
      r <- fits$fieller$inference
      expect_relative(c(r$estimate, r$variance), c(e$own$ratio, e$own$variance), 1e-10,
                      paste(case$id, metric, "own"))
      expect_relative(c(r$hc3, r$df), c(e$own$variance_hc3, e$own$df), 1e-10)
      ends <- as.numeric(e$own$fieller)
      expect_equal(c(fits$fieller$conf_low, fits$fieller$conf_high),
                   if (anyNA(ends)) c(NA_real_, NA_real_) else ends, tolerance = 1e-8)
    }
  }
})

test_that("the independent computation of known prob is that of the reference", {
  for (case in read_reference("ratios.json")$cases) {
    if (is.null(case$prob)) next
    for (metric in c("precision", "recall", "jaccard")) {
      e <- case$expected[[metric]]
      found <- expected_ratio(case, metric, lowest_by_quantile)
      for (what in c("variance_hc3", "df")) {
        expect_equal(found[[what]], e[[what]], tolerance = 1e-10)
        expect_equal(found$own[[what]], e$own[[what]], tolerance = 1e-10)
      }
      expect_equal(found$own$fieller, as.numeric(e$own$fieller), tolerance = 1e-8)
    }
  }
})

test_that("accuracy, precision, recall and F1 equal the reference", {
  for (case in read_reference("ratios.json")$cases) {
    data <- data.frame(y = as.double(case$y_true), f = as.double(case$y_proxies[1, ]),
                       call = as.double(case$system_call))
    fit <- quiet(estimate_performance(y ~ f, data, predicted = call, strata = case$strata,
                                      clusters = case$clusters, prob = case$prob,
                                      metrics = c("accuracy", "precision", "recall", "f1")))
    e <- case$expected
    expected <- c(e$accuracy$estimate, e$precision$estimate, e$recall$estimate, e$jaccard$f1)
    expect_relative(pmin(expected, 1), unname(coef(fit)), 1e-10, case$id)
  }
})

test_that("a share of a part has Clopper and Pearson's interval at the labelled denominator", {
  # many.md, section 6: the beta interval at n_b times the labels' share of the whole.
  for (case in read_reference("ratios.json")$cases) {
    if (!is.null(case$prob) || !is.null(case$clusters)) next
    fit <- ratio_case(case, "recall")$share
    x <- fit$inference
    e <- case$expected$recall
    expect_equal(c(x$n_base, x$labels_only), c(e$n_base, e$p0), tolerance = 1e-10)
    guard <- by_hand_guard(0.95, 0)
    size <- x$n_base * (x$n_base * e$p0 * (1 - e$p0) + guard) /
      (x$n_base * (x$n_base - 1) * x$hc2 + guard)
    size <- min(max(size, 1), length(case$y_true))
    events <- size * min(max(x$estimate, 0), 1)
    ends <- c(if (events > 0) stats::qbeta(0.025, events, size - events + 1) else 0,
              if (events < size) stats::qbeta(0.975, events + 1, size - events) else 1)
    expect_equal(c(fit$conf_low, fit$conf_high), ends, tolerance = 1e-9)
  }
})

test_that("fixed weights agree with survey's ratio", {
  skip_if_not_installed("survey")
  set.seed(21)
  n <- 120
  data <- data.frame(talk = rep(1:40, 3), stratum = rep(1:40, 3) %% 2, b = rgamma(n, 5))
  data$a <- data$b * 2 + rnorm(n)
  data$fa <- data$a + rnorm(n)
  data$fb <- data$b + rnorm(n)
  design <- survey::svydesign(~talk, strata = ~stratum, data = data, weights = rep(1, n))
  ratio <- survey::svyratio(~a, ~b, design)
  fit <- quiet(estimate_ratio(a ~ 1, b ~ 1, data = data, clusters = talk, strata = stratum,
                              interval = "normal"))
  expect_equal(fit$estimate, as.numeric(stats::coef(ratio)), tolerance = 1e-8)
  expect_equal(fit$std_error, as.numeric(survey::SE(ratio)), tolerance = 1e-8)
})
