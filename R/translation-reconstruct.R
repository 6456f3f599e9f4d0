# Response sets from forced choices.

#' Reconstruct response sets from forced choices
#'
#' @description
#' The share of raters who find an option reasonable, from forced choices and a translation. Forced
#' choices alone leave it open; the sharp bounds say by how much.
#'
#' @param ratings ([judicious_ratings]) Ratings with forced choices; response sets are not used.
#' @param translation From [fit_translation()] or [translation_beta()], of the same task.
#' @param rule (string) Which sets are positive: those with `"any"` or `"all"` of the positive
#'   options. Used by [decide_items()].
#' @param threads (count or `NULL`) Worker threads, used by `pool = "item_prior"`; `NULL` means
#'   `getOption("judicious.threads", 1L)`. The result does not depend on it.
#' @returns A data frame of class `judicious_reconstruction`, one row per source, item and option:
#'   `source`, `item`, `option`, `p_choice` (share of forced choices, O), `p_set` (share of response
#'   sets that hold the option, omega), `p_set_low` and `p_set_high` (its sharp bounds), `n` (valid
#'   choices). All probabilities lie in \[0, 1]. [decide_items()] and the metrics accept it.
#'   `tidy()` gives it as a plain data frame, or the distribution of sets; `autoplot()` draws
#'   `p_set` with its bounds against `p_choice`.
#' @section Formula:
#' \eqn{\theta_i = F' O_i}{theta_i = F' O_i} (or the item's posterior, see [fit_translation()]) and
#' \eqn{\omega_i = \Lambda \theta_i}{omega_i = Lambda theta_i}, where \eqn{\Lambda}{Lambda} says
#' which options a set holds. The bounds assume nothing of F but that the choice is in the set: with
#' A the admissible sets,
#' \deqn{\sum_j O_j 1\{k \in v\ \forall v \in A: j \in v\} \le \omega_k \le
#'   \sum_j O_j 1\{\exists v \in A: j, k \in v\},}{
#'   sum_j O_j 1(every v in A with j holds k) <= omega_k <= sum_j O_j 1(some v in A holds j and k),}
#' which is \eqn{[O_k, 1]}{[O_k, 1]} when all subsets are admissible. Every value between is
#' possible. With `invalid = "bounds"` they also hold over all that invalid answers might have been.
#' @section Undefined when:
#' `p_choice` and all others are `NA` for items without a valid choice. `p_set` lies outside its
#' bounds for `translation_beta(to = "positive_only")`, which contradicts the model.
#' @section Errors:
#' `judicious_error_task` if ratings and translation are not of one task,
#' `judicious_error_undefined` if there is no forced choice, `judicious_error_policy` for item
#' posteriors with `invalid = "bounds"`.
#' @inherit fit_translation references
#' @examples
#' set.seed(1)
#' sim <- simulate_ratings(rating_task(c("yes", "no"), "yes"), n_items = 100, n_judges = 0)
#' fit <- fit_translation(sim$human)
#' rebuilt <- reconstruct_sets(sim$human, fit)
#' head(rebuilt)
#' decide_items(rebuilt, tau = 0.5) |> head()
#' @family ratings
#' @export
reconstruct_sets <- function(ratings, translation, rule = c("any", "all"), threads = NULL) {
  check_ratings(ratings)
  rule <- match_choice(rule)
  threads <- check_threads(threads)
  call <- rlang::current_env()
  check_translation(translation)
  rebuilt <- reconstruct_sources(ratings, translation, rule, threads, call)
  bounds <- bound_items_cpp(ratings, ratings$task$sets %||% integer(),
                            task_positive(ratings$task), rule, ratings$policy)
  names(bounds) <- ratings$sources
  profiles <- new_item_profiles(ratings, lapply(rebuilt, `[[`, "profile"))
  new_judicious_reconstruction(ratings, profiles, lapply(rebuilt, `[[`, "theta"), bounds,
                               translation)
}

new_judicious_reconstruction <- function(ratings, profiles, theta, bounds, translation) {
  per_source <- lapply(ratings$sources, function(source) {
    p <- profiles$profiles[[source]]
    n_options <- nrow(p$o)
    table <- item_option_frame(ratings, list(
      p_choice = as.vector(p$o), p_set = as.vector(p$omega),
      p_set_low = as.vector(bounds[[source]]$set_low),
      p_set_high = as.vector(bounds[[source]]$set_high), n = rep(p$n_choice, each = n_options)
    ))
    table <- vctrs::vec_cbind(vctrs::data_frame(source = rep(source, nrow(table))), table)
    vctrs::vec_slice(table, rep(p$n_choice + p$invalid_choice > 0, each = n_options))
  })
  table <- vctrs::vec_rbind(!!!per_source)
  vctrs::new_data_frame(
    as.list(table), n = nrow(table), profiles = profiles,
    theta = stats::setNames(theta, ratings$sources), bounds = bounds,
    translation = translation, class = c("judicious_reconstruction", "judicious_table")
  )
}

