# Most of the time of the tests of tables goes into what dbplyr does again for every expression:
# quoting the same names, building the same translations, wording errors and preparing warnings that
# nobody sees. Here each is done once, or when it is needed. The queries are the same.
lighten_dbplyr <- function(...) {
  Map(lighten, names(light_dbplyr), light_dbplyr, "dbplyr")
  lighten("local_deprecation_user_env", light_purrr, "purrr")
}

# light(heavy) makes the replacement; another version of the package may keep what it has.
lighten <- function(name, light, package) {
  space <- asNamespace(package)
  heavy <- space[[name]]
  light <- light(heavy)
  if (!identical(names(formals(heavy)), names(formals(light)))) return()
  unlockBinding(name, space)
  assign(name, light, space)
  lockBinding(name, space)
}

light_dbplyr <- list(
  # Worded in case a later expression of summarise() refers to this one.
  summarise_bind_error1 = function(heavy) {
    function(error_env, dot_name) {
      rlang::env_bind_lazy(error_env, !!dot_name := stop(dot_name, " was created in summarise()."))
    }
  },
  sql_escape_ident = function(heavy) {
    known <- new.env()
    function(con, x) {
      key <- paste(c(kind_of_connection(con), class(x), rlang::names2(x), x), collapse = "\r")
      if (is.null(known[[key]])) known[[key]] <- heavy(con, x)
      known[[key]]
    }
  },
  sql_translation = function(heavy) {
    known <- new.env()
    function(con) {
      key <- kind_of_connection(con)
      if (is.null(known[[key]])) known[[key]] <- heavy(con)
      known[[key]]
    }
  },
  copy_env = function(heavy) {
    function(from, to = NULL, parent = parent.env(from)) {
      if (is.null(to)) rlang::env_clone(from, parent) else heavy(from, to, parent)
    }
  }
)

# Whom purrr would name if a function that it applies were deprecated.
light_purrr <- function(heavy) function(user_env = NULL, frame = NULL) NULL

# Simulated connections have settings, real ones only their class.
kind_of_connection <- function(con) if (isS4(con)) class(con)[1] else rlang::hash(con)

if (isNamespaceLoaded("dbplyr")) {
  lighten_dbplyr()
} else {
  setHook(packageEvent("dbplyr", "onLoad"), lighten_dbplyr, "replace")
}

# Rows of every kind of design: 0/1 labels or scores near `level` with spread 1, in strata, groups
# and clusters that nest in neither, with known probabilities.
sql_rows <- function(n = 1500, level = NULL, seed = 1) {
  withr::with_seed(seed, {
    rows <- data.frame(
      stratum = sample(c("easy", "hard", "it's; \"odd\""), n, TRUE),
      half = sample(c(FALSE, TRUE), n, TRUE),
      topic = sample(c("b", "a", "c"), n, TRUE), chat = sample(n / 5, n, TRUE),
      prob = round(stats::runif(n, 0.1, 0.6), sample(2:3, n, TRUE))
    )
    rows$chat_prob <- round(stats::runif(n / 5, 0.1, 0.6), 2)[rows$chat]
    truth <- stats::rnorm(n) + rows$chat %% 7 / 5
    score <- function(x, cut) if (is.null(level)) as.integer(x > cut) else level + x
    rows$truth <- score(truth, 0.4)
    rows$judge <- score(truth + stats::rnorm(n), 0.6)
    rows$other <- if (is.null(level)) stats::runif(n) else rows$judge / 3 + stats::rnorm(n)
    rows$drawn <- stats::runif(n) < rows$prob
    chat_prob <- rows$chat_prob[match(seq_len(n / 5), rows$chat)]
    rows$chat_drawn <- (stats::runif(n / 5) < chat_prob)[rows$chat]
    rows$some <- stats::runif(n) < 0.2
    rows
  })
}

with_labels <- function(rows, drawn) {
  rows$human <- ifelse(rows[[drawn]], rows$truth, NA)
  rows
}

local_sqlite <- function(rows, name = "answers", env = parent.frame()) {
  con <- DBI::dbConnect(RSQLite::SQLite(), ":memory:")
  withr::defer(DBI::dbDisconnect(con), env)
  table_in(con, rows, name)
}

table_in <- function(con, rows, name = "answers") {
  DBI::dbWriteTable(con, name, rows, overwrite = TRUE)
  dplyr::tbl(con, name)
}

# What is known of a fit as numbers, where it is known.
numbers_of <- function(fit) {
  numbers <- unlist(fit[vapply(fit, is.numeric, NA)])
  numbers[!is.na(numbers)]
}

quietly <- function(expr) suppressMessages(suppressWarnings(expr))

