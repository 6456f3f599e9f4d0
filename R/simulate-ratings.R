#' Simulate ratings of items with several reasonable answers
#'
#' @description
#' Humans and judges rate the same items, giving a response set and a forced choice at once; the
#' truth is attached. Judges are perturbed humans: some are better than others, and they may break
#' ties between reasonable options differently, which is what misleads metrics of forced choices.
#'
#' @param task The task, from [rating_task()]; without `sets` it may have up to 8 options. With
#'   `sets = 1` only one answer is right.
#' @param n_items (count) Number of items.
#' @param n_judges (count) Number of judges, 0 or more.
#' @param n_ratings,n_judge_ratings (count) Ratings per item: of humans (each by another rater), and
#'   of every judge (repeated draws).
#' @param concentration (number) Parameter of the symmetric Dirichlet distribution of
#'   \eqn{\theta^*}{theta*}, above 0; 1 is uniform, less makes items more clear-cut.
#' @param preference (number) How strongly humans prefer the first (above 0) or the last (below 0)
#'   of the options in their set when forced to choose one; 0 is no preference.
#' @param judge_preference (numeric vector) The same for judges, one number or one per judge.
#'   `NULL`: half of the judges as the humans and half the opposite.
#' @param judge_noise (numeric vector) Spread of a judge's \eqn{\theta}{theta} about the humans',
#'   one number or one per judge, at least 0. `NULL`: drawn from U(0.02, 0.5).
#' @param error_rate (number) Probability in \[0, 1) that a human's observed set is not the true
#'   one.
#' @param error_skew (number) Above 0, errors lean towards positive sets, below 0 away from them.
#' @param threads (count or `NULL`) Worker threads; `NULL` means
#'   `getOption("judicious.threads", 1L)`. The result does not depend on it.
#' @returns A list of class `judicious_simulated_ratings`: `human` and `judges`
#'   ([judicious_ratings]; one source per judge, `judges` is `NULL` without judges), `task`, and
#'   `truth`, a list with `sets` (bitmasks of the V sets), `theta` (\eqn{\theta^*}{theta*} of the
#'   humans, V x items), `error` (E, V x V), `human` and `judges` (one per judge): lists of `theta`
#'   (observed, V x items), `F` (options x V x items), `o` and `omega` (options x items),
#'   `p_positive` (items); and `judge_noise` and `judge_preference`.
#' @section Formula:
#' \eqn{\theta^*_i \sim}{theta*_i ~} Dirichlet over the sets; humans have \eqn{\theta_i = E
#' \theta^*_i}{theta_i = E theta*_i}, where E has \eqn{1 - e} on its diagonal and spreads e =
#' `error_rate` over the other sets with weights rank^(-|`error_skew`|), positive sets first (last
#' if `error_skew` is below 0). A judge has the projection on the simplex of \eqn{\theta^*_i + N(0,
#' \epsilon^2)}{theta*_i + N(0, noise^2)}. F: the options of a set have weights
#' \eqn{\exp(-b\,\mathrm{rank})}{exp(-b rank)}, b the absolute preference, plus N(0, 0.05^2) noise
#' per item, cut at 0 and normalised. \eqn{O_i = F_i \theta_i}{O_i = F_i theta_i};
#' \eqn{\omega_i}{omega_i} sums \eqn{\theta_i}{theta_i} over the sets that hold an option.
#' @section Randomness:
#' `set.seed()` governs the result.
#' @references Guerdan, L., Barocas, S., Holstein, K., Wallach, H., Wu, S. and Chouldechova, A.
#'   (2025). Validating LLM-as-a-judge systems under rating indeterminacy. *NeurIPS*.
#'   arXiv:2503.05965 (the process, without code).
#' @examples
#' set.seed(1)
#' task <- rating_task(c("yes", "no"), positive = "yes")
#' sim <- simulate_ratings(task, n_items = 200, n_judges = 3, preference = -1)
#' sim
#' # How far the judges are from the humans, in truth
#' vapply(sim$truth$judges, function(j) mean((j$omega - sim$truth$human$omega)^2), 0)
#' @family simulators
#' @export
simulate_ratings <- function(task, n_items = 100, n_judges = 5, n_ratings = 10,
                             n_judge_ratings = n_ratings, concentration = 1, preference = 1,
                             judge_preference = NULL, judge_noise = NULL, error_rate = 0,
                             error_skew = 0, threads = NULL) {
  check_task(task)
  n_items <- check_count(n_items, upper = 1e7)
  n_judges <- check_count(n_judges, lower = 0, upper = 1e4)
  n_ratings <- check_count(n_ratings, upper = 1e6)
  n_judge_ratings <- check_count(n_judge_ratings, upper = 1e6)
  concentration <- check_number(concentration, 0, open = TRUE)
  preference <- check_number(preference)
  judges <- simulated_judges(n_judges, judge_preference, judge_noise, preference)
  error_rate <- check_error_rate(error_rate)
  error_skew <- check_number(error_skew)
  threads <- check_threads(threads)
  sets <- simulated_sets(task, n_items * max(n_ratings, n_judge_ratings * max(n_judges, 1)))
  error <- rater_error_cpp(sets, task_positive(task), error_rate, error_skew)
  core <- simulate_ratings_cpp(
    n_items, length(task$options), sets, concentration, error, c(preference, judges$preference),
    c(n_ratings, rep(n_judge_ratings, n_judges)), judges$noise, threads
  )
  new_simulated_ratings(task, core, sets, error, judges)
}

