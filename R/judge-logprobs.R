# Token log-probabilities out of what providers return.

#' Token log-probabilities of a judge's answers
#'
#' @description
#' Reads the log-probabilities of the tokens of each answer, and of the alternatives to each token,
#' from parsed JSON as the providers return it: OpenAI's chat completions, responses API and legacy
#' completions (and the many servers that speak these dialects), and Google's Gemini. Also from
#' turns and chats of the package ellmer, which keep that JSON.
#'
#' @details
#' Log-probabilities come only if they were asked for: `params(log_probs = TRUE, top_k = 5)` in
#' ellmer, `logprobs` and `top_logprobs` in OpenAI's interfaces, `responseLogprobs` and `logprobs`
#' in Gemini's. Anthropic's models and most reasoning models return none; for those, ask several
#' times and use `label_confidence(method = "vote")`.
#'
#' An answer without log-probabilities is kept as one row whose `position`, `token` and `logprob`
#' are `NA`, so that no item gets lost. [label_confidence()] warns about them.
#'
#' @param x One answer or a list of answers. Each is parsed JSON (nested lists, or what
#'   [jsonlite::fromJSON()] simplifies them to), a turn or chat of ellmer, or `NULL` or an error
#'   where the call failed. A data frame that has the columns already is checked and returned.
#' @param item_id (vector) One id per answer; by default the names of `x`, or else 1, 2, ...
#' @param choice (count) Which answer to read where a response holds several.
#' @returns A data frame with one row per token, answers in the order of `x`:
#'   - `item_id`: the item;
#'   - `position` (integer): 1, 2, ... within the answer;
#'   - `token` (character);
#'   - `logprob` (double): natural log of the token's probability, at most 0;
#'   - `top` (list of named doubles): the log-probabilities of the most probable tokens at this
#'     position, by token; `NULL` if the provider did not say.
#' @section Errors:
#' `judicious_error_type` (not an answer), `judicious_error_length`, `judicious_error_missing_id`,
#' `judicious_error_range` (a log-probability above 0), `judicious_error_required` (a data frame
#' without the columns), `judicious_error_duplicate` (an id or position twice).
#' @examples
#' # as jsonlite::fromJSON(text, simplifyVector = FALSE) returns it
#' answer <- list(choices = list(list(
#'   message = list(role = "assistant", content = "Yes"),
#'   logprobs = list(content = list(list(
#'     token = "Yes", logprob = log(0.7),
#'     top_logprobs = list(list(token = "Yes", logprob = log(0.7)),
#'                         list(token = "No", logprob = log(0.2)),
#'                         list(token = " yes", logprob = log(0.1)))
#'   )))
#' )))
#' tokens <- judge_logprobs(list(q1 = answer, q2 = NULL))
#' tokens
#' suppressWarnings(label_confidence(tokens, "label_prob", labels = c("yes", "no")))
#' @seealso [label_confidence()]
#' @family label confidence
#' @export
judge_logprobs <- function(x, item_id = NULL, choice = 1L) {
  if (is.data.frame(x)) return(check_logprobs(x))
  choice <- check_count(choice)
  if (is_answer(x)) x <- list(x)
  if (!is.list(x)) abort_no_answer(x, NULL, rlang::current_env())
  item_id <- check_answer_ids(item_id %||% names(x) %||% seq_along(x), length(x))
  answers <- lapply(seq_along(x), function(i) {
    read_answer(x[[i]], i, choice, call = rlang::caller_env(2))
  })
  check_logprobs(bind_answers(answers, item_id))
}

check_answer_ids <- function(item_id, n, call = rlang::caller_env()) {
  check_length(item_id, n, arg = "item_id", n_arg = "answer", call = call)
  if (anyNA(item_id)) abort_missing_id(which(is.na(item_id)), "item_id", call)
  twice <- which(duplicated(item_id))
  if (length(twice) > 0L) {
    abort_judicious(c("{.arg item_id} must differ between answers.",
                      x = "Answer {twice[1]} has the id {.val {item_id[twice[1]]}} again.",
                      i = "Read repeated answers to an item in separate calls."),
                    "duplicate", arg = "item_id", where = twice, call = call)
  }
  item_id
}

bind_answers <- function(answers, item_id) {
  sizes <- vapply(answers, function(answer) length(answer$token), 0L)
  rows <- rep(seq_along(answers), pmax(sizes, 1L))
  position <- sequence(pmax(sizes, 1L))
  position[sizes[rows] == 0L] <- NA
  column <- function(name, missing) {
    unlist(lapply(answers, function(answer) answer[[name]] %||% missing), recursive = FALSE)
  }
  vctrs::data_frame(
    item_id = vctrs::vec_slice(item_id, rows), position = position,
    token = as.character(column("token", NA_character_)),
    logprob = as.double(column("logprob", NA_real_)),
    top = as.list(column("top", list(NULL)))
  )
}

# --- one answer -----------------------------------------------------------------

# Top-level fields that tell the providers' formats apart.
answer_fields <- c("choices", "output", "candidates")

is_answer <- function(x) {
  is_chat(x) || !is.null(attr(x, "json", exact = TRUE)) ||
    (is.list(x) && any(answer_fields %in% names(x)))
}

is_chat <- function(x) is.environment(x) && is.function(x[["last_turn"]])

# Properties of S7 objects, as turns are, are attributes: nothing of ellmer is needed.
answer_json <- function(x) {
  if (is_chat(x)) x <- x[["last_turn"]]()
  attr(x, "json", exact = TRUE) %||% if (is.list(x)) unclass(x)
}

