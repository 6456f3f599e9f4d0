# Every door, given a table of a database: the numbers of memory, or an error that says the way out.

skip_if_not_installed("dbplyr")
skip_if_not_installed("RSQLite")

# Two systems answered the same 300 items; three teams; six weeks; a cost and its forecast.
door_rows <- withr::with_seed(3, {
  n <- 600
  noisy <- function(x) ifelse(runif(n) < 0.8, x, 1 - x)
  rows <- data.frame(
    human = rbinom(n, 1, 0.3), human_b = rbinom(n, 1, 0.4), cost = rnorm(n, 1e6),
    team = sample(c("a", "b", "it's"), n, TRUE), system = rep(c("new", "old"), each = n / 2),
    item = rep(seq_len(n / 2), 2), week = rep(rep(1:6, each = 50), 2), flag = rbinom(n, 1, 0.4),
    half = rep(c("x", "y"), n / 2), answer = c("bad", "fair", "good")[1 + rbinom(n, 2, 0.5)]
  )
  rows$draw <- rep(c(0.5, 0.7), n / 2)
  rows$judge <- noisy(rows$human)
  rows$judge_b <- noisy(rows$human_b)
  rows$forecast <- rows$cost + rnorm(n)
  rows$said <- ifelse(runif(n) < 0.7, rows$answer, "fair")
  rows$blocked <- ifelse(runif(n) < 0.6, rows$answer, "bad")
  rows$chance <- round(runif(n), 3)
  rows$id <- sample(n)
  rows$met <- c(a = "b", b = "it's", `it's` = "a")[rows$team]
  rows$shown <- ifelse(runif(n) < 0.5, rows$team, rows$met)
  rows$both <- rows$human * rows$human_b
  rows$judge_both <- rows$judge * rows$judge_b
  rows[runif(n) < 0.4, c("human", "human_b", "both", "cost", "answer")] <- NA
  rows$winner <- ifelse(rows$human == 1, rows$team, ifelse(runif(n) < 0.1, "tie", "model_b"))
  rows$half_pair <- ifelse(runif(n) < 0.3, NA, rows$human_b)
  rows
})

numbers_in <- function(x) {
  if (inherits(x, "htest")) return(unlist(x[c("statistic", "p.value", "estimate")]))
  if (inherits(x, "judicious_audit")) return(x$p_value)
  frame <- as.data.frame(if (inherits(x, "judicious_monitor")) tidy(x) else x)
  numbers <- unlist(Filter(is.numeric, frame))
  numbers[is.finite(numbers)]
}

# Two formulas: rows of a table need an id.
wide <- function(door, a, b, data, ...) {
  args <- rlang::enexprs(...)
  if (is_lazy(data)) args$item <- quote(id)
  rlang::inject(door(a, b, data = data, !!!args))
}

groups_of <- function(data, ...) estimate_groups(human ~ judge, data, by = team, ...)

