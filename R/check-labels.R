# Do the labelled rows look like a random sample of all rows?

#' Check that the labelled rows look like a random sample
#'
#' @description
#' Every estimate of this package assumes that the rows people labelled were drawn at random (within
#' strata, as whole clusters, or with the probabilities `prob`). The judges have answered for all
#' rows, so this can be checked: their answers on labelled rows must differ from those on the others
#' by chance alone. Labels of the first 300 rows of a sorted file, or only of what the judge
#' flagged, do not pass. Every estimate makes this check silently and warns, with a condition of
#' class `judicious_warning_not_random`, where it fails.
#'
#' @inheritParams estimate_mean
#' @return An object of class `judicious_audit`: a list with `verdict` (`"random"`, `"not_random"`
#'   or `"no_verdict"`), `p_value`, `chi_square`, `df` and `strata`, a data frame with a row per
#'   stratum and judge: `stratum`, `judge`, `labelled` (mean over labelled rows, weighted by 1/prob
#'   if it is known), `all` (mean over all rows) and `z`. With known `prob` the judge
#'   `"(number of labels)"` tests the sum of the weights against the number of rows.
#'   `tidy()` returns the table; `autoplot()` shows z with the limits of chance.
#' @details
#' z is the difference of a judge's mean between labelled and other rows over its standard deviation
#' if labels are random: the exact permutation variance S (1/n + 1/u) for rows or whole clusters,
#' the Poisson design variance for known probabilities. chi-square adds up over strata. The verdict
#' is `"not_random"` where p < .0027 (three standard deviations), which random labels meet in .3 to
#' .8 % of data sets. There is no verdict where fewer than one label of a judge's rarer answer is to
#' be expected, without a judge, or where every row is labelled. The check can only see a selection
#' that the judges see; a pass is no proof. If the selection is on the judge, `strata = judge`
#' removes it.
#' @seealso [estimate_mean()], [sample_uniform()].
#' @examples
#' set.seed(1)
#' d <- simulate_binary(2000, true_mean = 0.3, proxy_mean = 0.3, correlation = 0.6)
#' flagged <- d
#' d$y_true[-sample(2000, 200)] <- NA
#' check_labels(y_true ~ y_proxy, d)
#'
#' flagged$y_true[-head(which(flagged$y_proxy == 1), 200)] <- NA
#' check_labels(y_true ~ y_proxy, flagged)
#' @export
check_labels <- function(formula, data = NULL, ..., strata = NULL, clusters = NULL, prob = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  summary <- formula
  if (!is_summary(formula)) {
    quosures <- list(strata = rlang::enquo(strata), clusters = rlang::enquo(clusters),
                     prob = rlang::enquo(prob))
    design <- if (is_lazy(data)) lazy_design(formula, data, quosures, call) else
      parse_design(formula, data, quosures[[1]], quosures[[2]], quosures[[3]], call)
    summary <- summarise_design(design, 1L, call)
  }
  if (!is.null(summary$by)) {
    abort_judicious(
      c("This summary is of {summary$by$n} groups.",
        i = "Summarise without {.arg by}, or by group."),
      "design", arg = "formula", call = call
    )
  }
  audit <- audit_labels_cpp(summary$numbers, 1L)
  new_audit(audit, summary$judges, summary$known_prob, summary$strata)
}

# Three standard deviations, as one says: random labels are flagged once in 370.
audit_limit <- 0.0027

new_audit <- function(audit, judges, known_prob, strata) {
  p_value <- if (audit$total_df > 0) {
    stats::pchisq(audit$total, audit$total_df, lower.tail = FALSE)
  } else {
    NA_real_
  }
  verdict <- if (is.na(p_value) || length(judges) == 0L || audit$expected_labels < 1) {
    "no_verdict"
  } else if (p_value < audit_limit) {
    "not_random"
  } else {
    "random"
  }
  structure(
    list(verdict = verdict, p_value = p_value, chi_square = audit$total, df = audit$total_df,
         expected_labels = audit$expected_labels,
         strata = audit_table(audit, judges, known_prob, strata)),
    class = "judicious_audit"
  )
}

audit_table <- function(audit, judges, known_prob, strata) {
  n <- nrow(audit$z)
  stratum <- if (is.null(strata)) rep(NA_character_, n) else strata$labels
  count <- if (known_prob) "(number of labels)"
  columns <- c(count, judges)
  with_count <- function(x) if (known_prob) cbind(rep(NA_real_, n), x) else x
  vctrs::new_data_frame(list(
    stratum = rep(stratum, length(columns)), judge = rep(columns, each = n),
    labelled = as.vector(with_count(audit$labelled_mean)), all = as.vector(with_count(audit$mean)),
    z = as.vector(audit$z)
  ))
}

