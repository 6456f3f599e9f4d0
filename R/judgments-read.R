# Reading judgements: the generic, and what data frames are.

#' Read judgements
#'
#' @description
#' Brings what judges said into one table: from a data frame or any table on disk (CSV, TSV, JSONL,
#' JSON, Parquet), from the logs of other tools (Inspect, promptfoo, DeepEval, lm-eval and more, see
#' [judgment_formats()]), from a run of [elicit_ratings()], a task of the package vitals (or the
#' result of `vitals::vitals_bind()`), or chats of the package ellmer. [as_ratings()],
#' [label_confidence()] and [estimate_mean()] take the table directly; [widen_judgments()] gives one
#' column per judge.
#'
#' @details
#' **Not asked, no answer, no grade.** A judge that was not asked about an item has no row for it. A
#' judge that was asked and gave no answer (the call failed, the sample has no score) has a row of
#' status `"failed"`. An answer that cannot be read, also because the grader's own answer could not
#' be, is `"unreadable"`. Neither has a label or score; they are counted and printed, never dropped,
#' and never taken for a wrong answer.
#'
#' **Tables.** Columns are chosen by tidy selection; nothing is taken from a column because of its
#' name. The one exception is `item_id`, which is told. Several columns for `label` (or `score`)
#' are several judges, named after their columns. Labels that are numbers or logicals are scores
#' too. With a `task`, answers in words ("Answer: B. no") are read as [elicit_ratings()] does, and
#' the score is 1 for its positive options and 0 for the others. Columns that are not chosen are
#' kept after the others, as `x_score` where their name is that of a column of judgements. A column
#' has one role.
#'
#' **Files.** Where `label` or `score` is named, a file is read as a table with these columns,
#' whatever its format (objects within JSON objects are columns such as `judge.verdict`); otherwise
#' it must be a log of a known format. In CSV files the decimal mark and delimiter are found out,
#' and ids such as `"007"` keep their zeros. Of folders, all files are read, those in their folders
#' too.
#' With several tables and no `system`, the system is the name of the path (`c(old = "a.csv",
#' new = "b.csv")`), or of the file. Names of paths are the system for logs, too.
#'
#' **Runs.** What was judged is the `system`: the model or provider, and whatever else of the run
#' differs within it: the task and solver and their arguments (Inspect), the prompt (promptfoo), the
#' filter and task (lm-eval), the turn (MT-bench).
#'
#' **Labels of people.** `human` is a column, or a data frame with `item_id` and `human`, or a
#' vector named by item. Where the judges' options are known (from `task`, or pass and fail in
#' promptfoo and DeepEval), labels of people must be among them, whatever their case; numbers must
#' lie in 0 to 1.
#' Labels of items that are not there are counted in a warning.
#'
#' **vitals.** Scores are 0 (I), 0.5 (P) and 1 (C); an epoch is a draw, so that repeated answers to
#' an item are not taken as independent. The judge is the model of the scorer's chat, or the name of
#' the scorer; the system is the model of the solver's chat, or the name given to `vitals_bind()`.
#'
#' **ellmer.** A list of chats, one per item, as `ellmer::parallel_chat()` returns it, or a named
#' list of such lists, one per judge. The last turn is read as an answer to `task`; errors and
#' `NULL` are failed answers. Where the provider returned log-probabilities, `confidence` is that of
#' `label_confidence(method = "label_prob")`.
#'
#' **Inspect.** JSON logs and `.eval` archives. One row per sample, epoch and scorer; a scorer that
#' returns several values is several judges. C, P and I score as in vitals; N (the system gave no
#' answer) scores 0, as in Inspect; yes, no, true, false and numbers as Inspect reads them. Any
#' other value is no grade and `NA`, although Inspect counts it as incorrect; name the categories of
#' a scorer by `task`.
#'
#' **promptfoo.** Results as JSON, lines of JSON, or the array of `evaluate()`. One row per result
#' and assertion that a model or service graded (all, if none is), which is the judge (named by its
#' metric or else its type); assertions within sets count for themselves. Results with the same
#' variables are draws of one item. Thumbs up and down are labels of people. A result without
#' assertions was not judged, though promptfoo says "pass"; where the grader failed, which promptfoo
#' counts as a failed test, the row is `NA`.
#'
#' @param x What to read: a data frame; an object of one of the other packages; the path of a log, a
#'   table, a folder, or of a run, or several paths; or a log parsed by [jsonlite::fromJSON()].
#' @param ... Further arguments of methods.
#' @param item,draw,system <[`tidy-select`][tidyselect::language]> One column each; `item` is
#'   the id of what was judged, `draw` the number of the repeated answer, `system` whose output was
#'   judged. Without `item`: a column `item_id`, or row numbers.
#' @param human Labels of people: <[`tidy-select`][tidyselect::language]> a column; or a data frame
#'   with columns `item_id` and `human`, or a vector named by item.
#' @param judge <[`tidy-select`][tidyselect::language]> The column that names the judge; or a string
#'   that is no column, the name of the only judge.
#' @param label,score,confidence <[`tidy-select`][tidyselect::language]> One column, or one per
#'   judge.
#' @param task The rating task, from [rating_task()]. Required for chats.
#' @returns A data frame of class [`judicious_judgments`][judicious_judgments], one row per answer,
#'   with the columns
#'   - `item_id`, of the type of the source;
#'   - `judge` (character);
#'   - `label` (character): the answer, `NA` if it has none;
#'   - `score` (double): the answer as a number, `NA` if it has none;
#'   - `confidence`: between 0 and 1, or `NA`;
#'   - `draw` (integer): 1, 2, ... among the answers of a judge to an item;
#'   - `system` (character) and `human`, `NA` if unknown;
#'   - and after these `status` (`"ok"`, `"unreadable"`, `"refused"`, `"failed"`) and, from some
#'     sources, `set` (response set, `"yes|no"`), `asked` (`"choice"`, `"set"` or `"both"`) and
#'     `answer` (the text).
#' @section Errors:
#' `judicious_error_column` (no such column, several where one is meant, or one in two roles),
#' `judicious_error_duplicate` (two answers with the same item, judge, system and draw),
#' `judicious_error_missing_id`, `judicious_error_file` (no such file, or not readable),
#' `judicious_error_format` (no format that is known, naming the fields, or one whose fields are not
#' as they should be), `judicious_error_human` (human labels of other items only, or none of the
#' options), `judicious_error_input` (an argument that a log does not take),
#' `judicious_error_finite` (an infinite score), `judicious_error_range` (a draw that is no whole
#' number, a confidence outside of 0 to 1), `judicious_error_lazy` (rows that are in a database),
#' `judicious_error_type`.
#'
#' Warnings: `judicious_warning_human` (labels of items that are not there),
#' `judicious_warning_columns` (several answers to an item that a column tells apart which was not
#' named). Messages: `judicious_message_columns`, `judicious_message_item`,
#' `judicious_message_not_asked`, `judicious_message_files`, `judicious_message_human`.
#' @examples
#' log <- data.frame(
#'   id = c(1, 1, 2, 2), truth = c("yes", "yes", NA, NA),
#'   gemini = c("yes", "no", "yes", "I cannot say"), claude = c("Answer: no", "no", "no", "no")
#' )
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' answers <- as_judgments(log, item = id, label = c(gemini, claude), human = truth, task = task)
#' answers
#' as.data.frame(answers)
#' widen_judgments(answers)
#'
#' path <- tempfile(fileext = ".csv")
#' writeLines(c("case,verdict", "007,pass", "008,fail"), path)
#' as_judgments(path, item = case, label = verdict, judge = "gpt")
#'
#' @family judgements
#' @export
as_judgments <- function(x, ...) {
  # Without x, R would dispatch on the next argument.
  check_required(x)
  UseMethod("as_judgments")
}

