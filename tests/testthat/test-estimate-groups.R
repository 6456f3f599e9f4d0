# Means of groups: each is that of estimate_mean() on its rows, and they covary where clusters are
# shared.

group_case <- function(case, by, range = NULL) {
  data <- data.frame(y = as.double(case$y_true), by = as.integer(case[[by]]))
  if (length(case$y_proxies) > 0) data$f <- t(case$y_proxies)
  formula <- if (is.null(data$f)) y ~ 1 else y ~ f
  quiet(estimate_groups(formula, data, by = by, strata = case$strata, clusters = case$clusters,
                        prob = case$prob, range = range))
}

# With known prob the reference's base size is a quantile's, ours the rule of three: HC3 and df
# follow it, and so do the weights of several judges, which are shrunk by it.
untouched <- function(case, what) {
  if (is.null(case$prob)) return(what)
  if (length(case$y_proxies) > 0 && NROW(case$y_proxies) > 1L) return(character())
  setdiff(what, c("df", "hc3"))
}

test_that("groups equal the reference, with their covariance", {
  for (case in read_reference("groups.json")$cases) {
    fit <- group_case(case, "by")
    e <- case$expected
    number <- function(field) vapply(fit$quantities, function(q) q$inference[[field]], 0)
    for (what in untouched(case, c("estimate", "df"))) {
      expect_relative(number(what), e[[what]], 1e-10, paste(case$id, what))
    }
    kinds <- c(plain = "vcov", hc2 = "vcov_hc2", hc3 = "vcov_hc3")
    for (kind in untouched(case, names(kinds))) {
      expect_equal(unname(vcov(fit, kind)), e[[kinds[[kind]]]], tolerance = 1e-10)
    }
  }
})

test_that("every row is what estimate_mean() says of its rows, in every design", {
  for_each_design(function(data, info) {
    data$group <- c("u", "v")[1 + (seq_len(nrow(data)) %% 2)]
    formula <- stats::reformulate(judge_names(data), "human")
    groups <- quiet(estimate_groups(formula, data, by = group, strata = data$stratum,
                                    clusters = data$cluster, prob = data$prob))
    for (g in c("u", "v")) {
      one <- fit_data(data[data$group == g, ])
      row <- tidy(groups)[tidy(groups)$term == g, ]
      expect_relative(c(row$estimate, row$std.error, row$conf.low, row$conf.high, row$n_effective),
                      c(one$estimate, one$std_error, one$conf_low, one$conf_high, one$n_effective),
                      1e-9, paste(info, g))
    }
  })
})

test_that("one group is estimate_mean()", {
  set.seed(2)
  data <- design_data(n = 200, binary = TRUE)
  one <- quiet(estimate_groups(human ~ judge_1, data, by = rep("all", 200)))
  mean <- quiet(estimate_mean(human ~ judge_1, data))
  expect_equal(unname(confint(one)), unname(confint(mean)))
  expect_equal(unname(coef(one)), mean$estimate)
  expect_error(compare_groups(one), class = "judicious_error_groups")
})

test_that("groups that share no cluster do not covary, groups that are copies have no difference", {
  set.seed(3)
  data <- design_data(n = 240, binary = TRUE)
  data$group <- rep(c("a", "b"), 120)
  apart <- quiet(estimate_groups(human ~ judge_1, data, by = group))
  expect_identical(vcov(apart)[1, 2], 0)
  twice <- rbind(data, data)
  twice$group <- rep(c("x", "y"), each = 240)
  twice$item <- rep(1:240, 2)
  same <- quiet(estimate_groups(human ~ judge_1, twice, by = group, clusters = item))
  v <- vcov(same, "plain")
  expect_equal(v[1, 1] + v[2, 2] - 2 * v[1, 2], 0, tolerance = 1e-12)
  compared <- compare_groups(same)
  expect_equal(compared$estimate, 0)
  expect_equal(compared$std.error, 0)
  expect_gt(compared$conf.high, 0)
})

test_that("summaries of groups, and merged ones, give the same groups", {
  set.seed(4)
  data <- design_data(n = 400, judges = 2)
  data$group <- rep(c("b", "a", "c", "d"), 100)
  whole <- quiet(estimate_groups(human ~ judge_1 + judge_2, data, by = group))
  parts <- split(data, rep(1:2, 200))
  merged <- do.call(c, lapply(unname(parts), function(d) {
    summarise_labels(human ~ judge_1 + judge_2, d, by = group)
  }))
  again <- quiet(estimate_groups(merged))
  expect_equal(coef(again)[names(coef(whole))], coef(whole), tolerance = 1e-10)
})

