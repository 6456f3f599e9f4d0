# The SQL for engines that are not here, by dbplyr's simulated connections.

skip_if_not_installed("dbplyr")

dialects <- list(
  Spark = dbplyr::simulate_hive, Snowflake = dbplyr::simulate_snowflake,
  Redshift = dbplyr::simulate_redshift, `SQL Server` = dbplyr::simulate_mssql,
  PostgreSQL = dbplyr::simulate_postgres
)

sql_of <- function(simulate) {
  table <- dbplyr::lazy_frame(label = 1, judge_1 = 1, stratum_1 = "a", prob = 0.1, cluster = "c",
                              con = simulate())
  q <- list(table = table, judges = "judge_1", strata = "stratum_1", by = character(),
            cluster = "cluster", prob = "prob", shard = character(), engine = "other")
  parts <- part_query(q, 0.5, 3)
  queries <- list(labelled_rows(q), row_query(q, 0.5), row_query(q, NULL), outside_query(q),
                  low_prob_query(other_rows(q), q), rest_query(q, 0.5), unit_query(parts, q))
  vapply(queries, function(query) as.character(dbplyr::sql_render(query)), "")
}

# Every word before a parenthesis is a keyword or a function that each engine has.
allowed <- c("SUM", "COUNT", "MIN", "MAX", "AVG", "CAST", "TRY_CAST", "IIF", "IN", "AND", "OR",
             "NOT", "WHERE", "FROM", "JOIN", "ON", "OVER", "AS", "WHEN", "THEN", "ELSE", "BY",
             "HAVING")

test_that("only functions that every engine has are used", {
  for (name in names(dialects)) {
    sql <- sql_of(dialects[[name]])
    used <- unlist(regmatches(sql, gregexpr("\\b[A-Za-z_]+(?= ?\\()", sql, perl = TRUE)))
    expect_setequal(setdiff(toupper(used), allowed), character())
  }
})

test_that("the SQL of each engine is as it was", {
  for (name in names(dialects)) {
    sql <- sql_of(dialects[[name]])[c(2, 7)]
    expect_snapshot(writeLines(c(name, sql)))
  }
})
