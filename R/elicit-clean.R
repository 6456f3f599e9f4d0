# What of an answer can be read: without what is not seen, and without what the judge only thought.
# Nothing moves while an answer is read, so that the place of a choice leads back to its tokens.

# A piece of a text: what it says, and how many characters are before it.
new_piece <- function(text, at = 0L) list(text = text, at = at)

cut_piece <- function(piece, from, to = nchar(piece$text)) {
  new_piece(substring(piece$text, from, to), piece$at + from - 1L)
}

# Lines that say something, without fences of code.
piece_lines <- function(piece) {
  at <- gregexpr("[^\n]+", piece$text)[[1]]
  if (at[1] < 0L) return(list())
  lines <- Map(function(from, n) trim_piece(cut_piece(piece, from, from + n - 1L)),
               as.integer(at), attr(at, "match.length"))
  Filter(function(line) nzchar(line$text) && !grepl("^```", line$text), lines)
}

trim_piece <- function(piece) {
  start <- regexpr("\\S", piece$text, perl = TRUE)
  if (start < 0L) return(new_piece("", piece$at))
  cut_piece(piece, as.integer(start), nchar(sub("\\s+$", "", piece$text, perl = TRUE)))
}

line_texts <- function(piece) vapply(piece_lines(piece), `[[`, "", "text")

# All places of a pattern; with `group`, those of that group.
piece_matches <- function(pattern, piece, group = NULL) {
  at <- gregexpr(pattern, piece$text, perl = TRUE)[[1]]
  if (at[1] < 0L) return(list())
  from <- if (is.null(group)) as.integer(at) else attr(at, "capture.start")[, group]
  n <- if (is.null(group)) attr(at, "match.length") else attr(at, "capture.length")[, group]
  Map(function(from, n) cut_piece(piece, from, from + n - 1L), unname(from), unname(n))
}

# --- cleaning ---------------------------------------------------------------------

# `map`: the place in the original of every character, NULL where nothing was taken out.
clean_answer <- function(text) {
  if (!grepl(may_need_cleaning, text, perl = TRUE)) return(c(new_piece(text), list(map = NULL)))
  seen <- drop_unseen(text)
  text <- chartr(wide_forms, narrow_forms, gsub("\r", "\n", seen$text, fixed = TRUE))
  text <- gsub("[\u2028\u2029\u0085\u000b\u000c]", "\n", text, perl = TRUE)
  text <- gsub("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]", " ", text, perl = TRUE)
  c(new_piece(blank_markup(blank_thoughts(text))), list(map = seen$map))
}

# All that is cleaned away has one of these: most answers and names of options have none.
may_need_cleaning <- "[^\n -~]|[<\\[]|^analysis"

# Marks that are not seen, and the first half of a Windows line end.
drop_unseen <- function(text) {
  unseen <- "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|\r(?=\n)"
  if (!grepl(unseen, text, perl = TRUE)) return(list(text = text, map = NULL))
  at <- gregexpr(unseen, text, perl = TRUE)[[1]]
  list(text = gsub(unseen, "", text, perl = TRUE), map = seq_len(nchar(text))[-at])
}

# Full-width letters, digits and marks of East Asian keyboards.
narrow_forms <- paste0(intToUtf8(33:126), ".,[]")
wide_forms <- paste0(intToUtf8(33:126 + 0xfee0L), "\u3002\u3001\u3010\u3011")

original_place <- function(found, answer) {
  place <- c(found$from, found$to)
  as.integer(if (is.null(answer$map)) place else answer$map[place])
}

# --- thoughts and markup ----------------------------------------------------------

thought_tags <- paste0("(?:seed:)?(?:think|thinking|thoughts?|reason|reasoning|reasons|reflection|",
                       "scratchpad|analysis|rationale|explanation|justification|feedback|",
                       "chain_of_thought|cot|inner_monologue|critique|steps|evidence)")

# Opening and closing of what is not the answer.
thought_marks <- list(
  c(paste0("<", thought_tags, "\\b[^>\n]*>"), paste0("</", thought_tags, ">")),
  c("\\[think(?:ing)?\\]", "\\[/think(?:ing)?\\]"),
  c("\u25c1think\u25b7", "\u25c1/think\u25b7"),
  c("<\\|begin_of_thought\\|>", "<\\|end_of_thought\\|>")
)

# A thought without an end has no answer behind it; one without a beginning began in the prompt.
blank_thoughts <- function(text) {
  for (mark in thought_marks) {
    open <- mark[1]
    close <- mark[2]
    if (!grepl(paste0("(?i)", open, "|", close), text, perl = TRUE)) next
    text <- blank_all(text, paste0("(?is)", open, "(?:(?!", open, ").)*?", close))
    text <- blank_all(text, paste0("(?is)^.*", close))
    text <- blank_all(text, paste0("(?is)", sub(thought_tags, "(?:seed:)?think(?:ing)?", open,
                                                fixed = TRUE), ".*$"))
  }
  text
}

# Channels: the final one is the answer; without its marks the words run together.
blank_markup <- function(text) {
  if (grepl("<|channel|>", text, fixed = TRUE)) {
    final <- "(?s)^.*<\\|channel\\|>final[^<]*(?:<\\|constrain\\|>[^<]*)?<\\|message\\|>"
    text <- blank_all(text, if (grepl(final, text, perl = TRUE)) final else "(?s)^.*$")
  }
  text <- blank_all(text, "(?s)^analysis\\S.*?assistant(?:commentary.*assistant)?final")
  blank_all(text, paste0("<\\|[^|>\n]{1,40}\\|>|</?s>|<(?:eos|bos|pad|end_of_turn|",
                         "start_of_turn|/?(?:b|i|u|em|strong|p|br|span|code|mark)\\s*/?)>|",
                         "\\[/?INST\\]"))
}

# Blanks in the place of every match.
blank_all <- function(text, pattern) {
  at <- gregexpr(pattern, text, perl = TRUE)
  if (at[[1]][1] < 0L) return(text)
  regmatches(text, at) <- list(strrep(" ", attr(at[[1]], "match.length")))
  text
}
