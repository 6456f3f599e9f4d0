log <- data.frame(
  id = c("x", "x", "y", "y"), who = c("ann", "bob", "ann", "bob"), fc = c("yes", "no", "no", "no"),
  rs = c("yes|no", "no", "no", NA), yes = c(1, 0, 0, NA), no = c(1, 1, 1, NA)
)
log$list <- list(c("yes", "no"), "no", "no", NULL)

test_that("a list-column, strings and 0/1 columns are the same sets", {
  read <- function(...) as_ratings(log, item = id, rater = who, choice = fc, ..., task = yes_no())
  strings <- read(set = rs)
  expect_identical(strings$set, c(3L, 2L, 2L, NA))
  expect_identical(strings$choice, c(1L, 2L, 2L, 2L))
  expect_identical(strings$invalid, c(0L, 0L, 0L, 2L))
  expect_identical(read(set = list), strings)
  expect_identical(read(set = c(yes, no)), strings)
  expect_identical(read(set = c(no = no, yes = yes)), strings)
  expect_identical(read(set = as.matrix(log[c("yes", "no")])), strings)
  expect_identical(read(set = log[c("no", "yes")]), strings)
  expect_identical(read(set = c("no|yes", "no", " no ", NA)), strings)
  expect_identical(read(set = factor(rs)), strings)
})

test_that("ids of items, raters and sources keep their type and order", {
  x <- as_ratings(log, item = id, rater = who, choice = fc, source = "human", task = yes_no())
  expect_identical(x$items, c("x", "y"))
  expect_identical(x$item, c(1L, 1L, 2L, 2L))
  expect_identical(x$raters, c("ann", "bob"))
  expect_identical(x$sources, "human")
  many <- as_ratings(log, item = c(7L, 7L, 5L, 5L), choice = fc, source = who, task = yes_no())
  expect_identical(many$items[many$item], c(7L, 7L, 5L, 5L))
  expect_identical(many$sources[many$source], log$who)
  expect_null(many$rater)
  expect_identical(as_ratings(log, choice = fc, task = yes_no())$items, 1:4)
})

test_that("a question without a column was not asked; an NA was asked in vain", {
  x <- as_ratings(log, item = id, choice = c("yes", NA, "no", "no"), task = yes_no())
  expect_identical(x$invalid, c(0L, 1L, 0L, 0L))
  both <- as_ratings(log, item = id, choice = c("yes", NA, "no", "no"), set = rs, task = yes_no())
  expect_identical(both$invalid, c(0L, 1L, 0L, 2L))
})

test_that("empty sets and half-answered columns are invalid, and counted", {
  x <- as_ratings(log, item = id, set = c("", "yes", NA, "no"), task = yes_no())
  expect_identical(x$set, c(NA, 1L, NA, 2L))
  expect_identical(x$invalid, c(2L, 0L, 2L, 0L))
  lists <- list(character(), c("yes", NA), NA, "no")
  expect_identical(as_ratings(log, set = lists, task = yes_no())$set, c(NA, NA, NA, 2L))
  half <- as_ratings(log, set = data.frame(yes = c(1, 0, NA, 1), no = c(0, 0, 1, NA)),
                     task = yes_no())
  expect_identical(half$set, c(1L, NA, NA, NA))
})

test_that("answers that are no option are errors: nothing is guessed", {
  expect_snapshot(error = TRUE, {
    as_ratings(log, choice = c("yes", "Answer: no", "no", "no"), task = yes_no())
    as_ratings(log, set = c("yes", "yes|maybe", "no", "no"), task = yes_no())
    as_ratings(log, set = list("yes", "no", c("no", "No"), "no"), task = yes_no())
    as_ratings(log, set = c(yes, nope = no), task = yes_no())
    as_ratings(log, set = data.frame(yes = c(2, 0, 0, 0), no = 1), task = yes_no())
    as_ratings(log, set = "yes|no", task = yes_no())
    as_ratings(log, set = 1:4, task = yes_no())
    as_ratings(log, task = yes_no())
    as_ratings(log, item = c("a", NA, "b", "b"), choice = fc, task = yes_no())
    as_ratings(list(1), task = yes_no())
  })
  # The first letter is not the answer, nor is its case ignored.
  letters_task <- rating_task(c("A", "B"), "A")
  for (answer in c("Answer: B", "b", "A, B", "B.")) {
    expect_error(as_ratings(data.frame(choice = c("A", answer)), choice = choice,
                            task = letters_task), class = "judicious_error_choice")
  }
  error <- rlang::catch_cnd(as_ratings(log, choice = c("yes", "x", "no", "z"), task = yes_no()))
  expect_identical(error$where, c(2L, 4L))
})

test_that("sets the task does not allow are errors", {
  expect_error(as_ratings(log, set = rs, task = yes_no(sets = 1)), "yes|no",
               class = "judicious_error_choice", fixed = TRUE)
})

test_that("options are the task's, whatever their names: nothing depends on the task", {
  for (options in list(c("Ja", "Nein"), c("1", "0"), c("very bad", "A"), c("NA_", "TRUE"))) {
    task <- rating_task(options, options[1])
    x <- as_ratings(data.frame(a = options), choice = a, set = a, task = task)
    expect_identical(x$choice, 1:2)
    expect_identical(x$set, 1:2)
  }
  numbers <- as_ratings(data.frame(a = c(3, 1, 2)), choice = a,
                        task = rating_task(c("1", "2", "3")))
  expect_identical(numbers$choice, c(3L, 1L, 2L))
})

