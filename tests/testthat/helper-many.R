# The joint fit with known prob written anew in plain R from the formulas of the statistics vignette
# (many.md of the design): nothing here calls the package. `lowest` is the rule for the low-prob
# floor of base sizes, the one thing in which the reference numbers are older than the package.

lowest_by_quantile <- function(prob) unname(stats::quantile(prob, 0.1))

# One stratum of one group: influences per unit, moments and base sizes.
by_hand_cell <- function(y, f, prob, unit, lowest) {
  sums <- function(x) rowsum(x, unit)
  w <- ifelse(is.na(y), 0, 1 / prob)
  y <- ifelse(is.na(y), 0, y)
  mean_y <- sum(w * y) / sum(w)
  mean_f <- colSums(w * f) / sum(w)
  m <- sums(rep(1, length(y)))[, 1]
  b <- sums(w * (y - mean_y))[, 1]
  a <- sums(sweep(f, 2, mean_f) * (w - 1))
  n <- length(m)
  g <- colSums(a) / sum(m)
  k <- sqrt(n / (n - 1)) / sum(m)
  weight <- sums(w)[, 1]
  rows <- min(length(y)^2 / sum(1 / prob), length(y) * lowest(prob))
  units <- rows
  if (n < length(y)) {
    units <- sum(weight)^2 / sum(weight^2)
    by_unit <- tapply(prob, unit, function(p) if (length(unique(p)) == 1) p[1] else NA)
    if (!anyNA(by_unit)) units <- min(units, n * lowest(by_unit))
  }
  list(unit = names(m), zeta = mean_y + sum(b) / sum(m), p0 = mean_y, g = g, size = sum(m),
       y = k * (b - m * sum(b) / sum(m)), f = k * (a - outer(m, g)), labelled = weight > 0,
       share = weight / sum(weight), rows = rows, units = max(units, 2), n = length(y))
}

shrunk_by_hand <- function(gram, base) gram + diag(diag(gram), nrow(gram)) * (nrow(gram) - 1) / base

leverage_by_hand <- function(d, gram) rowSums(d * t(solve(gram, t(d))))

# Estimates of all groups, influences of all units, and what degrees of freedom ask for.
by_hand_joint <- function(case, by, lowest) {
  y <- as.double(case$y_true)
  f <- t(case$y_proxies)
  strata <- if (is.null(case$strata)) rep(1, length(y)) else case$strata
  clusters <- if (is.null(case$clusters)) seq_along(y) else case$clusters
  unit <- paste(strata, clusters)
  groups <- sort(unique(by))
  units <- unique(unit)
  zeros <- matrix(0, length(units), length(groups), dimnames = list(units, groups))
  out <- list(psi = zeros, hc2 = zeros, hc3 = zeros, y = zeros, share = zeros,
              part = zeros > 0, labelled = zeros > 0, f = list(), g = list(), n_strata = 1,
              stratum = as.character(strata[match(units, unit)]), cells = list())
  for (g in seq_along(groups)) {
    of <- split(which(by == groups[g]), as.character(strata[by == groups[g]]))
    cells <- lapply(of, function(i) {
      by_hand_cell(y[i], f[i, , drop = FALSE], case$prob[i], unit[i], lowest)
    })
    out <- add_group_by_hand(out, g, cells, ncol(f))
  }
  out
}

add_group_by_hand <- function(out, g, cells, n_judges) {
  size <- vapply(cells, function(s) s$size, 0)
  weight <- size / sum(size)
  few <- any(vapply(cells, function(s) sum(s$labelled), 0) < max(50, 10 * n_judges))
  pooled <- length(cells) > 1 && few
  grams <- Map(function(s, w) w^2 * shrunk_by_hand(crossprod(s$f), s$units), cells, weight)
  cross <- Map(function(s, w) w^2 * crossprod(s$f, s$y), cells, weight)
  if (pooled) {
    grams <- rep(list(Reduce(`+`, grams)), length(cells))
    cross <- rep(list(Reduce(`+`, cross)), length(cells))
  }
  spent <- 1 + n_judges / if (pooled) length(cells) else 1
  d <- matrix(0, nrow(out$psi), n_judges, dimnames = list(rownames(out$psi), NULL))
  estimate <- p0 <- 0
  mean_g <- numeric(n_judges)
  for (h in seq_along(cells)) {
    s <- cells[[h]]
    w <- weight[h]
    lambda <- solve(grams[[h]], cross[[h]])
    psi <- drop(w * (s$y - s$f %*% lambda))
    q <- leverage_by_hand(w * s$f, grams[[h]])
    two <- ifelse(s$labelled, 1 / sqrt(1 - pmin(q + s$share, 0.8)), 1)
    q3 <- pmin(q / (1 - 1 / s$units), 0.8)
    three <- ifelse(s$labelled, sqrt(s$units / (s$units - 1)) / (1 - q3), 1)
    out$psi[s$unit, g] <- psi
    out$hc2[s$unit, g] <- psi * two
    out$hc3[s$unit, g] <- psi * three
    out$y[s$unit, g] <- w * s$y
    out$share[s$unit, g] <- s$share
    out$part[s$unit, g] <- TRUE
    out$labelled[s$unit, g] <- s$labelled
    d[s$unit, ] <- w * s$f
    estimate <- estimate + w * (s$zeta - sum(lambda * s$g))
    p0 <- p0 + w * s$p0
    mean_g <- mean_g + w * s$g
  }
  base <- function(field) 1 / sum(weight^2 / vapply(cells, function(s) s[[field]], 0))
  out$estimate[g] <- estimate
  out$zeta[g] <- sum(weight * vapply(cells, function(s) s$zeta, 0))
  out$p0[g] <- p0
  out$f[[g]] <- d
  out$g[[g]] <- mean_g
  out$base[g] <- sqrt(base("rows") * base("units"))
  out$n_strata <- max(out$n_strata, length(cells))
  out$cells[[g]] <- lapply(cells, function(s) list(units = s$units, spent = spent))
  out
}

