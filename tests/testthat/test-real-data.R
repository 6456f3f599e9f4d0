# Human verdicts and true labels with real judges: the interval of 100 labels must
# cover the mean of all labels, whichever way the judges help.

# Share of label draws whose interval holds the mean over all rows, and the mean
# effective sample size.
redraw <- function(data, formula, truth, n_draws = 300, n = 100) {
  set.seed(2026)
  fits <- lapply(seq_len(n_draws), function(draw) {
    data$labelled <- reveal_labels(data$truth, sample_uniform(nrow(data), n))
    # One draw in a few hundred looks chosen by chance.
    fit <- without_warning(estimate_mean(formula, data, range = c(0, 1), population = "finite"),
                           "not_random")
    c(covered = fit$conf_low <= truth && truth <= fit$conf_high, size = fit$n_effective)
  })
  colMeans(do.call(rbind, fits))
}

test_that("100 human votes and two weak LLM judges cover the mean of 600 votes", {
  skip_without_reference("real", "arena.csv")
  arena <- utils::read.csv(reference_path("real", "arena.csv"))
  arena$truth <- arena$human
  expect_equal(mean(arena$truth), (325 * 0.40923076923076923 + 275 * 0.4) / 600)
  result <- redraw(arena, labelled ~ judge_gpt4omini + judge_gpt52, mean(arena$truth))
  expect_gte(result[["covered"]], 0.93)
  # Judges that agree with humans barely more often than chance are worth nothing.
  expect_gt(result[["size"]], 95)
  expect_lt(result[["size"]], 115)
})

test_that("100 true labels and six judges cover the mean of 350 labels", {
  skip_without_reference("real", "judgebench.csv")
  bench <- utils::read.csv(reference_path("real", "judgebench.csv"))
  margins <- grep("^margin_", names(bench), value = TRUE)
  games <- as.matrix(bench[c("o1mini_game1", "o1mini_game2")])
  games[is.na(games)] <- 0.5
  bench$o1mini <- rowMeans(games)
  bench$truth <- bench$label
  expect_equal(mean(bench$truth), 0.5514, tolerance = 1e-4)
  result <- redraw(bench, stats::reformulate(c("o1mini", margins), "labelled"), mean(bench$truth))
  expect_gte(result[["covered"]], 0.93)
  expect_gt(result[["size"]], 130)
})
