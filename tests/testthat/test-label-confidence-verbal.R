stated <- function(text, ...) quiet(confidence_of(text, "verbal", ...))

test_that("numbers are read in the usual forms", {
  texts <- c("0.8", ".8", "80%", "80 percent", "8/10", "8 out of 10", "0,8", "0.8.", "(0.8)",
             "8e-1", "Confidence: 0.8", "I am 80% sure", "**Confidence:** 80%",
             "{\"confidence\": 0.8}", "0.8 (80%)")
  expect_equal(stated(texts), rep(0.8, length(texts)))
  expect_identical(stated(c("0", "1", "100%", "0/5")), c(0, 1, 1, 0))
})

test_that("what follows the keyword counts before all else", {
  expect_identical(stated("Answer: 3 of 4. Confidence: 0.9, for 2 reasons"), 0.9)
  expect_identical(stated("Confidence is 0.3\nIn sum, my confidence level is 0.4"), 0.4)
  expect_identical(stated("Confidence (0-1): 0.7"), 0.7)
  expect_identical(stated("95% confidence"), 0.95)
  expect_identical(stated("3 points, certainty 0.6", keyword = "certainty"), 0.6)
  expect_identical(stated("Confidence 0.6, or 0.7", keyword = NULL), NA_real_)
})

test_that("what is not one confidence is not guessed at", {
  texts <- c("", "no idea", "0.5-0.7", "0.2 or 0.3", "85", "1.2", "-0.5", "12/10", "5/0", "1,000",
             "gpt-4", "2024-05-01", "80-90%")
  expect_identical(stated(texts), rep(NA_real_, length(texts)))
})

test_that("bare numbers follow the scale, others say it themselves", {
  expect_identical(stated(c("85", "85%", "0.5", "101"), scale = 100), c(0.85, 0.85, 0.005, NA))
  expect_identical(stated(c("7", "7/10"), scale = 10), c(0.7, 0.7))
})

test_that("words are looked up, longer entries first", {
  words <- c(high = 0.9, "very high" = 0.99, low = 0.2)
  texts <- c("High", "confidence: very high.", "highly", "low or high", "high, high", "0.5, high")
  expect_identical(stated(texts, words = words), c(0.9, 0.99, NA, NA, 0.9, 0.5))
  expect_identical(stated("Risk: low. Confidence: high", words = words), 0.9)
  expect_identical(stated("c++ sure", words = c("c++" = 0.4)), 0.4)
})

test_that("unparsed = 0 is the published rule, but a missing text stays missing", {
  texts <- c("0.8", "eighty", NA)
  expect_warning(got <- label_confidence(texts, "verbal"), "2 of 3 items")
  expect_identical(as.double(got$confidence), c(0.8, NA, NA))
  expect_warning(got <- label_confidence(texts, "verbal", unparsed = 0), "1 of 3 items")
  expect_identical(as.double(got$confidence), c(0.8, 0, NA))
})

test_that("items are named, numbered or in a data frame", {
  expect_identical(label_confidence(c(b = "0.1", a = "0.2"), "verbal")$item_id, c("b", "a"))
  expect_identical(label_confidence(factor(c("0.1", "0.2")), "verbal")$item_id, 1:2)
  frame <- data.frame(item_id = c(7, 5), answer = c("0.1", "0.2"))
  expect_identical(label_confidence(frame, "verbal")$item_id, c(7, 5))
  expect_identical(stated(c(0.25, 0.5)), c(0.25, 0.5))
})

test_that("arguments are checked", {
  expect_error(label_confidence(list(1), "verbal"), class = "judicious_error_type")
  expect_error(label_confidence(data.frame(a = 1), "verbal"), class = "judicious_error_required")
  expect_error(stated("0.5", words = c(0.5)), class = "judicious_error_type")
  expect_error(stated("0.5", words = c(high = 90)), class = "judicious_error_range")
  expect_error(stated("0.5", words = c(high = NA_real_)), class = "judicious_error_finite")
  expect_error(stated("0.5", scale = "ten"), class = "judicious_error_type")
  expect_error(stated("0.5", unparsed = 2), class = "judicious_error_range")
  expect_error(stated("0.5", keyword = 3), class = "judicious_error_type")
})
