# Confidence from the distribution over labels at the score token.

confidence_label_prob <- function(x, labels, position = "answer", partial = FALSE, call) {
  scores <- score_distribution(x, as_label_table(rlang::maybe_missing(labels), call), position,
                               partial, call)
  confidence <- given_probability(scores)
  warn_alone(scores, "their confidence is the token's own probability", call)
  warn_no_confidence(scores$why, length(scores$label), call = call)
  vctrs::data_frame(item_id = scores$items, label = scores$names[scores$label],
                    confidence = new_confidence(confidence, "label_prob"),
                    mass = exp(scores$mass))
}

# The probability of the label given. Without alternatives there is nothing to renormalise over.
given_probability <- function(scores) {
  given <- cbind(seq_along(scores$label), scores$label)
  ifelse(scores$alone, exp(scores$mass), scores$probability[given])
}

# The probability of the first label, whatever was given.
yes_probability <- function(scores) {
  own <- exp(scores$mass)
  ifelse(scores$alone, ifelse(scores$label == 1L, own, 1 - own), scores$probability[, 1])
}

confidence_p_true <- function(x, yes = "yes", no = "no", position = "answer", call) {
  labels <- as_label_table(list(yes = yes, no = no), call)
  scores <- score_distribution(x, labels, position, FALSE, call)
  confidence <- yes_probability(scores)
  warn_alone(scores, "what is not \"Yes\" is taken for \"No\" and the reverse", call)
  warn_no_confidence(scores$why, length(scores$label), call = call)
  vctrs::data_frame(item_id = scores$items, confidence = new_confidence(confidence, "p_true"),
                    mass = exp(scores$mass))
}

confidence_entropy <- function(x, labels = NULL, position = "answer", partial = FALSE, log = FALSE,
                               call) {
  if (is.matrix(x) && is.numeric(x)) return(entropy_of_matrix(x, log, call))
  if (!has_tokens(x)) return(entropy_of_draws(x, labels, call))
  scores <- score_distribution(x, as_label_table(labels, call), position, partial, call)
  scores$probability[scores$alone, ] <- NA
  why <- c(scores$why, "without alternatives to the label's token" = sum(scores$alone))
  warn_no_confidence(why, length(scores$label), call = call)
  entropy_table(scores$items, scores$names[scores$label], scores$probability,
                list(mass = exp(scores$mass)), call)
}

entropy_table <- function(items, label, probability, more, call) {
  n_labels <- ncol(probability)
  if (n_labels < 2L) {
    abort_judicious("An entropy needs at least two possible labels, not {n_labels}.", "required",
                    arg = "labels", call = call)
  }
  entropy <- row_entropy_bits_cpp(probability)
  entropy[is.nan(entropy)] <- NA
  # Rounding can put the entropy of equal shares a little above its maximum.
  confidence <- pmax(1 - entropy / log2(n_labels), 0)
  vctrs::data_frame(item_id = items, label = label,
                    confidence = new_confidence(confidence, "entropy"), entropy = entropy,
                    !!!more)
}

entropy_of_matrix <- function(x, log, call) {
  log <- check_flag(log, call = call)
  storage.mode(x) <- "double"
  known <- !is.na(rowSums(x))
  lowest <- if (log) -Inf else 0
  check_between(x[known, ], lowest, if (log) 1e-6 else Inf, arg = "x", call = call)
  logs <- if (log) x else log(x)
  probability <- row_probabilities_cpp(logs)
  empty <- known & is.nan(probability[, 1])
  warn_no_confidence(c("with missing probabilities" = sum(!known),
                       "without a probability above 0" = sum(empty)), nrow(x), call = call)
  names <- colnames(x) %||% as.character(seq_len(ncol(x)))
  entropy_table(rownames(x) %||% seq_len(nrow(x)), names[single_largest(probability)], probability,
                NULL, call)
}

# The column of the largest value of each row; NA if it is not the only one.
single_largest <- function(x) {
  x[is.na(x)] <- -Inf
  first <- max.col(x, "first")
  ifelse(first == max.col(x, "last"), first, NA_integer_)
}

# --- tokens that stand for labels -----------------------------------------------

# What distinguishes tokens of one label does not count: case, white space around, and the marks
# that some tokenisers put for a space. A single letter is a label in its own case only: " a" is
# hardly the option A.
plain_token <- function(x) {
  x <- trimws(space_marks(x))
  ifelse(nchar(x) == 1L, x, tolower(x))
}

space_marks <- function(x) chartr("\u0120\u2581\u010a", "  \n", x)

