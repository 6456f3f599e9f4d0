#' Has the judge drifted?
#'
#' @description
#' A judge changes when its model, prompt or provider does. To see whether it matters, let the old
#' and the new judge label the same *anchor* items, for which human labels are known.
#' `judge_drift()` compares them item by item: how often they flip, how each agrees with people, and
#' whether the change of agreement is within a margin that does not matter, beyond it, or cannot be
#' told.
#'
#' @param formula `human ~ old + new`: human labels and the labels of both judges or periods. With
#'   `new_data`, `human ~ judge`. Numbers, logicals or two-level factors; labels of more than two
#'   kinds as numeric codes, for which agreement and flips have a meaning but bias has none. Human
#'   labels may be missing; flips are then counted over all items, the rest over labelled ones.
#' @param data A data frame with one row per anchor item, or `NULL` when the variables are vectors.
#' @param ... Not used; all further arguments must be named.
#' @param margin Largest change that does not matter, between 0 and 1: the verdict is about it.
#' @param new_data The same items judged in the new period. They are matched by `item`; items or
#'   human labels that differ between the two are an error, since then the set has changed.
#' @param item With `new_data`: name of the column that identifies an item.
#' @param conf_level Confidence level of all intervals.
#' @return An object of class `judicious_drift`: a list with `verdict` (`"equivalent"`: the interval
#'   of the change of agreement lies within \[-margin, margin\]; `"different"`: it lies outside;
#'   `"cannot say"`), `bias_verdict` (the same for the change of the judge's mean; `NA` unless
#'   labels are 0/1), `p_value` (McNemar's mid-p of the change of agreement), `margin`, `n_items`,
#'   `n_labelled` and `table`. `tidy()` returns the table: `measure` (`"agreement"`, `"bias"`,
#'   `"flip_rate"`), `version` (`"old"`, `"new"`, `"change"`), `estimate`, `conf.low`, `conf.high`,
#'   `n`; `autoplot()` shows the changes against the margin.
#' @details
#' Agreement is the share of items where judge and person say the same, bias the judge's mean minus
#' the people's. Shares have Clopper-Pearson intervals. A change is a paired difference d in
#' \[-1, 1\]: \eqn{(d + 1)/2} gets a Clopper-Pearson interval at the effective size
#' \eqn{n (4 n p (1 - p) + D) / (S + D)}, with S the sum of squared deviations of the item
#' differences, p = (d + 1)/2 and a guard \eqn{D = \max(2, z^2/2)}, so that no discordant item in 60
#' leaves an interval of plus or minus 0.046.
#' @section Undefined when:
#' No item has a human label: error. No discordant items: p = 1, and the interval above.
#' @references McNemar (1947), Psychometrika 12; Fagerland, Lydersen and Laake (2013), BMC Medical
#'   Research Methodology 13, for the mid-p; Clopper and Pearson (1934), Biometrika 26.
#' @seealso [monitor_mean()], whose `tidy()` has the judge's bias in every batch.
#' @examples
#' set.seed(1)
#' anchor <- data.frame(human = rbinom(300, 1, 0.2))
#' anchor$march <- ifelse(runif(300) < 0.1, 1 - anchor$human, anchor$human)
#' anchor$june <- ifelse(runif(300) < 0.05, 1 - anchor$march, anchor$march)
#' judge_drift(human ~ march + june, anchor, margin = 0.05)
#' @export
judge_drift <- function(formula, data = NULL, ..., margin, new_data = NULL, item = NULL,
                        conf_level = 0.95) {
  call <- rlang::current_env()
  check_dots(...)
  if (missing(margin)) abort_no_margin(call)
  check_number(margin, 0, 1, open = TRUE, arg = "margin", call = call)
  conf_level <- check_conf_level(conf_level, call = call)
  anchor <- if (is.null(new_data)) {
    anchor_columns(formula, data, c("old", "new"), call)
  } else {
    anchor_periods(formula, data, new_data, item, call)
  }
  new_drift(anchor, margin, conf_level)
}

abort_no_margin <- function(call) {
  abort_judicious(
    c("{.arg margin} must be given: how large a change of agreement does not matter?",
      i = "For example {.code margin = 0.05}."),
    "missing", arg = "margin", call = call
  )
}

# --- the items -----------------------------------------------------------------------------------

