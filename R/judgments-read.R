# Reading judgements: the generic, data frames, and what all methods share.

#' Read judgements
#'
#' @description
#' Brings what judges said into one table, from a data frame, a run of [elicit_ratings()], a task of
#' the package vitals (or the result of `vitals::vitals_bind()`), chats of the package ellmer, or
#' JSON logs of Inspect and promptfoo. [as_ratings()], [label_confidence()] and [estimate_mean()]
#' take the table directly; [widen_judgments()] gives one column per judge.
#'
#' @details
#' An answer that cannot be read is a row whose `label` and `score` are `NA`, whatever the source:
#' it is counted and printed, never dropped, and never taken for a wrong answer.
#'
#' **Data frames.** Columns are chosen by tidy selection. Several columns for `label` (or `score`)
#' are several judges, named after their columns. Labels that are numbers or logicals are scores
#' too. With a `task`, answers in words ("Answer: B. no") are read as [elicit_ratings()] does, and
#' the score is 1 for its positive options and 0 for the others. Columns that are not chosen are
#' kept after the others; a column of one of the eight names that is not chosen otherwise is chosen.
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
#' **Inspect.** JSON logs (convert `.eval` files by `inspect log convert --to json`). One row per
#' sample, epoch and scorer; a scorer that returns several values is several judges. C, P and I
#' score as in vitals; N (the system gave no answer) scores 0, as in Inspect. A grade that the
#' scorer could not find, and a sample that failed, are `NA`, although Inspect counts the former as
#' incorrect.
#'
#' **promptfoo.** JSON results (`promptfoo eval --output results.json`). One row per result and
#' model-graded assertion, which is the judge (named by its metric or else its type); the system is
#' the provider. Results with the same variables are draws of one item. Where the grader's answer
#' could not be read, which promptfoo counts as a failed test, the row is `NA`.
#'
#' @param x What to read: a data frame; an object of one of the other packages; the path of a JSON
#'   log or of a run's folder, or several paths; or a log parsed by
#'   `jsonlite::fromJSON(simplifyVector = FALSE)`.
#' @param ... Further arguments of methods.
#' @param item,draw,system,human <[`tidy-select`][tidyselect::language]> One column each; `item` is
#'   the id of what was judged, `draw` the number of the repeated answer, `system` whose output was
#'   judged, `human` the human label. Without `item`: a column `item_id`, or row numbers.
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
#' `judicious_error_column` (no such column, or several where one is meant),
#' `judicious_error_duplicate` (two answers with the same item, judge, system and draw),
#' `judicious_error_missing_id`, `judicious_error_file` (no such file, or no JSON),
#' `judicious_error_format` (JSON of another kind, naming the field that is missing),
#' `judicious_error_human` (human labels of other items only), `judicious_error_finite` (an infinite
#' score), `judicious_error_range` (a draw that is no whole number, a confidence outside of 0 to 1),
#' `judicious_error_type`.
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
#' @family judgements
#' @export
as_judgments <- function(x, ...) UseMethod("as_judgments")

#' @export
as_judgments.default <- function(x, ...) {
  if (is_chat(x)) return(judgments_of_chats(list(x), ..., call = rlang::current_env()))
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
  if (all(vapply(given, rlang::quo_is_null, FALSE)) && is_vitals_bind(x)) {
    return(judgments_of_samples(unnest_samples(x, call), call))
  }
  chosen <- choose_columns(given, x, call)
  columns <- lengthen(chosen, x, call)
  columns <- score_labels(columns, task, call)
  check_distinct(new_judgments(columns, task), call)
}

# --- columns ----------------------------------------------------------------------

# For each of the eight, the positions of its columns; a judge may also be a name.
choose_columns <- function(given, data, call) {
  chosen <- Map(function(quo, name) choose_column(quo, name, data, call), given, names(given))
  several <- c("label", "score", "confidence")
  for (name in setdiff(names(chosen), several)) {
    if (is.integer(chosen[[name]]) && length(chosen[[name]]) > 1L) {
      abort_judicious(
        "{.arg {name}} must be one column, not {length(chosen[[name]])}:
         {.field {names(data)[chosen[[name]]]}}.", "column", arg = name, call = call
      )
    }
  }
  if (length(chosen$label) == 0L && length(chosen$score) == 0L) {
    abort_judicious(
      c("Judgements need {.arg label} or {.arg score}.",
        x = if (length(data) == 0L) "{.arg x} has no columns." else
          "The columns are {.field {names(data)}}.",
        i = "Choose one, as in {.code label = answer}."), "column", arg = "label", call = call
    )
  }
  chosen
}

choose_column <- function(quo, name, data, call) {
  if (rlang::quo_is_null(quo)) return(match(name, names(data), nomatch = 0L) |> positive_only())
  expr <- rlang::quo_get_expr(quo)
  if (name == "judge" && rlang::is_string(expr) && !expr %in% names(data)) return(expr)
  refuse <- function(reason) {
    abort_judicious(
      c("{.arg {sub('item_id', 'item', name)}} must choose columns of {.arg x}.", x = "{reason}",
        i = "The columns are {.field {names(data)}}.",
        i = if (name == "judge") "The name of the only judge is given as a string."),
      "column", arg = name, call = call, parent = NA
    )
  }
  chosen <- rlang::try_fetch(
    unname(tidyselect::eval_select(quo, data)),
    error = function(cnd) refuse(conditionMessage(cnd))
  )
  if (length(chosen) == 0L) refuse("No column is chosen.")
  chosen
}

