test_that("an option that the method does not have is an error", {
  error <- expect_error(label_confidence("0.5", "verbal", threshold = 0.5),
                        class = "judicious_error_option")
  expect_match(conditionMessage(error), "`scale`")
  expect_identical(as.character(error$call[[1]]), "label_confidence")
  expect_error(label_confidence("0.5", "verbal", c(high = 1)), class = "judicious_error_option")
  expect_error(label_confidence("0.5", "verbal", call = 1), class = "judicious_error_option")
  expect_error(label_confidence("0.5", "spoken"), class = "judicious_error_choice")
})

test_that("the default method is the label's probability", {
  tokens <- one_token(a = c(yes = 0.6, no = 0.2))
  expect_identical(label_confidence(tokens, labels = c("yes", "no")),
                   label_confidence(tokens, "label_prob", labels = c("yes", "no")))
})

test_that("every method stores its name, lies in [0, 1] and keeps items in order", {
  tokens <- one_token(b = c(yes = 0.6, no = 0.2), a = c(no = 0.5, yes = 0.5))
  draws <- list(b = c("yes", "no", "no"), a = c("no", "no"))
  results <- list(
    label_prob = label_confidence(tokens, "label_prob", labels = c("yes", "no")),
    token_mean = label_confidence(tokens, "token_mean"),
    p_true = label_confidence(tokens, "p_true"),
    verbal = label_confidence(c(b = "0.4", a = "90%"), "verbal"),
    vote = label_confidence(draws, "vote"),
    entropy = label_confidence(tokens, "entropy", labels = c("yes", "no")),
    semantic = label_confidence(draws, "semantic")
  )
  for (method in names(results)) {
    got <- results[[method]]
    expect_identical(got$item_id, c("b", "a"), label = method)
    expect_identical(attr(got$confidence, "method"), method)
    expect_true(all(got$confidence >= 0 & got$confidence <= 1), label = method)
  }
})

test_that("missing log-probabilities give NA and one warning, never 0", {
  answers <- list(a = provider_answers()$chat, b = NULL,
                  c = list(choices = list(list(message = list(content = "Yes")))))
  calls <- list(
    label_prob = list(labels = c("yes", "no")), token_mean = list(), p_true = list(),
    entropy = list(labels = c("yes", "no"))
  )
  for (method in names(calls)) {
    warnings <- testthat::capture_warnings(
      got <- do.call(label_confidence, c(list(answers, method), calls[[method]]))
    )
    expect_length(warnings, 1)
    expect_match(warnings, "2 of 3 items is .*NA.*2 without log-probabilities")
    expect_identical(is.na(got$confidence), c(FALSE, TRUE, TRUE), label = method)
  }
})

test_that("the warning counts what is missing by reason", {
  tokens <- rbind(one_token(a = c(yes = 1), b = c(maybe = 1)),
                  tokens_of("yes", NA, "c"), tokens_of(character(), double(), character()))
  warning <- expect_warning(label_confidence(tokens, "p_true"),
                            class = "judicious_warning_no_confidence") |>
    expect_warning(class = "judicious_warning_no_alternatives")
  expect_snapshot(invisible(label_confidence(tokens, "p_true")))
})
