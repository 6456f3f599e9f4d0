task <- rating_task(c("yes", "no"), positive = "yes")
toxicity <- rating_task(c("very toxic", "toxic", "fine"), positive = c("very toxic", "toxic"))

test_that("every usual way to write a choice is read", {
  b <- c("B", "b", " B ", "B.", "(B)", "[B]", "**B**", "`B`", "\"B\"", "B. no", "B) no", "B: no",
         "B - no", "B (no)", "no", "No.", "NO", "**No**", "Answer: B", "answer: b", "**Answer:** B",
         "Answer: **B**", "Answer: B. no", "Answer:\nB", "The answer is B.",
         "My final answer is no.", "Final answer: (B)", "I weighed both sides.\nAnswer: B",
         "Option B", "Choice: B",
         "{\"answer\": \"B\"}", "{\"label\": \"no\", \"confidence\": 0.7}",
         "```json\n{\"answer\": \"B\"}\n```", "No, this is not rude.", "B, because it is friendly.",
         "The comment is kind.\n\nB", "\\boxed{B}", "Answer: A would be hasty.\nAnswer: B",
         "No - it is kind", "B\n\nThe comment is kind.", "Verdict -> no", "[\"B\"]",
         "Answer: B\r\nConfidence: 80%", "\u201cB\u201d")
  expect_equal(b[!read_as(b, task)$choice %in% "no"], character())
})

test_that("what is not one option is NA, not a guess", {
  lost <- jsonlite::fromJSON(test_path("fixtures", "malformed-answers.json"))
  expect_gt(length(lost), 30)
  read <- read_as(lost, task)
  expect_equal(lost[!is.na(read$choice)], character())
  expect_false(any(read$status == "ok"))
})

test_that("refusals are told from nonsense, and a stated answer counts all the same", {
  read <- read_as(c("I'm sorry, but I can't help with that.", "I cannot judge this.",
                    "As an AI I have no opinion.", "I am unable to answer", "No, I won't do that.",
                    "qwerty", NA), task)
  expect_equal(read$status, c(rep("refused", 5), "unreadable", "unreadable"))
  expect_equal(read$choice, rep(NA_character_, 7))
  expect_equal(read_as("I cannot be sure. Answer: A", task)$choice, "yes")
})

test_that("what is no statement is not read as one, and reasons do not unsettle a choice", {
  texts <- c("The answer is A.\nThe other option would be B.",
             "The wrong answer is B. My answer is A.", "A because B is wrong",
             "Answer: A\nWait, no. Final answer: B", "yes, not B", "B no",
             "B\n\nI cannot see anything rude in it.", "B. It is not a yes.")
  expect_equal(read_as(texts, task)$choice,
               c("yes", "yes", "yes", "no", "yes", "no", "no", "no"))
})

test_that("refusals in other languages are no votes for no", {
  texts <- c("No, lo siento.", "No puedo ayudar con eso.", "Das kann ich leider nicht beurteilen.",
             "D\u00e9sol\u00e9, je ne peux pas.",
             "\u62b1\u6b49\uff0c\u6211\u65e0\u6cd5\u56de\u7b54",
             "\u7533\u3057\u8a33\u3042\u308a\u307e\u305b\u3093")
  read <- read_as(texts, task)
  expect_equal(read$choice, rep(NA_character_, 6))
  expect_equal(read$status, rep("refused", 6))
})

test_that("numbers are not read out of other numbers", {
  scale <- rating_task(as.character(1:10))
  read <- read_as(c("-1", "Rating: -1", "7.5", "Rating: 7.5", "Answer: 10%", "7 to 8",
                    "Rating: 7 to 8", "Rating: 1000", "7/10"), scale)
  expect_equal(read$choice, rep(NA_character_, 9))
  expect_equal(read_as(c("Rating: 10", "- 7", "7."), scale)$choice, c("10", "7", "7"))
})

test_that("negated options are not the options", {
  read <- read_as(c("not toxic", "Not toxic.", "It is not toxic", "non-toxic",
                    "toxic, definitely not", "Answer: not toxic"), toxic_task())
  expect_equal(read$choice, rep(NA_character_, 6))
  negated <- rating_task(c("toxic", "not toxic"))
  expect_equal(read_as(c("Not toxic", "Answer: not toxic", "toxic"), negated)$choice,
               c("not toxic", "not toxic", "toxic"))
})

test_that("equal texts are read once and answers stay in their rows", {
  texts <- rep(c("A", "hm", "Answer: B", NA), 500)
  codes <- rep(list(c("A", "B"), c("B", "A")), c(1000, 1000))
  read <- read_answers(texts, task, "choice", codes)
  expect_equal(read$choice, rep(c(rep(c(1L, NA, 2L, NA), 250), rep(c(2L, NA, 1L, NA), 250))))
})

