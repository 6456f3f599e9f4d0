# Differences and ratios of the groups of one fit, all together.

#' Compare groups
#'
#' @description
#' Which groups differ, and by how much: all pairs, every group against one, or each against the
#' one before it (months). Differences are estimated as such, from the joint fit: where the labels
#' of two groups are on the same items they are paired, and the judge gets the weights that are best
#' for the difference. A difference is therefore not always the subtraction of two means.
#'
#' @param x The result of [estimate_groups()].
#' @param against `NULL`: all pairs. The name of a group: all others against it. `"previous"`: each
#'   against the one before it.
#' @param scale `"difference"` or `"ratio"` (of means; Fieller's interval).
#' @param adjust `"simultaneous"`: intervals and p-values that hold for all comparisons together, by
#'   the largest |t| (single step; 100,000 draws of R's random numbers, 30,000 for more than 200
#'   comparisons). `"none"`: each on its own.
#' @param interval `NULL`: beta on the scale of the difference for bounded metrics, t for others.
#'   Also `"t"`, `"normal"` and, for differences, `"mover"`; see [estimate_difference()].
#' @param better `"higher"` or `"lower"`: what is good, for the words of `print()`.
#' @param conf_level Confidence level; `NULL`: that of `x`.
#' @return A data frame of class `judicious_group_comparison`, one row per comparison: `group`,
#'   `against`, `estimate`, `std.error`, `conf.low`, `conf.high`, `p.value` (of no difference),
#'   `n_true`, `overlap` (share of labelled units in common), `method`. Attributes: `conf_level`,
#'   `critical` (of the largest |t|) and `letters`: groups that share a letter cannot be told apart
#'   (all pairs only). `print()` says what is sure.
#' @section Formula:
#' Estimates and intervals as in [estimate_difference()] and [estimate_ratio()]. The critical value
#' is the quantile of max |t| under the multivariate t distribution with the correlation of the
#' differences (HC3) and their smallest degrees of freedom; bounded intervals are taken at the level
#' 1 - 2 P(t > critical), so that the family is never narrower than its parts.
#' @section Undefined when:
#' there is one group only: an error.
#' @references Hothorn, Bretz and Westfall (2008), Biometrical Journal 50. Piepho (2004), Journal of
#'   Computational and Graphical Statistics 13, for the letters.
#' @seealso [estimate_groups()], [rank_groups()], [estimate_difference()].
#' @examples
#' set.seed(1)
#' answers <- simulate_binary(3000, true_mean = 0.2, proxy_mean = 0.15, correlation = 0.7)
#' answers$system <- rep(c("A", "B", "C"), 1000)
#' answers$human <- reveal_labels(answers$y_true, sample_uniform(3000, 300))
#' groups <- estimate_groups(human ~ y_proxy, answers, by = system)
#' compare_groups(groups)
#' compare_groups(groups, against = "A", adjust = "none")
#' @export
compare_groups <- function(x, against = NULL, scale = c("difference", "ratio"),
                           adjust = c("simultaneous", "none"), interval = NULL,
                           better = NULL, conf_level = NULL) {
  call <- rlang::current_env()
  check_groups_result(x, call)
  scale <- match_choice(scale)
  adjust <- match_choice(adjust)
  if (!is.null(better)) check_choice(better, c("higher", "lower"), call = call)
  level <- check_conf_level(conf_level %||% x$settings$conf_level, arg = "conf_level", call = call)
  pairs <- group_pairs(quantity_terms(x$quantities), against, call)
  wanted <- pair_interval(interval, scale, x$settings, call)
  fits <- fit_pairs(x, pairs, if (wanted == "mover") "own" else scale, call)
  used <- vapply(fits, function(fit) pair_interval_used(wanted, fit$inference), "")
  family <- if (adjust == "simultaneous" && nrow(pairs) > 1L) pairs_max_t(x, pairs, fits, scale,
                                                                          level)
  table <- pairs_table(x, pairs, fits, used, family, level, scale)
  structure(
    table, scale = scale, adjust = adjust, conf_level = level, better = better,
    critical = family$critical, metric = x$settings$metric, method = x$method,
    flags = verdict_flags(x$settings, used, length(x$judges)),
    range = fits[[1]]$inference$range, groups = quantity_terms(x$quantities),
    means = stats::coef(x),
    letters = if (is.null(against)) tie_letters(table, stats::coef(x), scale),
    class = c("judicious_group_comparison", "judicious_table", "data.frame")
  )
}

