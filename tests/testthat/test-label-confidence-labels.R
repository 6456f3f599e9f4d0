yes_no <- c("yes", "no")

test_that("the label's probability is renormalised over all tokens that stand for labels", {
  tokens <- one_token(a = c(Yes = 0.5, " yes" = 0.1, NO = 0.1, no = 0.1, maybe = 0.2))
  got <- label_confidence(tokens, "label_prob", labels = yes_no)
  expect_equal(as.double(got$confidence), 0.6 / 0.8)
  expect_equal(got$mass, 0.8)
  expect_identical(got$label, "yes")
})

test_that("the label is the one given, not the most probable one", {
  got <- label_confidence(one_token(a = c(no = 0.3, yes = 0.6)), "label_prob", labels = yes_no)
  expect_identical(got$label, "no")
  expect_equal(as.double(got$confidence), 1 / 3)
})

test_that("other tokens may stand for a label, and numbers may be labels", {
  tokens <- one_token(a = c(y = 0.4, yes = 0.4, n = 0.2))
  labels <- list(yes = c("yes", "y"), no = c("no", "n"))
  expect_equal(confidence_of(tokens, "label_prob", labels = labels), 0.8)
  digits <- one_token(a = c("4" = 0.6, "5" = 0.3, x = 0.1))
  got <- label_confidence(digits, "label_prob", labels = 1:5)
  expect_identical(got$label, "4")
  expect_equal(as.double(got$confidence), 2 / 3)
  # marks for a space of two families of tokenisers
  marked <- one_token(a = c("\u0120yes" = 0.6, "\u2581No" = 0.2))
  expect_equal(confidence_of(marked, "label_prob", labels = yes_no), 0.75)
})

test_that("the score token is the last or the first that stands for a label", {
  top <- list(log(c(No = 0.6, Yes = 0.4)), NULL, NULL, log(c(" yes" = 0.8, " no" = 0.1)), NULL)
  tokens <- tokens_of(c("No", "t", " sure", " yes", "."), log(c(0.6, 0.5, 0.5, 0.8, 0.9)),
                      top = top)
  got <- function(position = "last") {
    label_confidence(tokens, "label_prob", labels = yes_no, position = position)
  }
  expect_equal(as.double(got()$confidence), 8 / 9)
  expect_identical(got()$label, "yes")
  expect_equal(as.double(got(position = "first")$confidence), 0.6)
  expect_identical(got(position = "first")$label, "no")
  expect_equal(confidence_of(tokens, "p_true", position = "first"), 0.4)
  expect_equal(confidence_of(tokens, "p_true", position = "last"), 8 / 9)
  # rows in any order
  expect_identical(label_confidence(tokens[5:1, ], "label_prob", labels = yes_no,
                                    position = "last"), got())
  # "Not sure yes." says neither clearly.
  expect_warning(unclear <- label_confidence(tokens, "label_prob", labels = yes_no),
                 "does not say clearly", class = "judicious_warning_no_confidence")
  expect_identical(c(unclear$label, as.double(unclear$confidence)), c(NA_character_, NA))
})

test_that("labels of several tokens are known by their beginning, if asked and unambiguous", {
  tokens <- one_token(a = c(neut = 0.5, neg = 0.3, pos = 0.1, ne = 0.1))
  labels <- c("positive", "negative", "neutral")
  expect_warning(none <- label_confidence(tokens, "label_prob", labels = labels),
                 class = "judicious_warning_no_confidence")
  expect_identical(as.double(none$confidence), NA_real_)
  got <- label_confidence(tokens, "label_prob", labels = labels, partial = TRUE)
  expect_identical(got$label, "neutral")
  expect_equal(as.double(got$confidence), 0.5 / 0.9)
})

test_that("a token given but not among the alternatives counts too, and none counts twice", {
  tokens <- one_token(a = c(no = 0.1, yes = 0.6))
  tokens$top <- list(log(c(yes = 0.6, maybe = 0.2)))
  expect_equal(confidence_of(tokens, "label_prob", labels = yes_no), 1 / 7)
  frame <- tokens
  frame$top <- list(data.frame(token = c("yes", "maybe"), logprob = log(c(0.6, 0.2))))
  expect_equal(confidence_of(frame, "label_prob", labels = yes_no), 1 / 7)
})

