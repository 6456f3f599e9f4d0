# Performance of a classifier whose verdicts are in a table. Which classes there are is asked first;
# then every share of rows that a metric is made from is a column, as a judge is.

lazy_performance <- function(formula, data, quosures, metrics, event_level, call) {
  nothing <- rlang::quo(NULL)
  q <- sql_question(formula, data, c(quosures, list(by = nothing, shard = nothing)), call,
                    kind = "classes")
  judges <- q$judges
  asked <- ask_lazy(q, call, settle = function(q, session) {
    settle_classes(q, metrics, event_level, session, call)
  })
  labelled <- asked$answers$labelled
  said <- as.list(labelled[sub("judge", "said", judges)])
  raw <- list(n = nrow(labelled), y = labelled$label, label = q$label, formula = q$formula,
              judges = rlang::set_names(said, q$names[judges]),
              strata = if (length(q$strata)) list(), clusters = if (length(q$cluster)) list(),
              prob = if (length(q$prob)) list())
  classes <- read_classes(raw, labelled$verdict, event_level, call)
  parts <- performance_parts(classes, metrics)
  asked$q$responses <- parts$y
  list(raw = raw, classes = classes, parts = parts,
       design = summary_design(sum_lazy(asked, call), call))
}

# --- which classes there are ---------------------------------------------------------------------

most_class_values <- 10000

# The values of labels, verdicts and judges that occur together; of judges that are numbers, what
# lies between.
class_query <- function(q) {
  numeric <- vapply(q$judges, function(judge) is.numeric(q$types[[judge]]), NA)
  ends <- function(prefix, make) {
    judges <- q$judges[numeric]
    rlang::set_names(lapply(rlang::syms(judges), make),
                     if (length(judges)) paste(prefix, judges, sep = "_"))
  }
  sums <- c(
    list(times = rlang::expr(dplyr::n())),
    ends("low", function(x) rlang::expr(min(!!x, na.rm = TRUE))),
    ends("high", function(x) rlang::expr(max(!!x, na.rm = TRUE))),
    ends("missing", function(x) count_where(q, rlang::expr(is.na(!!x))))
  )
  sums_by(q$table, c("label", "verdict", q$judges[!numeric]), !!!sums)
}

ask_classes <- function(q, session, call) {
  found <- ask(session, utils::head(class_query(q), most_class_values + 1), call)
  if (nrow(found) <= most_class_values) return(found)
  abort_judicious(
    c("{.var {q$label}}, {.arg predicted} and the judges must be classes.",
      x = "They take more than {most_class_values} combinations of values.",
      i = "A score becomes a verdict by a threshold: {.code predicted = score >= 0.5}."),
    "type", arg = "predicted", call = call
  )
}

settle_classes <- function(q, metrics, event_level, session, call) {
  found <- ask_classes(q, session, call)
  if (nrow(found) == 0L) {
    abort_judicious("There are no rows: {.var {q$label}} is empty.", "empty", call = call)
  }
  levels <- class_levels(found$label, q$label, call)
  missing <- sum(found$times[is.na(found$verdict)])
  if (missing > 0) {
    abort_judicious(
      c("{.arg predicted} must be known for every row.", x = "It is NULL in {missing} row{?s}.",
        i = "Say what a row without verdict counts as."),
      "missing", arg = "predicted", call = call
    )
  }
  codes <- class_codes(found$verdict, levels, "predicted", call, found$times)
  verdicts <- class_flags(sql_column("verdict"), found$verdict, codes, levels)
  judges <- lapply(q$judges, judge_class_flags, found, levels, q, call)
  as_performance(q, verdicts, judges,
                 performance_key(class_events(found$label, levels, event_level), metrics))
}

# For every class, whether a column has it: 1 or 0.
class_flags <- function(column, values, codes, levels) {
  lapply(seq_along(levels), function(k) {
    of_class <- unique(values[which(codes == k)])
    if (length(of_class) == 0L) return(0)
    as_flag(if (length(of_class) == 1L) rlang::expr(!!column == !!of_class) else
      rlang::expr(!!column %in% !!of_class))
  })
}

# A judge's shares of 0 to 1 of every class: of two classes, a number may be a probability.
judge_class_flags <- function(judge, found, levels, q, call) {
  column <- rlang::sym(judge)
  name <- q$names[[judge]]
  if (!is.null(found[[judge]])) {
    check_judge_said(sum(found$times[is.na(found[[judge]])]), name, call)
    codes <- class_codes(found[[judge]], levels, name, call, found$times)
    return(class_flags(column, found[[judge]], codes, levels))
  }
  ends <- lapply(c("low", "high", "missing"), function(end) found[[paste(end, judge, sep = "_")]])
  check_judge_said(sum(ends[[3]]), name, call)
  low <- min(ends[[1]])
  high <- max(ends[[2]])
  if (length(levels) == 2L && isTRUE(low >= 0 && high <= 1)) {
    return(list(rlang::expr(1 - !!column), column))
  }
  abort_judicious(
    c("{.var {name}} must be coded as the human labels: {.val {levels}}.",
      x = "It is a number from {.val {low}} to {.val {high}}.",
      i = "Of two classes it may be a probability. Numbered classes are text:
           {.code as.character({name})}."),
    "levels", arg = name, call = call
  )
}

check_judge_said <- function(missing, name, call) {
  if (missing > 0) abort_judge(name, missing, call)
}

# --- shares as columns ---------------------------------------------------------------------------

# The question whose judges are the judges' versions of all shares; what they said is kept aside.
as_performance <- function(q, verdicts, judges, key) {
  verdict_names <- paste0("class_", seq_along(verdicts))
  said <- lapply(seq_along(judges), function(j) paste0("said_", j, "_", seq_along(verdicts)))
  raw <- sub("judge", "said", q$judges)
  kept <- c("label", "verdict", raw, q$strata, q$cluster, q$prob)
  flags <- c(rlang::set_names(rlang::syms(q$judges), raw),
             rlang::set_names(verdicts, verdict_names),
             rlang::set_names(as.list(unlist(judges, recursive = FALSE)),
                              as.character(unlist(said))))
  table <- dplyr::mutate(q$table, !!!flags)
  shares <- unlist(lapply(said, function(names) {
    Map(share_expression, key$name, key$class, list(names), list(verdict_names))
  }), recursive = FALSE)
  shares <- number_names(unname(as.list(shares)), "judge")
  old <- q$names[q$judges]
  q$judges <- names(shares)
  q$names[q$judges] <- rep(unname(old), each = nrow(key))
  q$table <- dplyr::transmute(table, !!!rlang::syms(kept), !!!shares)
  q
}

share_expression <- function(name, class, said, verdicts) {
  if (name == "accuracy") {
    agree <- Map(function(y, c) times(rlang::sym(y), rlang::sym(c)), said, verdicts)
    return(Reduce(function(a, b) rlang::expr(!!a + !!b), agree))
  }
  do.call(substitute, list(body(performance_shares[[name]]),
                           list(y = rlang::sym(said[class]), c = rlang::sym(verdicts[class]))))
}
