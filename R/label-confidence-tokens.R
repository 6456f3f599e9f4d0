# Mean token probabilities of answers and of their parts.

confidence_token_mean <- function(x, per = "item", ignore = c("", "<unk>", "\\n"), na_rm = FALSE,
                                  keys = NULL, list_keys = NULL, delimiter = ";", entities = NULL,
                                  call) {
  per <- check_choice(per, c("item", "key", "label", "entity"), call = call)
  na_rm <- check_flag(na_rm, call = call)
  data <- token_table(x, call)
  answers <- answer_texts(data)
  parts <- switch(per,
    item = whole_answers(answers),
    key = json_values(answers, keys, list_keys, check_delimiter(delimiter, call)),
    label = listed_labels(answers, check_delimiter(delimiter, call)),
    entity = find_entities(answers, entities, call)
  )
  found <- span_means(data$tokens, answers, parts, ignore, na_rm)
  warn_token_mean(found, answers, parts, per, call)
  vctrs::data_frame(item_id = vctrs::vec_slice(data$items, parts$item), !!!parts$columns,
                    confidence = new_confidence(found$confidence, "token_mean"),
                    n_tokens = found$n_tokens)
}

check_delimiter <- function(delimiter, call) {
  if (!rlang::is_string(delimiter) || !nzchar(delimiter)) {
    abort_judicious("{.arg delimiter} must be a string, not {.obj_type_friendly {delimiter}}.",
                    "type", arg = "delimiter", call = call)
  }
  delimiter
}

# The text of each item's answer and which tokens it has.
answer_texts <- function(data) {
  n <- vctrs::vec_size(data$items)
  sizes <- tabulate(data$tokens$item, n)
  token <- replace(data$tokens$token, is.na(data$tokens$token), "")
  text <- rep("", n)
  present <- which(sizes > 0L)
  pieces <- split(token, factor(data$tokens$item, levels = present))
  text[present] <- vapply(pieces, paste, "", collapse = "")
  list(items = data$items, text = text, width = nchar(token), from = cumsum(sizes) - sizes,
       size = sizes)
}

span_means <- function(tokens, answers, parts, ignore, na_rm) {
  ignored <- trimws(tokens$token) %in% ignore
  if (na_rm) ignored <- ignored | is.na(tokens$logprob)
  spans <- c(parts$span, list(token = answers$from[parts$item],
                              token_end = (answers$from + answers$size)[parts$item]))
  span_confidence_cpp(tokens$logprob, answers$width, ignored, spans)
}

part_units <- list(item = c("item", "items"), key = c("value", "values"),
                   label = c("label", "labels"), entity = c("entity", "entities"))

warn_token_mean <- function(found, answers, parts, per, call) {
  without <- answers$size[parts$item] == 0L
  unknown <- is.na(found$confidence) & !without
  absent <- unknown & found$n_tokens == 0L
  warn_no_confidence(
    c("without log-probabilities" = sum(without),
      "with a token without log-probability" = sum(unknown & !absent),
      "without a token that counts" = sum(absent)),
    length(without), part_units[[per]], call
  )
}

# --- parts of answers -----------------------------------------------------------

far_away <- 2^52 # beyond the end of every text

# Positions count characters from 0; see TokenSpan in the core.
new_parts <- function(item, core, core_end, start = 0, last = 0, last_end = far_away,
                      columns = list()) {
  n <- length(item)
  list(
    item = item, columns = columns,
    span = list(start = rep_len(start, n), last = rep_len(last, n),
                last_end = rep_len(last_end, n), core = core, core_end = core_end)
  )
}

whole_answers <- function(answers) {
  n <- length(answers$text)
  new_parts(seq_len(n), rep(0, n), rep(far_away, n))
}

# Pieces between delimiters, without white space at their ends. `offset`: where each text starts.
split_pieces <- function(text, delimiter, offset = 0) {
  hits <- lapply(gregexpr(delimiter, text, fixed = TRUE), function(at) at[at > 0L] - 1)
  row <- rep(seq_along(text), lengths(hits) + 1L)
  starts <- unlist(lapply(hits, function(at) c(0, at + nchar(delimiter))))
  ends <- unlist(Map(function(at, n) c(at, n), hits, nchar(text)))
  piece <- substring(text[row], starts + 1, ends)
  leading <- nchar(piece) - nchar(trimws(piece, "left"))
  label <- trimws(piece)
  offset <- rep_len(offset, length(text))[row]
  list(
    row = row, label = label, core = offset + starts + leading,
    core_end = offset + starts + leading + nchar(label),
    # The first piece has all that comes before it, the last all that follows.
    last = ifelse(starts == 0, 0, offset + starts - nchar(delimiter)),
    last_end = ifelse(ends == nchar(text)[row], far_away, offset + ends)
  )
}

listed_labels <- function(answers, delimiter) {
  pieces <- split_pieces(answers$text, delimiter)
  keep <- nzchar(pieces$label) | answers$size[pieces$row] == 0L
  pieces <- lapply(pieces, `[`, keep)
  label <- ifelse(nzchar(pieces$label), pieces$label, NA_character_)
  new_parts(pieces$row, pieces$core, pieces$core_end, last = pieces$last,
            last_end = pieces$last_end, columns = list(label = label))
}

find_entities <- function(answers, entities, call) {
  entities <- as_entities(entities, answers$items, call)
  # The second of two equal entities is looked for behind the first.
  pairs <- vctrs::data_frame(item = entities$item, entity = entities$entity)
  nth <- occurrence(pairs)
  at <- mapply(function(entity, text, n) gregexpr(entity, text, fixed = TRUE)[[1]][n],
               entities$entity, answers$text[entities$item], nth, USE.NAMES = FALSE)
  core <- ifelse(is.na(at) | at < 0, far_away, at - 1)
  new_parts(entities$item, as.double(core), core + nchar(entities$entity), last_end = 0,
            columns = list(entity = entities$entity))
}

# 1 for the first row of its kind, 2 for the second, ...
occurrence <- function(x) {
  groups <- vctrs::vec_group_loc(x)$loc
  out <- integer(nrow(x))
  out[unlist(groups)] <- sequence(lengths(groups))
  out
}

as_entities <- function(entities, items, call) {
  if (is.list(entities) && !is.data.frame(entities)) {
    ids <- names(entities) %||% vctrs::vec_slice(items, seq_along(entities))
    entities <- vctrs::data_frame(item_id = rep(ids, lengths(entities)),
                                  entity = as.character(unlist(entities)))
  }
  if (!is.data.frame(entities) || !all(c("item_id", "entity") %in% names(entities))) {
    abort_judicious(
      "{.arg entities} must be a data frame with columns {.field item_id} and {.field entity}, or a
       list of strings named by item.",
      if (is.null(entities)) "required" else "type", arg = "entities", call = call
    )
  }
  item <- match(as.character(entities$item_id), as.character(items))
  bad <- which(is.na(item) | is.na(entities$entity) | !nzchar(entities$entity))
  if (length(bad) > 0L) {
    abort_judicious(
      c("{.arg entities} must be strings within answers of {.arg x}.",
        x = "Row {bad[1]} has item {.val {entities$item_id[bad[1]]}} and entity
             {.val {entities$entity[bad[1]]}}."),
      "choice", arg = "entities", where = bad, call = call
    )
  }
  list(item = item, entity = enc2utf8(as.character(entities$entity)))
}
