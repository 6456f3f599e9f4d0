# rank_sensitivity(): does the winner depend on what forced choices hide?

#' Does the best judge depend on assumptions?
#'
#' @description
#' Where humans gave forced choices only, their response sets are unknown. This ranks the judges for
#' a grid of `beta`, the probability that a rater who picked a negative option also finds a positive
#' one reasonable, and of decision thresholds `tau`, and tells where the winner changes. A winner
#' that stays needs no more data; one that changes calls for about 100 paired ratings, see
#' [fit_translation()].
#'
#' @section Formula:
#' For each `beta`, human response sets are rebuilt by [translation_beta()] and
#' [reconstruct_sets()], and judges ranked as by [rank_judges()], on the same items and with the
#' same resamples throughout.
#'
#' @inheritParams rank_judges
#' @param human Human ratings with forced choices, from [as_ratings()]; response sets in them are
#'   not used. If there are several sources, the one called `"human"`.
#' @param judges Ratings of the judges with response sets, one source each, from [as_ratings()], or
#'   response sets from [reconstruct_sets()].
#' @param beta Values in \[0, 1\].
#' @param tau Thresholds in \[0, 1).
#' @param metric Name of the metric to rank by, see [agreement_metrics()]. A metric of forced
#'   choices, such as `"hit_rate"`, has the same ranks for every `beta`; its regret shows what it
#'   misses.
#' @param to How a response set grows, `"both"` or `"positive_only"`, see [translation_beta()].
#' @return A data frame of class `judicious_sensitivity`, one row per `beta`, `tau` and judge:
#'   `beta`, `tau` and the columns of [rank_judges()]. The attribute `flips` is a data frame of
#'   neighbouring values of `beta` between which the winner changes: `by` (`"metric"` or
#'   `"consistency"`), `tau`, `beta_from`, `beta_to`, `winner_from`, `winner_to`, `sure` (whether
#'   both winners are surely best; `NA` by consistency). It has methods for `print()`, `tidy()`,
#'   `as.data.frame()`, `autoplot()` and `plot()`.
#' @section Errors:
#' `judicious_error_sets` if a judge has no response sets, `judicious_error_undefined` if the task
#' names no positive options, and those of [rank_judges()].
#' @inherit rank_judges references
#' @examples
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' set.seed(1)
#' sim <- simulate_ratings(task, n_items = 200, n_judges = 4)
#' sensitivity <- rank_sensitivity(sim$human, sim$judges, beta = c(0, 0.2, 0.4), n_boot = 500)
#' sensitivity
#' attr(sensitivity, "flips")
#' ggplot2::autoplot(sensitivity)
#' @family ratings
#' @export
rank_sensitivity <- function(human, judges, beta = seq(0, 0.6, 0.1), tau = 0.5, n_boot = 2000L, ...,
                             metric = "mse_srs", to = c("both", "positive_only"),
                             conf_level = 0.95, smooth = 0.5, rule = c("any", "all"),
                             threads = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  to <- match_choice(to)
  rule <- match_choice(rule)
  beta <- check_betas(beta, call)
  tau <- check_taus(tau, call)
  smooth <- check_number(smooth, 0, 1e15)
  boot <- joint_settings(conf_level, n_boot, threads, call)
  metric <- check_metrics(metric, "metric", call)
  if (length(metric) != 1L) {
    abort_judicious("{.arg metric} must be one metric, not {length(metric)}.", "length",
                    arg = "metric", call = call)
  }
  pair <- pair_scenarios(human, judges, beta, to, rule, call)
  grid <- rank_grid(pair, metric, tau, call)
  values <- compute_common(pair, grid$specs, boot, smooth, call)
  warn_undefined(values$estimate, grid$specs, names(pair$judges), call)
  rows <- rank_rows(grid, values, pair, boot)
  new_sensitivity(rows, beta, boot)
}

check_betas <- function(beta, call) {
  beta <- check_numeric_vector(beta, arg = "beta", call = call)
  if (length(beta) == 0L) {
    abort_judicious("{.arg beta} must have at least one value.", "length", arg = "beta",
                    call = call)
  }
  check_between(beta, 0, 1, arg = "beta", call = call)
  sort(unique(beta))
}