check_groups_result <- function(x, call) {
  check_class(x, "judicious_estimates", "estimate_groups()", arg = "x", call = call)
  if (x$what != "group") {
    rows <- c(category = "categories", system = "systems", metric = "metrics",
              quantile = "quantiles")[[x$what]]
    abort_judicious(
      c("{.arg x} must be the result of {.code estimate_groups()}.",
        x = "Its rows are not groups but {rows} of the same data."),
      "type", arg = "x", call = call
    )
  }
  if (length(x$quantities) < 2L) {
    abort_judicious("There is one group only: nothing to compare.", "groups", arg = "x",
                    call = call)
  }
}

# Positions of both groups of every comparison.
group_pairs <- function(groups, against, call) {
  n <- length(groups)
  if (is.null(against)) {
    if (n > 100) {
      abort_judicious(
        c("All pairs of {n} groups are too many to compare.",
          i = "Give {.arg against}, or take some of the groups, e.g. {.code x[1:20]}."),
        "groups", arg = "against", call = call
      )
    }
    pairs <- utils::combn(n, 2)
    return(data.frame(first = pairs[2, ], second = pairs[1, ]))
  }
  check_string(against, call = call)
  if (against %in% groups) {
    reference <- match(against, groups)
    return(data.frame(first = setdiff(seq_len(n), reference), second = reference))
  }
  if (against == "previous") return(data.frame(first = seq_len(n)[-1], second = seq_len(n - 1)))
  abort_judicious(
    c("{.arg against} must be a group or {.val previous}.", x = "It is {.val {against}}.",
      i = "The groups are {.val {groups}}."),
    "choice", arg = "against", call = call
  )
}

# "auto" for what the settings of the fit say.
pair_interval <- function(interval, scale, settings, call) {
  if (scale == "ratio") {
    return(check_choice(interval %||% "fieller", c("fieller", "t", "normal"), arg = "interval",
                        call = call))
  }
  if (!is.null(interval)) {
    return(check_choice(interval, c("auto", "beta", "mover", "t", "normal"), arg = "interval",
                        call = call))
  }
  if (settings$interval %in% c("beta", "wilson")) "auto" else settings$interval
}

pair_interval_used <- function(wanted, inference, call = rlang::caller_env()) {
  call_core(resolve_interval_cpp(wanted, inference), call)
}

fit_pairs <- function(x, pairs, kind, call) {
  call_core(several_pairs_cpp(x$joint$numbers, x$settings, x$joint$targets, pairs$first,
                              pairs$second, kind), call)
}

pairs_max_t <- function(x, pairs, fits, scale, level) {
  raw <- vapply(x$quantities, function(q) q$inference$estimate, 0)
  bottom <- if (scale == "ratio") raw[pairs$second] else rep(1, nrow(pairs))
  r <- if (scale == "ratio") raw[pairs$first] / bottom else rep(1, nrow(pairs))
  df <- vapply(fits, function(fit) fit$inference$df, 0)
  varies <- vapply(fits, function(fit) fit$inference$hc3 > 0, NA)
  if (!any(varies)) return(NULL)
  df <- min(df[varies])
  draws <- max_t_pairs_cpp(joint_vcov(x, "hc3"), pairs$first, pairs$second, 1 / bottom,
                           -r / bottom, df, max_t_draws(nrow(pairs)), x$settings$threads)
  max_t_of(draws, df, level)
}

pairs_table <- function(x, pairs, fits, used, family, level, scale) {
  groups <- quantity_terms(x$quantities)
  df <- vapply(fits, function(fit) fit$inference$df, 0)
  levels <- if (is.null(family)) rep(level, length(fits)) else
    ifelse(used %in% c("t", "fieller"), family_level(family, level, pmax(df, 1)),
           family_level(family, level))
  answers <- Map(function(fit, type, at) infer_cpp(type, fit$inference, at), fits, used, levels)
  # At the size that the intervals have, so that they agree.
  p <- mapply(pair_p_value, used, fits, levels, MoreArgs = list(scale = scale))
  number <- function(field) vapply(answers, function(a) as.double(a[[field]]), 0)
  bounds <- vapply(answers, function(a) as.double(a$bounds), c(0, 0))
  bounds[is.nan(bounds)] <- NA_real_
  vctrs::data_frame(
    group = groups[pairs$first], against = groups[pairs$second], estimate = number("estimate"),
    std.error = number("std_error"), conf.low = bounds[1, ], conf.high = bounds[2, ],
    p.value = unname(if (is.null(family)) p else adjust_p(p, family)),
    n_true = vapply(fits, function(fit) fit$inference$n_true, 0),
    overlap = vapply(fits, function(fit) fit$overlap, 0), method = unname(used)
  )
}

