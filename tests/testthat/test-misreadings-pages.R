# What readers of pages, tables and plots could misread: issue 11, item 1.15 and section 3.

nasty <- c("<script>document.title = 'x'</script>", "![pic](http://x.invalid/a.png)",
           "<img src=http://x.invalid/b.png>", "a | b", "$x^2$ and \\(y\\)", "[link](file:///etc)",
           "http://x.invalid", "{braces} `code` \"quoted\" -- ...")

# What pandoc makes of Markdown, as the page does.
as_html <- function(markdown) {
  source <- withr::local_tempfile(fileext = ".md", lines = enc2utf8(markdown))
  out <- withr::local_tempfile(fileext = ".html")
  rmarkdown::pandoc_convert(source, to = "html", output = out, verbose = FALSE,
                            from = "markdown+autolink_bare_uris+tex_math_single_backslash")
  paste(readLines(out, encoding = "UTF-8"), collapse = "\n")
}

shown_text <- function(html) {
  text <- gsub("<[^>]*>", "", html)
  for (entity in list(c("&lt;", "<"), c("&gt;", ">"), c("&quot;", "\""), c("&#39;", "'"),
                      c("&amp;", "&"))) text <- gsub(entity[1], entity[2], text, fixed = TRUE)
  gsub("[[:space:]\u00a0]+", " ", text)
}

labelled <- function(n = 400) {
  set.seed(8)
  rows <- simulate_binary(n, true_mean = 0.2, proxy_mean = 0.1, correlation = 0.6)
  rows$human <- reveal_labels(rows$y_true, sample_uniform(n, 100))
  rows
}

# --- text is text -------------------------------------------------------------------

test_that("whatever is in text stays text in knitted lines and tables", {
  skip_if_not(rmarkdown::pandoc_available("1.14"))
  more <- c(nasty, "1. item", "- item", "# title", "a) b", "===", "two\n\n# lines", "&lt;",
            "<!-- c -->", "@key", "~~s~~", "* * *", ": term", "a:::b", "mailto:me")
  for (text in more) {
    plain <- gsub("[[:space:]]+", " ", text)
    html <- as_html(markdown_lines(text, "mark"))
    expect_match(shown_text(html), plain, fixed = TRUE)
    expect_no_match(html, "<(script|img|a|em|del|h1|li|code|span|hr)")
    lines <- markdown_tables(format_columns(list(c(text, text), c("n", "1"))), "mark")
    table <- as_html(markdown_lines(lines, "mark"))
    expect_match(shown_text(table), plain, fixed = TRUE)
    expect_no_match(table, "<(script|img|a|em|del|h1|li|code|span|hr) ")
    expect_equal(lengths(gregexpr("<td", table)), 2L)
  }
})

test_that("intervals are not escaped, and matrices keep their blanks in documents", {
  expect_equal(escape_markdown("[0.064, 0.137]"), "[0.064, 0.137]")
  expect_match(escape_markdown("[1](http://a)"), "&#91;1&#93;", fixed = TRUE)
  set.seed(1)
  sim <- simulate_ratings(rating_task(c("yes", "no"), "yes"), n_items = 50, n_judges = 0)
  fit <- fit_translation(sim$human)
  lines <- strsplit(as.character(knitr::knit_print(fit)), "\n")[[1]]
  fences <- which(lines == "```")
  expect_length(fences, 2)
  matrix <- utils::capture.output(print(round(fit$F_inverse, 3)))
  expect_equal(lines[(fences[1] + 1):(fences[2] - 1)], matrix)
  expect_true(all(matrix %in% utils::capture.output(print(fit))))
  rebuilt <- strsplit(as.character(knitr::knit_print(reconstruct_sets(sim$human, fit))), "\n")[[1]]
  expect_length(which(rebuilt == "```"), 2)
})

test_that("braces in names and values survive in print methods", {
  rows <- labelled()
  name <- "{stop('ran')} {.val x} {{y}}"
  names(rows)[names(rows) == "y_proxy"] <- name
  fit <- rlang::inject(estimate_mean(human ~ !!as.name(name), rows, metric = name))
  evaluation <- rlang::inject(evaluate_judge(
    rows, human ~ !!as.name(name), metric = name, question = name, target = 0.5,
    subgroups = rep(c(name, "{b}"), 200)
  ))
  compared <- do.call(compare_estimates, stats::setNames(list(fit), name))
  for (result in list(fit, evaluation, compared, evaluation$subgroups, evaluation$agreement)) {
    expect_match(gsub("\\s+", " ", paste(utils::capture.output(print(result)), collapse = " ")),
                 "{stop('ran')} {.val x} {{y}}", fixed = TRUE)
  }
  expect_error(evaluate_judge(rows, human ~ `{nobody}`), "{nobody}", fixed = TRUE)
  judged <- data.frame(item_id = 1:3, judge = name, label = c("{a}", "{b}", "{a}"))
  expect_output(print(as_judgments(judged, judge = "judge", label = "label")), name, fixed = TRUE)
})

