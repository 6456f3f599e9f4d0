ranked_example <- function(...) {
  x <- rated_example(...)
  set.seed(1)
  rank_judges(x$human, x$judges, metric = c("mse_srs", "hit_rate"), n_boot = 500)
}

test_that("the metric orders, decisions are told apart", {
  x <- rated_example()
  ranking <- ranked_example()
  metrics <- agreement_metrics(x$human, x$judges, c("mse_srs", "hit_rate", "consistency"),
                               n_boot = 0)
  for (metric in c("mse_srs", "hit_rate")) {
    ours <- ranking[ranking$metric == metric, ]
    values <- metrics[metrics$metric == metric, ]
    values <- values[match(ours$judge, values$judge), ]
    loss <- if (values$better[1] == "higher") -values$estimate else values$estimate
    expect_equal(ours$estimate, values$estimate)
    expect_equal(ours$rank, rank(loss, ties.method = "min"))
    consistency <- metrics[metrics$metric == "consistency", ]
    consistency <- consistency$estimate[match(ours$judge, consistency$judge)]
    expect_equal(ours$consistency, consistency)
    expect_equal(ours$regret, max(consistency) - consistency)
    expect_equal(ours$downstream_rank, rank(-consistency, ties.method = "min"))
    expect_equal(sum(ours$p_best), 1)
    expect_true(all(ours$rank_low <= ours$rank & ours$rank <= ours$rank_high))
    expect_true(all(ours$regret_low <= ours$regret & ours$regret <= ours$regret_high))
    expect_false(is.unsorted(ours$rank))
  }
})

test_that("opposite tie-breaking misleads the hit rate, not MSE of response sets", {
  set.seed(2)
  theta <- set_probabilities(600)
  human <- rate_sets(theta, "human", 20, first = 0.05)
  # a is nearly perfect and breaks ties the other way; b is noisy and breaks them alike.
  judges <- rate_judges(theta, c(0.02, 0.3), c(0.95, 0.05), n_ratings = 20)
  ranking <- rank_judges(human, judges, metric = c("mse_srs", "hit_rate"), n_boot = 500)
  best <- ranking[ranking$rank == 1, ]
  expect_identical(best$judge, c("judge_a", "judge_b"))
  expect_identical(best$regret[1], 0)
  expect_gt(best$regret_low[2], 0)
  expect_identical(ranking$tie_group[ranking$metric == "mse_srs"], c(1, 2))
})

test_that("judges of equal quality are not told apart", {
  set.seed(3)
  claims <- replicate(150, {
    theta <- set_probabilities(80)
    human <- rate_sets(theta, "human", 5)
    judges <- rate_judges(theta, rep(0.2, 4), rep(0.5, 4), n_ratings = 4)
    x <- rank_judges(human, judges, n_boot = 400, conf_level = 0.9)
    c(all(x$rank_low == 1 & x$rank_high == 4), all(x$tie_group == 1))
  })
  # At most 10 % of the data sets claim any difference at all.
  expect_coverage(claims[1, ], 0.9, alternative = "less")
  expect_gte(mean(claims[2, ]), mean(claims[1, ]))
})

test_that("rank and regret intervals hold the truth", {
  set.seed(4)
  covered <- replicate(150, {
    theta <- set_probabilities(100)
    noise <- c(0.05, 0.2, 0.5)
    # Real numbers on both sides: the population of items is what the bootstrap speaks of.
    human <- rate_sets(theta, "human", 9)
    judges <- rate_judges(theta, noise, rep(0.5, 3), n_ratings = 9)
    x <- rank_judges(human, judges, n_boot = 400, conf_level = 0.9)
    x <- x[order(x$judge), ]
    all(x$rank_low <= 1:3 & 1:3 <= x$rank_high)
  })
  expect_coverage(covered, 0.9, alternative = "less")
})

test_that("equal judges share rank and chance", {
  x <- rated_example(60)
  twins <- c(rename_source(x$judges, "judge_b", "one"), rename_source(x$judges, "judge_b", "two"),
             rename_source(x$judges, "judge_d", "poor"))
  set.seed(5)
  ranking <- rank_judges(x$human, twins, n_boot = 400)
  expect_identical(ranking$rank, c(1, 1, 3))
  expect_identical(ranking$p_best, c(0.5, 0.5, 0))
  expect_identical(ranking$tie_group[1:2], c(1, 1))
})

