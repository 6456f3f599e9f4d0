# Coverage from both sides: seeded, at sizes where the theory should hold, with
# few unlabelled rows, so that all parts of the variance count.

# Whether each of n_rep intervals covered; draw() returns a fit.
covers <- function(seed, truth, draw, n_rep = 300) {
  withr::local_seed(seed)
  one <- function(fit) fit$conf_low <= truth && truth <= fit$conf_high
  vapply(seq_len(n_rep), function(rep) one(quiet(draw())), NA)
}

reveal <- function(data, n) {
  data$human <- reveal_labels(data$y_true, sample_uniform(nrow(data), n))
  data
}

test_that("t: one judge and none", {
  draw <- function(formula) {
    data <- reveal(simulate_gaussian(90, 3, 2, 4, 1, 0.7), 40)
    estimate_mean(formula, data)
  }
  expect_coverage(covers(1, 3, function() draw(human ~ y_proxy)))
  expect_coverage(covers(2, 3, function() draw(human ~ 1)))
})

test_that("t: three judges, also at another level", {
  draw <- function(...) {
    data <- simulate_gaussian(250, 3, 2, c(4, 0, 1), c(1, 3, 1), c(0.8, 0.5, 0.2))
    estimate_mean(human ~ y_proxy_1 + y_proxy_2 + y_proxy_3, reveal(data, 80), ...)
  }
  expect_coverage(covers(3, 3, function() draw()))
  expect_coverage(covers(4, 3, function() draw(conf_level = 0.8)), 0.8)
})

test_that("normal: 0/1 labels in plenty, published preset", {
  draw <- function() {
    data <- reveal(simulate_binary(1500, 0.4, 0.3, 0.6), 500)
    estimate_mean(human ~ y_proxy, data, preset = "published")
  }
  expect_coverage(covers(5, 0.4, draw))
})

test_that("t: strata of unequal size and spread, own and pooled weights", {
  size <- c(60, 100, 140)
  centre <- c(0, 2, 10)
  stratum <- rep(1:3, size)
  draw <- function(pool) {
    latent <- rnorm(300)
    data <- data.frame(y_true = centre[stratum] + stratum * latent, judge = latent + rnorm(300))
    labelled <- unlist(lapply(split(1:300, stratum), sample, size = 40))
    data$human <- replace(rep(NA, 300), labelled, data$y_true[labelled])
    estimate_mean(human ~ judge, data, strata = stratum, pool_strata = pool)
  }
  truth <- sum(size * centre) / 300
  expect_coverage(covers(6, truth, function() draw(TRUE)))
  expect_coverage(covers(7, truth, function() draw(FALSE)))
})

# Clusters of 1 to 7 rows that share a latent value; larger ones score higher.
draw_clusters <- function(n_clusters) {
  size <- sample(7, n_clusters, TRUE)
  cluster <- rep(seq_len(n_clusters), size)
  latent <- (0.3 * (size - 4) + rnorm(n_clusters))[cluster]
  data <- data.frame(cluster = cluster, y_true = latent + rnorm(length(cluster)))
  data$judge <- data$y_true + rnorm(nrow(data)) + 5
  data
}

test_that("t: whole clusters, mean over rows and mean of cluster means", {
  draw <- function(estimand) {
    data <- draw_clusters(150)
    labelled <- data$cluster %in% sample(150, 60)
    data$human <- ifelse(labelled, data$y_true, NA)
    estimate_mean(human ~ judge, data, clusters = cluster, estimand = estimand)
  }
  # Mean over rows: E(m latent) / E(m) = 0.3 Var(m) / E(m), m uniform on 1 to 7.
  expect_coverage(covers(8, 0.3, function() draw("rows")))
  expect_coverage(covers(9, 0, function() draw("clusters")))
})

