# The widths that let a page tell what interval to expect: computed here, looked up there.

live_rates <- c(0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.98, 0.99)

# NULL where no honest line is possible. `half`: one row per rate (or one), one column per n; `by`:
# "rate", "sd" (times the standard deviation of the scores), "worst" (a rate of one half) or "n".
page_live <- function(question, n_planned, sample, plan, call) {
  if (!is.null(plan)) check_class(plan, "judicious_plan", "plan_annotation()", "plan", call)
  if (n_planned < 10L) return(NULL)
  n <- unique(round(exp(seq(log(10), log(n_planned), length.out = 12L))))
  if (!is.null(plan)) return(live_from_plan(plan, question, n, call))
  if (!is_simple_sample(sample)) return(NULL)
  if (question$answer == "score") {
    return(live_rows(list(list(mean = 0, sd = 1)), n, by = "sd", call = call))
  }
  if (!has_rate(question)) return(live_rows(list(list(rate = 0.5)), n, by = "worst", call = call))
  live_rows(lapply(live_rates, function(rate) list(rate = rate)), n, by = "rate", call = call)
}

# Labels of a simple or stratified sample; what clusters and unequal probabilities cost is for
# plan_annotation() to say.
is_simple_sample <- function(sample) {
  is.null(sample) || attr(sample, "method") %in% c("uniform", "neyman", "proportional")
}

has_rate <- function(question) {
  question$answer %in% c("choice", "both") && length(question$positive) > 0L
}

live_from_plan <- function(plan, question, n, call) {
  core <- plan$core
  if (core$binary == (question$answer == "score")) {
    abort_judicious(
      c("{.arg plan} must be about what the first question asks.",
        x = "It plans {if (core$binary) 'a rate' else 'a mean of scores'}."),
      "input", arg = "plan", call = call
    )
  }
  n <- n[n <= core$n_total]
  if (length(n) == 0L) return(NULL)
  by_rate <- core$binary && core$unit_share == 1 && core$base_share == 1 && has_rate(question) &&
    core$correlation >= 0
  if (!by_rate) return(live_table(list(core), plan$test, n, plan$uncertainty, by = "n"))
  known <- lapply(live_rates, function(rate) list(rate = rate, correlation = core$correlation))
  live_rows(known, n, by = "rate", n_total = core$n_total, test = plan$test,
            uncertainty = plan$uncertainty, call = call)
}

live_rows <- function(known, n, by, n_total = Inf, test = list(conf_level = 0.95),
                      uncertainty = NULL, call) {
  cores <- lapply(known, function(row) plan_core(list_assumptions(row, call), n_total))
  live_table(cores, test, n, uncertainty, by)
}

live_table <- function(cores, test, n, uncertainty, by) {
  test <- list(conf_level = test$conf_level, mu = NULL, alternative = "two.sided")
  half <- lapply(cores, function(core) {
    I(signif(plan_predict_cpp(core, test, n, uncertainty)$width / 2, 4))
  })
  list(by = by, points = cores[[1]]$binary, level = test$conf_level, n = I(n),
       rates = if (by == "rate") I(live_rates), half = half)
}
