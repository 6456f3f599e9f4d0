# Statements of an answer: "Answer: B", "The final score is 4".

answer_words <- paste0("(?:answer|choice|option|label|verdict|rating|decision|classification|",
                       "judge?ment|selection|grade|respuesta|r\u00e9ponse|antwort|risposta|",
                       "resposta|\u7b54\u6848|\u56de\u7b54)s?")
# Words that are also about other things: a result that is none of the options is prose.
result_words <- paste0("(?:score|result|conclusion|outcome|determination|prediction|assessment|",
                       "evaluation|finding|ruling|category|class|output|response|recommendation|",
                       "winner|preference|status|overall)s?")
set_words <- "(?:set|options|answers|choices|labels|reasonable(?: options| answers)?)"
tag_words <- paste0("(?:answer|choice|option|label|verdict|rating|decision|classification|",
                    "judge?ment|selection|grade|score|result|conclusion|outcome|prediction|",
                    "category|class|output|response)s?")
stated_by <- paste0("\\b[\"'*_`]*(?:\\s*[(\\[][^()\\[\\]\n]{1,30}[)\\]])?[\"'*_`]*\\s*",
                    "(?:[:=]+>?|(?:is|are|would be|was)\\b[:]?|->|\u2192|[-\u2013\u2014](?=\\s))",
                    "[\\s*_\"'(`]*")

# The text behind every statement, with what the statement is `of` ("fluency score"; "" if it is
# the whole) and whether it is `weak`. "The other answer is A" and "I doubt that the answer is A"
# are no statements.
statements <- function(piece, words) {
  text <- piece$text
  at <- gregexpr(paste0("(?i)(?<![\\w<\\[/])", words, stated_by), text, perl = TRUE)[[1]]
  if (at[1] < 0L) return(list())
  end <- at + attr(at, "match.length")
  found <- Map(function(from, end) {
    said <- substring(text, from, end - 1L)
    before <- sub("(?s)^.*[\n.,;:!?{]", "", substring(text, 1L, from - 1L), perl = TRUE)
    c(cut_piece(piece, end),
      list(before = before, of = stated_of(before),
           weak = grepl(paste0("(?i)^", result_words), said, perl = TRUE) &&
             !grepl("[:=]|->|\u2192", said, perl = TRUE)))
  }, as.integer(at), as.integer(end))
  Filter(function(part) {
    grepl("\\S", part$text) && length(piece_lines(part)) > 0L &&
      !grepl(not_stated, part$before, perl = TRUE)
  }, found)
}

# The last statement, or what is in a box; NULL if there is none.
last_statement <- function(piece, words) {
  boxed <- piece_matches("\\\\boxed\\{([^}]*)\\}", piece, 1L)
  if (length(boxed) > 0L) return(boxed[[1]])
  found <- statements(piece, words)
  if (length(found) > 0L) found[[length(found)]]
}

not_stated <- paste0(
  "(?i)\\b(?:not|no|never|doubt|whether|if|unless|than|cannot|\\w+n(?:'|\u2019)t|other|another|",
  "wrong|worse|worst|incorrect|bad|alternative|second|initial|tempting|obvious|naive|possible|",
  "confidence|certainty|probability|likelihood|maximum|max|minimum|min|highest|lowest|average|",
  "mean|typical|passing|perfect|previous|threshold|would-be|potential|example|sample|could|might)",
  "\\b"
)

# Words in front of a statement that say nothing of what it is about.
said_in_front <- paste0(
  "(?i)\\b(?:the|my|your|our|its|his|her|this|that|a|an|final|overall|total|so|thus|therefore|",
  "hence|and|then|in|i|we|think|believe|say|would|give|assign|it|as|for|to|is|here|correct|best|",
  "right|most|likely|single|forced|numeric|numerical|integer|assigned|given|recommended|",
  "suggested|option|answer|judge|judgment|evaluation|llm|now|finally|conclusion|step|task)\\b|",
  "[^\\p{L}]+"
)

stated_of <- function(before) {
  of <- gsub(said_in_front, "", before, perl = TRUE)
  tolower(of)
}