test_that("t: partly labelled clusters; ignoring clusters does not cover", {
  draw <- function(clusters) {
    data <- draw_clusters(120)
    labelled <- runif(nrow(data)) < 0.5
    data$human <- ifelse(labelled, data$y_true, NA)
    data$own <- seq_len(nrow(data))
    estimate_mean(human ~ judge, data, clusters = .data[[clusters]])
  }
  expect_coverage(covers(10, 0.3, function() draw("cluster")))
  expect_lt(mean(covers(11, 0.3, function() draw("own"), 300)), 0.85)
})

test_that("t: known prob, rows and whole clusters", {
  rows <- function(center) {
    data <- simulate_gaussian(600, 3, 2, 4, 1, 0.7)
    prob <- stats::plogis(-0.5 + 0.5 * (data$y_proxy - 4))
    data$human <- ifelse(runif(600) < prob, data$y_true, NA)
    estimate_mean(human ~ y_proxy, data, prob = prob, center = center)
  }
  expect_coverage(covers(12, 3, function() rows(TRUE)))
  expect_coverage(covers(13, 3, function() rows(FALSE)))
  clusters <- function() {
    data <- draw_clusters(250)
    prob <- runif(250, 0.3, 0.9)
    drawn <- runif(250) < prob
    data$human <- ifelse(drawn[data$cluster], data$y_true, NA)
    estimate_mean(human ~ judge, data, clusters = cluster, prob = prob[data$cluster])
  }
  expect_coverage(covers(14, 0.3, clusters))
})

test_that("t: strata x clusters x judges", {
  draw <- function() {
    data <- draw_clusters(200)
    data$stratum <- data$cluster %% 2
    data$second <- data$y_true - 2 * data$stratum + rnorm(nrow(data))
    labelled <- data$cluster %in% c(sample(1:100, 50) * 2, sample(1:100, 40) * 2 - 1)
    data$human <- ifelse(labelled, data$y_true + data$stratum, NA)
    estimate_mean(human ~ judge + second, data, strata = stratum, clusters = cluster,
                  strata_weights = c("0" = 0.7, "1" = 0.3))
  }
  expect_coverage(covers(15, 0.6, draw))
})

test_that("t: a finite population needs less room", {
  population <- withr::with_seed(16, simulate_gaussian(120, 3, 2, 4, 1, 0.6))
  draw <- function(population_kind) {
    estimate_mean(human ~ y_proxy, reveal(population, 70), population = population_kind)
  }
  truth <- mean(population$y_true)
  expect_coverage(covers(17, truth, function() draw("finite")))
  expect_gt(mean(covers(18, truth, function() draw("infinite"))), 0.975)
})

test_that("beta: never below its level", {
  draw <- function(n, rate, correlation) {
    data <- reveal(simulate_binary(1000, rate, 0.15, correlation), n)
    estimate_mean(human ~ y_proxy, data)
  }
  expect_coverage(covers(19, 0.1, function() draw(50, 0.1, 0.7)), alternative = "less")
  expect_coverage(covers(20, 0.5, function() draw(100, 0.5, 0.3)), alternative = "less")
  active <- function() {
    data <- simulate_binary_active(1000, 0.1, 0.15, 0.6)
    drawn <- sample_active(data$uncertainty, 150, method = "pivotal")
    data$human <- reveal_labels(data$y_true, drawn)
    estimate_mean(human ~ y_proxy, data, prob = drawn$prob)
  }
  expect_coverage(covers(21, 0.1, active), alternative = "less")
})

test_that("50 labels at a rate of 2 %: beta covers where the normal interval does not", {
  draw <- function(...) {
    data <- reveal(simulate_binary(2000, 0.02, 0.03, 0.6), 50)
    estimate_mean(human ~ y_proxy, data, ...)
  }
  expect_gt(mean(covers(22, 0.02, function() draw(), 300)), 0.95)
  # Without any event the published method has no interval: a miss, not the beta interval that
  # estimate_mean() puts in its place.
  published <- function() {
    fit <- draw(preset = "published")
    if (fit$interval == "normal") fit else list(conf_low = Inf, conf_high = Inf)
  }
  expect_lt(mean(covers(22, 0.02, published, 300)), 0.85)
})
