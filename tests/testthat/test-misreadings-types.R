# Values of a kind that an argument cannot have, found by calling everything with anything.

test_that("an argument of another type is an error of ours that names it", {
  refused <- function(arg, expr, kind = "type") {
    cnd <- expect_error(expr, class = paste0("judicious_error_", kind))
    expect_equal(cnd$arg, arg)
  }
  for (odd in list(~x, quote(f(x)), mean, list("yes"), 1)) {
    refused("positive", rating_task(c("yes", "no"), positive = odd))
  }
  for (odd in list(data.frame(a = 1), structure(list(), class = "judicious_estimate"), ~x)) {
    refused("sets", rating_task(c("yes", "no"), "yes", sets = odd))
  }
  items <- data.frame(item_id = c("a", "b"), text = c("x", "y"))
  for (odd in list(~x, quote(f(x)), mean, 3, list("ann"), character(), c("ann", "ann"))) {
    refused("rater", write_label_sheet(items, yes_no(), tempfile(fileext = ".csv"), rater = odd),
            "choice")
  }
  for (odd in list(globalenv(), mean, quote(f(x)), list("90%"))) {
    refused("x", label_confidence(odd, "verbal"))
  }
  for (odd in list(1e9, 0, "two", NA)) {
    expect_error(simulate_binary(50, 0.3, 0.3, 0.5, threads = odd), class = "judicious_error")
  }
})

test_that("what is shown and asked is named", {
  items <- data.frame(item_id = c("a", "b"), text = c("x", "y"))
  path <- withr::local_tempfile(fileext = ".csv")
  for (odd in list(~text, mean, list("text"), 2)) {
    expect_error(write_label_sheet(items, yes_no(), path, show = odd),
                 class = "judicious_error_column")
  }
  utils::write.csv(data.frame(item_id = "a", label = "yes"), path, row.names = FALSE)
  for (odd in list(new.env(), mean, ~x, "yes", c(1, 2))) {
    expect_error(read_labels(path, odd), class = "judicious_error_type")
  }
})

test_that("rows of estimates and metrics of a classifier are named by text or number", {
  set.seed(1)
  data <- data.frame(judge = rbinom(200, 1, 0.4), system = rep(c("a", "b"), 100))
  data$human <- replace(data$judge, sample(200, 120), NA)
  fits <- quietly(estimate_groups(human ~ judge, data, by = system))
  for (odd in list(list("a"), ~a, mean, data.frame(a = 1))) {
    expect_error(confint(fits, parm = odd), class = "judicious_error_rows")
  }
  data$flag <- data$judge
  for (odd in list(~recall, mean, list("recall"), 1)) {
    expect_error(estimate_performance(human ~ judge, data, predicted = flag, metrics = odd),
                 class = "judicious_error_choice")
  }
})

test_that("answers and systems are vectors", {
  data <- data.frame(item_id = 1:4, judge = 1, label = c("a", "b", "a", "b"))
  for (odd in list(~x, mean, quote(f(x)))) {
    expect_error(as_ratings(data, set = odd), class = "judicious_error")
    expect_error(as_ratings(data, choice = odd), class = "judicious_error")
    expect_error(estimate_bradley_terry(label ~ judge, data, a = odd, b = label),
                 class = "judicious_error")
  }
})

test_that("labels of a judge are texts", {
  for (odd in list(mean, ~x, quote(f(x)))) {
    expect_error(label_confidence(list(a = c(yes = 0.7, no = 0.3)), labels = odd),
                 class = "judicious_error")
  }
})

test_that("confidences are no labels", {
  draws <- matrix(c("a", "b", "a", "a"), 2)
  table <- data.frame(item_id = 1:2, judge = "j")
  table$label <- label_confidence(draws, "vote")$confidence
  expect_error(combine_judges(table), class = "judicious_error_type")
  expect_error(agree_krippendorff_alpha(label_confidence(draws, "vote")),
               "columns of `ratings`", class = "judicious_error_type")
  expect_identical(as.character(table$label), c("1", "0.5"))
})

test_that("judges without a confidence leave NA beside those with one, under the user's call", {
  answers <- data.frame(item_id = c(1, 1, 2, 2, 1, 2), judge = c("a", "a", "a", "a", "b", "b"),
                        draw = c(1, 2, 1, 2, 1, 1), label = c("x", "x", "x", "y", "x", "y"))
  answers <- quietly(as_judgments(answers, item = item_id, judge = judge, label = label,
                                  draw = draw))
  cnd <- expect_warning(found <- label_confidence(answers, "vote"),
                        class = "judicious_warning_no_confidence")
  expect_equal(rlang::call_name(cnd$call), "label_confidence")
  expect_true(all(is.na(found$confidence[found$judge == "b"])))
  expect_false(anyNA(found$confidence[found$judge == "a"]))
})

