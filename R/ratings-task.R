# What raters are asked: the options, which of them are positive, and which
# response sets are possible.

#' Describe a rating task
#'
#' The options a rater may choose from, and which of them count as positive. Response sets are
#' subsets of the options; inside the package they are bitmasks over the options, so a set means
#' the same whatever list it stands in.
#'
#' @param options (character) Names of the options in order, 2 to 30, all different, without `"|"`.
#' @param positive (character) The positive options; some, but not all of `options`. `NULL`: none
#'   is named, and decisions about items are not possible.
#' @param sets The response sets a rater can give: `NULL` (every non-empty subset), a list of
#'   character vectors, or a number: all sets with at most so many options. With `1`, only one
#'   answer can be right: the task is fully specified.
#' @returns A list of class `judicious_task` with the fields `options`, `positive`, and `sets`
#'   (`NULL`, or bitmasks: option k of a set adds \eqn{2^{k-1}}{2^(k-1)}).
#' @section Errors:
#' `judicious_error_type`, `judicious_error_length`, `judicious_error_range` or
#' `judicious_error_choice`, naming the first offending option.
#' @examples
#' rating_task(c("yes", "no"), positive = "yes")
#' rating_task(c("very toxic", "toxic", "fine"), positive = c("very toxic", "toxic"))
#' rating_task(c("a", "b", "c"), positive = "a", sets = list("a", "b", "c", c("a", "b")))
#' @family ratings
#' @export
rating_task <- function(options, positive = NULL, sets = NULL) {
  options <- check_option_names(options)
  positive <- check_positive(positive, options)
  task <- structure(list(options = options, positive = positive, sets = NULL),
                    class = "judicious_task")
  if (!is.null(sets)) task["sets"] <- list(admissible_sets(sets, task))
  task
}

max_options <- 30L

check_option_names <- function(options, arg = rlang::caller_arg(options),
                               call = rlang::caller_env()) {
  force(arg) # before options change
  if (is.factor(options)) options <- levels(options)
  if (!is.character(options)) {
    abort_judicious("{.arg {arg}} must be a character vector, not {.obj_type_friendly {options}}.",
                    "type", arg = arg, call = call)
  }
  if (length(options) < 2L || length(options) > max_options) {
    abort_judicious("{.arg {arg}} must name 2 to {max_options} options, not {length(options)}.",
                    "length", arg = arg, call = call)
  }
  bad <- which(is.na(options) | trimws(options) != options | options == "" |
                 grepl("|", options, fixed = TRUE))
  if (length(bad) > 0L) {
    abort_judicious(
      c("{.arg {arg}} must be names without {.val |} and without blanks at their ends.",
        x = "Element {bad[1]} is {.val {options[bad[1]]}}."),
      "choice", arg = arg, where = bad, call = call
    )
  }
  bad <- which(duplicated(options))
  if (length(bad) > 0L) {
    abort_judicious(c("{.arg {arg}} must all be different.",
                      x = "Element {bad[1]}, {.val {options[bad[1]]}}, occurs before."),
                    "choice", arg = arg, where = bad, call = call)
  }
  unname(options)
}

check_positive <- function(positive, options, call = rlang::caller_env()) {
  if (is.null(positive)) return(character())
  if (!is.character(positive)) {
    abort_judicious("{.arg positive} must be text, some of the options {.or {.val {options}}}.",
                    "type", arg = "positive", call = call)
  }
  bad <- which(is.na(match(positive, options)))
  if (length(bad) > 0L) {
    abort_judicious(c("{.arg positive} must be among the options {.or {.val {options}}}.",
                      x = "Element {bad[1]} is {.val {positive[bad[1]]}}."),
                    "choice", arg = "positive", where = bad, call = call)
  }
  if (length(unique(positive)) == length(options)) {
    abort_judicious(
      c("{.arg positive} must leave at least one option negative.",
        i = "Were all options positive, every rating would be."),
      "range", arg = "positive", call = call
    )
  }
  options[options %in% positive]
}

# Bitmasks in their order. The options must be able to occur: every one is in some set.
admissible_sets <- function(sets, task, call = rlang::caller_env()) {
  n <- length(task$options)
  if (is.numeric(sets)) {
    size <- check_count(sets, upper = n, arg = "sets", call = call)
    return(call_core(all_sets_cpp(n, size), call))
  }
  if (!is_plain_list(sets) || length(sets) == 0L) {
    abort_judicious(
      "{.arg sets} must be a list of sets of options or a number, not {.obj_type_friendly {sets}}.",
      "type", arg = "sets", call = call
    )
  }
  bits <- read_member_lists(sets, task, arg = "sets", call = call, unit = "Element")
  bad <- which(is.na(bits) | bits == 0L)
  if (length(bad) > 0L) {
    abort_judicious(c("{.arg sets} must hold no empty set.", x = "Element {bad[1]} is empty."),
                    "length", arg = "sets", where = bad, call = call)
  }
  unused <- setdiff(seq_len(n), set_members(bits))
  if (length(unused) > 0L) {
    abort_judicious("{.arg sets} must have every option in some set;
                    {.val {task$options[unused[1]]}} is in none.",
                    "choice", arg = "sets", call = call)
  }
  sort_sets_cpp(bits)
}

# Positions of the options that are in any of the sets.
set_members <- function(bits) {
  union <- Reduce(bitwOr, bits)
  which(bitwAnd(union, bitwShiftL(1L, seq_len(max_options) - 1L)) != 0L)
}

check_task <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!inherits(x, "judicious_task")) {
    abort_judicious(c("{.arg {arg}} must be a rating task, not {.obj_type_friendly {x}}.",
                      i = "Make one with {.fn rating_task}."),
                    "type", arg = arg, call = call)
  }
  x
}

# Tasks that can be compared: the same options in the same order.
same_task <- function(a, b) {
  identical(a$options, b$options) && identical(a$positive, b$positive)
}

# The positive options as a bitmask.
task_positive <- function(task) {
  sum(bitwShiftL(1L, match(task$positive, task$options) - 1L))
}

# "yes|no" for bitmasks.
set_labels <- function(bits, task) {
  known <- unique(bits[!is.na(bits)])
  labels <- vapply(known, function(set) {
    paste(task$options[set_members(set)], collapse = "|")
  }, "")
  labels[match(bits, known)]
}

#' @export
format.judicious_task <- function(x, ...) {
  sets <- if (is.null(x$sets)) {
    "every non-empty subset of the options"
  } else {
    paste(set_labels(x$sets, x), collapse = ", ")
  }
  c(paste("Rating task with options:", paste(x$options, collapse = ", ")),
    paste("Positive:", if (length(x$positive) > 0L) paste(x$positive, collapse = ", ") else "none"),
    paste("Response sets:", sets))
}

#' @export
print.judicious_task <- function(x, ...) {
  writeLines(strwrap(format(x), exdent = 2))
  invisible(x)
}
