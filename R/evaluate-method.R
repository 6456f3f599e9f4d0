# How an evaluation came about, in words that need no statistics.

format_how <- function(x) {
  c(how_labelled(x), how_corrected(x), how_sure(x), how_compared(x))
}

has_column <- function(x, name) name %in% x$design

how_labelled <- function(x) {
  fit <- x$estimate
  chosen <- if (has_column(x, ".prob")) {
    paste("Which items people labelled was drawn at random with known, unequal chances; every",
          "label counts by the inverse of its chance.")
  } else if (has_column(x, ".strata")) {
    "Within every stratum, the labelled items are taken for a random sample."
  } else {
    "The labelled items are taken for a random sample of all items."
  }
  clusters <- if (has_column(x, ".clusters")) {
    paste("Items of one cluster resemble each other, so that clusters, not items, count as",
          "independent.")
  }
  paste(c(
    paste0("The judges have judged ", format_count(fit$n_rows), " items; people have labelled ",
           format_count(fit$n_true), " of them."), chosen, clusters,
    "If they were picked for being interesting, the numbers do not hold."
  ), collapse = " ")
}

how_corrected <- function(x) {
  one <- length(x$judges) == 1L
  judges <- if (one) "judge says" else "judges say"
  paste0(
    "On the labelled items it is known what people say and what the ", judges, ": how far off ",
    if (one) "the judge is" else "the judges are", ", on average. The corrected ",
    quantity_word(x), " (", x$estimate$method, ", prediction-powered inference) is what the ",
    judges, " of all items, less that, with as much weight on ",
    if (one) "the judge" else "each judge", " as the labels justify. A useless judge gets no ",
    "weight and does no harm. What a judge says alone is off by its difference from the corrected ",
    quantity_word(x), "; how sure that is follows from the interval of the latter."
  )
}

how_sure <- function(x) {
  level <- format_level(x$conf_level)
  paste0(
    "A ", level, " interval holds the true value in ", level, " of such studies or more ",
    "(interval: ", x$estimate$interval, "). ",
    if (x$estimate$population == "finite") {
      "It speaks of these very items."
    } else {
      "It speaks of all items that could have come up like these."
    }
  )
}

how_compared <- function(x) {
  if (is.null(x$subgroups)) return(NULL)
  paste("Intervals of subgroups are wider than usual so that they hold all at once, and p-values",
        "are adjusted for the number of subgroups (Bonferroni, Holm).")
}
