# Ratings for tests.

yes_no <- function(...) rating_task(c("yes", "no"), positive = "yes", ...)

# The profile of the only source.
only_profile <- function(x, ...) item_profiles(x, ...)$profiles[[1]]

# A translation with a given F' (sets x options), as if estimated.
known_translation <- function(task, sets, inverse) {
  new_judicious_translation(
    task, "global", list(sets = sets, F = NULL, F_inverse = inverse, set_prob = NULL),
    n_pairs = 1, n_items = 1, sensitivity = c(estimate = NA_real_, std_error = NA_real_)
  )
}

# Ratings whose distribution of forced choices is exactly `o` (items x options).
ratings_with_shares <- function(o, task) {
  new_judicious_ratings(
    task = task, item = as.vector(row(o)), items = seq_len(nrow(o)),
    source = rep(1L, length(o)), sources = "human", choice = as.vector(col(o)),
    set = rep(NA_integer_, length(o)), invalid = integer(length(o)), n = as.vector(o)
  )
}

# Row i of a list of rows, all of one length.
as_rows <- function(x) if (is.matrix(x)) x else do.call(rbind, x)

agreement_reference <- function(part) {
  jsonlite::fromJSON(skip_without_reference("agreement.json"), simplifyDataFrame = FALSE)[[part]]
}

# Bitmasks of a reference lookup (options x sets of 0/1).
lookup_bits <- function(lookup) as.integer(colSums(lookup * 2^(seq_len(nrow(lookup)) - 1)))
