# Lints R code by the rules in .lintr; fails when there is anything to say.
#   Rscript tools/lint.R [FILE...]   these files, or all

# lintr does not know the methods that NAMESPACE registers as S3method(package::generic, class), nor
# vctrs' methods for two classes.
is_s3_method <- function(lint) {
  method <- "^([a-z_.]+[.]judicious_[a-z_]+|vec_(ptype2|cast)[.][a-z_.]+) <-"
  lint$linter == "object_name_linter" && grepl(method, lint$line)
}

lint_paths <- function(paths, lint) {
  vapply(paths, FUN.VALUE = 0L, function(path) {
    lints <- Filter(Negate(is_s3_method), lint(path))
    lapply(lints, print)
    length(lints)
  })
}

# Of two functions with one name in R/ the later file wins, without a word from R.
twice_defined <- function() {
  lines <- unlist(lapply(list.files("R", "[.]R$", full.names = TRUE), readLines))
  defined <- sub(" <- .*", "", grep("^[[:alnum:]_.]+ <- ", lines, value = TRUE))
  names <- unique(defined[duplicated(defined)])
  if (length(names)) message("Defined twice in R/: ", toString(names))
  length(names)
}

# A test whose snapshot was lost writes a new one and passes whatever is printed.
lost_snapshots <- function() {
  tests <- list.files("tests/testthat", "^test-.*[.]R$", full.names = TRUE)
  takes <- function(path) any(grepl("expect_snapshot(", readLines(path), fixed = TRUE))
  taken <- vapply(tests, takes, NA)
  names <- sub("^test-(.*)[.]R$", "\\1", basename(tests[taken]))
  lost <- names[!file.exists(file.path("tests/testthat/_snaps", paste0(names, ".md")))]
  if (length(lost)) message("Tests without their snapshots: ", toString(lost))
  length(lost)
}

folders <- Filter(dir.exists, c("R", "tests", "tools", "bench", "vignettes"))
files <- commandArgs(trailingOnly = TRUE)
lint_folder <- function(folder) lintr::lint_dir(folder, relative_path = FALSE)
n_lints <- if (length(files)) lint_paths(files, lintr::lint) else lint_paths(folders, lint_folder)
quit(status = as.integer(sum(n_lints, twice_defined(), lost_snapshots()) > 0))
