# Strengths of systems from pairwise verdicts.

#' Estimate strengths from pairwise verdicts
#'
#' @description
#' Bradley and Terry's model of who wins a comparison of two answers, from few human verdicts and a
#' judge's verdict on every comparison. A place effect (answers shown first are preferred) is
#' estimated with it. Ties count 1/2.
#'
#' @inheritParams estimate_mean
#' @param formula `human ~ judge`: who won, `NA` where nobody judged; one or several judges, or
#'   `human ~ 1`. Verdicts are numbers (1: `a`, 0: `b`, 1/2: a tie) or words (`"a"`, `"b"`, `"tie"`,
#'   also as `"model_a"`, or the name of the system that won).
#' @param a,b The systems that were compared in a row.
#' @param order Which of the two was shown first. `NULL`: no place effect is estimated, which is
#'   right if the order was random and unknown. If `a` was always first, give the same column.
#' @param strata Strata that the labels were drawn in, as in [estimate_mean()].
#' @param clusters Comparisons that belong together, such as those of one prompt.
#' @return A table of class [judicious_estimates] and `judicious_bradley_terry`: one row per system
#'   (log odds against an average system; all sum to 0) and `"(shown first)"`, the log odds that the
#'   place is worth. Element `wins` is a data frame with `system`, `strength`, `win_rate` (average
#'   chance against each other system, with `conf.low`, `conf.high`) and `rank_low`, `rank_high`
#'   (ranges of ranks that hold together); `against` one with the chance of every system against
#'   every other and its interval; `win_matrix` the same chances as a matrix. `print()` also says
#'   how often the one shown first wins against an equal. `autoplot()` draws strengths
#'   (`type = "forest"`), average chances to win (`"wins"`) or ranges of ranks (`"ranks"`).
#' @section Formula:
#' logit P(a wins) = s_a - s_b + o, o the place effect with its sign. The score x (y - mu) has the
#' judge's version x (f - mu) as its judge, with one weight per judge for all coefficients,
#' sum_k c_kk / V_k over sum_k G_kk / V_k, frozen after two steps. Variances are HC3 with the
#' leverages of the regression and of the weights, for clusters added up; intervals are t with
#' Satterthwaite's degrees of freedom, every coefficient and judge counted. Ties as 1/2 make it a
#' quasi-likelihood, for which this sandwich holds.
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
  quosures <- list(strata = rlang::enquo(strata), clusters = rlang::enquo(clusters),
                   prob = rlang::enquo(prob), a = rlang::enquo(a), b = rlang::enquo(b),
                   order = rlang::enquo(order))
  for (name in c("a", "b")) check_side_given(quosures[[name]], name, call)
  read <- (if (is_lazy(data)) lazy_battles else memory_battles)(formula, data, quosures, call)
  design <- read$design
  battles <- read$battles
  settings <- several_settings(
    design, length(design$proxies), list(),
    list(preset = "recommended", estimand = "rows", conf_level = conf_level, range = NULL,
         threads = threads, metric = metric %||% "Strength"), call
  )
  settings$center <- FALSE
  settings$guard <- FALSE
  tell_battles(design, settings, call)
  map <- battle_map(battles)
  fit <- fit_battles(battles, settings, map, call)
  new_bradley_terry(fit, battles, design, settings, map, sys.call())
}

# --- reading -------------------------------------------------------------------------------------

memory_battles <- function(formula, data, quosures, call) {
  raw <- raw_design(formula, data, quosures$strata, quosures$clusters, quosures$prob, call)
  if (is_judgments(data)) data <- design_frame(data, call)
  side <- function(name) {
    check_side(eval_quosure(quosures[[name]], data, name, call), name, raw$n, call)
  }
  sides <- list(a = side("a"), b = side("b"), row = function(i) paste("Row", i))
  design <- battle_design(raw, sides, call)
  order <- eval_quosure(quosures$order, data, "order", call)
  battles <- read_battles(design, sides, order, call)
  battles$times <- rep(1, raw$n)
  battles$w <- as.double(!is.na(battles$y))
  if (!is.null(design$prob)) {
    battles$w <- ifelse(battles$w > 0, 1 / column_values(design$prob), 0)
  }
  battles$summarise <- function(scores, settings) summarise_scores(scores, design, settings, call)
  list(design = design, battles = battles)
}

