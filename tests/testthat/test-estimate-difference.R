# Differences and ratios of two means.

paired_data <- function(n = 200, labelled = 60, binary = TRUE) {
  latent <- rnorm(n)
  score <- function(x) if (binary) as.numeric(x > 0.5) else x
  data <- data.frame(id = seq_len(n), a = score(latent + rnorm(n, 0, 0.4)),
                     b = score(latent + rnorm(n, 0, 0.4)))
  data$judge_a <- score(latent + rnorm(n, 0, 0.6))
  data$judge_b <- score(latent + rnorm(n, 0, 0.6))
  data$a[-seq_len(labelled)] <- NA
  data$b[-seq_len(labelled)] <- NA
  data
}

as_long <- function(data) {
  data.frame(system = rep(c("A", "B"), each = nrow(data)), item = rep(data$id, 2),
             human = c(data$a, data$b), judge = c(data$judge_a, data$judge_b))
}

pair_numbers <- function(fit) {
  unlist(fit[c("estimate", "std_error", "conf_low", "conf_high", "df", "n_effective")])
}

test_that("two formulas and one with `by` are the same, with whole and half pairs", {
  set.seed(1)
  for (binary in c(TRUE, FALSE)) {
    data <- paired_data(binary = binary)
    data$b[c(3, 9)] <- NA
    data$a[c(20, 21, 22)] <- NA
    long <- as_long(data)
    wide <- estimate_difference(a ~ judge_a, b ~ judge_b, data = data)
    one <- estimate_difference(human ~ judge, data = long[sample(nrow(long)), ], by = system,
                               item = item)
    expect_equal(pair_numbers(wide), pair_numbers(one), tolerance = 1e-9)
    expect_identical(wide$interval, if (binary) "beta" else "t")
    other <- estimate_difference(human ~ judge, data = long, by = system, item = item, minus = "A")
    expect_equal(other$estimate, -wide$estimate)
    expect_equal(c(other$conf_low, other$conf_high), -c(wide$conf_high, wide$conf_low),
                 tolerance = 1e-9)
  }
})

test_that("paired differences are the mean of the differences", {
  set.seed(2)
  data <- paired_data(binary = FALSE)
  data$d <- data$a - data$b
  data$judge_d <- data$judge_a - data$judge_b
  mean <- estimate_mean(d ~ judge_d, data)
  fit <- estimate_difference(a ~ judge_a, b ~ judge_b, data = data)
  # The weight of a contrast uses all unlabelled rows' own spread: equal to O(1/N).
  expect_equal(fit$estimate, mean$estimate, tolerance = 0.02)
  expect_equal(fit$std_error, mean$std_error, tolerance = 0.02)
  without <- estimate_difference(a ~ 1, b ~ 1, data = data)
  plain <- estimate_mean(d ~ 1, data)
  expect_equal(without$estimate, plain$estimate)
  expect_equal(without$std_error, plain$std_error)
  test <- stats::t.test(data$d)
  expect_equal(c(without$conf_low, without$conf_high), as.numeric(test$conf.int),
               tolerance = 1e-8)
})

test_that("separate items are two fits", {
  set.seed(3)
  long <- data.frame(system = rep(c("A", "B"), each = 120), human = rnorm(240),
                     judge = rnorm(240))
  long$human[rep(c(TRUE, FALSE, FALSE), 80)] <- NA
  fit <- quiet(estimate_difference(human ~ judge, data = long, by = system))
  a <- quiet(estimate_mean(human ~ judge, long[long$system == "A", ]))
  b <- quiet(estimate_mean(human ~ judge, long[long$system == "B", ]))
  expect_equal(fit$estimate, a$estimate - b$estimate)
  expect_equal(fit$std_error^2, a$std_error^2 + b$std_error^2)
  expect_match(paste(fit$flags, collapse = " "), "Separate items")
})

