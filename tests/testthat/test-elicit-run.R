task <- toxic_task()
judge <- function(...) mock_judge(task, "truth", 1, ...)

test_that("a run that stopped goes on where it stopped", {
  folder <- run_folder()
  quiet_run(comments(10), task, judge(), n_draws = 2, run = folder)
  before <- answer_lines(folder)[1:6]
  writeLines(before, judge_path(folder, "mock")) # as if it had stopped here
  run <- quiet_run(comments(10), task, judge(), n_draws = 2, run = folder)
  after <- answer_lines(folder)
  expect_equal(after[1:6], before)
  expect_length(after, 20)
  expect_equal(run$answers$choice, rep(comments(10)$truth, each = 2))
  quiet_run(comments(10), task, judge(), n_draws = 2, run = folder)
  expect_equal(answer_lines(folder), after)
})

test_that("further draws and judges extend a run, with the same orders of options", {
  folder <- run_folder()
  set.seed(1)
  first <- quiet_run(comments(6), task, list(a = judge()), n_draws = 2, run = folder,
                     order = "shuffled")
  more <- quiet_run(comments(6), task, list(a = judge(), b = judge()), n_draws = 4, run = folder,
                    order = "shuffled")
  expect_equal(nrow(more$answers), 48)
  a <- more$answers[more$answers$judge == "a", ]
  expect_equal(a$codes, more$answers$codes[more$answers$judge == "b"])
  expect_equal(a[a$draw <= 2, ]$codes, first$answers$codes)
  expect_length(answer_lines(folder, "a"), 24)
  expect_equal(read_run(folder)$settings$n_draws, 4)
})

test_that("other settings are refused, and the first that differs is named", {
  folder <- run_folder()
  quiet_run(comments(3), task, judge(), n_draws = 1, run = folder, question = "Toxic?")
  ask <- function(items = comments(3), task = toxic_task(), question = "Toxic?", ...) {
    quiet_run(items, task, mock_judge(task, "truth", 1), n_draws = 1, run = folder,
              question = question, ...)
  }
  expect_settings_error <- function(expr, what) {
    expect_error(expr, what, class = "judicious_error_settings")
  }
  changed <- comments(3)
  changed$text[2] <- "Something else"
  expect_settings_error(ask(changed), "items")
  expect_settings_error(ask(comments(4)), "items")
  expect_settings_error(ask(task = rating_task(c("toxic", "fine"))), "task")
  expect_settings_error(ask(question = "Rude?"), "question")
  expect_settings_error(ask(format = "set"), "format")
  expect_settings_error(ask(order = "shuffled"), "order")
  expect_settings_error(ask(confidence = "verbal"), "confidence")
  expect_settings_error(ask(template = "{text} {options}"), "template")
  expect_settings_error(ask(descriptions = c(toxic = "rude")), "descriptions")
  expect_settings_error(
    quiet_run(comments(3), task, list(mock = mock_judge(task, "truth", name = "other")),
              n_draws = 1, run = folder, question = "Toxic?"), "mock"
  )
  unused <- comments(3)
  unused$note <- "not in the prompt"
  expect_equal(nrow(ask(unused)$answers), 3)
  expect_length(answer_lines(folder), 3)
})

test_that("half-written and foreign lines do not count, are told, and are asked again", {
  folder <- run_folder()
  run <- quiet_run(comments(5), task, judge(), n_draws = 1, run = folder)
  lines <- answer_lines(folder)
  path <- judge_path(folder, "mock")
  cat(lines[1:2], "not json", "{\"item\": 3}", "[]", substr(lines[4], 1, 30), sep = "\n",
      file = path)
  expect_warning(broken <- read_run(folder), "4 lines", class = "judicious_warning_broken")
  expect_equal(broken$answers$item_id, 1:2)
  again <- quiet_run(comments(5), task, judge(), n_draws = 1, run = folder)
  expect_equal(again$answers$item_id, 1:5)
  expect_equal(again$answers$choice, run$answers$choice)
})

test_that("a line cut off by a killed process does not swallow the next answer", {
  path <- withr::local_tempfile()
  cat("{\"item\": \"1\", \"dra", file = path)
  append_answer(list(item = "2", draw = 1, asked = "choice", status = "ok"), path)
  read <- read_judge_file(path)
  expect_equal(read$n_broken, 1)
  expect_equal(read$answers[[1]]$item, "2")
})

test_that("folders that are no runs are left alone", {
  folder <- run_folder()
  writeLines("mine", file.path(folder, "notes.txt"))
  expect_error(elicit_ratings(comments(1), task, judge(), run = folder),
               class = "judicious_error_file")
  expect_equal(dir(folder), "notes.txt")
  expect_error(read_run(folder), class = "judicious_error_file")
  expect_error(read_run(tempfile()), class = "judicious_error_file")
  expect_error(read_run(1), class = "judicious_error_type")
  writeLines("{\"judicious_run\": ", file.path(folder, "settings.json"))
  expect_error(read_run(folder), "cannot be read", class = "judicious_error_file")
})

