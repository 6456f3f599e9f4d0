# Samples of lm-eval: one judge per metric, one item per document. The model and task are in the
# names of the folder and file, the filter in the samples.

lm_eval_fields <- c("doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter",
                    "metrics", "doc_hash", "prompt_hash", "target_hash", "schema_version",
                    "native_id")

log_format_lm_eval <- function() {
  log_format(
    "lm-eval", "samples_*.jsonl", "doc_id, resps and filtered_resps, with a field per metric",
    "records",
    holds = function(names, value) all(c("doc_id", "filtered_resps") %in% names),
    read = read_lm_eval
  )
}

log_format_lm_eval_summary <- function() {
  log_format(
    "lm-eval, summary", "results_*.json", "results with configs: has no samples, and is refused",
    "object",
    holds = function(names, value) {
      "results" %in% names && any(c("configs", "n-shot", "task_hashes") %in% names)
    },
    read = function(value, path, task, call) {
      abort_log(path, "It is a summary without samples; read {.file samples_*.jsonl}, which
                       {.code --log_samples} writes beside it.", call)
    }
  )
}

read_lm_eval <- function(samples, path, task, call) {
  metrics <- lm_eval_metrics(samples)
  if (length(metrics) == 0L) {
    abort_log(path, "Its samples have no metric that is a number.", call)
  }
  ids <- vapply(samples, text_field, "", "doc_id")
  if (anyNA(ids)) {
    abort_log(path, paste0("Sample ", which(is.na(ids))[1], " has no {.field doc_id}."), call)
  }
  run <- list(item_id = ids, .model = lm_eval_model(path), .task = lm_eval_task(path),
              .filter = vapply(samples, text_field, "", "filter"))
  run <- lapply(run, rep_len, length(samples))
  rows <- lapply(metrics, function(metric) {
    asked <- vapply(samples, function(sample) metric %in% names(sample), FALSE)
    score <- vapply(samples, number_field, 0, metric)
    out <- c(lapply(run, `[`, asked), list(judge = rep(metric, sum(asked)), score = score[asked]))
    vctrs::new_data_frame(out, n = sum(asked))
  })
  vctrs::vec_rbind(!!!rows)
}

# Numbers of a sample; lists such as the parts of a perplexity are sums over the task only.
lm_eval_metrics <- function(samples) {
  known <- unique(unlist(lapply(samples, function(sample) unlist(field(sample, "metrics")))))
  names <- known %||% setdiff(unique(unlist(lapply(samples, names))), lm_eval_fields)
  Filter(function(name) {
    any(vapply(samples, function(sample) !is.na(number_field(sample, name)), FALSE))
  }, names)
}

lm_eval_task <- function(path) {
  named <- regexec("samples_(.+?)_[0-9]{4}-[0-9]{2}-[^/]*$", path, perl = TRUE)
  task <- regmatches(path, named)[[1]]
  if (length(task) == 2L) task[2] else NA_character_
}

lm_eval_model <- function(path) {
  folder <- basename(dirname(path))
  named <- grepl("samples_", path, fixed = TRUE) && !folder %in% c(".", "", "/")
  if (named) folder else NA_character_
}