# One human profile per beta, all beside the same judges.
pair_scenarios <- function(human, judges, beta, to, rule, call) {
  check_ratings(human, call = call)
  rebuilt <- lapply(beta, function(b) {
    reconstruct_sets(human, translation_beta(human$task, b, to), rule)
  })
  pairs <- lapply(rebuilt, pair_sources, judges, rule, call)
  pair <- pairs[[1]]
  pair$humans <- lapply(pairs, function(p) p$humans[[1]])
  without <- !vapply(pair$judges, function(p) any(!is.na(p$omega[1, ])), NA)
  if (any(without)) {
    abort_judicious(
      c("Judges need response sets of their own.",
        x = "{.val {names(pair$judges)[without][1]}} has none.",
        i = "Ask it for response sets, or rebuild them with {.fn reconstruct_sets}."),
      "sets", arg = "judges", call = call
    )
  }
  pair
}

new_sensitivity <- function(rows, beta, boot) {
  rows <- rows[order(rows$tau, rows$human, method = "radix"), ]
  table <- cbind(beta = beta[rows$human], tau = rows$tau,
                 rows[setdiff(names(rows), c("human", "tau"))])
  row.names(table) <- NULL
  structure(table, flips = find_flips(table), conf_level = boot$conf_level, n_boot = boot$n_boot,
            class = c("judicious_sensitivity", "judicious_table", "data.frame"))
}

# Neighbouring values of beta with different winners.
find_flips <- function(table) {
  flips_by <- function(by, rank) {
    vctrs::vec_rbind(!!!lapply(unique(table$tau), function(tau) {
      at_tau <- table[table$tau == tau, ]
      cells <- lapply(split(at_tau, at_tau$beta), function(rows) {
        list(beta = rows$beta[1], winner = toString(sort(rows$judge[which(rows[[rank]] == 1)])),
             alone = length(maybe_best(rows)) == 1L)
      })
      vctrs::vec_rbind(!!!Map(function(a, b) {
        if (a$winner == b$winner) return(NULL)
        vctrs::data_frame(by = by, tau = tau, beta_from = a$beta, beta_to = b$beta,
                          winner_from = a$winner, winner_to = b$winner,
                          sure = if (by == "metric") a$alone && b$alone else NA)
      }, utils::head(cells, -1), cells[-1]))
    }))
  }
  empty <- vctrs::data_frame(by = character(), tau = double(), beta_from = double(),
                             beta_to = double(), winner_from = character(),
                             winner_to = character(), sure = logical())
  as.data.frame(vctrs::vec_rbind(empty, flips_by("metric", "rank"),
                                 flips_by("consistency", "downstream_rank")))
}

#' Work with the result of rank_sensitivity()
#'
#' @description
#' `print()` tells the winners and where they change. `autoplot()` draws, for each judge, its rank
#' against `beta` with the band of its rank interval, the other judges as thin grey lines; with
#' `type = "regret"` the decision consistency lost by the metric's choice and by every judge.
#' `plot()` draws the same.
#'
#' @param x,object A `judicious_sensitivity`.
#' @param type `"rank"` or `"regret"`.
#' @param ... Not used.
#' @return `print()`: `x`, invisibly. `format()`: a character vector, one element per line.
#'   `tidy()`: a data frame with `beta`, `tau` and the columns of [`tidy()`][tidy.judicious_ranking]
#'   of a ranking. `as.data.frame()`: the plain data frame. `autoplot()`: a ggplot.
#' @examples
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' set.seed(1)
#' sim <- simulate_ratings(task, n_items = 100, n_judges = 3)
#' sensitivity <- rank_sensitivity(sim$human, sim$judges, beta = c(0, 0.3), n_boot = 200)
#' tidy(sensitivity)
#' ggplot2::autoplot(sensitivity, type = "regret")
#' @seealso [rank_sensitivity()]
#' @name tidy.judicious_sensitivity
#' @export
tidy.judicious_sensitivity <- function(x, ...) {
  check_dots(...)
  result_frame(beta = x$beta, tau = x$tau, !!!as.list(tidy.judicious_ranking(x)))
}

