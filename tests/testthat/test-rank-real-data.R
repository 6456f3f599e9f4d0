# Real judges against human votes and against the truth: forced choices with one
# right answer each, so that sets are the choices (beta = 0).

read_real <- function(name) {
  utils::read.csv(skip_without_reference("real", name))
}

one_answer <- function(labels, source, task) {
  choice <- task$options[2L - labels]
  ratings <- as_ratings(data.frame(id = seq_along(labels), fc = choice)[!is.na(labels), ],
                        item = id, choice = fc, source = source, task = task)
  ratings
}

real_ranking <- function(data, human, judges, metric = "hit_rate", ...) {
  task <- rating_task(c("first", "second"), positive = "first", sets = 1)
  sets <- function(ratings) reconstruct_sets(ratings, translation_beta(task, 0))
  judged <- do.call(c, unname(Map(one_answer, data[judges], judges, list(task))))
  set.seed(1)
  rank_judges(sets(one_answer(data[[human]], "human", task)), sets(judged), metric, ...)
}

test_that("arena: the two judges against human votes", {
  arena <- read_real("arena.csv")
  judges <- c("judge_gpt4omini", "judge_gpt52")
  ranking <- real_ranking(arena, "human", judges)
  # Published agreements: 200 + 159 and 182 + 127 of 600 battles.
  expect_identical(ranking$judge, judges)
  expect_equal(ranking$estimate, c(359, 309) / 600)
  expect_equal(ranking$consistency, ranking$estimate)
  # An independent check of what may be claimed: McNemar's exact test.
  right <- arena[judges] == arena$human
  p_value <- binom.test(sum(right[, 1] & !right[, 2]), sum(right[, 1] != right[, 2]))$p.value
  expect_identical(ranking$tie_group[2] == 2, p_value < 0.05)
  expect_identical(ranking$tie_group, c(1, 2))
  se <- sd(right[, 1] - right[, 2]) / sqrt(600)
  expect_equal(ranking$regret_low[2], 50 / 600 - 1.96 * se, tolerance = 0.1)
  # Within each pair of assistants the claim is weaker or gone.
  for (part in split(arena, arena$pair)) {
    of_pair <- real_ranking(part, "human", judges)
    right <- part[judges] == part$human
    p <- binom.test(sum(right[, 1] & !right[, 2]), sum(right[, 1] != right[, 2]))$p.value
    expect_identical(of_pair$tie_group[2] == 2, p < 0.05)
  }
})

test_that("judgebench: six judges against the truth, and no claim beyond the intervals", {
  bench <- read_real("judgebench.csv")
  reward <- c("grm_gemma_2b", "skywork_gemma_27b", "skywork_llama_8b", "internlm_20b",
              "internlm_7b")
  data <- cbind(bench["label"], as.data.frame(bench[paste0("margin_", reward)] > 0),
                o1mini = bench$o1mini_game1)
  names(data)[2:6] <- reward
  data[reward] <- lapply(data[reward], as.integer)
  expect_message(ranking <- real_ranking(data, "label", c(reward, "o1mini")),
                 class = "judicious_message_missing")
  expect_identical(unique(ranking$n_items), 323)
  expect_identical(ranking$judge[1], "o1mini")
  expect_equal(ranking$estimate[1], mean(bench$o1mini_game1 == bench$label, na.rm = TRUE))
  # The language model is surely best; of the reward models none is surely better.
  expect_identical(ranking$tie_group, c(1, rep(2, 5)))
  expect_identical(ranking$rank_high[1], 1)
  expect_true(all(ranking$rank_low[-1] == 2 & ranking$rank_high[-1] == 6))
  alone <- real_ranking(data, "label", reward)
  expect_identical(unique(alone$n_items), 350)
  expect_identical(unique(alone$tie_group), 1)
  expect_equal(sort(alone$estimate), c(0.594, 0.594, 0.623, 0.634, 0.643), tolerance = 1e-3)
})
