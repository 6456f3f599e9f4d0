# What was tried to make the beta interval hold where it fell short: at 99 %, with 20 labels and
# known probabilities, and without a judge in clusters. Run it in the package's root, with the
# package installed:
#
#   Rscript vignettes/precompute/guards.R [--reps=2000]
#
# Writes guards.csv beside itself: per family and candidate the lowest coverage over the cells and
# the mean width against the first candidate. About twenty minutes.
library(judicious)
folder <- file.path("vignettes", "precompute")
withr::with_envvar(c(PKG_CXXFLAGS = "-w"), Rcpp::sourceCpp(file.path(folder, "guards.cpp")))

given <- grep("^--reps=", commandArgs(trailingOnly = TRUE), value = TRUE)
n_rep <- if (length(given) == 0L) 2000 else as.numeric(sub(".*=", "", given))
levels <- c(0.95, 0.99)

candidate <- function(least = 2, per_z2 = 0.5, per_base = 0, hc3 = 0, units_share = 0.5,
                      df_power = 0) {
  as.list(environment())
}

every_family <- list(
  "D = max(2, z^2 / 2), HC2" = candidate(), "D = max(2, .75 z^2)" = candidate(per_z2 = 0.75),
  "D = max(2, z^2)" = candidate(per_z2 = 1), "HC3" = candidate(hc3 = 1)
)
further <- list(
  scores = list(),
  known_prob = list("D + 10 / n_b" = candidate(per_base = 10),
                    "D + 20 / n_b" = candidate(per_base = 20), "D = 2.5" = candidate(2.5),
                    "D = 3" = candidate(3)),
  clusters = list("n_b = rows^.4 units^.6" = candidate(units_share = 0.6),
                  "(t_n / t_units)^2" = candidate(df_power = 1),
                  "t_n / t_units" = candidate(df_power = 0.5))
)

# Misses only ("m"), over-flags only ("o") or balanced, as in coverage.R.
flag_rate <- function(judge, rate, correlation) {
  odds <- rate / (1 - rate) * switch(judge, b = 1, m = correlation^2, o = correlation^-2)
  odds / (1 + odds)
}

cells_of <- list(
  scores = function() {
    grid <- expand.grid(correlation = c(0.3, 0.6, 0.9), rate = c(0.01, 0.05, 0.1, 0.3, 0.5),
                        labels = c(20, 50, 100, 200))
    cbind(grid, design = "scores", flags = 0, detail = 0, judge = 1)
  },
  known_prob = function() {
    grid <- expand.grid(kind = c("b", "m", "o", "u"), correlation = c(0.3, 0.6, 0.9),
                        rate = c(0.02, 0.1, 0.3, 0.5, 0.9), labels = c(20, 50, 100, 200),
                        stringsAsFactors = FALSE)
    uncertain <- grid$kind == "u"
    kind <- ifelse(uncertain, "b", grid$kind)
    flags <- mapply(flag_rate, kind, grid$rate, grid$correlation)
    cbind(grid, design = ifelse(uncertain, "uncertainty", "flags"), flags = flags,
          detail = ifelse(flags > 0.5, 1 / 4, 4), judge = 1)
  },
  clusters = function() {
    grid <- expand.grid(judge = 0:1, detail = c(0.2, 0.5), rate = c(0.05, 0.1, 0.3),
                        labels = c(20, 40, 80))
    linked <- expand.grid(judge = 0:1, detail = 0, rate = 0.396, labels = c(20, 40, 80))
    rbind(cbind(grid, design = "clusters", flags = grid$rate, correlation = 0.6),
          cbind(linked, design = "linked", flags = 0, correlation = 0))
  }
)

try_family <- function(family) {
  candidates <- c(every_family, further[[family]])
  cells <- cells_of[[family]]()
  results <- lapply(seq_len(nrow(cells)), function(i) {
    message(family, " ", i, "/", nrow(cells))
    try_guards(as.list(cells[i, ]), candidates, levels, n_rep, i)
  })
  lowest <- Reduce(pmin, lapply(results, `[[`, "coverage"))
  log_ratio <- lapply(results, function(r) log(sweep(r$width, 2, r$width[1, ], "/")))
  ratio <- exp(Reduce(`+`, log_ratio) / length(log_ratio))
  data.frame(family, candidate = names(candidates), cells = nrow(cells), replicates = n_rep,
             lowest_95 = round(lowest[, 1], 4), lowest_99 = round(lowest[, 2], 4),
             width_95 = round(ratio[, 1], 3), width_99 = round(ratio[, 2], 3))
}

table <- do.call(rbind, lapply(names(cells_of), try_family))
utils::write.csv(table, file.path(folder, "guards.csv"), row.names = FALSE)
