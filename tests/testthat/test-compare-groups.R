# Comparisons of groups, and leaderboards.

compare_case <- function(case, ...) {
  data <- data.frame(y = as.double(case$y_true), by = as.integer(case$system))
  data$f <- t(case$y_proxies)
  groups <- quiet(estimate_groups(y ~ f, data, by = by, strata = case$strata,
                                  clusters = case$clusters, prob = case$prob))
  compare_groups(groups, ...)
}

# Of a rate's difference, from its formula in the statistics vignette.
by_hand_difference <- function(estimate, p0, hc2, base, level, known_prob) {
  guard <- by_hand_guard(level, if (known_prob) 10 / base else 0)
  p <- (p0 + 1) / 2
  n <- max(base * (4 * base * p * (1 - p) + guard) / (base * (base - 1) * hc2 + guard), 1)
  x <- n * (min(max(estimate, -1), 1) + 1) / 2
  tail <- (1 - level) / 2
  2 * c(if (x > 0) qbeta(tail, x, n - x + 1) else 0,
        if (x < n) qbeta(1 - tail, x + 1, n - x) else 1) - 1
}

test_that("differences equal the reference, and their intervals the formula", {
  for (case in read_reference("differences.json")$cases) {
    set.seed(1)
    compared <- compare_case(case)
    alone <- compare_case(case, adjust = "none")
    if (nrow(compared) > 1L && is.null(case$prob)) {
      expect_equal(attr(compared, "critical"), case$expected$max_t_critical, tolerance = 0.01)
    }
    for (p in case$expected$pairs) {
      p <- expected_pair(case, p)
      at <- which(alone$group == p$pair[2] & alone$against == p$pair[1])
      row <- alone[at, ]
      best <- p$label_overlap >= 0.5
      chosen <- if (best) p$contrast else p$own
      expect_equal(row$overlap, p$label_overlap, tolerance = 1e-12)
      expect_equal(row$estimate, -chosen$estimate, tolerance = 1e-10)
      if (p$recommended$type == "t") {
        expect_equal(row$std.error^2, chosen$variance_hc3, tolerance = 1e-10)
        expect_equal(c(row$conf.low, row$conf.high), -rev(chosen$t), tolerance = 1e-8)
      } else {
        expect_equal(row$std.error^2, chosen$variance_hc2, tolerance = 1e-10)
      }
      expect_gte(compared$p.value[at], row$p.value)
      expect_lte(compared$conf.low[at], row$conf.low)
    }
  }
})

test_that("the interval of a rate's difference is that of its formula", {
  set.seed(2)
  n <- 150
  latent <- rnorm(n)
  data <- data.frame(item = rep(seq_len(n), 2), system = rep(c("a", "b"), each = n))
  data$human <- as.numeric(c(latent + rnorm(n, 0, 0.5), latent + rnorm(n, 0, 0.5)) > 0.4)
  data$judge <- ifelse(runif(2 * n) < 0.85, data$human, 1 - data$human)
  data$human[data$item > 60] <- NA
  groups <- estimate_groups(human ~ judge, data, by = system, clusters = item)
  row <- compare_groups(groups, against = "b")
  labelled <- data[!is.na(data$human), ]
  p0 <- with(labelled, mean(human[system == "a"]) - mean(human[system == "b"]))
  raw <- estimate_difference(human ~ judge, data = data, by = system, item = item)
  expected <- by_hand_difference(raw$estimate, p0, raw$std_error^2, 60, 0.95, FALSE)
  expect_equal(c(row$conf.low, row$conf.high), expected, tolerance = 1e-10)
  expect_equal(c(raw$conf_low, raw$conf_high), expected, tolerance = 1e-10)
})

test_that("adjusted p-values are those of the largest |t|", {
  set.seed(3)
  data <- data.frame(g = rep(letters[1:4], each = 40), y = rnorm(160))
  data$y[data$g == "d"] <- data$y[data$g == "d"] + 0.9
  groups <- estimate_groups(y ~ 1, data, by = g)
  all <- compare_groups(groups)
  none <- compare_groups(groups, adjust = "none")
  expect_true(all(all$p.value >= none$p.value))
  inside <- all$conf.low <= 0 & all$conf.high >= 0
  expect_identical(inside, all$p.value >= 0.05)
  # Near Tukey's, whose groups are as large.
  tukey <- stats::TukeyHSD(stats::aov(y ~ g, data))$g
  expect_equal(all$p.value, unname(tukey[paste(all$group, all$against, sep = "-"), "p adj"]),
               tolerance = 0.35)
})

