# The policy as published, without random rows.
published <- function(...) sample_cost_optimal(..., mix = 0)

policy <- function(plan) attr(plan, "policy")

# More money than all items cost, so that no item leaves the frame.
probabilities <- function(uncertainty, y_true_pilot, human_cost, judge_cost) {
  quiet(published(uncertainty, y_true_pilot, human_cost, judge_cost, 1e12))$prob
}

# The documented objective, by hand.
objective <- function(prob, uncertainty, variance, human_cost, judge_cost) {
  (judge_cost + human_cost * mean(prob)) * (variance + mean(uncertainty^2 * (1 / prob - 1)))
}

realised_cost <- function(plan, human_cost, judge_cost) {
  human_cost * sum(plan$selected, na.rm = TRUE) + judge_cost * sum(!is.na(plan$selected))
}

test_that("threshold, gamma and probabilities equal the reference cases", {
  cases <- read_reference("samplers.json")$cost_optimal
  expect_length(cases, 10)
  for (case in cases) {
    what <- paste("case", case$id)
    plan <- quiet(published(case$uncertainty, case$y_true_burn_in, case$y_true_cost,
                                      case$y_proxy_cost, budget = 1e12))
    expect_identical(policy(plan)$tau, case$tau, label = what)
    expect_relative(policy(plan)$gamma, case$gamma, 1e-12, what)
    expect_relative(policy(plan)$objective, min(case$objectives), 1e-12, what)
    expect_relative(plan$prob, case$pi, 1e-12, what)
    expect_equal(sum(plan$prob == 1), case$n_pi_one, label = what)
  }
})

test_that("single probabilities equal the reference cases", {
  cases <- read_reference("samplers.json")$cost_optimal_random
  expect_length(cases, 10)
  for (case in cases) {
    plan <- quiet(sample_cost_optimal_random(
      7, case$y_true_burn_in, case$y_proxy_burn_in, case$y_true_cost, case$y_proxy_cost, 1e12
    ))
    expect_relative(plan$prob, rep(case$pi, 7), 1e-12, paste("case", case$id))
  }
})

test_that("no other probabilities have a smaller objective", {
  set.seed(1)
  n_capped <- 0
  for (repetition in 1:30) {
    u <- rlnorm(6, sd = 1.5) / 4
    pilot <- rnorm(20)
    human <- 1
    judge <- c(0, 0.02, 0.5, 3)[repetition %% 4 + 1]
    plan <- quiet(published(u, pilot, human, judge, 1e12))
    at <- function(prob) objective(prob, u, var(pilot), human, judge)
    expect_equal(policy(plan)$objective, at(plan$prob), tolerance = 1e-12)
    n_capped <- n_capped + sum(plan$prob == 1)
    if (judge == 0) next # the infimum, at no label at all, is left out
    for (start in list(rep(0.5, 6), runif(6, 0.01, 1))) {
      best <- optim(start, at, method = "L-BFGS-B", lower = 1e-6, upper = 1)
      expect_gt(best$value, policy(plan)$objective * (1 - 1e-6))
    }
  }
  expect_gt(n_capped, 20)
})

test_that("one probability for all is the case of equal uncertainties", {
  y <- c(0, 0, 1, 0, 1, 1, 0, 1, 0, 0)
  f <- c(0, 1, 1, 0, 1, 0, 0, 1, 0, 0)
  set.seed(2)
  random <- sample_cost_optimal_random(50, y, f, 7, 0.5, 1e6)
  set.seed(2)
  equal <- published(rep(sqrt(mean((y - f)^2)), 50), y, 7, 0.5, 1e6)
  expect_equal(as.data.frame(random), as.data.frame(equal), tolerance = 1e-14)
  expect_equal(random$prob[1], sqrt(0.5 / 7 * 0.2 / (var(y) - 0.2)), tolerance = 1e-14)
  expect_equal(policy(random)$objective,
               objective(random$prob[1], sqrt(0.2), var(y), 7, 0.5), tolerance = 1e-14)
})

