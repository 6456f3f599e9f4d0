# What was once misread in silence, or could be: columns taken by their names, judges that were
# not asked, graders that failed, dimensions of a run that were dropped, people's other words.

# --- columns ----------------------------------------------------------------------

test_that("a column that was not named is not taken, whatever it is called", {
  joined <- data.frame(item_id = 1:3, verdict = c("yes", "no", "yes"), score = c(5, 4, 3),
                       confidence = c(80, 90, 70), system = "crm", human = c(1, NA, 0),
                       draw = 7:9, status = "shipped")
  task <- rating_task(c("yes", "no"), positive = "yes")
  expect_message(out <- as_judgments(joined, label = verdict, task = task), "score",
                 class = "judicious_message_columns")
  expect_equal(out$score, c(1, 0, 1))
  expect_equal(out$judge, rep("verdict", 3))
  expect_true(all(is.na(out$confidence)) && all(is.na(out$human)) && all(is.na(out$system)))
  expect_equal(out$draw, c(1L, 1L, 1L))
  expect_equal(out$status, rep("ok", 3))
  expect_equal(out$x_score, joined$score)
  expect_equal(out$x_status, joined$status)
  scored <- quiet(as_judgments(joined, label = verdict, human = human, task = task))
  expect_equal(scored$human, joined$human)
})

test_that("ids by item_id are told, and rows without ids are not", {
  expect_message(as_judgments(data.frame(item_id = 1:2, l = 1:2), label = l), "item_id",
                 class = "judicious_message_item")
  expect_no_message(as_judgments(data.frame(id = 1:2, l = 1:2), label = l, item = id))
  expect_no_message(as_judgments(data.frame(l = 1:2), label = l))
})

test_that("answers that a column tells apart which was not named are no repeated answers unsaid", {
  long <- data.frame(id = c(1, 1, 2, 2), judge = c("a", "b"), v = c(1, 0, 1, 1))
  expect_warning(quiet_messages(as_judgments(long, item = id, label = v)), "judge = judge",
                 class = "judicious_warning_columns")
  expect_no_warning(as_judgments(long, item = id, label = v, judge = judge))
  names(long)[2] <- "system"
  expect_warning(quiet_messages(as_judgments(long, item = id, score = v)),
                 class = "judicious_warning_columns")
})

test_that("nothing named is an error that shows how to name", {
  long <- data.frame(item_id = 1, judge = "x", label = "a")
  expect_error(as_judgments(long), "label = label", class = "judicious_error_column")
  expect_error(as_judgments(data.frame(case = 1, score = 2)), "score = score",
               class = "judicious_error_column")
  expect_snapshot(as_judgments(long), error = TRUE)
})

test_that("a column has one role", {
  data <- data.frame(id = 1:2, l = c("a", "b"), n = 1:2)
  expect_error(as_judgments(data, item = id, label = l, human = l), "human",
               class = "judicious_error_column")
  expect_error(as_judgments(data, label = n, score = n), "label` alone",
               class = "judicious_error_column")
  expect_error(as_judgments(data, label = c(l, n), item = n), class = "judicious_error_column")
  expect_snapshot(as_judgments(data, item = id, label = l, judge = l), error = TRUE)
})

test_that("lazy tables are refused with the way out", {
  lazy <- structure(list(src = NULL), class = c("tbl_SQLiteConnection", "tbl_dbi", "tbl_sql",
                                                "tbl_lazy", "tbl"))
  expect_error(as_judgments(lazy), "collect", class = "judicious_error_lazy")
  expect_error(as_judgments(lazy, label = verdict), class = "judicious_error_lazy")
  dataset <- structure(new.env(), class = c("FileSystemDataset", "Dataset", "ArrowObject", "R6"))
  expect_error(as_judgments(dataset), "estimate_mean", class = "judicious_error_lazy")
})

# --- not asked, no answer, no grade -------------------------------------------------

