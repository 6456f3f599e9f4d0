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
