# Table 1 of Dawid and Skene (1979): 45 patients, 5 anaesthetists, the first of them three times.
anaesthetists <- function() {
  first <- c(
    "111", "333", "112", "222", "222", "222", "122", "333", "222", "232", "444", "222", "111",
    "222", "121", "111", "111", "111", "222", "222", "222", "222", "222", "221", "111", "111",
    "232", "111", "111", "112", "111", "333", "111", "222", "222", "433", "221", "232", "333",
    "111", "111", "121", "232", "121", "222"
  )
  others <- c(
    "1111", "4334", "2122", "3121", "3222", "3322", "2111", "3433", "2223", "2223", "4444", "3343",
    "1111", "3212", "1111", "2111", "1111", "1111", "2221", "1322", "2222", "2221", "3222", "2222",
    "1111", "1111", "2222", "1111", "1111", "1121", "1111", "3233", "1111", "2222", "3232", "4343",
    "2232", "3233", "3432", "1111", "1111", "2111", "2222", "1111", "2222"
  )
  digits <- lapply(strsplit(paste0(first, others), ""), as.integer)
  data.frame(item = rep(1:45, each = 7), rater = rep(c(1, 1, 1, 2:5), 45),
             rating = unlist(digits))
}

simulate_panel <- function(n, accuracy, share = 0.4) {
  truth <- stats::rbinom(n, 1, share)
  labels <- lapply(accuracy, function(a) ifelse(stats::runif(n) < a, truth, 1L - truth))
  names(labels) <- paste0("judge_", seq_along(accuracy))
  list(truth = truth, labels = as.data.frame(labels))
}

test_that("Dawid and Skene's own data give their published numbers", {
  fit <- combine_judges(anaesthetists(), "dawid_skene", smooth = 0)
  # The class marginals of their section 4.
  expect_equal(round(attr(fit, "fit")$prior, 2), c(0.40, 0.42, 0.11, 0.07))
  first <- attr(fit, "confusion")["1", , ]
  # Their EM, written out plainly, with the same start.
  votes <- anaesthetists()
  counts <- array(0, c(45, 5, 4))
  for (k in seq_len(nrow(votes))) {
    at <- cbind(votes$item[k], votes$rater[k], votes$rating[k])
    counts[at] <- counts[at] + 1
  }
  posterior <- apply(counts, c(1, 3), sum) / 7
  for (step in 1:3000) {
    prior <- colMeans(posterior)
    rates <- lapply(1:5, function(j) {
      m <- t(posterior) %*% counts[, j, ]
      m / rowSums(m)
    })
    logs <- matrix(log(prior), 45, 4, byrow = TRUE)
    for (j in 1:5) logs <- logs + counts[, j, ] %*% t(pmax(log(rates[[j]]), -1e4))
    posterior <- exp(logs - apply(logs, 1, max))
    posterior <- posterior / rowSums(posterior)
  }
  expect_equal(unname(attr(fit, "probabilities")), posterior, tolerance = 1e-6)
  expect_equal(unname(first), unname(rates[[1]]), tolerance = 1e-6)
})

test_that("majority is the share of votes, and ties are explicit", {
  labels <- rbind(c("a", "a", "b"), c("a", "b", NA), c("b", "b", "b"), c("a", "b", "c"), NA)
  out <- combine_judges(labels)
  expect_identical(out$label, c("a", NA, "b", NA, NA))
  expect_equal(out$probability, c(2 / 3, 1 / 2, 1, 1 / 3, NA))
  expect_identical(out$tie, c(FALSE, TRUE, FALSE, TRUE, FALSE))
  # Neither the order of judges nor that of classes decides.
  turned <- combine_judges(labels[, 3:1])
  expect_identical(turned$label, out$label)
  expect_identical(glance(out)$n_ties, 2L)
  expect_identical(glance(out)$n_unlabelled, 1L)
})

test_that("weights are the log odds of the accuracies on gold labels", {
  withr::local_seed(1)
  panel <- simulate_panel(300, c(0.9, 0.7, 0.6))
  gold <- replace(panel$truth, 201:300, NA)
  out <- combine_judges(panel$labels, "weighted", gold, n_folds = 1)
  right <- colSums(panel$labels[1:200, ] == gold[1:200])
  accuracy <- (right + 1) / 202
  expect_equal(attr(out, "judges")$weight, unname(log(accuracy / (1 - accuracy))))
  score <- as.matrix(2 * panel$labels - 1) %*% log(accuracy / (1 - accuracy))
  expect_equal(attr(out, "probabilities")[, "1"], as.vector(stats::plogis(score)))
})

test_that("one good judge outweighs three poor ones where the method can know", {
  withr::local_seed(2)
  panel <- simulate_panel(2000, c(0.95, 0.55, 0.55, 0.55))
  gold <- replace(panel$truth, 301:2000, NA)
  share_right <- function(method, gold = NULL) {
    out <- combine_judges(panel$labels, method, gold)
    mean(replace(out$label == panel$truth, is.na(out$label), FALSE)[301:2000])
  }
  expect_lt(share_right("majority"), 0.8)
  expect_gt(share_right("dawid_skene", gold), 0.93)
  expect_gt(share_right("weighted", gold), 0.93)
  expect_gt(share_right("stack", gold), 0.93)
})