test_that("one comparison is not adjusted, and months are compared in order", {
  set.seed(4)
  data <- data.frame(month = factor(rep(c("Jan", "Feb", "Mar"), each = 50),
                                    c("Jan", "Feb", "Mar")), y = rbinom(150, 1, 0.3))
  groups <- estimate_groups(y ~ 1, data, by = month)
  months <- compare_groups(groups, against = "previous")
  expect_identical(months$group, c("Feb", "Mar"))
  expect_identical(months$against, c("Jan", "Feb"))
  one <- groups[c("Jan", "Feb")]
  expect_null(attr(compare_groups(one), "critical"))
})

test_that("letters are shared by groups that cannot be told apart, and only by them", {
  set.seed(5)
  for (k in 1:20) {
    n <- sample(3:7, 1)
    means <- stats::setNames(sort(rnorm(n)), letters[seq_len(n)])
    pairs <- utils::combn(n, 2)
    apart <- means[pairs[2, ]] - means[pairs[1, ]] > 0.8
    table <- data.frame(group = names(means)[pairs[2, ]], against = names(means)[pairs[1, ]],
                        conf.low = ifelse(apart, 0.1, -1), conf.high = 2)
    found <- strsplit(judicious:::tie_letters(table, means, "difference"), "")
    share <- vapply(seq_len(ncol(pairs)), function(p) {
      length(intersect(found[[pairs[1, p]]], found[[pairs[2, p]]])) > 0
    }, NA)
    expect_identical(share, unname(!apart))
  }
})

test_that("ratios of groups are Fieller's", {
  set.seed(6)
  data <- data.frame(g = rep(c("a", "b"), each = 80), y = rgamma(160, 4))
  groups <- estimate_groups(y ~ 1, data, by = g)
  row <- compare_groups(groups, scale = "ratio")
  m <- coef(groups)
  v <- diag(vcov(groups, "hc3"))
  expect_equal(row$estimate, unname(m["b"] / m["a"]))
  df <- groups$quantities[[1]]$inference$df
  for (end in c(row$conf.low, row$conf.high)) {
    t <- abs(m["b"] - end * m["a"]) / sqrt(v["b"] + end^2 * v["a"])
    expect_gt(stats::pt(t, 400), 0.97)
    expect_lt(stats::pt(t, 60), 0.98)
  }
})

test_that("a ranking says what is sure", {
  set.seed(7)
  data <- data.frame(g = rep(c("low", "mid", "mid2", "top"), each = 100),
                     y = c(rnorm(100, 0), rnorm(100, 2), rnorm(100, 2), rnorm(100, 4)))
  ranking <- rank_groups(estimate_groups(y ~ 1, data, by = g), better = "higher")
  expect_identical(ranking$judge[c(1, 4)], c("top", "low"))
  expect_identical(ranking$rank_low, c(1, 2, 2, 4))
  expect_identical(ranking$rank_high, c(1, 3, 3, 4))
  expect_identical(ranking$tie_group, c(1, 2, 2, 3))
  expect_equal(sum(ranking$p_best), 1)
  lower <- rank_groups(estimate_groups(y ~ 1, data, by = g), better = "lower")
  expect_identical(lower$judge[1], "low")
  expect_identical(lower$regret[1], 0)
  expect_true(all(lower$regret_low <= lower$regret & lower$regret <= lower$regret_high))
  expect_s3_class(ranking, "judicious_ranking")
  expect_match(paste(format(ranking), collapse = "\n"), "top is best")
  expect_s3_class(ggplot2::autoplot(ranking), "ggplot")
  expect_s3_class(ggplot2::autoplot(ranking, type = "regret"), "ggplot")
  expect_identical(tidy(ranking)$judge, ranking$judge)
})

test_that("print() says which is better", {
  data <- data.frame(g = rep(c("old", "new"), each = 100), y = rep(c(0, 1, 1, 1), each = 50))
  groups <- estimate_groups(y ~ 1, data, by = g)
  text <- paste(format(compare_groups(groups, better = "higher")), collapse = "\n")
  expect_match(text, "old is worse than new by 50.0 points \\[[0-9.]+, [0-9.]+\\]")
  text <- paste(format(compare_groups(groups)), collapse = "\n")
  expect_match(text, "old is lower than new by 50.0 points")
  expect_s3_class(ggplot2::autoplot(compare_groups(groups)), "ggplot")
})

