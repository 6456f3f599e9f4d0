probabilities <- function(uncertainty, n) sample_active(uncertainty, n, mix = 0)$prob

test_that("probabilities equal the exact optimum of the reference cases", {
  cases <- read_reference("samplers.json")$active
  expect_length(cases, 16)
  for (case in cases) {
    prob <- probabilities(case$uncertainty, case$n_samples)
    expect_lt(max(abs(prob - case$pi_exact)), 1e-9)
    expect_equal(sum(case$uncertainty^2 / prob), case$objective_exact, tolerance = 1e-12)
    expect_equal(sum(prob == 1), case$n_capped, label = paste("capped in case", case$id))
  }
})

test_that("probabilities satisfy the optimality conditions", {
  set.seed(1)
  for (spread in c(0.1, 1, 3, 10)) {
    for (n in c(1, 7, 50, 99, 100)) {
      u <- rlnorm(100, sd = spread)
      prob <- probabilities(u, n)
      expect_equal(sum(prob), n, tolerance = 1e-12)
      expect_true(all(prob > 0 & prob <= 1))
      open <- prob < 1
      ratio <- prob[open] / u[open]
      if (any(open)) expect_equal(ratio, rep(ratio[1], sum(open)), tolerance = 1e-12)
      # capped items would get more than 1 at the common ratio
      if (any(open)) expect_true(all(u[!open] * ratio[1] >= 1 - 1e-12))
    }
  }
})

test_that("only ratios count, order does not, and extremes keep their digits", {
  u <- c(0.3, 5, 0.1, 2, 0.7)
  prob <- probabilities(u, 3)
  expect_equal(probabilities(u * 1e200, 3), prob, tolerance = 1e-14)
  expect_equal(probabilities(u * 1e-200, 3), prob, tolerance = 1e-14)
  expect_equal(probabilities(rev(u), 3), rev(prob), tolerance = 1e-14)
  expect_identical(probabilities(u, 5), rep(1, 5))
  expect_identical(probabilities(rep(1.7e308, 4), 2), rep(0.5, 4))
  # The large value must not swallow the sum of the small ones.
  expect_equal(probabilities(c(1e20, 1, 2, 3, 4), 2), c(1, 0.1, 0.2, 0.3, 0.4), tolerance = 1e-14)
})

test_that("the cut-off equals the reference cases", {
  cases <- read_reference("samplers.json")$cutoff
  expect_length(cases, 6)
  for (case in cases) {
    order <- case$order - 1L
    prob <- numeric(length(order))
    prob[case$order] <- case$pi_in_draw_order
    got <- cut_off_cpp(prob, order, case$xi_in_draw_order, case$cost_per_label,
                       case$cost_per_proxy, case$budget)
    expect_identical(got$selected, as.integer(case$xi))
    expect_identical(is.na(got$prob), is.na(got$selected))
    expect_identical(ifelse(is.na(got$prob), 0, got$prob), as.double(case$pi))
  }
})

test_that("poisson draws are independent draws in random order", {
  set.seed(2)
  n_rep <- 20000
  prob <- c(0.05, 0.3, 0.5, 0.9, 1)
  draws <- replicate(n_rep, {
    draw <- draw_poisson_cpp(prob)
    drawn <- integer(5)
    drawn[draw$order + 1L] <- draw$drawn
    c(drawn, draw$order[1])
  })
  drawn <- draws[1:5, ]
  expect_lt(max(abs(rowMeans(drawn) - prob) - 5 * sqrt(prob * (1 - prob) / n_rep)), 1e-12)
  pairs <- tcrossprod(drawn) / n_rep
  expected <- tcrossprod(prob)
  excess <- abs(pairs - expected) - 5 * sqrt(expected * (1 - expected) / n_rep)
  expect_lt(max(excess[upper.tri(excess)]), 1e-12)
  first <- tabulate(draws[6, ] + 1, 5) / n_rep
  expect_lt(max(abs(first - 0.2)), 5 * sqrt(0.2 * 0.8 / n_rep))
})

test_that("poisson never overspends, and only an exhausted budget empties the frame", {
  set.seed(3)
  u <- rlnorm(300)
  plans <- replicate(300, sample_active(u, 30, "poisson", mix = 0), simplify = FALSE)
  labels <- vapply(plans, function(plan) sum(plan$selected, na.rm = TRUE), integer(1))
  left <- vapply(plans, function(plan) sum(is.na(plan$selected)), integer(1))
  expect_lte(max(labels), 30L)
  expect_gt(sum(left > 0), 50)
  expect_gt(sum(left == 0), 50)
  expect_true(all(labels[left > 0] == 30))
  plan <- plans[[which(left > 0)[1]]]
  expect_identical(is.na(plan$prob), is.na(plan$selected))
  in_frame <- !is.na(plan$prob)
  expect_identical(plan$prob[in_frame], probabilities(u, 30)[in_frame])
})

