# Strengths of systems from pairwise verdicts.

#' Estimate strengths from pairwise verdicts
#'
#' @description
#' Bradley and Terry's model of who wins a comparison of two answers, from few human verdicts and a
#' judge's verdict on every comparison. A place effect (answers shown first are preferred) is
#' estimated with it. Ties count 1/2.
#'
#' @inheritParams estimate_mean
#' @param formula `human ~ judge`: 1 where `a` won, 0 where `b` won, 1/2 for a tie, `NA` where
#'   nobody judged; one judge, or `human ~ 1`.
#' @param a,b The systems that were compared in a row.
#' @param order Which of the two was shown first. `NULL`: no place effect is estimated, which is
#'   right if the order was random and unknown. If `a` was always first, give the same column.
#' @param strata Strata that the labels were drawn in, as in [estimate_mean()].
#' @param clusters Comparisons that belong together, such as those of one prompt.
#' @return A table of class [judicious_estimates] and `judicious_bradley_terry`: one row per system
#'   (log odds against an average system; all sum to 0) and `"(shown first)"`, the log odds that the
#'   place is worth. Element `wins` is a data frame with `system`, `strength`, `win_rate` (average
#'   chance against each other system, with `conf.low`, `conf.high`) and `rank_low`, `rank_high`
#'   (ranges of ranks that hold together); `win_matrix` the chances of each against each.
#' @section Formula:
#' logit P(a wins) = s_a - s_b + o, o the place effect with its sign. The score x (y - mu) has the
#' judge's version x (f - mu) as its judge, with one weight for all coefficients,
#' sum_k c_kk / V_k over sum_k G_kk / V_k, frozen after two steps. Variances are the cluster
#' sandwich times n / (n - p), n labelled clusters (or rows) and p coefficients; intervals are t
#' with n - p - 1 degrees of freedom. Ties as 1/2 make it a quasi-likelihood, for which the sandwich
#' holds.
#' @section Undefined when:
#' The systems are not connected by human verdicts, or one won or lost all of them: an error that
#' names it.
#' @references Bradley and Terry (1952), Biometrika 39. Chatzi et al. (2024), arXiv:2402.17826.
#' @seealso [rank_groups()] for scores of single answers.
#' @examples
#' set.seed(1)
#' strength <- c(A = 0, B = 0.5, C = 1)
#' pairs <- t(replicate(900, sample(names(strength), 2)))
#' battles <- data.frame(a = pairs[, 1], b = pairs[, 2])
#' chance <- plogis(strength[battles$a] - strength[battles$b] + 0.3)
#' battles$human <- rbinom(900, 1, chance)
#' battles$judge <- ifelse(runif(900) < 0.8, battles$human, 1 - battles$human)
#' battles$human[301:900] <- NA
#' estimate_bradley_terry(human ~ judge, battles, a = a, b = b, order = a)
#' @export
estimate_bradley_terry <- function(formula, data = NULL, a, b, ..., order = NULL, strata = NULL,
                                   clusters = NULL, prob = NULL, conf_level = 0.95,
                                   threads = NULL, metric = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  design <- parse_design(formula, data, rlang::enquo(strata), rlang::enquo(clusters),
                         rlang::enquo(prob), call)
  battles <- read_battles(design, rlang::enquo(a), rlang::enquo(b), rlang::enquo(order), data,
                          call)
  settings <- several_settings(
    design, length(design$proxies), list(),
    list(preset = "recommended", estimand = "rows", conf_level = conf_level, range = NULL,
         threads = threads, metric = metric %||% "Strength"), call
  )
  settings$center <- FALSE
  settings$guard <- FALSE
  fit <- fit_battles(battles, design, settings, call)
  new_bradley_terry(fit, battles, design, settings, sys.call())
}

# --- reading -------------------------------------------------------------------------------------

