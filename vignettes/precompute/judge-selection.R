# Numbers of vignettes/judge-selection.Rmd. Run it in the package's root, the package installed:
#
#   Rscript vignettes/precompute/judge-selection.R [--trials=40]
#
# Writes judge-selection.csv beside itself: how well metrics order judges, by how the judges break
# ties. About four minutes on one core.
#
# A trial: 50 judges of different quality. Every metric orders them by what the ratings show; the
# truth orders them by the decisions that their true response-set distributions lead to.
library(judicious)

given <- grep("^--trials=", commandArgs(trailingOnly = TRUE), value = TRUE)
n_trials <- if (length(given) > 0L) as.numeric(sub(".*=", "", given)) else 40

n_judges <- 50
taus <- c(0.3, 0.5, 0.7)
betas <- seq(0, 0.6, 0.1)
metrics <- c("hit_rate", "cohen_kappa", "krippendorff_alpha", "cross_entropy_judge_human",
             "kl_human_judge", "js_divergence", "js_distance", "mse_s", "coverage", "mse_srs",
             "consistency")

# `ratings` of humans and `judge_ratings` per item; 100 are nearly all there is to know.
grid <- function(ties, items, ratings, judge_ratings, options = 2:3) {
  expand.grid(ties = ties, options = options, items = items, ratings = ratings,
              judge_ratings = judge_ratings, stringsAsFactors = FALSE)
}
cells <- rbind(
  grid(c("one answer", "alike", "opposite", "mixed"), items = 100, ratings = 100,
       judge_ratings = 100),
  grid("mixed", items = 200, ratings = c(100, 5), judge_ratings = 100),
  grid("mixed", items = 200, ratings = 5, judge_ratings = 5, options = 2)
)

# --- one trial -------------------------------------------------------------------

# Humans prefer the first (positive) or the last option of their sets; judges do so as much, the
# other way round, or each in its own way.
simulate_trial <- function(cell) {
  task <- rating_task(c("yes", "no", "unclear")[seq_len(cell$options)], positive = "yes",
                      sets = if (cell$ties == "one answer") 1)
  humans <- sample(c(-1, 1), 1) * stats::runif(1, 1, 2)
  judges <- switch(cell$ties, opposite = -humans,
                   mixed = stats::runif(n_judges, -2, 2), humans)
  simulate_ratings(task, cell$items, n_judges, cell$ratings, cell$judge_ratings,
                   preference = humans, judge_preference = judges)
}

# Judges x thresholds: agreement with the decisions of the humans, and the error of the share of
# positive items.
true_downstream <- function(sim) {
  humans <- outer(sim$truth$human$p_positive, taus, ">")
  by_judge <- function(get) {
    t(vapply(sim$truth$judges, function(judge) {
      get(outer(judge$p_positive, taus, ">"))
    }, numeric(length(taus))))
  }
  list(consistency = by_judge(function(judge) colMeans(judge == humans)),
       bias = by_judge(function(judge) abs(colMeans(judge) - colMeans(humans))))
}

# Losses, lower is better: one row per metric, judge and threshold (NA: for all thresholds).
metric_losses <- function(human, judges, metrics, name = metrics) {
  out <- as.data.frame(agreement_metrics(human, judges, metrics, taus, n_boot = 0))
  data.frame(metric = name[match(out$metric, metrics)], judge = out$judge, tau = out$tau,
             loss = ifelse(out$better == "higher", -out$estimate, out$estimate))
}

rebuilt_losses <- function(sim, n_pairs) {
  pairs <- as.data.frame(sim$human)
  fit <- fit_translation(pairs[sample(nrow(pairs), n_pairs), ], sim$task)
  humans <- reconstruct_sets(sim$human, fit)
  name <- paste("mse_srs,", n_pairs, "pairs")
  out <- metric_losses(humans, sim$judges, "mse_srs", name)
  if (n_pairs != 100) return(out)
  both <- metric_losses(humans, reconstruct_sets(sim$judges, fit), "mse_srs",
                        paste0(name, ", judges too"))
  rbind(out, both)
}

beta_losses <- function(sim) {
  out <- rank_sensitivity(sim$human, sim$judges, betas, n_boot = 0)
  data.frame(metric = paste("beta", out$beta), judge = out$judge, tau = NA_real_,
             loss = out$estimate)
}

all_losses <- function(sim, cell) {
  out <- metric_losses(sim$human, sim$judges, metrics)
  if (cell$ties == "one answer") return(out)
  few <- cell$ratings == 5
  rebuilt <- lapply(if (few) c(25, 100, 400) else 100, function(n) rebuilt_losses(sim, n))
  do.call(rbind, c(list(out), rebuilt, if (few) list(beta_losses(sim))))
}

# How well the order of `loss` foretells that of `cost`, and what choosing its best judge costs.
judge_order <- function(loss, cost) {
  c(rank = stats::cor(loss, cost, method = "spearman"),
    lost = mean(cost[loss == min(loss)]) - min(cost))
}

# One row per metric: means over thresholds.
run_trial <- function(cell) {
  sim <- simulate_trial(cell)
  truth <- true_downstream(sim)
  losses <- all_losses(sim, cell)
  per_metric <- lapply(split(losses, factor(losses$metric, unique(losses$metric))), function(x) {
    at_tau <- vapply(seq_along(taus), function(k) {
      now <- x[is.na(x$tau) | x$tau == taus[k], ]
      loss <- now$loss[match(rownames(truth$bias), now$judge)]
      c(consistency = judge_order(loss, -truth$consistency[, k]),
        bias = judge_order(loss, truth$bias[, k]))
    }, numeric(4))
    rowMeans(at_tau)
  })
  do.call(rbind, per_metric)
}

# --- all trials ------------------------------------------------------------------

run_cell <- function(k) {
  set.seed(k)
  message(k, "/", nrow(cells))
  trials <- simplify2array(lapply(seq_len(n_trials), function(i) run_trial(cells[k, ])))
  mean <- apply(trials, 1:2, mean)
  se <- apply(trials, 1:2, stats::sd) / sqrt(n_trials)
  data.frame(
    cells[k, ], metric = rownames(mean), trials = n_trials,
    consistency_rank = mean[, "consistency.rank"], consistency_rank_se = se[, "consistency.rank"],
    bias_rank = mean[, "bias.rank"], bias_rank_se = se[, "bias.rank"],
    consistency_lost = mean[, "consistency.lost"], consistency_lost_se = se[, "consistency.lost"],
    bias_added = mean[, "bias.lost"], bias_added_se = se[, "bias.lost"], row.names = NULL
  )
}

results <- do.call(rbind, lapply(seq_len(nrow(cells)), run_cell))
numbers <- grepl("_", names(results)) & names(results) != "judge_ratings"
results[numbers] <- lapply(results[numbers], round, 4)
path <- file.path("vignettes", "precompute", "judge-selection.csv")
quoted <- which(names(results) == "metric")  # names with commas
utils::write.csv(results, path, row.names = FALSE, quote = quoted)
message(path, ": ", nrow(results), " rows, ", file.size(path), " bytes")