test_that("stacking is penalised logistic regression on the gold items", {
  withr::local_seed(3)
  panel <- simulate_panel(400, c(0.8, 0.75, 0.6))
  out <- combine_judges(panel$labels, "stack", panel$truth, n_folds = 1)
  x <- as.matrix(2 * panel$labels - 1)
  # The ridge on the intercepts is 1/1000 of that on the weights, on two half-sized intercepts.
  loss <- function(b) {
    eta <- b[1] + x %*% b[-1]
    sum(log1p(exp(eta)) - panel$truth * eta) + sum(b[-1]^2) / 2 + 5e-4 * b[1]^2 / 2
  }
  best <- stats::optim(rep(0, 4), loss, method = "BFGS", control = list(reltol = 1e-15))
  expect_equal(attr(out, "judges")$weight, best$par[-1], tolerance = 1e-4)
  expect_equal(attr(out, "probabilities")[, "1"],
               as.vector(stats::plogis(best$par[1] + x %*% best$par[-1])), tolerance = 1e-4)
})

test_that("gold items are judged by fits that did not see them", {
  withr::local_seed(4)
  panel <- simulate_panel(60, c(0.8, 0.7, 0.6))
  for (method in c("weighted", "dawid_skene", "stack")) {
    out <- combine_judges(panel$labels, method, panel$truth, n_folds = 60)
    one <- combine_judges(panel$labels, method, replace(panel$truth, 7, NA), n_folds = 1)
    expect_equal(attr(out, "probabilities")[7, ], attr(one, "probabilities")[7, ],
                 tolerance = 1e-6, info = method)
  }
})

test_that("copies of a judge sway independent models but are seen through", {
  withr::local_seed(5)
  panel <- simulate_panel(1000, c(0.7, 0.8, 0.8))
  labels <- cbind(panel$labels, copy_1 = panel$labels$judge_1, copy_2 = panel$labels$judge_1,
                  copy_3 = panel$labels$judge_1)
  gold <- replace(panel$truth, 501:1000, NA)
  right <- function(method) {
    out <- combine_judges(labels, method, gold)
    mean(replace(out$label == panel$truth, is.na(out$label), FALSE)[501:1000])
  }
  expect_gt(right("stack"), right("majority") + 0.05)
  size <- glance(combine_judges(labels, gold = gold))$n_effective
  expect_lt(size, 3)
  expect_gt(size, 1)
  expect_gt(glance(combine_judges(panel$labels, gold = gold))$n_effective, 2.5)
})

test_that("relabelling and reordering change nothing", {
  withr::local_seed(6)
  panel <- simulate_panel(200, c(0.85, 0.75, 0.7))
  one <- combine_judges(panel$labels, "dawid_skene")
  words <- as.data.frame(lapply(panel$labels, function(x) c("no", "yes")[x + 1]))
  two <- combine_judges(words, "dawid_skene")
  expect_identical(two$label, c("no", "yes")[one$label + 1])
  expect_equal(two$probability, one$probability)
  order <- sample(200)
  three <- combine_judges(panel$labels[order, 3:1], "dawid_skene")
  expect_equal(three$probability, one$probability[order], tolerance = 1e-6)
})

test_that("set.seed() governs the folds", {
  panel <- withr::with_seed(7, simulate_panel(100, c(0.8, 0.7)))
  run <- function(seed) {
    set.seed(seed)
    combine_judges(panel$labels, "stack", panel$truth, n_folds = 3)$probability
  }
  expect_identical(run(1), run(1))
  expect_false(identical(run(1), run(2)))
})

test_that("confusion matrices without a model are shares, per true class", {
  labels <- data.frame(a = c(1, 1, 0, 0), b = c(1, 0, 0, NA))
  out <- combine_judges(labels, gold = c(1, 1, 0, 0))
  expect_equal(attr(out, "confusion")["b", "1", ], c("0" = 0.5, "1" = 0.5))
  expect_equal(attr(out, "confusion")["b", "0", ], c("0" = 1, "1" = 0))
  expect_equal(attr(out, "judges")$accuracy, c(1, 2 / 3))
  expect_equal(attr(out, "judges")$n_labels, c(4, 3))
})

test_that("mistakes are named", {
  labels <- data.frame(a = c(1, 0, 1), b = c(0, 0, 1))
  expect_snapshot(error = TRUE, {
    combine_judges(1:3)
    combine_judges(labels, "stack")
    combine_judges(labels, gold = 1:2)
    combine_judges(data.frame(a = c(1, 1), b = c(1, NA)))
    combine_judges(data.frame(a = c("x", "y"), b = 1:2))
    combine_judges(labels[0, ])
    combine_judges(labels, "vote")
    combine_judges(data.frame(item = c(1, NA), rater = 1, rating = 1:2))
    combine_judges(data.frame(item = c(1, 1), rater = 1:2, rating = 1:2), gold = c(1, 2))
  })
  expect_error(combine_judges(labels, "stack"), class = "judicious_error_undefined")
})
