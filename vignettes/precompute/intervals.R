# One table of all designs: do the default intervals hold, and how wide are they? Run it in the
# package's root, with the package installed:
#
#   Rscript vignettes/precompute/intervals.R [--reps=5000] [--own=2000] [--threads=1]
#   [--only=pattern] [--cells=folder]
#
# Writes intervals.csv beside itself: per design and level the number of cells, the lowest coverage
# and its cell, the share of cells more than .01 below the level, the share of those beyond
# simulation error (the exact upper bound of the coverage, at 95 % for all cells of the design
# together), the mean, and the width (geometric mean over the cells) against the labels alone and
# against the published interval. `--reps` data sets per cell where the loop is the package's, a
# fifth of them with 20,000 rows, and `--own` where the data are drawn here. The
# Monte Carlo error of one cell is sqrt(.95 * .05 / reps), .003 with 5000; a minimum over many cells
# lies two or three of these below the lowest coverage. Designs found in the folder `--cells` are
# not run again. About an hour on one core.
library(judicious)

option <- function(name, default) {
  given <- grep(paste0("^--", name, "="), commandArgs(trailingOnly = TRUE), value = TRUE)
  if (length(given) == 0L) default else sub(paste0("^--", name, "="), "", given)
}
n_rep <- as.numeric(option("reps", 5000))
n_own <- as.numeric(option("own", 2000))
threads <- as.numeric(option("threads", 1))
folder <- option("cells", tempfile("cells"))
dir.create(folder, showWarnings = FALSE, recursive = TRUE)
levels <- c(0.8, 0.9, 0.95, 0.99)

# --- one cell --------------------------------------------------------------------

# Ours, the labels alone and the published interval on the same data sets.
three <- function(formula, ...) {
  list(ours = estimator(formula, ...), alone = estimator(human ~ 1, ...),
       published = estimator(formula, preset = "published", ...))
}

cell <- function(draw, methods, ..., reps = n_rep, seed) {
  set.seed(seed)
  result <- suppressWarnings(suppressMessages(
    validate_coverage(draw, methods, ..., n_rep = reps, conf_level = levels, threads = threads,
                      fallback = "miss")
  ))
  result <- as.data.frame(result)
  of <- function(name) result[result$method == name, c("conf_level", "coverage", "width")]
  ours <- of("ours")
  ratio <- function(name) {
    other <- of(name)
    if (nrow(other) == 0) return(NA_real_)
    ours$width / other$width[match(ours$conf_level, other$conf_level)]
  }
  data.frame(level = ours$conf_level, coverage = ours$coverage, width = ours$width,
             alone = ratio("alone"), published = ratio("published"), reps = reps)
}

# `grid` has one cell a row, `one(cell, seed)` runs it.
run_cells <- function(design, grid, one) {
  path <- file.path(folder, paste0(gsub("[^a-z0-9]+", "-", tolower(design)), ".csv"))
  if (file.exists(path)) return(utils::read.csv(path))
  message(format(Sys.time(), "%H:%M "), design, ": ", nrow(grid), " cells")
  cells <- lapply(seq_len(nrow(grid)), function(i) {
    x <- as.list(grid[i, , drop = FALSE])
    cbind(cell = paste(names(x), unlist(lapply(x, as.character)), sep = " = ", collapse = ", "),
          one(x, i))
  })
  cells <- do.call(rbind, cells)
  utils::write.csv(cells, path, row.names = FALSE)
  cells
}

family <- function(design, grid, one) {
  if (!grepl(option("only", ""), design)) return(NULL)
  cells <- run_cells(design, grid, one)
  mean_log <- function(x) round(exp(mean(log(x[is.finite(x) & x > 0]))), 3)
  do.call(rbind, lapply(split(cells, cells$level), function(at) {
    hits <- round(at$coverage * at$reps)
    bound <- stats::qbeta(1 - 0.05 / nrow(at), hits + 1, at$reps - hits)
    below <- at$coverage < at$level - 0.01
    data.frame(design = design, cells = nrow(at), level = at$level[1], reps = at$reps[1],
               lowest = round(min(at$coverage), 3), below = round(mean(below), 3),
               surely = round(mean(below & bound < at$level - 0.01), 3),
               mean = round(mean(at$coverage), 3), vs_labels = mean_log(at$alone),
               vs_published = mean_log(at$published), lowest_cell = at$cell[which.min(at$coverage)])
  }))
}

