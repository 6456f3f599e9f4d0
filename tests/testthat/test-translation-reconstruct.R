test_that("theta is F' O, omega its sums over sets, by hand", {
  tr <- known_translation(yes_no(), 1:3, cbind(c(0.6, 0, 0.4), c(0, 0.9, 0.1)))
  rebuilt <- reconstruct_sets(ratings_with_shares(rbind(c(0.5, 0.5), c(0, 1)), yes_no()), tr)
  expect_s3_class(rebuilt, "judicious_reconstruction")
  expect_identical(names(rebuilt), c("source", "item", "option", "p_choice", "p_set", "p_set_low",
                                     "p_set_high", "n"))
  expect_equal(rebuilt$p_set, c(0.5 + 0.05, 0.5 + 0.2, 0.1, 1))
  expect_equal(rebuilt$p_set_low, rebuilt$p_choice)
  expect_equal(rebuilt$p_set_high, rep(1, 4))
  theta <- tidy(rebuilt, type = "sets")
  expect_equal(theta$prob, c(0.3, 0.45, 0.25, 0, 0.9, 0.1))
  expect_identical(theta$set, rep(c("yes", "no", "yes|no"), 2))
})

test_that("theta agrees with the reference for item-wise translations", {
  for (case in agreement_reference("estimate_theta")) {
    k <- ncol(case$O)
    task <- rating_task(LETTERS[seq_len(k)], "A")
    sets <- all_sets_cpp(k, k)[seq_len(dim(case$F_prime)[3])]
    for (i in seq_len(nrow(case$O))) {
      # Of the reference, items x options x sets.
      inverse <- t(case$F_prime[i, , ])
      rebuilt <- reconstruct_sets(ratings_with_shares(case$O[i, , drop = FALSE], task),
                                  known_translation(task, sets, inverse))
      expect_equal(tidy(rebuilt, type = "sets")$prob, case$expected$theta[i, ], tolerance = 1e-10)
    }
  }
})

test_that("the whole model agrees with the reference: error, choice, translation and back", {
  for (case in agreement_reference("synthetic")) {
    task <- rating_task(LETTERS[seq_len(case$n_options)], "A")
    sets <- lookup_bits(case$lookup)
    error <- rater_error_cpp(sets, 1L, case$error_rate, case$skew)
    expect_lt(max(abs(error - case$expected$E)), 1e-10)
    for (i in seq_len(case$n_items)) {
      theta <- case$theta[i, ]
      observed <- as.vector(error %*% theta)
      expect_equal(observed, case$expected$theta_observed[i, ], tolerance = 1e-10)
      expect_lt(max(abs(bayes_inverse_cpp(error, theta) - case$expected$E_prime[i, , ])), 1e-10)
      forward <- case$F[i, , ]
      o <- as.vector(forward %*% observed)
      expect_equal(o, case$expected$O[i, ], tolerance = 1e-10)
      inverse <- bayes_inverse_cpp(forward, observed)
      expect_lt(max(abs(inverse - case$expected$F_prime[i, , ])), 1e-10)
      counts <- case$counts[i, , drop = FALSE]
      rebuilt <- reconstruct_sets(ratings_with_shares(counts, task),
                                  known_translation(task, sets, inverse))
      estimate <- case$expected$estimate
      expect_equal(rebuilt$p_choice, estimate$O[i, ], tolerance = 1e-10)
      expect_equal(rebuilt$p_set, estimate$omega_observed[i, ], tolerance = 1e-10)
      expect_equal(tidy(rebuilt, type = "sets")$prob, estimate$theta_observed[i, ],
                   tolerance = 1e-10)
    }
  }
})

test_that("projections on the simplex agree with the reference", {
  for (case in agreement_reference("project_simplex")) {
    expect_equal(project_simplex_cpp(case$v), case$expected, tolerance = 1e-10)
  }
})

