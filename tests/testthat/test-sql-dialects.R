# The SQL for engines that are not here: by connections that dbplyr simulates.

skip_if_not_installed("dbplyr")

dialects <- list(
  spark = function() dbplyr::simulate_dbi("Spark SQL"),
  snowflake = dbplyr::simulate_snowflake,
  redshift = dbplyr::simulate_redshift, mssql = dbplyr::simulate_mssql,
  # Of BigQuery only the names of types and functions are ours; bigrquery translates the rest.
  bigquery = function() dbplyr::simulate_dbi("BigQueryConnection"),
  postgres = dbplyr::simulate_postgres
)

# Functions that every one of these engines documents, and those of single ones.
common_functions <- c("SUM", "MIN", "MAX", "AVG", "COUNT", "CAST", "ROW_NUMBER", "OVER")
own_functions <- list(
  spark = c("MD5", "CONCAT_WS"), snowflake = c("MD5", "ARRAY_TO_STRING", "ARRAY_CONSTRUCT_COMPACT"),
  redshift = "MD5", mssql = "COUNT_BIG", bigquery = c("TO_HEX", "MD5", "CONCAT_WS"),
  postgres = c("MD5", "CONCAT_WS", "FILTER")
)

simulated_question <- function(con, args, formula = human ~ judge + score, ...) {
  data <- dbplyr::lazy_frame(human = 1, judge = 1, score = 1, stratum = "a",
                             chat = 1L, team = "b", prob = 0.5, region = 1L, con = con)
  types <- function(data, exprs, ...) {
    kinds <- list(label = 1, judge_1 = 1L, judge_2 = 1.5, prob = 0.5)
    kinds[intersect(names(exprs), names(kinds))]
  }
  nothing <- rlang::quos(strata = NULL, clusters = NULL, prob = NULL, by = NULL, shard = NULL)
  sql_question(formula, data, utils::modifyList(as.list(nothing), args), rlang::current_env(),
               types, ...)
}

# The first look at classes, and the sums of the shares that all metrics are made from.
class_queries <- function(con) {
  q <- simulated_question(con, list(predicted = rlang::quo(stratum), prob = rlang::quo(prob)),
                          kind = "classes")
  q$judges <- q$judges[2]
  found <- list(verdict = c("it's", "b"), judge_2 = NULL, low_judge_2 = 0, high_judge_2 = 1,
                missing_judge_2 = 0)
  levels <- c("b", "it's")
  shares <- as_performance(q, class_flags(sql_column("verdict"), found$verdict, 2:1, levels),
                           list(judge_class_flags("judge_2", found, levels, q, NULL)),
                           performance_key(2L, performance_metrics))
  n <- length(shares$judges)
  list(`classes that there are` = class_query(q),
       `shares of metrics` = row_query(shares, numeric(n)),
       `shares of metrics, counted` = row_query(shares, numeric(n), rep(TRUE, n)))
}

pair_queries <- function(con) {
  parts <- lapply(list(human ~ judge, score ~ judge), simulated_question, con = con,
                  args = list(clusters = rlang::quo(chat)))
  q <- stack_questions(parts)
  list(`two formulas` = row_query(q, 0), `clusters of two formulas` =
         unit_query(part_query(q, 0, 1), q))
}

asked <- new.env()

queries_of <- function(dialect) {
  if (is.null(asked[[dialect]])) asked[[dialect]] <- make_queries(dialect)
  asked[[dialect]]
}

make_queries <- function(dialect) {
  con <- dialects[[dialect]]()
  strata <- simulated_question(con, list(strata = rlang::quo(stratum), shard = rlang::quo(region)))
  units <- simulated_question(con, list(clusters = rlang::quo(chat), by = rlang::quo(team),
                                        prob = rlang::quo(prob)))
  parts <- part_query(units, c(0, 3), 4)
  frame <- list(id_kind = "integer", engine = strata$engine, low = 1, high = 2^40)
  ids <- dbplyr::lazy_frame(id = 1L, stratum_1 = "a", con = con)
  keyed <- function(frame) {
    keyed <- withr::with_seed(1, dplyr::transmute(ids, id = id, key = !!key_expression(frame)))
    utils::head(dplyr::arrange(keyed, key, id), 10)
  }
  shown <- list(
    labelled = utils::head(labelled_rows(strata), 1000001),
    `rows, a judge counted, a score summed up` = row_query(strata, c(0, 3), c(TRUE, FALSE)),
    `rows with prob` = row_query(units, c(0, 3)),
    `low probabilities` = low_prob_query(other_rows(units), units),
    units = unit_query(parts, units),
    draw = keyed(frame)
  )
  if (has_text_hash(strata$engine)) {
    shown$`draw by text` <- keyed(utils::modifyList(frame, list(id_kind = "text")))
  }
  others <- c(class_queries(con), pair_queries(con), list(
    `how often scores occur` = count_query(units, "judge_1"),
    `extremes in the tails` = row_query(strata, c(0, 3), tails = if (has_filter(strata)) {
      list(low = c(0.1, 0.2), high = c(0.8, 0.9))
    }),
    `rows about the means of their cells` = row_query(strata, NULL),
    `rows outside the frame` = outside_query(units),
    `totals of labelled clusters` = rest_query(units, c(0, 3)),
    `totals about the means of their cells` = rest_query(units, NULL),
    `clusters in two shards` = split_query(parts, units),
    `pairs of groups` = pair_query(parts, units),
    `low probabilities of clusters` = low_prob_query(parts, units)
  ))
  sql <- function(queries) {
    vapply(queries, function(query) as.character(dbplyr::sql_render(query, con)), "")
  }
  list(shown = sql(shown), all = sql(c(shown, others)))
}

test_that("queries hold no function that an engine lacks", {
  for (dialect in names(dialects)) {
    sql <- gsub("'[^']*'", "''", paste(queries_of(dialect)$all, collapse = "\n"))
    sql <- gsub("[\"`][^\"`]*[\"`]", "x", sql)
    calls <- regmatches(sql, gregexpr("[A-Za-z_]+ ?\\(", sql))[[1]]
    used <- unique(toupper(gsub(" *\\($", "", calls)))
    words <- c("FROM", "WHERE", "AND", "OR", "NOT", "WHEN", "ON", "JOIN", "IN", "THEN", "BY", "TOP",
               "SELECT", "AS", "CASE", "IIF", "HAVING")
    expect_identical(setdiff(used, c(words, common_functions, own_functions[[dialect]])),
                     character(), info = dialect)
    expect_gt(length(used), 7)
    # Every column in quotes, no value of a row but ours.
    expect_no_match(sql, "TYPEOF|TRUE|FALSE", info = dialect)
  }
})

test_that("the SQL of other engines", {
  skip_if(utils::packageVersion("dbplyr") >= "2.4.0", "this dbplyr lays SQL out in another way")
  for (dialect in setdiff(names(dialects), "postgres")) {
    sql <- queries_of(dialect)$shown
    expect_snapshot_output(cat("#", dialect, "\n\n", paste0("-- ", names(sql), "\n", sql, "\n\n")))
  }
})
