# Bradley and Terry's model as a regression by its scores: steps from the labels alone to the root
# of the judge-assisted equation.

# Verdicts of labels and judges are also a mean: what estimate_mean() tells of them.
tell_battles <- function(design, settings, call) {
  core <- fit_design(design, settings, call)
  if (is.null(design$summary)) tell_misreadings(design, core, c(0, 1), call)
}

# Scores of labels and judges, in units of the coefficients, and every row's leverage among the
# labelled ones.
battle_scores <- function(battles, beta) {
  mu <- stats::plogis(drop(battles$x %*% beta))
  spread <- mu * (1 - mu)
  inverse <- solve(crossprod(battles$x, battles$x * (battles$times * spread)) / sum(battles$times))
  score <- function(v) (battles$x * (v - mu)) %*% inverse
  among_labelled <- solve(crossprod(battles$x, battles$x * (battles$w * spread)))
  leverage <- spread * rowSums((battles$x %*% among_labelled) * battles$x)
  leverage[is.na(battles$y)] <- NA
  list(y = cbind(score(battles$y), leverage), f = lapply(battles$judges, score))
}

summarise_scores <- function(scores, design, settings, call) {
  columns <- function(m) lapply(seq_len(ncol(m)), function(k) new_column(m[, k], design$label))
  y <- columns(scores$y)
  design$y <- y[[1]]
  design$more_y <- y[-1]
  design$proxies <- unlist(lapply(scores$f, columns), recursive = FALSE) %||% list()
  dropped <- paste0("judicious_", c("message", "warning"), "_dropped")  # told already
  suppressMessages(suppressWarnings(
    summarise_design(design, settings$threads, call), classes = dropped
  ), classes = dropped)
}

# `map`: what is reported of the coefficients, a row each.
fit_battles <- function(battles, settings, map, call) {
  p <- ncol(battles$x)
  at <- function(beta, lambda) {
    summary <- battles$summarise(battle_scores(battles, beta), settings)
    fit <- call_core(score_fit_cpp(summary$numbers, settings, p, length(battles$judges), lambda,
                                   map), call)
    c(fit, list(facts = summary$facts))
  }
  beta <- start_battles(battles)
  lambda <- NULL
  for (step in 1:100) {
    fit <- at(beta, lambda)
    if (step == 2L) lambda <- fit$lambda  # else the fixed point may cycle
    beta <- beta + fit$step
    if (max(abs(fit$step)) < 1e-11) break
  }
  if (step == 1L) lambda <- fit$lambda
  fit <- at(beta, lambda)
  c(fit[c("plain", "hc2", "hc3", "df", "lambda")], list(
    beta = beta, n = sum(fit$facts$n_labelled_units), n_true = sum(fit$facts$n_true),
    n_rows = sum(fit$facts$n_rows)
  ))
}

# Labels alone, by Newton's method.
start_battles <- function(battles) {
  w <- battles$w
  at <- w > 0
  x <- battles$x[at, , drop = FALSE]
  beta <- numeric(ncol(x))
  for (step in 1:50) {
    mu <- stats::plogis(drop(x %*% beta))
    change <- solve(crossprod(x, x * (w[at] * mu * (1 - mu))),
                    crossprod(x, w[at] * (battles$y[at] - mu)))
    beta <- beta + drop(change)
    if (max(abs(change)) < 1e-12) break
  }
  beta
}
