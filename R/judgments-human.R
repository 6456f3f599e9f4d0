# Labels of people: joined by item, and read in the words of the judges' labels.

# A data frame with item_id and human, or a vector named by item.
join_human <- function(item_id, human, call, task = NULL) {
  if (is.null(human)) return(NULL)
  given <- human_by_item(human, call)
  if (is.null(given$ids)) {
    abort_judicious("{.arg human} must be a data frame with columns {.field item_id} and
                    {.field human}, or a vector named by item.", "type", arg = "human", call = call)
  }
  check_one_label(given$ids, call)
  row <- match_ids(item_id, given$ids)
  check_matches(row, given$ids, item_id, call)
  vctrs::vec_slice(read_human(given$values, task, given$ids, call), row)
}

human_by_item <- function(human, call) {
  if (!is.data.frame(human)) return(list(ids = names(human), values = unname(human)))
  absent <- setdiff(c("item_id", "human"), names(human))
  if (length(absent) > 0L) {
    abort_judicious("{.arg human} has no column {.field {absent[1]}}.", "column", arg = "human",
                    call = call)
  }
  known <- human[!is.na(human$human), ]
  ids <- if (is.object(known$item_id)) as.character(known$item_id) else known$item_id
  list(ids = ids, values = known$human)
}

# Labels of other items are lost: all of them is a mistake, some may be.
check_matches <- function(row, ids, item_id, call) {
  lost <- setdiff(seq_along(ids), row)
  if (length(ids) == 0L || length(lost) == 0L) return(invisible())
  if (length(lost) == length(ids)) {
    abort_judicious(
      c("{.arg human} must have labels of items of {.arg x}.",
        x = "It has {.val {ids[1]}}, but no item is called so; the first is {.val {item_id[1]}}."),
      "human", arg = "human", call = call
    )
  }
  warn_judicious(
    c("{length(lost)} of {length(ids)} human labels match no item of {.arg x} and are not used.",
      x = "The first is of {.val {ids[lost[1]]}}; an item of {.arg x} is {.val {item_id[1]}}."),
    "human", items = ids[lost], call = call
  )
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
    abort_judicious(
      c("{.arg human} must have one label per item; {.val {ids[twice[1]]}} has several.",
        i = "Combine labels of several people first, or compare them by {.fn as_ratings}."),
      "duplicate", arg = "human", where = twice, call = call
    )
  }
}

# --- the words --------------------------------------------------------------------

# Labels of people as options of the task, however their case; numbers and TRUE/FALSE as scores.
# What is neither is an error: "unsure" is no FAIL, and nothing is guessed.
read_human <- function(values, task, items, call) {
  if (is.factor(values)) values <- as.character(values)
  if (is.null(task) || all(is.na(values))) return(values)
  if (is.character(values)) return(read_human_words(values, task, items, call))
  if (is.logical(values)) return(told_logical(values, task))
  check_human_numbers(values, task, items, call)
}

read_human_words <- function(values, task, items, call) {
  words <- tolower(trimws(values))
  option <- match(words, tolower(task$options))
  known <- !is.na(values)
  if (all(words[known] %in% c("true", "false")) && anyNA(option[known])) {
    return(told_logical(words == "true", task))
  }
  if (all(words[known] %in% c("0", "1")) && anyNA(option[known])) return(as.double(words))
  bad <- which(known & is.na(option))
  if (length(bad) > 0L) {
    abort_judicious(
      c("Human labels must be among the options of the judges, {.or {.val {task$options}}}.",
        x = "Item {.val {items[bad[1]]}} has {.val {values[bad[1]]}}
             ({length(bad)} of {sum(known)} labels are none of the options).",
        i = "Recode them first; what stands for no label, or for {.val unsure}, is {.code NA}."),
      "human", arg = "human", where = bad, call = call
    )
  }
  task$options[option]
}

told_logical <- function(values, task) {
  if (length(task$positive) > 0L) {
    inform_judicious(
      c("Human labels {.code TRUE} count as {.or {.val {task$positive}}}, {.code FALSE} as not.",
        i = "If they mean something else, recode them to the options first."), "human"
    )
  }
  values
}

# With positive options the judges score 0 or 1, and so do people.
check_human_numbers <- function(values, task, items, call) {
  if (!is.numeric(values) || length(task$positive) == 0L) return(values)
  numbers <- suppressWarnings(as.double(task$options))
  if (!anyNA(numbers) && all(values[!is.na(values)] %in% numbers)) {
    return(task$options[match(values, numbers)])
  }
  bad <- which(!is.na(values) & (values < 0 | values > 1))
  if (length(bad) > 0L) {
    abort_judicious(
      c("Human labels that are numbers must lie in [0, 1], as the scores of the judges do.",
        x = "Item {.val {items[bad[1]]}} has {.val {values[bad[1]]}}.",
        i = "The judges' options are {.val {task$options}}: recode the labels to these."),
      "human", arg = "human", where = bad, call = call
    )
  }
  values
}

# Grades that people gave in the words of Inspect and vitals.
check_human_grades <- function(values, items, call) {
  if (is.factor(values)) values <- as.character(values)
  if (!is.character(values)) return(values)
  known <- !is.na(values)
  grade <- toupper(trimws(values)) %in% names(grade_scores)
  word <- tolower(trimws(values)) %in% names(grade_words)
  number <- !is.na(suppressWarnings(as.double(values)))
  if (all(number[known])) return(as.double(values))
  bad <- which(known & !grade & !word)
  if (length(bad) > 0L) {
    abort_judicious(
      c("Human labels must be grades, {.or {.val {names(grade_scores)}}}, or numbers.",
        x = "Item {.val {items[bad[1]]}} has {.val {values[bad[1]]}}.",
        i = "Recode them first; what stands for no label is {.code NA}."),
      "human", arg = "human", where = bad, call = call
    )
  }
  ifelse(grade, toupper(trimws(values)), tolower(trimws(values)))
}

# Labels of people on the scale of the scores.
human_scores <- function(human, task) {
  if (!is.character(human)) return(human)
  if (length(task$positive) > 0L && all(human %in% c(task$options, NA))) {
    return(ifelse(is.na(human), NA, as.double(human %in% task$positive)))
  }
  grades <- c(grade_scores, grade_words)
  if (all(human %in% c(names(grades), NA))) return(unname(grades[human]))
  human
}
