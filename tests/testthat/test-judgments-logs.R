test_that("samples, epochs and scorers of Inspect are rows", {
  samples <- list(
    inspect_sample("q1", "C"), inspect_sample("q1", "I", epoch = 2L), inspect_sample(7L, "P"),
    inspect_sample("q3", "N"), inspect_sample("q4", 0.25), inspect_sample("q5", TRUE),
    list(id = "q6", epoch = 1L, error = list(message = "out of time")),
    inspect_sample("q7", "I", explanation = "Grade not found in model output: I would say so"),
    list(id = "q8", epoch = 1L, scores = list(graded = list(value = list(style = 1, fact = "C"))))
  )
  out <- as_judgments(write_log(inspect_log(samples)))
  expect_equal(out$item_id, c("q1", "q1", "7", "q3", "q4", "q5", "q6", "q7", "q8", "q8"))
  expect_equal(out$judge, c(rep("graded", 8), "graded/style", "graded/fact"))
  expect_equal(out$score, c(1, 0, 0.5, 0, 0.25, 1, NA, NA, 1, 1))
  expect_equal(out$draw, c(1L, 2L, rep(1L, 8)))
  expect_equal(out$status, c(rep("ok", 6), "failed", "unreadable", "ok", "ok"))
  expect_equal(unique(out$system), "openai/gpt")
})

test_that("NaN, which Python writes, is a missing score, but only outside of strings", {
  text <- paste0('{"version": 2, "eval": {"model": "m"}, "samples": [{"id": "a: NaN", "epoch": 1, ',
                 '"scores": {"s": {"value": NaN, "explanation": "NaN, \\"NaN\\", -Infinity"}}}]}')
  out <- as_judgments(write_log(text = text))
  expect_equal(out$item_id, "a: NaN")
  expect_equal(out$status, "unreadable")
  expect_equal(out$answer, "NaN, \"NaN\", -Infinity")
})

test_that("results of promptfoo are rows of judges, and equal variables are draws", {
  results <- list(
    promptfoo_result(0L, list(q = "a"), list(rubric(TRUE), rubric(FALSE, type = "contains"))),
    promptfoo_result(1L, list(q = "b"), list(rubric(FALSE, 0.3))),
    promptfoo_result(2L, list(q = "a"), list(rubric(FALSE, 0))),
    promptfoo_result(0L, list(q = "a"), list(rubric(TRUE)),
                     list(id = "anthropic:claude", label = "Claude")),
    promptfoo_result(3L, list(q = "c"),
                     list(rubric(FALSE, 0, "Could not extract JSON from llm-rubric response"))),
    promptfoo_result(4L, list(q = "d"),
                     list(rubric(FALSE, 0, "HTTP 503", metadata = list(graderError = TRUE)))),
    list(testIdx = 5L, provider = "openai:gpt", vars = list(q = "e"), error = "time-out")
  )
  out <- as_judgments(write_log(promptfoo_log(results)))
  expect_equal(out$item_id, c("0", "1", "0", "0", "3", "4", "5"))
  expect_equal(out$judge, rep("llm-rubric", 7))
  expect_equal(out$system, c(rep("openai:gpt", 3), "Claude", rep("openai:gpt", 3)))
  expect_equal(out$label, c("pass", "fail", "fail", "pass", NA, NA, NA))
  expect_equal(out$score, c(1, 0.3, 0, 1, NA, NA, NA))
  expect_equal(out$draw, c(1L, 1L, 2L, 1L, 1L, 1L, 1L))
  expect_equal(out$status, c(rep("ok", 4), "unreadable", "unreadable", "failed"))
})

test_that("two rubrics of one test are two judges, by metric where they have one", {
  parts <- list(rubric(TRUE), rubric(FALSE))
  out <- as_judgments(write_log(promptfoo_log(list(promptfoo_result(0L, list(q = 1), parts)))))
  expect_equal(out$judge, c("llm-rubric", "llm-rubric 1"))
  parts[[2]]$assertion$metric <- "Tone"
  out <- as_judgments(write_log(promptfoo_log(list(promptfoo_result(0L, list(q = 1), parts)))))
  expect_equal(out$judge, c("llm-rubric", "Tone"))
})

test_that("several logs, parsed logs and human labels", {
  first <- inspect_log(list(inspect_sample("q1", "C"), inspect_sample("q2", "I")))
  second <- inspect_log(list(inspect_sample("q1", "I")), model = "other")
  paths <- c(write_log(first), write_log(second))
  out <- as_judgments(paths, human = c(q2 = 1))
  expect_equal(out$system, c("openai/gpt", "openai/gpt", "other"))
  expect_equal(out$human, c(NA, 1, NA))
  expect_equal(as_judgments(list(first, second), human = c(q2 = 1)), out)
  expect_equal(as_judgments(first)$score, c(1, 0))
})

test_that("thirty malformed logs give errors that say what is wrong", {
  malformed <- utils::read.csv(test_path("fixtures", "malformed-logs.csv"))
  expect_length(malformed$file, 30)
  for (i in seq_len(nrow(malformed))) {
    case <- malformed[i, ]
    expect_error(as_judgments(test_path("fixtures", "malformed-logs", case$file)), case$says,
                 class = paste0("judicious_error_", case$class), info = case$file)
  }
})

test_that("values that are no values are NA, in rows of their own", {
  odd <- list(list(value = NULL), list(value = list()), list(), list(value = "maybe"),
              list(value = list(1, 2)), list(value = "C", explanation = 3))
  samples <- lapply(seq_along(odd), function(i) {
    list(id = i, epoch = 1L, scores = list(s = odd[[i]]))
  })
  out <- as_judgments(inspect_log(samples))
  expect_equal(out$item_id, c("1", "2", "3", "4", "5", "5", "6"))
  expect_equal(out$status, c(rep("unreadable", 4), "ok", "ok", "ok"))
  expect_equal(out$score, c(NA, NA, NA, NA, 1, 2, 1))
  expect_equal(c(out$label[4], out$answer[4]), c(NA, "maybe"))
})

test_that("files that are not there, empty folders and broken archives are errors", {
  expect_error(as_judgments(tempfile()), class = "judicious_error_file")
  expect_error(as_judgments(withr::local_tempdir()), class = "judicious_error_file")
  expect_error(as_judgments(NA_character_), class = "judicious_error_file")
  path <- withr::local_tempfile(fileext = ".eval")
  writeLines("PK", path)
  expect_error(as_judgments(path), "cut off", class = "judicious_error_file")
})
