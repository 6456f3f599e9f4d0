# Annotations of AlpacaEval: which of two answers is preferred.

log_format_alpaca_eval <- function() {
  log_format(
    "AlpacaEval", "annotations.json",
    "instruction, generator_1, generator_2, annotator and preference", "table",
    holds = function(names, value) {
      all(c("instruction", "generator_1", "generator_2", "preference") %in% names)
    },
    read = read_alpaca_eval
  )
}

# 1 is for the first answer, 2 for the second, 1.5 a tie; weighted annotators say how much. The
# score is the win of the second, as AlpacaEval counts it.
read_alpaca_eval <- function(data, path, task, call) {
  preference <- number_column(data, "preference")
  bad <- which(preference != 0 & (preference < 1 | preference > 2))
  if (length(bad) > 0L) {
    abort_log(path, paste0("Row ", bad[1], " has the {.field preference} ", preference[bad[1]],
                           ", which is not between 1 and 2."), call)
  }
  # Older annotations have 0 for a tie.
  preference <- replace(preference, which(preference == 0), 1.5)
  first <- text_column(data, "generator_1")
  second <- text_column(data, "generator_2")
  label <- ifelse(preference < 1.5, first, ifelse(preference > 1.5, second, "tie"))
  judge <- text_column(data, "annotator")
  vctrs::data_frame(
    item_id = text_column(data, "instruction"), judge = ifelse(is.na(judge), "annotator", judge),
    label = label, score = preference - 1, system = paste(second, "vs", first),
    status = ifelse(is.na(preference), "unreadable", "ok"),
    answer = text_column(data, "raw_completion")
  )
}
