# The front door: items and judges in, a run out.

#' Ask judges for ratings
#'
#' @description
#' Asks LLM judges about every item, several times each: for a forced choice, for the response set
#' (all options that are reasonable), or both. Answers are read, never guessed, and written to a
#' folder as they arrive, so that a run that was interrupted goes on where it stopped when the same
#' call is made again.
#'
#' @details
#' **Prompts.** A template is text with fields in braces: any column of `items`, and `{question}`,
#' `{options}` (one line per option, with a letter and its description), `{instructions}` (how to
#' answer) and, for verifiers, `{label}`. Fields are replaced, nothing is evaluated; `{{` and `}}`
#' stand for braces. The default template uses a column `text`. A template must use a column of
#' `items`, and `{options}` if their order is shuffled. Look at the result by [preview_prompt()].
#'
#' **Choice and set.** With `format = "both"` and `pairing = "one"` one prompt asks for both, so the
#' answers belong together (as [fit_translation()] wants them). With `"separate"` two prompts do,
#' and the answers are independent draws; judgements of the two are different rows, see `asked`.
#'
#' **Confidence.** `"verbal"`: the judge states how sure it is of its choice. `"p_true"`: a verifier
#' (the judge itself, in a new conversation) is asked whether the choice is right. With chats that
#' return log-probabilities (`ellmer::params(log_probs = TRUE, top_k = 5)`) the probability of the
#' choice is known without asking; the tokens are kept in the run.
#'
#' **Reading.** "B", "b", "(B)", "B. no", "no", "Answer: B", "**B**", JSON and a last line "B" are
#' readable; so are "A, B", "AB", lists and "all of the above" as sets. Of several statements
#' ("Answer: ...") the last counts. An answer to a forced choice that names two options, doubts the
#' one it names ("A, or maybe B", "A?") or changes its mind ("A. Wait, ..."), a refusal (in the most
#' usual languages) or nonsense is `NA`; its text is kept, and it is not asked again.
#'
#' **Calls.** Chats of ellmer are asked asynchronously, up to `max_active` calls per judge at a time
#' and all judges at once. A call that fails (a time-out, a broken answer, status 408, 409, 425, 429
#' or 5xx) is tried again after the time that the server asks for, or else 1, 2, 4, ... seconds
#' (option `judicious.retry_wait_s`, default 1), `max_tries` times in all, then recorded as failed.
#' ellmer's option `ellmer_timeout_s` is the time-out. A judge whose key or model is refused (401,
#' 403, 404) stops.
#' Interrupting awaits and records the answers that are on their way; a second interrupt does not.
#'
#' **The folder.** `settings.json` holds what was asked, `judge-NAME.jsonl` one line per answer. A
#' further call with the same folder asks only what is missing: failed calls, further judges, or
#' more draws. Any other difference is an error. Keys are in neither files nor messages: chats are
#' described by provider, model, address, parameters and system prompt, and whatever looks like a
#' key or is the value of a secret environment variable is replaced (ids and options are not).
#' Do not let two processes write to one folder.
#'
#' @param items A data frame with one row per item: a column of ids, and the columns that the
#'   template uses.
#' @param task The rating task, from [rating_task()].
#' @param chats A chat of ellmer or a [mock_judge()], or a list of these, named by judge. Without
#'   names, judges are named after their models.
#' @param format `"choice"`, `"set"` or `"both"`.
#' @param n_draws (count) Answers per item, judge and question.
#' @param ... Must be empty.
#' @param run (string) The folder of the run, made if it is not there. `NULL`: a temporary folder.
#' @param question (string) What is asked about an item.
#' @param descriptions (character) What options mean, named by option; may leave some out.
#' @param template (string) The prompt, see Details; or strings named by what they ask (`"choice"`,
#'   `"set"`, `"both"`, `"p_true"`).
#' @param confidence `"none"`, `"verbal"` or `"p_true"`.
#' @param pairing With `format = "both"`: `"one"` prompt for both, or `"separate"` ones.
#' @param order `"fixed"`: options in the order of the task; `"shuffled"`: in a random order for
#'   every item and draw, the same for all judges. The order is recorded.
#' @param item_id (string) The column of ids, all different.
#' @param max_active (count) Calls on the way at a time, per judge.
#' @param rpm (number) Calls per minute, per judge. Mock judges are not held back.
#' @param max_tries (count) How often a failing call is tried.
#' @param dry_run (flag) Only tell how many calls would be made; nothing is written or asked.
#' @returns An object of class [`judicious_run`][judicious_run]; read it by [as_judgments()]. With
#'   `dry_run = TRUE`, invisibly, a data frame with one row per judge and question: `judge`,
#'   `asked`, `n_calls`, `n_done`, `n_left`, `n_characters` (of the prompts that are left; four
#'   characters are about one token).
#' @section Errors:
#' `judicious_error_settings` if the folder holds a run with other settings (naming the first that
#' differs), `judicious_error_template`, `judicious_error_column`, `judicious_error_duplicate` (ids
#' or judges), `judicious_error_missing_id`, `judicious_error_missing` (an item without anything to
#' show), `judicious_error_mock` (a mock judge that fits neither task nor items),
#' `judicious_error_type`. `judicious_warning_stopped` if
#' a judge stopped, `judicious_warning_failed` if calls failed, `judicious_warning_broken` if lines
#' of the folder could not be read.
#' @section Randomness: `set.seed()` governs the orders of shuffled options (and mock judges); a run
#'   that goes on keeps its orders.
#' @references Guerdan, L., Barocas, S., Holstein, K., Wallach, H., Wu, S. and Chouldechova, A.
#'   (2025). Validating LLM-as-a-judge systems under rating indeterminacy. *NeurIPS*.
#'   arXiv:2503.05965 (forced-choice and response-set elicitation).
#'
#' Kadavath, S. et al. (2022). Language models (mostly) know what they know. arXiv:2207.05221
#' (`"p_true"`).
#' @examples
#' task <- rating_task(c("toxic", "fine"), positive = "toxic")
#' items <- data.frame(item_id = 1:10, text = paste("Comment", 1:10),
#'                     truth = rep(c("toxic", "fine"), 5))
#' judge <- mock_judge(task, truth = "truth")
#' elicit_ratings(items, task, judge, format = "both", n_draws = 3, dry_run = TRUE)
#' set.seed(1)
#' run <- elicit_ratings(items, task, judge, format = "both", n_draws = 3, run = tempfile("run"),
#'                       question = "Is this comment toxic?")
#' run
#' as_judgments(run)
#'
#' # With a model (not run): chats <- list(
#' #   gpt = ellmer::chat_openai(params = ellmer::params(log_probs = TRUE, top_k = 5)),
#' #   claude = ellmer::chat_anthropic()
#' # )
#' @family elicitation
#' @export
elicit_ratings <- function(items, task, chats, format = c("choice", "set", "both"), n_draws = 10L,
                           ..., run = NULL, question = NULL, descriptions = NULL, template = NULL,
                           confidence = c("none", "verbal", "p_true"),
                           pairing = c("one", "separate"), order = c("fixed", "shuffled"),
                           item_id = "item_id", max_active = 10L, rpm = 500, max_tries = 3L,
                           dry_run = FALSE) {
  check_dots(...)
  rlang::check_installed("jsonlite", "to keep answers.")
  check_required(items)
  check_required(task)
  check_required(chats)
  call <- rlang::current_env()
  items <- check_items(items, item_id, call)
  script <- prompt_script(
    items, task, match_choice(format), question, descriptions, template,
    match_choice(confidence), match_choice(pairing), match_choice(order), call
  )
  judges <- check_judges(chats, call)
  check_mock_judges(judges, items, task, call)
  n_draws <- check_count(n_draws, upper = 1e5)
  limits <- list(max_active = check_count(max_active, upper = 1e4), rpm = check_number(rpm, 1),
                 max_tries = check_count(max_tries))
  dry_run <- check_flag(dry_run)
  folder <- check_folder(run, call)
  settings <- run_settings(script, items, item_id, n_draws, lapply(judges, describe_judge))
  if (file.exists(settings_path(folder))) settings <- join_settings(settings, folder, call)
  if (dry_run) return(dry_run_table(script, items, n_draws, settings, judges, folder))
  dir.create(folder, showWarnings = FALSE, recursive = TRUE)
  write_settings(settings, folder)
  if (is.null(run)) inform_judicious("The run is in {.file {folder}}.", "run")
  ask_all(script, items, n_draws, settings, judges, folder, limits, call)
}