# Columns `human` and one per version, and the names of the judges.
anchor_columns <- function(formula, data, versions, call) {
  none <- rlang::quo(NULL)
  design <- parse_design(formula, data, none, none, none, call)
  if (length(design$proxies) != length(versions)) {
    abort_judicious(
      c("{.arg formula} must name {length(versions)} judge{?s}: {.code human ~ {paste(versions,
         collapse = ' + ')}}.",
        x = "It names {length(design$proxies)}."),
      "formula", arg = "formula", call = call
    )
  }
  columns <- lapply(c(list(design$y), design$proxies), column_values)
  names(columns) <- c("human", versions)
  for (k in seq_along(versions)) {
    check_finite(columns[[k + 1]], arg = design$proxies[[k]]$name, call = call)
  }
  if (all(is.na(columns$human))) {
    abort_judicious("No item has a human label: {.var {design$y$name}} is missing throughout.",
                    "empty", arg = design$y$name, call = call)
  }
  names <- vapply(design$proxies, function(p) p$name, "")
  list(columns = vctrs::new_data_frame(columns), judges = names)
}

anchor_periods <- function(formula, old, new, item, call) {
  check_not_lazy(old, "data", call)
  check_not_lazy(new, "new_data", call)
  if (!is.data.frame(old) || !is.data.frame(new)) {
    abort_judicious("{.arg data} and {.arg new_data} must both be data frames.", "type",
                    arg = "new_data", call = call)
  }
  check_item(item, old, new, call)
  at <- match(old[[item]], new[[item]])
  first <- anchor_columns(formula, old, "judge", call)
  second <- anchor_columns(formula, vctrs::vec_slice(new, at), "judge", call)
  check_same_gold(first$columns$human, second$columns$human, old[[item]], call)
  columns <- first$columns
  columns$old <- first$columns$judge
  columns$new <- second$columns$judge
  list(columns = columns[c("human", "old", "new")],
       judges = paste(first$judges, c("(data)", "(new_data)")))
}

check_item <- function(item, old, new, call) {
  check_string(item, arg = "item", call = call)
  for (arg in c("data", "new_data")) {
    ids <- list(data = old, new_data = new)[[arg]][[item]]
    again <- anyDuplicated(ids)
    if (!is.null(ids) && !anyNA(ids) && again == 0L) next
    abort_judicious(
      c("{.arg {arg}} must have a column {.var {item}} with one id per row.",
        x = if (is.null(ids)) "There is no such column." else if (anyNA(ids)) {
          "It is missing in row {which(is.na(ids))[1]}."
        } else {
          "{.val {ids[again]}} comes twice."
        }),
      "column", arg = arg, call = call
    )
  }
  apart <- c(setdiff(old[[item]], new[[item]]), setdiff(new[[item]], old[[item]]))
  if (length(apart) == 0L) return(invisible())
  abort_judicious(
    c("{.arg data} and {.arg new_data} must hold the same items: the anchor set has changed.",
      x = "{.val {apart[1]}} is in one only ({length(apart)} such item{?s})."),
    "anchor", arg = "new_data", call = call
  )
}

check_same_gold <- function(old, new, ids, call) {
  differ <- which(is.na(old) != is.na(new) | (!is.na(old) & !is.na(new) & old != new))
  if (length(differ) == 0L) return(invisible())
  abort_judicious(
    c("Human labels of the anchor set must be the same in {.arg data} and {.arg new_data}.",
      x = "They differ for item {.val {ids[differ[1]]}} ({length(differ)} such item{?s})."),
    "anchor", arg = "new_data", where = differ, call = call
  )
}

# --- the comparison ------------------------------------------------------------------------------

new_drift <- function(anchor, margin, conf_level) {
  x <- anchor$columns
  known <- vctrs::vec_slice(x, !is.na(x$human))
  binary <- all(unlist(known) %in% c(0, 1))
  agreement <- agreement_rows(known, conf_level)
  bias <- if (binary) bias_rows(known, conf_level)
  flips <- drift_share("flip_rate", "change", x$old != x$new, conf_level)
  structure(
    list(
      verdict = drift_verdict(agreement, margin),
      bias_verdict = if (binary) drift_verdict(bias, margin) else NA_character_,
      p_value = paired_change(known$new == known$human, known$old == known$human,
                              conf_level)[["p"]],
      margin = margin, conf_level = conf_level, judges = anchor$judges, n_items = nrow(x),
      n_labelled = nrow(known), n_flips = sum(x$old != x$new),
      table = as.data.frame(vctrs::vec_rbind(agreement, bias, flips))
    ),
    class = "judicious_drift"
  )
}

drift_row <- function(measure, version, estimate, low, high, n) {
  vctrs::data_frame(measure = measure, version = version, estimate = estimate, conf.low = low,
                    conf.high = high, n = as.double(n))
}

drift_share <- function(measure, version, hits, conf_level) {
  n <- length(hits)
  exact <- clopper_pearson_cpp(sum(hits), n, conf_level)
  drift_row(measure, version, mean(hits), exact$low, exact$high, n)
}

paired_change <- function(first, second, conf_level) {
  paired_change_cpp(length(first), sum(first & !second), sum(second & !first), conf_level)
}

