# Speed and memory of the bootstrap, against vectorised R (a matrix of sample.int()) and against the
# cost of drawing its random numbers. Run it in the package's root: Rscript bench/resample.R prints
# the results and writes them to their section of bench/RESULTS.md. Takes about two minutes.
library(judicious)
source("bench/helpers/measure.R")
source("bench/helpers/report.R")
withr::with_envvar(c(PKG_CXXFLAGS = "-w"), Rcpp::sourceCpp("bench/helpers/draws.cpp"))

n_boot <- 2000
n_batch <- 20
n_boot_threads <- 20000
n_labelled <- 3000

make_rows <- function(n, n_labelled, uneven = FALSE) {
  judge <- runif(n)
  prob <- if (uneven) runif(n, 0.5, 1.5) * n_labelled / n else rep(n_labelled / n, n)
  human <- ifelse(runif(n) < prob, judge + rnorm(n), NA)
  data.frame(human, judge, prob)
}

# Predict-Then-Debias for a random subset: rows are resampled, the judge's mean over the others
# enters by its normal limit, and the best weight is that over the replicates.
plain_bootstrap <- function(human, judge, n_boot) {
  labelled <- which(!is.na(human))
  n <- length(labelled)
  rest <- judge[-labelled]
  rows <- matrix(sample.int(n, n * n_boot, replace = TRUE), n)
  means <- function(x) colMeans(matrix(x[rows], n))
  y <- means(human[labelled])
  g <- means(judge[labelled]) - rnorm(n_boot, mean(rest), sd(rest) / sqrt(length(rest)))
  y - cov(y, g) / var(g) * g
}

make_votes <- function(n, n_labelled) {
  judge <- rbinom(n, 1, 0.4)
  human <- ifelse(rbinom(n, 1, 0.8) == 1, judge, 1 - judge)
  human[-sample.int(n, n_labelled)] <- NA
  data.frame(human, judge)
}

# A call without the replicates, to be taken off: they are what is measured.
plain <- function(rows) estimate_mean(human ~ judge, rows, interval = "normal")
often <- function(task) function() for (i in seq_len(n_batch)) task()

ours <- function(rows, n_boot, threads = 1) {
  estimate_mean(human ~ judge, rows, interval = "bootstrap", n_boot = n_boot, threads = threads)
}
ours_prob <- function(rows, threads = 1) {
  estimate_mean(human ~ judge, rows, prob = prob, interval = "bootstrap", n_boot = n_boot,
                threads = threads)
}

twice_at_once <- function() {
  parallel::mclapply(1:2, function(i) ours(rows, n_boot_threads)$estimate, mc.cores = 2)
}

# The comparison is fair only if both give the same interval, up to resampling.
check_same_interval <- function(rows) {
  theirs <- quantile(plain_bootstrap(rows$human, rows$judge, n_boot), c(0.025, 0.975))
  fit <- ours(rows, n_boot)
  stopifnot(abs(c(fit$conf_low, fit$conf_high) - theirs) < 0.1 * diff(theirs))
}

set.seed(1)
machine <- describe_machine()
rows <- make_rows(30000, n_labelled)
votes <- make_votes(30000, n_labelled)
many <- make_rows(1e6, 10000, uneven = TRUE)
input_bytes <- 3 * 8 * nrow(many)
check_same_interval(rows)
few <- make_rows(1000, 300, uneven = TRUE)
peak <- peak_bytes(function() ours_prob(many), function() ours_prob(few))
ms <- least_ms(list(
  votes = often(function() ours(votes, n_boot)),
  votes_plain = often(function() plain(votes)),
  rows = often(function() ours(rows, n_boot)), rows_plain = often(function() plain(rows)),
  draws_batch = often(function() draw_indices(n_boot, sum(!is.na(rows$human)))),
  one = function() ours(rows, n_boot), two = function() ours(rows, n_boot, threads = 2),
  many_one = function() ours(rows, n_boot_threads),
  many_two = function() ours(rows, n_boot_threads, threads = 2),
  forked = twice_at_once,
  plain = function() plain_bootstrap(rows$human, rows$judge, n_boot),
  draws = function() draw_indices(n_boot, sum(!is.na(rows$human))),
  prob = function() ours_prob(many), prob_two = function() ours_prob(many, threads = 2)
), rounds = 15)
in_batch <- c("votes", "votes_plain", "rows", "rows_plain", "draws_batch")
each <- ms[in_batch] / n_batch
ms <- ms[setdiff(names(ms), in_batch)]
replicates <- c(votes = each[["votes"]] - each[["votes_plain"]],
                rows = each[["rows"]] - each[["rows_plain"]])

lines <- report_section(
  "Speed of the bootstrap", "resample.R", machine,
  markdown_table(rbind(
    target("0/1 labels and judge: 3,000 labels x 2,000", replicates[["votes"]], 1, "ms"),
    target("continuous, same size / drawing its random numbers",
           replicates[["rows"]] / each[["draws_batch"]], 1.3, "x"),
    target("vectorised R / 1 thread", ms[["plain"]] / ms[["one"]], 20, "x", at_least = TRUE),
    target("1 thread / 2 threads, 20,000 replicates", ms[["many_one"]] / ms[["many_two"]], 1.6, "x",
           at_least = TRUE),
    target("prob, 1e6 rows, 10,000 labelled, 1 thread", ms[["prob"]] / 1000, 3, "s"),
    target("prob, peak memory / input", peak / input_bytes, 2, "x")
  )), "",
  "The first two lines are what 2,000 replicates add to a call with `interval = \"normal\"`.",
  "2,000 replicates where nothing else is said. First four lines: 30,000 rows, about 3,000",
  "labelled; vectorised R gives the same interval up to resampling (checked). Threads share the",
  "replicates only, and 2,000 of them take hardly longer than the rest of the call. Two processes",
  "at once, which share nothing, show what this machine's second CPU is worth:",
  paste0(number(2 * ms[["many_one"]] / ms[["forked"]]), " x."), "",
  markdown_table(data.frame(
    Task = c("1 thread", "2 threads", "20,000 replicates, 1 thread",
             "20,000 replicates, 2 threads", "20,000 replicates, twice, in 2 processes",
             "vectorised R", "drawing the random numbers",
             "prob, 1 thread", "prob, 2 threads"),
    ms = number(ms)
  ))
)
writeLines(lines)
write_section(lines, "resample.R")
