# What a judge is asked: a template, the fields of the item, the options as they are shown.

#' See what a judge would be asked
#'
#' @description
#' The prompts that [elicit_ratings()] would send for one item, built from the same arguments. Look
#' at one before you pay for thousands.
#'
#' @inheritParams elicit_ratings
#' @param row (count) The row of `items`.
#' @returns A character vector of class `judicious_prompt`, one element per question, named by what
#'   it asks. `print()` writes it as the judge would see it.
#' @section Errors:
#' As [elicit_ratings()]: `judicious_error_template` for a field that is no column of `items`.
#' @examples
#' items <- data.frame(item_id = 1:2, text = c("Have a nice day!", "You are a waste of space."))
#' task <- rating_task(c("toxic", "fine"), positive = "toxic")
#' preview_prompt(items, task, format = "both", question = "Is this comment toxic?")
#' preview_prompt(items, task, question = "Is this comment toxic?", confidence = "verbal",
#'                descriptions = c(toxic = "rude, disrespectful or unreasonable"))
#' @family elicitation
#' @export
preview_prompt <- function(items, task, format = c("choice", "set", "both"), ..., row = 1L,
                           question = NULL, descriptions = NULL, template = NULL,
                           confidence = c("none", "verbal", "p_true"),
                           pairing = c("one", "separate"), order = c("fixed", "shuffled"),
                           item_id = "item_id") {
  check_dots(...)
  check_required(items)
  check_required(task)
  call <- rlang::current_env()
  items <- check_items(items, item_id, call)
  row <- check_count(row, upper = nrow(items))
  script <- prompt_script(
    items, task, match_choice(format), question, descriptions, template,
    match_choice(confidence), match_choice(pairing), match_choice(order), call
  )
  shown <- if (script$order == "shuffled") sample.int(length(task$options)) else
    seq_along(task$options)
  prompts <- vapply(script$questions, function(asked) {
    build_prompt(script, items, row, asked, shown, label = task$options[1])
  }, "")
  structure(prompts, class = "judicious_prompt")
}

#' @export
format.judicious_prompt <- function(x, ...) {
  titles <- c(choice = "Forced choice", set = "Response set",
              both = "Forced choice and response set", p_true = "Verifier")
  shown <- Map(function(prompt, name) c(paste0("-- ", titles[[name]], " --"), prompt, ""), x,
               names(x))
  unlist(shown, use.names = FALSE)
}

#' @export
print.judicious_prompt <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

# --- the script: all that is asked in one run ---------------------------------------

prompt_script <- function(items, task, format, question, descriptions, template, confidence,
                          pairing, order, call) {
  check_task(task, call = call)
  if (confidence != "none" && format == "set") {
    abort_judicious(
      c("{.arg confidence} needs a forced choice.",
        i = "Ask with {.code format = \"choice\"} or {.code \"both\"}."),
      "choice", arg = "confidence", call = call
    )
  }
  questions <- if (format == "both" && pairing == "separate") c("choice", "set") else format
  if (confidence == "p_true") questions <- c(questions, "p_true")
  template <- check_template(template, questions, call)
  if (!is.null(question) && !rlang::is_string(question)) {
    abort_judicious("{.arg question} must be a string, not {.obj_type_friendly {question}}.",
                    "type", arg = "question", call = call)
  }
  script <- list(
    task = task, questions = questions, format = format, confidence = confidence,
    pairing = pairing, order = order, codes = option_codes(task$options),
    question = question %||% "Which of these options describes the item?",
    descriptions = check_descriptions(descriptions, task, call), template = template
  )
  for (asked in questions) {
    check_fields(template[[asked]], items, asked, call)
    own <- template[[asked]] != c(default_template, verifier_template)[1L + (asked == "p_true")]
    if (own) check_own_template(template[[asked]], items, order, call)
    check_item_fields(template[[asked]], items, call)
  }
  script
}

# Letters, or numbers, or the names themselves: no option may be named as another's code.
option_codes <- function(options) {
  n <- length(options)
  clash <- function(codes) any(tolower(options) %in% tolower(codes))
  if (n <= 26L && !clash(LETTERS[seq_len(n)])) return(LETTERS[seq_len(n)])
  if (!clash(seq_len(n))) as.character(seq_len(n)) else options
}