doors_of_tables <- list(
  estimate_mean = function(data) estimate_mean(human ~ judge + flag, data, strata = half),
  check_labels = function(data) check_labels(human ~ judge, data),
  test_mean = function(data) test_mean(estimate_mean(human ~ judge, data), 0.3),
  compare_estimates = function(data) {
    compare_estimates(a = estimate_mean(human ~ judge, data), b = estimate_mean(cost ~ 1, data))
  },
  plan_annotation = function(data) plan_annotation(estimate_mean(human ~ judge, data), width = 0.1),
  estimate_groups = function(data) groups_of(data, strata = half, clusters = item),
  compare_groups = function(data) compare_groups(groups_of(data), against = "b"),
  rank_groups = function(data) rank_groups(groups_of(data), better = "lower"),
  `estimate_difference, items` = function(data) {
    estimate_difference(human ~ judge, data = data, by = system, item = item)
  },
  `estimate_difference, items in strata` = function(data) {
    estimate_difference(cost ~ forecast, data = data, by = system, item = item, strata = half)
  },
  `estimate_difference, apart` = function(data) {
    estimate_difference(human ~ judge, data = data, by = system, minus = "new")
  },
  `estimate_ratio, by` = function(data) {
    estimate_ratio(human ~ judge, data = data, by = system, clusters = item)
  },
  `estimate_difference, wide` = function(data) {
    wide(estimate_difference, human ~ judge, half_pair ~ judge_b, data)
  },
  `estimate_difference, wide, strata and prob` = function(data) {
    wide(estimate_difference, human ~ judge + chance, half_pair ~ judge_b + flag, data,
         strata = half, prob = draw)
  },
  `estimate_difference, wide, clusters` = function(data) {
    wide(estimate_difference, human ~ 1, human_b ~ 1, data, clusters = item)
  },
  `estimate_ratio, wide` = function(data) {
    wide(estimate_ratio, cost ~ forecast, human ~ judge, data, strata = half)
  },
  `estimate_ratio, a part as such` = function(data) {
    wide(estimate_ratio, both ~ judge_both, human_b ~ judge_b, data, interval = "fieller")
  },
  `estimate_ratio, a part` = function(data) {
    estimate_ratio(both ~ judge_both, human_b ~ judge_b, data = data, strata = half)
  },
  `estimate_ratio, a part in clusters, two judges` = function(data) {
    estimate_ratio(both ~ judge_both + chance, human_b ~ judge_b + chance, data = data,
                   clusters = item)
  },
  `estimate_ratio, a part with prob` = function(data) {
    estimate_ratio(both ~ judge_both, human_b ~ judge_b, data = data, prob = draw)
  },
  estimate_shares = function(data) estimate_shares(answer ~ said, data),
  `estimate_shares, strata and clusters` = function(data) {
    estimate_shares(answer ~ said + forecast, data, strata = half, clusters = item)
  },
  `estimate_shares, prob` = function(data) estimate_shares(answer ~ said, data, prob = draw),
  `estimate_shares, labels only` = function(data) estimate_shares(answer ~ 1, data),
  estimate_performance = function(data) {
    estimate_performance(human ~ judge, data, predicted = flag)
  },
  `estimate_performance, all metrics and two judges in strata` = function(data) {
    estimate_performance(human ~ judge + chance, data, predicted = judge_b == 1, strata = half,
                         metrics = c("npv", "f1", "balanced_accuracy", "precision", "recall"))
  },
  `estimate_performance, classes and clusters` = function(data) {
    estimate_performance(answer ~ said, data, predicted = blocked, clusters = item)
  },
  `estimate_performance, prob` = function(data) {
    estimate_performance(answer ~ said, data, predicted = blocked, prob = draw,
                         average = "none", metrics = c("accuracy", "recall"))
  },
  `estimate_performance, labels only` = function(data) {
    estimate_performance(ifelse(answer == "bad", "bad", "ok") ~ 1, data,
                         predicted = ifelse(blocked == "bad", "bad", "ok"), event_level = "first")
  },
  estimate_quantile = function(data) {
    estimate_quantile(cost ~ forecast + chance, data, probs = c(0.1, 0.5), range = c(0, 2e6))
  },
  `estimate_quantile, strata and prob` = function(data) {
    estimate_quantile(item + human ~ item, data, probs = 0.9, strata = half, prob = draw)
  },
  `estimate_quantile, labels only` = function(data) estimate_quantile(cost ~ 1, data),
  `estimate_quantile, published` = function(data) {
    estimate_quantile(cost ~ forecast, data, preset = "published")
  },
  estimate_bradley_terry = function(data) {
    estimate_bradley_terry(human ~ judge, data, a = team, b = met)
  },
  `estimate_bradley_terry, order, words and strata` = function(data) {
    estimate_bradley_terry(winner ~ judge + chance, data, a = team, b = met, order = shown,
                           strata = half)
  },
  `estimate_bradley_terry, prob` = function(data) {
    estimate_bradley_terry(human ~ judge, data, a = team, b = met, prob = draw)
  },
  `estimate_bradley_terry, labels only` = function(data) {
    estimate_bradley_terry(winner ~ 1, data, a = team, b = met)
  },
  monitor_mean = function(data) monitor_mean(human ~ judge, data, batch = week, threshold = 0.4),
  `monitor_mean, clusters` = function(data) {
    monitor_mean(human ~ judge, data, batch = week, threshold = 0.4, clusters = item,
                 strata = half)
  }
)

doors_of_rows <- list(
  `estimate_quantile, clusters` = function(data) {
    estimate_quantile(cost ~ forecast, data, clusters = item)
  },
  `estimate_bradley_terry, clusters` = function(data) {
    estimate_bradley_terry(human ~ judge, data, a = team, b = system, clusters = item)
  },
  evaluate_judge = function(data) evaluate_judge(data, human ~ judge),
  report_judge = function(data) {
    report_judge(data, human ~ judge, file = withr::local_tempfile(fileext = ".html"))
  },
  judge_drift = function(data) judge_drift(human ~ judge + flag, data, margin = 0.1),
  `plan_annotation, of rows` = function(data) plan_annotation(data, human ~ judge, width = 0.1),
  augment = function(data) {
    augment(quietly(estimate_mean(human ~ judge, door_rows)), data)
  },
  as_judgments = function(data) as_judgments(data, label = said),
  as_ratings = function(data) as_ratings(data, item = item, rater = system, choice = said),
  join_labels = function(data) join_labels(data, NULL, item = item),
  label_confidence = function(data) label_confidence(data, "vote"),
  combine_judges = function(data) combine_judges(data)
)