#' @rdname tidy.judicious_sensitivity
#' @export
format.judicious_sensitivity <- function(x, ...) {
  table <- as.data.frame(x)
  cells <- split(table, list(table$beta, table$tau), lex.order = FALSE)
  cell <- function(get) vapply(cells, get, "", USE.NAMES = FALSE)
  downstream <- any(!is.na(table$regret))
  c(
    paste0("Judges by ", metric_title(table$metric[1]), " for ", length(unique(table$beta)),
           " values of beta, ", format_items(table$n_items[1])),
    "",
    format_columns(list(
      c("beta", cell(function(d) format(d$beta[1]))),
      if (length(unique(table$tau)) > 1L) c("tau", cell(function(d) format(d$tau[1]))),
      c("winner", cell(function(d) toString(best_judges(d)))),
      if (attr(x, "n_boot") > 0) c("best", cell(function(d) format_chance(d$p_best[1]))),
      if (attr(x, "n_boot") > 0) {
        c("may be best", cell(function(d) toString(maybe_best(d))))
      },
      if (downstream) c("regret", cell(function(d) format_number(d$regret[1]))),
      if (downstream) {
        c("best for decisions", cell(function(d) toString(d$judge[which(d$downstream_rank == 1)])))
      }
    ), left = c("winner", "may be best", "best for decisions")),
    "",
    format_flips(attr(x, "flips"), length(unique(table$tau)) > 1L)
  )
}

format_flips <- function(flips, several_taus) {
  flips <- flips[flips$by == "metric", ]
  if (several_taus) flips <- flips[!duplicated(flips[c("beta_from", "winner_from", "winner_to")]), ]
  if (nrow(flips) == 0L) return("The winner is the same for every beta.")
  paste0("The winner changes between beta ", format_tau(flips$beta_from), " and ",
         format_tau(flips$beta_to), ": from ", flips$winner_from, " to ", flips$winner_to,
         ifelse(flips$sure, ".", " (within the margin of error)."))
}

#' @rdname tidy.judicious_sensitivity
#' @export
print.judicious_sensitivity <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

#' @rdname tidy.judicious_sensitivity
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_sensitivity <- function(object, type = c("rank", "regret"), ...) {
  check_dots(...)
  type <- match_choice(type)
  if (type == "rank") return(rank_path_plot(object))
  if (all(is.na(object$regret))) {
    abort_judicious("There is no downstream decision to compare with.", "undefined",
                    arg = "object")
  }
  regret_path_plot(object)
}

#' @rdname tidy.judicious_sensitivity
#' @export
plot.judicious_sensitivity <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}

# One panel per judge, best at the lowest beta first.
rank_path_plot <- function(object) {
  data <- as.data.frame(object)
  data <- data[data$tau == data$tau[1], ]
  first <- data[data$beta == min(data$beta), ]
  data$panel <- factor(data$judge, first$judge[order(first$rank)])
  others <- data
  others$panel <- NULL
  ggplot2::ggplot(data, ggplot2::aes(.data$beta, .data$rank)) +
    ggplot2::geom_line(data = others, ggplot2::aes(group = .data$judge), colour = "grey80",
                       linewidth = 0.4, na.rm = TRUE) +
    ggplot2::geom_ribbon(ggplot2::aes(ymin = .data$rank_low, ymax = .data$rank_high),
                         fill = main_colour, alpha = 0.2, na.rm = TRUE) +
    ggplot2::geom_line(colour = main_colour, linewidth = 0.9, na.rm = TRUE) +
    ggplot2::geom_point(colour = main_colour, size = 1.8, na.rm = TRUE) +
    facet_names("panel", nlevels(data$panel)) +
    ggplot2::scale_x_continuous(breaks = few_breaks) +
    ggplot2::scale_y_reverse(breaks = rank_breaks(nrow(first)),
                             limits = c(max(data$rank_high, data$rank, na.rm = TRUE), 1)) +
    ggplot2::labs(
      x = beta_title(),
      y = paste("Rank by", metric_title(data$metric[1])),
      caption = if (attr(object, "n_boot") > 0) {
        paste0("Band: ", format_level(attr(object, "conf_level")),
               " interval of the rank, all judges together; grey: the other judges")
      }
    ) +
    judge_theme(nrow(first))
}