# Pairs are drawn by way of their groups: as their own joint distribution says, which for all pairs
# of many groups is far too large to be drawn from.
test_that("the largest |t| of pairs is that of their covariance", {
  pairs <- data.frame(first = c(2, 3, 4, 3, 4, 4), second = c(1, 1, 1, 2, 2, 3))
  shared <- crossprod(matrix(c(2, 0, 0, 0, 1, 1, 0, 0, -1, 0.5, 1, 0, 0.3, 0, 0, 1.5), 4)) / 100
  for (covariance in list(shared, diag(c(1, 2, 0.5, 3)) / 100)) {
    for (ratio in c(1, 1.7)) {
      a <- matrix(0, 6, 4)
      a[cbind(1:6, pairs$first)] <- 1 / ratio
      a[cbind(1:6, pairs$second)] <- -1
      set.seed(1)
      whole <- max_t_cpp(a %*% covariance %*% t(a), 12, 40000, 1L)
      by_group <- max_t_pairs_cpp(covariance, pairs$first, pairs$second, rep(1 / ratio, 6),
                                  rep(-1, 6), 12, 40000, 1L)
      at <- c(0.5, 0.9, 0.95, 0.99)
      expect_equal(stats::quantile(by_group, at), stats::quantile(whole, at), tolerance = 0.03)
    }
  }
  # Copies differ by nothing, however their rounding turns out.
  copies <- matrix(0.01, 2, 2)
  expect_equal(max_t_pairs_cpp(copies, 1L, 2L, 1, -1, 5, 100, 1L), numeric(100))
})

test_that("a thousand groups in order are compared in one call", {
  set.seed(2)
  groups <- factor(rep(seq_len(1000), each = 20))
  data <- data.frame(g = groups, y = rbinom(20000, 1, 0.3))
  fit <- estimate_groups(y ~ 1, data, by = g)
  compared <- compare_groups(fit, against = "previous")
  expect_identical(nrow(compared), 999L)
  some <- c(5, 500, 990)
  for (k in some) {
    pair <- compare_groups(fit[c(k, k + 1)])
    expect_equal(compared$estimate[k], pair$estimate)
    expect_equal(compared$std.error[k], pair$std.error)
    expect_lt(compared$conf.low[k], pair$conf.low)
  }
})

# --- plots and words of many groups ---------------------------------------------------------------

several_groups <- function(n, rows = 60) {
  data <- data.frame(g = factor(rep(seq_len(n), each = rows)))
  data$y <- rbinom(n * rows, 1, stats::plogis(seq(-2, 2, length.out = n))[data$g])
  estimate_groups(y ~ 1, data, by = g)
}

test_that("all pairs of many groups are tiles, in the order of the means", {
  set.seed(3)
  compared <- compare_groups(several_groups(9))
  expect_s3_class(ggplot2::autoplot(compare_groups(several_groups(4)))$layers[[1]]$geom,
                  "GeomVline")
  plot <- ggplot2::autoplot(compared)
  cells <- plot$data
  expect_identical(nrow(cells), 72L)
  means <- attr(compared, "means")
  expect_identical(levels(cells$row), names(sort(means)))
  expect_identical(levels(cells$column), rev(names(sort(means))))
  expect_equal(cells$estimate, unname(means[as.character(cells$row)] -
                                        means[as.character(cells$column)]))
  expect_identical(sum(cells$sure), 2L * glance(compared)$n_different)
  expect_match(plot$labels$caption, "^Bold: the 95% interval, which holds for all pairs together")
  ratio <- ggplot2::autoplot(compare_groups(several_groups(9), scale = "ratio"))
  expect_equal(ratio$data$shown, log(ratio$data$estimate))
  expect_identical(nrow(ggplot2::autoplot(compared, type = "forest")$data), 36L)
  for (shown in list(plot, ratio, ggplot2::autoplot(compare_groups(several_groups(16))))) {
    expect_silent(ggplot2::ggplotGrob(shown))
  }
  expect_error(ggplot2::autoplot(compare_groups(several_groups(9), against = "1"),
                                 type = "matrix"), class = "judicious_error_undefined")
  expect_error(ggplot2::autoplot(compared, type = "tiles"), class = "judicious_error_choice")
})

test_that("tables of many rows are not printed whole", {
  set.seed(5)
  groups <- several_groups(50, 20)
  lines <- format(groups)
  expect_length(lines, 1 + 1 + 40 + 1 + 1)
  expect_identical(lines[43], "... and 10 more; tidy() has all of them.")
  expect_identical(nrow(tidy(groups)), 50L)
  lines <- format(compare_groups(groups))
  expect_match(lines, "^[.]{3} and 1,185 more; tidy", all = FALSE)
  expect_false(any(grepl("share a letter", lines)))
  expect_length(format(groups[1:40]), 1 + 1 + 40 + 1)
})

test_that("of many groups both ends are told, and how much is sure", {
  set.seed(4)
  compared <- compare_groups(several_groups(9))
  told <- format_leaders(compared)
  means <- attr(compared, "means")
  expect_match(told[1], paste0("^", names(which.max(means)), " has the highest mean of y \\("))
  expect_match(told[2], paste0("^", names(which.min(means)), " has the lowest mean of y \\("))
  expect_match(told[3], paste0("^", glance(compared)$n_different, " of 36 pairs are surely"))
})
