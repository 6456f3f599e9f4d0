# Judgements of MT-bench: a score per answer, or the winner of two answers shown in both orders.

log_format_mt_bench <- function() {
  log_format(
    "MT-bench", "gpt-4_single.jsonl, gpt-4_pair.jsonl",
    "question_id and judge, with model, judgment and score, or model_1, model_2 and g1_winner",
    "records",
    holds = function(names, value) {
      all(c("question_id", "judge") %in% names) &&
        (all(c("model", "judgment", "score") %in% names) ||
           all(c("model_1", "model_2", "g1_winner") %in% names))
    },
    read = function(value, path, task, call) {
      pairs <- vapply(value, function(row) !is.null(field(row, "g1_winner")), FALSE)
      games <- unlist(lapply(value[pairs], mt_bench_games), recursive = FALSE)
      log_rows(c(lapply(value[!pairs], mt_bench_score), games))
    }
  )
}

# The judge is a model; the name of its prompt follows from the question and the turn.
mt_bench_common <- function(row) {
  judge <- field(row, "judge")
  turn <- number_field(row, "turn")
  list(item_id = text_field(row, "question_id"), judge = as.character(unlist(judge)[1]),
       .turn = if (is.na(turn)) NA_character_ else paste("turn", turn))
}

# -1 stands for a score that could not be found in the judgement.
mt_bench_score <- function(row) {
  score <- number_field(row, "score")
  if (!is.na(score) && score == -1) score <- NA_real_
  c(mt_bench_common(row), list(
    system = text_field(row, "model"), score = score,
    status = if (is.na(score)) "unreadable" else "ok", answer = text_field(row, "judgment")
  ))
}

# Two games, the answers in either order: two draws. The score is that of the first model.
mt_bench_games <- function(row) {
  models <- c(text_field(row, "model_1"), text_field(row, "model_2"))
  lapply(1:2, function(game) {
    winner <- text_field(row, paste0("g", game, "_winner"))
    place <- match(winner, c("model_1", "tie", "model_2"))
    c(mt_bench_common(row), list(
      system = paste(models, collapse = " vs "), label = c(models[1], "tie", models[2])[place],
      score = c(1, 0.5, 0)[place],
      status = if (is.na(place)) "unreadable" else "ok",
      answer = text_field(row, paste0("g", game, "_judgment"))
    ))
  })
}
