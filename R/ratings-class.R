# The ratings of a task: what was asked, and one code per answer.

# Codes are integers: item, rater and source point into items, raters and sources;
# choice is a position among the options, set a bitmask over them. `invalid` says
# which questions were asked in vain: 1 the choice, 2 the set, 3 both. A missing
# answer that is not invalid was not asked for.
new_judicious_ratings <- function(task, item, items, source, sources, choice, set, invalid,
                                  rater = NULL, raters = NULL, n = NULL, policy = "exclude") {
  structure(
    list(task = task, item = item, rater = rater, source = source, choice = choice, set = set,
         invalid = as.integer(invalid), n = if (!is.null(n)) as.double(n), items = items,
         raters = raters, sources = sources, policy = policy),
    class = "judicious_ratings"
  )
}

check_ratings <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  if (!inherits(x, "judicious_ratings") || !is.list(x)) {
    abort_judicious(c("{.arg {arg}} must be ratings, not {.obj_type_friendly {x}}.",
                      i = "Read them with {.fn as_ratings}."),
                    "type", arg = arg, call = call)
  }
  x
}

# Ratings a row stands for.
rating_weights <- function(x) x$n %||% rep(1, length(x$item))

#' Work with ratings
#'
#' @description
#' [as_ratings()] and [simulate_ratings()] return objects of class `judicious_ratings`.
#'
#' `print()` tells, for every source (the humans, a judge), how many items, raters and ratings there
#' are, the share of items with more than one answer (items whose raters chose different options,
#' and items for which some response set holds several), the mean size of the response sets, and
#' the share of invalid answers.
#'
#' `tidy()` gives the shares behind all metrics: with `type = "options"` one row per source, item
#' and option with `p_choice`, the share of forced choices (the distribution O), and `p_set`, the
#' share of response sets that hold the option (omega); with `type = "sets"` one row per source,
#' item and response set that occurs, with `prob`, its share (the distribution theta); with
#' `type = "sources"` the numbers that `print()` shows.
#'
#' `c()` puts ratings of one task together, matching items, raters and sources by their ids.
#' `as.data.frame()` gives one row per rating, with sets as strings.
#'
#' `autoplot()` shows how indeterminate the task is: the distribution of the sizes of response sets,
#' and of the probability that two forced choices of an item disagree. `plot()` draws it.
#'
#' @param x,object (`judicious_ratings`) Ratings.
#' @param type What to tabulate, see Description.
#' @param row.names,optional Ignored.
#' @param ... For `c()`: more ratings of the same task. Otherwise not used.
#' @returns `print()` and `plot()`: `x`, invisibly. `format()`: a character vector, one element per
#'   line. `tidy()` and `as.data.frame()`: a data frame. `autoplot()`: a ggplot.
#' @section Undefined when:
#' A share is `NA` where an item has no valid answer of the kind.
#' @examples
#' set.seed(1)
#' sim <- simulate_ratings(rating_task(c("yes", "no"), "yes"), n_items = 50, n_judges = 1)
#' sim$human
#' head(tidy(sim$human))
#' ggplot2::autoplot(c(sim$human, sim$judges))
#' @name judicious_ratings
#' @family ratings
NULL

#' @rdname judicious_ratings
#' @export
c.judicious_ratings <- function(...) {
  all <- Filter(Negate(is.null), list(...))
  call <- rlang::current_env()
  for (i in seq_along(all)) check_ratings(all[[i]], arg = paste0("..", i), call = call)
  first <- all[[1]]
  for (i in seq_along(all)[-1]) check_combinable(first, all[[i]], i, call)
  items <- merge_ids(all, "item", "items")
  sources <- merge_ids(all, "source", "sources")
  raters <- merge_ids(lapply(all, named_raters), "rater", "raters")
  pool <- function(field) unlist(lapply(all, `[[`, field))
  new_judicious_ratings(
    task = first$task, item = items$codes, items = items$keys, source = sources$codes,
    sources = sources$keys, rater = raters$codes, raters = raters$keys, choice = pool("choice"),
    set = pool("set"), invalid = pool("invalid"),
    n = if (!is.null(pool("n"))) unlist(lapply(all, rating_weights)), policy = first$policy
  )
}

check_combinable <- function(first, other, i, call) {
  arg <- paste0("..", i)
  if (!same_task(first$task, other$task) || !identical(first$task$sets, other$task$sets)) {
    abort_judicious("{.arg {arg}} must be ratings of the same task as the first.", "task",
                    arg = arg, call = call)
  }
  if (first$policy != other$policy) {
    abort_judicious("{.arg {arg}} must treat invalid answers as the first does
                    ({.val {first$policy}}), not {.val {other$policy}}.", "choice",
                    arg = arg, call = call)
  }
}

# Codes into the union of the ids.
merge_ids <- function(all, codes, keys) {
  if (is.null(all[[1]][[codes]])) return(NULL)
  kinds <- unique(vapply(all, function(x) typeof(as.vector(x[[keys]])), ""))
  ids <- lapply(all, function(x) {
    if (length(kinds) > 1L || is.factor(x[[keys]])) as.character(x[[keys]]) else x[[keys]]
  })
  merged <- unique(do.call(vctrs::vec_c, ids))
  list(codes = unlist(Map(function(x, own) vctrs::vec_match(own, merged)[x[[codes]]], all, ids)),
       keys = merged)
}

# Anonymous raters stay apart from named ones only if all are anonymous.
named_raters <- function(x) {
  if (is.null(x$rater)) x[c("rater", "raters")] <- list(rep(1L, length(x$item)), "anonymous")
  x
}

# --- numbers -------------------------------------------------------------------