# Every design of these rows: its argument expressions, and which rows have labels.
sql_designs <- list(
  plain = list(drawn = "some", args = rlang::exprs()),
  strata = list(drawn = "some", args = rlang::exprs(strata = stratum)),
  `two strata` = list(drawn = "some", args = rlang::exprs(strata = data.frame(stratum, half))),
  clusters = list(drawn = "some", args = rlang::exprs(clusters = chat)),
  `whole clusters` = list(drawn = "chat_drawn", args = rlang::exprs(clusters = chat)),
  `clusters in strata` = list(drawn = "some",
                              args = rlang::exprs(strata = stratum, clusters = chat)),
  prob = list(drawn = "drawn", args = rlang::exprs(prob = prob)),
  `prob in strata` = list(drawn = "drawn", args = rlang::exprs(prob = prob, strata = stratum)),
  `prob of rows in clusters` = list(drawn = "drawn",
                                    args = rlang::exprs(prob = prob, clusters = chat)),
  `prob of clusters` = list(drawn = "chat_drawn",
                            args = rlang::exprs(prob = chat_prob, clusters = chat)),
  `prob of clusters in strata` = list(
    drawn = "drawn", args = rlang::exprs(prob = prob, clusters = chat, strata = stratum)
  )
)

summarise_by <- function(data, formula, args, ...) {
  rlang::inject(summarise_labels(formula, data, !!!args, ...))
}

# Messages aside, warnings heard.
quietly_told <- function(expr) suppressMessages(expr)

sql_joint_settings <- list(
  estimand = "rows", center = TRUE, clustered = FALSE, rule = "optimal", pooling = "automatic",
  shrink = TRUE, guard = TRUE, fixed = numeric(), finite = FALSE, lonely_pool = FALSE,
  third_moments = FALSE, verdict = FALSE, weights = numeric()
)

# Every case of the reference files as a table: its rows, formula and design.
reference_tables <- function() {
  estimators <- read_reference("estimators.json")
  estimators <- estimators[setdiff(names(estimators), c("meta", "refused"))]
  estimators <- unlist(Map(function(cases, name) {
    lapply(cases_of(cases), utils::modifyList, list(design = name))
  }, estimators, names(estimators)), recursive = FALSE)
  recommended <- lapply(cases_of(read_reference("recommended.json")$cases), function(case) {
    utils::modifyList(case, list(design = paste("recommended", case$design, case$estimand)))
  })
  groups <- lapply(cases_of(read_reference("groups.json")$cases), function(case) {
    utils::modifyList(case, list(design = paste("groups", case$design)))
  })
  cases <- c(unname(estimators), recommended, groups)
  Map(reference_table, cases, seq_along(cases))
}

cases_of <- function(x) {
  if (is.data.frame(x)) lapply(seq_len(nrow(x)), function(i) as.list(x[i, ])) else x
}

reference_table <- function(case, at) {
  values <- function(x) as.numeric(unlist(lapply(x, function(v) if (is.null(v)) NA else v)))
  rows <- data.frame(human = values(case$y_true %||% case$y))
  proxies <- case$y_proxies %||% if (!is.null(case$y_proxy)) list(case$y_proxy)
  if (is.matrix(proxies)) proxies <- lapply(seq_len(nrow(proxies)), function(i) proxies[i, ])
  for (k in seq_along(proxies)) rows[[paste0("judge_", k)]] <- values(proxies[[k]])
  ids <- list(strata = case$groups %||% case$strata, clusters = case$clusters, by = case$by,
              prob = case$prob %||% case$pi)
  ids <- Filter(function(x) length(x) == nrow(rows), ids)
  for (name in names(ids)) rows[[name]] <- unlist(ids[[name]])
  judges <- if (length(proxies)) paste0("judge_", seq_along(proxies)) else "1"
  list(rows = rows, formula = stats::reformulate(judges, "human"), design = case$design,
       args = rlang::set_names(lapply(names(ids), as.name), names(ids)),
       estimand = case$estimand %||% "rows", info = paste(case$design, at))
}

# Numbers of a fit, or what was refused.
fit_of_table <- function(case, data) {
  fit <- function() {
    if (!is.null(case$args$by)) {
      fit <- estimate_groups(summarise_by(data, case$formula, case$args))
      order <- order(as.character(tidy(fit)$term))
      return(c(unlist(tidy(fit)[order, c("estimate", "std.error", "conf.low", "conf.high")]),
               vcov(fit)[order, order]))
    }
    fit <- rlang::inject(estimate_mean(case$formula, data, !!!case$args,
                                       estimand = case$estimand))
    numbers_of(fit)
  }
  tryCatch(quietly(fit()), judicious_error = function(cnd) class(cnd)[1])
}

expect_same_numbers <- function(actual, expected, info) {
  if (is.character(expected) || is.character(actual)) {
    return(testthat::expect_identical(actual, expected, info = info))
  }
  zero <- expected == 0
  testthat::expect_true(all(abs(actual[zero]) < 1e-9), info = info)
  expect_relative(actual[!zero], expected[!zero], 1e-9, info)
}