check_descriptions <- function(descriptions, task, call) {
  if (is.null(descriptions)) return(NULL)
  bad <- setdiff(names(descriptions) %||% "", task$options)
  if (!is.character(descriptions) || length(bad) > 0L) {
    abort_judicious(
      c("{.arg descriptions} must be strings named by options of the task: {.val {task$options}}.",
        x = if (is.null(names(descriptions))) "They have no names." else if (length(bad) > 0L) {
          "{.val {bad[1]}} is no option."
        }),
      "choice", arg = "descriptions", call = call
    )
  }
  descriptions
}

default_template <- "{question}\n\n{text}\n\n{options}\n\n{instructions}"
verifier_template <- paste0("{question}\n\n{text}\n\n{options}\n\nProposed answer: {label}\n\n",
                            "{instructions}")

# A template for every question; users give one for all, or a vector named by question.
check_template <- function(template, questions, call) {
  default <- stats::setNames(rep(default_template, length(questions)), questions)
  default[questions == "p_true"] <- verifier_template
  if (is.null(template)) return(default)
  valid <- is.character(template) && !anyNA(template) && length(template) > 0L &&
    (rlang::is_string(template) && is.null(names(template)) ||
       all(rlang::names2(template) %in% questions))
  if (!valid) {
    abort_judicious(
      c("{.arg template} must be a string, or strings named by what they ask:
         {.or {.val {questions}}}.",
        i = "Fields stand in braces, as in {.val {default_template}}."),
      "template", arg = "template", call = call
    )
  }
  named <- intersect(names(template), questions)
  if (length(named) > 0L) default[named] <- template[named] else
    default[questions != "p_true"] <- template
  default
}

field_pattern <- "\\{\\{|\\}\\}|\\{\\s*([A-Za-z.][A-Za-z0-9._]*)\\s*\\}"

template_fields <- function(template) {
  found <- regmatches(template, gregexpr(field_pattern, template, perl = TRUE))[[1]]
  unique(trimws(gsub("[{}]", "", found[!found %in% c("{{", "}}")])))
}

script_fields <- c("question", "options", "instructions")

check_fields <- function(template, items, asked, call) {
  fields <- template_fields(template)
  bad <- setdiff(fields, c(names(items), script_fields, if (asked == "p_true") "label"))
  if (length(bad) > 0L) {
    abort_judicious(
      c("Every field of {.arg template} must be a column of {.arg items}, or one of
         {.field {script_fields}}.",
        x = "There is no column {.field {bad[1]}}; the columns are {.field {names(items)}}.",
        i = "The default template needs a column {.field text}. A brace is written twice."),
      "template", arg = "template", where = bad, call = call
    )
  }
  if (asked == "p_true" && !"label" %in% fields) {
    abort_judicious("The template for {.val p_true} needs the field {.field label}.", "template",
                    arg = "template", call = call)
  }
}

# What would go wrong without an error: a prompt that says the same of all items, codes that are not
# those of the shuffled options, a column that a field of ours hides.
check_own_template <- function(template, items, order, call) {
  fields <- template_fields(template)
  problem <- if (length(intersect(fields, setdiff(names(items), script_fields))) == 0L) {
    "It uses no column of {.arg items}, so that all prompts would be the same."
  } else if (order == "shuffled" && !"options" %in% fields) {
    "With {.code order = \"shuffled\"} it must have the field {.field options}."
  }
  hidden <- intersect(fields, intersect(script_fields, names(items)))
  if (length(hidden) > 0L) {
    problem <- "{.field {hidden[1]}} is a field of its own: rename that column of {.arg items}."
  }
  if (is.null(problem)) return(invisible())
  abort_judicious(c("{.arg template} would not ask what is meant.", x = problem), "template",
                  arg = "template", call = call)
}

# Values must be single texts or numbers, and not all missing.
check_item_fields <- function(template, items, call) {
  fields <- intersect(template_fields(template), setdiff(names(items), script_fields))
  for (name in fields) {
    column <- items[[name]]
    if (is.list(column) || length(dim(column)) > 1L) {
      abort_judicious(
        c("Columns of {.arg items} that prompts use must be plain vectors.",
          x = "Column {.field {name}} is {.obj_type_friendly {column}}."),
        "type", arg = "items", call = call
      )
    }
  }
  empty <- which(Reduce(`&`, lapply(items[fields], is.na), rep(length(fields) > 0L, nrow(items))))
  if (length(empty) > 0L) {
    abort_judicious(
      c("Every item must have something to show.",
        x = "Row {empty[1]} of {.arg items} has no {.field {fields}}."),
      "missing", arg = "items", where = empty, call = call
    )
  }
}

