# The result of every sampler: a data frame with one row per item that remembers
# how it was drawn.

# `columns` holds prob and selected. `unit` says what the budget counts: "label",
# "cluster" or "cost"; `n_units` is how many of those there are. What only some
# samplers know is in `...`: allocation (a data frame with a row per stratum) and
# strata, clusters, or costs and policy.
new_judicious_sample <- function(columns, method, budget, unit = "label",
                                 n_units = length(columns$selected), ...) {
  vctrs::new_data_frame(
    columns[c("prob", "selected")],
    n = length(columns$selected),
    method = method,
    budget = budget,
    unit = unit,
    n_units = n_units,
    ...,
    class = c("judicious_sample", "judicious_table")
  )
}

sample_titles <- c(
  uniform = "Simple random sample",
  clusters = "Simple random sample of clusters",
  poisson = "Active sample, independent draws with a cut-off (\"poisson\")",
  pivotal = "Active sample of fixed size (\"pivotal\")",
  neyman = "Stratified sample, Neyman allocation",
  proportional = "Stratified sample, proportional allocation",
  cost_optimal = "Cost-optimal sample by uncertainty",
  cost_optimal_random = "Cost-optimal sample at random"
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
#' The samplers ([sample_uniform()], [sample_clusters()], [sample_stratified()], [sample_active()],
#' [sample_cost_optimal()], [sample_cost_optimal_random()]) return a data frame of class
#' `judicious_sample` with one row per item, in the order of the input:
#'
#' - `prob` (double): the inclusion probability of the item, above 0 and at most 1, or `NA` if it
#'   left the frame;
#' - `selected` (integer): 1 = a human labels it, 0 = nobody does, `NA` = it left the frame.
#'
#' An item *left the frame* when the budget was spent before its turn came: it is no part of the
#' sample and no part of what the sample speaks for. [estimate_mean()] drops such rows and says so.
#'
#' `print()` tells the budget, the realised number, the range of `prob` and how many items left the
#' frame; of a stratified sample also the allocation (the first 20 strata), and where labels have
#' prices also the expected cost of all items and the realised cost. `as.data.frame()` gives the
#' plain data frame; so does any subset of rows or columns, which is no longer the sample that was
#' drawn. `autoplot()` shows the distribution of `prob` among the items selected and not selected,
#' of a stratified sample the labels per stratum; `plot()` draws it.
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
format.judicious_sample <- function(x, ...) unlist(sample_lines(x), use.names = FALSE)

sample_lines <- function(x) {
  c(
    list(title = sample_titles[[attr(x, "method")]]),
    switch(attr(x, "unit"),
      label = format_label_budget(x), cluster = format_cluster_budget(x), cost = format_costs(x)
    ),
    list(prob = paste("Inclusion probability:", format_prob_range(x$prob)),
         mix = format_mix(x),
         left = format_left(x), allocation = format_allocation(attr(x, "allocation")))
  )
}

format_label_budget <- function(x) {
  list(budget = paste0("Budget: ", format_count(attr(x, "budget")), " labels; selected: ",
                       format_count(sum(x$selected, na.rm = TRUE)), " of ",
                       format_count(attr(x, "n_units")), " items"))
}

format_cluster_budget <- function(x) {
  list(budget = paste0("Budget: ", format_count(attr(x, "budget")), " of ",
                       format_count(attr(x, "n_units")), " clusters; selected: ",
                       format_count(sum(x$selected, na.rm = TRUE)), " of ", format_count(nrow(x)),
                       " rows"))
}

format_costs <- function(x) {
  costs <- attr(x, "costs")
  policy <- attr(x, "policy")
  n_human <- sum(x$selected, na.rm = TRUE)
  n_judge <- sum(!is.na(x$selected))
  realised <- n_human * costs[["human"]] + n_judge * costs[["judge"]]
  list(
    budget = paste0("Budget: ", format_cost(attr(x, "budget")), "; realised cost: ",
                    format_cost(realised), " (", format_count(n_human), " human labels, ",
                    format_count(n_judge), " judge labels)"),
    expected = paste0("Expected cost of all ", format_count(nrow(x)), " items: ",
                      format_cost(policy$expected_cost), " (",
                      format_count(round(policy$expected_labels)), " human labels)"),
    variance = paste("Expected variance:",
                     format(policy$relative_variance, digits = getOption("judicious.digits", 3)),
                     "x that of human labels alone for the same money")
  )
}

# Which mix, why, and what to expect of it.
format_mix <- function(x) {
  mix <- attr(x, "mix")
  if (is.null(mix)) return(NULL)
  at_random <- format(100 * mix$mix, digits = 3)
  by_doubt <- format(100 * (1 - mix$mix), digits = 3)
  share <- paste0("Mix: ", at_random, " % at random, ", by_doubt, " % by uncertainty")
  second <- !is.null(mix$n_first)
  why <- if (second) {
    paste0("after ", format_count(mix$n_first), " random labels; ",
           format(100 * mix$useful, digits = 2), " % of the judge's error follow the uncertainty")
  } else if (!mix$chosen) {
    "as asked for"
  } else if (mix$mix == 1) {
    "the uncertainties promise too little"
  } else {
    "the narrowest interval at a risk of 1 %"
  }
  c(paste0(share, " (", why, ")"), if (mix$mix < 1) format_expected_width(mix, second))
}

# The promise with what it rests on.
format_expected_width <- function(mix, second) {
  change <- function(ratio) {
    paste0(format(100 * abs(1 - ratio), digits = 2), " % ", if (ratio <= 1) "narrower" else "wider")
  }
  promise <- paste("Expected interval:", change(mix$width_ratio), "than with as many random rows")
  if (second) return(promise)
  c(paste(promise, "if the uncertainties are right,"),
    paste0("  ", change(mix$width_ratio_useless), " if they say nothing"),
    "  (assumed: rates of 5 to 30 %, judge correlations of .5 to .85)")
}

format_left <- function(x) {
  n_left <- sum(is.na(x$selected))
  if (n_left == 0L) return(NULL)
  paste0("Left the frame: ", format_count(n_left), " items (the budget was spent)")
}

# One line per stratum under a line of names, strata to the left and numbers to
# the right.
format_allocation <- function(table, max_rows = 20L) {
  if (is.null(table)) return(NULL)
  shown <- utils::head(table, max_rows)
  numbers <- lapply(shown[-1], format, digits = getOption("judicious.digits", 3), big.mark = ",")
  columns <- c(list(c("stratum", as.character(shown$stratum))), Map(c, names(numbers), numbers))
  n_more <- nrow(table) - nrow(shown)
  c(paste0("  ", format_columns(columns)),
    if (n_more > 0L) paste("  and", format_count(n_more), "more strata"))
}

format_prob_range <- function(prob) {
  digits <- getOption("judicious.digits", 3)
  ends <- vapply(range(prob, na.rm = TRUE), format, character(1), digits = digits)
  paste(unique(ends), collapse = " to ")
}

#' @rdname judicious_sample
#' @export
print.judicious_sample <- function(x, ...) {
  cat(format(x, ...), sep = "\n")
  invisible(x)
}

#' @rdname judicious_sample
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_sample <- function(object, ..., n_bins = 40L) {
  check_dots(...)
  n_bins <- check_count(n_bins, upper = 1000)
  lines <- sample_lines(object)
  allocation <- attr(object, "allocation")
  panel <- if (!is.null(allocation)) plot_allocation(allocation) else if (alike(object$prob)) {
    plot_shares(object)
  } else {
    plot_prob(object, n_bins)
  }
  panel +
    ggplot2::labs(title = lines$title, subtitle = paste(
      unlist(lines[c("budget", "expected", "left")]), collapse = "\n"
    )) +
    plot_theme(axis.text.y = ggplot2::element_text(
      size = if (is.null(allocation)) 9.6 else row_text_size(nrow(allocation), 9.6)
    ))
}

plot_prob <- function(object, n_bins) {
  bins <- bin_sample(object, n_bins)
  if (n_unseen(object) > 0) bins <- bins[bins$status == "yes", ]
  ggplot2::ggplot(bins, ggplot2::aes(.data$prob, .data$n, fill = .data$status)) +
    ggplot2::geom_col(width = bins$width[1], orientation = "x") +
    # Panels of their own height: the selected are few, and their shape is the point.
    ggplot2::facet_wrap(
      "status", ncol = 1, scales = "free_y",
      labeller = ggplot2::labeller(status = c(
        no = paste("Not selected:", format_count(sum(object$selected == 0, na.rm = TRUE))),
        yes = paste("Selected:", format_count(sum(object$selected, na.rm = TRUE)))
      ))
    ) +
    ggplot2::scale_fill_manual(values = sample_colours, guide = "none") +
    ggplot2::scale_x_continuous(limits = c(0, NA)) +
    ggplot2::scale_y_continuous(labels = format_count) +
    ggplot2::labs(x = "Inclusion probability", y = "Items")
}

# Items that stayed in a database.
n_unseen <- function(object) {
  if (is.null(attr(object, "id"))) 0 else attr(object, "n_units") - nrow(object)
}

alike <- function(prob) {
  ends <- range(prob, na.rm = TRUE)
  diff(ends) <= 1e-9 * ends[2]
}

# Where all chances are equal there is no distribution to show: how many were drawn.
plot_shares <- function(object) {
  bars <- bin_sample(object, 1L)
  unseen <- n_unseen(object)
  bars$n <- bars$n + unseen * (bars$status == "no")
  bars <- bars[bars$n > 0, ]
  bars$text <- paste0(c(no = "not selected: ", yes = "selected: ")[bars$status],
                      format_count(bars$n))
  # The selected from the left, the others from the right.
  bars$side <- as.numeric(bars$status == "no")
  bars$at <- bars$side * sum(bars$n)
  ggplot2::ggplot(bars, ggplot2::aes(.data$n, "", fill = .data$status)) +
    ggplot2::geom_col(width = 0.5, orientation = "y",
                      position = ggplot2::position_stack(reverse = FALSE)) +
    ggplot2::geom_text(ggplot2::aes(label = .data$text, x = .data$at, hjust = .data$side,
                                    colour = .data$status), y = 1.35, size = 3.6) +
    ggplot2::scale_fill_manual(values = sample_colours, guide = "none") +
    ggplot2::scale_colour_manual(values = c(no = "grey35", yes = main_colour), guide = "none") +
    ggplot2::scale_x_continuous(labels = format_count) +
    ggplot2::labs(x = "Items", y = NULL, caption = paste(
      "Every item had the same chance:", format_prob_range(object$prob)
    ))
}

sample_colours <- c(no = "#999999", yes = main_colour)

# First stratum on top; of many strata the largest.
plot_allocation <- function(table, most = 40L) {
  n_more <- nrow(table) - most
  if (n_more > 0L) {
    table <- table[sort(order(-table$n_total)[seq_len(most)]), ]
  }
  table$stratum <- as.character(table$stratum)
  table$stratum <- factor(table$stratum, levels = rev(unique(table$stratum)))
  table$text <- paste0(format_count(table$n), " of ", format_count(table$n_total))
  ggplot2::ggplot(table, ggplot2::aes(.data$n, .data$stratum)) +
    ggplot2::geom_col(fill = main_colour, width = 0.7, orientation = "y") +
    ggplot2::geom_text(ggplot2::aes(label = .data$text), hjust = -0.1,
                       size = row_text_size(nrow(table), 10) / 2.85) +
    ggplot2::scale_x_continuous(labels = format_count,
                                expand = ggplot2::expansion(mult = c(0, 0.25))) +
    ggplot2::scale_y_discrete(labels = axis_names) +
    ggplot2::labs(x = "Labels", y = "Stratum", caption = if (n_more > 0L) {
      paste("The largest strata; and", format_count(n_more), "more")
    })
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
