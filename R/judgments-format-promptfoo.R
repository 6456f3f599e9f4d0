# Results of promptfoo: a log, lines of JSON, or the array that evaluate() returns.

log_format_promptfoo <- function() {
  log_format(
    "promptfoo", ".json", "results with gradingResult and componentResults", "object",
    holds = function(names, value) {
      is.list(value[["results"]]) && !is_inspect_header(names) &&
        !any(c("configs", "n-shot", "task_hashes") %in% names)
    },
    read = function(value, path, task, call) {
      results <- value[["results"]]
      if (!is.null(names(results))) results <- results[["results"]]
      read_promptfoo(results, path, call)
    },
    options = c("pass", "fail")
  )
}

log_format_promptfoo_lines <- function() {
  log_format(
    "promptfoo, lines or evaluate()", ".jsonl, or an array in .json",
    "gradingResult with vars, testCase or promptIdx", "records",
    holds = function(names, value) {
      "gradingResult" %in% names && any(c("testCase", "vars", "promptIdx", "testIdx") %in% names)
    },
    read = function(value, path, task, call) read_promptfoo(value, path, call),
    options = c("pass", "fail")
  )
}

is_inspect_header <- function(names) all(c("eval", "status") %in% names)

# Assertions that a model or a service graded.
model_graded <- paste0(
  "^(?:not-)?(?:(?:llm|agent|search|research)-rubric$|model-graded|factuality$|g-eval$|",
  "answer-relevance$|context-(?:faithfulness|recall|relevance)$|conversation-relevance$|",
  "citation-faithfulness$|noise-sensitivity$|select-best$|classifier$|moderation$|guardrails$|",
  "pi$|similar(?::|$)|promptfoo:redteam:|trajectory:goal-success$|trajectory-judge$)"
)

# What stands for the judge's reason where the grader failed; promptfoo counts most as failed tests.
# The words of a judge may begin alike ("No output of the tool is cited"): these are no failures.
failure_after <- paste0("(?: \\w+){0,2}:? (?:error|failed|failure|exceeded|timed out)",
                        "(?:[:.!(]|$| (?:with|after|due|for|at|while|during|[0-9]))")
grader_failures <- c(
  "No output[.]?$", "No embedding", "Embedding not found", "Unknown error", "Request timed out",
  "Could not (?:extract|perform remote|parse|grade)",
  "(?:Failed|Unable) to (?:parse|grade|extract|call)",
  paste0("(?:API|Request|Network|Fetch|Provider|Remote|Rate limit|Connection|Timeout|",
         "Grad(?:er|ing)|Moderation|Assertion|Scoring)", failure_after),
  "Error: (?:API|HTTP|fetch|connect|timeout|request|ECONN|[45][0-9]{2})",
  "(?:HTTP|Status)(?: code)?:? ?[45][0-9]{2}", "Error parsing (?:output|the )",
  "Grad(?:er|ing) response", "Grader (?:returned no|output does not)", "Some grading calls failed",
  "Model grader produced", "[\\w:-]+ (?:check )?(?:produced|returned) (?:a )?malformed",
  "Factuality checker output did not", "Invalid (?:category value|select-best verdict|grad)",
  "LLM-proposed evaluation", "LLM does not propose", "G-Eval (?:step|eval|resp)",
  "Search rubric evaluation failed", "Remote (?:grading|scoring)"
)
grader_failed <- paste0("^(?:", paste(grader_failures, collapse = "|"), ")")

read_promptfoo <- function(results, path, call) {
  if (!is.list(results) || length(results) == 0L) {
    abort_log(path, "It has no results in {.field results}.", call)
  }
  parts <- lapply(results, promptfoo_parts)
  asked <- asked_judges(results, parts)
  if (length(unlist(asked)) == 0L) {
    abort_log(path, "None of its results has a {.field gradingResult} with assertions.", call)
  }
  rows <- Map(function(result, parts, judges, item) {
    common <- c(list(item_id = item, human = human_thumb(parts)), promptfoo_run(result))
    lapply(judges, function(judge) c(promptfoo_row(parts[[judge]], judge), common))
  }, results, parts, asked, promptfoo_items(results))
  tell_not_asked(sum(lengths(asked) == 0L), length(results))
  log_rows(unlist(unname(rows), recursive = FALSE))
}

