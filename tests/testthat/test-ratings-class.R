log <- data.frame(
  id = c(1, 1, 2, 2, 3, 3), who = c("ann", "bob"), fc = c("yes", "no", "no", "no", "yes", NA),
  rs = c("yes|no", "no", "no", "no", "yes", "yes")
)
human <- as_ratings(log, item = id, rater = who, choice = fc, set = rs, source = "human",
                    task = yes_no())

test_that("printing tells what was rated, by whom, and how indeterminate it is", {
  expect_snapshot(human)
  judges <- as_ratings(
    data.frame(id = c(1, 2, 1, 2), j = c("a", "a", "b", "b"), fc = c("yes", NA, "no", "no")),
    item = id, choice = fc, source = j, invalid = "wrong", task = yes_no()
  )
  expect_snapshot(judges)
  many <- as_ratings(data.frame(s = sprintf("judge %02d", 1:12), fc = "yes"), choice = fc,
                     source = s, task = rating_task(c("yes", "no")))
  expect_output(print(many), "and 2 more sources")
  expect_invisible(print(human))
})

test_that("facts by hand", {
  facts <- tidy(human, type = "sources")
  expect_identical(facts$n_items, 3)
  expect_identical(facts$n_raters, 2)
  expect_identical(facts$n_ratings, 6)
  expect_identical(facts$ratings_per_item, 2)
  expect_equal(facts$choices_differ, 1 / 3)
  expect_equal(facts$sets_with_several, 1 / 3)
  expect_equal(facts$mean_set_size, 7 / 6)
  expect_equal(facts$invalid, 1 / 6)
  expect_identical(facts$n_contradictory, 0)
})

test_that("a choice outside the own set is counted, not hidden", {
  x <- as_ratings(data.frame(fc = c("yes", "no"), rs = c("no", "no")), choice = fc, set = rs,
                  task = yes_no())
  expect_identical(tidy(x, type = "sources")$n_contradictory, 1)
  expect_output(print(x), "Choice outside the own response set: 1")
})

test_that("tidy() gives O and omega by item and option", {
  options <- tidy(human)
  expect_identical(names(options),
                   c("source", "item", "option", "n_choice", "n_set", "p_choice", "p_set"))
  expect_identical(options$item, rep(c(1, 2, 3), each = 2))
  expect_identical(options$p_choice, c(0.5, 0.5, 0, 1, 1, 0))
  expect_identical(options$p_set, c(0.5, 1, 0, 1, 1, 0))
  expect_identical(levels(options$option), c("yes", "no"))
})

test_that("tidy() gives theta, which sums to one whatever answers failed", {
  sets <- tidy(human, type = "sets")
  expect_identical(sets$set, c("no", "yes|no", "no", "yes"))
  expect_identical(sets$prob, c(0.5, 0.5, 1, 1))
  failing <- as_ratings(
    data.frame(id = rep(1:3, each = 4), rs = c("yes", NA, "no", NA, NA, NA, "no", "yes|no",
                                               "yes", "yes", "yes", NA)),
    item = id, set = rs, task = yes_no()
  )
  theta <- tidy(failing, type = "sets")
  expect_equal(as.vector(tapply(theta$prob, theta$item, sum)), c(1, 1, 1))
})

test_that("c() matches items, raters and sources by their ids", {
  judge <- as_ratings(data.frame(id = c(3, 4), rs = c("no", "yes")), item = id, set = rs,
                      source = "judge", task = yes_no())
  all <- c(human, judge)
  expect_identical(all$items, c(1, 2, 3, 4))
  expect_identical(all$item, c(human$item, 3L, 4L))
  expect_identical(all$sources, c("human", "judge"))
  expect_identical(all$source, rep(1:2, c(6, 2)))
  expect_identical(all$raters, c("ann", "bob", "anonymous"))
  back <- item_profiles(all)$profiles
  expect_identical(back$human$omega[, 1:3], only_profile(human)$omega)
  expect_identical(back$judge$omega[, 3:4], only_profile(judge)$omega)
  expect_true(all(is.na(back$judge$omega[, 1:2])))
  expect_identical(c(human), human)
})

test_that("c() unites ids of different types, and counts with single ratings", {
  counts <- matrix(c(2, 1), 1, dimnames = list("2", c("yes", "no")))
  all <- c(human, as_ratings(counts, source = "human", task = yes_no()))
  expect_identical(all$items, c("1", "2", "3"))
  expect_identical(only_profile(all)$n_choice, c(2, 5, 1))
})

test_that("what does not belong together is refused", {
  other <- as_ratings(log, item = id, choice = fc, task = rating_task(c("no", "yes"), "yes"))
  expect_snapshot(c(human, other), error = TRUE)
  wrong <- as_ratings(log, item = id, choice = fc, invalid = "wrong", task = yes_no())
  expect_snapshot(c(human, wrong), error = TRUE)
  expect_snapshot(c(human, 1), error = TRUE)
})

test_that("as.data.frame() gives the ratings back", {
  frame <- as.data.frame(human)
  expect_identical(as.character(frame$choice), log$fc)
  expect_identical(frame$set, c("yes|no", "no", "no", "no", "yes", "yes"))
  expect_identical(frame$invalid, c(rep(FALSE, 5), TRUE))
  expect_identical(frame$rater, rep(c("ann", "bob"), 3))
  again <- as_ratings(frame, item = item, rater = rater, choice = choice, set = set,
                      source = source, task = yes_no())
  expect_identical(again, human)
})
