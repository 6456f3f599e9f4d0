knitted <- function(x) as.character(knitr::knit_print(x))

test_that("tables of results are Markdown tables, sentences keep their lines", {
  rows <- data.frame(human = rep(c(1, 0, 0, NA), 10), judge_a = rep(c(1, 0, 1, 0, 0), 8))
  fit <- estimate_mean(human ~ judge_a, rows)
  both <- compare_estimates(human_only = estimate_mean(human ~ 1, rows), both = fit)
  lines <- strsplit(knitted(both), "\n")[[1]]
  table <- lines[nzchar(lines)]
  expect_length(table, 4)
  expect_match(table, "^[|].*[|]$")
  expect_match(table[1], "estimate")
  expect_match(table[2], "^[|]:-+[|]-+:[|]")
  expect_match(table[4], paste0("[|]Both +[|] *", format_value(fit$estimate, TRUE), "[|]"))
  lines <- strsplit(knitted(fit), "\n")[[1]]
  expect_equal(lines[nzchar(lines)], paste0("> ", format(fit), "  "))
})

test_that("what Markdown would take for its own is escaped", {
  expect_equal(markdown_lines("a_b *c*", "mark"), "> a&#95;b &#42;c&#42;  ")
  expect_equal(markdown_lines("  a", "mark"), "> \u00a0\u00a0\u00a0\u00a0a  ")
  expect_equal(markdown_lines(c("x", "markT|a|", "markT|b|", "y", "|z|"), "mark"),
               c("> x  ", "\n|a|", "|b|", "\n> y  ", "> &#124;z&#124;  "))
  expect_equal(markdown_lines(c("mark 1  `", "mark 22"), "mark"), c("```\n 1  `", " 22\n```"))
})

test_that("printing in the console stays as it is", {
  plan <- plan_annotation(list(rate = 0.1, correlation = 0.7, n_total = 5000), width = 0.06)
  expect_match(knitted(plan), "\n[|] *labels[|]")
  expect_false(any(grepl("|", utils::capture.output(print(plan)), fixed = TRUE)))
  expect_null(getOption("judicious.markdown"))
})

test_that("a document shows text and tables instead of console output", {
  document <- c("```{r}", "#| echo: false",
                "judicious::plan_annotation(list(rate = .1, n_total = 500), width = .1)", "```")
  out <- knitr::knit(text = document, quiet = TRUE)
  expect_no_match(out, "## ")
  expect_match(out, "[|] *labels[|]")
})
