# Judgements out of objects of other packages: tasks of vitals, chats of ellmer.

# --- vitals ---------------------------------------------------------------------

#' @rdname as_judgments
#' @export
as_judgments.Task <- function(x, ..., human = NULL) { # nolint: object_name_linter.
  check_dots(...)
  call <- rlang::current_env()
  get_samples <- if (is.environment(x)) x[["get_samples"]]
  if (!is.function(get_samples)) {
    abort_judicious("{.arg x} is a task, but not one of vitals.", "type", arg = "x")
  }
  judgments_of_samples(get_samples(), call, human)
}

is_vitals_bind <- function(x) {
  all(c("task", "id", "score", "metadata") %in% names(x)) && is.list(x$metadata)
}

# The nested columns of vitals_bind() that name judges; the name given to a task is the system.
unnest_samples <- function(x, call) {
  out <- as.data.frame(x)[intersect(c("id", "epoch", "score"), names(x))]
  first <- function(metadata, name) {
    value <- metadata[[name]]
    if (length(value) == 0L) NULL else value[[1]]
  }
  for (name in c("scorer_chat", "scorer")) {
    out[[name]] <- lapply(x$metadata, first, name)
  }
  out$system <- as.character(x$task)
  out
}

judgments_of_samples <- function(samples, call, human = NULL) {
  absent <- setdiff(c("id", "score"), names(samples))
  if (length(absent) > 0L || all(is.na(samples$score))) {
    abort_judicious(
      c("{.arg x} must be a task that has been scored.",
        x = if (length(absent) > 0L) "It has no column {.field {absent[1]}}." else
          "None of its samples has a score.",
        i = "Call its method {.code $eval()}, or {.code $solve()} and {.code $score()}."),
      "format", arg = "x", call = call
    )
  }
  samples <- as.list(samples)
  label <- if (is.factor(samples$score)) as.character(samples$score) else samples$score
  score <- if (is.character(label)) unname(vitals_scores[label]) else as.double(label)
  columns <- list(
    item_id = samples$id,
    judge = chat_models(samples$scorer_chat) %||% scorer_names(samples$scorer, length(samples$id)),
    label = as.character(label), score = score, draw = samples$epoch,
    system = samples$system %||% chat_models(samples$solver_chat),
    human = join_human(samples$id, human, call)
  )
  check_distinct(new_judgments(columns), call)
}

vitals_scores <- c(I = 0, P = 0.5, C = 1)

# The models of chats; NULL unless all are chats.
chat_models <- function(chats) {
  if (!is.list(chats) || !all(vapply(chats, is_chat, FALSE))) return(NULL)
  vapply(chats, chat_model, "")
}

chat_model <- function(chat) {
  model <- if (is.function(chat[["get_model"]])) chat[["get_model"]]()
  if (rlang::is_string(model)) model else "chat"
}

# As vitals names them: "model_graded_qa()" is a judge, too.
scorer_names <- function(scorer, n) {
  if (is.null(scorer)) return(rep("scorer", n))
  vapply(scorer, function(x) if (rlang::is_string(x)) x else "scorer", "", USE.NAMES = FALSE)
}

# --- ellmer ---------------------------------------------------------------------

judgments_of_chats <- function(x, item = NULL, judge = NULL, task = NULL, format = "choice",
                               human = NULL, call) {
  if (is.null(task)) {
    abort_judicious(c("{.arg task} is required to read chats.",
                      i = "Describe the options by {.fn rating_task}."), "required", arg = "task",
                    call = call)
  }
  check_task(task, call = call)
  nested <- length(x) > 0L && all(vapply(x, function(part) {
    is.list(part) && !inherits(part, "condition") && is.null(attr(part, "json", exact = TRUE))
  }, FALSE))
  parts <- if (nested) x else list(x)
  if (nested && is.null(names(x))) {
    abort_judicious("Lists of chats in {.arg x} must be named by judge.", "type", arg = "x",
                    call = call)
  }
  rows <- lapply(seq_along(parts), function(j) {
    chats_table(parts[[j]], item, if (nested) names(x)[j] else judge, task, format, call)
  })
  columns <- as.list(vctrs::vec_rbind(!!!rows))
  columns$human <- join_human(columns$item_id, human, call, task)
  check_distinct(new_judgments(columns, task), call)
}

chats_table <- function(chats, item, judge, task, format, call) {
  answered <- vapply(chats, is_chat, FALSE)
  lost <- vapply(chats, function(x) is.null(x) || inherits(x, "condition"), FALSE)
  bad <- which(!answered & !lost)
  if (length(bad) > 0L || length(chats) == 0L) {
    abort_judicious(
      c("{.arg x} must be a list of chats, with errors or {.code NULL} where a call failed.",
        x = if (length(chats) == 0L) "It is empty." else
          "Element {bad[1]} is {.obj_type_friendly {chats[[bad[1]]]}}."),
      "type", arg = "x", where = bad, call = call
    )
  }
  item <- item %||% names(chats) %||% seq_along(chats)
  check_length(item, length(chats), arg = "item", n_arg = "chat", call = call)
  check_item_ids(item, call)
  chats <- unname(chats)
  answered <- unname(answered)
  text <- rep(NA_character_, length(chats))
  text[answered] <- vapply(chats[answered], chat_text, "")
  codes <- rep(list(option_codes(task$options)), length(chats))
  read <- read_answers(text, task, format, codes)
  models <- unique(vapply(chats[answered], chat_model, ""))
  vctrs::data_frame(
    item_id = item, judge = judge %||% if (length(models) == 1L) models else "chat",
    label = task$options[read$choice], score = choice_scores(read$choice, task),
    set = set_labels(read$set, task), asked = format,
    confidence = letter_confidence(chats, read$choice, codes[[1]], task, format),
    status = ifelse(answered, read$status, "failed"), answer = text
  )
}

chat_text <- function(chat) {
  turn <- chat[["last_turn"]]()
  text <- if (!is.null(turn)) turn_text(turn)
  if (rlang::is_string(text)) text else NA_character_
}

# The text is computed by a getter, so it is no attribute of the turn.
turn_text <- function(turn) {
  if (is.list(turn)) return(turn$text)
  ellmer::contents_text(turn)
}

choice_scores <- function(choice, task) {
  if (length(task$positive) == 0L) return(rep(NA_real_, length(choice)))
  ifelse(is.na(choice), NA, as.double(task$options[choice] %in% task$positive))
}

# The probability of the choice read, where the provider told it; quietly NA elsewhere.
letter_confidence <- function(answers, choice, codes, task, asked) {
  none <- rep(NA_real_, length(answers))
  if (asked == "set") return(none)
  tokens <- tryCatch(judge_logprobs(unname(answers)), judicious_error = function(cnd) NULL)
  if (is.null(tokens) || all(is.na(tokens$logprob))) return(none)
  own <- unname(split(seq_len(nrow(tokens)), factor(tokens$item_id, seq_along(answers))))
  token_confidence(
    lapply(own, function(rows) {
      if (!all(is.na(tokens$position[rows]))) {
        as.list(tokens[rows, c("token", "logprob", "top")])
      }
    }),
    task$options[choice], rep(paste(codes, collapse = " "), length(answers)), task$options, asked
  )
}
