test_that("the page's download gives its rows", {
  skip_if_not_installed("jsonlite")
  answers <- data.frame(item_id = c("a", "b", "c"), label = c("yes", "no", NA),
                        seconds = c(3, 5, 60))
  labels <- read_labels(json_file(page_download(answers)))
  expect_s3_class(labels, "judicious_labels")
  expect_named(labels, labels_columns)
  expect_identical(labels$item_id, c("a", "b", "c"))
  expect_identical(labels$label, c("yes", "no", NA))
  expect_identical(labels$status, c("labelled", "labelled", "skipped"))
  expect_identical(labels$seconds, c(3, 5, 60))
  expect_identical(labels$rater, rep("ann", 3))
  expect_identical(labels$note, rep(NA_character_, 3))
  expect_identical(attr(labels, "questions")$label$options, c("yes", "no"))
})

test_that("the page's sets, scores and several questions are read", {
  skip_if_not_installed("jsonlite")
  questions <- list(
    list(name = "ok", text = "?", answer = "both", options = I(c("a", "b", "c")),
         descriptions = I(character()), positive = I("a"), sets = NULL, scale = NULL),
    list(name = "stars", text = "?", answer = "score", options = I(character()),
         descriptions = I(character()), positive = I(character()), sets = NULL,
         scale = list(from = 0, to = 1, step = 0.1))
  )
  file <- page_download(data.frame(item_id = c("1", "1"), label = c("b", NA),
                                   question = c("ok", "stars"), status = "labelled"),
                        questions = questions)
  file$labels[[1]]$set <- I(c("c", "b"))
  file$labels[[2]]$score <- 0.3
  labels <- read_labels(json_file(file))
  expect_identical(labels$set, c("b|c", NA))
  expect_identical(labels$score, c(NA, 0.3))
  file$labels[[2]]$score <- 0.35
  expect_warning(labels <- read_labels(json_file(file)), class = "judicious_warning_no_option")
  expect_identical(labels$status[2], "invalid")
  expect_identical(labels$answer[2], "0.35")
})

test_that("a damaged download is an error that says where", {
  skip_if_not_installed("jsonlite")
  good <- page_download(data.frame(item_id = c("a", "b"), label = c("yes", "no")))
  broken <- list(
    version = function(x) replace(x, "version", list(2)),
    format = function(x) {
      x$labels[[2]]$label <- 7.5
      x$labels[[2]]$seconds <- "long"
      x
    },
    format = function(x) {
      x$labels[[1]]$status <- "done"
      x
    },
    missing_id = function(x) {
      x$labels[[2]]$item_id <- NULL
      x
    },
    # Cut in the middle, which may leave good JSON in which one item has another's answer.
    format = function(x) replace(x, "count", 3),
    format = function(x) replace(x, "labels", list(x$labels[1])),
    format = function(x) {
      x$labels[[1]]$labed <- "c"
      x
    },
    format = function(x) replace(x, "labels", list("none"))
  )
  for (k in seq_along(broken)) {
    class <- if (names(broken)[k] == "version") "format" else names(broken)[k]
    expect_error(read_labels(json_file(broken[[k]](good))),
                 class = paste0("judicious_error_", class), info = k)
  }
  text <- as.character(jsonlite::toJSON(good, auto_unbox = TRUE))
  cut <- label_file(substr(text, 1, nchar(text) - 20), ".json")
  expect_error(read_labels(cut), "no JSON", class = "judicious_error_file")
})

test_that("the page's CSV is read, with the apostrophes taken away", {
  file <- label_file(c(
    "plan,rater,item_id,question,label,set,score,status,note,seconds,order,at,kind",
    "jl1-1,ann,'=1,label,'-,,,labelled,\"a, b\",4.2,1,2026-11-26T10:00:00.000Z,item",
    "jl1-1,ann,2,label,,,,cannot_tell,,9,2,2026-11-26T10:00:09.000Z,item"
  ))
  labels <- read_labels(file, rating_task(c("+", "-")))
  expect_identical(labels$item_id, c("=1", "2"))
  expect_identical(labels$label, c("-", NA))
  expect_identical(labels$status, c("labelled", "cannot_tell"))
  expect_identical(labels$note, c("a, b", NA))
})

