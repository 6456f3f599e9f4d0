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
match_choice <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  maker <- rlang::caller_fn()
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

# Before anything is allocated: `bytes` a result and the work on it need.
check_memory <- function(bytes, what, call = rlang::caller_env()) {
  if (bytes > memory_limit()) abort_memory(bytes, call, what)
}

abort_memory <- function(bytes, call, what = NULL) {
  size <- function(x) paste(format_count(signif(x / 2^30, 2)), "GB")
  abort_judicious(
    c("There is not enough memory.",
      x = if (!is.null(bytes)) "{what} needs about {size(bytes)}; {size(memory_limit())} are free.",
      i = "{.code options(judicious.memory_limit = )} sets the limit, in bytes."),
    "memory", bytes = bytes, call = call
  )
}

# Bytes that are free: what Linux says of the machine and of its container; elsewhere unknown.
memory_limit <- function() {
  limit <- getOption("judicious.memory_limit")
  if (!is.null(limit)) return(limit)
  min(free_of_machine(), free_of_container())
}

free_of_machine <- function() {
  lines <- read_quietly("/proc/meminfo")
  free <- sub("\\D*(\\d+).*", "\\1", grep("^MemAvailable:", lines, value = TRUE))
  if (length(free) == 1L) 1024 * as.double(free) else Inf
}

free_of_container <- function() {
  folder <- "/sys/fs/cgroup/"
  sizes <- suppressWarnings(as.double(c(
    read_quietly(paste0(folder, "memory.max"))[1], read_quietly(paste0(folder, "memory.current"))[1]
  )))
  if (anyNA(sizes)) Inf else sizes[1] - sizes[2]
}

read_quietly <- function(path) {
  if (!file.exists(path)) return(NA_character_)
  tryCatch(suppressWarnings(readLines(path)), error = function(cnd) NA_character_)
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
           {.fun estimate_quantile}, {.fun check_labels} and {.fun monitor_mean} read tables of a
           database where they are.")
  }
  abort_judicious(
    c("{.arg {arg}} must be rows in memory here, not {.obj_type_friendly {x}}.",
      x = "Its rows are elsewhere, and this needs them one by one.", hint),
    c("lazy", "type"), arg = arg, call = call
  )
}

check_number_like <- function(x, name, call, data = NULL) {
  wide <- inherits(x, "integer64")  # doubles that hold the bits of integers
  if ((is.numeric(x) || is.logical(x)) && !wide) return(invisible(x))
  abort_judicious(c("{.var {name}} must be numeric, logical or a two-level factor.",
                    x = "It is {.obj_type_friendly {x}}.",
                    hints(not_number_hint(x, name, wide, names(data)))),
                  "type", arg = name, call = call)
}

not_number_hint <- function(x, name, wide, columns) {
  if (wide) return("Convert it with {.fn as.double} after {.code library(bit64)}.")
  if (is.null(x)) return("Is the name right?")
  if (!is.character(x)) return("Use numbers, TRUE/FALSE, or a factor with two levels.")
  if (length(x) == 1L && x %in% columns) return(bare_name_hint(x))
  answers <- setdiff(unique(x[!is.na(x)]), "")
  several <- sum(!is_missing_word(answers)) > 2L
  c(if (length(x) > 0L) two_level_hint(unique(x), name),
    "Use 0/1, TRUE/FALSE, or a factor with two levels (the second counts as 1).",
    if (several) "For the share of every value use {.fun estimate_shares}.")
}

bare_name_hint <- function(column) {
  literal(paste0("Use the bare name, without quotes: `", column, "`."))
}

# How text becomes a factor: the values that are answers, none that stands for "no label".
two_level_hint <- function(values, name) {
  values <- values[!is.na(values)]
  codes <- values[is_missing_word(values)]
  answers <- meaning_order(sort(setdiff(values, codes)))
  example <- answers
  if (length(answers) != 2L) example <- c("<what counts as 0>", "<what counts as 1>")
  shown <- paste0("factor(", name, ", levels = c(", toString(dQuote(example, FALSE)), "))")
  folded <- length(unique(tolower(trimws(answers)))) < length(answers)
  c(
    if (length(codes) > 0L) {
      literal(paste0(dQuote(codes[1], FALSE), " looks like a code for \"unlabelled\"."))
    },
    if (folded) "Some values differ in case or blanks only: {.fn tolower} and {.fn trimws} help.",
    literal(paste0("`", shown, "` makes everything else missing, which is unlabelled."))
  )
}

# What counts as 0 first, where the words say so; by the alphabet "correct" comes before "wrong".
meaning_order <- function(values) {
  zero <- c(blame_words, "no", "n", "false", "negative", "neg", "off", "absent", "never",
            "disagree")
  one <- c(praise_words, "yes", "y", "true", "positive", "pos", "on", "present", "always", "agree")
  word <- tolower(trimws(values))
  values[order(!word %in% zero, word %in% one, word)]
}

