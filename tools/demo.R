# The main job on real input: what share of answers is hallucinated, from a judge
# and a few human labels. Prints judge only, human only and both, tests whether
# the rate is above 5 %, and writes one forest plot per walkthrough.
#   Rscript tools/demo.R [folder for the plots]

library(judicious)

folder <- c(commandArgs(trailingOnly = TRUE), "demo-output")[1]
dir.create(folder, showWarnings = FALSE, recursive = TRUE)

read_data <- function(name) {
  utils::read.csv(system.file("extdata", paste0(name, ".csv"), package = "judicious"))
}

# Each row of the table with its test of H0: rate = 5 %. The truth is known here:
# the mean of all human labels.
print_table <- function(fits, truth, preset) {
  compared <- do.call(compare_estimates, c(fits, truth = truth))
  p <- vapply(fits, function(fit) test_mean(fit, 0.05, "greater")$p.value, 0)
  lines <- format(compared)
  width <- max(nchar(lines))
  shown <- ifelse(p < 1e-6, "< 1e-6", formatC(p, digits = 6, format = "f"))
  shown <- c("p (rate > 5%)", shown, "")[seq_along(lines)]
  cat("\n", preset, " preset\n", sep = "")
  cat(trimws(paste0("  ", formatC(lines, width = -width), "  ", shown), "right"), sep = "\n")
  invisible(compared)
}

save_plot <- function(compared, name, title) {
  file <- file.path(folder, paste0(name, ".png"))
  plot <- ggplot2::autoplot(compared) + ggplot2::labs(title = title, x = "Hallucination rate")
  ggplot2::ggsave(file, plot, width = 7, height = 4, dpi = 300)
  cat("\nForest plot:", normalizePath(file), "\n")
}

# `fit` takes a formula and a preset; `judge` and `both` are the right-hand sides.
walkthrough <- function(name, title, truth, fit) {
  cat("\n", strrep("=", 78), "\n", title, "\n", sep = "")
  for (preset in c("published", "recommended")) {
    compared <- print_table(fit(preset), truth, preset)
  }
  save_plot(compared, name, title)
}

asi <- read_data("asi")
walkthrough("asi", "Labels chosen by the judge's uncertainty (active statistical inference)",
            mean(asi$y_oracle), function(preset) {
  list(
    judge_only = estimate_mean(y_proxy ~ 1, asi, preset = preset),
    human_only = estimate_mean(y_true ~ 1, asi, prob = pi, preset = preset),
    human_and_judge = estimate_mean(y_true ~ y_proxy, asi, prob = pi, preset = preset)
  )
})

multi <- read_data("multi")
walkthrough("multi", "Two judges (Multi-PPI++)", mean(multi$y_oracle), function(preset) {
  list(
    gemini_only = estimate_mean(gemini ~ 1, multi, preset = preset),
    claude_only = estimate_mean(claude ~ 1, multi, preset = preset),
    human_only = estimate_mean(y_true ~ 1, multi, preset = preset),
    human_and_judges = estimate_mean(y_true ~ gemini + claude, multi, preset = preset)
  )
})

turns <- read_data("cluster")
conversation_rates <- tapply(turns$y_oracle, turns$cluster, mean)
walkthrough("cluster", "Whole conversations labelled, mean over conversations (Cluster PPI++)",
            mean(conversation_rates), function(preset) {
  fit <- function(formula) {
    estimate_mean(formula, turns, clusters = cluster, estimand = "clusters", preset = preset)
  }
  list(judge_only = fit(y_proxy ~ 1), human_only = fit(y_true ~ 1),
       human_and_judge = fit(y_true ~ y_proxy))
})

# --- real data, where they are at hand -----------------------------------------

# 100 labels drawn at random; the truth is the mean of all human labels.
real_data <- function(title, data, human, judge) {
  cat("\n", strrep("=", 78), "\n", title, ": ", nrow(data), " items, 100 labelled\n", sep = "")
  set.seed(1)
  data$labelled <- reveal_labels(data[[human]], sample_uniform(nrow(data), 100))
  for (preset in c("published", "recommended")) {
    fit <- function(formula) estimate_mean(formula, data, preset = preset, range = c(0, 1))
    fits <- list(judge_only = fit(stats::reformulate("1", judge[1])),
                 human_only = fit(labelled ~ 1),
                 human_and_judges = fit(stats::reformulate(judge, "labelled")))
    print_table(fits, mean(data[[human]]), preset)
  }
}

reference <- Sys.getenv("JUDICIOUS_REFERENCE")
real_file <- function(name) file.path(reference, "real", name)

if (nzchar(reference) && file.exists(real_file("arena.csv"))) {
  arena <- utils::read.csv(real_file("arena.csv"))
  real_data("Chatbot battles: does the first model win? Human votes, two weak LLM judges",
            arena, "human", c("judge_gpt4omini", "judge_gpt52"))

  bench <- utils::read.csv(real_file("judgebench.csv"))
  margins <- grep("^margin_", names(bench), value = TRUE)
  bench[margins] <- lapply(bench[margins], function(margin) as.numeric(margin > 0))
  # A tie or an unreadable verdict says nothing: half a vote.
  games <- as.matrix(bench[c("o1mini_game1", "o1mini_game2")])
  games[is.na(games)] <- 0.5
  bench$o1mini <- rowMeans(games)
  real_data("JudgeBench: is answer A the right one? True labels, six judges",
            bench, "label", c("o1mini", margins))
} else {
  cat("\nThe real data sets are not at hand: set JUDICIOUS_REFERENCE to their folder.\n")
}
