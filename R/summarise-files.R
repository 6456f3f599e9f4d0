# Data that do not fit: read chunk by chunk, each summarised, the summaries put together.

#' Summarise labels chunk by chunk
#'
#' @description
#' For files that do not fit into memory: a reader function hands over one data frame after the
#' other, each is summarised as by [summarise_labels()], and only the summaries are kept.
#'
#' @inheritParams summarise_labels
#' @param reader A function without arguments that returns the next data frame, and `NULL` when
#'   there are no more; for example one that reads the next file, or the next lines of one.
#' @param strata,clusters,prob,by Columns of these data frames, as in [summarise_labels()].
#'   With `clusters`, the rows of a cluster must follow one another: the last cluster of a chunk
#'   waits for the next one.
#' @return A summary of labels, see [summarise_labels()].
#' @seealso [summarise_labels()], whose summaries are put together by `c()`.
#' @examples
#' set.seed(1)
#' months <- replicate(3, simplify = FALSE, {
#'   rows <- simulate_binary(500, true_mean = 0.1, proxy_mean = 0.05, correlation = 0.6)
#'   rows$y_true[101:500] <- NA
#'   rows
#' })
#' at <- 0
#' next_month <- function() {
#'   at <<- at + 1
#'   if (at <= length(months)) months[[at]]
#' }
#' estimate_mean(summarise_chunks(y_true ~ y_proxy, next_month))
#' @export
summarise_chunks <- function(formula, reader, ..., strata = NULL, clusters = NULL, prob = NULL,
                             by = NULL, threads = NULL) {
  call <- rlang::current_env()
  rlang::check_dots_empty()
  if (!is.function(reader)) {
    abort_judicious("{.arg reader} must be a function, not {.obj_type_friendly {reader}}.", "type",
                    arg = "reader", call = call)
  }
  threads <- check_threads(threads, call)
  quosures <- list(strata = rlang::enquo(strata), clusters = rlang::enquo(clusters),
                   prob = rlang::enquo(prob), by = rlang::enquo(by))
  summarise_reader(formula, reader, quosures, threads, "reader", call)
}

summarise_reader <- function(formula, reader, quosures, threads, arg, call, keep_units = FALSE) {
  chunks <- if (keep_units || rlang::quo_is_null(quosures$clusters)) {
    function() read_chunk(reader, call)
  } else {
    whole_clusters(function() read_chunk(reader, call), quosures$clusters, call)
  }
  summary <- NULL
  while (!is.null(chunk <- chunks())) {
    design <- parse_design(formula, chunk, quosures$strata, quosures$clusters, quosures$prob, call,
                           by = quosures$by)
    part <- summarise_part(design, threads, call, keep_units)
    summary <- if (is.null(summary)) part else merge_summaries(summary, part, call)
  }
  if (!is.null(summary)) return(summary)
  abort_judicious("There are no rows: {.arg {arg}} handed over none.", "empty", arg = arg,
                  call = call)
}

# The next chunk with rows.
read_chunk <- function(reader, call) {
  repeat {
    chunk <- reader()
    if (is.null(chunk)) return(NULL)
    if (!is.data.frame(chunk)) {
      abort_judicious("{.arg reader} must return data frames, not {.obj_type_friendly {chunk}}.",
                      "type", arg = "reader", call = call)
    }
    if (nrow(chunk) > 0L) return(chunk)
  }
}

# Chunks that end where a cluster ends. Of clusters that are over only the ids are kept, to see
# that none comes back.
whole_clusters <- function(read, clusters, call) {
  waiting <- NULL
  over <- new.env(parent = emptyenv())
  ids_of <- function(chunk) as.character(eval_quosure(clusters, chunk, "clusters", call))
  close_clusters <- function(chunk) {
    ids <- paste0("id ", unique(ids_of(chunk)))
    again <- ids[vapply(ids, exists, NA, envir = over, inherits = FALSE)]
    if (length(again)) abort_scattered(substring(again[1], 4L), call)
    for (id in ids) assign(id, TRUE, envir = over)
    chunk
  }
  function() {
    repeat {
      chunk <- read()
      if (is.null(chunk)) {
        last <- waiting
        waiting <<- NULL
        return(if (!is.null(last)) close_clusters(last))
      }
      chunk <- if (is.null(waiting)) chunk else vctrs::vec_rbind(waiting, chunk)
      ids <- ids_of(chunk)
      is_last <- ids == ids[length(ids)]
      waiting <<- vctrs::vec_slice(chunk, which(is_last | is.na(is_last)))
      done <- vctrs::vec_slice(chunk, which(!is_last))
      if (nrow(done) > 0L) return(close_clusters(done))
    }
  }
}

abort_scattered <- function(id, call) {
  abort_judicious(
    c("The rows of a cluster must follow one another.",
      x = "Cluster {.val {id}} comes back in a later chunk.",
      i = "Sort the rows by cluster, or summarise them in a database."),
    "clusters", arg = "clusters", call = call
  )
}
