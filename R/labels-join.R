# Labels beside the items they are of.

#' Join labels to items
#'
#' @description
#' Puts the labels of [read_labels()] beside the items: one row per item stays one row, with a new
#' column `human` that is `NA` where nobody labelled. With the `sample` the items were drawn by, the
#' inclusion probabilities, strata and clusters come along, and [estimate_mean()] uses them unless
#' its arguments say otherwise; it says so.
#'
#' @details
#' **`human`** is 1 for the positive options of the task and 0 for the others; where no option is
#' positive it is the label as text, and where a score was asked for, the score. What has no label
#' (skipped, "cannot tell", no option) is `NA`, and a message counts it: items that nobody could
#' label are no random part of the sample, and an estimate does not speak for them.
#'
#' **The plan.** Pages and sheets carry the fingerprint of their plan: item ids and, with a sample,
#' probabilities and selection. Labels whose fingerprint is not that of `data` and `sample` are
#' refused. Labels of items that the sample did not select are left out, with a warning.
#'
#' **Ids.** They match as text, numbers by their value. Where nothing matches otherwise, leading
#' zeros that a spreadsheet took away (`7` for `"007"`) are put back if one item only fits, with a
#' message. Labels of items that are not in `data` are left out, with a warning that lists them.
#'
#' **The design.** `plan_prob` (unequal probabilities), `plan_strata` and `plan_clusters` are
#' columns of the result, which has class `judicious_labelled` and an attribute `plan` that names
#' them, so they follow the rows through subsets and dplyr. An estimate from a table that has lost
#' one of these columns is an error; a table that has the columns but is no longer of the class (as
#' after [merge()]) gives a warning.
#'
#' @param data A data frame with one row per item.
#' @param labels (`judicious_labels`) What [read_labels()] returned.
#' @param item <[`tidy-select`][tidyselect::language]> The column of `data` with the ids; without:
#'   `item_id`.
#' @param several What to do where raters labelled the same item: `"error"`; `"majority"` of the
#'   labels, `NA` in a tie; `"mean"` of the 0/1 labels or scores; `"adjudicated"`: what all say, and
#'   where they differ the label of the rater `adjudicator`, or `NA` without one. To keep all
#'   ratings, use [as_ratings()] on the labels.
#' @param ... Not used.
#' @param sample (`judicious_sample`) What the sampler returned, in the order of the rows of `data`.
#' @param question (string) Which question, if there are several.
#' @param adjudicator (string) The rater who decides.
#' @returns `data` with the columns `human` and, with a sample that needs them, `plan_prob`,
#'   `plan_strata`, `plan_clusters`; a data frame of class `judicious_labelled`.
#' @section Errors and warnings:
#' `judicious_error_plan` (labels of another plan, or of a sample that is not given),
#' `judicious_error_several` (raters who labelled the same item), `judicious_error_duplicate` (an id
#' twice in `data`), `judicious_error_missing_id`, `judicious_error_column` (a column `human` that
#' is there already, or no such column), `judicious_error_task` (no such question),
#' `judicious_error_rater` (no such adjudicator), `judicious_error_unmatched` (no label is of an
#' item of `data`), `judicious_error_type`, `judicious_error_length`. Warnings:
#' `judicious_warning_unmatched`, `judicious_warning_unplanned`, `judicious_warning_unlabelled` (no
#' label for items of the sample).
#' @examples
#' set.seed(1)
#' answers <- data.frame(item_id = sprintf("a%04d", 1:1000), judge = rbinom(1000, 1, 0.3))
#' plan <- sample_active(0.1 + 0.4 * answers$judge, n = 100)
#'
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' sheet <- tempfile(fileext = ".csv")
#' write_label_sheet(answers, task, sheet, sample = plan, show = character())
#' filled <- read.csv(sheet, colClasses = "character")
#' filled$label <- sample(c("yes", "no"), nrow(filled), replace = TRUE, prob = c(0.2, 0.8))
#' write.csv(filled, sheet, row.names = FALSE)
#'
#' joined <- join_labels(answers, read_labels(c(ann = sheet)), sample = plan)
#' estimate_mean(human == "yes" ~ judge, joined)
#' @aliases judicious_labelled
#' @family labelling
#' @export
join_labels <- function(data, labels, item = NULL,
                        several = c("error", "majority", "mean", "adjudicated"), ...,
                        sample = NULL, question = NULL, adjudicator = NULL) {
  check_dots(...)
  call <- rlang::current_env()
  several <- match_choice(several)
  check_frame(data, call)
  check_labels_table(labels)
  check_adjudicator(adjudicator, several, labels, call)
  ids <- data[[item_column(rlang::enquo(item), data, call)]]
  check_new_columns(data, call)
  plan <- label_plan(ids, sample, arg = "data", call = call)
  check_plan(plan, labels, sample, call)
  asked <- question_rows(labels, question, call)
  rows <- match_label_rows(asked$rows, ids, plan, call)
  human <- combine_raters(rows, asked$question, several, adjudicator, nrow(data), call)
  told_unlabelled(human, rows, plan, !is.null(sample), call)
  data$human <- human
  carry_plan(data, plan, sample)
}

