log <- data.frame(id = 1, rs = c("yes", "no", "yes|no", NA), fc = c("yes", "no", NA, NA))
read <- function(invalid) {
  as_ratings(log, item = id, choice = fc, set = rs, invalid = invalid, task = yes_no())
}

test_that("the three policies by hand", {
  excluded <- only_profile(read("exclude"))
  expect_equal(excluded$o[, 1], c(1, 1) / 2)
  expect_equal(excluded$omega[, 1], c(2, 2) / 3)
  expect_equal(excluded$p_positive, 2 / 3)
  expect_identical(excluded$invalid_choice, 2)
  expect_null(excluded$omega_low)
  wrong <- only_profile(read("wrong"))
  expect_equal(wrong$o[, 1], c(1, 1) / 4)
  expect_equal(wrong$omega[, 1], c(2, 2) / 4)
  bounds <- only_profile(read("bounds"))
  expect_equal(bounds$omega, excluded$omega)
  expect_equal(bounds$omega_low[, 1], c(2, 2) / 4)
  expect_equal(bounds$omega_high[, 1], c(3, 3) / 4)
  expect_equal(c(bounds$p_low, bounds$p_high), c(2, 3) / 4)
})

test_that("with every answer valid the policies agree", {
  set.seed(1)
  sim <- simulate_ratings(rating_task(letters[1:3], "a"), n_items = 30, n_judges = 0)
  profiles <- lapply(c("exclude", "wrong", "bounds"), function(policy) {
    x <- sim$human
    x$policy <- policy
    only_profile(x)
  })
  fields <- c("o", "omega", "p_positive")
  expect_identical(profiles[[1]][fields], profiles[[2]][fields])
  expect_identical(profiles[[1]][fields], profiles[[3]][fields])
  expect_identical(profiles[[3]]$omega_low, profiles[[3]]$omega_high)
})

test_that("omega is never below O where choices come from sets", {
  set.seed(2)
  sim <- simulate_ratings(rating_task(letters[1:4], "a"), n_items = 50, n_judges = 2)
  for (profile in item_profiles(c(sim$human, sim$judges))$profiles) {
    expect_gte(min(profile$omega - profile$o), -1e-15)
    expect_equal(colSums(profile$o), rep(1, 50))
    expect_gte(min(colSums(profile$omega)), 1)
  }
})

test_that("the order of ratings and the names of options change nothing", {
  set.seed(3)
  sim <- simulate_ratings(rating_task(letters[1:3], "a"), n_items = 20, n_judges = 0)
  frame <- as.data.frame(sim$human)
  order <- sample(nrow(frame))
  shuffled <- as_ratings(frame[order, ], item = item, choice = choice, set = set,
                         source = source, task = sim$task)
  at <- match(sim$human$items, shuffled$items)
  expect_equal(only_profile(shuffled)$omega[, at], only_profile(sim$human)$omega)
  renamed <- rating_task(c("x", "y", "z"), "x")
  rename <- function(x) chartr("abc", "xyz", x)
  other <- as_ratings(frame, item = item, choice = rename(choice), set = rename(set),
                      source = source, task = renamed)
  expect_identical(only_profile(other)$p_positive, only_profile(sim$human)$p_positive)
})

test_that("a decision counts a set with two positive options once", {
  task <- rating_task(c("bad", "worse", "fine"), positive = c("bad", "worse"))
  x <- as_ratings(data.frame(id = 1, rs = c(rep("bad|worse", 45), rep("fine", 55))), item = id,
                  set = rs, task = task)
  omega <- only_profile(x)$omega[, 1]
  expect_gt(sum(omega[1:2]), 0.5)
  decision <- decide_items(x, tau = 0.5)
  expect_equal(decision$p_positive, 0.45)
  expect_false(decision$positive)
  either <- as_ratings(data.frame(id = 1, rs = c("bad", "worse", "bad|worse", "fine")), item = id,
                       set = rs, task = task)
  expect_equal(decide_items(either)$p_positive, 0.75)
  expect_equal(decide_items(either, rule = "all")$p_positive, 0.25)
})

test_that("a share equal to tau does not exceed it, however it was rounded", {
  x <- as_ratings(data.frame(id = 1, rs = c(rep("yes", 3), rep("no", 7))), item = id, set = rs,
                  task = yes_no())
  expect_false(decide_items(x, tau = 0.3)$positive)
  expect_true(decide_items(x, tau = 0.29)$positive)
  expect_false(decide_items(x, tau = 0.1 + 0.2)$positive)
})

