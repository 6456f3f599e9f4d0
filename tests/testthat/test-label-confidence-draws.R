answers <- list(a = c("x", "y", "x", "x"), b = c("y", NA, "z"), c = c("x", "x"))

test_that("the vote is the share of the most frequent label", {
  got <- label_confidence(answers, "vote")
  expect_identical(got$label, c("x", NA, "x"))
  expect_identical(as.double(got$confidence), c(0.75, 0.5, 1))
  expect_identical(got$tied, c(FALSE, TRUE, FALSE))
  expect_identical(got$n, c(4L, 2L, 2L))
  expect_identical(got$n_missing, c(0L, 1L, 0L))
})

test_that("lists, data frames and matrices say the same", {
  frame <- data.frame(item_id = rep(names(answers), lengths(answers)),
                      label = unlist(answers, use.names = FALSE))
  matrix <- t(vapply(answers, function(x) x[1:4], rep("", 4)))
  for (method in c("vote", "semantic", "entropy")) {
    expected <- label_confidence(answers, method)
    expect_identical(label_confidence(frame, method), expected, label = method)
    shuffled <- label_confidence(frame[c(5, 1, 9, 2:4, 8, 6:7), ], method)
    expect_equal(shuffled$confidence[c(2, 1, 3)], expected$confidence, label = method)
    expect_identical(as.double(label_confidence(matrix, method)$confidence),
                     as.double(expected$confidence), label = method)
  }
})

test_that("a single answer shows no agreement", {
  few <- list(a = c("x", "x"), b = "x", c = NA, d = character())
  for (method in c("vote", "semantic")) {
    warning <- expect_warning(got <- label_confidence(few, method),
                              class = "judicious_warning_no_confidence")
    expect_identical(as.double(got$confidence), c(1, NA, NA, NA), label = method)
    expect_identical(warning$reasons,
                     c("without an answer" = 2L, "with a single answer" = 1L))
    expect_identical(got$n, c(2L, 1L, 0L, 0L))
  }
  expect_warning(got <- label_confidence(few, "entropy", labels = c("x", "y")), "3 of 4 items")
  expect_identical(as.double(got$confidence), c(1, NA, NA, NA))
})

test_that("entropies of repeated labels equal the reference", {
  cases <- read_reference("confidence.json")$label_entropy
  expect_length(cases, 6)
  for (case in cases) {
    labels <- union(case$label_set, "unused")
    got <- label_confidence(list(case$labels), "entropy", labels = labels)
    what <- paste("case", case$id)
    expect_equal(got$entropy, case$expected, tolerance = 1e-12, label = what)
    expect_equal(as.double(got$confidence), 1 - case$expected / log2(length(labels)),
                 tolerance = 1e-12, label = what)
  }
  expect_error(label_confidence(list(c("x", "w")), "entropy", labels = c("x", "y")),
               class = "judicious_error_choice")
  expect_error(label_confidence(list(c("x", "x")), "entropy"), class = "judicious_error_required")
})

test_that("ROUGE-L equals the reference", {
  reference <- read_reference("confidence.json")
  for (case in reference$rouge) {
    expect_equal(rouge_l_cpp(case$a, case$b), case$expected$rougeL, tolerance = 1e-12,
                 label = paste("case", case$id))
  }
  for (case in reference$semantic_clusters) {
    pairs <- expand.grid(a = case$predictions, b = case$predictions, stringsAsFactors = FALSE)
    expect_equal(rouge_l_cpp(pairs$a, pairs$b), as.vector(case$expected$rougeL), tolerance = 1e-12)
  }
})

test_that("clusters and their entropies equal the reference", {
  cases <- read_reference("confidence.json")$semantic_clusters
  expect_length(cases, 6)
  for (case in cases) {
    what <- paste("case", case$id)
    measure <- function(...) {
      label_confidence(list(case$predictions), "semantic", threshold = case$threshold, ...)
    }
    got <- measure()
    expect_identical(attr(got, "clusters"), case$expected$cluster, label = what)
    expect_identical(got$n_clusters, case$expected$n_clusters, label = what)
    expect_equal(got$entropy, case$expected$entropy, tolerance = 1e-12, label = what)
    expect_equal(as.double(got$confidence), 1 - got$entropy / log2(8), label = what)
    expect_equal(measure(weights = case$weights)$entropy, case$expected$entropy_weighted,
                 tolerance = 1e-12, label = what)
  }
})

test_that("the answer is the first of the largest cluster", {
  texts <- list(a = c("in 1912", "It is Paris", NA, "it IS paris!", "is it Paris"),
                b = c("one", "two"))
  got <- label_confidence(texts, "semantic")
  expect_identical(got$answer, c("It is Paris", NA))
  expect_identical(attr(got, "clusters"), c(1L, 2L, NA, 2L, 2L, 1L, 2L))
  expect_identical(got$n_clusters, c(2L, 2L))
  heavy <- label_confidence(texts, "semantic", weights = c(9, 1, 1, 1, 1, 2, 1))
  expect_identical(heavy$answer, c("in 1912", "one"))
})

test_that("for one-word labels, semantic entropy is the entropy of votes", {
  set.seed(1)
  draws <- data.frame(item_id = rep(1:50, each = 6),
                      label = sample(c("yes", "no", "maybe"), 300, TRUE))
  expect_equal(label_confidence(draws, "semantic")$entropy,
               label_confidence(draws, "entropy")$entropy)
})

test_that("letters beyond ASCII and other scripts are words", {
  same <- list(c("\u00c9t\u00e9 chaud", "\u00e9t\u00e9 CHAUD!"),
               c("\u041d\u0415\u0422", "\u043d\u0435\u0442"))
  expect_identical(as.double(label_confidence(same, "semantic")$confidence), c(1, 1))
  other <- list(c("\u0434\u0430", "\u043d\u0435\u0442"), c("\u662f", "\u5426"))
  expect_identical(as.double(label_confidence(other, "semantic")$confidence), c(0, 0))
})

test_that("results do not depend on threads", {
  set.seed(2)
  words <- c("a", "b", "c", "d", "e")
  text <- replicate(3000, paste(sample(words, 6, TRUE), collapse = " "))
  draws <- data.frame(item_id = rep(1:500, 6), answer = text)
  once <- label_confidence(draws, "semantic", threads = 1)
  expect_identical(label_confidence(draws, "semantic", threads = 3), once)
  # alone, each item gives the same
  one <- label_confidence(draws[draws$item_id == 77, ], "semantic")
  expect_identical(one$entropy, once$entropy[once$item_id == 77])
})

test_that("arguments are checked", {
  expect_error(label_confidence(3, "vote"), class = "judicious_error_type")
  expect_error(label_confidence(data.frame(x = 1), "vote"), class = "judicious_error_required")
  expect_error(label_confidence(data.frame(item_id = NA, label = "x"), "vote"),
               class = "judicious_error_missing_id")
  expect_error(label_confidence(answers, "semantic", threshold = 1.5),
               class = "judicious_error_range")
  expect_error(label_confidence(answers, "semantic", weights = 1), class = "judicious_error_length")
  expect_error(label_confidence(answers, "semantic", weights = c(-1, rep(1, 8))),
               class = "judicious_error_range")
  expect_error(label_confidence(answers, "semantic", threads = 0), class = "judicious_error_range")
})
