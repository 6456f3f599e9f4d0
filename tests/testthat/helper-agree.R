# Label columns that agree often, with missing labels; data of the tests of agree_*().

noisy_ratings <- function(n = 60, n_raters = 4, n_labels = 4, missing = 0.2, agree = 0.6) {
  truth <- sample.int(n_labels, n, replace = TRUE)
  vapply(seq_len(n_raters), function(j) {
    label <- ifelse(runif(n) < agree, truth, sample.int(n_labels, n, replace = TRUE))
    ifelse(runif(n) < missing, NA, as.double(label))
  }, numeric(n))
}

random_distributions <- function(n, k) {
  x <- matrix(rexp(n * k), n)
  x / rowSums(x)
}

# One-hot rows.
indicator_matrix <- function(codes, k) {
  x <- matrix(0, length(codes), k)
  x[cbind(seq_along(codes), codes)] <- 1
  x
}

# Same draws for any number of threads, from the same seed.
expect_threadless <- function(call_with) {
  run <- function(threads) {
    set.seed(7)
    call_with(threads)
  }
  testthat::expect_identical(run(2L), run(1L))
  testthat::expect_identical(run(3L), run(1L))
}
