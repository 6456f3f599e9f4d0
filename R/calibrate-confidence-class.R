# What calibrate_confidence() returns.

#' Use and show a calibration
#'
#' @description
#' `predict()` maps confidences to probabilities. `print()` compares the confidences with the
#' cross-fitted probabilities; `autoplot()` draws the map over the accuracy of labels with similar
#' confidence (bins of equal numbers of labels, exact 95% intervals).
#'
#' @param object,x A `judicious_calibration`, from [calibrate_confidence()].
#' @param newdata (numeric vector) Confidences on the scale that was fitted, of the same method.
#'   `NULL`: the rows of the fit, cross-fitted where labelled.
#' @param n_bins (count) Number of bins in the plot.
#' @param ... Not used.
#' @returns `predict()`: a double vector in \[0, 1\], `NA` where the confidence is missing.
#'   `format()`: a character vector, one element per line. `print()` and `plot()`: `x`, invisibly.
#'   `tidy()`: the map, a data frame with columns `term`, `estimate` (isotonic: `confidence`,
#'   `probability`, the knots). `glance()`: one row with `method`, `scale`, `n`, `n_folds` and the
#'   Brier score, log loss, ECE and AUROC before (`_raw`) and after. `autoplot()`: a ggplot object.
#' @section Errors:
#' `predict()`: `judicious_error_range` for values outside \[0, 1\] where probabilities were fitted;
#' `judicious_error_mixed_methods` for confidences of another method than the fitted ones.
#' @examples
#' set.seed(1)
#' truth <- rbeta(400, 5, 2)
#' fit <- calibrate_confidence(truth^0.3, runif(400) < truth)
#' predict(fit, c(0.7, 0.9))
#' glance(fit)
#' @name predict.judicious_calibration
#' @aliases judicious_calibration
#' @export
predict.judicious_calibration <- function(object, newdata = NULL, ...) {
  check_dots(...)
  call <- rlang::current_env()
  if (is.null(newdata)) return(object$fitted)
  check_score_method(newdata, object$score_method, "newdata", call)
  score <- as_score(newdata, call, "newdata")
  check_same_scale(score, object$raw$score, "newdata", call)
  if (object$scale == "probability") {
    check_probability(score, "newdata", call,
                      hint = "The calibration was fitted to confidences on that scale.")
  }
  replace(apply_map(object, score), is.na(score), NA_real_)
}

calibration_titles <- c(isotonic = "Isotonic regression", platt = "Platt scaling",
                        temperature = "Temperature scaling", beta = "Beta calibration")

#' @rdname predict.judicious_calibration
#' @export
format.judicious_calibration <- function(x, ...) {
  quality <- x$quality
  fitted <- if (x$n_folds > 1) "calibrated, cross-fitted" else "calibrated, in sample"
  c(
    paste0(calibration_titles[[x$method]], " on ", format_count(x$n), " labels"),
    format_map(x), "",
    format_columns(list(
      c("", "confidence", fitted), c("mean", format_number(quality$mean_confidence)),
      c("accuracy", format_number(quality$accuracy)), c("Brier", format_number(quality$brier)),
      c("log loss", format_number(quality$log_loss)), c("ECE", format_number(quality$ece)),
      c("AUROC", format_number(quality$auroc))
    )),
    calibration_advice(quality, x$method),
    if (x$n < 100 && x$method == "isotonic") {
      "Fewer than 100 labels: \"platt\" or \"beta\" is steadier."
    }
  )
}

format_map <- function(x) {
  value <- format_number(x$coef)
  input <- if (x$scale == "probability") "logit(confidence)" else "score"
  switch(
    x$method,
    isotonic = paste0(format_count(nrow(x$knots)), " knots, probabilities from ",
                      paste(format_number(range(x$knots$probability)), collapse = " to ")),
    platt = paste0("logit(p) = ", value[1], " + ", value[2], " ", input),
    temperature = paste0("temperature ", format_number(1 / x$coef[["slope"]])),
    beta = paste0("logit(p) = ", value[1], " + ", value[2], " log(confidence) - ", value[3],
                  " log(1 - confidence)")
  )
}

#' @rdname predict.judicious_calibration
#' @export
print.judicious_calibration <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

#' @rdname predict.judicious_calibration
#' @exportS3Method generics::tidy judicious_calibration
tidy.judicious_calibration <- function(x, ...) {
  check_dots(...)
  if (x$method == "isotonic") return(result_frame(!!!as.list(x$knots)))
  coef <- x$coef
  if (x$method == "temperature") coef <- c(temperature = 1 / coef[["slope"]])
  result_frame(term = names(coef), estimate = unname(coef))
}

#' @rdname predict.judicious_calibration
#' @exportS3Method generics::glance judicious_calibration
glance.judicious_calibration <- function(x, ...) {
  check_dots(...)
  q <- x$quality
  result_frame(
    method = x$method, scale = x$scale, n = x$n, n_folds = x$n_folds, brier_raw = q$brier[1],
    brier = q$brier[2], log_loss_raw = q$log_loss[1], log_loss = q$log_loss[2], ece_raw = q$ece[1],
    ece = q$ece[2], auroc_raw = q$auroc[1], auroc = q$auroc[2]
  )
}

#' @rdname predict.judicious_calibration
#' @exportS3Method ggplot2::autoplot
autoplot.judicious_calibration <- function(object, n_bins = 10L, ...) {
  check_dots(...)
  n_bins <- check_count(n_bins, upper = 1000)
  probability <- object$scale == "probability"
  bins <- vctrs::new_data_frame(reliability_rows(object$raw, n_bins, TRUE, TRUE, 0.95))
  grid <- calibration_grid(object)
  ggplot2::ggplot(bins, ggplot2::aes(.data$mean_confidence, .data$accuracy)) +
    (if (probability) ggplot2::geom_abline(slope = 1, intercept = 0, linetype = "dashed",
                                           colour = "grey30")) +
    ggplot2::geom_linerange(ggplot2::aes(ymin = .data$conf_low, ymax = .data$conf_high),
                            colour = "grey45", linewidth = 0.6) +
    ggplot2::geom_point(colour = "grey45", size = 2.2) +
    ggplot2::geom_line(ggplot2::aes(.data$confidence, .data$probability), data = grid,
                       colour = main_colour, linewidth = 1) +
    ggplot2::scale_x_continuous(labels = axis_labels(probability)) +
    ggplot2::scale_y_continuous(labels = axis_labels(TRUE)) +
    (if (probability) ggplot2::coord_equal(xlim = c(0, 1), ylim = c(0, 1)) else
      ggplot2::coord_cartesian(ylim = c(0, 1))) +
    ggplot2::labs(
      x = if (probability) "Confidence" else "Score", y = "Right labels",
      title = calibration_titles[[object$method]],
      caption = paste0("Line: calibrated probability; points: accuracy of ", nrow(bins),
                       " bins, exact 95% intervals",
                       if (probability) "\nDashed line: perfect calibration")
    ) +
    plot_theme()
}

# Enough places along the data to draw the map, its kinks among them.
calibration_grid <- function(object) {
  ends <- if (object$scale == "probability") c(0, 1) else range(object$raw$score)
  x <- sort(unique(c(seq(ends[1], ends[2], length.out = 401), object$knots$confidence)))
  vctrs::data_frame(confidence = x, probability = apply_map(object, x))
}

#' @rdname predict.judicious_calibration
#' @export
plot.judicious_calibration <- function(x, ...) {
  print(ggplot2::autoplot(x, ...))
  invisible(x)
}
