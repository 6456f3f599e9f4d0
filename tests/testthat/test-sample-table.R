# Samples that are drawn in a database.

skip_if_not_installed("dbplyr")
skip_if_not_installed("RSQLite")

id_table <- function(n = 400, ids = seq_len(n), env = parent.frame()) {
  rows <- data.frame(item = ids, stratum = rep(c("a", "b", "it's; --", "b"), length.out = n),
                     judge = rep(c(0, 1, 1, 0, 1), length.out = n),
                     unsure = rep(c(0.1, 0.5, 0.9), length.out = n))
  local_sqlite(rows, env = env)
}

drawn_by <- function(seed, expr) withr::with_seed(seed, quietly(expr))

# Ids drawn by each of many seeds, a column each. The keys' numbers come from a table of seeds, so
# that one query draws all.
drawn_over_seeds <- function(ids, n, seeds) {
  table <- id_table(length(ids), ids)
  con <- dbplyr::remote_con(table)
  numbers <- t(vapply(seq_len(seeds), function(seed) {
    withr::with_seed(seed, c(new_key_seed(), new_key_seed()))
  }, integer(12)))
  DBI::dbWriteTable(con, "seeds", data.frame(seed = seq_len(seeds), numbers))
  frame <- list(id_kind = "integer", engine = "sqlite", low = min(ids), high = max(ids))
  columns <- rlang::syms(paste0("X", 1:12))
  key <- key_expression(frame, list(columns[1:6], columns[7:12]))
  keyed <- dplyr::inner_join(dplyr::select(table, id = "item"), dplyr::tbl(con, "seeds"),
                             by = character())
  ranked <- dbplyr::window_order(dplyr::group_by(dplyr::mutate(keyed, key = !!key), seed), key, id)
  first <- dplyr::filter(dplyr::mutate(ranked, place = dplyr::row_number()), place <= n)
  drawn <- dplyr::collect(dplyr::ungroup(dplyr::select(first, seed, id)))
  chosen <- matrix(FALSE, length(ids), seeds)
  chosen[cbind(match(drawn$id, ids), drawn$seed)] <- TRUE
  chosen
}

# Inclusion over seeds is uniform over rows, and pairs of rows meet as often as they should.
expect_random <- function(chosen, n) {
  seeds <- ncol(chosen)
  rows <- nrow(chosen)
  expect_true(all(colSums(chosen) == n))
  share <- n / rows
  counts <- rowSums(chosen)
  # They sum to a fixed total.
  statistic <- sum((counts - seeds * share)^2) / (seeds * share * (1 - share)) * (rows - 1) / rows
  expect_gt(pchisq(statistic, rows - 1, lower.tail = FALSE), 1e-3)
  expect_gt(pchisq(statistic, rows - 1), 1e-3)
  # Neighbours, and ids a power of two apart, are drawn together as often as any two; so are three.
  for (lag in c(1, 2, 64)) {
    at <- seq_len(rows - 2 * lag)
    meet <- list(chosen[at, ] & chosen[at + lag, ],
                 chosen[at, ] & chosen[at + lag, ] & chosen[at + 2 * lag, ])
    rates <- share * cumprod((n - 1:2) / (rows - 1:2))
    for (k in 1:2) {
      expected <- rates[k] * length(meet[[k]])
      expect_lt(abs(sum(meet[[k]]) - expected) / sqrt(expected), 4)
    }
  }
}

test_that("inclusion is uniform over rows and independent between seeds", {
  sets <- list(seq_len(200), 10 * seq_len(200) + 7, -seq_len(200) * 1e9,
               2^40 + 4096 * seq_len(200))
  for (ids in sets) expect_random(drawn_over_seeds(ids, 50, 400), 50)
})

test_that("the seed decides, not the order or the place of the rows", {
  rows <- data.frame(item = seq_len(1000) * 3, judge = 1, stratum = "a")
  draw <- function(rows, seed) {
    table <- local_sqlite(rows)
    drawn_by(seed, sample_uniform(n = 40, data = table, id = item))$id
  }
  expect_identical(draw(rows, 1), draw(rows[sample(1000), ], 1))
  expect_false(identical(draw(rows, 1), draw(rows, 2)))
  # Of shards the smallest keys: those of the whole that lie there come first.
  half <- rows$item %% 2 == 0
  expect_identical(intersect(draw(rows, 3), rows$item[half]),
                   utils::head(draw(rows[half, ], 3), sum(draw(rows, 3) %in% rows$item[half])))
  texts <- transform(rows, item = paste0("id", item))
  expect_identical(draw(texts, 1), draw(texts[1000:1, ], 1))
})

test_that("strata get the labels that they get in memory, and each is a random sample", {
  rows <- withr::with_seed(1, data.frame(
    item = 1:600, stratum = rep(c("a", "b", "it's; --"), c(100, 200, 300)),
    judge = rnorm(600, 1e6, rep(c(5, 1, 1), c(100, 200, 300)))
  ))
  table <- local_sqlite(rows)
  for (allocation in c("neyman", "proportional")) {
    memory <- sample_stratified(rows$stratum, 60, rows$judge, allocation)
    drawn <- drawn_by(1, sample_stratified(stratum, 60, judge, allocation, data = table,
                                           id = item))
    expect_equal(attr(drawn, "allocation"), attr(memory, "allocation"), tolerance = 1e-9)
    expect_identical(nrow(drawn), 60L)
    expect_identical(attr(drawn, "strata"), rows$stratum[drawn$id])
    expect_equal(drawn$prob, memory$prob[drawn$id])
  }
  texts <- local_sqlite(transform(rows, item = paste0("id", item)))
  drawn <- drawn_by(1, sample_stratified(stratum, 60, judge, data = texts, id = item))
  expect_identical(as.vector(table(attr(drawn, "strata"))),
                   as.integer(attr(drawn, "allocation")$n))
})

