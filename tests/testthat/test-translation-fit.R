# Six pairs and one contradiction; joint counts by hand.
pairs <- data.frame(
  item = 1:6, choice = c("yes", "yes", "yes", "yes", "no", "no"),
  set = c("yes", "yes", "yes", "yes|no", "no", "yes|no")
)

test_that("F and F' are smoothed shares of the joint counts, by hand", {
  fit <- fit_translation(pairs, yes_no())
  expect_s3_class(fit, "judicious_translation")
  expect_identical(fit$sets, c(1L, 2L, 3L))
  expect_equal(unname(fit$counts), rbind(c(3, 0, 1), c(0, 1, 1)))
  expect_equal(unname(fit$F_inverse), cbind(c(3.5, 0, 1.5) / 5, c(0, 1.5, 1.5) / 3))
  expect_equal(unname(fit$F), cbind(c(1, 0), c(0, 1), c(0.5, 0.5)))
  expect_equal(unname(fit$set_prob), c(3.5, 1.5, 3) / 8)
  expect_equal(fit$sensitivity[["estimate"]], 0.5)
  expect_identical(fit$n_pairs, 6)
  expect_identical(dimnames(fit$F), list(c("yes", "no"), c("yes", "no", "yes|no")))
  expect_identical(dimnames(fit$F_inverse), rev(dimnames(fit$F)))
})

test_that("F has no mass outside the set, and columns sum to one", {
  set.seed(1)
  sim <- simulate_ratings(rating_task(letters[1:4], "a"), n_items = 100, n_judges = 0,
                          n_ratings = 1)
  for (smooth in c(0.1, 0.5, 3)) {
    fit <- fit_translation(sim$human, smooth = smooth)
    member <- outer(1:4, fit$sets, function(k, set) contains_cpp(set, k))
    expect_true(all(fit$F[!member] == 0))
    expect_true(all(t(fit$F_inverse)[!member] == 0))
    expect_equal(unname(colSums(fit$F)), rep(1, length(fit$sets)))
    expect_equal(unname(colSums(fit$F_inverse)), rep(1, 4))
  }
})

test_that("F, F' and the distribution of sets obey Bayes", {
  fit <- fit_translation(pairs, yes_no())
  expect_equal(bayes_inverse_cpp(fit$F, fit$set_prob), unname(fit$F_inverse), tolerance = 1e-14)
})

test_that("with many pairs and little smoothing the truth is recovered", {
  set.seed(2)
  task <- rating_task(letters[1:3], "a")
  sim <- simulate_ratings(task, n_items = 20000, n_judges = 0, n_ratings = 1, preference = 1)
  fit <- fit_translation(sim$human)
  expect_lt(max(abs(fit$F - apply(sim$truth$human$F, 1:2, mean)) / pmax(fit$F_se, 1e-9)), 5)
  expect_lt(max(abs(fit$set_prob - rowMeans(sim$truth$human$theta))), 0.02)
})

test_that("standard errors are those of repeated samples, also with several pairs per item", {
  set.seed(3)
  task <- yes_no()
  for (n_ratings in c(1, 5)) {
    fits <- lapply(1:300, function(i) {
      sim <- simulate_ratings(task, n_items = 100 / n_ratings, n_judges = 0,
                              n_ratings = n_ratings, concentration = 0.5)
      fit_translation(sim$human)
    })
    for (cell in list(c("F_inverse", 3, 1), c("F_inverse", 2, 2), c("F", 1, 3))) {
      at <- as.integer(cell[2:3])
      value <- vapply(fits, function(f) f[[cell[1]]][at[1], at[2]], 0)
      se <- vapply(fits, function(f) f[[paste0(cell[1], "_se")]][at[1], at[2]], 0)
      expect_lt(abs(sqrt(mean(se^2)) / sd(value) - 1), 0.25)
    }
  }
})

test_that("cells without a pair keep a standard error", {
  fit <- fit_translation(data.frame(item = 1:4, choice = rep(c("yes", "no"), 2),
                                    set = rep(c("yes", "no"), 2)), yes_no())
  expect_gt(fit$F_inverse_se["yes|no", "yes"], 0.05)
  expect_identical(fit$sensitivity[["estimate"]], 0)
  expect_gt(fit$sensitivity[["std_error"]], 0.1)
})

test_that("choices and sets from separate calls are no pairs", {
  choices <- as_ratings(pairs, item = item, choice = choice, task = yes_no())
  sets <- as_ratings(pairs, item = item, set = set, task = yes_no())
  expect_snapshot(fit_translation(c(choices, sets)), error = TRUE)
})

test_that("the sensitivity leaves out items without a negative choice", {
  # Item 1 has positive choices only; of the two negative choices one hides a positive.
  x <- data.frame(item = c(1, 1, 1, 1, 2, 3), choice = c(rep("yes", 4), "no", "no"),
                  set = c(rep("yes", 4), "no", "yes|no"))
  expect_equal(fit_translation(x, yes_no())$sensitivity[["estimate"]], 0.5)
  only_yes <- fit_translation(x[1:4, ], yes_no())
  expect_true(is.na(only_yes$sensitivity[["estimate"]]))
  no_positive <- fit_translation(x, rating_task(c("yes", "no")))
  expect_true(is.na(no_positive$sensitivity[["estimate"]]))
})

test_that("contradictions are left out and counted", {
  odd <- rbind(pairs, data.frame(item = 7, choice = "no", set = "yes"))
  expect_warning(fit <- fit_translation(odd, yes_no()), class = "judicious_warning_contradictory")
  expect_identical(fit$n_contradictory, 1)
  expect_identical(fit$F, fit_translation(pairs, yes_no())$F)
})

test_that("without smoothing, options nobody chose are undefined, with a warning", {
  few <- pairs[pairs$choice == "yes", ]
  expect_warning(fit <- fit_translation(few, yes_no(), smooth = 0),
                 class = "judicious_warning_undefined")
  expect_identical(fit$F_inverse["no", "no"], NA_real_)
  expect_equal(fit$F_inverse["yes|no", "yes"], 0.25)
})

test_that("the support is the task's, or what occurs where there are many options", {
  task <- rating_task(letters[1:6], "a")
  x <- data.frame(item = 1:3, choice = c("a", "b", "c"), set = c("a", "b|f", "c"))
  fit <- fit_translation(x, task)
  expect_identical(names(fit$set_prob), c(letters[1:6], "b|f"))
  listed <- rating_task(c("a", "b", "c"), "a", sets = list("a", "b", "c", c("b", "c")))
  fit <- fit_translation(data.frame(item = 1:2, choice = c("a", "b"), set = c("a", "b")), listed)
  expect_identical(fit$sets, c(1L, 2L, 4L, 6L))
})

test_that("wrong input is refused under the user's call", {
  expect_snapshot(error = TRUE, {
    fit_translation(pairs[c("item", "choice")], yes_no())
    fit_translation(pairs, "task")
    fit_translation(pairs, yes_no(), smooth = -1)
    fit_translation(transform(pairs, choice = "maybe"), yes_no())
    fit_translation(1)
  })
  read <- as_ratings(pairs, item = item, choice = choice, set = set, task = yes_no())
  expect_error(fit_translation(read, rating_task(c("no", "yes"))), class = "judicious_error_task")
})
