# Fields and structure as in the exports of the tools; the content is ours.

studio_task <- function(id, item, annotations) {
  list(id = id, data = list(item_id = item, text_1 = "t", judicious_plan = "jl1-7"),
       annotations = annotations, predictions = list(list(result = list(list(
         from_name = "label", type = "choices", value = list(choices = I("no")))))))
}

annotation <- function(who, ..., seconds = 4.2, cancelled = FALSE, at = "2026-11-26T10:00:00.5Z") {
  list(id = 1, completed_by = who, result = list(...), was_cancelled = cancelled,
       lead_time = seconds, created_at = at, updated_at = at)
}

choice <- function(..., name = "label") {
  list(from_name = name, to_name = "text_1", type = "choices", value = list(choices = I(c(...))))
}

test_that("Label Studio's annotations are labels, its predictions are not", {
  skip_if_not_installed("jsonlite")
  note <- list(from_name = "note", type = "textarea", value = list(text = I("hm")))
  tasks <- list(
    studio_task(1, "007", list(annotation(1, choice("yes"), note),
                               annotation(list(id = 2, email = "b@x"), choice("no")))),
    studio_task(2, "b", list(annotation(1, cancelled = TRUE))),
    studio_task(3, "c", list(annotation(1, choice("cannot tell", name = "cannot_tell")))),
    studio_task(4, "d", list(annotation(1, choice("perhaps")))),
    studio_task(5, "e", list())
  )
  expect_warning(labels <- read_labels(json_file(tasks), yes_no()),
                 class = "judicious_warning_no_option")
  expect_identical(labels$item_id, c("007", "007", "b", "c", "d"))
  expect_identical(labels$rater, c("1", "b@x", "1", "1", "1"))
  expect_identical(labels$label, c("yes", "no", NA, NA, NA))
  expect_identical(labels$status,
                   c("labelled", "labelled", "skipped", "cannot_tell", "invalid"))
  expect_identical(labels$note, c("hm", NA, NA, NA, NA))
  expect_identical(unique(labels$plan), "jl1-7")
  expect_identical(unique(labels$seconds), 4.2)
})

test_that("Label Studio's ratings, sets, several questions and JSON-MIN are read", {
  skip_if_not_installed("jsonlite")
  tasks <- list(studio_task(1, "a", list(annotation(
    1, choice("no", "yes", name = "set_polite"),
    list(from_name = "score_good", type = "rating", value = list(rating = 4))
  ))), studio_task(2, "b", list(annotation(1, cancelled = TRUE))))
  labels <- read_labels(json_file(tasks), list(polite = yes_no(), good = label_scale(1, 5)))
  expect_identical(labels$question, c("polite", "good", "polite", "good"))
  expect_identical(labels$set, c("yes|no", NA, NA, NA))
  expect_identical(labels$score, c(NA, 4, NA, NA))
  expect_identical(labels$status, c("labelled", "labelled", "skipped", "skipped"))
  short <- list(
    list(id = 9, text = "t", label = "yes", annotator = 3, annotation_id = 1, lead_time = 2),
    list(id = 10, text = "t", label = list(choices = I(c("yes", "no"))), annotator = 3,
         annotation_id = 2, lead_time = 2),
    list(id = 11, text = "t", annotator = 3, annotation_id = 4, lead_time = 1)
  )
  labels <- read_labels(json_file(short), yes_no())
  expect_identical(labels$item_id, c("9", "10", "11"))
  expect_identical(labels$label, c("yes", NA, NA))
  expect_identical(labels$set, c(NA, "yes|no", NA))
  expect_identical(labels$status, c("labelled", "labelled", "skipped"))
  expect_match(attr(labels, "notes"), "own ids", all = FALSE)
})

test_that("regions of a text are no labels", {
  skip_if_not_installed("jsonlite")
  region <- list(from_name = "label", type = "labels",
                 value = list(start = 0, end = 4, labels = I("PER")))
  expect_warning(labels <- read_labels(json_file(list(
    studio_task(1, "a", list(annotation(1, region)))
  ))), class = "judicious_warning_no_option")
  expect_identical(labels$status, "invalid")
})

