# Speed of monitor_mean() and validate_monitor(). Run it in the package's root: Rscript
# bench/monitor.R prints the results and writes them to its section of bench/RESULTS.md. Takes about
# a minute.
library(judicious)
source("bench/helpers/measure.R")
source("bench/helpers/report.R")

set.seed(1)
n <- 1e7
rows <- data.frame(batch = rep(seq_len(1000), each = n / 1000), human = NA_real_,
                   judge = as.double(runif(n) < 0.1))
rows$human[sample(n, 1e5)] <- as.double(runif(1e5) < 0.1)
watch <- function(data, threads) {
  monitor_mean(human ~ judge, data, batch = batch, threshold = 0.12, threads = threads)
}
so_far <- watch(rows, 2)
next_batch <- transform(rows[seq_len(1e4), ], batch = 1001)
stream <- simulator("binary", n = 200, true_mean = 0.05, proxy_mean = 0.05, correlation = 0.7,
                    n_labelled = 20)

machine <- describe_machine()
ms <- least_ms(list(
  two = function() watch(rows, 2), one = function() watch(rows, 1),
  update = function() update(so_far, next_batch),
  streams = function() validate_monitor(stream, n_rep = 4000, threads = 2)
), rounds = 3)

lines <- report_section(
  "Speed of monitor_mean()", "monitor.R", machine,
  markdown_table(rbind(
    target("1,000 batches of 10,000 rows, 2 threads", ms[["two"]] / 1000, 1, "s"),
    target("4,000 streams of 50 batches of 200 rows, 2 threads", ms[["streams"]] / 1000, 10, "s")
  )), "",
  paste0("One thread: ", number(ms[["one"]] / 1000), " s. update() by one batch of 10,000 rows: ",
         number(ms[["update"]]), " ms.")
)
writeLines(lines)
write_section(lines, "monitor.R")
