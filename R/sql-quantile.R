# Quantiles of a table: how often every combination of the judges' scores occurs is fetched, of the
# labelled rows the rows.

# As memory_values() makes it.
lazy_values <- function(formula, data, quosures, call) {
  if (!rlang::quo_is_null(quosures$clusters)) abort_clusters_of_table("Quantiles", call)
  q <- sql_question(formula, data, c(quosures, no_groups()), call)
  scores <- NULL
  asked <- ask_lazy(q, call, settle = function(q, session) {
    if (length(q$judges)) {
      scores <<- ask_some(session, count_query(q, q$judges), "combinations of scores", call,
                          "round them in the formula: {.code round(score, 3)}")
    }
    q
  })
  design <- summary_design(sum_lazy(asked, call), call)
  labelled <- asked$answers$labelled
  values <- c(labelled$label, unlist(labelled[q$judges]), unlist(scores[q$judges]))
  summarise <- summarise_counted(asked, scores, call)
  said <- rbind(as.matrix(labelled[q$judges]), if (!is.null(scores)) as.matrix(scores[q$judges]))
  list(design = design, grid = sort(unique(as.double(values))), below = function(t, settings) {
    summary <- summarise(list(as.double(labelled$label <= t)), said <= t)
    fit <- estimate_summary_cpp(summary$numbers, settings, 1L, 1L, NULL, settings$threads, 0,
                                function(n) NULL)$inference
    if (!as_published(design, settings)) return(fit)
    share <- stats::weighted.mean(scores[[q$judges[1]]] <= t, as.double(scores$n))
    with_published_variance(fit, nrow(labelled), sum(scores$n), share)
  })
}

abort_clusters_of_table <- function(what, call) {
  abort_judicious(
    c("{what} from rows in clusters need the rows, which are in a database.",
      i = "{.fun collect} the columns of the formula and the clusters."),
    c("lazy", "design"), arg = "clusters", call = call
  )
}
