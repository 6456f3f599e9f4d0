# The lowest coverage of the beta interval over all judges that answer 0 or 1, without simulation.
# Run it in the package's root, with the package installed:
#
#   Rscript vignettes/precompute/exact-coverage.R [--sizes=20,50,100] [--grid=8]
#
# Writes exact-coverage.csv beside itself: per number of labels and level the lowest coverage and
# the judge that has it. A grid of judges (--grid values of each of three parameters) is searched
# first, then the neighbourhood of its worst five. About five minutes.
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

# Parameters on the logit scale: rate, sensitivity, false positive rate.
coverage_at <- function(n, at) {
  p <- stats::plogis(pmin(pmax(at, -9), 9))
  exact_coverage(n, p[1], p[2], p[3], levels)
}

start_grid <- as.matrix(expand.grid(
  stats::qlogis(seq(0.01, 0.5, length.out = n_grid)),
  stats::qlogis(c(seq(0.1, 0.9, length.out = n_grid - 1), 1 - 1e-4)),
  stats::qlogis(c(1e-4, seq(0.02, 0.6, length.out = n_grid - 1)))
))

worst_of <- function(n) {
  coarse <- apply(start_grid, 1, function(at) coverage_at(n, at))
  found <- lapply(seq_along(levels), function(l) {
    starts <- start_grid[order(coarse[l, ])[1:5], , drop = FALSE]
    fits <- apply(starts, 1, function(at) {
      stats::optim(at, function(x) coverage_at(n, x)[l], control = list(maxit = 60))
    })
    best <- fits[[which.min(vapply(fits, function(fit) fit$value, 0))]]
    judge <- stats::plogis(pmin(pmax(best$par, -9), 9))
    data.frame(labels = n, level = levels[l], lowest = round(best$value, 4),
               rate = signif(judge[1], 3), sensitivity = signif(judge[2], 3),
               false_positive = signif(judge[3], 3),
               precision = signif(judge[1] * judge[2] /
                                    (judge[1] * judge[2] + (1 - judge[1]) * judge[3]), 3))
  })
  do.call(rbind, found)
}

table <- do.call(rbind, lapply(sizes, worst_of))
print(table)
utils::write.csv(table, file.path(folder, "exact-coverage.csv"), row.names = FALSE)
