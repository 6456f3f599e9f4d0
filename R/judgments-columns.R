# Columns of a table that was not written by us: which is what, as the user named them. Nothing is
# taken from a column because of its name; only ids are, and that is said.

judgments_of_frame <- function(x, given, task, call) {
  people <- human_values(given$human, x)
  if (!people$is_column) given$human <- rlang::quo(NULL)
  chosen <- choose_columns(given, x, call)
  tell_columns(chosen, given, x, call)
  columns <- lengthen(chosen, x, call)
  columns <- score_labels(columns, task, call)
  columns$human <- if (people$is_column) {
    read_human(columns$human, task, columns$item_id, call)
  } else {
    join_human(columns$item_id, people$value, call, task)
  }
  tell_draws(columns, chosen, x, call)
  tell_odd_roles(columns, chosen, call)
  if (is.null(task)) warn_alike(unlist(columns["label"], use.names = FALSE), "label", call)
  check_distinct(new_judgments(columns, task), call)
}

# Labels of people are a column, or values by item that are in no column.
human_values <- function(quo, data) {
  names <- all.vars(rlang::quo_get_expr(quo))
  if (length(names) > 0L && all(names %in% names(data))) return(list(is_column = TRUE))
  value <- tryCatch(list(rlang::eval_tidy(quo)), error = function(cnd) NULL)
  if (is.null(value)) return(list(is_column = TRUE))
  value <- value[[1]]
  several <- (is.numeric(value) || is.logical(value)) && length(value) > 1L
  by_item <- is.null(value) || is.data.frame(value) || several || !is.null(names(value))
  list(is_column = !by_item, value = value)
}

# For each of the eight, the positions of its columns; a judge may also be a name.
choose_columns <- function(given, data, call) {
  chosen <- Map(function(quo, name) choose_column(quo, name, data, call), given, names(given))
  several <- c("label", "score", "confidence")
  for (name in setdiff(names(chosen), several)) {
    if (is.integer(chosen[[name]]) && length(chosen[[name]]) > 1L) {
      abort_judicious(
        "{.arg {role_arg(name)}} must be one column, not {length(chosen[[name]])}:
         {.field {names(data)[chosen[[name]]]}}.", "column", arg = role_arg(name), call = call
      )
    }
  }
  if (length(chosen$label) == 0L && length(chosen$score) == 0L) abort_no_label(data, call)
  check_roles(chosen, data, call)
  chosen
}

role_arg <- function(name) sub("item_id", "item", name)

abort_no_label <- function(data, call) {
  named <- intersect(judgment_columns, names(data))
  roles <- paste(role_arg(named), named, sep = " = ", collapse = ", ")
  abort_judicious(
    c("Judgements need {.arg label} or {.arg score}.",
      x = if (length(data) == 0L) "{.arg x} has no columns." else
        "The columns are {.field {names(data)}}.",
      i = if (any(c("label", "score") %in% named)) {
        "Nothing is taken because of its name: {.code as_judgments(x, {roles})}."
      } else if (length(data) > 0L) {
        "Choose one, as in {.code label = answer}."
      }),
    "column", arg = "label", call = call
  )
}

