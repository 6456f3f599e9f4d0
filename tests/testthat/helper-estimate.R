# Data for the tests of estimate_mean(), in any design.

# Columns human (NA where nobody labelled the row), judge_1, ..., and stratum,
# cluster and prob where asked for. `whole`: clusters are drawn whole.
design_data <- function(n = 300, judges = 1, strata = 1, clusters = 0, whole = TRUE,
                        prob = FALSE, binary = FALSE, share = 0.3) {
  cluster <- if (clusters > 0) c(seq_len(clusters), sample(clusters, n - clusters, TRUE,
                                                           prob = seq_len(clusters)))
  unit <- cluster %||% seq_len(n)
  stratum <- if (strata > 1) unit %% strata
  latent <- rnorm(n) + rnorm(n)[unit] * (clusters > 0) + 0.5 * (stratum %||% 0)
  score <- function(x, cut) if (binary) as.numeric(x > cut) else x
  data <- data.frame(human = score(latent + 0.5 * rnorm(n), 0.8))
  for (k in seq_len(judges)) {
    data[[paste0("judge_", k)]] <- score(k * latent + 2 + rnorm(n), 2.5)
  }
  drawn <- if (clusters > 0 && whole) unit else seq_len(n)
  chance <- if (prob) runif(n, 0.15, 0.9) else rep(share, n)
  data$human[runif(n)[drawn] >= chance[drawn]] <- NA
  data$stratum <- stratum
  data$cluster <- cluster
  if (prob) data$prob <- chance[drawn]
  data
}

# Arguments of design_data() for every kind of design.
design_kinds <- list(
  plain = list(),
  "several judges" = list(judges = 3),
  strata = list(strata = 3),
  "whole clusters" = list(clusters = 80),
  "partly labelled clusters" = list(clusters = 80, whole = FALSE),
  "known prob" = list(prob = TRUE),
  "known prob by cluster" = list(prob = TRUE, clusters = 80),
  "strata x clusters x judges" = list(strata = 2, clusters = 100, judges = 2),
  "strata x clusters x judges x prob" = list(strata = 2, clusters = 100, judges = 2, prob = TRUE,
                                             whole = FALSE)
)

# Calls check(data, label) for every kind of design, with real and with 0/1 labels.
for_each_design <- function(check, kinds = design_kinds, binary = c(FALSE, TRUE)) {
  for (name in names(kinds)) {
    for (is_binary in binary) {
      withr::with_seed(100 * match(name, names(design_kinds)) + is_binary, {
        data <- do.call(design_data, c(kinds[[name]], list(binary = is_binary)))
        check(data, paste(name, if (is_binary) "(0/1)"))
      })
    }
  }
}

kinds_without <- function(...) {
  has <- function(kind) any(c(...) %in% names(kind))
  Filter(Negate(has), design_kinds)
}

judge_names <- function(data) grep("^judge", names(data), value = TRUE)

# The estimate in the design that the columns of `data` say; a judge may be left
# out or put in another order by `judges`.
fit_data <- function(data, ..., judges = judge_names(data)) {
  formula <- stats::reformulate(if (length(judges) > 0) judges else "1", "human")
  quiet(estimate_mean(formula, data, strata = data$stratum, clusters = data$cluster,
                      prob = data$prob, ...))
}

# All that says how large and how sure the estimate is.
fit_numbers <- function(fit) {
  unlist(c(fit[c("estimate_raw", "estimate", "std_error", "conf_low", "conf_high", "df",
                 "n_effective")],
           fit$inference[c("variance", "hc2", "hc3", "labels_only", "n_base")]))
}

# `info` says which of many data sets it was.
expect_same_fit <- function(actual, expected, info, tolerance = 1e-9) {
  expect_relative(fit_numbers(actual), fit_numbers(expected), tolerance, info)
}

# A share of replicates that covered is `level`, or at least that.
expect_coverage <- function(hits, level = 0.95, alternative = "two.sided") {
  test <- stats::binom.test(sum(hits), length(hits), level, alternative)
  testthat::expect(
    test$p.value > 1e-4,
    paste0("coverage ", mean(hits), " of ", length(hits), " replicates is not ", level)
  )
}