test_that("doors of tables give the numbers of memory", {
  table <- local_sqlite(door_rows)
  for (name in names(doors_of_tables)) {
    door <- doors_of_tables[[name]]
    answer <- function(data) withr::with_seed(1, numbers_in(quietly(door(data))))
    memory <- answer(door_rows)
    expect_gt(length(memory), 0)
    expect_same_numbers(answer(table), memory, name)
  }
})

test_that("doors of rows say what they need and the way out", {
  table <- local_sqlite(door_rows)
  for (name in names(doors_of_rows)) {
    expect_error(quietly(doors_of_rows[[name]](table)), "collect|estimate_mean",
                 class = "judicious_error_lazy", info = name)
  }
})

test_that("every estimator and every reader of rows has its line here", {
  known <- sub(",.*", "", c(names(doors_of_tables), names(doors_of_rows)))
  verbs <- c("estimate", "check", "monitor", "evaluate", "report", "compare", "test",
             "rank_groups", "plan_annotation")
  doors <- grep(paste0("^(", paste(verbs, collapse = "|"), ")"),
                setdiff(getNamespaceExports("judicious"), "estimator"), value = TRUE)
  expect_identical(setdiff(doors, known), character())
})

test_that("what two systems and batches must be, is asked before anything heavy runs", {
  table <- local_sqlite(door_rows)
  refused <- function(class, expr) {
    expect_error(quietly(expr), class = paste0("judicious_error_", class))
  }
  refused("groups", estimate_difference(human ~ judge, data = table, by = team))
  refused("groups", estimate_difference(human ~ judge, data = table, by = item))
  refused("groups", estimate_ratio(human ~ judge, data = dplyr::filter(table, system == "new"),
                                   by = system))
  refused("duplicate", estimate_difference(human ~ judge, data = table, by = system, item = week))
  refused("duplicate", estimate_difference(human ~ judge, human_b ~ judge_b, data = table,
                                           item = week))
  refused("design", estimate_difference(human ~ judge, human_b ~ judge_b, data = table))
  refused("design", estimate_difference(human ~ judge, human_b ~ judge_b + flag, data = table,
                                        item = id))
  refused("design", estimate_ratio(human ~ judge, human ~ judge_b, data = table))
  refused("design", estimate_ratio(both ~ judge, human_b ~ judge_b, data = table, over = "a"))
  refused("undefined", estimate_ratio(cost ~ forecast, human_b ~ judge_b, data = table, item = id,
                                      interval = "beta"))
  refused("clusters", monitor_mean(human ~ judge, table, batch = week, threshold = 0.4,
                                   clusters = team))
  expect_message(suppressWarnings(monitor_mean(human ~ judge, table, batch = team,
                                               threshold = 0.4)),
                 "alphabetical", class = "judicious_message_batch_order")
})

test_that("what a guard needs of the rows is told before the table is read", {
  table <- local_sqlite(door_rows)
  withr::local_options(judicious.most_fetched = 1)
  for (door in list(
    function(...) estimate_mean(human ~ judge, table, prob = draw, ...),
    function(...) groups_of(table, prob = draw, ...),
    function(...) estimate_shares(answer ~ said, table, prob = draw, ...),
    function(...) estimate_performance(human ~ judge, table, predicted = flag, prob = draw, ...),
    function(...) estimate_quantile(human ~ judge, table, prob = draw, ...),
    function(...) estimate_difference(human ~ judge, data = table, by = system, prob = draw, ...),
    function(...) estimate_ratio(human ~ judge, data = table, by = system, prob = draw, ...)
  )) {
    expect_error(quietly(door(guard = "verdict")), "needs the rows",
                 class = "judicious_error_design")
  }
})

odd_answers <- function(rows) {
  spelt <- c(bad = "it's; -- bad", fair = "\"fair\"", good = "good")
  rows$answer <- unname(spelt[rows$answer])
  rows$said <- unname(spelt[rows$said])
  rows
}