# --- arguments -----------------------------------------------------------------------------

check_frame <- function(data, call) {
  check_not_lazy(data, "data", call)
  if (!is.data.frame(data)) {
    abort_judicious("{.arg data} must be a data frame, not {.obj_type_friendly {data}}.", "type",
                    arg = "data", call = call)
  }
}

item_column <- function(quo, data, call, arg = "item") {
  refuse <- function(reason) {
    abort_judicious(
      c("{.arg {arg}} must choose the column with the ids.", x = "{reason}",
        i = "The columns are {.field {names(data)}}."),
      "column", arg = arg, call = call, parent = NA
    )
  }
  if (rlang::quo_is_missing(quo) || rlang::quo_is_null(quo)) {
    if ("item_id" %in% names(data)) return("item_id")
    refuse("It is not given.")
  }
  chosen <- rlang::try_fetch(names(data)[tidyselect::eval_select(quo, data)],
                             error = function(cnd) refuse(conditionMessage(cnd)))
  if (length(chosen) != 1L) refuse(paste(length(chosen), "columns are chosen."))
  chosen
}

check_new_columns <- function(data, call) {
  taken <- intersect(c("human", plan_columns), names(data))
  if (length(taken) > 0L) {
    abort_judicious(
      c("{.arg data} must have no column {.field {taken[1]}} yet.",
        i = "Rename it, or remove it by {.code data${taken[1]} <- NULL}."),
      "column", arg = "data", call = call
    )
  }
}

check_adjudicator <- function(adjudicator, several, labels, call) {
  if (several != "adjudicated") {
    if (is.null(adjudicator)) return(invisible())
    abort_judicious("{.arg adjudicator} needs {.code several = \"adjudicated\"}.", "choice",
                    arg = "adjudicator", call = call)
  }
  raters <- unique(labels$rater)
  if (!rlang::is_string(adjudicator) || !adjudicator %in% raters) {
    abort_judicious(
      c("{.arg adjudicator} must name the rater who decides: one of {.or {.val {raters}}}.",
        x = if (is.null(adjudicator)) "It is not given." else
          if (rlang::is_string(adjudicator)) "It is {.val {adjudicator}}." else
            "It is {.obj_type_friendly {adjudicator}}."),
      "rater", arg = "adjudicator", call = call
    )
  }
}

# The rows about items, of one question.
question_rows <- function(labels, question, call) {
  rows <- main_rows(labels)
  known <- unique(rows$question)
  if (length(known) > 1L && is.null(question) || !is.null(question) && !question %in% known) {
    abort_judicious(
      c("{.arg question} must name one of the questions {.or {.val {known}}}.",
        x = if (is.null(question)) "It is not given." else "It is {.val {question}}."),
      "task", arg = "question", call = call
    )
  }
  name <- question %||% known
  list(rows = vctrs::vec_slice(rows, rows$question %in% name),
       question = if (length(name) == 1L) attr(labels, "questions")[[name]])
}

# --- the plan ---------------------------------------------------------------------------------

check_plan <- function(plan, labels, sample, call) {
  theirs <- unique(without_na(labels$plan))
  if (length(theirs) == 0L || identical(theirs, attr(plan, "fingerprint"))) return(invisible())
  # Who handed out the selected rows only made a plan of these alone.
  chosen <- plan$item_id[plan$selected %in% 1L]
  if (!is.null(sample) && identical(theirs, label_plan_fingerprint(chosen))) return(invisible())
  what <- if (is.null(sample)) "{.arg data} alone is" else "{.arg data} with {.arg sample} is"
  abort_judicious(
    c("{.arg labels} must be of the plan they are joined to.",
      x = paste0("Their page or sheet was made of plan {.val {theirs[1]}}; ",
                 what, " plan {.val {attr(plan, 'fingerprint')}}."),
      i = if (is.null(sample)) "Was it made with a sample? Give the same {.arg sample} here." else
        "Give all rows of {.arg data} and the sample with which page or sheet were made.",
      i = "If you know better, {.code labels$plan <- NA_character_}."),
    "plan", arg = if (is.null(sample)) "sample" else "labels", call = call
  )
}