read_battles <- function(design, a, b, order, data, call) {
  sides <- lapply(list(a = a, b = b), function(side) {
    name <- if (identical(side, a)) "a" else "b"
    if (rlang::quo_is_missing(side)) {
      abort_judicious("{.arg {name}} is missing: which system is one side of a comparison.",
                      "missing_argument", arg = name, call = call)
    }
    check_side(eval_quosure(side, data, name, call), name, design$n, call)
  })
  y <- column_values(design$y)
  judges <- lapply(design$proxies, column_values)
  if (length(judges) > 1L) {
    abort_judicious(
      c("One judge at a time: the formula has {length(judges)}.",
        i = "Combine them first, e.g. by {.fun combine_judges} or their mean."),
      "design", arg = "formula", call = call
    )
  }
  for (k in seq_along(c(list(y), judges))) {
    x <- c(list(y), judges)[[k]]
    name <- c(design$label, vapply(design$proxies, function(p) p$name, ""))[k]
    abort_first(!is.na(x) & (x < 0 | x > 1), x, name,
                "must lie in [0, 1] (1 where `a` won, 0 where `b` won, 1/2 for a tie)", "range",
                call)
  }
  same <- which(sides$a == sides$b)
  if (length(same) > 0L) {
    abort_judicious(c("A system cannot meet itself.",
                      x = "Row {same[1]} is {.val {sides$a[same[1]]}} twice."), "pair",
                    arg = "b", where = same, call = call)
  }
  systems <- sort(unique(c(sides$a, sides$b)))
  first <- read_order(eval_quosure(order, data, "order", call), sides, call)
  check_battles(sides, y, systems, call)
  list(x = battle_matrix(sides, first, systems), y = y, judge = if (length(judges)) judges[[1]],
       systems = systems, has_order = !is.null(first))
}

check_side <- function(x, name, n, call) {
  if (!is.factor(x) && !is.character(x) && !is_number_like(x)) {
    abort_judicious("{.arg {name}} must be names of systems, not {.obj_type_friendly {x}}.", "type",
                    arg = name, call = call)
  }
  x <- as.character(x)
  if (length(x) != n) {
    abort_judicious("{.arg {name}} must have one system per row ({n}), not {length(x)}.", "length",
                    arg = name, call = call)
  }
  if (anyNA(x)) abort_missing_id(which(is.na(x)), name, call)
  x
}

# 1 where a was shown first, -1 where b was.
read_order <- function(order, sides, call) {
  if (is.null(order)) return(NULL)
  order <- check_side(order, "order", length(sides$a), call)
  bad <- which(order != sides$a & order != sides$b)
  if (length(bad) > 0L) {
    abort_judicious(
      c("{.arg order} must name the system that was shown first, of the two in the row.",
        x = "Row {bad[1]} is {.val {order[bad[1]]}} ({length(bad)} such row{?s})."),
      "levels", arg = "order", where = bad, call = call
    )
  }
  ifelse(order == sides$a, 1, -1)
}