# First the ratings, then the verifiers of what was chosen.
ask_all <- function(script, items, n_draws, settings, judges, folder, limits, call) {
  ratings <- setdiff(script$questions, "p_true")
  steps <- c(list(ratings), if ("p_true" %in% script$questions) list("p_true"))
  for (asked in steps) {
    interrupted <- ask_step(asked, script, items, n_draws, settings, judges, folder, limits, call)
    if (interrupted) {
      cli::cli_alert_warning("Interrupted. Make the same call again to go on in {.file {folder}}.")
      rlang::interrupt()
    }
  }
  out <- read_run(folder)
  failed <- sum(out$answers$status == "failed")
  if (failed > 0L) {
    warn_judicious(
      c("{failed} call{?s} failed and {?is/are} recorded as such.",
        x = "The first said: {first_error(out)}",
        i = "Make the same call again to retry."), "failed", n = failed, call = call
    )
  }
  out
}

first_error <- function(run) {
  run$answers$error[run$answers$status == "failed"][1]
}

ask_step <- function(asked, script, items, n_draws, settings, judges, folder, limits, call) {
  queues <- lapply(names(judges), function(name) {
    path <- judge_path(folder, name)
    known <- read_judge_file(path)
    warn_broken(known$n_broken, path, call)
    calls <- open_calls(plan_calls(asked, items, n_draws, settings, script, known), known)
    new_queue(name, judges[[name]], calls, path, limits)
  })
  total <- sum(vapply(queues, function(queue) length(queue$waiting), 0L))
  if (total == 0L) return(FALSE)
  tally <- new_tally(total)
  run_queues(queues, script, items, tally)
  tally$done()
  for (queue in queues) warn_stopped(queue, call)
  tally$interrupted
}

