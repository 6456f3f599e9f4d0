# Confidences that remember how they were made.

#' Confidence values
#'
#' @description
#' The column `confidence` that [label_confidence()] returns: doubles from 0 to 1 that remember the
#' method they were made by. A token probability of 0.9 and a stated 90% mean different things, so
#' values of two methods never share a column: `c()`, `rbind()`, `vctrs::vec_rbind()` and
#' assignments that would mix them are errors of class `judicious_error_mixed_methods`. Plain
#' numbers cannot be assigned either, except `NA`.
#'
#' Comparisons, arithmetic and `mean()` treat them as plain numbers and return those; `as.double()`
#' drops the method.
#'
#' @param x,object (`judicious_confidence`) The column `confidence` of [label_confidence()].
#' @param n_bins (count) Number of bins of the histogram.
#' @param ... Not used.
#' @returns `format()`: strings. `print()` and `plot()`: `x`, invisibly. `tidy()`: a data frame with
#'   one row per value, columns `confidence` (plain double) and `method`. `glance()`: one row with
#'   `method`, `n`, `n_missing`, `mean`, `median`, `min`, `max` (of the values that are there).
#'   `autoplot()`: a ggplot object, the histogram of the values.
#' @examples
#' stated <- label_confidence(c("90%", "0.6", "8/10", "no idea"), "verbal", unparsed = 0)
#' stated$confidence
#' stated$confidence >= 0.8
#' glance(stated$confidence)
#' ggplot2::autoplot(stated$confidence)
#' @name judicious_confidence
#' @family label confidence
NULL

# What each method's values are, for titles.
confidence_titles <- c(
  label_prob = "Probability of the label",
  token_mean = "Geometric mean of token probabilities",
  p_true = "Verifier's probability of \"Yes\"",
  verbal = "Stated confidence",
  vote = "Share of repeated answers",
  entropy = "1 - normalised entropy of the labels",
  semantic = "1 - normalised entropy of the clusters"
)

new_confidence <- function(x, method) {
  x <- as.double(x)  # of all NA, R makes a logical
  x[is.nan(x)] <- NA
  vctrs::new_vctr(x, method = method, class = "judicious_confidence", inherit_base_type = TRUE)
}

confidence_method <- function(x) attr(x, "method")

plain_confidence <- function(x) {
  if (inherits(x, "judicious_confidence")) vctrs::vec_data(x) else x
}

#' @rdname judicious_confidence
#' @export
format.judicious_confidence <- function(x, ...) {
  rlang::set_names(format_digits(plain_confidence(x), ...), names(x))
}

format_digits <- function(x, ..., digits = NULL) {
  format(x, ..., digits = digits %||% getOption("judicious.digits", 3))
}

confidence_counts <- function(x) {
  n_missing <- sum(is.na(x))
  paste0(format_count(length(x)), " value", if (length(x) != 1L) "s",
         if (n_missing > 0L) paste0(", ", format_count(n_missing), " missing"))
}

#' @exportS3Method vctrs::obj_print_header
obj_print_header.judicious_confidence <- function(x, ...) {
  method <- confidence_method(x)
  cat(confidence_titles[[method]], " (\"", method, "\"): ", confidence_counts(x), "\n", sep = "")
  invisible(x)
}

#' @exportS3Method vctrs::vec_ptype_abbr
vec_ptype_abbr.judicious_confidence <- function(x, ...) confidence_method(x)

#' @exportS3Method vctrs::vec_ptype_full
vec_ptype_full.judicious_confidence <- function(x, ...) {
  paste0("confidence<", confidence_method(x), ">")
}

# --- combining ------------------------------------------------------------------

# Methods for two classes have names as long as both.
# nolint start: object_length_linter.

check_same_method <- function(x, y) {
  methods <- c(confidence_method(x), confidence_method(y))
  if (methods[1] == methods[2]) return(invisible())
  abort_judicious(
    c("Confidences of two methods cannot be in one column.",
      x = "These are of {.val {methods[1]}} and {.val {methods[2]}}.",
      i = "Keep a column for each, or drop the method with {.fn as.double}."),
    "mixed_methods", methods = methods, call = NULL
  )
}

# As any number, where text is made of it.
#' @export
as.character.judicious_confidence <- function(x, ...) as.character(plain_confidence(x))

#' @exportS3Method vctrs::vec_ptype2
vec_ptype2.judicious_confidence.judicious_confidence <- function(x, y, ...) {
  check_same_method(x, y)
  new_confidence(double(), confidence_method(x))
}