test_that("a judge that was not asked has no row, one that did not answer has", {
  parts <- function(...) list(...)
  results <- list(
    promptfoo_result(0L, list(q = "a"), parts(rubric(TRUE, type = "llm-rubric", metric = "Tone"))),
    promptfoo_result(1L, list(q = "b"), parts(rubric(FALSE))),
    list(testIdx = 2L, provider = "openai:gpt", vars = list(q = "c"), error = "time-out",
         testCase = list(assert = list(list(type = "llm-rubric", metric = "Tone"),
                                       list(type = "contains"))))
  )
  results[[1]]$gradingResult$componentResults[[1]]$assertion$metric <- "Tone"
  out <- as_judgments(promptfoo_log(results))
  expect_equal(out$judge, c("Tone", "llm-rubric", "Tone"))
  expect_equal(out$item_id, c("0", "1", "2"))
  expect_equal(out$status, c("ok", "ok", "failed"))
  wide <- suppressWarnings(widen_judgments(out, missing = "mean"))
  expect_equal(attr(wide, "filled"), list(Tone = c(FALSE, TRUE, TRUE),
                                          "llm-rubric" = c(TRUE, FALSE, TRUE)))
  expect_warning(widen_judgments(out, missing = "mean"), "Tone: 2 of 3 \\(1 not asked\\)")
  expect_warning(widen_judgments(out, missing = "mean"), "llm-rubric: 2 of 3 \\(not asked\\)")
})

test_that("a result without assertions is no pass, however it says so", {
  none <- list(testIdx = 1L, provider = "p", vars = list(q = "b"),
               gradingResult = list(pass = TRUE, score = 1, reason = "No assertions"))
  one <- promptfoo_result(0L, list(q = "a"), list(rubric(FALSE)))
  expect_message(out <- as_judgments(promptfoo_log(list(one, none))), "no row",
                 class = "judicious_message_not_asked")
  expect_equal(nrow(out), 1)
  none$gradingResult$componentResults <- list()
  expect_equal(nrow(quiet(as_judgments(promptfoo_log(list(one, none))))), 1)
  none$gradingResult <- list(pass = TRUE, score = 1)
  expect_equal(nrow(quiet(as_judgments(promptfoo_log(list(one, none))))), 1)
  expect_error(as_judgments(promptfoo_log(list(none))), "assertions",
               class = "judicious_error_format")
  # Tests of words are no judges where others are.
  words <- promptfoo_result(2L, list(q = "c"), list(rubric(TRUE, type = "contains")))
  expect_equal(nrow(quiet(as_judgments(promptfoo_log(list(one, words))))), 1)
})

test_that("graders that failed are unreadable, in all of promptfoo's words; judges are not", {
  failed <- c(
    "No output", "No output.", "Could not extract JSON from llm-rubric response",
    "llm-rubric produced malformed response: SyntaxError: x\n\nI think so",
    "trajectory:goal-success produced malformed response. We were not able to parse",
    "Could not perform remote grading: Error: 500", "API error: 429 Too Many Requests",
    "API call error: Request timed out after 300000 ms", "API response error: no choices",
    "Rate limit exceeded: try again", "Request timed out after 60000 ms", "HTTP 503",
    "Model grader produced a malformed response:\nMaybe", "Invalid category value: F",
    "Factuality checker output did not match expected format: hm",
    "Search rubric evaluation failed: No output", "Invalid select-best verdict: NaN",
    "LLM-proposed evaluation result is not in JSON format: x",
    "LLM does not propose any evaluation step", "G-Eval evaluation call to x returned no output",
    "G-Eval steps response contains invalid steps: []", "No embedding",
    "Grader returned no [Attributed]/[Not Attributed] classifications",
    "Grader output does not quote the provided context",
    "Could not extract context-faithfulness statements", "Remote grading failed: quota",
    "Some grading calls failed during iterative testing.", "Error parsing output: x",
    "Unknown error fetching similarity", "Assertion grading failed: socket hang up"
  )
  fine <- c(
    "No output of the tool is cited", "The API error is explained", "Error handling is missing",
    "Grading criteria failed to convince: too short", "Request failed to mention the price",
    "Could not be clearer", "The response timed out the user's patience", "Provider named well",
    "Invalid: the date is wrong", "No", "Similarity 0.41 is less than threshold 0.8"
  )
  read <- function(reasons) {
    results <- Map(function(reason, i) {
      promptfoo_result(i, list(q = i), list(rubric(FALSE, 0, reason)))
    }, reasons, seq_along(reasons))
    as_judgments(promptfoo_log(unname(results)))
  }
  expect_equal(read(failed)$status, rep("unreadable", length(failed)), info = "failed")
  expect_equal(failed[read(failed)$status == "ok"], character())
  expect_equal(fine[read(fine)$status != "ok"], character())
  marked <- list(list(graderError = TRUE), list(gradingError = "x"))
  results <- Map(function(metadata, i) {
    promptfoo_result(i, list(q = i), list(rubric(TRUE, 1, "ok", metadata = metadata)))
  }, marked, 1:2)
  expect_equal(as_judgments(promptfoo_log(results))$status, rep("unreadable", 2))
})

