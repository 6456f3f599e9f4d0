task <- toxic_task()

test_that("a run asks every item, draw and judge once and reads all answers", {
  set.seed(1)
  judges <- list(good = mock_judge(task, "truth", 1), bad = mock_judge(task, "truth", 0))
  run <- quiet_run(comments(5), task, judges, n_draws = 3)
  expect_equal(nrow(run$answers), 30)
  expect_false(any(duplicated(run$answers[c("item_id", "judge", "draw")])))
  truth <- comments(5)$truth[run$answers$item_id]
  expect_equal(run$answers$choice == truth, run$answers$judge == "good")
  expect_equal(run$answers$codes, rep("A B", 30))
})

test_that("every style of answer is read back as what was meant", {
  for (style in c("code", "sentence", "json")) {
    for (confidence in c("none", "verbal")) {
      judge <- mock_judge(task, "truth", 1, style = style)
      run <- quiet_run(comments(4), task, judge, format = "both", n_draws = 1,
                       confidence = confidence)
      expect_equal(run$answers$choice, comments(4)$truth, info = paste(style, confidence))
      expect_equal(run$answers$set, comments(4)$truth, info = paste(style, confidence))
    }
  }
})

test_that("shuffled options change codes, not answers, and are the same for all judges", {
  set.seed(2)
  judges <- list(a = mock_judge(task, "truth", 1), b = mock_judge(task, "truth", 1))
  run <- quiet_run(comments(20), task, judges, n_draws = 2, order = "shuffled")
  a <- run$answers[run$answers$judge == "a", ]
  expect_setequal(a$codes, c("A B", "B A"))
  expect_equal(a$codes, run$answers$codes[run$answers$judge == "b"])
  expect_equal(a$choice, comments(20)$truth[a$item_id])
  expect_setequal(a$answer[a$choice == "toxic"], c("A", "B"))
})

test_that("shuffled orders of three options come back as the right ones", {
  set.seed(8)
  three <- rating_task(c("red", "green", "blue"))
  items <- comments(30, three$options)
  run <- quiet_run(items, three, mock_judge(three, "truth", 1), n_draws = 1, order = "shuffled")
  expect_equal(run$answers$choice, items$truth)
  shown <- vapply(strsplit(run$answers$codes, " "), paste, "", collapse = "")
  expect_setequal(shown, c("ABC", "ACB", "BAC", "BCA", "CAB", "CBA"))
})

test_that("set.seed() governs orders and mock answers; the generator is left as it was", {
  ask <- function() {
    set.seed(3)
    run <- quiet_run(comments(10), task, mock_judge(task, "truth"), n_draws = 2, order = "shuffled")
    list(run$answers[c("choice", "codes")], runif(1))
  }
  expect_identical(ask(), ask())
})

test_that("choice and set come from one prompt or from two, and it is recorded which", {
  set.seed(4)
  judge <- mock_judge(task, "truth", 0.7)
  one <- as_judgments(quiet_run(comments(6), task, judge, format = "both", n_draws = 2))
  expect_equal(one$asked, rep("both", 12))
  expect_false(anyNA(one$label) || anyNA(one$set))
  two <- as_judgments(quiet_run(comments(6), task, judge, format = "both", n_draws = 2,
                                pairing = "separate"))
  expect_equal(as.vector(table(two$asked)), c(12, 12))
  expect_true(all(is.na(two$set[two$asked == "choice"])))
  expect_true(all(is.na(two$label[two$asked == "set"])))
  expect_equal(unique(two$status), "ok")
})

