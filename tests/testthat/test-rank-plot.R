plot_ranking <- function() {
  x <- rated_example(100)
  set.seed(1)
  rank_judges(x$human, x$judges, c("mse_srs", "hit_rate"), n_boot = 100)
}

test_that("slopes join the two ranks, one panel per metric", {
  ranking <- plot_ranking()
  lines <- ggplot2::layer_data(ggplot2::autoplot(ranking), 1)
  expect_identical(nlevels(lines$PANEL), 2L)
  expect_identical(nrow(lines), 16L)
  # Every position is taken once on each side, whatever the ties.
  for (side in split(lines, list(lines$PANEL, lines$x))) {
    expect_equal(sort(abs(side$y)), 1:4)
  }
  # The order on each side is that of the ranks.
  shown <- spread_ties(transform(as.data.frame(ranking), panel = metric))
  for (rows in split(shown, shown$panel)) {
    expect_false(is.unsorted(rows$rank[order(rows$left)]))
    expect_false(is.unsorted(rows$downstream_rank[order(rows$right)]))
  }
})

test_that("only differences beyond ties are coloured", {
  rows <- data.frame(panel = "m", judge = letters[1:5], rank = c(1, 1, 3, 4, 5),
                     downstream_rank = c(2, 1, 4, 3, 5), rank_low = NA, rank_high = NA)
  # Tied with the other, a and b have both of ranks 1 and 2; c and d have swapped.
  expect_equal(rank_course(rows), c("level", "level", "falls", "rises", "level"))
  # What the bootstrap cannot tell apart is a tie as well.
  rows[c("rank_low", "rank_high")] <- list(c(1, 1, 3, 4, 5), c(2, 2, 4, 5, 5))
  expect_equal(rank_course(rows), c("level", "level", "level", "rises", "level"))
  rows$downstream_rank[5] <- NA
  expect_equal(rank_course(rows)[5], "level")
})

test_that("bars are regret, the metric's choice in blue", {
  ranking <- plot_ranking()
  bars <- ggplot2::layer_data(ggplot2::autoplot(ranking, type = "regret"), 1)
  expect_equal(sort(bars$x), sort(ranking$regret))
  expect_equal(sort(bars$x[bars$fill == "#0072B2"]), sort(ranking$regret[ranking$rank == 1]))
})

test_that("there must be decisions; plot() draws and returns its argument", {
  x <- rated_example(20)
  choices <- as_ratings(data.frame(id = 1:20, fc = c("yes", "no")), item = id, choice = fc,
                        task = yes_no())
  without <- quiet(rank_judges(choices, x$judges, n_boot = 0))
  expect_error(ggplot2::autoplot(without), class = "judicious_error_undefined")
  withr::local_pdf(withr::local_tempfile())
  ranking <- plot_ranking()
  expect_identical(withVisible(plot(ranking)), list(value = ranking, visible = FALSE))
})
