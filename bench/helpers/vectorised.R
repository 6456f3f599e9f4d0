# The formulas of estimate_mean() and sample_active() in plain vectorised R, for real-valued rows:
# what a statistician would write by hand. Each estimator returns the estimate and its standard
# error, by vignettes/statistics.Rmd with the "recommended" tuning.

# One or several judges (the columns of `f`), a uniformly labelled subset.
plain_mean <- function(y, f) {
  f <- as.matrix(f)
  labelled <- !is.na(y)
  y_true <- y[labelled]
  f_true <- f[labelled, , drop = FALSE]
  f_rest <- f[!labelled, , drop = FALSE]
  n <- length(y_true)
  n_rest <- nrow(f_rest)
  spread <- var(f_true) / n + var(f) / n_rest
  diag(spread) <- diag(spread) * (1 + (ncol(f) - 1) / n)
  lambda <- solve(spread, cov(f_true, y_true) / n)
  variance <- var(y_true - f_true %*% lambda) / n + t(lambda) %*% var(f_rest) %*% lambda / n_rest
  c(mean(y_true) - sum(lambda * (colMeans(f_true) - colMeans(f_rest))), sqrt(variance))
}

# The same for one judge, without the matrices.
plain_mean_one <- function(y, f) {
  labelled <- !is.na(y)
  y_true <- y[labelled]
  f_true <- f[labelled]
  f_rest <- f[!labelled]
  n <- length(y_true)
  n_rest <- length(f_rest)
  lambda <- cov(y_true, f_true) / n / (var(f_true) / n + var(f) / n_rest)
  variance <- var(y_true - lambda * f_true) / n + lambda^2 * var(f_rest) / n_rest
  c(mean(y_true) - lambda * (mean(f_true) - mean(f_rest)), sqrt(variance))
}

plain_strata <- function(y, f, strata) {
  parts <- mapply(plain_mean_one, split(y, strata), split(f, strata))
  weights <- as.vector(table(strata)) / length(y)
  c(sum(weights * parts[1, ]), sqrt(sum(weights^2 * parts[2, ]^2)))
}

# Clusters that hold labelled and unlabelled rows.
plain_clusters <- function(y, f, clusters) {
  labelled <- !is.na(y)
  y[!labelled] <- 0
  totals <- rowsum(cbind(labelled, y, f * labelled, !labelled, f * !labelled), clusters,
                   reorder = FALSE)
  sums <- colSums(totals)
  y_mean <- sums[2] / sums[1]
  f_true <- sums[3] / sums[1]
  f_rest <- sums[5] / sums[4]
  bessel <- function(n) sqrt(n / (n - 1))
  scale <- bessel(sum(totals[, 1] > 0)) / sums[1]
  scale_rest <- bessel(sum(totals[, 4] > 0)) / sums[4]
  psi_y <- scale * (totals[, 2] - y_mean * totals[, 1])
  psi_f <- scale * (totals[, 3] - f_true * totals[, 1]) -
    scale_rest * (totals[, 5] - f_rest * totals[, 4])
  lambda <- sum(psi_f * psi_y) / sum(psi_f^2)
  c(y_mean - lambda * (f_true - f_rest), sqrt(sum((psi_y - lambda * psi_f)^2)))
}

# Known inclusion probabilities, in the centred form.
plain_prob <- function(y, f, prob) {
  n <- length(y)
  labelled <- !is.na(y)
  weights <- labelled / prob
  y[!labelled] <- 0
  y_mean <- sum(weights * y) / sum(weights)
  b <- weights * (y - y_mean)
  a <- (weights - 1) * (f - sum(weights * f) / sum(weights))
  psi_y <- (b - mean(b)) / sqrt(n * (n - 1))
  psi_f <- (a - mean(a)) / sqrt(n * (n - 1))
  lambda <- sum(psi_f * psi_y) / sum(psi_f^2)
  c(y_mean + mean(b) - lambda * mean(a), sqrt(sum((psi_y - lambda * psi_f)^2)))
}

# prob = min(1, c u) with sum n, then independent draws in random order until the budget is spent.
plain_active <- function(u, n) {
  sorted <- sort(u, decreasing = TRUE)
  rest <- rev(cumsum(rev(sorted)))
  budget <- n - seq_along(sorted) + 1
  first_below <- which(budget * sorted <= rest)[1]
  prob <- pmin(1, budget[first_below] * u / rest[first_below])
  order <- sample.int(length(u))
  selected <- as.integer(runif(length(u)) < prob[order])
  left <- cumsum(selected) > n
  selected[order] <- replace(selected, left, NA)
  prob[order[left]] <- NA
  data.frame(prob, selected)
}
