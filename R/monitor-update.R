# A monitor goes on: new batches join those it has, without the old rows.

#' @rdname judicious_monitor
#' @importFrom stats update
#' @export
update.judicious_monitor <- function(object, newdata, ..., known = c("error", "replace", "add"),
                                     threads = NULL) {
  call <- rlang::current_env()
  check_dots(...)
  known <- match_choice(known)
  threads <- check_threads(threads, call)
  new <- suppress_appearance(read_newdata(object, newdata, threads, call))
  old <- drop_known(object$batches, new, known, call)
  batches <- merge_batches(old, new, call)
  check_published(object$settings, batches$summary, call)
  new_monitor(batches, object$settings, object$source, call)
}

# Order of appearance was told by the first call.
suppress_appearance <- function(code) {
  withCallingHandlers(code, judicious_message_batch_order = function(cnd) {
    rlang::cnd_muffle(cnd)
  })
}

read_newdata <- function(object, newdata, threads, call) {
  if (is_summary(newdata)) {
    none <- lapply(1:4, function(k) rlang::quo(NULL))
    return(check_batch_summary(newdata, NULL, none, call))
  }
  source <- object$source
  if (is.null(source) || !(is.data.frame(newdata) || is_lazy(newdata))) {
    abort_judicious(
      c("{.arg newdata} must be a {if (is.null(source)) 'summary' else 'data frame or summary'} of
         the new batches, not {.obj_type_friendly {newdata}}.",
        i = if (is.null(source)) "This monitor was made from a summary: it knows no columns."),
      "type", arg = "newdata", call = call
    )
  }
  read_batches(source$formula, newdata, source$columns, object$settings$range, threads, call)
}

# The old batches without those that are given again.
drop_known <- function(old, new, known, call) {
  again <- intersect(new$summary$by$labels, old$summary$by$labels)
  if (length(again) == 0L || known == "add") return(old)
  if (known == "error") {
    abort_judicious(
      c("The monitor knows batch {.val {again[1]}} already ({length(again)} such batch{?es}).",
        i = "{.code known = \"replace\"}: these are all its rows, with labels that came late.",
        i = "{.code known = \"add\"}: these are further rows."),
      "known_batch", arg = "newdata", call = call
    )
  }
  keep_batches(old, which(!old$summary$by$labels %in% again), call)
}

# NULL if none are left.
keep_batches <- function(batches, keep, call) {
  if (length(keep) == 0L) return(NULL)
  summary <- batches$summary
  labels <- summary$by$labels[keep]
  summary$numbers <- call_core(keep_groups_cpp(summary$numbers, keep), call)
  summary$by <- list(labels = labels, order = rank(summary$by$order[keep]), n = length(keep))
  summary$facts <- call_core(summary_facts_cpp(summary$numbers), call)
  met <- batches$clusters
  list(summary = summary, keys = vctrs::vec_slice(batches$keys, keep),
       clusters = if (!is.null(met)) vctrs::vec_slice(met, met$batch %in% labels))
}

merge_batches <- function(old, new, call) {
  if (is.null(old)) return(new)
  met <- rbind(old$clusters, new$clusters)
  again <- anyDuplicated(met$cluster)
  if (again > 0L) abort_two_batches(met$cluster[again], met, call)
  summary <- merge_summaries(old$summary, new$summary, call)
  keys <- merge_keys(old$keys, new$keys, call)
  labels <- c(old$summary$by$labels, setdiff(new$summary$by$labels, old$summary$by$labels))
  list(summary = summary, keys = vctrs::vec_slice(keys, match(summary$by$labels, labels)),
       clusters = met)
}

merge_keys <- function(old, new, call) {
  rlang::try_fetch(
    vctrs::vec_unique(vctrs::vec_c(old, new)),
    vctrs_error_incompatible_type = function(cnd) {
      abort_judicious(
        c("The batches of {.arg newdata} are of another type than those of the monitor.",
          x = "They are {.obj_type_friendly {new}}, not {.obj_type_friendly {old}}."),
        "type", arg = "newdata", call = call
      )
    }
  )
}
