# Checks shared by the simulators: parameters given once or once per judge (or
# stratum), and means and correlations that can go together.

check_size <- function(n, arg = rlang::caller_arg(n), call = rlang::caller_env()) {
  check_count(n, upper = .Machine$integer.max, arg = arg, call = call)
}

check_mean <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  force(arg) # before x is reassigned
  x <- check_numeric_vector(x, arg = arg, call = call)
  check_between(x, 0, 1, open = TRUE, arg = arg, call = call)
  x
}

check_correlation <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  force(arg) # before x is reassigned
  x <- check_numeric_vector(x, arg = arg, call = call)
  check_between(x, -1, 1, arg = arg, call = call)
  x
}

# Named parameters, each of length 1 or of the longest one's length, made equally
# long. `per` says what an element stands for ("judge", "stratum").
recycle_parameters <- function(..., per, call = rlang::caller_env()) {
  parameters <- list(...)
  sizes <- lengths(parameters)
  size <- if (any(sizes == 0L)) 1L else max(sizes)
  bad <- which(sizes != 1L & sizes != size)
  if (length(bad) > 0L) {
    arg <- names(parameters)[bad[1]]
    abort_judicious(
      c("{.arg {arg}} must have length 1 or one element per {per} ({size}).",
        x = "It has {sizes[bad[1]]}."),
      "length", arg = arg, call = call
    )
  }
  lapply(parameters, rep_len, size)
}

# Two 0/1 variables with given means cannot have just any correlation. All
# arguments have one element per `per`.
check_feasible <- function(true_mean, proxy_mean, correlation, per, call = rlang::caller_env()) {
  range <- binary_correlation_range_cpp(true_mean, proxy_mean)
  slack <- 1e-9 # a correlation typed as the rounded end itself is meant to be the end
  bad <- which(correlation < range[, 1] - slack | correlation > range[, 2] + slack)
  if (length(bad) == 0L) return(invisible())
  first <- bad[1]
  # Rounded inwards, so that the numbers shown are feasible.
  shown <- c(ceiling(range[first, 1] * 1e4), floor(range[first, 2] * 1e4)) / 1e4
  where <- if (length(correlation) > 1L) paste0(" of ", per, " ", first) else ""
  abort_judicious(
    c("{.arg correlation}{where} must lie in [{shown[1]}, {shown[2]}], not
       {correlation[first]}.",
      i = "Binary labels with means {true_mean[first]} (true) and {proxy_mean[first]} (judge) can
           have no other correlation."),
    "infeasible", arg = "correlation", where = bad, range = range[first, ], call = call
  )
}

# Doubles for the truth, every judge and one more column.
check_simulation_memory <- function(n, n_judges, call = rlang::caller_env()) {
  check_memory(8 * n * (n_judges + 2), "A simulation", call)
}

# The data frame all simulators return: y_true, then y_proxy or y_proxy_1, ...,
# then what else the simulator knows.
new_simulation <- function(labels, ...) {
  n_judges <- length(labels) - 1L
  proxies <- if (n_judges == 1L) "y_proxy" else paste0("y_proxy_", seq_len(n_judges))
  names(labels) <- c("y_true", proxies)
  vctrs::new_data_frame(c(labels, list(...)), n = length(labels$y_true))
}
