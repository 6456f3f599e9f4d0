reference_tokens <- function(case) {
  logprob <- as.double(unlist(lapply(case$logprobs, function(x) x %||% NA)))
  tokens_of(as.character(unlist(case$tokens)), logprob)
}

test_that("token means equal the reference", {
  cases <- read_reference("confidence.json")$logprob_average
  expect_length(cases, 15)
  for (case in cases) {
    tokens <- reference_tokens(case)
    # Values above 0 are probabilities in the reference; here they are an error.
    above <- !is.na(tokens$logprob) & tokens$logprob > 0
    if (any(above)) {
      expect_error(label_confidence(tokens, "token_mean"), class = "judicious_error_range")
      tokens$logprob[above] <- log(tokens$logprob[above])
    }
    if (case$expected == 0) next
    expect_equal(confidence_of(tokens, "token_mean", na_rm = TRUE), case$expected,
                 tolerance = 1e-12, label = paste("case", case$id))
  }
})

test_that("no token that counts is NA; the reference says 0, as if the judge were surely wrong", {
  cases <- Filter(function(case) case$expected == 0,
                  read_reference("confidence.json")$logprob_average)
  expect_identical(vapply(cases, `[[`, 0L, "id"), 13:14)
  expect_warning(got <- label_confidence(reference_tokens(cases[[2]]), "token_mean"),
                 "1 without a token that counts")
  expect_identical(as.double(got$confidence), NA_real_)
})

test_that("500 tokens do not underflow, unlike in the reference", {
  case <- read_reference("confidence.json")$underflow
  expect_identical(case$reference_value, 0L)
  tokens <- tokens_of(rep("a", case$n_tokens), case$logprobs)
  expect_equal(confidence_of(tokens, "token_mean"), case$expected, tolerance = 1e-12)
})

test_that("labels of a list equal the reference, and share a token rather than get 0", {
  cases <- read_reference("confidence.json")$logprob_average_per_label
  expect_length(cases, 15)
  n_shared <- 0
  for (case in cases) {
    tokens <- reference_tokens(case)
    got <- label_confidence(tokens, "token_mean", per = "label", delimiter = case$delimiter)
    for (expected in case$expected) {
      ours <- as.double(got$confidence)[got$label == expected$label]
      what <- paste("case", case$id, expected$label)
      if (expected$value > 0) {
        expect_equal(ours, expected$value, tolerance = 1e-12, label = what)
      } else {
        # All of the label is in a token that also holds the next delimiter.
        n_shared <- n_shared + 1
        shared <- grepl(expected$label, tokens$token, fixed = TRUE)
        expect_equal(ours, exp(tokens$logprob[shared]), tolerance = 1e-12, label = what)
      }
    }
  }
  expect_identical(n_shared, 5)
})

test_that("values of a JSON answer equal the reference; a key that is not there is NA", {
  cases <- read_reference("confidence.json")$logprob_average_per_key
  expect_length(cases, 15)
  n_absent <- 0
  for (case in cases) {
    got <- quiet(label_confidence(reference_tokens(case), "token_mean", per = "key",
                                  keys = case$keys, list_keys = unlist(case$multilabel_keys)))
    for (expected in case$expected) {
      ours <- as.double(got$confidence)[got$key == expected$key]
      theirs <- expected$value %||% vapply(expected$per_label, `[[`, 0, "value")
      if (identical(as.double(theirs), 0)) {
        n_absent <- n_absent + 1
        expect_identical(ours, NA_real_)
      } else {
        expect_equal(ours, as.double(theirs), tolerance = 1e-12,
                     label = paste("case", case$id, expected$key))
      }
    }
    labels <- vapply(case$labels, function(x) x %||% NA_character_, "", USE.NAMES = FALSE)
    single <- !got$key %in% unlist(case$multilabel_keys)
    expect_identical(got$value[single], labels[match(got$key[single], case$keys)])
  }
  expect_identical(n_absent, 3)
})

