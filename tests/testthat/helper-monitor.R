# Streams of batches for the tests of monitors.

# Weeks of rows, in the design that `...` asks of design_data(); clusters lie within weeks.
stream_data <- function(weeks = 8, ..., seed = 1) {
  withr::with_seed(seed, {
    batches <- lapply(seq_len(weeks), function(t) {
      data <- design_data(...)
      data$week <- t
      if (!is.null(data$cluster)) data$cluster <- paste(t, data$cluster)
      data
    })
    do.call(rbind, batches)
  })
}

monitor_data <- function(data, ..., threshold = 0.5, judges = judge_names(data)) {
  formula <- stats::reformulate(if (length(judges) > 0) judges else "1", "human")
  columns <- list(strata = quote(stratum), clusters = quote(cluster), prob = quote(prob))
  columns <- columns[vapply(columns, function(x) as.character(x) %in% names(data), NA)]
  quiet(rlang::inject(monitor_mean(formula, data, batch = week, threshold = threshold, !!!columns,
                                   ...)))
}

# All numbers a reader sees.
monitor_numbers <- function(x) {
  table <- as.data.frame(tidy(x))
  table$batch <- as.character(table$batch)
  table
}

expect_same_monitor <- function(actual, expected, info = NULL, tolerance = 1e-9) {
  testthat::expect_equal(monitor_numbers(actual), monitor_numbers(expected), tolerance = tolerance,
                         info = info)
}

# The rows of a case of monitors_repaired.json.
repaired_rows <- function(case) {
  rows <- Map(function(batch, t) {
    out <- data.frame(week = t, human = as.numeric(batch$y_true))
    judges <- batch$y_proxies
    for (k in seq_len(if (is.matrix(judges)) nrow(judges) else length(judges))) {
      out[[paste0("judge_", k)]] <- as.numeric(matrix_row(judges, k))
    }
    for (column in c("strata", "clusters", "prob")) {
      name <- c(strata = "stratum", clusters = "cluster", prob = "prob")[[column]]
      if (!is.null(batch[[column]])) out[[name]] <- batch[[column]]
    }
    if (!is.null(out$cluster)) out$cluster <- paste(t, out$cluster)
    out
  }, case$batches, seq_along(case$batches))
  do.call(rbind, rows)
}

matrix_row <- function(x, k) if (is.matrix(x)) x[k, ] else x[[k]]
