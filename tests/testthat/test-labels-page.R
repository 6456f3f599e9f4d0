skip_if_not_installed("jsonlite")

pool <- data.frame(item_id = sprintf("%03d", 1:40), prompt = paste("Question", 1:40),
                   text = paste("Answer", 1:40), judge = rep(c("yes", "no"), 20),
                   y_proxy = rep(1:0, 20))

test_that("the page holds the drawn items, the questions and the plan", {
  set.seed(3)
  drawn <- sample_uniform(40, 12)
  path <- withr::local_tempfile(fileext = ".html")
  expect_message(
    returned <- write_label_page(pool, yes_no_task, path, drawn, question = "Right?", show = "text",
                                 descriptions = c(no = "wrong")),
    "12 items", class = "judicious_message_page"
  )
  expect_identical(returned, path)
  content <- page_content(path)
  ids <- vapply(content$items, `[[`, "", "id")
  expect_identical(ids, pool$item_id[drawn$selected == 1])
  expect_identical(content$plan, label_plan_fingerprint(pool$item_id, drawn))
  cells <- vapply(content$items, function(item) item$cells[[1]], "")
  expect_identical(cells, pool$text[drawn$selected == 1])
  expect_identical(content$task$questions[[1]], list(
    name = "label", text = "Right?", answer = "choice", options = list("yes", "no"),
    descriptions = list(NULL, "wrong"), positive = list("yes"), sets = NULL, scale = NULL
  ))
})

test_that("a blind page does not hold what judges said, in any form", {
  path <- withr::local_tempfile(fileext = ".html")
  pool$judge <- "zebra"
  pool$verdict <- "giraffe"
  expect_message(write_label_page(pool, yes_no_task, path, question = "Right?", judges = "judge"),
                 "prompt.*text.*verdict", class = "judicious_message_page_columns")
  text <- paste(readLines(path), collapse = "\n")
  expect_false(grepl("zebra|giraffe", text))
  quiet(write_label_page(pool, yes_no_task, path, question = "Right?", judges = "judge", blind = FALSE))
  expect_identical(page_content(path)$items[[1]]$judged, list("zebra"))
})

test_that("several questions have tasks of their own", {
  path <- withr::local_tempfile(fileext = ".html")
  tone <- rating_task(c("kind", "neutral", "rude"), sets = list("kind", "neutral", "rude",
                                                                c("neutral", "rude")))
  quiet(write_label_page(
    pool, list(right = yes_no_task, tone = tone, use = label_scale(1, 5, high = "perfect")), path,
    question = c(tone = "Which tone?", right = "Right?", use = "How useful?"),
    answer = c(right = "choice", tone = "both"), show = "text",
    descriptions = list(tone = c(rude = "insults"), right = c(yes = "true"))
  ))
  asked <- page_content(path)$task$questions
  expect_identical(vapply(asked, `[[`, "", "name"), c("tone", "right", "use"))
  expect_identical(vapply(asked, `[[`, "", "answer"), c("both", "choice", "score"))
  expect_identical(asked[[1]]$sets[[4]], list("neutral", "rude"))
  expect_identical(asked[[1]]$descriptions, list(NULL, NULL, "insults"))
  expect_equal(asked[[3]]$scale, list(from = 1, to = 5, step = 1, high = "perfect"))
})

test_that("nothing in an item can end the place it stands in", {
  nasty <- c("</script><script>alert(1)</script>", "<!-- <script>", "a\u2028b\u2029c", "]]>",
             "{{title}} {{data}}", "\\u003cscript\\u003e", "\"quotes\" & \\ backslashes \b\f\x01")
  path <- label_page(nasty)
  text <- paste(readLines(path, encoding = "UTF-8"), collapse = "\n")
  expect_length(gregexpr("<script", text, fixed = TRUE)[[1]], 2L)
  expect_length(gregexpr("</script", text, fixed = TRUE)[[1]], 2L)
  expect_false(grepl("[\u2028\u2029]", text))
  cells <- vapply(page_content(path)$items, function(item) item$cells[[1]], "")
  expect_identical(cells, nasty)
})

