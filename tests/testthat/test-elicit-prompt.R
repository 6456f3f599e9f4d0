task <- toxic_task()

test_that("the default prompts hold the question, the item, the options and how to answer", {
  prompts <- preview_prompt(comments(3), task, format = "both", pairing = "separate", row = 2,
                            question = "Is it toxic?", descriptions = c(toxic = "rude"))
  expect_named(prompts, c("choice", "set"))
  expect_equal(prompts[["choice"]], paste(
    "Is it toxic?", "", "Comment 2", "", "A. toxic: rude", "B. fine", "",
    "Choose exactly one option, even if several seem reasonable.",
    "Answer with its letter only.", sep = "\n"
  ))
  expect_match(prompts[["set"]], "separated by commas")
  expect_output(print(prompts), "-- Response set --")
})

test_that("confidence is asked for where it is wanted", {
  ask <- function(...) preview_prompt(comments(1), task, ...)
  expect_match(ask(confidence = "verbal")[["choice"]], "Confidence: <")
  expect_match(ask(format = "both", confidence = "verbal")[["both"]], "Set: <.*Confidence: <")
  p_true <- ask(confidence = "p_true")
  expect_named(p_true, c("choice", "p_true"))
  expect_match(p_true[["p_true"]], "Proposed answer: toxic")
  expect_no_match(p_true[["choice"]], "Confidence")
})

test_that("templates take columns and leave braces in values and doubled braces alone", {
  items <- data.frame(item_id = "x", q = "2 + 2 {options} = \\1", a = NA)
  filled <- preview_prompt(items, task, template = "{{json}} {q} [{a}] { instructions }")
  expect_match(filled[["choice"]], "{json} 2 + 2 {options} = \\1 [] Choose", fixed = TRUE)
  named <- preview_prompt(items, task, template = c(choice = "{q}"), confidence = "p_true",
                          question = "?") |> try(silent = TRUE)
  expect_s3_class(named, "try-error") # the verifier's default template needs a column text
  both <- preview_prompt(items, task, template = c(choice = "{q}", p_true = "{q} {label}"),
                         confidence = "p_true")
  expect_equal(both[["p_true"]], "2 + 2 {options} = \\1 toxic")
})

test_that("shuffled options keep their names with their codes", {
  set.seed(1)
  shown <- replicate(20, preview_prompt(comments(1), task, order = "shuffled")[["choice"]])
  expect_length(unique(shown), 2)
  script <- list(codes = c("A", "B", "C"), task = list(options = c("x", "y", "z")))
  expect_equal(codes_shown(script, c(3L, 1L, 2L)), c("B", "C", "A"))
})

test_that("templates that cannot be filled are errors", {
  ask <- function(...) preview_prompt(comments(1), task, ...)
  expect_error(ask(template = 1), class = "judicious_error_template")
  expect_error(ask(template = "{nothing}"), "nothing", class = "judicious_error_template")
  expect_error(ask(template = c(set = "{text}")), class = "judicious_error_template")
  expect_error(ask(confidence = "p_true", template = c(p_true = "{text}")), "label",
               class = "judicious_error_template")
  expect_error(preview_prompt(data.frame(item_id = 1, body = "x"), task), "text",
               class = "judicious_error_template")
  expect_error(ask(descriptions = c(odd = "x")), "odd", class = "judicious_error_choice")
  expect_error(ask(question = 3), class = "judicious_error_type")
  expect_error(ask(row = 2), class = "judicious_error_range")
})

test_that("templates that would not ask what is meant are errors", {
  items <- data.frame(item_id = 1:2, text = c("x", NA), question = "Why?")
  ask <- function(template, ...) preview_prompt(items, task, template = template, ...)
  expect_error(ask("Toxic?"), "all prompts", class = "judicious_error_template")
  expect_error(ask("{text} A. toxic B. fine", order = "shuffled"), "options",
               class = "judicious_error_template")
  expect_error(ask("{question} {text}"), "rename", class = "judicious_error_template")
  expect_error(ask("{text}"), "Row 2", class = "judicious_error_missing")
  items$text <- list("x", 1:2)
  expect_error(ask("{text}"), "text", class = "judicious_error_type")
  items$text <- "x"
  items$label <- c("toxic", "fine")
  expect_match(ask("{text} {label}", row = 2)[["choice"]], "x fine")
  expect_match(preview_prompt(items, task, confidence = "p_true", row = 2)[["p_true"]],
               "answer: toxic")
  expect_error(preview_prompt(items, task, descriptions = c("a", "b")), "no names",
               class = "judicious_error_choice")
})
