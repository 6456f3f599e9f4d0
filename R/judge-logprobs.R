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
