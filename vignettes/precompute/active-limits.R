# How much could active sampling gain if the judge's doubt were known to be right, and what would
# that cost if it said nothing? Run it in the package's root, with the package installed:
#
#   Rscript vignettes/precompute/active-limits.R
#
# Writes active-limits.csv beside itself, from the planning formulas of sample_active() (section Mix
# of its help), written down once more here: expected widths against as many random rows, for the
# chosen mix (`chosen`, and `chosen_useless` if doubt says nothing) and for the mix that is best if
# doubt is right (`best`, `best_useless`). A few seconds.
library(judicious)

raised <- function(uncertainty, n, mix) {
  least <- mix * n / length(uncertainty)
  at <- function(log_scale) pmin(1, pmax(least, exp(log_scale) * uncertainty))
  ends <- log(c(least / max(uncertainty), n / min(uncertainty)))
  at(stats::uniroot(function(x) sum(at(x)) - n, ends, tol = 1e-12)$root)
}

# Base size: the Kish size, or what the rows worth three labels allow.
base_size <- function(prob) {
  lowest <- sort(prob)
  k <- which(cumsum(lowest) >= 3)[1]
  length(prob) * min(1 / mean(1 / prob), 3 / (k - (sum(lowest[seq_len(k)]) - 3) / lowest[k]))
}

width <- function(base, error, n_items, known_prob, rate, correlation) {
  spread <- rate * (1 - rate)
  variance <- spread * ((1 - correlation^2) * error + 1 / n_items)
  guard <- (log(0.05) / stats::qnorm(0.975))^2 + if (known_prob) 10 / base else 0
  size <- base * (base * spread + guard) / (base * (base - 1) * variance + guard)
  diff(stats::qbeta(c(0.025, 0.975), rate * size + 0:1, (1 - rate) * size + 1:0))
}

ratio <- function(prob, squared_error) {
  n_items <- length(prob)
  n <- sum(prob)
  error <- mean((1 / prob - 1) * squared_error) / n_items
  cells <- expand.grid(rate = c(0.05, 0.1, 0.3), correlation = c(0.5, 0.7, 0.85))
  exp(mean(mapply(function(rate, correlation) {
    log(width(base_size(prob), error, n_items, TRUE, rate, correlation) /
          width(n, 1 / n - 1 / n_items, n_items, FALSE, rate, correlation))
  }, cells$rate, cells$correlation)))
}

one <- function(n_items, labels) {
  set.seed(1)
  doubt <- simulate_binary_active(n_items, 0.1, 0.08, 0.7)$uncertainty
  error <- doubt^2 / mean(doubt^2)
  designs <- lapply(seq(0.5, 0.99, 0.01), function(mix) raised(doubt, labels, mix))
  right <- vapply(designs, ratio, 0, squared_error = error)
  best <- designs[[which.min(right)]]
  chosen <- attr(sample_active(doubt, labels), "mix")
  data.frame(items = n_items, labels = labels, chosen = chosen$width_ratio,
             chosen_useless = chosen$width_ratio_useless, best = min(right),
             best_useless = ratio(best, 1))
}
grid <- expand.grid(labels = c(50, 100, 200, 500), items = c(500, 2000, 20000))
grid <- grid[grid$labels < grid$items, ]
table <- do.call(rbind, Map(one, grid$items, grid$labels))
table[3:6] <- round(table[3:6], 3)
print(table, row.names = FALSE)
path <- file.path("vignettes", "precompute", "active-limits.csv")
utils::write.csv(table, path, row.names = FALSE)