# Human verdicts must connect all systems, and none may be all won or all lost.
check_battles <- function(sides, y, systems, call) {
  labelled <- !is.na(y)
  part <- seq_along(systems)
  for (pair in split(cbind(match(sides$a, systems), match(sides$b, systems))[labelled, ],
                     seq_len(sum(labelled)))) {
    part[part == part[pair[2]]] <- part[pair[1]]
  }
  if (length(unique(part)) > 1L) {
    groups <- vapply(split(systems, part), paste, "", collapse = ", ")
    abort_judicious(
      c("Human verdicts do not connect all systems: their strengths cannot be compared.",
        x = "Separate: {.val {unname(groups)}}.", i = "Label comparisons between them."),
      "not_connected", arg = "formula", call = call
    )
  }
  won <- vapply(systems, function(s) {
    sum(y[labelled & sides$a == s]) + sum(1 - y[labelled & sides$b == s])
  }, 0)
  met <- vapply(systems, function(s) sum(labelled & (sides$a == s | sides$b == s)), 0)
  extreme <- which(won == 0 | won == met)[1]
  if (is.na(extreme)) return(invisible())
  what <- if (won[extreme] == 0) "lost" else "won"
  abort_judicious(
    c("{.val {systems[extreme]}} {what} all of its {met[extreme]} human verdicts: its strength has
       no bound.", i = "Label more of its comparisons, or leave it out."),
    "separation", arg = "formula", call = call
  )
}

# The last system has strength 0; strengths are centred at the end.
battle_matrix <- function(sides, first, systems) {
  x <- outer(sides$a, systems, `==`) - outer(sides$b, systems, `==`)
  cbind(x[, -length(systems), drop = FALSE], first)
}

# --- fit -----------------------------------------------------------------------------------------

# Scores of labels and judge, in units of the coefficients.
battle_scores <- function(battles, beta) {
  mu <- stats::plogis(drop(battles$x %*% beta))
  inverse <- solve(crossprod(battles$x, battles$x * (mu * (1 - mu))) / nrow(battles$x))
  score <- function(v) (battles$x * (v - mu)) %*% inverse
  list(y = score(battles$y), f = if (!is.null(battles$judge)) score(battles$judge))
}

summarise_scores <- function(scores, design, settings, call) {
  columns <- function(m) lapply(seq_len(ncol(m)), function(k) new_column(m[, k], design$label))
  y <- columns(scores$y)
  design$y <- y[[1]]
  design$more_y <- y[-1]
  design$proxies <- if (is.null(scores$f)) list() else columns(scores$f)
  summarise_design(design, settings$threads, call)
}

fit_battles <- function(battles, design, settings, call) {
  p <- ncol(battles$x)
  judged <- !is.null(battles$judge)
  targets <- new_targets(rep(1L, p), seq_len(p), if (judged) as.list(seq_len(p)) else integer())
  settings$rule <- "fixed"
  settings$shrink <- FALSE
  at <- function(numbers, lambda) {
    settings$fixed <- if (judged) lambda else numeric()
    call_core(several_vcov_cpp(numbers, settings, targets), call)
  }
  w <- as.double(!is.na(battles$y))
  if (!is.null(design$prob)) w <- ifelse(w > 0, 1 / column_values(design$prob), 0)
  beta <- start_battles(battles, w)
  lambda <- NULL
  for (step in 1:100) {
    summary <- summarise_scores(battle_scores(battles, beta), design, settings, call)
    if (step == 1L) check_identified(summary, call)
    weight <- lambda %||% if (judged) scalar_weight(summary$numbers, at) else 0
    change <- at(summary$numbers, weight)$estimate
    if (step == 2L) lambda <- weight
    beta <- beta + change
    if (max(abs(change)) < 1e-11) break
  }
  summary <- summarise_scores(battle_scores(battles, beta), design, settings, call)
  n <- sum(as.matrix(summary$facts$n_labelled_units))
  list(beta = beta, vcov = at(summary$numbers, lambda %||% weight)$plain, lambda = weight, n = n,
       n_true = sum(summary$facts$n_true), n_rows = sum(summary$facts$n_rows),
       df = max(n - p - 1, 1))
}

# Labels alone, by Newton's method.
start_battles <- function(battles, w) {
  at <- w > 0
  x <- battles$x[at, , drop = FALSE]
  beta <- numeric(ncol(x))
  for (step in 1:50) {
    mu <- stats::plogis(drop(x %*% beta))
    change <- solve(crossprod(x, x * (w[at] * mu * (1 - mu))),
                    crossprod(x, w[at] * (battles$y[at] - mu)))
    beta <- beta + drop(change)
    if (max(abs(change)) < 1e-12) break
  }
  beta
}

# One judge weight for all coefficients, free of their units: from the variances at -1, 0 and 1.
scalar_weight <- function(numbers, at) {
  v <- lapply(c(-1, 0, 1), function(lambda) diag(at(numbers, lambda)$plain))
  scale <- ifelse(v[[2]] > 0, v[[2]], 1)
  covariance <- sum((v[[1]] - v[[3]]) / 4 / scale)
  spread <- sum((v[[1]] + v[[3]] - 2 * v[[2]]) / 2 / scale)
  if (spread > 0) covariance / spread else 0
}

# --- result --------------------------------------------------------------------------------------

new_bradley_terry <- function(fit, battles, design, settings, user_call) {
  s <- length(battles$systems)
  centre <- rbind(diag(s - 1), 0) - 1 / s
  map <- matrix(0, s + battles$has_order, length(fit$beta))
  map[seq_len(s), seq_len(s - 1)] <- centre
  if (battles$has_order) map[s + 1, s] <- 1
  theta <- drop(map %*% fit$beta)
  plain <- map %*% fit$vcov %*% t(map)
  v <- plain * fit$n / max(fit$n - length(fit$beta), 1)
  terms <- c(battles$systems, if (battles$has_order) "(shown first)")
  quantities <- Map(function(term, estimate, variance, raw) {
    battle_quantity(term, estimate, variance, raw, fit)
  }, terms, theta, diag(v), diag(plain))
  out <- new_judicious_estimates(
    quantities = quantities, what = "system", by = NULL, settings = settings,
    formula = design$formula, title = paste0(settings$metric, " (log odds; average system = 0)"),
    judges = vapply(design$proxies, function(p) p$name, ""),
    method = if (is.null(battles$judge)) "Bradley-Terry model" else
      "Bradley-Terry model, judge-assisted",
    joint = list(vcov = list(plain = plain, hc2 = v, hc3 = v), at = seq_along(terms)),
    lambda = fit$lambda, call = user_call
  )
  strengths <- theta[seq_len(s)]
  v_strengths <- v[seq_len(s), seq_len(s)]
  out$win_matrix <- win_chances(strengths, battles$systems)
  out$wins <- win_table(strengths, v_strengths, battles$systems, fit$df, settings)
  class(out) <- c("judicious_bradley_terry", class(out))
  out
}

battle_quantity <- function(term, estimate, variance, raw, fit) {
  one <- list(estimate = estimate, variance = raw, hc2 = variance, hc3 = variance, df = fit$df,
              skewness = 0)
  inference <- c(one, list(
    alone = one, labels_only = estimate, n_true = fit$n_true, n_base = fit$n, n_cap = Inf,
    known_prob = FALSE, census = FALSE, lowest_label = 0, highest_label = 1, binary = FALSE,
    two_valued = FALSE, as_published = FALSE, prediction = c(0, 0), range = NULL
  ))
  quantity <- new_quantity(term, list(inference = inference), "t", fit$n_rows)
  quantity$inference$alone$variance <- NA_real_  # nothing was fitted without the judge
  quantity
}

win_chances <- function(strengths, systems) {
  out <- stats::plogis(outer(strengths, strengths, `-`))
  diag(out) <- NA
  dimnames(out) <- list(systems, systems)
  out
}

# Average chances against the others (delta rule) and ranges of ranks.
win_table <- function(strengths, v, systems, df, settings) {
  s <- length(systems)
  chance <- stats::plogis(outer(strengths, strengths, `-`))
  slope <- chance * (1 - chance) / (s - 1)
  diag(slope) <- 0
  gradient <- -slope
  diag(gradient) <- rowSums(slope)
  rate <- (rowSums(chance) - 0.5) / (s - 1)
  half <- stats::qt((1 + settings$conf_level) / 2, df) *
    sqrt(pmax(rowSums((gradient %*% v) * gradient), 0))
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
  table <- data.frame(
    system = systems, strength = strengths, win_rate = rate,
    conf.low = pmax(rate - half, 0), conf.high = pmin(rate + half, 1),
    rank = rank(-strengths, ties.method = "min"), rank_low = 1 + tabulate(worse, s),
    rank_high = s - tabulate(better, s)
  )
  table[order(table$rank), ]
}

#' @export
format.judicious_bradley_terry <- function(x, digits = getOption("judicious.digits", 3), ...) {
  lines <- NextMethod()
  wins <- x$wins
  c(
    lines, "",
    "Wins against the other systems on average:",
    format_columns(list(
      c("rank", format_rank(wins$rank)), c("", format_rank_range(wins$rank_low, wins$rank_high)),
      c("system", wins$system), c("win rate", format_value(wins$win_rate, TRUE)),
      c("CI", paste0("[", format_value(wins$conf.low, TRUE), ", ",
                     format_value(wins$conf.high, TRUE), "]"))
    ), left = "system"),
    if (any(quantity_terms(x$quantities) == "(shown first)")) {
      o <- tidy(x)$estimate[quantity_terms(x$quantities) == "(shown first)"]
      paste0("Equals: the one shown first wins ", format_value(stats::plogis(o), TRUE), ".")
    }
  )
}
