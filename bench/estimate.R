# Speed and memory of estimate_mean() and sample_active(), against sum() and against plain
# vectorised R. Run it in the package's root: Rscript bench/estimate.R prints the results and writes
# them to their section of bench/RESULTS.md. Takes about three minutes and 4 GB.
library(judicious)
source("bench/helpers/measure.R")
source("bench/helpers/report.R")
source("bench/helpers/vectorised.R")

n_rows <- 1e7
n_items <- 1e6

make_turns <- function(n) {
  judge <- runif(n)
  prob <- runif(n, 0.005, 0.015)
  labelled <- runif(n) < prob
  human <- rep(NA_real_, n)
  human[labelled] <- judge[labelled] + rnorm(sum(labelled))
  language <- sample.int(8L, n, replace = TRUE)
  conversation <- sample.int(n %/% 10L, n, replace = TRUE)
  data.frame(human, judge, second_judge = runif(n), prob, language,
             language_factor = factor(language), language_name = letters[language],
             conversation, conversation_sorted = sort(conversation))
}

# What is measured: `ours` and the same formulas in plain R.
estimation_cases <- function(turns) {
  case <- function(ours, vectorised) list(ours = ours, vectorised = vectorised)
  list(
    "one judge" = case(
      function(...) estimate_mean(human ~ judge, turns, ...),
      function() with(turns, plain_mean_one(human, judge))
    ),
    "two judges" = case(
      function(...) estimate_mean(human ~ judge + second_judge, turns, ...),
      function() with(turns, plain_mean(human, cbind(judge, second_judge)))
    ),
    "8 strata, integers" = case(
      function(...) estimate_mean(human ~ judge, turns, strata = language, ...),
      function() with(turns, plain_strata(human, judge, language))
    ),
    "8 strata, factor" = case(
      function(...) estimate_mean(human ~ judge, turns, strata = language_factor, ...),
      function() with(turns, plain_strata(human, judge, language_factor))
    ),
    "8 strata, strings" = case(
      function(...) estimate_mean(human ~ judge, turns, strata = language_name, ...),
      function() with(turns, plain_strata(human, judge, language_name))
    ),
    "clusters of 10, shuffled" = case(
      function(...) estimate_mean(human ~ judge, turns, clusters = conversation, ...),
      function() with(turns, plain_clusters(human, judge, conversation))
    ),
    "clusters of 10, sorted" = case(
      function(...) estimate_mean(human ~ judge, turns, clusters = conversation_sorted, ...),
      function() with(turns, plain_clusters(human, judge, conversation_sorted))
    ),
    "prob" = case(
      function(...) estimate_mean(human ~ judge, turns, prob = prob, ...),
      function() with(turns, plain_prob(human, judge, prob))
    )
  )
}

# The comparison is fair only if both give the same numbers.
check_same_estimate <- function(case) {
  fit <- case$ours(interval = "normal")
  stopifnot(all.equal(c(fit$estimate, fit$std_error), case$vectorised(), tolerance = 1e-8,
                      check.attributes = FALSE))
}

measure_estimation <- function(turns) {
  force(turns)  # not within the first measurement
  cases <- estimation_cases(turns)
  on <- function(threads) lapply(cases, function(case) function() case$ours(threads = threads))
  peak <- vapply(on(1), peak_bytes, 0)
  lapply(cases, check_same_estimate)
  dense <- turns$judge
  sums <- list(as_is = function() c(sum(turns$human), sum(turns$judge)),
               dense = function() c(sum(dense), sum(dense)))
  times <- least_ms(c(sums, one = on(1), two = on(2)), rounds = 5)
  group <- function(prefix) unname(times[startsWith(names(times), prefix)])
  vectorised <- least_ms(lapply(cases, `[[`, "vectorised"), rounds = 2)
  list(
    sums = times[names(sums)],
    allocated = allocated_bytes(on(1)[[1]]),
    table = data.frame(one = group("one."), two = group("two."), vectorised, peak,
                       row.names = names(cases))
  )
}

