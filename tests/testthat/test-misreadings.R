# The list of what estimates once misread in silence. A new misreading gets a line here: what a user
# typed, and the class of the error or warning that now tells it. Each kind has inputs that differ,
# and what looks alike but is meant must stay silent.

misread_data <- function(n = 400, n_labelled = 120) {
  withr::with_seed(11, {
    data <- simulate_binary(n, true_mean = 0.3, proxy_mean = 0.3, correlation = 0.6)
    data$human <- reveal_labels(data$y_true, sample_uniform(n, n_labelled))
    data$judge <- data$y_proxy
    data$score <- round(stats::rnorm(n), 3)
    data$language <- rep(c("en", "de"), n / 2)
    data$item_id <- sprintf("item_%03d", seq_len(n))
    data
  })
}

data <- misread_data()

expect_refused <- function(object, class) {
  expect_error(object, class = paste0("judicious_error_", class))
}

expect_told <- function(object, class) {
  expect_warning(object, class = paste0("judicious_warning_", class))
}

# Names of the misreadings that a call warns of.
told <- function(expr) {
  found <- character()
  withCallingHandlers(expr, judicious_warning = function(cnd) {
    found <<- c(found, class(cnd)[1])
    rlang::cnd_muffle(cnd)
  })
  found
}

test_that("values that stand for unlabelled are told", {
  for (code in c(-1, 9, 99, -99)) {
    coded <- replace(data$human, is.na(data$human), code)
    expect_told(fit <- estimate_mean(coded ~ judge, data), "all_labelled")
    expect_no_match(fit$method, "PPI")
    expect_no_match(format(fit), "PPI")
  }
  for (word in c("", "unlabelled", "not labelled", "N/A")) {
    text <- c("no", "yes")[data$human + 1]
    coded <- replace(text, is.na(text), word)
    expect_refused(estimate_mean(coded ~ judge, data), "type")
    expect_refused(estimate_mean(factor(coded) ~ judge, data), "type")
    flags <- factor(ifelse(is.na(data$human), word, "labelled"))
    expect_refused(estimate_mean(flags ~ judge, data), "unlabelled_code")
    # TRUE or FALSE for every row
    expect_told(estimate_mean((coded == "yes") ~ judge, data), "all_labelled")
  }
  some <- replace(data$human, which(is.na(data$human))[1:100], 9)
  expect_told(estimate_mean(some ~ judge, data), "label_code")
  expect_told(estimate_mean(replace(some, some %in% 9, 2) ~ judge, data), "label_code")
  expect_identical(told(estimate_mean(I(human * 4 + 1) ~ score, data)), character())
})

test_that("what is.na() calls missing is missing, as in haven's user-defined values", {
  registerS3method("is.na", "judicious_test_na", function(x) unclass(x) %in% c(9, NA),
                   envir = asNamespace("base"))
  coded <- structure(replace(data$human, is.na(data$human), 9),
                     class = c("judicious_test_na", "vctrs_vctr"))
  expect_identical(estimate_mean(coded ~ data$judge)$estimate,
                   estimate_mean(human ~ judge, data)$estimate)
  labelled <- structure(replace(data$human, is.na(data$human), 9), labels = c("not labelled" = 9),
                        class = "haven_labelled")
  expect_refused(estimate_mean(labelled ~ data$judge), "unlabelled_code")
})

test_that("results that used no judge do not carry a judge's name", {
  labelled <- stats::na.omit(data[c("human", "judge", "score")])
  expect_told(fit <- estimate_mean(human ~ judge, labelled), "all_labelled")
  expect_identical(fit$method, "Classical mean")
  expect_told(fit <- estimate_mean(human ~ judge + score, labelled), "all_labelled")
  expect_no_match(format(fit), "PPI")
  expect_identical(told(estimate_mean(human ~ judge, labelled, prob = rep(0.3, 120))),
                   paste0("judicious_warning_", c("not_random", "all_labelled")))
  expect_snapshot(estimate_mean(human ~ judge, labelled))
  expect_identical(told(estimate_mean(human ~ 1, labelled)), character())
})

test_that("reversed levels are told with their way out", {
  human <- factor(data$human, 0:1, c("no", "yes"))
  verdict <- factor(ifelse(data$judge == 1, "FAIL", "PASS"))
  expect_snapshot(suppressMessages(estimate_mean(human ~ verdict)))
  expect_told(estimate_mean(human ~ I(1 - judge), data), "reversed")
  expect_told(estimate_mean(human ~ I(1 - judge), data, power_tuning = FALSE), "reversed")
  expect_told(estimate_mean(human ~ I(5 - judge - score / 10), data), "reversed")
  expect_told(estimate_mean(human ~ (judge == 0) + score, data), "reversed")
  turned <- factor(verdict, levels = c("PASS", "FAIL"))
  expect_identical(told(suppressMessages(estimate_mean(human ~ turned))), character())
  expect_identical(told(estimate_mean(human ~ score, data)), character())
  # A covariate beside the judge may have any sign.
  expect_identical(told(estimate_mean(human ~ judge + I(-judge - score), data)), character())
})

