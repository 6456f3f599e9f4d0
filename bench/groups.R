# Speed of estimate_groups() against one mean of the same rows. Run it in the package's root:
# Rscript bench/groups.R prints the results and writes them to their section of bench/RESULTS.md.
# Takes about two minutes and 3 GB.
library(judicious)
source("bench/helpers/measure.R")
source("bench/helpers/report.R")

n_large <- 2e7
n_small <- 1e6

make_rows <- function(n, n_groups, share) {
  judge <- runif(n)
  human <- rep(NA_real_, n)
  labelled <- runif(n) < share
  human[labelled] <- judge[labelled] + rnorm(sum(labelled))
  data.frame(human, judge, sorted = rep(seq_len(n_groups), each = n / n_groups),
             mixed = sample.int(n_groups, n, TRUE))
}

quietly <- function(expr) suppressMessages(suppressWarnings(expr))

groups_by <- function(rows, ids) {
  quietly(estimate_groups(human ~ judge, rows, by = ids, max_groups = 1000))
}

measure_large <- function() {
  rows <- make_rows(n_large, 20, 0.001)
  least_ms(list(
    mean = function() quietly(estimate_mean(human ~ judge, rows)),
    sorted = function() quietly(estimate_groups(human ~ judge, rows, by = sorted)),
    mixed = function() quietly(estimate_groups(human ~ judge, rows, by = mixed))
  ), rounds = 4)
}

measure_small <- function() {
  rows <- make_rows(n_small, 1000, 0.05)
  groups <- groups_by(rows, rows$sorted)
  least_ms(list(
    sorted = function() groups_by(rows, rows$sorted),
    mixed = function() groups_by(rows, rows$mixed),
    print = function() format(groups),
    vcov = function() vcov(groups),
    previous = function() compare_groups(groups, against = "previous", adjust = "none")
  ), rounds = 4)
}

set.seed(1)
machine <- describe_machine()
large <- measure_large()
small <- measure_small()
lines <- report_section(
  "Speed of estimate_groups()", "groups.R", machine,
  markdown_table(rbind(
    target("20 groups of 1e6 rows / one mean, sorted by group", large[["sorted"]] / large[["mean"]],
           2, "x"),
    target("20 groups of 1e6 rows / one mean, mixed", large[["mixed"]] / large[["mean"]], 2, "x"),
    target("1,000 groups of 1,000 rows, 50 labels each, sorted", small[["sorted"]] / 1000, 1, "s"),
    target("1,000 groups of 1,000 rows, 50 labels each, mixed", small[["mixed"]] / 1000, 1, "s")
  )), "",
  paste0("One mean of the ", format(n_large, big.mark = ",", scientific = FALSE), " rows takes ",
         number(large[["mean"]]), " ms. Of the 1,000 groups `format()` takes ",
         number(small[["print"]]), " ms, `vcov()` ", number(small[["vcov"]]),
         " ms, the comparison of each with the one before ", number(small[["previous"]]), " ms.")
)
writeLines(lines)
write_section(lines, "groups.R")
