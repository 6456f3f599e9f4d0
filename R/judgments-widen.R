# From one row per answer to one row per item; and what other families make of judgements.

#' One column per judge
#'
#' @description
#' Turns judgements into a data frame with one row per item (or per draw) and one column per judge,
#' as formulas want them: `estimate_mean(human ~ gemini + claude, widen_judgments(x))`.
#'
#' @details
#' Rows are items, or items x systems where several systems were judged. With `rows = "items"`
#' repeated answers are combined: scores and confidences by their mean over the answers that could
#' be read, labels by majority (`NA` if tied). With `rows = "draws"` every draw is a row of its own;
#' draws of an item are not independent, so give `clusters = item_id` to [estimate_mean()].
#'
#' [estimate_mean()] takes judgements directly and widens them by the defaults, with `missing =
#' "mean"`: the human labels correct any judge, also one whose unreadable answers were replaced by
#' its own mean, so intervals stay valid; a warning counts the replaced ones. To leave such items
#' out would not be valid, unless answers are unreadable at random. Which values are such means is
#' in the attribute `filled`, a list by judge of `TRUE` and `FALSE`; they are no answers.
#'
#' @param x Judgements, from [as_judgments()].
#' @param value What to put into the columns: `"score"`, `"label"` or `"confidence"`.
#' @param rows `"items"` or `"draws"`.
#' @param missing What becomes of items without a readable answer of a judge: `"keep"` (`NA`) or
#'   `"mean"` (the mean score of the judge; only with `value = "score"`).
#' @returns A data frame with `item_id`, `system` (if known), `draw` (if rows are draws), `human`
#'   (as numbers with `value = "score"`), one column per judge, and those other columns of `x` that
#'   are constant within rows.
#' @section Errors:
#' `judicious_error_column` (a judge has the name of another column), `judicious_error_undefined`
#' (no scores: give [as_judgments()] a `task` with positive options), `judicious_error_human`
#' (several human labels within a row: use `rows = "draws"`).
#' @examples
#' answers <- as_judgments(data.frame(
#'   item_id = rep(1:4, each = 4), judge = rep(c("gemini", "claude"), each = 2), draw = 1:2,
#'   score = c(1, 0, 1, 1, 0, 0, 0, NA, 1, 1, 1, 1, 0, 1, NA, NA),
#'   human = rep(c(1, 0, NA, NA), each = 4)
#' ), item = item_id, judge = judge, draw = draw, score = score, human = human)
#' widen_judgments(answers)
#' widen_judgments(answers, rows = "draws")
#' @family judgements
#' @export
widen_judgments <- function(x, value = c("score", "label", "confidence"),
                            rows = c("items", "draws"), missing = c("keep", "mean")) {
  value <- match_choice(value)
  rows <- match_choice(rows)
  missing <- match_choice(missing)
  call <- rlang::current_env()
  check_judgments(x)
  if (missing == "mean" && value != "score") {
    abort_judicious("{.code missing = \"mean\"} needs {.code value = \"score\"}.", "choice",
                    arg = "missing")
  }
  widen(x, value, rows, missing, call)
}

widen <- function(x, value = "score", rows = "items", missing = "keep", call) {
  x <- vctrs::vec_slice(as_plain_judgments(x), asked_for_choice(x))
  key <- row_key(x, rows)
  wide <- vctrs::vec_unique(key)
  row <- vctrs::vec_match(key, wide)
  wide$human <- constant_human(x, row, nrow(wide), value, call)
  wide <- vctrs::vec_cbind(wide, constant_columns(x, row, nrow(wide)))
  add_judges(wide, x, row, value, missing, call)
}

as_plain_judgments <- function(x) {
  task <- attr(x, "task")
  structure(as.data.frame(x), task = task)
}

# Answers to the response-set question alone have no score.
asked_for_choice <- function(x) {
  if (is.null(x$asked)) rep(TRUE, nrow(x)) else x$asked != "set" | !is.na(x$score)
}

row_key <- function(x, rows) {
  several <- length(unique(x$system)) > 1L || !all(is.na(x$system))
  x[c("item_id", if (several) "system", if (rows == "draws") "draw")]
}

add_judges <- function(wide, x, row, value, missing, call) {
  judges <- unique(x$judge)
  taken <- intersect(judges, names(wide))
  if (length(taken) > 0L) {
    abort_judicious("A judge must not be named {.val {taken[1]}}, as another column is.", "column",
                    arg = "x", call = call)
  }
  values <- x[[value]]
  if (all(is.na(values))) {
    abort_judicious(
      c("The judgements have no {value}s.",
        i = if (value == "score") {
          "Give {.fn as_judgments} a {.arg task} with positive options, or scores."
        }), "undefined", arg = "value", call = call
    )
  }
  for (judge in judges) {
    own <- which(x$judge == judge)
    wide[[judge]] <- combine_draws(values[own], row[own], nrow(wide))
  }
  if (missing != "mean") return(wide)
  fill_judges(wide, judges, asked_rows(x, row, judges, nrow(wide)), call)
}

# Which rows every judge was asked about.
asked_rows <- function(x, row, judges, n) {
  lapply(stats::setNames(nm = judges), function(judge) seq_len(n) %in% row[x$judge == judge])
}

# Means of numbers, majorities of labels; NA where nothing could be read.
combine_draws <- function(values, row, n) {
  known <- which(!is.na(values))
  if (is.character(values)) {
    options <- unique(values[known])
    if (length(known) == 0L) return(rep(NA_character_, n))
    best <- winners(row[known], match(values[known], options), rep(1, length(known)), n)
    return(options[best$value])
  }
  sums <- numeric(n)
  groups <- vctrs::vec_group_loc(row[known])
  numbers <- as.double(values)[known]
  sums[groups$key] <- vapply(groups$loc, function(loc) mean(numbers[loc]), 0)
  replace(sums, !seq_len(n) %in% groups$key, NA)
}