# A list of token, logprob and top, or NULL if the answer has none.
read_answer <- function(x, i, choice, call) {
  if (is.null(x) || inherits(x, "condition") || identical(x, NA)) return(NULL)
  if (is.atomic(x)) abort_no_answer(x, i, call)
  json <- answer_json(x)
  format <- answer_fields[answer_fields %in% names(json)]
  tokens <- if (length(format) > 0L) {
    switch(format[1],
      choices = read_choice(pick(json[["choices"]], choice)),
      output = read_output(json[["output"]]),
      candidates = read_gemini(pick(json[["candidates"]], choice))
    )
  }
  if (length(tokens$token) > 0L) tokens
}

abort_no_answer <- function(x, i, call) {
  abort_judicious(
    c("{.arg x} must hold answers of a provider: parsed JSON, or turns or chats of ellmer.",
      x = if (is.null(i)) "It is {.obj_type_friendly {x}}." else
        "Element {i} is {.obj_type_friendly {x}}.",
      i = if (is.character(x)) {
        "Parse text with {.code jsonlite::fromJSON(text, simplifyVector = FALSE)}."
      }),
    "type", arg = "x", call = call
  )
}

# Chat completions have `content`, legacy completions parallel columns.
read_choice <- function(choice) {
  logprobs <- field(choice, "logprobs")
  if (is.null(field(logprobs, "tokens"))) return(read_content(field(logprobs, "content")))
  token <- texts(logprobs[["tokens"]])
  list(token = token, logprob = numbers(logprobs[["token_logprobs"]]),
       top = fill_top(lapply(entries(logprobs[["top_logprobs"]]), read_named), length(token)))
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
  result <- field(candidate, "logprobsResult")
  chosen <- field(result, "chosenCandidates")
  token <- texts(column(chosen, "token"))
  alternatives <- column(field(result, "topCandidates"), "candidates")
  list(token = token, logprob = numbers(column(chosen, "logProbability")),
       top = fill_top(lapply(alternatives, read_top, "logProbability"), length(token)))
}

# Alternatives as named numbers: rows with a token and a number, or token = number.
read_top <- function(rows, number) {
  if (size(rows) == 0L) return(NULL)
  rlang::set_names(numbers(column(rows, number)), texts(column(rows, "token")))
}

read_named <- function(x) {
  x <- Filter(function(value) !is.null(value) && !is.na(value), as.list(x))
  if (length(x) > 0L) vapply(x, as.double, 0)
}

fill_top <- function(top, n) if (length(top) == n) top else vector("list", n)

# --- lists of records, as they are or as jsonlite simplifies them ---------------

field <- function(x, name) if (is.list(x) && name %in% names(x)) x[[name]]

size <- function(x) if (is.data.frame(x)) nrow(x) else length(x)

pick <- function(x, i) {
  if (i > size(x)) return(NULL)
  if (is.data.frame(x)) lapply(x, function(col) if (is.data.frame(col)) pick(col, i) else col[[i]])
  else x[[i]]
}

entries <- function(x) lapply(seq_len(size(x)), pick, x = x)

column <- function(x, name) {
  if (is.data.frame(x)) x[[name]] else lapply(unname(x), field, name)
}

texts <- function(x) {
  if (!is.list(x)) return(as.character(x))
  vapply(x, function(value) as.character(value %||% NA), "")
}

numbers <- function(x) {
  if (!is.list(x)) return(as.double(x))
  vapply(x, function(value) as.double(value %||% NA), 0)
}

# --- the table ------------------------------------------------------------------

# The columns of a table of tokens, also of one that users have made.
check_logprobs <- function(x, call = rlang::caller_env()) {
  absent <- setdiff(c("item_id", "position", "token", "logprob"), names(x))
  if (length(absent) > 0L) {
    abort_judicious(
      c("{.arg x} must have the columns {.field item_id}, {.field position}, {.field token} and
         {.field logprob}.",
        x = "It has no column {.field {absent[1]}}."),
      "required", arg = "x", call = call
    )
  }
  check_logprob_values(x$logprob, call)
  if (anyNA(x$item_id)) abort_missing_id(which(is.na(x$item_id)), "item_id", call)
  check_positions(x, call)
  vctrs::data_frame(
    item_id = x$item_id, position = as.integer(x$position), token = valid_text(x$token),
    logprob = pmin(as.double(x$logprob), 0), top = x$top %||% vector("list", nrow(x))
  )
}

# Rounding in single precision can put a sure token a little above 0.
check_logprob_values <- function(logprob, call) {
  if (!is.numeric(logprob) && !all(is.na(logprob))) {
    abort_judicious("Column {.field logprob} of {.arg x} must be numeric, not
                     {.obj_type_friendly {logprob}}.", "type", arg = "logprob", call = call)
  }
  bad <- which(logprob > 1e-6)
  if (length(bad) > 0L) {
    abort_judicious(
      c("Log-probabilities must be at most 0.",
        x = "Row {bad[1]} has {.val {logprob[bad[1]]}}.",
        i = "If these are probabilities, give their {.fn log}."),
      "range", arg = "logprob", where = bad, call = call
    )
  }
}

check_positions <- function(x, call) {
  twice <- which(vctrs::vec_duplicate_detect(x[c("item_id", "position")]))
  if (length(twice) > 0L) {
    abort_judicious(
      c("{.arg x} must have one token per item and position.",
        x = "Item {.val {x$item_id[twice[1]]}} has several at position
             {.val {x$position[twice[1]]}}, the first in row {twice[1]}.",
        i = "Give repeated answers to an item ids of their own."),
      "duplicate", arg = "x", where = twice, call = call
    )
  }
}

# Tokens may end within a character: what is no UTF-8 is shown as bytes.
valid_text <- function(x) {
  x <- enc2utf8(as.character(x))
  broken <- !is.na(x) & !validUTF8(x)
  x[broken] <- iconv(x[broken], "UTF-8", "UTF-8", sub = "byte")
  x
}
