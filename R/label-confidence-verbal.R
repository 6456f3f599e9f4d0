# Confidence that the judge has put into words.

confidence_verbal <- function(x, words = NULL, scale = 1, keyword = "confidence", unparsed = NA,
                              call) {
  scale <- check_number(scale, 0, Inf, call = call)
  words <- check_words(words, call)
  texts <- as_texts(x, call)
  parsed <- stated_confidence(texts$text, words, scale, check_keyword(keyword, call))
  readable <- !is.na(parsed)
  parsed[!readable & !is.na(texts$text)] <- check_unparsed(unparsed, call)
  unreadable <- is.na(parsed) & !is.na(texts$text)
  warn_no_confidence(c("without a text" = sum(is.na(texts$text)),
                       "with a text that has not one readable confidence" = sum(unreadable)),
                     length(parsed), call = call)
  vctrs::data_frame(item_id = texts$item_id, confidence = new_confidence(parsed, "verbal"))
}

check_words <- function(words, call) {
  if (is.null(words)) return(NULL)
  if (!is.numeric(words) || is.null(names(words)) || any(names(words) == "")) {
    abort_judicious(
      c("{.arg words} must be numbers named by what they stand for.",
        i = "For instance {.code words = c(high = 0.9, low = 0.3)}."),
      "type", arg = "words", call = call
    )
  }
  check_finite(words, arg = "words", call = call)
  check_between(words, 0, 1, arg = "words", call = call)
  words[order(-nchar(names(words)))]
}

check_keyword <- function(keyword, call) {
  if (is.null(keyword)) return(NULL)
  if (!rlang::is_string(keyword) || !nzchar(keyword)) {
    abort_judicious("{.arg keyword} must be a regular expression or {.code NULL}, not
                     {.obj_type_friendly {keyword}}.", "type", arg = "keyword", call = call)
  }
  keyword
}

check_unparsed <- function(unparsed, call) {
  if (length(unparsed) == 1L && is.na(unparsed)) return(NA_real_)
  check_number(unparsed, 0, 1, arg = "unparsed", call = call)
}

as_texts <- function(x, call) {
  if (is.data.frame(x)) return(texts_of_frame(x, call))
  if (is.factor(x)) x <- rlang::set_names(as.character(x), names(x))
  if (!is.character(x) && !is.numeric(x) && !(is.atomic(x) && all(is.na(x)))) {
    abort_judicious(
      "{.arg x} must be the judge's texts, a character vector or a data frame, not
       {.obj_type_friendly {x}}.",
      "type", arg = "x", call = call
    )
  }
  list(item_id = names(x) %||% seq_along(x), text = as.character(x))
}

texts_of_frame <- function(x, call) {
  if (!all(c("item_id", "answer") %in% names(x))) {
    abort_judicious("{.arg x} must have the columns {.field item_id} and {.field answer}.",
                    "required", arg = "x", call = call)
  }
  list(item_id = x$item_id, text = as.character(x$answer))
}

# --- reading --------------------------------------------------------------------

# The number right behind the keyword, or else what follows it, or else the whole text.
stated_confidence <- function(text, words, scale, keyword) {
  text <- tolower(text)
  out <- rep(NA_real_, length(text))
  places <- list(text)
  if (!is.null(keyword)) {
    # Greedy: up to the last match.
    after <- sub(paste0("(?s)^.*(?:", tolower(keyword), ")"), "", text, perl = TRUE)
    after[after == text] <- NA
    places <- list(sub(number_in_front, "\\1", after, perl = TRUE), after, text)
    places[[1]][places[[1]] == after] <- NA
  }
  for (place in places) {
    open <- which(is.na(out) & !is.na(place))
    out[open] <- read_confidence(place[open], words, scale)
  }
  out
}

# Numbers that say what they are out of go before bare ones, and those before words.
read_confidence <- function(text, words, scale) {
  out <- single_value(text, with_unit)
  open <- is.na(out)
  bare <- single_value(text[open], without_unit)
  out[open] <- bare / scale
  # A number out of range is not overruled by a word.
  open <- is.na(out) & !grepl(number_pattern, text, perl = TRUE)
  out[open] <- read_words(text[open], words)
  out[!is.na(out) & (out < 0 | out > 1)] <- NA
  out
}

# Decimal points or commas; a comma before three digits separates thousands. Not within words, as
# in "gpt-4", no part of a longer number, and no end of a range.
number_pattern <- paste0(
  "(?<![\\w.,\u2013-])-?(?:[0-9]+(?:[.][0-9]+|,[0-9]{1,2}(?![0-9]))?|[.][0-9]+)(?:e-?[0-9]+)?"
)
no_range <- "(?!\\s*[-\u2013]\\s*[0-9])"
ratio_pattern <- paste0(number_pattern, "\\s*(?:/|out of)\\s*[0-9]+(?:[.][0-9]+)?")
percent_pattern <- paste0(number_pattern, "\\s*(?:%|percent\\b|per cent\\b)")
with_unit <- paste0("(?:", ratio_pattern, "|", percent_pattern, ")", no_range)
without_unit <- paste0(number_pattern, "(?![\\w%]|[.,][0-9])", no_range)
number_in_front <- paste0("(?s)^[^\\w.-]*(?:(?:is|of|level|score)[^\\w.-]+)*(", with_unit, "|",
                          without_unit, ").*$")

# The one value that all matches agree on, or NA.
single_value <- function(text, pattern) {
  found <- regmatches(text, gregexpr(pattern, text, perl = TRUE))
  row <- rep(seq_along(found), lengths(found))
  only_value(row, value_of(unlist(found)), length(text))
}

only_value <- function(row, value, n) {
  keep <- vctrs::vec_unique_loc(vctrs::data_frame(row = row, value = value))
  row <- row[keep]
  out <- value[keep][match(seq_len(n), row)]
  out[tabulate(row, n) > 1L] <- NA
  out
}

value_of <- function(matched) {
  if (length(matched) == 0L) return(double())
  number <- "-?[0-9]*[.,]?[0-9]+(?:e-?[0-9]+)?"
  numbers <- regmatches(matched, gregexpr(number, matched, perl = TRUE))
  first <- as.double(sub(",", ".", vapply(numbers, `[`, "", 1L), fixed = TRUE))
  second <- as.double(vapply(numbers, `[`, "", 2L))
  out_of <- ifelse(is.na(second), ifelse(grepl("%|per ?cent", matched), 100, 1), second)
  ifelse(out_of > 0, first / out_of, NA_real_)
}

# Longer entries first: "very high" is not "high".
read_words <- function(text, words) {
  row <- integer()
  value <- double()
  for (word in names(words)) {
    pattern <- paste0("(?<!\\w)\\Q", tolower(word), "\\E(?!\\w)")
    hit <- which(grepl(pattern, text, perl = TRUE))
    text[hit] <- gsub(pattern, " ", text[hit], perl = TRUE)
    row <- c(row, hit)
    value <- c(value, rep(words[[word]], length(hit)))
  }
  only_value(row, value, length(text))
}
