# The lowest coverage of the beta interval over all judges that answer 0 or 1, without simulation.
# Run it in the package's root, with the package installed:
#
#   Rscript vignettes/precompute/exact-coverage.R [--sizes=20,50,100] [--grid=8]
#
# Writes exact-coverage.csv beside itself: per number of labels and level the lowest coverage and
# the judge that has it. A grid of judges (finer with a larger --grid, at least 6) is searched
# first, then the neighbourhood of its worst five and of all judges that flag rarely: the search is
# local. About ten minutes.
library(judicious)
folder <- file.path("vignettes", "precompute")
withr::with_envvar(c(PKG_CXXFLAGS = "-w -O2"),
                   Rcpp::sourceCpp(file.path(folder, "exact-coverage.cpp")))

option <- function(name, default) {
  given <- grep(paste0("^--", name, "="), commandArgs(trailingOnly = TRUE), value = TRUE)
  if (length(given) == 0L) default else as.numeric(strsplit(sub(".*=", "", given), ",")[[1]])
}
sizes <- option("sizes", c(20, 50, 100))
n_grid <- option("grid", 8)
levels <- c(0.9, 0.95, 0.99)

# Parameters on the logit scale: rate, sensitivity, and the share of the judge's flags that are
# right.
judge_of <- function(at) {
  p <- stats::plogis(pmin(pmax(at, -9), 9))
  false_positive <- min(p[1] * p[2] * (1 / p[3] - 1) / (1 - p[1]), 1)
  list(rate = p[1], sensitivity = p[2], precision = p[3], false_positive = false_positive)
}

coverage_at <- function(n, at) {
  judge <- judge_of(at)
  exact_coverage(n, judge$rate, judge$sensitivity, judge$false_positive, levels)
}

start_grid <- as.matrix(expand.grid(
  stats::qlogis(exp(seq(log(0.01), log(0.5), length.out = 2 * n_grid))),
  stats::qlogis(c(seq(0.2, 0.9, length.out = n_grid - 4), 1 - 1e-4)),
  stats::qlogis(c(seq(0.1, 0.9, length.out = n_grid - 1), 1 - 1e-4))
))

# Judges that miss nothing and flag a handful of n rows, where the worst of all sizes were found.
rare_flags <- function(n) {
  at <- expand.grid(rate = c(0.3, 0.45, 0.65, 0.9, 1.5, 3) / n, sensitivity = 1 - 1e-4,
                    precision = c(0.12, 0.16, 0.22, 0.26, 0.3, 0.56))
  stats::qlogis(as.matrix(at))
}

worst_of <- function(n) {
  coarse <- apply(unname(start_grid), 1, function(at) coverage_at(n, at))
  found <- lapply(seq_along(levels), function(l) {
    starts <- unname(rbind(start_grid[order(coarse[l, ])[1:5], ], rare_flags(n)))
    fits <- apply(starts, 1, function(at) {
      stats::optim(at, function(x) coverage_at(n, x)[l], control = list(maxit = 60))
    })
    best <- fits[[which.min(vapply(fits, function(fit) fit$value, 0))]]
    data.frame(labels = n, level = levels[l], lowest = round(best$value, 4),
               lapply(judge_of(best$par), signif, 3))
  })
  do.call(rbind, found)
}

table <- do.call(rbind, lapply(sizes, worst_of))
print(table)
utils::write.csv(table, file.path(folder, "exact-coverage.csv"), row.names = FALSE)
