# The look that the plots of all families share.

# Okabe and Ito's colours, told apart by colour-blind eyes.
okabe_ito <- c(blue = "#0072B2", vermillion = "#D55E00", green = "#009E73", purple = "#CC79A7",
               orange = "#E69F00", sky = "#56B4E9", black = "#000000")
main_colour <- okabe_ito[["blue"]]
# What a judge says alone, uncorrected.
alone_colour <- okabe_ito[["orange"]]

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
    if (few) ggplot2::scale_colour_manual(values = unname(okabe_ito), labels = legend_names,
                                          aesthetics = c("colour", "fill")),
    if (!few) ggplot2::scale_colour_discrete(aesthetics = c("colour", "fill"),
                                             labels = legend_names),
    plot_theme(legend.position = "top", legend.justification = "left"),
    legend_rows(levels(method), c("colour", "fill"))
  )
}

# Shares as per cent.
axis_labels <- function(percent) {
  if (!percent) return(ggplot2::waiver())
  function(breaks) ifelse(is.na(breaks), "", paste0(format(100 * breaks, trim = TRUE), "%"))
}

# --- room for names ------------------------------------------------------------------

# The inches that plots are laid out for: those of the vignettes, or what a page for phones asks
# for.
plot_width <- function() {
  width <- getOption("judicious.plot_width", 7)
  if (is.numeric(width) && length(width) == 1L && isTRUE(width > 0)) width else 7
}

is_narrow <- function() plot_width() < 5

# Names over several lines, broken where words and parts of words end. What has no room on the last
# line is cut in its middle, so that versions at the end stay to be read.
fold_text <- function(x, width, most = 3L) {
  vapply(as.character(x), fold_name, "", width = width, most = most, USE.NAMES = FALSE)
}

# On one line.
cut_middle <- function(x, width) fold_text(x, width, 1L)

fold_name <- function(name, width, most) {
  if (is.na(name) || nchar(name) <= width) return(name)
  parts <- strsplit(gsub("([ _/|:-]|[.](?![0-9]))", "\\1\001", name, perl = TRUE), "\001")[[1]]
  parts <- unlist(regmatches(parts, gregexpr(paste0(".{1,", width, "}"), parts)))
  lines <- character()
  for (part in parts) {
    last <- length(lines)
    if (last > 0L && nchar(trimws(paste0(lines[last], part))) <= width) {
      lines[last] <- paste0(lines[last], part)
    } else {
      lines <- c(lines, part)
    }
  }
  if (length(lines) > most) {
    rest <- paste(lines[most:length(lines)], collapse = "")
    half <- max((width - 3) %/% 2, 1)
    lines <- c(lines[seq_len(most - 1L)],
               paste0(substr(rest, 1, half), "...", substring(rest, nchar(rest) - half + 1)))
  }
  paste(trimws(lines), collapse = "\n")
}

# Names beside an axis; they may take up to two fifths of the plot.
axis_names <- function(x) fold_text(x, floor(plot_width() * 5.2), 2L)

legend_names <- function(x) fold_text(x, floor(plot_width() * 7))

# Legends above a plot in as many columns as have room.
legend_rows <- function(names, aesthetics) {
  widest <- max(nchar(unlist(strsplit(legend_names(names), "\n"))), 1)
  columns <- max(floor(plot_width() * 13 / (widest + 6)), 1)
  guide <- ggplot2::guide_legend(ncol = min(columns, length(names)), byrow = TRUE)
  do.call(ggplot2::guides, stats::setNames(rep(list(guide), length(aesthetics)), aesthetics))
}

# Panels by name, which are folded to the width of a panel.
panel_columns <- function(n) {
  columns <- if (n %in% 13:15) 5L else ggplot2::wrap_dims(n)[2]
  if (is_narrow()) min(columns, 2L) else columns
}

# `taken`: the inches beside the panels.
facet_names <- function(column, n, columns = panel_columns(n), scales = "fixed", taken = 0.8) {
  inches <- (plot_width() - taken) / columns - 0.15
  ggplot2::facet_wrap(column, ncol = columns, scales = scales,
                      labeller = folded_strips(inches, strip_size(n)))
}