test_that("units, order and repetition of the items do not matter", {
  set.seed(3)
  u <- rlnorm(40) / 5
  pilot <- rnorm(30)
  prob <- probabilities(u, pilot, 5, 0.2)
  expect_equal(probabilities(u, pilot, 500, 20), prob, tolerance = 1e-13)
  expect_equal(probabilities(u * 1e6, 3 + pilot * 1e6, 5, 0.2), prob, tolerance = 1e-9)
  expect_equal(probabilities(rev(u), pilot, 5, 0.2), rev(prob), tolerance = 1e-13)
  expect_equal(probabilities(rep(u, 3), pilot, 5, 0.2), rep(prob, 3), tolerance = 1e-13)
})

test_that("dearer judges and cheaper humans raise the probabilities", {
  set.seed(4)
  u <- rlnorm(100, sd = 0.5) / 5
  pilot <- rnorm(30)
  rates <- vapply(c(0.001, 0.01, 0.1, 1), function(judge) mean(probabilities(u, pilot, 5, judge)),
                  0)
  expect_true(all(diff(rates) > 0))
})

test_that("a judge as wrong as labels vary leaves everything to humans, and says so", {
  pilot <- c(0, 1, 0, 1)
  expect_message(plan <- published(rep(c(0.7, 0.9), 5), pilot, 1, 0.5, 100),
                 class = "judicious_message_judge_cost")
  expect_identical(plan$prob, rep(1, 10))
  expect_gt(policy(plan)$relative_variance, 1)
  expect_message(
    plan <- sample_cost_optimal_random(10, pilot, 1 - pilot, 1, 0.5, 100),
    class = "judicious_message_judge_cost"
  )
  expect_identical(plan$prob, rep(1, 10))
  expect_equal(policy(plan)$relative_variance, 1.5)
  expect_silent(published(rep(c(0.1, 0.2), 5), pilot, 1, 0.01, 100))
  # free, all items alike, and no better than nothing: humans only, not an error
  expect_identical(probabilities(rep(1, 5), pilot, 1, 0), rep(1, 5))
})

test_that("the money is spent and never more than that", {
  set.seed(5)
  u <- rlnorm(2000) / 5
  pilot <- rbinom(50, 1, 0.3)
  for (budget in c(60, 333, 1000)) {
    plan <- published(u, pilot, 5, 0.4, budget)
    spent <- realised_cost(plan, 5, 0.4)
    expect_lte(spent, budget)
    expect_gt(spent, budget - 5.4) # the next item could not be paid
    expect_identical(is.na(plan$prob), is.na(plan$selected))
    kept <- !is.na(plan$prob)
    expect_identical(plan$prob[kept], probabilities(u, pilot, 5, 0.4)[kept])
  }
  rich <- published(u, pilot, 5, 0.4, 1e6)
  expect_false(anyNA(rich$selected))
  expect_equal(policy(rich)$expected_labels, sum(rich$prob))
  expect_equal(policy(rich)$expected_cost, 5 * sum(rich$prob) + 0.4 * 2000)
})

test_that("the frame and the labels in it are random", {
  set.seed(6)
  u <- c(0.05, 0.1, 0.2, 0.4)[rep(1:4, 25)]
  pilot <- c(0, 1, 0, 0, 1)
  n_rep <- 4000
  draws <- replicate(n_rep, published(u, pilot, 2, 0.5, 40)$selected)
  # any item is as likely to be in the frame as any other
  in_frame <- rowMeans(!is.na(draws))
  share <- mean(in_frame)
  expect_lt(max(abs(in_frame - share)), 5 * sqrt(share * (1 - share) / n_rep))
  expect_gt(share, 0.1)
  expect_lt(share, 0.9)
})

test_that("the variance of the mean is the objective over the budget", {
  # Labels only matter through the judge's errors: the plan's own formula, with
  # the judge's full weight, over fresh pools.
  set.seed(7)
  variance <- 0.3 * 0.7
  pilot <- rep(0:1, c(70, 30))
  errors <- replicate(1500, {
    pool <- simulate_binary_active(1200, true_mean = 0.3, proxy_mean = 0.3, correlation = 0.8)
    plan <- published(pool$uncertainty, pilot, 5, 0.5, 400)
    f <- pool$y_proxy
    mean((f + (pool$y_true - f) * plan$selected / plan$prob)[!is.na(plan$prob)]) - 0.3
  })
  pool <- simulate_binary_active(1e5, true_mean = 0.3, proxy_mean = 0.3, correlation = 0.8)
  expected <- policy(published(pool$uncertainty, pilot, 5, 0.5, 400))$objective / 400
  expect_lt(abs(var(errors) / expected - 1), 5 * sqrt(2 / 1500))
  expect_lt(abs(mean(errors)), 5 * sqrt(expected / 1500))
})

