# What was asked: questions by name, each with options (and which are positive, which sets are
# allowed) or with a scale.

# From a task, or a list of tasks named by question.
label_questions <- function(task, arg = "task", call = rlang::caller_env()) {
  if (inherits(task, c("judicious_task", "judicious_scale"))) {
    return(stats::setNames(list(question_of_task(task)), default_question))
  }
  names <- if (is.list(task)) rlang::names2(task)
  good <- is.list(task) && length(task) > 0L && all(nzchar(names)) && !anyDuplicated(names)
  if (!good) {
    abort_judicious(
      c("{.arg {arg}} must be a rating task, a scale, or a list of them named by question, not
         {.obj_type_friendly {task}}.", i = "Make one with {.fn rating_task} or
         {.fn label_scale}."),
      "type", arg = arg, call = call
    )
  }
  lapply(task, function(part) {
    question_of_task(check_question_task(part, arg = arg, call = call))
  })
}

question_of_task <- function(task) {
  if (inherits(task, "judicious_scale")) return(question_of_scale(task))
  list(options = task$options, positive = task$positive, sets = task$sets, scale = NULL)
}

question_of_scale <- function(scale) {
  ends <- c(from = number_field(scale, "from"), to = number_field(scale, "to"),
            step = number_field(scale, "step"))
  list(options = NULL, positive = character(), sets = NULL, scale = ends)
}

# From the task that a page hands back with its answers.
page_questions <- function(task, call) {
  questions <- field(task, "questions")
  if (!is.list(questions) || length(questions) == 0L) return(NULL)
  names <- vapply(questions, text_field, "", "name")
  if (anyNA(names)) return(NULL)
  stats::setNames(lapply(questions, page_question), names)
}

page_question <- function(x) {
  texts <- function(x) as.character(unlist(x, use.names = FALSE))
  options <- if (length(field(x, "options")) > 0L) texts(field(x, "options"))
  scale <- field(x, "scale")
  sets <- lapply(field(x, "sets"), function(set) {
    sum(bitwShiftL(1L, match(texts(set), options) - 1L))
  })
  list(
    options = options, positive = texts(field(x, "positive")),
    sets = if (length(sets) > 0L) sort(as.integer(unlist(sets))),
    scale = if (!is.null(scale)) question_of_scale(scale)$scale
  )
}

# What a file asked and what is asked here: the same options, whatever a single question is called.
same_questions <- function(a, b) {
  if (length(a) != length(b)) return(FALSE)
  if (length(a) > 1L && !setequal(names(a), names(b))) return(FALSE)
  pairs <- if (length(a) > 1L) Map(list, a, b[names(a)]) else list(list(a[[1]], b[[1]]))
  all(vapply(pairs, function(pair) {
    identical(pair[[1]]$options, pair[[2]]$options) &&
      isTRUE(all.equal(pair[[1]]$scale, pair[[2]]$scale))
  }, FALSE))
}

# The task given knows which options are positive; the file may not.
merge_questions <- function(given, own) {
  if (length(given) == 1L) names(given) <- names(own)
  given
}

format_questions <- function(questions) {
  one <- length(questions) == 1L
  unname(mapply(function(question, name) {
    what <- if (is.null(question$scale)) {
      paste0("Options: ", paste(question$options, collapse = ", "),
             if (length(question$positive) > 0L) {
               paste0(" (positive: ", paste(question$positive, collapse = ", "), ")")
             })
    } else {
      paste0("Scale: ", question$scale[["from"]], " to ", question$scale[["to"]])
    }
    if (one) what else paste0(name, ". ", what)
  }, questions, names(questions)))
}