test_that("doccano's lines are read", {
  skip_if_not_installed("jsonlite")
  lines <- list(
    list(id = 1, text = "a", label = I("yes"), meta = list(item_id = "x")),
    list(id = 2, text = "b", label = list(), meta = list(item_id = "y")),
    list(id = 3, text = "c", label = I(c("no", "yes")), meta = list(item_id = "z"))
  )
  labels <- read_labels(c(eve = jsonl_file(lines)), yes_no())
  expect_identical(labels$item_id, c("x", "y", "z"))
  expect_identical(labels$label, c("yes", NA, NA))
  expect_identical(labels$set, c(NA, NA, "yes|no"))
  expect_identical(labels$status, c("labelled", "skipped", "labelled"))
  older <- jsonl_file(lapply(lines, function(x) list(id = x$id, text = x$text, labels = x$label)))
  expect_identical(read_labels(older, yes_no())$item_id, c("1", "2", "3"))
  spans <- list(list(id = 1, text = "a", label = list(list(0, 4, "PER"))))
  expect_warning(labels <- read_labels(jsonl_file(spans)), class = "judicious_warning_no_option")
  expect_identical(labels$status, "invalid")
})

test_that("Argilla's records are read in the forms it has had", {
  skip_if_not_installed("jsonlite")
  fields <- list(id = "r1", fields = list(text = "t"), metadata = list(item_id = "x"))
  first <- c(fields, list(responses = list(
    list(user_id = "u1", status = "submitted", values = list(label = list(value = "yes"))),
    list(user_id = "u2", status = "discarded", values = list(label = list(value = "no")))
  )))
  second <- c(fields, list(responses = list(label = list(
    list(value = "yes", user_id = "u1", status = "submitted"),
    list(value = "no", user_id = "u2", status = "draft")
  ))))
  hub <- list(item_id = "x", label = list(
    list(user_id = "u1", value = "yes", status = "submitted"),
    list(user_id = "u2", value = "no", status = "discarded")
  ))
  flat <- list(item_id = "x", label.responses = I(c("yes", "no")),
               label.responses.users = I(c("u1", "u2")),
               label.responses.status = I(c("submitted", "draft")))
  shapes <- list(first, second, hub, flat)
  for (k in seq_along(shapes)) {
    labels <- read_labels(json_file(list(shapes[[k]])), yes_no())
    expect_identical(labels$item_id, c("x", "x"), info = k)
    expect_identical(labels$rater, c("u1", "u2"), info = k)
    expect_identical(labels$label, c("yes", NA), info = k)
    expect_identical(labels$status, c("labelled", "skipped"), info = k)
  }
  first$responses[[1]]$values$label$value <- I(c("no", "yes"))
  first$responses[[2]]$status <- "submitted"
  labels <- read_labels(json_file(list(first)), yes_no())
  expect_identical(labels$set, c("yes|no", NA))
  expect_identical(labels$label, c(NA, "no"))
  first$responses[[1]]$values$label$value <- 4
  expect_identical(read_labels(json_file(list(first)))$score, c(4, NA))
})

test_that("Prodigy's decisions are read", {
  skip_if_not_installed("jsonlite")
  line <- function(item, answer, ...) {
    list(text = "t", meta = list(item_id = item), `_input_hash` = 12, `_task_hash` = 34,
         answer = answer, `_annotator_id` = "set-ann", `_timestamp` = 1764151200, ...)
  }
  lines <- list(line("a", "accept", accept = I("yes")), line("b", "ignore", accept = list()),
                line("c", "accept", accept = I(c("no", "yes"))),
                line("d", "reject", accept = I("no")))
  expect_warning(labels <- read_labels(jsonl_file(lines), yes_no()),
                 class = "judicious_warning_no_option")
  expect_identical(labels$label, c("yes", NA, NA, NA))
  expect_identical(labels$set, c(NA, NA, "yes|no", NA))
  expect_identical(labels$status, c("labelled", "skipped", "labelled", "invalid"))
  expect_identical(unique(labels$rater), "set-ann")
  binary <- list(line("a", "accept", label = "POLITE"), line("b", "reject", label = "POLITE"))
  labels <- read_labels(jsonl_file(binary))
  expect_identical(labels$label, c("accept", "reject"))
  expect_identical(labels$question, c("POLITE", "POLITE"))
})

test_that("an item id that some records lack is an error", {
  skip_if_not_installed("jsonlite")
  lines <- list(list(id = 1, text = "a", label = I("yes"), item_id = "x"),
                list(id = 2, text = "b", label = I("yes")))
  expect_error(read_labels(jsonl_file(lines)), "Record 2", class = "judicious_error_missing_id")
})