test_that("operators of other formulas are refused, never a product or a dropped term", {
  refused <- c(
    "judge + (1 | language)", "judge + (1 || item_id)", "judge | language", "judge - score",
    "judge - 1", "-judge", "judge / score", "judge %in% score", "judge * score", "judge:score",
    "(judge + score)^2", "0 + judge", "judge + 2", "judge + offset(score)", "strata(language)",
    "judge + cluster(item_id)", "Error(item_id)", "human", "'judge'", "."
  )
  for (rhs in refused) {
    formula <- stats::as.formula(paste("human ~", rhs))
    expect_error(estimate_mean(formula, data), class = "judicious_error_formula", info = rhs)
  }
  expect_s3_class(quiet(estimate_mean(human ~ I(judge * score) + I(judge > 0 | score > 1), data)),
                  "judicious_estimate")
  expect_snapshot(estimate_mean(human ~ judge + (1 | language), data), error = TRUE)
  expect_snapshot(estimate_mean(human ~ ., data[c("human", "judge", "item_id")]), error = TRUE)
  ids <- data.frame(human = data$human, judge = data$judge, nr = seq_len(400))
  names(ids)[3] <- "lfd"
  expect_refused(estimate_mean(human ~ ., ids), "formula")
  expect_length(estimate_mean(human ~ ., data[c("human", "judge", "score")])$lambda, 2)
})

test_that("several human labels of one item are told", {
  labels <- data.frame(item_id = rep(data$item_id[!is.na(data$human)], each = 3))
  labels$label <- withr::with_seed(1, stats::rbinom(nrow(labels), 1, 0.3))
  joined <- merge(data, labels, all.x = TRUE)
  expect_snapshot(estimate_mean(label ~ judge, joined))
  expect_told(estimate_mean(label ~ 1, joined), "repeated_items")
  # Without an id: the scores of the judge recur.
  joined$score <- joined$score + as.integer(factor(joined$item_id)) * 1e-7
  expect_told(estimate_mean(joined$label ~ joined$score), "repeated_items")
  expect_identical(told(estimate_mean(label ~ judge, joined, clusters = item_id)), character())
  # One human label, several draws of the judge.
  draws <- data[rep(seq_len(400), each = 4), ]
  draws$judge <- withr::with_seed(2, stats::rbinom(1600, 1, 0.3))
  expect_told(estimate_mean(human ~ judge, draws), "repeated_items")
  # Turns of conversations are dependent, but no repeated labels.
  turns <- transform(data, conversation = rep(1:80, each = 5), user = rep(letters[1:20], 20))
  expect_identical(told(estimate_mean(human ~ judge, turns)), character())
})

test_that("judges that did not answer have a valid way out", {
  data$b <- replace(data$judge, withr::with_seed(3, sample(400, 150)), NA)
  expect_error(estimate_mean(human ~ b, data), "ifelse\\(is.na\\(b\\), 0, b\\) \\+ is.na\\(b\\)",
               class = "judicious_error_finite")
  marked <- estimate_mean(human ~ b, data, missing_judge = "indicator")
  spelt <- estimate_mean(human ~ ifelse(is.na(b), 0, b) + is.na(b), data)
  same <- c("estimate", "std_error", "conf_low", "conf_high", "df", "n_effective")
  expect_identical(marked[same], spelt[same])
  expect_identical(marked$n_proxy, 250)
  expect_match(marked$flags, "150 of 400", all = FALSE)
  two <- estimate_mean(human ~ b + judge, data, missing_judge = "indicator", strata = language)
  expect_identical(colnames(two$lambda), c("b", "is.na(b)", "judge"))
  expect_identical(two$n_proxy, 400)
  expect_equal(estimate_mean(human ~ judge, data, missing_judge = "indicator")$estimate,
               estimate_mean(human ~ judge, data)$estimate)
})

test_that("items that a judge did not answer are not counted as its labels", {
  answers <- data.frame(item_id = 1:400, judge = "g", label = ifelse(data$judge > 0.5, "y", "n"),
                        human = ifelse(data$human > 0.5, "y", "n"))
  answers$label[c(1:90, 395:400)] <- NA
  answers <- quietly(as_judgments(answers, item = item_id, judge = judge, label = label,
                                  human = human, task = rating_task(c("y", "n"), positive = "y")))
  one <- quietly(estimate_mean(human ~ g, answers))
  expect_identical(one$n_proxy, 304)
  expect_output(print(one), "304 judge labels")
  expect_identical(quietly(estimate_mean(human ~ 1, answers))$n_proxy, 0)
})