choose_column <- function(quo, name, data, call) {
  if (rlang::quo_is_null(quo)) {
    return(if (name == "item_id") positive_only(match("item_id", names(data), nomatch = 0L)))
  }
  expr <- rlang::quo_get_expr(quo)
  if (name == "judge" && rlang::is_string(expr) && !expr %in% names(data)) return(expr)
  refuse <- function(reason) {
    abort_judicious(
      c("{.arg {role_arg(name)}} must choose columns of {.arg x}.", x = "{reason}",
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

# A column means one thing.
check_roles <- function(chosen, data, call) {
  columns <- chosen[vapply(chosen, is.integer, FALSE)]
  roles <- rep(names(columns), lengths(columns))
  at <- unlist(columns, use.names = FALSE)
  twice <- which(duplicated(at))
  if (length(twice) > 0L) {
    both <- role_arg(roles[at == at[twice[1]]])
    abort_judicious(
      c("A column must have one role.",
        x = "{.field {names(data)[at[twice[1]]]}} is both {.arg {both[1]}} and {.arg {both[2]}}.",
        i = if (setequal(both, c("label", "score"))) {
          "Labels that are numbers are scores, too: give {.arg label} alone."
        }),
      "column", arg = both[2], call = call
    )
  }
}

# --- what is said -----------------------------------------------------------------

reserved_columns <- c(setdiff(judgment_columns, "item_id"), "status", "asked", "answer")

unused_columns <- function(chosen, data) {
  used <- unlist(chosen[vapply(chosen, is.integer, FALSE)])
  names(data)[setdiff(which(names(data) %in% c("item_id", reserved_columns)), used)]
}

own_name <- function(name) paste0("x_", name)

tell_columns <- function(chosen, given, data, call) {
  unused <- unused_columns(chosen, data)
  if (length(unused) > 0L) {
    first <- unused[1]
    inform_judicious(
      c("{cli::qty(unused)}Not used, because {?it was/they were} not named: {.field {unused}}.",
        i = "{cli::qty(unused)}{?It is/They are} kept as {.field {own_name(unused)}}.",
        i = "To use {.field {first}}: {.code {role_arg(first)} = {first}}."),
      "columns", columns = unused
    )
  }
  if (rlang::quo_is_null(given$item_id) && length(chosen$item_id) > 0L) {
    inform_judicious("Items are told apart by column {.field item_id}.", "item")
  }
}

# Several answers to an item are draws; if a column that was not named tells them apart, they may be
# of several judges or systems.
tell_draws <- function(columns, chosen, data, call) {
  if (!is.null(columns$draw)) return(invisible())
  suspects <- intersect(unused_columns(chosen, data), c("judge", "system", "draw"))
  varied <- suspects[vapply(suspects, function(name) {
    vctrs::vec_unique_count(data[[name]]) > 1L
  }, FALSE)]
  repeated <- anyDuplicated(vctrs::vec_group_id(key_frame(columns))) > 0L
  if (length(varied) == 0L || !repeated) return(invisible())
  warn_judicious(
    c("Several answers of a judge to an item are taken as its repeated answers.",
      x = "Column {.field {varied[1]}} was not named, but may tell them apart.",
      i = "Name it: {.code {varied[1]} = {varied[1]}}."),
    "columns", columns = varied, call = call
  )
}

# A judge for every answer, or one item for all, is mostly another column than was meant.
tell_odd_roles <- function(columns, chosen, call) {
  n <- length(columns$item_id)
  lone <- c(
    judge = is.integer(chosen$judge) && n > 5L && anyDuplicated(columns$judge) == 0L,
    item = length(chosen$item_id) > 0L && n > 5L && is.null(columns$draw) &&
      vctrs::vec_unique_count(columns$item_id) == 1L
  )
  if (!any(lone)) return(invisible())
  arg <- names(lone)[lone][1]
  warn_judicious(
    c("Is {.arg {arg}} the right column?",
      x = if (arg == "judge") "Each of the {n} answers has a judge of its own." else
        "All {n} answers are to one item, {.val {columns$item_id[1]}}."),
    "roles", arg = arg, call = call
  )
}

# --- one row per answer -------------------------------------------------------------

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
  more <- as.list(data)[setdiff(seq_along(data), used)]
  taken <- names(more) %in% c("item_id", reserved_columns)
  names(more)[taken] <- own_name(names(more)[taken])
  columns <- c(columns, more)
  columns <- lapply(columns, vctrs::vec_slice, i = row)
  for (name in names(wide)) columns[[name]] <- stack_columns(data, wide[[name]], name, call)
  columns$judge <- judge_names(chosen, wide, data, n, call)
  check_item_ids(columns$item_id, call)
  if (is.factor(columns$item_id)) columns$item_id <- as.character(columns$item_id)
  if (!is.null(columns$system)) columns$system <- as.character(columns$system)
  columns$draw <- check_draw_numbers(columns$draw, call)
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
