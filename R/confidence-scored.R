# Confidences and the truth of their labels, as the user gives them: vectors, columns of a data
# frame, several methods side by side, groups.

# A list with `groups` (each a list of `score`, doubles, and `correct`, 0/1 integers, NA where not
# known) and `keys`, a data frame with a row per group; without groups it has no columns. The
# arguments are quosures.
scored_groups <- function(confidence, correct, by, data, call) {
  check_data(data, call)
  score <- eval_argument(confidence, data, "confidence", call)
  truth <- eval_argument(correct, data, "correct", call)
  name <- if (rlang::quo_is_symbol(by)) rlang::as_label(by) else "by"
  by <- eval_argument(by, data, "by", call)
  if (is.matrix(score) && ncol(score) == 1L) score <- score[, 1]
  if (!is_local_table(score)) return(split_groups(score, truth, by, name, "confidence", call))
  check_methods_table(score, call)
  scores <- named_columns(score, "confidence", call)
  truths <- if (is_local_table(truth)) named_columns(truth, "correct", call) else list(truth)
  if (length(truths) == 1L) truths <- rep(truths, length(scores))
  check_length(truths, length(scores), arg = "correct", n_arg = "column of `confidence`",
               call = call)
  parts <- Map(function(score, truth, method) {
    split_groups(score, truth, by, name, paste0("confidence$", method), call)
  }, scores, truths, names(scores))
  keys <- Map(function(part, method) {
    vctrs::vec_cbind(vctrs::data_frame(method = rep(method, length(part$groups))), part$keys)
  }, parts, names(scores))
  list(groups = unlist(unname(lapply(parts, function(part) part$groups)), recursive = FALSE),
       keys = vctrs::vec_rbind(!!!unname(keys)))
}

# Lazy tables have dimensions, too, but no values here.
is_local_table <- function(x) is.data.frame(x) || is.matrix(x)

# One vector of confidences with its truth, from quosures.
scored_vector <- function(confidence, correct, data, call) {
  check_data(data, call)
  given <- eval_argument(confidence, data, "confidence", call)
  score <- as_score(given, call)
  correct <- as_truth(eval_argument(correct, data, "correct", call), call)
  check_length(correct, length(score), arg = "correct", n_arg = "element of `confidence`",
               call = call)
  list(score = score, correct = correct, method = score_method(given))
}

# An argument that may name a column of `data`.
eval_argument <- function(quosure, data, arg, call) {
  if (rlang::quo_is_missing(quosure)) {
    abort_judicious("{.arg {arg}} must be given.", "required", arg = arg, call = call)
  }
  if (is.null(data)) return(rlang::eval_tidy(quosure))
  eval_quosure(quosure, data, arg, call)
}

# All columns of a table are methods to compare; a whole result of label_confidence() is no such
# table.
check_methods_table <- function(x, call) {
  if (!is.data.frame(x) || !all(c("item_id", "confidence") %in% names(x))) return(invisible())
  abort_judicious(
    c("{.arg confidence} must be a vector, or a table with a column per method.",
      x = "It is a data frame with the columns {.var {names(x)}}.",
      i = "Give its column {.var confidence}, or name it and give the table as {.arg data}."),
    "type", arg = "confidence", call = call
  )
}

named_columns <- function(x, arg, call) {
  columns <- if (is.data.frame(x)) as.list(x) else lapply(seq_len(ncol(x)), function(k) x[, k])
  names <- names(x) %||% colnames(x)
  if (is.matrix(x)) names <- colnames(x)
  if (length(columns) == 0L || is.null(names)) {
    abort_judicious(
      c("A table of several methods must have named columns.",
        x = "{.arg {arg}} has {length(columns)} column{?s} without names."),
      "type", arg = arg, call = call
    )
  }
  rlang::set_names(columns, names)
}

split_groups <- function(score, truth, by, name, arg, call) {
  score <- as_score(score, call, arg)
  truth <- as_truth(truth, call)
  n <- length(score)
  check_length(truth, n, arg = "correct", n_arg = "element of `confidence`", call = call)
  keys <- group_keys(by, name, n, call)
  if (length(keys) == 0L) {
    return(list(groups = list(list(score = score, correct = truth)),
                keys = vctrs::new_data_frame(n = 1L)))
  }
  loc <- vctrs::vec_group_loc(keys)
  loc <- vctrs::vec_slice(loc, vctrs::vec_order(loc$key))
  list(
    groups = lapply(loc$loc, function(rows) list(score = score[rows], correct = truth[rows])),
    keys = loc$key
  )
}

group_keys <- function(by, name, n, call) {
  if (is.null(by)) return(vctrs::new_data_frame(n = n))
  if (!vctrs::vec_is(by) || (is.array(by) && length(dim(by)) > 1L)) {
    abort_judicious("{.arg by} must be a vector or a data frame, not {.obj_type_friendly {by}}.",
                    "type", arg = "by", call = call)
  }
  keys <- if (is.data.frame(by)) {
    vctrs::new_data_frame(as.list(by), n = vctrs::vec_size(by))
  } else {
    vctrs::new_data_frame(rlang::set_names(list(by), name))
  }
  if (vctrs::vec_size(keys) != n) {
    abort_judicious(
      "{.arg by} must have one element per confidence ({n}), not {vctrs::vec_size(keys)}.",
      "length", arg = "by", call = call
    )
  }
  missing <- !stats::complete.cases(keys)
  if (any(missing)) abort_missing_id(which(missing), "by", call)
  keys
}