# --- what is to be asked ------------------------------------------------------------

# All calls of a judge, one row each, draw by draw.
plan_calls <- function(asked, items, n_draws, settings, script, known) {
  n <- nrow(items)
  grid <- expand.grid(row = seq_len(n), asked = asked, draw = seq_len(n_draws),
                      stringsAsFactors = FALSE)
  orders <- option_orders(n, n_draws, settings, length(script$task$options))
  grid$shown <- orders[(grid$draw - 1L) * n + grid$row]
  grid$key <- call_key(id_text(items$item_id)[grid$row], grid$draw, grid$asked)
  grid$label <- rep(NA_character_, nrow(grid))
  if (identical(asked, "p_true")) grid <- verified_calls(grid, items, known, script)
  grid
}

# Positions of the options as shown, for every item within every draw.
option_orders <- function(n, n_draws, settings, k) {
  if (is.null(settings$seed)) return(rep(list(seq_len(k)), n * n_draws))
  with_seed(settings$seed, lapply(seq_len(n * n_draws), function(i) sample.int(k)))
}

# R's generator is as before, whatever kind the user has set.
with_seed <- function(seed, code) {
  old <- get0(".Random.seed", globalenv(), inherits = FALSE)
  on.exit(if (is.null(old)) rm(".Random.seed", envir = globalenv()) else
    assign(".Random.seed", old, globalenv()))
  set.seed(seed, "Mersenne-Twister", "Inversion", "Rejection")
  code
}

# A verifier needs a choice: draws that have none are not asked about.
verified_calls <- function(grid, items, known, script) {
  from <- if ("both" %in% script$questions) "both" else "choice"
  chosen <- vapply(known$answers, function(x) x$choice %||% NA_character_, "")
  keys <- answer_keys(known$answers)
  grid$label <- chosen[match(call_key(id_text(items$item_id)[grid$row], grid$draw, from), keys)]
  grid[!is.na(grid$label), ]
}

