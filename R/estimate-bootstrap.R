# The Predict-Then-Debias bootstrap on the R side: progress.

# Calls the core, with a progress bar if there are replicates to draw.
run_core <- function(design, settings, call) {
  n_boot <- if (settings$interval == "bootstrap") settings$n_boot else 0
  tick <- function(n) NULL
  if (n_boot > 0) {
    bar <- cli::cli_progress_bar("Bootstrap", total = 64)
    tick <- function(n) cli::cli_progress_update(inc = n, id = bar)
  }
  if (!is.null(design$summary)) {
    return(call_core(estimate_summary_cpp(design$summary$numbers, settings, 1L, 1L, NULL,
                                          settings$threads, n_boot, tick), call))
  }
  call_core(estimate_mean_cpp(design, settings, settings$threads, n_boot, tick), call)
}