test_that("columns of other tables are named, or the error names them", {
  file <- label_file(c("ID;who;verdict", "1;ann;Yes", "2;ann;no "))
  expect_error(read_labels(file), "ID, who, verdict", class = "judicious_error_column")
  expect_error(read_labels(file, item = "id", label = "verdict"), "no column \"id\"",
               class = "judicious_error_column")
  labels <- read_labels(file, yes_no(), item = "ID", label = "verdict", rater = "who")
  expect_identical(labels$label, c("yes", "no"))
  expect_match(attr(labels, "notes"), "another case", all = FALSE)
  expect_match(attr(labels, "notes"), "blanks", all = FALSE)
  named <- read_labels(file, yes_no(), item = "ID", label = "verdict", rater = "bob")
  expect_identical(named$rater, c("bob", "bob"))
  # labels alone are no reason to take a column called "verdict"
  unchecked <- read_labels(label_file(c("item_id,label", "1,whatever")))
  expect_identical(unchecked$label, "whatever")
  expect_match(format(unchecked), "not known", all = FALSE)
})

test_that("JSONL and JSON arrays with named fields are read", {
  skip_if_not_installed("jsonlite")
  records <- list(list(id = 7, verdict = "yes"), list(id = 8, verdict = NULL),
                  list(id = "008", verdict = "no"))
  for (file in c(jsonl_file(records), json_file(records))) {
    labels <- read_labels(file, yes_no(), item = "id", label = "verdict")
    expect_identical(labels$item_id, c("7", "8", "008"))
    expect_identical(labels$status, c("labelled", "skipped", "labelled"))
  }
  expect_error(read_labels(label_file(c("{\"item_id\": 1, \"label\": \"yes\"}", "{\"item_id\": 2,"),
                                      ".jsonl")), "line 2", class = "judicious_error_file")
  expect_error(read_labels(label_file("[1, 2]", ".json")), "Record 1",
               class = "judicious_error_format")
  expect_error(read_labels(label_file("[]", ".json")), "no record",
               class = "judicious_error_format")
  nested <- jsonl_file(list(list(item_id = "1", label = list(a = 1))))
  expect_error(read_labels(nested), "label", class = "judicious_error_format")
})

test_that("labels that are no option are NA, counted and listed; nothing is guessed", {
  file <- label_file(c("item_id,label", "1,y", "2,02-Jan", "3,YES", "4,yes no", "5,no"))
  expect_warning(labels <- read_labels(file, yes_no()), "3 labels",
                 class = "judicious_warning_no_option")
  expect_identical(labels$label, c(NA, NA, "yes", NA, "no"))
  expect_identical(labels$status, c("invalid", "invalid", "labelled", "invalid", "labelled"))
  expect_identical(tidy(labels, "invalid")$answer, c("y", "02-Jan", "yes no"))
  expect_match(format(labels), "02-Jan.*spreadsheet", all = FALSE)
  # two options that differ by case only: neither is guessed
  file <- label_file(c("item_id,label", "1,a", "2,A", "3,B ", "4,b"))
  labels <- read_labels(file, rating_task(c("a", "A", "b")))
  expect_identical(labels$label, c("a", "A", "b", "b"))
  file <- label_file(c("item_id,label", "1,\"X \"", "2,x"))
  suppressWarnings(labels <- read_labels(file, rating_task(c("X", "x ", "y") |> trimws())))
  expect_identical(labels$label, c("X", "x"))
})

test_that("numbers that are options survive a spreadsheet", {
  file <- label_file(c("item_id;label;score", "a;1,0;2,5", "b;2;3", "c;01;"))
  expect_warning(labels <- read_labels(file, rating_task(c("1", "2", "3"))),
                 class = "judicious_warning_no_option")
  # "1,0" is no number a label could be; "01" is
  expect_identical(labels$label, c(NA, "2", "1"))
  scores <- read_labels(label_file(c("item_id;score", "a;2,5", "b;3")), label_scale(0, 5, 0.5))
  expect_identical(scores$score, c(2.5, 3))
  expect_warning(read_labels(label_file(c("item_id,score", "a,\"2,5\"")), label_scale(0, 5, 0.5)),
                 class = "judicious_warning_no_option")
})

test_that("sets are read with bars, and with commas where only one reading is possible", {
  task <- rating_task(c("a", "b", "c"), sets = list("a", "b", "c", c("a", "b")))
  file <- label_file(c("item_id,set", "1,b|a", "2,\"b, A\"", "3,c", "4,a|c", "5,"))
  expect_warning(labels <- read_labels(file, task), class = "judicious_warning_no_option")
  expect_identical(labels$set, c("a|b", "a|b", "c", NA, NA))
  expect_identical(labels$status, c("labelled", "labelled", "labelled", "invalid", "skipped"))
})

