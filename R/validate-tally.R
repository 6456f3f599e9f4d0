# Tallies: the sums behind a coverage, one per method. The core's have the same form.

empty_tally <- function(n_levels) {
  list(
    counts = c(failed = 0, fallback = 0, error = 0, squared_error = 0, size = 0, n_size = 0),
    levels = matrix(0, n_levels, 4),  # hits, above, below, width
    failures = numeric()
  )
}

add_failure <- function(tally, reason) {
  tally$counts[["failed"]] <- tally$counts[["failed"]] + 1
  tally$failures <- add_named(tally$failures, stats::setNames(1, reason))
  tally
}

add_fit <- function(tally, fit, bounds, truth, fallback, fallback_misses) {
  error <- fit$estimate - truth
  size <- fit$n_effective
  tally$counts <- tally$counts + c(0, fallback, error, error^2, if (is.na(size)) 0 else size,
                                   !is.na(size))
  where <- cbind(truth >= bounds[1, ] & truth <= bounds[2, ], truth < bounds[1, ],
                 truth > bounds[2, ])
  counted <- !(fallback && fallback_misses)
  tally$levels <- tally$levels + cbind(where * counted, bounds[2, ] - bounds[1, ])
  tally
}

add_named <- function(a, b) {
  names <- union(names(a), names(b))
  sums <- vapply(names, function(name) sum(a[names(a) == name], b[names(b) == name]), 0)
  stats::setNames(sums, names)
}

merge_tallies <- function(a, b) {
  if (is.null(a)) return(b)
  Map(function(a, b) {
    list(counts = a$counts + b$counts, levels = a$levels + b$levels,
         failures = add_named(a$failures, b$failures))
  }, a, b)
}
