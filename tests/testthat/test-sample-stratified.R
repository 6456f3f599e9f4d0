allocation <- function(plan) attr(plan, "allocation")

# The shares of the documented formula, by hand: proportional shares, full strata
# taken out until nobody overflows.
shares_by_hand <- function(weights, sizes, n) {
  open <- rep(TRUE, length(sizes))
  shares <- as.double(sizes)
  repeat {
    left <- n - sum(sizes[!open])
    shares[open] <- left * weights[open] / sum(weights[open])
    over <- open & shares > sizes
    if (!any(over)) return(shares)
    open <- open & !over
    shares[!open] <- sizes[!open]
  }
}

test_that("allocations equal the reference cases", {
  cases <- read_reference("samplers.json")$stratified
  expect_length(cases, 23)
  for (case in cases) {
    what <- paste("case", case$id)
    capped <- case$total < case$n_samples
    if (any(case$allocation < 2) && !capped) {
      error <- expect_error(
        sample_stratified(case$groups, case$n_samples, case$y_proxy, case$strategy),
        class = "judicious_error_few_labels"
      )
      expect_identical(error$stratum, as.character(case$strata)[case$allocation < 2], label = what)
      next
    }
    got <- allocation(sample_stratified(case$groups, case$n_samples, case$y_proxy, case$strategy))
    expect_identical(got$stratum, as.character(case$strata), label = what)
    expect_equal(got$n_total, case$size, label = what)
    if (case$strategy == "neyman") {
      expect_equal(got$sd_proxy, case$sd_proxy, tolerance = 1e-12, label = what)
    }
    if (!capped) expect_equal(got$n, case$allocation, label = what)
  }
})

test_that("what a full stratum cannot take is handed on, unlike in the reference", {
  cases <- Filter(function(case) case$total < case$n_samples,
                  read_reference("samplers.json")$stratified)
  expect_setequal(vapply(cases, `[[`, 0, "id"), c(7, 19, 20, 22))
  for (case in cases) {
    got <- allocation(sample_stratified(case$groups, case$n_samples, case$y_proxy, case$strategy))
    expect_equal(sum(got$n), case$n_samples)
    expect_true(all(got$n <= got$n_total))
    shares <- shares_by_hand(case$size * case$sd_proxy, case$size, case$n_samples)
    expect_lt(max(abs(got$n - shares)), 1)
  }
})

test_that("shares follow the formula for many random strata", {
  set.seed(1)
  n_full <- 0
  for (repetition in 1:50) {
    sizes <- sample(2:400, 12, replace = TRUE)
    strata <- sample(rep(seq_along(sizes), sizes))
    y_proxy <- rnorm(length(strata), sd = exp(strata %% 5))
    n <- sample(seq(sum(sizes) %/% 2, sum(sizes)), 1)
    got <- try(allocation(sample_stratified(strata, n, y_proxy)), silent = TRUE)
    if (inherits(got, "try-error")) next
    spread <- as.vector(tapply(y_proxy, strata, sd))
    shares <- shares_by_hand(sizes * spread, sizes, n)
    expect_equal(sum(got$n), n)
    expect_lt(max(abs(got$n - shares)), 1)
    expect_true(all(got$n <= sizes))
    # a full stratum would get more at the rate of the others
    full <- got$n == sizes
    n_full <- n_full + sum(full)
    rate <- max((got$n / (sizes * spread))[!full], 0)
    expect_true(all((sizes * spread * rate >= sizes - 1)[full]))
  }
  expect_gt(n_full, 50)
})

test_that("strata in which the judge does not vary come last", {
  strata <- rep(c("flat", "wide", "wider", "even"), c(30, 10, 10, 20))
  y_proxy <- c(rep(0.5, 30), rep(0:1, 5), rep(c(0, 4), 5), rep(0.7, 20))
  plan <- sample_stratified(strata, 40, y_proxy)
  # the 20 labels left over are shared by size, 12 to 8
  expect_identical(allocation(plan)$stratum, c("even", "flat", "wide", "wider"))
  expect_equal(allocation(plan)$n, c(8, 12, 10, 10))
})

