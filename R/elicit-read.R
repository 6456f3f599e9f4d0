# Runs as objects, and the way from a run to judgements.

#' Read a run
#'
#' @description
#' [elicit_ratings()] keeps all answers in a folder; `read_run()` reads them from there, also while
#' the run is going on or after it was interrupted. [as_judgments()] makes judgements of them.
#'
#' @details
#' With `confidence = "auto"` the column `confidence` holds, by what was asked, the verifier's
#' probability of "Yes" (or, without log-probabilities, 1 for Yes and 0 for No), the stated
#' confidence, or the probability of the choice where the provider returned log-probabilities of its
#' tokens; `NA` where it cannot be told. A bare number above 1 is taken as a percentage.
#'
#' @param run (string) The folder.
#' @param x (`judicious_run`) A run.
#' @param confidence `"auto"` or `"none"`.
#' @param human Human labels: a data frame with columns `item_id` and `human`, or a vector named by
#'   item.
#' @param row.names,optional Ignored.
#' @param ... Not used.
#' @returns `read_run()`: a list of class `judicious_run` with `folder`, `settings`, `task`, and
#'   `answers`, a data frame with one row per call: `item_id`, `judge`, `draw`, `asked`, `status`,
#'   `choice`, `set` (`"yes|no"`), `answer` (the text), `codes` (what the options were shown as),
#'   `label` (that was verified), `n_tries`, `cost` (US dollars, where ellmer knows prices), `error`
#'   and `tokens` (a list). `as.data.frame()`: the answers. `print()`: `x`, invisibly.
#'   `as_judgments()`: see there; columns of the response sets are added, and `asked` says what a
#'   row answers.
#' @section Errors: `judicious_error_file` if the folder is not that of a run.
#' @examples
#' task <- rating_task(c("toxic", "fine"), positive = "toxic")
#' items <- data.frame(item_id = 1:5, text = paste("Comment", 1:5), truth = "fine")
#' folder <- tempfile("run")
#' set.seed(1)
#' run <- elicit_ratings(items, task, mock_judge(task, "truth"), n_draws = 2, run = folder,
#'                       confidence = "verbal")
#' read_run(folder)
#' as.data.frame(as_judgments(run))
#' @name judicious_run
#' @aliases read_run
#' @family elicitation
#' @export
read_run <- function(run) {
  call <- rlang::current_env()
  if (!rlang::is_string(run)) {
    abort_judicious("{.arg run} must be the path of a folder, not {.obj_type_friendly {run}}.",
                    "type", arg = "run")
  }
  settings <- read_settings(run, call)
  task <- settings_task(settings)
  files <- lapply(stats::setNames(nm = names(settings$judges)), function(judge) {
    read_judge_file(judge_path(run, judge))
  })
  broken <- vapply(files, `[[`, 0L, "n_broken")
  for (judge in names(files)) warn_broken(broken[[judge]], judge_path(run, judge), call)
  tables <- Map(answers_table, lapply(files, `[[`, "answers"), names(files),
                MoreArgs = list(settings = settings))
  structure(
    list(folder = run, settings = settings, task = task,
         answers = vctrs::vec_rbind(!!!unname(tables))),
    class = "judicious_run"
  )
}

# Answers in the order of the items and draws, whatever order they arrived in.
answers_table <- function(answers, judge, settings) {
  text <- function(name) vapply(answers, function(x) x[[name]] %||% NA_character_, "")
  key <- text("item")
  ids <- vapply(settings$items$id, as.character, "")
  out <- vctrs::data_frame(
    item_id = restore_ids(key, settings$items$type), judge = rep(judge, length(answers)),
    draw = vapply(answers, function(x) as.integer(x$draw), 0L), asked = text("asked"),
    status = text("status"), choice = text("choice"),
    set = vapply(answers, function(x) joined(x$set, "|"), ""), answer = text("answer"),
    codes = vapply(answers, function(x) joined(x$codes, " "), ""), label = text("label"),
    n_tries = vapply(answers, function(x) as.integer(x$tries %||% NA), 0L),
    cost = vapply(answers, function(x) as.double(x$cost %||% NA), 0), error = text("error"),
    tokens = lapply(answers, function(x) read_tokens(x$tokens))
  )
  if (!is.null(settings$items$system)) {
    out$system <- vapply(settings$items$system, as.character, "")[match(key, ids)]
  }
  vctrs::vec_slice(out, order(match(key, ids), out$draw, out$asked))
}

restore_ids <- function(key, type) {
  switch(type, integer = as.integer(key), double = as.double(key), logical = as.logical(key), key)
}

joined <- function(x, sep) if (length(x) > 0L) paste(unlist(x), collapse = sep) else NA_character_

# The columns of judge_logprobs(), without the item.
read_tokens <- function(x) {
  if (length(x$token) == 0L) return(NULL)
  list(
    token = texts(x$token), logprob = numbers(x$logprob),
    top = lapply(x$top, function(top) {
      if (length(top$token) > 0L) stats::setNames(numbers(top$logprob), texts(top$token))
    })
  )
}

# --- the object -----------------------------------------------------------------

# Calls that the settings ask for; verifiers are asked only about draws with a choice.
n_calls <- function(x) {
  questions <- if (x$settings$format == "both" && x$settings$pairing == "separate") 2L else 1L
  length(x$settings$items$id) * x$settings$n_draws * questions
}