pair_p_value <- function(type, fit, level, scale) {
  if (type == "none") return(NA_real_)
  test <- test_mean_cpp(type, fit$inference, if (scale == "ratio") 1 else 0, level)
  combine_tails(test, "two.sided")
}

# --- what cannot be told apart -------------------------------------------------------------------

# For every group its letters: groups that share one cannot be told apart (maximal sets of groups
# no two of which are surely different).
tie_letters <- function(table, means, scale) {
  groups <- names(means)
  alike <- matrix(TRUE, length(groups), length(groups), dimnames = list(groups, groups))
  sure <- surely_different(table, scale)
  apart <- cbind(table$group, table$against)[sure, , drop = FALSE]
  alike[apart] <- alike[apart[, 2:1, drop = FALSE]] <- FALSE
  order <- order(-means)
  sets <- maximal_cliques(alike[order, order, drop = FALSE])
  names <- groups[order]
  letters <- vapply(seq_along(names), function(g) {
    paste(letter_names(length(sets))[vapply(sets, function(s) g %in% s, NA)], collapse = "")
  }, "")
  stats::setNames(letters, names)[groups]
}

letter_names <- function(n) if (n <= 26) letters[seq_len(n)] else paste0("(", seq_len(n), ")")

surely_different <- function(table, scale) {
  none <- if (scale == "ratio") 1 else 0
  sure <- table$conf.low > none | table$conf.high < none
  sure & !is.na(sure)
}

# All maximal sets of vertices joined with each other (Bron and Kerbosch 1973), in order of their
# first members.
maximal_cliques <- function(adjacent) {
  diag(adjacent) <- FALSE
  found <- list()
  extend <- function(inside, possible, done) {
    if (length(possible) == 0L && length(done) == 0L) found[[length(found) + 1L]] <<- sort(inside)
    pivot <- c(possible, done)[1]
    for (v in setdiff(possible, which(adjacent[pivot, ]))) {
      near <- which(adjacent[v, ])
      extend(c(inside, v), intersect(possible, near), intersect(done, near))
      possible <- setdiff(possible, v)
      done <- c(done, v)
    }
  }
  extend(integer(), seq_len(nrow(adjacent)), integer())
  found[order(vapply(found, min, 0), vapply(found, max, 0))]
}

# --- printing ------------------------------------------------------------------------------------

#' @rdname compare_groups
#' @param ... Not used.
#' @export
tidy.judicious_group_comparison <- function(x, ...) {
  check_dots(...)
  level <- attr(x, "conf_level")
  table <- as.data.frame(x)
  table <- vctrs::vec_cbind(vctrs::data_frame(term = paste(x$group, "-", x$against)), table,
                            vctrs::data_frame(conf.level = rep(level, nrow(table))))
  if (attr(x, "scale") == "ratio") table$term <- paste(x$group, "/", x$against)
  result_frame(!!!table)
}

#' @rdname compare_groups
#' @export
glance.judicious_group_comparison <- function(x, ...) {
  check_dots(...)
  result_frame(
    scale = attr(x, "scale"), adjust = attr(x, "adjust"), conf.level = attr(x, "conf_level"),
    critical = attr(x, "critical") %||% NA_real_, n_groups = length(attr(x, "groups")),
    n_comparisons = nrow(x), n_different = sum(surely_different(x, attr(x, "scale"))),
    method = attr(x, "method")
  )
}

#' @rdname compare_groups
#' @param object,parm,level As for [confint()]; the level is that of the comparison, all of whose
#'   intervals were made together: [compare_groups()] makes others.
#' @export
confint.judicious_group_comparison <- function(object, parm = NULL, level = NULL, ...) {
  check_dots(...)
  made <- attr(object, "conf_level")
  if (!is.null(level) && !isTRUE(all.equal(level, made))) {
    abort_judicious(
      c("These intervals were made at {format_level(made)}.",
        i = "{.code compare_groups(conf_level = )} makes others."),
      "level", arg = "level", call = rlang::current_env()
    )
  }
  table <- tidy(object)
  tails <- 100 * c((1 - made) / 2, (1 + made) / 2)
  out <- cbind(table$conf.low, table$conf.high)
  dimnames(out) <- list(table$term, paste(format(tails, trim = TRUE, digits = 3), "%"))
  if (is.null(parm)) out else out[parm, , drop = FALSE]
}

