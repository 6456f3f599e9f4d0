# Lists of records, as they are or as jsonlite simplifies them.

# A field by its name, or by the same name in another case (topLogprobs, top_logprobs).
field <- function(x, name) {
  if (!is.list(x)) return(NULL)
  at <- match(name, names(x))
  if (is.na(at)) at <- match(plain_names(name), plain_names(names(x)))
  if (!is.na(at)) x[[at]]
}

plain_names <- function(names) tolower(gsub("_", "", names, fixed = TRUE))

size <- function(x) if (is.data.frame(x)) nrow(x) else length(x)

pick <- function(x, i) {
  if (i > size(x)) return(NULL)
  if (is.data.frame(x)) lapply(x, function(col) if (is.data.frame(col)) pick(col, i) else col[[i]])
  else x[[i]]
}

entries <- function(x) lapply(seq_len(size(x)), pick, x = x)

column <- function(x, name) {
  if (is.data.frame(x)) field(x, name) else lapply(unname(x), field, name)
}

texts <- function(x) {
  if (!is.list(x)) return(as.character(x))
  vapply(x, function(value) as.character(value %||% NA), "")
}

numbers <- function(x) {
  if (!is.list(x)) return(as.double(x))
  vapply(x, function(value) as.double(value %||% NA), 0)
}