# Items that no judge was asked about have no row.
tell_not_asked <- function(n, of) {
  if (n == 0L) return(invisible())
  inform_judicious(
    c("{cli::qty(n)}Of {of} results, {n} {?has/have} no assertion that a judge graded.",
      i = "{cli::qty(n)}No judge was asked about {?it/them}: {?it has/they have} no row."),
    "not_asked", n = n
  )
}

# Results with the same variables are of one item: the index of the first of them.
promptfoo_items <- function(results) {
  content <- lapply(results, function(result) {
    test <- field(result, "testCase")
    list(field(result, "vars") %||% field(test, "vars"), field(test, "description"))
  })
  index <- vapply(results, text_field, "", "testIdx")
  empty <- vapply(content, function(x) length(x[[1]]) == 0L, FALSE)
  index[is.na(index)] <- as.character(which(is.na(index)) - 1L)
  first <- match(content, content)
  ifelse(empty, index, index[first])
}

promptfoo_run <- function(result) {
  provider <- field(result, "provider")
  label <- text_field(provider, "label")
  system <- if (is.na(label) || !nzchar(label)) text_field(provider, "id") else label
  if (rlang::is_string(provider)) system <- provider
  list(system = system, .prompt = prompt_name(result))
}

# Labels of prompts are often their text: then the number tells them apart.
prompt_name <- function(result) {
  label <- text_field(result, "prompt", "label")
  number <- number_field(result, "promptIdx")
  if (!is.na(label) && nchar(label) <= 40L && !grepl("[\n{]", label)) return(label)
  if (!is.na(number)) return(paste("prompt", number + 1))
  id <- text_field(result, "promptId")
  if (is.na(id)) id else paste("prompt", substr(id, 1L, 8L))
}

# --- assertions -------------------------------------------------------------------

# The assertions of a result by the name of the judge.
promptfoo_parts <- function(result) {
  grading <- field(result, "gradingResult")
  parts <- flat_parts(field(grading, "componentResults"))
  if (length(parts) == 0L && tells_assertion(grading, result)) parts <- list(grading)
  name_assertions(parts, lapply(parts, field, "assertion"))
}

# Without assertions promptfoo says "pass", which is no judgement.
tells_assertion <- function(grading, result) {
  if (is.null(grading)) return(FALSE)
  if (!is.null(field(grading, "assertion"))) return(TRUE)
  reason <- text_field(grading, "reason")
  if (!is.na(reason) && grepl("^No assert", reason)) return(FALSE)
  length(field(field(result, "testCase"), "assert")) > 0L || (!is.na(reason) && nzchar(reason))
}

# Assertions in sets, and those that a script called, count for themselves. promptfoo repeats them
# after the one that holds them.
flat_parts <- function(parts) {
  out <- list()
  i <- 1L
  while (i <= length(parts)) {
    part <- parts[[i]]
    inner <- field(part, "componentResults")
    if (is.list(inner) && length(inner) > 0L) {
      leaves <- flat_parts(inner)
      opened <- is_assertion_set(part) || any(graded_parts(leaves))
      out <- c(out, if (opened) leaves else list(part))
      if (same_parts(inner, parts[i + seq_along(inner)])) i <- i + length(inner)
    } else {
      out <- c(out, list(part))
    }
    i <- i + 1L
  }
  out
}

is_assertion_set <- function(part) {
  type <- text_field(part, "assertion", "type")
  is.na(type) || type == "assert-set" || !is.null(field(field(part, "metadata"), "assertionSet"))
}

same_parts <- function(a, b) {
  verdict <- function(part) list(field(part, "pass"), field(part, "score"), field(part, "reason"))
  identical(lapply(unname(a), verdict), lapply(unname(b), verdict))
}

