# Whether there is memory enough for a result.

# Before anything is allocated: `bytes` a result and the work on it need.
check_memory <- function(bytes, what, call = rlang::caller_env()) {
  if (bytes > memory_limit()) abort_memory(bytes, call, what)
}

abort_memory <- function(bytes, call, what = NULL) {
  size <- function(x) paste(format_count(signif(x / 2^30, 2)), "GB")
  abort_judicious(
    c("There is not enough memory.",
      x = if (!is.null(bytes)) "{what} needs about {size(bytes)}; {size(memory_limit())} are free.",
      i = "{.code options(judicious.memory_limit = )} sets the limit, in bytes."),
    "memory", bytes = bytes, call = call
  )
}

# Bytes that are free: what Linux says of the machine and of its container; elsewhere unknown.
memory_limit <- function() {
  limit <- getOption("judicious.memory_limit")
  if (!is.null(limit)) return(limit)
  min(free_of_machine(), free_of_container())
}

free_of_machine <- function() {
  lines <- read_quietly("/proc/meminfo")
  free <- sub("\\D*(\\d+).*", "\\1", grep("^MemAvailable:", lines, value = TRUE))
  if (length(free) == 1L) 1024 * as.double(free) else Inf
}

free_of_container <- function() {
  folder <- "/sys/fs/cgroup/"
  sizes <- suppressWarnings(as.double(c(
    read_quietly(paste0(folder, "memory.max"))[1], read_quietly(paste0(folder, "memory.current"))[1]
  )))
  if (anyNA(sizes)) Inf else sizes[1] - sizes[2]
}

read_quietly <- function(path) {
  if (!file.exists(path)) return(NA_character_)
  tryCatch(suppressWarnings(readLines(path)), error = function(cnd) NA_character_)
}
