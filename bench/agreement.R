# Speed of Krippendorff's alpha with its bootstrap, against the CRAN package icr, and of
# rank_judges(). Run it in the package's root: Rscript bench/agreement.R prints the results and
# writes them to their section of bench/RESULTS.md. Needs icr; takes about five minutes.
library(judicious)
source("bench/helpers/measure.R")
source("bench/helpers/report.R")

n_items <- 10000
n_raters <- 5
n_boot <- 1000
levels <- c("nominal", "ordinal", "interval", "ratio")

make_ratings <- function() {
  truth <- sample.int(5L, n_items, replace = TRUE)
  vapply(seq_len(n_raters), function(j) {
    ifelse(runif(n_items) < 0.7, truth, sample.int(5L, n_items, replace = TRUE))
  }, integer(n_items))
}

ours <- function(ratings, level, threads = 1L) {
  agree_krippendorff_alpha(ratings, level = level, conf_level = 0.95, n_boot = n_boot,
                           threads = threads)
}

# `bootnp`: icr's bootstrap over items, as ours; else its faster one over disagreements.
theirs <- function(ratings, level, bootnp) {
  icr::krippalpha(t(ratings), metric = level, bootstrap = !bootnp, bootnp = bootnp,
                  nboot = n_boot, nnp = n_boot, cores = 1L)
}

check_same_alpha <- function(ratings) {
  for (level in levels) {
    alpha <- agree_krippendorff_alpha(ratings, level = level)
    # icr counts in whole numbers, which may lose one of them.
    stopifnot(abs(alpha - icr::krippalpha(t(ratings), metric = level)$alpha) < 1e-3)
  }
}

measure_alpha <- function(ratings) {
  times <- lapply(levels, function(level) {
    mine <- least_ms(list(one = function() ours(ratings, level),
                          two = function() ours(ratings, level, 2L)), rounds = 5)
    other <- least_ms(list(fast = function() theirs(ratings, level, FALSE),
                           items = function() theirs(ratings, level, TRUE)), rounds = 1)
    c(mine, other)
  })
  do.call(rbind, times)
}

make_ratings_of_judges <- function(n_judges, n_ranked) {
  task <- rating_task(c("yes", "no"), positive = "yes")
  sets <- c("yes", "no", "yes|no")
  read <- function(source, n_each) {
    set <- sample(sets, n_ranked * n_each, replace = TRUE)
    data <- data.frame(id = rep(seq_len(n_ranked), n_each), rs = set,
                       fc = ifelse(set == "yes|no", "yes", set))
    as_ratings(data, item = id, choice = fc, set = rs, source = source, task = task)
  }
  list(human = read("human", 5),
       judges = do.call(c, lapply(paste("judge", seq_len(n_judges)), read, n_each = 5)))
}

measure_ranking <- function() {
  x <- make_ratings_of_judges(10, 1000)
  run <- function(threads, metric = "mse_srs") {
    rank_judges(x$human, x$judges, metric, n_boot = n_boot, threads = threads)
  }
  least_ms(list(
    one = function() run(1L), two = function() run(2L),
    all = function() {
      agreement_metrics(x$human, x$judges, "all", n_boot = n_boot, threads = 2L)
    },
    grid = function() rank_sensitivity(x$human, x$judges, n_boot = n_boot, threads = 2L)
  ), rounds = 5)
}

set.seed(1)
machine <- describe_machine()
ratings <- make_ratings()
check_same_alpha(ratings)
alpha <- measure_alpha(ratings)
ranking <- measure_ranking()
ratio <- pmin(alpha[, "fast"], alpha[, "items"]) / alpha[, "one"]

alpha_table <- data.frame(
  Level = levels, `Ours, 1 thread, ms` = number(alpha[, "one"]),
  `2 threads, ms` = number(alpha[, "two"]),
  `icr over disagreements, ms` = number(alpha[, "fast"]),
  `icr over items, ms` = number(alpha[, "items"]), `Faster icr / ours` = number(ratio),
  check.names = FALSE
)
ranking_table <- data.frame(
  Task = c("`rank_judges()`, 1 thread", "`rank_judges()`, 2 threads",
           "`agreement_metrics()`, all 20 metrics, 2 threads",
           "`rank_sensitivity()`, 7 values of beta, 2 threads"),
  ms = number(ranking[c("one", "two", "all", "grid")])
)
lines <- report_section(
  "Speed of agreement and ranking", "agreement.R", machine,
  markdown_table(rbind(
    target("alpha: the faster icr bootstrap / ours, one core each, slowest level", min(ratio), 10,
           "x", at_least = TRUE),
    target("`rank_judges()`: 10 judges, 1,000 items, 1,000 resamples, 2 threads",
           ranking[["two"]] / 1000, 2, "s")
  )), "",
  "Krippendorff's alpha with 1,000 bootstrap resamples, 5 raters, 10,000 items, 5 labels:", "",
  markdown_table(alpha_table), "",
  paste0("The values agree (checked). icr ", packageVersion("icr"), " was run once per cell. Its ",
         "default bootstrap draws"),
  "single disagreements as if they were independent; the one over items does what ours does.", "",
  "10 judges, 1,000 items, 1,000 resamples:", "",
  markdown_table(ranking_table)
)
writeLines(lines)
write_section(lines, "agreement.R")