test_that("labels alone are Welch's test", {
  set.seed(4)
  long <- data.frame(system = rep(c("A", "B"), c(25, 40)), human = c(rnorm(25), rnorm(40, 0.5, 2)))
  fit <- estimate_difference(human ~ 1, data = long, by = system)
  welch <- stats::t.test(human ~ system, long)
  expect_equal(fit$estimate, unname(-diff(welch$estimate)))
  expect_equal(fit$df, unname(welch$parameter), tolerance = 1e-8)
  expect_equal(test_mean(fit, 0)$p.value, welch$p.value, tolerance = 1e-8)
})

test_that("tests invert intervals, of every kind", {
  set.seed(5)
  data <- paired_data(n = 300, labelled = 80)
  for (interval in c("beta", "mover", "t", "normal")) {
    fit <- estimate_difference(a ~ judge_a, b ~ judge_b, data = data, interval = interval)
    expect_identical(fit$interval, interval)
    for (end in c(fit$conf_low, fit$conf_high)) {
      expect_equal(test_mean(fit, end)$p.value, 0.05, tolerance = 1e-6)
    }
    wider <- confint(fit, level = 0.99)
    expect_lt(wider[1], fit$conf_low)
    expect_gt(wider[2], fit$conf_high)
    expect_true(all(abs(wider) <= 1))
  }
})

test_that("MOVER is Newcombe's construction on both means' own intervals", {
  set.seed(6)
  long <- data.frame(system = rep(c("A", "B"), c(40, 60)), human = rbinom(100, 1, 0.3))
  fit <- estimate_difference(human ~ 1, data = long, by = system, interval = "mover")
  a <- estimate_mean(human ~ 1, long[long$system == "A", ])
  b <- estimate_mean(human ~ 1, long[long$system == "B", ])
  d <- a$estimate - b$estimate
  expect_equal(fit$conf_low, d - sqrt((a$estimate - a$conf_low)^2 + (b$conf_high - b$estimate)^2))
  expect_equal(fit$conf_high, d + sqrt((a$conf_high - a$estimate)^2 + (b$estimate - b$conf_low)^2))
})

test_that("without a discordant pair the interval is not empty", {
  y <- c(rep(0:1, 30), rep(NA, 100))
  data <- data.frame(a = y, b = y)
  fit <- quiet(estimate_difference(a ~ 1, b ~ 1, data = data))
  expect_identical(fit$estimate, 0)
  expect_equal(fit$conf_high, -fit$conf_low)
  expect_gt(fit$conf_high, 0.03)
  expect_lt(fit$conf_high, 0.07)
})

test_that("fixed weights agree with survey", {
  skip_if_not_installed("survey")
  set.seed(8)
  long <- as_long(paired_data(n = 80, labelled = 80, binary = FALSE))
  long$stratum <- long$item %% 3
  design <- survey::svydesign(~item, strata = ~stratum, data = long, weights = rep(1, 160))
  by <- survey::svyby(~human, ~system, design, survey::svymean, covmat = TRUE)
  groups <- estimate_groups(human ~ 1, long, by = system, clusters = item, strata = stratum)
  # Stratum sizes are known to us and estimated by survey, which are equal here up to rounding.
  expect_equal(unname(coef(groups)), unname(stats::coef(by)), tolerance = 1e-8)
  expect_equal(unname(vcov(groups, "plain")), unname(as.matrix(stats::vcov(by))),
               tolerance = 1e-8)
  contrast <- survey::svycontrast(by, c(A = 1, B = -1))
  fit <- estimate_difference(human ~ 1, data = long, by = system, item = item, strata = stratum,
                             interval = "normal")
  expect_equal(fit$estimate, as.numeric(contrast), tolerance = 1e-8)
  expect_equal(fit$std_error, as.numeric(survey::SE(contrast)), tolerance = 1e-8)
})

