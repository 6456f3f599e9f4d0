# A judge without a network, whose behaviour is known.

#' A local judge with known behaviour
#'
#' @description
#' Stands in for a chat in [elicit_ratings()]: it answers prompts at once, without a network, with
#' errors as you choose them. For rehearsals of a study, examples and tests.
#'
#' @details
#' The judge knows the true label \eqn{t} of every item. Asked for a choice it draws option
#' \eqn{k} with probability `confusion[t, k]`; its response set holds that choice and every other
#' option with probability `confusion[t, k]`. With `set_prob` it has a rating model instead: a
#' response set is drawn with probability `set_prob[t, set]`, and the choice is a member of the set,
#' the j-th of them (in the order of the task) with weight \eqn{\exp(-b j)}{exp(-b j)}, b =
#' `preference`. A choice and a set asked for in one prompt belong together.
#'
#' As a verifier it says "Yes" with the probability that it would choose the proposed label itself.
#' Asked for its confidence it states the probability of the choice it made.
#'
#' @param task The rating task, from [rating_task()].
#' @param truth The true labels: the name of a column of the items, or a vector named by item id.
#' @param confusion (number or matrix) The probability of the true label, the rest being spread
#'   evenly; or a matrix, one row per true label and one column per answer, both in the order of the
#'   options, rows summing to 1.
#' @param set_prob (matrix or `NULL`) Probabilities of response sets, one column per set, named as
#'   `"yes|no"`; one row per true label in the order of the options, or a single row for all.
#' @param preference (number) With `set_prob`: above 0 prefers early members of a set, below 0 late
#'   ones.
#' @param style How answers are written: `"code"` ("B"), `"sentence"` ("Answer: B. no") or `"json"`.
#' @param p_refuse,p_fail (number) Probabilities that an answer is a refusal, and that a call fails.
#' @param log_probs (flag) Return log-probabilities of the options' codes with choices.
#' @param name (string) The name of the judge.
#' @returns An object of class `judicious_mock_judge`.
#' @section Randomness: `set.seed()` governs the answers.
#' @section Errors: `judicious_error_type`, `judicious_error_range` or `judicious_error_choice` if
#'   an argument does not fit the task. In [elicit_ratings()], `judicious_error_mock` if the truth
#'   of an item is not known.
#' @examples
#' task <- rating_task(c("toxic", "fine"), positive = "toxic")
#' items <- data.frame(item_id = 1:20, text = paste("Comment", 1:20),
#'                     truth = rep(c("toxic", "fine"), each = 10))
#' set.seed(1)
#' run <- elicit_ratings(items, task, mock_judge(task, "truth", confusion = 0.9), n_draws = 3,
#'                       run = tempfile("run"))
#' as_judgments(run)
#' @family elicitation
#' @export
mock_judge <- function(task, truth, confusion = 0.8, set_prob = NULL, preference = 0,
                       style = c("code", "sentence", "json"), p_refuse = 0, p_fail = 0,
                       log_probs = FALSE, name = "mock") {
  check_task(task)
  if (!rlang::is_string(truth) && (!is.atomic(truth) || is.null(names(truth)))) {
    abort_judicious("{.arg truth} must name a column of the items, or be a vector named by item.",
                    "type", arg = "truth")
  }
  check_true_labels(truth, task)
  preference <- check_number(preference)
  p_refuse <- check_number(p_refuse, 0, 1)
  p_fail <- check_number(p_fail, 0, 1)
  log_probs <- check_flag(log_probs)
  name <- check_string(name)
  sets <- check_set_prob(set_prob, task)
  choices <- if (is.null(sets)) check_confusion(confusion, task) else
    sets$prob %*% set_choices(sets$bits, task, preference)
  structure(
    list(task = task, truth = truth, choices = choices, sets = sets, preference = preference,
         style = match_choice(style), p_refuse = p_refuse, p_fail = p_fail,
         log_probs = log_probs, name = name),
    class = "judicious_mock_judge"
  )
}

