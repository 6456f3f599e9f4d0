# How designs are read, and what is said about every mistake.

make_data <- function(n = 200, n_labelled = 50) {
  set.seed(42)
  data <- simulate_binary(n, true_mean = 0.3, proxy_mean = 0.25, correlation = 0.6)
  data$human <- data$y_true
  data$human[-seq_len(n_labelled)] <- NA
  data$judge <- data$y_proxy
  data$score <- round(stats::rnorm(n), 3)
  data$language <- rep(c("en", "de"), n / 2)
  data$conversation <- rep(seq_len(n / 5), each = 5)
  data
}

data <- make_data()

test_that("labels may be logical, integer, double or a two-level factor", {
  reference <- estimate_mean(human ~ judge, data)
  same <- function(fit) expect_equal(fit$estimate, reference$estimate, tolerance = 1e-15)
  same(estimate_mean(as.logical(human) ~ judge, data))
  same(estimate_mean(as.integer(human) ~ as.integer(judge), data))
  same(estimate_mean(as.double(human) ~ as.logical(judge), data))
  same(quiet(estimate_mean(factor(human, 0:1, c("ok", "bad")) ~ factor(judge), data)))
  same(estimate_mean(ifelse(is.na(human), NaN, human) ~ judge, data))
})

test_that("which factor level counts as 1 is said once", {
  rlang::local_options(rlib_message_verbosity = "default")
  labels <- factor(data$human, 0:1, c("fine_once", "wrong_once"))
  expect_message(estimate_mean(labels ~ judge, data), "wrong_once",
                 class = "judicious_message_factor")
  expect_no_message(estimate_mean(labels ~ judge, data), class = "judicious_message_factor")
})

test_that("vectors, data frames, expressions and pronouns are the same data", {
  reference <- estimate_mean(human ~ judge, data, strata = language)
  human <- data$human
  judge <- data$judge
  expect_equal(estimate_mean(human ~ judge, strata = data$language)$estimate, reference$estimate)
  expect_equal(estimate_mean(.data$human ~ .data$judge, data, strata = .data$language)$estimate,
               reference$estimate)
  wrapped <- function(data, by) estimate_mean(human ~ judge, data, strata = {{ by }})
  expect_equal(wrapped(data, language)$estimate, reference$estimate)
  expect_equal(estimate_mean(human ~ judge, data, strata = toupper(language))$estimate,
               reference$estimate)
})

test_that("the right-hand side takes transformations, products, matrices and dots", {
  plain <- estimate_mean(human ~ judge, data)
  expect_equal(estimate_mean(human ~ I(judge / 10), data)$estimate, plain$estimate)
  expect_equal(unname(estimate_mean(human ~ I(judge / 10), data)$lambda),
               10 * unname(plain$lambda))
  two <- estimate_mean(human ~ judge + score, data)
  expect_equal(estimate_mean(human ~ cbind(judge, score), data)$estimate, two$estimate)
  expect_equal(estimate_mean(human ~ data[c("judge", "score")], data)$estimate, two$estimate)
  expect_equal(estimate_mean(human ~ ., data[c("human", "judge", "score")])$estimate, two$estimate)
  crossed <- estimate_mean(human ~ judge + score + I(judge * score), data)
  data$product <- data$judge * data$score
  expect_equal(crossed$estimate, estimate_mean(human ~ judge + score + product, data)$estimate)
  expect_named(crossed$lambda, c("judge", "score", "I(judge * score)"))
})

test_that("nothing of the user's is changed", {
  before <- unserialize(serialize(data, NULL))  # shares no memory with data
  quiet(estimate_mean(human ~ judge, data, strata = language, clusters = conversation))
  quiet(estimate_mean(as.logical(human) ~ judge + score, data, prob = rep(0.3, 200)))
  expect_identical(data, before)
})

expect_refused <- function(object, class) {
  expect_error(object, class = paste0("judicious_error_", class))
}

