# The same with a throw-away PostgreSQL server.

# A machine without systemd cannot say its time zone, and lubridate asks.
withr::local_envvar(TZ = "UTC", .local_envir = teardown_env())

test_that("PostgreSQL gives the numbers of memory, and its types arrive right", {
  folder <- local_postgres()
  con <- connect_postgres(folder)
  for (name in c("two strata", "clusters", "prob in strata", "prob of clusters in strata")) {
    design <- sql_designs[[name]]
    rows <- with_labels(sql_rows(level = if (name != "two strata") 1e6), design$drawn)
    table <- table_in(con, rows)
    memory <- quietly(estimate_mean(summarise_by(rows, human ~ judge + other, design$args)))
    database <- quietly(estimate_mean(summarise_by(table, human ~ judge + other, design$args)))
    expect_relative(numbers_of(database), numbers_of(memory), 1e-9, name)
    expect_identical(database$strata$stratum, memory$strata$stratum)
  }

  # Booleans, decimals, wide integers, NaN for no label.
  rows <- with_labels(sql_rows(), "some")
  table_in(con, rows)
  DBI::dbExecute(con, "CREATE TABLE typed AS SELECT human = 1 AS yes, judge::bigint AS wide,
    other::numeric(20, 17) AS fine, judge = 1 AS flag, coalesce(human, 'NaN'::float8) AS nan,
    stratum, chat::bigint AS chat FROM answers")
  typed <- dplyr::tbl(con, "typed")
  expected <- quietly(estimate_mean(human ~ judge + other, rows, strata = stratum))$estimate
  fits <- list(
    quietly(estimate_mean(yes ~ flag + fine, typed, strata = stratum)),
    quietly(estimate_mean(nan ~ wide + fine, typed, strata = stratum))
  )
  for (fit in fits) expect_relative(fit$estimate, expected, 1e-9)
  clusters <- quietly(estimate_mean(yes ~ wide, typed, clusters = chat))
  expect_relative(clusters$std_error,
                  quietly(estimate_mean(human ~ judge, rows, clusters = chat))$std_error, 1e-9)
  DBI::dbExecute(con, "UPDATE typed SET nan = 'Infinity' WHERE yes IS NULL")
  expect_error(quietly(estimate_mean(nan ~ wide, typed)), "infinite",
               class = "judicious_error_finite")

  kinds <- c("it's; -- so", "\"b\"", "c")
  rows$kind <- ifelse(is.na(rows$human), NA, kinds[1 + rows$truth + rows$half])
  rows$said <- kinds[1 + rows$judge + rows$half]
  table_in(con, rows, "kinds")
  shares <- function(data) {
    fit <- quietly(estimate_shares(kind ~ said + other, data, strata = stratum, clusters = chat))
    c(tidy(fit)$estimate, vcov(fit))
  }
  expect_relative(shares(dplyr::tbl(con, "kinds")), shares(rows), 1e-9)

  # Booleans are classes; two formulas; scores that are decimals.
  rows$id <- rev(seq_len(nrow(rows)))
  rows$yes <- rows$human == 1
  rows$flag <- rows$judge == 1
  rows$blocked <- rows$other > 0.6
  rows$second <- ifelse(is.na(rows$human), NA, as.double(rows$half))
  table <- table_in(con, rows, "pairs")
  doors <- list(
    function(data) {
      estimate_performance(yes ~ flag, data, predicted = blocked, strata = stratum, clusters = chat)
    },
    function(data) estimate_performance(kind ~ said, data, predicted = said),
    function(data) {
      item <- if (is.data.frame(data)) rlang::quo(NULL) else rlang::quo(id)
      rlang::inject(estimate_difference(human ~ judge, second ~ flag, data = data, item = !!item,
                                        strata = stratum))
    },
    function(data) {
      estimate_ratio(I(human * second) ~ judge, second ~ flag, data = data, clusters = chat)
    },
    function(data) estimate_quantile(human + other ~ other, data, strata = stratum, range = c(0, 2))
  )
  # NaN is no label of a part either.
  DBI::dbExecute(con, "CREATE TABLE nans AS SELECT coalesce(human * second, 'NaN'::float8) AS both,
    coalesce(second, 'NaN'::float8) AS second, judge, other FROM pairs")
  part <- function(data, formula) {
    quietly(estimate_ratio(formula, second ~ judge, data = data))
  }
  nans <- part(dplyr::tbl(con, "nans"), both ~ judge)
  memory <- part(rows, I(human * second) ~ judge)
  expect_identical(nans$interval, memory$interval)
  expect_relative(nans$conf_low, memory$conf_low, 1e-9)
  for (door in doors) {
    expect_relative(tidy(quietly(door(table)))$conf.low, tidy(quietly(door(rows)))$conf.low, 1e-9)
  }

  # A user who may only read; a connection that is lost; a query cancelled by the server.
  DBI::dbExecute(con, "CREATE ROLE reader LOGIN; ")
  DBI::dbExecute(con, "GRANT SELECT ON answers TO reader")
  reader <- DBI::dbConnect(RPostgres::Postgres(), host = folder, user = "reader",
                           dbname = "postgres", options = "-c default_transaction_read_only=on")
  withr::defer(try(DBI::dbDisconnect(reader), silent = TRUE))
  table <- dplyr::tbl(reader, "answers")
  expect_relative(quietly(estimate_mean(human ~ judge + other, table, strata = stratum))$estimate,
                  expected, 1e-9)
  DBI::dbExecute(reader, "SET statement_timeout = 1")
  expect_error(quietly(estimate_mean(human ~ late, dplyr::tbl(reader, dbplyr::sql(
    "SELECT *, pg_sleep(0.01) IS NULL AS late FROM answers"
  )))), class = "judicious_error")
  DBI::dbExecute(reader, "SET statement_timeout = 0")
  expect_relative(quietly(estimate_mean(human ~ judge + other, table, strata = stratum))$estimate,
                  expected, 1e-9)
  DBI::dbGetQuery(con, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE usename = 'reader'")
  expect_error(quietly(estimate_mean(human ~ judge, table)), class = "judicious_error")
})

test_that("PostgreSQL draws by numbers and by text, the same rows on every shard", {
  con <- connect_postgres(local_postgres())
  rows <- with_labels(sql_rows(), "some")
  rows$item <- seq_len(1500) * 1e10
  rows$code <- paste0("it's ", seq_len(1500))
  table <- table_in(con, rows)
  sqlite <- local_sqlite(rows)
  draw <- function(seed, expr) withr::with_seed(seed, quietly(expr))
  by_number <- draw(1, sample_uniform(n = 50, data = table, id = item))
  # One arithmetic in all engines
  expect_equal(by_number$id, draw(1, sample_uniform(n = 50, data = sqlite, id = item))$id)
  expect_message(sample_uniform(n = 50, data = sqlite, id = code), "no hash of text")
  expect_no_message(by_text <- draw(2, sample_stratified(stratum, 60, judge, data = table,
                                                         id = code)))
  expect_identical(attr(by_text, "allocation")$n,
                   draw(1, sample_stratified(rows$stratum, 60, rows$judge)) |>
                     attr("allocation") |> getElement("n"))
  expect_identical(draw(2, sample_stratified(stratum, 60, judge, id = code,
                                             data = dplyr::arrange(table, truth)))$id, by_text$id)
  expect_identical(reveal_labels(table, by_text)$stratum, attr(by_text, "strata"))
  counts <- table(unlist(lapply(1:8, function(seed) {
    draw(seed, sample_uniform(n = 500, data = table, id = code))$id
  })))
  expect_lt(max(counts), 8.5)
  expect_gt(length(counts), 1500 * (1 - (2 / 3)^8) - 60)
})

test_that("all queries see one moment: rows written in between are not seen", {
  folder <- local_postgres()
  con <- connect_postgres(folder)
  other <- connect_postgres(folder)
  rows <- with_labels(sql_rows(), "some")
  table <- table_in(con, rows)
  session <- new_session(list(con = con), 1e6)
  counts <- with_transaction(session, {
    first <- nrow(dplyr::collect(table))
    DBI::dbExecute(other, "DELETE FROM answers WHERE human IS NULL")
    c(first, nrow(dplyr::collect(table)))
  })
  expect_identical(counts, c(1500L, 1500L))
  expect_true(session$one_moment)
  expect_lt(nrow(dplyr::collect(table)), 1500L)
})

test_that("a connection that is lost half way, and a query that is interrupted", {
  skip_if_not_installed("callr")
  folder <- local_postgres()
  con <- connect_postgres(folder)
  rows <- with_labels(sql_rows(), "some")
  table_in(con, rows[order(is.na(rows$human)), ])
  DBI::dbExecute(con, "CREATE FUNCTION lose(label float8) RETURNS float8 LANGUAGE plpgsql AS $$
    BEGIN
      IF label IS NULL THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
      RETURN 0;
    END $$")
  # Labelled rows come first and arrive; the sums of the others do not.
  lost <- connect_postgres(folder)
  table <- dplyr::tbl(lost, dbplyr::sql("SELECT human, judge + lose(human) AS judge FROM answers"))
  expect_error(quietly(summarise_labels(human ~ judge, table)), "did not answer",
               class = "judicious_error_database")
  expect_relative(quietly(estimate_mean(human ~ judge, dplyr::tbl(con, "answers")))$estimate,
                  quietly(estimate_mean(human ~ judge, rows))$estimate, 1e-9)

  # A query that somebody cancels half way: the connection goes on.
  DBI::dbExecute(con, "CREATE FUNCTION stop(label float8) RETURNS float8 LANGUAGE plpgsql AS $$
    BEGIN
      IF label IS NULL THEN PERFORM pg_cancel_backend(pg_backend_pid()), pg_sleep(1); END IF;
      RETURN 0;
    END $$")
  table <- dplyr::tbl(con, dbplyr::sql("SELECT human, judge + stop(human) AS judge FROM answers"))
  expect_error(quietly(summarise_labels(human ~ judge, table)), "cancel",
               class = "judicious_error_database")
  expect_relative(quietly(estimate_mean(human ~ judge, dplyr::tbl(con, "answers")))$estimate,
                  quietly(estimate_mean(human ~ judge, rows))$estimate, 1e-9)

  # Ctrl-C in the middle: no transaction stays open, and the connection goes on.
  child <- callr::r_bg(function(folder) {
    con <- DBI::dbConnect(RPostgres::Postgres(), host = folder, user = "tester",
                          dbname = "postgres", check_interrupts = TRUE)
    slow <- dplyr::tbl(con, dbplyr::sql(
      "SELECT human, judge + CASE WHEN human IS NULL AND pg_sleep(0.1) IS NULL THEN 1 ELSE 0 END
       AS judge FROM answers"
    ))
    stopped <- tryCatch(judicious::summarise_labels(human ~ judge, slow),
                        interrupt = function(cnd) "interrupted",
                        error = function(cnd) conditionMessage(cnd))
    c(stopped, DBI::dbBegin(con))
  }, list(folder), libpath = .libPaths(), env = c(callr::rcmd_safe_env(), TZ = "UTC"))
  is_asleep <- function() {
    query <- "SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    as.integer(DBI::dbGetQuery(con, query)$n) > 0
  }
  until <- Sys.time() + 60
  while (!is_asleep() && child$is_alive() && Sys.time() < until) Sys.sleep(0.1)
  Sys.sleep(0.3)
  child$interrupt()
  child$wait(60000)
  expect_identical(child$get_result(), c("interrupted", "TRUE"))
})
