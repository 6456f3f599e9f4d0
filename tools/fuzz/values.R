# What may be given to an argument by someone who has not read the help, and what is often meant.

numbers <- function() {
  list(0, 1, -1, 0.5, 2L, 3, 10, 50, 1e-300, 1e300, 1e9, Inf, -Inf, NaN, NA, NA_real_, NA_integer_,
       .Machine$integer.max, 2^53, -0.1, 1.5, integer(), numeric(), c(0.2, 0.8), 1:3,
       c(1, NA, 0), c(0, 1), c(-1, 1e308), seq(0.05, 0.95, 0.1))
}

strange <- function() {
  list(NULL, TRUE, FALSE, "", "a", "t", "beta", "rows", NA_character_, character(), c("a", "b"),
       "{x}", "}{", "{.arg y}", "no such thing", letters, factor(c("a", "b", NA)), factor("a"),
       list(), list(1, "a"), list(a = 1, b = NULL), quote(x), quote(f(x)), as.name("judge"),
       function(x) x, function(...) stop("{boom}"), mean, new.env(), Sys.Date(), 1i, raw(2),
       matrix(1:4, 2), matrix(numeric(), 0, 3), array(1, c(2, 2, 2)), data.frame(),
       data.frame(x = 1:3), ~x, y ~ x, human ~ judge, human ~ ., human ~ judge + (1 | item_id),
       structure(list(), class = "judicious_estimate"), structure(1, class = "judicious_ratings"),
       dbplyr::lazy_frame(x = 1, con = dbplyr::simulate_sqlite()),
       as.difftime(1, units = "secs"), Sys.time(),
       expression(a), rep(NA, 40), rep("x", 40))
}

meant <- function() {
  data <- data.frame(item_id = sprintf("i%02d", 1:40), judge = rbinom(40, 1, 0.4),
                     score = rnorm(40), stratum = rep(1:2, 20), prob = 0.5)
  data$human <- replace(rbinom(40, 1, 0.4), sample(40, 20), NA)
  long <- data.frame(item_id = rep(1:9, 2), judge = rep(1:2, each = 9),
                     label = sample(c("a", "b"), 18, TRUE))
  task <- rating_task(c("a", "b"), positive = "a")
  simulated <- simulate_ratings(task, n_items = 12, n_judges = 2, n_ratings = 3)
  list(data, data[0, ], data[1, ], task, simulated$human, simulated$judges, data$judge, data$human,
       data$score, runif(40), runif(40) < 0.7, data$item_id, sample(letters[1:3], 40, TRUE),
       quietly(estimate_mean(human ~ judge, data)), quietly(summarise_labels(human ~ judge, data)),
       sample_uniform(40, 10), matrix(sample(1:3, 60, TRUE), 20),
       quietly(as_judgments(long, item = item_id, judge = judge, label = label)),
       quietly(label_confidence(matrix(sample(c("a", "b"), 60, TRUE), 20), "vote")))
}

quietly <- function(code) suppressMessages(suppressWarnings(code))

# Odd ones first: `n_odd` of them.
fuzz_values <- function() {
  odd <- c(numbers(), strange())
  structure(c(odd, meant()), n_odd = length(odd))
}
