# Coverage of the interval of a difference of rates. Run it in the package's root, with the package
# installed:
#
#   Rscript vignettes/precompute/differences.R [--reps=4000] [--only=paired] [--shares=0.25]
#
# Writes differences.csv beside itself: one row per design, rates, labels, pairing and judge. The
# paired design has 480 cells, the other five (half of the labels shared, separate items, strata,
# clusters of five items, known probabilities) 72 each, with half of the data sets. About an hour.
library(judicious)
folder <- file.path("vignettes", "precompute")
withr::with_envvar(c(PKG_CXXFLAGS = "-w -O2"),
                   Rcpp::sourceCpp(file.path(folder, "differences.cpp")))

option <- function(name, default) {
  given <- grep(paste0("^--", name, "="), commandArgs(trailingOnly = TRUE), value = TRUE)
  if (length(given) == 0L) default else strsplit(sub(".*=", "", given), ",")[[1]]
}
n_rep <- as.numeric(option("reps", 4000))
# Of the guard of the effective size; by default that of the package alone.
shares <- as.numeric(option("shares", difference_share()))
designs <- c("paired", "half", "separate", "strata", "clusters", "prob")
only <- option("only", designs)
to <- option("to", file.path(folder, "differences.csv"))

# `pair`: correlation of the systems' latent difficulties. Judges are as often positive as people;
# `judge` is their correlation with the labels, and the errors of one of them are about the item,
# the same for both systems.
rates <- data.frame(
  rate_a = c(0.001, 0.005, 0.01, 0.01, 0.02, 0.05, 0.05, 0.1, 0.3, 0.3),
  rate_b = c(0.001, 0.005, 0.01, 0.02, 0.05, 0.05, 0.1, 0.2, 0.3, 0.5)
)
judges <- data.frame(judge = c(0, 0.6, 0.9, 0.6), shared_errors = c(FALSE, FALSE, FALSE, TRUE))

cells_of <- function(design) {
  whole <- design == "paired"
  cells <- merge(judges[if (whole) 1:4 else c(1, 3, 4), ], merge(
    rates[if (whole) 1:10 else c(4, 6, 8, 10), ],
    expand.grid(n = if (whole) c(20, 50, 100, 200) else c(30, 60, 150),
                pair = if (whole) c(0, 0.5, 0.9) else c(0, 0.8))
  ))
  cbind(design = design, cells, n_items = 2000)
}

study <- function(cell, seed) {
  out <- difference_study(as.list(cell), shares, if (cell$design == "paired") n_rep else n_rep / 2,
                          10, seed)
  cbind(cell, out, row.names = NULL)
}

cells <- do.call(rbind, lapply(only, cells_of))
table <- do.call(rbind, lapply(seq_len(nrow(cells)), function(i) study(cells[i, ], i)))
numbers <- setdiff(names(table)[vapply(table, is.numeric, NA)], c("n", "n_items"))
table[numbers] <- lapply(table[numbers], signif, 4)
utils::write.csv(table, to, row.names = FALSE)
print(do.call(rbind, lapply(split(table, list(table$design, table$share)), function(x) {
  data.frame(design = x$design[1], share = x$share[1], cells = nrow(x), lowest = min(x$coverage),
             below = mean(x$coverage < 0.94), mean = mean(x$coverage),
             vs_labels = exp(mean(log(x$width / x$labels_width))))
})), row.names = FALSE)
