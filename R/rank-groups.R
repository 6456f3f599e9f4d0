# A leaderboard of groups: the class and plots of rank_judges().

#' Rank groups
#'
#' @description
#' A leaderboard that says what it knows: the rank of every group with the range of ranks it may
#' have, which groups may be best, and which cannot be told apart. All claims hold together at the
#' confidence level, because they are those of [compare_groups()].
#'
#' @param x The result of [estimate_groups()].
#' @param better `"higher"` or `"lower"`: which means are good. There is no default: nothing in the
#'   data tells an error rate from a success rate.
#' @param conf_level Confidence level; `NULL`: that of `x`.
#' @return A data frame of class [judicious_ranking][tidy.judicious_ranking], best first: `judge` is
#'   the group, `estimate` its mean, `regret` how much worse than the best one it is, with the
#'   simultaneous interval of that difference cut at 0. `p_best` is the share of 10,000 draws of the
#'   joint normal distribution of the means in which the group is best.
#' @section Formula:
#' Group i is surely better than j if the simultaneous interval of their difference excludes 0; the
#' range of ranks is \[1 + number surely better, groups - number surely worse\] (Mogstad et al.
#' 2024).
#' @section Undefined when:
#' there is one group only: an error.
#' @references Mogstad, Romano, Shaikh and Wilhelm (2024), Review of Economic Studies 91.
#' @seealso [compare_groups()], [rank_judges()].
#' @examples
#' set.seed(1)
#' answers <- simulate_binary(3000, true_mean = 0.2, proxy_mean = 0.15, correlation = 0.7)
#' answers$system <- rep(c("A", "B", "C"), 1000)
#' answers$human <- reveal_labels(answers$y_true, sample_uniform(3000, 300))
#' groups <- estimate_groups(human ~ y_proxy, answers, by = system)
#' ranking <- rank_groups(groups, better = "lower")
#' ranking
#' ggplot2::autoplot(ranking)
#' @export
rank_groups <- function(x, better, conf_level = NULL) {
  call <- rlang::current_env()
  check_groups_result(x, call)
  if (rlang::is_missing(better)) {
    abort_judicious(
      c("{.arg better} must say which means are good.",
        i = "{.code better = \"higher\"} for success rates, {.code \"lower\"} for error rates."),
      "missing_argument", arg = "better", call = call
    )
  }
  check_choice(better, c("higher", "lower"), call = call)
  compared <- compare_groups(x, better = better, conf_level = conf_level)
  table <- tidy(x, conf_level = attr(compared, "conf_level"))
  sign <- if (better == "higher") 1 else -1
  rows <- rank_rows_of_groups(table, compared, sign)
  rows$p_best <- chance_of_largest_cpp(sign * table$estimate, joint_vcov(x, "hc3"), 10000,
                                       x$settings$threads)
  rows <- rows[order(rows$rank, method = "radix"), ]
  row.names(rows) <- NULL
  structure(rows, tau = NA_real_, conf_level = attr(compared, "conf_level"), n_boot = 10000,
            label = x$settings$metric, better = better,
            class = c("judicious_group_ranking", "judicious_ranking", "judicious_table",
                      "data.frame"))
}

rank_rows_of_groups <- function(table, compared, sign) {
  groups <- table$term
  n <- length(groups)
  ahead <- low <- high <- matrix(0, n, n, dimnames = list(groups, groups))
  at <- cbind(compared$group, compared$against)
  ends <- sign * cbind(compared$conf.low, compared$conf.high)
  if (sign < 0) ends <- ends[, 2:1, drop = FALSE]
  ahead[at] <- sign * compared$estimate
  ahead[at[, 2:1, drop = FALSE]] <- -sign * compared$estimate
  low[at] <- ends[, 1]
  high[at] <- ends[, 2]
  low[at[, 2:1, drop = FALSE]] <- -ends[, 2]
  high[at[, 2:1, drop = FALSE]] <- -ends[, 1]
  better_than <- low > 0  # row surely better than column
  better_than[is.na(better_than)] <- FALSE
  rank <- rank(-sign * table$estimate, ties.method = "min")
  best <- which.min(rank)
  worse <- pmax(unname(ahead[best, ]), 0) + 0
  data.frame(
    judge = groups, metric = "mean", estimate = table$estimate, conf_low = table$conf.low,
    conf_high = table$conf.high, rank = as.double(rank),
    rank_low = 1 + unname(colSums(better_than)), rank_high = n - unname(rowSums(better_than)),
    p_best = NA_real_, tie_group = tie_groups(rank, better_than),
    consistency = NA_real_, downstream_rank = NA_real_, regret = worse,
    regret_low = pmax(unname(low[best, ]), 0), regret_high = pmax(unname(high[best, ]), 0),
    n_items = table$n_true
  )
}