# Words that stand for "nobody labelled this".
missing_words <- c(
  "", "na", "n/a", "nan", "<na>", "null", "nil", "-", "--", "?", ".", "unlabelled", "unlabeled",
  "not labelled", "not labeled", "no label", "unannotated", "not annotated", "not reviewed",
  "unreviewed", "pending", "todo", "to do", "tbd"
)

is_missing_word <- function(x) gsub("[_ ]+", " ", tolower(trimws(x))) %in% missing_words

check_two_levels <- function(x, name, call) {
  if (nlevels(x) != 2L) {
    first <- utils::head(levels(x), 5)
    used <- levels(x)[levels(x) %in% x]
    hint <- if (length(used) == 2L) {
      "Only {.val {used}} occur: {.fn droplevels} removes the others."
    } else {
      two_level_hint(used, name)
    }
    abort_judicious(
      c("The factor {.var {name}} must have two levels, so that the second counts as 1.",
        x = "It has {nlevels(x)}, such as {.val {first}}.", hints(hint),
          i = if (nlevels(x) > 2L) "For the share of every level use {.fun estimate_shares}."),
      "type", arg = name, call = call
    )
  }
  check_level_codes(x, name, call)
  inform_judicious(
    "Factor {.var {name}}: level {.val {levels(x)[2]}} counts as 1, {.val {levels(x)[1]}} as 0.",
    "factor", .frequency = "once",
    .frequency_id = paste0("judicious_factor_", paste(levels(x), collapse = "|"))
  )
}

# A level that stands for "unlabelled" would count as an answer.
check_level_codes <- function(x, name, call) {
  code <- levels(x)[is_missing_word(levels(x))]
  if (length(code) == 0L || !any(x %in% code)) return(invisible())
  abort_judicious(
    c("The level {.val {code[1]}} of {.var {name}} looks like a code for {.val unlabelled}.",
      x = "It would count as an answer.",
      hints(two_level_hint(levels(x), name))),
    "unlabelled_code", arg = name, call = call
  )
}

# Evaluates a data-masked argument.
eval_quosure <- function(quosure, data, what, call) {
  check_no_constant(quosure, data, what, call)
  value <- rlang::try_fetch(
    rlang::eval_tidy(quosure, data),
    error = function(cnd) {
      meant <- misspelt_column(cnd, data)
      columns <- if (is.null(data)) {
        "There is no {.arg data}: variables are looked up where the formula was written."
      } else {
        "{.arg data} has the column{?s} {.var {names(data)}}."
      }
      abort_judicious(c("Cannot evaluate {.code {what}}: {conditionMessage(cnd)}",
                        i = if (length(meant) > 0L) "Did you mean {.var {meant[1]}}?",
                        i = columns),
                      "column", arg = what, call = call, parent = NA)
    }
  )
  check_bare_name(value, data, what, call)
  value
}

misspelt_column <- function(cnd, data) {
  name <- regmatches(conditionMessage(cnd), regexec("object '([^']*)' not found",
                                                    conditionMessage(cnd)))[[1]][2]
  if (is.na(name)) return(character())
  nearest_names(name, names(data))
}

# `pi`, `T`, `letters`: a name that is no column but one of R's own constants.
check_no_constant <- function(quosure, data, what, call) {
  if (!rlang::is_quosure(quosure) || rlang::quo_is_null(quosure)) return(invisible())
  env <- rlang::quo_get_env(quosure)
  used <- setdiff(all.vars(rlang::quo_get_expr(quosure)), names(data))
  bare <- is.symbol(rlang::quo_get_expr(quosure))
  for (name in used) {
    found <- get0(name, envir = env, inherits = TRUE)
    own <- get0(name, envir = baseenv(), inherits = FALSE)
    constant <- !is.null(own) && !is.function(own) && identical(found, own)
    in_design <- name == "pi" && what %in% c("strata", "clusters", "prob")
    if (!constant || !(bare || in_design)) next
    abort_judicious(
      c("{.code {what}} finds {.code {name}}, a constant of R, not a column.",
        i = if (is.null(data)) "There is no {.arg data} with a column {.var {name}}." else
          "{.arg data} has the column{?s} {.var {names(data)}}."),
      "column", arg = what, call = call
    )
  }
}

# strata = "language" where the column is meant.
check_bare_name <- function(value, data, what, call) {
  if (!rlang::is_string(value) || !value %in% names(data) || nrow(data) == 1L) return(invisible())
  abort_judicious(
    c("{.arg {what}} is the text {.val {value}}, not the column of this name.",
      i = bare_name_hint(value)),
    "column", arg = what, call = call
  )
}
