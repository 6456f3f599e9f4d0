log <- data.frame(id = c(1, 1, 2, 2), fc = c("yes", "no", "no", "no"),
                  rs = c("yes|no", "no", "no", "no"))
x <- as_ratings(log, item = id, choice = fc, set = rs, source = "human", task = yes_no())

test_that("bars are the shares of set sizes and of disagreement", {
  data <- ggplot2::autoplot(x)$data
  sizes <- data[data$panel == rating_panels[1], ]
  expect_identical(as.character(sizes$bin), c("1", "2"))
  expect_equal(sizes$share, c(0.75, 0.25))
  differ <- data[data$panel == rating_panels[2], ]
  expect_equal(differ$share, c(0.5, 0, 0, 0, 0, 0.5))
  expect_equal(as.vector(tapply(data$share, data$panel, sum)), c(1, 1))
})

test_that("classes of disagreement include their upper end", {
  # Five choices, one of them different: 8 of 20 ordered pairs differ, 40 %.
  five <- as_ratings(data.frame(id = 1, fc = c("no", rep("yes", 4))), item = id, choice = fc,
                     task = yes_no())
  data <- ggplot2::autoplot(five)$data
  expect_identical(as.character(data$bin[data$share == 1]), "21-40")
})

test_that("only what was asked is plotted, source by source", {
  sets <- as_ratings(log, item = id, set = rs, source = "judge", task = yes_no())
  data <- ggplot2::autoplot(sets)$data
  expect_identical(as.character(unique(data$panel)), rating_panels[1])
  both <- ggplot2::autoplot(c(x, sets))$data
  expect_identical(levels(both$source), c("human", "judge"))
  few <- ggplot2::autoplot(c(x, sets), max_sources = 1)
  expect_identical(levels(few$data$source), "human")
  expect_identical(few$labels$caption, "and 1 more sources")
})

test_that("nothing to plot is an error", {
  single <- as_ratings(data.frame(fc = c("yes", "no")), choice = fc, task = yes_no())
  expect_snapshot(ggplot2::autoplot(single), error = TRUE)
})
