# Speed and memory of estimate_mean() and sample_active(), against sums of the same columns and
# against plain vectorised R. Run it in the package's root: Rscript bench/estimate.R prints the
# results and writes them to their section of bench/RESULTS.md. Takes about four minutes and 4 GB.
library(judicious)
source("bench/helpers/measure.R")
source("bench/helpers/report.R")
source("bench/helpers/vectorised.R")
withr::with_envvar(c(PKG_CXXFLAGS = "-w"), Rcpp::sourceCpp("bench/helpers/sums.cpp"))

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
             conversation, conversation_sorted = sort(conversation),
             human_integer = as.integer(human > 0.5), judge_integer = as.integer(judge > 0.5),
             human_logical = human > 0.5, judge_logical = judge > 0.5)
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
    ),
    "integers" = case(
      function(...) estimate_mean(human_integer ~ judge_integer, turns, ...),
      function() with(turns, plain_mean_one(as.double(human_integer), as.double(judge_integer)))
    ),
    "logicals" = case(
      function(...) estimate_mean(human_logical ~ judge_logical, turns, ...),
      function() with(turns, plain_mean_one(as.double(human_logical), as.double(judge_logical)))
    )
  )
}

# The comparison is fair only if both give the same numbers.
check_same_estimate <- function(case) {
  fit <- case$ours(interval = "normal")
  stopifnot(all.equal(c(fit$estimate, fit$std_error), case$vectorised(), tolerance = 1e-8,
                      check.attributes = FALSE))
}

# What the second CPU of this machine is worth to reading memory: two processes at once, which share
# nothing, each sum what one of them sums.
second_cpu <- function(human, judge) {
  often <- function() for (i in 1:20) sum_both(human, judge)
  both <- function() parallel::mclapply(1:2, function(i) often(), mc.cores = 2)
  ms <- least_ms(list(one = often, both = both), rounds = 5)
  2 * ms[["one"]] / ms[["both"]]
}

measure_estimation <- function(turns) {
  force(turns)  # not within the first measurement
  cases <- estimation_cases(turns)
  on <- function(threads, of = cases) {
    lapply(of, function(case) function() case$ours(threads = threads))
  }
  first <- function(rows, n) utils::head(which(rows), n)
  some <- c(first(!is.na(turns$human), 300), first(is.na(turns$human), 700))
  few <- on(1, estimation_cases(turns[some, ]))
  peak <- mapply(peak_bytes, on(1), few)
  lapply(cases, check_same_estimate)
  human <- turns$human
  dense <- turns$judge
  sums <- list(lanes = function() sum_both(human, dense),
               pass = function() summarise_both(human, dense),
               dense = function() c(sum(dense), sum(dense)))
  times <- least_ms(c(sums, one = on(1), two = on(2)), rounds = 7)
  group <- function(prefix) unname(times[startsWith(names(times), prefix)])
  vectorised <- least_ms(lapply(cases, `[[`, "vectorised"), rounds = 2)
  list(
    sums = times[names(sums)],
    allocated = allocated_bytes(on(1)[[1]]),
    ceiling = second_cpu(human, dense),
    table = data.frame(one = group("one."), two = group("two."), vectorised, peak,
                       row.names = names(cases))
  )
}

measure_sampling <- function(n_items) {
  uncertainty <- rexp(n_items)^3
  n <- n_items / 5
  ours <- sample_active(uncertainty, n, method = "poisson", mix = 0)$prob
  theirs <- plain_active(uncertainty, n)$prob
  kept <- !is.na(ours) & !is.na(theirs)  # the cut-off falls elsewhere in each draw
  stopifnot(all.equal(ours[kept], theirs[kept]), any(ours[kept] == 1))  # the cap is active
  least_ms(list(
    poisson = function() sample_active(uncertainty, n, method = "poisson", mix = 0),
    pivotal = function() sample_active(uncertainty, n, mix = 0),
    vectorised = function() plain_active(uncertainty, n)
  ), rounds = 5)
}

# --- the report ----------------------------------------------------------------

