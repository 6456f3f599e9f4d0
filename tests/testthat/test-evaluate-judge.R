judged <- function(n = 600, n_labelled = 150) {
  set.seed(11)
  out <- simulate_binary(n, true_mean = 0.3, proxy_mean = 0.4, correlation = 0.6)
  out$human <- reveal_labels(out$y_true, sample_uniform(n, n_labelled))
  out$group <- rep_len(c("a", "a", "b"), n)
  out
}

same_numbers <- function(evaluation, fit) {
  expect_equal(evaluation$estimate[c("estimate", "conf_low", "conf_high", "n_effective")],
               fit[c("estimate", "conf_low", "conf_high", "n_effective")])
}

test_that("the rate is that of estimate_mean() in every design", {
  rows <- judged()
  same_numbers(evaluate_judge(rows, human ~ y_proxy), estimate_mean(human ~ y_proxy, rows))
  same_numbers(evaluate_judge(rows, human ~ y_proxy, strata = group),
               estimate_mean(human ~ y_proxy, rows, strata = group))
  rows$prob <- 0.25
  same_numbers(evaluate_judge(rows, human ~ y_proxy, prob = prob),
               estimate_mean(human ~ y_proxy, rows, prob = prob))
  talks <- simulate_binary_clusters(300, 60, 0.3, 0.3, 0.5)
  talks$human <- reveal_labels(talks$y_true, sample_clusters(talks$cluster, 25))
  same_numbers(
    evaluate_judge(talks, human ~ y_proxy, clusters = cluster, estimand = "clusters"),
    estimate_mean(human ~ y_proxy, talks, clusters = cluster, estimand = "clusters")
  )
})

test_that("naive estimates are plain means", {
  rows <- judged()
  table <- tidy(evaluate_judge(rows, human ~ y_proxy))
  expect_equal(table$label, c("y_proxy alone", "Human labels alone", "Corrected"))
  expect_equal(table$estimate[1:2], c(mean(rows$y_proxy), mean(rows$human, na.rm = TRUE)))
})

test_that("agreement is counted by hand on ten labelled items", {
  rows <- data.frame(human = c(1, 1, 1, 1, 0, 0, 0, 0, 0, 0, NA, NA),
                     judge = c(1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 1, 0))
  evaluation <- evaluate_judge(rows, human ~ judge)
  table <- tidy(evaluation, "agreement")
  value <- function(term) unlist(table[table$term == term, c("estimate", "n")], use.names = FALSE)
  expect_equal(value("agreement"), c(0.7, 10))
  alone <- mean(rows$judge)
  fit <- evaluation$estimate
  expect_equal(value("bias"), c(alone - fit$estimate, 10))
  bias <- table[table$term == "bias", ]
  expect_equal(c(bias$conf.low, bias$conf.high), alone - c(fit$conf_high, fit$conf_low))
  expect_equal(value("kappa"), c((0.7 - 0.5) / (1 - 0.5), 10))
  expect_equal(value("sensitivity"), c(3 / 4, 4))
  expect_equal(value("specificity"), c(4 / 6, 6))
  exact <- stats::binom.test(3, 4)$conf.int
  sensitivity <- table[table$term == "sensitivity", ]
  expect_equal(c(sensitivity$conf.low, sensitivity$conf.high), as.vector(exact))
  cells <- tidy(evaluation, "confusion")
  expect_equal(cells$n[cells$human == 1 & cells$said == 1], 3)
  expect_equal(cells$share[cells$human == 0 & cells$said == 1], 2 / 6)
})

test_that("numbers that treat labels as a simple random sample need one", {
  rows <- judged()
  terms <- function(...) tidy(evaluate_judge(rows, human ~ y_proxy, ...), "agreement")$term
  expect_setequal(terms(), c("agreement", "bias", "kappa", "sensitivity", "specificity"))
  expect_setequal(terms(strata = group), c("agreement", "bias"))
  # With equal chances in the strata the weights are equal, too.
  rows$human <- ifelse(ave(seq_len(nrow(rows)), rows$group, FUN = seq_along) %% 4 == 0,
                       rows$y_true, NA)
  share <- tidy(evaluate_judge(rows, human ~ y_proxy, strata = group), "agreement")$estimate[1]
  expect_equal(share, mean(rows$human == rows$y_proxy, na.rm = TRUE), tolerance = 0.01)
})

