# Argument checks shared by all families. Each names the argument, the rule and
# the first offending element, under the call of the function the user typed.

check_number <- function(x, lower = -Inf, upper = Inf, open = FALSE,
                         arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!is.numeric(x) || length(x) != 1L || is.na(x)) {
    abort_judicious("{.arg {arg}} must be a single number, not {.obj_type_friendly {x}}.",
                    "type", arg = arg, call = call)
  }
  check_between(x, lower, upper, open = open, arg = arg, call = call)
  as.double(x)
}

check_count <- function(x, lower = 1, upper = Inf,
                        arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  force(arg)  # before x changes
  x <- check_number(x, lower, upper, arg = arg, call = call)
  check_finite(x, arg = arg, call = call)
  if (x != floor(x)) {
    abort_judicious("{.arg {arg}} must be a whole number, not {.val {x}}.",
                    "type", arg = arg, call = call)
  }
  x
}

# R's own error for what is missing comes late and has no class.
check_required <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!missing(x)) return(invisible())
  abort_judicious("{.arg {arg}} must be given.", "required", arg = arg, call = call)
}

check_flag <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!is.logical(x) || length(x) != 1L || is.na(x)) {
    abort_judicious("{.arg {arg}} must be TRUE or FALSE, not {.obj_type_friendly {x}}.",
                    "type", arg = arg, call = call)
  }
  x
}

check_string <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!rlang::is_string(x)) {
    abort_judicious("{.arg {arg}} must be a string, not {.obj_type_friendly {x}}.", "type",
                    arg = arg, call = call)
  }
  x
}

check_choice <- function(x, choices, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!is.character(x) || length(x) != 1L || !x %in% choices) {
    one <- is.character(x) && length(x) == 1L
    shown <- if (one) "{.val {x}}" else "{.obj_type_friendly {x}}"
    meant <- if (one) nearest_names(x, choices)
    abort_judicious(c("{.arg {arg}} must be one of {.or {.val {choices}}}.",
                      x = paste0("It is ", shown, "."),
                      i = if (length(meant) > 0L) "Did you mean {.val {meant[1]}}?"),
                    "choice", arg = arg, call = call)
  }
  x
}

# An argument whose default lists its choices: the first stands for "not given".
match_choice <- function(x, arg = as.character(substitute(x)), call = rlang::caller_env()) {
  force(arg)
  maker <- sys.function(sys.parent())
  choices <- eval(formals(maker)[[arg]], environment(maker))
  if (is.null(x) || identical(x, choices)) return(choices[1])
  check_choice(x, choices, arg = arg, call = call)
}

# Those of `names` that `x` may be a slip of, nearest first.
nearest_names <- function(x, names) {
  if (length(names) == 0L || is.na(x) || x == "") return(character())
  distance <- as.vector(utils::adist(x, names, ignore.case = TRUE))
  near <- distance <= max(1, floor(nchar(x) / 3)) & distance < nchar(names)
  names[near][order(distance[near])]
}

# Nothing may be left in the dots: what has no effect is a mistake.
check_dots <- function(..., call = rlang::caller_env()) {
  if (...length() == 0L) return(invisible())
  given <- rlang::names2(as.list(substitute(list(...)))[-1])
  known <- setdiff(names(formals(rlang::caller_fn())), "...")
  first <- given[1]
  meant <- nearest_names(first, known)
  what <- if (first == "") {
    "All further arguments must be named."
  } else {
    "{.arg {first}} is no argument of this function."
  }
  cli::cli_abort(
    c(what,
      i = if (length(meant) > 0L) "Did you mean {.arg {meant[1]}}?" else
        if (length(known) > 0L) "It has {.arg {known}}."),
    class = c("judicious_error_argument", "judicious_error", "rlib_error_dots_nonempty"),
    arg = first, call = call
  )
}

check_conf_level <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  check_number(x, 0, 1, open = TRUE, arg = arg, call = call)
}

# A numeric vector without missing or infinite values; returns doubles.
check_numeric_vector <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!is.numeric(x) && !is.logical(x)) {
    abort_judicious("{.arg {arg}} must be a numeric vector, not {.obj_type_friendly {x}}.",
                    "type", arg = arg, call = call)
  }
  check_finite(x, arg = arg, call = call)
  as.double(x)
}

check_finite <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  bad <- which(!is.finite(x))
  if (length(bad) > 0L) {
    abort_judicious(c("{.arg {arg}} must have no missing or infinite values.",
                      x = "Element {bad[1]} is {.val {x[bad[1]]}}."),
                    "finite", arg = arg, where = bad, call = call)
  }
  invisible(x)
}

