task <- rating_task(c("a", "b", "c"), positive = "a")

test_that("ratings have the shape asked for", {
  set.seed(1)
  sim <- simulate_ratings(task, n_items = 20, n_judges = 3, n_ratings = 4, n_judge_ratings = 2)
  expect_identical(length(sim$human$item), 80L)
  expect_identical(length(sim$judges$item), 120L)
  expect_identical(sim$judges$sources, paste0("judge_", 1:3))
  expect_identical(tabulate(sim$human$item), rep(4L, 20))
  expect_identical(tabulate(sim$judges$source), rep(40L, 3))
  expect_identical(dim(sim$truth$theta), c(7L, 20L))
  expect_identical(dim(sim$truth$human$F), c(3L, 7L, 20L))
  expect_null(simulate_ratings(task, n_items = 5, n_judges = 0)$judges)
})

test_that("set.seed() governs the numbers, threads do not", {
  run <- function(threads) {
    set.seed(99)
    simulate_ratings(task, n_items = 50, threads = threads)
  }
  once <- run(1)
  expect_identical(run(2), once)
  withr::local_options(judicious.threads = 2L)
  expect_identical(run(NULL), once)
  expect_false(identical(simulate_ratings(task, n_items = 50)$human$set, once$human$set))
})

test_that("the truth obeys the model", {
  set.seed(2)
  truth <- simulate_ratings(task, n_items = 30, n_judges = 1, error_rate = 0.2)$truth
  expect_equal(unname(truth$error %*% truth$theta), unname(truth$human$theta))
  lambda <- outer(1:3, truth$sets, contains_cpp |> (\(f) function(k, set) f(set, k))())
  for (side in list(truth$human, truth$judges[[1]])) {
    expect_equal(unname(side$omega), lambda %*% unname(side$theta))
    expect_equal(colSums(side$theta), rep(1, 30))
    for (i in c(1, 30)) {
      expect_equal(as.vector(side$F[, , i] %*% side$theta[, i]), unname(side$o[, i]))
      expect_equal(unname(colSums(side$F[, , i])), rep(1, 7))
      expect_true(all(side$F[, , i][!lambda] == 0))
    }
  }
})

test_that("ratings follow the truth", {
  set.seed(3)
  sim <- simulate_ratings(task, n_items = 4000, n_judges = 1, n_ratings = 5)
  for (side in list(list(sim$human, sim$truth$human), list(sim$judges, sim$truth$judges[[1]]))) {
    profile <- only_profile(side[[1]])
    margin <- 5 * sqrt(0.25 / 20000)
    expect_lt(max(abs(rowMeans(profile$o) - rowMeans(side[[2]]$o))), margin)
    expect_lt(max(abs(rowMeans(profile$omega) - rowMeans(side[[2]]$omega))), margin)
    omega <- side[[2]]$omega
    inner <- omega > 0.05 & omega < 0.95
    squares <- (profile$omega - omega)^2 / (omega * (1 - omega) / 5)
    expect_lt(abs(mean(squares[inner]) - 1), 0.05)
  }
})

test_that("preference says which option is chosen", {
  set.seed(4)
  first <- simulate_ratings(task, n_judges = 1, preference = 2)
  expect_gt(mean(first$truth$human$F[1, 7, ]), 0.8)
  expect_gt(mean(first$truth$judges[[1]]$F[1, 7, ]), 0.8)
  last <- simulate_ratings(task, n_judges = 1, preference = -2, judge_preference = 0)
  expect_gt(mean(last$truth$human$F[3, 7, ]), 0.8)
  expect_lt(abs(mean(last$truth$judges[[1]]$F[3, 7, ]) - 1 / 3), 0.02)
  mixed <- simulate_ratings(task, n_judges = 4, preference = 2)$truth$judge_preference
  expect_identical(mixed, c(2, -2, 2, -2))
})

test_that("noise takes judges away from the humans", {
  set.seed(5)
  truth <- simulate_ratings(task, n_judges = 3, judge_noise = c(0, 0.1, 0.4))$truth
  distance <- vapply(truth$judges, function(j) mean((j$omega - truth$human$omega)^2), 0)
  expect_lt(distance[[1]], 1e-20)
  expect_false(is.unsorted(distance))
  noise <- simulate_ratings(task, n_judges = 200, n_items = 2)$truth$judge_noise
  expect_true(all(noise > 0.02 & noise < 0.5))
})

test_that("a fully specified task has one answer per rater", {
  set.seed(6)
  sim <- simulate_ratings(rating_task(letters[1:5], "a", sets = 1), n_items = 30, n_judges = 1)
  expect_identical(sim$human$set, bitwShiftL(1L, sim$human$choice - 1L))
  expect_equal(unname(sim$truth$human$o), unname(sim$truth$human$omega))
})

test_that("printing shows humans and judges", {
  set.seed(7)
  expect_snapshot(simulate_ratings(yes_no(), n_items = 20, n_judges = 1))
})

test_that("impossible settings are refused", {
  expect_snapshot(error = TRUE, {
    simulate_ratings(task, n_items = 0)
    simulate_ratings(task, n_judges = 3, judge_noise = c(0.1, 0.2))
    simulate_ratings(task, n_judges = 1, judge_noise = -0.1)
    simulate_ratings(task, error_rate = 1)
    simulate_ratings(rating_task(letters[1:9]))
    simulate_ratings(task, concentration = 0)
  })
  expect_error(simulate_ratings("task"), class = "judicious_error_type")
  expect_error(simulate_ratings(task, n_judges = -1), class = "judicious_error_range")
})