test_that("bounds follow from the sets that are possible", {
  o <- rbind(c(0.2, 0.3, 0.5))
  bounds <- function(sets) {
    task <- rating_task(c("a", "b", "c"), "a", sets = sets)
    x <- ratings_with_shares(o, task)
    rebuilt <- reconstruct_sets(x, translation_beta(task, 0))
    list(low = rebuilt$p_set_low, high = rebuilt$p_set_high, decision = decide_items(rebuilt))
  }
  free <- bounds(NULL)
  expect_equal(free$low, o[1, ])
  expect_equal(free$high, c(1, 1, 1))
  expect_equal(unlist(free$decision[c("p_positive", "p_low", "p_high")], use.names = FALSE),
               c(0.2, 0.2, 1))
  single <- bounds(1)
  expect_identical(single$low, single$high)
  some <- bounds(list("a", "b", "c", c("a", "b")))
  expect_equal(some$high, c(0.5, 0.5, 0.5))
  expect_equal(some$decision$p_high, 0.5)
})

test_that("the true omega lies within the bounds of the true O", {
  set.seed(1)
  task <- rating_task(letters[1:3], c("a", "b"))
  truth <- simulate_ratings(task, n_items = 200, n_judges = 0)$truth$human
  rebuilt <- reconstruct_sets(ratings_with_shares(t(truth$o), task), translation_beta(task, 0.2))
  omega <- as.vector(truth$omega)
  expect_true(all(omega >= rebuilt$p_set_low - 1e-12 & omega <= rebuilt$p_set_high + 1e-12))
  decision <- decide_items(rebuilt)
  expect_true(all(truth$p_positive >= decision$p_low - 1e-12))
  expect_true(all(truth$p_positive <= decision$p_high + 1e-12))
})

test_that("reconstruction is estimated from pairs, never from the truth", {
  # One rating per item cannot tell what the items are, whatever the translation.
  set.seed(2)
  sim <- simulate_ratings(yes_no(), n_items = 2000, n_judges = 0, n_ratings = 1)
  rebuilt <- reconstruct_sets(sim$human, fit_translation(sim$human))
  expect_gt(mean((rebuilt$p_set - as.vector(sim$truth$human$omega))^2), 0.03)
})

test_that("the pooled translation is unbiased on average over items", {
  set.seed(3)
  sim <- simulate_ratings(yes_no(), n_items = 5000, n_judges = 0, n_ratings = 4)
  rebuilt <- reconstruct_sets(sim$human, fit_translation(sim$human))
  means <- tapply(rebuilt$p_set, rebuilt$option, mean)
  expect_lt(max(abs(means - rowMeans(sim$truth$human$omega))), 0.015)
})

test_that("item posteriors are nearer to the truth than the pooled translation", {
  set.seed(4)
  sim <- simulate_ratings(yes_no(), n_items = 500, n_judges = 0, n_ratings = 5,
                          concentration = 0.5)
  truth <- as.vector(sim$truth$human$omega)
  error <- vapply(c("global", "item_prior"), function(pool) {
    sqrt(mean((reconstruct_sets(sim$human, fit_translation(sim$human, pool = pool))$p_set -
                 truth)^2))
  }, 0)
  expect_lt(error[["item_prior"]], error[["global"]])
})

test_that("item posteriors do not depend on the threads, and keep distributions", {
  set.seed(5)
  sim <- simulate_ratings(rating_task(letters[1:3], "a"), n_items = 700, n_judges = 0)
  tr <- fit_translation(sim$human, pool = "item_prior")
  once <- reconstruct_sets(sim$human, tr, threads = 1)
  expect_identical(reconstruct_sets(sim$human, tr, threads = 2), once)
  theta <- tidy(once, type = "sets")
  expect_equal(as.vector(tapply(theta$prob, theta$item, sum)), rep(1, 700))
  expect_true(all(once$p_set >= 0 & once$p_set <= 1 + 1e-12))
})

