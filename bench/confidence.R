# Speed of what is done with confidences: AUROC with DeLong's interval against pROC, Dawid-Skene,
# and the curves. Run it in the package's root: Rscript bench/confidence.R prints the results and
# writes them to their section of bench/RESULTS.md. Takes about a minute. Needs pROC.
library(judicious)
source("bench/helpers/measure.R")
source("bench/helpers/report.R")

n_scores <- 1e6
n_items <- 1e5
n_judges <- 5

draw_scores <- function(n) {
  confidence <- rbeta(n, 4, 1)
  list(confidence = confidence, correct = runif(n) < confidence)
}

# Judges that err independently; every class is as likely.
draw_panel <- function(n, n_judges, n_classes) {
  truth <- sample.int(n_classes, n, replace = TRUE)
  judge <- function(accuracy) {
    ifelse(runif(n) < accuracy, truth, sample.int(n_classes, n, replace = TRUE))
  }
  accuracies <- seq(0.5, 0.85, length.out = n_judges)
  stats::setNames(as.data.frame(lapply(accuracies, judge)), letters[seq_len(n_judges)])
}

ours <- function(x) confidence_quality(x$confidence, x$correct)
proc <- function(x) {
  pROC::ci.auc(pROC::roc(x$correct, x$confidence, direction = "<", quiet = TRUE))
}

# The comparison is fair only if both give the same numbers.
check_same_auroc <- function(x) {
  q <- ours(x)
  stopifnot(all.equal(c(q$auroc_low, q$auroc, q$auroc_high), as.vector(proc(x)), tolerance = 1e-9))
}

measure <- function() {
  x <- draw_scores(n_scores)
  check_same_auroc(lapply(x, head, 1e5))
  two <- draw_panel(n_items, n_judges, 2)
  five <- draw_panel(n_items, n_judges, 5)
  times <- least_ms(list(
    quality = function() ours(x),
    completion = function() completion_curve(x$confidence, x$correct),
    isotonic = function() calibrate_confidence(x$confidence, x$correct),
    platt = function() calibrate_confidence(x$confidence, x$correct, "platt"),
    threshold = function() choose_threshold(x$confidence, x$correct),
    two_classes = function() combine_judges(two, "dawid_skene"),
    five_classes = function() combine_judges(five, "dawid_skene")
  ), rounds = 3)
  c(times, proc = elapsed_ms(function() proc(x)))
}

result_table <- function(ms) {
  data.frame(
    Task = c("`confidence_quality()` (all measures)", "pROC: `roc()` and `ci.auc()` (AUROC alone)",
             "`completion_curve()`", "`calibrate_confidence()`, isotonic, 5 folds",
             "`calibrate_confidence()`, Platt, 5 folds", "`choose_threshold()`",
             "`combine_judges()`, Dawid-Skene, 2 classes",
             "`combine_judges()`, Dawid-Skene, 5 classes"),
    ms = number(ms[c("quality", "proc", "completion", "isotonic", "platt", "threshold",
                     "two_classes", "five_classes")])
  )
}

set.seed(1)
machine <- describe_machine()
ms <- measure()
lines <- report_section(
  "Speed of what is done with confidences", "confidence.R", machine,
  markdown_table(rbind(
    target("pROC / `confidence_quality()`: AUROC with DeLong's interval, 1e6 scores",
           ms[["proc"]] / ms[["quality"]], 5, "x", at_least = TRUE),
    target("Dawid-Skene, 1e5 items, 5 judges, 5 classes", ms[["five_classes"]] / 1000, 2, "s")
  )), "",
  markdown_table(result_table(ms)), "",
  "Scores are 1,000,000 distinct confidences; panels are 100,000 items of 5 judges; one thread.",
  "Both packages give the same AUROC and interval (checked), ours with all other measures as well."
)
writeLines(lines)
write_section(lines, "confidence.R")
