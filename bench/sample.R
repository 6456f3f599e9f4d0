# Speed of the samplers that spend a budget: sample_cost_optimal() and sample_stratified(), against
# plain vectorised R. Run it in the package's root: Rscript bench/sample.R prints the results and
# writes them to their section of bench/RESULTS.md. Takes about a minute.
library(judicious)
source("bench/helpers/measure.R")
source("bench/helpers/vectorised-sampling.R")
source("bench/helpers/report.R")

n_items <- 1e6
n_few <- 3000
human_cost <- 5
judge_cost <- 0.1
pilot <- rep(0:1, c(70, 30))
pilot_judge <- rep(0:1, c(80, 20))

draw_uncertainty <- function(n) rexp(n)^2 / 5

ours <- function(u, budget = 1e5) {
  sample_cost_optimal(u, pilot, human_cost, judge_cost, budget)
}
plain <- function(u, probabilities, budget = 1e5) {
  plain_purchase(probabilities(u, var(pilot), human_cost, judge_cost), human_cost, judge_cost,
                 budget)
}

# The comparison is fair only if both give the same numbers; some items are sure of a label.
check_same_plan <- function(u, probabilities) {
  rich <- 1e12
  prob <- ours(u, rich)$prob
  stopifnot(all.equal(prob, plain(u, probabilities, rich)$prob), any(prob == 1), any(prob < 1))
}

check_same_strata <- function(strata, n, y_proxy) {
  plan <- sample_stratified(strata, n, y_proxy)
  theirs <- plain_stratified(strata, n, y_proxy)
  stopifnot(all.equal(plan$prob, theirs$prob), sum(plan$selected) == sum(theirs$selected))
}

measure <- function() {
  u <- draw_uncertainty(n_items)
  few <- draw_uncertainty(n_few)
  strata <- sample.int(50L, n_items, replace = TRUE)
  y_proxy <- rnorm(n_items, sd = strata)
  n <- n_items / 10
  check_same_plan(u, plain_cost_optimal)
  check_same_plan(few, plain_cost_optimal_quadratic)
  check_same_strata(strata, n, y_proxy)
  least_ms(list(
    cost_optimal = function() ours(u),
    vectorised = function() plain(u, plain_cost_optimal),
    few = function() ours(few, 1000),
    quadratic = function() plain(few, plain_cost_optimal_quadratic, 1000),
    random = function() {
      sample_cost_optimal_random(n_items, pilot, pilot_judge, human_cost, judge_cost, 1e5)
    },
    stratified = function() sample_stratified(strata, n, y_proxy),
    stratified_vectorised = function() plain_stratified(strata, n, y_proxy)
  ), rounds = 5)
}

result_table <- function(ms) {
  data.frame(
    Task = c("`sample_cost_optimal()`, 1,000,000 items", "`sample_cost_optimal()`, 3,000 items",
             "`sample_cost_optimal_random()`, 1,000,000 items",
             "`sample_stratified()`, 1,000,000 items, 50 strata"),
    ms = number(ms[c("cost_optimal", "few", "random", "stratified")]),
    `Vectorised R, ms` = c(number(ms[["vectorised"]]), number(ms[["quadratic"]]), "",
                           number(ms[["stratified_vectorised"]])),
    Ratio = c(number(ms[["vectorised"]] / ms[["cost_optimal"]]),
              number(ms[["quadratic"]] / ms[["few"]]), "",
              number(ms[["stratified_vectorised"]] / ms[["stratified"]])),
    check.names = FALSE, row.names = NULL
  )
}

set.seed(1)
machine <- describe_machine()
ms <- measure()
lines <- report_section(
  "Speed of the samplers that spend a budget", "sample.R", machine,
  markdown_table(target("`sample_cost_optimal()` on 1e6 items", ms[["cost_optimal"]] / 1000, 2,
                        "s")), "",
  markdown_table(result_table(ms)), "",
  "Times include checks, draws and cut-off. Vectorised R gives the same probabilities (checked).",
  "For 1,000,000 items it sorts once too; for 3,000 items it visits all items for each threshold,",
  "as the formula reads, which would take hours for 1,000,000."
)
writeLines(lines)
write_section(lines, "sample.R")
