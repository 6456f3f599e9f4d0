# A random key for every row of a table, from its id and a seed: the same row has the same key on
# any shard and in any order. Integers are hashed by a random polynomial over a prime field, in
# arithmetic that all engines share: keys of any 6 ids are independent and uniform. Text is hashed
# by MD5 where the engine has it.

key_prime <- 2147483647L
second_prime <- 2147483629L

new_key_seed <- function(n = 6L) sample.int(key_prime, n) - 1L

sql_bigint <- function(engine) {
  switch(engine, sqlite = "INTEGER", bigquery = "INT64", mysql = "SIGNED", "BIGINT")
}

has_text_hash <- function(engine) {
  engine %in% c("postgres", "redshift", "duckdb", "spark", "snowflake", "mysql", "bigquery")
}

# Whether keys of such ids can be made where the rows are.
can_hash <- function(frame) frame$id_kind == "integer" || has_text_hash(frame$engine)

# `frame` says the kind and range of the ids.
key_expression <- function(frame, seeds = list(new_key_seed(), new_key_seed())) {
  if (frame$id_kind == "text") return(text_key(frame$engine))
  id <- rlang::expr(CAST(!!sql_column("id") %AS% !!dbplyr::sql(sql_bigint(frame$engine))))
  key <- hash_polynomial(remainder(id, key_prime, frame), seeds[[1]])
  if (frame$low >= 0 && frame$high < key_prime) return(key)
  # Two remainders tell apart ids of up to 62 bits.
  other <- hash_polynomial(remainder(id, second_prime, frame), seeds[[2]])
  rlang::expr((!!key + !!other) %% !!key_prime)
}

remainder <- function(id, prime, frame) {
  if (frame$low >= 0 && frame$high < key_prime) return(id)
  rest <- rlang::expr(!!id %% !!prime)
  if (frame$low >= 0) rest else rlang::expr((!!rest + !!prime) %% !!prime)
}

# Horner's rule; a product of two remainders has 62 bits.
hash_polynomial <- function(x, coefficients) {
  Reduce(function(h, a) rlang::expr(((!!h) * (!!x) + !!a) %% !!key_prime), coefficients)
}

text_key <- function(engine) {
  salt <- paste(new_key_seed(2L), collapse = "-")
  key <- rlang::expr(MD5(paste0(!!sql_column("id"), !!salt)))
  if (engine == "bigquery") rlang::expr(TO_HEX(!!key)) else key
}