# From the best down: a new group starts where the first of the current one is surely better.
tie_groups <- function(rank, better_than) {
  order <- order(rank)
  out <- numeric(length(rank))
  leader <- order[1]
  group <- 1
  for (g in order) {
    if (better_than[leader, g]) {
      group <- group + 1
      leader <- g
    }
    out[g] <- group
  }
  out
}

# --- printing and plots --------------------------------------------------------------------------

#' @export
format.judicious_group_ranking <- function(x, ...) {
  check_dots(...)
  level <- format_level(attr(x, "conf_level"))
  c(
    paste0("Groups by ", attr(x, "label"), ", ", attr(x, "better"), " is better"),
    format_columns(list(
      c("rank", format_rank(x$rank)), c("", format_rank_range(x$rank_low, x$rank_high)),
      c("group", x$judge), c("estimate", format_each(x$estimate)),
      c(paste(level, "CI"), format_bounds(x$conf_low, x$conf_high)),
      c("best", format_chance(x$p_best)), c("tie group", format_rank(x$tie_group)),
      c("behind the best", format_each(x$regret)),
      c("", format_bounds(x$regret_low, x$regret_high)), c("labels", format_count(x$n_items))
    ), left = "group"),
    format_winners(as.data.frame(x), level),
    ""
  )
}

#' @rdname rank_groups
#' @param object A ranking of groups.
#' @param type `"ranks"`: the range of ranks of every group. `"regret"`: how far behind the best.
#' @param ... Not used.
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_group_ranking <- function(object, type = c("ranks", "regret"), ...) {
  check_dots(...)
  type <- match_choice(type)
  data <- as.data.frame(object)
  caption <- paste0("All groups together, ", format_level(attr(object, "conf_level")),
                    " confidence")
  if (type == "regret") {
    data$panel <- factor(attr(object, "label"))
    percent <- all(data$estimate >= 0 & data$estimate <= 1)
    plot <- regret_plot(data, object) + ggplot2::labs(x = "Behind the best", caption = caption)
    # In per cent, where it had a scale of its own: ggplot2 would tell that it is replaced.
    return(suppressMessages(plot + ggplot2::scale_x_continuous(labels = axis_labels(percent),
                                                               limits = c(0, NA))))
  }
  rank_range_plot(data, paste0("Rank by ", attr(object, "label")),
                  paste0("Point and range of ranks. ", caption))
}

# Rows `judge`, `rank`, `rank_low`, `rank_high`, best first.
rank_range_plot <- function(data, title, caption) {
  data$judge <- factor(data$judge, rev(data$judge))
  ggplot2::ggplot(data, ggplot2::aes(.data$rank, .data$judge)) +
    ggplot2::geom_segment(
      ggplot2::aes(x = .data$rank_low, xend = .data$rank_high, yend = .data$judge),
      linewidth = 1.1, colour = main_colour
    ) +
    ggplot2::geom_point(size = 3.2, colour = main_colour) +
    ggplot2::scale_x_continuous(breaks = every_rank(nrow(data)), limits = c(1, nrow(data))) +
    ggplot2::labs(x = title, y = NULL, caption = caption) +
    judge_theme()
}

# Or some ten of them.
every_rank <- function(n) unique(round(seq(1, n, by = max(1, ceiling(n / 12)))))
