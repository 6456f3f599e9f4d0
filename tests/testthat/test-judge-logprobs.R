two_tokens <- function(item_id) {
  out <- data.frame(item_id = item_id, position = 1:2, token = c("Yes", "."),
                    logprob = log(c(0.7, 0.9)))
  out$top <- list(log(c(Yes = 0.7, " no" = 0.2)), log(c("." = 0.9)))
  out
}

test_that("every provider's answers give the same table", {
  answers <- provider_answers()
  for (name in names(answers)) {
    expect_equal(judge_logprobs(answers[[name]], item_id = "q"), two_tokens("q"), label = name)
  }
  together <- judge_logprobs(answers)
  expect_equal(together, do.call(rbind, lapply(names(answers), two_tokens)))
})

test_that("JSON text read by jsonlite is understood, simplified or not", {
  skip_if_not_installed("jsonlite")
  answers <- provider_answers()
  for (name in names(answers)) {
    text <- jsonlite::toJSON(answers[[name]], auto_unbox = TRUE, digits = NA)
    for (simplify in c(FALSE, TRUE)) {
      parsed <- jsonlite::fromJSON(text, simplifyVector = simplify)
      expect_equal(judge_logprobs(parsed, "q"), two_tokens("q"), label = paste(name, simplify))
    }
  }
})

test_that("turns and chats of ellmer are read through their json", {
  # S7 objects keep properties as attributes; a chat is an environment with functions.
  turn <- structure(function() NULL, class = c("ellmer::AssistantTurn", "S7_object"),
                    json = provider_answers()$responses)
  chat <- new.env()
  chat$last_turn <- function() turn
  class(chat) <- c("Chat", "R6")
  expect_equal(judge_logprobs(turn, "q"), two_tokens("q"))
  expect_equal(judge_logprobs(chat, "q"), two_tokens("q"))
  failed <- simpleError("HTTP 429")
  got <- judge_logprobs(list(a = chat, b = failed, c = NULL, d = turn))
  expect_identical(got$item_id, c("a", "a", "b", "c", "d", "d"))
  expect_identical(got$position, c(1:2, NA, NA, 1:2))
  expect_identical(got$logprob[3:4], c(NA_real_, NA_real_))
})

test_that("an answer without log-probabilities keeps its row", {
  silent <- list(choices = list(list(message = list(content = "Yes"), logprobs = NULL)))
  claude <- structure(list(), json = list(content = list(list(type = "text", text = "Yes"))))
  got <- judge_logprobs(list(silent, claude, NULL, NA))
  expect_identical(got$item_id, 1:4)
  expect_true(all(is.na(got$position)) && all(is.na(got$token)) && all(is.na(got$logprob)))
  expect_identical(got$top, vector("list", 4))
})

test_that("tokens without a number of their own are NA, and alternatives may be missing", {
  legacy <- list(choices = list(list(logprobs = list(
    tokens = list("The", " cat"), token_logprobs = list(NULL, -0.5), top_logprobs = NULL
  ))))
  got <- judge_logprobs(legacy)
  expect_identical(got$logprob, c(NA, -0.5))
  expect_identical(got$top, list(NULL, NULL))
})

test_that("another of several answers can be read", {
  answer <- chat_answer(openai_token("A", 0.5))
  answer$choices[[2]] <- list(logprobs = list(content = list(openai_token("B", 0.25))))
  expect_identical(judge_logprobs(answer)$token, "A")
  expect_identical(judge_logprobs(answer, choice = 2)$token, "B")
  expect_identical(judge_logprobs(answer, choice = 3)$token, NA_character_)
})

test_that("ids are kept and checked", {
  answers <- unname(provider_answers())
  expect_identical(unique(judge_logprobs(answers)$item_id), 1:4)
  dates <- as.Date("2024-01-01") + 0:3
  expect_identical(unique(judge_logprobs(answers, dates)$item_id), dates)
  expect_error(judge_logprobs(answers, 1:3), class = "judicious_error_length")
  expect_error(judge_logprobs(answers, c(1, 2, NA, 4)), class = "judicious_error_missing_id")
  error <- expect_error(judge_logprobs(answers, c(1, 2, 1, 4)), class = "judicious_error_duplicate")
  expect_identical(error$where, 3L)
})

test_that("what is no answer is named", {
  text <- expect_error(judge_logprobs(list(NULL, "{}")), class = "judicious_error_type")
  expect_match(conditionMessage(text), "Element 2 is a string")
  expect_match(conditionMessage(text), "fromJSON")
  expect_identical(as.character(text$call[[1]]), "judge_logprobs")
  expect_error(judge_logprobs(3), class = "judicious_error_type")
})

test_that("a table of one's own is checked", {
  own <- tokens_of(c("a", "b"), c(-1, 1e-9))
  expect_identical(judge_logprobs(own)$logprob, c(-1, 0))
  expect_identical(judge_logprobs(own[c("item_id", "position", "token", "logprob")])$top,
                   list(NULL, NULL))
  expect_error(judge_logprobs(own["token"]), class = "judicious_error_required")
  error <- expect_error(judge_logprobs(tokens_of(c("a", "b"), c(-1, 0.75))),
                        class = "judicious_error_range")
  expect_identical(error$where, 2L)
  own$position <- 1L
  expect_error(judge_logprobs(own), class = "judicious_error_duplicate")
})

test_that("half a character is shown as bytes", {
  got <- judge_logprobs(tokens_of("caf\xc3", -1))
  expect_identical(got$token, "caf<c3>")
})

