# A table in a database gives the numbers of the same rows in memory.

skip_if_not_installed("dbplyr")
skip_if_not_installed("RSQLite")

expect_same_fit <- function(a, b, info, ...) {
  fits <- lapply(list(a, b), function(x) quietly(estimate_mean(x, ...)))
  expect_relative(numbers_of(fits[[2]]), numbers_of(fits[[1]]), 1e-9, info)
  # SQLite has no booleans: it keeps TRUE and FALSE as 1 and 0. Of PostgreSQL they are compared
  # as they are, in test-summarise-postgres.R.
  strata <- lapply(fits, function(fit) {
    sub("TRUE$", "1", sub("FALSE$", "0", as.character(fit$strata$stratum)))
  })
  expect_equal(strata[[2]], strata[[1]], info = info)
  p <- vapply(list(a, b), function(x) check_labels(x)$p_value, 0)
  expect_equal(p[2], p[1], tolerance = 1e-8, info = info)
}

test_that("every design, of 0/1 labels and of scores near a million", {
  for (name in names(sql_designs)) {
    design <- sql_designs[[name]]
    # Both kinds of labels meet rows, strata, clusters and known probabilities.
    level <- if (match(name, names(sql_designs)) %% 2 == 0) 1e6
    rows <- with_labels(sql_rows(level = level), design$drawn)
    formula <- if (name == "clusters") human ~ 1 else human ~ judge + other
    memory <- quietly(summarise_by(rows, formula, design$args))
    database <- quietly(summarise_by(local_sqlite(rows), formula, design$args))
    expect_same_fit(memory, database, name)
    if (name %in% c("whole clusters", "prob of clusters", "prob of rows in clusters")) {
      expect_same_fit(memory, database, name, estimand = "clusters")
    }
  }
})

test_that("groups, also where clusters meet several of them", {
  joint <- function(summary) {
    fit <- joint_fit_cpp(summary$numbers, sql_joint_settings, FALSE, matrix(0, 0, 0), numeric())
    order <- order(summary$by$labels)
    c(fit$estimate[order], fit$vcov[order, order], fit$hc3[order, order], fit$n_rows[order])
  }
  names <- c("strata", "clusters", "whole clusters", "clusters in strata", "prob of clusters")
  for (name in names) {
    design <- sql_designs[[name]]
    args <- c(design$args, rlang::exprs(by = topic))
    rows <- with_labels(sql_rows(level = if (name == "whole clusters") 1e6), design$drawn)
    memory <- quietly(summarise_by(rows, human ~ judge, args))
    database <- quietly(summarise_by(local_sqlite(rows), human ~ judge, args))
    expect_relative(joint(database), joint(memory), 1e-9, name)
    expect_identical(sum(database$facts$n_rows), 1500)
  }
})

test_that("strata far apart lose no digits", {
  rows <- with_labels(sql_rows(level = 0), "some")
  away <- c(easy = 0, hard = 1e6, `it's; "odd"` = -3e7)[rows$stratum]
  rows[c("human", "judge", "other")] <- rows[c("human", "judge", "other")] + away
  designs <- list(rlang::exprs(strata = stratum), rlang::exprs(strata = stratum, clusters = chat))
  for (args in designs) {
    memory <- quietly(summarise_by(rows, human ~ judge, args))
    database <- quietly(summarise_by(local_sqlite(rows), human ~ judge, args))
    expect_same_fit(memory, database, names(args)[length(args)])
  }
  expect_match(database$sql, "AVG", all = FALSE)
})

test_that("extremes lie where labelled rows have theirs, or elsewhere", {
  rows <- with_labels(sql_rows(level = 0), "some")
  inner <- is.na(rows$human)
  rows$judge[inner] <- rows$judge[inner] / 10  # none is as far out as labelled rows are
  rows$other[inner & rows$stratum == "easy"] <- 0.25
  for (args in list(rlang::exprs(), rlang::exprs(strata = stratum))) {
    memory <- quietly(summarise_by(rows, human ~ judge + other, args))
    database <- quietly(summarise_by(local_sqlite(rows), human ~ judge + other, args))
    expect_same_fit(memory, database, "inner", range = c(-9, 9))
  }
  expect_match(database$sql, "FILTER", all = FALSE)
  expect_no_match(database$sql[length(database$sql)], "FILTER \\(WHERE \"?judge_1")
  whole <- quietly(summarise_by(local_sqlite(with_labels(sql_rows(level = 0), "some")),
                                human ~ judge, rlang::exprs()))
  expect_length(whole$sql, 2)
})

test_that("names and ids may be spelt as they like", {
  rows <- with_labels(sql_rows(), "some")
  rows$stratum[rows$stratum == "hard"] <- "'; drop table \"select\"; --"
  at <- match(c("human", "judge", "stratum"), names(rows))
  names(rows)[at] <- c("order", "my \"judge\"", "group")
  table <- local_sqlite(rows, "select")
  memory <- quietly(estimate_mean(order ~ `my "judge"`, rows, strata = group))
  database <- quietly(estimate_mean(order ~ `my "judge"`, table, strata = group))
  expect_relative(numbers_of(database), numbers_of(memory), 1e-9)
  expect_identical(database$strata$stratum, memory$strata$stratum)
  expect_identical(DBI::dbListTables(dbplyr::remote_con(table)), "select")
})

