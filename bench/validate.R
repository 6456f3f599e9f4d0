# Speed of validate_coverage(). Run it in the package's root: Rscript bench/validate.R prints the
# results and writes them to its section of bench/RESULTS.md. Takes about a minute.
library(judicious)
source("bench/helpers/measure.R")
source("bench/helpers/report.R")

n_rep <- 10000

logs <- simulator(simulate_binary, n = 2000, true_mean = 0.1, proxy_mean = 0.1, correlation = 0.6,
                  n_labelled = 100)
ppi <- estimator(human ~ y_proxy)
all_intervals <- estimator(human ~ y_proxy, preset = c("recommended", "published"),
                           interval = c("beta", "wilson", "t", "normal"))
bootstrap <- estimator(human ~ y_proxy, interval = "bootstrap", n_boot = 500)

in_core <- function(estimator, threads, n = n_rep) {
  function() validate_coverage(logs, estimator, n_rep = n, threads = threads)
}
in_r <- function() {
  validate_coverage(logs, function(data) estimate_mean(human ~ y_proxy, data), truth = 0.1,
                    n_rep = n_rep / 50)
}

set.seed(1)
machine <- describe_machine()
ms <- least_ms(list(
  one = in_core(ppi, 1), two = in_core(ppi, 2), all = in_core(all_intervals, 2),
  bootstrap = in_core(bootstrap, 2, n_rep / 10), r = in_r
), rounds = 5)

cases <- data.frame(
  Task = c("PPI++, 2 threads", "PPI++, 1 thread", "8 presets and intervals at once, 2 threads",
           "bootstrap of 500 resamples, 2 threads", "PPI++ as a function of the user, in R"),
  `Data sets` = n_rep / c(1, 1, 1, 10, 50),
  Seconds = number(ms[c("two", "one", "all", "bootstrap", "r")] / 1000), check.names = FALSE
)
cases[["Data sets per second"]] <- format(
  signif(1000 * cases[["Data sets"]] / ms[c("two", "one", "all", "bootstrap", "r")], 3),
  big.mark = ",", scientific = FALSE, trim = TRUE
)

lines <- report_section(
  "Speed of validate_coverage()", "validate.R", machine,
  markdown_table(rbind(
    target("10,000 data sets of 2,000 rows, PPI++, 2 threads", ms[["two"]] / 1000, 5, "s"),
    target("1 thread / 2 threads", ms[["one"]] / ms[["two"]], 1.6, "x", at_least = TRUE)
  )), "",
  "Data sets of 2,000 rows with 100 labels, ten levels each.", "",
  markdown_table(cases)
)
writeLines(lines)
write_section(lines, "validate.R")