# Columns token and label (position in `names`).
as_label_table <- function(labels, call) {
  if (rlang::is_missing(labels) || length(labels) == 0L) {
    abort_judicious(
      c("{.arg labels} is required: the labels that the judge could give.",
        i = "For instance {.code labels = c(\"yes\", \"no\")}."),
      "required", arg = "labels", call = call
    )
  }
  if (!is.list(labels) && !is.atomic(labels)) {
    abort_judicious("{.arg labels} must be texts or a list of them, not
                    {.obj_type_friendly {labels}}.", "type", arg = "labels", call = call)
  }
  if (!is.list(labels)) labels <- rlang::set_names(as.list(labels), as.character(labels))
  check_label_list(labels, call)
  tokens <- trimws(unlist(lapply(labels, as.character), use.names = FALSE))
  label <- rep(seq_along(labels), lengths(labels))
  table <- vctrs::vec_unique(vctrs::data_frame(token = plain_token(tokens), label = label))
  twice <- which(duplicated(table$token))
  if (length(twice) > 0L) {
    abort_judicious(
      c("Every token must stand for one of {.arg labels}.",
        x = "{.val {table$token[twice[1]]}} stands for several: case and white space around do not
             count."),
      "duplicate", arg = "labels", call = call
    )
  }
  list(names = names(labels), table = table, reader = new_reader(tokens, label, names(labels)))
}

check_label_list <- function(labels, call) {
  values <- unlist(labels)
  if (is.null(names(labels)) || any(names(labels) == "") || !rlang::is_atomic(values) ||
        anyNA(values) || any(lengths(labels) == 0L)) {
    abort_judicious(
      "{.arg labels} must be a vector of labels without missing ones, or a list by label of the
       tokens that stand for it.",
      "type", arg = "labels", call = call
    )
  }
}

# The label of each token, or NA. `loose`: marks around a label do not count ("(B"), as at the place
# of an answer.
match_label <- function(token, labels, partial, loose = FALSE) {
  unique_tokens <- vctrs::vec_unique(token)
  plain <- plain_token(unique_tokens)
  label <- labels$table$label[match(plain, labels$table$token)]
  if (loose) {
    bare <- plain_token(gsub(marks_around, "", space_marks(unique_tokens), perl = TRUE))
    label <- ifelse(is.na(label), labels$table$label[match(bare, labels$table$token)], label)
  }
  if (partial) {
    open <- which(is.na(label) & !is.na(plain) & nzchar(plain))
    label[open] <- vapply(plain[open], begun_label, 0L, labels = labels, USE.NAMES = FALSE)
  }
  label[match(token, unique_tokens)]
}

begun_label <- function(beginning, labels) {
  begun <- unique(labels$table$label[startsWith(labels$table$token, beginning)])
  if (length(begun) == 1L) begun else NA_integer_
}

# --- the score token ------------------------------------------------------------

has_tokens <- function(x) {
  if (is.data.frame(x)) "token" %in% names(x) else is_answer(x) || any_answers(x)
}

any_answers <- function(x) is.list(x) && any(vapply(x, is_answer, FALSE))

# Tokens sorted by item and position, with `item`, the number of the item. Items without tokens are
# among `items` only.
token_table <- function(x, call) {
  # A table of tokens that the user has made is checked like one of ours.
  tokens <- if (is.data.frame(x)) check_logprobs(x, call) else check_read(x, call)
  items <- vctrs::vec_unique(tokens$item_id)
  tokens$item <- vctrs::vec_match(tokens$item_id, items)
  tokens <- vctrs::vec_slice(tokens, !is.na(tokens$position))
  if (is.unsorted(tokens$item) || is.unsorted(tokens$position)) {
    tokens <- vctrs::vec_slice(tokens, order(tokens$item, tokens$position))
  }
  list(tokens = tokens, items = items)
}

check_read <- function(x, call) {
  rlang::try_fetch(judge_logprobs(x), judicious_error = function(cnd) {
    cnd$call <- call
    rlang::cnd_signal(cnd)
  })
}

# The row of the score token of each item, or NA.
score_rows <- function(tokens, label, n_items, position) {
  rows <- which(!is.na(label))
  if (position == "last") rows <- rev(rows)
  rows[match(seq_len(n_items), tokens$item[rows])]
}

# The label that each item's answer was read as, and the row of the token that says so: the first at
# the place of the answer that stands for this label by itself.
answer_rows <- function(data, labels, partial, asked) {
  texts <- answer_texts(data)
  answer <- space_marks(texts$text)
  read <- read_with(answer, labels$reader, asked)
  if (partial) read <- read_cut_off(read, answer, labels)
  item <- data$tokens$item
  end <- cumsum(texts$width) - (cumsum(texts$width) - texts$width)[texts$from + 1L][item]
  inside <- which(end >= read$from[item] & end - texts$width < read$to[item] & texts$width > 0)
  label <- match_label(data$tokens$token[inside], labels, partial, loose = TRUE)
  inside <- inside[which(label == read$choice[item[inside]])]
  list(label = read$choice, rows = inside[match(seq_along(read$choice), item[inside])])
}

# An answer of one token may be the beginning of a label.
read_cut_off <- function(read, answer, labels) {
  open <- which(is.na(read$choice) & grepl("\\S", answer))
  begun <- vapply(plain_token(answer[open]), begun_label, 0L, labels = labels, USE.NAMES = FALSE)
  open <- open[!is.na(begun)]
  read$choice[open] <- begun[!is.na(begun)]
  read$from[open] <- 1L
  read$to[open] <- nchar(answer[open])
  read
}

# For each item the label given, the probabilities of all labels, the log of their mass, whether no
# alternative was reported, and how many items have nothing, by reason.
score_distribution <- function(x, labels, position, partial, call, asked = "choice") {
  position <- check_choice(position, c("answer", "last", "first"), call = call)
  partial <- check_flag(partial, call = call)
  data <- token_table(x, call)
  n <- vctrs::vec_size(data$items)
  label <- match_label(data$tokens$token, labels, partial)
  given <- if (position == "answer") {
    answer_rows(data, labels, partial, asked)
  } else {
    rows <- score_rows(data$tokens, label, n, position)
    list(label = label[rows], rows = rows)
  }
  rows <- given$rows
  found <- which(!is.na(rows))
  score <- vctrs::vec_slice(data$tokens, rows[found])
  logs <- label_logs(score, found, labels, n, partial, loose = position == "answer")
  mass <- row_log_sums_cpp(logs$masses)
  mass[is.infinite(mass)] <- NA
  silent <- is.na(mass) & !is.na(rows)
  without <- !seq_len(n) %in% data$tokens$item[!is.na(data$tokens$logprob)]
  named <- tabulate(data$tokens$item[!is.na(label)], n) > 0L
  unread <- is.na(given$label) & !without
  list(
    items = data$items, names = labels$names, label = given$label,
    probability = row_probabilities_cpp(logs$masses), mass = mass,
    alone = logs$alone & !is.na(mass),
    why = c("without log-probabilities" = sum(without | silent),
            "without a token that stands for a label" = sum(unread & !named),
            "whose answer does not say clearly which label" = sum(unread & named),
            "whose label is no token of its own (see `partial`)" =
              sum(is.na(rows) & !is.na(given$label) & !without))
  )
}

# Logs of the probabilities of the labels, and which items have no alternatives.
label_logs <- function(score, found, labels, n, partial, loose) {
  top <- lapply(score$top, top_numbers)
  sizes <- lengths(top)
  all <- vctrs::data_frame(
    item = c(found, rep(found, sizes)),
    token = c(score$token, unlist(lapply(top, names))),
    logprob = c(score$logprob, unlist(top, use.names = FALSE))
  )
  all <- vctrs::vec_slice(all, !is.na(all$logprob))
  # The token itself is usually among the alternatives.
  all <- vctrs::vec_slice(all, vctrs::vec_unique_loc(all[c("item", "token")]))
  alone <- tabulate(all$item, n) == 1L
  all$label <- match_label(all$token, labels, partial, loose)
  all <- vctrs::vec_slice(all, !is.na(all$label))
  masses <- label_log_masses_cpp(all$logprob, all$item - 1L, all$label - 1L, n,
                                 length(labels$names))
  list(masses = masses, alone = alone)
}

# Alternatives as named numbers; a data frame of token and logprob will do.
top_numbers <- function(top) {
  if (is.data.frame(top)) rlang::set_names(as.double(top$logprob), top$token) else top
}

warn_alone <- function(scores, consequence, call) {
  n <- sum(scores$alone)
  if (n == 0L) return(invisible())
  warn_judicious(
    c("{n} of {length(scores$alone)} item{?s} {cli::qty(n)}{?has/have} no alternatives to the
       label's token: {consequence}.",
      i = "Ask the provider for the most probable tokens at each position."),
    "no_alternatives", n = n, call = call
  )
}