test_that("mistakes in the formula and the data are named", {
  expect_refused(estimate_mean("human", data), "formula")
  expect_refused(estimate_mean(~judge, data), "formula")
  expect_refused(estimate_mean(human ~ 0 + judge, data), "formula")
  expect_refused(estimate_mean(human ~ judge + offset(score), data), "formula")
  expect_refused(estimate_mean(human ~ nobody, data), "column")
  expect_refused(estimate_mean(human ~ judge, data, strata = nobody), "column")
  expect_refused(estimate_mean(human ~ judge, as.list(data)), "type")
  expect_refused(estimate_mean(human ~ language, data), "type")
  expect_refused(estimate_mean(human ~ mean, data), "type")
  expect_refused(estimate_mean(cbind(human, judge) ~ 1, data), "type")
  expect_refused(estimate_mean(human ~ factor(score), data), "type")
  expect_refused(estimate_mean(human ~ Sys.Date(), data), "type")
  wide <- structure(as.double(data$judge), class = "integer64")
  expect_refused(estimate_mean(human ~ wide, data), "type")
  expect_refused(estimate_mean(data$human ~ data$judge[1:10]), "length")
  expect_refused(estimate_mean(human ~ judge, data[0, ]), "empty")
  expect_error(estimate_mean(human ~ judge, data, stata = language), "stata")
})

test_that("mistakes in values are named with their row", {
  bad <- data
  bad$judge[7] <- NA
  expect_snapshot(estimate_mean(human ~ judge, bad), error = TRUE)
  bad <- data
  bad$human[3] <- -Inf
  expect_snapshot(estimate_mean(human ~ judge, bad), error = TRUE)
  expect_refused(estimate_mean(score * 1e200 ~ judge, data), "finite")
  expect_refused(estimate_mean(human ~ judge, data, range = c(0, 0.5)), "range")
  expect_refused(estimate_mean(human ~ judge, data, range = 1), "range")
})

test_that("strata and clusters are checked", {
  bad <- replace(data$language, 9, NA)
  expect_snapshot(estimate_mean(human ~ judge, data, strata = bad), error = TRUE)
  expect_error(estimate_mean(human ~ judge, data, clusters = replace(conversation, 4, NA)),
               "row 4", class = "judicious_error_missing_id")
  expect_refused(estimate_mean(human ~ judge, data, strata = c("a", "b")), "length")
  expect_refused(estimate_mean(human ~ judge, data, strata = mean), "type")
  expect_refused(estimate_mean(human ~ judge, data, strata = score > 5 | seq_along(score) == 60),
                 "no_labels")
  expect_refused(estimate_mean(human ~ judge, data, estimand = "clusters"), "design")
  mixed <- rep(1:100, 2)
  expect_refused(estimate_mean(human ~ judge, data, clusters = mixed, estimand = "clusters"),
                 "design")
  expect_s3_class(estimate_mean(human ~ 1, data, clusters = mixed, estimand = "clusters"),
                  "judicious_estimate")
  expect_refused(
    estimate_mean(human ~ judge, data, strata = language, strata_weights = c(en = 0.5, de = 0.4)),
    "weights"
  )
  expect_refused(
    estimate_mean(human ~ judge, data, strata = language, strata_weights = c(en = 0.5, fr = 0.5)),
    "length"
  )
  expect_refused(estimate_mean(human ~ judge, data, strata_weights = c(a = 1)), "design")
})

test_that("a stratum with too few labels is named, and can borrow its variance", {
  strata <- ifelse(seq_len(200) %in% c(1, 60:90), "rare", "common")
  expect_snapshot(estimate_mean(human ~ judge, data, strata = strata), error = TRUE)
  fit <- estimate_mean(human ~ judge, data, strata = strata, lonely = "pool",
                       power_tuning = 0, interval = "normal")
  common <- stats::var(data$human[2:50]) / 49
  share <- c(31 + 1, 200 - 32) / 200
  expect_equal(fit$std_error^2, share[1]^2 * 49 * common + share[2]^2 * common)
  expect_refused(estimate_mean(human ~ judge, data, lonely = "pool",
                               strata = rep(c("none", "all"), c(150, 50))[200:1]), "no_labels")
})