test_that("misuse is named", {
  set.seed(9)
  data <- paired_data()
  long <- as_long(data)
  class_of <- function(expr) {
    cnd <- tryCatch(quiet(expr), error = identity)
    sub("judicious_error_", "", grep("^judicious_error_", class(cnd), value = TRUE)[1])
  }
  expect_identical(class_of(estimate_difference(human ~ judge, data = long)), "design")
  expect_identical(class_of(estimate_difference(a ~ judge_a, data)), "type")
  expect_identical(class_of(estimate_difference(a ~ judge_a, b ~ judge_b, data = data,
                                                item = id)), "design")
  expect_identical(class_of(estimate_difference(a ~ judge_a, b ~ 1, data = data)), "design")
  expect_identical(class_of(estimate_difference(a ~ judge_a, b ~ judge_b, data = data,
                                                by = id)), "design")
  one <- long[long$system == "A", ]
  expect_identical(class_of(estimate_difference(human ~ judge, data = one, by = system)), "groups")
  long$three <- rep(c("x", "y", "z", "x"), 100)
  expect_identical(class_of(estimate_difference(human ~ judge, data = long, by = three)), "groups")
  twice <- rbind(long, long[5, ])
  expect_identical(class_of(estimate_difference(human ~ judge, data = twice, by = system,
                                                item = item)), "duplicate")
  expect_identical(class_of(estimate_difference(human ~ judge, data = long, by = system,
                                                minus = "C")), "choice")
  unlabelled <- long
  unlabelled$human[unlabelled$system == "B"] <- NA
  expect_identical(class_of(estimate_difference(human ~ judge, data = unlabelled, by = system,
                                                item = item)), "no_labels")
  expect_identical(class_of(estimate_difference(human ~ judge, data = long, by = system,
                                                interval = "bca")), "choice")
  expect_identical(class_of(estimate_ratio(human ~ judge, data = long, by = system,
                                           interval = "beta")), "undefined")
  expect_identical(class_of(estimate_ratio(a ~ judge_a, b ~ judge_b, data = data,
                                           interval = "mover")), "choice")
  expect_identical(class_of(estimate_difference(a ~ judge_a, b ~ judge_b, data = data,
                                                range = c(0, 0.5))), "range")
})

test_that("strata with one labelled item borrow their variance", {
  set.seed(31)
  n <- 120
  items <- data.frame(id = seq_len(n), s = rep(c("x", "y", "z"), each = n / 3))
  rows <- rbind(transform(items, g = "a"), transform(items, g = "b"))
  rows$t <- rbinom(2 * n, 1, ifelse(rows$g == "a", 0.5, 0.3))
  rows$f <- ifelse(runif(2 * n) < 0.8, rows$t, 1 - rows$t)
  rows$y <- ifelse(rows$id %% 40 < 12, rows$t, NA)
  rows$y[rows$s == "z" & rows$id != 81] <- NA
  error <- rlang::catch_cnd(estimate_difference(y ~ f, data = rows, by = g, item = id, strata = s),
                            "error")
  expect_match(conditionMessage(error), "lonely = \"pool\"", fixed = TRUE)
  fit <- quiet(estimate_difference(y ~ f, data = rows, by = g, item = id, strata = s,
                                   lonely = "pool"))
  groups <- quiet(estimate_groups(y ~ f, rows, by = g, clusters = id, strata = s,
                                  lonely = "pool"))
  expect_equal(fit$estimate, unname(coef(groups)["a"] - coef(groups)["b"]))
  v <- vcov(groups, "hc2")
  expect_equal(fit$std_error^2, sum(v * c(1, -1, -1, 1)))
  pair <- compare_groups(groups, against = "b")
  expect_equal(c(fit$conf_low, fit$conf_high), c(pair$conf.low, pair$conf.high))
  # Wide rows are the same pairs.
  wide <- cbind(items, a = rows$y[rows$g == "a"], fa = rows$f[rows$g == "a"],
                b = rows$y[rows$g == "b"], fb = rows$f[rows$g == "b"])
  two <- quiet(estimate_difference(a ~ fa, b ~ fb, data = wide, strata = s, lonely = "pool"))
  expect_equal(c(two$conf_low, two$conf_high), c(fit$conf_low, fit$conf_high))
  ratio <- quiet(estimate_ratio(y ~ f, data = rows, by = g, item = id, strata = s,
                                lonely = "pool"))
  expect_equal(ratio$estimate, unname(coef(groups)["a"] / coef(groups)["b"]))
})
