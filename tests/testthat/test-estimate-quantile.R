# Quantiles by inversion of the distribution function.

quantile_case <- function(case, probs, ...) {
  data <- data.frame(y = as.double(case$y_true))
  data$f <- t(case$y_proxies)
  quiet(estimate_quantile(y ~ f, data, probs = probs, strata = case$strata,
                          clusters = case$clusters, prob = case$prob, ...))
}

# The definition, by the public door of a mean: F at every value, monotone; all values whose
# interval holds q, the upper end one further.
by_hand_quantiles <- function(case, probs) {
  y <- as.double(case$y_true)
  f <- as.double(case$y_proxies[1, ])
  grid <- sort(unique(c(y[!is.na(y)], f)))
  fits <- lapply(grid, function(t) {
    data <- data.frame(y = (y <= t) + 0, f = (f <= t) + 0)
    quiet(estimate_mean(y ~ f, data, strata = case$strata, clusters = case$clusters,
                        prob = case$prob, range = c(0, 1), interval = "beta"))
  })
  number <- function(field) vapply(fits, function(fit) fit[[field]], 0)
  f_hat <- cummax(number("estimate_raw"))
  vapply(probs, function(q) {
    ok <- which(number("conf_low") <= q & number("conf_high") >= q)
    point <- grid[min(which(f_hat >= q - 1e-12))]
    if (length(ok) == 0L) return(rep(point, 3))
    last <- max(ok)
    c(grid[min(which(f_hat >= q - 1e-12))], if (min(ok) == 1L) -Inf else grid[min(ok)],
      if (last == length(grid)) Inf else grid[last + 1L])
  }, c(0, 0, 0))
}

expect_equal_ends <- function(actual, expected) {
  expect_identical(is.finite(actual), is.finite(expected))
  finite <- is.finite(expected)
  expect_equal(actual[finite], expected[finite], tolerance = 1e-8)
}

test_that("quantiles equal the reference, in every design", {
  for (case in read_reference("quantiles.json")$cases) {
    probs <- vapply(case$expected, function(e) e$q, 0)
    fit <- quantile_case(case, probs)
    expect_equal(unname(coef(fit)), vapply(case$expected, function(e) e$point, 0),
                 tolerance = 1e-8)
    # Where F jumps over q the reference has no interval.
    ends <- vapply(case$expected, function(e) {
      as.numeric(if (is.null(e$lower)) rep(e$point, 2) else c(e$lower, e$upper))
    }, c(0, 0))
    found <- t(unname(confint(fit)))
    # The guard and base sizes of intervals.md: wider by a value of the grid in one end of the plain
    # designs, by more with clusters and known prob, and never narrower.
    expect_true(all(found[1, ] <= ends[1, ] & found[2, ] >= ends[2, ]))
    if (is.null(case$clusters) && is.null(case$prob)) expect_lte(sum(found != ends), 1)
    by_hand <- by_hand_quantiles(case, probs)
    expect_equal(unname(coef(fit)), by_hand[1, ], tolerance = 1e-8)
    expect_equal_ends(found, by_hand[2:3, ])
  }
})

test_that("the published preset equals ppi_py's quantiles", {
  for (case in read_reference("quantiles.json")$cases) {
    for (e in case$ppi_py) {
      fit <- quantile_case(case, e$q, preset = "published", conf_level = case$conf_level)
      if (!is.null(e$ci)) expect_equal(unname(confint(fit)[1, ]), as.numeric(e$ci))
      point <- unname(coef(fit))
      if (isTRUE(all.equal(point, e$point))) next
      # Two values may be equally near to q; ppi_py takes the one that rounding favours.
      curve <- fit$quantities[[1]]$curve
      gap <- abs(vapply(curve$inference, function(x) x$estimate, 0) - e$q)
      expect_equal(gap[curve$t == point], gap[curve$t == e$point], tolerance = 1e-12)
    }
  }
})

test_that("labels alone are the sample's quantile and exact order statistics", {
  set.seed(6)
  y <- rnorm(60)
  fit <- estimate_quantile(y ~ 1, probs = c(0.25, 0.5))
  expect_equal(unname(coef(fit)), unname(stats::quantile(y, c(0.25, 0.5), type = 1)))
  # Clopper and Pearson: the share below t is not below (above) 1/2.
  sorted <- sort(y)
  inside <- vapply(1:60, function(k) {
    ends <- stats::binom.test(k, 60)$conf.int
    ends[1] <= 0.5 && ends[2] >= 0.5
  }, NA)
  expect_equal(unname(confint(fit)[2, ]), c(sorted[min(which(inside))],
                                            sorted[max(which(inside)) + 1]))
  expect_identical(unname(confint(estimate_quantile(y[1:10] ~ 1, probs = 0.99))[2]), Inf)
})

