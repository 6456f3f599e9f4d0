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
  draws <- replicate(n_rep, sample_active(u, 3, mix = 0)$selected)
  expect_true(all(colSums(draws) == 3L))
  error <- abs(rowMeans(draws) - prob)
  expect_lt(max(error - 5 * sqrt(prob * (1 - prob) / n_rep)), 1e-12)
  # every pair below the cap can meet in a sample: variances can be estimated
  open <- prob < 1
  expect_gt(min(tcrossprod(draws[open, ])), 0)
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

test_that("the chosen mix has the smallest expected width of all, or is random", {
  set.seed(9)
  for (n in c(60, 300)) {
    u <- simulate_binary_active(3000, 0.1, 0.08, 0.8)$uncertainty
    plan <- sample_active(u, n)
    expected <- function(mix) attr(sample_active(u, n, mix = mix), "width_ratio")
    ratios <- vapply(seq(0, 1, 0.05), expected, 0)
    # A gain below 1 % is not worth the risk.
    best <- if (min(ratios) < 0.99) min(ratios) else 1
    expect_equal(attr(plan, "width_ratio"), best, tolerance = 1e-12)
    if (n == 300) expect_lt(best, 0.97)
    # By uncertainty alone the interval is wider than from random rows.
    expect_gt(expected(0), 1)
    expect_equal(expected(1), 1)
  }
  flat <- sample_active(rep(0.3, 500), 50)
  expect_identical(attr(flat, "mix"), 1)
  expect_equal(flat$prob, rep(0.1, 500))
  expect_identical(attr(sample_active(runif(500, 0.9, 1), 50), "mix"), 1)
})

test_that("a sample says how it was mixed and what to expect", {
  set.seed(10)
  u <- simulate_binary_active(2000, 0.1, 0.08, 0.8)$uncertainty
  expect_match(format(sample_active(u, 200)), "for the narrowest expected interval", all = FALSE)
  expect_match(format(sample_active(u, 200)), "narrower than with as many random", all = FALSE)
  expect_match(format(sample_active(u, 200, mix = 0)), "as asked for", all = FALSE)
  expect_match(format(sample_active(u, 200, mix = 0)), "wider than with", all = FALSE)
  expect_match(format(sample_active(rep(1, 50), 9)), "promise no narrower", all = FALSE)
  expect_error(sample_active(u, 20, mix = 1.2), class = "judicious_error_range")
})

test_that("with the chosen mix the interval is narrower than from random rows", {
  set.seed(11)
  widths <- replicate(60, {
    items <- simulate_binary_active(2000, 0.1, 0.08, 0.8)
    width <- function(plan, prob) {
      human <- reveal_labels(items$y_true, plan)
      fit <- quiet(estimate_mean(human ~ items$y_proxy, prob = prob))
      fit$conf_high - fit$conf_low
    }
    plan <- sample_active(items$uncertainty, 300)
    c(width(plan, plan$prob), width(sample_uniform(2000, 300), NULL))
  })
  expect_lt(mean(widths[1, ]) / mean(widths[2, ]), 0.97)
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
