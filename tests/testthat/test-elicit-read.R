task <- toxic_task()

test_that("a run prints what was asked and what became of it", {
  set.seed(1)
  folder <- run_folder()
  judge <- mock_judge(task, "truth", 1, p_refuse = 0.2)
  run <- quiet_run(comments(10), task, judge, n_draws = 2, run = folder)
  refused <- sum(run$answers$status == "refused")
  expect_equal(format(run)[-1], c(
    "10 items, forced choice, 2 draws each",
    paste0("mock: 20 of 20 answers, ", refused, " refused")
  ))
  expect_output(expect_invisible(print(run)), "10 items")
  expect_identical(as.data.frame(run), run$answers)
  expect_equal(read_run(folder)$answers, run$answers)
})

test_that("human labels join by item, and the path of a run will do", {
  folder <- run_folder()
  quiet_run(comments(4), task, mock_judge(task, "truth", 1), n_draws = 2, run = folder)
  human <- data.frame(item_id = c(3, 1), human = c("fine", "toxic"))
  answers <- as_judgments(folder, human = human)
  expect_equal(answers$human, rep(c("toxic", NA, "fine", NA), each = 2))
  expect_equal(as_judgments(folder, human = c("1" = "toxic", "3" = "fine"))$human, answers$human)
  expect_error(as_judgments(folder, human = data.frame(id = 1)), class = "judicious_error_column")
  expect_error(as_judgments(folder, human = human[c(1, 1), ]), class = "judicious_error_duplicate")
})

test_that("systems of the items are systems of the judgements", {
  items <- comments(4)
  items$system <- c("new", "old", "new", "old")
  run <- quiet_run(items, task, mock_judge(task, "truth", 1), n_draws = 1)
  expect_equal(as_judgments(run)$system, items$system)
})
