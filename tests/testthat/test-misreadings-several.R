# What can be asked of several quantities in a way that means something else: each is told, by a
# condition of its own, and the message names the way out.

said <- function(expr) {
  found <- list()
  take <- function(cnd) {
    kind <- sub("^judicious_(error|warning|message)_", "", grep("^judicious_[a-z]+_", class(cnd),
                                                              value = TRUE)[1])
    found[[length(found) + 1L]] <<- c(kind, cli::ansi_strip(conditionMessage(cnd)))
  }
  withCallingHandlers(
    tryCatch(expr, error = take),
    warning = function(w) {
      take(w)
      invokeRestart("muffleWarning")
    },
    message = function(m) {
      take(m)
      invokeRestart("muffleMessage")
    }
  )
  found
}

expect_told <- function(expr, class, text) {
  found <- said(expr)
  kinds <- vapply(found, `[`, "", 1L)
  testthat::expect(class %in% kinds, paste0("not told as ", class, ": ", toString(kinds)))
  texts <- gsub("[[:space:]]+", " ", vapply(found, `[`, "", 2L)[kinds == class])
  testthat::expect_match(paste(texts, collapse = "\n"), text)
}

two_systems_data <- function(n = 200, labelled = 60) {
  y <- rbinom(2 * n, 1, 0.4)
  flip <- function(p) ifelse(runif(2 * n) < p, 1 - y, y)
  item <- rep(seq_len(n), 2)
  data <- data.frame(item = item, system = rep(c("A", "B"), each = n), judge = flip(0.1),
                     flagged = flip(0.2), score = rnorm(2 * n), other = flip(0.3))
  data$language <- c("en", "de")[1 + item %% 2]
  data$human <- ifelse(item <= labelled, y, NA)
  data$kind <- sample(c("none", "format", "fact"), 2 * n, TRUE)
  data$kind_human <- ifelse(item <= labelled, data$kind, NA)
  data
}

withr::local_seed(1)
data <- two_systems_data()
groups <- estimate_groups(human ~ judge, data, by = system, clusters = item)

test_that("groups that are none", {
  expect_told(estimate_groups(human ~ judge, data, by = score), "groups", "max_groups")
  expect_told(estimate_groups(human ~ judge, data), "missing_argument", "by.* is missing")
  expect_told(estimate_groups(human ~ judge, data, by = "system"), "column", "Use the bare name")
  expect_told(estimate_groups(human ~ judge, data, by = sytem), "column", "Did you mean .*system")
  spelt <- transform(data, system = replace(system, 3:40, "a "))
  expect_told(estimate_groups(human ~ judge, spelt, by = system, clusters = item), "groups",
              "capitals or spaces")
  lost <- transform(data, human = replace(human, system == "B", NA))
  expect_told(estimate_groups(human ~ judge, lost, by = system, clusters = item), "no_labels",
              "\"B\" has no labelled cluster.*empty = \"drop\"")
  expect_told(estimate_groups(human ~ judge, lost, by = system, clusters = item, empty = "drop"),
              "dropped_groups", "Dropped 1 group")
  once <- transform(data, human = replace(human, system == "B" & item > 1, NA))
  expect_told(estimate_groups(human ~ judge, once, by = system, clusters = item), "few_labels",
              "only one labelled cluster")
  thin <- transform(data, human = replace(human, system == "B" & language == "de", NA))
  expect_told(estimate_groups(human ~ judge, thin, by = system, strata = language,
                              clusters = item), "no_labels", "in stratum \"de\"")
})

test_that("items that are none", {
  expect_told(estimate_groups(human ~ judge, data, by = system), "shared_items",
              "clusters = item")
  expect_told(estimate_difference(human ~ judge, data = data, by = system), "shared_items",
              "item = item")
  twice <- rbind(data, data[7, ])
  expect_told(estimate_difference(human ~ judge, data = twice, by = system, item = item),
              "duplicate", "Item \"7\" of system \"A\" occurs again in row 401")
  expect_told(estimate_difference(human ~ judge, data = data, by = system, item = language),
              "duplicate", "clusters")
})

