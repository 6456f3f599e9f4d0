# Labels that look different and are the same, and labels that look like names and are numbers.

# What labels have in common that differ only in case, blanks or the way a number is written.
fold_label <- function(x) {
  x <- tolower(trimws(gsub("[\\s\u00a0\u200b-\u200f\u202f\u2060\u3000\ufeff]+", " ", x,
                           perl = TRUE)))
  number <- which(is_number_text(x))
  x[number] <- as.character(as.double(x[number]))
  x
}

is_number_text <- function(x) grepl("^[-+]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)$", x, perl = TRUE)

# Labels in their order: by number if all are numbers, else by code point.
sort_labels <- function(x) {
  if (length(x) > 0L && all(is_number_text(x))) return(x[order(as.double(x), x)])
  sort(x, method = "radix")
}

# The first two labels that differ only so, or NULL.
alike_labels <- function(labels) {
  labels <- unique(labels[!is.na(labels)])
  if (is.numeric(labels)) return(alike_numbers(sort(labels)))
  folded <- fold_label(labels)
  second <- which(duplicated(folded))[1]
  if (is.na(second)) NULL else labels[c(match(folded[second], folded), second)]
}

# Neighbours that rounding makes equal: to the digits that are printed, or to the decimals of one.
alike_numbers <- function(x) {
  if (length(x) < 2L) return(NULL)
  low <- x[-length(x)]
  high <- x[-1]
  near <- high - low <= 1e-7 * pmax(abs(low), abs(high))
  digits <- pmin(decimals(low), decimals(high))
  rounded <- digits > 0 & decimals(low) != decimals(high) &
    abs(round(low, digits) - round(high, digits)) < 1e-12
  first <- which(near | rounded)[1]
  if (is.na(first)) NULL else c(low[first], high[first])
}

decimals <- function(x) {
  text <- vapply(abs(x) - floor(abs(x)), format, "", digits = 10, scientific = FALSE)
  nchar(sub("^[0-9]+[.]?", "", text))
}

# Counted apart, such labels are disagreement that nobody meant.
warn_alike <- function(labels, arg, call) {
  pair <- alike_labels(labels)
  if (is.null(pair)) return(invisible())
  if (is.numeric(pair)) {
    shown <- format(pair, digits = 17, trim = TRUE)
    warn_judicious(
      c("{.arg {arg}} has labels that differ only by rounding, and counts them as different.",
        x = "Such as {shown[1]} and {shown[2]}.", i = "Round them: {.code round(x, 2)}."),
      "alike", labels = pair, arg = arg, call = call
    )
  } else {
    warn_judicious(
      c("{.arg {arg}} has labels that differ only in case, blanks or the way a number is written,
         and counts them as different.",
        x = "Such as {.val {pair[1]}} and {.val {pair[2]}}.",
        i = "Bring them into one form: {.code tolower(trimws(x))}."),
      "alike", labels = pair, arg = arg, call = call
    )
  }
}

# Two columns that have no label in common agree on nothing: mostly they were coded differently.
warn_disjoint <- function(human, judge, args, call) {
  human <- unique(human[!is.na(human)])
  judge <- unique(judge[!is.na(judge)])
  if (length(human) < 2L || length(judge) < 2L || any(judge %in% human)) return(invisible())
  warn_judicious(
    c("{.arg {args[1]}} and {.arg {args[2]}} have no label in common.",
      x = "{.arg {args[1]}} has {.val {utils::head(human, 3)}}, {.arg {args[2]}} has
           {.val {utils::head(judge, 3)}}.",
      i = "Are they named differently? Bring them into one form first."),
    "disjoint", arg = args[2], call = call
  )
}

# --- order --------------------------------------------------------------------------

# Levels that R has put into the order of the alphabet are hardly the order of a scale.
is_alphabetical <- function(x) {
  levels <- levels(x)
  if (is.ordered(x) || length(levels) < 3L) return(FALSE)
  if (all(is_number_text(levels))) return(is.unsorted(as.double(levels)))
  identical(levels, sort(levels, method = "radix")) || identical(levels, sort(levels))
}

warn_alphabetical <- function(x, arg, what, call) {
  if (!is_alphabetical(x)) return(invisible())
  shown <- paste(utils::head(levels(x), 6), collapse = " < ")
  warn_judicious(
    c("{what} takes the levels of {.arg {arg}} as a scale, but their order is that of the
       alphabet.",
      x = "It is {shown}.",
      i = "Name the order: {.code factor(x, levels = c(...), ordered = TRUE)}."),
    "alphabetical", arg = arg, levels = levels(x), call = call
  )
}