test_that("large pools keep their digits", {
  set.seed(8)
  u <- rexp(1e6)^2 / 10
  pilot <- c(0, 1, 1, 0, 0)
  plan <- published(u, pilot, 5, 0.1, 1e5)
  chosen <- policy(plan)
  capped <- u > chosen$tau
  expect_gt(sum(capped), 10)
  gamma <- sqrt((0.1 / 5 + mean(capped)) / (var(pilot) - sum(u[!capped]^2) / 1e6))
  expect_equal(chosen$gamma, min(gamma, 1 / chosen$tau), tolerance = 1e-12)
})

test_that("set.seed() governs the draw and consecutive calls differ", {
  u <- seq(0.1, 0.5, length.out = 300)
  draw <- function() published(u, c(0, 1, 1), 1, 0.1, 50)
  draw_random <- function() sample_cost_optimal_random(300, c(0, 1, 1), c(0, 1, 0), 1, 0.1, 50)
  for (sampler in list(draw, function() quiet(draw_random()))) {
    set.seed(9)
    first <- sampler()
    second <- sampler()
    set.seed(9)
    expect_identical(sampler(), first)
    expect_false(identical(first$selected, second$selected))
  }
})

test_that("a budget too small says how much is needed", {
  u <- rep(c(0.1, 0.3), 50)
  pilot <- c(0, 1, 0, 1, 1)
  expect_snapshot(sample_cost_optimal(u, pilot, 5, 1, 10), error = TRUE)
  error <- expect_error(sample_cost_optimal(u, pilot, 5, 1, 10), class = "judicious_error_range")
  expect_identical(error$arg, "budget")
  prob <- probabilities(u, pilot, 5, 1)
  expect_equal(error$needed, 2 * (5 + 1 / mean(prob)))
  plan <- published(u, pilot, 5, 1, error$needed)
  expect_lte(realised_cost(plan, 5, 1), error$needed)
  expect_error(sample_cost_optimal(u, pilot, 5, 1, error$needed * 0.999),
               class = "judicious_error_range")
})

test_that("what the message asks for suffices", {
  expect_equal(round_up(c(4.6728, 123456, 0.0010001, 5)), c(4.68, 124000, 0.00101, 5))
})

test_that("pilots that say nothing are refused", {
  u <- c(0.2, 0.3, 0.4)
  expect_snapshot(sample_cost_optimal(u, c(0, 0, 0), 1, 0.1, 10), error = TRUE)
  expect_snapshot(sample_cost_optimal(u, 1, 1, 0.1, 10), error = TRUE)
  expect_snapshot(sample_cost_optimal_random(9, c(0, 1), c(0, 1), 1, 0.1, 10), error = TRUE)
  expect_snapshot(sample_cost_optimal_random(9, c(0, 1, 1), c(0, 1), 1, 0.1, 10), error = TRUE)
  expect_error(sample_cost_optimal(u, numeric(), 1, 0.1, 10), class = "judicious_error_length")
  expect_error(sample_cost_optimal(u, c(0, NA, 1), 1, 0.1, 10), class = "judicious_error_finite")
  expect_error(sample_cost_optimal(u, c("a", "b"), 1, 0.1, 10), class = "judicious_error_type")
  expect_error(sample_cost_optimal_random(9, c(TRUE, FALSE), c(FALSE, FALSE), 1, 0.1, 0),
               class = "judicious_error_range")
})