# Every rank of a few judges; of many about four.
rank_breaks <- function(n) seq(1, n, by = if (n <= 6) 1 else ceiling(n / 4))

regret_path_plot <- function(object) {
  data <- as.data.frame(object)
  chosen <- data[which(data$rank == 1), ]
  data$panel <- paste("tau", format_tau(data$tau))
  chosen$panel <- paste("tau", format_tau(chosen$tau))
  n_panels <- length(unique(data$panel))
  columns <- if (is_narrow()) 1L else min(n_panels, 2L)
  top <- max(data$regret, 0.01, na.rm = TRUE)
  room <- end_room(data, columns)
  ends <- spread_ends(end_labels(data), top, ceiling(n_panels / columns))
  top <- max(top, ends$at)
  ends$judge <- fold_text(ends$judge, room$chars, 2L)
  ggplot2::ggplot(data, ggplot2::aes(.data$beta, .data$regret)) +
    ggplot2::geom_line(ggplot2::aes(group = .data$judge), colour = "grey70", linewidth = 0.5,
                       na.rm = TRUE) +
    ggplot2::geom_point(data = chosen, colour = main_colour, size = 2.4) +
    ggplot2::geom_segment(
      data = ends, ggplot2::aes(xend = .data$beta + room$line, yend = .data$at),
      colour = "grey70", linewidth = 0.3
    ) +
    ggplot2::geom_text(
      data = ends, ggplot2::aes(x = .data$beta + 1.3 * room$line, y = .data$at,
                                label = .data$judge),
      hjust = 0, size = 3, lineheight = 0.85, colour = "grey25"
    ) +
    facet_names("panel", n_panels, columns) +
    ggplot2::scale_x_continuous(breaks = if (columns > 1L) few_breaks else
      pretty_within(data$beta), expand = ggplot2::expansion(mult = c(0.05, room$side))) +
    ggplot2::scale_y_continuous(labels = axis_labels(TRUE), limits = c(0, top)) +
    ggplot2::labs(
      x = beta_title(), y = "Regret",
      caption = paste0("Decision consistency lost; lines: judges; points: the choice of ",
                       metric_title(data$metric[1]))
    ) +
    judge_theme()
}

pretty_within <- function(x) {
  breaks <- pretty(x)
  rounding <- 1e-9
  breaks[breaks >= min(x) - rounding & breaks <= max(x) + rounding]
}

beta_title <- function() {
  fold_text("beta: P(a positive option is reasonable | a negative one was chosen)",
            floor(plot_width() * 10))
}

# Room for the names of the lines at their ends, in the units of beta.
end_room <- function(data, columns) {
  inches <- (plot_width() - 0.8) / columns
  chars <- min(max(nchar(data$judge)) + 5, floor(inches * 5.5))
  share <- min(chars * 0.075 / inches, 0.55)
  width <- max(diff(range(data$beta)), 0.01)
  list(chars = chars, side = share / (1 - share) + 0.08, line = 0.04 * width)
}

# Names that would cover each other move apart, upwards from the lowest.
spread_ends <- function(ends, top, rows) {
  gap <- top * 0.055 * rows
  ends$at <- ends$regret
  for (panel in split(seq_len(nrow(ends)), ends$panel)) {
    panel <- panel[order(ends$regret[panel])]
    at <- ends$regret[panel]
    for (k in seq_along(at)[-1]) at[k] <- max(at[k], at[k - 1L] + gap)
    ends$at[panel] <- at
  }
  ends
}

# One label where several judges end at the same point.
end_labels <- function(data) {
  ends <- data[data$beta == max(data$beta) & !is.na(data$regret), ]
  point <- interaction(ends$panel, round(ends$regret, 6), drop = TRUE)
  n_more <- as.vector(table(point)[point]) - 1L
  ends$judge <- paste0(ends$judge, ifelse(n_more > 0L, paste0(" +\u00a0", n_more), ""))
  ends[!duplicated(point), ]
}
