# A forced choice: the option that an answer names, and the place where it does.

no_choice <- list(option = NA_integer_, from = NA_integer_, to = NA_integer_)

chosen <- function(option, piece) {
  if (is.na(option)) return(no_choice)
  list(option = option, from = piece$at + 1L, to = piece$at + nchar(piece$text))
}

# --- what stands for an option ------------------------------------------------------

# Names and codes, in lower case where that is unambiguous.
answer_reader <- function(codes, task) {
  n <- length(task$options)
  new_reader(c(task$options, codes), rep(seq_len(n), 2L), task$options, codes, task$sets)
}

new_reader <- function(word, option, options, codes = options, sets = NULL) {
  word <- clean_words(word)
  option <- option[nzchar(word)]
  word <- word[nzchar(word)]
  exact <- list(word = word, option = option)
  small <- tolower(word)
  once <- which(!duplicated(paste(small, option)))
  once <- once[!small[once] %in% small[once][duplicated(small[once])]]
  lower <- list(word = small[once], option = option[once])
  clean <- clean_words(options)
  numbers <- suppressWarnings(as.double(clean))
  list(
    options = clean, codes = codes, sets = sets, exact = exact, lower = lower,
    letters = all(grepl("^[A-Z]$", codes)), pattern = any_word(word),
    # A scale: its numbers, and the largest of them, which answers are out of ("4/5").
    numbers = numbers, top = if (!anyNA(numbers)) max(numbers)
  )
}

clean_words <- function(x) vapply(x, function(word) clean_answer(word)$text, "", USE.NAMES = FALSE)

# Longer names first: "very toxic" is not "toxic".
any_word <- function(words) {
  if (length(words) == 0L) return("(?!)")
  paste0("(?:", paste(quote_pattern(words_by_length(words)), collapse = "|"), ")")
}

words_by_length <- function(words) unique(words)[order(-nchar(unique(words)))]

quote_pattern <- function(x) paste0("\\Q", x, "\\E")

# Names of options other than this one. In the middle of a sentence "a" is no code.
named_others <- function(option, reader) {
  other <- reader$exact$option != option
  is_letter <- nchar(reader$exact$word) == 1L
  paste0("(?<!\\w)(?:(?i:", any_word(reader$exact$word[other & !is_letter]), ")|",
         any_word(reader$exact$word[other & is_letter]), ")(?!\\w)")
}

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

# "4.0" is the option 4.
lookup_word <- function(word, reader) {
  hit <- reader$exact$option[match(word, reader$exact$word)]
  if (is.na(hit)) hit <- reader$lower$option[match(tolower(word), reader$lower$word)]
  if (is.na(hit) && !is.null(reader$top) && grepl("^-?[0-9]+[.]0+$", word)) {
    hit <- match(as.double(word), reader$numbers)
  }
  hit
}

# --- ways to answer -----------------------------------------------------------------

find_choice <- function(piece, reader) {
  whole <- match_piece(piece$text, reader)
  if (!is.na(whole)) return(chosen(whole, trim_piece(piece)))
  if (grepl(out_of_top, piece$text, perl = TRUE)) return(stated_option(piece, reader))
  changed <- last_change(piece)
  json <- json_piece(piece)
  if (!is.null(json) && (is.null(changed) || changed$at < json$at + nchar(json$text))) {
    return(json_choice(json, reader))
  }
  marked_choice(changed %||% piece, reader) %||% stated_choice(changed %||% piece, reader) %||%
    if (is.null(changed)) line_choice(piece, reader) else no_choice
}

# "4/5" alone may be two answers.
out_of_top <- "^\\W*[0-9]+ out of [0-9]+\\W*$"

# A line of its own, or what the first line begins with.
line_choice <- function(piece, reader) {
  lines <- piece_lines(piece)
  if (length(lines) == 0L) return(no_choice)
  text <- vapply(lines, `[[`, "", "text")
  alone <- vapply(text, match_piece, 0L, reader = reader, USE.NAMES = FALSE)
  if (length(unique(alone[!is.na(alone)])) > 1L) return(no_choice)
  # "No" may begin a refusal; a code is an answer whatever reasons follow.
  coded <- match(gsub(marks_around, "", text[1], perl = TRUE), reader$codes)
  if (!is.na(coded)) return(chosen(coded, lines[[1]]))
  if (is_refusal(piece$text)) return(no_choice)
  last <- length(lines)
  if (!is.na(alone[last])) return(chosen(alone[last], lines[[last]]))
  leading_option(lines[[1]], reader)
}

# The option a line begins with, if a pause or a reason follows, not another option and no doubt.
leading_option <- function(line, reader) {
  whole <- match_piece(line$text, reader)
  if (!is.na(whole)) return(chosen(whole, line))
  members <- list_of(line$text, reader)
  if (length(unique(members)) > 1L && !anyNA(members)) return(no_choice)
  pattern <- paste0("(?i)^[\\s*_`\"'(\\[]*(", reader$pattern, ")(?=", pause, ")")
  hit <- regexpr(pattern, line$text, perl = TRUE)
  if (hit < 0L) return(no_choice)
  start <- attr(hit, "capture.start")[1]
  word <- cut_piece(line, start, start + attr(hit, "capture.length")[1] - 1L)
  option <- lookup_word(word$text, reader)
  rest <- substring(line$text, attr(hit, "match.length") + 1L)
  if (is.na(option) || unsettled(rest, word$text, option, reader)) no_choice else
    chosen(option, word)
}

pause <- paste0("[\\s*_`\"')\\]}>.,:;!]*$|[*_`\"'\\])]*",
                "(?:\\s*[.,:;!)](?!\\d)|\\s+[-\u2013\u2014(]|\\s+(?:because|since|given|as|due|",
                "stars?|points?|reason(?:ing)?:|explanation:|justification:|confidence:)(?!\\w))")