# --- one prompt ---------------------------------------------------------------------

# `shown`: positions of the options in the order they are shown in; codes follow that order.
build_prompt <- function(script, items, row, asked, shown, label = NULL) {
  own <- list(question = script$question, options = show_options(script, shown),
              instructions = show_instructions(script, asked),
              label = if (asked == "p_true") label)
  template <- script$template[[asked]]
  value <- function(field) {
    from_item <- if (field %in% names(items)) items[[field]][[row]]
    if_na(as.character(own[[field]] %||% from_item), "")
  }
  fill_template(template, value)
}

# Values are put in as they are: braces within them mean nothing.
fill_template <- function(template, value) {
  at <- gregexpr(field_pattern, template, perl = TRUE)
  regmatches(template, at)[[1]] <- vapply(regmatches(template, at)[[1]], function(found) {
    if (found == "{{") return("{")
    if (found == "}}") return("}")
    value(gsub("[{}\\s]", "", found, perl = TRUE))
  }, "")
  template
}

# The code of every option of the task, given the order the options are shown in.
codes_shown <- function(script, shown) {
  if (identical(script$codes, script$task$options)) return(script$codes)
  script$codes[match(seq_along(shown), shown)]
}

show_options <- function(script, shown) {
  options <- script$task$options[shown]
  about <- script$descriptions[options]
  about <- ifelse(is.na(about), "", paste0(": ", about))
  if (length(script$descriptions) == 0L) about <- ""
  codes <- if (identical(script$codes, script$task$options)) "- " else paste0(script$codes, ". ")
  paste0(codes, options, about, collapse = "\n")
}

show_instructions <- function(script, asked) {
  named <- identical(script$codes, script$task$options)
  what <- if (named) "name" else if (grepl("^[0-9]", script$codes[1])) "number" else "letter"
  one <- paste0("Choose exactly one option, even if several seem reasonable.")
  several <- paste0("Name every option that a reasonable person could choose; one, several or all ",
                    "of them.")
  example <- paste(utils::head(script$codes, 2L), collapse = ", ")
  switch(asked,
    choice = if (script$confidence == "verbal") {
      paste0(one, "\nAnswer in two lines:\nAnswer: <", what, ">\nConfidence: <how probable it is ",
             "that your answer is right, from 0% to 100%>")
    } else {
      paste0(one, "\nAnswer with its ", what, " only.")
    },
    set = paste0(several, "\nAnswer with their ", what, "s only, separated by commas, for ",
                 "instance: ", example),
    both = paste0(
      "First: ", one, "\nThen: ", several, "\nAnswer in ",
      if (script$confidence == "verbal") "three" else "two", " lines:\nChoice: <", what,
      ">\nSet: <", what, "s, separated by commas>",
      if (script$confidence == "verbal") {
        "\nConfidence: <how probable it is that your choice is right, from 0% to 100%>"
      }
    ),
    p_true = "Is the proposed answer right? Answer Yes or No only."
  )
}

# --- items --------------------------------------------------------------------------

check_items <- function(items, item_id, call) {
  if (!is.data.frame(items) || nrow(items) == 0L) {
    abort_judicious("{.arg items} must be a data frame with at least one row, not
                    {.obj_type_friendly {items}}.", "type", arg = "items", call = call)
  }
  if (!rlang::is_string(item_id) || !item_id %in% names(items)) {
    abort_judicious(
      c("{.arg item_id} must name a column of {.arg items}.",
        x = "The columns are {.field {names(items)}}."),
      "column", arg = "item_id", call = call
    )
  }
  id <- items[[item_id]]
  if (is.list(id)) {
    abort_judicious("Column {.field {item_id}} of {.arg items} must hold one id per row, not
                    {.obj_type_friendly {id}}.", "type", arg = item_id, call = call)
  }
  # Dates, factors and the like are the texts that they show.
  if (is.object(id)) id <- as.character(id)
  if (anyNA(id)) abort_missing_id(which(is.na(id)), item_id, call)
  twice <- which(duplicated(id_text(id)))
  if (length(twice) > 0L) {
    abort_judicious(
      c("Every row of {.arg items} must have an id of its own.",
        x = "Row {twice[1]} has {.val {id[twice[1]]}} again."),
      "duplicate", arg = item_id, where = twice, call = call
    )
  }
  items <- as.data.frame(items)
  items$item_id <- id
  items
}
