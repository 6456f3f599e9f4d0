# The front door: from what a judge returned to one confidence per item.

#' How sure the judge is of its label
#'
#' @description
#' Turns what a judge returned into a confidence between 0 and 1 for each item, by one of seven
#' methods. Raw confidences order items well or badly, but are rarely right as probabilities: see
#' their quality, calibrate them on human labels, and choose a threshold on those.
#'
#' @details
#' Let \eqn{p(t)} be the probability of token \eqn{t} at a position, and \eqn{T_k} the tokens that
#' stand for label \eqn{k} (upper and lower case, with and without a space in front).
#'
#' - `"label_prob"`: \eqn{\sum_{t \in T_k} p(t) / \sum_j \sum_{t \in T_j} p(t)} at the score token,
#'   for the label \eqn{k} that was given. The score token is the one that the answer was read from,
#'   by the same rules as in [elicit_ratings()] and [as_judgments()].
#' - `"token_mean"`: \eqn{\exp(\frac{1}{n} \sum_i \log p(t_i))}, the geometric mean over the tokens
#'   of the answer, or of each part of it.
#' - `"p_true"`: a verifier was asked whether the label is right;
#'   \eqn{p(\mathrm{Yes}) / (p(\mathrm{Yes}) + p(\mathrm{No}))}.
#' - `"verbal"`: the number that the judge wrote.
#' - `"vote"`: the share of repeated answers that give the most frequent label.
#' - `"entropy"`: \eqn{1 - H / \log_2 K} with \eqn{H = -\sum_k q_k \log_2 q_k} over the
#'   distribution \eqn{q} of all \eqn{K} labels.
#' - `"semantic"`: \eqn{1 - H / \log_2 n}, \eqn{H} the entropy in bits of the shares of clusters of
#'   like meaning among \eqn{n} repeated free-text answers.
#'
#' All is computed in logs: an answer of 500 tokens does not underflow.
#'
#' **Missing is not 0.** An item whose confidence cannot be told is `NA`, and one warning of class
#' `judicious_warning_no_confidence` says how many there are and why: no log-probabilities, no token
#' that stands for a label, an unreadable number, a single answer where agreement was asked for.
#'
#' @section Options by method:
#' `"label_prob"`
#' - `labels`: the admissible labels, a vector; or a list by label of the tokens that stand for it,
#'   `list(yes = c("yes", "y"), no = c("no", "n"))`. Required.
#' - `position`: `"answer"` (default), the token of the answer that was read: of "B. This is no
#'   insult" the "B". An answer that names no label, or several, has no confidence. `"last"` or
#'   `"first"`: that token that stands for a label, whatever the answer says. A label of a single
#'   letter is meant in its own case: " a" is not "A".
#' - `partial`: also count tokens that are the beginning of exactly one label, for labels of several
#'   tokens (default `FALSE`).
#'
#' If the provider gave no alternatives at the score token, nothing can be renormalised and the
#' confidence is the token's own probability; a warning says so.
#'
#' `"token_mean"`
#' - `per`: `"item"` (default); `"key"`, each value of a JSON object; `"label"`, each label of a
#'   delimited list; `"entity"`, each of some given strings within the answer.
#' - `ignore`: tokens that do not count, compared without white space at their ends; default
#'   `c("", "<unk>", "\\n")`, so tokens of white space do not count either.
#' - `na_rm`: leave out tokens without log-probability (default `FALSE`: the confidence is `NA`).
#' - `keys` (with `"key"`): the keys, by default all; a key that an answer lacks is `NA`.
#'   `list_keys`: those whose value is a delimited list, to be taken apart.
#' - `delimiter` (with `"label"` and `list_keys`): default `";"`.
#' - `entities` (with `"entity"`): a data frame with columns `item_id` and `entity`, or a list of
#'   strings named by item. An entity given twice is looked up twice.
#'
#' A value's tokens are those wholly between its key's colon and the next key, so a brace or quote
#' counts if it is a token there. A token that holds a delimiter counts for the label after it. A
#' value or label without any token of its own gets the tokens it shares with its neighbours.
#' Entities get all tokens they overlap.
#'
#' `"p_true"`
#' - `yes`, `no`: the tokens that stand for them (defaults `"yes"`, `"no"`).
#' - `position`: `"answer"` (default), `"first"` or `"last"`, as for `"label_prob"`.
#'
#' `"verbal"`
#' - `words`: a named vector such as `c(high = 0.9, medium = 0.6, low = 0.3)` for answers in words.
#' - `scale`: what a bare number is out of (default 1; use 100 for "85"). "85%", "8/10" and "8 out
#'   of 10" say so themselves.
#' - `keyword`: regular expression (default `"confidence"`, `NULL` for none). The number right
#'   behind its last match counts; failing that, what follows the match, then the whole text.
#' - `unparsed`: what an unreadable text gets: `NA` (default), or 0 as in the published rule. A
#'   missing text is always `NA`. Several different numbers, and numbers outside \[0, scale\], are
#'   unreadable.
#'
#' `"vote"`
#' - `labels`: the admissible labels, a vector, or a list by label of what stands for it. Texts are
#'   then read as answers, and those that name none, or several, count as missing. By default all
#'   that occur; answers that differ in case, blanks or marks around them are one.
#'
#' `"entropy"`
#' - `labels`, `position`, `partial`: as for `"label_prob"`, if `x` has tokens. Labels that are not
#'   among the alternatives count as impossible. Without alternatives the confidence is `NA`.
#' - `labels`: all possible labels, if `x` has repeated answers; by default those that occur.
#' - `log`: a matrix `x` holds logs of probabilities (default `FALSE`).
#'
#' `"semantic"`
#' - `threshold`: answers are alike if the F1 of ROUGE-L is at least this (default 0.5).
#' - `weights`: one number per answer, such as its probability; default: all equal.
#' - `threads`: threads to use, by default the option `judicious.threads`.
#'
#' Each answer in turn joins the first cluster whose first member it is like, or founds one. Words
#' are runs of letters and digits in lower case; Chinese characters and kana are words of their own.
#'
#' @param x What the judge returned.
#'   - `"label_prob"`, `"token_mean"`, `"p_true"`, `"entropy"`: the result of [judge_logprobs()], or
#'     what that reads;
#'   - `"verbal"`: a character vector, by name of item or in order, or a data frame with columns
#'     `item_id` and `answer`;
#'   - `"vote"`, `"semantic"`, `"entropy"`: repeated answers: a data frame with columns `item_id`
#'     and `label` (or `answer`), one row per answer; a list of vectors, one per item; or a
#'     character matrix, one row per item;
#'   - `"entropy"`: also a numeric matrix of label probabilities, one row per item, one named column
#'     per label.
#' @param method (string) See above.
#' @param ... Options of the method, by name.
#' @returns A data frame with one row per item, in order of first appearance (one row per item and
#'   key, label or entity for `per`), with columns
#'   - `item_id`, and `key` and `value`, `label`, or `entity` for `per`;
#'   - `label` (`"label_prob"`, `"vote"`, `"entropy"`): the label given; of repeated answers the
#'     most frequent one, of a matrix the most probable one, `NA` if several are (`tied` of
#'     `"vote"`);
#'     `answer` (`"semantic"`): the first member of the largest cluster;
#'   - `confidence`: a [judicious_confidence] vector, from 0 to 1 or `NA`, larger = surer;
#'   - `mass` (`"label_prob"`, `"p_true"`, `"entropy"` of tokens): the probability of all labels
#'     together before renormalisation; a small one says that the judge wanted to say something
#'     else;
#'   - `entropy` (`"entropy"`, `"semantic"`): the raw entropy in bits;
#'   - `n_tokens` (`"token_mean"`): how many tokens counted; `n` and `n_missing`: how many answers,
#'     without and with missing text; `n_clusters` (`"semantic"`), whose attribute `clusters` holds
#'     the cluster of each answer in the order of `x`.
#' @section Errors:
#' `judicious_error_choice`, `judicious_error_option` (an option that the method does not have),
#' `judicious_error_required`, `judicious_error_type`, `judicious_error_range`,
#' `judicious_error_length`, `judicious_error_duplicate`, `judicious_error_missing_id`.
#' @references
#' Kadavath, S. et al. (2022). Language models (mostly) know what they know. arXiv:2207.05221
#' (`"p_true"`).
#'
#' Xiong, M. et al. (2024). Can LLMs express their uncertainty? An empirical evaluation of
#' confidence elicitation in LLMs. *ICLR 2024*, arXiv:2306.13063 (`"verbal"`, `"vote"`).
#'
#' Wang, X. et al. (2023). Self-consistency improves chain of thought reasoning in language models.
#' *ICLR 2023*, arXiv:2203.11171 (`"vote"`).
#'
#' Kuhn, L., Gal, Y. and Farquhar, S. (2023). Semantic uncertainty: linguistic invariances for
#' uncertainty estimation in natural language generation. *ICLR 2023*, arXiv:2302.09664
#' (`"semantic"`; section 3, with ROUGE-L in place of entailment).
#'
#' Lin, C.-Y. (2004). ROUGE: a package for automatic evaluation of summaries. *Text Summarization
#' Branches Out*, 74-81 (section 3.1).
#' @examples
#' # three repeated answers to two items
#' draws <- data.frame(item_id = rep(c("a", "b"), each = 3),
#'                     label = c("yes", "yes", "no", "no", "no", "no"))
#' label_confidence(draws, "vote")
#'
#' label_confidence(c(a = "Confidence: 85%", b = "I am fairly sure", c = "8/10"), "verbal",
#'                  words = c("fairly sure" = 0.7))
#'
#' answers <- list(q1 = c("It is in Paris.", "In Paris, it is.", "In Paris"),
#'                 q2 = c("In 1912", "Nobody knows", "About the year 1850"))
#' label_confidence(answers, "semantic")
#' @seealso [judge_logprobs()], [judicious_confidence], `vignette("label-confidence")`
#' @family label confidence
#' @export
label_confidence <- function(x, method = c("label_prob", "token_mean", "p_true", "verbal", "vote",
                                           "entropy", "semantic"), ...) {
  if (missing(method)) method <- "label_prob"
  method <- check_choice(method, names(confidence_titles))
  if (is_judgments(x)) return(confidence_of_judgments(x, method, ...))
  check_not_lazy(x)
  measure_confidence(x, method, list(...))
}