test_that("categories may be spelt as they like; judges must have one, and few", {
  rows <- odd_answers(door_rows)
  shares <- function(data, ...) quietly(estimate_shares(answer ~ said, data, ...))
  memory <- shares(rows)
  database <- shares(local_sqlite(rows))
  expect_identical(format(database), format(memory))
  expect_relative(vcov(database), vcov(memory), 1e-9)
  # A category that no label has, and one that no judge says of rows without a label.
  rows$said[is.na(rows$answer) & rows$said == "good"] <- "never labelled so"
  expect_relative(tidy(shares(local_sqlite(rows)))$estimate, tidy(shares(rows))$estimate, 1e-9)
  refused <- function(class, data) {
    for (x in list(data, local_sqlite(data))) {
      expect_error(shares(x), class = paste0("judicious_error_", class))
    }
  }
  missing <- rows
  missing$said[which(is.na(rows$answer))[2]] <- NA
  refused("finite", missing)
  refused("type", transform(rows, answer = item))
  refused("unlabelled_code", transform(rows, answer = ifelse(is.na(answer), "N/A", answer)))
  refused("empty", rows[0, ])
  expect_error(shares(local_sqlite(transform(rows, said = paste("id", item)))),
               "categories of", class = "judicious_error_too_many")
})

test_that("classes of a table are those of the labels, and verdicts are known for all rows", {
  performance <- function(data, ..., formula = answer ~ said) {
    quietly(estimate_performance(formula, data, ..., predicted = blocked))
  }
  refused <- function(class, data, pattern, ...) {
    expect_error(performance(data, ...), class = paste0("judicious_error_", class))
    expect_error(performance(local_sqlite(data), ...), pattern,
                 class = paste0("judicious_error_", class))
  }
  rows <- door_rows
  others <- which(is.na(rows$answer))
  odd <- function(column, value) {
    rows[[column]][others[3:4]] <- value
    rows
  }
  refused("missing", odd("blocked", NA), "NULL in 2 rows")
  refused("levels", odd("blocked", "blocked!"), "Some row is \"blocked!\" \\(2 such rows\\)")
  refused("finite", odd("said", NA), "NULL in 2")
  refused("levels", odd("said", "Good"), "\"Good\"")
  refused("levels", transform(rows, blocked = chance), "predicted = score >= 0.5")
  refused("levels", rows, "number from 0", formula = answer ~ judge)
  refused("levels", transform(rows, blocked = flag), "from 999", formula = human ~ forecast)
  refused("type", transform(rows, answer = chance), "0/1, logical")
  refused("type", transform(rows, answer = ifelse(is.na(answer), NA, "bad")), "all \"bad\"")
  refused("no_labels", transform(rows, answer = NA_character_), "missing throughout")
  refused("empty", rows[0, ], "no rows")
  expect_error(performance(local_sqlite(transform(rows, blocked = paste(item, system),
                                                  said = paste(system, item), answer = chance))),
               class = "judicious_error_type")
  # Spelt oddly, and a class that the classifier never gives.
  spelt <- odd_answers(rows)
  spelt$blocked <- ifelse(spelt$said == "good", "good", "it's; -- bad")
  expect_same_numbers(numbers_in(performance(local_sqlite(spelt))),
                      numbers_in(performance(spelt)), "oddly spelt")
})

test_that("comparisons of a table are checked as those in memory", {
  strengths <- function(data, ..., formula = winner ~ judge) {
    quietly(estimate_bradley_terry(formula, data, a = team, b = met, ...))
  }
  refused <- function(class, change, pattern, ...) {
    rows <- change(door_rows)
    for (data in list(rows, local_sqlite(rows))) {
      expect_error(strengths(data, ...), class = paste0("judicious_error_", class))
    }
    expect_error(strengths(local_sqlite(rows), ...), pattern)
  }
  others <- which(is.na(door_rows$human))[2:4]
  with_odd <- function(column, value) {
    function(rows) {
      rows[[column]][others] <- value
      rows
    }
  }
  refused("pair", function(rows) transform(rows, met = ifelse(id == id[others[1]], team, met)),
          "Some row is")
  refused("missing_id", with_odd("met", NA), "NULL in 3 rows")
  refused("finite", with_odd("judge", NA), "NULL in 3 unlabelled rows")
  refused("range", with_odd("judge", 2), "Some row is 2")
  refused("levels", with_odd("said", "nobody"), "Some row is", formula = human ~ said)
  refused("levels", with_odd("shown", "c"), "Some row is", order = shown)
  refused("empty", function(rows) rows[0, ], "no rows")
})

