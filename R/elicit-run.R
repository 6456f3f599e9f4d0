# A run is a folder: what was asked (settings.json) and one file per judge to which every answer is
# appended as one line of JSON when it arrives.

run_version <- 1L

settings_path <- function(folder) file.path(folder, "settings.json")
judge_path <- function(folder, judge) {
  file.path(folder, paste0("judge-", gsub("[^A-Za-z0-9._-]+", "_", judge), ".jsonl"))
}

to_json <- function(x, pretty = FALSE) {
  as.character(jsonlite::toJSON(x, auto_unbox = TRUE, null = "null", na = "null", digits = NA,
                                pretty = pretty))
}

# --- settings -------------------------------------------------------------------

# All that answers depend on; `judges` are descriptions by name. Of the items only the columns that
# prompts use count.
run_settings <- function(script, items, item_id, n_draws, judges) {
  list(
    judicious_run = run_version,
    created = format(Sys.time(), "%Y-%m-%dT%H:%M:%SZ", tz = "UTC"),
    task = list(options = I(script$task$options), positive = I(script$task$positive),
                sets = if (!is.null(script$task$sets)) I(script$task$sets)),
    format = script$format, confidence = script$confidence, pairing = script$pairing,
    order = script$order, question = script$question,
    descriptions = as.list(script$descriptions), template = as.list(script$template),
    items = list(id = I(as.character(items$item_id)), type = typeof(items$item_id),
                 system = if (!is.null(items$system)) I(as.character(items$system)),
                 hash = items_hash(script, items)),
    n_draws = n_draws,
    seed = if (script$order == "shuffled") sample.int(.Machine$integer.max, 1L),
    judges = judges
  )
}

items_hash <- function(script, items) {
  fields <- unlist(lapply(script$template, template_fields), use.names = FALSE)
  used <- sort(intersect(fields, names(items)))
  rlang::hash(lapply(stats::setNames(nm = used), function(name) {
    enc2utf8(as.character(items[[name]]))
  }))
}

# What must be the same when a run goes on.
fixed_settings <- c(task = "task", items = "items", format = "format", confidence = "confidence",
                    pairing = "pairing", order = "order", question = "question",
                    descriptions = "descriptions", template = "template")

# Settings of the folder, extended by more draws or judges; an error if anything else differs.
join_settings <- function(new, folder, call) {
  old <- read_settings(folder, call)
  differ <- function(a, b) !identical(to_json(a), to_json(b))
  new_read <- jsonlite::fromJSON(to_json(new), simplifyVector = FALSE)
  for (field in fixed_settings) {
    if (differ(old[[field]], new_read[[field]])) {
      what <- paste0("{.arg ", field, "} differs from that of the run.")
      abort_settings(folder, what, field, call)
    }
  }
  for (judge in intersect(names(old$judges), names(new$judges))) {
    if (differ(old$judges[[judge]], new_read$judges[[judge]])) {
      abort_settings(folder, paste0("Judge ", literal(judge), " has another model, parameters or ",
                                    "system prompt than in the run."), "chats", call)
    }
  }
  old$judges[names(new_read$judges)] <- new_read$judges
  old$n_draws <- max(old$n_draws, new$n_draws)
  old
}

abort_settings <- function(folder, what, arg, call) {
  abort_judicious(
    c("The run in {.file {folder}} was made with other settings.", x = what,
      i = "Answers to different questions must not be mixed: give another folder."),
    "settings", arg = arg, call = call
  )
}

# A half-written file must not replace a whole one.
write_settings <- function(settings, folder) {
  temporary <- tempfile("settings", folder)
  writeLines(redact(to_json(settings, pretty = TRUE)), temporary, useBytes = TRUE)
  file.rename(temporary, settings_path(folder))
}

read_settings <- function(folder, call) {
  settings <- tryCatch(
    jsonlite::fromJSON(settings_path(folder), simplifyVector = FALSE),
    error = function(cnd) NULL
  )
  if (is.null(settings) || !identical(settings$judicious_run, run_version)) {
    abort_judicious(
      c("{.file {folder}} is not the folder of a run.",
        x = if (file.exists(settings_path(folder))) {
          "Its {.file settings.json} cannot be read."
        } else {
          "It has no {.file settings.json}."
        }),
      "file", arg = "run", call = call
    )
  }
  settings
}

settings_task <- function(settings) {
  task <- rating_task(unlist(settings$task$options), unlist(settings$task$positive))
  if (!is.null(settings$task$sets)) task$sets <- as.integer(unlist(settings$task$sets))
  task
}

# --- answers --------------------------------------------------------------------

# Appends a line; a line that a killed process left unfinished is ended first.
append_answer <- function(answer, path) {
  line <- redact(to_json(answer))
  cat(if (ends_unfinished(path)) "\n", line, "\n", file = path, append = TRUE, sep = "")
}

ends_unfinished <- function(path) {
  size <- file.size(path)
  if (is.na(size) || size == 0) return(FALSE)
  con <- file(path, "rb")
  on.exit(close(con))
  seek(con, size - 1)
  !identical(readBin(con, "raw", 1L), charToRaw("\n"))
}

# All answers of a judge, the last one where a call was repeated. Lines that are no answers are
# counted: what they would have said is asked again.
read_judge_file <- function(path) {
  lines <- if (file.exists(path)) readLines(path, warn = FALSE, encoding = "UTF-8") else character()
  lines <- lines[nzchar(trimws(lines))]
  answers <- lapply(lines, function(line) {
    tryCatch(jsonlite::fromJSON(line, simplifyVector = FALSE), error = function(cnd) NULL)
  })
  valid <- vapply(answers, is_run_answer, FALSE)
  answers <- answers[valid]
  keys <- vapply(answers, answer_key, "")
  list(answers = answers[!duplicated(keys, fromLast = TRUE)], n_broken = sum(!valid))
}

is_run_answer <- function(x) {
  is.list(x) && rlang::is_string(x$item) && is.numeric(x$draw) && rlang::is_string(x$asked) &&
    rlang::is_string(x$status)
}

call_key <- function(item, draw, asked) paste(asked, draw, item, sep = "\r")
answer_key <- function(answer) call_key(answer$item, answer$draw, answer$asked)

# --- keys are never written -------------------------------------------------------

key_shapes <- paste0("\\b(?:sk|pk|rk|gsk|xai|hf|AIza|ya29)[-_.]?[A-Za-z0-9_-]{12,}|",
                     "(?i)(?:bearer\\s+|[?&](?:api[-_]?)?key=)[A-Za-z0-9._~+/-]{8,}=*")

# Replaces the values of environment variables that hold secrets, and what looks like a key.
redact <- function(text) {
  variables <- Sys.getenv()
  secret <- grepl("KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL", names(variables)) &
    nchar(variables) >= 8L
  for (value in unique(unname(variables[secret]))) {
    text <- gsub(value, "<redacted>", text, fixed = TRUE)
  }
  gsub(key_shapes, "<redacted>", text, perl = TRUE)
}