# An assertion with a grader of its own is graded by it, whatever its type is called.
is_graded <- function(assertion) {
  type <- text_field(assertion, "type")
  (!is.na(type) && grepl(model_graded, type, perl = TRUE)) ||
    !is.null(field(assertion, "provider")) || !is.null(field(assertion, "rubricPrompt"))
}

graded_parts <- function(parts) {
  vapply(parts, function(part) is_graded(field(part, "assertion")), FALSE)
}

is_human <- function(part) identical(text_field(part, "assertion", "type"), "human")

name_assertions <- function(parts, assertions) {
  if (length(parts) == 0L) return(list())
  name <- vapply(assertions, function(assertion) {
    metric <- text_field(assertion, "metric")
    if (!is.na(metric) && nzchar(metric)) return(metric)
    if_na(text_field(assertion, "type"), "assertions")
  }, "")
  stats::setNames(parts, make.unique(name, sep = " "))
}

# The judges that were asked about each result: those that are model-graded; all, if none in the log
# is. A result without a grade (its provider or grader failed) was asked what its test declares, or
# what other results of its test were, or, if all have the same, what all were.
asked_judges <- function(results, parts) {
  declared <- lapply(results, declared_assertions)
  graded <- lapply(parts, graded_parts)
  wanted <- lapply(declared, function(x) vapply(x, is_graded, FALSE))
  any_graded <- any(unlist(graded), unlist(wanted))
  asked <- Map(function(part, is_graded) {
    human <- vapply(part, is_human, FALSE)
    names(part)[if (any_graded) is_graded & !human else !human]
  }, parts, graded)
  silent <- vapply(results, function(result) is.null(field(result, "gradingResult")), FALSE)
  empty <- lengths(parts) == 0L
  declares <- Map(function(x, is_graded) {
    names(x)[if (any_graded) is_graded else rep(TRUE, length(x))]
  }, declared, wanted)
  common <- unique(lapply(asked[lengths(asked) > 0L], sort))
  items <- promptfoo_items(results)
  for (i in which(empty)) {
    same <- unique(unlist(asked[items == items[i] & !empty]))
    guess <- if (silent[i]) same %||% if (length(common) == 1L) common[[1]]
    asked[[i]] <- if (length(declared[[i]]) > 0L) declares[[i]] else guess %||% character()
  }
  asked
}

# The assertions that the test of a result has, those in sets too.
declared_assertions <- function(result) {
  leaves <- function(assertions) {
    unlist(lapply(assertions, function(assertion) {
      inner <- field(assertion, "assert")
      if (is.list(inner)) leaves(inner) else list(assertion)
    }), recursive = FALSE)
  }
  assertions <- leaves(field(field(result, "testCase"), "assert"))
  name_assertions(assertions, assertions)
}

# Thumbs up or down in promptfoo's viewer are a person's.
human_thumb <- function(parts) {
  thumbs <- Filter(is_human, parts)
  pass <- if (length(thumbs) > 0L) field(thumbs[[length(thumbs)]], "pass")
  if (rlang::is_bool(pass)) if (pass) "pass" else "fail" else NA_character_
}

promptfoo_row <- function(part, judge) {
  pass <- field(part, "pass")
  reason <- text_field(part, "reason")
  readable <- rlang::is_bool(pass) && !grading_failed(part, reason)
  list(
    judge = judge, label = if (readable) if (pass) "pass" else "fail" else NA_character_,
    score = if (readable) if_na(number_field(part, "score"), as.double(pass)) else NA_real_,
    status = if (is.null(part)) "failed" else if (readable) "ok" else "unreadable", answer = reason
  )
}

grading_failed <- function(part, reason) {
  metadata <- field(part, "metadata")
  # An attack that succeeded did so, whatever became of the other turns.
  incomplete <- isTRUE(field(metadata, "gradingIncomplete")) && isTRUE(field(part, "pass"))
  isTRUE(field(metadata, "graderError")) || !is.null(field(metadata, "gradingError")) ||
    incomplete || !is.na(text_field(part, "error")) ||
    (!is.na(reason) && grepl(grader_failed, reason, perl = TRUE, ignore.case = TRUE))
}
