# Lints R code by the rules in .lintr; fails when there is anything to say.
#   Rscript tools/lint.R [FILE...]   these files, or all

# lintr does not know the methods that NAMESPACE registers as S3method(package::generic, class), nor
# vctrs' methods for two classes.
is_s3_method <- function(lint) {
  method <- "^([a-z_.]+[.]judicious_[a-z_]+|vec_(ptype2|cast)[.][a-z_.]+) <-"
  lint$linter == "object_name_linter" && grepl(method, lint$line)
}

count_lints <- function(path) {
  lints <- Filter(Negate(is_s3_method), lintr::lint(path))
  lapply(lints, print)
  length(lints)
}

# Every rule looks at one file alone: with the same content, rules, lintr and R a file that had no
# lints has none. One that had some is read again, and so is every file after `make clean`.
clean_keys <- function(paths) {
  rules <- tools::md5sum(c(".lintr", "tools/lint.R"))
  versions <- c(R.version.string, as.character(utils::packageVersion("lintr")))
  paste(paste(c(rules, versions), collapse = " "), paths, tools::md5sum(paths))
}

# The number of lints in these files; remembers which have none.
lint_paths <- function(paths, memory = ".build/lint.rds") {
  clean <- if (file.exists(memory)) readRDS(memory)
  keys <- clean_keys(paths)
  known <- keys %in% clean
  if (any(known)) message(sum(known), " R files are unchanged since they had no lints")
  found <- replace(integer(length(paths)), !known, vapply(paths[!known], count_lints, 0L))
  dir.create(".build", showWarnings = FALSE)
  saveRDS(utils::head(union(keys[found == 0], clean), 5000), memory)
  sum(found)
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

# As lintr::lint_dir() finds them, but for RcppExports.R, which is generated.
all_files <- function() {
  folders <- c("R", "tests", "tools", "bench", "vignettes")
  paths <- list.files(folders, "[.](R|r)(|html|md|nw|rst|tex|txt)$", full.names = TRUE,
                      recursive = TRUE)
  setdiff(paths, "R/RcppExports.R")
}

files <- commandArgs(trailingOnly = TRUE)
n_lints <- lint_paths(if (length(files)) files else all_files())
quit(status = as.integer(sum(n_lints, twice_defined(), lost_snapshots()) > 0))
