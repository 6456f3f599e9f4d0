# One HTML file with everything in it: data, style and scripts. It needs no server and no network.

#' Write a page on which people label items
#'
#' @description
#' Makes one HTML file that shows the items of a sample one at a time, asks the questions, and keeps
#' every answer in the browser. It opens by double click, from an attachment or on a phone, works
#' offline, and is gone on with where it was left. Whoever labels downloads the answers and sends
#' the file back; [read_labels()] reads it.
#'
#' @details
#' Every rater sees the items in an order of their own (the same one whenever they come back).
#' Answers can be taken back, skipped, marked "cannot tell" and given a note. Two open tabs share
#' their answers; where the browser cannot store anything (full, or forbidden), the page says so
#' and holds the answers until they are downloaded.
#'
#' Items are text that nobody has checked: the page shows it as text, never as HTML, and its
#' security policy forbids scripts other than its own and every connection.
#'
#' @param items (data frame) One row per item: the whole pool if there is a `sample`.
#' @param task What can be answered: a [rating_task()], a [label_scale()], or a list of them named
#'   by the questions.
#' @param path (string) The HTML file to write; one that exists is replaced.
#' @param sample (`judicious_sample`) What a sampler returned for these items: only the selected
#'   ones are shown. `NULL`: all.
#' @param question (character) What is asked about every item; several questions need names.
#' @param rater (character) Who labels: one name, or several to choose from. `NULL`: the page asks.
#' @param blind (flag) Hide what judges have said; it is then not in the file at all.
#' @param ... Not used.
#' @param item_id (string) The column of ids, all different.
#' @param show (character) The columns to show, in this order. `NULL`: columns of text that neither
#'   are nor are called like labels; a message tells which.
#' @param images (character) Columns with pictures, as `data:image/...` or as paths relative to the
#'   page.
#' @param judges (character) Columns with the labels of judges, shown with `blind = FALSE`.
#' @param answer For questions with options, `"choice"` (forced choice), `"set"` (all reasonable
#'   options) or `"both"`; one for all questions or one each, by name.
#' @param descriptions (character) What options mean, named by options; or a list of such, named by
#'   questions.
#' @param guidelines (string) Instructions for the first screen, in Markdown-light.
#' @param title (string) The title of the page. `NULL`: the first question.
#' @param layout Several columns of an item below each other (`"stacked"`) or side by side where
#'   there is room (`"columns"`).
#' @param markdown (flag) Show text as Markdown-light (headings, lists, quotes, code, bold, italics)
#'   instead of as it is.
#' @param gold Ids of items whose labels are known, mixed in to check attention. They carry the kind
#'   `"gold"` in the download and are no part of the sample.
#' @param repeats (count) How many items come a second time (kind `"repeat"`), at most half.
#' @param shuffle (flag) Show the items in random order.
#' @param plan (`judicious_plan`) What [plan_annotation()] returned, for the line that tells which
#'   interval to expect. `NULL`: as without a judge, for simple and stratified samples only.
#' @returns The path of the file, invisibly.
#' @section The download:
#' JSON with the fields `format` (`"judicious-labels"`), `version`, `plan` (the plan's fingerprint),
#' `page`, `task`, `rater` and `labels`, or CSV; one entry per item and question with `item_id`,
#' `question`, `label`, `set`, `score`, `status` (`"labelled"`, `"skipped"`, `"cannot_tell"`),
#' `note`, `seconds` (while the item was in sight), `order`, `at` and `kind` (`"item"`, `"gold"`,
#' `"repeat"`). In CSV, text that a spreadsheet would compute begins with an apostrophe.
#' @section When to stop:
#' The page tells which interval to expect once all planned items are labelled, for the rate and the
#' share of usable answers so far. It is no reason to stop: an interval keeps its guarantee if the
#' number of labels was planned before the first one, and the page says so.
#' @section Errors and warnings:
#' `judicious_error_column`, `judicious_error_choice`, `judicious_error_duplicate`,
#' `judicious_error_missing_id`, `judicious_error_length`, `judicious_error_range`,
#' `judicious_error_type` for arguments that do not fit the items; `judicious_error_blind` if a
#' blind page would show labels, `judicious_error_image` for a picture that is elsewhere,
#' `judicious_error_file` if the file cannot be written. `judicious_warning_encoding` if text is no
#' UTF-8.
#' @examplesIf rlang::is_installed("jsonlite")
#' set.seed(1)
#' answers <- data.frame(
#'   item_id = 1:500, prompt = paste("Question", 1:500), answer = paste("Answer", 1:500)
#' )
#' drawn <- sample_uniform(nrow(answers), 50)
#' page <- write_label_page(
#'   answers, rating_task(c("yes", "no"), positive = "yes"), tempfile(fileext = ".html"),
#'   sample = drawn, question = "Is the answer correct?", show = c("prompt", "answer")
#' )
#' # browseURL(page)
#' @family labelling
#' @export
write_label_page <- function(items, task, path, sample = NULL, question, rater = NULL,
                             blind = TRUE, ..., item_id = "item_id", show = NULL, images = NULL,
                             judges = NULL, answer = "choice", descriptions = NULL,
                             guidelines = NULL, title = NULL, layout = c("stacked", "columns"),
                             markdown = FALSE, gold = NULL, repeats = 0, shuffle = TRUE,
                             plan = NULL) {
  check_dots(...)
  rlang::check_installed("jsonlite", "to write label pages.")
  check_required(items)
  check_required(task)
  check_required(path)
  check_required(question)
  call <- rlang::current_env()
  path <- check_page_path(path, call)
  items <- check_items(items, item_id, call)
  drawn <- label_plan(items$item_id, sample, call = call)
  questions <- asked_questions(question, task, answer, descriptions, call)
  view <- page_view(items, show, images, judges, check_flag(blind), check_flag(markdown),
                    questions, call)
  gold <- check_gold_ids(gold, drawn, !is.null(sample), call)
  content <- page_items(items, drawn, view, gold, call)
  n_planned <- sum(drawn$selected %in% 1L & !drawn$item_id %in% gold)
  content <- c(
    list(format = "judicious-labels", version = 1L, plan = attr(drawn, "fingerprint"),
         task = list(questions = questions)),
    content,
    list(layout = match_choice(layout), shuffle = check_flag(shuffle),
         repeats = check_repeats(repeats, n_planned, call))
  )
  content$page <- rlang::hash(to_json(content))
  content <- c(content, list(
    title = clean_text(check_string(title %||% questions[[1]]$text, "title")),
    guidelines = if (!is.null(guidelines)) clean_text(check_string(guidelines)),
    raters = check_raters(rater, call),
    live = page_live(questions[[1]], n_planned, sample, plan, call)
  ))
  write_page(content, path, with_files = has_picture_files(content), call = call)
  inform_page(content, path)
  invisible(path)
}

