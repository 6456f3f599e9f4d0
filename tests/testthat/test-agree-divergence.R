functions <- list(kl = agree_kl, cross_entropy = agree_cross_entropy,
                  js_divergence = agree_js_divergence, js_distance = agree_js_distance)

test_that("divergences by hand", {
  p <- c(0.5, 0.5)
  q <- c(0.9, 0.1)
  expect_equal(agree_kl(p, q), log(5 / 3), tolerance = 1e-15)
  expect_equal(agree_kl(p, q, direction = "judge_human"), 0.9 * log(1.8) + 0.1 * log(0.2))
  expect_equal(agree_cross_entropy(p, q), -log(0.3), tolerance = 1e-15)
  expect_equal(agree_cross_entropy(p, p), log(2), tolerance = 1e-15)
  middle <- (p + q) / 2
  js <- (sum(p * log(p / middle)) + sum(q * log(q / middle))) / 2
  expect_equal(agree_js_divergence(p, q), js, tolerance = 1e-15)
  expect_equal(agree_js_distance(p, q), sqrt(js), tolerance = 1e-15)
  # Disjoint options: the largest value, from zero cells without any clipping.
  expect_equal(agree_js_divergence(c(1, 0), c(0, 1)), log(2), tolerance = 1e-15)
})

test_that("the distance is the mean of roots, not the root of the mean", {
  human <- rbind(c(1, 0), c(0.5, 0.5))
  judge <- rbind(c(0, 1), c(0.5, 0.5))
  expect_equal(agree_js_divergence(human, judge), log(2) / 2)
  expect_equal(agree_js_distance(human, judge), sqrt(log(2)) / 2)
  # Two judges that rank differently by the two: one large error, or two of half the size.
  one_large <- rbind(c(0, 1), c(1, 0), c(1, 0))
  two_small <- rbind(c(0.3, 0.7), c(0.3, 0.7), c(1, 0))
  right <- rbind(c(1, 0), c(1, 0), c(1, 0))
  expect_lt(agree_js_divergence(right, two_small), agree_js_divergence(right, one_large))
  expect_gt(agree_js_distance(right, two_small), agree_js_distance(right, one_large))
})

test_that("divergences equal the reference numbers, which clip zero cells", {
  cases <- read_reference("agreement.json")$metrics
  clipped <- function(x) pmax(x, 1e-10)
  n_zero <- 0
  for (case in cases) {
    h <- case$human$O
    j <- case$judge$O
    expected <- case$expected[["0.5"]]
    ours <- quiet(c(
      KL_hl_s_s = agree_kl(h, j), KL_lh_s_s = agree_kl(h, j, direction = "judge_human"),
      CE_hl_s_s = agree_cross_entropy(h, j),
      CE_lh_s_s = agree_cross_entropy(h, j, direction = "judge_human")
    ))
    has_zero <- c(any(h > 0 & j == 0), any(j > 0 & h == 0))[c(1, 2, 1, 2)]
    # 1e-10 in place of 0 changes the 9th digit even where 0 log 0 is harmless.
    tolerance <- if (any(h == 0, j == 0)) 1e-7 else 1e-10
    expect_equal(ours[!has_zero], unlist(expected[names(ours)])[!has_zero], tolerance = tolerance)
    # Where a cell is zero the reference puts 1e-10: up to 23 nats from one item. Ours is Inf.
    expect_identical(unname(ours[has_zero]), rep(Inf, sum(has_zero)))
    if (has_zero[1]) {
      expect_equal(mean(rowSums(clipped(h) * log(clipped(h) / clipped(j)))), expected$KL_hl_s_s,
                   tolerance = 1e-7)
    }
    n_zero <- n_zero + any(has_zero)
    # The reference calls the distance a divergence.
    expect_equal(agree_js_distance(h, j), expected$JSD_s_s, tolerance = tolerance)
  }
  expect_gt(n_zero, 0)
})

