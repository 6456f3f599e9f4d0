# What was answered, by the options of the question: an option, a set, a score, or nothing. What is
# no option becomes NA and is listed; it is never guessed.

default_question <- "label"

unsure_words <- c("cannot tell", "can't tell", "cannot_tell")
skip_words <- c("skip", "skipped")

# Rows whose label, set and score are settled, with `answer`, the text of what is invalid, and how
# many answers were written in another way.
read_label_answers <- function(rows, questions, paths, call) {
  assigned <- assign_questions(rows, questions, paths, call)
  rows <- assigned$rows
  questions <- assigned$questions
  rows$answer <- rep(NA_character_, nrow(rows))
  repaired <- character()
  for (name in unique(rows$question)) {
    at <- which(rows$question == name)
    read <- settle_answers(vctrs::vec_slice(rows, at), questions[[name]])
    rows[at, ] <- read$rows
    repaired <- c(repaired, read$repaired)
  }
  list(rows = rows, questions = questions, notes = repair_notes(repaired))
}

repair_notes <- function(repaired) {
  if (length(repaired) == 0L) return(NULL)
  counts <- table(factor(repaired, unique(repaired)))
  paste0(ifelse(counts == 1L, "1 label", paste(counts, "labels")), " ", names(counts), ".")
}

# --- questions -----------------------------------------------------------------------------

# A single task answers to whatever the file calls its only question.
assign_questions <- function(rows, questions, paths, call) {
  found <- unique(rows$question[!is.na(rows$question)])
  if (length(questions) == 1L && length(found) == 1L && !found %in% names(questions)) {
    names(questions) <- found
  }
  known <- names(questions) %||% found
  unknown <- which(!is.na(rows$question) & !rows$question %in% known)
  if (length(unknown) > 0L) {
    abort_label_file(
      paths[rows$file[unknown[1]]], paste0("It answers a question \"",
                                           rows$question[unknown[1]], "\"."), call,
      paste0("The questions of `task` are: ", toString(known), "."), class = "task",
      where = unknown
    )
  }
  list(rows = fill_questions(rows, known, paths, call), questions = questions)
}