# --- arguments ------------------------------------------------------------------------

check_page_path <- function(path, call) {
  path <- path.expand(check_string(path, "path", call))
  if (!grepl("[.]html?$", path)) {
    abort_judicious("{.arg path} must end in {.file .html}: it is {.file {path}}.", "file",
                    arg = "path", call = call)
  }
  if (!dir.exists(dirname(path))) {
    abort_judicious("There is no folder {.file {dirname(path)}} for {.arg path}.", "file",
                    arg = "path", call = call)
  }
  path
}

check_gold_ids <- function(gold, plan, sampled, call) {
  if (is.null(gold)) return(character())
  ids <- enc2utf8(id_text(if (is.factor(gold)) as.character(gold) else gold))
  bad <- which(!ids %in% plan$item_id)
  if (length(bad) > 0L) {
    abort_judicious(c("{.arg gold} must hold ids of {.arg items}.",
                      x = "Element {bad[1]}, {.val {ids[bad[1]]}}, is none."),
                    "choice", arg = "gold", where = bad, call = call)
  }
  bad <- which(sampled & plan$selected[match(ids, plan$item_id)] %in% 1L)
  if (length(bad) > 0L) {
    abort_judicious(
      c("{.arg gold} must not be part of the sample: it would drop out of what is estimated.",
        x = "Element {bad[1]}, {.val {ids[bad[1]]}}, was drawn.",
        i = "Use items that were not drawn, or {.arg repeats}."),
      "choice", arg = "gold", where = bad, call = call
    )
  }
  unique(ids)
}

