# Time, memory, and the machine they were measured on.
Rcpp::sourceCpp("bench/helpers/memory.cpp")

elapsed_ms <- function(task) {
  gc(FALSE)
  start <- Sys.time()
  task()
  1000 * as.numeric(Sys.time() - start, units = "secs")
}

# The least time of each task. They take turns, so that a busy moment of the machine meets them all.
least_ms <- function(tasks, rounds) {
  times <- replicate(rounds, vapply(tasks, elapsed_ms, 0))
  apply(times, 1, min)
}

# Bytes of all vectors that R allocates while a task runs.
allocated_bytes <- function(task) {
  log <- tempfile()
  Rprofmem(log)
  task()
  Rprofmem(NULL)
  sizes <- sub(" :.*", "", grep("^[0-9]+ :", readLines(log), value = TRUE))
  sum(as.double(sizes))
}

# A line of /proc/self/status, in bytes.
process_bytes <- function(field) {
  line <- grep(paste0("^", field, ":"), readLines("/proc/self/status"), value = TRUE)
  1024 * as.double(gsub("[^0-9]", "", line))
}

# How far a task raises the memory of the process, R's and the core's together. Measured in a fork:
# memory that an earlier task has freed would hide it. `small` is the task on a few rows: it loads
# the code, which is no memory of the data, and what it frees goes back to the system. NA on systems
# other than Linux.
peak_bytes <- function(task, small) {
  if (!file.exists("/proc/self/clear_refs")) return(NA_real_)
  job <- parallel::mcparallel({
    suppressWarnings(small())
    gc(FALSE)
    give_back()
    writeLines("5", "/proc/self/clear_refs")  # forgets the peak so far
    before <- process_bytes("VmHWM")
    task()
    process_bytes("VmHWM") - before
  })
  parallel::mccollect(job)[[1]]
}

# Of a "name: value" file of the system.
first_value <- function(file, pattern) {
  line <- if (file.exists(file)) grep(pattern, readLines(file), value = TRUE)
  if (length(line) == 0L) "unknown" else trimws(sub("^[^:]*:", "", line[1]))
}

compiler <- function() {
  config <- function(name) {
    system2(file.path(R.home("bin"), "R"), c("CMD", "config", name), stdout = TRUE)
  }
  flags <- strsplit(config("CXX17FLAGS"), " +")[[1]]
  command <- strsplit(config("CXX17"), " +")[[1]][1]
  version <- system2(command, "--version", stdout = TRUE)[1]
  paste0(version, ", ", paste(grep("^-[Om]", flags, value = TRUE), collapse = " "))
}

describe_machine <- function() {
  c(
    Date = format(Sys.time(), "%Y-%m-%d %H:%M %Z"),
    judicious = format(packageVersion("judicious")),
    CPU = paste0(first_value("/proc/cpuinfo", "^model name"), ", ", parallel::detectCores(),
                 " cores"),
    Memory = first_value("/proc/meminfo", "^MemTotal"),
    System = utils::osVersion,
    R = R.version.string,
    Compiler = compiler(),
    "Load before" = if (file.exists("/proc/loadavg")) readLines("/proc/loadavg") else "unknown"
  )
}
