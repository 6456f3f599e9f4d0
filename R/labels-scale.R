# A score on a scale, where a question has no options.

#' Describe a scale for scores
#'
#' The scores that raters may give on a label page ([write_label_page()]), where a question asks for
#' a number and not for an option.
#'
#' @param from,to (number) Lowest and highest score.
#' @param step (number) The distance of neighbouring scores; whole steps lead from `from` to `to`,
#'   at most 10,000.
#' @param low,high (string) What the two ends mean, shown below the scale.
#' @returns A list of class `judicious_scale` with the fields `from`, `to`, `step`, `low` and
#'   `high`.
#' @section Errors:
#' `judicious_error_range` if `to` is not above `from`, `step` does not lead from one to the other
#' or takes too many steps; `judicious_error_type`, `judicious_error_finite`.
#' @examples
#' label_scale(1, 5, low = "useless", high = "perfect")
#' label_scale(0, 1, step = 0.1)
#' @family labelling
#' @export
label_scale <- function(from, to, step = 1, low = NULL, high = NULL) {
  from <- check_number(from)
  to <- check_number(to)
  step <- check_number(step, 0, open = TRUE)
  for (arg in c("from", "to", "step")) check_finite(get(arg), arg = arg)
  check_scale_steps(from, to, step)
  for (arg in c("low", "high")) if (!is.null(get(arg))) check_string(get(arg), arg = arg)
  structure(list(from = from, to = to, step = step, low = low, high = high),
            class = "judicious_scale")
}

check_scale_steps <- function(from, to, step, call = rlang::caller_env()) {
  if (to <= from) {
    abort_judicious(c("{.arg to} must be above {.arg from} ({from}).", x = "It is {to}."), "range",
                    arg = "to", call = call)
  }
  steps <- (to - from) / step
  if (abs(steps - round(steps)) > 1e-8 * steps || round(steps) > 1e4 || steps < 0.5) {
    abort_judicious(
      c("Whole steps, at most 10,000, must lead from {.arg from} to {.arg to}.",
        x = "From {from} to {to} there are {format(steps)} steps of {step}."),
      "range", arg = "step", call = call
    )
  }
}

#' @export
format.judicious_scale <- function(x, ...) {
  ends <- c(x$low, x$high)
  paste0("Scale from ", format(x$from), " to ", format(x$to), " in steps of ", format(x$step),
         if (length(ends) > 0L) paste0(" (", paste(ends, collapse = " to "), ")"))
}

#' @export
print.judicious_scale <- function(x, ...) {
  writeLines(strwrap(format(x), exdent = 2))
  invisible(x)
}
