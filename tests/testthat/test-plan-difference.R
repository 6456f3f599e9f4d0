# Plans of a difference: labels of each system, on the same items or on different ones.

# 0/1 labels of two systems with a correlation of their labels of one item; judges with the labels'
# own means and a correlation with them.
planned_rates <- function(rate, pair, judge, n_total, n, paired) {
  both <- prod(rate) + pair * sqrt(prod(rate * (1 - rate)))
  a <- rbinom(n_total, 1, rate[1])
  b <- if (paired) {
    rbinom(n_total, 1, ifelse(a == 1, both / rate[1], (rate[2] - both) / (1 - rate[1])))
  } else {
    rbinom(n_total, 1, rate[2])
  }
  flip <- function(y, p) rbinom(n_total, 1, ifelse(y == 1, p + judge * (1 - p), p * (1 - judge)))
  items <- if (paired) rep(seq_len(n_total), 2) else seq_len(2 * n_total)
  data.frame(system = rep(c("a", "b"), each = n_total), item = items,
             human = ifelse(rep(seq_len(n_total), 2) <= n, c(a, b), NA),
             judge = c(flip(a, rate[1]), flip(b, rate[2])))
}

observed <- function(draw, n_rep = 150) {
  out <- replicate(n_rep, {
    fit <- quiet(estimate_difference(human ~ judge, data = draw(), by = system, item = item))
    c(width = fit$conf_high - fit$conf_low, power = fit$conf_low > 0 || fit$conf_high < 0)
  })
  rowMeans(out)
}

test_that("predicted widths are those of simulations within 5 %, powers within their error", {
  withr::local_seed(1)
  cases <- list(list(c(0.16, 0.24), 0.5, 0.7, 1000, 150), list(c(0.02, 0.05), 0.2, 0.6, 800, 100),
                list(c(0.5, 0.4), 0.3, 0.8, 600, 60))
  for (case in cases) {
    plan <- plan_annotation(list(rate = case[[1]], pair_correlation = case[[2]],
                                 correlation = case[[3]], n_total = case[[4]]), n = case[[5]])
    for (paired in c(TRUE, FALSE)) {
      seen <- observed(function() do.call(planned_rates, c(case, paired)))
      kind <- if (paired) "paired" else "separate"
      expect_relative(tidy(plan)[[paste0("width_", kind)]], seen[["width"]], 0.05, kind)
      power <- tidy(plan)[[paste0("power_", kind)]]
      expect_lt(abs(power - seen[["power"]]), 0.03 + 3 * sqrt(power * (1 - power) / 150))
    }
  }
})

test_that("scores are planned as well", {
  withr::local_seed(2)
  draw <- function(paired) {
    n <- 600
    hard <- rnorm(n)
    other <- if (paired) hard else rnorm(n)
    y <- c(0.3 + sqrt(0.6) * hard + sqrt(0.4) * rnorm(n), sqrt(0.6) * other + sqrt(0.4) * rnorm(n))
    data.frame(system = rep(c("a", "b"), each = n),
               item = if (paired) rep(seq_len(n), 2) else seq_len(2 * n),
               human = ifelse(rep(seq_len(n), 2) <= 50, y, NA),
               judge = 0.7 * y + sqrt(1 - 0.49) * rnorm(2 * n))
  }
  plan <- plan_annotation(list(mean = c(0.3, 0), sd = 1, pair_correlation = 0.6, correlation = 0.7,
                               n_total = 600), n = 50)
  for (paired in c(TRUE, FALSE)) {
    seen <- observed(function() draw(paired))
    width <- tidy(plan)[[if (paired) "width_paired" else "width_separate"]]
    expect_relative(width, seen[["width"]], 0.05)
  }
})

test_that("the chosen number is the smallest that is enough", {
  assumed <- list(rate = c(new = 0.16, old = 0.2), pair_correlation = 0.6, correlation = 0.7,
                  n_total = 2000, human_cost = 2)
  plan <- plan_annotation(assumed, width = 0.08)
  n <- plan$chosen[["paired"]]
  at <- function(n, ...) tidy(plan_annotation(assumed, n = n, ...))
  expect_lte(at(n)$width_paired, 0.08)
  expect_gt(at(n - 1)$width_paired, 0.08)
  expect_lt(n, plan$chosen[["separate"]])
  expect_lt(n, plan$chosen[["paired_labels_only"]])
  expect_equal(at(100)$cost, 400)
  text <- paste(format(plan), collapse = "\n")
  expect_match(text, "difference new - old")
  expect_match(text, "the same items:")
  expect_s3_class(ggplot2::autoplot(plan), "ggplot")
  expect_identical(as.data.frame(plan)$chosen, as.data.frame(plan)$n_true == n)
})

test_that("a pilot plans its own next round", {
  withr::local_seed(3)
  data <- planned_rates(c(0.2, 0.3), 0.5, 0.7, 2000, 300, TRUE)
  pilot <- quiet(estimate_difference(human ~ judge, data = data, by = system, item = item))
  plan <- plan_annotation(pilot, n = 300)
  # At the pilot's own size the plan says its width.
  expect_relative(tidy(plan)$width_paired, pilot$conf_high - pilot$conf_low, 0.05)
  expect_match(format(plan)[1], "a pilot of 300 labels per system")
  scores <- data
  scores$human <- scores$human + rnorm(nrow(scores))
  scores$judge <- scores$judge + rnorm(nrow(scores))
  pilot <- quiet(estimate_difference(human ~ judge, data = scores, by = system, item = item))
  expect_relative(tidy(plan_annotation(pilot, n = 300))$width_paired,
                  pilot$conf_high - pilot$conf_low, 0.05)
})

test_that("what cannot be planned is told", {
  plan <- function(x, ...) plan_annotation(x, ..., width = 0.1)
  expect_error(plan(list(rate = c(0.1, 1.2))), class = "judicious_error_assumption")
  expect_error(plan(list(rate = c(0.1, 0.2), icc = 0.1)), "icc",
               class = "judicious_error_assumption")
  expect_error(plan(list(rate = c(0.1, 0.2), mean = c(1, 2))), class = "judicious_error_assumption")
  expect_error(plan(list(mean = c(1, 2))), class = "judicious_error_assumption")
  expect_error(plan(list(rate = c(0.1, 0.2), pair_correlation = 0.9)), "between",
               class = "judicious_error_infeasible")
  expect_error(plan_annotation(list(rate = c(0.1, 0.1)), power = 0.8),
               class = "judicious_error_undefined")
  expect_error(plan_annotation(list(rate = c(0.1, 0.101), n_total = 300), power = 0.8),
               "300 items", class = "judicious_error_unreachable")
  expect_error(plan(list(rate = c(0.1, 0.2)), uncertainty = runif(5)),
               class = "judicious_error_no_effect")
  expect_error(plan(list(rate = c(0.1, 0.2)), formula = y ~ f), class = "judicious_error_formula")
  ratio <- quiet(estimate_ratio(rgamma(50, 5) ~ 1, rgamma(50, 5, 2) ~ 1))
  expect_error(plan(ratio), class = "judicious_error_undefined")
})