test_that("the title is text, too", {
  path <- label_page("a", title = "</title><script>alert(1)</script> \"x\"")
  text <- paste(readLines(path), collapse = "\n")
  expect_true(grepl("<title>&lt;/title&gt;&lt;script&gt;", text, fixed = TRUE))
})

test_that("bytes that are no UTF-8 are told and replaced, other encodings are read", {
  broken <- c("fine", "caf\xe9", "surrogate \xed\xa0\x80")
  latin <- "caf\xe9"
  Encoding(latin) <- "latin1"
  items <- data.frame(item_id = 1:4, text = c(broken, latin))
  path <- withr::local_tempfile(fileext = ".html")
  warning <- expect_warning(
    suppressMessages(write_label_page(items, yes_no_task, path, question = "?", show = "text")),
    class = "judicious_warning_encoding"
  )
  expect_identical(warning$where, 2:3)
  cells <- vapply(page_content(path)$items, function(item) item$cells[[1]], "")
  expect_identical(cells[c(1, 2, 4)], c("fine", "caf\ufffd", "caf\u00e9"))
  expect_true(validUTF8(cells[3]))
})

test_that("the policy forbids the network and all scripts but the page's own", {
  policy <- function(path) {
    line <- grep("Content-Security-Policy", readLines(path), value = TRUE)
    sub(".*content=\"(.*)\">.*", "\\1", line)
  }
  plain <- policy(label_page("a"))
  expect_match(plain, "^default-src 'none'; script-src 'nonce-[0-9a-f]{32}';")
  expect_false(grepl("unsafe|http|\\*|file:|connect-src", plain))
  expect_false(plain == policy(label_page("a")))
  items <- data.frame(item_id = 1, text = "a", picture = "pictures/a.png")
  expect_match(policy(label_page(items, images = "picture")), "img-src data: file: 'self';")
})

test_that("the widths in the page are those of plan_annotation()", {
  set.seed(4)
  big <- data.frame(item_id = 1:3000, text = "an answer")
  path <- withr::local_tempfile(fileext = ".html")
  live_of <- function(..., question = "?") {
    quiet(write_label_page(big, path = path, question = question, show = "text", ...))
    page_content(path)$live
  }
  drawn <- sample_uniform(3000, 200)
  live <- live_of(yes_no_task, sample = drawn)
  expect_identical(c(live$by, live$points), c("rate", "TRUE"))
  at <- function(live, rate) {
    row <- if (is.null(live$rates)) 1 else which(unlist(live$rates) == rate)
    unlist(live$half[[row]])[length(live$n)]
  }
  expect_identical(live$n[[length(live$n)]], 200L)
  width <- function(...) as.data.frame(plan_annotation(list(...), n = 200))$width
  expect_equal(2 * at(live, 0.1), width(rate = 0.1), tolerance = 1e-3)
  plan <- plan_annotation(list(rate = 0.3, correlation = 0.7, n_total = 3000), width = 0.1)
  judged <- live_of(yes_no_task, sample = drawn, plan = plan)
  expect_equal(2 * at(judged, 0.2), width(rate = 0.2, correlation = 0.7, n_total = 3000),
               tolerance = 1e-3)
  scores <- live_of(label_scale(0, 10), sample = drawn)
  expect_identical(scores$by, "sd")
  expect_equal(2 * at(scores), width(mean = 0, sd = 1), tolerance = 1e-3)
  expect_identical(live_of(rating_task(c("a", "b")), sample = drawn)$by, "worst")
})

