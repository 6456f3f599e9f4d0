# A run is a folder: what was asked (settings.json) and one file per judge to which every answer is
# appended as one line of JSON when it arrives.

run_version <- 1L

settings_path <- function(folder) file.path(folder, "settings.json")

# Names that are no file names become some, with a hash, so that no two judges share a file.
judge_path <- function(folder, judge) {
  plain <- gsub("[^A-Za-z0-9._-]+", "_", judge)
  marks <- vapply(enc2utf8(judge), rlang::hash, "", USE.NAMES = FALSE)
  plain <- ifelse(plain == judge, plain, paste0(plain, "-", substr(marks, 1L, 8L)))
  file.path(folder, paste0("judge-", plain, ".jsonl"))
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
    order = script$order, question = redact(script$question),
    descriptions = redact_all(as.list(script$descriptions)),
    template = redact_all(as.list(script$template)),
    items = list(id = I(id_text(items$item_id)), type = typeof(items$item_id),
                 system = if (!is.null(items$system)) I(as.character(items$system)),
                 hash = items_hash(script, items)),
    n_draws = n_draws,
    seed = if (script$order == "shuffled") sample.int(.Machine$integer.max, 1L),
    judges = redact_all(judges)
  )
}

# Ids as text: numbers with all their digits, on every version of R alike.
id_text <- function(id) {
  if (!is.double(id)) return(as.character(id))
  short <- sprintf("%.15g", id)
  whole <- is.finite(id) & id == round(id) & abs(id) < 1e15
  ifelse(whole, sprintf("%.0f", id), ifelse(as.double(short) == id, short, sprintf("%.17g", id)))
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
  check_judge_names(names(old$judges), call)
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
  temporary <- paste0(settings_path(folder), ".tmp")
  writeLines(to_json(settings, pretty = TRUE), temporary, useBytes = TRUE)
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

# Appends a line; a line that a killed process left unfinished is ended first. Ids and options are
# no secrets, whatever they look like: they must be found again.
append_answer <- function(answer, path, secrets = secret_values()) {
  said <- setdiff(names(answer), c("item", "draw", "asked", "status", "choice", "set", "label",
                                   "codes", "time"))
  answer[said] <- redact_all(answer[said], secrets)
  con <- file(path, "ab")
  on.exit(close(con))
  writeLines(paste0(if (ends_unfinished(path)) "\n", to_json(answer)), con, useBytes = TRUE)
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
  lines <- if (file.exists(path)) readLines(path, warn = FALSE, skipNul = TRUE) else character()
  # A killed process may stop within a character.
  lines <- iconv(lines[nzchar(lines)], "UTF-8", "UTF-8", sub = "?")
  lines <- lines[nzchar(trimws(lines))]
  answers <- parse_lines(lines)
  valid <- vapply(answers, is_run_answer, FALSE)
  answers <- answers[valid]
  keys <- answer_keys(answers)
  list(answers = answers[!duplicated(keys, fromLast = TRUE)], n_broken = sum(!valid))
}

# All at once, which is faster, or else one by one.
parse_lines <- function(lines) {
  parse <- function(text) {
    tryCatch(jsonlite::fromJSON(text, simplifyVector = FALSE), error = function(cnd) NULL)
  }
  answers <- parse(paste0("[", paste(lines, collapse = ","), "]"))
  if (length(answers) == length(lines)) answers else lapply(lines, parse)
}

is_run_answer <- function(x) {
  is.list(x) && rlang::is_string(x$item) && is.numeric(x$draw) && rlang::is_string(x$asked) &&
    rlang::is_string(x$status)
}

call_key <- function(item, draw, asked) paste(asked, draw, item, sep = "\r")

answer_keys <- function(answers) {
  text <- function(name) vapply(answers, `[[`, "", name)
  call_key(text("item"), vapply(answers, function(x) as.integer(x$draw), 0L), text("asked"))
}

# --- keys are never written -------------------------------------------------------

key_shapes <- paste0("\\b(?:(?:sk|pk|rk|gsk|xai|hf)[-_]|AIza|ya29[.])[A-Za-z0-9_-]{12,}|",
                     "(?i)(?:bearer\\s+|[?&](?:api[-_]?)?key=)[A-Za-z0-9._~+/-]{8,}=*")

# The values of environment variables that hold secrets.
secret_values <- function() {
  variables <- Sys.getenv()
  secret <- grepl("KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL", names(variables)) &
    nchar(variables, "bytes") >= 8L
  unique(unname(as.character(variables[secret])))
}

# Replaces secrets and what looks like a key.
redact <- function(text, secrets = secret_values()) {
  for (value in secrets) text <- gsub(value, "<redacted>", text, fixed = TRUE)
  gsub(key_shapes, "<redacted>", text, perl = TRUE)
}

# Within lists, too.
redact_all <- function(x, secrets = secret_values()) {
  if (is.character(x)) {
    x[] <- redact(x, secrets)
  } else if (is.list(x)) {
    x[] <- lapply(x, redact_all, secrets = secrets)
  }
  x
}