test_that("subgroups hold simultaneously and are adjusted by Holm", {
  rows <- judged()
  evaluation <- evaluate_judge(rows, human ~ y_proxy, subgroups = group, target = 0.35)
  table <- tidy(evaluation, "subgroups")
  one <- estimate_mean(human ~ y_proxy, rows[rows$group == "b", ], conf_level = 0.975)
  expect_equal(unlist(table[2, c("estimate", "conf.low", "conf.high")], use.names = FALSE),
               c(one$estimate, one$conf_low, one$conf_high))
  raw <- vapply(c("a", "b"), function(group) {
    fit <- estimate_mean(human ~ y_proxy, rows[rows$group == group, ])
    test_mean(fit, 0.35, "less")$p.value
  }, 0)
  expect_equal(table$p.value, unname(stats::p.adjust(raw, "holm")))
  rows$all <- "all"
  whole <- evaluate_judge(rows, human ~ y_proxy, subgroups = all)
  expect_equal(tidy(whole, "subgroups")$conf.low, whole$estimate$conf_low)
})

test_that("a subgroup without labels is told, not an error", {
  rows <- judged()
  rows$human[rows$group == "b"] <- NA
  table <- tidy(evaluate_judge(rows, human ~ y_proxy, subgroups = group), "subgroups")
  expect_equal(is.na(table$estimate), c(FALSE, TRUE))
  expect_equal(table$n_true[2], 0)
  expect_match(table$note[2], "label")
})

test_that("strata of several columns are subgroups, too", {
  rows <- judged()
  rows$half <- rep(1:2, each = 300)
  evaluation <- evaluate_judge(rows, human ~ y_proxy, strata = data.frame(group, half))
  same_numbers(evaluation, estimate_mean(human ~ y_proxy, rows, strata = data.frame(group, half)))
  expect_equal(tidy(evaluation, "subgroups")$subgroup, c("a / 1", "a / 2", "b / 1", "b / 2"))
})

test_that("the order of rows changes nothing", {
  rows <- judged()
  evaluate <- function(rows) {
    set.seed(1)
    out <- evaluate_judge(rows, human ~ y_proxy, subgroups = group, target = 0.3)
    out[c("comparison", "confusion", "subgroups")]
  }
  expect_equal(evaluate(rows), evaluate(rows[sample(nrow(rows)), ]))
})

test_that("judgements and runs are evaluated as their wide table", {
  task <- toxic_task()
  items <- comments(60)
  human <- data.frame(item_id = 1:25, human = items$truth[1:25])
  set.seed(3)
  run <- quiet_run(items, task, list(one = mock_judge(task, "truth", 0.9),
                                     two = mock_judge(task, "truth", 0.7)), n_draws = 2)
  answers <- as_judgments(run, human = human)
  fit <- estimate_mean(human ~ one + two, answers)
  same_numbers(evaluate_judge(answers), fit)
  same_numbers(evaluate_judge(run, human = human), fit)
  same_numbers(evaluate_judge(run$folder, human = human), fit)
  expect_error(evaluate_judge(answers, human = human), "belong into",
               class = "judicious_error_input")
})

test_that("logs are evaluated as they are", {
  set.seed(6)
  said <- sample(c("C", "I"), 40, TRUE)
  log <- write_log(inspect_log(Map(inspect_sample, seq_len(40), said)))
  human <- data.frame(item_id = 1:30, human = as.numeric(said[1:30] == "C"))
  human$human[1:3] <- 1 - human$human[1:3]
  same_numbers(evaluate_judge(log, human = human),
               estimate_mean(human ~ graded, as_judgments(log, human = human)))
})