test_that("range, symmetry, renaming and order of options and items, perfect agreement", {
  set.seed(1)
  h <- random_distributions(30, 4)
  j <- random_distributions(30, 4)
  options <- sample(4)
  items <- sample(30)
  for (name in names(functions)) {
    metric <- functions[[name]]
    value <- metric(h, j)
    expect_equal(metric(h[items, options], j[items, options]), value, info = name)
    expect_gt(value, if (name == "cross_entropy") metric(h, h) else 0)
  }
  expect_equal(agree_kl(h, h), 0)
  expect_equal(agree_js_distance(h, h), 0)
  expect_equal(agree_js_divergence(h, j), agree_js_divergence(j, h))
  expect_equal(agree_kl(h, j), agree_kl(j, h, direction = "judge_human"))
  expect_equal(agree_cross_entropy(h, j) - agree_cross_entropy(h, h), agree_kl(h, j))
  expect_lt(agree_js_divergence(h, j), log(2))
})

test_that("counts are distributions, and smoothing adds to every cell", {
  h <- rbind(c(yes = 4, no = 1), c(0, 5))
  j <- rbind(c(yes = 10, no = 0), c(5, 5))
  expect_equal(agree_js_divergence(h, j), agree_js_divergence(h / 5, j / 10))
  by_hand <- function(x) (x + 0.5) / (rowSums(x) + 1)
  expect_equal(agree_kl(h, j, smooth = 0.5), agree_kl(by_hand(h), by_hand(j)))
  expect_warning(value <- agree_kl(h, j), class = "judicious_warning_infinite")
  expect_identical(value, Inf)
  infinite <- quiet(agree_kl(h, j, conf_level = 0.9))
  expect_identical(c(infinite$estimate, infinite$conf_low), c(Inf, NA))
  # More ratings of the same shares: the same limit.
  shares <- rbind(c(0.8, 0.2), c(0.4, 0.6))
  many <- agree_kl(1e7 * shares, 1e7 * shares[2:1, ], smooth = 0.5)
  expect_equal(many, agree_kl(shares, shares[2:1, ]), tolerance = 1e-6)
})

test_that("options are matched by name, items with missing numbers left out", {
  h <- rbind(c(yes = 0.7, no = 0.3), c(0.2, 0.8), c(NA, 1))
  j <- rbind(c(no = 0.4, yes = 0.6), c(0.9, 0.1), c(0.5, 0.5))
  expect_message(value <- agree_js_divergence(h, j), class = "judicious_message_missing")
  expect_equal(value, agree_js_divergence(unname(h[1:2, ]), unname(j[1:2, 2:1])))
})

test_that("intervals are of the mean over items", {
  set.seed(2)
  h <- random_distributions(200, 3)
  j <- random_distributions(200, 3)
  result <- agree_js_divergence(h, j, conf_level = 0.95)
  scores <- vapply(1:200, function(i) agree_js_divergence(h[i, ], j[i, ]), 0)
  expect_equal(result$estimate, mean(scores))
  expect_lt(abs(tidy(result)$std.error / (sd(scores) / sqrt(200)) - 1), 5 * sqrt(0.5 / 2000))
})

test_that("mistakes are named", {
  h <- matrix(0.5, 2, 2)
  expect_error(agree_kl(h, h + 0.1), class = "judicious_error_distribution")
  expect_error(agree_kl(-h, h), class = "judicious_error_range")
  expect_error(agree_kl(h, matrix(1 / 3, 2, 3)), class = "judicious_error_length")
  expect_error(agree_kl(h, h[1, , drop = FALSE]), class = "judicious_error_length")
  expect_error(agree_kl("a", "b"), class = "judicious_error_type")
  expect_error(agree_kl(h, h, smooth = -1), class = "judicious_error_range")
  named <- function(names) matrix(0.5, 2, 2, dimnames = list(NULL, names))
  expect_error(agree_kl(named(c("a", "b")), named(c("a", "c"))), class = "judicious_error_options")
  expect_snapshot(error = TRUE, {
    agree_kl(rbind(c(0.5, 0.5), c(0.9, 0.8)), h)
    agree_kl(named(c("a", "b")), named(c("a", "c")))
    agree_js_divergence(h, rbind(c(0.5, 0.5), c(1.5, -0.5)))
  })
})
