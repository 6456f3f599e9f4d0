# Labels by Label Studio: tasks and the labelling configuration.

#' Write tasks for Label Studio
#'
#' @description
#' Writes the items as tasks of Label Studio (JSON), and beside them the labelling configuration
#' (XML) that asks the questions of `task`. Import the tasks, paste the configuration into the
#' project's settings, and read the export ("JSON" or "JSON-MIN") back by [read_labels()].
#'
#' @details
#' A task has the id of the item (`item_id`), the fingerprint of the plan, and the columns people
#' are to read. The configuration has one control per question, one for "cannot tell" and one for a
#' note. Skipped tasks come back as skipped.
#'
#' @inheritParams write_label_sheet
#' @param path (string) The JSON file; the configuration is written beside it, as `.xml`.
#' @returns The paths `c(tasks = , config = )`, invisibly.
#' @section Errors:
#' As [write_label_sheet()].
#' @examplesIf rlang::is_installed("jsonlite")
#' set.seed(1)
#' answers <- data.frame(item_id = 1:50, reply = paste("Reply", 1:50))
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' file <- tempfile(fileext = ".json")
#' plan <- sample_uniform(50, n = 3)
#' paths <- write_label_studio(answers, task, file, sample = plan, show = "reply",
#'                             question = "Is the reply polite?")
#' cat(readLines(paths[["config"]]), sep = "\n")
#' @family labelling
#' @export
write_label_studio <- function(items, task, path, sample = NULL, question = NULL, ...,
                               item_id = "item_id", show = NULL, answer = "choice",
                               overwrite = FALSE) {
  check_dots(...)
  rlang::check_installed("jsonlite", "to write JSON.")
  check_required(items)
  check_required(task)
  check_required(path)
  call <- rlang::current_env()
  path <- check_new_file(path, "[.]json$", overwrite, call)
  config <- check_new_file(sub("[.]json$", ".xml", path, ignore.case = TRUE), "[.]xml$", overwrite,
                           call)
  sent <- items_to_send(items, task, sample, question, item_id, show, answer, call)
  write_utf8(studio_tasks(sent), path, call)
  write_utf8(studio_config(sent, with_text = !is.null(question)), config, call)
  invisible(c(tasks = path, config = config))
}

# Names in the data of a task and in the configuration.
studio_plan <- "judicious_plan"
studio_unsure <- "cannot_tell"

studio_tasks <- function(sent) {
  fields <- c(list(item_id = sent$ids), stats::setNames(sent$shown, studio_fields(sent)),
              stats::setNames(list(rep(sent$fingerprint, length(sent$ids))), studio_plan))
  tasks <- lapply(seq_along(sent$ids), function(k) {
    list(data = lapply(fields, function(values) jsonlite::unbox(values[[k]])))
  })
  as.character(jsonlite::toJSON(tasks, pretty = TRUE))
}

# Columns may have names that the configuration cannot point to.
studio_fields <- function(sent) sprintf("text_%d", seq_along(sent$shown))

studio_config <- function(sent, with_text) {
  fields <- if (length(sent$shown) > 0L) studio_fields(sent) else "item_id"
  heads <- if (length(sent$shown) > 1L) names(sent$shown) else rep("", length(fields))
  several <- length(sent$questions) > 1L
  paste(c(
    "<View>",
    paste0(ifelse(nzchar(heads), paste0(studio_header(heads), "\n"), ""), "  <Text name=\"",
           fields, "\" value=\"$", fields, "\"/>"),
    unlist(lapply(sent$questions, studio_controls, several, with_text, fields[1])),
    paste0("  <Choices name=\"", studio_unsure, "\" toName=\"", fields[1], "\">"),
    paste0("    <Choice value=\"", unsure_words[1], "\"/>"), "  </Choices>",
    paste0("  <TextArea name=\"note\" toName=\"", fields[1], "\" placeholder=\"Note\"/>"),
    "</View>", ""
  ), collapse = "\n")
}

# A dollar sign at the beginning would point to a field.
studio_header <- function(text) {
  paste0("  <Header value=\"", attribute_text(sub("^[$]", " $", text)), "\"/>")
}

studio_controls <- function(question, several, with_text, to) {
  control <- function(role) {
    name <- if (several) paste0(role, "_", question$name) else role
    paste0("name=\"", attribute_text(name), "\" toName=\"", to, "\"")
  }
  head <- if (with_text || several) studio_header(if (with_text) question$text else question$name)
  roles <- switch(question$answer, choice = "label", set = "set", both = c("label", "set"),
                  score = "score")
  c(head, unlist(lapply(roles, function(role) {
    if (role == "score") return(studio_number(question$scale, control(role)))
    studio_choices(question$options, control(role), role == "set")
  })))
}

studio_number <- function(scale, control) {
  paste0("  <Number ", control, " min=\"", id_text(scale$from), "\" max=\"", id_text(scale$to),
         "\" step=\"", id_text(scale$step), "\"/>")
}

studio_choices <- function(options, control, several) {
  c(paste0("  <Choices ", control, " choice=\"", if (several) "multiple" else "single-radio",
           "\" showInline=\"true\">"),
    paste0("    <Choice value=\"", attribute_text(options), "\"/>"), "  </Choices>")
}

attribute_text <- function(x) gsub("\n", "&#10;", html_text(x), fixed = TRUE)