# The same two tokens in the words of other servers.
other_answers <- function() {
  token <- function(name, p, text = "token", number = "logprob") {
    stats::setNames(list(name, log(p)), c(text, number))
  }
  alternatives <- list(list(token("Yes", 0.7), token(" no", 0.2)), list(token(".", 0.9)))
  chosen <- list(token("Yes", 0.7), token(".", 0.9))
  with_top <- Map(function(x, top) c(x, list(top_logprobs = top)), chosen, alternatives)
  in_gemini <- function(x) list(token = x$token, log_probability = x$logprob)
  in_tgi <- function(x) list(id = 1L, text = x$token, logprob = x$logprob, special = FALSE)
  end <- list(id = 2L, text = "</s>", logprob = -0.1, special = TRUE)
  probability <- function(x) list(tok_str = x$token, prob = exp(x$logprob))
  chat <- provider_answers()$chat
  list(
    batch = list(id = "b", custom_id = "q", response = list(status_code = 200L, body = chat),
                 error = NULL),
    ollama_chat = list(model = "m", message = list(role = "assistant", content = "Yes."),
                       done = TRUE, logprobs = with_top),
    ollama_generate = list(model = "m", response = "Yes.", done = TRUE, logprobs = with_top),
    gemini = list(candidates = list(list(content = list(), logprobs_result = list(
      top_candidates = lapply(alternatives, function(x) list(candidates = lapply(x, in_gemini))),
      chosen_candidates = lapply(chosen, in_gemini)
    )))),
    langchain = list(content = "Yes.", type = "ai", response_metadata = list(
      model_name = "m", logprobs = list(content = with_top)
    )),
    langchain_dumped = list(lc = 1L, type = "constructor", kwargs = list(
      content = "Yes.", response_metadata = list(logprobs = list(content = with_top))
    )),
    llama_cpp = list(content = "Yes.", completion_probabilities = with_top),
    llama_cpp_sampled = list(content = "Yes.", completion_probabilities = Map(function(x, top) {
      list(token = x$token, prob = exp(x$logprob),
           top_probs = lapply(top, function(y) list(token = y$token, prob = exp(y$logprob))))
    }, chosen, alternatives)),
    llama_cpp_old = list(content = "Yes.", completion_probabilities = Map(function(x, top) {
      list(content = x$token, probs = lapply(top, probability))
    }, chosen, alternatives)),
    tgi = list(generated_text = "Yes.", details = list(
      tokens = c(lapply(chosen, in_tgi), list(end)),
      top_tokens = c(lapply(alternatives, lapply, in_tgi), list(list(end)))
    )),
    camel_case = list(choices = list(list(logProbs = list(content = Map(function(x, top) {
      list(token = x$token, logProb = x$logprob,
           topLogprobs = lapply(top, function(y) list(token = y$token, logProb = y$logprob)))
    }, chosen, alternatives)))))
  )
}

test_that("other servers' answers give the same table, parsed in any way", {
  answers <- other_answers()
  for (name in names(answers)) {
    expect_equal(judge_logprobs(answers[[name]], "q"), two_tokens("q"), info = name)
    text <- jsonlite::toJSON(answers[[name]], auto_unbox = TRUE, digits = NA, null = "null")
    parsed <- jsonlite::fromJSON(text)
    expect_equal(judge_logprobs(parsed, "q"), two_tokens("q"), info = paste(name, "simplified"))
  }
  expect_equal(judge_logprobs(list(list(answers$tgi)), "q"), two_tokens("q"))
})

test_that("batch lines are of their custom_id, from a file or parsed, failed ones too", {
  line <- other_answers()$batch
  failed <- list(id = "c", custom_id = "r", response = list(status_code = 500L, body = NULL),
                 error = list(message = "overloaded"))
  path <- withr::local_tempfile(fileext = ".jsonl")
  writeLines(vapply(list(line, failed), jsonlite::toJSON, "", auto_unbox = TRUE, digits = NA,
                    null = "null"), path)
  expected <- judge_logprobs(list(line, failed))
  expect_equal(expected$item_id, c("q", "q", "r"))
  expect_equal(expected$position, c(1L, 2L, NA))
  expect_equal(judge_logprobs(path), expected)
  streamed <- jsonlite::fromJSON(paste0("[", paste(readLines(path), collapse = ","), "]"))
  expect_s3_class(streamed, "data.frame")
  expect_equal(judge_logprobs(streamed), expected)
})

test_that("folders of answers are items by their files", {
  folder <- withr::local_tempdir()
  for (name in c("a", "b")) {
    jsonlite::write_json(provider_answers()$chat, file.path(folder, paste0(name, ".json")),
                         auto_unbox = TRUE, digits = NA)
  }
  expect_equal(judge_logprobs(folder), rbind(two_tokens("a"), two_tokens("b")))
  expect_error(judge_logprobs(withr::local_tempdir()), class = "judicious_error_file")
  expect_error(judge_logprobs("nowhere.json"), "no file", class = "judicious_error_type")
})

test_that("JSON of another kind names the fields that were looked for", {
  log <- list(evalId = "e", results = list(version = 3, results = list()))
  error <- expect_error(judge_logprobs(list(log)), class = "judicious_error_format")
  expect_match(conditionMessage(error), "choices")
  expect_match(conditionMessage(error), "evalId")
  expect_match(conditionMessage(error), "as_judgments")
  expect_error(judge_logprobs(list(provider_answers()$chat, list(verdict = "yes"))),
               "Element 2.*verdict", class = "judicious_error_format")
  expect_error(judge_logprobs(list(verdict = "yes", reason = "because")), "verdict",
               class = "judicious_error_format")
})
