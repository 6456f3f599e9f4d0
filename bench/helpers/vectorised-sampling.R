# The cost-optimal and stratified samplers in plain vectorised R: what a statistician would write by
# hand, without input checks.

# Objectives of all thresholds at once, by sorting and running sums.
plain_cost_optimal <- function(u, variance, human_cost, judge_cost) {
  n <- length(u)
  sorted <- sort(u)
  last <- which(c(diff(sorted) > 0, TRUE))
  tau <- sorted[last]
  mean_u <- cumsum(sorted)[last] / n
  explained <- variance - cumsum(sorted^2)[last] / n
  above <- 1 - last / n
  gamma <- suppressWarnings(sqrt((judge_cost / human_cost + above) / explained))
  gamma <- pmin(gamma, 1 / tau, na.rm = TRUE)
  cost <- judge_cost + human_cost * (above + gamma * mean_u)
  best <- which.min(cost * (explained + mean_u / gamma))
  ifelse(u <= tau[best], gamma[best] * u, 1)
}

# One pass over all items for each threshold, as the formula reads.
plain_cost_optimal_quadratic <- function(u, variance, human_cost, judge_cost) {
  policy <- function(tau) {
    low <- u <= tau
    explained <- variance - sum(u[low]^2) / length(u)
    gamma <- if (explained > 0) sqrt((judge_cost / human_cost + mean(!low)) / explained) else Inf
    prob <- ifelse(low, pmin(min(gamma, 1 / tau) * u, 1), 1)
    cost <- judge_cost + human_cost * mean(prob)
    list(prob = prob, objective = cost * (variance + mean(u^2 * (1 / prob - 1))))
  }
  policies <- lapply(unique(u), function(tau) policy(tau)$objective)
  policy(unique(u)[which.min(policies)])$prob
}

# Independent draws in random order until the budget is spent.
plain_purchase <- function(prob, human_cost, judge_cost, budget) {
  order <- sample.int(length(prob))
  selected <- as.integer(runif(length(prob)) < prob[order])
  left <- cumsum(selected * human_cost + judge_cost) > budget
  selected[order] <- replace(selected, left, NA)
  prob[order[left]] <- NA
  data.frame(prob, selected)
}

# Neyman allocation, where no stratum is full.
plain_stratified <- function(strata, n, y_proxy) {
  size <- tapply(y_proxy, strata, length)
  weight <- size * tapply(y_proxy, strata, sd)
  share <- n * weight / sum(weight)
  labels <- floor(share)
  first <- order(labels - share)[seq_len(n - sum(labels))]
  labels[first] <- labels[first] + 1
  selected <- integer(length(strata))
  for (rows in split(seq_along(strata), strata)) {
    selected[rows[sample.int(length(rows), labels[[as.character(strata[rows[1]])]])]] <- 1L
  }
  data.frame(prob = as.vector(labels / size)[match(strata, names(size))], selected)
}
