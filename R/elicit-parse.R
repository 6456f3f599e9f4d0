# Reading answers: the choice or the set that a judge wrote, or nothing. Nothing is guessed: an
# answer that names no option, several where one was asked for, or anything else is `NA`.

# One row per text with `choice` (position of an option), `set` (bitmask), `status`, and `from` and
# `to`, the first and the last character of what the choice was read from. `asked` is "choice",
# "set" or "both"; `codes`, a list with one vector per text, holds what the options of the task were
# shown as, in the order of the task.
read_answers <- function(text, task, asked, codes) {
  asked <- rep_len(asked, length(text))
  cases <- vctrs::data_frame(text = valid_text(text), asked = asked,
                             codes = vapply(codes, paste, "", collapse = "\r"))
  first <- vctrs::vec_unique_loc(cases)
  readers <- lapply(unique(codes[first]), answer_reader, task = task)
  reader <- readers[match(codes[first], unique(codes[first]))]
  read <- read_distinct(cases$text[first], reader, asked[first])
  vctrs::vec_slice(read, vctrs::vec_match(cases, vctrs::vec_slice(cases, first)))
}

# The same for one reader of all texts.
read_with <- function(text, reader, asked = "choice") {
  cases <- vctrs::data_frame(text = valid_text(text), asked = rep_len(asked, length(text)))
  distinct <- vctrs::vec_unique(cases)
  read <- read_distinct(distinct$text, list(reader), distinct$asked)
  vctrs::vec_slice(read, vctrs::vec_match(cases, distinct))
}

read_distinct <- function(text, readers, asked) {
  rows <- unname(Map(read_answer_text, text, readers, asked))
  pick <- function(name) unname(vapply(rows, `[[`, 0L, name))
  choice <- pick("choice")
  set <- pick("set")
  lost <- (is.na(choice) & asked != "set") | (is.na(set) & asked != "choice")
  status <- ifelse(!lost, "ok", ifelse(is_refusal(text), "refused", "unreadable"))
  vctrs::data_frame(choice = choice, set = set, status = unname(status), from = pick("from"),
                    to = pick("to"))
}

read_answer_text <- function(text, reader, asked) {
  out <- list(choice = NA_integer_, set = NA_integer_, from = NA_integer_, to = NA_integer_)
  if (is.na(text)) return(out)
  answer <- clean_answer(text)
  parts <- if (asked == "both") joint_parts(answer) else list(choice = answer, set = answer)
  if (asked != "set") {
    found <- find_choice(parts$choice, reader)
    out$choice <- found$option
    out[c("from", "to")] <- as.list(original_place(found, answer))
  }
  if (asked != "choice") out$set <- set_bits(set_of(parts$set, reader), reader)
  out
}

# A set that the task does not allow is no answer to its question.
set_bits <- function(members, reader) {
  if (length(members) == 0L || anyNA(members)) return(NA_integer_)
  bits <- sum(bitwShiftL(1L, unique(members) - 1L))
  if (!is.null(reader$sets) && !bits %in% reader$sets) NA_integer_ else as.integer(bits)
}

# --- a response set ---------------------------------------------------------------

set_of <- function(piece, reader) {
  text <- piece$text
  lines <- line_texts(piece)
  if (length(lines) == 0L) return(NA_integer_)
  json <- json_answer(text, c("set", "answers", "options", "choices", "labels", "answer", "choice"))
  if (!is.null(json)) return(vapply(json, match_piece, 0L, reader = reader, USE.NAMES = FALSE))
  marked <- vapply(marked_pieces(piece), `[[`, "", "text")
  stated <- last_statement(piece, paste0("(?:", set_words, "|", answer_words, ")"))
  tries <- if (length(marked) > 0L) {
    list(paste(unique(marked), collapse = "\n"))
  } else if (!is.null(stated)) {
    list(stated$text, line_texts(stated)[1])
  } else if (is_refusal(text)) {
    list(text)
  } else {
    list(text, lines[length(lines)], lines[1])
  }
  for (try in tries) {
    members <- list_of(try, reader)
    if (!anyNA(members)) return(members)
  }
  NA_integer_
}

