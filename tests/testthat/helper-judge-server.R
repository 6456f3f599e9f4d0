# A server on loopback that speaks the protocols of the providers, in a process of its own. What it
# answers depends on the item and model that the prompt names, so that tests can tell whether every
# answer ended in the right row. A prompt with a fault in brackets, such as "[500]", meets it on the
# first try; "[always 500]" on every try.

skip_without_ellmer <- function() {
  for (package in c("ellmer", "httr2", "later", "promises", "webfakes")) {
    skip_if_not_installed(package)
  }
}

judge_server <- function() {
  app <- webfakes::new_app()
  app$use(webfakes::mw_json(type = c("application/json", "application/vnd.api+json")))
  app$locals$tries <- new.env(parent = emptyenv())
  app$locals$answer <- answer_request
  answer <- function(req, res) {
    app <- req$app
    app$locals$answer(req, res, app$locals$tries)
  }
  app$post("/v1/chat/completions", answer)
  app$post("/v1/responses", answer)
  app$post("/v1/messages", answer)
  app$post(webfakes::new_regexp("^/v1beta/models/"), answer)
  app$get("/log", function(req, res) {
    res$send_json(as.list(req$app$locals$tries), auto_unbox = TRUE)
  })
  app
}

# One function, because it moves to another process.
answer_request <- function(req, res, tries) {
  text <- jsonlite::toJSON(req$json, auto_unbox = TRUE)
  find <- function(pattern) regmatches(text, regexpr(pattern, text, perl = TRUE))
  kind <- sub("^/v1(?:beta)?/", "", req$path)
  model <- if (is.null(req$json$model)) sub("^models/(.*):.*$", "\\1", kind) else req$json$model
  item <- sub("Comment ", "", find("Comment [0-9]+"))
  key <- paste(model, item, find("\\[[a-z0-9 ]+\\]"))
  n_tries <- 1 + if (is.null(tries[[key]])) 0 else tries[[key]]
  assign(key, n_tries, envir = tries)
  faults <- "\\[(?:always )?(?:4[0-9]+|5[0-9]+|timeout|malformed|truncated|empty)\\]"
  fault <- gsub("\\[|\\]", "", find(faults))
  if (length(fault) == 1L && (n_tries == 1 || grepl("always", fault))) {
    fault <- sub("always ", "", fault)
    if (fault == "timeout") {
      res$delay(5)
      return(invisible())
    }
    if (fault == "malformed") {
      return(res$set_type("application/json")$send("{\"choices\": [{\"message\": {\"content\": "))
    }
    if (fault == "empty") return(res$send_json(list(), auto_unbox = TRUE))
    if (fault == "truncated") {
      res$set_type("application/json")$set_header("Content-Length", "5000")
      return(res$set_header("Connection", "close")$send("{\"choices\": ["))
    }
    if (fault == "429") res$set_header("Retry-After", "0")
    seen <- c(req$get_header("Authorization"), req$get_header("x-api-key"),
              req$get_header("x-goog-api-key"))
    return(res$set_status(as.integer(fault))$send_json(
      list(error = list(message = paste("Refused for", paste(seen, collapse = " ")), type = "x")),
      auto_unbox = TRUE
    ))
  }
  letter <- if ((as.integer(item) + nchar(model)) %% 2 == 0) "A" else "B"
  said <- paste0(letter, "\n\nitem ", item, " of ", model)
  top <- list(list(token = letter, logprob = log(0.8)),
              list(token = setdiff(c("A", "B"), letter), logprob = log(0.2)))
  content <- list(list(token = letter, logprob = log(0.8), bytes = list(), top_logprobs = top))
  body <- if (kind == "chat/completions") {
    list(
      id = "c", object = "chat.completion", model = model, choices = list(list(
        index = 0L, message = list(role = "assistant", content = said), finish_reason = "stop",
        logprobs = if (isTRUE(req$json$logprobs)) list(content = content)
      )), usage = list(prompt_tokens = 50L, completion_tokens = 5L, total_tokens = 55L)
    )
  } else if (kind == "responses") {
    list(
      id = "r", object = "response", status = "completed", model = model, output = list(list(
        type = "message", id = "m", role = "assistant", status = "completed", content = list(list(
          type = "output_text", text = said, annotations = list(),
          logprobs = if (length(req$json$include) > 0L) content else list()
        ))
      )), usage = list(input_tokens = 50L, output_tokens = 5L, total_tokens = 55L,
                       input_tokens_details = list(cached_tokens = 0L))
    )
  } else if (kind == "messages") {
    list(
      id = "m", type = "message", role = "assistant", model = model, stop_reason = "end_turn",
      content = list(list(type = "text", text = said)),
      usage = list(input_tokens = 50L, output_tokens = 5L)
    )
  } else {
    rows <- lapply(top, function(x) list(token = x$token, logProbability = x$logprob))
    list(
      candidates = list(list(
        index = 0L, finishReason = "STOP",
        content = list(role = "model", parts = list(list(text = said))),
        logprobsResult = if (isTRUE(req$json$generationConfig$responseLogprobs)) list(
          topCandidates = list(list(candidates = rows)), chosenCandidates = rows[1]
        )
      )),
      usageMetadata = list(promptTokenCount = 50L, candidatesTokenCount = 5L, totalTokenCount = 55L)
    )
  }
  res$send_json(body, auto_unbox = TRUE, null = "null", digits = NA)
}

local_judge_server <- function(env = parent.frame()) {
  skip_without_ellmer()
  withr::local_options(list(ellmer_timeout_s = 20, judicious.retry_wait_s = 0.05),
                       .local_envir = env)
  server <- webfakes::new_app_process(judge_server(),
                                      opts = webfakes::server_opts(num_threads = 4))
  withr::defer(server$stop(), envir = env)
  server
}

server_key <- "sk-notarealkey1234567890"

# A chat per protocol; models of different lengths answer differently.
server_chat <- function(server, kind, model = kind, log_probs = FALSE) {
  params <- if (log_probs) ellmer::params(log_probs = TRUE, top_k = 2) else ellmer::params()
  key <- function() server_key
  switch(kind,
    completions = ellmer::chat_openai_compatible(server$url("/v1"), credentials = key,
                                                 model = model, params = params),
    responses = ellmer::chat_openai(base_url = server$url("/v1"), credentials = key,
                                    model = model, params = params, echo = "none"),
    messages = ellmer::chat_anthropic(base_url = server$url("/v1"), credentials = key,
                                      model = model, params = params, echo = "none"),
    gemini = ellmer::chat_google_gemini(base_url = server$url("/v1beta/"), credentials = key,
                                        model = model, params = params, echo = "none")
  )
}

# What the server says about an item.
served_letter <- function(item, model) ifelse((item + nchar(model)) %% 2 == 0, "A", "B")
