# Which columns of the items a label page shows, and how.

# A list: columns (name and kind of each), judges (names), items (id, kind, cells, judged).
page_items <- function(items, plan, view, gold, call) {
  shown <- plan$selected %in% 1L
  is_gold <- plan$item_id %in% gold
  rows <- which(shown | is_gold)
  if (!any(shown & !is_gold)) {
    abort_judicious("{.arg sample} selects no item to label.", "length", arg = "sample",
                    call = call)
  }
  texts <- lapply(c(view$columns, view$judges), function(name) {
    shown_text(items[[name]][rows], name, call)
  })
  n <- length(view$columns)
  cells <- transpose_text(texts[seq_len(n)], length(rows))
  judged <- transpose_text(texts[-seq_len(n)], length(rows))
  list(
    columns = unname(Map(function(name, kind) list(name = clean_text(name), kind = kind),
                         view$columns, view$kinds)),
    judges = I(clean_text(as.character(view$judges))),
    items = unname(Map(function(id, kind, cells, judged) {
      list(id = id, kind = kind, cells = I(cells), judged = I(judged))
    }, plan$item_id[rows], ifelse(is_gold[rows], "gold", "item"), cells, judged))
  )
}

transpose_text <- function(columns, n) {
  if (length(columns) == 0L) return(rep(list(character()), n))
  unname(do.call(Map, c(list(function(...) c(...)), unname(columns))))
}

shown_text <- function(x, name, call) {
  if (is.list(x) || length(dim(x)) > 1L) {
    abort_judicious(
      c("Columns of {.arg items} that the page shows must be plain vectors.",
        x = "Column {.field {name}} is {.obj_type_friendly {x}}."),
      "type", arg = "items", call = call
    )
  }
  x <- if (is.double(x) && !is.object(x)) ifelse(is.na(x), NA, id_text(x)) else as.character(x)
  broken <- which(is_broken_text(x))
  if (length(broken) > 0L) {
    warn_judicious(
      c("Column {.field {name}} has text that is no UTF-8 in {length(broken)} item{?s}; the broken
         bytes are shown as {.val \ufffd}.",
        i = "The first is item {broken[1]} of the page. Read the data with its true encoding."),
      "encoding", where = broken, call = call
    )
  }
  clean_text(x)
}

# --- which columns --------------------------------------------------------------------

# `columns` and their `kinds` ("text", "markdown", "image"), and `judges` if they may be seen.
page_view <- function(items, show, images, judges, blind, markdown, questions, call) {
  judges <- check_page_columns(judges, items, "judges", call)
  images <- check_page_columns(images, items, "images", call)
  show <- check_page_columns(show, items, "show", call)
  options <- unlist(lapply(questions, `[[`, "options"))
  if (blind && !is.null(show)) check_blind(show, judges, items, options, call)
  if (!blind && is.null(judges)) {
    abort_judicious(c("{.code blind = FALSE} needs {.arg judges}: the columns with their labels."),
                    "required", arg = "judges", call = call)
  }
  columns <- show %||% chosen_columns(items, c(judges, images), options, call)
  columns <- unique(c(columns, images))
  kinds <- ifelse(columns %in% images, "image", if (markdown) "markdown" else "text")
  for (name in images) check_pictures(items[[name]], name, call)
  list(columns = columns, kinds = kinds, judges = if (!blind) judges)
}

check_page_columns <- function(x, items, arg, call) {
  if (is.null(x)) return(NULL)
  bad <- if (is.character(x)) which(!x %in% names(items))
  if (!is.character(x) || length(x) == 0L || length(bad) > 0L) {
    shown <- if (length(bad) > 0L) "There is no column {.field {x[bad[1]]}}." else
      "It is {.obj_type_friendly {x}}."
    abort_judicious(c("{.arg {arg}} must name columns of {.arg items}.", x = shown,
                      i = "The columns are {.field {names(items)}}."),
                    "column", arg = arg, where = bad, call = call)
  }
  unique(x)
}

# What only options can be in is somebody's label.
holds_labels <- function(x, options) {
  if (is.list(x) || length(options) == 0L) return(FALSE)
  values <- unique(as.character(x))
  values <- values[!is.na(values)]
  length(values) > 0L && all(values %in% options)
}

check_blind <- function(show, judges, items, options, call) {
  known <- intersect(show, names(items))
  bad <- known[known %in% judges | vapply(items[known], holds_labels, FALSE, options)]
  if (length(bad) == 0L) return(invisible())
  abort_judicious(
    c("A blind page must not show what judges or others have said.",
      x = "Column {.field {bad[1]}} holds nothing but labels.",
      i = "Leave it out, or show it with {.code judges = \"{bad[1]}\", blind = FALSE}."),
    "blind", arg = "show", call = call
  )
}

label_like_names <-
  "judge|proxy|label|rating|score|verdict|human|truth|true|gold|oracle|prob|uncertain"

# Text columns, except those that are or are called like labels. Told, since it is a guess.
chosen_columns <- function(items, taken, options, call) {
  others <- setdiff(names(items), c("item_id", taken))
  is_text <- vapply(items[others], function(x) is.character(x) || is.factor(x), FALSE)
  labels <- vapply(items[others], holds_labels, FALSE, options) |
    grepl(label_like_names, others, ignore.case = TRUE)
  chosen <- others[is_text & !labels]
  if (length(chosen) == 0L) {
    abort_judicious(
      c("{.arg items} has no column of text to show.",
        i = "Name columns in {.arg show}; there are {.field {names(items)}}."),
      "column", arg = "show", call = call
    )
  }
  left <- setdiff(others, chosen)
  inform_judicious(
    c(i = "The page shows {.field {chosen}}{if (length(left) > 0L) '; it does not show '}{.field
           {left}}. Choose columns with {.arg show}."), "page_columns", shown = chosen
  )
  chosen
}

# Pictures come with the page or lie beside it; addresses would be a way out to the network.
check_pictures <- function(x, name, call) {
  x <- as.character(x)
  data <- grepl("^data:image/[A-Za-z0-9.+-]+[;,]", x)
  relative <- !grepl("^[/\\\\]|^[A-Za-z][A-Za-z0-9+.-]*:|\\\\", x)
  bad <- which(!is.na(x) & !(data | relative))
  if (length(bad) == 0L) return(invisible())
  abort_judicious(
    c("Pictures must be {.code data:image/...} or paths relative to the page.",
      x = "Row {bad[1]} of {.field {name}} is {.val {substr(x[bad[1]], 1, 60)}}.",
      i = "The page uses no network. Put the files beside it."),
    "image", arg = "images", where = bad, call = call
  )
}
