# The result of estimate_bradley_terry(): strengths, chances to win, ranges of ranks.

# Rows of what is reported: the strengths, centred, and the place effect.
battle_map <- function(battles) {
  s <- length(battles$systems)
  out <- matrix(0, s + battles$has_order, s - 1 + battles$has_order)
  out[seq_len(s), seq_len(s - 1)] <- rbind(diag(s - 1), 0) - 1 / s
  if (battles$has_order) out[s + 1, s] <- 1
  out
}

new_bradley_terry <- function(fit, battles, design, settings, map, user_call) {
  s <- length(battles$systems)
  theta <- drop(map %*% fit$beta)
  terms <- c(battles$systems, if (battles$has_order) "(shown first)")
  quantities <- lapply(seq_along(terms), function(k) battle_quantity(terms[k], theta[k], k, fit))
  out <- new_judicious_estimates(
    quantities = quantities, what = "system", by = NULL, settings = settings,
    formula = design$formula, title = paste0(settings$metric, " (log odds; average system = 0)"),
    judges = vapply(design$proxies, function(p) p$name, ""),
    method = if (length(battles$judges) == 0L) "Bradley-Terry model" else
      "Bradley-Terry model, judge-assisted",
    joint = list(vcov = fit[c("plain", "hc2", "hc3")], at = seq_along(terms)),
    lambda = fit$lambda, call = user_call
  )
  strengths <- stats::setNames(theta[seq_len(s)], battles$systems)
  v <- fit$hc3[seq_len(s), seq_len(s), drop = FALSE]
  df <- min(fit$df[seq_len(s)])
  out$win_matrix <- win_chances(strengths)
  out$against <- win_pairs(strengths, v, df, settings$conf_level)
  out$wins <- win_table(strengths, v, df, settings)
  class(out) <- c("judicious_bradley_terry", class(out))
  out
}

battle_quantity <- function(term, estimate, k, fit) {
  one <- list(estimate = estimate, variance = fit$plain[k, k], hc2 = fit$hc2[k, k],
              hc3 = fit$hc3[k, k], df = fit$df[k], skewness = 0)
  inference <- c(one, list(
    alone = one, labels_only = estimate, n_true = fit$n_true, n_base = fit$n, n_cap = Inf,
    known_prob = FALSE, census = FALSE, lowest_label = 0, highest_label = 1, binary = FALSE,
    two_valued = FALSE, as_published = FALSE, prediction = c(0, 0), range = NULL
  ))
  quantity <- new_quantity(term, list(inference = inference), "t", fit$n_rows)
  quantity$inference$alone$variance <- NA_real_  # nothing was fitted without the judge
  quantity
}

# --- chances to win ------------------------------------------------------------------------------

win_chances <- function(strengths) {
  out <- stats::plogis(outer(strengths, strengths, `-`))
  diag(out) <- NA
  out
}

# Of every system against every other, from the interval of their distance in log odds.
win_pairs <- function(strengths, v, df, level) {
  pairs <- expand.grid(against = seq_along(strengths), system = seq_along(strengths))
  pairs <- pairs[pairs$system != pairs$against, ]
  i <- pairs$system
  j <- pairs$against
  d <- unname(strengths[i] - strengths[j])
  half <- stats::qt((1 + level) / 2, df) *
    sqrt(pmax(v[cbind(i, i)] + v[cbind(j, j)] - 2 * v[cbind(i, j)], 0))
  data.frame(system = names(strengths)[i], against = names(strengths)[j],
             win_rate = stats::plogis(d), conf.low = stats::plogis(d - half),
             conf.high = stats::plogis(d + half))
}

