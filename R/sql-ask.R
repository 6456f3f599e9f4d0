# Sending queries: each is noted, and what comes back are plain doubles and ids.

new_session <- function(question, most) {
  session <- new.env(parent = emptyenv())
  session$sql <- character()
  session$bytes <- 0
  session$most <- most
  session$con <- question$con
  session$sharded <- length(question$shard) > 0L
  session
}

ask <- function(session, query, call) {
  sql <- dbplyr::sql_render(query)
  session$sql <- c(session$sql, as.character(sql))
  answer <- rlang::try_fetch(DBI::dbGetQuery(session$con, sql),
                             error = function(cnd) abort_sql(cnd, call))
  answer <- vctrs::new_data_frame(lapply(as.list(answer), plain_column), n = nrow(answer))
  session$bytes <- session$bytes + sum(vapply(answer, utils::object.size, 0))
  answer
}

# An answer that must not be longer than the session allows.
ask_some <- function(session, query, what, call,
                     way_out = "summarise parts of the table and put them together by {.fun c}") {
  answer <- ask(session, utils::head(query, session$most + 1), call)
  if (nrow(answer) <= session$most) return(answer)
  abort_judicious(
    c("There are more than {session$most} {what} to fetch.",
      i = paste0("Raise the limit by {.code options(judicious.most_fetched = )}, or ", way_out,
                 ".")),
    "too_many", call = call
  )
}

abort_sql <- function(cnd, call) {
  abort_judicious(
    c("The database did not answer.", x = "{sql_message(cnd)}",
      i = "Nothing was written, and no transaction is left open."),
    "database", call = call, parent = NA
  )
}

# Counts arrive as integers of 64 bits from some engines.
plain_column <- function(x) {
  if (inherits(x, "integer64")) {
    x <- as.double(x)
    whole <- all(is.na(x)) || max(abs(x), na.rm = TRUE) < .Machine$integer.max
    return(if (whole) as.integer(x) else x)
  }
  x
}

# All queries see the same rows where the engine has such transactions; says whether it has.
with_transaction <- function(session, code) {
  begun <- rlang::try_fetch({
    DBI::dbBegin(session$con)
    TRUE
  }, error = function(cnd) FALSE)
  if (begun) on.exit(try(DBI::dbRollback(session$con), silent = TRUE))
  if (begun && sql_engine(session$con) == "postgres") {
    DBI::dbExecute(session$con, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    # Off by default; without it no foreign partition adds up its own rows.
    if (session$sharded) {
      DBI::dbExecute(session$con, "SET LOCAL enable_partitionwise_aggregate = on")
    }
  }
  session$one_moment <- begun
  force(code)
}
