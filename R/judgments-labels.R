# Labels and scores of answers, and what must hold of all judgements.

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
             {.arg system}; name the paths of several runs, as in
             {.code c(first = \"a.json\", second = \"b.json\")}."),
      "duplicate", arg = "draw", where = twice, call = call
    )
  }
  x
}