# One profile and theta per source, from the choices.
reconstruct_sources <- function(x, translation, rule, threads, call) {
  if (!same_task(x$task, translation$task)) {
    abort_judicious(
      c("{.arg translation} must be of the task of the ratings.",
        x = "Its options are {.val {translation$task$options}}, those of the ratings
             {.val {x$task$options}}."),
      "task", arg = "translation", call = call
    )
  }
  if (all(is.na(x$choice))) {
    abort_judicious("There is no forced choice to reconstruct response sets from.", "undefined",
                    arg = "ratings", call = call)
  }
  pooled <- translation$pool != "item_prior"
  if (!pooled && x$policy == "bounds") {
    abort_judicious(
      c("Item posteriors have no bounds over invalid answers.",
        i = "Use {.code pool = \"global\"}, or read the ratings with another {.arg invalid}."),
      "policy", arg = "translation", call = call
    )
  }
  call_core(reconstruct_sets_cpp(x, translation, pooled, task_positive(x$task), rule, x$policy,
                                 check_threads(threads, call)), call)
}

#' @export
format.judicious_reconstruction <- function(x, ...) {
  profiles <- attr(x, "profiles")
  n_items <- length(profiles$items)
  width <- mean(x$p_set_high - x$p_set_low, na.rm = TRUE)
  rows <- utils::head(as.data.frame(x), 6L)
  c(
    paste0("Response sets of ", format_count(n_items), " items, reconstructed from forced choices"),
    translation_origin(attr(x, "translation")),
    paste("Mean distance of the sharp bounds:", format_number(width)),
    fixed_lines(utils::capture.output(print(rows, digits = getOption("judicious.digits", 3),
                                            row.names = FALSE))),
    if (nrow(x) > 6L) paste("and", format_count(nrow(x) - 6L), "more rows")
  )
}

#' @export
print.judicious_reconstruction <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

#' @rdname reconstruct_sets
#' @param x,object (`judicious_reconstruction`) A result of `reconstruct_sets()`.
#' @param type `"options"`: the rows of `x`; `"sets"`: one row per source, item and response set,
#'   with `prob`, its share (theta).
#' @param ... Not used.
#' @export
tidy.judicious_reconstruction <- function(x, type = c("options", "sets"), ...) {
  check_dots(...)
  type <- match_choice(type)
  if (type == "options") return(result_frame(!!!as.data.frame(x)))
  translation <- attr(x, "translation")
  items <- attr(x, "profiles")$items
  theta <- attr(x, "theta")
  result_frame(!!!vctrs::vec_rbind(!!!lapply(names(theta), function(source) {
    rated <- which(!is.na(attr(x, "profiles")$profiles[[source]]$o[1, ]))
    n_sets <- length(translation$sets)
    vctrs::data_frame(
      source = source, item = rep(vctrs::vec_slice(items, rated), each = n_sets),
      set = rep(set_labels(translation$sets, translation$task), length(rated)),
      size = rep(set_size_cpp(translation$sets), length(rated)),
      prob = as.vector(theta[[source]][, rated])
    )
  })))
}

#' @rdname reconstruct_sets
#' @param option (string) The option to plot; the first positive one by default.
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_reconstruction <- function(object, option = NULL, ...) {
  check_dots(...)
  options <- attr(object, "profiles")$task$options
  positive <- attr(object, "profiles")$task$positive
  option <- check_choice(option %||% c(positive, options)[1], options)
  data <- as.data.frame(object)
  data <- data[data$option == option & !is.na(data$p_set), ]
  ggplot2::ggplot(data, ggplot2::aes(.data$p_choice, .data$p_set)) +
    ggplot2::geom_linerange(ggplot2::aes(ymin = .data$p_set_low, ymax = .data$p_set_high),
                            colour = "grey80", linewidth = 0.4) +
    ggplot2::geom_abline(slope = 1, intercept = 0, linetype = "dashed", colour = "grey30") +
    ggplot2::geom_point(colour = main_colour, alpha = 0.6, size = 1.8) +
    facet_names("source", length(unique(data$source))) +
    ggplot2::coord_cartesian(xlim = c(0, 1), ylim = c(0, 1)) +
    ggplot2::scale_x_continuous(labels = axis_labels(TRUE), breaks = few_breaks) +
    ggplot2::scale_y_continuous(labels = axis_labels(TRUE), breaks = few_breaks) +
    ggplot2::labs(
      x = fold_text(paste0("Share of forced choices for \"", option, "\""), plot_width() * 9),
      y = fold_text(paste0("Share of response sets with \"", option, "\""), 34),
      title = "Response sets reconstructed from forced choices",
      caption = "Grey: what forced choices alone leave open; dashed: one answer only"
    ) +
    rating_theme()
}

#' @export
plot.judicious_reconstruction <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}