test_that("ties go to the first stratum by code point, or by level", {
  strata <- rep(c("b", "B", "a"), each = 10)
  expect_equal(allocation(sample_stratified(strata, 10, allocation = "proportional"))[c(1, 3)],
               data.frame(stratum = c("B", "a", "b"), n = c(4, 3, 3)))
  by_level <- factor(strata, levels = c("b", "unused", "a", "B"))
  expect_equal(allocation(sample_stratified(by_level, 11, allocation = "proportional"))[c(1, 3)],
               data.frame(stratum = c("b", "a", "B"), n = c(4, 4, 3)))
  # a third of remainder each, though 10 / 3 and 20 / 3 - 1 / 3 round differently
  sizes <- c(10, 20, 10, 20)
  by_size <- allocation(sample_stratified(rep(1:4, sizes), 19, allocation = "proportional"))
  expect_equal(by_size$n, c(3, 7, 3, 6))
})

test_that("each stratum has exactly its labels, and prob is n_h / N_h per row", {
  set.seed(2)
  strata <- sample(c("de", "en", "fr"), 300, replace = TRUE, prob = c(1, 3, 6))
  y_proxy <- rnorm(300, sd = ifelse(strata == "de", 3, 1))
  plan <- sample_stratified(strata, 50, y_proxy)
  table <- allocation(plan)
  expect_s3_class(plan, c("judicious_sample", "judicious_table", "data.frame"), exact = TRUE)
  expect_identical(sum(plan$selected), 50L)
  expect_equal(as.vector(tapply(plan$selected, strata, sum)), table$n)
  expect_identical(plan$prob, table$prob[match(strata, table$stratum)])
  expect_identical(table$prob, table$n / table$n_total)
  expect_equal(table$n_total, as.vector(table(strata)))
})

test_that("items and pairs of items of a stratum are equally likely", {
  set.seed(3)
  n_rep <- 5000
  strata <- c(1, 2, 1, 1, 2, 2, 1, 2, 2)
  draws <- replicate(n_rep, {
    sample_stratified(strata, 4, allocation = "proportional")$selected
  })
  p <- c(2 / 4, 2 / 5)[strata]
  expect_lt(max(abs(rowMeans(draws) - p) - 5 * sqrt(p * (1 - p) / n_rep)), 0)
  for (h in 1:2) {
    n <- sum(strata == h)
    p2 <- 2 / (n * (n - 1))
    pairs <- tcrossprod(draws[strata == h, ]) / n_rep
    expect_lt(max(abs(pairs[upper.tri(pairs)] - p2)), 5 * sqrt(p2 * (1 - p2) / n_rep))
  }
  # strata are drawn independently
  across <- mean(draws[1, ] * draws[2, ])
  expect_lt(abs(across - 0.2), 5 * sqrt(0.2 * 0.8 / n_rep))
})

test_that("any type that can be grouped is a stratum", {
  codes <- rep(c(3L, 1L, 2L), c(6, 4, 5))
  ids <- list(as.double(codes), letters[codes], factor(letters[codes]),
              as.Date("2024-01-01") + codes,
              data.frame(a = codes %/% 2, b = letters[codes]))
  for (id in ids) {
    set.seed(4)
    plan <- sample_stratified(id, 7, allocation = "proportional")
    set.seed(4)
    same <- sample_stratified(codes, 7, allocation = "proportional")
    expect_identical(as.data.frame(plan), as.data.frame(same))
    expect_identical(allocation(plan)[-1], allocation(same)[-1])
  }
})

test_that("the sample fits estimate_mean(), also where a stratum is labelled in full", {
  set.seed(5)
  items <- simulate_binary_strata(c(600, 300, 30), true_mean = c(0.1, 0.2, 0.5),
                                  proxy_mean = c(0.1, 0.2, 0.5), correlation = 0.6)
  items$score <- items$y_proxy * ifelse(items$stratum == 3, 100, 1)
  plan <- sample_stratified(items$stratum, 90, items$score)
  expect_identical(allocation(plan)$prob[3], 1)
  items$human <- reveal_labels(items$y_true, plan)
  fit <- estimate_mean(human ~ y_proxy, items, strata = stratum)
  expect_equal(fit$n_true, 90)
  expect_equal(fit$strata$n_true, allocation(plan)$n)
  by_hand <- mean(tapply(items$human, items$stratum, mean, na.rm = TRUE)[items$stratum])
  human <- estimate_mean(human ~ 1, items, strata = stratum)
  expect_equal(human$estimate, by_hand, tolerance = 1e-12)
})