test_that("costs, uncertainties and sizes are checked", {
  u <- c(0.2, 0.3, 0.4)
  y <- c(0, 1, 1)
  expect_snapshot(sample_cost_optimal(u, y, 0, 0.1, 10), error = TRUE)
  expect_snapshot(sample_cost_optimal(u, y, 1, -0.1, 10), error = TRUE)
  expect_snapshot(sample_cost_optimal(rep(0.2, 3), y, 1, 0, 10), error = TRUE)
  for (bad in c(-1, 0)) {
    expect_error(sample_cost_optimal(u, y, bad, 0.1, 10), class = "judicious_error_range")
    expect_error(sample_cost_optimal(u, y, 1, 0.1, bad), class = "judicious_error_range")
  }
  expect_error(sample_cost_optimal(u, y, Inf, 0.1, 10), class = "judicious_error_finite")
  expect_error(sample_cost_optimal(u, y, 1, Inf, 10), class = "judicious_error_finite")
  expect_error(sample_cost_optimal(u, y, 1, 0.1, Inf), class = "judicious_error_finite")
  expect_error(sample_cost_optimal(u, y, c(1, 2), 0.1, 10), class = "judicious_error_type")
  expect_error(sample_cost_optimal(u, y, 1, NA, 10), class = "judicious_error_type")
  expect_error(sample_cost_optimal(c(0.2, 0), y, 1, 0.1, 10), class = "judicious_error_range")
  expect_error(sample_cost_optimal(c(0.2, NA), y, 1, 0.1, 10), class = "judicious_error_finite")
  expect_error(sample_cost_optimal(numeric(), y, 1, 0.1, 10), class = "judicious_error_length")
  expect_error(sample_cost_optimal(c(0.2, 1e-320), y, 1, 0.1, 10),
               class = "judicious_error_undefined")
  expect_error(sample_cost_optimal(c(1e200, 2e200), y, 1, 0.1, 10),
               class = "judicious_error_undefined")
  expect_error(sample_cost_optimal_random(2.5, y, 1 - y, 1, 0.1, 10),
               class = "judicious_error_type")
  expect_error(sample_cost_optimal_random(1e10, y, 1 - y, 1, 0.1, 10),
               class = "judicious_error_range")
  expect_error(sample_cost_optimal_random(9, c(y, y), c(0, 1, 1, 1, 1, 1), 1, 0, 10),
               class = "judicious_error_undefined")
})

test_that("the user's vectors are left alone", {
  u <- c(0.3, 0.1, 0.2)
  y <- c(0, 1, 1)
  f <- c(0, 0, 1)
  published(u, y, 1, 0.1, 10)
  sample_cost_optimal_random(9, y, f, 1, 0.1, 10)
  expect_identical(list(u, y, f), list(c(0.3, 0.1, 0.2), c(0, 1, 1), c(0, 0, 1)))
})

test_that("the mix keeps the cost and says what it does to variance and width", {
  set.seed(12)
  pool <- simulate_binary_active(3000, 0.2, 0.15, 0.8)
  pilot <- rep(0:1, c(40, 10))
  for (mix in list(0.4, 1, NULL)) {
    plan <- quiet(sample_cost_optimal(pool$uncertainty, pilot, 5, 0.2, 1e5, mix = mix))
    alone <- quiet(published(pool$uncertainty, pilot, 5, 0.2, 1e5))
    expect_equal(attr(plan, "policy")$expected_cost, attr(alone, "policy")$expected_cost)
    expect_gte(attr(plan, "policy")$objective, attr(alone, "policy")$objective * (1 - 1e-12))
    expect_equal(sum(plan$prob), sum(alone$prob))
    share <- attr(plan, "mix")$mix
    if (!is.null(mix)) {
      expect_equal(plan$prob, (1 - share) * alone$prob + share * mean(alone$prob))
    } else {
      expect_lt(share, 1)
      expect_equal(min(plan$prob), share * mean(alone$prob))
      # above the least, in proportion to the uncertainty
      open <- plan$prob > min(plan$prob) * (1 + 1e-9) & plan$prob < 1
      expect_gt(sum(open), 10)
      expect_equal(sd(plan$prob[open] / pool$uncertainty[open]), 0)
    }
    expect_match(format(plan), "^Mix: ", all = FALSE)
  }
  expect_lte(attr(plan, "mix")$width_ratio, 1)
})