test_that("many values are thinned, and the result is still that of all values", {
  set.seed(7)
  n <- 3000
  data <- data.frame(f = rnorm(n))
  data$y <- ifelse(seq_len(n) <= 100, data$f + rnorm(n, 0, 0.5), NA)
  grid <- sort(unique(c(data$f, data$y)))
  below <- function(t) quiet(estimate_mean(I((y <= t) + 0) ~ I((f <= t) + 0), data))
  for (q in c(0.3, 0.8)) {
    fit <- estimate_quantile(y ~ f, data, probs = q)
    at <- match(c(coef(fit), confint(fit)), grid)
    expect_gte(below(grid[at[1]])$estimate, q)
    expect_lt(below(grid[at[1] - 1])$estimate, q)
    expect_gte(below(grid[at[2]])$conf_high, q)
    expect_lt(below(grid[at[2] - 1])$conf_high, q)
    expect_lte(below(grid[at[3] - 1])$conf_low, q)
    expect_gt(below(grid[at[3]])$conf_low, q)
    expect_error(vcov(fit), class = "judicious_error_undefined")
  }
})

test_that("a quantile that F jumps over is that value for sure", {
  set.seed(8)
  y <- c(rbinom(200, 1, 0.1), rep(NA, 300))
  f <- rbinom(500, 1, 0.1)
  fit <- quiet(estimate_quantile(y ~ f))
  expect_identical(unname(c(coef(fit), confint(fit))), c(0, 0, 0))
  expect_match(paste(format(fit), collapse = "\n"), "[0.000, 0.000]", fixed = TRUE)
})

test_that("a declared range ends the interval where the labels do not", {
  set.seed(9)
  score <- sample(1:5, 30, TRUE)
  fit <- quiet(estimate_quantile(score ~ 1, probs = c(0.01, 0.99), range = c(0, 10)))
  expect_identical(unname(confint(fit)[1, 1]), 0)
  expect_identical(unname(confint(fit)[2, 2]), 10)
  expect_error(estimate_quantile(score ~ 1, range = c(1, 4)), class = "judicious_error_range")
})

test_that("strata weights, lonely strata and the guard are those of a mean", {
  set.seed(10)
  data <- data.frame(f = rnorm(300), s = rep(c("u", "v", "w"), 100))
  data$y <- ifelse(seq_len(300) <= 90, round(data$f + rnorm(300, 0, 0.5), 1), NA)
  weights <- c(u = 0.6, v = 0.3, w = 0.1)
  fit <- quiet(estimate_quantile(y ~ f, data, strata = s, strata_weights = weights))
  t <- unname(coef(fit))
  below <- function(t) {
    quiet(estimate_mean(I((y <= t) + 0) ~ I((f <= t) + 0), data, strata = s,
                        strata_weights = weights))$estimate_raw
  }
  grid <- sort(unique(c(data$f, data$y)))
  expect_gte(below(t), 0.5)
  expect_lt(max(vapply(grid[grid < t], below, 0)), 0.5)
  lonely <- data
  lonely$y[lonely$s == "w"][-1] <- NA
  expect_error(estimate_quantile(y ~ f, lonely, strata = s), class = "judicious_error_few_labels")
  pooled <- quiet(estimate_quantile(y ~ f, lonely, strata = s, lonely = "pool"))
  expect_true(all(is.finite(confint(pooled))))
  expect_error(estimate_quantile(y ~ f, data, guard = "verdict"), class = "judicious_error_design")
  expect_error(estimate_quantile(y ~ f, data, lonely = "pool"), class = "judicious_error_no_effect")
})

test_that("quantiles tell what a mean tells", {
  set.seed(11)
  data <- data.frame(f = rnorm(200))
  data$y <- ifelse(seq_len(200) <= 100, -data$f + rnorm(200, 0, 0.3), NA)
  expect_warning(estimate_quantile(y ~ f, data), class = "judicious_warning_reversed")
  data$all <- data$f + rnorm(200)
  expect_warning(estimate_quantile(all ~ f, data), class = "judicious_warning_all_labelled")
})