#' @rdname judicious_run
#' @export
format.judicious_run <- function(x, ...) {
  judges <- names(x$settings$judges)
  asked <- c(choice = "forced choice", set = "response set",
             both = "forced choice and response set")[[x$settings$format]]
  c(
    paste0("Run in ", x$folder),
    paste0(format_items(length(x$settings$items$id)), ", ", asked, ", ", x$settings$n_draws,
           if (x$settings$n_draws == 1) " draw" else " draws", " each",
           if (x$settings$confidence != "none") paste0(", confidence \"", x$settings$confidence,
                                                       "\"")),
    vapply(judges, function(judge) format_run_judge(x, judge), "", USE.NAMES = FALSE),
    format_run_cost(x$answers$cost)
  )
}

format_run_judge <- function(x, judge) {
  own <- vctrs::vec_slice(x$answers, x$answers$judge == judge & x$answers$asked != "p_true")
  status <- table(factor(own$status, c("unreadable", "refused", "failed")))
  lost <- status[status > 0]
  done <- sum(own$status != "failed")
  paste0(judge, ": ", format_count(done), " of ", format_count(n_calls(x)), " answers",
         if (length(lost) > 0L) paste0(", ", paste(lost, names(lost), collapse = ", ")))
}

format_run_cost <- function(cost) {
  total <- sum(cost, na.rm = TRUE)
  if (total > 0) paste0("Cost: $", format(round(total, 4), scientific = FALSE))
}

#' @rdname judicious_run
#' @export
print.judicious_run <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

#' @rdname judicious_run
#' @export
as.data.frame.judicious_run <- function(x, row.names = NULL, optional = FALSE, ...) x$answers

# --- judgements -----------------------------------------------------------------

#' @rdname judicious_run
#' @export
as_judgments.judicious_run <- function(x, ..., human = NULL, # nolint: object_name_linter.
                                       confidence = c("auto", "none")) {
  check_dots(...)
  call <- rlang::current_env()
  confidence <- match_choice(confidence)
  ratings <- vctrs::vec_slice(x$answers, x$answers$asked != "p_true")
  columns <- list(
    item_id = ratings$item_id, judge = ratings$judge, label = ratings$choice,
    score = choice_scores(match(ratings$choice, x$task$options), x$task), draw = ratings$draw,
    system = ratings$system, human = join_human(ratings$item_id, human, call, x$task),
    confidence = if (confidence == "auto") run_confidence(x, ratings),
    status = ratings$status, set = ratings$set, asked = ratings$asked, answer = ratings$answer
  )
  new_judgments(columns, x$task)
}

run_confidence <- function(x, ratings) {
  known <- switch(x$settings$confidence,
    p_true = verified_confidence(x, ratings),
    verbal = stated_in_run(ratings),
    token_confidence(ratings$tokens, ratings$choice, ratings$codes, x$task$options, ratings$asked)
  )
  replace(known, is.na(ratings$choice), NA)
}

# Percentages without a sign are numbers above 1.
stated_in_run <- function(ratings) {
  stated <- suppressWarnings(
    as.double(label_confidence(ratings$answer, "verbal")$confidence), classes = "judicious_warning"
  )
  percent <- suppressWarnings(
    as.double(label_confidence(ratings$answer, "verbal", scale = 100)$confidence),
    classes = "judicious_warning"
  )
  ifelse(is.na(stated), percent, stated)
}

verified_confidence <- function(x, ratings) {
  verdicts <- vctrs::vec_slice(x$answers, x$answers$asked == "p_true")
  keys <- c("item_id", "judge", "draw", "label")
  p <- token_confidence(verdicts$tokens, verdicts$choice, rep("Yes No", nrow(verdicts)),
                        c("yes", "no"), measure = yes_probability)
  p <- ifelse(is.na(p), unname(c(yes = 1, no = 0)[verdicts$choice]), p)
  ratings$label <- ratings$choice
  p[vctrs::vec_match(ratings[keys], verdicts[keys])]
}

# The confidence of the choice that was read, from the tokens it was read from; NA where the tokens
# say something else. Answers have tokens of their own, but options and codes in groups.
token_confidence <- function(tokens, choice, codes, options, asked = "choice",
                             measure = given_probability) {
  out <- rep(NA_real_, length(tokens))
  asked <- rep_len(asked, length(tokens))
  known <- which(lengths(tokens) > 0L & !is.na(choice))
  for (rows in split(known, paste(codes[known], asked[known]))) {
    labels <- option_labels(options, strsplit(codes[rows[1]], " ", fixed = TRUE)[[1]])
    table <- vctrs::vec_rbind(!!!lapply(rows, function(row) {
      vctrs::data_frame(item_id = row, position = seq_along(tokens[[row]]$token),
                        !!!tokens[[row]])
    }))
    scores <- score_distribution(table, labels, "answer", TRUE, NULL, asked[rows[1]])
    same <- which(options[scores$label] == choice[scores$items])
    out[scores$items[same]] <- measure(scores)[same]
  }
  replace(out, is.nan(out), NA)
}

# What stands for each option in an answer: its code, and its name unless that is another's too
# where case does not count.
option_labels <- function(options, codes) {
  if (length(codes) != length(options)) codes <- options
  name <- plain_token(options)
  clash <- name %in% c(name[duplicated(name)], plain_token(codes))
  words <- ifelse(clash, codes, paste(codes, options, sep = "\r"))
  as_label_table(rlang::set_names(strsplit(words, "\r", fixed = TRUE), options), NULL)
}
