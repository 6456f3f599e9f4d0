# Files that went wrong on their way. Options and ids are words that are far from each other, so
# that no damage to a few bytes turns one into another: a label at the wrong item is a shifted row.

fuzz_words <- c("anchor", "bucket", "candle", "dragon", "engine", "falcon", "guitar", "hammer",
                "island", "jacket", "kettle", "lantern", "magnet", "needle", "orchid", "pepper",
                "quartz", "ribbon", "saddle", "turtle", "umbrella", "velvet", "walnut", "zipper")

fuzz_truth <- function() {
  data.frame(item_id = sprintf("%s-%02d", rev(fuzz_words), seq_along(fuzz_words)),
             label = fuzz_words)
}

fuzz_task <- function() rating_task(fuzz_words)

# One good file of every format, as raw bytes.
fuzz_originals <- function() {
  truth <- fuzz_truth()
  folder <- withr::local_tempdir()
  sheet <- file.path(folder, "sheet.csv")
  items <- data.frame(item_id = truth$item_id, text = paste0("Text, \"", seq_len(24), "\"\nof it"))
  write_label_sheet(items, fuzz_task(), sheet, show = "text")
  excel <- file.path(folder, "excel.csv")
  file.copy(sheet, excel)
  fill_sheet(sheet, label = truth$label)
  fill_sheet(excel, label = truth$label, save = function(x) {
    utils::write.csv2(x, excel, row.names = FALSE)
  })
  page <- page_download(truth, questions = list(list(
    name = "label", text = "?", answer = "choice", options = I(fuzz_words),
    descriptions = I(fuzz_words), positive = I("anchor"), sets = NULL, scale = NULL
  )))
  studio <- lapply(seq_len(nrow(truth)), function(k) {
    list(id = k, data = list(item_id = truth$item_id[k]), annotations = list(list(
      completed_by = 1, was_cancelled = FALSE, lead_time = 2, result = list(list(
        from_name = "label", type = "choices", value = list(choices = I(truth$label[k]))
      ))
    )))
  })
  lines <- lapply(seq_len(nrow(truth)), function(k) as.list(truth[k, ]))
  table <- label_file(c("rater,item_id,note,label,seconds",
                        paste0("ann,", truth$item_id, ",\"a, b\",", truth$label, ",3")))
  files <- c(sheet = sheet, excel = excel, page = json_file(page), studio = json_file(studio),
             lines = jsonl_file(lines), table = table)
  lapply(files, function(file) readBin(file, "raw", file.size(file)))
}

double_line <- function(lines) {
  append(lines, lines[fuzz_pick(seq_along(lines))], fuzz_pick(seq_along(lines)))
}

join_lines <- function(lines) {
  if (length(lines) < 2L) return(lines)
  k <- fuzz_pick(seq_len(length(lines) - 1L))
  append(lines[-(k + 0:1)], paste0(lines[k], lines[k + 1L]), k - 1L)
}

drop_cell <- function(lines) {
  k <- fuzz_pick(seq_along(lines))
  replace(lines, k, sub("[^,;]*[,;]", "", lines[k], useBytes = TRUE))
}

# Damage of many kinds; where it strikes is chance.
fuzz_damage <- list(
  cut = function(x) x[seq_len(sample(length(x) - 1L, 1L))],
  drop_bytes = function(x) x[-sample(length(x), sample(3L, 1L))],
  drop_mark = function(x) x[-fuzz_pick(which(x %in% charToRaw(",;\"\n{}[]:")))],
  add_mark = function(x) append(x, sample(charToRaw(",;\"\n\t{}[]'|"), 1L), sample(length(x), 1L)),
  change_bytes = function(x) replace(x, sample(length(x), 2L), as.raw(sample(255L, 2L))),
  zero = function(x) append(x, as.raw(0L), sample(length(x), 1L)),
  bad_utf8 = function(x) append(x, as.raw(c(0xc3, 0x28)), sample(length(x), 1L)),
  drop_line = function(x) fuzz_lines(x, function(lines) lines[-fuzz_pick(seq_along(lines))]),
  double_line = function(x) fuzz_lines(x, double_line),
  join_lines = function(x) fuzz_lines(x, join_lines),
  drop_cell = function(x) fuzz_lines(x, drop_cell),
  repeat_part = function(x) {
    at <- sort(sample(length(x), 2L))
    append(x, x[at[1]:at[2]], at[2])
  },
  drop_part = function(x) {
    at <- sort(sample(length(x), 2L))
    if (diff(at) > length(x) - 3L) x else x[-(at[1]:at[2])]
  }
)