# "No, no violation found" says no once more, and no other option.
unsettled <- function(rest, word, option, reader) {
  rest <- sub(paste0("^(?i)(?:[\\s,!.;*_]+\\Q", word, "\\E(?!\\w))+"), "", rest, perl = TRUE)
  others <- named_others(option, reader)
  another <- paste0("^[\\s*_,.)-]*(?i:or|and|but|though|although|however)\\b.*?", others,
                    "|^[\\s*_,)]*(?:(?i:or|and)\\b|/|&|\\||,)[\\s*_(]*(?:\\w+\\W*$|", others, ")")
  named <- match_piece(sub("^\\W+", "", rest), reader)
  grepl(paste(another, doubtful, sep = "|"), rest, perl = TRUE) ||
    (!is.na(named) && named != option)
}

doubtful <- paste0(
  "^(?i)\\W*(?:(?:but|and|or)\\W+)?(?:maybe|perhaps|possibly|wait|actually|unsure|unclear|",
  "not sure|(?:definitely|really|probably|clearly|certainly) not|not really|hard to (?:say|tell)|",
  "(?:i )?(?:do not|don(?:'|\u2019)t|can(?:not|(?:'|\u2019)t)) (?:know|tell|say)|no\\W*$|not\\W*$)",
  # "Toxic: no" names a question and answers it.
  "|^\\W*:\\W*(?i:no|false|not|none|never|0|n/?a)\\b"
)

# What was said before a change of mind does not count, and neither does what follows, unless it
# states the answer again. What follows the last change, NULL if there was none.
second_thought <- paste0("(?i)(?:^|[\n.!?])\\W*(?:no,? |but |oh |hm+,? )?",
                         "(?:wait|actually|correction|scratch that|on second thought|",
                         "on reflection)\\b")

last_change <- function(piece) {
  at <- gregexpr(second_thought, piece$text, perl = TRUE)[[1]]
  if (at[1] < 0L) return(NULL)
  last <- length(at)
  cut_piece(piece, at[last] + attr(at, "match.length")[last])
}

# --- marks of an answer -------------------------------------------------------------

# What stands in tags, double brackets, a box, or behind "[RESULT]".
marked_pieces <- function(piece) {
  tag <- paste0("(?is)<((?:final[ _-]?)?", tag_words, ")\\b[^>\n]*>((?:(?!<).)*)</\\1\\s*>")
  bracket <- paste0("(?i)\\[(?:final[ _-]?)?", tag_words, "\\][ :=]*([^\n\\[]+)")
  only <- "(?is)^\\s*<([\\w-]+)\\b[^>\n]*>((?:(?!<).)*)</\\1\\s*>\\s*$"
  box <- "\\\\boxed\\{(?:\\\\text(?:bf)?\\{)?([^{}]*)\\}"
  found <- c(piece_matches(tag, piece, 2L), piece_matches(only, piece, 2L),
             piece_matches("\\[\\[([^\\[\\]\n]*)\\]\\]", piece, 1L),
             piece_matches(bracket, piece, 1L), piece_matches(box, piece, 1L))
  found <- lapply(found, trim_piece)
  Filter(function(part) nzchar(part$text), found)
}

# Marks that name several options are none that is clear.
marked_choice <- function(piece, reader) {
  parts <- Filter(function(part) is_for(part, reader), marked_pieces(piece))
  if (length(parts) == 0L) return(NULL)
  only_choice(lapply(parts, stated_option, reader = reader))
}

# The one option that all name which name one.
only_choice <- function(found) {
  option <- vapply(found, `[[`, 0L, "option")
  known <- which(!is.na(option))
  if (length(unique(option[known])) != 1L) return(no_choice)
  found[[known[length(known)]]]
}

# --- statements ---------------------------------------------------------------------

stated_choice <- function(piece, reader) {
  found <- statements(piece, paste0("(?:", answer_words, "|", result_words, ")"))
  found <- Filter(function(part) is_for(part, reader), found)
  if (length(found) == 0L) return(NULL)
  plain <- Filter(function(part) part$of == "", found)
  # Scores of several things, none of which is the whole.
  if (length(plain) == 0L) return(only_choice(lapply(found, stated_option, reader = reader)))
  last <- plain[[length(plain)]]
  out <- stated_option(last, reader)
  # "The result is a mess" is prose.
  if (is.na(out$option) && last$weak) NULL else out
}

# A number is no answer to a question whose options are names.
is_for <- function(part, reader) {
  number <- grepl("^[\\s*_\"'(\\[]*-?[0-9]", part$text, perl = TRUE)
  !number || any(grepl("^-?[0-9]", reader$exact$word))
}

# An option, also as "4/5" or "4 out of 5" of a scale that ends at 5.
stated_option <- function(part, reader) {
  line <- piece_lines(part)[[1]]
  ratio <- "^[\\s*_\"'(\\[]*(-?[0-9]+(?:[.]0+)?)\\s*(?:/|out of|of)\\s*([0-9]+)(?![.]?[0-9/])"
  hit <- regmatches(line$text, regexec(ratio, line$text, perl = TRUE))[[1]]
  if (length(hit) < 3L || is.null(reader$top)) return(leading_option(line, reader))
  if (as.double(hit[3]) != reader$top) return(no_choice)
  rest <- substring(line$text, nchar(hit[1]) + 1L)
  option <- lookup_word(hit[2], reader)
  if (!is.na(option) && unsettled(rest, hit[2], option, reader)) return(no_choice)
  start <- as.integer(regexpr(hit[2], line$text, fixed = TRUE))
  chosen(option, cut_piece(line, start, start + nchar(hit[2]) - 1L))
}
