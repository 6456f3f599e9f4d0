# Does each promise hold? Confidences are the true probabilities, so that what a threshold keeps is
# known without error. Target 0.9, delta 0.1; of all labels 79 % are right.

# P(right and kept) and P(kept) for a Beta(a, b) confidence, or for one rounded to `levels`.
kept_shares <- function(threshold, a, b, levels) {
  if (!is.null(levels)) threshold <- suppressWarnings(min(levels[levels >= threshold])) - 0.05
  kept <- stats::pbeta(threshold, a, b, lower.tail = FALSE)
  right <- a / (a + b) * stats::pbeta(threshold, a + 1, b, lower.tail = FALSE)
  c(kept = kept, right = right)
}

# Shares of runs that miss their promise, and of labels kept.
study <- function(n, n_rep = 400, a = 2.4, b = 0.64, levels = NULL, n_pool = 500) {
  runs <- replicate(n_rep, {
    data <- simulate_confidence(n + n_pool, a, b)
    if (!is.null(levels)) data$confidence <- round(data$confidence, 1)
    pool <- -seq_len(n)
    truth <- data$correct[pool]
    data$correct[pool] <- NA
    table <- choose_threshold(confidence, correct, data = data)$table
    threshold <- stats::setNames(table$threshold, table$guarantee)
    shares <- vapply(threshold, kept_shares, c(kept = 0, right = 0), a, b, levels)
    accuracy <- shares["right", ] / shares["kept", ]
    chosen <- data$confidence[pool] >= threshold[["fdr"]]
    c(
      selective = isTRUE(accuracy[["selective"]] < 0.9), none = isTRUE(accuracy[["none"]] < 0.9),
      pac = shares["kept", "pac"] - shares["right", "pac"] > 0.1,
      fdp = sum(!truth[chosen]) / max(sum(chosen), 1),
      kept = shares["kept", ]
    )
  })
  rowMeans(runs)
}

# Not above `limit` by more than chance.
expect_at_most <- function(rate, limit, n, info) {
  expect_gt(stats::binom.test(round(rate * n), n, limit, "greater")$p.value, 1e-3, label = info)
}

show_study <- function(results) {
  cat("\nMisses of a promise at target 0.9, delta 0.1 (mean share kept):\n")
  for (name in names(results)) {
    r <- results[[name]]
    cat(sprintf(
      paste("  %-22s selective %.3f (%.2f)  pac %.3f (%.2f)  fdr, mean FDP: %.3f (%.2f)",
            "naive %.3f (%.2f)\n"), name, r[["selective"]], r[["kept.selective"]], r[["pac"]],
      r[["kept.pac"]], r[["fdp"]], r[["kept.fdr"]], r[["none"]], r[["kept.none"]]
    ))
  }
}

test_that("guarantees hold with 100, 300 and 1,000 checked labels, the naive rule does not", {
  withr::local_seed(2027)
  results <- list("100 labels" = study(100), "300 labels" = study(300),
                  "1000 labels" = study(1000),
                  "300, stated in tenths" = study(300, levels = seq(0, 1, 0.1)))
  show_study(results)
  for (name in names(results)) {
    r <- results[[name]]
    expect_at_most(r[["selective"]], 0.1, 400, paste(name, "selective"))
    expect_at_most(r[["pac"]], 0.1, 400, paste(name, "pac"))
    expect_lt(r[["fdp"]], 0.1 + 0.01)
    # Two-sided: promises are not kept by accepting nothing.
    expect_gt(r[["kept.selective"]], 0.1)
    expect_gt(r[["kept.pac"]], 0.2)
    expect_gt(r[["fdp"]], 0.05)
    # What a naive threshold does: more misses than delta, beyond chance.
    expect_lt(stats::binom.test(round(400 * r[["none"]]), 400, 0.1, "greater")$p.value, 1e-3)
    expect_gt(r[["kept.none"]], r[["kept.selective"]])
  }
  # The exact test spends its level where labels are many and confidences continuous.
  expect_gt(results[["1000 labels"]][["pac"]], 0.04)
  expect_gt(results[["1000 labels"]][["selective"]], 0.02)
})
