# Numbers of vignettes/monitoring.Rmd. Run it in the package's root, the package installed:
#
#   Rscript vignettes/precompute/monitoring.R [--streams=4000] [--threads=2]
#
# Writes beside itself monitoring-alarms.csv (false alarms over 50 looks, by design) and
# monitoring-delay.csv (how soon a shift is found), the recommended beside the published rule where
# that knows the design. About ten minutes on two cores.
library(judicious)

given <- function(name, default) {
  value <- grep(paste0("^--", name, "="), commandArgs(trailingOnly = TRUE), value = TRUE)
  if (length(value) > 0L) as.numeric(sub(".*=", "", value)) else default
}
n_rep <- given("streams", 4000)
threads <- given("threads", 2)
n_items <- 200

batch <- function(design, rate, labels) {
  base <- list(n = n_items, true_mean = rate, proxy_mean = rate, correlation = 0.7)
  switch(design,
    clusters = rlang::inject(simulator("binary_clusters", !!!base, n_clusters = 50,
                                       n_labelled = labels / 2)),
    prob = rlang::inject(simulator("binary", !!!base, n_labelled = labels, oversample = 3)),
    rlang::inject(simulator("binary", !!!base, n_labelled = labels))
  )
}

# Where the truth is the threshold every alarm is false.
false_alarms <- function(design, rate, labels, alternative) {
  set.seed(20261126)
  plain <- design %in% c("judge", "labels only")
  check <- validate_monitor(
    batch(design, rate, labels), alternative = alternative, judges = design != "labels only",
    preset = c("recommended", if (plain) "published"), n_rep = n_rep, threads = threads
  )
  data.frame(design, rate, labels, as.data.frame(check)[c("preset", "alternative", "conf_level",
                                                          "n_rep", "false_alarms", "false_low",
                                                          "false_high")])
}

cells <- rbind(
  expand.grid(design = c("judge", "labels only"), rate = c(0.01, 0.02, 0.05, 0.1, 0.5),
              labels = c(10, 20, 50), alternative = c("less", "greater", "two.sided")),
  expand.grid(design = c("clusters", "prob"), rate = c(0.01, 0.02, 0.05, 0.1, 0.5), labels = 20,
              alternative = c("less", "greater", "two.sided"))
)
cells[c("design", "alternative")] <- lapply(cells[c("design", "alternative")], as.character)
alarms <- do.call(rbind, do.call(Map, c(list(false_alarms), cells[c("design", "rate", "labels",
                                                                    "alternative")])))
folder <- file.path("vignettes", "precompute")
write.csv(alarms, file.path(folder, "monitoring-alarms.csv"), row.names = FALSE)

# The rate shifts from 4 % after five batches; 5 % is the limit.
delays <- function(shifted, labels, design) {
  set.seed(20261127)
  check <- validate_monitor(
    batch("judge", 0.04, labels), after = batch("judge", shifted, labels), change_at = 6,
    n_batches = 55, threshold = 0.05, judges = design == "judge",
    preset = c("recommended", "published"), n_rep = n_rep, threads = threads
  )
  data.frame(design, shifted, labels, as.data.frame(check)[c("preset", "n_rep", "false_alarms",
                                                             "detected", "delay")])
}
cells <- expand.grid(shifted = c(0.08, 0.12, 0.2), labels = c(20, 50, 100),
                     design = c("judge", "labels only"), stringsAsFactors = FALSE)
delay <- do.call(rbind, do.call(Map, c(list(delays), cells)))
write.csv(delay, file.path(folder, "monitoring-delay.csv"), row.names = FALSE)
