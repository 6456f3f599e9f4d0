labels_for <- function(items, drawn) {
  chosen <- which(drawn$selected %in% 1)
  file <- label_file(c("item_id,rater,label",
                       paste0(items$item_id[chosen], ",ann,",
                              ifelse(items$truth[chosen] == 1, "yes", "no"))))
  join_labels(items, read_labels(file, yes_no()), sample = drawn)
}

pool <- function(n) {
  set.seed(7)
  items <- simulate_binary(n, true_mean = 0.3, proxy_mean = 0.25, correlation = 0.5)
  data.frame(item_id = sprintf("i%04d", seq_len(n)), truth = items$y_true, judge = items$y_proxy,
             lang = rep(c("de", "en"), length.out = n),
             chat = rep(seq_len(n / 4), each = 4))
}

same_estimate <- function(a, b) {
  for (part in c("estimate", "std_error", "conf_low", "conf_high", "method")) {
    expect_identical(a[[part]], b[[part]], info = part)
  }
}

test_that("an estimate uses the plan that joined labels carry, and says so", {
  items <- pool(400)
  human <- function(drawn) reveal_labels(items$truth, drawn)
  active <- sample_active(0.1 + 0.3 * items$judge, 80)
  joined <- labels_for(items, active)
  expect_message(fit <- estimate_mean(human ~ judge, joined), "prob = plan_prob",
                 class = "judicious_message_plan")
  same_estimate(fit, quiet(estimate_mean(human(active) ~ items$judge, prob = active$prob)))
  strata <- sample_stratified(items$lang, 80, allocation = "proportional")
  expect_message(fit <- estimate_mean(human ~ judge, labels_for(items, strata)),
                 "strata = plan_strata", class = "judicious_message_plan")
  same_estimate(fit, quiet(estimate_mean(human(strata) ~ items$judge, strata = items$lang)))
  clusters <- sample_clusters(items$chat, 30)
  expect_message(fit <- estimate_mean(human ~ judge, labels_for(items, clusters)),
                 "clusters = plan_clusters", class = "judicious_message_plan")
  same_estimate(fit, quiet(estimate_mean(human(clusters) ~ items$judge, clusters = items$chat)))
})

test_that("a simple random sample carries nothing, and arguments of the user win", {
  items <- pool(200)
  uniform <- labels_for(items, sample_uniform(200, 60))
  expect_length(attr(uniform, "plan"), 0)
  expect_no_message(estimate_mean(human ~ judge, uniform), class = "judicious_message_plan")
  active <- sample_active(0.1 + 0.3 * items$judge, 80)
  joined <- labels_for(items, active)
  expect_no_message(fit <- estimate_mean(human ~ judge, joined, prob = plan_prob),
                    class = "judicious_message_plan")
  expect_message(both <- estimate_mean(human ~ judge, joined, strata = lang),
                 "prob = plan_prob", class = "judicious_message_plan")
  expect_identical(nrow(both$strata), 2L)
})

test_that("the plan follows the rows through subsets, and a lost column is an error", {
  items <- pool(400)
  joined <- labels_for(items, sample_active(0.1 + 0.3 * items$judge, 120))
  part <- joined[joined$lang == "de", ]
  expect_s3_class(part, "judicious_labelled")
  plain <- as.data.frame(part)
  expect_false(inherits(plain, "judicious_labelled"))
  expect_null(attr(plain, "plan"))
  same_estimate(quiet(estimate_mean(human ~ judge, part)),
                quiet(estimate_mean(human ~ judge, plain, prob = plain$plan_prob)))
  shuffled <- joined[sample(nrow(joined)), ]
  expect_equal(quiet(estimate_mean(human ~ judge, shuffled))$estimate,
               quiet(estimate_mean(human ~ judge, joined))$estimate, tolerance = 1e-12)
  expect_error(estimate_mean(human ~ judge, joined[c("human", "judge")]), "plan_prob",
               class = "judicious_error_column")
  joined$plan_prob <- NULL
  expect_error(estimate_mean(human ~ judge, joined), class = "judicious_error_column")
})

test_that("a table that only looks like joined labels gives a warning", {
  items <- pool(400)
  joined <- labels_for(items, sample_active(0.1 + 0.3 * items$judge, 120))
  merged <- merge(joined, data.frame(item_id = items$item_id, more = 1))
  expect_false(inherits(merged, "judicious_labelled"))
  expect_warning(estimate_mean(human ~ judge, merged), "prob = plan_prob",
                 class = "judicious_warning_plan") |> suppressMessages()
  expect_no_warning(estimate_mean(human ~ judge, merged, prob = plan_prob),
                    class = "judicious_warning_plan") |> suppressMessages()
})

test_that("dplyr keeps the plan", {
  skip_if_not_installed("dplyr")
  items <- pool(400)
  joined <- labels_for(items, sample_active(0.1 + 0.3 * items$judge, 120))
  for (changed in list(dplyr::mutate(joined, more = 1), dplyr::arrange(joined, judge),
                       dplyr::left_join(joined, data.frame(chat = 1:100, x = 1), by = "chat"))) {
    expect_s3_class(changed, "judicious_labelled")
    expect_equal(quiet(estimate_mean(human ~ judge, changed))$estimate,
                 quiet(estimate_mean(human ~ judge, joined))$estimate, tolerance = 1e-12)
  }
  expect_error(estimate_mean(human ~ judge, dplyr::select(joined, human, judge)),
               class = "judicious_error_column")
})

test_that("evaluate_judge() uses the plan, too", {
  items <- pool(400)
  joined <- labels_for(items, sample_active(0.1 + 0.3 * items$judge, 120))
  evaluation <- quiet(evaluate_judge(joined, human ~ judge))
  same_estimate(evaluation$estimate, quiet(estimate_mean(human ~ judge, joined)))
})

test_that("tibbles stay tibbles, and print as before", {
  skip_if_not_installed("tibble")
  items <- tibble::as_tibble(pool(200))
  joined <- labels_for(items, sample_active(0.1 + 0.3 * items$judge, 60))
  expect_s3_class(joined, "tbl_df")
  expect_output(print(joined), "A tibble: 200")
  expect_s3_class(joined[1:3, ], "judicious_labelled")
  expect_identical(nrow(joined[1:3, ]), 3L)
  expect_identical(joined[["judge"]], items$judge)
})