# Without those that have an answer; what failed is asked again, and so is a verdict on a choice
# that was lost and made anew.
open_calls <- function(calls, known) {
  done <- known$answers[vapply(known$answers, function(x) x$status != "failed", FALSE)]
  at <- match(calls$key, answer_keys(done))
  label <- vapply(done, function(x) x$label %||% NA_character_, "")[at]
  stale <- !is.na(calls$label) & (is.na(label) | label != calls$label)
  calls[is.na(at) | stale, , drop = FALSE]
}

dry_run_table <- function(script, items, n_draws, settings, judges, folder) {
  rows <- lapply(names(judges), function(name) {
    known <- read_judge_file(judge_path(folder, name))
    lapply(script$questions, function(asked) {
      dry_run_row(name, asked, script, items, n_draws, settings, known)
    })
  })
  out <- vctrs::vec_rbind(!!!unlist(rows, recursive = FALSE))
  tokens <- format_each_count(round(out$n_characters / 4, -2))
  lines <- paste0(literal(out$judge), ", ", out$asked, ": ", format_each_count(out$n_left),
                  " calls, about ", tokens, " input tokens")
  inform_judicious(
    c("{format_count(sum(out$n_left))} of {format_count(sum(out$n_calls))} calls would be made.",
      stats::setNames(lines, rep("*", length(lines)))), "dry_run"
  )
  invisible(out)
}

dry_run_row <- function(judge, asked, script, items, n_draws, settings, known) {
  # What verifiers will be asked about is not known before; every draw may be.
  step <- if (asked == "p_true") "choice" else asked
  calls <- plan_calls(step, items, n_draws, settings, script, known)
  calls$key <- call_key(id_text(items$item_id)[calls$row], calls$draw, asked)
  left <- open_calls(calls, known)
  sampled <- utils::head(unique(left$row), 50L)
  size <- vapply(sampled, function(row) {
    nchar(build_prompt(script, items, row, asked, seq_along(script$task$options),
                       label = script$task$options[1]))
  }, 0L)
  vctrs::data_frame(
    judge = judge, asked = asked, n_calls = nrow(calls), n_done = nrow(calls) - nrow(left),
    n_left = nrow(left), n_characters = if (length(size) > 0L) nrow(left) * mean(size) else 0
  )
}

# --- judges -------------------------------------------------------------------------

