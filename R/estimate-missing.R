# Judges that did not answer: missing_judge = "indicator".

# Missing labels become 0, and being missing a further judge: h ~ ifelse(is.na(b), 0, b) + is.na(b).
mark_missing_judges <- function(design) {
  if (length(design$proxies) == 0L) return(design)
  marked <- lapply(design$proxies, mark_missing)
  design$missing <- vapply(marked, function(m) sum(m[[2]]$values %||% 0L), 0)
  names(design$missing) <- vapply(design$proxies, `[[`, "", "name")
  answered <- Reduce(`|`, lapply(design$proxies, function(p) !is.na(column_values(p))))
  design$n_unanswered <- sum(!answered & in_frame(design))
  design$proxies <- unlist(lapply(marked, function(m) Filter(Negate(is.null), m)),
                           recursive = FALSE)
  design
}

# Rows in which every judge's label is the mean that judgements without an answer have.
count_filled <- function(design) {
  filled <- attr(design$data, "filled")
  judges <- vapply(design$proxies, `[[`, "", "name")
  if (length(judges) == 0L || !all(judges %in% names(filled))) return(0)
  sum(Reduce(`&`, filled[judges]) & in_frame(design))
}

# The judge as it is, or filled and followed by its indicator.
mark_missing <- function(column) {
  values <- column_values(column)
  missing <- is.na(values)
  if (!any(missing)) return(list(column, NULL))
  values[missing] <- 0
  list(new_column(values, column$name), new_column(missing, paste0("is.na(", column$name, ")")))
}

# Unlabelled rows that could not be drawn are dropped by the core.
in_frame <- function(design) {
  if (is.null(design$prob)) return(TRUE)
  prob <- column_values(design$prob)
  !is.na(column_values(design$y)) | (!is.na(prob) & prob > 0)
}

missing_flags <- function(design) {
  n <- design$missing[design$missing > 0]
  if (length(n) == 0L) return(NULL)
  sprintf("Judge %s did not answer %s of %s rows: that is a further judge, %s.", names(n),
          format_count(n), format_count(design$n), paste0("is.na(", names(n), ")"))
}
