# The result of every sampler: a data frame with one row per item that remembers
# how it was drawn.

# `columns` holds prob and selected. `unit` says what the budget counts: "label"
# or "cluster"; `n_units` is how many of those there are.
new_judicious_sample <- function(columns, method, budget, unit = "label",
                                 n_units = length(columns$selected)) {
  vctrs::new_data_frame(
    columns[c("prob", "selected")],
    n = length(columns$selected),
    method = method,
    budget = budget,
    unit = unit,
    n_units = n_units,
    class = "judicious_sample"
  )
}

sample_titles <- c(
  uniform = "Simple random sample",
  clusters = "Simple random sample of clusters",
  poisson = "Active sample, independent draws with a cut-off (\"poisson\")",
  pivotal = "Active sample of fixed size (\"pivotal\")"
)

# How many units to draw: a whole number from 1 to how many there are.
check_draws <- function(n, n_units, unit, arg = rlang::caller_arg(n),
                        call = rlang::caller_env()) {
  force(arg) # before n is reassigned
  n <- check_count(n, arg = arg, call = call)
  if (n > n_units) {
    abort_judicious("{.arg {arg}} must be at most the number of {unit} ({n_units}), not {n}.",
                    "range", arg = arg, call = call)
  }
  n
}

#' Work with a sample plan
#'
#' @description
#' The samplers ([sample_uniform()], [sample_clusters()], [sample_active()]) return a data frame of
#' class `judicious_sample` with one row per item, in the order of the input:
#'
#' - `prob` (double): the inclusion probability of the item, above 0 and at most 1, or `NA` if it
#'   left the frame;
#' - `selected` (integer): 1 = a human labels it, 0 = nobody does, `NA` = it left the frame.
#'
#' An item *left the frame* when the budget was spent before its turn came: it is no part of the
#' sample and no part of what the sample speaks for. [estimate_mean()] drops such rows and says so.
#'
#' `print()` tells the budget, the realised number, the range of `prob` and how many items left the
#' frame. `as.data.frame()` gives the plain data frame; so does any subset of rows or columns, which
#' is no longer the sample that was drawn. `autoplot()` shows the distribution of `prob` among the
#' items selected and not selected; `plot()` draws it.
#'
#' @param x,object (`judicious_sample`) What a sampler returned.
#' @param ... Not used.
#' @param n_bins (count) Number of bins of `prob` in the plot.
#' @returns `format()`: a character vector, one element per line. `print()` and `plot()`: `x`,
#'   invisibly. `as.data.frame()`: a data frame with columns `prob` and `selected`. `autoplot()`: a
#'   ggplot object.
#' @examples
#' set.seed(1)
#' items <- simulate_binary_active(2000, true_mean = 0.1, proxy_mean = 0.05, correlation = 0.55)
#' plan <- sample_active(items$uncertainty, n = 200)
#' plan
#' head(plan)
#' ggplot2::autoplot(plan)
#' @name judicious_sample
#' @family samplers
NULL

#' @rdname judicious_sample
#' @export
format.judicious_sample <- function(x, ...) {
  n_left <- sum(is.na(x$selected))
  c(
    sample_titles[[attr(x, "method")]],
    format_budget(x),
    paste("Inclusion probability:", format_prob_range(x$prob)),
    if (n_left > 0) {
      paste0("Left the frame: ", format_whole(n_left), " items (the budget was spent)")
    }
  )
}

format_budget <- function(x) {
  n_selected <- format_whole(sum(x$selected, na.rm = TRUE))
  n_items <- format_whole(nrow(x))
  budget <- format_whole(attr(x, "budget"))
  if (attr(x, "unit") == "cluster") {
    paste0("Budget: ", budget, " of ", format_whole(attr(x, "n_units")), " clusters; selected: ",
           n_selected, " of ", n_items, " rows")
  } else {
    paste0("Budget: ", budget, " labels; selected: ", n_selected, " of ", n_items, " items")
  }
}

format_prob_range <- function(prob) {
  digits <- getOption("judicious.digits", 3)
  ends <- vapply(range(prob, na.rm = TRUE), format, character(1), digits = digits)
  paste(unique(ends), collapse = " to ")
}

format_whole <- function(n) format(n, big.mark = ",", scientific = FALSE, trim = TRUE)

#' @rdname judicious_sample
#' @export
print.judicious_sample <- function(x, ...) {
  cat(format(x, ...), sep = "\n")
  invisible(x)
}

#' @rdname judicious_sample
#' @export
as.data.frame.judicious_sample <- function(x, ...) {
  vctrs::new_data_frame(list(prob = x$prob, selected = x$selected), n = nrow(x))
}

#' @export
`[.judicious_sample` <- function(x, ...) {
  x <- as.data.frame(x)
  x[...]
}

#' @rdname judicious_sample
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_sample <- function(object, ..., n_bins = 40L) {
  n_bins <- check_count(n_bins, upper = 1000)
  bins <- bin_sample(object, n_bins)
  ggplot2::ggplot(bins, ggplot2::aes(.data$prob, .data$n, fill = .data$status)) +
    ggplot2::geom_col(width = bins$width[1], orientation = "x") +
    # Panels of their own height: the selected are few, and their shape is the point.
    ggplot2::facet_wrap(
      "status", ncol = 1, scales = "free_y",
      labeller = ggplot2::labeller(status = c(
        no = paste("Not selected:", format_whole(sum(object$selected == 0, na.rm = TRUE))),
        yes = paste("Selected:", format_whole(sum(object$selected, na.rm = TRUE)))
      ))
    ) +
    ggplot2::scale_fill_manual(values = c(no = "#999999", yes = "#0072B2"), guide = "none") +
    ggplot2::scale_x_continuous(limits = c(0, NA)) +
    ggplot2::scale_y_continuous(labels = format_whole) +
    ggplot2::labs(x = "Inclusion probability", y = "Items", title = format(object)[1],
                  subtitle = paste(format(object)[-c(1, 3)], collapse = "\n")) +
    ggplot2::theme_minimal() +
    ggplot2::theme(strip.text = ggplot2::element_text(hjust = 0))
}

#' @rdname judicious_sample
#' @export
plot.judicious_sample <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}

# Counts per bin of prob and status, so that a plot of millions of items holds a
# few dozen rows. One bin if all probabilities are equal.
bin_sample <- function(x, n_bins) {
  x <- as.data.frame(x)
  x <- x[!is.na(x$selected), ]
  ends <- range(x$prob)
  if (ends[1] == ends[2]) {
    n_bins <- 1L
    ends <- ends + c(-0.5, 0.5) * ends[1] / 10
  }
  width <- diff(ends) / n_bins
  bin <- pmin(floor((x$prob - ends[1]) / width), n_bins - 1)
  counts <- function(chosen) tabulate(bin[x$selected == chosen] + 1, n_bins)
  data.frame(
    prob = ends[1] + width * (seq_len(n_bins) - 0.5),
    n = c(counts(0L), counts(1L)),
    status = rep(c("no", "yes"), each = n_bins),
    width = width
  )
}