# The options that a list names: NA if any part of it is none, empty for "none".
list_of <- function(text, reader) {
  whole <- match_piece(text, reader)
  if (!is.na(whole)) return(whole)
  plain <- gsub(marks_around, "", text, perl = TRUE)
  is_said <- function(words) {
    grepl(paste0("^(?i)", words, "(?: of (?:the above|them|these))?$"), plain, perl = TRUE)
  }
  if (is_said("(?:none|neither|nothing)")) return(integer())
  everything <- if (length(reader$options) == 2L) "(?:all|both)" else "all"
  if (is_said(everything)) return(seq_along(reader$options))
  if (reader$letters && grepl("^[A-Z]{2,30}$", plain)) {
    members <- match(strsplit(plain, "")[[1]], reader$codes)
    if (!anyNA(members) && !anyDuplicated(members)) return(members)
  }
  vapply(list_pieces(text, reader), match_piece, 0L, reader = reader, USE.NAMES = FALSE)
}

# Names of options may hold what separates them elsewhere ("rock and roll").
list_pieces <- function(text, reader) {
  bullets <- if (any(grepl("^[0-9]", reader$codes))) "[-*\u2022]" else "(?:[-*\u2022]|[0-9]+[.)])"
  text <- gsub(paste0("(?m)^\\s*", bullets, "\\s+"), "", text, perl = TRUE)
  between <- "\\s*(?:[,;/|&+\n]|\\band\\b|\\bor\\b)\\s*"
  composed <- words_by_length(grep(between, reader$options, value = TRUE, perl = TRUE))
  for (option in composed) {
    code <- reader$codes[match(option, reader$options)]
    text <- gsub(paste0("(?i)\\Q", option, "\\E"), code, text, perl = TRUE)
  }
  pieces <- strsplit(text, between, perl = TRUE)[[1]]
  pieces <- pieces[nzchar(gsub(marks_around, "", pieces, perl = TRUE))]
  if (length(pieces) == 0L) "" else pieces
}

# --- both at once, JSON, refusals -------------------------------------------------

# "Choice: A" and "Set: A, B"; without such words the first of two lines is the choice.
joint_parts <- function(answer) {
  json <- json_piece(answer)
  if (!is.null(json) && !is.null(names(json$value))) {
    return(list(choice = json_only(json, c("choice", "answer")),
                set = json_only(json, c("set", "options"))))
  }
  choice <- last_part(answer, "(?:(?:forced |final |single )?(?:choice|answer))")
  set <- last_part(answer, "(?:(?:response )?set|(?:all )?reasonable(?: options| answers)?)")
  lines <- piece_lines(answer)
  if (is.null(choice) && is.null(set) && length(lines) == 2L) {
    return(list(choice = lines[[1]], set = lines[[2]]))
  }
  list(choice = choice %||% new_piece(""), set = set %||% new_piece(""))
}

# What follows such a word. A list may follow on lines of its own, up to the next such word.
last_part <- function(answer, words) {
  pattern <- paste0("(?im)^\\W*", words, "\\W*?[:=][\\s*_]*?",
                    "((?:\\S[^\n]*|(?:\n(?!\\W*\\w[\\w ]*[:=])[^\n]*)+))$")
  found <- piece_matches(pattern, answer, 1L)
  if (length(found) > 0L) trim_piece(found[[length(found)]])
}

# The values of a joint answer as a piece of their own: where they stand, if that is one place.
json_only <- function(json, keys) {
  key <- json_keys(json$value, keys)[1]
  if (is.na(key)) return(new_piece(""))
  values <- json_strings(json$value[[key]])
  place <- if (length(values) == 1L) json_place(json, key)
  if (identical(place$text, values)) place else new_piece(paste(values, collapse = ", "), json$at)
}

# --- JSON

choice_keys <- c("answer", "choice", "label", "rating", "option", "grade", "verdict", "score",
                 "result", "decision", "conclusion", "classification", "prediction", "judgment",
                 "judgement", "category", "class", "selection", "outcome", "response", "output",
                 "value")

# The option in the fields of an answer. Fields that name different options leave doubt.
json_choice <- function(json, reader) {
  value <- json$value
  if (is.null(names(value))) {
    values <- json_strings(value)
    return(if (length(values) == 1L) json_found(values, json, json, reader) else no_choice)
  }
  keys <- json_keys(value, choice_keys)
  if (length(keys) == 0L && length(value) == 1L) keys <- 1L
  only_choice(c(list(no_choice), lapply(keys, json_field, json = json, reader = reader)))
}