# --- items ---------------------------------------------------------------------------------------

# Rows with `row`, the place of their item in data.
match_label_rows <- function(rows, ids, plan, call) {
  rows$row <- match_label_ids(rows$item_id, ids)
  lost <- unique(rows$item_id[is.na(rows$row)])
  if (length(lost) > 0L) told_unmatched(lost, rows, ids, call)
  rows <- vctrs::vec_slice(rows, !is.na(rows$row))
  unplanned <- !plan$selected[rows$row] %in% 1L
  if (any(unplanned)) told_unplanned(rows, unplanned, call)
  rows <- vctrs::vec_slice(rows, !unplanned)
  twice <- which(duplicated(rows[c("row", "rater")]))
  if (length(twice) > 0L) {
    abort_judicious(
      c("{.arg labels} must have one answer per item and rater.",
        x = "Rater {.val {rows$rater[twice[1]]}} has several answers to item
             {.val {rows$item_id[twice[1]]}}.",
        i = "Are two ids written almost alike?"),
      "duplicate", arg = "labels", where = twice, call = call
    )
  }
  rows
}

# As text, numbers by value; then without leading zeros where nothing else fits.
match_label_ids <- function(label_ids, ids) {
  if (is.factor(ids)) ids <- as.character(ids)
  text <- enc2utf8(id_text(ids))
  row <- match(enc2utf8(label_ids), text)
  if (is.numeric(ids)) {
    open <- which(is.na(row))
    row[open] <- match(suppressWarnings(as.double(label_ids[open])), as.double(ids),
                       incomparables = NA)
    return(row)
  }
  stripped <- zero_match(label_ids, text, row)
  if (any(!is.na(stripped) & is.na(row))) {
    at <- which(!is.na(stripped) & is.na(row))
    inform_judicious(
      "{length(unique(label_ids[at]))} id{?s} had lost {?its/their} leading zeros, such as
       {.val {label_ids[at[1]]}} for {.val {text[stripped[at[1]]]}}.", "zeros"
    )
    row[at] <- stripped[at]
  }
  row
}

zero_match <- function(label_ids, text, row) {
  numeric <- grepl("^[0-9]+$", text)
  key <- ifelse(numeric, sub("^0+(?=.)", "", text, perl = TRUE), NA)
  open <- is.na(row) & grepl("^[0-9]+$", label_ids)
  # An id that other labels use already is not free.
  once <- !is.na(key) & !duplicated(key) & !duplicated(key, fromLast = TRUE)
  ifelse(open, which(once)[match(label_ids, key[once])], NA_integer_)
}