test_that("without alternatives nothing is renormalised", {
  tokens <- rbind(tokens_of("yes", log(0.7), "a"), tokens_of("no", log(0.9), "b"))
  expect_warning(got <- label_confidence(tokens, "label_prob", labels = yes_no),
                 class = "judicious_warning_no_alternatives")
  expect_equal(as.double(got$confidence), c(0.7, 0.9))
  expect_warning(got <- label_confidence(tokens, "p_true"), "2 of 2 items")
  expect_equal(as.double(got$confidence), c(0.7, 0.1))
  expect_warning(got <- label_confidence(tokens, "entropy", labels = yes_no),
                 "2 without alternatives")
  expect_identical(as.double(got$confidence), c(NA_real_, NA_real_))
})

test_that("p_true does not depend on which of the two was said", {
  said_yes <- one_token(a = c(Yes = 0.6, No = 0.2))
  said_no <- one_token(a = c(No = 0.2, Yes = 0.6))
  expect_equal(confidence_of(said_yes, "p_true"), 0.75)
  expect_equal(confidence_of(said_no, "p_true"), 0.75)
  french <- one_token(a = c(oui = 0.3, non = 0.1))
  expect_equal(confidence_of(french, "p_true", yes = "oui", no = "non"), 0.75)
})

test_that("tiny probabilities keep their ratio", {
  tokens <- one_token(a = c(yes = 1, no = 1))
  tokens$logprob <- -900
  tokens$top <- list(c(yes = -900, no = -900 + log(3)))
  expect_equal(confidence_of(tokens, "label_prob", labels = yes_no), 0.25)
})

test_that("entropies equal the reference", {
  cases <- read_reference("confidence.json")$entropy
  expect_length(cases, 12)
  for (case in cases) {
    got <- label_confidence(matrix(case$weights, 1), "entropy")
    what <- paste("case", case$id)
    expect_equal(got$entropy, case$expected, tolerance = 1e-12, label = what)
    maximum <- log2(length(case$weights))
    expect_equal(as.double(got$confidence), 1 - case$expected / maximum, tolerance = 1e-12,
                 label = what)
  }
})

test_that("the entropy of tokens, of their matrix and of its logs agree", {
  tokens <- one_token(a = c(yes = 0.6, no = 0.2), b = c(no = 0.4, yes = 0.4))
  got <- label_confidence(tokens, "entropy", labels = yes_no)
  p <- rbind(a = c(yes = 0.75, no = 0.25), b = c(0.5, 0.5))
  matrix <- label_confidence(p, "entropy")
  expect_equal(got$entropy, matrix$entropy)
  expect_equal(got$confidence, matrix$confidence)
  expect_identical(got$label, yes_no)
  expect_identical(matrix$label, c("yes", NA))
  expect_identical(as.double(matrix$confidence[2]), 0)
  expect_equal(label_confidence(log(p) - 900, "entropy", log = TRUE), matrix)
  # a label that is not among the alternatives is impossible, but it counts for the maximum
  three <- label_confidence(tokens, "entropy", labels = c(yes_no, "maybe"))
  expect_equal(three$entropy, got$entropy)
  expect_equal(as.double(three$confidence), 1 - got$entropy / log2(3))
})

test_that("rows of a matrix without a distribution are NA", {
  p <- rbind(c(0.5, 0.5), c(NA, 1), c(0, 0))
  expect_warning(got <- label_confidence(p, "entropy"), "2 of 3 items")
  expect_identical(is.na(got$confidence), c(FALSE, TRUE, TRUE))
  expect_identical(got$entropy, c(1, NA, NA))
  expect_error(label_confidence(rbind(c(0.5, -0.1)), "entropy"), class = "judicious_error_range")
  expect_error(label_confidence(matrix(1), "entropy"), class = "judicious_error_required")
})

test_that("labels are checked", {
  tokens <- one_token(a = c(yes = 1))
  measure <- function(...) label_confidence(tokens, "label_prob", ...)
  expect_error(measure(), class = "judicious_error_required")
  expect_error(measure(labels = list(yes = "yes", no = c("no", "YES "))),
               class = "judicious_error_duplicate")
  expect_error(measure(labels = list("yes", "no")), class = "judicious_error_type")
  expect_error(measure(labels = c("yes", NA)), class = "judicious_error_type")
  expect_error(measure(labels = yes_no, position = "middle"), class = "judicious_error_choice")
  expect_error(label_confidence(3, "label_prob", labels = yes_no), class = "judicious_error_type")
})
