# Judges' answers for tests.

# Reads answers to a task whose options are shown as A, B, ... in its order.
read_as <- function(text, task, asked = "choice", codes = option_codes(task$options)) {
  out <- read_answers(text, task, asked, rep(list(codes), length(text)))
  list(choice = task$options[out$choice], set = set_labels(out$set, task), status = out$status)
}

toxic_task <- function(...) rating_task(c("toxic", "fine"), positive = "toxic", ...)

comments <- function(n, truth = c("toxic", "fine")) {
  data.frame(item_id = seq_len(n), text = paste0("Comment ", seq_len(n)),
             truth = rep_len(truth, n))
}

run_folder <- function(env = parent.frame()) withr::local_tempdir("run-", .local_envir = env)

# A run in a new folder, without messages.
quiet_run <- function(..., run = tempfile("run-")) quiet(elicit_ratings(..., run = run))

# Lines of a judge's file.
answer_lines <- function(folder, judge = "mock") {
  readLines(judge_path(folder, judge), warn = FALSE)
}

write_log <- function(x, env = parent.frame(), text = NULL) {
  path <- withr::local_tempfile(fileext = ".json", .local_envir = env)
  writeLines(text %||% jsonlite::toJSON(x, auto_unbox = TRUE, null = "null", digits = NA), path)
  path
}

# A log of Inspect with samples, each a list of id, epoch and scores.
inspect_log <- function(samples, model = "openai/gpt") {
  list(version = 2L, status = "success", eval = list(task = "qa", model = model),
       samples = samples)
}

inspect_sample <- function(id, value, epoch = 1L, explanation = "because", scorer = "graded") {
  list(id = id, epoch = epoch,
       scores = stats::setNames(list(list(value = value, explanation = explanation)), scorer))
}

promptfoo_log <- function(results) {
  list(evalId = "e", results = list(version = 3L, results = results))
}

promptfoo_result <- function(index, vars, parts, provider = list(id = "openai:gpt", label = "")) {
  list(testIdx = index, provider = provider, vars = vars,
       gradingResult = list(pass = TRUE, score = 1, componentResults = parts))
}

rubric <- function(pass, score = as.numeric(pass), reason = "fine", type = "llm-rubric", ...) {
  list(pass = pass, score = score, reason = reason, assertion = list(type = type), ...)
}

# What quacks like a chat of ellmer: enough for reading.
fake_chat <- function(text, model = "fake", json = NULL) {
  turn <- structure(list(text = text), json = json)
  rlang::env(last_turn = function() turn, get_model = function() model)
}

# OpenAI's chat completions with one token and its alternatives, the first being given.
chat_json <- function(p) {
  top <- unname(Map(function(token, p) list(token = token, logprob = log(p)), names(p), p))
  list(choices = list(list(logprobs = list(content = list(c(top[[1]], list(top_logprobs = top)))))))
}

quiet_messages <- function(expr) suppressMessages(expr)