# Bytes of the columns that a design reads, per row.
row_bytes <- c("one judge" = 16, "two judges" = 24, "8 strata, integers" = 20,
               "8 strata, factor" = 20, "8 strata, strings" = 24, "prob" = 24, "integers" = 8,
               "logicals" = 8)

targets <- function(estimation, sampling) {
  table <- estimation$table
  one <- stats::setNames(table$one, rownames(table))
  judge <- one[["one judge"]]
  sums <- estimation$sums
  ratio <- function(name, limit) {
    target(paste0(name, " / one judge"), one[[name]] / judge, limit, "x")
  }
  per_byte <- function(name) {
    target(paste0(name, " / doubles, per byte"), 2 * one[[name]] / judge, 1, "x")
  }
  peak <- stats::setNames(table$peak, rownames(table))[names(row_bytes)]
  share <- 100 * peak / (row_bytes * n_rows)
  faster <- table$one / table$two
  rbind(
    target("one judge / both columns summed in C++", judge / sums[["lanes"]], 1.5, "x"),
    target("one judge / `sum()` of two vectors without NA", judge / sums[["dense"]], 0.8, "x"),
    ratio("two judges", 1.3), ratio("8 strata, integers", 1.5), ratio("8 strata, factor", 1.5),
    ratio("8 strata, strings", 3), ratio("prob", 1.5), ratio("clusters of 10, sorted", 2),
    ratio("clusters of 10, shuffled", 5), per_byte("integers"), per_byte("logicals"),
    target(paste0("1 thread / 2 threads, the least (", rownames(table)[which.min(faster)], ")"),
           min(faster), number(1.7 / 2 * estimation$ceiling), "x", at_least = TRUE),
    target("1 thread / 2 threads, one judge", faster[1], number(1.7 / 2 * estimation$ceiling), "x",
           at_least = TRUE),
    target(paste0("peak memory, R and core / input, the most (", names(which.max(share)), ")"),
           max(share), 2, "%"),
    target("peak memory, R and core / input, one judge", share[["one judge"]], 2, "%"),
    target("`sample_active()`, 1e6 items, cap active", sampling[["poisson"]] / 1000, 1, "s")
  )
}

case_table <- function(x) {
  data.frame(
    Design = rownames(x), `1 thread, ms` = number(x$one), `/ one judge` = number(x$one / x$one[1]),
    `2 threads, ms` = number(x$two), `1 / 2 threads` = number(x$one / x$two),
    `Vectorised R, ms` = number(x$vectorised),
    `Vectorised R / 1 thread` = number(x$vectorised / x$one),
    `Peak memory, MB` = number(x$peak / 1e6), check.names = FALSE
  )
}

sampling_table <- function(x) {
  data.frame(Task = c("method \"poisson\"", "method \"pivotal\"", "vectorised R, \"poisson\""),
             ms = number(x))
}

report <- function(machine, estimation, sampling) {
  report_section(
    "Speed of estimate_mean() and sample_active()", "estimate.R", machine,
    markdown_table(targets(estimation, sampling)), "",
    paste0("Both columns summed in C++ (two doubles at a time, no test for NA): ",
           number(estimation$sums[["lanes"]]), " ms; `sum()` of two vectors without"),
    paste0("NA: ", number(estimation$sums[["dense"]]), " ms. The core's pass alone, without R: ",
           number(estimation$sums[["pass"]]), " ms, ",
           number(estimation$sums[["pass"]] / estimation$sums[["lanes"]]), " x."),
    paste0("Two processes that share nothing and sum the same columns get ",
           number(estimation$ceiling), " times as"),
    "much done as one: that is this machine's ceiling for 2 threads, and the limit above is",
    "1.7 / 2 of it.", "",
    "## `estimate_mean()`", "",
    paste0(format(n_rows, big.mark = ",", scientific = FALSE), " rows of doubles, 1 % labelled: ",
           "labels and one judge are ", number(16 * n_rows / 1e6), " MB. Clusters of 10 rows are"),
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
lines <- report(machine, estimation, sampling)
writeLines(lines)
write_section(lines, "estimate.R")