test_that("items without a choice are undefined, and left out of the table", {
  x <- as_ratings(data.frame(id = 1:3, fc = c("yes", NA, "no")), item = id, choice = fc,
                  task = yes_no())
  for (tr in list(translation_beta(yes_no(), 0.3))) {
    rebuilt <- reconstruct_sets(x, tr)
    expect_identical(unique(rebuilt$item), 1:3)
    expect_true(all(is.na(rebuilt$p_set[rebuilt$item == 2])))
  }
  pairs <- data.frame(item = 1:4, choice = rep(c("yes", "no"), 2),
                      set = c("yes", "yes|no", "yes|no", "no"))
  tr <- fit_translation(pairs, yes_no(), pool = "item_prior")
  expect_true(all(is.na(reconstruct_sets(x, tr)$p_set[3:4])))
})

test_that("invalid choices follow the policy", {
  read <- function(policy) {
    as_ratings(data.frame(id = 1, fc = c("yes", "no", "no", NA)), item = id, choice = fc,
               invalid = policy, task = yes_no())
  }
  tr <- translation_beta(yes_no(), 0.5)
  expect_equal(reconstruct_sets(read("exclude"), tr)$p_set, c(1 / 3 + 1 / 3, 2 / 3))
  expect_equal(reconstruct_sets(read("wrong"), tr)$p_set, c(1 / 4 + 1 / 4, 2 / 4))
  bounds <- reconstruct_sets(read("bounds"), tr)
  expect_equal(bounds$p_set, c(2 / 3, 2 / 3))
  expect_equal(bounds$p_set_low, c(1, 2) / 4)
  expect_equal(bounds$p_set_high, c(1, 1))
  profile <- only_profile(bounds)
  expect_equal(profile$omega_low[, 1], c(0.25 + 0.5 * 0.5 + 0.25 * 0.5, 0.5))
  expect_equal(profile$omega_high[, 1], c(0.75, 0.75))
})

test_that("several sources are rebuilt apart", {
  set.seed(6)
  sim <- simulate_ratings(yes_no(), n_items = 20, n_judges = 2)
  tr <- fit_translation(sim$human)
  rebuilt <- reconstruct_sets(sim$judges, tr)
  expect_identical(unique(rebuilt$source), c("judge_1", "judge_2"))
  expect_identical(item_profiles(rebuilt)$sources, c("judge_1", "judge_2"))
  expect_identical(nrow(decide_items(rebuilt)), 40L)
})

test_that("printing, subsetting and plotting show the numbers", {
  tr <- translation_beta(yes_no(), 0.3)
  rebuilt <- reconstruct_sets(ratings_with_shares(rbind(c(1, 3), c(2, 2), c(3, 1), c(4, 0)),
                                                  yes_no()), tr)
  expect_snapshot(rebuilt)
  expect_identical(class(rebuilt[1:2, ]), "data.frame")
  built <- ggplot2::layer_data(ggplot2::autoplot(rebuilt, option = "no"), 3)
  expect_equal(built$y, rebuilt$p_set[rebuilt$option == "no"])
})

test_that("what cannot be reconstructed is refused", {
  x <- as_ratings(data.frame(id = 1, fc = "yes"), item = id, choice = fc, task = yes_no())
  sets <- as_ratings(data.frame(id = 1, rs = "yes"), item = id, set = rs, task = yes_no())
  tr <- translation_beta(yes_no(), 0.3)
  expect_snapshot(error = TRUE, {
    reconstruct_sets(sets, tr)
    reconstruct_sets(x, 0.3)
    reconstruct_sets(x, translation_beta(rating_task(c("no", "yes"), "yes"), 0.3))
    reconstruct_sets(data.frame(), tr)
  })
  open <- as_ratings(data.frame(id = 1:2, fc = c("yes", NA)), item = id, choice = fc,
                     invalid = "bounds", task = yes_no())
  prior <- fit_translation(data.frame(item = 1, choice = "yes", set = "yes"), yes_no(),
                           pool = "item_prior")
  expect_error(reconstruct_sets(open, prior), class = "judicious_error_policy")
})