# One class per set of groups that a unit meets, in every stratum.
by_hand_df <- function(fit, a) {
  k <- which(a != 0)
  squares <- drop(fit$psi %*% a)^2
  met <- apply(fit$part[, k, drop = FALSE], 1, function(x) paste(which(x), collapse = " "))
  met[met == ""] <- NA
  parts <- tapply(seq_along(squares), paste(fit$stratum, met, sep = ":")[!is.na(met)][
    match(seq_along(squares), which(!is.na(met)))
  ], function(i) {
    h <- fit$stratum[i[1]]
    groups <- k[fit$part[i[1], k]]
    each <- vapply(groups, function(g) {
      cell <- fit$cells[[g]][[h]]
      (cell$units - cell$spent) * length(i) / sum(fit$part[, g] & fit$stratum == h)
    }, 0)
    sum(squares[i])^2 / max(min(each), 1)
  })
  max(sum(squares)^2 / sum(parts), 1)
}

# A linear combination with judge weights of its own.
by_hand_contrast <- function(fit, a) {
  k <- which(a != 0)
  d <- Reduce(`+`, Map(`*`, fit$f[k], a[k]))
  g <- Reduce(`+`, Map(`*`, fit$g[k], a[k]))
  y <- drop(fit$y %*% a)
  gram <- shrunk_by_hand(crossprod(d), max(min(fit$base[k]), 2))
  lambda <- drop(solve(gram, crossprod(d, y)))
  psi <- drop(y - d %*% lambda)
  labelled <- apply(fit$labelled[, k], 1, any)
  n <- max(min(colSums(fit$labelled[, k])), 2)
  q <- leverage_by_hand(d, gram)
  two <- pmin(q + pmin(apply(fit$share[, k], 1, max), 0.8), 0.8)
  three <- pmin(q / (1 - 1 / n), 0.8)
  parts <- tapply(psi^2, fit$stratum, sum)
  left <- vapply(names(parts), function(h) {
    min(vapply(k, function(i) fit$cells[[i]][[h]]$units, 0)) - 1 - ncol(d) / fit$n_strata
  }, 0)
  list(estimate = sum(a * fit$zeta) - sum(lambda * g), lambda = lambda, variance = sum(psi^2),
       hc2 = sum(ifelse(labelled, psi^2 / (1 - two), psi^2)),
       hc3 = sum(ifelse(labelled, n / (n - 1) * psi^2 / (1 - three)^2, psi^2)),
       df = max(sum(psi^2)^2 / sum(parts^2 / pmax(left, 1)), 1))
}

# --- in the shape of the reference ---------------------------------------------------------------

by_hand_groups <- function(case, lowest) {
  fit <- by_hand_joint(case, as.integer(case$by), lowest)
  n <- length(fit$estimate)
  list(estimate = fit$estimate, vcov = unname(crossprod(fit$psi)),
       vcov_hc2 = unname(crossprod(fit$hc2)), vcov_hc3 = unname(crossprod(fit$hc3)),
       df = vapply(seq_len(n), function(g) by_hand_df(fit, replace(numeric(n), g, 1)), 0),
       n_base = fit$base)
}

by_hand_combination <- function(fit, a) {
  own <- list(estimate = sum(a * fit$estimate), variance = sum((fit$psi %*% a)^2),
              variance_hc2 = sum((fit$hc2 %*% a)^2), variance_hc3 = sum((fit$hc3 %*% a)^2),
              df = by_hand_df(fit, a))
  best <- by_hand_contrast(fit, a)
  list(own = own, contrast = list(estimate = best$estimate, variance = best$variance,
                                  variance_hc2 = best$hc2, variance_hc3 = best$hc3,
                                  df = best$df, lambda_ = best$lambda))
}

by_hand_pair <- function(case, pair, lowest) {
  by <- as.integer(case$system)
  a <- numeric(length(unique(by)))
  a[pair] <- c(1, -1)
  by_hand_combination(by_hand_joint(case, by, lowest), a)
}

# What the package should say: the reference, and with known prob the formulas behind it with the
# rule of three, on which HC3, df and the weights of several judges depend.
expected_groups <- function(case) {
  if (is.null(case$prob)) return(case$expected)
  utils::modifyList(case$expected, by_hand_groups(case, by_hand_lowest))
}

expected_pair <- function(case, pair) {
  if (is.null(case$prob)) return(pair)
  found <- by_hand_pair(case, unlist(pair$pair), by_hand_lowest)
  for (kind in names(found)) pair[[kind]] <- utils::modifyList(pair[[kind]], found[[kind]])
  for (kind in names(found)) {
    half <- stats::qt(0.975, pair[[kind]]$df) * sqrt(pair[[kind]]$variance_hc3)
    pair[[kind]]$t <- pair[[kind]]$estimate + c(-half, half)
  }
  pair
}