test_that("no line is promised where no number is honest", {
  items <- data.frame(item_id = 1:60, text = "a")
  path <- withr::local_tempfile(fileext = ".html")
  live_of <- function(sample) {
    quiet(write_label_page(items, yes_no_task, path, sample, question = "?", show = "text"))
    page_content(path)$live
  }
  set.seed(5)
  expect_null(live_of(sample_uniform(60, 9)))
  expect_null(live_of(sample_clusters(rep(1:20, 3), 8)))
  expect_null(live_of(sample_active(runif(60), 30)))
  expect_false(is.null(live_of(sample_stratified(rep(1:2, 30), 20, allocation = "proportional"))))
})

test_that("the random numbers of the session are left alone", {
  set.seed(6)
  path <- withr::local_tempfile(fileext = ".html")
  before <- .Random.seed
  quiet(write_label_page(pool, yes_no_task, path, question = "?", show = "text"))
  expect_identical(.Random.seed, before)
})

test_that("gold items come from outside the sample", {
  set.seed(7)
  drawn <- sample_uniform(40, 10)
  path <- withr::local_tempfile(fileext = ".html")
  write <- function(gold, ...) {
    quiet(write_label_page(pool, yes_no_task, path, drawn, question = "?", show = "text", gold = gold,
                           ...))
  }
  spare <- pool$item_id[drawn$selected == 0][1:2]
  write(spare, repeats = 5)
  content <- page_content(path)
  kinds <- vapply(content$items, `[[`, "", "kind")
  expect_identical(table(kinds), table(c(rep("item", 10), rep("gold", 2)), dnn = "kinds"))
  expect_identical(content$repeats, 5L)
  expect_snapshot(error = TRUE, {
    write(pool$item_id[drawn$selected == 1][1])
    write("999")
    write(NULL, repeats = 6)
  })
})

test_that("what cannot be shown or asked is an error under the user's call", {
  write <- function(..., items = pool, task = yes_no_task, path = tempfile(fileext = ".html"),
                    question = "?") {
    quiet(write_label_page(items, task, path, question = question, ...))
  }
  expect_snapshot(error = TRUE, {
    write(show = "answer")
    write(show = "judge")
    write(show = "y_proxy", judges = "y_proxy")
    write(blind = FALSE)
    write(task = "yes")
    write(question = c("a", "b"))
    write(question = c(a = "A?", b = "B?"), task = list(a = yes_no_task, c = yes_no_task))
    write(answer = "choices")
    write(question = c(a = "A?", b = "B?"), answer = c(a = "set", c = "set"))
    write(descriptions = c(maybe = "?"))
    write(descriptions = list(label = "no name"))
    write(path = "page.txt")
    write(path = "no-such-folder/page.html")
    write(rater = c("Ada", "Ada"))
    write(plan = list(rate = 0.1))
    write(plan = plan_annotation(list(mean = 0, sd = 1)))
    write(items = pool["y_proxy"], item_id = "y_proxy")
    write(items = pool[c("item_id", "y_proxy")])
    write(items = data.frame(item_id = 1, text = "a", p = "https://example.org/a.png"),
          images = "p")
    write(items = data.frame(item_id = 1, text = "a", p = "\\\\host\\a.png"), images = "p")
  })
  expect_error(write(items = pool[0, ]), class = "judicious_error_type")
  expect_error(write(sample = sample_uniform(39, 5)), class = "judicious_error_length")
  expect_error(write(items = data.frame(item_id = 1, text = I(list(1))), show = "text"),
               class = "judicious_error_type")
})

test_that("scales say what they are, and must work out", {
  expect_snapshot(label_scale(1, 5, low = "useless", high = "perfect"))
  expect_snapshot(label_scale(0, 1, step = 0.1))
  expect_error(label_scale(5, 1), class = "judicious_error_range")
  expect_error(label_scale(0, 1, step = 0.3), class = "judicious_error_range")
  expect_error(label_scale(0, 1, step = 1e-6), class = "judicious_error_range")
  expect_error(label_scale(0, Inf), class = "judicious_error_finite")
  expect_error(label_scale(0, 1, low = 0), class = "judicious_error_type")
})