test_that("systems that are not two", {
  one <- data[data$system == "A", ]
  expect_told(estimate_difference(human ~ judge, data = one, by = system), "groups",
              "nothing to compare \"A\" with")
  three <- transform(data, system = rep(c("x", "y", "z", "x"), 100))
  expect_told(estimate_difference(human ~ judge, data = three, by = system), "groups",
              "it has 3.*compare_groups")
  expect_told(estimate_difference(human ~ judge, data, by = system), "type", "data = ")
  expect_told(estimate_difference(human ~ judge, data = data), "design", "Two systems are wanted")
  expect_told(estimate_difference(human ~ judge, human ~ judge, data = data), "design",
              "does not differ from itself")
  expect_told(estimate_difference(human ~ judge, other ~ 1, data = data), "design",
              "as many judges")
  expect_told(estimate_difference(human ~ judge, other ~ judge, data = data, item = item),
              "design", "belong to one formula")
  expect_told(estimate_difference(human ~ judge, data = data, by = system, item = item,
                                  minus = "C"), "choice", "must be one of \"A\" or \"B\"")
  expect_told(compare_groups(groups["A"]), "groups", "one group only")
})

test_that("labels that mean something else", {
  turned <- transform(data, judge = 1 - judge)
  expect_told(estimate_difference(human ~ judge, data = turned, by = system, item = item),
              "reversed", "opposite of .human.")
  expect_told(estimate_ratio(human ~ judge, data = turned, by = system, item = item), "reversed",
              "turns it round")
  coded <- transform(data, human = ifelse(is.na(human), -1, human))
  expect_told(estimate_difference(human ~ judge, data = coded, by = system, item = item),
              "all_labelled", "-1.* may be such a code")
  wide <- data.frame(a = data$human[1:200], b = data$other[1:200], fa = data$judge[1:200],
                     fb = data$judge[201:400])
  expect_told(estimate_difference(a ~ fa, b ~ fb, data = wide), "all_labelled", "replace\\(b, b ==")
  picked <- transform(data, human = ifelse(judge == 1 | item > 180, other, NA))
  expect_told(estimate_difference(human ~ judge, data = picked, by = system, item = item),
              "not_random", "strata =. that judge")
  expect_told(estimate_quantile(human ~ judge, turned), "reversed", "opposite")
  expect_told(estimate_quantile(human ~ judge, data, probs = 50), "range", "between 0 and 1")
})

test_that("classifiers that are none", {
  performance <- function(...) estimate_performance(human ~ judge, data, ...)
  expect_told(performance(), "missing_argument", "predicted.* is missing")
  expect_told(performance(predicted = item %% 3), "levels", "coded as the human labels: 0 and 1")
  expect_told(performance(predicted = human), "missing", "must be known for every row")
  expect_told(performance(predicted = "flagged"), "column", "bare name")
  expect_told(performance(predicted = 1 - flagged), "reversed", "The classifier .1 - flagged. says")
  expect_told(estimate_performance(human ~ 1, data, predicted = 1 - flagged), "reversed",
              "opposite")
  expect_told(performance(predicted = flagged, metrics = "F1"), "choice", "Did you mean \"f1\"")
  cleared <- transform(data, human = replace(human, flagged == 1, NA))
  expect_told(estimate_performance(human ~ judge, cleared, predicted = flagged), "not_random",
              "do not look like a random sample")
  expect_told(estimate_performance(other ~ judge, data, predicted = flagged), "all_labelled",
              "Every row has a human label")
})

test_that("categories that are none", {
  coded <- transform(data, kind_human = ifelse(is.na(kind_human), "unlabelled", kind_human))
  expect_told(estimate_shares(kind_human ~ kind, coded), "unlabelled_code",
              "replace\\(kind_human, kind_human == \"unlabelled\", NA\\)")
  spelt <- transform(data, kind = replace(kind, kind == "fact", "Fact"))
  expect_told(estimate_shares(kind_human ~ kind, spelt), "alike", "\"fact\" and \"Fact\"")
  expect_told(estimate_shares(human ~ judge, data), "type", "estimate_mean")
  expect_told(estimate_shares(kind ~ kind_human, data), "finite", "value in every row")
  expect_told(estimate_mean(factor(kind_human) ~ judge, data), "type", "estimate_shares")
})

test_that("verdicts that are none", {
  battles <- data.frame(a = rep(c("x", "y", "z"), 40), b = rep(c("y", "z", "x"), 40))
  battles$won <- ifelse(runif(120) < 0.5, battles$a, battles$b)
  battles$number <- as.numeric(battles$won == battles$a)
  strength <- function(formula, data = battles, ...) {
    estimate_bradley_terry(formula, data, a = a, b = b, ...)
  }
  expect_equal(coef(strength(won ~ 1)), coef(strength(number ~ 1)))
  words <- transform(battles, won = ifelse(number == 1, "model_a", "B"))
  expect_equal(coef(strength(won ~ 1, words)), coef(strength(number ~ 1)))
  ties <- transform(battles, won = replace(won, 1:9, "tie"), number = replace(number, 1:9, 0.5))
  expect_equal(coef(strength(won ~ 1, ties)), coef(strength(number ~ 1, ties)))
  expect_told(strength(I(replace(won, 4, "w")) ~ 1), "levels", "must say who won.*Row 4 is \"w\"")
  expect_told(strength(I(replace(won, 4, "n/a")) ~ 1), "unlabelled_code", "Make it missing")
  expect_told(strength(I(number + 1) ~ 1), "range", "1/2 for a tie")
  expect_told(estimate_bradley_terry(number ~ 1, battles, a = a, b = a), "pair",
              "cannot meet itself")
  expect_told(strength(number ~ 1, order = won == a), "levels", "shown first")
  judged <- transform(battles, judge = 1 - number, number = replace(number, 61:120, NA))
  expect_told(strength(number ~ judge, judged), "reversed", "opposite")
})

