# Against a real HTTP server on loopback, through ellmer.

expect_every_answer_in_its_row <- function(run) {
  a <- run$answers
  ok <- a$status == "ok"
  expect_equal(a$answer[ok], paste0(served_letter(a$item_id[ok], a$judge[ok]), "\n\nitem ",
                                    a$item_id[ok], " of ", a$judge[ok]))
  expect_equal(a$choice[ok], c(A = "toxic", B = "fine")[served_letter(a$item_id[ok], a$judge[ok])],
               ignore_attr = TRUE)
  expect_false(anyDuplicated(a[c("item_id", "judge", "draw", "asked")]) > 0)
}

test_that("every protocol is read, with log-probabilities where the provider has them", {
  server <- local_judge_server()
  for (kind in c("completions", "responses", "messages", "gemini")) {
    chat <- server_chat(server, kind, log_probs = kind != "messages")
    run <- quiet_run(comments(3), toxic_task(), chat, n_draws = 2)
    expect_equal(run$answers$status, rep("ok", 6), info = kind)
    expect_equal(names(run$settings$judges), kind)
    expect_every_answer_in_its_row(run)
    confidence <- if (kind == "messages") NA_real_ else 0.8
    expect_equal(as_judgments(run)$confidence, rep(confidence, 6), tolerance = 1e-6, info = kind)
  }
})

test_that("faults of all kinds are tried again, and what fails for good is recorded", {
  server <- local_judge_server()
  items <- comments(8)
  items$text <- paste(items$text, c("[429]", "[500]", "[503]", "[malformed]", "[truncated]",
                                    "[always 500]", "[always 400]", ""))
  run <- quiet_run(items, toxic_task(), server_chat(server, "completions"), n_draws = 1,
                   max_active = 2)
  expect_equal(run$answers$item_id, 1:8)
  expect_equal(run$answers$status, c(rep("ok", 5), "failed", "failed", "ok"))
  expect_equal(run$answers$n_tries, c(2, 2, 2, 2, 2, 3, 1, 1))
  expect_match(run$answers$error[6], "500")
  expect_match(run$answers$error[7], "400")
  expect_every_answer_in_its_row(run)
  expect_equal(as_judgments(run)$status[6:7], c("failed", "failed"))
})

test_that("time-outs are tried again", {
  server <- local_judge_server()
  withr::local_options(ellmer_timeout_s = 2)
  items <- comments(2)
  items$text <- paste(items$text, c("[timeout]", ""))
  run <- quiet_run(items, toxic_task(), server_chat(server, "responses"), n_draws = 1,
                   max_active = 1, max_tries = 4)
  expect_equal(run$answers$status, c("ok", "ok"))
  expect_gt(run$answers$n_tries[1], 1)
  expect_every_answer_in_its_row(run)
})

test_that("an answer without text is unreadable, not an error and not a wrong row", {
  server <- local_judge_server()
  items <- comments(3)
  items$text[2] <- paste(items$text[2], "[always empty]")
  run <- quiet_run(items, toxic_task(), server_chat(server, "gemini"), n_draws = 1)
  expect_false(run$answers$status[2] == "ok")
  expect_equal(run$answers$status[c(1, 3)], c("ok", "ok"))
  expect_every_answer_in_its_row(run)
})

test_that("two judges are asked at the same time", {
  server <- local_judge_server()
  chats <- list(completions = server_chat(server, "completions"),
                gemini = server_chat(server, "gemini"))
  run <- quiet_run(comments(6), toxic_task(), chats, n_draws = 2, max_active = 3)
  expect_equal(as.vector(table(run$answers$judge)), c(12, 12))
  expect_every_answer_in_its_row(run)
  wide <- widen_judgments(as_judgments(run))
  expect_equal(wide$completions, as.numeric(served_letter(1:6, "completions") == "A"))
  expect_equal(wide$gemini, as.numeric(served_letter(1:6, "gemini") == "A"))
})

test_that("a refused key stops the judge, not the others, and is nowhere to be read", {
  server <- local_judge_server()
  items <- comments(5)
  items$text <- paste(items$text, "[always 401]")
  chats <- list(bad = server_chat(server, "completions"), good = mock_judge(toxic_task(), "truth"))
  folder <- run_folder()
  messages <- character()
  run <- withCallingHandlers(
    suppressMessages(elicit_ratings(items, toxic_task(), chats, n_draws = 2, run = folder,
                                    max_active = 2)),
    warning = function(cnd) {
      messages <<- c(messages, class(cnd)[1], conditionMessage(cnd))
      invokeRestart("muffleWarning")
    }
  )
  expect_true("judicious_warning_stopped" %in% messages)
  expect_equal(sum(run$answers$judge == "good"), 10)
  expect_equal(sum(run$answers$judge == "bad"), 0)
  written <- unlist(lapply(dir(folder, full.names = TRUE), readLines, warn = FALSE))
  shown <- c(written, messages, format(run), capture.output(print(run)))
  expect_false(any(grepl(server_key, shown, fixed = TRUE)))
  expect_true(any(grepl("<redacted>", messages, fixed = TRUE)))
})