test_that("names within names, numbers and shuffled codes are told apart", {
  expect_equal(read_as(c("very toxic", "toxic", "Answer: very toxic", "Toxic.", "A", "B",
                         "very toxic, because it insults",
                         "toxic: rude"), toxicity)$choice,
               c("very toxic", "toxic", "very toxic", "toxic", "very toxic", "toxic", "very toxic",
                 "toxic"))
  expect_equal(read_as(c("A", "A. no", "B", "A. yes"), task, codes = c("B", "A"))$choice,
               c("no", "no", "yes", NA))
  stars <- rating_task(as.character(1:5))
  expect_equal(option_codes(stars$options), LETTERS[1:5])
  expect_equal(read_as(c("3", "C", "Rating: 4", "3/5", "7"), stars)$choice,
               c("3", "3", "4", NA, NA))
})

test_that("options named like codes are shown by number or name", {
  expect_equal(option_codes(c("A", "B")), c("1", "2"))
  expect_equal(option_codes(c("b", "1")), c("b", "1"))
  letters_task <- rating_task(c("B", "A"))
  expect_equal(read_as(c("A", "2", "Answer: B", "1. B", "1. A"), letters_task)$choice,
               c("A", "A", "B", "B", NA))
})

test_that("options that differ in case only need their case", {
  cased <- rating_task(c("us", "US"))
  expect_equal(read_as(c("us", "US", "Us"), cased)$choice, c("us", "US", NA))
})

test_that("every usual way to write a set is read", {
  both <- c("A, B", "A,B", "AB", "BA", "a, b", "A and B", "A & B", "A | B", "A; B", "A/B", "[A, B]",
            "{A, B}", "yes, no", "yes and no", "A. yes, B. no", "- A\n- B", "1. A\n2. B", "A\nB",
            "Set: A, B", "Answer: A, B", "The reasonable options are A and B.", "all", "Both",
            "All of the above", "[\"A\", \"B\"]", "{\"set\": [\"A\", \"B\"]}",
            "**A, B**", "Reasoning first.\nA, B", "Answers: A, B\nBoth can be defended.")
  expect_equal(both[!read_as(both, task, "set")$set %in% "yes|no"], character())
  expect_equal(read_as(c("A", "no", "Set: B", "Answer: (A)", "[\"B\"]"), task, "set")$set,
               c("yes", "no", "no", "yes", "no"))
})

test_that("sets with anything else in them are NA", {
  lost <- c("none", "None of the above", "Neither", "[]", "{}", "A, C", "A, maybe B", "AC", "", NA,
            "I cannot choose.", "either", "{\"set\": []}", "{\"set\": [\"A\", \"Z\"]}")
  expect_equal(read_as(lost, task, "set")$set, rep(NA_character_, length(lost)))
  limited <- rating_task(c("yes", "no"), sets = list("yes", "no"))
  expect_equal(read_as(c("A", "A, B"), limited, "set")$set, c("yes", NA))
})

test_that("options that hold separators are options", {
  genres <- rating_task(c("rock and roll", "pop", "drum, bass"))
  expect_equal(read_as(c("rock and roll and pop", "pop, drum, bass", "Rock and Roll"), genres,
                       "set")$set,
               c("rock and roll|pop", "pop|drum, bass", "rock and roll"))
})

test_that("a choice and a set in one answer are both read, each by itself", {
  texts <- c("Choice: B\nSet: A, B", "**Choice:** B\n**Set:** A, B", "Set: B, A\nChoice: B",
             "{\"choice\": \"B\", \"set\": [\"A\", \"B\"]}", "B\nA, B",
             "Choice: B. no\nSet: A. yes, B. no\nConfidence: 80%")
  read <- read_as(texts, task, "both")
  expect_equal(read$choice, rep("no", 6))
  expect_equal(read$set, rep("yes|no", 6))
  listed <- read_as(c("Choice: A\nSet:\n- A\n- B", "Set:\nA\nB\nChoice: A",
                      "Choice:\nA\nSet: A, B\nConfidence: 80%"), task, "both")
  expect_equal(listed$choice, rep("yes", 3))
  expect_equal(listed$set, rep("yes|no", 3))
  expect_equal(read_as(c("I am sorry, I cannot judge this.", "```\n```", "Choice:\nSet:"), task,
                       "both")$status, c("refused", "unreadable", "unreadable"))
  half <- read_as(c("Choice: B\nSet: none", "Choice: Q\nSet: A"), task, "both")
  expect_equal(half$choice, c("no", NA))
  expect_equal(half$set, c(NA, "yes"))
  expect_equal(half$status, rep("unreadable", 2))
})

test_that("answers are bytes and lengths of any kind without harm", {
  odd <- c(strrep("A ", 20000), paste(rep("\n", 1000), collapse = ""), "\\Q.*\\E", "(((((", "[[[[",
           "{\"answer\": ", "\U0001F600", strrep("{", 500))
  expect_equal(read_as(odd, task)$choice, rep(NA_character_, length(odd)))
})
