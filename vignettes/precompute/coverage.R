# Numbers of vignettes/coverage.Rmd. Run it in the package's root, with the package installed:
#
#   Rscript vignettes/precompute/coverage.R [--bootstrap] [--reps=10000] [--threads=2] [--only=grid]
#
# Writes coverage-grid.csv (rates x labels x judges) and coverage-designs.csv (known probabilities,
# strata, clusters) beside itself. About ten minutes; --bootstrap adds the bootstrap interval, with
# a fifth of the data sets, and takes an hour. The numbers in the vignette are from
# --bootstrap --reps=4000. A normal interval that does not exist (labels that
# are all equal) counts as a miss, as the published code stops there.
library(judicious)

options_given <- commandArgs(trailingOnly = TRUE)
option <- function(name, default) {
  given <- grep(paste0("^--", name, "="), options_given, value = TRUE)
  if (length(given) == 0L) default else sub(".*=", "", given)
}
n_rep <- as.numeric(option("reps", 10000))
threads <- as.numeric(option("threads", 2))
only <- option("only", c("grid", "designs"))
with_bootstrap <- "--bootstrap" %in% options_given

n_rows <- 2000
levels <- c(0.8, 0.9, 0.95, 0.99)
presets <- c("recommended", "published")

# --- the judges ------------------------------------------------------------------

# How often the judge flags, so that it has this correlation with the truth: as often as the truth;
# with misses only (a flag is always right); with over-flags only (nothing is missed).
flag_rate <- function(judge, rate, correlation) {
  odds <- rate / (1 - rate)
  odds <- switch(judge, balanced = odds, misses = odds * correlation^2,
                 over_flags = odds / correlation^2)
  odds / (1 + odds)
}

judge_grid <- function(rates, labels, correlations) {
  grid <- expand.grid(judge = c("balanced", "misses", "over_flags"), correlation = correlations,
                      labels = labels, rate = rates, stringsAsFactors = FALSE)
  grid <- grid[grid$judge == "balanced" | grid$correlation > 0, ]
  grid$flags <- mapply(flag_rate, grid$judge, grid$rate, grid$correlation)
  grid
}

# --- one cell --------------------------------------------------------------------

study <- function(simulator, formula, ..., interval = c("beta", "t", "normal"), seed) {
  run <- function(interval, n_rep) {
    set.seed(seed)
    validate_coverage(simulator, estimator(formula, ..., preset = presets, interval = interval,
                                           n_boot = 1000), n_rep = n_rep, conf_level = levels,
                      threads = threads, fallback = "miss")
  }
  result <- as.data.frame(run(interval, n_rep))
  if (with_bootstrap) result <- rbind(result, as.data.frame(run("bootstrap", n_rep / 5)))
  compact(result)
}

# One row per method, coverage by level in columns.
compact <- function(result) {
  at <- function(level) result[abs(result$conf_level - level) < 1e-9, ]
  main <- at(0.95)
  out <- data.frame(preset = sub(",.*", "", main$method), interval = sub(".*, ", "", main$method))
  for (level in levels) {
    out[[paste0("coverage_", 100 * level)]] <- round(at(level)$coverage, 4)
  }
  cbind(out, above = round(main$above, 4), below = round(main$below, 4),
        width = signif(main$width, 3), bias = signif(main$bias, 2), rmse = signif(main$rmse, 3),
        n_failed = main$n_failed)
}

run_cells <- function(cells, one) {
  rows <- lapply(seq_len(nrow(cells)), function(i) {
    message(i, "/", nrow(cells))
    cell <- cells[i, , drop = FALSE]
    cbind(cell, one(cell, seed = i), row.names = NULL)
  })
  do.call(rbind, rows)
}

# --- rates x labels x judges -----------------------------------------------------

grid <- judge_grid(c(0.01, 0.02, 0.05, 0.1, 0.3, 0.5), c(20, 50, 100, 200), c(0, 0.3, 0.6, 0.9))

uniform_cell <- function(cell, seed) {
  logs <- simulator(simulate_binary, n_rows, cell$rate, cell$flags, cell$correlation,
                    n_labelled = cell$labels)
  result <- study(logs, human ~ y_proxy, seed = seed)
  set.seed(seed)
  alone <- validate_coverage(logs, estimator(human ~ 1, interval = "beta"), n_rep = n_rep,
                             conf_level = levels, threads = threads)
  alone <- compact(as.data.frame(alone))
  alone$preset <- "labels only"
  rbind(result, alone)
}

# --- other designs ---------------------------------------------------------------