test_that("a page runs and fetches nothing, whatever is in its text", {
  skip_if_not(rmarkdown::pandoc_available("1.14"))
  rows <- labelled()
  rows$group <- rep_len(nasty, 400)
  file <- withr::local_tempfile(fileext = ".html")
  title <- "A \"quoted\" title: <b> `r 1 + 1` $(touch x) \\ {a} 100% # 'x'"
  suppressMessages(report_judge(
    rows, human ~ y_proxy, subgroups = group, metric = nasty[1], question = nasty[2], target = 0.3,
    title = title, output_file = file
  ))
  page <- paste(readLines(file, encoding = "UTF-8"), collapse = "\n")
  expect_match(page, "\"default-src &#39;none&#39;; img-src data:;", fixed = TRUE)
  from <- gregexpr("(src|href|srcset)=\"[^\"]{0,12}|url\\([^)]{0,12}", page)
  sources <- regmatches(page, from)[[1]]
  expect_true(all(grepl("^src=\"data:image", sources)))
  expect_no_match(page, "document.title = 'x'</script>", fixed = TRUE)
  said <- shown_text(page)
  for (text in c(title, nasty)) expect_match(said, text, fixed = TRUE)
})

# --- the answer ---------------------------------------------------------------------

test_that("the answer is one sentence, and agrees with the interval", {
  rows <- labelled()
  said <- function(...) format(evaluate_judge(rows, human ~ y_proxy, ...), "answer")
  numbers <- "est guess [0-9.]+%, could be [0-9.]+% to [0-9.]+%[.]$"
  expect_match(said(), paste0("^B", numbers))
  expect_match(said(target = 0.6), paste0("^Shown: b", numbers))
  expect_match(said(target = 0.19), paste0("^Not shown: b", numbers))
  expect_match(said(target = 0.02), paste0("^No: b", numbers))
  expect_match(said(target = 0.02, alternative = "greater"), "^Shown")
  expect_match(said(target = 0.19, alternative = "two.sided"), "^Not shown")
  # One-sided significant, but the interval that the page shows reaches the target.
  fit <- evaluate_judge(rows, human ~ y_proxy)$estimate
  close <- evaluate_judge(rows, human ~ y_proxy, target = fit$conf_high - 1e-4)
  expect_lt(close$test$p.value, 0.05)
  expect_match(format(close, "answer"), "^Not shown")
})

test_that("judge alone, corrected and bias add up, also with scores and several judges", {
  rows <- labelled()
  rows$other <- rep_len(0:1, 400)
  scores <- data.frame(a = rep_len(1:5, 300))
  scores$human <- ifelse(seq_len(300) %% 3 == 0, pmin(scores$a + 1, 5), NA)
  for (evaluation in list(evaluate_judge(rows, human ~ y_proxy + other),
                          evaluate_judge(scores, human ~ a, range = c(1, 5)))) {
    table <- tidy(evaluation)
    agreement <- tidy(evaluation, "agreement")
    for (judge in evaluation$judges) {
      bias <- agreement[agreement$judge == judge & agreement$term == "bias", ]
      alone <- table$estimate[table$label == paste(judge, "alone")]
      corrected <- table[table$label == "Corrected", ]
      expect_equal(bias$estimate, alone - corrected$estimate)
      expect_equal(bias$conf.low, alone - corrected$conf.high)
      expect_equal(bias$conf.high, alone - corrected$conf.low)
    }
  }
})

test_that("scores are not called rates, even between 0 and 1", {
  set.seed(2)
  rows <- data.frame(judge = runif(200))
  rows$human <- ifelse(seq_len(200) %in% sample(200, 80), rows$judge^2, NA)
  evaluation <- evaluate_judge(rows, human ~ judge, target = 0.5, range = c(0, 1))
  expect_no_match(c(format(evaluation), format(evaluation, "method")), "\\brate\\b")
  expect_match(format(evaluate_judge(labelled(), human ~ y_proxy, target = 0.5)), "the rate is",
               all = FALSE)
})

