# Has the judge drifted: the formulas, the verdicts, and what is refused.

# Items by who is right: both, the new judge only, the old one only, neither.
anchor_of <- function(both, new_only, old_only, neither, human = 1) {
  n <- both + new_only + old_only + neither
  data.frame(
    id = seq_len(n), human = rep(human, n),
    old = abs(human - 1 + rep(c(1, 0, 1, 0), c(both, new_only, old_only, neither))),
    new = abs(human - 1 + rep(c(1, 1, 0, 0), c(both, new_only, old_only, neither)))
  )
}

# many.md, sections 4 and 10, written out.
expected_change <- function(n, plus, minus, level) {
  d <- (plus - minus) / n
  variance <- (plus + minus - n * d^2) / (n * (n - 1))
  guard <- max(2, qnorm((1 + level) / 2)^2 / 2)
  p <- (d + 1) / 2
  size <- max(n * (4 * n * p * (1 - p) + guard) / (n * (n - 1) * variance + guard), 1)
  tail <- (1 - level) / 2
  k <- min(plus, minus)
  m <- plus + minus
  mid_p <- if (plus == minus) 1 else 2 * pbinom(k, m, 0.5) - dbinom(k, m, 0.5)
  c(d, 2 * qbeta(tail, p * size, size - p * size + 1) - 1,
    2 * qbeta(1 - tail, p * size + 1, size - p * size) - 1, min(1, mid_p))
}

test_that("change, interval and test are those of the formulas", {
  for (counts in list(c(40, 5, 2, 13), c(60, 0, 0, 0), c(100, 1, 9, 40), c(10, 3, 3, 4))) {
    for (level in c(0.95, 0.8)) {
      data <- rlang::inject(anchor_of(!!!as.list(counts)))
      drift <- judge_drift(human ~ old + new, data, margin = 0.1, conf_level = level)
      change <- subset(tidy(drift), measure == "agreement" & version == "change")
      expected <- expected_change(sum(counts), counts[2], counts[3], level)
      expect_equal(c(change$estimate, change$conf.low, change$conf.high, drift$p_value), expected)
    }
  }
})

test_that("agreement, bias and flips are counted", {
  data <- rbind(anchor_of(50, 4, 1, 5), anchor_of(200, 10, 20, 10, human = 0))
  data$human[300] <- NA
  table <- tidy(judge_drift(human ~ old + new, data, margin = 0.1))
  known <- data[!is.na(data$human), ]
  value <- function(m, v) table$estimate[table$measure == m & table$version == v]
  expect_equal(value("agreement", "old"), mean(known$old == known$human))
  expect_equal(value("agreement", "new"), mean(known$new == known$human))
  expect_equal(value("bias", "old"), mean(known$old - known$human))
  expect_equal(value("bias", "change"), mean(known$new - known$old))
  expect_equal(value("flip_rate", "change"), mean(data$old != data$new))
  flips <- table[table$measure == "flip_rate", ]
  exact <- binom.test(sum(data$old != data$new), 300)$conf.int
  expect_equal(c(flips$conf.low, flips$conf.high), as.vector(exact))
})

test_that("the verdict is about the margin", {
  verdict <- function(counts, margin) {
    data <- rlang::inject(anchor_of(!!!as.list(counts)))
    judge_drift(human ~ old + new, data, margin = margin)
  }
  expect_equal(verdict(c(480, 3, 4, 13), 0.05)$verdict, "equivalent")
  expect_equal(verdict(c(300, 2, 150, 48), 0.05)$verdict, "different")
  expect_equal(verdict(c(20, 2, 3, 5), 0.05)$verdict, "cannot say")
  expect_match(format(verdict(c(480, 3, 4, 13), 0.05))[1], "^Equivalent: .* less than 0.05")
  expect_match(format(verdict(c(20, 2, 3, 5), 0.05))[1], "^Cannot say")
  expect_output(print(verdict(c(300, 2, 150, 48), 0.05)), "152 of 500 items flipped")
  expect_s3_class(ggplot2::autoplot(verdict(c(20, 2, 3, 5), 0.05)), "ggplot")
})

test_that("labels of several kinds agree or flip, but have no bias", {
  data <- data.frame(human = c(1, 2, 3, 3, 2), old = c(1, 2, 2, 3, 2), new = c(1, 3, 3, 3, 2))
  drift <- judge_drift(human ~ old + new, data, margin = 0.2)
  expect_true(is.na(drift$bias_verdict))
  expect_false("bias" %in% tidy(drift)$measure)
  expect_equal(glance(drift)$n_flips, 2)
})

test_that("two periods are matched by item, and the set may not change", {
  data <- rbind(anchor_of(50, 4, 1, 5), anchor_of(40, 2, 6, 2, human = 0))
  data$id <- seq_len(nrow(data))
  old <- transform(data, judge = old)[c("id", "human", "judge")]
  new <- transform(data, judge = new)[c("id", "human", "judge")]
  new <- new[withr::with_seed(1, sample(nrow(new))), ]
  both <- judge_drift(human ~ judge, old, new_data = new, item = "id", margin = 0.1)
  expect_equal(tidy(both), tidy(judge_drift(human ~ old + new, data, margin = 0.1)))
  drift <- function(new, item = "id") {
    judge_drift(human ~ judge, old, new_data = new, item = item, margin = 0.1)
  }
  expect_error(drift(new[-1, ]), "same items", class = "judicious_error_anchor")
  relabelled <- transform(new, human = replace(human, id == 7, 1 - human[id == 7]))
  expect_error(drift(relabelled), "item 7", class = "judicious_error_anchor")
  expect_error(drift(rbind(new, new[1, ])), "twice", class = "judicious_error_column")
  expect_error(drift(new, "nobody"), class = "judicious_error_column")
})

test_that("what cannot be compared is refused", {
  data <- anchor_of(5, 1, 1, 1)
  expect_error(judge_drift(human ~ old + new, data), class = "judicious_error_missing")
  expect_error(judge_drift(human ~ old, data, margin = 0.1), class = "judicious_error_formula")
  expect_error(judge_drift(human ~ old + new, data, margin = 2), class = "judicious_error_range")
  data$new[2] <- NA
  expect_error(judge_drift(human ~ old + new, data, margin = 0.1), "Element 2",
               class = "judicious_error_finite")
  data$human <- NA_real_
  expect_error(judge_drift(human ~ old + id, data, margin = 0.1), class = "judicious_error_empty")
})