# Labels by item; a column is looked up when items are known.
check_true_labels <- function(truth, task, call = rlang::caller_env()) {
  if (is.null(names(truth))) return(invisible())
  bad <- which(!as.character(truth) %in% task$options)
  if (length(bad) > 0L) {
    abort_judicious(
      c("{.arg truth} must hold options of the task: {.val {task$options}}.",
        x = "Element {bad[1]} is {.val {as.character(truth)[bad[1]]}}."),
      "choice", arg = "truth", where = bad, call = call
    )
  }
  twice <- which(duplicated(names(truth)))
  if (length(twice) > 0L) {
    abort_judicious("{.arg truth} must have one label per item; {.val {names(truth)[twice[1]]}} has
                    several.", "duplicate", arg = "truth", where = twice, call = call)
  }
}

# What mock judges know must fit the task and the items, before anything is asked.
check_mock_judges <- function(judges, items, task, call) {
  for (judge in Filter(function(x) inherits(x, "judicious_mock_judge"), judges)) {
    if (!identical(judge$task$options, task$options)) {
      abort_judicious(
        c("The mock judge {.val {judge$name}} was made for another {.arg task}.",
          x = "Its options are {.val {judge$task$options}}, not {.val {task$options}}."),
        "mock", arg = "chats", call = call
      )
    }
    column <- if (is.null(names(judge$truth))) judge$truth
    if (!is.null(column) && !column %in% names(items)) {
      abort_judicious(
        c("The mock judge {.val {judge$name}} needs the column {.field {column}} of {.arg items}.",
          x = "The columns are {.field {names(items)}}."), "mock", arg = "items", call = call
      )
    }
    own <- match(id_text(items$item_id), names(judge$truth))
    truth <- as.character(if (is.null(column)) judge$truth[own] else items[[column]])
    bad <- which(!truth %in% task$options)
    if (length(bad) > 0L) {
      abort_judicious(
        c("The mock judge {.val {judge$name}} must know the truth of every item.",
          x = "For item {.val {items$item_id[bad[1]]}} it is {.val {truth[bad[1]]}}.",
          i = "The options are {.val {task$options}}."), "mock", arg = "chats", where = bad,
        call = call
      )
    }
  }
}

check_confusion <- function(confusion, task, call = rlang::caller_env()) {
  k <- length(task$options)
  if (!is.matrix(confusion)) {
    right <- check_number(confusion, 0, 1, arg = "confusion", call = call)
    confusion <- matrix((1 - right) / (k - 1), k, k)
    diag(confusion) <- right
  }
  check_rows(confusion, k, k, "confusion", call)
}

check_rows <- function(x, n_row, n_col, arg, call) {
  if (!is.numeric(x) || !nrow(x) %in% n_row || ncol(x) != n_col) {
    abort_judicious("{.arg {arg}} must be a numeric matrix with {.or {n_row}} row{?s} and {n_col}
                    column{?s}.", "type", arg = arg, call = call)
  }
  check_finite(x, arg = arg, call = call)
  check_between(x, 0, 1, arg = arg, call = call)
  bad <- which(abs(rowSums(x) - 1) > 1e-6)
  if (length(bad) > 0L) {
    abort_judicious(c("Rows of {.arg {arg}} must sum to 1.",
                      x = "Row {bad[1]} sums to {.val {sum(x[bad[1], ])}}."),
                    "range", arg = arg, where = bad, call = call)
  }
  unname(x)
}

check_set_prob <- function(set_prob, task, call = rlang::caller_env()) {
  if (is.null(set_prob)) return(NULL)
  if (!is.matrix(set_prob) || is.null(colnames(set_prob))) {
    abort_judicious("{.arg set_prob} must be a matrix whose columns are named after sets, as
                    {.val {paste(task$options[1:2], collapse = '|')}}.", "type", arg = "set_prob",
                    call = call)
  }
  bits <- check_admissible(read_set_strings(colnames(set_prob), task, call), task, call)
  prob <- check_rows(set_prob, c(1L, length(task$options)), ncol(set_prob), "set_prob", call)
  if (nrow(prob) == 1L) prob <- prob[rep(1L, length(task$options)), , drop = FALSE]
  list(bits = bits, prob = prob)
}

# Sets x options: how probable each option is as the choice from each set.
set_choices <- function(bits, task, preference) {
  rows <- lapply(bits, function(set) {
    members <- set_members(set)
    weight <- exp(-preference * (seq_along(members) - length(members) / 2))
    replace(numeric(length(task$options)), members, weight / sum(weight))
  })
  do.call(rbind, rows)
}

#' @export
format.judicious_mock_judge <- function(x, ...) {
  c(paste0("Mock judge \"", x$name, "\""),
    paste("Right in", whole_percent(mean(diag(x$choices))), "of choices, labels equally frequent"),
    paste("Options:", paste(x$task$options, collapse = ", ")))
}

#' @export
print.judicious_mock_judge <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

# --- answering ------------------------------------------------------------------

# What a chat would return for one prompt: text, tokens, usage and cost. `request` holds the item
# (a list), its key, what is asked, the codes of the options and the label to verify.
mock_reply <- function(judge, request) {
  if (stats::runif(1) < judge$p_fail) rlang::abort("The mock judge failed on purpose.")
  truth <- mock_truth(judge, request)
  if (stats::runif(1) < judge$p_refuse) return(mock_text("I am sorry, but I cannot judge this."))
  if (request$asked == "p_true") return(mock_verdict(judge, request, truth))
  answer <- mock_answer(judge, truth)
  text <- mock_words(judge, request, answer, judge$choices[truth, answer$choice])
  tokens <- if (judge$log_probs && request$asked == "choice") {
    mock_tokens(request$codes, judge$choices[truth, ], answer$choice)
  }
  mock_text(text, tokens)
}

mock_text <- function(text, tokens = NULL) {
  list(text = text, tokens = tokens, usage = c(NA_real_, NA_real_, NA_real_), cost = 0)
}

mock_truth <- function(judge, request) {
  label <- if (is.null(names(judge$truth))) request$item[[judge$truth]] else
    judge$truth[[request$key]]
  match(as.character(label), judge$task$options)
}

mock_answer <- function(judge, truth) {
  k <- length(judge$task$options)
  if (is.null(judge$sets)) {
    choice <- sample.int(k, 1L, prob = judge$choices[truth, ])
    also <- which(stats::runif(k) < judge$choices[truth, ])
    return(list(choice = choice, set = sort(union(choice, also))))
  }
  bits <- judge$sets$bits[sample.int(length(judge$sets$bits), 1L, prob = judge$sets$prob[truth, ])]
  weights <- set_choices(bits, judge$task, judge$preference)
  list(choice = sample.int(k, 1L, prob = weights), set = set_members(bits))
}

mock_words <- function(judge, request, answer, probability) {
  choice <- request$codes[answer$choice]
  set <- request$codes[answer$set]
  name <- judge$task$options[answer$choice]
  percent <- paste0(round(100 * probability), "%")
  if (judge$style == "json") {
    body <- switch(request$asked,
      choice = list(answer = choice), set = list(set = as.list(set)),
      both = list(choice = choice, set = as.list(set))
    )
    if (request$verbal) body$confidence <- percent
    return(as.character(jsonlite::toJSON(body, auto_unbox = TRUE)))
  }
  shown <- if (judge$style == "sentence") paste0(choice, ". ", name) else choice
  lines <- switch(request$asked,
    choice = if (judge$style == "sentence" || request$verbal) paste("Answer:", shown) else shown,
    set = paste(set, collapse = ", "),
    both = c(paste("Choice:", shown), paste("Set:", paste(set, collapse = ", ")))
  )
  paste(c(lines, if (request$verbal) paste("Confidence:", percent)), collapse = "\n")
}

mock_verdict <- function(judge, request, truth) {
  yes <- judge$choices[truth, match(request$label, judge$task$options)]
  right <- stats::runif(1) < yes
  mock_text(if (right) "Yes" else "No",
            if (judge$log_probs) mock_tokens(c("Yes", "No"), c(yes, 1 - yes), 2L - right))
}

mock_tokens <- function(codes, probability, given) {
  keep <- probability > 0
  list(token = codes[given], logprob = log(probability[given]),
       top = list(stats::setNames(log(probability[keep]), codes[keep])))
}