test_that("decisions follow the reference, also exactly at a threshold", {
  for (case in agreement_reference("metrics")) {
    for (tau in names(case$expected)) {
      decide <- function(side) {
        shares <- rowSums(as_rows(side$omega)[, case$positive_options, drop = FALSE])
        exceeds_cpp(shares, as.numeric(tau))
      }
      human <- decide(case$human)
      judge <- decide(case$judge)
      expect_equal(mean(human == judge), case$expected[[tau]]$consistency, tolerance = 1e-12)
      expect_equal(mean(judge) - mean(human), case$expected[[tau]]$bias, tolerance = 1e-12)
    }
  }
})

test_that("sets of judges are not mis-indexed", {
  for (case in agreement_reference("judge_rating_distribution")) {
    k <- case$n_options
    options <- case$options[seq_len(k)]
    items <- row(case$response_set)
    # The labels of the reference are letters side by side; its last one is "invalid".
    tokens <- case$response_sets[case$response_set]
    sets <- ifelse(tokens == "invalid", NA, gsub("(?<=.)(?=.)", "|", tokens, perl = TRUE))
    x <- as_ratings(
      data.frame(item = as.vector(items), choice = options[case$forced_choice], set = sets),
      item = item, choice = choice, set = set, invalid = "wrong", task = rating_task(options, "A")
    )
    at <- match(seq_len(nrow(items)), x$items)
    profile <- only_profile(x)
    expected <- case$expected
    expect_lt(max(abs(t(profile$o[, at]) - expected$O[, seq_len(k)])), 1e-12)
    expect_lt(max(abs(t(profile$omega[, at]) - expected$omega_by_membership[, seq_len(k)])), 1e-12)
    # What the published lookup makes of the same answers.
    expect_gt(max(abs(t(profile$omega[, at]) - expected$omega_as_coded[, seq_len(k)])), 0.1)
    theta <- tidy(x, type = "sets")
    labels <- set_labels(lookup_bits(expected$membership[seq_len(k), -(2^k)]), x$task)
    reference <- expected$theta[cbind(theta$item, match(theta$set, labels))]
    answered <- profile$n_set[match(theta$item, x$items)]
    expect_equal(theta$prob * answered / ncol(items), reference, tolerance = 1e-12)
  }
})

test_that("profiles are aligned on shared items, in the humans' order", {
  human <- as_ratings(data.frame(id = c("a", "b", "c"), fc = c("yes", "no", "yes")), item = id,
                      choice = fc, task = yes_no())
  judge <- as_ratings(data.frame(id = c("c", "d", "a"), fc = c("no", "no", "yes")), item = id,
                      choice = fc, task = yes_no())
  both <- align_profiles(item_profiles(human), item_profiles(judge))
  expect_identical(both$human$items, c("a", "c"))
  expect_identical(both$judge$items, c("a", "c"))
  expect_identical(both$human$profiles[[1]]$o, matrix(c(1, 0, 1, 0), 2))
  expect_identical(both$judge$profiles[[1]]$o, matrix(c(1, 0, 0, 1), 2))
  expect_identical(both$judge$profiles[[1]]$n_choice, c(1, 1))
  factors <- human
  factors$items <- factor(human$items)
  mixed <- align_profiles(item_profiles(factors), item_profiles(judge))
  expect_identical(as.character(mixed$human$items), c("a", "c"))
})

test_that("nothing in common is an error", {
  human <- as_ratings(data.frame(id = 1:2, fc = "yes"), item = id, choice = fc, task = yes_no())
  judge <- as_ratings(data.frame(id = 3:4, fc = "yes"), item = id, choice = fc, task = yes_no())
  expect_error(align_profiles(item_profiles(human), item_profiles(judge)),
               class = "judicious_error_items")
  other <- as_ratings(data.frame(id = 1:2, fc = "yes"), item = id, choice = fc,
                      task = rating_task(c("yes", "no"), "no"))
  expect_error(align_profiles(item_profiles(human), item_profiles(other)),
               class = "judicious_error_task")
})

test_that("decisions need positive options and a threshold below one", {
  x <- as_ratings(log, item = id, set = rs, task = rating_task(c("yes", "no")))
  expect_snapshot(decide_items(x), error = TRUE)
  expect_true(is.na(only_profile(x)$p_positive))
  expect_error(decide_items(read("exclude"), tau = 1), class = "judicious_error_range")
  expect_error(decide_items(read("exclude"), tau = -0.1), class = "judicious_error_range")
  expect_error(decide_items(1), class = "judicious_error_type")
  choices <- as_ratings(log[1:2, ], item = id, choice = fc, task = yes_no())
  expect_identical(decide_items(choices)$positive, NA)
})

test_that("bounds over invalid answers show in the decisions", {
  decision <- decide_items(read("bounds"), tau = 0.6)
  expect_equal(c(decision$p_low, decision$p_high), c(0.5, 0.75))
  expect_true(decision$positive)
  expect_true(is.na(decide_items(read("exclude"))$p_low))
})