fuzz_pick <- function(x) x[sample.int(length(x), 1L)]

fuzz_lines <- function(bytes, change) {
  text <- rawToChar(bytes[bytes != 0])
  lines <- strsplit(text, "\n", fixed = TRUE, useBytes = TRUE)[[1]]
  charToRaw(paste(change(lines), collapse = "\n"))
}

# Whether the file itself says so: the part that a cut took may begin at one item's label and end
# before another's, and what is left is a good file of other content. No reader can know.
says_so <- function(bytes, item, label) {
  text <- rawToChar(bytes[bytes != 0])
  ids <- paste0("(", paste(fuzz_words, collapse = "|"), ")-[0-9]{2}")
  parts <- regmatches(text, gregexpr(ids, text, useBytes = TRUE), invert = TRUE)[[1]][-1]
  found <- regmatches(text, gregexpr(ids, text, useBytes = TRUE))[[1]]
  any(found == item & grepl(label, parts, fixed = TRUE, useBytes = TRUE)) ||
    any(vapply(fuzz_records(text), function(record) {
      texts <- unlist(record)
      is.list(record) && item %in% texts && label %in% texts
    }, NA))
}

# Of one JSON value its elements, else of every line.
fuzz_records <- function(text) {
  parse <- function(text) tryCatch(jsonlite::parse_json(text), error = function(cnd) NULL)
  whole <- parse(text)
  if (is.null(whole)) lapply(strsplit(text, "\n", fixed = TRUE)[[1]], parse) else whole
}

# "error", "read", "forged" or what went wrong: another error, a label at another item, an uncounted
# NA.
fuzz_outcome <- function(bytes, path, truth, read = read_labels) {
  writeBin(bytes, path)
  result <- tryCatch(
    withCallingHandlers(read(path, fuzz_task(), rater = "ann"),
                        judicious_warning = function(cnd) rlang::cnd_muffle(cnd)),
    judicious_error = function(cnd) "error",
    warning = function(cnd) paste("unclassed warning:", conditionMessage(cnd)),
    error = function(cnd) paste("unclassed error:", conditionMessage(cnd))
  )
  if (is.character(result)) return(result)
  known <- match(result$item_id, truth$item_id)
  shifted <- !is.na(known) & !is.na(result$label) & result$label != truth$label[known]
  for (k in which(shifted)) {
    if (!says_so(bytes, result$item_id[k], result$label[k])) {
      return(paste("shifted row:", result$item_id[k]))
    }
  }
  if (any(shifted)) return("forged")
  uncounted <- is.na(result$label) != (result$status != "labelled")
  if (any(uncounted & is.na(result$set) & is.na(result$score))) return("uncounted NA")
  "read"
}

# A table of outcomes by damage for n files.
fuzz_run <- function(n) {
  truth <- fuzz_truth()
  originals <- fuzz_originals()
  folder <- withr::local_tempdir()
  kinds <- rep(names(fuzz_damage), length.out = n)
  formats <- rep(rep(names(originals), each = length(fuzz_damage)), length.out = n)
  outcomes <- vapply(seq_len(n), function(k) {
    bytes <- fuzz_damage[[kinds[k]]](originals[[formats[k]]])
    ending <- if (formats[k] %in% c("page", "studio")) ".json" else
      if (formats[k] == "lines") ".jsonl" else ".csv"
    fuzz_outcome(bytes, file.path(folder, paste0("labels", ending)), truth)
  }, "")
  data.frame(format = formats, damage = kinds, outcome = outcomes)
}
