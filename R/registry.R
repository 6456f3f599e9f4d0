# Every published method is an argument value and a row here. The table feeds
# ?estimate_mean, judicious_methods() and the names results print.

method_registry <- function() {
  row <- function(...) list(...)
  rows <- list(
    row("Classical mean", "human ~ 1", "labels only",
        "labels are a random sample of the rows", "Student (1908)"),
    row("PPI", "human ~ judge, power_tuning = FALSE", "uniform",
        "labels are a random sample of the rows",
        "Angelopoulos et al. (2023), Science 382:669"),
    row("PPI++", "human ~ judge", "uniform",
        "labels are a random sample of the rows", "arXiv:2311.01453"),
    row("Multi-PPI++", "human ~ judge_1 + judge_2", "uniform",
        "labels are a random sample of the rows", "arXiv:2509.21707"),
    row("Stratified PPI++", "human ~ judge, strata = s", "strata",
        "random sample within every stratum", "Fisch et al. (2024), NeurIPS 37"),
    row("Cluster PPI++", "human ~ judge, clusters = c", "clusters",
        "whole clusters, or rows, drawn at random; clusters independent",
        "arXiv:2311.01453 with linearised cluster totals"),
    row("Active statistical inference", "human ~ judge, prob = pi", "known prob",
        "rows drawn independently with known prob > 0",
        "Zrnic and Candes (2024), ICML"),
    row("Inverse probability weighting", "human ~ 1, prob = pi", "known prob",
        "rows drawn independently with known prob > 0",
        "Horvitz and Thompson (1952); Hajek (1971)")
  )
  columns <- c("method", "call", "design", "assumption", "reference")
  vctrs::vec_rbind(!!!lapply(rows, function(r) {
    vctrs::new_data_frame(stats::setNames(r, columns), n = 1L)
  }))
}

# The name of what an estimate does, by its design and by whether it used a judge.
method_name <- function(design, settings, uses_judges = TRUE) {
  n_judges <- if (uses_judges) length(design$proxies) else 0L
  plain <- n_judges > 0L && settings$rule == "fixed"
  if (!is.null(design$prob)) {
    base <- if (n_judges == 0L) "Inverse probability weighting" else "Active statistical inference"
    details <- c(if (n_judges > 1L) "several judges", if (!is.null(design$strata)) "stratified",
                 if (!is.null(design$clusters)) "clustered")
    return(paste(c(base, details), collapse = ", "))
  }
  strata <- if (!is.null(design$strata)) "Stratified"
  if (n_judges == 0L) {
    words <- c(strata, if (!is.null(design$clusters)) "clustered", "classical mean")
    return(sub("^c", "C", paste(words, collapse = " ")))
  }
  core <- if (plain) "PPI" else "PPI++"
  paste(c(strata, if (!is.null(design$clusters)) "Cluster",
          if (n_judges > 1L) paste0("Multi-", core) else core), collapse = " ")
}

#' The published methods and their calls
#'
#' Which call of [estimate_mean()] is which published method, what it assumes, and where it comes
#' from. Designs combine freely: several judges, `strata`, `clusters` and `prob` in one call.
#'
#' @return A data frame of class `judicious_methods` with the columns `method`, `call`, `design`,
#'   `assumption` and `reference`; `print()` shows it as a table.
#' @examples
#' judicious_methods()
#' @export
judicious_methods <- function() {
  methods <- method_registry()
  class(methods) <- c("judicious_methods", class(methods))
  methods
}

#' @export
format.judicious_methods <- function(x, ...) {
  width <- max(nchar(x$method))
  c("Methods of estimate_mean(formula, data, ...); designs combine freely.", "",
    unlist(Map(function(method, call, assumption, reference) {
      pad <- strrep(" ", width + 2)
      c(paste0(formatC(method, width = -width), "  ", call),
        paste0(pad, "assumes: ", assumption), paste0(pad, "see: ", reference))
    }, x$method, x$call, x$assumption, x$reference), use.names = FALSE))
}

#' @export
print.judicious_methods <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

# The same table for the help page.
rd_methods_table <- function() {
  methods <- method_registry()
  header <- c("| Method | Call | Assumes | Reference |", "|---|---|---|---|")
  lines <- sprintf("| %s | `%s` | %s | %s |", methods$method, methods$call, methods$assumption,
                   methods$reference)
  paste(c(header, lines), collapse = "\n")
}
