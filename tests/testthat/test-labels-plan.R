test_that("the fingerprint does not depend on the order of rows or the type of ids", {
  set.seed(1)
  drawn <- sample_uniform(20, 5)
  moved <- c(11:20, 1:10)
  print <- label_plan_fingerprint(1:20, drawn)
  expect_match(print, "^jl1-[0-9a-f]{32}$")
  expect_identical(label_plan_fingerprint(as.character(1:20), drawn), print)
  expect_identical(label_plan_fingerprint(as.double(1:20), drawn), print)
  expect_identical(label_plan_fingerprint(moved, as.data.frame(drawn)[moved, ]), print)
})

test_that("the fingerprint stays what files of earlier versions hold", {
  drawn <- data.frame(prob = c(0.1, 1 / 3, NA), selected = c(1L, 0L, NA))
  expect_identical(label_plan_fingerprint(c("a", "b", "\u00e9"), drawn), "jl1-ca5729974e67ecfb2e99f22fd1f1a935")
  expect_identical(label_plan_fingerprint(1:3), "jl1-4d2c6270cef4526f89bbe65c45749c51")
})

test_that("another draw, probability or item is another plan, the last bit is not", {
  drawn <- data.frame(prob = c(0.1, 0.5), selected = c(1L, 0L))
  print <- label_plan_fingerprint(c("a", "b"), drawn)
  differs <- function(ids, ...) {
    expect_false(label_plan_fingerprint(ids, data.frame(...)) == print)
  }
  differs(c("a", "b"), prob = c(0.1, 0.5), selected = c(0L, 1L))
  differs(c("a", "b"), prob = c(0.1, 0.500001), selected = c(1L, 0L))
  differs(c("a", "c"), prob = c(0.1, 0.5), selected = c(1L, 0L))
  differs(c("b", "a"), prob = c(0.1, 0.5), selected = c(1L, 0L))
  same <- data.frame(prob = c(0.1 * (1 + 2^-52), 0.5), selected = c(1L, 0L))
  expect_identical(label_plan_fingerprint(c("a", "b"), same), print)
})

test_that("ids cannot be shifted into one another", {
  expect_false(label_plan_fingerprint(c("a all\n1:b", "c")) ==
                 label_plan_fingerprint(c("a", "b", "c")))
})

test_that("a plan carries what the sampler knew", {
  set.seed(2)
  strata <- rep(c("de", "en"), each = 20)
  plan <- label_plan(seq_along(strata), sample_stratified(strata, 8, allocation = "proportional"))
  expect_identical(plan$stratum, strata)
  expect_equal(plan$prob, rep(0.2, 40))
  codes <- rep(c(7L, 5L), each = 20)
  drawn <- sample_stratified(codes, 8, allocation = "proportional")
  expect_identical(label_plan(1:40, drawn)$stratum, as.character(codes))
  clusters <- rep(1:10, each = 3)
  drawn <- sample_clusters(clusters, 4)
  plan <- label_plan(seq_along(clusters), drawn)
  expect_identical(plan$cluster, clusters)
  expect_identical(plan$selected, drawn$selected)
  expect_identical(attr(plan, "fingerprint"), label_plan_fingerprint(1:30, drawn))
  expect_named(label_plan(c("x", "y")), c("item_id", "prob", "selected"))
})

test_that("ids that cannot lead labels back are errors", {
  expect_error(label_plan(c("a", NA)), class = "judicious_error_missing_id")
  expect_error(label_plan(c("a", " ")), class = "judicious_error_missing_id")
  error <- expect_error(label_plan(c("a", "b", "a")), class = "judicious_error_duplicate")
  expect_identical(error$where, 3L)
  expect_error(label_plan(list(1, 2)), class = "judicious_error_type")
  expect_error(label_plan(1:3, data.frame(selected = 1)), class = "judicious_error_type")
  expect_error(label_plan(1:3, sample_uniform(4, 2)), class = "judicious_error_length")
})
