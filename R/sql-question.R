# From a formula and a lazy table to a table of plain columns: label, judge_1, ..., stratum_1, ...,
# group_1, ..., cluster, prob, shard. What a database is asked later names only these.

is_lazy <- function(x) inherits(x, "tbl_lazy")

lazy_connection <- function(data, call) {
  rlang::check_installed(c("dbplyr", "dplyr", "DBI"), "to summarise a table of a database.")
  con <- tryCatch(dbplyr::remote_con(data), error = function(cnd) NULL)
  if (!is.null(con)) return(con)
  abort_judicious(
    c("{.arg data} is a lazy table without a connection to a database.",
      i = "{.code dplyr::tbl(con, \"name\")} makes one that has it."),
    "type", arg = "data", call = call
  )
}

# `read_types`: what tells the types of columns; another one where there is no engine to ask. `kind`
# of "categories": labels stay as they are, judges of text are asked for each category but the last;
# of "classes": both stay as they are.
sql_question <- function(formula, data, quosures, call, read_types = sql_types,
                         kind = "numbers") {
  con <- lazy_connection(data, call)
  numbers <- number_expressions(formula, data, quosures$prob, call)
  levels <- if (kind == "categories") judge_levels(numbers, data, con, call) else list()
  said <- rlang::set_names(levels, numbers$names[names(levels)])
  if (kind == "categories") numbers <- by_category(numbers, levels)
  c(question_of(numbers, data, quosures, call, read_types, kind), list(said = said))
}

# `numbers`: expressions and names of labels, judges and prob.
question_of <- function(numbers, data, quosures, call, read_types = sql_types, kind = "numbers") {
  con <- lazy_connection(data, call)
  ids <- id_expressions(quosures)
  engine <- sql_engine(con)
  types <- read_types(data, c(numbers$exprs, ids), numbers$names, call)
  raw <- raw_columns(names(numbers$exprs), kind)
  counted <- setdiff(names(numbers$exprs), raw)
  check_sql_types(types, numbers$exprs[counted], numbers$names, call)
  columns <- c(Map(as_sql_number, numbers$exprs, types[names(numbers$exprs)],
                   MoreArgs = list(engine = engine)), ids)
  # Labels are fetched, not summed up: whole numbers may stay such.
  if (is.integer(types$label)) raw <- c(raw, "label")
  columns[raw] <- numbers$exprs[raw]
  has <- function(prefix) grep(paste0("^", prefix, "(_[0-9]+)?$"), names(columns), value = TRUE)
  list(
    table = plain_columns(data, columns), con = con, engine = engine,
    judges = has("judge"), strata = has("stratum"), by = has("group"), cluster = has("cluster"),
    prob = has("prob"), shard = has("shard"), item = has("item"), names = numbers$names,
    other = has("other"), verdict = has("verdict"), types = types, categories = kind != "numbers",
    nan_labels = kind != "categories" && engine != "sqlite" && is.double(types$label) &&
      !inherits(types$label, "integer64"),
    label = numbers$label, formula = numbers$formula
  )
}

raw_columns <- function(names, kind) {
  switch(kind, numbers = character(), categories = "label",
         classes = grep("^(label|judge)", names, value = TRUE))
}

# What I() protects in a formula is plain to a database.
unprotected <- function(expr) {
  if (rlang::is_call(expr, "I", n = 1)) return(unprotected(expr[[2]]))
  if (is.call(expr)) expr[] <- lapply(expr, unprotected)
  expr
}

# Labels, judges and prob.
number_expressions <- function(formula, data, prob, call) {
  known <- rlang::set_names(as.list(rep(NA, length(colnames(data)))), colnames(data))
  terms <- formula_terms(formula, vctrs::new_data_frame(known), call)
  as_quo <- function(expr) rlang::new_quosure(unprotected(expr), terms$env)
  judges <- lapply(terms$judges, as_quo)
  judge_names <- vapply(terms$judges, rlang::as_label, "")
  exprs <- c(list(label = as_quo(terms$response)), number_names(judges, "judge"))
  names <- c(rlang::as_label(terms$response), judge_names)
  if (!rlang::quo_is_null(prob)) {
    exprs$prob <- prob
    names <- c(names, "prob")
  }
  list(exprs = exprs, names = rlang::set_names(names, names(exprs)), label = names[[1]],
       formula = paste(deparse(formula), collapse = " "))
}

# Only these columns, by our names. A name that the table has, too, must not hide its column from
# the expressions that come after it.
plain_columns <- function(data, exprs) {
  if (!any(names(exprs) %in% colnames(data))) return(dplyr::transmute(data, !!!exprs))
  names <- paste0("column_", seq_along(exprs))
  while (any(names %in% colnames(data))) names <- paste0(names, "_")
  columns <- dplyr::transmute(data, !!!rlang::set_names(exprs, names))
  dplyr::select(columns, !!!rlang::set_names(rlang::syms(names), names(exprs)))
}

number_names <- function(x, prefix) {
  rlang::set_names(x, if (length(x)) paste0(prefix, "_", seq_along(x)))
}

id_expressions <- function(quosures) {
  single <- function(arg, name) {
    quosure <- quosures[[arg]]
    given <- !is.null(quosure) && !rlang::quo_is_null(quosure)
    if (given) rlang::set_names(list(quosure), name)
  }
  c(number_names(id_columns(quosures$strata), "stratum"),
    number_names(id_columns(quosures$by), "group"),
    single("clusters", "cluster"), single("shard", "shard"),
    single("item", "item"), single("predicted", "verdict"),
    single("a", "side_a"), single("b", "side_b"), single("order", "order"))
}