test_that("values of Inspect that are no grades are unreadable, those that are count", {
  values <- list("C", "I", "P", "N", "yes", "NO", "0.75", TRUE, 3, "B", "", "correct?", "Grade: C")
  log <- inspect_log(Map(inspect_sample, paste0("q", seq_along(values)), values))
  out <- as_judgments(log)
  expect_equal(out$score, c(1, 0, 0.5, 0, 1, 0, 0.75, 1, 3, NA, NA, NA, NA))
  expect_equal(sum(out$status == "unreadable"), 4)
  expect_true(all(is.na(out$label[10:13])))
})

# --- dimensions of a run ------------------------------------------------------------

test_that("several prompts of a provider are several systems", {
  result <- function(prompt, label, pass) {
    c(promptfoo_result(0L, list(q = "a"), list(rubric(pass))),
      list(promptIdx = prompt, prompt = list(label = label, raw = "x")))
  }
  out <- as_judgments(promptfoo_log(list(result(0L, "short", TRUE), result(1L, "long", FALSE))))
  expect_equal(out$system, c("openai:gpt / short", "openai:gpt / long"))
  expect_equal(out$draw, c(1L, 1L))
  text <- strrep("You are a helpful assistant. ", 4)
  other <- result(1L, paste(text, "!"), FALSE)
  out <- as_judgments(promptfoo_log(list(result(0L, text, TRUE), other)))
  expect_equal(out$system, c("openai:gpt / prompt 1", "openai:gpt / prompt 2"))
  expect_equal(as_judgments(promptfoo_log(list(result(0L, "short", TRUE))))$system, "openai:gpt")
})

test_that("solvers, tasks and their arguments of one model are several systems", {
  log <- function(...) {
    out <- inspect_log(list(inspect_sample("q1", "C")))
    out$eval <- utils::modifyList(out$eval, list(...))
    out
  }
  solvers <- as_judgments(list(log(solver = "plain"), log(solver = "react")))
  expect_equal(solvers$system, c("openai/gpt / plain", "openai/gpt / react"))
  tasks <- as_judgments(list(log(task = "a"), log(task = "b"), log(task = "b", model = "m2")))
  expect_equal(tasks$system, c("openai/gpt / a", "openai/gpt / b", "m2 / b"))
  args <- as_judgments(list(log(task_args = list(shots = 0)), log(task_args = list(shots = 5))))
  expect_equal(args$system, c("openai/gpt / shots=0", "openai/gpt / shots=5"))
  expect_error(as_judgments(list(log(), log())), "name the paths",
               class = "judicious_error_duplicate")
  expect_equal(as_judgments(list(first = log(), second = log()))$system, c("first", "second"))
})

test_that("nested assertions and those of services are judges, thumbs are people's", {
  set <- list(pass = TRUE, score = 1, reason = "All assertions passed", componentResults = list(
    rubric(TRUE, type = "g-eval"), rubric(FALSE, type = "is-json"),
    list(pass = FALSE, score = 0, reason = "deep",
         componentResults = list(rubric(FALSE, type = "not-llm-rubric")))
  ))
  parts <- list(set, rubric(TRUE, type = "promptfoo:redteam:harmful:hate"),
                rubric(TRUE, type = "similar:cosine"), rubric(TRUE, type = "human"),
                list(pass = TRUE, score = 1, reason = "x",
                     assertion = list(type = "house-style", provider = "openai:gpt-4o")))
  out <- as_judgments(promptfoo_log(list(promptfoo_result(0L, list(q = 1), parts))))
  expect_equal(out$judge, c("g-eval", "not-llm-rubric", "promptfoo:redteam:harmful:hate",
                            "similar:cosine", "house-style"))
  expect_equal(unique(out$human), "pass")
  expect_equal(widen_judgments(out)$human, 1)
  expect_message(mine <- as_judgments(promptfoo_log(list(promptfoo_result(0L, list(q = 1), parts))),
                                      human = c("0" = "FAIL")), "takes the place")
  expect_equal(unique(mine$human), "fail")
})

# --- labels of people ---------------------------------------------------------------

