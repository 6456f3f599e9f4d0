# What users read when something was probably not meant: every message in full, so that a change of
# words is seen. That they come at all, and only then, is tested in the other files of misreadings.

data <- withr::with_seed(11, {
  rows <- simulate_binary(400, true_mean = 0.3, proxy_mean = 0.3, correlation = 0.6)
  rows$human <- reveal_labels(rows$y_true, sample_uniform(400, 120))
  rows$judge <- rows$y_proxy
  rows$language <- rep(c("en", "de"), 200)
  rows$item_id <- sprintf("item_%03d", 1:400)
  rows
})

says <- function(expr) {
  heard <- character()
  hear <- function(cnd) {
    heard <<- c(heard, paste0("<", class(cnd)[1], ">"), conditionMessage(cnd))
  }
  try(withCallingHandlers(expr, warning = function(cnd) {
    hear(cnd)
    rlang::cnd_muffle(cnd)
  }, message = function(cnd) {
    hear(cnd)
    rlang::cnd_muffle(cnd)
  }, error = hear), silent = TRUE)
  writeLines(heard)
}

test_that("codes for unlabelled", {
  coded <- function(code) replace(data$human, is.na(data$human), code)
  expect_snapshot({
    says(estimate_mean(coded(-1) ~ judge, data))
    says(estimate_mean(coded(9) ~ judge, data))
    says(estimate_mean(human ~ judge, transform(data, human = coded("unlabelled"))))
    says(estimate_mean(human ~ judge, transform(data, human = coded(""))))
    says(estimate_mean(human ~ judge, data[!is.na(data$human), ]))
  })
})

test_that("labels that are no random sample", {
  first <- transform(data[order(-data$judge), ], human = replace(y_true, 101:400, NA))
  yes <- transform(data, human = ifelse(judge == 1, y_true, NA))
  expect_snapshot({
    says(estimate_mean(human ~ judge, first))
    says(estimate_mean(human ~ judge, yes))
  })
})

test_that("formulas of other models", {
  expect_snapshot({
    says(estimate_mean(human ~ judge - 1, data))
    says(estimate_mean(human ~ judge / y_proxy, data))
    says(estimate_mean(human ~ judge %in% y_proxy, data))
    says(estimate_mean(human ~ judge * y_proxy, data))
    says(estimate_mean(human ~ judge:y_proxy, data))
  })
})

test_that("judges that did not answer", {
  data$judge[c(3, 7)] <- NA
  expect_snapshot(says(estimate_mean(human ~ judge, data)))
})

test_that("arguments without effect, near misses and columns", {
  expect_snapshot({
    says(estimate_mean(human ~ judge, data, boot_interval = "bca"))
    says(estimate_mean(human ~ judge, data, interval = "beta", skew = TRUE))
    says(estimate_mean(human ~ judge, data, cluster = item_id))
    says(estimate_mean(human ~ judge, data, strata = c(language, item_id)))
    says(estimate_mean(human ~ judge, data, strata = "language"))
    says(estimate_mean(human ~ judge, data, strata = langauge))
    says(estimate_mean(human ~ "judge", data))
    says(estimate_mean(human ~ judge, data, prob = base::pi))
    says(estimate_mean(human ~ judge, data, interval = "betta"))
    says(estimate_mean(human ~ judge, data, interval = NA))
    says(estimate_mean(human ~ judge, data, interval = character()))
    says(confint(estimate_mean(human ~ judge, data), 2))
    says(simulate_ratings(rating_task(c("a", "b")), n_ratings = Inf))
  })
})

test_that("judgements: roles, human labels and grades", {
  long <- data.frame(id = rep(1:4, 2), model = rep(c("m", "n"), each = 4),
                     said = c("yes", "no", "Yes", "maybe", "no", "no", "yes", "yes"),
                     score = c(5, 1, 4, 2, 3, 3, 1, 1), human = c("FAIL", "PASS"))
  task <- rating_task(c("yes", "no"), positive = "yes")
  expect_snapshot({
    says(as_judgments(long, item = id, judge = model, label = said, task = task))
    says(as_judgments(long, item = id, judge = model, label = said, human = human,
                      task = task))
    says(as_judgments(long, item = id, judge = model, label = model))
    says(as_judgments(long, item = "id", judge = model, label = said))
    says(as_judgments(long, item = idd, judge = model, label = said))
  })
})

test_that("several labels, and labels that match nothing", {
  labels <- data.frame(item_id = c("item_001", "item_001", "item_002"), rater = c("a", "b", "a"),
                       label = c("yes", "no", "yes"), status = "labelled")
  path <- withr::local_tempfile(fileext = ".csv")
  utils::write.csv(labels, path, row.names = FALSE)
  task <- rating_task(c("yes", "no"), positive = "yes")
  read <- quietly(read_labels(path, task))
  expect_snapshot({
    says(join_labels(data["item_id"], read))
    says(join_labels(data.frame(item_id = c("x", "y")), read, several = "majority"))
  })
})

test_that("agreement of what cannot be compared", {
  flags <- c("pass", "fail", "pass", "pass")
  expect_snapshot({
    says(agree_hit_rate(flags, c(1, 0, 1, 1)))
    says(agree_cohen_kappa(flags, flags[-1]))
    says(agree_fleiss_kappa(data.frame(item = 1:4, a = flags, b = flags)))
    says(confidence_quality(c(0.2, 0.9, 95, 80), c(0, 1, 1, 1)))
  })
})