test_that("the frame of the cut-off is a fair one: weighted totals match it on average", {
  # Stopping just before the draw that cannot be paid keeps 1 / prob unbiased for
  # the frame (inverse sampling); stopping at the last label would not.
  set.seed(4)
  u <- rep(c(1, 3), each = 100)
  excess <- replicate(4000, {
    plan <- sample_active(u, 10, "poisson", mix = 0)
    sum(plan$selected / plan$prob, na.rm = TRUE) / sum(!is.na(plan$prob)) - 1
  })
  expect_lt(abs(mean(excess)), 5 * sd(excess) / sqrt(length(excess)))
})

test_that("pivotal selects exactly n with the given probabilities", {
  set.seed(5)
  u <- c(0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 0.3)
  prob <- probabilities(u, 3)
  expect_gt(sum(prob == 1), 0)
  n_rep <- 20000
  drawn <- function() sample_pivotal_cpp(prob)$selected
  draws <- replicate(n_rep, drawn())
  expect_true(all(colSums(draws) == 3L))
  error <- abs(rowMeans(draws) - prob)
  expect_lt(max(error - 5 * sqrt(prob * (1 - prob) / n_rep)), 1e-12)
  # every pair below the cap can meet in a sample: variances can be estimated
  open <- prob < 1
  expect_gt(min(tcrossprod(draws[open, ])), 0)
  # and these are the draws that users get
  expect_true(all(vapply(1:200, FUN.VALUE = NA, function(seed) {
    identical(withr::with_seed(seed, sample_active(u, 3, mix = 0)$selected),
              withr::with_seed(seed, drawn()))
  })))
})

test_that("a million items with the cap active are handled exactly", {
  set.seed(6)
  u <- rlnorm(1e6, sd = 2)
  plan <- sample_active(u, 2e5, mix = 0)
  expect_gt(sum(plan$prob == 1), 1000)
  expect_equal(sum(plan$prob), 2e5, tolerance = 1e-12)
  expect_identical(sum(plan$selected), 200000L)
})

test_that("set.seed() governs both methods and consecutive calls differ", {
  u <- seq_len(500)
  for (method in c("poisson", "pivotal")) {
    set.seed(7)
    first <- sample_active(u, 100, method)
    second <- sample_active(u, 100, method)
    set.seed(7)
    expect_identical(sample_active(u, 100, method), first)
    expect_false(identical(first$selected, second$selected))
  }
  expect_identical(attr(sample_active(u, 100), "method"), "pivotal")
})

test_that("the mix lies between the published rule and a random sample", {
  set.seed(8)
  for (u in list(rlnorm(400), simulate_binary_active(400, 0.2, 0.15, 0.6)$uncertainty)) {
    active <- probabilities(u, 60)
    for (mix in c(0.3, 0.85)) {
      prob <- sample_active(u, 60, mix = mix)$prob
      expect_equal(prob, (1 - mix) * active + mix * 60 / 400, tolerance = 1e-12)
      expect_true(all(prob <= 1))
    }
    expect_identical(sample_active(u, 60, mix = 1)$prob, rep(mean(active), 400))
  }
})

# The probabilities of the chosen mix, by bisection.
raised <- function(uncertainty, n, mix) {
  least <- mix * n / length(uncertainty)
  at <- function(log_scale) pmin(1, pmax(least, exp(log_scale) * uncertainty))
  ends <- log(c(least / max(uncertainty), n / min(uncertainty)))
  at(uniroot(function(x) sum(at(x)) - n, ends, tol = 1e-13)$root)
}

# Expected log width against random rows, written down once more: section "Mix" of the help.
expected_ratio <- function(prob, error) {
  width <- function(prob, error, rate, correlation) {
    n_rows <- length(prob)
    lowest <- sort(prob)
    k <- which(cumsum(lowest) >= 3)[1]
    base <- min(n_rows / mean(1 / prob),
                3 * n_rows / (k - (sum(lowest[seq_len(k)]) - 3) / lowest[k]))
    spread <- rate * (1 - rate)
    variance <- spread * ((1 - correlation^2) * mean((1 / prob - 1) * error) + 1) / n_rows
    guard <- (log(0.05) / qnorm(0.975))^2 + if (sd(prob) > 0) 10 / base else 0
    size <- base * (base * spread + guard) / (base * (base - 1) * variance + guard)
    size <- min(size, n_rows)
    qbeta(0.975, rate * size + 1, size - rate * size) - qbeta(0.025, rate * size, size -
                                                                rate * size + 1)
  }
  logs <- outer(c(0.05, 0.1, 0.3), c(0.5, 0.7, 0.85), Vectorize(function(rate, correlation) {
    uniform <- rep(mean(prob), length(prob))
    log(width(prob, error, rate, correlation) / width(uniform, 1, rate, correlation))
  }))
  exp(mean(logs))
}