test_that("comparisons that are none", {
  expect_told(rank_groups(groups), "missing_argument", "better = \"higher\"")
  expect_told(compare_groups(groups, against = "C"), "choice", "\"A\" and \"B\"")
  expect_told(compare_groups(estimate_mean(human ~ judge, data)), "type", "estimate_groups")
  expect_told(compare_groups(estimate_shares(kind_human ~ kind, data)), "type",
              "categories of the same data")
  expect_told(estimate_ratio(human ~ judge, data = data, by = system, item = item,
                             interval = "beta"), "undefined", "share of a part")
  noise <- transform(data, score_human = ifelse(is.na(human), NA, score))
  expect_told(estimate_ratio(human ~ judge, score_human ~ score, data = noise), "undefined",
              "estimate_difference")
  expect_told(confint(groups, "C"), "rows", "There is no row \"C\"")
  expect_told(vcov(groups, "hc4"), "choice", "must be one of")
})

test_that("no method ignores an argument", {
  comparison <- compare_groups(groups)
  ranking <- rank_groups(groups, better = "lower")
  shown <- compare_estimates(a = estimate_mean(human ~ judge, data))
  plan <- plan_annotation(list(rate = c(0.1, 0.2)), n = 100)
  calls <- list(
    function() tidy(groups, sconf = 0.9), function() glance(groups, n = 1),
    function() coef(groups, 1), function() vcov(groups, kind = "hc3"),
    function() confint(groups, levels = 0.9), function() nobs(groups, 1),
    function() as.data.frame(groups, n = 1), function() groups[1, 2],
    function() format(groups, n = 1), function() print(groups, n = 1),
    function() ggplot2::autoplot(groups, colour = 1), function() tidy(comparison, n = 1),
    function() glance(comparison, n = 1), function() confint(comparison, n = 1),
    function() format(comparison, n = 1), function() print(comparison, n = 1),
    function() ggplot2::autoplot(comparison, n = 1), function() tidy(ranking, n = 1),
    function() format(ranking, n = 1), function() ggplot2::autoplot(ranking, n = 1),
    function() tidy(shown, n = 1), function() format(shown, n = 1),
    function() tidy(plan, n = 1), function() ggplot2::autoplot(plan, n = 1)
  )
  for (call in calls) expect_error(call(), class = "judicious_error_argument")
})

test_that("the way out is one that the door has", {
  unlabelled <- transform(data, human = ifelse(system == "A", NA, human))
  error <- rlang::catch_cnd(estimate_difference(human ~ judge, data = unlabelled, by = system,
                                                item = item), "error")
  expect_s3_class(error, "judicious_error_no_labels")
  expect_no_match(conditionMessage(error), "empty =")
  expect_told(estimate_groups(human ~ judge, unlabelled, by = system), "no_labels",
              "empty = \"drop\"")
  expect_told(estimate_difference(human ~ judge, human ~ score, data = data), "design",
              "compare_estimates")
  expect_told(estimate_difference(human ~ judge, data = data, by = system, item = item,
                                  interval = "wilson"), "choice", "\"mover\"")
  expect_told(estimate_performance(human ~ judge, data, predicted = score), "levels",
              "score >= 0.5")
  full <- transform(data, all = judge)
  for (swapped in list(function() estimate_performance(all ~ human, full, predicted = judge),
                       function() estimate_groups(all ~ human, full, by = system),
                       function() estimate_shares(kind ~ kind_human, data))) {
    expect_told(swapped(), "finite", "sides swapped")
  }
  expect_told(confint(groups, level = 95), "range", "^`level` must lie")
  expect_told(test_mean(groups, mu = 0), "type", "compare_groups")
  expect_told(test_mean(estimate_shares(kind_human ~ kind, data), mu = 0), "type", "confint")
  expect_told(estimate_mean(as.character(kind_human) ~ judge, data), "type", "estimate_shares")
})
