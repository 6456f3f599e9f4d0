# Random tables with awkward names and values give the numbers, or the error, of memory.

skip_if_not_installed("dbplyr")
skip_if_not_installed("RSQLite")

withr::local_envvar(TZ = "UTC", .local_envir = teardown_env())

# What SQL reserves, what must be quoted, and what our own queries call their columns.
odd_names <- c("select", "order", "group", "from", "where", "table", "null", "user", "it's", "a\"b",
               "x;y", "'; drop table answers; --", "\u00e9\u4e2d", "with blank", "label", "judge_1",
               "n", "prob", "cluster", "d_1", "stratum_1", "s1_1", "q01", "total_1", "%_\\")
odd_values <- c("'; drop table answers; --", "a\"b`c", "NULL", "NA", " blank ", "blank",
                "\u00e9\u4e2d", "%_\\", "SELECT", "0")
odd_tables <- c("order", "answers", "'; drop table answers; --", "ta\"ble", "\u00e9\u4e2d",
                "select")

# Rows of a random design, before they get their names: 0/1 values or scores near `level` with
# spread 1.
random_rows <- function() {
  n <- sample(c(60, 150, 400), 1)
  level <- sample(c(0, 1, 1e6, -1e6), 1)
  score <- function(x) if (runif(1) < 0.5) as.numeric(x > 0.3) else level + x
  truth <- rnorm(n)
  rows <- data.frame(
    human = score(truth), judge = score(truth + rnorm(n)), other = score(rnorm(n)),
    stratum = sample(odd_values[seq_len(sample(2:4, 1))], n, TRUE),
    cluster = sample(n / 4, n, TRUE), prob = round(runif(n, 0.3, 0.9), 2)
  )
  rows$human[runif(n) > rows$prob] <- NA
  rows
}

random_design <- function() {
  designs <- list(character(), "stratum", "cluster", "prob", c("stratum", "cluster"),
                  c("stratum", "prob"), c("cluster", "prob"))
  sample(designs, 1)[[1]]
}

# What may be wrong, or odd, with rows of a design that has `needs`.
troubles <- list(
  none = list(change = identity),
  `none again` = list(change = identity),
  `labels that are NaN` = list(change = function(x) {
    x$human[is.na(x$human)][1:3] <- NaN
    x
  }),
  `an infinite label` = list(change = function(x) spoil(x, "human", Inf)),
  `a judge that is missing` = list(change = function(x) spoil(x, "judge", NA)),
  `a judge that is NaN` = list(change = function(x) spoil(x, "judge", NaN)),
  `a judge that is infinite` = list(change = function(x) spoil(x, "other", -Inf)),
  `a judge missing beside a label` = list(change = function(x) spoil(x, "judge", NA, TRUE)),
  `a judge that is constant` = list(change = function(x) transform(x, judge = 0.7)),
  `no rows` = list(change = function(x) x[0, ]),
  `no labels` = list(change = function(x) transform(x, human = NA_real_)),
  `one label` = list(change = function(x) {
    x$human[which(!is.na(x$human))[-1]] <- NA
    x
  }),
  `a stratum without a label` = list(needs = "stratum", change = function(x) {
    x$human[x$stratum == x$stratum[1]] <- NA
    x
  }),
  `a stratum with labels only` = list(needs = "stratum", change = function(x) {
    x[x$stratum != x$stratum[1] | !is.na(x$human), ]
  }),
  `a level without rows` = list(needs = "stratum", change = function(x) {
    transform(x, stratum = factor(stratum, c("never", rev(unique(stratum)), "nowhere")))
  }),
  `strata that are numbers` = list(needs = "stratum", change = function(x) {
    transform(x, stratum = match(stratum, unique(stratum)) * 10L)
  }),
  `a stratum that is missing` = list(needs = "stratum",
                                     change = function(x) spoil(x, "stratum", NA)),
  `a cluster that is missing` = list(needs = "cluster",
                                     change = function(x) spoil(x, "cluster", NA)),
  `clusters that are text` = list(needs = "cluster", change = function(x) {
    transform(x, cluster = paste0(odd_values[1 + cluster %% 5], cluster))
  }),
  `a prob that is missing` = list(needs = "prob", change = function(x) spoil(x, "prob", NA)),
  `a prob of 0` = list(needs = "prob", change = function(x) spoil(x, "prob", 0)),
  `a prob of 1` = list(needs = "prob", change = function(x) spoil(x, "prob", 1)),
  `a negative prob` = list(needs = "prob", change = function(x) spoil(x, "prob", -0.2)),
  `a prob of 0 beside a label` = list(needs = "prob", change = function(x) {
    spoil(x, "prob", 0, TRUE)
  })
)

# Another value in the first row without a label, or with one.
spoil <- function(rows, name, value, labelled = FALSE) {
  rows[[name]][which(is.na(rows$human) != labelled)[1]] <- value
  rows
}

random_table <- function(seed, trouble) {
  withr::with_seed(seed, {
    rows <- trouble$change(random_rows())
    design <- random_design()
    if (!all(trouble$needs %in% design)) design <- trouble$needs
    names <- rlang::set_names(sample(odd_names, ncol(rows)), names(rows))
    names(rows) <- names
    symbols <- lapply(names, as.name)
    list(
      rows = rows, name = sample(odd_tables, 1),
      formula = rlang::inject(!!symbols$human ~ !!symbols$judge + !!symbols$other),
      args = rlang::set_names(symbols[design], c(stratum = "strata", cluster = "clusters",
                                                 prob = "prob")[design])
    )
  })
}

# The numbers, or the class of the error, and what was warned of.
outcome <- function(table, data) {
  warned <- character()
  numbers <- tryCatch(
    withCallingHandlers(
      numbers_of(rlang::inject(estimate_mean(table$formula, data, !!!table$args))),
      warning = function(cnd) {
        warned <<- c(warned, class(cnd)[1])
        rlang::cnd_muffle(cnd)
      },
      message = function(cnd) rlang::cnd_muffle(cnd)
    ),
    judicious_error = function(cnd) class(cnd)[1]
  )
  list(numbers = numbers, warned = sort(unique(warned)))
}

expect_outcomes_of_memory <- function(con) {
  failures <- character()
  for (i in seq_along(troubles)) {
    table <- random_table(i, troubles[[i]])
    info <- paste(names(troubles)[i], "in", paste(names(table$args), collapse = ", "))
    memory <- outcome(table, table$rows)
    database <- outcome(table, table_in(con, table$rows, table$name))
    expect_same_numbers(database$numbers, memory$numbers, info)
    expect_identical(database$warned, memory$warned, info = info)
    if (is.character(memory$numbers)) failures <- c(failures, memory$numbers)
  }
  expect_gt(length(unique(failures)), 4)
  expect_true(all(DBI::dbListTables(con) %in% odd_tables))
}

test_that("random tables in SQLite", {
  expect_outcomes_of_memory(dbplyr::remote_con(local_sqlite(data.frame(x = 1))))
})

test_that("random tables in PostgreSQL", {
  expect_outcomes_of_memory(connect_postgres(local_postgres()))
})
