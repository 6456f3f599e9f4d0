# Does active sampling pay, and does it ever cost? Run it in the package's root, with the package
# installed:
#
#   Rscript vignettes/precompute/active.R [--reps=1000] [--cells=folder] [--items=500]
#
# Writes active.csv beside itself: per number of items, number of labels, quality of the
# uncertainties and design the mean width of the default 95 % interval against as many random rows
# (`ratio`, the mean of the ratios of four scenarios: rates of 10 and 30 %, correlations of .6 and
# .85), its Monte Carlo error `se`, the worst of the four, the coverage, and the mean mix. All
# designs of a cell meet the same `--reps` data sets, a quarter of them with 20,000 items. Cells
# found in the folder `--cells` are not run again. About half an hour on one core; `--items` takes a
# part of the grid, and active.csv then holds that part.
library(judicious)
here <- file.path("vignettes", "precompute")
compile <- function() {
  withr::with_envvar(c(PKG_CXXFLAGS = "-w -O2"), Rcpp::sourceCpp(file.path(here, "active.cpp")))
}

option <- function(name, default) {
  given <- grep(paste0("^--", name, "="), commandArgs(trailingOnly = TRUE), value = TRUE)
  if (length(given) == 0L) default else sub(".*=", "", given)
}
n_rep <- as.numeric(option("reps", 1000))
folder <- option("cells", tempfile("cells"))
dir.create(folder, showWarnings = FALSE, recursive = TRUE)

# oracle: the root of the probability that the judge is wrong; calibrated: that of an item's fifth;
# noisy: the oracle times exp(.7 z); shuffled: the oracle's values on other items; noise: uniform
# numbers; inverted: high where the oracle is low.
qualities <- c("oracle", "calibrated", "noisy", "shuffled", "noise", "inverted")
grid <- expand.grid(correlation = c(0.6, 0.85), rate = c(0.1, 0.3), labels = c(50, 100, 200, 500),
                    items = c(500, 2000, 20000))
grid <- grid[grid$labels < grid$items, ]
wanted <- grep(paste0("^", option("items", "[0-9]+"), "$"), grid$items)

run_cell <- function(i) {
  path <- file.path(folder, paste0("active-", i, ".csv"))
  if (file.exists(path)) return(utils::read.csv(path))
  if (!exists("active_widths")) compile()
  x <- grid[i, ]
  n_rep <- if (x$items > 1e4) ceiling(n_rep / 4) else n_rep
  sums <- active_widths(x$items, x$labels, x$rate, 0.8 * x$rate, x$correlation, qualities, n_rep,
                        seed = i)
  random <- sums$random / n_rep
  rows <- lapply(c("chosen", "two_rounds", "published"), function(design) {
    mean <- sums[[design]] / n_rep
    ratio <- mean[, 1] / random[1]
    # Delta method for a ratio of means of pairs.
    spread <- (mean[, 3] - mean[, 1]^2) + ratio^2 * (random[2] - random[1]^2) -
      2 * ratio * (mean[, 2] - mean[, 1] * random[1])
    data.frame(x, reps = n_rep, quality = qualities, design, ratio = ratio,
               se = sqrt(spread / n_rep) / random[1], coverage = mean[, 4],
               coverage_random = random[3],
               mix = if (design == "chosen") sums$mix / n_rep else NA, row.names = NULL)
  })
  out <- do.call(rbind, rows)
  utils::write.csv(out, path, row.names = FALSE)
  message(format(Sys.time(), "%H:%M "), i, "/", nrow(grid))
  out
}

cells <- do.call(rbind, lapply(wanted, run_cell))
by <- interaction(cells$items, cells$labels, cells$quality, cells$design, drop = TRUE)
table <- do.call(rbind, lapply(split(cells, by), function(x) {
  data.frame(x[1, c("items", "labels", "reps", "quality", "design")],
             ratio = round(mean(x$ratio), 4), se = round(sqrt(sum(x$se^2)) / nrow(x), 4),
             worst = round(max(x$ratio), 3), best = round(min(x$ratio), 3),
             coverage = round(mean(x$coverage), 4), lowest = round(min(x$coverage), 3),
             mix = round(mean(x$mix), 3))
}))
table <- table[order(table$design, match(table$quality, qualities), table$items, table$labels), ]
print(table, row.names = FALSE)
utils::write.csv(table, file.path(here, "active.csv"), row.names = FALSE, na = "")