# The attribute "filled" tells, by judge, which rows have its mean: they are no answers.
fill_judges <- function(wide, judges, asked, call) {
  filled <- lapply(stats::setNames(nm = judges), function(judge) is.na(wide[[judge]]))
  # A judge without any readable answer has no mean: it stays NA.
  filled <- Filter(function(lost) any(lost) && !all(lost), filled)
  for (judge in names(filled)) {
    own <- wide[[judge]]
    wide[[judge]][filled[[judge]]] <- mean(own, na.rm = TRUE)
  }
  if (length(filled) > 0L) {
    lost <- vapply(filled, sum, 0L)
    not_asked <- vapply(names(filled), function(judge) sum(filled[[judge]] & !asked[[judge]]), 0L)
    why <- ifelse(not_asked == 0L, "", ifelse(not_asked == lost, " (not asked)",
                                              paste0(" (", not_asked, " not asked)")))
    counts <- literal(paste0(names(lost), ": ", lost, " of ", nrow(wide), why))
    warn_judicious(
      c("Items without a readable answer of a judge have its mean score.",
        stats::setNames(counts, rep("x", length(counts))),
        i = "Human labels correct for that; see {.fn widen_judgments}."),
      "unreadable", n = lost, not_asked = not_asked, call = call
    )
  }
  if (length(filled) > 0L) attr(wide, "filled") <- filled
  wide
}

# --- human labels and other columns -------------------------------------------------

constant_human <- function(x, row, n, value, call) {
  known <- which(!is.na(x$human))
  first <- known[match(seq_len(n), row[known])]
  bad <- known[x$human[known] != x$human[first[row[known]]]]
  if (length(bad) > 0L) {
    abort_judicious(
      c("Every row needs a single human label.",
        x = "Item {.val {x$item_id[bad[1]]}} has {.val {x$human[first[row[bad[1]]]]}} and
             {.val {x$human[bad[1]]}}.",
        i = "Use {.code rows = \"draws\"} if people labelled every draw."),
      "human", arg = "x", where = bad, call = call
    )
  }
  human <- x$human[first]
  if (value == "score") human_scores(human, attr(x, "task")) else human
}

constant_columns <- function(x, row, n) {
  more <- x[setdiff(names(x), c(judgment_columns, "status", "set", "asked", "answer"))]
  first <- match(seq_len(n), row)
  constant <- vapply(more, function(column) {
    all(vctrs::vec_equal(column, vctrs::vec_slice(column, first[row]), na_equal = TRUE))
  }, FALSE)
  vctrs::vec_slice(more[constant], first)
}

# --- for other families -------------------------------------------------------------

# What estimate_mean() computes on.
design_frame <- function(x, call = rlang::caller_env()) widen(x, missing = "mean", call = call)

# Ratings of judges: every judge is a source, every draw a rater. Calls that failed are no ratings;
# answers to one question are kept apart from those to both: what was not asked is not invalid.
ratings_of_judgments <- function(x, task = NULL, invalid = "exclude",
                                 call = rlang::caller_env()) {
  check_judgments(x, call = call)
  task <- task %||% attr(x, "task")
  plain <- as.data.frame(x)
  plain <- plain[plain$status != "failed", ]
  if (nrow(plain) == 0L) {
    abort_judicious("There is no answer to read as a rating.", "undefined", arg = "data",
                    call = call)
  }
  asked <- plain$asked %||% rep("choice", nrow(plain))
  task <- task %||% announced_task(sort_answers(plain$label), call)
  parts <- lapply(split(seq_len(nrow(plain)), asked), function(rows) {
    judged_ratings(plain[rows, ], asked[rows[1]], task, invalid)
  })
  do.call(c, unname(parts))
}

judged_ratings <- function(x, asked, task, invalid) {
  source <- ifelse(is.na(x$system), x$judge, paste0(x$judge, " on ", x$system))
  data <- list(item = x$item_id, rater = x$draw, source = source, choice = x$label, set = x$set)
  switch(asked,
    choice = as_ratings(x, item = data$item, rater = data$rater, source = data$source,
                        choice = data$choice, task = task, invalid = invalid),
    set = as_ratings(x, item = data$item, rater = data$rater, source = data$source,
                     set = data$set, task = task, invalid = invalid),
    both = as_ratings(x, item = data$item, rater = data$rater, source = data$source,
                      choice = data$choice, set = data$set, task = task, invalid = invalid)
  )
}

# Confidences from repeated answers or texts, for every judge and system apart.
confidence_of_judgments <- function(x, method, ..., call = rlang::caller_env()) {
  check_judgments(x, call = call)
  if (!method %in% c("vote", "entropy", "semantic", "verbal")) {
    abort_judicious(
      c("Method {.val {method}} needs tokens, which judgements do not keep.",
        i = "The column {.field confidence} holds it where there were log-probabilities."),
      "type", arg = "method", call = call
    )
  }
  groups <- judge_groups(x)
  plain <- as.data.frame(x)
  tables <- Map(function(loc, judge, system) {
    out <- measure_confidence(judged_answers(plain[loc, ], method), method, list(...), call)
    vctrs::vec_cbind(vctrs::data_frame(judge = judge, system = system), out)
  }, groups$loc, groups$key$judge, groups$key$system)
  out <- vctrs::vec_rbind(!!!tables)
  if (all(is.na(out$system))) out$system <- NULL
  out
}

judged_answers <- function(x, method) {
  if (method %in% c("vote", "entropy")) return(x[c("item_id", "label")])
  vctrs::data_frame(item_id = x$item_id, answer = x$answer %||% x$label)
}