positive_only <- function(x) x[x > 0L]

# One row per answer: columns side by side are judges one below the other.
lengthen <- function(chosen, data, call) {
  n <- nrow(data)
  wide <- chosen[c("label", "score", "confidence")]
  k <- max(lengths(wide))
  bad <- names(wide)[!lengths(wide) %in% c(0L, k)]
  if (length(bad) > 0L) {
    abort_judicious("{.arg {bad[1]}} must have one column per judge ({k}), not
                    {length(wide[[bad[1]]])}.", "column", arg = bad[1], call = call)
  }
  if (k > 1L && is.integer(chosen$judge) && length(chosen$judge) > 0L) {
    abort_judicious("With a column {.arg judge} there must be one column of labels, not {k}.",
                    "column", arg = "judge", call = call)
  }
  row <- rep(seq_len(n), k)
  used <- unlist(chosen[vapply(chosen, is.integer, FALSE)])
  check_plain(data, used, call)
  columns <- list(item_id = pick_column(data, chosen$item_id) %||% seq_len(n))
  for (name in c("draw", "system", "human")) columns[[name]] <- pick_column(data, chosen[[name]])
  columns <- c(columns, as.list(data)[setdiff(seq_along(data), used)])
  columns <- lapply(columns, vctrs::vec_slice, i = row)
  for (name in names(wide)) columns[[name]] <- stack_columns(data, wide[[name]], name, call)
  columns$judge <- judge_names(chosen, wide, data, n, call)
  check_item_ids(columns$item_id, call)
  if (is.factor(columns$item_id)) columns$item_id <- as.character(columns$item_id)
  if (!is.null(columns$system)) columns$system <- as.character(columns$system)
  columns$draw <- check_draw_numbers(columns$draw, call)
  check_reserved(columns, call)
  if (is.factor(columns$human)) columns$human <- as.character(columns$human)
  columns
}

# Chosen columns hold one value per row.
check_plain <- function(data, used, call) {
  for (at in used) {
    column <- data[[at]]
    if (is.list(column) || length(dim(column)) > 1L) {
      abort_judicious(
        c("Column {.field {names(data)[at]}} must hold one value per row.",
          x = "It is {.obj_type_friendly {column}}."), "type", arg = names(data)[at], call = call
      )
    }
  }
}

pick_column <- function(data, at) if (length(at) > 0L) data[[at]]

stack_columns <- function(data, at, name, call) {
  if (length(at) == 0L) return(NULL)
  parts <- lapply(at, function(k) if (is.factor(data[[k]])) as.character(data[[k]]) else data[[k]])
  rlang::try_fetch(vctrs::vec_c(!!!parts), vctrs_error_incompatible_type = function(cnd) {
    vctrs::vec_c(!!!lapply(parts, as.character))
  })
}

judge_names <- function(chosen, wide, data, n, call) {
  if (is.character(chosen$judge)) return(rep(chosen$judge, n))
  if (length(chosen$judge) > 0L) {
    judge <- as.character(data[[chosen$judge]])
    if (anyNA(judge)) abort_missing_id(which(is.na(judge)), "judge", call)
    return(judge)
  }
  at <- if (length(wide$label) > 0L) wide$label else wide$score
  name <- names(data)[at]
  if (length(at) == 1L && name %in% c("label", "score")) name <- "judge"
  rep(name, each = n)
}

check_item_ids <- function(item_id, call) {
  if (anyNA(item_id)) abort_missing_id(which(is.na(item_id)), "item", call)
}

check_draw_numbers <- function(draw, call) {
  if (is.null(draw)) return(NULL)
  if (!is.numeric(draw)) {
    abort_judicious("{.arg draw} must be numeric, not {.obj_type_friendly {draw}}.", "type",
                    arg = "draw", call = call)
  }
  bad <- which(is.na(draw) | draw < 0 | draw != round(draw) | draw > .Machine$integer.max)
  if (length(bad) > 0L) {
    abort_judicious(
      c("{.arg draw} must hold whole numbers.", x = "Element {bad[1]} is {.val {draw[bad[1]]}}."),
      "range", arg = "draw", where = bad, call = call
    )
  }
  as.integer(draw)
}

# Columns of judgements that were written to a file and read again mean what they did.
check_reserved <- function(columns, call) {
  known <- list(status = c("ok", "unreadable", "refused", "failed"),
                asked = c("choice", "set", "both"))
  for (name in intersect(names(known), names(columns))) {
    bad <- which(!columns[[name]] %in% known[[name]])
    if (length(bad) > 0L) {
      abort_judicious(
        c("Column {.field {name}} of judgements must hold {.or {.val {known[[name]]}}}.",
          x = "Element {bad[1]} is {.val {columns[[name]][bad[1]]}}.",
          i = "If it means something else, rename it."),
        "column", arg = "x", where = bad, call = call
      )
    }
  }
}

# --- labels and scores --------------------------------------------------------------

# Labels as text, read as answers to the task; scores from the task or from what labels are.
score_labels <- function(columns, task, call) {
  label <- columns$label
  if (!is.null(task) && !is.null(label)) {
    codes <- list(option_codes(task$options))
    answers <- read_answers(as.character(label), task, "choice", rep(codes, length(label)))
    columns$status <- answers$status
    columns$answer <- as.character(label)
    columns$label <- task$options[answers$choice]
  }
  columns$score <- check_scores(columns$score, call) %||%
    implied_scores(label, columns$label, task, call)
  if (!is.null(columns$confidence)) {
    columns$confidence <- check_confidences(columns$confidence, call)
  }
  columns
}

implied_scores <- function(label, read, task, call) {
  if (length(task$positive) > 0L) {
    return(ifelse(is.na(read), NA, as.double(read %in% task$positive)))
  }
  if (is.numeric(label) || is.logical(label)) {
    finite_or_missing(as.double(label), "label", call)
  }
}

finite_or_missing <- function(x, arg, call) {
  bad <- which(is.infinite(x))
  if (length(bad) > 0L) {
    abort_judicious(c("{.arg {arg}} must have no infinite values.",
                      x = "Element {bad[1]} is {.val {x[bad[1]]}}.",
                      i = "Use {.code NA} for answers that have no number."),
                    "finite", arg = arg, where = bad, call = call)
  }
  replace(x, is.na(x), NA)
}

check_scores <- function(score, call) {
  if (is.null(score)) return(NULL)
  if (is.numeric(score) || is.logical(score)) return(finite_or_missing(score, "score", call))
  abort_judicious("{.arg score} must be numeric, not {.obj_type_friendly {score}}.", "type",
                  arg = "score", call = call)
}

check_confidences <- function(confidence, call) {
  if (!is.numeric(confidence) && !all(is.na(confidence))) {
    abort_judicious("{.arg confidence} must be numeric, not {.obj_type_friendly {confidence}}.",
                    "type", arg = "confidence", call = call)
  }
  known <- as.double(confidence)
  check_between(replace(known, is.na(known), 0), 0, 1, arg = "confidence", call = call)
  if (inherits(confidence, "judicious_confidence")) confidence else known
}

check_distinct <- function(x, call) {
  keys <- key_frame(x)
  keys$draw <- x$draw
  twice <- which(duplicated(vctrs::vec_group_id(keys)))
  if (length(twice) > 0L) {
    first <- twice[1]
    abort_judicious(
      c("Every answer of a judge to an item must be another draw.",
        x = "Judge {.val {x$judge[first]}} has draw {x$draw[first]} of item
             {.val {x$item_id[first]}} again in row {first}.",
        i = "Number repeated answers by {.arg draw}, or tell what was judged apart by
             {.arg system}."),
      "duplicate", arg = "draw", where = twice, call = call
    )
  }
  x
}

# Human labels for sources that have none: a data frame with item_id and human, or a vector by id.
join_human <- function(item_id, human, call) {
  if (is.null(human)) return(NULL)
  if (is.data.frame(human)) {
    absent <- setdiff(c("item_id", "human"), names(human))
    if (length(absent) > 0L) {
      abort_judicious("{.arg human} has no column {.field {absent[1]}}.", "column", arg = "human",
                      call = call)
    }
    known <- human[!is.na(human$human), ]
    ids <- if (is.object(known$item_id)) as.character(known$item_id) else known$item_id
    values <- known$human
  } else {
    ids <- names(human)
    values <- unname(human)
  }
  if (is.null(ids)) {
    abort_judicious("{.arg human} must be a data frame with columns {.field item_id} and
                    {.field human}, or a vector named by item.", "type", arg = "human", call = call)
  }
  check_one_label(ids, call)
  if (is.factor(values)) values <- as.character(values)
  row <- match_ids(item_id, ids)
  if (length(ids) > 0L && all(is.na(row))) {
    abort_judicious(
      c("{.arg human} must have labels of items of {.arg x}.",
        x = "It has {.val {ids[1]}}, but no item is called so; the first is {.val {item_id[1]}}."),
      "human", arg = "human", call = call
    )
  }
  vctrs::vec_slice(values, row)
}

# Numbers that are written in another way ("1e+05", "100000") are the same ids.
match_ids <- function(item_id, ids) {
  if (is.numeric(item_id) && !is.object(item_id)) {
    number <- suppressWarnings(as.double(ids))
    if (!anyNA(number)) return(match(item_id, number))
  }
  match(id_text(item_id), id_text(ids))
}

check_one_label <- function(ids, call) {
  twice <- which(duplicated(ids))
  if (length(twice) > 0L) {
    abort_judicious("{.arg human} must have one label per item; {.val {ids[twice[1]]}} has
                    several.", "duplicate", arg = "human", where = twice, call = call)
  }
}
