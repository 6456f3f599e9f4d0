place <- cbind(east = c(0, 1, 2, 3), north = c(3, 1, 2, 0))
confidence <- c(0.9, 0.2, NA, 0.7)

test_that("items are drawn at their places, errors last", {
  plot <- plot_confidence_map(place, confidence, correct = c(TRUE, FALSE, TRUE, NA))
  expect_identical(as.character(plot$data$status), c("right", "right", "not known", "wrong"))
  expect_equal(plot$data$x, c(0, 2, 3, 1))
  drawn <- ggplot2::layer_data(plot)
  expect_identical(drawn$shape, c(16, 16, 1, 4))
  expect_identical(drawn$colour[2], "grey80")
  expect_identical(plot$labels$x, "east")
})

test_that("without the truth only confidence is shown", {
  drawn <- ggplot2::layer_data(plot_confidence_map(place, confidence))
  expect_length(unique(drawn$shape), 1)
})

test_that("an embedding is brought into the plane, reproducibly", {
  skip_if_not_installed("uwot")
  withr::local_seed(1)
  embedding <- matrix(stats::rnorm(40 * 5), 40)
  embedding[1:20, ] <- embedding[1:20, ] + 20
  draw <- function() {
    set.seed(7)
    plot_confidence_map(embedding, stats::runif(40), n_neighbors = 8, n_epochs = 200)
  }
  one <- draw()
  expect_equal(one$data, draw()$data)
  centre <- rowsum(as.matrix(one$data[c("x", "y")]), rep(1:2, each = 20)) / 20
  within <- mean(abs(as.matrix(one$data[1:20, c("x", "y")]) - rep(centre[1, ], each = 20)))
  expect_gt(sqrt(sum((centre[1, ] - centre[2, ])^2)), 2 * within)
})

test_that("mistakes are named", {
  expect_snapshot(error = TRUE, {
    plot_confidence_map(1:4, confidence)
    plot_confidence_map(place[, 1, drop = FALSE], confidence)
    plot_confidence_map(replace(place, 2, NA), confidence)
    plot_confidence_map(place, confidence[1:2])
    plot_confidence_map(place, confidence, correct = c(1, 2, 0, 1))
    plot_confidence_map(place, confidence, n_neighbors = 3)
  })
})