test_that("bias is best near zero, not when most negative", {
  always <- function(source, set) {
    as_ratings(data.frame(id = 1:20, rs = set), item = id, set = rs, task = yes_no(),
               source = source)
  }
  human <- always("human", rep(c("yes", "no"), 10))
  judges <- c(always("never", "no"), always("ever", "yes"),
              always("near", rep(c("yes", "yes", "no", "no"), 5)))
  ranking <- rank_judges(human, judges, metric = "bias", n_boot = 400)
  expect_identical(ranking$judge[1], "near")
  expect_identical(ranking$estimate[ranking$judge == "never"], -0.5)
  expect_identical(ranking$rank[-1], c(2, 2))
})

test_that("judges are compared on the items they share", {
  x <- rated_example(60)
  part <- as_ratings(data.frame(id = 1:40, rs = "yes", fc = "yes"), item = id, set = rs,
                     choice = fc, task = yes_no(), source = "part")
  expect_message(ranking <- rank_judges(x$human, c(x$judges, part), n_boot = 400),
                 class = "judicious_message_missing")
  expect_identical(unique(ranking$n_items), 40)
  full <- agreement_metrics(x$human, x$judges, n_boot = 0)
  others <- ranking$estimate[ranking$judge != "part"]
  expect_false(isTRUE(all.equal(sort(full$estimate), sort(others))))
  apart <- as_ratings(data.frame(id = c(1:5, 50), fc = "yes", rs = NA_character_),
                      item = id, choice = fc,
                      set = rs, task = yes_no(), source = "apart")
  expect_error(suppressMessages(rank_judges(x$human, c(x$judges, apart), "mse_srs")),
               class = "judicious_error_items")
})

test_that("without response sets or positive options there is a rank and no regret", {
  x <- rated_example(40)
  choices <- as_ratings(data.frame(id = 1:40, fc = c("yes", "no")), item = id, choice = fc,
                        task = yes_no())
  expect_message(expect_message(ranking <- rank_judges(choices, x$judges, n_boot = 400),
                                class = "judicious_message_metric"),
                 class = "judicious_message_downstream")
  expect_identical(unique(ranking$metric), "js_divergence")
  expect_identical(unique(ranking$regret), NA_real_)
  expect_identical(sort(ranking$rank), c(1, 2, 3, 4))
})

test_that("no resamples: ranks and regret alone; threads and seeds as everywhere", {
  x <- rated_example(40)
  plain <- rank_judges(x$human, x$judges, n_boot = 0)
  expect_identical(unique(c(plain$p_best, plain$rank_low, plain$conf_low)), NA_real_)
  expect_false(anyNA(plain$regret))
  expect_threadless(function(threads) {
    as.data.frame(rank_judges(x$human, x$judges, n_boot = 400, threads = threads))
  })
})

test_that("judges without a value have no rank", {
  constant <- as_ratings(data.frame(id = 1:6, fc = "yes"), item = id, choice = fc,
                         task = yes_no(), source = "constant")
  human <- as_ratings(data.frame(id = 1:6, fc = "yes"), item = id, choice = fc, task = yes_no())
  mixed <- as_ratings(data.frame(id = 1:6, fc = c("yes", "no")), item = id, choice = fc,
                      task = yes_no(), source = "mixed")
  expect_warning(
    expect_warning(
      ranking <- suppressMessages(rank_judges(human, c(constant, mixed), "cohen_kappa",
                                              n_boot = 400)),
      class = "judicious_warning_undefined"
    ), class = "judicious_warning_no_interval"
  )
  expect_identical(ranking$rank, c(1, NA))
  expect_identical(ranking$judge, c("mixed", "constant"))
})

test_that("mistakes are named", {
  x <- rated_example(10)
  expect_error(rank_judges(x$human, x$judges, metric = 1), class = "judicious_error_choice")
  expect_error(rank_judges(x$human, x$judges, tau = -1), class = "judicious_error_range")
  expect_error(rank_judges(x$human, "judge"), class = "judicious_error_type")
  expect_error(rank_judges(x$human, x$judges, more = 3), class = "rlib_error_dots_nonempty")
})
