# Confidence from repeated answers: votes, and clusters of like meaning.

confidence_vote <- function(x, labels = NULL, call) {
  draws <- drop_unread(as_votes(x, labels, call))
  best <- winners(draws$item, draws$value, rep(1, length(draws$item)), draws$n_items)
  n <- tabulate(draws$item, draws$n_items)
  confidence <- ifelse(n > 1L, best$weight / n, NA)
  warn_no_confidence(few_answers(n), draws$n_items, call = call)
  vctrs::data_frame(item_id = draws$items, label = draws$labels[best$value],
                    confidence = new_confidence(confidence, "vote"), tied = best$tied, n = n,
                    n_missing = draws$n_missing)
}

# One answer shows no agreement.
few_answers <- function(n) {
  c("without an answer" = sum(n == 0L), "with a single answer" = sum(n == 1L))
}

# The value of each item with the largest sum of weights; NA if there are several.
winners <- function(item, value, weights, n_items) {
  pairs <- vctrs::vec_group_loc(vctrs::data_frame(item = item, value = value))
  weight <- vapply(pairs$loc, function(rows) sum(weights[rows]), 0)
  ranked <- order(pairs$key$item, -weight)
  first <- ranked[match(seq_len(n_items), pairs$key$item[ranked])]
  n_best <- tabulate(pairs$key$item[weight == weight[first][pairs$key$item]], n_items)
  tied <- n_best > 1L
  list(value = ifelse(tied, NA, pairs$key$value[first]), weight = weight[first], tied = tied)
}

entropy_of_draws <- function(x, labels, call) {
  draws <- as_votes(x, labels, call)
  unknown <- which(is.na(draws$value))
  if (length(unknown) > 0L) {
    abort_judicious(
      c("Every answer must be one of {.arg labels}, or {.val {NA}}.",
        x = "{.val {draws$text[unknown[1]]}} is not among them."),
      "choice", arg = "x", call = call
    )
  }
  labels <- draws$labels
  value <- draws$value
  # Logs of counts.
  masses <- label_log_masses_cpp(rep(0, length(value)), draws$item - 1L, value - 1L, draws$n_items,
                                 length(labels))
  probability <- row_probabilities_cpp(masses)
  n <- tabulate(draws$item, draws$n_items)
  label <- labels[single_largest(probability)]
  probability[n < 2L, ] <- NA
  warn_no_confidence(few_answers(n), draws$n_items, call = call)
  entropy_table(draws$items, label, probability, list(n = n, n_missing = draws$n_missing), call)
}

confidence_semantic <- function(x, threshold = 0.5, weights = NULL, threads = NULL, call) {
  threshold <- check_number(threshold, 0, 1, call = call)
  threads <- check_threads(threads, call = call)
  draws <- as_draws(x, call)
  weights <- check_answer_weights(weights, draws, call)
  found <- cluster_draws(draws, weights, threshold, threads)
  n <- tabulate(draws$item, draws$n_items)
  best <- winners(draws$item, found$cluster, weights, draws$n_items)
  founder <- match_pair(best$value, draws$item, found$cluster)
  entropy <- ifelse(n > 1L, found$entropy, NA)
  warn_no_confidence(c(few_answers(n), "without any weight" = sum(is.nan(entropy))), draws$n_items,
                     call = call)
  entropy[is.nan(entropy)] <- NA
  out <- vctrs::data_frame(
    item_id = draws$items, answer = draws$labels[draws$value[founder]],
    confidence = new_confidence(pmax(1 - entropy / log2(n), 0), "semantic"), entropy = entropy,
    n_clusters = found$n_clusters, n = n, n_missing = draws$n_missing
  )
  attr(out, "clusters") <- replace(rep(NA_integer_, draws$n_rows), draws$row, found$cluster)
  out
}

# The first row of each item's cluster.
match_pair <- function(cluster, item, clusters) {
  vctrs::vec_match(vctrs::data_frame(item = seq_along(cluster), cluster = cluster),
                   vctrs::data_frame(item = item, cluster = clusters))
}

# The core lowers ASCII letters itself, and faster.
lower_beyond_ascii <- function(x) {
  beyond <- Encoding(x) == "UTF-8"
  replace(x, beyond, tolower(x[beyond]))
}

