report_rows <- function() {
  set.seed(4)
  rows <- simulate_binary(500, true_mean = 0.2, proxy_mean = 0.1, correlation = 0.6)
  rows$human <- reveal_labels(rows$y_true, sample_uniform(500, 120))
  rows$topic <- rep(c("billing", "delivery"), 250)
  rows
}

skip_without_pandoc <- function() {
  skip_if_not(rmarkdown::pandoc_available("1.14"), "pandoc is not installed")
}

# What a reader reads: tags are gone, and entities are characters.
read_page <- function(path) {
  text <- page_text(path)
  text <- sub(".*<body>", "", gsub("<[^>]*>", " ", text))
  for (entity in list(c("&lt;", "<"), c("&gt;", ">"), c("&quot;", "\""), c("&#39;", "'"),
                      c("&amp;", "&"))) {
    text <- gsub(entity[1], entity[2], text, fixed = TRUE)
  }
  gsub("[[:space:]\u00a0]+", " ", text)
}

# Without the contents of figures, fonts and scripts, which are long.
page_text <- function(path) {
  lines <- readLines(path, warn = FALSE, encoding = "UTF-8")
  gsub("\\s+", " ", paste(lines[nchar(lines) < 5000], collapse = " "))
}

n_figures <- function(path) {
  lines <- readLines(path, warn = FALSE)
  count <- function(class) {
    sum(lengths(regmatches(lines, gregexpr(paste0("class=\"", class, "\""), lines, fixed = TRUE))))
  }
  expect_equal(count("wide"), count("narrow"))
  count("wide")
}

test_that("the page holds the question, every sentence, every section and all figures", {
  skip_without_pandoc()
  folder <- withr::local_tempdir()
  file <- file.path(folder, "page.html")
  set.seed(9)
  evaluation <- evaluate_judge(
    report_rows(), human ~ y_proxy, subgroups = topic, target = 0.15, metric = "Error rate",
    question = "Is it below 15%?", ratings = simulate_ratings(toxic_task(), n_items = 30)$human
  )
  expect_message(
    expect_identical(report_judge(evaluation, output_file = file, title = "Support bot"),
                     file.path(normalizePath(folder), "page.html")),
    "page.html", class = "judicious_message_page"
  )
  expect_identical(list.files(folder), "page.html")
  page <- page_text(file)
  expect_match(page, "<title>Support bot", fixed = TRUE)
  for (said in c("Is it below 15%?", format(evaluation), "Subgroups", "billing",
                 "What more labels would buy", "Ratings of 30 items",
                 "How the numbers came about", "R version")) {
    expect_match(read_page(file), said, fixed = TRUE)
  }
  # For screens and for phones.
  expect_equal(n_figures(file), 5)
  # Tables are tables, and nothing of the console is left.
  expect_gt(length(gregexpr("<table", page, fixed = TRUE)[[1]]), 4)
})

test_that("one call from data to page, also without target, subgroups and binary labels", {
  skip_without_pandoc()
  rows <- data.frame(judge = seq(0, 1, length.out = 100))
  rows$human <- ifelse(seq_len(100) %% 3 == 0, rows$judge^2, NA)
  file <- withr::local_tempfile(fileext = ".html")
  suppressMessages(report_judge(rows, human ~ judge, output_file = file))
  page <- page_text(file)
  expect_match(page, "Judges against people")
  expect_no_match(page, "Subgroups")
  expect_no_match(page, "Judge said")
})

test_that("the template renders by itself, as a user would start from it", {
  skip_without_pandoc()
  folder <- withr::local_tempdir()
  draft <- rmarkdown::draft(file.path(folder, "mine.Rmd"), "judge-evaluation", "judicious",
                            create_dir = FALSE, edit = FALSE)
  out <- rmarkdown::render(draft, quiet = TRUE, envir = new.env(parent = globalenv()))
  expect_match(page_text(out), "gemini alone says 4.5%")
})

test_that("mistakes are named before anything is computed", {
  rows <- report_rows()
  expect_snapshot(error = TRUE, {
    report_judge(rows, human ~ y_proxy, output_file = "page.pdf")
    report_judge(rows, human ~ y_proxy, output_file = "nowhere/page.html")
    report_judge(rows, human ~ y_proxy, title = 1)
    report_judge(rows)
  })
})