test_that("probabilities are checked", {
  prob <- rep(0.25, 200)
  expect_refused(estimate_mean(human ~ judge, data, prob = 0.25), "length")
  expect_refused(estimate_mean(human ~ judge, data, prob = as.character(prob)), "type")
  expect_error(estimate_mean(human ~ judge, data, prob = replace(prob, 8, 1.5)), "Row 8",
               class = "judicious_error_prob")
  expect_refused(estimate_mean(human ~ judge, data, prob = replace(prob, 8, -0.1)), "prob")
  expect_refused(estimate_mean(human ~ judge, data, prob = replace(prob, 8, 0)), "prob")
  expect_refused(estimate_mean(human ~ judge, data, prob = replace(prob, 8, NA)), "prob")
  expect_refused(estimate_mean(human ~ judge, data, prob = replace(prob, 80, 1)), "prob")
  zero <- replace(prob, 101:110, 0)
  expect_warning(fit <- estimate_mean(human ~ judge, data, prob = zero), "10 unlabelled rows",
                 class = "judicious_warning_dropped")
  expect_equal(fit$estimate, estimate_mean(human ~ judge, data[-(101:110), ],
                                           prob = prob[-(101:110)])$estimate)
  expect_message(estimate_mean(human ~ judge, data, prob = replace(prob, 101:110, NA)),
                 "10 rows", class = "judicious_message_dropped")
  expect_warning(estimate_mean(human ~ judge, data, prob = replace(prob, 8, 1e-5)),
                 class = "judicious_warning_weights")
})

test_that("useless judges and scarce labels are told", {
  data$flat <- 1
  expect_warning(fit <- estimate_mean(human ~ flat, data), "flat",
                 class = "judicious_warning_constant_judge")
  expect_equal(fit$estimate, mean(data$human[1:50]))
  expect_equal(fit[c("conf_low", "conf_high")],
               estimate_mean(human ~ 1, data)[c("conf_low", "conf_high")])
  few <- make_data(n_labelled = 6)
  expect_warning(estimate_mean(human ~ judge, few), "6 labels",
                 class = "judicious_warning_few_labels")
  judges <- cbind(few$judge, few$score, few$score^2, sin(few$score), cos(few$score))
  expect_warning(fit <- estimate_mean(few$human ~ judges), "alone",
                 class = "judicious_warning_few_labels")
  expect_identical(unname(fit$lambda), rep(0, 5))
})

test_that("constant labels give the exact interval of the labels alone", {
  none <- replace(data$human, 1:50, 0)
  expect_message(fit <- estimate_mean(none ~ judge, data),
                 class = "judicious_message_constant_labels")
  expect_identical(fit$estimate, 0)
  expect_identical(unname(fit$lambda), 0)
  expect_equal(c(fit$conf_low, fit$conf_high),
               as.vector(stats::binom.test(0, 50)$conf.int), tolerance = 1e-12)
  for (interval in c("t", "normal")) {
    expect_identical(quiet(estimate_mean(none ~ judge, data, interval = interval))$interval, "beta")
  }
  expect_warning(fit <- estimate_mean(I(none + 0.5) ~ judge, data),
                 class = "judicious_warning_constant_labels")
  expect_identical(c(fit$conf_low, fit$conf_high), c(NA_real_, NA_real_))
  expect_refused(test_mean(fit, 0.4), "undefined")
  declared <- quiet(estimate_mean(I(none + 3) ~ judge, data, range = c(1, 5)))
  expect_identical(declared$interval, "beta")
  expect_identical(declared$estimate, 3)
})

test_that("an estimate outside the range is clipped, kept and flagged", {
  y <- c(0, 0, 0, 1, rep(NA, 40))
  judge <- c(0, 0, 1, 1, rep(0, 40))
  fit <- quiet(estimate_mean(y ~ judge, power_tuning = 3))
  expect_identical(fit$estimate, 0)
  expect_lt(fit$estimate_raw, 0)
  expect_match(fit$flags, "outside")
  expect_gte(fit$conf_low, 0)
  published <- quiet(estimate_mean(y ~ judge, power_tuning = 3, preset = "published"))
  expect_identical(published$estimate, fit$estimate_raw)
})
