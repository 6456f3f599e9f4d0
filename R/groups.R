# Ids of strata and clusters as integer codes.

# Group membership as integer (or raw) codes, code `first + k - 1` standing for keys[k].
# Factors and integers are used as they are where their codes allow; everything
# else is grouped by vctrs. `dense`: every code must occur.
as_groups <- function(x, n, dense, arg, call) {
  if (is.null(x)) return(NULL)
  if (!vctrs::vec_is(x)) {
    abort_judicious(c("{.arg {arg}} must be a vector of ids, not {.obj_type_friendly {x}}.",
                      i = if (rlang::is_formula(x)) "Use the bare name, without {.code ~}."),
                    "type", arg = arg, call = call)
  }
  size <- vctrs::vec_size(x)
  if (size != n) {
    # c(a, b) and list(a, b) of whole columns
    glued <- size >= 2L && (is.list(x) && all(lengths(x) == n) || n > 1 && size %% n == 0)
    abort_judicious(
      c("{.arg {arg}} must have one id per row ({n}), not {size}.",
        i = if (glued) "Several columns are {.code {arg} = data.frame(a, b)}."),
      "length", arg = arg, call = call
    )
  }
  if (n == 0L) return(list(codes = integer(), first = 0L, n = 1, keys = x))
  groups <- if (is.factor(x) || (is.integer(x) && !is.object(x) && is.null(dim(x)))) {
    integer_groups(x, n, dense, arg, call)
  } else if (is.character(x) && !is.object(x) && is.null(dim(x))) {
    string_groups(x, arg, call)
  }
  groups %||% hashed_groups(x, arg, call)
}

integer_groups <- function(x, n, dense, arg, call) {
  scan <- scan_codes_cpp(x, max(1e4, 2 * n), dense)
  if (scan$has_missing) abort_missing_id(which(is.na(x))[1], arg, call)
  if (!scan$fits || (dense && !scan$dense)) return(NULL)
  codes <- seq.int(scan$first, length.out = scan$n)
  list(codes = x, first = scan$first, n = scan$n,
       keys = if (is.factor(x)) levels(x)[codes] else codes)
}

hashed_groups <- function(x, arg, call) {
  codes <- vctrs::vec_group_id(x)
  keys <- vctrs::vec_unique(x)
  missing <- if (is.data.frame(keys)) !stats::complete.cases(keys) else is.na(keys)
  if (any(missing)) abort_missing_id(match(which(missing)[1], codes), arg, call)
  list(codes = codes, first = 1L, n = attr(codes, "n"), keys = keys)
}

# Strings by their place in memory, as raw codes if they are few; NULL where one string has two
# encodings.
string_groups <- function(x, arg, call) {
  found <- string_codes_cpp(x)
  if (anyDuplicated(found$keys)) return(NULL)
  if (anyNA(found$keys)) abort_missing_id(which(is.na(x))[1], arg, call)
  list(codes = found$codes, first = 1L, n = length(found$keys), keys = found$keys)
}

# For what reads integers only.
with_integer_codes <- function(groups) {
  if (is.raw(groups$codes)) groups$codes <- as.integer(groups$codes)
  groups
}

# Clusters whose ids recur in several strata are different clusters.
nest_clusters <- function(design) {
  pairs <- vctrs::new_data_frame(list(s = as.integer(design$strata$codes),
                                      c = as.integer(design$clusters$codes)))
  codes <- vctrs::vec_group_id(pairs)
  within <- list(codes = vctrs::vec_unique(pairs)$c - design$clusters$first + 1L,
                 clusters = list(keys = design$clusters$keys))
  design$clusters <- list(codes = codes, first = 1L, n = attr(codes, "n"), keys = NULL,
                          nested = within)
  design
}

# Names of the groups, in code order.
group_labels <- function(groups) {
  keys <- groups$keys
  if (is.data.frame(keys)) {
    return(do.call(paste, c(lapply(unname(as.list(keys)), as.character), sep = " / ")))
  }
  as.character(keys)
}

# Groups in the order a reader expects: levels, numbers and strings ascending.
group_order <- function(groups) {
  keys <- groups$keys
  if (!is.null(groups$order)) return(groups$order)  # of a summary
  if (is.factor(groups$codes)) return(seq_len(groups$n))
  columns <- if (is.data.frame(keys)) unname(as.list(keys)) else list(keys)
  do.call(order, c(lapply(columns, sort_key), list(method = "radix")))
}

sort_key <- function(x) if (is.factor(x)) as.integer(x) else if (is.list(x)) seq_along(x) else x
