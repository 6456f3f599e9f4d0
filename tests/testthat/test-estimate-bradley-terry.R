# Strengths from pairwise verdicts.

battles <- function(n = 600, labelled = 250) {
  strength <- c(A = 0, B = 0.4, C = 0.9)
  pairs <- t(replicate(n, sample(names(strength), 2)))
  data <- data.frame(a = pairs[, 1], b = pairs[, 2], prompt = rep(seq_len(n / 3), each = 3))
  data$human <- rbinom(n, 1, plogis(strength[data$a] - strength[data$b] + 0.3))
  data$judge <- ifelse(runif(n) < 0.8, data$human, 1 - data$human)
  data$human[-seq_len(labelled)] <- NA
  data
}

test_that("strengths and covariances equal the reference", {
  for (case in read_reference("pairwise.json")$cases) {
    data <- data.frame(y = as.double(case$y_true), a = case$first, b = case$second)
    data$f <- as.double(case$y_proxies[1, ])
    for (tuning in c("none", "scalar")) {
      formula <- if (tuning == "none") y ~ 1 else y ~ f
      fit <- quiet(estimate_bradley_terry(formula, data, a = a, b = b, order = a,
                                          strata = case$strata, clusters = case$clusters,
                                          prob = case$prob))
      e <- case$expected[[tuning]]
      expect_equal(unname(coef(fit)), c(e$strength, e$order), tolerance = 1e-10)
      expect_equal(unname(vcov(fit, "plain")), e$vcov, tolerance = 1e-10)
      expect_equal(unname(vcov(fit, "hc3")), e$vcov_hc3, tolerance = 1e-10)
    }
  }
})

test_that("without a judge it is logistic regression with a sandwich", {
  set.seed(1)
  data <- battles(300, 300)
  fit <- estimate_bradley_terry(human ~ 1, data, a = a, b = b, order = a, clusters = prompt)
  x <- outer(data$a, c("A", "B"), `==`) - outer(data$b, c("A", "B"), `==`)
  glm <- stats::glm(data$human ~ x, family = stats::binomial(), control = list(epsilon = 1e-14))
  beta <- stats::coef(glm)
  expect_equal(unname(coef(fit)[1:3] - coef(fit)[3]), c(unname(beta[2:3]), 0), tolerance = 1e-8)
  expect_equal(unname(coef(fit)[4]), unname(beta[1]), tolerance = 1e-8)
  expect_equal(sum(coef(fit)[1:3]), 0)
  # The cluster sandwich by hand.
  xx <- cbind(1, x)
  score <- rowsum(xx * stats::residuals(glm, "response"), data$prompt)
  bread <- stats::vcov(glm)
  n <- nrow(score)
  sandwich <- bread %*% crossprod(score) %*% bread * n / (n - 1)
  expect_equal(vcov(fit, "plain")[4, 4], sandwich[1, 1], tolerance = 1e-6, ignore_attr = TRUE)
})

test_that("a judge narrows intervals, and ranks and win rates are told", {
  set.seed(2)
  data <- battles()
  with_judge <- estimate_bradley_terry(human ~ judge, data, a = a, b = b, order = a)
  alone <- estimate_bradley_terry(human ~ 1, data, a = a, b = b, order = a)
  expect_lt(mean(diag(vcov(with_judge))), mean(diag(vcov(alone))))
  wins <- with_judge$wins
  expect_equal(mean(wins$win_rate), 0.5)
  expect_true(all(wins$conf.low < wins$win_rate & wins$win_rate < wins$conf.high))
  expect_true(all(wins$rank_low <= wins$rank & wins$rank <= wins$rank_high))
  expect_equal(with_judge$win_matrix["A", "B"] + with_judge$win_matrix["B", "A"], 1)
  expect_match(paste(format(with_judge), collapse = "\n"), "shown first")
  expect_s3_class(ggplot2::autoplot(with_judge), "ggplot")
})

test_that("real battles: strengths are log odds of wins", {
  path <- skip_without_reference("real", "arena.csv")
  data <- utils::read.csv(path)
  data$a <- "opus"
  data$b <- sub(".*_vs_", "", data$pair)
  fit <- quiet(estimate_bradley_terry(human ~ 1, data, a = a, b = b))
  s <- coef(fit)
  share <- tapply(data$human, data$b, mean)
  for (other in names(share)) {
    expect_equal(unname(s["opus"] - s[other]), stats::qlogis(share[[other]]), tolerance = 1e-8)
  }
})

test_that("real battles with two judges: a third of the votes say what all say", {
  path <- skip_without_reference("real", "arena.csv")
  data <- utils::read.csv(path)
  data$a <- "opus"
  data$b <- sub(".*_vs_", "", data$pair)
  whole <- quiet(estimate_bradley_terry(human ~ 1, data, a = a, b = b))
  withr::local_seed(7)
  inside <- replicate(20, {
    data$vote <- ifelse(seq_len(nrow(data)) %in% sample(nrow(data), 200), data$human, NA)
    fit <- quiet(estimate_bradley_terry(vote ~ judge_gpt52 + judge_gpt4omini, data, a = a, b = b))
    ends <- confint(fit)
    c(mean(ends[, 1] <= coef(whole) & coef(whole) <= ends[, 2]), fit$lambda)
  })
  # All votes are themselves a sample, so coverage of their strengths is higher than of the truth's.
  expect_gt(mean(inside[1, ]), 0.9)
  # These judges agree with people hardly more than chance: they get little weight.
  expect_lt(max(abs(rowMeans(inside[-1, ]))), 0.3)
})

