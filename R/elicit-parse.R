# Reading answers: the choice or the set that a judge wrote, or nothing. Nothing is guessed: an
# answer that names no option, several where one was asked for, or anything else is `NA`.

# One row per text with `choice` (position of an option), `set` (bitmask) and `status`. `asked` is
# "choice", "set" or "both"; `codes`, a list with one vector per text, holds what the options of the
# task were shown as, in the order of the task.
read_answers <- function(text, task, asked, codes) {
  asked <- rep_len(asked, length(text))
  cases <- vctrs::data_frame(text = valid_text(text), asked = asked,
                             codes = vapply(codes, paste, "", collapse = "\r"))
  first <- vctrs::vec_unique_loc(cases)
  read <- read_distinct(cases$text[first], task, asked[first], codes[first])
  vctrs::vec_slice(read, vctrs::vec_match(cases, vctrs::vec_slice(cases, first)))
}

read_distinct <- function(text, task, asked, codes) {
  readers <- lapply(unique(codes), answer_reader, task = task)
  reader <- match(codes, unique(codes))
  rows <- Map(function(text, reader, asked) read_answer_text(text, readers[[reader]], asked),
              text, reader, asked)
  choice <- vapply(rows, `[[`, 0L, "choice")
  set <- vapply(rows, `[[`, 0L, "set")
  lost <- (is.na(choice) & asked != "set") | (is.na(set) & asked != "choice")
  status <- ifelse(!lost, "ok", ifelse(is_refusal(text), "refused", "unreadable"))
  vctrs::data_frame(choice = unname(choice), set = unname(set), status = unname(status))
}

read_answer_text <- function(text, reader, asked) {
  if (is.na(text)) return(list(choice = NA_integer_, set = NA_integer_))
  text <- gsub("\r\n?", "\n", text)
  parts <- if (asked == "both") joint_parts(text) else list(choice = text, set = text)
  list(
    choice = if (asked == "set") NA_integer_ else choice_of(parts$choice, reader),
    set = if (asked == "choice") NA_integer_ else set_bits(set_of(parts$set, reader), reader)
  )
}

# A set that the task does not allow is no answer to its question.
set_bits <- function(members, reader) {
  if (length(members) == 0L || anyNA(members)) return(NA_integer_)
  bits <- sum(bitwShiftL(1L, unique(members) - 1L))
  if (!is.null(reader$sets) && !bits %in% reader$sets) NA_integer_ else as.integer(bits)
}

# --- one option -----------------------------------------------------------------

# What stands for which option: names and codes, in lower case where that is unambiguous.
answer_reader <- function(codes, task) {
  n <- length(task$options)
  exact <- list(word = c(task$options, codes), option = rep(seq_len(n), 2L))
  small <- tolower(exact$word)
  once <- which(!duplicated(paste(small, exact$option)))
  once <- once[!small[once] %in% small[once][duplicated(small[once])]]
  lower <- list(word = small[once], option = exact$option[once])
  list(
    options = task$options, codes = codes, sets = task$sets, exact = exact, lower = lower,
    letters = all(grepl("^[A-Z]$", codes)), pattern = any_word(exact$word),
    # In the middle of a sentence "a" is no code.
    named = paste0("(?<!\\w)(?:(?i:", any_word(setdiff(task$options, codes)), ")|",
                   any_word(codes), ")(?!\\w)")
  )
}

# Longer names first: "very toxic" is not "toxic".
any_word <- function(words) {
  if (length(words) == 0L) return("(?!)")
  paste0("(?:", paste(quote_pattern(words_by_length(words)), collapse = "|"), ")")
}

words_by_length <- function(words) unique(words)[order(-nchar(unique(words)))]

quote_pattern <- function(x) paste0("\\Q", x, "\\E")

quotes <- "\u201c\u201d\u2018\u2019"
# A hyphen before a digit is a minus.
marks_around <- paste0("^(?:[\\s*_`#\"'(\\[{<>", quotes, "]|-(?!\\d))+|",
                       "[\\s*_`\"')\\]}>.,;:!", quotes, "]+$")
code_in_front <- "^\\W*(\\w+)(?:[\\s*_]*(?:[.):=-]+|\\()|[\\s*_])\\s*(.+?)\\)?$"

# The option that a piece of text is, as its name, its code, or both ("B. no"); NA if it is none.
match_piece <- function(piece, reader) {
  piece <- trimws(piece)
  plain <- gsub(marks_around, "", piece, perl = TRUE)
  for (form in unique(c(piece, plain, sub("^(?i)(?:option|answer|label)\\s+", "", plain,
                                          perl = TRUE)))) {
    option <- lookup_word(form, reader)
    if (!is.na(option)) return(option)
  }
  both <- regmatches(plain, regexec(code_in_front, plain, perl = TRUE))[[1]]
  if (length(both) < 3L) return(NA_integer_)
  code <- lookup_word(both[2], reader)
  if (identical(code, lookup_word(gsub(marks_around, "", both[3], perl = TRUE), reader))) {
    code
  } else {
    NA_integer_
  }
}

