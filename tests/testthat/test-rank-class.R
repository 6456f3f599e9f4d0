small_ranking <- function(metric = c("mse_srs", "hit_rate"), ...) {
  x <- rated_example(100)
  set.seed(1)
  rank_judges(x$human, x$judges, metric, n_boot = 400, ...)
}

test_that("print() shows what may be claimed", {
  expect_snapshot(small_ranking())
  expect_snapshot(rank_judges(rated_example(50)$human, rated_example(50)$judges, n_boot = 0))
  x <- rated_example(400)
  two <- c(rename_source(x$judges, "judge_b", "good"), rename_source(x$judges, "judge_d", "poor"))
  set.seed(2)
  expect_match(format(rank_judges(x$human, two, n_boot = 400)), "^good is best", all = FALSE)
  expect_output(out <- withVisible(print(small_ranking())))
  expect_false(out$visible)
})

test_that("tidy() and glance() have one row per judge and per metric", {
  ranking <- small_ranking()
  expect_identical(nrow(tidy(ranking)), 8L)
  expect_identical(tidy(ranking)$conf.low, ranking$conf_low)
  expect_identical(unique(tidy(ranking)$conf.level), 0.95)
  glanced <- glance(ranking)
  expect_identical(glanced$metric, c("mse_srs", "hit_rate"))
  expect_identical(glanced$best, ranking$judge[ranking$rank == 1])
  may <- tapply(ranking$rank_low == 1, ranking$metric, sum)
  expect_equal(glanced$n_maybe_best, as.vector(may[glanced$metric]))
  expect_identical(class(ranking[1, ]), "data.frame")
  expect_setequal(names(attributes(as.data.frame(ranking))), c("names", "class", "row.names"))
})
