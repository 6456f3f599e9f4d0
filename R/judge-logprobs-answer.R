# The tokens of one answer, in the formats of the providers.

# Top-level fields that tell the providers' formats apart, and how the tokens are read.
answer_readers <- list(
  choices = function(json, choice) read_choice(pick(field(json, "choices"), choice)),
  output = function(json, choice) read_output(field(json, "output")),
  candidates = function(json, choice) read_gemini(pick(field(json, "candidates"), choice)),
  completion_probabilities = function(json, choice) {
    read_llama_cpp(field(json, "completion_probabilities"))
  },
  details = function(json, choice) read_tgi(field(json, "details")),
  response_metadata = function(json, choice) {
    read_choice(field(json, "response_metadata"))
  },
  logprobs = function(json, choice) read_content(entries(field(json, "logprobs")))
)
answer_fields <- c(names(answer_readers), "custom_id")
# Answers that never have log-probabilities, or for which they were not asked.
silent_fields <- c("message", "content", "generated_text", "error", "stop_reason", "done",
                   "promptFeedback", "object")

has_field <- function(x, fields) {
  is.list(x) && any(plain_names(names(x)) %in% plain_names(fields))
}

is_answer <- function(x) {
  if (is_chat(x) || !is.null(attr(x, "json", exact = TRUE))) return(TRUE)
  if (is.data.frame(x)) return(FALSE)
  has_field(x, c(answer_fields, "generated_text", "stop_reason", "done")) ||
    has_field(field(x, "kwargs"), answer_fields)
}

# Fields with plain values only, none of them an answer's.
is_no_answer <- function(x) {
  if (!is.list(x) || length(x) == 0L || is.null(names(x))) return(FALSE)
  !any(vapply(x, function(part) {
    is.null(part) || is.list(part) || identical(part, NA) || is_answer(part)
  }, FALSE))
}

is_chat <- function(x) is.environment(x) && is.function(x[["last_turn"]])

# Properties of S7 objects, as turns are, are attributes: nothing of ellmer is needed.
answer_json <- function(x) {
  if (is_chat(x)) x <- x[["last_turn"]]()
  json <- attr(x, "json", exact = TRUE) %||% if (is.list(x)) unclass(x)
  # TGI answers with a list of one; LangChain keeps a message's fields in `kwargs`; a batch line has
  # the answer as the body of its response.
  if (is.null(names(json)) && length(json) == 1L && is.list(json[[1]])) json <- json[[1]]
  if (is.list(field(json, "kwargs"))) json <- field(json, "kwargs")
  if (!is.null(field(json, "custom_id"))) json <- batch_body(json)
  json
}

# A request that failed has no body, or an error in it.
batch_body <- function(line) {
  field(field(line, "response"), "body") %||% field(field(line, "result"), "message") %||%
    list(error = TRUE)
}

# A list of token, logprob and top, or NULL if the answer has none.
read_answer <- function(x, i, choice, call) {
  if (is.null(x) || inherits(x, "condition") || identical(x, NA)) return(NULL)
  if (is.atomic(x)) abort_no_answer(x, i, call)
  json <- answer_json(x)
  known <- plain_names(names(answer_readers)) %in% plain_names(names(json))
  tokens <- if (any(known)) answer_readers[[which(known)[1]]](json, choice)
  if (length(tokens$token) > 0L) return(tokens)
  own <- is_chat(x) || !is.null(attr(x, "json", exact = TRUE))
  if (!any(known) && !own && !has_field(json, silent_fields)) abort_other_fields(json, i, call)
}

abort_no_answer <- function(x, i, call) {
  abort_judicious(
    c("{.arg x} must hold answers of a provider: parsed JSON, or turns or chats of ellmer.",
      x = if (is.null(i)) "It is {.obj_type_friendly {x}}." else
        "Element {i} is {.obj_type_friendly {x}}.",
      i = if (is.character(x)) {
        "Parse text with {.code jsonlite::fromJSON(text, simplifyVector = FALSE)}."
      },
      i = if (is.character(x) && is.null(i)) "There is no file of that name."),
    "type", arg = "x", call = call
  )
}

# What was looked for, and what was there instead.
abort_other_fields <- function(x, i, call, path = NULL) {
  has <- utils::head(names(x), 8L)
  what <- if (!is.null(path)) "{.file {path}}" else if (is.null(i)) "{.arg x}" else "Element {i}"
  looked_for <- setdiff(answer_fields, "custom_id")
  abort_judicious(
    c("{.arg x} must hold answers of a provider.",
      x = paste0(what, if (length(has) > 0L) " has the fields {.field {has}}." else
        " has no fields."),
      i = "Looked for were {.field {looked_for}}, and {.field custom_id} of a batch line.",
      i = if ("results" %in% has || "samples" %in% has) {
        "For logs of evaluations there is {.fn as_judgments}."
      }),
    "format", arg = "x", where = i, call = call
  )
}