#' @exportS3Method vctrs::vec_ptype2
vec_ptype2.judicious_confidence.double <- function(x, y, ...) double()

#' @exportS3Method vctrs::vec_ptype2
vec_ptype2.double.judicious_confidence <- function(x, y, ...) double()

#' @exportS3Method vctrs::vec_ptype2
vec_ptype2.judicious_confidence.integer <- function(x, y, ...) double()

#' @exportS3Method vctrs::vec_ptype2
vec_ptype2.integer.judicious_confidence <- function(x, y, ...) double()

#' @exportS3Method vctrs::vec_cast
vec_cast.judicious_confidence.judicious_confidence <- function(x, to, ...) {
  check_same_method(x, to)
  x
}

#' @exportS3Method vctrs::vec_cast
vec_cast.double.judicious_confidence <- function(x, to, ...) plain_confidence(x)

# nolint end

# vctrs would let plain numbers in.
#' @exportS3Method vctrs::vec_cast
vec_cast.judicious_confidence.double <- function(x, to, ..., x_arg = "", to_arg = "") {
  vctrs::stop_incompatible_cast(
    x, to, x_arg = x_arg, to_arg = to_arg,
    details = "Drop the method with `as.double()` before you change confidences."
  )
}

# --- as numbers -----------------------------------------------------------------

#' @exportS3Method vctrs::vec_arith
vec_arith.judicious_confidence <- function(op, x, y, ...) {
  if (inherits(y, "MISSING")) return(match.fun(op)(plain_confidence(x)))
  vctrs::vec_arith_base(op, plain_confidence(x), plain_confidence(y))
}

#' @exportS3Method vctrs::vec_arith
vec_arith.numeric.judicious_confidence <- function(op, x, y, ...) {
  vctrs::vec_arith_base(op, x, plain_confidence(y))
}

#' @exportS3Method vctrs::vec_math
vec_math.judicious_confidence <- function(.fn, .x, ...) {
  vctrs::vec_math_base(.fn, plain_confidence(.x), ...)
}

#' @exportS3Method stats::median judicious_confidence
median.judicious_confidence <- function(x, na.rm = FALSE, ...) { # nolint: object_name_linter.
  stats::median(plain_confidence(x), na.rm = na.rm, ...)
}

#' @exportS3Method stats::quantile judicious_confidence
quantile.judicious_confidence <- function(x, ...) stats::quantile(plain_confidence(x), ...)

#' @export
summary.judicious_confidence <- function(object, ...) summary(plain_confidence(object), ...)

# --- tidy, glance, plot ---------------------------------------------------------

#' @rdname judicious_confidence
#' @exportS3Method generics::tidy judicious_confidence
tidy.judicious_confidence <- function(x, ...) {
  check_dots(...)
  vctrs::data_frame(confidence = as.double(x), method = rep(confidence_method(x), length(x)))
}

#' @rdname judicious_confidence
#' @exportS3Method generics::glance judicious_confidence
glance.judicious_confidence <- function(x, ...) {
  check_dots(...)
  known <- as.double(x)[!is.na(x)]
  of_known <- function(f) if (length(known) > 0L) f(known) else NA_real_
  vctrs::data_frame(
    method = confidence_method(x), n = length(x), n_missing = length(x) - length(known),
    mean = of_known(mean), median = of_known(stats::median), min = of_known(min),
    max = of_known(max)
  )
}

#' @rdname judicious_confidence
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_confidence <- function(object, ..., n_bins = 20L) {
  check_dots(...)
  by_value <- missing(n_bins)
  n_bins <- check_count(n_bins, upper = 1000)
  known <- data.frame(confidence = as.double(object)[!is.na(object)])
  ggplot2::ggplot(known, ggplot2::aes(.data$confidence)) +
    histogram(known$confidence, breaks = seq(0, 1, length.out = n_bins + 1),
              by_value = by_value) +
    ggplot2::coord_cartesian(xlim = c(0, 1)) +
    ggplot2::scale_y_continuous(labels = format_count,
                                expand = ggplot2::expansion(mult = c(0, 0.05))) +
    ggplot2::labs(x = "Confidence", y = "Items",
                  title = confidence_titles[[confidence_method(object)]],
                  subtitle = confidence_counts(object)) +
    plot_theme()
}

#' @rdname judicious_confidence
#' @export
plot.judicious_confidence <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}