test_that("Neyman is more precise than proportional where labels vary unequally", {
  set.seed(6)
  strata <- rep(1:2, c(1800, 200))
  y <- rnorm(2000, sd = c(0.2, 4)[strata])
  error <- function(allocation) {
    plan <- sample_stratified(strata, 60, y, allocation)
    sum(c(0.9, 0.1) * tapply(y[plan$selected == 1], strata[plan$selected == 1], mean)) - mean(y)
  }
  rmse <- function(allocation) sqrt(mean(replicate(1000, error(allocation))^2))
  # the standard errors of the formula: sum(W s) / sqrt(n) against sqrt(sum(W s^2) / n)
  expect_lt(rmse("neyman") / rmse("proportional"), 0.6)
})

test_that("set.seed() governs the draw, and a million items are no problem", {
  set.seed(7)
  strata <- sample.int(50, 1e6, replace = TRUE)
  first <- sample_stratified(strata, 1e5, allocation = "proportional")
  second <- sample_stratified(strata, 1e5, allocation = "proportional")
  expect_false(identical(first$selected, second$selected))
  expect_equal(as.vector(tapply(first$selected, strata, sum)), allocation(first)$n)
  set.seed(8)
  third <- sample_stratified(strata, 1e5, allocation = "proportional")
  set.seed(8)
  expect_identical(sample_stratified(strata, 1e5, allocation = "proportional"), third)
})

test_that("an allocation that gives a stratum fewer than two labels says what would do", {
  strata <- rep(c("a", "b"), c(30, 20))
  y_proxy <- c(1:30, rep(c(0, 0.25), 10))
  expect_snapshot(sample_stratified(strata, 8, y_proxy), error = TRUE)
  expect_snapshot(sample_stratified(rep(c("a", "b"), c(95, 5)), 20, allocation = "proportional"),
                  error = TRUE)
  error <- expect_error(sample_stratified(strata, 8, y_proxy),
                        class = "judicious_error_few_labels")
  expect_identical(error$stratum, "b")
  n <- error$n_needed
  expect_equal(allocation(sample_stratified(strata, n, y_proxy))$n, c(n - 2, 2))
  expect_error(sample_stratified(strata, n - 1, y_proxy), class = "judicious_error_few_labels")
  expect_error(sample_stratified(strata, 3, y_proxy, "proportional"),
               class = "judicious_error_few_labels")
})

test_that("a stratum with a single item is an error whatever n is", {
  expect_snapshot(sample_stratified(c("a", "b", "a"), 3, allocation = "proportional"),
                  error = TRUE)
})

test_that("bad input is named", {
  strata <- rep(1:2, each = 5)
  expect_snapshot(sample_stratified(strata, 6), error = TRUE)
  expect_snapshot(sample_stratified(strata, 6, strata), error = TRUE)
  expect_snapshot(sample_stratified(strata, 11, 1:10), error = TRUE)
  expect_snapshot(sample_stratified(strata, 6, 1:9), error = TRUE)
  expect_snapshot(sample_stratified(c(1, 1, NA, 2, 2), 4, 1:5), error = TRUE)
  expect_error(sample_stratified(strata, 6, c(1:9, NA)), class = "judicious_error_finite")
  expect_error(sample_stratified(strata, 6, letters[1:10]), class = "judicious_error_type")
  expect_error(sample_stratified(strata, 6, (1:10) * 1e200), class = "judicious_error_undefined")
  expect_error(sample_stratified(strata, 6, 1:10, "optimal"), class = "judicious_error_choice")
  expect_error(sample_stratified(strata, 2.5, 1:10), class = "judicious_error_type")
  expect_error(sample_stratified(NULL, 2), class = "judicious_error_length")
  expect_error(sample_stratified(character(), 2), class = "judicious_error_length")
  expect_error(sample_stratified(mean, 2), class = "judicious_error_type")
})

test_that("the user's vectors are left alone", {
  strata <- c(2L, 1L, 2L, 1L, 1L)
  y_proxy <- c(0.5, 0.25, 1, 0, 2)
  sample_stratified(strata, 4, y_proxy, "proportional")
  sample_stratified(strata, 5, y_proxy)
  expect_identical(strata, c(2L, 1L, 2L, 1L, 1L))
  expect_identical(y_proxy, c(0.5, 0.25, 1, 0, 2))
})