test_that("a target of 15 for a rate is told, not tested", {
  rows <- labelled()
  expect_snapshot(error = TRUE, {
    evaluate_judge(rows, human ~ y_proxy, target = 15)
    evaluate_judge(rows, human ~ y_proxy, target = -1)
    evaluate_judge(transform(rows, human = 1 + 4 * human), human ~ y_proxy, target = 6,
                   range = c(1, 5))
  })
})

test_that("a judge alone speaks by the answers that it gave", {
  set.seed(4)
  said <- rbinom(200, 1, 0.3)
  answers <- data.frame(item_id = rep(1:200, 2), judge = rep(c("a", "b"), each = 200),
                        score = c(said, ifelse(1:200 %% 2 == 0, said, NA)))
  human <- data.frame(item_id = 1:200, human = ifelse(1:200 %in% sample(200, 80), said, NA))
  human$human[c(2, 5)] <- 1
  answers$human <- rep(human$human, 2)
  judgments <- as_judgments(answers, judge = "judge", score = "score", human = "human")
  evaluation <- evaluate_judge(judgments)
  b <- tidy(evaluation)[2, ]
  given <- said[1:200 %% 2 == 0]
  alone <- estimate_mean(given ~ 1)
  expect_equal(c(b$estimate, b$conf.low, b$conf.high),
               c(alone$estimate, alone$conf_low, alone$conf_high))
  expect_match(format(evaluation), "b alone says .* of the 100 items that it answered",
               all = FALSE)
  # Nor do they count as agreement.
  counts <- tidy(evaluation, "confusion")
  expect_equal(sum(counts$n[counts$judge == "b"]), sum(!is.na(human$human[1:100 * 2])))
})

test_that("what is warned of is told first on the page, in one line", {
  notes <- new_notes()
  notes$keep(warn_judicious(
    c("Levels of {.var b} are reversed.",
      i = "Try {.code factor(b, levels = c(\"no\", \"yes\"))}."), "reversed"
  ))
  expect_equal(notes$all(),
               "Levels of `b` are reversed. Try `factor(b, levels = c(\"no\", \"yes\"))`.")
  skip_if_not(rmarkdown::pandoc_available("1.14"))
  file <- withr::local_tempfile(fileext = ".html")
  evaluation <- evaluate_judge(labelled(), human ~ y_proxy)
  evaluation$notes <- notes$all()
  suppressMessages(report_judge(evaluation, output_file = file))
  page <- shown_text(paste(readLines(file, encoding = "UTF-8"), collapse = "\n"))
  expect_match(page, "could be .*Before you rely on it.*factor\\(b, levels.*In short")
})

test_that("a file is never replaced unasked", {
  file <- withr::local_tempfile(fileext = ".html", lines = "mine")
  evaluation <- evaluate_judge(labelled(), human ~ y_proxy)
  expect_error(report_judge(evaluation, output_file = file), "overwrite = TRUE",
               class = "judicious_error_file")
  expect_equal(readLines(file), "mine")
  skip_if_not(rmarkdown::pandoc_available("1.14"))
  expect_message(report_judge(evaluation, output_file = file, overwrite = TRUE), basename(file))
  expect_gt(file.size(file), 1000)
})

# --- plots --------------------------------------------------------------------------

test_that("long names are folded, none is lost", {
  expect_equal(fold_text("gemini-2.5-flash-preview-0520", 18), "gemini-2.5-flash-\npreview-0520")
  expect_equal(fold_text(c("short", NA), 10), c("short", NA))
  expect_equal(fold_text(strrep("x", 25), 10), "xxxxxxxxxx\nxxxxxxxxxx\nxxxxx")
  cut <- fold_text(paste0(strrep("abc ", 20), "v2"), 12, 2L)
  expect_match(cut, "[.]{3}.*v2$")
  expect_lte(max(nchar(strsplit(cut, "\n")[[1]])), 12)
})

test_that("a judge alone has another colour than what people's labels stand behind", {
  rows <- labelled()
  compared <- compare_estimates(judge = estimate_mean(y_proxy ~ 1, rows),
                                human = estimate_mean(human ~ 1, rows),
                                both = estimate_mean(human ~ y_proxy, rows))
  colours <- function(x) ggplot2::layer_data(ggplot2::autoplot(x), 1)$colour
  expect_equal(colours(compared), c(alone_colour, main_colour, main_colour))
  expect_equal(colours(evaluate_judge(rows, human ~ y_proxy)),
               c(alone_colour, main_colour, main_colour))
})

