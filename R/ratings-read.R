# Reading ratings from data frames and matrices.

#' Read ratings
#'
#' @description
#' Ratings of items by humans or judges, from three kinds of tables:
#'
#' - **long data**, one row per rating: `choice` is the option the rater picked when forced to pick
#'   one, `set` the options the rater finds reasonable. At least one of the two is given;
#' - a **count table** (`layout = "counts"`), one row per item, one column per option (named after
#'   it), holding how many raters picked the option;
#' - a matrix of forced choices with **one row per rater**, one column per item
#'   (`layout = "raters"`); an `NA` says that the rater did not see the item.
#'
#' Ratings read separately (a forced-choice prompt and a response-set prompt, humans and judges) are
#' put together by `c()`.
#'
#' @param data A data frame or a matrix.
#' @param item,rater,source Columns of long data (bare names or expressions), or vectors: ids of the
#'   items (without: row numbers), of the raters (without: anonymous) and of where ratings come
#'   from: the name of the judge, or one string for all rows.
#' @param choice (character or factor) Forced choices, names of options.
#' @param set Response sets, in any of three forms: a list-column of character vectors; strings with
#'   options separated by `"|"`, such as `"yes|no"`; or 0/1 columns named after the options, as
#'   `set = c(yes, no)` or, where the columns have other names, `set = c(yes = s1, no = s2)`.
#' @param invalid What to do with invalid or refused answers, which are `NA`: `"exclude"` them
#'   (shares are of the valid answers), count them as `"wrong"` (answers that name no option), or
#'   report `"bounds"` over all they might have been. See Invalid answers.
#' @param task What was asked, from [rating_task()]. `NULL`: the options are taken from the data
#'   (levels of a factor, columns, or sorted answers) and named in a message; none is positive.
#' @param layout `"long"`, `"counts"` or `"raters"`. `NULL`: `"long"` for a data frame; a matrix
#'   whose columns are named after the options is `"counts"`, any other `"raters"`.
#' @returns A [`judicious_ratings`][judicious_ratings] object.
#' @section Invalid answers:
#' An `NA` in a column you name is an invalid answer: it was asked for and cannot be used. So is an
#' empty response set, and a set some of whose 0/1 columns are `NA`. They are counted, printed and
#' treated by the policy `invalid`. What was not asked is no column: read ratings that answered one
#' question apart from those that answered both, and combine them by `c()`.
#'
#' An answer that is no option (`"Answer: yes"`) is an error, not an `NA`: nothing is guessed. Set
#' it to an option or to `NA` first.
#'
#' With \eqn{c} of \eqn{m} valid answers naming an option and \eqn{u} invalid ones, the share is
#' \eqn{c / m} ("exclude"), \eqn{c / (m + u)} ("wrong"), and between \eqn{c / (m + u)} and
#' \eqn{(c + u) / (m + u)} ("bounds").
#' @section Errors:
#' `judicious_error_choice` for an answer that is no option or a set the task does not allow,
#' `judicious_error_missing_id`, `judicious_error_length`, `judicious_error_type`; each names the
#' first offending row.
#' @references Guerdan, L., Barocas, S., Holstein, K., Wallach, H., Wu, S. and Chouldechova, A.
#'   (2025). Validating LLM-as-a-judge systems under rating indeterminacy. *NeurIPS*.
#'   arXiv:2503.05965.
#' @examples
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' log <- data.frame(
#'   id = c(1, 1, 2, 2, 3, 3), who = c("ann", "bob"),
#'   fc = c("yes", "no", "no", "no", "yes", NA), rs = c("yes|no", "no", "no", "no", "yes", "yes")
#' )
#' as_ratings(log, item = id, rater = who, choice = fc, set = rs, source = "human", task = task)
#'
#' counts <- matrix(c(3, 0, 1, 4), 2, dimnames = list(NULL, c("yes", "no")))
#' as_ratings(counts, task = task)
#' @family ratings
#' @export
as_ratings <- function(data, item = NULL, rater = NULL, choice = NULL, set = NULL, source = NULL,
                       invalid = c("exclude", "wrong", "bounds"), task = NULL, layout = NULL) {
  invalid <- match_choice(invalid)
  call <- rlang::current_env()
  if (!is.null(task)) check_task(task)
  columns <- list(item = rlang::enquo(item), rater = rlang::enquo(rater),
                  source = rlang::enquo(source), choice = rlang::enquo(choice),
                  set = rlang::enquo(set))
  if (is_judgments(data) && all(vapply(columns, rlang::quo_is_null, FALSE))) {
    return(ratings_of_judgments(data, task, invalid, call))
  }
  check_not_lazy(data, "data", call)
  if (!is.data.frame(data) && !is.matrix(data)) {
    abort_judicious("{.arg data} must be a data frame or a matrix, not
                    {.obj_type_friendly {data}}.", "type", arg = "data")
  }
  layout <- rating_layout(layout, data, task, call)
  parts <- switch(layout,
    long = read_long(as.data.frame(data), columns, task, call),
    counts = read_counts(data, columns, task, call),
    raters = read_raters(data, columns, task, call)
  )
  rlang::inject(new_judicious_ratings(!!!parts, policy = invalid))
}

rating_layout <- function(layout, data, task, call) {
  if (!is.null(layout)) {
    return(check_choice(layout, c("long", "counts", "raters"), arg = "layout", call = call))
  }
  if (is.data.frame(data)) return("long")
  named <- length(colnames(data)) > 0L && all(colnames(data) %in% task$options)
  if (is.numeric(data) && named) "counts" else "raters"
}

# --- long data -----------------------------------------------------------------

read_long <- function(data, columns, task, call) {
  n <- nrow(data)
  values <- lapply(columns[c("item", "rater", "source", "choice")], eval_column, data, call)
  sets <- eval_set(columns$set, data, n, call)
  if (is.null(values$choice) && is.null(sets)) {
    abort_judicious(c("Ratings need {.arg choice}, {.arg set}, or both.",
                      i = "Name the column that holds the answers."), "input", call = call)
  }
  task <- task %||% inferred_task(values$choice, sets, call)
  choice <- read_choices(values$choice, n, task, call)
  set <- read_sets(sets, n, task, call)
  c(
    list(task = task, choice = choice, set = set,
         invalid = invalid_bits(choice, values$choice, 1L) + invalid_bits(set, sets, 2L)),
    id_codes(values$item %||% seq_len(n), n, "item", call),
    if (!is.null(values$rater)) id_codes(values$rater, n, "rater", call),
    source_codes(values$source, n, call)
  )
}

eval_column <- function(column, data, call) {
  eval_quosure(column, data, rlang::as_label(column), call)
}

# An answer that is missing though it was asked for.
invalid_bits <- function(codes, asked, bit) bit * (is.na(codes) & !is.null(asked))

# c(yes, no) means columns side by side, not end to end.
eval_set <- function(set, data, n, call) {
  if (!rlang::quo_is_call(set, "c")) return(eval_column(set, data, call))
  env <- rlang::quo_get_env(set)
  parts <- rlang::call_args(rlang::quo_get_expr(set))
  # Texts are answers, even where a column is called like them.
  if (any(vapply(parts, is.character, FALSE))) return(eval_column(set, data, call))
  values <- lapply(parts, function(part) eval_column(rlang::new_quosure(part, env), data, call))
  is_column <- lengths(values) == n & vapply(values, function(x) {
    is.numeric(x) || is.logical(x)
  }, logical(1))
  if (length(values) < 2L || !all(is_column)) return(eval_column(set, data, call))
  named <- rlang::names2(parts)
  names(values) <- ifelse(named == "", vapply(parts, rlang::as_label, ""), named)
  vctrs::new_data_frame(values, n = n)
}

id_codes <- function(x, n, arg, call) {
  groups <- as_groups(x, n, dense = TRUE, arg = arg, call = call)
  keys <- if (is.integer(x) && !is.object(x)) as.integer(groups$keys) else groups$keys
  stats::setNames(list(as.integer(groups$codes) - as.integer(groups$first) + 1L, keys),
                  c(arg, paste0(arg, "s")))
}

source_codes <- function(x, n, call) {
  x <- x %||% "unnamed"
  if (length(x) == 1L && vctrs::vec_is(x)) x <- rep(x, n)
  codes <- id_codes(x, n, "source", call)
  codes$sources <- as.character(codes$sources)
  codes
}

# --- other layouts -------------------------------------------------------------

read_counts <- function(data, columns, task, call) {
  frame <- as.data.frame(data)
  if (is.null(task)) {
    options <- count_columns(frame, columns)
    check_count_columns(as.matrix(frame[options]), "data", call)
    task <- announced_task(options, call)
  }
  missing <- setdiff(task$options, names(frame))
  if (length(missing) > 0L) {
    abort_judicious(
      c("A count table needs one column per option.", x = "There is none for {.val {missing[1]}}."),
      "choice", arg = "data", call = call
    )
  }
  counts <- lapply(task$options, function(option) {
    check_counts(frame[[option]], option, call)
  })
  n <- nrow(frame)
  item <- eval_column(columns$item, frame, call) %||% row_ids(data)
  items <- id_codes(item, n, "item", call)
  sources <- source_codes(eval_column(columns$source, frame, call), n, call)
  n_options <- length(counts)
  counts <- unlist(counts)
  used <- which(counts > 0)
  row <- rep(seq_len(n), n_options)[used]
  list(task = task, item = items$item[row], items = items$items, source = sources$source[row],
       sources = sources$sources, choice = rep(seq_len(n_options), each = n)[used],
       set = rep(NA_integer_, length(used)), invalid = integer(length(used)), n = counts[used])
}

# Without a task: all columns but those with ids.
count_columns <- function(frame, columns) {
  ids <- unlist(lapply(columns[c("item", "source")], function(x) all.vars(rlang::quo_get_expr(x))))
  setdiff(names(frame), ids)
}

check_counts <- function(x, option, call) {
  arg <- paste0("column ", option)
  x <- check_numeric_vector(x, arg = arg, call = call)
  check_between(x, 0, arg = arg, call = call)
  bad <- which(x != floor(x))
  if (length(bad) > 0L) {
    abort_judicious(c("{.arg {arg}} must hold counts, whole numbers.",
                      x = "Element {bad[1]} is {.val {x[bad[1]]}}."),
                    "type", arg = arg, where = bad, call = call)
  }
  x
}

row_ids <- function(data) {
  if (is.matrix(data) && !is.null(rownames(data))) rownames(data) else seq_len(nrow(data))
}

# One row per rater: neither counts, nor a column of names or ids.
check_answer_columns <- function(data, task, call) {
  columns <- unname(as.list(as.data.frame(data)))
  names <- colnames(data) %||% rep("", length(columns))
  if (length(columns) > 1L) {
    if (is.null(task)) check_not_counts(columns, names, "data", call)
    check_not_long(columns, names, "data", call)
    name_words <- paste0(rater_words, "|^(?:who|name|user|person)$")
    is_name <- is.data.frame(data) & named_like(names, name_words)
    if (any(is_name)) columns[is_name] <- lapply(columns[is_name], as.character)
    check_no_ids(columns, ifelse(is_name, "rater_id", names), "data", call)
  }
  if (nrow(data) > 2L * ncol(data) && ncol(data) > 1L) {
    inform_judicious(
      c("{.arg data} has {nrow(data)} rater{?s} (rows) and {ncol(data)} items (columns).",
        i = "If it is the other way round, transpose it with {.fn t}."),
      "orientation"
    )
  }
}

read_raters <- function(data, columns, task, call) {
  check_answer_columns(data, task, call)
  answers <- as.matrix(data)
  task <- task %||% announced_task(sort_answers(answers), call)
  seen <- which(!is.na(answers))
  item <- colnames(answers) %||% seq_len(ncol(answers))
  rater <- rownames(answers) %||% seq_len(nrow(answers))
  if (is.data.frame(data)) rater <- seq_len(nrow(answers))
  n <- length(seen)
  c(
    list(task = task, choice = read_choices(answers[seen], n, task, call),
         set = rep(NA_integer_, n), invalid = integer(n)),
    list(item = col(answers)[seen], items = item, rater = row(answers)[seen], raters = rater),
    source_codes(eval_column(columns$source, NULL, call), n, call)
  )
}
