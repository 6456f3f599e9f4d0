# Tables of RAGAS: questions, answers and contexts, with one column per metric.

ragas_metrics <- c(
  "faithfulness", "answer_relevancy", "answer_relevance", "response_relevancy", "context_precision",
  "context_recall", "context_relevancy", "context_relevance", "context_utilization",
  "context_entity_recall", "answer_similarity", "semantic_similarity", "answer_correctness",
  "factual_correctness", "noise_sensitivity", "noise_sensitivity_relevant",
  "llm_context_precision_with_reference", "llm_context_precision_without_reference",
  "non_llm_context_precision_with_reference", "non_llm_context_recall", "faithfulness_with_hhem",
  "topic_adherence", "tool_call_accuracy", "agent_goal_accuracy", "nv_accuracy",
  "nv_context_relevance", "nv_response_groundedness", "rubrics_score",
  "domain_specific_rubrics", "summary_score", "harmfulness", "maliciousness", "coherence",
  "conciseness", "aspect_critic", "simple_criteria_score"
)

log_format_ragas <- function() {
  log_format(
    "RAGAS", ".csv, .jsonl, .parquet",
    "user_input and response (or question, answer and contexts) with a column of a known metric",
    "table",
    holds = function(names, value) {
      asked <- all(c("user_input", "response") %in% names) ||
        all(c("question", "answer", "contexts") %in% names)
      asked && any(ragas_metric(names))
    },
    read = read_ragas
  )
}

# "factual_correctness(mode=f1)" is a metric, too.
ragas_metric <- function(names) sub("\\(.*\\)$", "", names) %in% ragas_metrics

# Rows have no ids: they are numbered. A missing number is a grade that could not be had.
read_ragas <- function(data, path, task, call) {
  metrics <- names(data)[ragas_metric(names(data))]
  out <- stack_scores(data, metrics, metrics, seq_len(nrow(data)))
  out$label <- NA_character_
  more <- setdiff(names(data)[vapply(data, is.numeric, FALSE)], c(metrics, "row", "Unnamed: 0"))
  if (length(more) > 0L) {
    inform_judicious(
      c("{cli::qty(more)}Not read, because {?it is no known metric/they are no known metrics} of
         RAGAS: {.field {more}}.",
        i = "To read others, name all: {.code score = c({metrics[1]}, {more[1]})}."),
      "columns", columns = more
    )
  }
  out
}