test_that("keys in errors of single calls are not written", {
  server <- local_judge_server()
  withr::local_envvar(MY_API_KEY = "plain-secret-value")
  items <- comments(1)
  items$text <- paste(items$text, "[always 400]")
  folder <- run_folder()
  chat <- ellmer::chat_openai_compatible(server$url("/v1"), model = "m",
                                         credentials = function() Sys.getenv("MY_API_KEY"))
  run <- quiet_run(items, toxic_task(), chat, n_draws = 1, run = folder)
  expect_match(run$answers$error, "Refused")
  written <- unlist(lapply(dir(folder, full.names = TRUE), readLines, warn = FALSE))
  expect_false(any(grepl("plain-secret-value", written, fixed = TRUE)))
})

test_that("an interrupted run goes on where it stopped and pays for nothing twice", {
  server <- local_judge_server()
  skip_if_not_installed("callr")
  skip_on_os("windows")
  folder <- run_folder()
  items <- comments(30)
  ask <- function(folder, items, url, libraries) {
    .libPaths(libraries)
    library(judicious)
    chat <- ellmer::chat_openai_compatible(url, credentials = function() "sk-none-none-none",
                                           model = "completions")
    elicit_ratings(items, rating_task(c("toxic", "fine"), "toxic"), list(completions = chat),
                   n_draws = 1, run = folder, max_active = 1)
  }
  process <- callr::r_bg(ask, list(folder, items, server$url("/v1"), .libPaths()))
  withr::defer(process$kill())
  path <- judge_path(folder, "completions")
  for (i in 1:600) {
    if (file.exists(path) && length(readLines(path, warn = FALSE)) >= 3) break
    Sys.sleep(0.1)
  }
  process$interrupt()
  process$wait(30000)
  expect_false(process$is_alive())
  early <- read_run(folder)
  expect_gte(nrow(early$answers), 3)
  expect_lt(nrow(early$answers), 30)
  run <- quiet_run(items, toxic_task(),
                   list(completions = server_chat(server, "completions")), n_draws = 1,
                   run = folder)
  expect_equal(run$answers$item_id, 1:30)
  expect_equal(run$answers$status, rep("ok", 30))
  expect_every_answer_in_its_row(run)
  asked <- jsonlite::fromJSON(server$url("/log"))
  expect_equal(as.vector(unlist(asked)), rep(1, 30))
})

test_that("answers of chats and of a run are the same judgements", {
  server <- local_judge_server()
  chat <- server_chat(server, "completions", log_probs = TRUE)
  items <- comments(4)
  task <- toxic_task()
  prompts <- lapply(1:4, function(row) as.character(preview_prompt(items, task, row = row)))
  chats <- quiet(ellmer::parallel_chat(chat, prompts, on_error = "continue"))
  from_chats <- as_judgments(chats, item = 1:4, task = task)
  from_run <- as_judgments(quiet_run(items, task, chat, n_draws = 1))
  same <- c("item_id", "judge", "label", "score", "confidence", "draw", "status", "answer")
  expect_equal(as.data.frame(from_chats)[same], as.data.frame(from_run)[same])
})

# A queue of its own for three items.
own_queue <- function(judge, rpm = 500, path = tempfile()) {
  items <- comments(3)
  script <- prompt_script(items, toxic_task(), "choice", NULL, NULL, NULL, "none", "one", "fixed",
                          NULL)
  calls <- plan_calls("choice", items, 2L, list(), script, list())
  queue <- new_queue("x", judge, calls, path, list(max_active = 10, rpm = rpm, max_tries = 3))
  list(queue = queue, run = function() run_queues(list(queue), script, items, new_tally(6)))
}

test_that("no more calls start within a minute than are allowed, for chats only", {
  queue <- own_queue(fake_chat("A"), rpm = 2)$queue
  queue$clock <- function() 1000
  expect_true(can_start(queue))
  queue$started <- c(950, 990)
  expect_false(can_start(queue))
  queue$clock <- function() 1010.1 # the first is a minute old
  expect_true(can_start(queue))
  queue$not_before <- 1020
  expect_false(can_start(queue))
  rehearsal <- own_queue(mock_judge(toxic_task(), "truth"), rpm = 2)$queue
  rehearsal$started <- rep(as.double(Sys.time()), 3)
  expect_true(can_start(rehearsal))
})

test_that("calls to a server keep to the rate", {
  server <- local_judge_server()
  own <- own_queue(server_chat(server, "completions"), rpm = 2)
  time <- 0 # a minute is over in an instant
  own$queue$clock <- function() time <<- time + 1
  own$run()
  expect_length(readLines(own$queue$path), 6)
  expect_gt(time, 120)
})

test_that("an answer that cannot be written stops the run with an error", {
  server <- local_judge_server()
  nowhere <- file.path(tempfile(), "x.jsonl")
  for (judge in list(mock_judge(toxic_task(), "truth"), server_chat(server, "completions"))) {
    expect_error(suppressWarnings(own_queue(judge, path = nowhere)$run()), "cannot open")
  }
})

test_that("the progress line tells what was lost and what it costs", {
  tally <- new_tally(4)
  tally$add("ok", 0.111)
  expect_equal(tally$note, " | $0.11")
  tally$add("refused", NA)
  tally$add("failed", NA)
  tally$add("ok", 0.4)
  expect_equal(tally$note, " | 1 unreadable, 1 failed, $0.51")
  expect_equal(tally$n, 4)
  cli::cli_progress_done(id = tally$bar)
})