lookup_word <- function(word, reader) {
  hit <- reader$exact$option[match(word, reader$exact$word)]
  if (is.na(hit)) hit <- reader$lower$option[match(tolower(word), reader$lower$word)]
  hit
}

# --- a forced choice --------------------------------------------------------------

answer_words <- paste0("(?:answer|choice|option|label|verdict|rating|decision|classification|",
                       "judge?ment|selection|grade)s?")
set_words <- "(?:set|options|answers|choices|labels|reasonable(?: options| answers)?)"
stated_by <- "\\b[\"'*_]*\\s*(?:[:=]+|(?:is|are|would be)\\b[:]?|->)[\\s*_\"'(]*"

choice_of <- function(text, reader) {
  if (length(text_lines(text)) == 0L) return(NA_integer_)
  whole <- match_piece(text, reader)
  if (!is.na(whole)) return(whole)
  if (grepl(second_thought, text, perl = TRUE)) text <- last_statement(text)
  json <- json_answer(text, c("answer", "choice", "label", "rating", "option", "grade", "verdict"))
  if (!is.null(json)) return(if (length(json) == 1L) match_piece(json, reader) else NA_integer_)
  stated <- stated_part(text, answer_words)
  if (!is.null(stated)) return(leading_option(first_line(stated), reader))
  lines <- text_lines(text)
  alone <- vapply(lines, match_piece, 0L, reader = reader, USE.NAMES = FALSE)
  if (length(unique(alone[!is.na(alone)])) > 1L) return(NA_integer_)
  # "No" may begin a refusal; a code is an answer whatever reasons follow.
  coded <- match(gsub(marks_around, "", lines[1], perl = TRUE), reader$codes)
  if (!is.na(coded)) return(coded)
  if (is_refusal(text)) return(NA_integer_)
  last <- alone[length(lines)]
  if (!is.na(last)) last else leading_option(lines[1], reader)
}

# The option a line begins with, if a pause or a reason follows, not another option and no doubt.
leading_option <- function(line, reader) {
  whole <- match_piece(line, reader)
  if (!is.na(whole)) return(whole)
  members <- list_of(line, reader)
  if (length(members) > 1L && !anyNA(members)) return(NA_integer_)
  pattern <- paste0("(?i)^[\\s*_`\"'(]*(", reader$pattern, ")(?=[\\s*_`\"')\\]}>.,:;!]*$|[*_`\"']*",
                    "(?:\\s*[.,:;!)](?!\\d)|\\s+[-\u2013\u2014(]|\\s+(?:because|since|given)\\b))")
  hit <- regmatches(line, regexec(pattern, line, perl = TRUE))[[1]]
  if (length(hit) < 2L) return(NA_integer_)
  option <- lookup_word(hit[2], reader)
  rest <- substring(line, nchar(hit[1]) + 1L)
  another <- paste0("^[\\s*_,.)-]*(?i:or|and|but|though|although|however)\\b.*?", reader$named,
                    "|^[\\s*_,)]*(?:(?i:or|and)\\b|/|&|\\||,)[\\s*_(]*(?:\\w+\\W*$|", reader$named,
                    ")")
  named <- match_piece(sub("^\\W+", "", rest), reader)
  doubt <- grepl(paste(another, doubtful, sep = "|"), rest, perl = TRUE)
  if (doubt || (!is.na(named) && named != option)) NA_integer_ else option
}

doubtful <- paste0(
  "^(?i)\\W*(?:(?:but|and|or)\\W+)?(?:maybe|perhaps|possibly|wait|actually|unsure|unclear|",
  "not sure|(?:definitely|really|probably|clearly|certainly) not|not really|hard to (?:say|tell)|",
  "(?:i )?(?:do not|don(?:'|\u2019)t|can(?:not|(?:'|\u2019)t)) (?:know|tell|say)|no\\W*$|not\\W*$)"
)

# What was said before a change of mind does not count, and neither does what follows, unless it
# states the answer again.
second_thought <- paste0("(?i)(?:^|[\n.!?])\\W*(?:no,? |but |oh |hm+,? )?",
                         "(?:wait|actually|correction|scratch that|on second thought|",
                         "on reflection)\\b")

last_statement <- function(text) {
  at <- gregexpr(second_thought, text, perl = TRUE)[[1]]
  last <- length(at)
  rest <- substring(text, at[last] + attr(at, "match.length")[last])
  stated <- stated_part(rest, answer_words)
  if (is.null(stated)) "?" else paste("Answer:", stated)
}