# The row that departs most from chance.
most_telling <- function(x) {
  x$strata[which.max(abs(x$strata$z)), ]
}

describe_audit <- function(row) {
  where <- if (is.na(row$stratum)) "" else paste0(" in stratum ", row$stratum)
  if (is.na(row$labelled)) {
    return(paste0("There are ", if (row$z > 0) "more" else "fewer", " labels than prob says", where,
                  " (z = ", format_z(row$z), ")."))
  }
  paste0(row$judge, " is ", format_number(row$labelled), " on average where people labelled and ",
         format_number(row$all), " over all rows", where, " (z = ", format_z(row$z), ").")
}

format_z <- function(z) formatC(z, digits = 1, format = "f")

# Told by every estimate where its labelled rows are plainly no random sample.
tell_not_random <- function(audit, design, call) {
  if (length(design$proxies) == 0L) return(invisible())
  judges <- vapply(design$proxies, function(p) p$name, "")
  strata <- if (!is.null(design$strata)) list(labels = group_labels(design$strata))
  found <- new_audit(audit, judges, !is.null(design$prob), strata)
  if (found$verdict != "not_random") return(invisible())
  what <- describe_audit(most_telling(found))
  warn_judicious(
    c("The labelled rows do not look like a random sample of all rows.",
      x = "{what}",
      i = "The estimate assumes random labels. If people labelled what a judge flagged, give
           {.code strata =} that judge; if with known probabilities, give {.arg prob};
           {.fun check_labels} shows more."),
    "not_random", call = call
  )
}

#' @export
format.judicious_audit <- function(x, ...) {
  verdict <- switch(
    x$verdict,
    random = "The labelled rows look like a random sample.",
    not_random = "The labelled rows do NOT look like a random sample of all rows.",
    no_verdict = if (all(is.na(x$strata$z))) {
      "No verdict: no judge answered on labelled and on other rows."
    } else {
      "No verdict: too few labels where the judges' answers are rare."
    }
  )
  numbers <- if (!is.na(x$p_value)) {
    paste0("chi-square ", format_number(x$chi_square), " on ", format_count(x$df),
           if (x$df == 1) " degree" else " degrees", " of freedom, ", format_p(x$p_value))
  }
  c(
    verdict, numbers,
    if (x$verdict == "not_random") {
      c(describe_audit(most_telling(x)),
        "Estimates assume random labels; consider strata = the judge's label.")
    },
    if (x$verdict == "random") "It can only see a selection that the judges see."
  )
}

#' @export
print.judicious_audit <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @export
tidy.judicious_audit <- function(x, ...) {
  check_dots(...)
  x$strata
}

#' @export
as.data.frame.judicious_audit <- function(x, row.names = NULL, optional = FALSE, ...) x$strata

#' @exportS3Method ggplot2::autoplot
autoplot.judicious_audit <- function(object, ...) {
  check_dots(...)
  data <- object$strata[!is.na(object$strata$z), ]
  data$label <- if (all(is.na(data$stratum))) data$judge else paste0(data$judge, ", ", data$stratum)
  data$label <- factor(data$label, rev(unique(data$label)))
  ggplot2::ggplot(data, ggplot2::aes(x = .data$z, y = .data$label)) +
    ggplot2::annotate("rect", xmin = -3, xmax = 3, ymin = -Inf, ymax = Inf, alpha = 0.15) +
    ggplot2::geom_vline(xintercept = 0, linewidth = 0.3) +
    ggplot2::geom_point(ggplot2::aes(colour = abs(.data$z) > 3), size = 2.5, show.legend = FALSE) +
    ggplot2::scale_colour_manual(values = c(`FALSE` = "#1b6ca8", `TRUE` = "#c0392b")) +
    ggplot2::scale_y_discrete(labels = function(x) vapply(x, wrap_label, "")) +
    ggplot2::labs(x = "Labelled rows against all, standard deviations of chance", y = NULL,
                  title = format(object)[1])
}

wrap_label <- function(x) paste(strwrap(x, 30), collapse = "\n")

#' @export
plot.judicious_audit <- function(x, ...) print(ggplot2::autoplot(x, ...))