test_that("columns may have the names that queries use for others", {
  rows <- with_labels(sql_rows(), "drawn")
  rows <- data.frame(judge_1 = rows$human, label = rows$judge, prob = rows$other,
                     cluster = rows$stratum, stratum_1 = rows$chat, column_1 = rows$prob)
  fit <- function(data) {
    quietly(estimate_mean(judge_1 ~ label + prob, data, strata = cluster, clusters = stratum_1))
  }
  expect_relative(numbers_of(fit(local_sqlite(rows))), numbers_of(fit(rows)), 1e-9)
  weighted <- function(data) quietly(estimate_mean(judge_1 ~ label, data, prob = column_1))
  expect_relative(numbers_of(weighted(local_sqlite(rows))), numbers_of(weighted(rows)), 1e-9)
})

test_that("expressions and products are translated, with values from where they were written", {
  rows <- with_labels(sql_rows(), "some")
  cut <- 0.5
  memory <- quietly(estimate_mean(as.numeric(human > cut) ~ judge + as.numeric(other > cut) +
                                    I(judge * other), rows))
  database <- quietly(estimate_mean((human > cut) ~ judge + (other > cut) + I(judge * other),
                                    local_sqlite(rows)))
  expect_relative(numbers_of(database), numbers_of(memory), 1e-9)
  rows$verdict <- ifelse(rows$human == 1, "yes", "no")
  protected <- quietly(estimate_mean(I(2 * I(human)) ~ I(judge), local_sqlite(rows)))
  expect_relative(protected$estimate, quietly(estimate_mean(I(2 * human) ~ judge, rows))$estimate,
                  1e-9)
  text <- quietly(estimate_mean((verdict == "yes") ~ judge, local_sqlite(rows)))
  expect_relative(text$estimate, quietly(estimate_mean(human ~ judge, rows))$estimate, 1e-9)
})

test_that("a stratum may have labels only, and constant judges are seen", {
  rows <- with_labels(sql_rows(), "some")
  rows$human[rows$stratum == "easy"] <- rows$truth[rows$stratum == "easy"]
  rows$other <- 0.3
  memory <- quietly(summarise_labels(human ~ judge, rows, strata = stratum))
  database <- quietly(summarise_labels(human ~ judge, local_sqlite(rows), strata = stratum))
  expect_same_fit(memory, database, "labels only")
  expect_warning(quietly_told(estimate_mean(human ~ other, local_sqlite(rows))),
                 class = "judicious_warning_constant_judge")
})

test_that("summaries of tables and of rows in memory are put together", {
  rows <- with_labels(sql_rows(), "some")
  half <- seq_len(700)
  both <- quietly(c(summarise_labels(human ~ judge, local_sqlite(rows[half, ]), strata = stratum),
                    summarise_labels(human ~ judge, rows[-half, ], strata = stratum)))
  expect_same_fit(summarise_labels(human ~ judge, rows, strata = stratum), both, "merged")
  expect_output(dplyr::show_query(both), "GROUP BY")
})

test_that("a shard goes into GROUP BY and changes nothing", {
  rows <- with_labels(sql_rows(), "some")
  rows$server <- rows$chat %% 3
  table <- local_sqlite(rows)
  for (args in list(rlang::exprs(strata = stratum), rlang::exprs(clusters = chat))) {
    whole <- quietly(summarise_by(table, human ~ judge, args))
    sharded <- quietly(summarise_by(table, human ~ judge, c(args, rlang::exprs(shard = server))))
    expect_relative(sharded$facts$n_rows, whole$facts$n_rows, 1e-12)
    expect_same_fit(whole, sharded, "shards")
    expect_match(sharded$sql, "GROUP BY [^\n]*`shard`", all = FALSE)
  }
  expect_error(quietly(summarise_labels(human ~ judge, table, clusters = chat, shard = half)),
               "one shard", class = "judicious_error_clusters")
  expect_error(summarise_labels(human ~ judge, rows, shard = server),
               class = "judicious_error_design")
})

test_that("it says what was fetched and asked", {
  rows <- with_labels(sql_rows(), "some")
  expect_message(summary <- summarise_labels(human ~ judge, local_sqlite(rows)),
                 paste("Fetched", sum(rows$some), "labelled rows and 1 row of sums"),
                 class = "judicious_message_fetched")
  expect_output(dplyr::show_query(summary), "SELECT.*COUNT\\(\\*\\)")
  expect_output(dplyr::show_query(summarise_labels(human ~ judge, rows)), "in memory")
  many <- rbind(rows, transform(rows[rep(which(!rows$some), 20), ]))
  more <- quietly(summarise_labels(human ~ judge, local_sqlite(many)))
  expect_equal(more$fetched$bytes, summary$fetched$bytes)
})