test_that("answers of any text come back as they were", {
  path <- withr::local_tempfile()
  odd <- c("line\nbreak", "quote \" and \\ and tab\t", "\u00e4\u4e2d\U0001F600", "", "{\"a\": 1}")
  for (i in seq_along(odd)) {
    append_answer(list(item = as.character(i), draw = 1, asked = "choice", status = "ok",
                       answer = odd[i]), path)
  }
  answers <- read_judge_file(path)$answers
  expect_equal(vapply(answers, `[[`, "", "answer"), odd)
})

test_that("what is or looks like a key is replaced", {
  withr::local_envvar(SOME_API_KEY = "abcdefgh-12345", SHORT_KEY = "abc", HARMLESS = "plainwords")
  expect_equal(redact("x abcdefgh-12345 y"), "x <redacted> y")
  expect_equal(redact("abc plainwords"), "abc plainwords")
  expect_false(grepl("AIzaSy", redact("https://x.y/z?key=AIzaSyA1234567890abcdef")))
  expect_false(grepl("abcdef123456", redact("Authorization: Bearer abcdef123456")))
  path <- withr::local_tempfile()
  append_answer(list(item = "1", answer = "my key is abcdefgh-12345"), path)
  expect_match(readLines(path), "my key is <redacted>", fixed = TRUE)
  expect_equal(redact("sk-proj-abcdefghijklmnop"), "<redacted>")
  expect_equal(redact("The task is risky; ask again."), "The task is risky; ask again.")
})

test_that("a process killed at any byte costs the line it wrote, nothing else", {
  folder <- run_folder()
  items <- comments(4)
  items$item_id <- paste0("\u00e4\u4e2d", 1:4)
  full <- quiet_run(items, task, judge(style = "sentence"), n_draws = 1, run = folder)
  path <- judge_path(folder, "mock")
  bytes <- readBin(path, "raw", 1e5)
  for (cut in round(seq(1, length(bytes) - 1, length.out = 25))) {
    writeBin(bytes[seq_len(cut)], path)
    run <- quiet_run(items, task, judge(style = "sentence"), n_draws = 1, run = folder)
    expect_identical(run$answers$item_id, full$answers$item_id, info = cut)
    expect_identical(run$answers$choice, items$truth, info = cut)
  }
  writeBin(c(bytes[1:50], as.raw(c(0, 0, 0xe4, 10))), path)
  expect_identical(quiet_run(items, task, judge(), n_draws = 1, run = folder)$answers$choice,
                   items$truth)
})

test_that("judges whose names make the same file name keep files of their own", {
  folder <- run_folder()
  quiet_run(comments(3), task, list("a b" = judge()), n_draws = 1, run = folder)
  wrong <- mock_judge(task, "truth", 0)
  run <- quiet_run(comments(3), task, list("a_b" = wrong, "a/b" = wrong), n_draws = 1, run = folder)
  expect_equal(run$answers$choice == comments(3)$truth, run$answers$judge == "a b")
  expect_equal(basename(judge_path("x", "gpt-4.1")), "judge-gpt-4.1.jsonl")
  expect_error(quiet_run(comments(3), task, list("A B" = judge()), n_draws = 1, run = folder),
               "case", class = "judicious_error_duplicate")
})

test_that("ids that look like keys are kept, so that answers are found again", {
  withr::local_envvar(MY_TOKEN = "item-number-1")
  items <- comments(3)
  items$item_id <- c("sk-abcdefghijklmnop", "item-number-1", "a\rb")
  folder <- run_folder()
  ask <- function() {
    quiet_run(items, task, judge(), n_draws = 1, run = folder,
              question = "Is sk-abcdefghijklmnop toxic?")
  }
  expect_identical(ask()$answers$item_id, items$item_id)
  expect_identical(ask()$answers$choice, items$truth)
  expect_length(answer_lines(folder), 3)
  expect_match(read_run(folder)$settings$question, "Is <redacted> toxic", fixed = TRUE)
  expect_equal(redact("skateboarding_tricks"), "skateboarding_tricks")
})

test_that("numbers as ids keep all their digits", {
  expect_equal(id_text(c(1e5, 0.3, -2, 123456789012)), c("100000", "0.3", "-2", "123456789012"))
  expect_identical(as.double(id_text(c(0.1 + 0.2, 1 / 3, 1e-300))), c(0.1 + 0.2, 1 / 3, 1e-300))
})

test_that("a verdict counts only for the choice that it was about", {
  set.seed(4)
  folder <- run_folder()
  ask <- function() {
    quiet_run(comments(6), task, mock_judge(task, "truth", 0.5), n_draws = 3, run = folder,
              confidence = "p_true")
  }
  ask()
  path <- judge_path(folder, "mock")
  writeLines(answer_lines(folder)[-(1:8)], path) # choices lost, verdicts kept
  stale <- as_judgments(read_run(folder))
  answers <- ask()$answers
  expect_equal(answers$label[answers$asked == "p_true"], answers$choice[answers$asked == "choice"])
  expect_false(anyNA(as_judgments(read_run(folder))$confidence))
  expect_lt(nrow(stale), 18)
})
