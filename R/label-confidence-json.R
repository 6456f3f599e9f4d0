# Where the values of a JSON object are in the text of an answer.

# Strings, with the colon that makes one a key.
json_string <- "\"((?:\\\\.|[^\"\\\\])*)\"(\\s*:)?"
# A value: what a string holds, or all up to the end of a number or word.
json_value <- "^\\s*(?:\"((?:\\\\.|[^\"\\\\])*)|([^,}\\]\\s]*))"

# One row per item and key, and per label for keys in `list_keys`.
json_values <- function(answers, keys, list_keys, delimiter) {
  found <- find_values(answers$text)
  wanted <- wanted_values(found, keys, answers)
  is_list <- wanted$key %in% list_keys & !is.na(wanted$value)
  pieces <- split_pieces(replace(wanted$value, !is_list, ""), delimiter, wanted$core)
  row <- pieces$row
  pick_piece <- function(piece, whole) ifelse(is_list[row], piece, wanted[[whole]][row])
  new_parts(
    wanted$item[row], pick_piece(pieces$core, "core"), pick_piece(pieces$core_end, "core_end"),
    start = wanted$start[row], last = ifelse(is_list[row], pieces$last, 0),
    last_end = pmin(wanted$last_end[row], ifelse(is_list[row], pieces$last_end, far_away)),
    columns = list(key = wanted$key[row],
                   value = ifelse(is_list[row], pieces$label, wanted$value[row]))
  )
}

# All values: the item, the key, and where the tokens of the value are.
find_values <- function(text) {
  strings <- gregexpr(json_string, text, perl = TRUE)
  per_text <- Map(values_of_text, text, strings)
  sizes <- vapply(per_text, nrow, 0L)
  out <- vctrs::vec_rbind(!!!unname(per_text), .ptype = no_values)
  out$item <- rep(seq_along(text), sizes)
  out
}

no_values <- vctrs::data_frame(
  key = character(), value = character(), start = double(), last_end = double(), core = double(),
  core_end = double(), item = integer()
)

values_of_text <- function(text, strings) {
  colon <- attr(strings, "capture.start")[, 2]
  is_key <- colon > 0
  if (strings[1] < 0 || !any(is_key)) return(no_values)
  captured <- attr(strings, "capture.start")[is_key, 1]
  length <- attr(strings, "capture.length")[is_key, 1]
  start <- (strings + attr(strings, "match.length") - 1L)[is_key]
  next_key <- c(strings[is_key][-1] - 1, far_away)
  body <- substring(text, start + 1, pmin(next_key, nchar(text)))
  value <- regexpr(json_value, body, perl = TRUE)
  part <- attr(value, "capture.start")
  inside <- ifelse(part[, 1] > 0, part[, 1], part[, 2])
  width <- value + attr(value, "match.length") - inside
  vctrs::data_frame(
    key = substring(text, captured, captured + length - 1L),
    value = substring(body, inside, inside + width - 1L), start = as.double(start),
    last_end = as.double(next_key), core = start + inside - 1,
    core_end = start + inside - 1 + width, item = NA_integer_
  )
}

# The given keys of every item, in this order; without `keys`, all that are there. Of a key that
# occurs twice the first counts. Keys that are not there have no place and no value.
wanted_values <- function(found, keys, answers) {
  n <- length(answers$text)
  if (is.null(keys)) {
    silent <- setdiff(seq_len(n), found$item)
    grid <- vctrs::vec_unique(found[c("item", "key")])
    grid <- vctrs::vec_rbind(grid, vctrs::data_frame(item = silent, key = NA_character_))
    grid <- vctrs::vec_slice(grid, order(grid$item))
  } else {
    grid <- vctrs::data_frame(item = rep(seq_len(n), each = length(keys)), key = rep(keys, n))
  }
  out <- vctrs::vec_slice(found, vctrs::vec_match(grid, found[c("item", "key")]))
  out[c("item", "key")] <- grid
  nowhere <- is.na(out$start)
  out$start[nowhere] <- far_away
  out[nowhere, c("last_end", "core", "core_end")] <- 0
  out
}
