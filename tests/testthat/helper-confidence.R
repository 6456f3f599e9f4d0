# Confidences that are probabilities, with the truth they promise.
simulate_confidence <- function(n, a = 2.4, b = 0.64) {
  confidence <- stats::rbeta(n, a, b)
  data.frame(confidence, correct = stats::runif(n) < confidence)
}

# Each of five reward models on JudgeBench: is its verdict right, and how large is the margin?
judgebench_margins <- function() {
  data <- utils::read.csv(skip_without_reference("real", "judgebench.csv"))
  margins <- data[grep("^margin_", names(data))]
  names(margins) <- sub("margin_", "", names(margins))
  list(
    label = data$label, verdict = as.data.frame(lapply(margins, function(x) as.integer(x > 0))),
    confidence = abs(margins),
    correct = as.data.frame(lapply(margins, function(x) (x > 0) == (data$label == 1))),
    o1mini = data$o1mini_game1
  )
}

plot_layer <- function(plot, geom) {
  at <- which(vapply(plot$layers, function(l) inherits(l$geom, geom), NA))
  ggplot2::layer_data(plot, at[1])
}