test_that("active samples fetch the uncertainties; their probabilities are an expression", {
  rows <- withr::with_seed(2, data.frame(item = sample(2000), unsure = runif(2000)^3 + 0.001))
  rows$truth <- withr::with_seed(3, rbinom(2000, 1, rows$unsure / 2))
  rows$judge <- 0
  table <- local_sqlite(rows)
  expect_message(chosen <- sample_active(unsure, 400, data = table, id = item), "2000 ids",
                 class = "judicious_message_fetched")
  chosen_memory <- sample_active(rows$unsure[order(rows$item)], 400)
  expect_lt(attr(chosen_memory, "mix")$mix, 1)
  of_all <- dplyr::collect(dplyr::transmute(table, item, p = !!attr(chosen, "prob")))
  expect_equal(of_all$p[order(of_all$item)], chosen_memory$prob, tolerance = 1e-12)
  expect_output(print(chosen), "random")
  drawn <- drawn_by(1, sample_active(unsure, 100, mix = 0.3, data = table, id = item))
  memory <- withr::with_seed(1, sample_active(rows$unsure[order(rows$item)], 100, mix = 0.3))
  expect_identical(drawn$id, which(memory$selected == 1L))
  expect_equal(drawn$prob, memory$prob[drawn$id])
  everywhere <- dplyr::collect(dplyr::transmute(table, item, p = !!attr(drawn, "prob")))
  expect_equal(everywhere$p[order(everywhere$item)], memory$prob, tolerance = 1e-12)
  # The whole way: rows out, labels in, an estimate.
  labels <- reveal_labels(table, drawn)
  expect_identical(labels$item, drawn$id)
  con <- dbplyr::remote_con(table)
  DBI::dbWriteTable(con, "labels", data.frame(item = labels$item, human = labels$truth))
  joined <- dplyr::left_join(table, dplyr::tbl(con, "labels"), by = "item")
  prob <- attr(drawn, "prob")
  fit <- quietly(rlang::inject(estimate_mean(human ~ judge, joined, prob = !!prob)))
  rows$human <- ifelse(rows$item %in% drawn$id, rows$truth, NA)
  rows$prob <- memory$prob[rows$item]
  expect_relative(numbers_of(fit), numbers_of(quietly(estimate_mean(human ~ judge, rows,
                                                                    prob = prob))), 1e-9)
})

test_that("columns may have the names that queries use for others", {
  rows <- withr::with_seed(1, data.frame(
    value = 1:300, id = rep(c("a", "b", "c"), 100), stratum_1 = rnorm(300)
  ))
  drawn <- drawn_by(1, sample_stratified(id, 60, stratum_1, data = local_sqlite(rows), id = value))
  memory <- sample_stratified(rows$id, 60, rows$stratum_1)
  expect_equal(attr(drawn, "allocation"), attr(memory, "allocation"), tolerance = 1e-9)
  expect_identical(attr(drawn, "strata"), rows$id[drawn$id])
})

test_that("samples of tables print, plot and go to people", {
  table <- id_table()
  drawn <- drawn_by(1, sample_uniform(n = 25, data = table, id = item))
  expect_s3_class(drawn, "judicious_sample")
  expect_output(print(drawn), "25 labels; selected: 25 of 400 items")
  expect_named(as.data.frame(drawn), c("id", "prob", "selected"))
  bars <- ggplot2::ggplot_build(ggplot2::autoplot(drawn))$data
  expect_setequal(bars[[2]]$label, c("not selected: 375", "selected: 25"))
  rows <- reveal_labels(table, drawn)
  path <- withr::local_tempfile(fileext = ".csv")
  task <- rating_task(c("yes", "no"), positive = "yes")
  rows$item_id <- rows$item
  write_label_sheet(rows, task, path, sample = drawn, show = "judge")
  expect_identical(nrow(utils::read.csv(path)), 25L)
})

test_that("what cannot be drawn is refused", {
  table <- id_table()
  refused <- function(class, ...) {
    expect_error(quietly(sample_uniform(...)), class = paste0("judicious_error_", class))
  }
  refused("required", n = 5, data = table)
  refused("type", n = 5, data = mtcars, id = cyl)
  refused("design", n_total = 10, n = 5, id = cyl)
  refused("design", n_total = 10, n = 5, data = table, id = item)
  refused("range", n = 401, data = table, id = item)
  refused("type", n = 5, data = table, id = unsure)
  refused("duplicate", n = 300, data = table, id = judge)
  refused("column", n = 5, data = table, id = nowhere)
  refused("missing_id", n = 5, data = id_table(400, c(NA, 2:400)), id = item)
  refused("empty", n = 5, data = dplyr::filter(table, item < 0), id = item)
  expect_error(sample_active(unsure, 5, "poisson", data = table, id = item),
               class = "judicious_error_design")
  expect_error(quietly(sample_stratified(stratum, 50, data = table, id = item)),
               class = "judicious_error_required")
  drawn <- drawn_by(1, sample_uniform(n = 5, data = table, id = item))
  expect_error(reveal_labels(table, sample_uniform(400, 5)), class = "judicious_error_type")
  expect_error(reveal_labels(dplyr::filter(table, item < 0), drawn),
               class = "judicious_error_unmatched")
  withr::local_options(judicious.most_fetched = 10)
  expect_error(sample_active(unsure, 5, data = table, id = item),
               class = "judicious_error_too_many")
})