test_that("intervals that hold together are wider, and use the largest |t|", {
  set.seed(5)
  data <- data.frame(group = rep(letters[1:5], each = 60), human = rnorm(300))
  groups <- estimate_groups(human ~ 1, data, by = group)
  alone <- confint(groups)
  set.seed(1)
  all <- confint(groups, simultaneous = TRUE)
  expect_true(all(all[, 1] < alone[, 1] & all[, 2] > alone[, 2]))
  # Independent groups on the smallest df: near Sidak's level.
  half <- (all[, 2] - all[, 1]) / 2 / tidy(groups)$std.error
  expect_equal(unname(half), rep(stats::qt(1 - (1 - 0.95^(1 / 5)) / 2, 59), 5), tolerance = 0.02)
  set.seed(1)
  expect_identical(confint(groups, simultaneous = TRUE), all)
})

test_that("rows can be taken, shown and plotted", {
  set.seed(6)
  data <- design_data(n = 300, binary = TRUE)
  data$group <- rep(c("new", "old", "older"), 100)
  groups <- quiet(estimate_groups(human ~ judge_1, data, by = group, metric = "Error rate"))
  two <- groups[c("older", "new")]
  expect_identical(names(coef(two)), c("older", "new"))
  expect_equal(vcov(two)[1, 1], vcov(groups)["older", "older"])
  expect_error(groups["newer"], class = "judicious_error_rows")
  expect_error(groups[c(1, 1)], class = "judicious_error_rows")
  expect_identical(format(groups)[1], "Error rate by group")
  expect_s3_class(ggplot2::autoplot(groups), "ggplot")
  expect_identical(names(tidy(groups))[1:5],
                   c("term", "estimate", "std.error", "conf.low", "conf.high"))
  expect_identical(glance(groups)$n_estimates, 3L)
  expect_identical(sum(nobs(groups)), as.double(sum(!is.na(data$human))))
})

test_that("misuse is named", {
  data <- data.frame(human = c(1, 0, 1, NA, NA, NA, 0, 1), group = rep(c("a", "b"), 4),
                     x = 1:8 / 7)
  expect_error(estimate_groups(human ~ 1, data), class = "judicious_error_missing_argument")
  data$none <- ifelse(is.na(data$human), "unlabelled", "labelled")
  error <- tryCatch(estimate_groups(human ~ 1, data, by = none), error = identity)
  expect_s3_class(error, "judicious_error_no_labels")
  expect_match(conditionMessage(error), "unlabelled")
  expect_message(kept <- estimate_groups(human ~ 1, data, by = none, empty = "drop"),
                 class = "judicious_message_dropped_groups")
  expect_identical(names(coef(kept)), "labelled")
  long <- data.frame(human = rep(0:1, 150), x = seq_len(300) / 7)
  expect_error(estimate_groups(human ~ 1, long, by = x), class = "judicious_error_groups")
  expect_error(estimate_groups(human ~ 1, long, by = x, max_groups = 500),
               class = "judicious_error_few_labels")
  spelt <- data.frame(human = rep(0:1, 30), system = rep(c("GPT", "gpt ", "other"), 20))
  expect_warning(estimate_groups(human ~ 1, spelt, by = system), class = "judicious_warning_groups")
  expect_error(estimate_groups(human ~ 1, spelt, by = c("a", "b")),
               class = "judicious_error_length")
  spelt$system[3] <- NA
  expect_error(estimate_groups(human ~ 1, spelt, by = system), class = "judicious_error_missing_id")
  groups <- quiet(estimate_groups(human ~ 1, data, by = group))
  expect_error(compare_groups(groups, against = "z"), class = "judicious_error_choice")
  expect_error(rank_groups(groups), class = "judicious_error_missing_argument")
  expect_error(rank_groups(groups, better = "up"), class = "judicious_error_choice")
  expect_error(compare_groups(data), class = "judicious_error_type")
  expect_error(estimate_groups(human ~ 1, data, by = group, interval = "bootstrap"),
               class = "judicious_error_choice")
  expect_error(estimate_groups(human ~ 1, data, by = group, range = c(0, 0.5)),
               class = "judicious_error_range")
})

test_that("strata are asked for in every group", {
  data <- data.frame(human = c(rep(0:1, 8), NA, NA), group = rep(c("a", "b"), 9),
                     stratum = c(rep("s", 16), "t", "t"))
  error <- tryCatch(estimate_groups(human ~ 1, data, by = group, strata = stratum),
                    error = identity)
  expect_s3_class(error, "judicious_error_no_labels")
  expect_match(conditionMessage(error), "stratum \"t\"")
})