measure_sampling <- function(n_items) {
  uncertainty <- rexp(n_items)^3
  n <- n_items / 5
  ours <- sample_active(uncertainty, n)$prob
  theirs <- plain_active(uncertainty, n)$prob
  kept <- !is.na(ours) & !is.na(theirs)  # the cut-off falls elsewhere in each draw
  stopifnot(all.equal(ours[kept], theirs[kept]), any(ours[kept] == 1))  # the cap is active
  least_ms(list(
    poisson = function() sample_active(uncertainty, n),
    pivotal = function() sample_active(uncertainty, n, method = "pivotal"),
    vectorised = function() plain_active(uncertainty, n)
  ), rounds = 5)
}

# --- the report ----------------------------------------------------------------

targets <- function(estimation, sampling, input_bytes) {
  one <- stats::setNames(estimation$table$one, rownames(estimation$table))
  sums <- estimation$sums
  ratio <- function(name, limit) {
    target(paste0(name, " / one judge"), one[[name]] / one[["one judge"]], limit, "x")
  }
  rbind(
    target("one judge / sum() of the same two vectors", one[[1]] / sums[["as_is"]], 4, "x"),
    target("one judge / sum() of two vectors without NA", one[[1]] / sums[["dense"]], 4, "x"),
    target("memory allocated by R / input", 100 * estimation$allocated / input_bytes, 10, "%"),
    target("peak memory, R and core / input", 100 * estimation$table$peak[1] / input_bytes, 10,
           "%"),
    target("2 threads / 1 thread, one judge", estimation$table$two[1] / one[[1]], 1, "x"),
    ratio("two judges", 2),
    ratio("8 strata, integers", 2),
    ratio("8 strata, factor", 2),
    ratio("8 strata, strings", 2),
    ratio("clusters of 10, shuffled", 8),
    ratio("clusters of 10, sorted", 8),
    ratio("prob", 2),
    target("sample_active(), 1e6 items, cap active", sampling[["poisson"]] / 1000, 1, "s")
  )
}

case_table <- function(x) {
  data.frame(
    Design = rownames(x), `1 thread, ms` = number(x$one), `/ one judge` = number(x$one / x$one[1]),
    `2 threads, ms` = number(x$two), `Vectorised R, ms` = number(x$vectorised),
    `Vectorised R / 1 thread` = number(x$vectorised / x$one),
    `Peak memory, MB` = number(x$peak / 1e6), check.names = FALSE
  )
}

sampling_table <- function(x) {
  data.frame(Task = c("method \"poisson\"", "method \"pivotal\"", "vectorised R, \"poisson\""),
             ms = number(x))
}

report <- function(machine, estimation, sampling, input_bytes) {
  report_section(
    "Speed of estimate_mean() and sample_active()", "estimate.R", machine,
    markdown_table(targets(estimation, sampling, input_bytes)), "",
    "Strings as strata are the only ids here that must be hashed first (by vctrs); as a factor",
    "they are read in place.", "",
    paste("`sum()` of the same vectors is slow because most labels are `NA` and R adds in extended",
          "precision, where NaN takes a slow path:"),
    paste0(number(estimation$sums[["as_is"]]), " ms; of two vectors without `NA`, ",
           number(estimation$sums[["dense"]]), " ms. The second is the fair baseline."), "",
    "## `estimate_mean()`", "",
    paste0(format(n_rows, big.mark = ",", scientific = FALSE), " rows of doubles, 1 % labelled: ",
           "labels and one judge are ", number(input_bytes / 1e6), " MB. Clusters of 10 rows are"),
    paste0(format(n_rows / 10, big.mark = ",", scientific = FALSE), " clusters. Vectorised R ",
           "gives the same estimate and standard error (checked), but no"),
    "interval, input checks or robust variance.", "",
    markdown_table(case_table(estimation$table)), "",
    "## `sample_active()`", "",
    paste(format(n_items, big.mark = ",", scientific = FALSE),
          "items, one fifth labelled, the cap prob <= 1 active."), "",
    markdown_table(sampling_table(sampling))
  )
}

set.seed(1)
machine <- describe_machine()
sampling <- measure_sampling(n_items)
estimation <- measure_estimation(make_turns(n_rows))
lines <- report(machine, estimation, sampling, input_bytes = 16 * n_rows)
writeLines(lines)
write_section(lines, "estimate.R")