# An item that was skipped as a whole was skipped in every question.
fill_questions <- function(rows, known, paths, call) {
  open <- is.na(rows$question)
  if (length(known) < 2L) {
    rows$question[open] <- if (length(known) == 1L) known else default_question
    return(rows)
  }
  answered <- which(open & !rows$status %in% c("skipped", "cannot_tell"))
  if (length(answered) > 0L) {
    abort_label_file(paths[rows$file[answered[1]]],
                     paste0("Record ", rows$where[answered[1]], " does not say which question it
                             answers."), call,
                     paste0("The questions are: ", toString(known), "."), class = "format",
                     where = answered)
  }
  times <- ifelse(open, length(known), 1L)
  index <- rep(seq_len(nrow(rows)), times)
  out <- vctrs::vec_slice(rows, index)
  out$question[open[index]] <- rep(known, sum(open))
  out
}

# --- answers of one question -------------------------------------------------------------------

settle_answers <- function(rows, question) {
  rows <- settle_silence(rows, question)
  said <- rows$status == "labelled"
  label <- match_typed(ifelse(said, rows$label, NA), question$options, rows$loose)
  set <- match_sets(ifelse(said, rows$set, NA), question, rows$loose)
  score_bad <- said & (!is.na(rows$score_text) & is.na(rows$score) |
                         !is.na(rows$score) & outside_scale(rows$score, question$scale))
  bad <- said & (label$bad | set$bad | score_bad)
  rows$answer[bad] <- ifelse(label$bad, rows$label, ifelse(set$bad, rows$set,
                                                           rows$score_text))[bad]
  rows$status[bad] <- "invalid"
  keep <- said & !bad
  rows$label <- ifelse(keep, label$value, NA_character_)
  rows$set <- ifelse(keep, set$value, NA_character_)
  rows$score <- ifelse(keep, rows$score, NA_real_)
  list(rows = rows, repaired = c(label$repaired[keep], set$repaired[keep]) |> without_na())
}

without_na <- function(x) x[!is.na(x)]

# Who says "cannot tell" or nothing at all; a status that is given wins.
settle_silence <- function(rows, question) {
  rows <- rating_to_label(rows, question)
  empty <- is.na(rows$label) & is.na(rows$set) & is.na(rows$score_text)
  said <- ifelse(!is.na(rows$label), rows$label, ifelse(!is.na(rows$set), rows$set,
                                                        rows$score_text))
  is_word <- function(words) tolower(trimws(said)) %in% words & !said %in% question$options
  claimed <- rows$status %in% "labelled" & empty
  rows$answer[claimed] <- "(empty)"
  rows$answer[rows$status %in% "invalid"] <- rows$label[rows$status %in% "invalid"]
  rows$status[claimed] <- "invalid"
  open <- is.na(rows$status) | rows$status == "labelled"
  rows$status[open] <- "labelled"
  rows$status[open & is_word(unsure_words)] <- "cannot_tell"
  rows$status[open & (empty | is_word(skip_words))] <- "skipped"
  rows
}

# Tools give numbers for options that are numbers.
rating_to_label <- function(rows, question) {
  if (is.null(question$options)) return(rows)
  number <- is.na(rows$label) & is.na(rows$set) & !is.na(rows$score)
  rows$label[number] <- id_text(rows$score[number])
  rows$score[number] <- NA_real_
  rows$score_text[number] <- NA_character_
  rows
}

outside_scale <- function(score, scale) {
  if (is.null(scale)) return(rep(FALSE, length(score)))
  steps <- (score - scale[["from"]]) / scale[["step"]]
  off_step <- !is.na(steps) & abs(steps - round(steps)) > 1e-6
  score < scale[["from"]] | score > scale[["to"]] | off_step
}

# --- options -------------------------------------------------------------------------------------

# The option each text means: as it is, else without blanks, in another case, or as another way to
# write a number, if the text was typed and one option only fits.
match_typed <- function(text, options, loose) {
  value <- text
  repaired <- rep(NA_character_, length(text))
  if (is.null(options)) {
    value[loose] <- trimws(text[loose])
    return(list(value = value, bad = rep(FALSE, length(text)), repaired = repaired))
  }
  value <- options[match(text, options)]
  ways <- list(
    "had blanks at its ends" = trimws,
    "was written in another case" = function(x) tolower(trimws(x)),
    "was another way to write a number" = number_key
  )
  for (way in names(ways)) {
    open <- which(is.na(value) & !is.na(text) & loose)
    if (length(open) == 0L) break
    value[open] <- unique_match(ways[[way]](text[open]), ways[[way]](options), options)
    repaired[open[!is.na(value[open])]] <- way
  }
  list(value = value, bad = !is.na(text) & is.na(value), repaired = repaired)
}

unique_match <- function(key, keys, options) {
  once <- !is.na(keys) & !duplicated(keys) & !duplicated(keys, fromLast = TRUE)
  ifelse(is.na(key), NA_character_, options[once][match(key, keys[once])])
}

number_key <- function(x) {
  x <- trimws(x)
  number_text(ifelse(grepl("^-?[0-9]+([.][0-9]+)?$", x), suppressWarnings(as.double(x)), NA))
}

# Sets are "yes|no", in the order of the options; people also write commas and semicolons.
match_sets <- function(text, question, loose) {
  none <- rep(NA_character_, length(text))
  out <- list(value = none, bad = rep(FALSE, length(text)), repaired = none)
  for (k in which(!is.na(text))) {
    read <- read_one_set(text[k], question, loose[k])
    out$value[k] <- read$value
    out$repaired[k] <- read$repaired
    out$bad[k] <- is.na(read$value)
  }
  out
}

read_one_set <- function(text, question, loose) {
  options <- question$options
  read <- match_members(strsplit(text, "|", fixed = TRUE)[[1]], options, loose)
  if (anyNA(read$value) && loose && !grepl("|", text, fixed = TRUE)) {
    again <- match_members(strsplit(text, "[,;\n]")[[1]], options, loose)
    if (!anyNA(again$value)) {
      read <- again
      read$repaired <- "was a set written with commas"
    }
  }
  members <- if (is.null(options)) unique(read$value) else intersect(options, read$value)
  allowed <- !anyNA(read$value) && length(members) > 0L && allowed_set(members, question)
  list(value = if (allowed) paste(members, collapse = "|") else NA_character_,
       repaired = if (allowed) c(without_na(read$repaired), NA_character_)[1] else NA_character_)
}

match_members <- function(parts, options, loose) {
  read <- match_typed(if (loose) trimws(parts) else parts, options, rep(loose, length(parts)))
  list(value = read$value, repaired = read$repaired)
}

allowed_set <- function(members, question) {
  if (is.null(question$sets)) return(TRUE)
  sum(bitwShiftL(1L, match(members, question$options) - 1L)) %in% question$sets
}