check_between <- function(x, lower = -Inf, upper = Inf, open = FALSE,
                          arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  bad <- which(if (open) x <= lower | x >= upper else x < lower | x > upper)
  if (length(bad) > 0L) {
    rule <- if (is.infinite(upper)) {
      paste0(if (open) "be above {lower}" else "be at least {lower}")
    } else if (open) {
      "lie strictly between {lower} and {upper}"
    } else {
      "lie in [{lower}, {upper}]"
    }
    where <- if (length(x) == 1L) "It" else "Element {bad[1]}"
    abort_judicious(c(paste0("{.arg {arg}} must ", rule, "."),
                      x = paste0(where, " is {.val {x[bad[1]]}}.")),
                    "range", arg = arg, where = bad, call = call)
  }
  invisible(x)
}

check_length <- function(x, n, arg = rlang::caller_arg(x), n_arg, call = rlang::caller_env()) {
  if (length(x) != n) {
    abort_judicious("{.arg {arg}} must have one element per {n_arg} ({n}), not {length(x)}.",
                    "length", arg = arg, call = call)
  }
  invisible(x)
}

abort_missing_id <- function(where, arg, call) {
  abort_judicious(
    c("{.arg {arg}} must not be missing.", x = "It is missing in row {where[1]}.",
      i = "Give these rows an id of their own or remove them."),
    "missing_id", arg = arg, where = where, call = call
  )
}

# Worker threads for the core: the argument, or the option, or one.
check_threads <- function(threads, call = rlang::caller_env()) {
  if (is.null(threads)) threads <- getOption("judicious.threads", 1L)
  threads <- check_count(threads, arg = "threads", call = call)
  # More than any machine has; each needs memory of its own.
  as.integer(check_between(threads, 1, 1024, arg = "threads", call = call))
}

check_class <- function(x, class, made_by, arg = rlang::caller_arg(x),
                        call = rlang::caller_env()) {
  # A class alone makes no result.
  if (inherits(x, class) && (length(x) > 0L || !is.list(x))) return(invisible(x))
  abort_judicious(
    c("{.arg {arg}} must be the result of {.code {made_by}}.",
      x = "It is {.obj_type_friendly {x}}."),
    "type", arg = arg, call = call
  )
}

check_data <- function(data, call) {
  if (inherits(data, "prudent_duckplyr_df")) abort_lazy(data, "data", call)
  if (is.null(data) || is.data.frame(data)) return(invisible())
  if (is_lazy_table(data)) abort_lazy(data, "data", call)
  hint <- if (is.matrix(data) || is.list(data) && !is.object(data)) {
    "{.code as.data.frame(data)} makes one."
  }
  abort_judicious(
    c("{.arg data} must be a data frame, not {.obj_type_friendly {data}}.", i = hint),
    "type", arg = "data", call = call
  )
}

is_lazy_table <- function(x) {
  inherits(x, c("tbl_lazy", "tbl_sql", "tbl_spark", "ArrowObject", "arrow_dplyr_query", "Dataset",
                "prudent_duckplyr_df", "DBIConnection", "RPolarsLazyFrame", "polars_lazy_frame"))
}

# Rows in a database, or in files, that are needed one by one.
check_not_lazy <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (is_lazy_table(x)) abort_lazy(x, arg, call)
}

abort_lazy <- function(x, arg, call) {
  hint <- if (inherits(x, "prudent_duckplyr_df")) {
    c(i = "{.code duckplyr::as_tbl({arg})} makes it a table that {.fun estimate_mean} reads where
           it is; {.code dplyr::collect({arg})} fetches the rows.")
  } else if (inherits(x, c("ArrowObject", "arrow_dplyr_query", "Dataset"))) {
    c(i = "Files that Arrow reads go to {.code summarise_labels(paths = )}. Any query of it goes
           batch by batch to {.fun summarise_chunks}, with
           {.code batches <- arrow::as_record_batch_reader({arg})} and the reader {.code function()
           if (!is.null(batch <- batches$read_next_batch())) as.data.frame(batch)}.")
  } else {
    c(i = "{.code dplyr::collect({arg})} fetches the rows, where they fit: choose columns first.",
      i = "{.fun estimate_mean}, {.fun estimate_groups}, {.fun estimate_difference},
           {.fun estimate_ratio}, {.fun estimate_performance}, {.fun estimate_shares},
           {.fun estimate_quantile}, {.fun estimate_bradley_terry}, {.fun check_labels} and
           {.fun monitor_mean} read tables of a database where they are.")
  }
  abort_judicious(
    c("{.arg {arg}} must be rows in memory here, not {.obj_type_friendly {x}}.",
      x = "Its rows are elsewhere, and this needs them one by one.", hint),
    c("lazy", "type"), arg = arg, call = call
  )
}
