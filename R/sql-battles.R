# Comparisons of systems in a table: of those without a label, how often each occurs is fetched.

# As memory_battles() makes it, of labelled rows and of counts, a row each.
lazy_battles <- function(formula, data, quosures, call) {
  if (!rlang::quo_is_null(quosures$clusters)) abort_clusters_of_table("Strengths", call)
  if (rlang::quo_is_null(quosures$order)) quosures$order <- NULL
  q <- sql_question(formula, data, c(quosures, no_groups()), call, kind = "classes")
  columns <- c("side_a", "side_b", if (!is.null(quosures$order)) "order", q$judges)
  judges <- q$names[q$judges]
  counts <- NULL
  asked <- ask_lazy(q, call, settle = function(q, session) {
    counts <<- ask_some(session, count_query(q, columns), "kinds of comparisons", call,
                        "round judges that are scores: {.code round(score, 2)}")
    q$judges <- character()  # what they say is among the counts
    q
  })
  labelled <- asked$answers$labelled
  rows <- vctrs::vec_rbind(labelled[columns], counts[columns])
  times <- c(rep(1, nrow(labelled)), as.double(counts$n))
  raw <- battles_as_raw(q, rows, labelled, judges)
  check_battles_known(rows, times, judges, call)
  sides <- list(a = as.character(rows$side_a), b = as.character(rows$side_b),
                row = function(i) "Some row")
  battles <- read_battles(battle_design(raw, sides, call), sides, rows$order, call)
  battles$times <- times
  battles$w <- c(if (length(q$prob)) 1 / labelled$prob else rep(1, nrow(labelled)),
                 numeric(nrow(counts)))
  battles$w[is.na(battles$y)] <- 0
  summarise <- summarise_counted(asked, counts, call)
  at <- seq_len(nrow(labelled))
  battles$summarise <- function(scores, settings) {
    core <- summarise(lapply(seq_len(ncol(scores$y)), function(k) scores$y[at, k]),
                      do.call(cbind, c(list(matrix(0, nrow(rows), 0)), scores$f)))
    list(numbers = core$numbers, facts = core)
  }
  list(design = verdict_design(battles, asked, summarise, judges, at, call), battles = battles)
}

battles_as_raw <- function(q, rows, labelled, judges) {
  marked <- function(columns) if (length(columns)) list()
  y <- c(labelled$label, rep(NA, nrow(rows) - nrow(labelled)))
  list(n = nrow(rows), y = y, judges = rlang::set_names(as.list(rows[names(judges)]), judges),
       label = q$label, formula = q$formula, strata = marked(q$strata), clusters = NULL,
       prob = marked(q$prob))
}

check_battles_known <- function(rows, times, judges, call) {
  if (nrow(rows) == 0L) abort_judicious("There are no rows.", "empty", call = call)
  args <- c(side_a = "a", side_b = "b", order = "order")
  for (name in intersect(names(args), names(rows))) {
    check_no_missing(sum(times[is.na(rows[[name]])]), args[[name]], call)
  }
  for (name in names(judges)) {
    check_judge_said(sum(times[is.na(rows[[name]])]), judges[[name]], call)
  }
}

# Verdicts as a mean, for what is told of a mean.
verdict_design <- function(battles, asked, summarise, judges, at, call) {
  said <- do.call(cbind, c(list(matrix(0, length(battles$y), 0)), battles$judges))
  core <- summarise(list(battles$y[at]), said)
  tell_outside(asked$answers$outside, call)
  named <- lapply(unname(judges), function(name) list(name = name))
  strata <- asked$groups$strata
  marked <- list(formula = asked$q$formula, label = asked$q$label, proxies = named,
                 strata = if (!is.null(strata)) list(keys = strata$keys, n = strata$n, first = 1L),
                 prob = if (length(asked$q$prob)) list())
  summary <- make_summary(marked, core)
  summary$sql <- asked$session$sql
  summary$fetched <- list(labelled = length(at), rest = 0L, sums = length(battles$y) - length(at),
                          bytes = asked$session$bytes)
  tell_fetched(summary, asked$session)
  summary_design(summary, call)
}