test_that("refusals and failed calls are recorded, counted, and shift nothing", {
  set.seed(5)
  judge <- mock_judge(task, "truth", 1, p_refuse = 0.3, p_fail = 0.4)
  expect_warning(
    run <- suppressMessages(elicit_ratings(comments(40), task, judge, n_draws = 1, max_tries = 1,
                                           run = tempfile())),
    class = "judicious_warning_failed"
  )
  status <- run$answers$status
  expect_setequal(status, c("ok", "refused", "failed"))
  expect_equal(run$answers$item_id, 1:40)
  expect_equal(run$answers$choice[status == "ok"], comments(40)$truth[status == "ok"])
  answers <- as_judgments(run)
  expect_equal(tidy(answers)$n_failed, sum(status == "failed"))
  expect_match(format(run), paste(sum(status == "failed"), "failed"), all = FALSE)
  again <- quiet(elicit_ratings(comments(40), task, judge, n_draws = 1, max_tries = 50,
                                run = run$folder))
  expect_setequal(again$answers$status, c("ok", "refused"))
  expect_equal(again$answers$answer[status != "failed"], run$answers$answer[status != "failed"])
})

test_that("a dry run tells the number of calls, and neither asks nor writes", {
  folder <- tempfile("run-")
  judge <- mock_judge(task, "truth")
  expect_message(
    plan <- elicit_ratings(comments(5), task, list(a = judge, b = judge), format = "both",
                           pairing = "separate", n_draws = 3, run = folder, dry_run = TRUE),
    "60 of 60", class = "judicious_message_dry_run"
  )
  expect_equal(plan$n_left, rep(15, 4))
  expect_false(dir.exists(folder))
  quiet_run(comments(5), task, list(a = judge), n_draws = 2, run = folder)
  left <- quiet(elicit_ratings(comments(5), task, list(a = judge), n_draws = 3, run = folder,
                               dry_run = TRUE))
  expect_equal(c(left$n_calls, left$n_done, left$n_left), c(15, 10, 5))
  expect_length(answer_lines(folder, "a"), 10)
})

test_that("verifiers are asked about the choice of each draw", {
  set.seed(6)
  judge <- mock_judge(task, "truth", 0.8, log_probs = TRUE)
  run <- quiet_run(comments(10), task, judge, n_draws = 2, confidence = "p_true")
  verdicts <- run$answers[run$answers$asked == "p_true", ]
  expect_equal(nrow(verdicts), 20)
  answers <- as_judgments(run)
  right <- answers$label == comments(10)$truth[answers$item_id]
  expect_equal(answers$confidence, ifelse(right, 0.8, 0.2), tolerance = 1e-6)
  plain <- as_judgments(quiet_run(comments(5), task, mock_judge(task, "truth", 1), n_draws = 1,
                                  confidence = "p_true"))
  expect_equal(plain$confidence, rep(1, 5))
})

test_that("stated confidences and token probabilities are those of the choice", {
  set.seed(7)
  answers <- as_judgments(quiet_run(comments(8), task, mock_judge(task, "truth", 0.7), n_draws = 2,
                                    confidence = "verbal"))
  right <- answers$label == comments(8)$truth[answers$item_id]
  expect_equal(answers$confidence, ifelse(right, 0.7, 0.3))
  judge <- mock_judge(task, "truth", 0.7, log_probs = TRUE)
  answers <- as_judgments(quiet_run(comments(8), task, judge, n_draws = 2, order = "shuffled"))
  right <- answers$label == comments(8)$truth[answers$item_id]
  expect_equal(answers$confidence, ifelse(right, 0.7, 0.3), tolerance = 1e-6)
  none <- as_judgments(quiet_run(comments(2), task, judge, n_draws = 1), confidence = "none")
  expect_equal(none$confidence, c(NA_real_, NA_real_))
})

test_that("R compiles functions as before once a run is over", {
  level <- compiler::enableJIT(-1)
  run <- quiet_run(comments(3), toxic_task(), mock_judge(toxic_task(), "truth"), n_draws = 2)
  expect_equal(nrow(run$answers), 6)
  expect_identical(compiler::enableJIT(-1), level)
})

test_that("ids keep their type", {
  for (id in list(c(2L, 10L), c(1.5, 100000), c("b", "a|\"x\""))) {
    items <- comments(2)
    items$item_id <- id
    run <- quiet_run(items, task, mock_judge(task, "truth", 1), n_draws = 1)
    expect_identical(run$answers$item_id, id)
    expect_equal(run$answers$choice, items$truth)
  }
})

