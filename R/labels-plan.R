# What people are asked to label, and how it was drawn. The page, the sheet and the joined labels
# carry the fingerprint of their plan, so that labels never meet the items of another one.

label_plan_version <- "jl1"

# One row per item of the pool: item_id (text), prob, selected, and the stratum and cluster where
# the sampler knew them. Without a sample everybody is selected. The attribute "fingerprint" tells
# plans apart.
label_plan <- function(item_ids, sample = NULL, arg = "items", call = rlang::caller_env()) {
  ids <- check_label_ids(item_ids, arg, call)
  columns <- list(item_id = ids, prob = rep(1, length(ids)), selected = rep(1L, length(ids)))
  if (!is.null(sample)) columns[c("prob", "selected")] <- plan_of_sample(sample, ids, call)
  columns <- c(columns, stratum = list(attr(sample, "strata")),
               cluster = list(attr(sample, "clusters")))
  plan <- vctrs::new_data_frame(Filter(Negate(is.null), columns), n = length(ids))
  attr(plan, "fingerprint") <- label_plan_fingerprint(ids, sample)
  plan
}

# Text that is the same for the same items, drawn with the same probabilities, and hardly ever
# otherwise: on every platform, in every order of rows, and whatever the type of the ids. Twelve
# digits of a probability survive its last bit, which differs between machines.
label_plan_fingerprint <- function(item_ids, sample = NULL) {
  ids <- enc2utf8(id_text(item_ids))
  drawn <- if (is.null(sample)) {
    rep("all", length(ids))
  } else {
    paste(sprintf("%.12g", as.double(sample$prob)), sprintf("%d", as.integer(sample$selected)))
  }
  rows <- paste0(nchar(ids, "bytes"), ":", ids, " ", drawn)
  text <- paste(rows[order(ids, method = "radix")], collapse = "\n")
  paste0(label_plan_version, "-", rlang::hash(enc2utf8(text)))
}

check_label_ids <- function(x, arg = "item_id", call = rlang::caller_env()) {
  if (is.factor(x)) x <- as.character(x)
  if (!is.character(x) && !is.numeric(x)) {
    abort_judicious("The ids of {.arg {arg}} must be text or numbers, not
                    {.obj_type_friendly {x}}.", "type", arg = arg, call = call)
  }
  ids <- enc2utf8(id_text(x))
  bad <- which(is.na(x) | trimws(ids) == "")
  if (length(bad) > 0L) abort_missing_id(bad, arg, call)
  bad <- which(duplicated(ids))
  if (length(bad) > 0L) {
    abort_judicious(
      c("The ids of {.arg {arg}} must all be different: labels come back by them.",
        x = "Row {bad[1]}, {.val {ids[bad[1]]}}, has the id of row {match(ids[bad[1]], ids)}."),
      "duplicate", arg = arg, where = bad, call = call
    )
  }
  ids
}

plan_of_sample <- function(sample, ids, call = rlang::caller_env()) {
  if (!inherits(sample, "judicious_sample")) {
    abort_judicious(
      c("{.arg sample} must be what a sampler returned, not {.obj_type_friendly {sample}}.",
        i = "For example {.code sample_uniform(nrow(items), n = 200)}."),
      "type", arg = "sample", call = call
    )
  }
  check_length(sample$selected, length(ids), arg = "sample", n_arg = "item", call = call)
  list(prob = as.double(sample$prob), selected = as.integer(sample$selected))
}