# Clusters are numbered from 1 within items.
cluster_draws <- function(draws, weights, threshold, threads) {
  sorted <- order(draws$item)
  first <- c(0, cumsum(tabulate(draws$item, draws$n_items)))
  bar <- cli::cli_progress_bar("Clustering", total = 64)
  tick <- function(n) cli::cli_progress_update(inc = n, id = bar)
  text <- lower_beyond_ascii(draws$labels)[draws$value[sorted]]
  found <- semantic_clusters_cpp(text, first, weights[sorted], threshold, threads, tick)
  found$cluster[sorted] <- found$cluster + 1L
  found
}

check_answer_weights <- function(weights, draws, call) {
  if (is.null(weights)) return(rep(1, length(draws$row)))
  check_length(weights, draws$n_rows, arg = "weights", n_arg = "answer", call = call)
  weights <- check_numeric_vector(weights[draws$row], arg = "weights", call = call)
  check_between(weights, 0, Inf, arg = "weights", call = call)
  weights
}

# --- repeated answers in any shape ----------------------------------------------

# Items and distinct answers as numbers, in order of appearance; missing answers are only counted.
as_draws <- function(x, call) {
  table <- draw_table(x, call)
  if (anyNA(table$item_id)) abort_missing_id(which(is.na(table$item_id)), "item_id", call)
  items <- vctrs::vec_unique(table$item_id)
  item <- vctrs::vec_match(table$item_id, items)
  row <- which(!is.na(table$answer))
  answer <- valid_text(table$answer[row])
  labels <- vctrs::vec_unique(answer)
  n_items <- vctrs::vec_size(items)
  list(items = items, n_items = n_items, n_rows = length(item), row = row, item = item[row],
       labels = labels, value = vctrs::vec_match(answer, labels),
       n_missing = tabulate(item, n_items) - tabulate(item[row], n_items))
}

# Answers as votes for `labels`, read as all answers are; without `labels`, those that differ only
# in case, blanks and marks around are one. Votes that name no label have the value NA.
as_votes <- function(x, labels, call) {
  draws <- as_draws(x, call)
  draws$text <- draws$labels[draws$value]
  if (is.null(labels)) {
    folded <- fold_label(gsub(vote_marks, "", draws$labels, perl = TRUE))
    draws$value <- match(folded, unique(folded))[draws$value]
    draws$labels <- draws$labels[!duplicated(folded)]
  } else {
    table <- as_label_table(labels, call)
    draws$value <- read_with(draws$labels, table$reader)$choice[draws$value]
    draws$labels <- table$names
  }
  draws
}

vote_marks <- "^[\\s*_\"'`]+(?=\\S)|(?<=\\w)[\\s*_\"'`.!,;:]+$"

# Votes that cannot be read are counted as missing.
drop_unread <- function(draws) {
  lost <- is.na(draws$value)
  draws$n_missing <- draws$n_missing + tabulate(draws$item[lost], draws$n_items)
  draws[c("item", "value", "row")] <- lapply(draws[c("item", "value", "row")], `[`, !lost)
  draws
}

draw_table <- function(x, call) {
  if (is.data.frame(x)) return(draws_of_frame(x, call))
  if (is.matrix(x) && rlang::is_atomic(x)) {
    ids <- rownames(x) %||% seq_len(nrow(x))
    return(list(item_id = rep(ids, each = ncol(x)), answer = as.character(t(x))))
  }
  if (!is.list(x) || !all(vapply(x, rlang::is_atomic, FALSE))) {
    abort_judicious(
      c("{.arg x} must hold repeated answers.",
        x = "It is {.obj_type_friendly {x}}.",
        i = "Give a data frame with columns {.field item_id} and {.field label}, a list of vectors,
             or a matrix with one row per item."),
      "type", arg = "x", call = call
    )
  }
  draws_of_list(x)
}

# An item without any answer is kept by a missing one.
draws_of_list <- function(x) {
  x[lengths(x) == 0L] <- list(NA)
  list(item_id = rep(names(x) %||% seq_along(x), lengths(x)),
       answer = unlist(lapply(x, as.character), use.names = FALSE))
}

draws_of_frame <- function(x, call) {
  answer <- intersect(c("answer", "label"), names(x))
  if (length(answer) == 0L || !"item_id" %in% names(x)) {
    abort_judicious(
      "{.arg x} must have the columns {.field item_id} and {.field label} (or {.field answer}).",
      "required", arg = "x", call = call
    )
  }
  list(item_id = x$item_id, answer = as.character(x[[answer[1]]]))
}
