# The look that the plots of all families share.

# Okabe and Ito's colours, told apart by colour-blind eyes.
okabe_ito <- c(blue = "#0072B2", vermillion = "#D55E00", green = "#009E73", purple = "#CC79A7",
               orange = "#E69F00", sky = "#56B4E9", black = "#000000")
main_colour <- okabe_ito[["blue"]]

# `...` goes to ggplot2::theme() and wins.
plot_theme <- function(...) {
  ggplot2::theme_minimal(base_size = 12) +
    ggplot2::theme(
      panel.grid.minor = ggplot2::element_blank(),
      strip.text = ggplot2::element_text(hjust = 0, size = 11),
      plot.title.position = "plot",
      plot.title = ggplot2::element_text(size = 13),
      plot.caption = ggplot2::element_text(colour = "grey35", size = 9)
    ) +
    ggplot2::theme(...)
}

# For several methods in one picture, by the levels of `method`.
methods_theme <- function(method) {
  few <- nlevels(method) <= length(okabe_ito)
  list(
    if (few) ggplot2::scale_colour_manual(values = unname(okabe_ito),
                                          aesthetics = c("colour", "fill")),
    plot_theme(legend.position = "top", legend.justification = "left")
  )
}

# Shares as per cent.
axis_labels <- function(percent) {
  if (!percent) return(ggplot2::waiver())
  function(breaks) ifelse(is.na(breaks), "", paste0(format(100 * breaks, trim = TRUE), "%"))
}
