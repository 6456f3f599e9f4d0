test_that("\"both\" keeps the chosen option in the set, as the model requires", {
  task <- rating_task(c("A", "B", "C"), positive = c("A", "B"))
  for (beta in c(0, 0.3, 1)) {
    tr <- translation_beta(task, beta)
    member <- outer(tr$sets, 1:3, contains_cpp)
    expect_true(all(tr$F_inverse[!member] == 0))
    expect_equal(unname(colSums(tr$F_inverse)), rep(1, 3))
    expect_equal(unname(colSums(tr$F)), rep(1, length(tr$sets)))
  }
  tr <- translation_beta(task, 0.3)
  expect_equal(tr$F_inverse["A|C", "C"], 0.3)
  expect_equal(translation_beta(task, 0.3, added = "B")$F_inverse["B|C", "C"], 0.3)
})

test_that("the positive decision has probability beta given a negative choice", {
  task <- rating_task(c("A", "B", "C", "D"), positive = c("A", "B"))
  o <- rbind(c(0, 0, 0.25, 0.75), c(0.5, 0, 0.5, 0))
  for (to in c("both", "positive_only")) {
    rebuilt <- reconstruct_sets(ratings_with_shares(o, task), translation_beta(task, 0.3, to))
    expect_equal(decide_items(rebuilt)$p_positive, c(0.3, 0.5 + 0.15))
  }
})

test_that("with \"both\" the negative option keeps its share; as published it falls", {
  o <- rbind(c(0.4, 0.6))
  both <- reconstruct_sets(ratings_with_shares(o, yes_no()), translation_beta(yes_no(), 0.5))
  expect_equal(both$p_set, c(0.7, 0.6))
  published <- reconstruct_sets(ratings_with_shares(o, yes_no()),
                                translation_beta(yes_no(), 0.5, "positive_only"))
  expect_equal(published$p_set, c(0.7, 0.3))
})

test_that("\"positive_only\" reproduces the published numbers", {
  for (case in agreement_reference("human_rating_distribution")) {
    k <- case$n_options
    task <- rating_task(LETTERS[seq_len(k)], LETTERS[seq_len(k - 1)])
    counts <- case$counts
    colnames(counts) <- task$options
    rebuilt <- reconstruct_sets(as_ratings(counts, task = task),
                                translation_beta(task, case$beta, "positive_only"))
    shares <- function(column) matrix(rebuilt[[column]], ncol = k, byrow = TRUE)
    expect_lt(max(abs(shares("p_choice") - case$expected$O[, seq_len(k)])), 1e-12)
    expect_lt(max(abs(shares("p_set") - case$expected$omega[, seq_len(k)])), 1e-12)
    tr <- translation_beta(task, case$beta, "positive_only")
    expect_lt(max(abs(tr$F_inverse - t(case$expected$F_prime[seq_len(k), seq_len(k)]))), 1e-12)
    expect_null(tr$F)
    # F depends on the item: Bayes' inverse with the item's O.
    for (i in seq_len(nrow(counts))) {
      forward <- bayes_inverse_cpp(tr$F_inverse, case$expected$O[i, seq_len(k)])
      expect_lt(max(abs(forward - case$expected$F[i, seq_len(k), seq_len(k)])), 1e-12)
    }
  }
})

test_that("beta = 0 says that forced choices and response sets are the same", {
  o <- rbind(c(0.2, 0.8), c(1, 0))
  for (to in c("both", "positive_only")) {
    rebuilt <- reconstruct_sets(ratings_with_shares(o, yes_no()), translation_beta(yes_no(), 0, to))
    expect_identical(rebuilt$p_set, rebuilt$p_choice)
  }
})

test_that("impossible assumptions are refused", {
  expect_snapshot(error = TRUE, {
    translation_beta(yes_no(), 1.2)
    translation_beta(rating_task(c("yes", "no")), 0.2)
    translation_beta(yes_no(sets = 1), 0.2)
    translation_beta(yes_no(), 0.2, added = "no")
    translation_beta("task", 0.2)
  })
  expect_identical(translation_beta(yes_no(sets = 1), 0)$beta, 0)
  expect_error(translation_beta(yes_no(), 0.2, to = "none"))
})
