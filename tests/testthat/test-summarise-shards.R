# A table spread over two PostgreSQL servers adds itself up where its rows are.

withr::local_envvar(TZ = "UTC", .local_envir = teardown_env())

# A server whose table `answers` has a partition on each of the others.
local_shards <- function(rows, env = parent.frame()) {
  folders <- replicate(3, local_postgres(env))
  main <- connect_postgres(folders[1], env)
  run <- function(...) DBI::dbExecute(main, paste0(...))
  if (inherits(try(run("CREATE EXTENSION postgres_fdw"), silent = TRUE), "try-error")) {
    testthat::skip("PostgreSQL has no postgres_fdw")
  }
  types <- DBI::dbDataType(main, rows)
  columns <- paste(DBI::dbQuoteIdentifier(main, names(rows)), types, collapse = ", ")
  run("CREATE TABLE answers (", columns, ") PARTITION BY LIST (region)")
  for (k in 1:2) {
    table_in(connect_postgres(folders[k + 1], env), rows[rows$region == k, ], "part")
    run("CREATE SERVER s", k, " FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '", folders[k + 1],
        "', dbname 'postgres', async_capable 'true')")
    run("CREATE USER MAPPING FOR tester SERVER s", k, " OPTIONS (user 'tester')")
    run("CREATE FOREIGN TABLE part_", k, " PARTITION OF answers FOR VALUES IN (", k, ") SERVER s",
        k, " OPTIONS (table_name 'part')")
  }
  dplyr::tbl(main, "answers")
}

test_that("each server adds up its own rows, and the numbers are those of memory", {
  rows <- with_labels(sql_rows(level = 1e6), "some")
  rows$region <- 1L + rows$chat %% 2L
  rows$item <- seq_len(nrow(rows)) * 7L
  rows$flag <- as.integer(rows$judge > 1e6)
  table <- local_shards(rows)
  con <- dbplyr::remote_con(table)
  DBI::dbExecute(con, "SET enable_partitionwise_aggregate = on")
  remote_sql <- function(summary) {
    sums <- grep("SUM(", summary$sql, fixed = TRUE, value = TRUE)
    plan <- DBI::dbGetQuery(con, paste("EXPLAIN (VERBOSE)", utils::tail(sums, 1)))[[1]]
    grep("Remote SQL", plan, value = TRUE)
  }
  for (args in list(rlang::exprs(strata = stratum), rlang::exprs(clusters = chat))) {
    memory <- quietly(summarise_by(rows, human ~ judge + flag, args))
    whole <- quietly(summarise_by(table, human ~ judge + flag, args))
    shards <- quietly(summarise_by(table, human ~ judge + flag,
                                   c(args, rlang::exprs(shard = region))))
    for (summary in list(whole, shards)) {
      expect_relative(numbers_of(quietly(estimate_mean(summary))),
                      numbers_of(quietly(estimate_mean(memory))), 1e-9)
    }
    if (is.null(args$strata)) next
    expect_match(remote_sql(shards), "sum\\(.*GROUP BY")
    expect_length(remote_sql(shards), 2)
    # Without the key of the partitions all rows travel.
    expect_no_match(remote_sql(whole), "sum\\(")
  }
  # The draw does not depend on where the rows are.
  draw <- function(data) {
    withr::with_seed(1, quietly(sample_uniform(n = 20, data = data, id = item)))$id
  }
  memory <- local_sqlite(rows)
  expect_equal(draw(table), draw(memory))
})
