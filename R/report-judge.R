# The page: an evaluation rendered by the template that users can also start from.

#' Report on judges
#'
#' @description
#' Makes an HTML page for a decision maker in one call: the question and its answer in one sentence,
#' the corrected rate and what it would have been naively, the judges against people, subgroups, how
#' many labels would buy how much precision, the method in plain words.
#'
#' @details
#' The page is one file that fetches nothing, and it reads well on a phone: its figures are there
#' twice, and its tables scroll. Names, questions and labels are shown as the text that they are,
#' whatever is in them.
#'
#' The page is rendered from the R Markdown template "judge-evaluation" of this package. To change
#' it, start from the template (in RStudio: File, New File, R Markdown, From Template; anywhere:
#' `rmarkdown::draft("report.Rmd", "judge-evaluation", "judicious")`), and put your data in its
#' third chunk.
#'
#' @param data What [evaluate_judge()] takes, or its result.
#' @param ... Arguments of [evaluate_judge()].
#' @param output_file (string) The HTML file. A message says where it is.
#' @param title (string) The title of the page.
#' @param quiet (flag) Hide the progress of knitr and pandoc.
#' @param overwrite (flag) May a file of that name be replaced?
#' @returns The path of the file, invisibly.
#' @section Errors: as [evaluate_judge()]; `judicious_error_pandoc` if the program pandoc is
#'   missing; `judicious_error_file` if the folder of `output_file` is, or if the file exists.
#' @section Randomness: as [evaluate_judge()].
#' @examplesIf rmarkdown::pandoc_available("1.14")
#' set.seed(1)
#' answers <- simulate_binary(1000, true_mean = 0.1, proxy_mean = 0.05, correlation = 0.6)
#' answers$human <- reveal_labels(answers$y_true, sample_uniform(1000, 200))
#' page <- report_judge(answers, human ~ y_proxy, target = 0.15, metric = "Hallucination rate",
#'                      question = "Does the assistant hallucinate in less than 15% of answers?",
#'                      output_file = tempfile(fileext = ".html"))
#' # browseURL(page)
#' @family reports
#' @export
report_judge <- function(data, ..., output_file = "judge-evaluation.html",
                         title = "Judge evaluation", quiet = TRUE, overwrite = FALSE) {
  rlang::check_installed(c("rmarkdown", "knitr"), "to render a report.")
  title <- check_string(title)
  quiet <- check_flag(quiet)
  file <- check_output_file(output_file, check_flag(overwrite))
  if (!rmarkdown::pandoc_available("1.14")) {
    abort_judicious(
      c("A report needs the program pandoc.",
        i = "RStudio and Quarto bring it; or see {.url https://pandoc.org/installing.html}."),
      "pandoc"
    )
  }
  if (inherits(data, "judicious_evaluation")) {
    check_dots(...)
    evaluation <- data
  } else {
    evaluation <- in_call_of(rlang::current_env(), evaluate_judge(data, ...))
  }
  render_report(evaluation, file, title, quiet)
  inform_judicious("The page is {.file {file}}.", "page", file = file)
  invisible(file)
}

check_output_file <- function(path, overwrite, call = rlang::caller_env()) {
  path <- path.expand(check_string(path, "output_file", call))
  if (!grepl("[.]html?$", path)) {
    abort_judicious("{.arg output_file} must end in {.file .html}: it is {.file {path}}.", "file",
                    arg = "output_file", call = call)
  }
  if (!dir.exists(dirname(path))) {
    abort_judicious("There is no folder {.file {dirname(path)}} for {.arg output_file}.", "file",
                    arg = "output_file", call = call)
  }
  if (file.exists(path) && !overwrite) {
    abort_judicious(
      c("There is a file {.file {path}} already.",
        i = "Give another {.arg output_file}, or replace it by {.code overwrite = TRUE}."),
      "file", arg = "output_file", call = call
    )
  }
  file.path(normalizePath(dirname(path)), basename(path))
}

# Rendered in a folder of its own, so that nothing is left beside the page.
render_report <- function(evaluation, file, title, quiet) {
  folder <- tempfile("report-")
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  template <- system.file("rmarkdown/templates/judge-evaluation/skeleton", package = "judicious")
  file.copy(list.files(template, full.names = TRUE), folder)
  # Within a document that is being knitted, its chunks may have the names of ours.
  rlang::local_options(knitr.duplicate.label = "allow")
  # The title stands within quotes in the metadata, which pandoc reads as Markdown.
  rmarkdown::render(
    file.path(folder, "skeleton.Rmd"), output_file = "page.html", quiet = quiet,
    params = list(evaluation = evaluation, title = escape_markdown(title)),
    envir = new.env(parent = globalenv())
  )
  if (!file.copy(file.path(folder, "page.html"), file, overwrite = TRUE)) {
    abort_judicious("Cannot write {.file {file}}.", "file", arg = "output_file",
                    call = rlang::caller_env())
  }
}