# Several columns are given as data.frame(a, b), tibble(a, b) or list(a, b).
id_columns <- function(quosure) {
  if (rlang::quo_is_null(quosure)) return(list())
  expr <- rlang::quo_get_expr(quosure)
  if (!rlang::is_call(expr, c("data.frame", "data_frame", "tibble", "list"))) return(list(quosure))
  lapply(unname(rlang::call_args(expr)), rlang::new_quosure, env = rlang::quo_get_env(quosure))
}

# --- what the columns are ------------------------------------------------------------------------

# A row of the table, which tells the types before anything heavy runs.
sql_types <- function(data, exprs, names, call) {
  try_columns <- function(exprs) {
    rlang::try_fetch(
      as.list(dplyr::collect(utils::head(plain_columns(data, exprs), 1L))),
      error = function(cnd) cnd
    )
  }
  types <- try_columns(exprs)
  if (!inherits(types, "condition")) return(types)
  for (name in names(exprs)) {
    alone <- try_columns(exprs[name])
    if (!inherits(alone, "condition")) next
    shown <- rlang::as_label(exprs[[name]])
    abort_judicious(
      c("The database cannot evaluate {.code {shown}}.",
        x = "{sql_message(alone)}",
        i = "The table has the column{?s} {.var {colnames(data)}}; expressions are those that
             {.pkg dbplyr} translates."),
      "column", arg = shown, call = call, parent = NA
    )
  }
  abort_sql(types, call)
}

sql_message <- function(cnd) {
  messages <- c(conditionMessage(cnd), if (!is.null(cnd$parent)) conditionMessage(cnd$parent))
  cli::ansi_strip(paste(messages, collapse = " "))
}

check_sql_types <- function(types, exprs, names, call) {
  for (name in names(exprs)) {
    x <- types[[name]]
    if (inherits(x, "integer64")) next
    if (is.character(x)) check_kinds("text", names[[name]], call)
    check_number_like(x, names[[name]], call)
  }
}

# --- categories ----------------------------------------------------------------------------------

most_categories <- 100

# What every judge of text says; NULL for numbers.
judge_levels <- function(numbers, data, con, call) {
  judges <- grep("^judge_", names(numbers$exprs), value = TRUE)
  if (!length(judges)) return(list())
  types <- sql_types(data, numbers$exprs[judges], numbers$names, call)
  rlang::set_names(lapply(judges, function(judge) {
    if (is.numeric(types[[judge]])) return(NULL)
    said <- dplyr::distinct(plain_columns(data, numbers$exprs[judge]))
    session <- new_session(list(con = con), most_categories)
    found <- ask_some(session, said, paste("categories of", numbers$names[[judge]]), call)
    levels(factor(found[[1]]))
  }), judges)
}

# A judge of text as one 0/1 judge for each of its categories but the last.
by_category <- function(numbers, levels) {
  parts <- lapply(names(levels), function(judge) {
    expr <- numbers$exprs[[judge]]
    if (is.null(levels[[judge]])) return(list(exprs = list(expr), names = numbers$names[[judge]]))
    said <- utils::head(levels[[judge]], -1L)
    list(exprs = lapply(said, function(level) rlang::quo(!!expr == !!level)),
         names = paste0(numbers$names[[judge]], said))
  })
  judges <- number_names(as.list(unlist(lapply(parts, `[[`, "exprs"), recursive = FALSE)), "judge")
  judge_names <- number_names(as.character(unlist(lapply(parts, `[[`, "names"))), "judge")
  others <- setdiff(names(numbers$exprs), names(levels))
  list(exprs = c(numbers$exprs[others], judges), names = c(numbers$names[others], judge_names),
       label = numbers$label, formula = numbers$formula)
}

# The engine decides how a number with a fraction is called.
sql_engine <- function(con) {
  known <- c(
    SQLiteConnection = "sqlite", PqConnection = "postgres", PostgreSQLConnection = "postgres",
    PostgreSQL = "postgres", RedshiftConnection = "redshift", Redshift = "redshift",
    duckdb_connection = "duckdb", `Microsoft SQL Server` = "mssql", Snowflake = "snowflake",
    `Spark SQL` = "spark", spark_connection = "spark", Hive = "spark",
    BigQueryConnection = "bigquery",
    MySQLConnection = "mysql", MariaDBConnection = "mysql"
  )
  class <- class(con)[class(con) %in% names(known)]
  if (length(class)) known[[class[1]]] else "other"
}

sql_double <- function(engine) {
  switch(engine, sqlite = "REAL", mssql = "FLOAT", bigquery = "FLOAT64",
         duckdb = , snowflake = , spark = , mysql = "DOUBLE", "DOUBLE PRECISION")
}

# Sums are of doubles: those of integers would overflow, those of decimals be slow. Booleans cannot
# be summed where an engine has them (SQLite has none, SQL Server counts in bits).
as_sql_number <- function(expr, type, engine) {
  if (is.logical(type) && !engine %in% c("sqlite", "mssql")) {
    return(rlang::quo(dplyr::if_else(!!expr, 1, 0)))
  }
  if (engine == "sqlite") return(expr)  # each value has a type of its own: looked at later
  rlang::quo(CAST(!!expr %AS% !!dbplyr::sql(sql_double(engine))))
}