told_unmatched <- function(lost, rows, ids, call) {
  first <- utils::head(lost, 5L)
  dates <- lost[looks_like_date(lost)]
  science <- lost[grepl("^[0-9][.,]?[0-9]*[eE][+][0-9]+$", lost)]
  hint <- c(
    i = if (length(dates) > 0L) "{.val {dates[1]}} looks like a date that a spreadsheet made.",
    i = if (length(science) > 0L) "{.val {science[1]}} looks like a long id that a spreadsheet cut."
  )
  if (all(is.na(rows$row))) {
    abort_judicious(
      c("{.arg labels} must be of items of {.arg data}.",
        x = "No id matches; labels have {.val {first}}, data {.val {utils::head(ids, 3L)}}.", hint,
        i = "Is {.arg item} the right column?"),
      "unmatched", arg = "labels", where = lost, call = call
    )
  }
  warn_judicious(
    c("{length(lost)} item{?s} of {.arg labels} {?is/are} not in {.arg data} and left out:
       {.val {first}}{if (length(lost) > 5L) ' and more'}.", hint),
    "unmatched", items = lost, call = call
  )
}

told_unplanned <- function(rows, unplanned, call) {
  items <- unique(rows$item_id[unplanned])
  warn_judicious(
    c("{length(items)} labelled item{?s} {?was/were} not selected by {.arg sample} and {?is/are}
       left out, such as {.val {items[1]}}.",
      i = "Labels that chance did not choose would bias the estimate."),
    "unplanned", items = items, call = call
  )
}

# --- raters ---------------------------------------------------------------------------------------

combine_raters <- function(rows, question, several, adjudicator, n, call) {
  rows$value <- label_values(rows, question)
  rows <- vctrs::vec_slice(rows, rows$status == "labelled" & !is.na(rows$value))
  shared <- unique(rows$row[duplicated(rows$row)])
  if (length(shared) > 0L && several == "error") abort_several(rows, shared, call)
  human <- rep(vctrs::vec_init(rows$value, 1L), n)
  if (several == "mean") {
    check_mean_values(rows$value, call)
    sums <- rowsum(as.double(rows$value), rows$row)
    row <- as.integer(rownames(sums))
    human[row] <- sums[, 1] / tabulate(rows$row, n)[row]
    return(human)
  }
  alone <- !rows$row %in% shared
  human[rows$row[alone]] <- rows$value[alone]
  if (length(shared) == 0L) return(human)
  pooled <- rows[!alone, ]
  by_item <- split(pooled, pooled$row)
  decide <- if (several == "majority") majority_value else adjudicated_value(adjudicator)
  human[as.integer(names(by_item))] <- vctrs::vec_c(!!!unname(lapply(by_item, decide)))
  if (several == "majority") told_ties(human, as.integer(names(by_item)))
  human
}

# 1 for a positive option; the score; else the text.
label_values <- function(rows, question) {
  if (length(question$positive) > 0L && !all(is.na(rows$label))) {
    return(ifelse(is.na(rows$label), NA_real_, as.double(rows$label %in% question$positive)))
  }
  if (!all(is.na(rows$label))) return(rows$label)
  if (!all(is.na(rows$score))) return(rows$score)
  if (all(is.na(rows$set))) return(rep(NA_real_, nrow(rows)))
  rows$set
}

check_mean_values <- function(value, call) {
  if (is.numeric(value)) return(invisible())
  abort_judicious(
    c("{.code several = \"mean\"} needs numbers: scores, or a task with positive options.",
      x = "The labels are {.val {utils::head(unique(value), 3L)}}.",
      i = "Name the positive options by {.code rating_task(options, positive = )} and give it to
           {.fn read_labels}."),
    "type", arg = "several", call = call
  )
}

# NA in a tie.
majority_value <- function(rows) {
  counts <- vctrs::vec_count(rows$value)
  if (nrow(counts) > 1L && counts$count[1] == counts$count[2]) counts$key[NA_integer_] else
    counts$key[1]
}

adjudicated_value <- function(adjudicator) {
  function(rows) {
    if (length(unique(rows$value)) == 1L) return(rows$value[1])
    rows$value[match(adjudicator, rows$rater)]
  }
}

told_ties <- function(human, row) {
  n <- sum(is.na(human[row]))
  if (n == 0L) return(invisible())
  inform_judicious("{n} item{?s} with a tie between raters {?is/are} {.code NA} in {.field human}.",
                   "ties")
}

abort_several <- function(rows, shared, call) {
  first <- rows[rows$row == shared[1], ]
  said <- paste0(first$rater, ": ", answer_text(first))
  abort_judicious(
    c("{length(shared)} item{?s} {?was/were} labelled by several raters: say what is to count.",
      x = "Item {.val {first$item_id[1]}} has {.val {said}}.",
      i = "{.code several = \"majority\"}: the label most raters chose, NA in a tie.",
      i = "{.code several = \"mean\"}: the mean of 0/1 labels or scores.",
      i = "{.code several = \"adjudicated\", adjudicator = \"{first$rater[1]}\"}: one rater decides
           where they differ.",
      i = "{.code as_ratings(labels, item = item_id, rater = rater, choice = label)}: keep all, to
           study agreement."),
    "several", arg = "several", where = shared, call = call
  )
}

# Items of the sample without a label, by what became of them.
told_unlabelled <- function(human, rows, plan, sampled, call) {
  open <- if (sampled) which(plan$selected %in% 1L & is.na(human)) else
    unique(rows$row[is.na(human[rows$row])])
  if (length(open) == 0L) return(invisible())
  why <- unlabelled_reasons(open, rows)
  counts <- table(factor(why, c("cannot tell", "skipped", "no option", "tied or undecided",
                                "not handed back")))
  counts <- counts[counts > 0L]
  told <- paste(counts, names(counts), collapse = ", ")
  warn_judicious(
    c("{length(open)} item{?s} that {?was/were} to be labelled {?has/have} no label: {told}.",
      i = "The estimate speaks for items like those that have one."),
    "unlabelled", n = length(open), where = open, call = call
  )
}

unlabelled_reasons <- function(open, rows) {
  why <- rep("not handed back", length(open))
  words <- c(skipped = "skipped", cannot_tell = "cannot tell", invalid = "no option",
             labelled = "tied or undecided")
  for (status in names(words)) {
    why[open %in% rows$row[rows$status == status]] <- words[[status]]
  }
  why
}
