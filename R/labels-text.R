# Items are untrusted: any bytes may be in them, and nothing in them may end where it stands.

# UTF-8, whatever the encoding was. Bytes that are none become the replacement character.
clean_text <- function(x) {
  x <- as_utf8(x)
  broken <- which(!validUTF8(x))
  x[broken] <- iconv(x[broken], "UTF-8", "UTF-8", sub = "\ufffd")
  x
}

is_broken_text <- function(x) !is.na(x) & !validUTF8(as_utf8(x))

# Marked as UTF-8 first where it should be that: enc2utf8() would write broken bytes as "<e9>".
as_utf8 <- function(x) {
  marks <- Encoding(x)
  is_utf8 <- marks == "bytes" | marks == "unknown" & l10n_info()[["UTF-8"]]
  if (any(is_utf8)) Encoding(x) <- ifelse(is_utf8, "UTF-8", marks)
  enc2utf8(x)
}

# JSON that can stand in a <script> element: no tag, comment or line separator can be in it.
inert_json <- function(x) {
  json <- to_json(x)
  marks <- c("<" = "\\u003c", ">" = "\\u003e", "&" = "\\u0026", "\u2028" = "\\u2028",
             "\u2029" = "\\u2029")
  for (mark in names(marks)) json <- gsub(mark, marks[[mark]], json, fixed = TRUE)
  json
}

html_text <- function(x) {
  marks <- c("&" = "&amp;", "<" = "&lt;", ">" = "&gt;", "\"" = "&quot;")
  for (mark in names(marks)) x <- gsub(mark, marks[[mark]], x, fixed = TRUE)
  x
}