flag_rate <- function(judge, rate, correlation) {
  odds <- rate / (1 - rate) * switch(judge, balanced = 1, misses = correlation^2,
                                     over_flags = correlation^-2)
  odds / (1 + odds)
}
judges <- c("balanced", "misses", "over_flags")

# --- designs of the package's simulators -----------------------------------------

uniform <- function(n_rows, labels) {
  grid <- expand.grid(judge = judges, correlation = c(0.3, 0.6, 0.9),
                      rate = c(0.02, 0.08, 0.3, 0.5),
                      labels = labels, stringsAsFactors = FALSE)
  family(paste("random rows, N =", format(n_rows, big.mark = ",")), grid, function(x, seed) {
    logs <- simulator(simulate_binary, n_rows, x$rate, flag_rate(x$judge, x$rate, x$correlation),
                      x$correlation, n_labelled = x$labels)
    cell(logs, three(human ~ y_proxy), reps = if (n_rows > 1e4) n_rep / 5 else n_rep,
         seed = seed)
  })
}

several_judges <- function() {
  grid <- expand.grid(judges = c(2, 3, 6), rate = c(0.05, 0.3), labels = c(60, 150))
  family("2 to 6 judges", grid, function(x, seed) {
    logs <- simulator(simulate_binary, 2000, x$rate, rep(x$rate, x$judges), rep(0.55, x$judges),
                      n_labelled = x$labels)
    judges <- paste0("y_proxy_", seq_len(x$judges))
    cell(logs, three(stats::reformulate(judges, "human")), seed = seed)
  })
}

by_flag <- function() {
  grid <- expand.grid(correlation = c(0.3, 0.6, 0.9), rate = c(0.03, 0.1, 0.3, 0.9),
                      labels = c(30, 60, 150))
  family("known prob, rarer flag 4 : 1", grid, function(x, seed) {
    logs <- simulator(simulate_binary, 2000, x$rate, x$rate, x$correlation, n_labelled = x$labels,
                      oversample = if (x$rate > 0.5) 1 / 4 else 4)
    cell(logs, three(human ~ y_proxy, prob = prob), seed = seed)
  })
}

by_uncertainty <- function() {
  grid <- expand.grid(correlation = c(0.3, 0.6, 0.9), rate = c(0.03, 0.1, 0.3),
                      labels = c(50, 150))
  family("known prob, by uncertainty alone", grid, function(x, seed) {
    logs <- simulator(simulate_binary_active, 2000, x$rate, x$rate, x$correlation,
                      n_labelled = x$labels, mix = 0)
    cell(logs, three(human ~ y_proxy, prob = prob), seed = seed)
  })
}

active <- function() {
  grid <- expand.grid(N = c(500, 2000, 5000), labels = c(60, 200), rate = c(0.1, 0.3),
                      correlation = c(0.6, 0.85))
  family("known prob, active with the chosen mix", grid, function(x, seed) {
    logs <- simulator(simulate_binary_active, x$N, x$rate, 0.8 * x$rate, x$correlation,
                      n_labelled = x$labels)
    cell(logs, three(human ~ y_proxy, prob = prob), seed = seed)
  })
}

strata <- function() {
  grid <- expand.grid(strata = c(4, 10, 20), labels = c(5, 20), rate = c(0.05, 0.2))
  family("strata", grid, function(x, seed) {
    rates <- seq(0.4, 1.6, length.out = x$strata) * x$rate
    logs <- simulator(simulate_binary_strata, n = rep(2000 / x$strata, x$strata),
                      true_mean = rates, proxy_mean = rates, correlation = 0.6,
                      n_labelled = x$labels)
    cell(logs, three(human ~ y_proxy, strata = stratum), seed = seed)
  })
}

