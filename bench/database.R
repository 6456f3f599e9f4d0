# Time of summarise_labels() on tables of a database, against the engine's own
# SELECT count(*), sum(judge) of the same table, and what comes back. Run it in the package's root:
# Rscript bench/database.R [rows] prints the results. SQLite always; PostgreSQL where the
# environment variables of libpq (PGHOST, PGUSER, ...) name a server. The engines make the tables.
library(judicious)
source("bench/helpers/measure.R")

arguments <- commandArgs(trailingOnly = TRUE)
n_rows <- if (length(arguments)) as.double(arguments[1]) else 1e7

# One row in 5000 has a label, whatever the size.
rows_of <- function(series, random) {
  paste("SELECT id, CASE WHEN id % 5000 = 7 THEN", random, "END AS human,", random, "AS judge,",
        "(id % 1009) / 1009.0 AS score, 's' || (id % 5) AS stratum FROM", series)
}

sqlite <- function(n) {
  con <- DBI::dbConnect(RSQLite::SQLite(), tempfile(fileext = ".sqlite"))
  DBI::dbExecute(con, paste(
    "CREATE TABLE answers AS WITH RECURSIVE series(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM",
    "series WHERE id <", format(n, scientific = FALSE), ")",
    rows_of("series", "(abs(random()) % 10 < 3)")
  ))
  con
}

postgres <- function(n) {
  con <- DBI::dbConnect(RPostgres::Postgres())
  DBI::dbExecute(con, paste(
    "CREATE TEMPORARY TABLE answers AS",
    rows_of(paste0("generate_series(1, ", format(n, scientific = FALSE), ") AS series(id)"),
            "(random() < 0.3)::int")
  ))
  DBI::dbExecute(con, "ANALYZE answers")
  con
}

measure <- function(engine, con) {
  table <- dplyr::tbl(con, "answers")
  quietly <- function(expr) suppressMessages(expr)
  times <- least_ms(list(
    base = function() DBI::dbGetQuery(con, "SELECT count(*), sum(judge) FROM answers"),
    judge = function() quietly(summarise_labels(human ~ judge, table)),
    score = function() quietly(summarise_labels(human ~ score, table)),
    strata = function() quietly(summarise_labels(human ~ judge, table, strata = stratum)),
    grouped = function() {
      DBI::dbGetQuery(con, "SELECT stratum, count(*), sum(judge) FROM answers GROUP BY stratum")
    }
  ), rounds = 3)
  cat(sprintf("%-10s %-28s %9.0f ms\n", engine, names(times), times), sep = "")
  cat(sprintf(paste("%-10s 0/1 judge / base %.2f x (limit 3), score / base %.2f x,",
                    "strata / GROUP BY %.2f x\n"),
              engine, times[["judge"]] / times[["base"]], times[["score"]] / times[["base"]],
              times[["strata"]] / times[["grouped"]]))
  summary <- quietly(summarise_labels(human ~ judge, table))
  fewer <- quietly(summarise_labels(human ~ judge, dplyr::filter(table, id %% 5000 < 50)))
  cat(sprintf(paste("%-10s fetched %d labelled rows, %.0f bytes;",
                    "%.0f bytes with a hundredth of the others\n"),
              engine, summary$fetched$labelled, summary$fetched$bytes, fewer$fetched$bytes))
  DBI::dbDisconnect(con)
}

measure("SQLite", sqlite(n_rows))
if (nzchar(Sys.getenv("PGHOST"))) measure("PostgreSQL", postgres(n_rows))