# Chat completions have `content`, legacy completions parallel columns.
read_choice <- function(choice) {
  logprobs <- field(choice, "logprobs")
  if (is.null(field(logprobs, "tokens"))) {
    # Some servers leave out `content`.
    return(read_content(field(logprobs, "content") %||% if (is.null(names(logprobs))) logprobs))
  }
  token <- texts(field(logprobs, "tokens"))
  list(token = token, logprob = numbers(field(logprobs, "token_logprobs")),
       top = fill_top(lapply(entries(field(logprobs, "top_logprobs")), read_named), length(token)))
}

read_content <- function(content) {
  token <- texts(column(content, "token"))
  list(token = token, logprob = numbers(column(content, "logprob")),
       top = fill_top(lapply(column(content, "top_logprobs"), read_top, "logprob"), length(token)))
}

# Responses: messages among other items of output, each with one or more texts.
read_output <- function(output) {
  messages <- Filter(function(item) identical(field(item, "type"), "message"), entries(output))
  texts <- unlist(lapply(messages, function(item) entries(field(item, "content"))),
                  recursive = FALSE)
  parts <- lapply(texts, function(text) read_content(field(text, "logprobs")))
  list(token = unlist(lapply(parts, `[[`, "token")),
       logprob = unlist(lapply(parts, `[[`, "logprob")),
       top = unlist(lapply(parts, `[[`, "top"), recursive = FALSE))
}

read_gemini <- function(candidate) {
  result <- field(candidate, "logprobs_result")
  chosen <- field(result, "chosen_candidates")
  token <- texts(column(chosen, "token"))
  alternatives <- column(field(result, "top_candidates"), "candidates")
  list(token = token, logprob = numbers(column(chosen, "log_probability")),
       top = fill_top(lapply(alternatives, read_top, "log_probability"), length(token)))
}

# Log-probabilities, or (after sampling, and in older versions) probabilities.
read_llama_cpp <- function(tokens) {
  tokens <- entries(tokens)
  parts <- lapply(tokens, function(token) {
    top <- field(token, "top_logprobs") %||% field(token, "top_probs") %||% field(token, "probs")
    top <- llama_top(entries(top))
    name <- text_field(token, "token")
    if (is.na(name)) name <- text_field(token, "content")
    own <- number_field(token, "logprob")
    if (is.na(own)) own <- log(number_field(token, "prob"))
    if (is.na(own) && !is.na(name)) own <- unname(top[name])
    list(token = name, logprob = own, top = top)
  })
  list(token = vapply(parts, `[[`, "", "token"), logprob = vapply(parts, `[[`, 0, "logprob"),
       top = lapply(parts, `[[`, "top"))
}

llama_top <- function(top) {
  if (length(top) == 0L) return(NULL)
  names <- vapply(top, function(x) if_na(text_field(x, "token"), text_field(x, "tok_str")), "")
  logs <- vapply(top, function(x) {
    if_na(number_field(x, "logprob"), log(number_field(x, "prob")))
  }, 0)
  rlang::set_names(logs, names)
}

# `top_tokens` has a list of alternatives per token.
read_tgi <- function(details) {
  tokens <- entries(field(details, "tokens"))
  tokens <- Filter(function(token) !isTRUE(field(token, "special")), tokens)
  all <- entries(field(details, "tokens"))
  special <- vapply(all, function(token) isTRUE(field(token, "special")), FALSE)
  top <- entries(field(details, "top_tokens"))
  top <- if (length(top) == length(all)) top[!special] else list()
  list(token = vapply(tokens, text_field, "", "text"),
       logprob = vapply(tokens, number_field, 0, "logprob"),
       top = fill_top(lapply(top, read_top, "logprob", "text"), length(tokens)))
}

# Alternatives as named numbers: rows with a token and a number, or token = number.
read_top <- function(rows, number, token = "token") {
  if (size(rows) == 0L) return(NULL)
  rlang::set_names(numbers(column(rows, number)), texts(column(rows, token)))
}

read_named <- function(x) {
  x <- Filter(function(value) !is.null(value) && !is.na(value), as.list(x))
  if (length(x) > 0L) vapply(x, as.double, 0)
}

fill_top <- function(top, n) if (length(top) == n) top else vector("list", n)