test_that("the chosen mix promises most among those that risk 1 %", {
  set.seed(9)
  items <- list(simulate_binary_active(3000, 0.1, 0.08, 0.8)$uncertainty, rlnorm(1500, sd = 0.8))
  for (n in c(100, 300)) {
    for (u in items) {
      plan <- sample_active(u, n)
      chosen <- attr(plan, "mix")
      expect_lt(chosen$mix, 1)
      expect_equal(plan$prob, raised(u, n, chosen$mix), tolerance = 1e-8)
      expect_equal(sum(plan$prob), n, tolerance = 1e-12)
      error <- u^2 / mean(u^2)
      expect_equal(expected_ratio(plan$prob, error), chosen$width_ratio, tolerance = 1e-6)
      expect_equal(expected_ratio(plan$prob, 1), chosen$width_ratio_useless, tolerance = 1e-6)
      expect_lte(chosen$width_ratio_useless, 1.01)
      expect_lt(chosen$width_ratio, 0.985)
      # One step less would be too much of a risk, or no narrower.
      next_prob <- raised(u, n, chosen$mix - 0.01)
      expect_true(expected_ratio(next_prob, 1) > 1.01 ||
                    expected_ratio(next_prob, error) >= chosen$width_ratio)
    }
  }
})

test_that("all are drawn at random where the uncertainties promise too little", {
  set.seed(12)
  flat <- sample_active(rep(0.3, 500), 50)
  expect_identical(attr(flat, "mix")$mix, 1)
  expect_equal(flat$prob, rep(0.1, 500))
  expect_identical(attr(sample_active(runif(500, 0.9, 1), 50), "mix")$mix, 1)
  expect_identical(sample_active(rlnorm(40), 40)$prob, rep(1, 40))
  # Values so far apart that little else than the cap and the least prob occurs.
  for (u in list(rlnorm(400, sd = 5), c(1e-300, rlnorm(399)), rlnorm(400) * 1e300)) {
    plan <- sample_active(u, 60)
    expect_equal(sum(plan$prob), 60, tolerance = 1e-12)
    expect_true(all(plan$prob > 0.9 * 60 / 400 & plan$prob <= 1))
    expect_identical(sum(plan$selected), 60L)
  }
})

test_that("a sample says how it was mixed and what to expect", {
  set.seed(10)
  u <- simulate_binary_active(2000, 0.1, 0.08, 0.8)$uncertainty
  chosen <- format(sample_active(u, 200))
  expect_match(chosen, "the narrowest interval at a risk of 1 %", all = FALSE)
  expect_match(chosen, "narrower than with as many random rows if the uncert", all = FALSE)
  expect_match(chosen, "% wider if they say nothing", all = FALSE)
  expect_match(chosen, "(assumed: rates of 5 to 30 %", all = FALSE, fixed = TRUE)
  expect_match(format(sample_active(u, 200, mix = 0)), "as asked for", all = FALSE)
  expect_match(format(sample_active(u, 200, mix = 0)), "wider than with", all = FALSE)
  expect_match(format(sample_active(rep(1, 50), 9)), "promise too little", all = FALSE)
  expect_error(sample_active(u, 20, mix = 1.2), class = "judicious_error_range")
})

# Mean width of default intervals against as many random rows.
width_ratio <- function(n_rep, draw, plan, n) {
  widths <- replicate(n_rep, {
    items <- draw()
    width <- function(plan) {
      human <- reveal_labels(items$y_true, plan)
      fit <- quiet(estimate_mean(human ~ items$y_proxy, prob = plan$prob))
      fit$conf_high - fit$conf_low
    }
    c(width(plan(items)), width(sample_uniform(nrow(items), n)))
  })
  mean(widths[1, ]) / mean(widths[2, ])
}

test_that("the chosen mix gains with good scores and costs next to nothing with others", {
  set.seed(11)
  draw <- function() simulate_binary_active(2000, 0.1, 0.08, 0.8)
  useless <- function() transform(draw(), uncertainty = sample(uncertainty))
  chosen <- function(items) sample_active(items$uncertainty, 300)
  expect_lt(width_ratio(80, draw, chosen, 300), 0.98)
  expect_lt(abs(width_ratio(80, useless, chosen, 300) - 1.005), 0.03)
})