known_prob <- function() {
  cells <- expand.grid(
    design = c("flags", "uncertainty"), correlation = c(0.3, 0.6, 0.9),
    labels = c(20, 50, 100, 200), rate = c(0.01, 0.02, 0.05, 0.1, 0.3, 0.5, 0.9),
    stringsAsFactors = FALSE
  )
  run_cells(cells, function(cell, seed) {
    logs <- if (cell$design == "flags") {
      # the rarer flag four times as likely to be labelled
      simulator(simulate_binary, n_rows, cell$rate, cell$rate, cell$correlation,
                n_labelled = cell$labels, oversample = if (cell$rate > 0.5) 1 / 4 else 4)
    } else {
      simulator(simulate_binary_active, n_rows, cell$rate, cell$rate, cell$correlation,
                n_labelled = cell$labels, sampling = "independent")
    }
    study(logs, human ~ y_proxy, prob = prob, seed = seed)
  })
}

strata_logs <- function(n_strata, labels, rates, correlation) {
  simulator(simulate_binary_strata, n = rep(n_rows / n_strata, n_strata), true_mean = rates,
            proxy_mean = rates, correlation = correlation, n_labelled = labels)
}

strata_designs <- function() {
  logs <- list(
    "4 strata x 10 labels, 5 %" = strata_logs(4, 10, rep(0.05, 4), 0.6),
    "10 strata x 3 labels, 10 %" = strata_logs(10, 3, rep(0.1, 10), 0.6),
    "20 strata x 5 labels, 2-20 %" = strata_logs(20, 5, seq(0.02, 0.2, length.out = 20), 0.6),
    "2 strata x 20 labels, 30 %, judge good in one only" =
      strata_logs(2, 20, rep(0.3, 2), c(0.9, 0)),
    "4 strata x 50 labels, 5-30 %" = strata_logs(4, 50, c(0.05, 0.1, 0.2, 0.3), 0.6)
  )
  do.call(rbind, lapply(seq_along(logs), function(i) {
    message(names(logs)[i])
    run <- function(...) study(logs[[i]], human ~ y_proxy, strata = stratum, seed = i, ...)
    cell <- data.frame(design = names(logs)[i], estimator = "as preset")
    own <- run(pool_strata = FALSE)
    rbind(cbind(cell, run()),
          cbind(transform(cell, estimator = "own lambda"), own[own$preset == "recommended", ]))
  }))
}

cluster_logs <- function(n_clusters, labelled, rate, icc, sampling = "clusters") {
  simulator(simulate_binary_clusters, n_rows, n_clusters, rate, rate, 0.6, diversity = 1 - icc,
            n_labelled = labelled, sampling = sampling)
}

cluster_designs <- function() {
  logs <- list(
    "40 of 400 clusters, 10 %, correlation within .3" = cluster_logs(400, 40, 0.1, 0.3),
    "40 of 400 clusters, 10 %, correlation within .9" = cluster_logs(400, 40, 0.1, 0.9),
    "20 of 100 clusters, 10 %, correlation within .2" = cluster_logs(100, 20, 0.1, 0.2),
    "40 of 400 clusters, 30 %, correlation within .3" = cluster_logs(400, 40, 0.3, 0.3),
    "400 rows in 200 clusters, 10 %, correlation within .5" =
      cluster_logs(200, 400, 0.1, 0.5, "rows")
  )
  do.call(rbind, lapply(seq_along(logs), function(i) {
    message(names(logs)[i])
    run <- function(formula, ...) study(logs[[i]], formula, ..., seed = i)
    cell <- function(estimator, rows) cbind(design = names(logs)[i], estimator = estimator, rows)
    alone <- run(human ~ 1, clusters = cluster)
    ignored <- run(human ~ y_proxy)
    rbind(cell("as preset", run(human ~ y_proxy, clusters = cluster)),
          cell("labels only", alone[alone$preset == "recommended", ]),
          cell("ignoring clusters", ignored[ignored$preset == "recommended", ]))
  }))
}

designs <- function() {
  prob <- known_prob()
  prob$estimator <- "as preset"
  others <- rbind(strata_designs(), cluster_designs())
  others[setdiff(names(prob), names(others))] <- NA
  others$family <- ifelse(grepl("strata", others$design), "strata", "clusters")
  prob$family <- "known prob"
  rbind(prob, others[names(prob)])
}

write_table <- function(table, name) {
  table$flags <- NULL
  path <- file.path("vignettes", "precompute", name)
  quoted <- which(names(table) == "design")  # names with commas
  utils::write.csv(table, path, row.names = FALSE, quote = quoted, na = "")
  message(path, ": ", nrow(table), " rows, ", file.size(path), " bytes")
}

if ("grid" %in% only) write_table(run_cells(grid, uniform_cell), "coverage-grid.csv")
if ("designs" %in% only) write_table(designs(), "coverage-designs.csv")
