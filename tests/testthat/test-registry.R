test_that("the registry lists every published method with its call", {
  methods <- judicious_methods()
  expect_named(methods, c("method", "call", "design", "assumption", "reference"))
  expect_false(anyNA(methods))
  expect_snapshot(methods)
})

test_that("every registered call runs and carries its method's name", {
  set.seed(5)
  data <- simulate_binary(300, 0.3, c(0.3, 0.2), c(0.6, 0.5))
  names(data) <- c("truth", "judge_1", "judge_2")
  data$judge <- data$judge_1
  data$human <- reveal_labels(data$truth, sample_uniform(300, 150))
  data$s <- rep(c("a", "b"), 150)
  data$c <- rep(1:60, each = 5)
  data$pi <- 0.5
  methods <- method_registry()
  for (i in seq_len(nrow(methods))) {
    fit <- eval(str2lang(paste0("estimate_mean(", methods$call[i], ", data = data)")))
    expect_identical(fit$method, methods$method[i])
  }
})

test_that("the help page holds the registry", {
  expect_match(rd_methods_table(), "Multi-PPI\\+\\+ \\| `human ~ judge_1 \\+ judge_2`")
})