test_that("words for not knowing are a status, unless they are options", {
  file <- label_file(c("item_id,label", "1,Cannot tell", "2,skip", "3,yes"))
  labels <- read_labels(file, yes_no())
  expect_identical(labels$status, c("cannot_tell", "skipped", "labelled"))
  labels <- read_labels(label_file(c("item_id,label", "1,cannot tell")),
                        rating_task(c("yes", "no", "cannot tell")))
  expect_identical(labels$label, "cannot tell")
})

test_that("a status that contradicts its label is not taken for a label", {
  file <- label_file(c("item_id,label,status", "1,yes,skipped", "2,,labelled", "3,no,labelled"))
  expect_warning(labels <- read_labels(file, yes_no()), class = "judicious_warning_no_option")
  expect_identical(labels$label, c(NA, NA, "no"))
  expect_identical(labels$status, c("skipped", "invalid", "labelled"))
  expect_error(read_labels(label_file(c("item_id,label,status", "1,yes,done"))), "done",
               class = "judicious_error_format")
})

test_that("raters are named by path, file or name of the file", {
  folder <- withr::local_tempdir()
  one <- label_file(c("item_id,label", "1,yes"), name = "ann", folder = folder)
  two <- label_file(c("item_id,label,rater", "1,no,bob"), name = "x", folder = folder)
  expect_identical(read_labels(folder)$rater, c("ann", "bob"))
  expect_identical(read_labels(c(eve = one, two))$rater, c("eve", "bob"))
  expect_error(read_labels(c(ann = two)), "bob", class = "judicious_error_rater")
  expect_error(read_labels(withr::local_tempdir()), class = "judicious_error_file")
  expect_error(read_labels(character()), class = "judicious_error_type")
})

test_that("resumed and doubled files count once, by the rule that is told", {
  skip_if_not_installed("jsonlite")
  folder <- withr::local_tempdir()
  first <- data.frame(item_id = c("a", "b"), label = c("yes", "no"))
  second <- data.frame(item_id = c("a", "b", "c"), label = c("no", "no", "yes"),
                       at = sprintf("2026-11-26T12:0%d:00+01:00", 1:3))
  files <- c(json_file(page_download(second), "labels (1)", folder),
             json_file(page_download(first), "labels", folder))
  labels <- read_labels(files)
  # 12:01+01:00 is later than 10:00:01 UTC
  expect_identical(labels$label[match(c("a", "b", "c"), labels$item_id)], c("no", "no", "yes"))
  expect_match(attr(labels, "notes"), "2 answers occur more than once", all = FALSE)
  expect_match(attr(labels, "notes"), "1 answer was changed later", all = FALSE)
  expect_identical(read_labels(rev(files))$label[1], "no")
})

test_that("answers that contradict each other without times are an error", {
  folder <- withr::local_tempdir()
  one <- label_file(c("item_id,label,rater", "1,yes,ann", "2,no,ann"), name = "a", folder = folder)
  two <- label_file(c("item_id,label,rater", "2,yes,ann"), name = "b", folder = folder)
  expect_error(read_labels(c(one, two)), "\"2\"", class = "judicious_error_duplicate")
  same <- label_file(c("item_id,label,rater", "2,no,ann"), name = "c", folder = folder)
  expect_identical(nrow(read_labels(c(one, same))), 2L)
})

test_that("files of other plans or other options are refused", {
  skip_if_not_installed("jsonlite")
  folder <- withr::local_tempdir()
  answers <- data.frame(item_id = "a", label = "yes")
  one <- json_file(page_download(answers), "one", folder)
  other <- json_file(page_download(answers, rater = "bob", plan = "jl1-9"), "other", folder)
  expect_error(read_labels(c(one, other)), "jl1-9", class = "judicious_error_plan")
  expect_error(read_labels(one, rating_task(c("no", "yes"))), class = "judicious_error_task")
  expect_error(read_labels(one, label_scale(1, 5)), class = "judicious_error_task")
  expect_error(read_labels(one, list(a = yes_no(), b = yes_no())), class = "judicious_error_task")
  expect_identical(read_labels(one, list(polite = yes_no()))$question, "label")
})

test_that("repeated and gold items keep their rows", {
  skip_if_not_installed("jsonlite")
  answers <- data.frame(item_id = c("a", "a", "g"), label = c("yes", "no", "yes"),
                        kind = c("item", "repeat", "gold"))
  labels <- read_labels(json_file(page_download(answers)))
  expect_identical(labels$kind, c("item", "repeat", "gold"))
  expect_identical(tidy(labels)$n_labelled, 1L)
  expect_match(format(labels), "1 answer to gold items, 1 answer to repeated", all = FALSE)
})