test_that("a classifier whose levels are reversed is told of a table, too", {
  rows <- transform(door_rows, flag = 1 - judge)
  rows$flag[1:60] <- rows$judge[1:60]
  for (data in list(rows, local_sqlite(rows))) {
    expect_warning(suppressMessages(
      estimate_performance(human ~ judge, data, predicted = flag)
    ), "The classifier `flag`", class = "judicious_warning_reversed")
  }
  flagged <- transform(door_rows, human = ifelse(judge == 1 | item %% 9 == 0, human, NA))
  for (data in list(flagged, local_sqlite(flagged))) {
    expect_warning(suppressMessages(
      estimate_performance(human ~ judge, data, predicted = flag)
    ), class = "judicious_warning_not_random")
  }
})

test_that("an id in place of a group is refused by one small query", {
  table <- local_sqlite(door_rows)
  refused <- function(...) {
    expect_error(quietly(estimate_groups(human ~ judge, table, ...)), "distinct values",
                 class = "judicious_error_groups")
  }
  refused(by = item)
  refused(by = team, max_groups = 2)
  refused(by = data.frame(week, item))
  expect_no_error(quietly(estimate_groups(human ~ judge, table, by = week, max_groups = 6)))
  # It comes before the labelled rows, of which there are too many here.
  withr::local_options(judicious.most_fetched = 10)
  refused(by = item)
  expect_error(quietly(estimate_groups(human ~ judge, table, by = week)),
               class = "judicious_error_too_many")
  expect_error(quietly(estimate_quantile(cost ~ forecast, table)), "round\\(score, 3\\)",
               class = "judicious_error_too_many")
})

test_that("new batches come from a table, too", {
  early <- door_rows[door_rows$week < 5, ]
  late <- door_rows[door_rows$week >= 5, ]
  watch <- function(data) {
    quietly(monitor_mean(human ~ judge, data, batch = week, threshold = 0.4, clusters = item))
  }
  whole <- watch(door_rows)
  expect_same_numbers(numbers_in(quietly(update(watch(early), local_sqlite(late)))),
                      numbers_in(whole), "update")
  expect_same_numbers(numbers_in(quietly(update(watch(local_sqlite(early)), late))),
                      numbers_in(whole), "update of a table")
  moved <- transform(late, item = item - 200L)
  expect_error(quietly(update(watch(early), local_sqlite(moved))),
               class = "judicious_error_clusters")
})

test_that("Arrow, duckplyr and Spark: read where they are, or the way out", {
  fake <- function(...) structure(list(), class = c(...))
  for (x in list(fake("Dataset", "ArrowObject", "R6"), fake("arrow_dplyr_query"),
                 fake("Table", "ArrowTabular", "ArrowObject"))) {
    for (door in list(estimate_mean, estimate_groups, summarise_labels, monitor_mean)) {
      threshold <- if (identical(door, monitor_mean)) list(threshold = 1, batch = 1)
      expect_error(rlang::inject(door(human ~ judge, x, !!!threshold)), "as_record_batch_reader",
                   class = "judicious_error_lazy")
    }
  }
  prudent <- structure(door_rows, class = c("prudent_duckplyr_df", "duckplyr_df", "tbl_df", "tbl",
                                            "data.frame"))
  expect_error(estimate_mean(human ~ judge, prudent), "duckplyr::as_tbl",
               class = "judicious_error_lazy")
  lavish <- structure(door_rows, class = c("duckplyr_df", "tbl_df", "tbl", "data.frame"))
  expect_identical(quietly(estimate_mean(human ~ judge, lavish))$estimate,
                   quietly(estimate_mean(human ~ judge, door_rows))$estimate)
  # sparklyr's tables are lazy tables, read by queries.
  expect_true(is_lazy(fake("tbl_spark", "tbl_sql", "tbl_lazy", "tbl")))
  expect_identical(sql_engine(fake("spark_connection", "spark_shell_connection",
                                   "DBIConnection")), "spark")
})

test_that("the way out of Arrow's batches works as it is told", {
  at <- 0
  batches <- list(read_next_batch = function() {
    at <<- at + 1
    if (at <= 3) door_rows[seq_len(600) %% 3 == at - 1, ]
  })
  dataset <- structure(list(), class = "Dataset")
  told <- tryCatch(estimate_mean(human ~ judge, dataset), error = conditionMessage)
  told <- gsub("\\s+", " ", cli::ansi_strip(told))
  way_out <- regmatches(told, regexpr("function\\(\\).*as.data.frame\\(batch\\)", told))
  reader <- eval(parse(text = way_out))
  expect_same_numbers(
    numbers_in(quietly(estimate_mean(summarise_chunks(human ~ judge, reader)))),
    numbers_in(quietly(estimate_mean(human ~ judge, door_rows))), "batches"
  )
})
