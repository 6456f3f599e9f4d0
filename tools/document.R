# Regenerates RcppExports, NAMESPACE and man/ of the package in a folder: document.R <folder>
folder <- commandArgs(trailingOnly = TRUE)[1]

# Documenting needs the package's R code only, so nothing is compiled. pkgload warns of that.
load_r_code <- function(path) {
  suppressWarnings(
    pkgload::load_all(path, compile = FALSE, helpers = FALSE, attach_testthat = FALSE, quiet = TRUE)
  )$env
}

# Some packages in LinkingTo print their linker flags.
invisible(utils::capture.output(Rcpp::compileAttributes(folder)))
roxygen2::roxygenise(folder, load_code = load_r_code)