check_repeats <- function(repeats, n_planned, call) {
  check_count(repeats, lower = 0, upper = floor(n_planned / 2), call = call)
}

check_raters <- function(rater, call) {
  if (is.null(rater)) return(NULL)
  text <- is.character(rater) && length(rater) > 0L
  bad <- if (text) which(is.na(rater) | trimws(rater) == "" | duplicated(rater))
  if (!text || length(bad) > 0L) {
    abort_judicious("{.arg rater} must be names, all different, or NULL.", "choice", arg = "rater",
                    where = bad, call = call)
  }
  I(clean_text(trimws(rater)))
}

# --- the file -------------------------------------------------------------------------

# In the order they build on one another.
page_scripts <- c("dom", "random", "store", "records", "markdown", "item", "question", "timer",
                  "live", "download", "upload", "labelling", "keys", "tabs", "status", "screens",
                  "main")

page_file <- function(name) {
  text <- readLines(system.file("labels", name, package = "judicious"), encoding = "UTF-8")
  paste(text, collapse = "\n")
}

has_picture_files <- function(content) {
  images <- which(vapply(content$columns, `[[`, "", "kind") == "image")
  sources <- unlist(lapply(content$items, function(item) unclass(item$cells)[images]))
  any(!startsWith(sources, "data:"), na.rm = TRUE)
}

# Nothing may be loaded, sent or run but the page's own style and script, known by a word that the
# author of an item cannot know; pictures may lie beside the page where it has such.
page_policy <- function(nonce, with_files) {
  paste0(
    "default-src 'none'; script-src 'nonce-", nonce, "'; style-src 'nonce-", nonce,
    "'; img-src data:", if (with_files) " file: 'self'",
    "; form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; ",
    "trusted-types 'none'"
  )
}

write_page <- function(content, path, with_files, call) {
  data <- inert_json(content)
  # Random without R's generator, whose state belongs to the user.
  nonce <- rlang::hash(list(data, Sys.getpid(), as.numeric(Sys.time()), tempfile()))
  scripts <- vapply(paste0(page_scripts, ".js"), page_file, "")
  page <- fill_placeholders(page_file("page.html"), list(
    policy = page_policy(nonce, with_files), nonce = nonce, title = html_text(content$title),
    styles = page_file("page.css"), data = data,
    scripts = paste(c("(() => {", "\"use strict\";", scripts, "})();"), collapse = "\n")
  ))
  tryCatch(
    writeBin(charToRaw(enc2utf8(paste0(page, "\n"))), path),
    error = function(cnd) {
      abort_judicious("Cannot write {.file {path}}: {conditionMessage(cnd)}", "file", arg = "path",
                      call = call)
    },
    warning = function(cnd) {
      abort_judicious("Cannot write {.file {path}}: {conditionMessage(cnd)}", "file", arg = "path",
                      call = call)
    }
  )
}

# All at once: what is filled in may itself look like a placeholder.
fill_placeholders <- function(template, values) {
  found <- gregexpr("\\{\\{[a-z]+\\}\\}", template)
  names <- gsub("[{}]", "", regmatches(template, found)[[1]])
  pieces <- regmatches(template, found, invert = TRUE)[[1]]
  paste(c(rbind(pieces, c(unlist(values[names]), ""))), collapse = "")
}

inform_page <- function(content, path) {
  kinds <- vapply(content$items, `[[`, "", "kind")
  n <- sum(kinds == "item")
  more <- c(if (any(kinds == "gold")) paste(sum(kinds == "gold"), "gold"),
            if (content$repeats > 0) paste(content$repeats, "repeated"))
  extra <- if (length(more) > 0L) paste0(" (and ", paste(more, collapse = ", "), ")") else ""
  inform_judicious(c(v = "{.file {path}} asks for labels of {n} item{?s}{extra}."), "page",
                   path = path, n = n)
}
