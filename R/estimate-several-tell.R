# What the doors to several quantities tell of their data: all that estimate_mean() tells, once for
# the quantities together.

lonely_hint <- "{.code lonely = \"pool\"} borrows the variance of the other strata."

# Every stratum needs two labelled units; or one, if another has two. `lonely`: where a door has it.
check_identified <- function(summary, call, lonely = NULL) {
  units <- as.matrix(summary$facts$n_labelled_units)[, 1]
  if (all(units >= 2)) return(invisible())
  if (identical(lonely, "pool") && all(units >= 1) && any(units >= 2)) return(invisible())
  unit <- if (summary$clustered) "cluster" else "row"
  if (is.null(summary$strata)) {
    abort_judicious(
      c("{.var {summary$label}} has {units} labelled {unit}{?s}: at least two are needed."),
      if (units == 0) "no_labels" else "few_labels", arg = summary$label, call = call
    )
  }
  h <- which(units < 2)[1]
  abort_judicious(
    c("Stratum {.val {summary$strata$labels[h]}} has {units[h]} labelled {unit}{?s}: at least two
       are needed.", i = "Merge it with a similar stratum, or label more of it.",
      i = if (!is.null(lonely) && units[h] == 1) lonely_hint),
    if (units[h] == 0) "no_labels" else "few_labels", arg = "strata", call = call
  )
}

# Given weights are of all strata, so every group must meet them all.
check_weighted_groups <- function(summary, kept, settings, call) {
  if (length(settings$weights) == 0L) return(invisible())
  absent <- which(as.matrix(summary$facts$n_units)[, kept, drop = FALSE] == 0, arr.ind = TRUE)
  if (nrow(absent) == 0L) return(invisible())
  abort_judicious(
    c("{.arg strata_weights} needs every stratum in every group.",
      x = "Group {.val {summary$by$labels[kept[absent[1, 2]]]}} has no row in stratum
           {.val {summary$strata$labels[absent[1, 1]]}}."),
    "design", arg = "strata_weights", call = call
  )
}

# --- labels that are no random sample ------------------------------------------------------------

# One warning for all quantities. Groups of separate rows are independent: their tests add up. Where
# groups share clusters, or quantities share rows, the most telling test speaks for all of them
# (Bonferroni).
tell_groups_not_random <- function(answers, judges, known_prob, call, apart = TRUE) {
  if (length(judges) == 0L) return(invisible())
  number <- function(field) vapply(answers, function(a) as.double(a$audit[[field]] %||% NA), 0)
  total <- number("total")
  df <- number("total_df")
  expected <- min(number("expected_labels"))
  tested <- which(!is.na(total) & df > 0)
  if (length(tested) == 0L || is.na(expected) || expected < 1) return(invisible())
  if (apart) {
    total <- sum(total[tested])
    df <- sum(df[tested])
    p <- stats::pchisq(total, df, lower.tail = FALSE)
  } else {
    each <- stats::pchisq(total, df, lower.tail = FALSE)
    worst <- tested[which.min(each[tested])]
    total <- total[worst]
    df <- df[worst]
    p <- length(tested) * each[worst]
  }
  if (p >= audit_limit) return(invisible())
  where <- if (length(tested) == 1L) "In all" else
    if (apart) "All groups together" else "In the most telling group"
  degrees <- if (df == 1) "1 degree" else paste(df, "degrees")
  warn_judicious(
    c("The labelled rows do not look like a random sample of all rows.",
      x = "{where}: chi-square {format_number(total)} on {degrees} of freedom.",
      i = "{.fun check_labels} shows more. If people labelled what a judge flagged, give
           {.code strata =} that judge; if with known probabilities, give {.arg prob}."),
    "not_random", call = call
  )
}

# --- input that means something else -------------------------------------------------------------

# The misreadings of estimate_mean(), for the rows of all quantities together. `design`: as parsed,
# one response with its judges.
tell_several_misreadings <- function(design, summary, settings, call, answers = NULL) {
  if (!is.null(design$summary)) return(invisible())
  core <- whole_core(summary, settings, answers)
  tell_weights(design, core, call)
  tell_misreadings(design, core, settings$range, call)
  tell_shared_items(design, call)
}

# What tell_misreadings() asks of a fit. Without answers no weight of a judge is known to speak for
# it.
whole_core <- function(summary, settings, answers = NULL) {
  facts <- summary$facts
  weights <- vapply(answers, function(a) {
    as.double(a$strata$n_true) %*% as.matrix(a$lambda)
  }, double(length(summary$judges)))
  lambda <- if (length(summary$judges) == 1L) sum(weights) else rowSums(as.matrix(weights))
  list(
    facts = facts$facts, fixed = is.null(answers) || settings$rule == "fixed",
    strata = list(n_rows = sum(facts$n_rows), n_true = sum(facts$n_true),
                  n_labelled_units = sum(facts$n_labelled_units)),
    lambda = matrix(if (is.null(answers)) 0 else lambda, 1, length(summary$judges))
  )
}

# Groups that answered the same items are paired; without clusters they are taken for separate.
tell_shared_items <- function(design, call) {
  if (is.null(design$by) || design$by$n < 2 || !is.null(design$clusters)) return(invisible())
  if (!is.null(design$strata) && is.null(design$data)) return(invisible())
  used <- unlist(lapply(design$terms, function(x) all.vars(rlang::get_expr(x))))
  free <- setdiff(names(design$data), used)
  for (name in free[grepl(item_names, free, ignore.case = TRUE)]) {
    key <- design$data[[name]]
    if (!is.atomic(key) || !is.null(dim(key)) || anyNA(key)) next
    if (are_shared_items(key, design$by$codes)) return(warn_shared_items(name, call))
  }
}

# Once in every group, and most of them in several.
are_shared_items <- function(key, by) {
  pairs <- vctrs::new_data_frame(list(key = key, by = as.integer(by)))
  if (vctrs::vec_unique_count(pairs) < length(key)) return(FALSE)
  sizes <- tabulate(vctrs::vec_group_id(key))
  length(sizes) > 1L && mean(sizes > 1L) > 0.5
}

warn_shared_items <- function(name, call) {
  warn_judicious(
    c("Groups are taken for separate samples, but seem to share items.",
      x = literal(paste0("Most values of `", name, "` occur in several groups.")),
      i = literal(paste0("If they are the same items: `clusters = ", name, "`, or `item = ", name,
                         "` where that is an argument.")),
      i = literal(paste0("If not, make them differ: `", name, " = paste(group, ", name, ")`."))),
    "shared_items", arg = name, call = call
  )
}