#' @rdname compare_groups
#' @export
format.judicious_group_comparison <- function(x, ...) {
  check_dots(...)
  ratio <- attr(x, "scale") == "ratio"
  family <- if (!is.null(attr(x, "critical"))) ", all together" else ""
  shown <- first_rows(as.data.frame(x))
  c(
    paste0(if (ratio) "Ratios" else "Differences", " of ", attr(x, "metric"), " (",
           format_level(attr(x, "conf_level")), " intervals", family, ")"),
    format_columns(list(
      c("group", shown$group), c(if (ratio) "over" else "minus", shown$against),
      c("estimate", format_each(shown$estimate)),
      c("CI", format_bounds(shown$conf.low, shown$conf.high)),
      c("p", ifelse(is.na(shown$p.value), "-", sub("^p (= )?", "", format_p(shown$p.value)))),
      c("shared labels", format_chance(shown$overlap))
    ), left = c("group", if (ratio) "over" else "minus")),
    format_rest(nrow(x)),
    format_findings(x),
    if (length(attr(x, "letters")) %in% seq_len(most_rows_shown)) {
      format_letters(attr(x, "letters"))
    },
    attr(x, "flags")
  )
}

# What is sure, in words, and then what is not.
format_findings <- function(x) {
  sure <- surely_different(x, attr(x, "scale"))
  told <- vapply(which(sure), function(k) {
    finding(x[k, ], attr(x, "scale"), attr(x, "better"), attr(x, "range"))
  }, "")
  open <- paste(x$group[!sure], "and", x$against[!sure])
  c(told[seq_len(min(length(told), 10L))],
    if (length(told) > 10L) paste("... and", length(told) - 10L, "more."),
    if (any(!sure)) {
      shown <- open[seq_len(min(length(open), 5L))]
      more <- if (length(open) > 5L) paste(" and", length(open) - 5L, "more pairs") else ""
      paste0(paste(shown, collapse = ", "), more, " cannot be told apart.")
    })
}

# Of many groups: both ends, and how much is sure.
format_leaders <- function(x) {
  means <- sort(attr(x, "means"))
  others <- length(means) - 1L
  sure <- surely_different(x, attr(x, "scale"))
  ends <- names(means)[c(length(means), 1L)]
  beyond <- vapply(ends, function(g) sum(sure & (x$group == g | x$against == g)), 0L)
  shown <- format_value(unname(means[ends]), shows_percent(x))
  c(
    paste0(cut_middle(ends, 60), " has the ", c("highest", "lowest"), " ",
           tolower_first(attr(x, "metric")), " (", shown, "), surely ", c("above ", "below "),
           beyond, " of the ", others, " others."),
    paste0(format_count(sum(sure)), " of ", format_count(nrow(x)), " pairs are surely different",
           if (all(sure)) "." else "; the others cannot be told apart.")
  )
}

# Rates differ by percentage points.
finding <- function(row, scale, better, range = NULL) {
  ratio <- scale == "ratio"
  above <- row$estimate > if (ratio) 1 else 0
  word <- if (is.null(better)) c("lower than", "higher than")[1 + above] else
    c("worse than", "better than")[1 + (above == (better == "higher"))]
  size <- if (ratio) {
    paste0(": ", format_number(row$estimate), " times ", format_interval(row$conf.low,
                                                                         row$conf.high))
  } else {
    size <- c(abs(row$estimate), sort(abs(c(row$conf.low, row$conf.high))))
    points <- identical(as.double(range), c(-1, 1))
    shown <- if (points) formatC(100 * size, digits = 1, format = "f") else format_number(size)
    paste0(" by ", shown[1], if (points) " points", " [", shown[2], ", ", shown[3], "]")
  }
  paste0(row$group, " is ", word, " ", row$against, size, ".")
}

format_letters <- function(letters) {
  paste0("Groups that share a letter cannot be told apart: ",
         paste0(names(letters), " (", letters, ")", collapse = ", "), ".")
}

#' @rdname compare_groups
#' @export
print.judicious_group_comparison <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}