test_that("a second round follows the first labels", {
  set.seed(13)
  draw <- function() simulate_binary_active(4000, 0.2, 0.16, 0.8)
  two_rounds <- function(items) {
    first <- reveal_labels(items$y_true, sample_uniform(nrow(items), 200))
    sample_active(items$uncertainty, 400, y_true = first, y_proxy = items$y_proxy)
  }
  items <- draw()
  first <- reveal_labels(items$y_true, sample_uniform(4000, 200))
  plan <- sample_active(items$uncertainty, 400, y_true = first, y_proxy = items$y_proxy)
  expect_identical(sum(plan$selected), 400L)
  expect_true(all(plan$selected[!is.na(first)] == 1L))
  mix <- attr(plan, "mix")
  expect_true(mix$mix >= 0.5 && mix$mix < 1)
  # Over both rounds the target's probabilities, but for the sharing out of whole labels.
  expect_equal(plan$prob, raised(items$uncertainty, 400, mix$mix), tolerance = 0.02)
  expect_match(format(plan), "after 200 random labels", all = FALSE)
  expect_lt(width_ratio(60, draw, two_rounds, 400), 0.96)
  # Inverted scores are found out.
  inverted <- function() transform(draw(), uncertainty = sqrt(1.001 - uncertainty^2))
  expect_lt(abs(width_ratio(60, inverted, two_rounds, 400) - 1), 0.025)
})

test_that("probabilities of two rounds are inclusion probabilities", {
  set.seed(14)
  items <- simulate_binary_active(300, 0.3, 0.25, 0.8)
  plans <- replicate(1500, {
    first <- reveal_labels(items$y_true, sample_uniform(300, 60))
    plan <- sample_active(items$uncertainty, 150, y_true = first, y_proxy = items$y_proxy)
    c(sum(plan$selected / plan$prob) / 300,
      sum(plan$selected * items$y_true / plan$prob) / 300)
  })
  expect_lt(abs(mean(plans[1, ]) - 1), 5 * sd(plans[1, ]) / sqrt(1500) + 0.002)
  expect_lt(abs(mean(plans[2, ]) - mean(items$y_true)), 5 * sd(plans[2, ]) / sqrt(1500) + 0.002)
})

test_that("a second round names what it needs", {
  u <- runif(100)
  first <- replace(rep(NA_real_, 100), 1:20, 0:1)
  judge <- rep(0:1, 50)
  expect_error(sample_active(u, 40, y_true = first), class = "judicious_error_missing")
  expect_error(sample_active(u, 40, y_proxy = judge), class = "judicious_error_missing")
  expect_error(sample_active(u, 40, mix = 0.5, y_true = first, y_proxy = judge), "mix",
               class = "judicious_error_input")
  expect_error(sample_active(u, 40, "poisson", y_true = first, y_proxy = judge), "method",
               class = "judicious_error_input")
  expect_error(sample_active(u, 20, y_true = first, y_proxy = judge),
               class = "judicious_error_range")
  expect_error(sample_active(u, 40, y_true = first[-1], y_proxy = judge),
               class = "judicious_error_length")
  expect_error(sample_active(u, 40, y_true = first, y_proxy = judge[-1]),
               class = "judicious_error_length")
  # A judge or labels that do not vary say nothing: the rest is drawn at random.
  same <- sample_active(u, 40, y_true = replace(first, 1:20, 0), y_proxy = judge)
  expect_equal(same$prob, rep(0.4, 100))
})

test_that("bad input is named", {
  expect_snapshot(sample_active(c(0.5, 0, 0.2, 0), 2), error = TRUE)
  expect_snapshot(sample_active(c(0.5, NA), 1), error = TRUE)
  expect_snapshot(sample_active(c(0.5, 0.2), 3), error = TRUE)
  expect_snapshot(sample_active(c(0.5, 0.2), 1, method = "systematic"), error = TRUE)
  expect_identical(
    expect_error(sample_active(c(1, -1, 0), 1), class = "judicious_error_range")$where, 2:3
  )
  expect_error(sample_active(c(1, Inf), 1), class = "judicious_error_finite")
  expect_error(sample_active("high", 1), class = "judicious_error_type")
  expect_error(sample_active(numeric(), 1), class = "judicious_error_length")
  expect_error(sample_active(c(1, 1), 1.5), class = "judicious_error_type")
  expect_error(sample_active(c(1, 1), 0), class = "judicious_error_range")
  expect_error(sample_active(c(1, 1e-320), 1), class = "judicious_error_undefined")
})

test_that("the user's vector is left alone", {
  u <- c(3, 1, 2)
  sample_active(u, 2)
  sample_active(u, 2, method = "pivotal")
  expect_identical(u, c(3, 1, 2))
})
