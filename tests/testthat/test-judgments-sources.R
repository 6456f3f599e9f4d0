task <- toxic_task()

test_that("chats, errors and NULL are answers and failures, in order", {
  chats <- list(a = fake_chat("A"), b = simpleError("no"), c = NULL, d = fake_chat("hm"),
                e = fake_chat("I cannot answer that"))
  out <- as_judgments(chats, task = task)
  expect_equal(out$item_id, c("a", "b", "c", "d", "e"))
  expect_equal(out$label, c("toxic", rep(NA, 4)))
  expect_equal(out$status, c("ok", "failed", "failed", "unreadable", "refused"))
  expect_equal(unique(out$judge), "fake")
  both <- as_judgments(list(x = unname(chats[1]), y = list(fake_chat("B"))), task = task)
  expect_equal(both$judge, c("x", "y"))
  expect_equal(both$score, c(1, 0))
  sets <- as_judgments(list(fake_chat("A, B")), task = task, format = "set")
  expect_equal(sets$set, "toxic|fine")
  expect_equal(as_judgments(fake_chat("A"), task = task)$label, "toxic")
})

test_that("log-probabilities of chats are confidences", {
  json <- chat_json(c(A = 0.7, B = 0.2))
  out <- as_judgments(list(fake_chat("A", json = json), fake_chat("B")), task = task)
  expect_equal(out$confidence, c(7 / 9, NA))
})

test_that("lists of anything else are errors", {
  expect_error(as_judgments(list(fake_chat("A"))), "task", class = "judicious_error_required")
  expect_error(as_judgments(list(fake_chat("A"), 3), task = task), "Element 2",
               class = "judicious_error_type")
  expect_error(as_judgments(list(), task = task), class = "judicious_error_type")
  expect_error(as_judgments(list(list(fake_chat("A"))), task = task), "named",
               class = "judicious_error_type")
  expect_error(as_judgments(list(fake_chat("A")), item = 1:2, task = task),
               class = "judicious_error_length")
})

samples <- function(...) {
  data.frame(id = c(1, 1, 2), epoch = c(1, 2, 1),
             score = factor(c("I", "P", NA), c("I", "P", "C"), ordered = TRUE), ...)
}

fake_task <- function(samples) {
  structure(rlang::env(get_samples = function() samples), class = c("Task", "R6"))
}

test_that("tasks of vitals are judgements with epochs as draws", {
  with_chats <- samples()
  with_chats$scorer_chat <- rep(list(fake_chat("", "judge-1")), 3)
  with_chats$solver_chat <- rep(list(fake_chat("", "solver-1")), 3)
  out <- as_judgments(fake_task(with_chats), human = c("2" = 1))
  expect_equal(out$score, c(0, 0.5, NA))
  expect_equal(out$draw, c(1L, 2L, 1L))
  expect_equal(out$status, c("ok", "ok", "unreadable"))
  expect_equal(c(unique(out$judge), unique(out$system)), c("judge-1", "solver-1"))
  expect_equal(out$human, c(NA, NA, 1))
  expect_equal(unique(as_judgments(fake_task(samples(scorer = "detect_match()")))$judge),
               "detect_match()")
  expect_error(as_judgments(fake_task(data.frame(id = 1))), "scored", class =
                 "judicious_error_format")
  expect_error(as_judgments(fake_task(data.frame(id = 1, score = NA))), class =
                 "judicious_error_format")
  expect_error(as_judgments(structure(list(), class = "Task")), class = "judicious_error_type")
})

test_that("the real vitals is read, by task and bound", {
  skip_if_not_installed("vitals")
  skip_if_not_installed("tibble")
  withr::local_envvar(VITALS_LOG_DIR = withr::local_tempdir())
  make <- function(grades) {
    dataset <- tibble::tibble(input = c("1 + 1", "2 + 2"), target = c("2", "4"))
    solver <- function(inputs, ...) {
      chat <- ellmer::chat_openai(credentials = function() "none", model = "solver")
      list(result = rep("2", length(inputs)),
           solver_chat = lapply(inputs, function(i) chat$clone()))
    }
    scorer <- function(samples, ...) {
      list(score = factor(rep_len(grades, nrow(samples)), c("I", "P", "C"), ordered = TRUE))
    }
    task <- vitals::Task$new(dataset, solver, scorer, epochs = 2, name = "sums")
    task$solve()
    task$score()
    task
  }
  first <- make(c("C", "I", "P", NA))
  out <- as_judgments(first)
  expect_equal(nrow(out), 4)
  expect_equal(out$score, c(1, 0, 0.5, NA))
  expect_equal(out$draw, first$get_samples()$epoch)
  expect_equal(unique(out$system), "solver")
  bound <- as_judgments(vitals::vitals_bind(a = first, b = make("C")))
  expect_equal(sort(unique(bound$system)), c("a", "b"))
  expect_equal(mean(bound$score[bound$system == "b"]), 1)
  expect_equal(sum(bound$status == "unreadable"), 1)
})