test_that("no method swallows arguments that it does not know", {
  methods <- ls(asNamespace("judicious"), pattern = paste0(
    "^(tidy|glance|augment|autoplot|plot|confint|summary|predict|vcov|nobs|coef|formula|update)",
    "[.]judicious_"
  ))
  expect_gt(length(methods), 80)
  swallows <- Filter(function(name) {
    fun <- get(name, asNamespace("judicious"))
    "..." %in% names(formals(fun)) && !"..." %in% all.names(body(fun))
  }, methods)
  expect_identical(swallows, character())
  set.seed(1)
  judge <- rbinom(60, 1, 0.5)
  checked <- quietly(confidence_quality(runif(60), judge))
  expect_error(tidy(checked, conf.level = 0.9), class = "judicious_error_argument")
  expect_error(ggplot2::autoplot(checked, typ = "roc"), class = "judicious_error_argument")
})

test_that("what must be given is asked for by name", {
  required <- function(arg, expr) {
    cnd <- expect_error(expr, class = "judicious_error_required")
    expect_equal(cnd$arg, arg)
  }
  required("task", write_label_page(data.frame(item_id = 1), path = "a.html"))
  required("path", write_label_sheet(data.frame(item_id = 1), yes_no()))
  required("pilot", plan_annotation(width = 0.05))
  required("mu", test_mean(estimate_mean(c(1, 0, 0, 1, 0, 0) ~ 1)))
})

test_that("lazy tables are no confidences, and numbers no ratings", {
  skip_if_not_installed("dbplyr")
  lazy <- dbplyr::lazy_frame(x = 1, con = dbplyr::simulate_sqlite())
  for (measure in list(completion_curve, roc_points, confidence_quality, reliability_curve)) {
    expect_error(measure(lazy, 1), class = "judicious_error_type")
    expect_error(measure(c(0.2, 0.4), lazy), class = "judicious_error")
  }
  expect_error(fit_translation(structure(1, class = "judicious_ratings")),
               class = "judicious_error_type")
})

test_that("functions are no columns, and what is empty is no result", {
  data <- data.frame(item = 1:4, who = "a", choice = c("x", "y"))
  expect_error(as_ratings(data, item = item, rater = who, choice = choice, source = mean),
               class = "judicious_error")
  expect_error(as_judgments(item = data, label = choice, judge = "g"),
               class = "judicious_error_required")
  expect_error(sample_active(runif(40), 30, y_true = mean, y_proxy = runif(40)),
               class = "judicious_error")
  expect_error(test_mean(structure(list(), class = "judicious_estimate"), mu = 0),
               class = "judicious_error_type")
  expect_error(rating_task(c("yes", "no"), "yes", sets = list()), class = "judicious_error_type")
  batch <- simulator(simulate_binary, n = 200, true_mean = 0.2, proxy_mean = 0.2,
                     correlation = 0.5, n_labelled = 20)
  expect_error(validate_monitor(batch, n_batches = 4, n_rep = 10, preset = human ~ judge),
               class = "judicious_error_choice")
})

test_that("costs and correlations of plans are single numbers", {
  nothing <- NULL
  rows <- data.frame(human = c(1, 0, 1, 0), judge = c(1, 0, 0, 1))
  expect_error(monitor_mean(human ~ judge, rows, batch = nothing, threshold = 0.5),
               class = "judicious_error_missing")
  expect_error(estimate_difference(human ~ judge, data = rows, by = nothing),
               class = "judicious_error_missing_argument")
  pair <- list(rate = c(0.2, 0.3), pair_correlation = 0.5)
  for (odd in list(c(1, 2), "5", -1, data.frame(a = 1), Inf)) {
    expect_error(plan_annotation(pair, power = 0.8, human_cost = odd), class = "judicious_error")
    expect_error(plan_annotation(list(rate = 0.2), width = 0.1, human_cost = odd),
                 class = "judicious_error")
  }
  for (odd in list(c(0.1, 0.2), "high", TRUE, 1.5)) {
    expect_error(plan_monitor(mean = 0.04, shifted = 0.1, threshold = 0.05, within = 4,
                              n_items = 200, correlation = odd, n_rep = 10),
                 class = "judicious_error")
  }
})
