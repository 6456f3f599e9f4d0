# Time of summarise_labels() on tables of a database, against the engine's own
# SELECT count(*), sum(judge) of the same table, and what comes back. Run it in the package's root:
# Rscript bench/database.R prints the results and writes them to their section of bench/RESULTS.md.
# SQLite always; PostgreSQL where the environment variables of libpq (PGHOST, PGUSER, ...) name a
# server. Takes about three minutes and 1 GB of disk.
library(judicious)
source("bench/helpers/measure.R")
source("bench/helpers/report.R")
source("bench/helpers/engines.R")

n_large <- 1e7

measure_engine <- function(make) {
  con <- make(n_large)
  large <- measure_answers(con, rounds = 7)
  drop_answers(con)
  con <- make(n_large / 10)
  small <- measure_answers(con, rounds = 1)
  drop_answers(con)
  c(large, list(small_bytes = small$bytes))
}

targets_of <- function(engine, x) {
  rbind(
    target(paste0(engine, ": 0/1 judge / `SELECT count(*), sum(judge)`"), x$judge / x$base, 3, "x"),
    target(paste0(engine, ": score / `SELECT count(*), sum(judge)`"), x$score / x$base, 3, "x"),
    target(paste0(engine, ": 0/1 judge in 5 strata / the same by `GROUP BY`"), x$strata / x$groups,
           3, "x"),
    target(paste0(engine, ": bytes fetched of 1e7 rows / of 1e6"), x$bytes / x$small_bytes, 1.001,
           "x")
  )
}

times_of <- function(engine, x) {
  data.frame(Engine = engine, `count(*), sum(judge), ms` = number(x$base),
             `0/1 judge, ms` = number(x$judge), `score, ms` = number(x$score),
             `the sums by stratum, ms` = number(x$groups), `judge in strata, ms` = number(x$strata),
             `labelled rows` = x$labelled, `bytes fetched` = round(x$bytes), check.names = FALSE)
}

set.seed(1)
machine <- describe_machine()
found <- lapply(engines, measure_engine)
by_engine <- function(make) do.call(rbind, unname(Map(make, names(found), found)))
lines <- report_section(
  "Speed of summarise_labels() on tables in a database", "database.R", machine,
  markdown_table(by_engine(targets_of)), "",
  "10,000,000 rows, of which 2000 have a label. Times are of the whole call in R: the types of the",
  "columns, the labelled rows, the sums of the others.", "",
  markdown_table(by_engine(times_of))
)
writeLines(lines)
write_section(lines, "database.R")