check_side_given <- function(quosure, name, call) {
  if (!rlang::quo_is_missing(quosure)) return(invisible())
  abort_judicious("{.arg {name}} is missing: which system is one side of a comparison.",
                  "missing_argument", arg = name, call = call)
}

check_two_sides <- function(sides, call) {
  same <- which(sides$a == sides$b)
  if (length(same) == 0L) return(invisible())
  abort_judicious(c("A system cannot meet itself.",
                    x = "{sides$row(same[1])} is {.val {sides$a[same[1]]}} twice."), "pair",
                  arg = "b", where = same, call = call)
}

# As parse_design() makes it, with verdicts as numbers.
battle_design <- function(raw, sides, call) {
  check_two_sides(sides, call)
  design <- raw
  design$y <- new_column(verdict_numbers(raw$y, raw$label, sides, call), raw$label)
  design$proxies <- unname(Map(function(x, name) {
    numbers <- verdict_numbers(x, name, sides, call)
    if (length(numbers) != raw$n) {
      abort_judicious("{.var {name}} must have one element per row ({raw$n}), not {length(x)}.",
                      "length", arg = name, call = call)
    }
    new_column(numbers, name)
  }, raw$judges, names(raw$judges)))
  design
}

# 1, 0 and 1/2 of verdicts in words; numbers as they are.
verdict_numbers <- function(x, name, sides, call) {
  if (!is.character(x) && !is.factor(x)) return(as_plain_numbers(x, name, call))
  x <- as.character(x)
  word <- sub("^(model|system|assistant|answer|response)[ _-]?", "", tolower(trimws(x)))
  won_by <- function(side, letter) (x == sides[[side]]) | (word == letter)
  out <- rep(NA_real_, length(x))
  out[which(word %in% c("tie", "draw", "equal", "same", "tie (bothbad)", "both"))] <- 0.5
  if (length(x) == length(sides$a)) {
    out[which(won_by("b", "b"))] <- 0
    out[which(won_by("a", "a"))] <- 1
  }
  bad <- which(!is.na(x) & is.na(out))
  if (length(bad) == 0L) return(out)
  code <- is_missing_word(x[bad[1]])
  abort_judicious(
    c("{.var {name}} must say who won: {.val a}, {.val b}, {.val tie} or the name of a system of
       the row.",
      x = "{sides$row(bad[1])} is {.val {x[bad[1]]}} ({length(bad)} such row{?s}).",
      i = if (code) "Make it missing, if it means that nobody judged."),
    if (code) "unlabelled_code" else "levels", arg = name, where = bad, call = call
  )
}

read_battles <- function(design, sides, order, call) {
  y <- column_values(design$y)
  judges <- lapply(design$proxies, column_values)
  verdicts <- c(list(y), judges)
  names <- c(design$label, vapply(design$proxies, function(p) p$name, ""))
  for (k in seq_along(verdicts)) check_verdict_range(verdicts[[k]], names[k], sides, call)
  systems <- sort(unique(c(sides$a, sides$b)))
  first <- read_order(order, sides, call)
  check_battles(sides, y, systems, call)
  list(x = battle_matrix(sides, first, systems), y = y, judges = judges, systems = systems,
       has_order = !is.null(first))
}

check_verdict_range <- function(x, name, sides, call) {
  bad <- which(!is.na(x) & (x < 0 | x > 1))
  if (length(bad) == 0L) return(invisible())
  abort_judicious(
    c("{.var {name}} must lie in [0, 1] (1 where a won, 0 where b won, 1/2 for a tie).",
      x = "{sides$row(bad[1])} is {x[bad[1]]} ({length(bad)} such row{?s})."),
    "range", arg = name, where = bad, call = call
  )
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
        x = "{sides$row(bad[1])} is {.val {order[bad[1]]}} ({length(bad)} such row{?s})."),
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