# One list per source, with the distributions that the plots show.
rating_facts <- function(x) {
  rating_facts_cpp(x, x$rater %||% integer(), length(x$raters))
}

facts_table <- function(x) {
  share <- function(cases, of) if (of > 0) cases / of else NA_real_
  rows <- lapply(rating_facts(x), function(f) {
    vctrs::data_frame(
      n_items = f$n_items,
      n_raters = if (is.null(x$rater)) NA_real_ else f$n_raters,
      n_ratings = f$n_ratings,
      ratings_per_item = share(f$n_ratings, f$n_items),
      n_choices = f$n_choices,
      n_sets = f$n_sets,
      choices_differ = share(f$items_differing, f$items_chosen),
      sets_with_several = share(f$items_several, f$items_with_set),
      mean_set_size = if (f$n_sets > 0) f$mean_set_size else NA_real_,
      n_contradictory = f$n_contradictory,
      n_invalid = f$n_invalid,
      invalid = share(f$n_invalid, f$n_ratings)
    )
  })
  result_frame(source = x$sources, vctrs::vec_rbind(!!!rows))
}

#' @rdname judicious_ratings
#' @export
tidy.judicious_ratings <- function(x, type = c("options", "sets", "sources"), ...) {
  check_dots(...)
  type <- match_choice(type)
  switch(type, options = options_table(x), sets = sets_table(x), sources = facts_table(x))
}

options_table <- function(x) {
  profiles <- item_profiles(x)$profiles
  per_source <- lapply(seq_along(profiles), function(s) {
    p <- profiles[[s]]
    table <- item_option_frame(x, list(
      n_choice = rep(p$n_choice, each = nrow(p$o)), n_set = rep(p$n_set, each = nrow(p$o)),
      p_choice = as.vector(p$o), p_set = as.vector(p$omega)
    ))
    rated <- p$n_choice + p$n_set + p$invalid_choice + p$invalid_set > 0
    table$source <- rep(x$sources[s], nrow(table))
    vctrs::vec_slice(table[c("source", setdiff(names(table), "source"))],
                     rep(rated, each = nrow(p$o)))
  })
  result_frame(!!!vctrs::vec_rbind(!!!per_source))
}

# Columns item and option, then those given, with the options of an item in a row.
item_option_frame <- function(x, columns) {
  n_options <- length(x$task$options)
  n_items <- length(x$items)
  vctrs::new_data_frame(c(
    list(item = rep(x$items, each = n_options),
         option = factor(rep(x$task$options, n_items), x$task$options)),
    columns
  ), n = n_items * n_options)
}

sets_table <- function(x) {
  counts <- count_sets_cpp(x)
  totals <- stats::ave(counts$n, counts$source, counts$item, FUN = sum)
  result_frame(
    source = x$sources[counts$source], item = vctrs::vec_slice(x$items, counts$item),
    set = set_labels(counts$set, x$task), size = set_size_cpp(counts$set), n = counts$n,
    prob = counts$n / totals
  )
}

#' @rdname judicious_ratings
#' @export
as.data.frame.judicious_ratings <- function(x, row.names = NULL, optional = FALSE, ...) {
  columns <- list(
    source = x$sources[x$source], item = vctrs::vec_slice(x$items, x$item),
    rater = if (!is.null(x$rater)) vctrs::vec_slice(x$raters, x$rater),
    choice = factor(x$task$options[x$choice], x$task$options), set = set_labels(x$set, x$task),
    invalid = x$invalid > 0L, n = x$n
  )
  vctrs::new_data_frame(Filter(Negate(is.null), columns), n = length(x$item))
}

# --- printing ------------------------------------------------------------------

#' @rdname judicious_ratings
#' @export
format.judicious_ratings <- function(x, ...) {
  facts <- facts_table(x)
  sources <- nrow(facts)
  shown <- seq_len(min(sources, 10L))
  c(
    paste0("Ratings of ", format_count(length(x$items)), " items, options ",
           paste(x$task$options, collapse = ", "),
           if (length(x$task$positive) > 0L) {
             paste0(" (positive: ", paste(x$task$positive, collapse = ", "), ")")
           }),
    unlist(lapply(shown, function(i) format_source(facts[i, ], x))),
    if (sources > length(shown)) paste("and", sources - length(shown), "more sources")
  )
}

format_source <- function(f, x) {
  percent <- function(share) paste0(format(round(100 * share, 1), trim = TRUE), "%")
  raters <- if (is.na(f$n_raters)) "anonymous raters" else paste(format_count(f$n_raters), "raters")
  several <- c(
    if (!is.na(f$choices_differ)) paste(percent(f$choices_differ), "by choice"),
    if (!is.na(f$sets_with_several)) paste(percent(f$sets_with_several), "by response set")
  )
  c(
    paste0(f$source, ": ", format_count(f$n_items), " items, ", raters, ", ",
           format_count(f$n_ratings), " ratings (",
           format(f$ratings_per_item, digits = 3), " per item)"),
    if (length(several) > 0L) {
      paste("  Items with more than one answer:", paste(several, collapse = ", "))
    },
    if (!is.na(f$mean_set_size)) {
      paste("  Mean size of a response set:", format_number(f$mean_set_size))
    },
    if (f$n_contradictory > 0) {
      paste("  Choice outside the own response set:", format_count(f$n_contradictory))
    },
    paste0("  Invalid: ", format_count(f$n_invalid), " (", percent(f$invalid), ")",
           if (f$n_invalid > 0) paste0(", ", invalid_words[[x$policy]]))
  )
}

invalid_words <- c(exclude = "excluded", wrong = "counted as wrong", bounds = "shares as bounds")

#' @rdname judicious_ratings
#' @export
print.judicious_ratings <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}