json_field <- function(key, json, reader) {
  value <- json$value[[key]]
  if (is.list(value) && !is.null(names(value))) {
    return(json_choice(c(new_piece(json$text, json$at), list(value = value)), reader))
  }
  values <- json_strings(value)
  if (length(values) != 1L) return(no_choice)
  json_found(values, json_place(json, key), json, reader)
}

# The place within the value, where that can be told.
json_found <- function(value, place, json, reader) {
  if (!nzchar(trimws(value))) return(no_choice)
  option <- stated_option(new_piece(value), reader)$option
  if (is.null(place) || is.na(option)) return(chosen(option, json))
  within <- if (grepl("\\S", place$text)) stated_option(place, reader) else no_choice
  if (identical(within$option, option)) within else chosen(option, place)
}

# Positions of fields, the most telling name first; "Final Score" and "final_score" are "score".
json_keys <- function(value, keys) {
  plain <- gsub("[^a-z]", "", tolower(names(value)))
  plain <- sub("^(?:final|overall|my|the|your)(?=[a-z])", "", plain, perl = TRUE)
  at <- match(plain, keys)
  which(!is.na(at))[order(at[!is.na(at)])]
}

# Where the value of a field stands.
json_place <- function(json, key) {
  found <- find_values(json$text)
  row <- match(names(json$value)[key], found$key)
  if (is.na(row)) return(NULL)
  cut_piece(json, found$core[row] + 1L, found$core_end[row])
}

json_answer <- function(text, keys) {
  json <- json_piece(new_piece(text))$value
  if (is.null(json)) return(NULL)
  if (is.null(names(json))) return(json_strings(json))
  key <- json_keys(json, keys)
  if (length(key) > 0L) return(json_strings(json[[key[1]]]))
  if (length(json) == 1L) json_strings(json[[1]]) else character()
}

json_strings <- function(x) {
  if (is.null(x)) return(character())
  if (all(vapply(x, rlang::is_scalar_atomic, FALSE))) as.character(unlist(x)) else ""
}

# The object or array that a text holds, with its `value` as a list; NULL if it holds none.
json_piece <- function(piece) {
  at <- regexpr("(?s)[{].*[}]|\\[\\s*(?:\"[^\\]]*\\s*)?\\]", piece$text, perl = TRUE)
  if (at < 0L) return(NULL)
  part <- cut_piece(piece, as.integer(at), at + attr(at, "match.length") - 1L)
  value <- tryCatch(jsonlite::fromJSON(part$text, simplifyVector = FALSE),
                    error = function(cnd) NULL)
  if (is.list(value) && length(value) > 0L) c(part, list(value = value))
}

# --- refusals

refusal <- paste0(
  "(?i)\\b(?:(?:i|we)\\s*(?:'|\u2019)?\\s*(?:am|m)?\\s*(?:can\\s?not|can(?:'|\u2019)t|unable|",
  "won(?:'|\u2019)t|will not|sorry|apologi[sz]e|decline|refuse|do not feel|don(?:'|\u2019)t feel)|",
  "as an ai\\b|no opinion|",
  # Spanish, Portuguese, Italian, French, German, Chinese, Japanese
  "lo siento|no puedo|n\u00e3o posso|sinto muito|desculpe|mi dispiace|non posso|",
  "d\u00e9sol\u00e9|je ne (?:peux|suis|veux)|je refuse|tut mir leid|",
  "ich (?:kann|darf|werde)\\b.*\\bnicht|(?:kann|darf|werde) ich\\b.*\\bnicht)|",
  "\u62b1\u6b49|\u5bf9\u4e0d\u8d77|\u5c0d\u4e0d\u8d77|\u65e0\u6cd5|\u7121\u6cd5|",
  "\u4e0d\u80fd\u56de\u7b54|\u7533\u3057\u8a33|\u304a\u7b54\u3048\u3067\u304d"
)

is_refusal <- function(text) !is.na(text) & grepl(refusal, text, perl = TRUE)

first_line <- function(text) {
  lines <- trimws(strsplit(text, "\n", fixed = TRUE)[[1]])
  if_na(lines[nzchar(lines)][1], "")
}

if_na <- function(x, default) if (is.na(x)) default else x
