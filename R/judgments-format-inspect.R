# Logs of Inspect: samples with scores, one judge per scorer.

log_format_inspect <- function() {
  log_format(
    "Inspect", ".json or .eval", "eval and samples (id, epoch, scores)", "object",
    holds = function(names, value) {
      "eval" %in% names && any(c("samples", "status", "plan", "stats", "version") %in% names)
    },
    read = read_inspect, options = "grades", task = TRUE
  )
}

# As Inspect counts them. Whatever else a scorer wrote is no grade.
grade_scores <- c(C = 1, P = 0.5, I = 0, N = 0)
grade_words <- c(yes = 1, true = 1, no = 0, false = 0)
grade_not_found <- "^Grade not found in model output"

read_inspect <- function(log, path, task, call) {
  samples <- log[["samples"]]
  if (!is.list(samples) || length(samples) == 0L) {
    abort_log(path, "It has no {.field samples}: it was written without them, or the run failed.",
              call)
  }
  scores <- lapply(samples, field, "scores")
  known <- unique(unlist(lapply(scores, names)))
  if (length(known) == 0L) abort_log(path, "None of its samples has {.field scores}.", call)
  rows <- Map(function(sample, scores, i) {
    id <- text_field(sample, "id")
    if (is.na(id)) abort_log(path, paste0("Sample ", i, " has no {.field id}."), call)
    # A sample that failed has no scores at all; a scorer that others have was asked then.
    if (!is.list(scores) || length(scores) == 0L) {
      scores <- stats::setNames(vector("list", length(known)), known)
    }
    parts <- Map(inspect_values, scores, names(scores), MoreArgs = list(task = task))
    lapply(unlist(unname(parts), recursive = FALSE), c,
           list(item_id = id, draw = as_draw(number_field(sample, "epoch"))))
  }, samples, scores, seq_along(samples))
  out <- log_rows(unlist(unname(rows), recursive = FALSE))
  vctrs::vec_cbind(out, inspect_run(log, nrow(out)))
}

# What was evaluated: the model, and in which task, with which arguments, by which solver.
inspect_run <- function(log, n) {
  eval <- log[["eval"]]
  steps <- vapply(field(field(log, "plan"), "steps"), text_field, "", "solver")
  solver <- if_na(text_field(eval, "solver"), paste(steps, collapse = " + "))
  run <- list(system = text_field(eval, "model"), .task = text_field(eval, "task"),
              .args = argument_text(field(eval, "task_args")),
              .solver = if (nzchar(solver)) solver else NA_character_,
              .solver_args = argument_text(field(eval, "solver_args")))
  vctrs::new_data_frame(lapply(run, rep, n), n = n)
}

argument_text <- function(args) {
  args <- Filter(rlang::is_scalar_atomic, if (is.list(args)) args)
  if (length(args) == 0L || is.null(names(args))) return(NA_character_)
  paste0(names(args), "=", vapply(args, as.character, ""), collapse = ", ")
}

as_draw <- function(x) if (is.na(x)) 1L else as.integer(x)

# One score is one judge; a score that is a dictionary is a judge per entry.
inspect_values <- function(score, judge, task) {
  explanation <- text_field(score, "explanation")
  value <- field(score, "value")
  if (is.null(score)) return(list(inspect_row(NULL, judge, NA_character_, task, "failed")))
  if (is.list(value) && length(value) > 0L) {
    names <- names(value) %||% as.character(seq_along(value))
    judges <- paste0(judge, "/", names)
    return(unname(Map(inspect_row, unname(value), judges, explanation,
                      MoreArgs = list(task = task))))
  }
  list(inspect_row(value, judge, explanation, task))
}

inspect_row <- function(value, judge, explanation, task, lost = "unreadable") {
  text <- if (rlang::is_scalar_atomic(value)) as.character(value) else NA_character_
  grade <- if (grepl(grade_not_found, explanation)) list() else read_grade(value, text, task)
  list(judge = judge, label = grade$label %||% NA_character_, score = grade$score %||% NA_real_,
       status = if (is.null(grade$label)) lost else "ok", answer = if_na(explanation, text))
}

# The label and score that a value stands for; nothing, where it maps to none.
read_grade <- function(value, text, task) {
  if (is.na(text)) return(list())
  if (!is.null(task)) {
    option <- match(tolower(trimws(text)), tolower(task$options))
    if (is.na(option)) return(list())
    return(list(label = task$options[option], score = choice_scores(option, task)))
  }
  if (is.logical(value) || is.numeric(value)) return(finite_grade(as.double(value), text))
  if (text %in% names(grade_scores)) return(finite_grade(grade_scores[[text]], text))
  word <- unname(grade_words[tolower(text)])
  if (!is.na(word)) return(finite_grade(word, text))
  finite_grade(suppressWarnings(as.double(text)), text)
}

finite_grade <- function(score, label) if (is.finite(score)) list(label = label, score = score)
