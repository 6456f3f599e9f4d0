# How the time of summarise_labels() grows with a table. Run it in the package's root, with the
# package installed:
#
#   Rscript vignettes/precompute/tables.R [--rows=1e6,1e7,1e8]
#
# Writes tables.csv beside itself: one row per engine and number of rows, seconds of the engine's
# own sums and of ours, bytes fetched. SQLite always, PostgreSQL where PGHOST names a server. 1e8
# rows take 3 GB of disk in SQLite, 6 GB in PostgreSQL, and about ten minutes.
library(judicious)
source("bench/helpers/measure.R")
source("bench/helpers/engines.R")

given <- grep("^--rows=", commandArgs(trailingOnly = TRUE), value = TRUE)
rows <- if (length(given)) as.numeric(strsplit(sub(".*=", "", given), ",")[[1]]) else 10^(6:8)

measure_size <- function(engine, n) {
  con <- engines[[engine]](n)
  on.exit(drop_answers(con))
  x <- measure_answers(con, rounds = if (n < 5e7) 5 else 2, strata = FALSE)
  data.frame(engine = engine, rows = n, base = round(x$base / 1000, 3),
             judge = round(x$judge / 1000, 3), score = round(x$score / 1000, 3),
             labelled = x$labelled, bytes = round(x$bytes))
}

found <- list()
for (engine in names(engines)) {
  for (n in rows) {
    found <- c(found, list(measure_size(engine, n)))
    print(found[[length(found)]])
  }
}
utils::write.csv(do.call(rbind, found), file.path("vignettes", "precompute", "tables.csv"),
                 row.names = FALSE)