test_that("mistakes are named", {
  judge <- mock_judge(task, "truth")
  expect_error(elicit_ratings(comments(2)[0, ], task, judge), class = "judicious_error_type")
  expect_error(elicit_ratings(comments(2), "yes", judge), class = "judicious_error_type")
  expect_error(elicit_ratings(comments(2), task, "gpt"), class = "judicious_error_type")
  expect_error(elicit_ratings(comments(2), task, list(judge, 1)), "Element 2",
               class = "judicious_error_type")
  expect_error(elicit_ratings(comments(2), task, list(judge, judge)), class =
                 "judicious_error_duplicate")
  expect_error(elicit_ratings(comments(2), task, judge, item_id = "id"),
               class = "judicious_error_column")
  twice <- comments(2)
  twice$item_id <- c(1, 1)
  expect_error(elicit_ratings(twice, task, judge), "Row 2", class = "judicious_error_duplicate")
  twice$item_id <- c(1, NA)
  expect_error(elicit_ratings(twice, task, judge), class = "judicious_error_missing_id")
  expect_error(elicit_ratings(comments(2), task, judge, template = "{txt}"), "txt",
               class = "judicious_error_template")
  expect_error(elicit_ratings(comments(2), task, judge, format = "set", confidence = "verbal"),
               class = "judicious_error_choice")
  expect_error(elicit_ratings(comments(2), task, judge, drws = 3),
               class = "rlib_error_dots_nonempty")
  expect_error(quiet_run(comments(2), task, mock_judge(task, c("7" = "toxic"))),
               class = "judicious_error_mock")
  expect_error(elicit_ratings(comments(2), task), "chats")
  expect_error(quiet_run(comments(2), task, mock_judge(task, "gold")), "gold",
               class = "judicious_error_mock")
  expect_error(quiet_run(comments(2), rating_task(c("yes", "no")), judge), "another",
               class = "judicious_error_mock")
  expect_error(elicit_ratings(comments(2), task, list(a = judge, A = judge)), "case",
               class = "judicious_error_duplicate")
  twice$item_id <- list(1, 2)
  expect_error(elicit_ratings(twice, task, judge), class = "judicious_error_type")
})

test_that("ids of any kind and shuffled orders end in their rows, also after an extension", {
  ids <- list(c("a\rb", "b\"q'", "\u00e4\u4e2d", "1e5", "100000"), c(1e5, 0.1 + 0.2, 0.3, 1e22),
              c(100000L, 2L), c(TRUE, FALSE))
  judges <- list("x/1" = mock_judge(task, "truth", 1), y = mock_judge(task, "truth", 0))
  for (id in ids) {
    items <- comments(length(id))
    items$text <- "the same text"
    items$item_id <- id
    folder <- tempfile("run-")
    for (n_draws in 2:3) {
      run <- quiet_run(items, task, judges, n_draws = n_draws, run = folder, order = "shuffled")
    }
    first <- run$answers[run$answers$judge == "x/1", ]
    expect_identical(unique(first$item_id), id)
    expect_equal(first$draw, rep(1:3, length(id)))
    expect_equal(first$choice, rep(items$truth, each = 3))
    human <- stats::setNames(items$truth, id_text(id))
    expect_equal(widen_judgments(as_judgments(run, human = human))$y,
                 as.numeric(items$truth != "toxic"))
  }
  days <- comments(2)
  days$item_id <- as.Date("2024-01-01") + 0:1
  expect_equal(quiet_run(days, task, judges[1], n_draws = 1)$answers$item_id,
               c("2024-01-01", "2024-01-02"))
})

test_that("a rehearsal is not held back by the rate for providers", {
  started <- Sys.time()
  quiet_run(comments(20), task, mock_judge(task, "truth"), n_draws = 1, rpm = 1)
  expect_lt(as.double(Sys.time() - started, units = "secs"), 30)
})