check_judges <- function(chats, call) {
  if (is_judge(chats)) chats <- list(chats)
  if (!is.list(chats) || length(chats) == 0L) {
    abort_judicious("{.arg chats} must be chats of ellmer or mock judges, not
                    {.obj_type_friendly {chats}}.", "type", arg = "chats", call = call)
  }
  bad <- which(!vapply(chats, is_judge, FALSE))
  if (length(bad) > 0L) {
    abort_judicious(
      c("{.arg chats} must be chats of ellmer or mock judges.",
        x = "Element {bad[1]} is {.obj_type_friendly {chats[[bad[1]]]}}."),
      "type", arg = "chats", where = bad, call = call
    )
  }
  if (!all(vapply(chats, inherits, FALSE, "judicious_mock_judge"))) {
    rlang::check_installed(c("ellmer", "httr2", "later", "promises"), "to ask chats.", call = call)
  }
  named <- rlang::names2(chats)
  names(chats) <- ifelse(named == "", vapply(chats, judge_model, ""), named)
  check_judge_names(names(chats), call)
  chats
}

# Files of judges must differ also where systems do not tell upper from lower case.
check_judge_names <- function(names, call) {
  twice <- which(duplicated(tolower(names)))
  if (length(twice) > 0L) {
    abort_judicious(
      c("Judges must have names of their own.",
        x = "{.val {names[twice[1]]}} occurs twice (upper and lower case are the same).",
        i = "Name the elements of {.arg chats}."),
      "duplicate", arg = "chats", where = twice, call = call
    )
  }
}

is_judge <- function(x) {
  inherits(x, "judicious_mock_judge") || (is_chat(x) && is.function(x[["chat_async"]]))
}

judge_model <- function(x) if (inherits(x, "judicious_mock_judge")) x$name else chat_model(x)

# What a judge's answers depend on, without anything secret: credentials, headers and the query of
# an address are left out, further arguments are kept as a hash.
describe_judge <- function(x) {
  if (inherits(x, "judicious_mock_judge")) return(list(provider = "mock", model = x$name))
  provider <- if (is.function(x[["get_provider"]])) x$get_provider()
  model <- if (is.function(x[["get_model_object"]])) x$get_model_object() else provider
  turns <- if (is.function(x[["get_turns"]])) x$get_turns()
  list(
    provider = attr(provider, "name", exact = TRUE) %||% "unknown", model = chat_model(x),
    address = sub("[?#].*$", "", sub("//[^/@]*@", "//", attr(provider, "base_url") %||% "")),
    params = Filter(rlang::is_atomic, as.list(attr(model, "params", exact = TRUE))),
    more = hash_of(attr(model, "extra_args", exact = TRUE)),
    system_prompt = if (is.function(x[["get_system_prompt"]])) x$get_system_prompt(),
    turns = hash_of(lapply(turns, turn_text))
  )
}

hash_of <- function(x) if (length(x) > 0L) rlang::hash(x)

check_folder <- function(run, call) {
  if (is.null(run)) return(tempfile("judicious-run-"))
  if (!rlang::is_string(run) || !nzchar(run)) {
    abort_judicious("{.arg run} must be the path of a folder, not {.obj_type_friendly {run}}.",
                    "type", arg = "run", call = call)
  }
  foreign <- dir.exists(run) && !file.exists(settings_path(run)) &&
    length(setdiff(dir(run), "settings.json.tmp")) > 0L
  if (foreign || (file.exists(run) && !dir.exists(run))) {
    abort_judicious(
      c("{.arg run} must be a new or empty folder, or that of a run.",
        x = "{.file {run}} has other contents."), "file", arg = "run", call = call
    )
  }
  run
}

# --- telling ------------------------------------------------------------------------

# Counts for the progress line, which shows them while judges are asked.
new_tally <- function(total) {
  tally <- rlang::env(interrupted = FALSE, n = 0L, lost = 0L, failed = 0L, cost = 0, note = "")
  tally$bar <- cli::cli_progress_bar(
    total = total, .envir = tally, .auto_close = FALSE,
    format = paste("Asking {cli::pb_bar} {cli::pb_current}/{cli::pb_total}{note}",
                   "{cli::pb_eta_str}")
  )
  tally$add <- function(status, cost) {
    tally$n <- tally$n + 1L
    tally$lost <- tally$lost + (status %in% c("refused", "unreadable"))
    tally$failed <- tally$failed + (status == "failed")
    tally$cost <- sum(tally$cost, cost, na.rm = TRUE)
    tally$note <- tally_note(tally)
  }
  tally$update <- function() {
    cli::cli_progress_update(set = tally$n, id = tally$bar, .envir = tally)
  }
  tally$done <- function() cli::cli_progress_done(id = tally$bar, .envir = tally)
  tally
}

tally_note <- function(tally) {
  parts <- c(if (tally$lost > 0L) paste(tally$lost, "unreadable"),
             if (tally$failed > 0L) paste(tally$failed, "failed"),
             if (tally$cost > 0) paste0("$", format(round(tally$cost, 2), nsmall = 2)))
  if (length(parts) > 0L) paste0(" | ", paste(parts, collapse = ", ")) else ""
}

warn_broken <- function(n, path, call) {
  if (n == 0L) return(invisible())
  warn_judicious(
    c("{n} line{?s} of {.file {path}} {?is/are} no answer{?s} and {?does/do} not count.",
      i = "A process that was killed while it wrote leaves such a line; its call is made again."),
    "broken", n = n, call = call
  )
}

warn_stopped <- function(queue, call) {
  if (is.null(queue$stopped)) return(invisible())
  warn_judicious(
    c("Judge {.val {queue$name}} stopped: its provider refuses all calls.",
      x = "{queue$stopped}", i = "{length(queue$waiting) + 1L} call{?s} {?was/were} not made."),
    "stopped", judge = queue$name, call = call
  )
}
