# Answers of a judge, as providers return them and as tables.

# A table of one item's tokens; `top`: a list of named log-probabilities per token.
tokens_of <- function(token, logprob, item_id = "a", top = vector("list", length(token))) {
  out <- data.frame(item_id = rep(item_id, length(token)), position = seq_along(token),
                    token = token, logprob = as.double(logprob))
  out$top <- top
  out
}

# One-token answers with their alternatives as probabilities; the first is the one given.
one_token <- function(...) {
  answers <- list(...)
  out <- data.frame(item_id = names(answers), position = 1L,
                    token = vapply(answers, function(p) names(p)[1], ""),
                    logprob = log(vapply(answers, `[[`, 0, 1L)), row.names = NULL)
  out$top <- unname(lapply(answers, log))
  out
}

# A token of OpenAI's chat completions and responses.
openai_token <- function(token, probability, ...) {
  top <- list(...)
  list(token = token, logprob = log(probability),
       top_logprobs = Map(function(t, p) list(token = t, logprob = log(p)), names(top), top) |>
         unname())
}

chat_answer <- function(...) {
  list(id = "c1", object = "chat.completion",
       choices = list(list(index = 0L, logprobs = list(content = list(...)))))
}

# Two tokens in every format. In each, the first has two alternatives.
provider_answers <- function() {
  yes <- openai_token("Yes", 0.7, Yes = 0.7, " no" = 0.2)
  dot <- openai_token(".", 0.9, "." = 0.9)
  list(
    chat = chat_answer(yes, dot),
    responses = list(object = "response", output_text = "Yes.", output = list(
      list(type = "reasoning", summary = list()),
      list(type = "message", content = list(list(type = "output_text", logprobs = list(yes, dot))))
    )),
    legacy = list(object = "text_completion", choices = list(list(
      text = "Yes.", logprobs = list(
        tokens = list("Yes", "."), token_logprobs = list(log(0.7), log(0.9)),
        top_logprobs = list(list(Yes = log(0.7), " no" = log(0.2)), list("." = log(0.9)))
      )
    ))),
    gemini = list(candidates = list(list(logprobsResult = list(
      topCandidates = list(
        list(candidates = list(list(token = "Yes", logProbability = log(0.7)),
                               list(token = " no", logProbability = log(0.2)))),
        list(candidates = list(list(token = ".", logProbability = log(0.9))))
      ),
      chosenCandidates = list(list(token = "Yes", logProbability = log(0.7)),
                              list(token = ".", logProbability = log(0.9)))
    ))))
  )
}

confidence_of <- function(...) as.double(label_confidence(...)$confidence)
