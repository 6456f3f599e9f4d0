items <- data.frame(item_id = c("007", "b", "c"), `a <text>` = c("<b>", "\"q\" & \u00fc", NA),
                    reply = c("x", "y", "z"), check.names = FALSE)

test_that("tasks hold the selected items and the plan", {
  skip_if_not_installed("jsonlite")
  path <- withr::local_tempfile(fileext = ".json")
  set.seed(1)
  drawn <- sample_uniform(3, 2)
  paths <- write_label_studio(items, yes_no(), path, sample = drawn, show = c("a <text>", "reply"))
  expect_named(paths, c("tasks", "config"))
  tasks <- jsonlite::fromJSON(path, simplifyVector = FALSE)
  chosen <- which(drawn$selected == 1)
  expect_identical(vapply(tasks, function(x) x$data$item_id, ""), items$item_id[chosen])
  expect_identical(vapply(tasks, function(x) x$data$text_2, ""), items$reply[chosen])
  expect_identical(tasks[[1]]$data$judicious_plan, label_plan_fingerprint(items$item_id, drawn))
  expect_error(write_label_studio(items, yes_no(), path, show = "reply"), "overwrite",
               class = "judicious_error_file")
})

test_that("the configuration is XML that asks the questions", {
  skip_if_not_installed("jsonlite")
  skip_if_not_installed("xml2")
  path <- withr::local_tempfile(fileext = ".json")
  tasks <- list(polite = rating_task(c("a & b", "<no>")), good = label_scale(1, 5))
  paths <- write_label_studio(items, tasks, path, show = c("a <text>", "reply"), answer = "both",
                              question = c(polite = "Is it \"polite\"?", good = "$How good?"))
  config <- xml2::read_xml(paths[["config"]])
  choices <- xml2::xml_find_all(config, "//Choices")
  expect_identical(xml2::xml_attr(choices, "name"), c("label_polite", "set_polite", "cannot_tell"))
  expect_identical(xml2::xml_attr(choices, "choice"), c("single-radio", "multiple", NA))
  expect_identical(xml2::xml_attr(xml2::xml_find_all(choices[[1]], "Choice"), "value"),
                   c("a & b", "<no>"))
  expect_identical(xml2::xml_attr(xml2::xml_find_all(config, "//Text"), "value"),
                   c("$text_1", "$text_2"))
  expect_identical(xml2::xml_attr(xml2::xml_find_all(config, "//Header"), "value"),
                   c("a <text>", "reply", "Is it \"polite\"?", " $How good?"))
  expect_identical(xml2::xml_attr(xml2::xml_find_first(config, "//Number"), "max"), "5")
})

test_that("what Label Studio exports of these tasks comes back", {
  skip_if_not_installed("jsonlite")
  path <- withr::local_tempfile(fileext = ".json")
  task <- list(polite = yes_no(), good = label_scale(1, 5))
  write_label_studio(items, task, path, show = "reply")
  tasks <- jsonlite::fromJSON(path, simplifyVector = FALSE)
  exported <- Map(function(task, label, score) {
    c(task, list(id = 1, annotations = list(list(
      completed_by = 5, lead_time = 3, was_cancelled = FALSE, result = list(
        list(from_name = "label_polite", type = "choices", value = list(choices = I(label))),
        list(from_name = "score_good", type = "number", value = list(number = score))
      )
    ))))
  }, tasks, c("yes", "no", "yes"), 3:5)
  labels <- read_labels(json_file(exported), task)
  polite <- labels[labels$question == "polite", ]
  expect_identical(polite$item_id, items$item_id)
  expect_identical(polite$label, c("yes", "no", "yes"))
  expect_identical(labels$score[labels$question == "good"], c(3, 4, 5))
  joined <- join_labels(items, labels, item = item_id, question = "good")
  expect_identical(joined$human, c(3, 4, 5))
})