clusters <- function() {
  grid <- expand.grid(size = c(2, 5, 10, 20), icc = c(0.05, 0.3, 0.6, 0.9),
                      rate = c(0.03, 0.05, 0.1, 0.3, 0.5), drawn = c(20, 40))
  run <- function(formula) {
    function(x, seed) {
      n_clusters <- 8 * x$drawn
      logs <- simulator(simulate_binary_clusters, x$size * n_clusters, n_clusters, x$rate, x$rate,
                        0.6, diversity = 1 - x$icc, n_labelled = x$drawn, sampling = "clusters")
      cell(logs, three(formula, clusters = cluster), seed = seed)
    }
  }
  rbind(family("clusters of 2 to 20", grid, run(human ~ y_proxy)),
        family("clusters of 2 to 20, no judge", grid[grid$size %in% c(5, 20), ], run(human ~ 1)))
}

# --- designs drawn here ----------------------------------------------------------

labelled_at_random <- function(data, n) {
  data$human <- reveal_labels(data$y, sample_uniform(nrow(data), n))
  data
}

fits <- function(formula, ...) {
  list(ours = function(data) estimate_mean(formula, data, ...),
       alone = function(data) estimate_mean(human ~ 1, data, ...),
       published = function(data) estimate_mean(formula, data, preset = "published", ...))
}

# All misses of the judge sit in the rows that are least likely to be labelled.
hidden_misses <- function() {
  grid <- expand.grid(share = c(0.1, 0.3, 0.6), labels = c(60, 200), guard = c("robust", "verdict"),
                      stringsAsFactors = FALSE)
  run <- function(guard) {
    family(paste0("adversarial: misses hidden in low prob, ", guard), grid[grid$guard == guard, ],
           function(x, seed) {
             draw <- function() {
               n <- 2000
               hidden <- seq_len(n) <= x$share * n
               judge <- rbinom(n, 1, 0.05) * !hidden
               y <- ifelse(hidden, rbinom(n, 1, 0.05 / x$share * 0.6), judge)
               prob <- ifelse(hidden, 1, 6)
               prob <- x$labels * prob / sum(prob)
               data.frame(y, judge, prob, human = ifelse(runif(n) < prob, y, NA))
             }
             truth <- 0.05 * 0.6 + 0.05 * (1 - x$share)
             methods <- list(
               ours = function(data) {
                 estimate_mean(human ~ judge, data, prob = data$prob, guard = x$guard)
               },
               alone = function(data) estimate_mean(human ~ 1, data, prob = data$prob)
             )
             cell(draw, methods, truth = truth, reps = n_own, seed = seed)
           })
  }
  rbind(run("robust"), run("verdict"))
}

shapes <- list(
  "beta(2, 5)" = function(n) rbeta(n, 2, 5),
  "beta(.3, 2.7)" = function(n) rbeta(n, 0.3, 2.7),
  "85 % zeros" = function(n) ifelse(runif(n) < 0.85, 0, runif(n)),
  "1 to 5" = function(n) (pmin(pmax(round(rnorm(n, 3.8, 1)), 1), 5) - 1) / 4,
  "nearly 0/1" = function(n) pmin(pmax(rbinom(n, 1, 0.1) + rnorm(n, 0, 0.03), 0), 1)
)

scores <- function() {
  grid <- expand.grid(shape = names(shapes), noise = c(0.1, 0.4), labels = c(20, 60, 200),
                      stringsAsFactors = FALSE)
  family("bounded scores", grid, function(x, seed) {
    shape <- shapes[[x$shape]]
    truth <- withr::with_seed(1, mean(shape(4e6)))
    draw <- function() {
      y <- shape(1000)
      judge <- pmin(pmax(y + rnorm(1000, 0, x$noise), 0), 1)
      labelled_at_random(data.frame(y, judge), x$labels)
    }
    cell(draw, fits(human ~ judge, range = c(0, 1)), truth = truth, reps = n_own, seed = seed)
  })
}

table <- rbind(
  uniform(2000, c(20, 50, 100, 200)), uniform(300, c(30, 100)), uniform(20000, c(50, 200)),
  several_judges(), strata(), clusters(), by_flag(), by_uncertainty(), active(), scores(),
  hidden_misses()
)
print(table, row.names = FALSE)
path <- file.path("vignettes", "precompute", "intervals.csv")
if (option("only", "") == "") utils::write.csv(table, path, row.names = FALSE)
