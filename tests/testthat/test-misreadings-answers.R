# Answers that were misread, or clear and not read. Each case stands for its kind.

yes_no_task <- rating_task(c("yes", "no"), positive = "yes")
stars <- rating_task(as.character(1:5))

test_that("scores are read wherever they are stated", {
  four <- c("Score: 4", "Final score: 4/5", "The score is 4.", "<score>4</score>", "[RESULT] 4",
            "{\"score\": 4, \"reason\": \"3 errors\"}", "**Score:** 4", "Score (1-5): 4",
            "Score: 4.0", "Score: 4 out of 5", "4 out of 5", "Rating: 4/5 stars", "[[4]]",
            "[SCORE] 4", "<quality>4</quality>", "score = 4", "Final Score - 4",
            "Feedback: two errors. [RESULT] 4", "{'score': 4, 'reason': '3 errors'}",
            "{\"evaluation\": {\"score\": 4, \"why\": \"1\"}}", "Score: 4\nReason: 2 errors",
            "<reasoning>5 errors, score 3</reasoning><score>4</score>", "Score\uff1a\uff14",
            "The maximum score is 5. The score is 4.", "Overall score: 4\nFluency score: 5",
            "Rating: 4\nConfidence score: 5", "{\"Final Score\": \"4\"}", "Score:\n\n4")
  expect_equal(four[!read_as(four, stars)$choice %in% "4"], character())
})

test_that("answers in words are read whatever stands around them", {
  no <- c("[[no]]", "<answer>no</answer>", "<think>yes? no</think>no",
          "<think>yes</think>\n\nno", "It is rude, so yes.</think>no", "[THINK]yes[/THINK]no",
          "<|channel|>final<|message|>no<|return|>",
          paste0("<|start|>assistant<|channel|>analysis<|message|>yes?<|end|>",
                 "<|start|>assistant<|channel|>final<|message|>no<|return|>"),
          "analysisYes or no?assistantfinalno", "no<|im_end|>", "no</s>", "Result: no",
          "Conclusion: no", "Outcome: **no**", "No, no violation found.", "No, no, no.",
          "No, not at all.", "\u200bno", "no\u00a0", "\ufeffno", "n\u200bo", "Answer:\u202fno",
          "\uff2e\uff4f", "<final_answer>\nB\n</final_answer>", "Answer: <b>no</b>",
          "[ANSWER]no[/ANSWER]", "\\boxed{\\text{no}}", "Conclusion: No, the comment is fine.",
          "{\"result\": \"no\", \"confidence\": 0.9}", "No. The score is low.",
          "<answer>no</answer><explanation>yes would be wrong</explanation>")
  expect_equal(no[!read_as(no, yes_no_task)$choice %in% "no"], character())
})

test_that("doubt stays NA", {
  lost <- c("The result is no surprise", "Verdict: no violation", "Result: not yes",
            "yes\nResult: not yes", "[[A]] or [[B]]", "<answer>maybe</answer>", "No, yes",
            "Yes, no.", "<answer>yes</answer><answer>no</answer>", "<think>yes maybe no",
            "<|channel|>analysis<|message|>yes", "No violation found.", "Conclusion: unclear",
            "{\"answer\": \"yes\", \"verdict\": \"no\"}", "yes\u200bno",
            "Yes: no", "Yes: false")
  expect_equal(lost[!is.na(read_as(lost, yes_no_task)$choice)], character())
  numbers <- c("Score: 4.5", "Score: 7", "Score: 4 or 5", "Score: 3/10", "Score: 4-5", "Score: -1",
               "<score>4</score><score>5</score>", "Fluency score: 5\nTone score: 3", "3/5",
               "{\"score\": 3, \"rating\": 4}", "Result: 4 errors", "Confidence score: 5")
  expect_equal(numbers[!is.na(read_as(numbers, stars)$choice)], character())
})

test_that("the place of a choice is told in the text as it was", {
  place <- function(text, task = yes_no_task) {
    at <- read_answers(text, task, "choice", list(option_codes(task$options)))
    substring(text, at$from, at$to)
  }
  expect_identical(place("I weighed yes.\r\n\u200bAnswer: no, as it is fine."), "no")
  expect_identical(place("<think>yes</think>{\"why\": \"yes\", \"answer\": \"no\"}"), "no")
  expect_identical(place("Score: 4/5", stars), "4")
  expect_identical(place("B. This is a yes to A"), "B")
})

# --- confidence -----------------------------------------------------------------

# Tokens of one answer; `top` of the tokens named there.
answer_tokens <- function(tokens, probability, top) {
  at <- match(names(top), tokens)
  alternatives <- vector("list", length(tokens))
  alternatives[at] <- lapply(top, log)
  tokens_of(tokens, log(probability), top = alternatives)
}