test_that("a count table stands for its ratings", {
  counts <- matrix(c(2, 0, 1, 3), 2, dimnames = list(c("x", "y"), c("no", "yes")))
  x <- as_ratings(counts, task = yes_no())
  long <- as_ratings(
    data.frame(id = c("x", "x", "x", "y", "y", "y"), fc = c("no", "no", rep("yes", 4))),
    item = id, choice = fc, task = yes_no()
  )
  expect_identical(x$items, c("x", "y"))
  expect_equal(only_profile(x)$o, only_profile(long)$o)
  expect_identical(sum(x$n), 6)
  frame <- data.frame(id = c("x", "y"), no = c(2, 0), yes = c(1, 3))
  named <- as_ratings(frame, item = id, layout = "counts", task = yes_no())
  expect_equal(as.data.frame(named), as.data.frame(x))
})

test_that("items nobody rated stay in a count table", {
  counts <- matrix(c(2, 0, 1, 0), 2, dimnames = list(NULL, c("yes", "no")))
  x <- as_ratings(counts, task = yes_no())
  expect_identical(x$items, 1:2)
  expect_true(all(is.na(only_profile(x)$o[, 2])))
})

test_that("counts are whole and every option has a column", {
  expect_snapshot(error = TRUE, {
    as_ratings(matrix(c(1, 2.5, 3, 4), 2, dimnames = list(NULL, c("yes", "no"))), task = yes_no())
    as_ratings(matrix(1:2, 1, dimnames = list(NULL, c("yes", "x"))), task = yes_no(),
               layout = "counts")
    as_ratings(matrix(c(1, -2), 1, dimnames = list(NULL, c("yes", "no"))), task = yes_no())
  })
})

test_that("in a raters x items matrix, NA means not rated", {
  votes <- rbind(ann = c("yes", "no", NA), bob = c("no", NA, NA))
  colnames(votes) <- c("i1", "i2", "i3")
  x <- as_ratings(votes, task = yes_no())
  expect_identical(x$items, c("i1", "i2", "i3"))
  expect_identical(x$raters, c("ann", "bob"))
  expect_identical(sum(x$invalid), 0L)
  expect_identical(only_profile(x)$n_choice, c(2, 1, 0))
  expect_equal(only_profile(x)$o[, 1], c(0.5, 0.5))
  numeric <- as_ratings(rbind(c(1, 2, 2), c(1, 1, 3)), task = rating_task(c("1", "2", "3")))
  expect_identical(numeric$choice, c(1L, 1L, 2L, 1L, 2L, 3L))
})

test_that("without a task, options come from the data and are announced", {
  expect_message(x <- as_ratings(log, item = id, choice = fc), class = "judicious_message_task")
  expect_identical(x$task$options, c("no", "yes"))
  expect_identical(x$task$positive, character())
  f <- factor(log$fc, levels = c("yes", "no", "unsure"))
  expect_identical(quiet(as_ratings(log, choice = f))$task$options, c("yes", "no", "unsure"))
  expect_identical(quiet(as_ratings(log, set = c(yes, no)))$task$options, c("yes", "no"))
  expect_identical(quiet(as_ratings(log, set = rs))$task$options, c("no", "yes"))
  votes <- rbind(c("b", "a"), c("a", NA))
  expect_identical(quiet(as_ratings(votes))$task$options, c("a", "b"))
  counts <- data.frame(id = 1:2, b = 0:1, a = 1:2)
  expect_identical(quiet(as_ratings(counts, item = id, layout = "counts"))$task$options,
                   c("b", "a"))
})

test_that("the user's data are not changed", {
  before <- log
  as_ratings(log, item = id, choice = fc, set = c(yes, no), task = yes_no())
  expect_identical(log, before)
})

test_that("a million rows are read in seconds", {
  n <- 1e6
  big <- data.frame(id = rep(seq_len(n / 10), 10), fc = rep(c("yes", "no"), n / 2),
                    rs = rep(c("yes|no", "no"), n / 2))
  time <- system.time(x <- as_ratings(big, item = id, choice = fc, set = rs, task = yes_no()))
  expect_lt(time[["elapsed"]], 20)
  expect_identical(length(x$set), 1000000L)
})

test_that("no rows, and no valid answer, are read and shown", {
  none <- as_ratings(log[0, ], item = id, choice = fc, set = rs, task = yes_no())
  expect_identical(length(none$items), 0L)
  expect_output(print(none), "Ratings of 0 items")
  expect_identical(nrow(tidy(none)), 0L)
  refused <- as_ratings(data.frame(id = 1:2, fc = NA), item = id, choice = fc, task = yes_no())
  expect_identical(tidy(refused)$p_choice, rep(NA_real_, 4))
  expect_identical(tidy(refused, type = "sources")$invalid, 1)
})

test_that("columns that do not exist, or show no choice, are named", {
  expect_snapshot(error = TRUE, {
    as_ratings(log, item = nobody, choice = fc, task = yes_no())
    as_ratings(data.frame(fc = c("yes", "yes")), choice = fc)
  })
})

test_that("columns can be passed on by other functions", {
  read <- function(data, column) as_ratings(data, choice = {{ column }}, task = yes_no())
  expect_identical(read(log, fc)$choice, c(1L, 2L, 2L, 2L))
  expect_identical(as_ratings(log, choice = .data$fc, task = yes_no())$choice, c(1L, 2L, 2L, 2L))
})