test_that("rates keep 0 in view where it is near", {
  rate <- function(events) {
    fit <- estimate_mean(rep(c(1, 0), c(events, 200 - events)) ~ 1)
    plot <- ggplot2::autoplot(fit, type = "forest")
    ggplot2::ggplot_build(plot)$layout$panel_params[[1]]$x.range[1]
  }
  expect_lte(rate(8), 0)
  expect_gt(rate(120), 0.4)
})

test_that("repeated draws have short labels in the confusion, and each judge its panel", {
  expect_equal(levels(label_factor(c(0, 1 / 3, 2 / 3, 1))), c("0", "0.33", "0.67", "1"))
  expect_equal(levels(label_factor(c(0.331, 0.332))), c("0.331", "0.332"))
  rows <- labelled()
  for (k in 1:8) rows[[paste0("j", k)]] <- rep_len(c(0, 0, 1, k %% 2), 400)
  evaluation <- evaluate_judge(rows, human ~ j1 + j2 + j3 + j4 + j5 + j6 + j7 + j8)
  plot <- ggplot2::autoplot(evaluation, "confusion")
  expect_equal(nlevels(plot$data$judge), 6)
  expect_match(plot$labels$caption, "and 2 more judges")
  all <- ggplot2::autoplot(evaluation, "confusion", max_judges = Inf)
  expect_equal(nlevels(all$data$judge), 8)
})

test_that("praise is green, blame is vermillion, whatever the order", {
  green <- okabe_ito[["green"]]
  red <- okabe_ito[["vermillion"]]
  expect_equal(label_colours(c("FAIL", "PASS")), c(FAIL = red, PASS = green))
  expect_equal(label_colours(c("C", "I")), c(C = green, I = red))
  letters <- label_colours(c("A", "B", "C"))
  expect_equal(anyDuplicated(letters), 0)
  expect_equal(unname(letters), unname(okabe_ito[1:3]))
  expect_equal(label_colours(c("correct", "unclear", "incorrect"))[["correct"]], green)
})

test_that("few values have a bar each, at their place", {
  scored <- function(scores) {
    rows <- data.frame(item_id = seq_along(scores), judge = "a", score = scores)
    ggplot2::layer_data(ggplot2::autoplot(as_judgments(rows, judge = "judge", score = "score")))
  }
  bars <- scored(rep(1:10, 3))
  expect_equal(as.numeric(bars$x), 1:10)
  expect_equal(bars$count, rep(3, 10))
  expect_equal(as.numeric(scored(rep(c(0, 0.5, 1), c(2, 3, 4)))$x), c(0, 0.5, 1))
  expect_length(scored(seq(0, 1, length.out = 200))$x, 20)
})

test_that("sets of long options are named by letters that the columns explain", {
  options <- c("customer complaints in writing", "returns and refunds, all areas", "other")
  set.seed(1)
  sim <- simulate_ratings(rating_task(options, options[1]), n_items = 60, n_judges = 0)
  plot <- ggplot2::autoplot(suppressWarnings(fit_translation(sim$human)))
  expect_true(all(levels(plot$data$choice) == paste0(c("A: ", "B: ", "C: "), options)))
  expect_true(all(grepl("^[ABC]( [|] [ABC])*$", levels(plot$data$set))))
})

test_that("the width of one scenario is a bar per method", {
  set.seed(1)
  rows <- simulator(simulate_binary, n = 200, true_mean = 0.3, proxy_mean = 0.3,
                    correlation = 0.5, n_labelled = 40)
  checked <- validate_coverage(rows, estimator(interval = c("beta", "normal")), n_rep = 20)
  plot <- ggplot2::autoplot(checked, type = "width")
  expect_s3_class(plot$layers[[1]]$geom, "GeomCol")
  expect_equal(sort(ggplot2::layer_data(plot)$x), sort(plot$data$width))
})

test_that("plots for phones name their lines above them", {
  withr::local_options(judicious.plot_width = 3.75)
  plot <- ggplot2::autoplot(evaluate_judge(labelled(), human ~ y_proxy))
  labels <- ggplot2::layer_data(plot, 3)$label
  expect_match(labels, "^(y_proxy alone|Human labels alone|Corrected) +[0-9.]+%")
})

test_that("README shows what its code prints", {
  path <- test_path("../../README.md")
  skip_if_not(file.exists(path) && file.exists(test_path("../../tools/readme.R")),
              "the sources are not here")
  tools <- new.env()
  sys.source(test_path("../../tools/readme.R"), tools)
  lines <- readLines(path, encoding = "UTF-8")
  withr::local_options(cli.progress_show_after = Inf)
  withr::local_pdf(NULL)
  suppressMessages(expect_equal(tools$executed(lines), lines))
})
