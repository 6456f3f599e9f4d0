# A real browser: headless Chromium, driven by chromote. One process serves all tests of a file;
# every test gets tabs in a profile of its own, so that no storage is shared by accident.

find_browser <- function() {
  found <- c(Sys.getenv("CHROMOTE_CHROME"), Sys.which(c("chromium", "chromium-browser",
                                                        "google-chrome")))
  found <- found[nzchar(found) & file.exists(found)]
  if (length(found) > 0L) found[[1]]
}

skip_without_browser <- function() {
  skip_on_cran()
  skip_if_not_installed("chromote")
  skip_if_not_installed("jsonlite")
  if (is.null(find_browser())) skip("There is no Chromium to test the page in.")
}

browser_flags <- c(
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--disable-dev-shm-usage", "--disable-extensions", "--hide-scrollbars", "--mute-audio"
)

browser_state <- new.env(parent = emptyenv())

# The process ends with the test file that needed it.
local_browser <- function(env = parent.frame()) {
  skip_without_browser()
  profile <- withr::local_tempdir("browser-", .local_envir = env)
  started <- chromote::Chromote$new(chromote::Chrome$new(
    path = find_browser(), args = c(browser_flags, paste0("--user-data-dir=", profile))
  ))
  withr::defer(started$close(), envir = env)
  started
}

# --- tabs ---------------------------------------------------------------------------------

# A tab with a size; `before`: JavaScript that runs before the page's own.
open_tab <- function(chrome, url = NULL, width = 1280, height = 900, before = NULL,
                     context = NULL) {
  target <- if (is.null(context)) NULL else
    chrome$Target$createTarget("about:blank", browserContextId = context)$targetId
  tab <- if (is.null(target)) {
    chrome$new_session(width = width, height = height)
  } else {
    chromote::ChromoteSession$new(parent = chrome, targetId = target)
  }
  tab$Page$enable(wait_ = TRUE)
  tab$Runtime$enable(wait_ = TRUE)
  tab$Emulation$setDeviceMetricsOverride(width = width, height = height, deviceScaleFactor = 1,
                                         mobile = width < 500)
  if (!is.null(before)) tab$Page$addScriptToEvaluateOnNewDocument(before)
  if (!is.null(url)) load_page(tab, url)
  tab
}

load_page <- function(tab, path) {
  loaded <- tab$Page$loadEventFired(wait_ = FALSE)
  tab$Page$navigate(paste0("file://", path), wait_ = FALSE)
  tab$wait_for(loaded)
  invisible(tab)
}

# The value of an expression, as R sees it.
js <- function(tab, ...) {
  result <- tab$Runtime$evaluate(paste0(...), returnByValue = TRUE, awaitPromise = TRUE)
  if (!is.null(result$exceptionDetails)) {
    stop("JavaScript: ", result$exceptionDetails$exception$description)
  }
  result$result$value
}

# Real key events, as from a keyboard.
press <- function(tab, ..., modifiers = 0) {
  for (key in c(...)) {
    text <- if (nchar(key) == 1L && modifiers == 0) key else if (key == "Enter") "\r"
    code <- if (nchar(key) == 1L) utf8ToInt(toupper(key)) else
      c(Enter = 13L, Escape = 27L, Tab = 9L, ArrowLeft = 37L, ArrowRight = 39L, " " = 32L)[[key]]
    arguments <- list(key = key, windowsVirtualKeyCode = code, modifiers = modifiers)
    do.call(tab$Input$dispatchKeyEvent, c(list(type = "keyDown", text = text), arguments))
    do.call(tab$Input$dispatchKeyEvent, c(list(type = "keyUp"), arguments))
  }
}

click <- function(tab, selector) {
  js(tab, "document.querySelector(", jsonlite::toJSON(selector, auto_unbox = TRUE), ").click()")
}

text_of <- function(tab, selector) {
  js(tab, "document.querySelector(", jsonlite::toJSON(selector, auto_unbox = TRUE),
     ")?.textContent ?? null")
}

start_as <- function(tab, rater) {
  js(tab, "document.querySelector('#rater').value = '", rater, "'")
  click(tab, "#start")
}

# Long, for a machine that does other work beside the tests; passing tests do not wait.
wait_until <- function(test, seconds = 30) {
  until <- Sys.time() + seconds
  while (Sys.time() < until) {
    if (isTRUE(test())) return(TRUE)
    Sys.sleep(0.05)
  }
  FALSE
}

# What the button downloads, as text.
downloaded <- function(chrome, tab, button, context = NULL) {
  folder <- tempfile("download-")
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  chrome$Browser$setDownloadBehavior("allow", downloadPath = folder, browserContextId = context)
  click(tab, button)
  # The browser makes an empty file of that name first and moves the full one over it.
  done <- function() {
    files <- list.files(folder, full.names = TRUE)
    length(files) == 1L && grepl("[.](json|csv)$", files) && isTRUE(file.size(files) > 0)
  }
  if (!wait_until(done)) stop("nothing was downloaded")
  file <- list.files(folder, full.names = TRUE)
  text <- readChar(file, file.size(file), useBytes = TRUE)
  Encoding(text) <- "UTF-8"
  attr(text, "name") <- basename(file)
  text
}

labels_in <- function(text) jsonlite::fromJSON(text, simplifyVector = TRUE)$labels

# One browser per test file, started when a test first needs it.
the_browser <- function() {
  skip_without_browser()
  if (is.null(browser_state$chrome)) {
    chrome <- local_browser(testthat::teardown_env())
    if (!wait_until(function() shares_storage(chrome))) stop("the browser's storage is broken")
    browser_state$chrome <- chrome
    withr::defer(browser_state$chrome <- NULL, envir = testthat::teardown_env())
  }
  browser_state$chrome
}

# A browser that has just started on a busy machine may give its first pages a storage that it then
# drops for another: tests begin when two tabs see the same one.
shares_storage <- function(chrome) {
  path <- withr::local_tempfile(fileext = ".html")
  writeLines("<!DOCTYPE html><title>storage</title>", path)
  one <- open_tab(chrome, normalizePath(path))
  on.exit(one$close())
  value <- basename(path)
  js(one, "window.heard = ''; window.addEventListener('storage', (e) => heard = e.newValue);",
     "localStorage.setItem('settled', '", value, "')")
  two <- open_tab(chrome, normalizePath(path))
  on.exit(two$close(), add = TRUE)
  shared <- wait_until(function() identical(js(two, "localStorage.getItem('settled')"), value), 3)
  js(two, "localStorage.setItem('settled', 'back'); localStorage.removeItem('settled')")
  shared && wait_until(function() identical(js(one, "heard === null"), TRUE), 3)
}

# --- pages --------------------------------------------------------------------------------

yes_no_task <- rating_task(c("yes", "no"), positive = "yes")

# A page about `items`; every call has a plan of its own, so tests do not share storage.
label_page <- function(items, task = yes_no_task, ..., question = "Is it right?", show = "text",
                       env = parent.frame()) {
  if (is.character(items)) items <- data.frame(item_id = seq_along(items), text = items)
  items$item_id <- paste0("t", sample.int(1e8, 1), "-", items$item_id)
  path <- withr::local_tempfile(fileext = ".html", .local_envir = env)
  quiet(write_label_page(items, task, path, question = question, show = show, ...))
  normalizePath(path)
}

page_content <- function(path) {
  line <- grep("id=\"data\">", readLines(path, encoding = "UTF-8"), value = TRUE, fixed = TRUE)
  json <- sub("</script>$", "", sub("^.*id=\"data\">", "", line))
  jsonlite::fromJSON(json, simplifyVector = FALSE)
}
