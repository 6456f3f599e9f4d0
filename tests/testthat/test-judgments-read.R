task <- rating_task(c("yes", "no"), positive = "yes")

test_that("long data are read as the columns are named", {
  long <- data.frame(item_id = c("a", "b", "a"), judge = c("x", "x", "y"), label = c("1", NA, "2"),
                     language = c("de", "fr", "de"))
  out <- as_judgments(long, item = item_id, judge = judge, label = label)
  expect_s3_class(out, "judicious_judgments")
  expect_named(out, c("item_id", "judge", "label", "score", "confidence", "draw", "system", "human",
                      "language", "status"))
  expect_equal(out$status, c("ok", "unreadable", "ok"))
  expect_equal(out$draw, c(1L, 1L, 1L))
  expect_identical(as_judgments(out), out)
})

test_that("columns are chosen by tidy selection, several labels are several judges", {
  wide <- data.frame(id = 1:3, j_gpt = c("yes", "no", "no"), j_claude = c("no", NA, "?"),
                     c_gpt = c(0.9, 0.8, 0.7), c_claude = c(0.5, NA, 0.6), gold = c(1, 0, NA))
  out <- as_judgments(wide, item = id, label = tidyselect::starts_with("j_"),
                      confidence = tidyselect::starts_with("c_"), human = gold, task = task)
  expect_equal(out$judge, rep(c("j_gpt", "j_claude"), each = 3))
  expect_equal(out$item_id, rep(1:3, 2))
  expect_equal(out$label, c("yes", "no", "no", "no", NA, NA))
  expect_equal(out$score, c(1, 0, 0, 0, NA, NA))
  expect_equal(out$confidence, c(0.9, 0.8, 0.7, 0.5, NA, 0.6))
  expect_equal(out$human, rep(c(1, 0, NA), 2))
  renamed <- as_judgments(wide, item = id, label = c(j_gpt, j_claude))
  expect_equal(renamed$judge, out$judge)
  one <- as_judgments(wide, item = id, label = j_gpt, judge = "GPT")
  expect_equal(one$judge, rep("GPT", 3))
})

test_that("numbers and logicals are scores, factors are labels", {
  out <- as_judgments(data.frame(label = c(3, 5, NA)), label = label)
  expect_equal(out$score, c(3, 5, NA))
  expect_equal(out$judge, rep("judge", 3))
  expect_equal(as_judgments(data.frame(label = c(TRUE, NA)), label = label)$score, c(1, NA))
  out <- as_judgments(data.frame(id = factor(c("b", "a")), label = factor(c("no", "yes"))),
                      item = id, label = label)
  expect_identical(out$label, c("no", "yes"))
  expect_identical(out$item_id, c("b", "a"))
  expect_equal(out$score, c(NA_real_, NA_real_))
})

test_that("repeated answers are draws, within item, judge and system", {
  long <- data.frame(item_id = c(1, 1, 2, 1, 1), judge = c("x", "x", "x", "y", "x"), label = "a",
                     system = c("s", "s", "s", "s", "t"))
  read <- function(...) {
    as_judgments(long, item = item_id, judge = judge, label = label, system = system, ...)
  }
  expect_equal(read()$draw, c(1L, 2L, 1L, 1L, 1L))
  long$draw <- 1L
  expect_error(read(draw = draw), "row 2", class = "judicious_error_duplicate")
})

test_that("unreadable answers stay rows and are counted", {
  long <- data.frame(item_id = 1:5, judge = "x",
                     label = c("Answer: yes", "B", "I cannot help with that", "hm", NA))
  out <- as_judgments(long, judge = judge, label = label, task = task)
  expect_equal(out$label, c("yes", "no", NA, NA, NA))
  expect_equal(out$status, c("ok", "ok", "refused", "unreadable", "unreadable"))
  expect_equal(out$answer[4], "hm")
  facts <- tidy(out)
  expect_equal(c(facts$n_answers, facts$n_unreadable, facts$n_refused), c(5, 2, 1))
  expect_equal(facts$mean_score, 0.5)
})

test_that("label confidences keep their method", {
  sure <- label_confidence(c("90%", "80%"), "verbal")$confidence
  out <- as_judgments(data.frame(label = c("a", "a"), sure = sure), label = label,
                      confidence = sure)
  expect_s3_class(out$confidence, "judicious_confidence")
})