fine_comment <- answer_tokens(
  c("B", ".", " no", ".", " This", " is", " a", " fine", " comment"), c(0.7, rep(0.9, 5), 1, 1, 1),
  list(B = c(B = 0.7, A = 0.3), " no" = c(" no" = 0.95, " yes" = 0.05), " a" = c(" a" = 1))
)

test_that("the confidence is that of the choice that was read", {
  got <- label_confidence(fine_comment, "label_prob", labels = c("A", "B"))
  expect_identical(got$label, "B")
  expect_equal(as.double(got$confidence), 0.7)
  both <- label_confidence(fine_comment, "label_prob",
                           labels = list(yes = c("A", "yes"), no = c("B", "no")))
  expect_identical(both$label, "no")
  expect_equal(as.double(both$confidence), 0.7)
  # the reason names the other label, and a capital article follows
  reasons <- answer_tokens(c("Answer", ":", " no", ".", " A", " yes", " is", " harsh"),
                           c(1, 1, 0.6, 1, 1, 0.9, 1, 1),
                           list(" no" = c(" no" = 0.6, " yes" = 0.2), " yes" = c(" yes" = 0.9)))
  expect_equal(confidence_of(reasons, "label_prob", labels = c("yes", "no")), 0.75)
  expect_equal(confidence_of(reasons, "entropy", labels = c("yes", "no")),
               1 + sum(c(0.75, 0.25) * log2(c(0.75, 0.25))))
})

test_that("no clear answer has no confidence, and single letters count in their own case", {
  doubt <- answer_tokens(c("yes", " or", " no"), c(0.6, 0.9, 0.8),
                         list(yes = c(yes = 0.6), " no" = c(" no" = 0.8, " yes" = 0.1)))
  expect_warning(got <- label_confidence(doubt, "label_prob", labels = c("yes", "no")),
                 "does not say clearly", class = "judicious_warning_no_confidence")
  expect_identical(got$label, NA_character_)
  expect_identical(as.double(got$confidence), NA_real_)
  article <- answer_tokens(c("It", " is", " a", " comment"), c(1, 1, 0.9, 1),
                           list(" a" = c(" a" = 0.9, " A" = 0.05)))
  for (position in c("answer", "last", "first")) {
    expect_warning(got <- label_confidence(article, "label_prob", labels = c("A", "B"),
                                           position = position),
                   class = "judicious_warning_no_confidence")
    expect_identical(as.double(got$confidence), NA_real_)
  }
  # a number that is only the beginning of the one that was given
  ten <- answer_tokens(c("Score", ":", " ", "1", "0"), c(1, 1, 1, 0.9, 0.8),
                       list("1" = c("1" = 0.9, "2" = 0.1)))
  expect_warning(got <- label_confidence(ten, "label_prob", labels = 1:10), "no token of its own")
  expect_identical(got$label, "10")
  expect_identical(as.double(got$confidence), NA_real_)
})

test_that("runs read the label and its confidence from the same place", {
  tokens <- list(token = fine_comment$token, logprob = fine_comment$logprob,
                 top = fine_comment$top)
  confidence <- function(choice, codes) {
    token_confidence(list(tokens), choice, codes, c("yes", "no"))
  }
  expect_equal(confidence("no", "A B"), 0.7)
  # Another reading is not given the confidence of this one.
  expect_identical(confidence("yes", "A B"), NA_real_)
  names_only <- list(token = c("No", ",", " a", " joke"), logprob = log(c(0.8, 1, 1, 1)),
                     top = list(log(c(No = 0.8, Yes = 0.2)), NULL, NULL, NULL))
  expect_equal(token_confidence(list(names_only), "no", "A B", c("yes", "no")), 0.8)
})

test_that("votes fold case, blanks and marks, and are read as answers where labels are given", {
  got <- label_confidence(list(a = c("Yes", "yes", "YES.", "no"), b = c("4", "4.0", " 5")), "vote")
  expect_identical(as.double(got$confidence), c(3 / 4, 2 / 3))
  expect_identical(got$label, c("Yes", "4"))
  read <- label_confidence(list(c("Answer: yes", "yes", "I think so", "No.")), "vote",
                           labels = c("yes", "no"))
  expect_identical(c(as.double(read$confidence), read$n, read$n_missing), c(2 / 3, 3, 1))
  panel <- data.frame(a = c("Yes", "no", "yes"), b = c("yes", "No", "yes"),
                      c = c("yes", "no", "no"))
  expect_identical(tolower(combine_judges(panel)$label), c("yes", "no", "yes"))
})

test_that("labels that are numbers are sorted as numbers", {
  expect_identical(sort_labels(c("10", "9", "1", "2")), c("1", "2", "9", "10"))
  ratings <- data.frame(id = 1:4, a = c("10", "2", "1", "9"))
  read <- quiet(as_ratings(ratings, item = id, choice = a))
  expect_identical(read$task$options, c("1", "2", "9", "10"))
  expect_identical(sort_labels(c("b", "B", "a")), sort(c("b", "B", "a"), method = "radix"))
})