test_that("what cannot be meant is refused, and says what", {
  rows <- with_labels(sql_rows(), "drawn")
  fails <- function(class, regexp, formula = human ~ judge, data = rows, ...) {
    expect_error(quietly(estimate_mean(formula, local_sqlite(data), ...)), regexp,
                 class = paste0("judicious_error_", class))
  }
  change <- function(...) rlang::inject(transform(rows, ...))
  first <- which(!rows$drawn)[1]
  spoil <- function(name, value, at = first) {
    rows[[name]][at] <- value
    rows
  }
  fails("finite", "NULL in 1 unlabelled row", data = spoil("judge", NA))
  fails("finite", "must not be infinite", data = spoil("human", Inf))
  fails("finite", "NaN or infinite", data = spoil("other", Inf), formula = human ~ other)
  fails("type", "has text among its values", data = spoil("judge", "abc"))
  fails("type", "has text among its values", data = change(human = paste0("label ", human)))
  fails("missing_id", "NULL", data = spoil("stratum", NA), strata = stratum)
  fails("missing_id", "NULL in 1 row", data = spoil("chat", NA), clusters = chat)
  fails("prob", "must lie in", data = spoil("prob", -0.1), prob = prob)
  fails("prob", "must lie in", data = spoil("prob", 1.5), prob = prob)
  fails("prob", "nobody labelled", data = spoil("prob", 1), prob = prob)
  fails("prob", "positive", data = spoil("prob", 0, which(rows$drawn)[1]), prob = prob)
  fails("column", "nowhere", formula = human ~ nowhere)
  fails("column", "no_such_function", formula = human ~ no_such_function(judge))
  fails("empty", "no rows", data = rows[0, ])
  fails("no_labels", "no labels", data = change(human = NA_real_))
  fails("design", "guard", prob = prob, guard = "verdict")
  withr::local_options(judicious.most_fetched = 10)
  fails("too_many", "more than 10 labelled rows")
})

test_that("text among SQLite's numbers is found in a labelled row too", {
  table <- local_sqlite(with_labels(sql_rows(), "some"))
  con <- dbplyr::remote_con(table)
  DBI::dbExecute(con, "UPDATE answers SET judge = 'x' WHERE rowid =
                       (SELECT min(rowid) FROM answers WHERE human IS NOT NULL)")
  expect_error(quietly(estimate_mean(human ~ judge, table)), "text",
               class = "judicious_error_type")
})

test_that("rows outside the frame are dropped and told, as in memory", {
  rows <- with_labels(sql_rows(), "drawn")
  others <- which(!rows$drawn)
  rows$prob[others[1:5]] <- NA
  rows$prob[others[6:8]] <- 0
  fit <- function(data) suppressWarnings(estimate_mean(human ~ judge, data, prob = prob))
  expect_message(fit(local_sqlite(rows)), "Dropped 5 rows", class = "judicious_message_dropped")
  expect_warning(quietly_told(estimate_mean(human ~ judge, local_sqlite(rows), prob = prob)),
                 "Dropped 3 unlabelled", class = "judicious_warning_dropped")
  expected <- numbers_of(quietly(fit(rows)))
  expect_relative(numbers_of(quietly(fit(local_sqlite(rows)))), expected, 1e-9)
})

test_that("one transaction, and none is left open", {
  rows <- with_labels(sql_rows(), "some")
  table <- local_sqlite(rows)
  con <- dbplyr::remote_con(table)
  quietly(summarise_labels(human ~ judge, table))
  expect_no_error(DBI::dbBegin(con))
  quietly(summarise_labels(human ~ judge, table))  # inside the user's own
  expect_no_error(DBI::dbRollback(con))
  DBI::dbRemoveTable(con, "answers")
  expect_error(quietly(summarise_labels(human ~ judge, table)), class = "judicious_error")
  expect_no_error(DBI::dbBegin(con))
})

test_that("a database that may only be read is enough", {
  rows <- with_labels(sql_rows(), "some")
  path <- withr::local_tempfile(fileext = ".sqlite")
  con <- DBI::dbConnect(RSQLite::SQLite(), path)
  table_in(con, rows)
  DBI::dbDisconnect(con)
  con <- DBI::dbConnect(RSQLite::SQLite(), path, flags = RSQLite::SQLITE_RO)
  withr::defer(DBI::dbDisconnect(con))
  table <- dplyr::tbl(con, "answers")
  for (args in list(rlang::exprs(strata = stratum), rlang::exprs(clusters = chat))) {
    memory <- quietly(summarise_by(rows, human ~ judge, args))
    expect_same_fit(memory, quietly(summarise_by(table, human ~ judge, args)), names(args))
  }
})

test_that("an engine that cannot keep one moment is told", {
  table <- local_sqlite(with_labels(sql_rows(), "some"))
  con <- dbplyr::remote_con(table)
  DBI::dbBegin(con)
  expect_message(summarise_labels(human ~ judge, table), "Not in one transaction")
  DBI::dbRollback(con)
  expect_no_match(capture_messages(summarise_labels(human ~ judge, table)), "transaction")
})