test_that("secondary numbers keep their meaning", {
  data$part <- c(rep(1:4, 99), 1:3, 5)
  data$human <- ifelse(data$part >= 4, data$y_true, data$human)
  fit <- estimate_mean(human ~ judge, data, strata = part, population = "finite")
  expect_identical(fit$strata$std_error[4:5], c(0, 0))
  expect_equal(sum(fit$strata$weight^2 * fit$strata$std_error^2), fit$inference$variance)
  expect_refused(estimate_mean(human ~ judge, data, strata = part), "few_labels")
  near <- data$score + 1e-6 * seq_len(400)
  known <- replace(data$score, is.na(data$human), NA)
  expect_lte(estimate_mean(known ~ near, population = "finite")$n_effective, 400)
  prob <- replace(rep(0.3, 400), which(!is.na(data$human))[1], 1e-6)
  for (preset in c("recommended", "published")) {
    fit <- quiet(estimate_mean(human ~ judge, data, prob = prob, preset = preset))
    expect_lt(fit$n_effective, fit$n_true)
  }
})

test_that("arguments that ask for nothing are refused", {
  fit <- function(...) estimate_mean(human ~ judge, data, ...)
  expect_refused(fit(boot_interval = "bca"), "no_effect")
  expect_refused(fit(n_boot = 500), "no_effect")
  expect_refused(fit(skew = TRUE), "no_effect")
  expect_refused(fit(skew = TRUE, interval = "beta"), "no_effect")
  expect_refused(fit(lonely = "pool"), "no_effect")
  expect_refused(fit(pool_strata = TRUE), "no_effect")
  expect_refused(fit(center = TRUE), "no_effect")
  expect_refused(estimate_mean(human ~ 1, data, power_tuning = "optimal"), "no_effect")
  expect_refused(estimate_mean(human ~ 1, data, missing_judge = "indicator"), "no_effect")
  expect_s3_class(fit(pool_strata = FALSE, center = FALSE, skew = FALSE), "judicious_estimate")
})

test_that("near misses are met with what was meant", {
  expect_error(estimate_mean(human ~ judge, data, stata = language), "strata",
               class = "judicious_error_argument")
  expect_error(estimate_mean(human ~ judje, data), "Did you mean", class = "judicious_error_column")
  expect_error(estimate_mean(human ~ judge, data, interval = "betta"), "Did you mean",
               class = "judicious_error_choice")
  expect_error(estimate_mean(human ~ judge, data, prob = pi), "constant",
               class = "judicious_error_column")
  expect_refused(estimate_mean(human ~ judge, data, strata = letters), "column")
  for (bare in c("language", "score")) {
    expect_error(estimate_mean(human ~ judge, data, clusters = !!bare), "bare name",
                 class = "judicious_error_column")
  }
  expect_error(estimate_mean(human ~ judge, data, strata = c(language, item_id)),
               "data.frame\\(a, b\\)", class = "judicious_error_length")
  for (value in list(NA, character(), NA_character_, c("t", "beta"), 1, list())) {
    expect_refused(estimate_mean(human ~ judge, data, preset = value), "choice")
    expect_refused(sample_active(1:9, 3, method = value), "choice")
    expect_refused(agree_cohen_kappa(1:9, 1:9, weights = value), "choice")
  }
})

test_that("methods honour what their generics ask for", {
  fit <- estimate_mean(human ~ judge, data)
  expect_identical(confint(fit, 0.9), confint(fit, level = 0.9))
  expect_identical(confint(fit, 1, 0.9), confint(fit, "Mean of human", level = 0.9))
  expect_refused(confint(fit, "other"), "parm")
  expect_identical(tidy(fit, conf.level = 0.8), tidy(fit, conf_level = 0.8))
  expect_false(any(grepl("conf", names(tidy(fit, conf.int = FALSE)))))
  expect_refused(tidy(fit, exponentiate = TRUE), "argument")
  expect_identical(formula(fit), human ~ judge, ignore_attr = TRUE)
  expect_identical(update(fit, interval = "t")$interval, "t")
  expect_named(update(fit, . ~ . + score)$lambda, c("judge", "score"))
  expect_identical(update(fit, strata = language)$strata$stratum, c("de", "en"))
  rows <- augment(fit, data)
  expect_equal(mean(rows$.fitted), fit$estimate_raw)
  expect_identical(is.na(rows$.resid), is.na(data$human))
  strata <- estimate_mean(human ~ judge + score, data, strata = language)
  expect_equal(as.vector(tapply(augment(strata)$.fitted, data$language, mean)),
               strata$strata$estimate)
})