simulated_judges <- function(n, preference, noise, human, call = rlang::caller_env()) {
  preference <- preference %||% rep_len(c(human, -human), n)
  noise <- noise %||% stats::runif(n, 0.02, 0.5)
  list(preference = per_judge(preference, n, "judge_preference", -Inf, call),
       noise = per_judge(noise, n, "judge_noise", 0, call))
}

per_judge <- function(x, n, arg, lower, call) {
  x <- check_numeric_vector(x, arg = arg, call = call)
  check_between(x, lower, arg = arg, call = call)
  if (length(x) != 1L && length(x) != n) {
    abort_judicious("{.arg {arg}} must have length 1 or one element per judge ({n}), not
                    {length(x)}.", "length", arg = arg, call = call)
  }
  rep_len(x, n)
}

check_error_rate <- function(x, arg = rlang::caller_arg(x), call = rlang::caller_env()) {
  force(arg) # before x changes
  x <- check_number(x, 0, 1, arg = arg, call = call)
  if (x == 1) {
    abort_judicious("{.arg {arg}} must be below 1.", "range", arg = arg, call = call)
  }
  x
}

simulated_sets <- function(task, n_rows, call = rlang::caller_env()) {
  n <- length(task$options)
  if (is.null(task$sets) && n > 8L) {
    abort_judicious(
      c("{.arg task} must list its response sets if it has more than 8 options.",
        i = "For instance {.code rating_task(options, positive, sets = 2)}: sets of at most two."),
      "range", arg = "task", call = call
    )
  }
  most <- .Machine$integer.max
  if (n_rows > most) {
    abort_judicious(c("The number of ratings must be at most {most}.",
                      x = "It would be {format(n_rows, digits = 3)}.",
                      i = "Ask for fewer items, judges or ratings per item."),
                    "range", arg = "n_items", call = call)
  }
  task$sets %||% all_sets_cpp(n, n)
}

new_simulated_ratings <- function(task, core, sets, error, judges) {
  labels <- set_labels(sets, task)
  dimnames(error) <- list(labels, labels)
  sources <- core$sources
  judge_names <- sprintf("judge_%d", seq_along(sources)[-1] - 1L)
  truths <- lapply(sources, source_truth, task = task, sets = sets, labels = labels)
  structure(
    list(
      human = simulated_source(sources[1], "human", task),
      judges = if (length(judge_names) > 0L) simulated_source(sources[-1], judge_names, task),
      task = task,
      truth = list(
        sets = sets, theta = named_rows(core$theta_true, labels), error = error,
        human = truths[[1]], judges = stats::setNames(truths[-1], judge_names),
        judge_noise = judges$noise, judge_preference = judges$preference
      )
    ),
    class = "judicious_simulated_ratings"
  )
}

named_rows <- function(x, names) {
  rownames(x) <- names
  x
}

source_truth <- function(source, task, sets, labels) {
  positive <- bitwAnd(sets, task_positive(task)) != 0L
  dimnames(source$F) <- list(task$options, labels, NULL)
  list(theta = named_rows(source$theta, labels), F = source$F,
       o = named_rows(source$o, task$options), omega = named_rows(source$omega, task$options),
       p_positive = colSums(source$theta[positive, , drop = FALSE]))
}

simulated_source <- function(sources, names, task) {
  pool <- function(field) unlist(lapply(sources, `[[`, field))
  item <- pool("item")
  new_judicious_ratings(
    task = task, item = item, items = seq_len(max(item)),
    source = rep(seq_along(names), lengths(lapply(sources, `[[`, "item"))), sources = names,
    choice = pool("choice"), set = pool("set"), invalid = integer(length(item)),
    rater = pool("rater"), raters = seq_len(max(pool("rater")))
  )
}

#' @export
format.judicious_simulated_ratings <- function(x, ...) {
  n_judges <- length(x$truth$judges)
  judges <- paste0(n_judges, " judge", if (n_judges != 1L) "s")
  c(paste0("Simulated ratings with known truth (", judges, ")"),
    format(x$human), if (n_judges > 0L) format(x$judges)[-1])
}

#' @export
print.judicious_simulated_ratings <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}
