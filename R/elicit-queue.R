# Asking: every judge has a queue of calls; all queues move on together, and every answer is
# written when it arrives.

# A judge's queue is an environment, because answers arrive while others are asked.
new_queue <- function(name, judge, calls, path, limits) {
  rlang::env(
    name = name, judge = judge, path = path, limits = limits, calls = calls,
    waiting = seq_along(calls$key), tries = integer(length(calls$key)), n_active = 0L,
    not_before = 0, started = numeric(), closed = FALSE, stopped = NULL, n_ok = 0L,
    rehearsal = inherits(judge, "judicious_mock_judge"), secrets = secret_values(),
    clock = function() as.double(Sys.time())
  )
}

# `script` and `items` are what build_prompt() needs; `tally` counts for the progress line.
run_queues <- function(queues, script, items, tally) {
  # A chat that is asked makes new functions for every call, and R would spend longer on compiling
  # them each time than most models take to answer.
  compile <- compiler::enableJIT(0)
  on.exit(compiler::enableJIT(compile))
  tryCatch(
    while (!all(vapply(queues, queue_done, FALSE))) {
      for (queue in queues) suspendInterrupts(start_calls(queue, script, items, tally))
      wait_for_answers(queues)
      tally$update()
      if (!is.null(tally$error)) rlang::cnd_signal(tally$error)
    },
    interrupt = function(cnd) finish_interrupted(queues, tally)
  )
}

queue_done <- function(queue) {
  queue$n_active == 0L && (length(queue$waiting) == 0L || queue$closed)
}

# What is on its way is paid for: it is awaited and written. A second interrupt does not wait.
finish_interrupted <- function(queues, tally) {
  for (queue in queues) queue$closed <- TRUE
  active <- function() sum(vapply(queues, `[[`, 0L, "n_active"))
  if (active() > 0L) cli::cli_alert_info("Waiting for {active()} answer{?s} on the way.")
  while (active() > 0L) {
    wait_for_answers(queues)
    tally$update()
  }
  tally$interrupted <- TRUE
}

wait_for_answers <- function(queues) {
  if (any(vapply(queues, function(queue) queue$n_active > 0L, FALSE))) {
    # An interrupt within a callback would lose its answer; it is heard afterwards.
    suspendInterrupts(later::run_now(0.1))
  } else if (!any(vapply(queues, can_start, FALSE)) &&
               !all(vapply(queues, queue_done, FALSE))) {
    Sys.sleep(0.05)
  }
}

# Rates are limited for providers, not for rehearsals.
can_start <- function(queue) {
  now <- queue$clock()
  !queue$closed && length(queue$waiting) > 0L && queue$n_active < queue$limits$max_active &&
    now >= queue$not_before &&
    (queue$rehearsal || sum(queue$started > now - 60) < queue$limits$rpm)
}

start_calls <- function(queue, script, items, tally) {
  # A judge that answers at once must not keep the others waiting.
  for (turn in seq_len(queue$limits$max_active)) {
    if (!can_start(queue)) return(invisible())
    start_call(queue, queue$waiting[1], script, items, tally)
  }
}

start_call <- function(queue, i, script, items, tally) {
  force(i) # before the queue moves on
  queue$waiting <- queue$waiting[-1]
  queue$tries[i] <- queue$tries[i] + 1L
  queue$n_active <- queue$n_active + 1L
  if (!queue$rehearsal) {
    now <- queue$clock()
    queue$started <- c(queue$started[queue$started > now - 60], now)
  }
  request <- call_request(queue$calls, i, script, items)
  # What goes wrong here (a full disk) is heard by run_queues(): promises would swallow it.
  done <- function(reply) {
    tryCatch(call_answered(queue, i, request, reply, script, tally),
             error = function(cnd) tally$error <- tally$error %||% cnd)
  }
  failed <- function(cnd) call_failed(queue, i, request, cnd, tally)
  if (queue$rehearsal) {
    reply <- tryCatch(mock_reply(queue$judge, request), error = identity)
    return(if (inherits(reply, "error")) failed(reply) else done(reply))
  }
  chat <- queue$judge$clone()
  asked <- tryCatch(chat$chat_async(request$prompt), error = identity)
  if (inherits(asked, "error")) return(failed(asked))
  promises::then(asked, function(text) {
    reply <- tryCatch(chat_reply(chat), error = identity)
    if (inherits(reply, "error")) failed(reply) else done(reply)
  }, failed)
}

