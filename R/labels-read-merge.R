# One answer per item, question and rater: files that were downloaded twice or resumed.

merge_answers <- function(rows, paths, call) {
  groups <- vctrs::vec_group_id(label_keys(rows))
  twice <- which(tabulate(groups, attr(groups, "n")) > 1L)
  if (length(twice) == 0L) return(list(rows = rows, notes = NULL))
  same <- vctrs::vec_group_id(rows[c("label", "set", "score", "status", "answer")])
  times <- label_times(rows$at)
  drop <- integer()
  changed <- 0L
  for (group in split(which(groups %in% twice), groups[groups %in% twice])) {
    differ <- length(unique(same[group])) > 1L
    kept <- latest_answer(group, times, differ)
    if (is.na(kept)) abort_contradiction(rows, group[order(same[group])], paths, call)
    drop <- c(drop, setdiff(group, kept))
    changed <- changed + differ
  }
  list(rows = vctrs::vec_slice(rows, -drop), notes = merge_notes(length(drop), changed))
}

# Every presentation of a gold or repeated item is an answer of its own.
label_keys <- function(rows) {
  keys <- rows[c("item_id", "question", "rater", "kind")]
  keys$order <- ifelse(rows$kind == "item", NA, rows$order)
  keys
}

# The row that counts; NA if answers differ and no time tells which came last.
latest_answer <- function(group, times, differ) {
  if (anyNA(times[group])) return(if (differ) NA_integer_ else group[1])
  last <- group[times[group] == max(times[group])]
  if (length(last) > 1L && differ) NA_integer_ else last[1]
}

# Seconds since 1970: ISO 8601 with or without an offset, or milliseconds.
label_times <- function(at) {
  pattern <- "^(\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d:\\d\\d(?:[.]\\d+)?)(Z|[+-]\\d\\d:?\\d\\d)?$"
  parts <- regmatches(at, regexec(pattern, at, perl = TRUE))
  iso <- vapply(parts, function(part) {
    if (length(part) == 0L) return(NA_real_)
    stamp <- as.POSIXct(paste(part[2], part[3]), format = "%Y-%m-%d %H:%M:%OS", tz = "UTC")
    as.double(stamp) - offset_seconds(part[4])
  }, 0)
  number <- grepl("^[0-9]+([.][0-9]+)?$", at)
  iso[number] <- as.double(at[number]) / 1000
  iso
}

offset_seconds <- function(offset) {
  if (offset %in% c("", "Z")) return(0)
  digits <- as.double(regmatches(offset, gregexpr("[0-9]{2}", offset))[[1]])
  (if (startsWith(offset, "-")) -1 else 1) * (digits[1] * 3600 + digits[2] * 60)
}

abort_contradiction <- function(rows, group, paths, call) {
  pair <- rows[group[c(1L, length(group))], ]
  said <- paste0("\"", answer_text(pair), "\" (", basename(paths[pair$file]), ")")
  abort_judicious(
    c("{.arg path} holds two answers of one rater to one item, and no time tells which is later.",
      x = "Item {.val {pair$item_id[1]}}, rater {.val {pair$rater[1]}}: {said[1]} and {said[2]}.",
      i = "Remove one, or name the raters, as in {.code c(ann = \"a.csv\", bob = \"b.csv\")}."),
    "duplicate", arg = "path", where = group, call = call
  )
}

# Any answer as text.
answer_text <- function(rows) {
  score <- number_text(rows$score)
  said <- ifelse(!is.na(rows$label), rows$label, ifelse(!is.na(rows$set), rows$set, score))
  ifelse(is.na(said), ifelse(is.na(rows$answer), rows$status, rows$answer), said)
}

merge_notes <- function(dropped, changed) {
  c(
    paste0(if (dropped == 1L) "1 answer occurs" else paste(format_count(dropped), "answers occur"),
           " more than once and count", if (dropped == 1L) "s", " once."),
    if (changed > 0L) paste0(
      if (changed == 1L) "1 answer was" else paste(format_count(changed), "answers were"),
      " changed later: the last one counts."
    )
  )
}