test_that("several judges: a copy adds nothing, a better one is used", {
  set.seed(11)
  data <- battles(900, 200)
  fit <- function(formula) estimate_bradley_terry(formula, data, a = a, b = b, order = a)
  one <- quiet(fit(human ~ judge))
  data$copy <- data$judge
  two <- quiet(fit(human ~ judge + copy))
  expect_equal(coef(two), coef(one), tolerance = 1e-6)
  expect_equal(vcov(two), vcov(one), tolerance = 1e-6)
  data$noise <- rbinom(900, 1, 0.5)
  three <- quiet(fit(human ~ judge + noise))
  expect_gt(three$lambda[1], 3 * abs(three$lambda[2]))
  expect_equal(unname(sqrt(diag(vcov(three)))), unname(sqrt(diag(vcov(one)))), tolerance = 0.1)
})

test_that("HC3 without a judge is sandwich's, but for strata of one", {
  skip_if_not_installed("sandwich")
  set.seed(12)
  data <- battles(300, 300)
  fit <- estimate_bradley_terry(human ~ 1, data, a = a, b = b, order = a)
  x <- cbind(outer(data$a, c("A", "B"), `==`) - outer(data$b, c("A", "B"), `==`), 1)
  glm <- stats::glm(data$human ~ x - 1, family = stats::binomial(), control = list(epsilon = 1e-14))
  map <- rbind(cbind(rbind(diag(2), 0) - 1 / 3, 0), c(0, 0, 1))
  # Ours has Bessel's factor n / (n - 1) in every variance.
  hc3 <- map %*% sandwich::vcovHC(glm, "HC3") %*% t(map) * 300 / 299
  expect_equal(unname(vcov(fit, "hc3")), unname(hc3), tolerance = 1e-6)
  hc0 <- map %*% sandwich::vcovHC(glm, "HC0") %*% t(map) * 300 / 299
  expect_equal(unname(vcov(fit, "plain")), unname(hc0), tolerance = 1e-6)
})

test_that("chances against each other are those of the strengths, with their intervals", {
  set.seed(13)
  fit <- estimate_bradley_terry(human ~ judge, battles(), a = a, b = b, order = a)
  against <- fit$against
  expect_identical(nrow(against), 6L)
  expect_equal(against$win_rate, fit$win_matrix[cbind(against$system, against$against)])
  turned <- merge(against, against, by.x = c("system", "against"), by.y = c("against", "system"))
  expect_equal(turned$conf.low.x, 1 - turned$conf.high.y)
  expect_true(all(against$conf.low < against$win_rate & against$win_rate < against$conf.high))
  expect_match(paste(format(fit), collapse = "\n"), "the one shown first wins [0-9.]+% \\[")
  for (type in c("forest", "wins", "ranks")) {
    expect_s3_class(ggplot2::autoplot(fit, type = type), "ggplot")
  }
})

test_that("strengths cover, with and without a judge", {
  draw <- function(formula) {
    data <- battles(600, 120)
    confint(quiet(estimate_bradley_terry(formula, data, a = a, b = b, order = a)))
  }
  truth <- c(c(0, 0.4, 0.9) - mean(c(0, 0.4, 0.9)), 0.3)
  for (formula in list(human ~ 1, human ~ judge)) {
    withr::local_seed(15)
    hits <- replicate(150, {
      ends <- draw(formula)
      c(ends[1, 1] <= truth[1] && truth[1] <= ends[1, 2],
        ends[4, 1] <= truth[4] && truth[4] <= ends[4, 2])
    })
    expect_coverage(hits[1, ])
    expect_coverage(hits[2, ])
  }
})

test_that("misuse is named", {
  set.seed(3)
  data <- battles(120, 120)
  class_of <- function(expr) {
    cnd <- tryCatch(quiet(expr), error = identity)
    sub("judicious_error_", "", grep("^judicious_error_", class(cnd), value = TRUE)[1])
  }
  expect_identical(class_of(estimate_bradley_terry(human ~ 1, data, b = b)), "missing_argument")
  expect_identical(class_of(estimate_bradley_terry(human ~ 1, data, a = a, b = a)), "pair")
  expect_identical(class_of(estimate_bradley_terry(human ~ 1, data, a = a, b = b, order = 1:120)),
                   "levels")
  apart <- data[data$a %in% c("A", "B") & data$b %in% c("A", "B"), ]
  more <- transform(apart, a = chartr("AB", "XY", a), b = chartr("AB", "XY", b))
  expect_identical(class_of(estimate_bradley_terry(human ~ 1, rbind(apart, more), a = a, b = b)),
                   "not_connected")
  won <- transform(data, human = ifelse(a == "C", 1, ifelse(b == "C", 0, human)))
  expect_identical(class_of(estimate_bradley_terry(human ~ 1, won, a = a, b = b)), "separation")
  expect_identical(class_of(estimate_bradley_terry(I(human * 2) ~ 1, data, a = a, b = b)), "range")
  data$a[4] <- NA
  expect_identical(class_of(estimate_bradley_terry(human ~ 1, data, a = a, b = b)), "missing_id")
})