# Average chances against the others (delta rule) and ranges of ranks.
win_table <- function(strengths, v, df, settings) {
  s <- length(strengths)
  chance <- stats::plogis(outer(strengths, strengths, `-`))
  slope <- chance * (1 - chance) / (s - 1)
  diag(slope) <- 0
  gradient <- -slope
  diag(gradient) <- rowSums(slope)
  rate <- (rowSums(chance) - 0.5) / (s - 1)
  half <- stats::qt((1 + settings$conf_level) / 2, df) *
    sqrt(pmax(rowSums((gradient %*% v) * gradient), 0))
  table <- data.frame(
    system = names(strengths), strength = unname(strengths), win_rate = unname(rate),
    conf.low = unname(pmax(rate - half, 0)), conf.high = unname(pmin(rate + half, 1)),
    rank = rank(-unname(strengths), ties.method = "min")
  )
  table[c("rank_low", "rank_high")] <- rank_ranges(strengths, v, df, settings)
  table <- table[order(table$rank), ]
  row.names(table) <- NULL
  table
}

# By how many a system is surely beaten and how many it surely beats, all pairs together.
rank_ranges <- function(strengths, v, df, settings) {
  s <- length(strengths)
  pairs <- t(utils::combn(s, 2))
  a <- matrix(0, nrow(pairs), s)
  a[cbind(seq_len(nrow(pairs)), pairs[, 1])] <- 1
  a[cbind(seq_len(nrow(pairs)), pairs[, 2])] <- -1
  covariance <- a %*% v %*% t(a)
  critical <- max_t(covariance, df, settings$conf_level, settings$threads)$critical
  d <- drop(a %*% strengths)
  sure <- abs(d) > critical * sqrt(diag(covariance))
  better <- ifelse(d > 0, pairs[, 1], pairs[, 2])[sure]
  worse <- ifelse(d > 0, pairs[, 2], pairs[, 1])[sure]
  data.frame(low = 1 + tabulate(worse, s), high = s - tabulate(better, s))
}

# --- printing and plots --------------------------------------------------------------------------

#' @export
format.judicious_bradley_terry <- function(x, digits = getOption("judicious.digits", 3), ...) {
  check_dots(...)
  lines <- NextMethod()
  wins <- x$wins
  c(
    lines, "",
    "Wins against the other systems on average, and ranks that hold together:",
    format_columns(list(
      c("rank", format_rank(wins$rank)), c("", format_rank_range(wins$rank_low, wins$rank_high)),
      c("system", wins$system), c("win rate", format_value(wins$win_rate, TRUE)),
      c(paste(format_level(x$settings$conf_level), "CI"),
        paste0("[", format_value(wins$conf.low, TRUE), ", ", format_value(wins$conf.high, TRUE),
               "]"))
    ), left = "system"),
    format_place(tidy(x))
  )
}

# The place effect as what it does to two systems of equal strength.
format_place <- function(table) {
  row <- table[table$term == "(shown first)", ]
  if (nrow(row) == 0L) return(NULL)
  chance <- format_value(stats::plogis(c(row$estimate, row$conf.low, row$conf.high)), TRUE)
  paste0("Place: of two equal systems the one shown first wins ", chance[1], " [", chance[2], ", ",
         chance[3], "].")
}

#' @rdname estimate_bradley_terry
#' @param object The result of `estimate_bradley_terry()`.
#' @param type What to draw: strengths (`"forest"`), average chances to win (`"wins"`) or ranges of
#'   ranks (`"ranks"`).
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_bradley_terry <- function(object, type = c("forest", "wins", "ranks"), ...) {
  type <- match_choice(type)
  if (type == "forest") return(NextMethod(type = "forest"))
  check_dots(...)
  wins <- object$wins
  level <- format_level(object$settings$conf_level)
  if (type == "ranks") {
    wins$judge <- wins$system
    return(rank_range_plot(wins, "Rank by strength",
                           paste0("Point and range of ranks. All systems together, ", level,
                                  " confidence")))
  }
  table <- data.frame(label = wins$system, term = "Wins against the others, on average",
                      estimate = wins$win_rate, conf.low = wins$conf.low,
                      conf.high = wins$conf.high, conf.level = object$settings$conf_level)
  forest_plot(new_comparison(table, 0.5, c(0, 1))) +
    ggplot2::labs(caption = paste0("Point and ", level,
                                   " confidence intervals; dashed line: an average system"))
}