# The text behind the last "Answer:"; NULL if there is none. "The other answer is A" and "I doubt
# that the answer is A" are no such statements.
stated_part <- function(text, words) {
  boxed <- regmatches(text, regexec("\\\\boxed\\{([^}]*)\\}", text))[[1]]
  if (length(boxed) == 2L) return(boxed[2])
  at <- gregexpr(paste0("(?i)\\b", words, stated_by), text, perl = TRUE)[[1]]
  if (at[1] < 0L) return(NULL)
  before <- sub("(?s)^.*[\n.,;:!?]", "", substring(text, 1L, at - 1L), perl = TRUE)
  last <- utils::tail(which(!grepl(not_stated, before, perl = TRUE)), 1L)
  if (length(last) == 0L) return(NULL)
  part <- substring(text, at[last] + attr(at, "match.length")[last])
  if (nzchar(trimws(part))) part
}

not_stated <- paste0(
  "(?i)\\b(?:not|no|never|doubt|whether|if|unless|than|cannot|\\w+n(?:'|\u2019)t|other|another|",
  "wrong|worse|worst|incorrect|bad|alternative|second|initial|tempting|obvious|naive|possible)\\b"
)

text_lines <- function(text) {
  lines <- trimws(strsplit(text, "\n", fixed = TRUE)[[1]])
  lines[nzchar(lines) & !grepl("^```", lines)]
}

first_line <- function(text) if_na(text_lines(text)[1], "")

if_na <- function(x, default) if (is.na(x)) default else x

# --- a response set ---------------------------------------------------------------

set_of <- function(text, reader) {
  if (length(text_lines(text)) == 0L) return(NA_integer_)
  json <- json_answer(text, c("set", "answers", "options", "choices", "labels", "answer", "choice"))
  if (!is.null(json)) return(vapply(json, match_piece, 0L, reader = reader, USE.NAMES = FALSE))
  stated <- stated_part(text, paste0("(?:", set_words, "|", answer_words, ")"))
  lines <- text_lines(text)
  tries <- if (!is.null(stated)) {
    list(stated, first_line(stated))
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
joint_parts <- function(text) {
  json <- json_object(text)
  if (!is.null(names(json))) return(list(choice = json_only(json, "choice", "answer"),
                                         set = json_only(json, "set", "options")))
  # A list may follow on lines of its own, up to the next such word.
  find <- function(words) {
    pattern <- paste0("(?im)^\\W*", words, "\\W*?[:=][\\s*_]*?",
                      "((?:\\S[^\n]*|(?:\n(?!\\W*\\w[\\w ]*[:=])[^\n]*)+))$")
    hits <- regmatches(text, gregexpr(pattern, text, perl = TRUE))[[1]]
    if (length(hits) == 0L) return(NULL)
    hit <- regmatches(hits, regexec(pattern, hits, perl = TRUE))
    trimws(hit[[length(hit)]][2])
  }
  choice <- find("(?:(?:forced |final |single )?(?:choice|answer))")
  set <- find("(?:(?:response )?set|(?:all )?reasonable(?: options| answers)?)")
  lines <- text_lines(text)
  if (is.null(choice) && is.null(set) && length(lines) == 2L) {
    return(list(choice = lines[1], set = lines[2]))
  }
  list(choice = choice %||% "", set = set %||% "")
}

# The values of a joint answer as text of their own.
json_only <- function(json, ...) {
  values <- pick_json(json, c(...))
  if (is.null(values)) "" else paste(values, collapse = ", ")
}

json_answer <- function(text, keys) {
  json <- json_object(text)
  if (is.null(json)) return(NULL)
  if (is.null(names(json))) return(json_strings(json))
  pick_json(json, keys) %||% if (length(json) == 1L) json_strings(json[[1]]) else character()
}

pick_json <- function(json, keys) {
  key <- which(tolower(names(json)) %in% keys)
  if (length(key) > 0L) json_strings(json[[key[order(match(tolower(names(json)[key]), keys))][1]]])
}

json_strings <- function(x) {
  if (is.null(x)) return(character())
  if (all(vapply(x, rlang::is_scalar_atomic, FALSE))) as.character(unlist(x)) else ""
}

# The object or array that a text holds, as a list; NULL if it holds none.
json_object <- function(text) {
  part <- regmatches(text, regexpr("(?s)[{].*[}]|\\[\\s*(?:\"[^\\]]*\\s*)?\\]", text, perl = TRUE))
  if (length(part) == 0L) return(NULL)
  value <- tryCatch(jsonlite::fromJSON(part, simplifyVector = FALSE), error = function(cnd) NULL)
  if (is.list(value) && length(value) > 0L) value
}

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
