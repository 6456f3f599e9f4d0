# Ratings of two options whose response sets and tie-breaking are known.

yes_no <- function() rating_task(c("yes", "no"), positive = "yes")

# n items x 3 probabilities of the sets {yes}, {no}, {yes, no}.
set_probabilities <- function(n) {
  x <- matrix(rexp(3 * n), n)
  x / rowSums(x)
}

# `first`: how often a rater who finds both options reasonable picks "yes".
rate_sets <- function(theta, source, n_ratings = 5, first = 0.5) {
  n <- nrow(theta)
  draw <- function(p) sample.int(3, n_ratings, replace = TRUE, prob = p)
  set <- as.vector(apply(theta, 1, draw))
  both <- ifelse(runif(length(set)) < first, "yes", "no")
  data <- data.frame(
    id = rep(seq_len(n), each = n_ratings), source = source,
    fc = ifelse(set == 1, "yes", ifelse(set == 2, "no", both)),
    rs = c("yes", "no", "yes|no")[set]
  )
  as_ratings(data, item = id, choice = fc, set = rs, source = source, task = yes_no())
}

disturb <- function(theta, noise) {
  x <- pmax(theta + rnorm(length(theta), 0, noise), 1e-3)
  x / rowSums(x)
}

# Judges with noise of different size that break ties in different ways.
rate_judges <- function(theta, noise, first, n_ratings = 8) {
  judges <- Map(function(noise, first, name) {
    rate_sets(disturb(theta, noise), name, n_ratings, first)
  }, noise, first, paste0("judge_", letters[seq_along(noise)]))
  do.call(c, unname(judges))
}

# Humans pick "no" where both are reasonable; judges a and b are good, a breaks ties
# the other way.
rated_example <- function(n = 150, seed = 1) {
  withr::with_seed(seed, {
    theta <- set_probabilities(n)
    list(human = rate_sets(theta, "human", first = 0.1),
         judges = rate_judges(theta, c(0.03, 0.1, 0.3, 0.6), c(0.95, 0.1, 0.1, 0.5)))
  })
}

# A profile as metrics read it, from items x options matrices.
profile_of <- function(o, omega = o, p_positive = omega[, 1], n_choice = 1) {
  n <- nrow(o)
  list(o = t(o), omega = t(omega), p_positive = p_positive, n_choice = rep(n_choice, n),
       n_set = rep(n_choice, n), invalid_choice = rep(0, n), invalid_set = rep(0, n), o_low = NULL,
       o_high = NULL, omega_low = NULL, omega_high = NULL, p_low = NULL, p_high = NULL)
}

pair_of <- function(human, judge) {
  list(humans = list(human), judges = list(judge = judge), items = seq_len(ncol(human$o)))
}

# Estimates of one judge, named by metric.
metric_values <- function(pair, metrics, tau = 0.5, smooth = 0) {
  boot <- list(conf_level = 0.95, n_boot = 0, threads = 1L)
  specs <- metric_specs(pair, metrics, tau)
  values <- compute_metrics(pair, specs, boot, smooth, FALSE, rlang::current_env())
  stats::setNames(values$estimate, specs$metric)
}

# The ratings of one source under another name.
rename_source <- function(ratings, from, to) {
  keep <- ratings$source == match(from, ratings$sources)
  for (field in c("item", "rater", "choice", "set", "invalid", "n")) {
    if (!is.null(ratings[[field]])) ratings[[field]] <- ratings[[field]][keep]
  }
  ratings$source <- rep(1L, sum(keep))
  ratings$sources <- to
  ratings
}