test_that("tokens that do not count can be named", {
  tokens <- tokens_of(c("Label", ":", " yes", "\n"), c(-4, -2, -1, -9))
  expect_equal(confidence_of(tokens, "token_mean"), exp(-7 / 3))
  expect_equal(confidence_of(tokens, "token_mean", ignore = c("", "Label", ":")), exp(-1))
  expect_equal(confidence_of(tokens, "token_mean", ignore = character()), exp(-4))
})

test_that("a missing log-probability makes the mean NA, unless it is to be left out", {
  tokens <- rbind(tokens_of(c("a", "b"), c(-1, NA), 1), tokens_of("c", -2, 2))
  expect_warning(got <- label_confidence(tokens, "token_mean"),
                 "1 with a token without log-probability")
  expect_equal(as.double(got$confidence), c(NA, exp(-2)))
  expect_equal(confidence_of(tokens, "token_mean", na_rm = TRUE), exp(c(-1, -2)))
})

test_that("all keys are found, in nested objects, numbers and escaped strings too", {
  text <- c("{\"a", "\": 5", ", \"b\": {\"c\": ", "\"say \\\"", "x: y\\\"\"", "}, \"d\": ",
            "true", "}")
  tokens <- tokens_of(text, -(1:8))
  got <- label_confidence(tokens, "token_mean", per = "key")
  expect_identical(got$key, c("a", "b", "c", "d"))
  expect_identical(got$value[c(1, 3, 4)], c("5", "say \\\"x: y\\\"", "true"))
  # "a" has no token of its own, so it has the one that it shares
  expect_equal(as.double(got$confidence)[c(1, 3, 4)], exp(-c(2, 4.5, 7.5)))
})

test_that("delimiters may have several characters, and empty labels are none", {
  tokens <- tokens_of(c("joy", " and", " fear", " and ", " and ", "hope"), -(1:6))
  got <- label_confidence(tokens, "token_mean", per = "label", delimiter = " and ")
  expect_identical(got$label, c("joy", "fear", "hope"))
  expect_equal(as.double(got$confidence), exp(-c(1, 2.5, 5.5)))
})

test_that("entities have the tokens they overlap, each occurrence its own", {
  tokens <- rbind(tokens_of(c("An", "na met ", "Bob", " and An", "na."), -(1:5), "x"),
                  tokens_of("nobody", -1, "y"))
  entities <- data.frame(item_id = c("x", "x", "x", "y"), entity = c("Anna", "Bob", "Anna", "Eve"))
  expect_warning(got <- label_confidence(tokens, "token_mean", per = "entity", entities = entities),
                 "1 of 4 entities")
  expect_identical(got[c("item_id", "entity")], entities)
  expect_equal(as.double(got$confidence), c(exp(-c(1.5, 3, 4.5)), NA))
  as_list <- list(x = c("Anna", "Bob", "Anna"), y = "Eve")
  expect_identical(quiet(label_confidence(tokens, "token_mean", per = "entity",
                                          entities = as_list)), got)
  for (bad in list(data.frame(item_id = "z", entity = "Anna"), list(x = ""))) {
    expect_error(label_confidence(tokens, "token_mean", per = "entity", entities = bad),
                 class = "judicious_error_choice")
  }
  expect_error(label_confidence(tokens, "token_mean", per = "entity"),
               class = "judicious_error_required")
})

test_that("characters beyond ASCII do not shift the parts", {
  tokens <- tokens_of(c("caf\u00e9", "; th", "\u00e9"), -(1:3))
  got <- label_confidence(tokens, "token_mean", per = "label")
  expect_identical(got$label, c("caf\u00e9", "th\u00e9"))
  expect_equal(as.double(got$confidence), exp(-c(1, 2.5)))
})

test_that("items without an answer keep a row in every kind", {
  tokens <- rbind(tokens_of(c("{\"a\": ", "1}"), -(1:2), 1), judge_logprobs(list(NULL), 2))
  for (per in c("item", "key", "label")) {
    got <- quiet(label_confidence(tokens, "token_mean", per = per))
    expect_identical(got$item_id, c(1, 2), label = per)
    expect_identical(is.na(got$confidence), c(FALSE, TRUE), label = per)
  }
  expect_error(label_confidence(tokens, "token_mean", delimiter = "", per = "label"),
               class = "judicious_error_type")
})
