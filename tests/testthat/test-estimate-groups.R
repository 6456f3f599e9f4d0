# Means of groups: each is that of estimate_mean() on its rows, and they covary where clusters are
# shared.

group_case <- function(case, by, range = NULL) {
  data <- data.frame(y = as.double(case$y_true), by = as.integer(case[[by]]))
  if (length(case$y_proxies) > 0) data$f <- t(case$y_proxies)
  formula <- if (is.null(data$f)) y ~ 1 else y ~ f
  quiet(estimate_groups(formula, data, by = by, strata = case$strata, clusters = case$clusters,
                        prob = case$prob, range = range))
}

test_that("groups equal the reference, with their covariance", {
  for (case in read_reference("groups.json")$cases) {
    fit <- group_case(case, "by")
    e <- expected_groups(case)
    number <- function(field) vapply(fit$quantities, function(q) q$inference[[field]], 0)
    for (what in c("estimate", "df")) {
      expect_relative(number(what), e[[what]], 1e-10, paste(case$id, what))
    }
    kinds <- c(plain = "vcov", hc2 = "vcov_hc2", hc3 = "vcov_hc3")
    for (kind in names(kinds)) {
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

# --- survey --------------------------------------------------------------------------------------

# Labels drawn with known probabilities and a judge of fixed weight, uncentred: every row then has
# one number, whose mean by domain survey knows.
survey_rows <- function() {
  n <- 300
  data <- data.frame(talk = rep(1:50, 6), group = rep(c("u", "v", "w"), each = 100))
  data$stratum <- data$talk %% 2
  data$judge <- rnorm(n) + rnorm(50)[data$talk]
  y <- data$judge + rnorm(n) + 2
  data$p <- runif(n, 0.3, 0.9)
  drawn <- runif(n) < data$p
  data$human <- ifelse(drawn, y, NA)
  weight <- ifelse(drawn, 1 / data$p, 0)
  data$row <- weight * y - 0.7 * (weight - 1) * data$judge
  data
}

test_that("fixed weights agree with survey: domains, their covariance, contrasts and ratios", {
  skip_if_not_installed("survey")
  withr::local_seed(41)
  data <- survey_rows()
  for (strata in c(FALSE, TRUE)) {
    drawn_in <- if (strata) data$stratum
    design <- survey::svydesign(~talk, strata = if (strata) ~stratum, data = data,
                                weights = rep(1, nrow(data)))
    by <- survey::svyby(~row, ~group, design, survey::svymean, covmat = TRUE)
    fit <- quiet(estimate_groups(human ~ judge, data, by = group, clusters = talk, prob = p,
                                 strata = drawn_in, power_tuning = 0.7, center = FALSE))
    if (!strata) {  # survey estimates the sizes of strata that we know
      expect_equal(unname(coef(fit)), unname(stats::coef(by)), tolerance = 1e-12)
      expect_equal(vcov(fit, "plain"), as.matrix(stats::vcov(by)), tolerance = 1e-12,
                   ignore_attr = TRUE)
    }
    difference <- survey::svycontrast(by, c(u = 1, v = -1))
    ours <- compare_groups(fit, against = "v", adjust = "none", interval = "normal")
    expect_equal(c(ours$estimate[1], ours$std.error[1]),
                 as.numeric(c(difference, survey::SE(difference))),
                 tolerance = if (strata) 0.01 else 1e-12)
    ratio <- survey::svycontrast(by, quote(u / v))
    ours <- compare_groups(fit, against = "v", scale = "ratio", adjust = "none",
                           interval = "normal")
    expect_equal(c(ours$estimate[1], ours$std.error[1]), as.numeric(c(ratio, survey::SE(ratio))),
                 tolerance = if (strata) 0.01 else 1e-12)
  }
})

test_that("weights of strata are the population's", {
  withr::local_seed(42)
  data <- design_data(n = 400, strata = 2)
  data$group <- rep(c("u", "v"), each = 200)
  weights <- c("0" = 0.8, "1" = 0.2)
  fit <- quiet(estimate_groups(human ~ judge_1, data, by = group, strata = stratum,
                               strata_weights = weights))
  one <- quiet(estimate_mean(human ~ judge_1, data[data$group == "v", ], strata = stratum,
                             strata_weights = weights))
  expect_equal(unname(coef(fit)["v"]), one$estimate)
  expect_equal(unname(confint(fit)["v", ]), c(one$conf_low, one$conf_high))
  expect_equal(vcov(fit)["v", "v"], one$std_error^2)
  gap <- data[!(data$group == "u" & data$stratum == 1), ]
  expect_error(quiet(estimate_groups(human ~ judge_1, gap, by = group, strata = stratum,
                                     strata_weights = weights)), class = "judicious_error_design")
})

test_that("groups tell what a mean tells", {
  withr::local_seed(43)
  data <- data.frame(item = rep(1:400, 2), system = rep(c("A", "B"), each = 400))
  y <- rbinom(800, 1, 0.4)
  data$judge <- ifelse(runif(800) < 0.9, y, 1 - y)
  data$human <- ifelse(data$item <= 100, y, NA)
  expect_warning(estimate_groups(human ~ judge, data, by = system),
                 class = "judicious_warning_shared_items")
  expect_no_warning(estimate_groups(human ~ judge, data, by = system, clusters = item))
  data$flipped <- 1 - data$judge
  expect_warning(estimate_groups(human ~ flipped, data, by = system, clusters = item),
                 class = "judicious_warning_reversed")
  data$coded <- ifelse(is.na(data$human), -1, data$human)
  expect_warning(estimate_groups(coded ~ judge, data, by = system, clusters = item),
                 class = "judicious_warning_all_labelled")
  data$picked <- ifelse(data$judge == 1 & runif(800) < 0.5 | runif(800) < 0.05, y, NA)
  expect_warning(estimate_groups(picked ~ judge, data, by = system, clusters = item),
                 class = "judicious_warning_not_random")
  # Other items with the same numbers: their names say so.
  data$item <- paste(data$system, data$item)
  expect_no_warning(estimate_groups(human ~ judge, data, by = system))
})

test_that("groups on the same items are not random together, or by chance together", {
  # Ten copies of one judge: their tests are one test, which fails once in 370 draws, not in ten.
  withr::local_seed(44)
  warned <- vapply(1:200, function(draw) {
    judge <- rbinom(300, 1, 0.4)
    data <- data.frame(item = rep(1:300, 10), system = rep(letters[1:10], each = 300),
                       judge = rep(judge, 10), human = rbinom(3000, 1, 0.5))
    data$human[!data$item %in% sample(300, 60)] <- NA
    found <- FALSE
    withCallingHandlers(
      estimate_groups(human ~ judge, data, by = system, clusters = item),
      judicious_warning_not_random = function(w) found <<- TRUE,
      warning = function(w) invokeRestart("muffleWarning")
    )
    found
  }, NA)
  expect_lte(sum(warned), 3)
})

test_that("strata with one labelled unit borrow their variance, as in a mean", {
  set.seed(11)
  n <- 240
  data <- data.frame(s = rep(c("x", "y", "z"), each = 80), g = c("a", "b")[1 + seq_len(n) %% 2],
                     t = rbinom(n, 1, 0.4))
  data$f <- ifelse(runif(n) < 0.8, data$t, 1 - data$t)
  data$y <- ifelse(seq_len(n) %% 80 < 30, data$t, NA)
  thin <- which(data$s == "z" & data$g == "a" & !is.na(data$y))
  data$y[thin[-1]] <- NA
  expect_error(estimate_groups(y ~ f, data, by = g, strata = s), "only one labelled row",
               class = "judicious_error_few_labels")
  groups <- quiet(estimate_groups(y ~ f, data, by = g, strata = s, lonely = "pool"))
  for (g in c("a", "b")) {
    one <- quiet(estimate_mean(y ~ f, data[data$g == g, ], strata = s, lonely = "pool"))
    expect_equal(unname(confint(groups)[g, ]), as.vector(confint(one)))
  }
  # Separate rows: the covariance is diagonal, and differences are those of independent means.
  expect_equal(unname(vcov(groups)["a", "b"]), 0)
  expect_equal(unname(sqrt(diag(vcov(groups)))), tidy(groups)$std.error)
  apart <- compare_groups(groups)
  expect_equal(apart$std.error, sqrt(sum(diag(vcov(groups)))))
  # Where no stratum is lonely it changes nothing.
  whole <- data[data$s != "z", ]
  expect_equal(tidy(estimate_groups(y ~ f, whole, by = g, strata = s, lonely = "pool")),
               tidy(estimate_groups(y ~ f, whole, by = g, strata = s)))
  expect_error(estimate_groups(y ~ f, data, by = g, lonely = "pool"),
               class = "judicious_error_no_effect")
  # A group whose strata all have one has nobody to borrow from.
  poor <- data[data$g == "a", ]
  poor$y[-tapply(which(!is.na(poor$y)), poor$s[!is.na(poor$y)], `[`, 1)] <- NA
  expect_error(estimate_groups(y ~ f, poor, by = g, strata = s, lonely = "pool"),
               class = "judicious_error_few_labels")
  # Shares of two categories are means of 0/1 labels.
  one <- data[data$g == "a", ]
  one$k <- factor(one$y, 0:1, c("no", "yes"))
  one$j <- ifelse(one$f == 1, "yes", "no")
  shares <- quiet(estimate_shares(k ~ j, one, strata = s, lonely = "pool"))
  mean <- quiet(estimate_mean(y ~ f, one, strata = s, lonely = "pool"))
  expect_equal(unname(confint(shares)["yes", ]), as.vector(confint(mean)))
  expect_error(estimate_shares(k ~ j, one, strata = s), "lonely = \"pool\"",
               class = "judicious_error_few_labels")
})

# Of several quantities of one group, all strata but one well labelled.
lonely_rows <- function(prob = FALSE, clusters = FALSE) {
  n <- 300
  data <- data.frame(s = rep(c("w", "x", "y", "z"), each = n / 4), t = rbinom(n, 1, 0.4))
  data$f <- ifelse(runif(n) < 0.8, data$t, 1 - data$t)
  data$flag <- ifelse(runif(n) < 0.7, data$t, 1 - data$t)
  data$unit <- if (clusters) paste(data$s, seq_len(n) %/% 3) else seq_len(n)
  units <- unique(data$unit)
  drawn <- units[runif(length(units)) < 0.3]
  data$y <- ifelse(data$unit %in% drawn, data$t, NA)
  last <- unique(data$unit[data$s == "z" & !is.na(data$y)])
  data$y[data$unit %in% last[-1]] <- NA
  if (prob) data$prob <- stats::ave(runif(n, 0.2, 0.4), data$unit, FUN = function(p) p[1])
  data
}

test_that("borrowed variances and their degrees of freedom are those of means, in every design", {
  set.seed(12)
  for (known in c(FALSE, TRUE)) {
    for (clustered in c(FALSE, TRUE)) {
      data <- lonely_rows(known, clustered)
      args <- list(data = data, strata = data$s, clusters = if (clustered) data$unit,
                   prob = data$prob, lonely = "pool")
      fit <- quiet(do.call(estimate_performance, c(
        list(y ~ f, predicted = data$flag, metrics = c("accuracy", "recall")), args
      )))
      agree <- transform(data, y = as.numeric(y == flag), f = as.numeric(f == flag))
      args$data <- agree
      mean <- quiet(do.call(estimate_mean, c(list(y ~ f), args)))
      info <- paste(known, clustered)
      expect_equal(unname(confint(fit)["accuracy", ]), as.vector(confint(mean)), info = info)
      for (kind in c("plain", "hc2", "hc3")) {
        field <- if (kind == "plain") "variance" else kind
        expect_equal(vcov(fit, kind)["accuracy", "accuracy"], mean$inference[[field]],
                     tolerance = 1e-10, info = info)
      }
      expect_gt(vcov(fit)["recall", "recall"], 0)
      # A group's own degrees of freedom, by way of the joint fit.
      args$data <- data
      summary <- do.call(summarise_labels, c(list(y ~ f), args[names(args) != "lonely"]))
      settings <- list(rule = "optimal", fixed = numeric(), shrink = TRUE, guard = TRUE,
                       pooling = "automatic", center = TRUE, clustered = clustered,
                       estimand = "rows", finite = FALSE, lonely_pool = TRUE,
                       third_moments = FALSE, verdict = FALSE, weights = numeric())
      joint <- joint_fit_cpp(summary$numbers, settings, FALSE, matrix(0, 0, 0), numeric())
      one <- quiet(do.call(estimate_mean, c(list(y ~ f), args)))
      expect_equal(joint$df, one$df, tolerance = 1e-10, info = info)
      expect_equal(joint$vcov[1, 1], one$inference$variance, tolerance = 1e-10, info = info)
    }
  }
})