call_request <- function(calls, i, script, items) {
  row <- calls$row[i]
  shown <- calls$shown[[i]]
  asked <- calls$asked[i]
  label <- calls$label[i]
  list(
    item = lapply(items, vctrs::vec_slice, row), key = id_text(items$item_id[row]),
    draw = calls$draw[i], asked = asked, shown = shown, label = label,
    codes = codes_shown(script, shown), verbal = script$confidence == "verbal" && asked != "set",
    prompt = build_prompt(script, items, row, asked, shown, label = label)
  )
}

chat_reply <- function(chat) {
  turn <- chat$last_turn()
  tokens <- tryCatch(judge_logprobs(list(turn)), error = function(cnd) NULL)
  known <- !is.null(tokens) && !all(is.na(tokens$logprob))
  list(
    text = valid_text(chat_text(chat)),
    tokens = if (known) list(token = tokens$token, logprob = tokens$logprob, top = tokens$top),
    usage = as.double(attr(turn, "tokens", exact = TRUE) %||% rep(NA, 3)),
    cost = as.double(attr(turn, "cost", exact = TRUE) %||% NA)
  )
}

# --- what became of a call --------------------------------------------------------

call_answered <- function(queue, i, request, reply, script, tally) {
  read <- if (request$asked == "p_true") {
    read_answers(reply$text, verdict_task(), "choice", list(c("Yes", "No")))
  } else {
    read_answers(reply$text, script$task, request$asked, list(request$codes))
  }
  options <- if (request$asked == "p_true") c("yes", "no") else script$task$options
  write_call(queue, i, request, list(
    status = read$status, choice = options[read$choice],
    set = if (!is.na(read$set)) I(options[set_members(read$set)]), answer = reply$text,
    codes = I(request$codes), tokens = json_tokens(reply$tokens), usage = I(reply$usage),
    cost = reply$cost
  ))
  queue$n_active <- queue$n_active - 1L
  queue$n_ok <- queue$n_ok + 1L
  tally$add(read$status, reply$cost)
}

verdict_task <- function() rating_task(c("yes", "no"), "yes")

json_tokens <- function(tokens) {
  if (is.null(tokens)) return(NULL)
  list(token = I(tokens$token), logprob = I(tokens$logprob),
       top = lapply(tokens$top, function(top) {
         list(token = I(names(top)), logprob = I(unname(top)))
       }))
}

# Failed calls go to the end of the queue until they have been tried often enough.
call_failed <- function(queue, i, request, cnd, tally) {
  queue$n_active <- queue$n_active - 1L
  status <- http_status(cnd)
  if (status %in% c(401L, 403L) || (status %in% 404L && queue$n_ok == 0L)) {
    return(stop_queue(queue, cnd, tally))
  }
  transient <- is.na(status) || status %in% c(408L, 409L, 425L, 429L) || status >= 500L
  if (transient && queue$tries[i] < queue$limits$max_tries) {
    wait <- if (queue$rehearsal) 0 else retry_delay(cnd, queue$tries[i])
    queue$not_before <- max(queue$not_before, queue$clock() + wait)
    queue$waiting <- c(queue$waiting, i)
    return(invisible())
  }
  tryCatch({
    write_call(queue, i, request, list(status = "failed", error = error_text(cnd)))
    tally$add("failed", NA_real_)
  }, error = function(cnd) tally$error <- tally$error %||% cnd)
}

write_call <- function(queue, i, request, result) {
  append_answer(c(
    list(item = request$key, draw = request$draw, asked = request$asked),
    result,
    list(label = if (!is.na(request$label)) request$label, tries = queue$tries[i],
         time = format(Sys.time(), "%Y-%m-%dT%H:%M:%SZ", tz = "UTC"))
  ), queue$path, queue$secrets)
}

# A wrong key or model will not come right by trying: the rest is not asked.
stop_queue <- function(queue, cnd, tally) {
  queue$closed <- TRUE
  queue$stopped <- queue$stopped %||% error_text(cnd)
}

http_status <- function(cnd) {
  while (!is.null(cnd)) {
    if (is.numeric(cnd$status)) return(as.integer(cnd$status))
    cnd <- cnd$parent
  }
  NA_integer_
}

# The seconds that the server asks for, or else 1, 2, 4, ..., at most 60.
retry_delay <- function(cnd, tries) {
  asked_for <- if (!is.null(cnd$resp)) {
    tryCatch(httr2::resp_retry_after(cnd$resp), error = function(cnd) NA_real_)
  }
  if (!is.null(asked_for) && !is.na(asked_for)) return(max(asked_for, 0))
  min(getOption("judicious.retry_wait_s", 1) * 2^(tries - 1), 60)
}

error_text <- function(cnd) {
  redact(paste(unique(c(conditionMessage(cnd), conditionMessage(cnd$parent %||% cnd))),
               collapse = ": "))
}
