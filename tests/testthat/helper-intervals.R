# The rules of intervals written anew from their formulas, in plain R: nothing here
# calls the package. Labels only, judges enter through what is given.

by_hand_guard <- function(level, extra = 0) (log(1 - level) / qnorm((1 + level) / 2))^2 + extra

# Rows (or clusters) with the lowest prob that are worth three labels: their mean prob.
by_hand_lowest <- function(prob) {
  prob <- sort(prob)
  reached <- which(cumsum(prob) >= 3)
  if (length(reached) == 0) return(3 / length(prob))
  k <- reached[1]
  before <- sum(prob[seq_len(k - 1)])
  3 / (k - 1 + (3 - before) / prob[k])
}

# Of one stratum: base sizes by row and by unit, the labels' mean and its HC2 variance.
by_hand_stratum <- function(y, cluster, prob, estimand) {
  unit <- if (is.null(cluster)) seq_along(y) else match(cluster, unique(cluster))
  labelled <- !is.na(y)
  if (!is.null(prob)) return(by_hand_known_prob(y, unit, prob, estimand))
  m <- rowsum(as.numeric(labelled), unit)[, 1]
  total <- rowsum(ifelse(labelled, y, 0), unit)[, 1]
  total <- total[m > 0]
  m <- m[m > 0]
  n <- length(m)
  rows <- sum(m)
  if (estimand == "clusters") {
    rows <- n^2 / sum(1 / m)
    total <- total / m
    m <- rep(1, n)
  }
  mean <- sum(total) / sum(m)
  psi <- sqrt(n / (n - 1)) * (total - mean * m) / sum(m)
  list(rows = rows, units = sum(m)^2 / sum(m^2), mean = mean, hc2 = sum(psi^2))
}

by_hand_known_prob <- function(y, unit, prob, estimand) {
  w <- ifelse(is.na(y), 0, 1 / prob)
  y <- ifelse(is.na(y), 0, y)
  size <- rowsum(rep(1, length(y)), unit)[, 1]
  n_true <- rowsum(as.numeric(w > 0), unit)[, 1]
  raw_weight <- rowsum(w, unit)[, 1]
  mean <- sum(w * y) / sum(w)
  b <- rowsum(w * (y - mean), unit)[, 1]
  leverage <- raw_weight / sum(w)
  weight <- raw_weight
  m <- size
  if (estimand == "clusters") {
    b <- b / size
    weight <- weight / size
    m <- rep(1, length(size))
  }
  n_units <- length(m)
  psi <- sqrt(n_units / (n_units - 1)) * (b - m * sum(b) / sum(m)) / sum(m)
  hc2 <- sum(psi^2 / ifelse(n_true > 0, 1 - pmin(leverage, 0.8), 1))
  n_rows <- length(y)
  rows <- min(n_rows^2 / sum(1 / prob), n_rows * by_hand_lowest(prob))
  drawn <- n_true > 0
  if (estimand == "clusters") {
    rows <- sum(weight)^2 / sum(weight[drawn]^2 / n_true[drawn])
  }
  units <- rows
  if (n_units < n_rows) {
    units <- sum(weight)^2 / sum(weight^2)
    by_unit <- tapply(prob, unit, function(p) if (length(unique(p)) == 1) p[1] else NA)
    if (!anyNA(by_unit)) units <- min(units, n_units * by_hand_lowest(by_unit))
  }
  list(rows = rows, units = units, mean = mean, hc2 = hc2)
}

by_hand_deff <- function(s, low, high) {
  m <- max(s$rows / s$units, 1)
  p <- (s$mean - low) / (high - low)
  one <- s$rows * p * (1 - p)
  seen <- s$rows * (s$rows - 1) * s$hc2 / (high - low)^2
  min(max((seen + 2 * m^2) / (one + 2 * m), 1), m)
}

# What the labels of a case of recommended.json are worth without a judge.
by_hand_base <- function(case, weights, rate = TRUE, low = 0, high = 1) {
  stratum <- case$strata %||% rep(1, length(case$y_true))
  sizes <- vapply(sort(unique(stratum)), function(h) {
    at <- stratum == h
    s <- by_hand_stratum(case$y_true[at], case$clusters[at], case$prob[at], case$estimand)
    if (is.null(case$clusters)) return(s$rows)
    if (!rate) return(min(s$rows, s$units))
    s$rows / by_hand_deff(s, low, high)
  }, 0)
  1 / sum(weights^2 / sizes)
}

# Clopper and Pearson at an effective size.
by_hand_rate <- function(estimate, p0, hc2, base, cap, level, known_prob) {
  guard <- by_hand_guard(level, if (known_prob) 10 / base else 0)
  n <- base * (base * p0 * (1 - p0) + guard) / (base * (base - 1) * hc2 + guard)
  n <- min(max(n, 1), cap)
  x <- n * min(max(estimate, 0), 1)
  c(if (x > 0) qbeta((1 - level) / 2, x, n - x + 1) else 0,
    if (x < n) qbeta((1 + level) / 2, x + 1, n - x) else 1)
}

# The two beta distributions of scores on [0, 1].
by_hand_augmented <- function(estimate, hc2, base, predictions, up, down) {
  above <- min(max(1 - min(predictions), 0), 1.2)
  below <- min(max(max(predictions), 0), 1.2)
  total <- base + up + down
  delta <- (up * above - down * below) / total
  mu <- min(max(estimate, 0), 1) + delta
  spread <- base * (base - 1) * hc2 + up * above^2 + down * below^2 - total * delta^2
  v <- spread / (total * (total + 1))
  nu <- mu * (1 - mu) / v - 1
  c(mu * nu, (1 - mu) * nu)
}

by_hand_score <- function(estimate, hc2, base, predictions, level) {
  lower <- by_hand_augmented(estimate, hc2, base, predictions, 0.25, 0.75)
  upper <- by_hand_augmented(estimate, hc2, base, predictions, 0.75, 0.25)
  c(if (estimate <= 0) 0 else qbeta((1 - level) / 2, lower[1], lower[2]),
    if (estimate >= 1) 1 else qbeta((1 + level) / 2, upper[1], upper[2]))
}

# Predictions ybar + lambda'(f - fbar) as far as they reach, in every stratum.
by_hand_predictions <- function(case, lambda) {
  stratum <- case$strata %||% rep(1, length(case$y_true))
  strata <- sort(unique(stratum))
  # Judges in rows: the reference has one array per judge.
  judges <- if (is.list(case$y_proxies)) do.call(cbind, case$y_proxies) else case$y_proxies
  if (nrow(judges) != length(case$y_true)) judges <- t(judges)
  lambda <- matrix(lambda, nrow = length(strata))
  unlist(lapply(seq_along(strata), function(h) {
    at <- stratum == strata[h]
    y <- case$y_true[at]
    f <- judges[at, , drop = FALSE]
    w <- ifelse(is.na(y), 0, if (is.null(case$prob)) 1 else 1 / case$prob[at])
    if (case$estimand == "clusters") {
      size <- if (is.null(case$prob)) tapply(w > 0, case$clusters[at], sum) else NULL
      if (!is.null(size)) w <- w / size[as.character(case$clusters[at])]
      w[is.na(y)] <- 0
    }
    centre <- sum(w * y, na.rm = TRUE) / sum(w)
    ends <- vapply(seq_len(ncol(f)), function(k) {
      range(lambda[h, k] * (f[, k] - sum(w * f[, k]) / sum(w)))
    }, c(0, 0))
    centre + rowSums(ends)
  }))
}
