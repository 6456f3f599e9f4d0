# How labels of known probability vary, as they are and weighted by 1 / prob. Where one label
# carries the estimate this says how many labels at random it is worth; merged it is that of all
# parts.

label_spread <- function(y, prob) {
  moments <- function(weight) {
    n <- sum(weight)
    mean <- sum(weight * y) / n
    list(n = n, mean = mean, squares = sum(weight * (y - mean)^2))
  }
  list(plain = moments(rep(1, length(y))), weighted = moments(1 / prob))
}

# Of a design's labelled rows, or of the summary that holds them.
design_spread <- function(design) {
  if (!is.null(design$summary)) return(design$summary$spread)
  known <- rows_with_label(design)
  label_spread(column_values(design$y, known), column_values(design$prob, known))
}

# NULL where either part does not know it: groups need none.
merge_spreads <- function(a, b) {
  if (is.null(a) || is.null(b)) return(NULL)
  Map(merge_moments, a, b)
}

merge_moments <- function(a, b) {
  if (a$n == 0) return(b)
  if (b$n == 0) return(a)
  n <- a$n + b$n
  off <- b$mean - a$mean
  list(n = n, mean = a$mean + off * b$n / n,
       squares = a$squares + b$squares + off^2 * a$n * b$n / n)
}

# The larger of both variances; NA where nobody knows them.
largest_variance <- function(spread) {
  if (is.null(spread)) return(NA_real_)
  max(spread$weighted$squares / spread$weighted$n, spread$plain$squares / (spread$plain$n - 1))
}
