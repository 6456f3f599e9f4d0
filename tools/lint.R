# Lints all R code by the rules in .lintr; fails when there is anything to say.

# lintr does not know the methods that NAMESPACE registers as S3method(package::generic, class), nor
# vctrs' methods for two classes.
is_s3_method <- function(lint) {
  method <- "^([a-z_.]+[.]judicious_[a-z_]+|vec_(ptype2|cast)[.][a-z_.]+) <-"
  lint$linter == "object_name_linter" && grepl(method, lint$line)
}

lint_folder <- function(folder) {
  lints <- Filter(Negate(is_s3_method), lintr::lint_dir(folder, relative_path = FALSE))
  lapply(lints, print)
  length(lints)
}

folders <- Filter(dir.exists, c("R", "tests", "tools", "bench", "vignettes"))
n_lints <- vapply(folders, lint_folder, 0L)
quit(status = as.integer(sum(n_lints) > 0))
