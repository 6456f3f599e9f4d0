# The R packages this one needs, and the package itself.
#   Rscript tools/packages.R missing PURPOSE   prints "package minimum" for each missing one
#   Rscript tools/packages.R install PURPOSE   installs those from CRAN
#   Rscript tools/packages.R chat_library      prints where those for chats go
#   Rscript tools/packages.R self              installs this package unless it is up to date
# Purposes: run (installing and using the package), develop (and testing it), browser (testing pages
# in one), database (testing against a server), chat (testing what asks chats of ellmer), suggested
# (all that DESCRIPTION suggests, to see whether any is missing). What chats need is newer than
# Debian's packages and goes into a library of its own, which leaves the machine's packages as they
# are.
# Optional packages open one kind of file or database each and take long to compile: whoever wants
# to test that installs them; without them these tests are skipped.
chat_packages <- c("ellmer", "vitals")
browser_packages <- "chromote"
database_packages <- "RPostgres"
optional_packages <- c("archive", "arrow", "duckdb", "nanoparquet", "sparklyr")
# The library serves every clone on the machine, but one version of R only.
chat_library <- file.path(
  Sys.getenv("JUDICIOUS_CACHE", file.path(getwd(), ".build")), "library",
  paste(R.version$platform, getRversion()[, 1:2], sep = "-")
)

say <- function(...) message("[setup] ", ...)

# Fields of a DESCRIPTION as a data frame of names and minimal versions.
parse_entries <- function(fields) {
  entries <- trimws(unlist(strsplit(fields[!is.na(fields)], ",")))
  versioned <- grepl("(", entries, fixed = TRUE)
  unique(data.frame(
    name = sub("[[:space:](].*", "", entries),
    minimum = ifelse(versioned, gsub(".*>=?|[)[:space:]]", "", entries), "0")
  ))
}

needed <- function(purpose) {
  suggested <- read.dcf("DESCRIPTION", "Suggests")
  if (purpose == "chat") {
    chat <- subset(parse_entries(suggested), name %in% chat_packages)
    # Older versions fail with the vctrs that ellmer wants.
    return(needed_by_chat(rbind(chat, data.frame(name = "dplyr", minimum = "1.1.4"))))
  }
  if (purpose == "browser") return(subset(parse_entries(suggested), name %in% browser_packages))
  if (purpose == "database") return(subset(parse_entries(suggested), name %in% database_packages))
  if (purpose == "suggested") return(parse_entries(suggested))
  fields <- read.dcf("DESCRIPTION", c("Imports", "LinkingTo"))
  if (purpose == "develop") {
    fields <- c(fields, suggested, "roxygen2 (>= 7.2.3), lintr (>= 3.0.2)")
  }
  apart <- c(chat_packages, browser_packages, database_packages, optional_packages)
  subset(parse_entries(fields), !name %in% apart)
}

# install.packages() does not mind dependencies that are there but too old, so they are found here.
needed_by_chat <- function(packages) {
  database <- NULL
  needed <- new <- packages
  while (nrow(new <- lacking(new))) {
    if (is.null(database)) database <- available.packages(repos = cran())
    known <- intersect(new$name, rownames(database))
    new <- parse_entries(database[known, c("Depends", "Imports", "LinkingTo")])
    new <- subset(new, !name %in% c("R", needed$name))
    needed <- rbind(needed, new)
  }
  needed
}

is_missing <- function(name, minimum) {
  tryCatch(packageVersion(name) < minimum, error = function(e) TRUE)
}

# Those of the packages that are missing or too old.
lacking <- function(packages) {
  packages[as.logical(mapply(is_missing, packages$name, packages$minimum)), ]
}

missing_packages <- function(purpose) lacking(needed(purpose))

cran <- function() {
  repos <- getOption("repos")
  if (repos["CRAN"] %in% c(NA, "@CRAN@")) repos["CRAN"] <- "https://cloud.r-project.org"
  repos
}

# The first library, or the user's own where that one is not writable.
writable_library <- function() {
  library <- .libPaths()[1]
  if (file.access(library, 2) == 0) return(library)
  library <- path.expand(Sys.getenv("R_LIBS_USER"))
  dir.create(library, recursive = TRUE, showWarnings = FALSE)
  .libPaths(c(library, .libPaths()))
  library
}

install <- function(purpose) {
  packages <- unique(missing_packages(purpose)$name)
  if (!length(packages)) return(invisible())
  library <- if (purpose == "chat") chat_library else writable_library()
  say("installing from CRAN into ", library, ": ", toString(packages))
  options(timeout = max(600, getOption("timeout")))
  install.packages(packages, library, cran(), quiet = TRUE, Ncpus = parallel::detectCores())
  # install.packages() only warns of failures, so look again.
  failed <- missing_packages(purpose)$name
  if (length(failed)) {
    say("could not install: ", toString(failed), " (the reasons are above)")
    quit(status = 1)
  }
}

# What a stamp records: these sources were installed there, and nobody has replaced them since.
installed_state <- function() {
  sources <- list.files(c("R", "src", "inst"), full.names = TRUE, recursive = TRUE)
  sources <- grep("[.](o|so|dll)$", sources, value = TRUE, invert = TRUE)
  installed <- system.file("Meta", "package.rds", package = "judicious")
  c(installed, format(file.mtime(installed)), tools::md5sum(c("DESCRIPTION", "NAMESPACE", sources)))
}

install_self <- function() {
  stamp <- ".build/installed.rds"
  library <- writable_library()
  if (file.exists(stamp) && identical(readRDS(stamp), installed_state())) {
    return(say("judicious is installed and up to date"))
  }
  say("installing judicious into ", library, " (compiles C++, takes a minute or two)")
  log <- ".build/install.log"
  # Debugging symbols would make the library twenty times as large and slow the compiler.
  make_flags <- paste0("-j", parallel::detectCores(), " -- CXX17FLAGS=-O2")
  status <- system2(
    file.path(R.home("bin"), "R"),
    c("CMD", "INSTALL", "--preclean", "--clean", paste0("--library=", shQuote(library)), "."),
    stdout = log, stderr = log, env = paste0("MAKEFLAGS=", shQuote(make_flags))
  )
  if (status != 0) {
    writeLines(tail(readLines(log), 40), stderr())
    say("could not install judicious (all of the output: ", log, ")")
    quit(status = 1)
  }
  saveRDS(installed_state(), stamp)
}

args <- commandArgs(trailingOnly = TRUE)
if ("chat" %in% args) {
  dir.create(chat_library, recursive = TRUE, showWarnings = FALSE)
  .libPaths(c(chat_library, .libPaths()))
}
switch(args[1],
  chat_library = cat(chat_library),
  missing = with(missing_packages(args[2]), writeLines(sprintf("%s %s", name, minimum))),
  install = install(args[2]),
  self = install_self()
)