# Of many panels none is wide.
strip_size <- function(n) if (n > 9L) 8.5 else 11

axis_inches <- function(names) {
  0.5 + 0.068 * min(max(nchar(as.character(names)), 1), plot_width() * 5.2)
}

folded_strips <- function(inches, size = 11) {
  chars <- max(floor(inches * 137 / size), 8)
  ggplot2::as_labeller(function(x) {
    # Lines that titles have already are kept.
    vapply(strsplit(x, "\n", fixed = TRUE), function(lines) {
      paste(fold_text(lines, chars, 4L), collapse = "\n")
    }, "")
  })
}

# Two to four numbers along a short axis.
few_breaks <- function(limits) {
  for (n in c(3, 5, 8)) {
    breaks <- pretty(limits, n)
    breaks <- breaks[breaks >= limits[1] & breaks <= limits[2]]
    if (length(breaks) >= 2L) break
  }
  if (length(breaks) <= 4L) return(breaks)
  breaks[seq(1, length(breaks), by = ceiling(length(breaks) / 4))]
}

# Letters that leave room for `n` rows of a plot of four inches.
row_text_size <- function(n, size = 11) max(min(size, 155 / n), 5)

# --- shapes that families share ------------------------------------------------------

# Of values of which there are few, one bar each where it belongs; of others, a histogram.
histogram <- function(values, bins, ..., fill = main_colour, by_value = TRUE) {
  found <- sort(unique(values))
  if (by_value && length(found) > 1L && length(found) <= 25L) {
    width <- 0.85 * min(diff(found))
    return(ggplot2::geom_bar(width = width, fill = fill))
  }
  ggplot2::geom_histogram(bins = if (is.null(list(...)$breaks)) bins, fill = fill,
                          colour = "white", linewidth = 0.2, ...)
}

# Whole numbers on the axis of values that are whole.
value_breaks <- function(values) {
  found <- unique(values)
  if (length(found) > 25L || any(found != round(found))) return(ggplot2::waiver())
  function(limits) {
    breaks <- unique(round(pretty(limits, 8)))
    breaks[breaks >= limits[1] & breaks <= limits[2]]
  }
}

# Tables of shares as tiles, one panel per judge. The fewer rows have room, the less is written in
# them: count and share, the share alone, or nothing but the colour, with a legend.
tile_plot <- function(cells, title) {
  n_panels <- nlevels(cells$judge)
  columns <- if (is_narrow()) 1L else panel_columns(n_panels)
  rows <- if (is_narrow()) 1L else ceiling(n_panels / columns)
  crowd <- rows * nlevels(cells$human)
  written <- crowd <= 16 && nlevels(cells$said) * min(columns, n_panels) <= 26
  cells$text <- if (crowd <= 6 || is.null(cells$short)) cells$text else cells$short
  ggplot2::ggplot(cells, ggplot2::aes(.data$said, .data$human, fill = .data$share)) +
    ggplot2::geom_tile(colour = "white", linewidth = 0.8) +
    (if (written) ggplot2::geom_text(
      ggplot2::aes(label = .data$text, colour = .data$share > 0.6), lineheight = 0.95,
      size = if (crowd <= 8) 3.2 else 2.7, show.legend = FALSE, na.rm = TRUE
    )) +
    facet_names("judge", n_panels, columns, scales = "free_x") +
    ggplot2::scale_fill_gradient(low = "#EFF3F8", high = main_colour, limits = c(0, 1),
                                 labels = axis_labels(TRUE), na.value = "grey90",
                                 guide = if (written) "none" else "colourbar") +
    ggplot2::scale_colour_manual(values = c("FALSE" = "grey10", "TRUE" = "white"),
                                 guide = "none", na.value = "grey10") +
    ggplot2::scale_x_discrete(labels = function(x) {
      fold_text(x, max(floor((plot_width() - 1) * 11 / columns / nlevels(cells$said)), 4))
    }) +
    ggplot2::scale_y_discrete(labels = function(x) fold_text(x, 16)) +
    ggplot2::labs(fill = title) +
    plot_theme(panel.grid = ggplot2::element_blank(),
               strip.text = ggplot2::element_text(hjust = 0, size = strip_size(n_panels)))
}
