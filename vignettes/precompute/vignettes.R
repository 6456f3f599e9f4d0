# Numbers of two vignettes, whose own code makes them. Run it in the package's root, the package
# installed:
#
#   Rscript vignettes/precompute/vignettes.R
#
# Writes annotation-budget.csv, confidence-to-estimate.csv and confidence-to-estimate-budgets.csv
# beside itself: chunks that repeat a simulation are run here only. About a minute on one core.
Sys.setenv(JUDICIOUS_PRECOMPUTE = "true")
for (name in c("annotation-budget", "confidence-to-estimate")) {
  message(name)
  withr::with_dir("vignettes", {
    knitr::knit(paste0(name, ".Rmd"), output = tempfile(), quiet = TRUE, envir = new.env())
  })
}
unlink("vignettes/figure", recursive = TRUE)
