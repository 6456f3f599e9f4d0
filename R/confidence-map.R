#' Map of confidence and correctness
#'
#' Draws every item at its place in a plane, coloured by confidence, with wrong labels as crosses.
#' Do low-confidence items lie together? Do errors sit where confidence is low, or is there a
#' region in which the judge is wrong and sure?
#'
#' @param x (numeric matrix or data frame) One row per item: two columns are coordinates, more are
#'   an embedding that [uwot::umap()] brings into the plane (the package uwot must be installed;
#'   `set.seed()` makes the map reproducible). No missing values.
#' @param confidence (numeric vector) The confidence of every item; missing ones are drawn in grey.
#' @param correct (logical or 0/1 vector) Is the label right? `NA` where nobody knows. `NULL`: not
#'   shown.
#' @param ... Arguments for [uwot::umap()], such as `n_neighbors` or `metric`.
#' @param size (number) Size of the points.
#' @returns A ggplot object. Its data has the columns `x`, `y`, `confidence` and `status` ("right",
#'   "wrong" or "not known").
#' @section Errors:
#' `judicious_error_type` (not numeric, or fewer than two columns), `judicious_error_finite`,
#' `judicious_error_length`, `judicious_error_range` (a `correct` that is neither 0 nor 1), and an
#' error of class `rlib_error_package_not_found` if uwot is needed and not installed.
#' @references McInnes, L., Healy, J. and Melville, J. (2018). UMAP: uniform manifold approximation
#'   and projection for dimension reduction. arXiv:1802.03426.
#' @examples
#' set.seed(1)
#' place <- matrix(rnorm(600), ncol = 2)
#' confidence <- plogis(2 + place[, 1])
#' plot_confidence_map(place, confidence, correct = runif(300) < confidence)
#' @family label confidence
#' @export
plot_confidence_map <- function(x, confidence, correct = NULL, ..., size = 1.8) {
  call <- rlang::current_env()
  x <- check_places(x, call)
  size <- check_number(size, 0)
  confidence <- as_score(confidence, call)
  check_length(confidence, nrow(x), n_arg = "row of `x`")
  if (!is.null(correct)) {
    correct <- as_truth(correct, call)
    check_length(correct, nrow(x), n_arg = "row of `x`")
  }
  if (ncol(x) == 2L) {
    check_dots(...)
    names <- colnames(x) %||% c("x", "y")
  } else {
    rlang::check_installed("uwot", "to bring an embedding into the plane.")
    x <- uwot::umap(x, n_components = 2, ...)
    names <- c("UMAP 1", "UMAP 2")
  }
  draw_confidence_map(map_data(x, confidence, correct), names, !is.null(correct), size)
}

check_places <- function(x, call) {
  x <- if (is.data.frame(x) && all(vapply(x, is.numeric, NA))) as.matrix(x) else x
  if (!is.matrix(x) || !is.numeric(x) || ncol(x) < 2L || nrow(x) == 0L) {
    abort_judicious(
      c("{.arg x} must be a numeric matrix or data frame with a row per item.",
        x = "It is {.obj_type_friendly {x}}.",
        i = "Two columns are coordinates, more are an embedding."),
      "type", arg = "x", call = call
    )
  }
  bad <- which(!is.finite(x))
  if (length(bad) > 0L) {
    abort_judicious(c("{.arg x} must have no missing or infinite values.",
                      x = "Row {(bad[1] - 1) %% nrow(x) + 1} has one."),
                    "finite", arg = "x", where = bad, call = call)
  }
  x
}

map_data <- function(x, confidence, correct) {
  status <- rep("not known", nrow(x))
  status[which(correct == 1L)] <- "right"
  status[which(correct == 0L)] <- "wrong"
  data <- vctrs::data_frame(
    x = x[, 1], y = x[, 2], confidence = confidence,
    status = factor(status, c("right", "not known", "wrong"))
  )
  # Errors last, so that they lie on top.
  vctrs::vec_slice(data, order(data$status))
}

draw_confidence_map <- function(data, names, with_status, size) {
  shape <- if (with_status) ggplot2::aes(shape = .data$status)
  ggplot2::ggplot(data, ggplot2::aes(.data$x, .data$y, colour = .data$confidence)) +
    ggplot2::geom_point(shape, size = size, alpha = 0.85, stroke = 0.9) +
    # Cividis: the same order for all eyes and in grey; cut where it fades into the paper.
    ggplot2::scale_colour_viridis_c(option = "cividis", end = 0.92, na.value = "grey80") +
    ggplot2::scale_shape_manual(values = c(right = 16, "not known" = 1, wrong = 4)) +
    ggplot2::labs(x = names[1], y = names[2], colour = "Confidence", shape = "Label") +
    ggplot2::guides(colour = ggplot2::guide_colourbar(order = 1),
                    shape = ggplot2::guide_legend(order = 2)) +
    plot_theme()
}