#' @export
as_judgments.default <- function(x, ...) {
  if (is_chat(x)) return(judgments_of_chats(list(x), ..., call = rlang::current_env()))
  if (inherits(x, lazy_classes)) abort_lazy_table(x, rlang::current_env())
  abort_judicious(
    c("{.arg x} cannot be read as judgements: it is {.obj_type_friendly {x}}.",
      i = "Give a data frame, chats, a task of vitals, or the path of a log."),
    "type", arg = "x"
  )
}

#' @export
as_judgments.judicious_judgments <- function(x, ...) {
  check_distinct(check_judgments(x), rlang::current_env())
}

#' @rdname as_judgments
#' @export
as_judgments.data.frame <- function(x, item = NULL, judge = NULL, label = NULL, score = NULL,
                                    confidence = NULL, draw = NULL, system = NULL, human = NULL,
                                    ..., task = NULL) {
  check_dots(...)
  call <- rlang::current_env()
  if (!is.null(task)) check_task(task)
  given <- list(item_id = rlang::enquo(item), judge = rlang::enquo(judge),
                label = rlang::enquo(label), score = rlang::enquo(score),
                confidence = rlang::enquo(confidence), draw = rlang::enquo(draw),
                system = rlang::enquo(system), human = rlang::enquo(human))
  if (names_roles(given)) return(judgments_of_frame(x, given, task, call))
  if (is_vitals_bind(x)) {
    check_no_roles(given, call)
    return(judgments_of_samples(unnest_samples(x, call), call, rlang::eval_tidy(given$human)))
  }
  content <- known_table(x)
  if (is.null(content)) abort_no_label(x, call)
  check_no_roles(given, call)
  judgments_of_logs(list(read_log(content, task, call)), given$human, task, call)
}

# A data frame that is a log, as it was written or as jsonlite simplified it.
known_table <- function(x) {
  content <- log_content(x, "x")
  if (!is.null(find_format(content))) return(content)
  nested <- vapply(x, function(column) is.list(column) || is.data.frame(column), FALSE)
  if (!any(nested)) return(NULL)
  content <- log_content(unsimplify(x), "x")
  if (!is.null(find_format(content))) content
}

# --- rows that are elsewhere ------------------------------------------------------

lazy_classes <- c("tbl_lazy", "tbl_sql", "tbl_spark", "arrow_dplyr_query", "ArrowTabular",
                  "Dataset", "duckdb_relation")

#' @export
as_judgments.tbl_lazy <- function(x, ...) abort_lazy_table(x, rlang::current_env())

abort_lazy_table <- function(x, call) {
  abort_judicious(
    c("{.arg x} is a lazy table: its rows are not in R.",
      i = "Fetch the columns that are needed first, for instance by
           {.code x |> dplyr::select(id, judge) |> dplyr::collect()}.",
      i = "With one column per judge, {.code estimate_mean(human ~ judge, x)} needs none of this."),
    "lazy", arg = "x", call = call
  )
}
