task <- rating_task(c("yes", "no"), "yes")

repeated <- function() {
  as_judgments(data.frame(
    item_id = rep(c("u", "v", "w"), each = 4), judge = rep(c("x", "y"), each = 2),
    label = c("yes", "no", "no", "no", "yes", NA, "no", "yes", NA, NA, "yes", "yes"),
    human = rep(c("yes", "no", NA), each = 4), language = rep(c("de", "fr", "de"), each = 4),
    note = letters[1:12]
  ), item = item_id, judge = judge, label = label, human = human, task = task)
}

test_that("one row per item with the mean of the readable draws", {
  wide <- widen_judgments(repeated())
  expect_equal(wide, data.frame(item_id = c("u", "v", "w"), human = c(1, 0, NA),
                                language = c("de", "fr", "de"), x = c(0.5, 1, NA),
                                y = c(0, 0.5, 1)))
  labels <- widen_judgments(repeated(), value = "label")
  expect_equal(labels$x, c(NA, "yes", NA)) # a tie, one answer, none
  expect_equal(labels$y, c("no", NA, "yes"))
  expect_equal(labels$human, c("yes", "no", NA))
})

test_that("one row per draw", {
  wide <- widen_judgments(repeated(), rows = "draws")
  expect_equal(wide$draw, rep(1:2, 3))
  expect_equal(wide$x, c(1, 0, 1, NA, NA, NA))
  expect_equal(wide$y, c(0, 0, 0, 1, 1, 1))
})

test_that("items without a readable answer get the judge's mean, if asked to, with a warning", {
  expect_warning(wide <- widen_judgments(repeated(), missing = "mean"), "x: 1 of 3",
                 class = "judicious_warning_unreadable")
  expect_equal(wide$x, c(0.5, 1, 0.75))
})

test_that("systems are rows apart", {
  long <- data.frame(item_id = c(1, 1), judge = "x", score = 0:1, system = c("old", "new"),
                     human = c(0, 1))
  wide <- widen_judgments(as_judgments(long, item = item_id, judge = judge, score = score,
                                       system = system, human = human))
  expect_equal(wide$system, c("old", "new"))
  expect_equal(wide$human, c(0, 1))
})

test_that("estimate_mean() takes judgements, and agrees with the widened table", {
  set.seed(1)
  long <- data.frame(item_id = rep(1:80, 2), judge = rep(c("x", "y"), each = 80),
                     score = rbinom(160, 1, 0.4), human = c(rbinom(40, 1, 0.4), rep(NA, 40)),
                     language = rep_len(c("de", "fr"), 80))
  answers <- as_judgments(long, item = item_id, judge = judge, score = score, human = human)
  same <- c("estimate", "std_error", "conf_low", "conf_high")
  expect_equal(estimate_mean(human ~ x + y, answers)[same],
               estimate_mean(human ~ x + y, widen_judgments(answers))[same])
  expect_equal(estimate_mean(human ~ x, answers, strata = language)$n_true, 40)
  answers$score[3] <- NA
  expect_warning(estimate_mean(human ~ x, answers), class = "judicious_warning_unreadable")
})

test_that("as_ratings() takes judgements: judges are sources, draws are raters", {
  ratings <- as_ratings(repeated())
  by_hand <- as_ratings(as.data.frame(repeated()), item = item_id, rater = draw, source = judge,
                        choice = label, task = task)
  expect_equal(ratings, by_hand)
  expect_equal(tidy(ratings, "sources")$n_invalid, c(3, 0))
  set.seed(2)
  run <- quiet_run(comments(5), toxic_task(), mock_judge(toxic_task(), "truth"), format = "both",
                   pairing = "separate", n_draws = 3)
  ratings <- as_ratings(as_judgments(run))
  facts <- tidy(ratings, "sources")
  expect_equal(c(facts$n_choices, facts$n_sets, facts$n_invalid), c(15, 15, 0))
})

test_that("calls that failed are no invalid ratings", {
  set.seed(3)
  judge <- mock_judge(toxic_task(), "truth", p_fail = 0.5)
  run <- quiet_run(comments(20), toxic_task(), judge, n_draws = 1, max_tries = 1)
  ratings <- as_ratings(as_judgments(run))
  facts <- tidy(ratings, "sources")
  expect_equal(facts$n_ratings, sum(run$answers$status == "ok"))
  expect_equal(facts$n_invalid, 0)
})

test_that("label_confidence() takes judgements, every judge apart", {
  votes <- quiet(label_confidence(repeated(), "vote"))
  expect_equal(votes$judge, rep(c("x", "y"), each = 3))
  expect_equal(as.double(votes$confidence), c(0.5, NA, NA, 1, 0.5, 1))
  expect_error(label_confidence(repeated(), "token_mean"), class = "judicious_error_type")
})

test_that("mistakes are named", {
  answers <- repeated()
  expect_error(widen_judgments(as.data.frame(answers)), class = "judicious_error_type")
  expect_error(widen_judgments(answers, "label", missing = "mean"), class =
                 "judicious_error_choice")
  answers$human[2] <- "no"
  expect_error(widen_judgments(answers), "several|and", class = "judicious_error_human")
  both <- as_judgments(data.frame(label = c("q", "q"), n = 1), label = label, score = n)
  expect_equal(nrow(widen_judgments(both, "label")), 2)
  expect_error(widen_judgments(as_judgments(data.frame(label = c("q", "q")), label = label)),
               class = "judicious_error_undefined")
  expect_error(widen_judgments(as_judgments(data.frame(n = 1), score = n, judge = "human")),
               class = "judicious_error_column")
})

test_that("a judge without any readable answer stays NA and harms no other", {
  long <- data.frame(item_id = rep(1:60, 2), judge = rep(c("x", "y"), each = 60),
                     score = c(rep_len(c(1, 0, 1), 60), rep(NA, 60)),
                     human = c(rep_len(c(1, 0, 0), 30), rep(NA, 30)))
  answers <- as_judgments(long, item = item_id, judge = judge, score = score, human = human)
  expect_true(all(is.na(expect_no_warning(widen_judgments(answers, missing = "mean"))$y)))
  expect_equal(estimate_mean(human ~ x, answers)$n_true, 30)
})
