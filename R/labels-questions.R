# What a label page asks about every item: one question or several, each with a task of its own.

answer_kinds <- c("choice", "set", "both")

# A list of questions, each a list as it stands in the page and in its downloads: name, text, answer
# ("choice", "set", "both" or "score"), options, descriptions, positive, sets, scale. What a kind of
# answer does not have is NULL or empty.
asked_questions <- function(question, task, answer, descriptions, call) {
  texts <- check_question_texts(question, task, call)
  tasks <- check_question_tasks(task, names(texts), call)
  answers <- check_question_answers(answer, tasks, call)
  unname(Map(function(name, text, task, answer) {
    asked_question(name, text, task, answer, described_options(descriptions, name, tasks, call))
  }, names(texts), texts, tasks, answers))
}

asked_question <- function(name, text, task, answer, described) {
  scored <- inherits(task, "judicious_scale")
  list(
    name = name, text = text, answer = if (scored) "score" else answer,
    options = I(as.character(task$options)),
    descriptions = I(unname(described[as.character(task$options)])),
    positive = I(as.character(task$positive)),
    sets = if (!is.null(task$sets)) lapply(task$sets, function(set) {
      I(task$options[set_members(set)])
    }),
    scale = if (scored) Filter(Negate(is.null), unclass(task))
  )
}

# A single question may do without a name.
check_question_texts <- function(question, task, call) {
  if (!is.character(question) || length(question) == 0L || anyNA(question) ||
        any(trimws(question) == "")) {
    abort_judicious("{.arg question} must say what is asked, in one or several strings.", "type",
                    arg = "question", call = call)
  }
  names <- names(question)
  if (is.null(names) && length(question) == 1L) {
    names <- if (is_plain_list(task)) names(task) else "label"
  }
  bad <- which(is.na(names) | trimws(names) != names | names == "" | duplicated(names))
  if (length(names) != length(question) || length(bad) > 0L) {
    abort_judicious(
      c("{.arg question} must name its questions, each once: the names become columns.",
        i = "For example {.code c(correct = \"Is it correct?\", polite = \"Is it polite?\")}."),
      "choice", arg = "question", where = bad, call = call
    )
  }
  stats::setNames(clean_text(unname(question)), enc2utf8(names))
}

is_plain_list <- function(x) is.list(x) && !is.object(x)

check_question_tasks <- function(task, names, call) {
  if (!is_plain_list(task)) {
    task <- check_question_task(task, "task", call)
    return(stats::setNames(rep(list(task), length(names)), names))
  }
  if (!setequal(names(task), names) || length(task) != length(names)) {
    abort_judicious(
      c("A list of tasks must have the names of {.arg question}: {.val {names}}.",
        x = "Its names are {.val {names(task)}}."), "choice", arg = "task", call = call
    )
  }
  lapply(task[names], check_question_task, arg = "task", call = call)
}

check_question_task <- function(x, arg, call) {
  if (inherits(x, "judicious_scale") || inherits(x, "judicious_task")) return(x)
  abort_judicious(
    c("{.arg {arg}} must be a rating task or a scale, not {.obj_type_friendly {x}}.",
      i = "Make one with {.fn rating_task} or {.fn label_scale}; several in a list."),
    "type", arg = arg, call = call
  )
}

# One kind for all questions, or one by name for each; scales have a kind of their own.
check_question_answers <- function(answer, tasks, call) {
  bad <- which(!answer %in% answer_kinds)
  if (!is.character(answer) || length(bad) > 0L) {
    abort_judicious(c("{.arg answer} must be among {.or {.val {answer_kinds}}}.",
                      x = "Element {c(bad, 1)[1]} is {.val {answer[c(bad, 1)[1]]}}."),
                    "choice", arg = "answer", where = bad, call = call)
  }
  if (length(answer) == 1L && is.null(names(answer))) return(rep(answer, length(tasks)))
  optional <- names(tasks)[!vapply(tasks, inherits, FALSE, "judicious_scale")]
  if (!all(optional %in% names(answer)) || !all(names(answer) %in% names(tasks))) {
    abort_judicious(
      c("{.arg answer} must be one kind, or one for each of the questions {.val {optional}}.",
        x = "It has the names {.val {names(answer)}}."), "choice", arg = "answer", call = call
    )
  }
  unname(answer[names(tasks)])
}

# Descriptions by option, for all questions alike or in a list by question.
described_options <- function(descriptions, name, tasks, call) {
  if (is_plain_list(descriptions)) {
    check_description_names(names(descriptions), names(tasks), "questions", call)
    descriptions <- descriptions[[name]]
    options <- tasks[[name]]$options
  } else {
    options <- unlist(lapply(tasks, `[[`, "options"), use.names = FALSE)
  }
  if (is.null(descriptions)) return(character())
  check_description_names(names(descriptions), options, "options", call)
  if (!is.character(descriptions)) {
    abort_judicious("{.arg descriptions} must be strings named by options, not
                    {.obj_type_friendly {descriptions}}.", "type", arg = "descriptions",
                    call = call)
  }
  stats::setNames(clean_text(unname(descriptions)), names(descriptions))
}

check_description_names <- function(found, known, what, call) {
  bad <- which(!found %in% known)
  if (!is.null(found) && length(bad) == 0L) return(invisible())
  shown <- if (is.null(found)) "They have no names." else "{.val {found[bad[1]]}} is none."
  abort_judicious(c(paste("{.arg descriptions} must be named by", what, "({.val {known}})."),
                    x = shown), "choice", arg = "descriptions", where = bad, call = call)
}
