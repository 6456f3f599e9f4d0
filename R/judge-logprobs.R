# Token log-probabilities out of what providers return.

#' Token log-probabilities of a judge's answers
#'
#' @description
#' Reads the log-probabilities of the tokens of each answer, and of the alternatives to each token,
#' from JSON as the providers return it: OpenAI's chat completions, responses API and legacy
#' completions (and the many servers that speak these dialects), Google's Gemini, Ollama, llama.cpp,
#' TGI, and messages of LangChain; from lines of OpenAI's batches; and from turns and chats of the
#' package ellmer, which keep that JSON.
#'
#' @details
#' Log-probabilities come only if they were asked for: `params(log_probs = TRUE, top_k = 5)` in
#' ellmer, `logprobs` and `top_logprobs` in OpenAI's interfaces and Ollama's, `responseLogprobs` and
#' `logprobs` in Gemini's, `n_probs` in llama.cpp's, `details` and `top_n_tokens` in TGI's.
#' Anthropic's models and most reasoning models return none; for those, ask several times and use
#' `label_confidence(method = "vote")`.
#'
#' Names of fields are found in camelCase and in snake_case (`logprobsResult`, `logprobs_result`). A
#' batch line is of the item `custom_id`.
#'
#' An answer without log-probabilities is kept as one row whose `position`, `token` and `logprob`
#' are `NA`, so that no item gets lost. [label_confidence()] warns about them. JSON that has none of
#' the fields of an answer is an error, which names those that were looked for.
#'
#' @param x One answer or a list of answers. Each is parsed JSON (nested lists, or what
#'   [jsonlite::fromJSON()] simplifies them to), a turn or chat of ellmer, or `NULL` or an error
#'   where the call failed. Or the path of a file of JSON or of lines of JSON, several paths, or a
#'   folder of these. A data frame that has the columns already is checked and returned.
#' @param item_id (vector) One id per answer; by default the names of `x`, the ids of batch lines,
#'   or else 1, 2, ...
#' @param choice (count) Which answer to read where a response holds several.
#' @returns A data frame with one row per token, answers in the order of `x`:
#'   - `item_id`: the item;
#'   - `position` (integer): 1, 2, ... within the answer;
#'   - `token` (character);
#'   - `logprob` (double): natural log of the token's probability, at most 0;
#'   - `top` (list of named doubles): the log-probabilities of the most probable tokens at this
#'     position, by token; `NULL` if the provider did not say.
#' @section Errors:
#' `judicious_error_type` (not an answer), `judicious_error_format` (JSON of another kind, naming
#' the fields that were looked for), `judicious_error_file` (no such file, or no JSON),
#' `judicious_error_length`, `judicious_error_missing_id`, `judicious_error_range` (a
#' log-probability above 0), `judicious_error_required` (a data frame
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
  call <- rlang::current_env()
  if (is.data.frame(x)) {
    if (!holds_answers(x)) return(check_logprobs(x))
    x <- unsimplify(x)
  }
  choice <- check_count(choice)
  if (is_paths(x)) x <- answers_on_disk(x, call)
  if (is_answer(x)) x <- list(x)
  if (!is.list(x)) abort_no_answer(x, NULL, call)
  if (is.null(attr(x, "json", exact = TRUE)) && is_no_answer(x)) abort_other_fields(x, NULL, call)
  item_id <- check_answer_ids(item_id %||% answer_ids(x), length(x))
  answers <- lapply(seq_along(x), function(i) read_answer(x[[i]], i, choice, call = call))
  check_logprobs(bind_answers(answers, item_id))
}

# A data frame that jsonlite made of answers or batch lines.
holds_answers <- function(x) {
  !"logprob" %in% names(x) && any(plain_names(names(x)) %in% plain_names(answer_fields))
}

# Ids that the answers bring along, where all do.
answer_ids <- function(x) {
  if (!is.null(names(x))) return(names(x))
  ids <- vapply(x, function(answer) text_field(answer, "custom_id"), "")
  if (length(ids) > 0L && !anyNA(ids)) ids else seq_along(x)
}

# --- files ------------------------------------------------------------------------

is_paths <- function(x) is.character(x) && length(x) > 0L && any(file.exists(x[!is.na(x)]))

# The answers in all files, named by file where each holds one.
answers_on_disk <- function(x, call) {
  files <- log_files(x, call)
  paths <- vapply(files, `[[`, "", "path")
  paths <- paths[file_kind_of(paths) %in% c("json", "jsonl", "ndjson")]
  if (length(paths) == 0L) {
    abort_judicious(c("{.arg x} must be a file of JSON or of lines of JSON, or a folder of these.",
                      x = "There is none in {.file {x[1]}}."), "file", arg = "x", call = call)
  }
  parts <- lapply(paths, function(path) {
    value <- read_json_file(path, call)
    if (is_record(value)) list(value) else if (is_records(value)) value else
      abort_other_fields(value, NULL, call, path)
  })
  if (length(parts) > 1L && all(lengths(parts) == 1L)) names(parts) <- file_names(paths)
  unlist(parts, recursive = FALSE)
}

file_kind_of <- function(paths) vapply(paths, file_kind, "", USE.NAMES = FALSE)

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

# --- lists of records, as they are or as jsonlite simplifies them ---------------

# A field by its name, or by the same name in another case (topLogprobs, top_logprobs).
field <- function(x, name) {
  if (!is.list(x)) return(NULL)
  at <- match(name, names(x))
  if (is.na(at)) at <- match(plain_names(name), plain_names(names(x)))
  if (!is.na(at)) x[[at]]
}

plain_names <- function(names) tolower(gsub("_", "", names, fixed = TRUE))

size <- function(x) if (is.data.frame(x)) nrow(x) else length(x)

pick <- function(x, i) {
  if (i > size(x)) return(NULL)
  if (is.data.frame(x)) lapply(x, function(col) if (is.data.frame(col)) pick(col, i) else col[[i]])
  else x[[i]]
}

entries <- function(x) lapply(seq_len(size(x)), pick, x = x)

column <- function(x, name) {
  if (is.data.frame(x)) field(x, name) else lapply(unname(x), field, name)
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