test_that("what does not fit into memory is refused before it is allocated", {
  withr::local_options(judicious.memory_limit = 1e6)
  expect_refused(sample_uniform(1e6, 10), "memory")
  expect_refused(simulate_binary(1e6, 0.5, 0.5, 0.3), "memory")
  expect_refused(simulate_gaussian(1e6, 0, 1, 0, 1, 0.3), "memory")
  expect_refused(simulate_binary_strata(c(1e6, 10), 0.5, 0.5, 0.3), "memory")
  expect_identical(nrow(sample_uniform(100, 10)), 100L)
})

test_that("messages survive braces and any value in them", {
  odd <- c("{x}", "}", "{", "{.arg a}", "{1 + 1}", "{stop()}", "{{x}}", "%s", "\\{", "a {b} c")
  for (text in odd) {
    frame <- stats::setNames(data.frame(data$human, data$judge), c(text, "judge"))
    expect_refused(estimate_mean(human ~ judge, frame), "column")
    expect_refused(estimate_mean(human ~ judge, data, preset = text), "choice")
    expect_refused(estimate_mean(human ~ judge, data, strata = text), "length")
    expect_refused(estimate_mean(rep(text, 400) ~ judge, data), "type")
    named <- stats::setNames(list(1), text)
    expect_refused(do.call(estimate_mean, c(list(human ~ judge, data), named)), "argument")
    fit <- estimate_mean(human ~ judge, data, metric = text)
    expect_match(format(fit)[1], text, fixed = TRUE)
    expect_match(names(coef(fit)), text, fixed = TRUE)
  }
  task <- rating_task(c("a", "b"), "a")
  expect_refused(simulate_ratings(task, n_ratings = Inf), "range")
  expect_refused(simulate_ratings(task, n_items = NaN), "type")
  expect_refused(sample_uniform(Inf, 3), "range")
})

test_that("the way out for text names what counts as 0 first", {
  hint <- function(words) {
    data$human <- ifelse(is.na(data$human), NA, words[1 + data$human])
    conditionMessage(expect_error(estimate_mean(human ~ judge, data), class = "judicious_error"))
  }
  expect_match(hint(c("wrong", "correct")), "levels = c(\"wrong\", \"correct\")", fixed = TRUE)
  expect_match(hint(c("safe", "unsafe")), "levels = c(\"unsafe\", \"safe\")", fixed = TRUE)
  expect_match(hint(c("No", "Yes")), "levels = c(\"No\", \"Yes\")", fixed = TRUE)
  expect_match(hint(c("red", "blue")), "levels = c(\"blue\", \"red\")", fixed = TRUE)
})

test_that("a range far wider than 0 and 1 is told", {
  expect_told(estimate_mean(human ~ judge, data, range = c(0, 100)), "wide_range")
  expect_told(estimate_mean((human == 1) ~ judge, data, range = c(1, 5) - 1), "wide_range")
  expect_identical(told(estimate_mean(human ~ judge, data, range = c(0, 1))), character())
  expect_identical(told(estimate_mean(I(100 * human) ~ judge, data, range = c(0, 100))),
                   character())
})

test_that("labelled rows are found in columns of every type", {
  y <- c(NA, 1, NA, NA, 0, rep(NA, 3000), 1)
  rows <- function(values, ..., shift = 0L) {
    labelled_rows_cpp(new_column(values, "y", shift = shift), length(y), ...)
  }
  expect_identical(rows(y, length(y)), c(2, 5, 3006))
  expect_identical(rows(as.integer(y), 2), c(2, 5))
  expect_identical(rows(y == 1, length(y)), c(2, 5, 3006))
  expect_identical(rows(factor(y), 1, shift = 1L), 2)
  expect_length(rows(rep(NA_real_, length(y)), 10), 0)
})

test_that("a lazy table without a connection is no table", {
  skip_if_not_installed("dbplyr")
  for (table in list(structure(list(), class = "tbl_lazy"),
                     structure(list(1), class = c("tbl_sql", "tbl_lazy", "tbl")))) {
    expect_refused(estimate_mean(human ~ judge, table), "type")
    expect_refused(summarise_labels(human ~ judge, table), "type")
    expect_refused(estimate_ratio(human ~ judge, other ~ judge, table), "type")
    expect_refused(estimate_performance(human ~ judge, table, predicted = flag), "type")
    expect_refused(estimate_quantile(human ~ judge, table), "type")
  }
})
