# Speed of label_confidence(method = "semantic"): repeated free-text answers put into clusters by
# ROUGE-L, against the textbook table of the longest common subsequence in plain R. Run it in the
# package's root: Rscript bench/semantic.R prints the results and writes them to their section of
# bench/RESULTS.md. Takes about a minute.
library(judicious)
source("bench/helpers/measure.R")
source("bench/helpers/report.R")

n_items <- 10000
n_answers <- 10
n_words <- 30
n_plain <- 5  # items that plain R gets: it would take hours for all

# Answers to one question are variations on one text: a third of the words is exchanged.
make_answers <- function() {
  vocabulary <- vctrs::vec_unique(replicate(5000, paste(sample(letters, 6), collapse = "")))
  vary <- function(text) {
    at <- sample(n_words, n_words / 3)
    paste(replace(text, at, sample(vocabulary, length(at))), collapse = " ")
  }
  one_item <- function(i) {
    text <- sample(vocabulary, n_words)
    vapply(seq_len(n_answers), function(k) vary(text), "")
  }
  data.frame(item_id = rep(seq_len(n_items), each = n_answers),
             answer = unlist(lapply(seq_len(n_items), one_item)))
}

plain_lcs <- function(a, b) {
  best <- integer(length(b) + 1)
  for (word in a) {
    above <- best
    for (j in seq_along(b)) {
      best[j + 1] <- if (b[j] == word) above[j] + 1L else max(above[j + 1], best[j])
    }
  }
  best[length(b) + 1]
}

plain_clusters <- function(answers, threshold = 0.5) {
  words <- strsplit(answers, " ", fixed = TRUE)
  founders <- list()
  cluster <- integer(length(words))
  for (i in seq_along(words)) {
    f1 <- vapply(founders, function(k) {
      2 * plain_lcs(words[[k]], words[[i]]) / (length(words[[k]]) + length(words[[i]]))
    }, 0)
    alike <- which(f1 >= threshold)
    if (length(alike) == 0L) founders <- c(founders, i)
    cluster[i] <- if (length(alike) > 0L) alike[1] else length(founders)
  }
  cluster
}

measure <- function(draws) {
  few <- draws[draws$item_id <= n_plain, ]
  ours <- function(x, threads) label_confidence(x, "semantic", threads = threads)
  plain <- function() unlist(lapply(split(few$answer, few$item_id), plain_clusters))
  # The comparison is fair only if both give the same clusters, whatever the threads.
  stopifnot(identical(attr(ours(few, 1), "clusters"), unname(plain())),
            identical(ours(draws, 1), ours(draws, 2)))
  least_ms(list(one = function() ours(draws, 1), two = function() ours(draws, 2), plain = plain),
           rounds = 5) / 1000
}

result_table <- function(seconds) {
  all_plain <- seconds[["plain"]] * n_items / n_plain
  data.frame(
    Task = c("1 thread", "2 threads", "plain R, scaled up from 5 items"),
    Seconds = number(c(seconds[c("one", "two")], all_plain)),
    Ratio = number(all_plain / c(seconds[c("one", "two")], all_plain))
  )
}

set.seed(1)
options(cli.progress_show_after = Inf)
machine <- describe_machine()
seconds <- measure(make_answers())
lines <- report_section(
  "Speed of semantic clustering", "semantic.R", machine,
  markdown_table(target("10,000 items x 10 answers of 30 words, 2 threads", seconds[["two"]], 10,
                        "s")), "",
  markdown_table(result_table(seconds)), "",
  "`label_confidence(method = \"semantic\")` against the textbook table of the longest common",
  "subsequence in plain R, which gives the same clusters (checked)."
)
writeLines(lines)
write_section(lines, "semantic.R")