measure_confidence <- function(x, method, options, call = rlang::caller_env()) {
  measure <- switch(method,
    label_prob = confidence_label_prob, token_mean = confidence_token_mean,
    p_true = confidence_p_true, verbal = confidence_verbal, vote = confidence_vote,
    entropy = confidence_entropy, semantic = confidence_semantic
  )
  options <- check_options(options, measure, method, call)
  do.call(measure, c(list(x), options, list(call = call)), quote = TRUE)
}

# A misspelt option, or one of another method, must not be ignored.
check_options <- function(options, measure, method, call = rlang::caller_env()) {
  known <- setdiff(names(formals(measure)), c("x", "call"))
  given <- names(options) %||% rep("", length(options))
  bad <- given[!given %in% known]
  if (length(bad) > 0L) {
    near <- if (nzchar(bad[1])) utils::head(nearest_names(bad[1], known), 1)
    abort_judicious(
      c(if (bad[1] == "") "Options must be given by name." else
        "{.arg {bad[1]}} is no option of method {.val {method}}.",
        i = if (length(near) > 0L) "Did you mean {.arg {near}}?",
        i = if (length(known) > 0L) "Its options are {.arg {known}}." else "It has none."),
      "option", arg = bad[1], call = call
    )
  }
  options
}

# One warning for all items without a confidence. `why` counts them by reason.
warn_no_confidence <- function(why, n, units = c("item", "items"), call = rlang::caller_env()) {
  why <- why[why > 0]
  if (length(why) == 0L) return(invisible())
  total <- sum(why)
  unit <- units[1 + (n != 1)]
  reasons <- rlang::set_names(paste0(why, " ", names(why), "."), rep("x", length(why)))
  warn_judicious(
    c("The confidence of {total} of {n} {unit} is {.val {NA}}.", reasons),
    "no_confidence", n_missing = total, reasons = why, call = call
  )
}