# --- vectors -----------------------------------------------------------------------

as_score <- function(x, call, arg = "confidence") {
  if (!is.numeric(x) || length(dim(x)) > 1L || inherits(x, "integer64")) {
    abort_judicious(c("{.arg {arg}} must be a numeric vector, not {.obj_type_friendly {x}}.",
                      i = score_hint(x)),
                    "type", arg = arg, call = call)
  }
  if (length(x) == 0L) {
    abort_judicious("{.arg {arg}} must have at least one element.", "length", arg = arg,
                    call = call)
  }
  as.double(x)
}

# What was probably meant by what is no vector of confidences.
score_hint <- function(x) {
  if (is.character(x)) {
    "{.code label_confidence(x, method = \"verbal\")} reads confidences from text."
  } else if (inherits(x, "judicious_calibration")) {
    "{.fn predict} turns a calibration into probabilities."
  } else if (inherits(x, "judicious_threshold")) {
    "The confidences come first, then the threshold."
  } else if (is.data.frame(x) && "confidence" %in% names(x)) {
    "Give its column {.var confidence}."
  }
}

# Is the label right? As integers 1, 0 and NA.
as_truth <- function(x, call, arg = "correct") {
  if (is.factor(x)) {
    check_two_levels(x, arg, call)
    return(as.integer(x) - 1L)
  }
  check_number_like(x, arg, call)
  if (!is.logical(x)) {
    bad <- which(!is.na(x) & x != 0 & x != 1)
    if (length(bad) > 0L) {
      abort_judicious(
        c("{.arg {arg}} must say whether each label is right: TRUE or 1, FALSE or 0, or NA.",
          x = "Element {bad[1]} is {.val {x[bad[1]]}}.",
          i = "For example {.code judge == human}."),
        "range", arg = arg, where = bad, call = call
      )
    }
  }
  as.integer(x)
}

# How label_confidence() made them, if it did.
score_method <- function(x) if (inherits(x, "judicious_confidence")) attr(x, "method")

check_score_method <- function(x, method, arg, call) {
  given <- score_method(x)
  if (is.null(given) || is.null(method) || identical(given, method)) return(invisible())
  abort_judicious(
    c("{.arg {arg}} must be of the method that was fitted, {.val {method}}.",
      x = "It is of method {.val {given}}.",
      i = "Values of two methods are on two scales; drop the method with {.fn as.double}."),
    "mixed_methods", arg = arg, call = call
  )
}

is_probability <- function(x) {
  ends <- suppressWarnings(range(x, na.rm = TRUE))
  ends[1] >= 0 && ends[2] <= 1
}

check_probability <- function(x, arg, call,
                              hint = "Turn scores into probabilities with
                                      {.fn calibrate_confidence}.") {
  bad <- which(x < 0 | x > 1)
  if (length(bad) == 0L) return(invisible(x))
  abort_judicious(
    c("{.arg {arg}} must lie in [0, 1].", x = "Element {bad[1]} is {.val {x[bad[1]]}}.",
      i = if (max(x, na.rm = TRUE) > 10 && all(x >= 0 & x <= 100, na.rm = TRUE)) {
        "Are they percentages? Divide them by 100."
      }, i = hint),
    "range", arg = arg, where = bad, call = call
  )
}

scale_kind <- function(x) {
  x <- x[!is.na(x)]
  if (length(x) == 0L || min(x) < 0 || max(x) > 100) return("other")
  if (max(x) > 10) return("percent")
  if (max(x) <= 1 && any(x > 0 & x < 1)) "share" else "other"
}

# Percentages and shares are not compared with each other.
check_same_scale <- function(score, other, arg, call) {
  kinds <- c(scale_kind(score), scale_kind(other))
  if (!setequal(kinds, c("percent", "share"))) return(invisible())
  largest <- function(x) suppressWarnings(max(x, na.rm = TRUE))
  abort_judicious(
    c("{.arg {arg}} must be on the scale of what it is compared with.",
      x = "One reaches up to {format_number(largest(score))}, the other to
           {format_number(largest(other))}: percentages and shares.",
      i = "Divide the percentages by 100."),
    "range", arg = arg, call = call
  )
}

# --- groups ------------------------------------------------------------------------

# One string per group; "" where there is one group without a name.
group_text <- function(keys) {
  if (length(keys) == 0L) return(rep("", vctrs::vec_size(keys)))
  do.call(paste, c(lapply(unname(as.list(keys)), as.character), sep = " / "))
}

# The rows that `rows(group)` gives for every group, with its keys in front.
bind_groups <- function(scored, rows) {
  parts <- Map(function(group, k) {
    columns <- vctrs::new_data_frame(rows(group))
    vctrs::vec_cbind(vctrs::vec_rep(vctrs::vec_slice(scored$keys, k), nrow(columns)), columns)
  }, scored$groups, seq_along(scored$groups))
  as.data.frame(vctrs::vec_rbind(!!!unname(parts)))
}

# One warning for all groups a measure is undefined in.
warn_groups <- function(bad, keys, message, class, call) {
  if (!any(bad)) return(invisible())
  names <- group_text(keys)[bad]
  where <- if (all(names == "")) "" else " in {length(names)} group{?s}, such as {.val {names[1]}}"
  warn_judicious(c(paste0(message[1], where, "."), message[-1]), class, groups = names, call = call)
}

usable <- function(group) !is.na(group$score) & !is.na(group$correct)
