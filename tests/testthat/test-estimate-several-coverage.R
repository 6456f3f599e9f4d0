# Coverage of differences, shares of parts, quantiles and families of intervals: seeded, in designs
# where the intervals are made from other parts of the core.

covers_pair <- function(seed, truth, draw, n_rep = 200) {
  withr::local_seed(seed)
  vapply(seq_len(n_rep), function(rep) {
    bounds <- quiet(draw())
    isTRUE(bounds[1] <= truth && truth <= bounds[2])
  }, NA)
}

# Beta intervals cover at least the level where the worst judges would have them at it. Those that
# always cover are too wide: over all designs together some must miss.
expect_guarded_coverage <- function(hits) {
  for (some in hits) expect_coverage(some, 0.95, "less")
  expect_lt(mean(unlist(hits)), 0.995)
}

pair_rows <- function(n, spread = 0.6, binary = TRUE, effect = 0.2) {
  hard <- rnorm(n)
  score <- function(x) if (binary) as.numeric(x > 0.6) else x
  a <- hard + effect + rnorm(n, 0, spread)
  b <- hard + rnorm(n, 0, spread)
  data.frame(item = rep(seq_len(n), 2), system = rep(c("a", "b"), each = n),
             human = score(c(a, b)), judge = score(c(a, b) + rnorm(2 * n, 0, 0.5)))
}

hide <- function(data, n, systems = c("a", "b")) {
  for (s in systems) {
    rows <- which(data$system == s)
    data$human[setdiff(rows, rows[sample(length(rows), n)])] <- NA
  }
  data
}

true_rate_difference <- function(spread = 0.6, effect = 0.2) {
  total <- sqrt(1 + spread^2)
  stats::pnorm((effect - 0.6) / total) - stats::pnorm(-0.6 / total)
}

test_that("t: paired and separate differences of scores", {
  paired <- function() {
    data <- pair_rows(200, binary = FALSE)
    data$human[data$item > 50] <- NA
    fit <- estimate_difference(human ~ judge, data = data, by = system, item = item)
    c(fit$conf_low, fit$conf_high)
  }
  expect_coverage(covers_pair(1, 0.2, paired))
  # Items are shared by pair_rows(): separate ones are drawn apart.
  separate <- function() {
    data <- rbind(subset(pair_rows(200, binary = FALSE), system == "a"),
                  subset(pair_rows(200, binary = FALSE), system == "b"))
    fit <- estimate_difference(human ~ judge, data = hide(data, 40), by = system)
    c(fit$conf_low, fit$conf_high)
  }
  expect_coverage(covers_pair(2, 0.2, separate))
})

test_that("beta: rate differences in every design cover at least the level", {
  truth <- true_rate_difference()
  ends <- function(fit) c(fit$conf_low, fit$conf_high)
  designs <- list(
    paired = function() {
      data <- pair_rows(300)
      data$human[data$item > 50] <- NA
      ends(estimate_difference(human ~ judge, data = data, by = system, item = item))
    },
    half = function() {
      data <- hide(pair_rows(300), 60)
      ends(estimate_difference(human ~ judge, data = data, by = system, item = item))
    },
    strata = function() {
      data <- pair_rows(300)
      data$stratum <- data$item %% 2
      data$human[data$item > 60] <- NA
      ends(estimate_difference(human ~ judge, data = data, by = system, item = item,
                               strata = stratum))
    },
    clusters = function() {
      data <- pair_rows(300)
      data$talk <- data$item %% 100
      data$human[data$talk > 25] <- NA
      ends(estimate_difference(human ~ judge, data = data, by = system, clusters = talk))
    },
    prob = function() {
      data <- pair_rows(300)
      chance <- runif(300, 0.1, 0.5)
      drawn <- runif(300) < chance
      data$prob <- chance[data$item]
      data$human[!drawn[data$item]] <- NA
      ends(estimate_difference(human ~ judge, data = data, by = system, item = item, prob = prob))
    }
  )
  expect_guarded_coverage(lapply(seq_along(designs), function(k) {
    covers_pair(10 + k, truth, designs[[k]], 120)
  }))
})

# The mean width of intervals that `draw` makes.
mean_width <- function(draw) {
  withr::local_seed(25)
  mean(vapply(1:30, function(rep) diff(quiet(draw())), 0))
}

test_that("precision and recall cover at least the level, and not by being wide", {
  draw <- function(metric, formula = human ~ judge) {
    truth <- rbinom(1000, 1, 0.2)
    data <- data.frame(human = truth, judge = ifelse(runif(1000) < 0.9, truth, 1 - truth),
                       flagged = ifelse(runif(1000) < 0.8, truth, 1 - truth))
    data$human[-(1:100)] <- NA
    confint(estimate_performance(formula, data, predicted = flagged, metrics = metric))[1, ]
  }
  expect_coverage(covers_pair(21, 0.5, function() draw("precision"), 150), 0.95, "less")
  expect_coverage(covers_pair(22, 0.8, function() draw("recall"), 150), 0.95, "less")
  narrows <- function(metric) {
    mean_width(function() draw(metric)) / mean_width(function() draw(metric, human ~ 1))
  }
  expect_lt(narrows("precision"), 0.85)
  expect_lt(narrows("recall"), 1)
})

test_that("quantiles cover at least the level, and not by being wide", {
  draw <- function(n, q, formula = y ~ f) {
    f <- round(rnorm(300), 1)
    y <- ifelse(seq_len(300) <= n, f + rnorm(300, 0, 0.5), NA)
    confint(estimate_quantile(formula, data.frame(y, f), probs = q))[1, ]
  }
  q90 <- sqrt(1 + 0.25) * stats::qnorm(0.9)
  expect_coverage(covers_pair(23, 0, function() draw(50, 0.5), 100), 0.95, "less")
  expect_coverage(covers_pair(24, q90, function() draw(50, 0.9), 100), 0.95, "less")
  median <- mean_width(function() draw(50, 0.5))
  expect_lt(median / mean_width(function() draw(50, 0.5, y ~ 1)), 0.9)
})

test_that("families of intervals cover together", {
  withr::local_seed(31)
  hits <- vapply(1:150, function(rep) {
    data <- data.frame(g = rep(letters[1:4], each = 30), y = rnorm(120))
    all(compare_groups(estimate_groups(y ~ 1, data, by = g))$p.value > 0.05)
  }, NA)
  expect_coverage(hits)
})