drift_change <- function(measure, version, first, second, conf_level) {
  change <- paired_change(first, second, conf_level)
  drift_row(measure, version, change[["estimate"]], change[["low"]], change[["high"]],
            length(first))
}

agreement_rows <- function(x, conf_level) {
  vctrs::vec_rbind(
    drift_share("agreement", "old", x$old == x$human, conf_level),
    drift_share("agreement", "new", x$new == x$human, conf_level),
    drift_change("agreement", "change", x$new == x$human, x$old == x$human, conf_level)
  )
}

bias_rows <- function(x, conf_level) {
  is <- lapply(x, function(column) column == 1)
  vctrs::vec_rbind(
    drift_change("bias", "old", is$old, is$human, conf_level),
    drift_change("bias", "new", is$new, is$human, conf_level),
    drift_change("bias", "change", is$new, is$old, conf_level)
  )
}

drift_verdict <- function(rows, margin) {
  change <- rows[rows$version == "change", ]
  if (change$conf.low >= -margin && change$conf.high <= margin) return("equivalent")
  if (change$conf.low > margin || change$conf.high < -margin) return("different")
  "cannot say"
}

# --- printing ------------------------------------------------------------------------------------

drift_sentence <- function(verdict, margin, conf_level) {
  size <- format_number(margin)
  sure <- paste0(" (", format_level(conf_level), " sure)")
  switch(verdict,
    equivalent = paste0("Equivalent: agreement with people changed by less than ", size, sure),
    different = paste0("Different: agreement with people changed by more than ", size, sure),
    "cannot say" = paste0("Cannot say whether agreement with people changed by more than ", size)
  )
}

#' @export
format.judicious_drift <- function(x, ...) {
  row <- function(measure, version) {
    x$table[x$table$measure == measure & x$table$version == version, ]
  }
  value <- function(r) {
    paste(format_number(r$estimate), format_interval(r$conf.low, r$conf.high))
  }
  old_new <- function(measure) {
    paste0(value(row(measure, "old")), ", new ", value(row(measure, "new")))
  }
  c(
    paste0(drift_sentence(x$verdict, x$margin, x$conf_level), "."),
    paste0("change of agreement ", value(row("agreement", "change")), ", ",
           format_p(x$p_value), " (McNemar, mid-p)"),
    paste0("agreement: old ", old_new("agreement")),
    if (!is.na(x$bias_verdict)) {
      c(paste0("bias: old ", old_new("bias")),
        paste0("change of bias ", value(row("bias", "change")), ": ", x$bias_verdict))
    },
    paste0(format_count(x$n_flips), " of ", format_count(x$n_items), " items flipped, ",
           value(row("flip_rate", "change"))),
    paste0(x$judges[1], " against ", x$judges[2], ", ", format_count(x$n_labelled),
           " human labels")
  )
}

#' @export
print.judicious_drift <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

#' @export
tidy.judicious_drift <- function(x, ...) {
  check_dots(...)
  rlang::exec(result_frame, !!!as.list(x$table))
}

#' @export
glance.judicious_drift <- function(x, ...) {
  check_dots(...)
  result_frame(verdict = x$verdict, bias_verdict = x$bias_verdict, margin = x$margin,
               p.value = x$p_value, n_items = x$n_items, n_labelled = x$n_labelled,
               n_flips = x$n_flips)
}

#' @export
as.data.frame.judicious_drift <- function(x, row.names = NULL, optional = FALSE, ...) x$table

#' @exportS3Method ggplot2::autoplot
autoplot.judicious_drift <- function(object, ...) {
  check_dots(...)
  data <- object$table[object$table$version == "change" & object$table$measure != "flip_rate", ]
  data$label <- c(agreement = "Change of agreement", bias = "Change of bias")[data$measure]
  ggplot2::ggplot(data, ggplot2::aes(y = .data$label)) +
    ggplot2::annotate("rect", xmin = -object$margin, xmax = object$margin, ymin = -Inf,
                      ymax = Inf, alpha = 0.12) +
    ggplot2::geom_vline(xintercept = 0, linewidth = 0.3) +
    ggplot2::geom_segment(
      ggplot2::aes(x = .data$conf.low, xend = .data$conf.high, yend = .data$label),
      linewidth = 1.1, colour = main_colour
    ) +
    ggplot2::geom_point(ggplot2::aes(x = .data$estimate), size = 3.2, colour = main_colour) +
    ggplot2::labs(x = NULL, y = NULL,
                  title = drift_sentence(object$verdict, object$margin, object$conf_level),
                  caption = paste0("New minus old, ", format_level(object$conf_level),
                                   " intervals; shaded: the margin")) +
    plot_theme(panel.grid.major.y = ggplot2::element_blank())
}

#' @export
plot.judicious_drift <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}
