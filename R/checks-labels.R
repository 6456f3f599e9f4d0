# Labels that are no numbers, or look as if they were: what they may mean.

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
