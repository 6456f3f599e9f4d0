sensitivity_example <- function(...) {
  x <- rated_example(120)
  set.seed(1)
  rank_sensitivity(x$human, x$judges, beta = c(0, 0.3, 0.6), n_boot = 400, ...)
}

test_that("each beta is a ranking against sets rebuilt with it", {
  x <- rated_example(120)
  result <- sensitivity_example(tau = c(0.3, 0.5))
  expect_identical(nrow(result), 3L * 2L * 4L)
  for (beta in c(0, 0.3, 0.6)) {
    rebuilt <- reconstruct_sets(x$human, translation_beta(yes_no(), beta))
    for (tau in c(0.3, 0.5)) {
      single <- rank_judges(rebuilt, x$judges, "mse_srs", tau = tau, n_boot = 0)
      ours <- result[result$beta == beta & result$tau == tau, ]
      columns <- c("estimate", "rank", "consistency", "downstream_rank", "regret", "n_items")
      expect_equal(as.list(ours[match(single$judge, ours$judge), columns]),
                   as.list(single[columns]))
    }
  }
})

test_that("resamples are common to the whole grid", {
  x <- rated_example(120)
  set.seed(2)
  twice <- rank_sensitivity(x$human, x$judges, beta = c(0.3, 0.3 + 1e-9), n_boot = 400)
  halves <- split(as.data.frame(twice), twice$beta)
  expect_equal(halves[[1]]$p_best, halves[[2]]$p_best)
  expect_equal(halves[[1]]$regret_high, halves[[2]]$regret_high, tolerance = 1e-6)
})

test_that("with beta 0 forced choices are all there is: sets of one option", {
  set.seed(3)
  theta <- cbind(set_probabilities(200)[, 1:2], 0)
  theta <- theta / rowSums(theta)
  human <- rate_sets(theta, "human")
  judges <- rate_judges(theta, c(0.02, 0.3), c(0.5, 0.5))
  with_sets <- rank_judges(human, judges, "mse_srs", n_boot = 0)
  without <- rank_sensitivity(human, judges, beta = 0, n_boot = 0)
  expect_equal(without$estimate, with_sets$estimate)
  expect_equal(without$regret, with_sets$regret)
})

test_that("winners that change are found, winners that stay too", {
  set.seed(4)
  n <- 400
  # Humans pick "no" whenever they may. One judge sees the sets, one the choices.
  theta <- set_probabilities(n)
  theta[, 1] <- theta[, 1] / 5
  theta <- theta / rowSums(theta)
  human <- rate_sets(theta, "human", 20, first = 0)
  sees_choices <- cbind(theta[, 1], theta[, 2] + theta[, 3], 0)
  judges <- c(rate_sets(theta, "sets", 20), rate_sets(sees_choices, "choices", 20))
  result <- rank_sensitivity(human, judges, beta = seq(0, 0.8, 0.2), n_boot = 400)
  flips <- attr(result, "flips")
  flip <- flips[flips$by == "metric", ]
  expect_identical(flip$winner_from, "choices")
  expect_identical(flip$winner_to, "sets")
  best <- result[result$rank == 1, ]
  expect_identical(best$judge, ifelse(best$beta <= flip$beta_from, "choices", "sets"))
  expect_match(format(result), "The winner changes", all = FALSE)
  fixed <- rank_sensitivity(human, judges, beta = seq(0, 0.8, 0.4), metric = "hit_rate",
                            n_boot = 400)
  expect_identical(sum(attr(fixed, "flips")$by == "metric"), 0L)
  expect_match(format(fixed), "same for every beta", all = FALSE)
})

test_that("the published translation and ours differ where the model is broken", {
  x <- rated_example(60)
  both <- rank_sensitivity(x$human, x$judges, beta = 0.5, n_boot = 0)
  published <- rank_sensitivity(x$human, x$judges, beta = 0.5, to = "positive_only", n_boot = 0)
  # "no" disappears from the sets of those who picked it: decisions on "yes" are the same.
  expect_equal(sort(published$consistency), sort(both$consistency))
  expect_true(all(sort(published$estimate) > sort(both$estimate)))
})

test_that("print, tidy and plots", {
  result <- sensitivity_example(tau = c(0.3, 0.5))
  expect_snapshot(result)
  expect_identical(names(tidy(result))[1:4], c("beta", "tau", "term", "judge"))
  expect_identical(class(result[1:3, ]), "data.frame")
  ranks <- ggplot2::layer_data(ggplot2::autoplot(result), 3)
  expect_identical(nlevels(ranks$PANEL), 4L)
  at_03 <- as.data.frame(result)[result$tau == 0.3, ]
  expect_equal(sort(abs(ranks$y)), sort(at_03$rank))
  band <- ggplot2::layer_data(ggplot2::autoplot(result), 2)
  expect_equal(sort(abs(c(band$ymin, band$ymax))), sort(c(at_03$rank_low, at_03$rank_high)))
  regret <- ggplot2::autoplot(result, type = "regret")
  expect_equal(sort(ggplot2::layer_data(regret, 2)$y), sort(result$regret[result$rank == 1]))
  withr::local_pdf(withr::local_tempfile())
  expect_identical(withVisible(plot(result)), list(value = result, visible = FALSE))
})

test_that("threads do not matter; mistakes are named", {
  expect_threadless(function(threads) as.data.frame(sensitivity_example(threads = threads)))
  x <- rated_example(20)
  expect_error(rank_sensitivity(x$human, x$judges, beta = 1.5), class = "judicious_error_range")
  expect_error(rank_sensitivity(x$human, x$judges, metric = c("mse_srs", "hit_rate")),
               class = "judicious_error_length")
  choices <- as_ratings(data.frame(id = 1:20, fc = "yes"), item = id, choice = fc,
                        task = yes_no(), source = "judge")
  expect_error(rank_sensitivity(x$human, choices), class = "judicious_error_sets")
  expect_error(rank_sensitivity(1, x$judges), class = "judicious_error_type")
})