test_that("ratings show indeterminacy, and rank the judges of judgements", {
  task <- toxic_task()
  sim <- simulate_ratings(task, n_items = 40, n_judges = 2)
  rows <- judged()
  evaluation <- evaluate_judge(rows, human ~ y_proxy, ratings = sim$human)
  expect_identical(evaluation$indeterminacy$ratings, sim$human)
  expect_null(evaluation$indeterminacy$ranking)
  expect_null(evaluate_judge(rows, human ~ y_proxy)$indeterminacy)
})

test_that("what parts of the evaluation warn of becomes a note", {
  rows <- judged(60, 8)
  expect_warning(estimate_mean(human ~ y_proxy, rows), "8 labels for 1 judge")
  evaluation <- expect_no_warning(evaluate_judge(rows, human ~ y_proxy))
  expect_match(evaluation$notes, "8 labels for 1 judge", all = FALSE)
  expect_match(format(evaluation), "^Note: 8 labels for 1 judge", all = FALSE)
})

test_that("mistakes are named", {
  rows <- judged()
  expect_snapshot(error = TRUE, {
    evaluate_judge(rows)
    evaluate_judge(1:10, human ~ y_proxy)
    evaluate_judge(rows, human ~ 1)
    evaluate_judge(rows, human ~ nobody)
    evaluate_judge(rows, human ~ y_proxy, target = "a")
    evaluate_judge(rows, human ~ y_proxy, question = 7)
    evaluate_judge(rows, human ~ y_proxy, ratings = rows)
    evaluate_judge(rows, human ~ y_proxy, subgroups = nobody)
    evaluate_judge(rows, human ~ y_proxy, subgroups = c("a", "b"))
  })
  expect_error(evaluate_judge(rows, human ~ y_proxy, intervall = "beta"), "intervall")
})

test_that("systems are put side by side, their difference first", {
  set.seed(4)
  data <- simulate_binary(1200, 0.3, 0.25, 0.7)
  data$version <- rep(c("new", "old"), 600)
  data$question <- rep(1:600, each = 2)
  data$y_true[data$version == "new"] <- data$y_true[data$version == "new"] * rbinom(600, 1, 0.5)
  data$human <- ifelse(data$question <= 150, data$y_true, NA)
  evaluation <- quiet(evaluate_judge(data, human ~ y_proxy, compare = version,
                                     clusters = question))
  differences <- evaluation$compared$differences
  expect_identical(differences$overlap, 1)
  groups <- quiet(estimate_groups(human ~ y_proxy, data, by = version, clusters = question))
  expect_equal(differences$estimate, compare_groups(groups)$estimate)
  expect_match(format(evaluation)[1], "old is higher than new")
  expect_null(quiet(evaluate_judge(data, human ~ y_proxy))$compared)
  expect_error(evaluate_judge(data, human ~ y_proxy, compare = 1:3),
               class = "judicious_error_length")
})

test_that("trust in verdicts goes to the estimates that have judges, and to systems side by side", {
  set.seed(41)
  n <- 900
  data <- simulate_binary_active(n, true_mean = 0.2, proxy_mean = 0.15, correlation = 0.6)
  drawn <- sample_active(data$uncertainty, 250)
  data$human <- reveal_labels(data$y_true, drawn)
  data$p <- drawn$prob
  data$system <- rep(c("A", "B", "C"), length.out = n)
  found <- quiet(evaluate_judge(data, human ~ y_proxy, prob = p, compare = system,
                                subgroups = system, guard = "verdict"))
  one <- quiet(estimate_mean(human ~ y_proxy, data, prob = p, guard = "verdict"))
  expect_equal(c(found$estimate$conf_low, found$estimate$conf_high), c(one$conf_low, one$conf_high))
  groups <- quiet(estimate_groups(human ~ y_proxy, data, by = system, prob = p,
                                  guard = "verdict"))
  expect_equal(confint(found$compared$groups), confint(groups))
})