test_that("labels of people are read in the judges' words, or refused", {
  log <- promptfoo_log(Map(function(i) promptfoo_result(i, list(q = i), list(rubric(TRUE))), 0:2))
  human <- function(values) as_judgments(log, human = stats::setNames(values, 0:2))
  wide <- function(values) widen_judgments(quiet(human(values)))$human
  expect_equal(wide(c("pass", "FAIL", NA)), c(1, 0, NA))
  expect_equal(wide(c("Pass ", "fail", "fail")), c(1, 0, 0))
  expect_equal(as.numeric(wide(c(TRUE, FALSE, NA))), c(1, 0, NA))
  expect_equal(as.numeric(wide(c("TRUE", "FALSE", NA))), c(1, 0, NA))
  expect_equal(wide(c(1, 0, NA)), c(1, 0, NA))
  frame <- data.frame(item_id = 0:2, human = factor(c("fail", "pass", "pass")))
  expect_equal(widen_judgments(as_judgments(log, human = frame))$human, c(0, 1, 1))
  expect_message(human(c(TRUE, FALSE, NA)), "count as", class = "judicious_message_human")
  expect_error(human(c("pass", "unsure", "fail")), "unsure", class = "judicious_error_human")
  expect_error(human(c("1", "", "0")), class = "judicious_error_human")
  expect_error(human(c(5, 3, 1)), "\\[0, 1\\]", class = "judicious_error_human")
})

test_that("yes, no and unsure against a FAIL/PASS task are refused with the way out", {
  data <- data.frame(id = 1:3, judge = c("FAIL", "PASS", "FAIL"), person = c("yes", "no", "unsure"))
  task <- rating_task(c("FAIL", "PASS"), positive = "FAIL")
  read <- function() as_judgments(data, item = id, label = judge, human = person, task = task)
  expect_error(read(), "FAIL", class = "judicious_error_human")
  data$person <- c("fail", "Pass", NA)
  expect_equal(widen_judgments(read())$human, c(1, 0, NA))
  data$person <- c(TRUE, FALSE, NA)
  expect_message(read(), "FAIL", class = "judicious_message_human")
  scores <- rating_task(as.character(1:5), positive = c("4", "5"))
  out <- as_judgments(data.frame(j = c("5", "2"), h = c(4, 1)), label = j, human = h, task = scores)
  expect_equal(widen_judgments(out)$human, c(1, 0))
  grades <- inspect_log(list(inspect_sample("q1", "C"), inspect_sample("q2", "I")))
  people <- c(q1 = "i", q2 = "yes")
  expect_equal(widen_judgments(as_judgments(grades, human = people))$human, c(0, 1))
  expect_error(as_judgments(grades, human = c(q1 = "good", q2 = "bad")), "good",
               class = "judicious_error_human")
})

test_that("labels of people that match no item are counted, or refused if none does", {
  data <- data.frame(id = c("a", "b"), v = 0:1)
  read <- function(human) as_judgments(data, item = id, label = v, human = human)
  expect_warning(out <- read(c(a = 1, z = 0)), "1 of 2", class = "judicious_warning_human")
  expect_equal(out$human, c(1, NA))
  expect_error(read(c(y = 1, z = 0)), class = "judicious_error_human")
  expect_error(read(data.frame(item_id = 1:2, human = 0:1)), class = "judicious_error_human")
  expect_error(read(c(a = 1, a = 0)), class = "judicious_error_duplicate")
  expect_error(read(c(1, 0)), class = "judicious_error_type")
  expect_true(all(is.na(read(NULL)$human)))
})

test_that("a judge for every answer, or one item for all, is asked about", {
  long <- data.frame(id = rep(1:6, 2), model = rep(c("m", "n"), each = 6), text = "why",
                     label = c("yes", "no"))
  asks <- function(...) {
    expect_warning(as_judgments(long, ..., label = label), class = "judicious_warning_roles")
  }
  long$row <- seq_len(12)
  asks(item = id, judge = row)
  asks(item = text, judge = model)
  expect_silent(as_judgments(long, item = id, judge = model, label = label))
})

test_that("labels of judges that differ only in case are told where no task folds them", {
  long <- data.frame(id = 1:4, said = c("yes", "no", "YES", "no"))
  expect_warning(as_judgments(long, item = id, judge = "g", label = said),
                 class = "judicious_warning_alike")
  expect_silent(as_judgments(long, item = id, judge = "g", label = said,
                             task = rating_task(c("yes", "no"), positive = "yes")))
})
