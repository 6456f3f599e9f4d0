# Tables that an engine makes by itself: 2000 labelled rows however many others there are, a judge
# that says 0 or 1, a score, five strata.

answers_of <- function(series, n, random, double) {
  paste("SELECT id, CASE WHEN id %", n / 2000, "= 7 THEN", random, "END AS human,", random,
        "AS judge, CAST(id % 1009 AS", double, ") / 1009 AS score,",
        "'s' || (id % 5) AS stratum FROM", series)
}

digits <- function(n) format(n, scientific = FALSE)

answers_in_sqlite <- function(n) {
  con <- DBI::dbConnect(RSQLite::SQLite(), tempfile(fileext = ".sqlite"))
  DBI::dbExecute(con, paste(
    "CREATE TABLE answers AS WITH RECURSIVE series(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM",
    "series WHERE id <", digits(n), ")",
    answers_of("series", n, "(abs(random()) % 10 < 3)", "REAL")
  ))
  con
}

drop_answers <- function(con) {
  file <- if (inherits(con, "SQLiteConnection")) con@dbname
  if (is.null(file)) DBI::dbExecute(con, "DROP TABLE answers")
  DBI::dbDisconnect(con)
  unlink(file)
}

# The server that libpq's variables (PGHOST, PGUSER, ...) name.
answers_in_postgres <- function(n) {
  con <- DBI::dbConnect(RPostgres::Postgres())
  DBI::dbExecute(con, paste(
    "CREATE TABLE answers AS",
    answers_of(paste0("generate_series(1, ", digits(n), ") AS series(id)"), n,
               "(random() < 0.3)::int", "DOUBLE PRECISION")
  ))
  DBI::dbExecute(con, "VACUUM ANALYZE answers")
  con
}

engines <- c(list(SQLite = answers_in_sqlite),
             if (nzchar(Sys.getenv("PGHOST"))) list(PostgreSQL = answers_in_postgres))

# Milliseconds of the engine's own sums and of ours, and the bytes that came back.
measure_answers <- function(con, rounds, strata = TRUE) {
  table <- dplyr::tbl(con, "answers")
  query <- function(sql) DBI::dbGetQuery(con, sql)
  summarise <- function(...) suppressMessages(summarise_labels(data = table, ...))
  times <- least_ms(c(
    list(
      base = function() query("SELECT count(*), sum(judge) FROM answers"),
      judge = function() summarise(human ~ judge), score = function() summarise(human ~ score)
    ),
    if (strata) {
      list(
        groups = function() {
          query("SELECT stratum, count(*), sum(judge) FROM answers GROUP BY stratum")
        },
        strata = function() summarise(human ~ judge, strata = stratum)
      )
    }
  ), rounds)
  c(as.list(times), summarise(human ~ judge)$fetched[c("labelled", "bytes")])
}