test_that("mistakes are named", {
  data <- data.frame(item_id = 1:2, label = c("a", "b"), n = 3:4)
  expect_error(as_judgments(data, item = id, label = label), "id", class = "judicious_error_column")
  expect_error(as_judgments(data, item = c(item_id, n), label = label),
               class = "judicious_error_column")
  expect_error(as_judgments(data["n"]), class = "judicious_error_column")
  expect_error(as_judgments(data, label = c(label, n), score = n), class = "judicious_error_column")
  expect_error(as_judgments(data, label = c(label, n), judge = item_id),
               class = "judicious_error_column")
  expect_error(as_judgments(data, score = label), class = "judicious_error_type")
  expect_error(as_judgments(data, label = label, confidence = n), class = "judicious_error_range")
  expect_error(as_judgments(data, confidence = label, score = n), class = "judicious_error_type")
  data$item_id[1] <- NA
  expect_error(as_judgments(data, label = label), class = "judicious_error_missing_id")
  expect_error(as_judgments(data.frame(who = NA, label = "a"), judge = who, label = label),
               class = "judicious_error_missing_id")
  expect_error(as_judgments(1:3), class = "judicious_error_type")
  expect_error(as_judgments(data, tsk = task), class = "rlib_error_dots_nonempty")
  expect_error(as_judgments(data, label = label, task = 1), class = "judicious_error_type")
})

test_that("values that would be lost or misread are errors", {
  data <- data.frame(item_id = 1:2, label = c("a", "b"))
  read <- function(data, ...) as_judgments(data, item = item_id, label = label, ...)
  expect_class <- function(expr, class, what = NULL) {
    expect_error(expr, what, class = paste0("judicious_error_", class))
  }
  expect_class(read(cbind(data, draw = c("x", "y")), draw = draw), "type", "draw")
  expect_class(read(cbind(data, draw = c(1, 1.5)), draw = draw), "range", "Element 2")
  expect_class(read(cbind(data, draw = c(NA, 1)), draw = draw), "range", "Element 1")
  expect_class(read(cbind(data, score = c(1, -Inf)), score = score), "finite", "Element 2")
  expect_class(read(data.frame(item_id = 1:2, label = I(list("a", 1:2)))), "type", "label")
  expect_class(as_judgments(data, label = tidyselect::starts_with("z")), "column", "No column")
  expect_class(as_judgments(data, label = label, item = tidyselect::starts_with("z")), "column",
               "`item`")
  expect_class(read(data, judge = gpt), "column", "string")
  expect_class(as_judgments(data.frame()), "column", "no columns")
  expect_class(as_judgments(character()), "file", "at least one")
  twice <- rbind(read(data), read(data))
  expect_class(as_judgments(twice), "duplicate", "row 3")
})

test_that("judgements that were written to a file are read again as they were", {
  out <- as_judgments(data.frame(label = c("yes", "I cannot say", "hm", NA)), judge = "x",
                      label = label, task = task)
  path <- withr::local_tempfile()
  utils::write.csv(as.data.frame(out), path, row.names = FALSE)
  again <- as_judgments(utils::read.csv(path))
  same <- c("item_id", "judge", "label", "score", "draw", "status")
  expect_equal(as.data.frame(again)[same], as.data.frame(out)[same])
})

test_that("a column `set` of the user is no response set", {
  out <- as_judgments(data.frame(label = c("a", NA), set = c("train", "test")), label = label)
  expect_equal(out$status, c("ok", "unreadable"))
  expect_equal(label_levels(out), "a")
})

test_that("human labels join by number however it is written, and not to nothing", {
  sample <- function(id) list(id = id, epoch = 1L, scores = list(s = list(value = "C")))
  items <- c(100000, 0.5)
  expect_equal(join_human(items, c("1e+05" = 1), NULL), c(1, NA))
  expect_equal(join_human(items, c("100000" = 1, "0.50" = 0), NULL), c(1, 0))
  expect_warning(some <- join_human(c("1e5", "b"), c("100000" = 1, b = 0), NULL), "1 of 2",
                 class = "judicious_warning_human")
  expect_equal(some, c(NA, 0))
  expect_error(as_judgments(inspect_log(list(sample("q1"))), human = c(q2 = 1)), "q2",
               class = "judicious_error_human")
})
