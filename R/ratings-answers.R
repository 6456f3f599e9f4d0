# Answers as codes: forced choices as positions among the options, response sets
# as bitmasks. Nothing is guessed: what is no option is an error.

read_choices <- function(x, n, task, call) {
  if (is.null(x)) return(rep(NA_integer_, n))
  check_length(x, n, arg = "choice", n_arg = "row", call = call)
  check_choice_type(x, call)
  match_options(x, task, arg = "choice", call = call)
}

check_choice_type <- function(x, call) {
  if (!is.atomic(x) && !is.factor(x)) {
    abort_judicious("{.arg choice} must be a vector of options, not {.obj_type_friendly {x}}.",
                    "type", arg = "choice", call = call)
  }
}

# Positions of answers among the options. `row` says where an answer stands, `unit` in
# what.
match_options <- function(x, task, arg, call, row = seq_along(x), unit = "Row") {
  answers <- trimws(as.character(x))
  codes <- match(answers, task$options)
  bad <- which(is.na(codes) & !is.na(x))
  if (length(bad) > 0L) {
    first <- bad[1]
    abort_judicious(
      c("{.arg {arg}} must name options of the task: {.or {.val {task$options}}}.",
        x = "{unit} {row[first]} is {.val {as.character(x)[first]}}.",
        i = if (fold_label(answers[first]) %in% fold_label(task$options)) {
          "It differs only in case, blanks or the way a number is written: bring it into that form."
        },
        i = if (unit == "Row") "Answers that cannot be read as an option are {.code NA}."),
      "choice", arg = arg, where = row[bad], call = call
    )
  }
  codes
}

# Bitmasks; NA for invalid ones, which empty sets are too.
read_sets <- function(x, n, task, call) {
  if (is.null(x)) return(rep(NA_integer_, n))
  bits <- if (is.data.frame(x) || is.matrix(x)) {
    read_set_columns(as.data.frame(x), n, task, call)
  } else {
    check_length(x, n, arg = "set", n_arg = "row", call = call)
    if (is.list(x)) {
      read_member_lists(x, task, arg = "set", call = call)
    } else {
      read_set_strings(x, task, call)
    }
  }
  bits[bits == 0L] <- NA_integer_
  check_admissible(bits, task, call)
}

check_admissible <- function(bits, task, call) {
  if (is.null(task$sets)) return(bits)
  bad <- which(!is.na(bits) & !bits %in% task$sets)
  if (length(bad) > 0L) {
    abort_judicious(
      c("{.arg set} must be a response set of the task.",
        x = "Row {bad[1]} is {.val {set_labels(bits[bad[1]], task)}}, which the task does not
             list."),
      "choice", arg = "set", where = bad, call = call
    )
  }
  bits
}

# Every element names the members of a set; NULL and NA are invalid.
read_member_lists <- function(x, task, arg, call, unit = "Row") {
  sizes <- lengths(x)
  row <- rep(seq_along(x), sizes)
  members <- unlist(lapply(x, as.character), use.names = FALSE)
  codes <- match_options(members %||% character(), task, arg, call, row, unit)
  known <- !is.na(codes)
  bits <- sets_from_members_cpp(row[known], codes[known], length(x))
  bits[unique(row[!known])] <- NA_integer_
  bits
}

check_set_type <- function(x, call) {
  if (!is.character(x) && !is.factor(x)) {
    abort_judicious(
      c("{.arg set} must be a list of sets, strings such as {.val yes|no}, or 0/1 columns, not
         {.obj_type_friendly {x}}.",
        i = "Name 0/1 columns as in {.code set = c(yes, no)}."),
      "type", arg = "set", call = call
    )
  }
}

# Few strings are different, so only those are split.
read_set_strings <- function(x, task, call) {
  check_set_type(x, call)
  x <- as.character(x)
  known <- unique(x)
  pieces <- strsplit(known, "|", fixed = TRUE)
  pieces[is.na(known)] <- list(NA_character_)
  codes <- lapply(seq_along(pieces), function(i) {
    match_options(pieces[[i]], task, arg = "set", call = call,
                  row = rep(match(known[i], x), length(pieces[[i]])))
  })
  bits <- sets_from_members_cpp(rep(seq_along(codes), lengths(codes))[!is.na(unlist(codes))],
                                as.integer(stats::na.omit(unlist(codes))), length(known))
  bits[is.na(known)] <- NA_integer_
  bits[match(x, known)]
}

read_set_columns <- function(x, n, task, call) {
  if (nrow(x) != n) {
    abort_judicious("{.arg set} must have one row per rating ({n}), not {nrow(x)}.",
                    "length", arg = "set", call = call)
  }
  unknown <- setdiff(names(x), task$options)
  missing <- setdiff(task$options, names(x))
  if (length(unknown) > 0L || length(missing) > 0L) {
    found <- c(if (length(unknown) > 0L) "{.val {unknown[1]}} is no option.",
               if (length(missing) > 0L) "There is none for {.val {missing[1]}}.")
    abort_judicious(
      c("0/1 columns of {.arg set} must be named after the options {.val {task$options}}.",
        x = found[1], i = "Rename them in the call: {.code set = c(option = column)}."),
      "choice", arg = "set", call = call
    )
  }
  columns <- lapply(task$options, function(option) check_zero_one(x[[option]], option, call))
  bits <- Reduce(`+`, Map(`*`, columns, 2^(seq_along(columns) - 1)))
  as.integer(bits)
}

check_zero_one <- function(x, option, call) {
  bad <- which(!is.na(x) & !x %in% c(0, 1))
  if (length(bad) > 0L) {
    abort_judicious(c("0/1 columns of {.arg set} must hold 0, 1 or {.code NA}.",
                      x = "Column {.val {option}} has {.val {x[bad[1]]}} in row {bad[1]}."),
                    "range", arg = "set", where = bad, call = call)
  }
  as.numeric(x)
}

# --- options taken from the data -----------------------------------------------

inferred_task <- function(choice, sets, call) {
  check_choice_type(choice, call)
  if (!is.null(sets) && !is.list(sets) && !is.matrix(sets)) check_set_type(sets, call)
  options <- if (is.factor(choice)) {
    levels(choice)
  } else if (is.data.frame(sets) || is.matrix(sets)) {
    colnames(sets)
  } else {
    members <- if (is.list(sets)) unlist(lapply(sets, as.character)) else
      unlist(strsplit(as.character(unique(sets)), "|", fixed = TRUE))
    sort_answers(c(as.character(choice), members))
  }
  announced_task(options, call)
}

sort_answers <- function(x) {
  answers <- unique(trimws(as.character(x[!is.na(x)])))
  sort_labels(answers[answers != ""])
}

announced_task <- function(options, call) {
  if (length(options) < 2L) {
    abort_judicious(
      c("The answers show {length(options)} option{?s}, which is no choice.",
        i = "Name the options: {.code task = rating_task(options, positive)}."),
      "input", arg = "task", call = call
    )
  }
  task <- rating_task(check_option_names(options, arg = "data", call = call))
  warn_alike(task$options, "data", call)
  inform_judicious(
    c("Options, taken from the data: {.val {task$options}}.",
      i = "Give {.code task = rating_task(options, positive)} to fix them and to name the positive
           ones."),
    "task"
  )
  task
}
