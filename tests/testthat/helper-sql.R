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
  DBI::dbWriteTable(con, name, rows)
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
