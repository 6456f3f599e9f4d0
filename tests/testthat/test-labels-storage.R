# Nothing is lost: two tabs, a full store, none at all, private windows, files taken over.

saved_labels <- function(chrome, tab, ...) labels_in(downloaded(chrome, tab, "#json", ...))

item_text <- function(tab) text_of(tab, ".item .content")

# Chooses a file in the page's own field.
upload <- function(tab, text, env = parent.frame()) {
  file <- withr::local_tempfile(fileext = ".json", .local_envir = env)
  writeBin(charToRaw(enc2utf8(text)), file)
  root <- tab$DOM$getDocument()$root$nodeId
  field <- tab$DOM$querySelector(root, "#upload")$nodeId
  tab$DOM$setFileInputFiles(files = list(normalizePath(file)), nodeId = field)
}

test_that("two tabs share their answers, and say that they are two", {
  chrome <- the_browser()
  path <- label_page(paste("item", 1:5), shuffle = FALSE)
  one <- open_tab(chrome, path)
  start_as(one, "Ada")
  press(one, "1")
  expect_identical(text_of(one, "#notices"), "")
  copy <- withr::local_tempfile(fileext = ".html") # the same page, saved twice
  file.copy(path, copy)
  two <- open_tab(chrome, normalizePath(copy))
  start_as(two, "Ada")
  expect_identical(item_text(two), "item 2")
  for (tab in list(one, two)) {
    expect_true(wait_until(function() grepl("another tab", text_of(tab, "#notices"))))
  }
  press(two, "2", "2")
  expect_true(wait_until(function() grepl("^3 answered", text_of(one, "#saved"))))
  expect_identical(js(one, "document.querySelector('[data-value=no]').ariaPressed"), "true")
  press(one, "Enter")
  expect_identical(item_text(one), "item 4")
  press(one, "1", "1")
  expect_true(wait_until(function() grepl("^5 answered", text_of(two, "#saved"))))
  labels <- saved_labels(chrome, two)
  expect_identical(labels$label, c("yes", "no", "no", "yes", "yes"))
  expect_identical(saved_labels(chrome, one), labels)
  press(two, "u")
  expect_true(wait_until(function() grepl("^4 answered", text_of(one, "#saved"))))
  one$close()
  two$close()
})

test_that("of two answers to an item in two tabs the later one counts", {
  chrome <- the_browser()
  path <- label_page(c("item 1", "item 2"), shuffle = FALSE)
  one <- open_tab(chrome, path)
  start_as(one, "Ada")
  two <- open_tab(chrome, path)
  start_as(two, "Ada")
  press(one, "1")
  expect_true(wait_until(function() grepl("^1 answered", text_of(two, "#saved"))))
  press(two, "2")
  expect_true(wait_until(function() identical(saved_labels(chrome, one)$label, "no")))
  expect_identical(saved_labels(chrome, two)$label, "no")
  one$close()
  two$close()
})

# Fills what is left of the browser's storage, to the last byte.
fill_storage <- "(() => {
  let piece = 'x'.repeat(1 << 20), n = 0;
  while (piece.length > 0) {
    try { localStorage.setItem(`filler ${n}`, piece); n += 1; }
    catch (error) { piece = piece.slice(0, Math.floor(piece.length / 2)); }
  }
  return n;
})()"
empty_storage <- "for (const key of Object.keys(localStorage)) {
  if (key.startsWith('filler')) localStorage.removeItem(key);
}"

asks_before_leaving <- "!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"

test_that("a full store is told, keeps answers in the tab and is tried again", {
  chrome <- the_browser()
  path <- label_page(paste("item", 1:5), shuffle = FALSE)
  tab <- open_tab(chrome, path)
  start_as(tab, "Ada")
  press(tab, "1")
  cleaner <- open_tab(chrome, path)
  withr::defer({
    js(cleaner, empty_storage)
    cleaner$close()
  })
  expect_gt(js(tab, fill_storage), 0)
  press(tab, "2", "1")
  expect_match(text_of(tab, "#notices"), "storage is full")
  expect_match(text_of(tab, "#saved"), "3 answered; not all saved")
  expect_identical(saved_labels(chrome, tab)$label, c("yes", "no", "yes"))
  expect_true(js(tab, asks_before_leaving))
  js(tab, empty_storage)
  press(tab, "2")
  expect_identical(text_of(tab, "#notices"), "")
  expect_match(text_of(tab, "#saved"), "4 answered, all saved")
  expect_false(js(tab, asks_before_leaving))
  load_page(tab, path)
  start_as(tab, "Ada")
  expect_identical(saved_labels(chrome, tab)$label, c("yes", "no", "yes", "no"))
  tab$close()
})

test_that("a browser that stores nothing is told, and the download has everything", {
  chrome <- the_browser()
  forbid <- "Object.defineProperty(window, 'localStorage', { get() {
    throw new DOMException('denied', 'SecurityError'); } });"
  tab <- open_tab(chrome, label_page(paste("item", 1:3), shuffle = FALSE), before = forbid)
  start_as(tab, "Ada")
  expect_match(text_of(tab, "#notices"), "does not let the page store anything")
  press(tab, "1", "2", "u", "1", "1", "ArrowLeft")
  js(tab, "document.dispatchEvent(new Event('visibilitychange'))")
  expect_identical(saved_labels(chrome, tab)$label, c("yes", "yes", "yes"))
  tab$close()
})

test_that("answers leave a private window as a file and come into the next one", {
  chrome <- the_browser()
  path <- label_page(paste("item", 1:4), shuffle = FALSE)
  private <- function() chrome$Target$createBrowserContext()$browserContextId
  first <- private()
  tab <- open_tab(chrome, path, context = first)
  start_as(tab, "Ada")
  press(tab, "1", "2")
  expect_match(text_of(tab, "#saved"), "A private window forgets them on closing")
  text <- downloaded(chrome, tab, "#json", context = first)
  chrome$Target$disposeBrowserContext(first)
  second <- private()
  tab <- open_tab(chrome, path, context = second)
  start_as(tab, "Ada")
  expect_match(text_of(tab, "#saved"), "^0 answered")
  upload(tab, text)
  expect_true(wait_until(function() grepl("Took over 2 items of 2", text_of(tab, "#notices"))))
  expect_identical(item_text(tab), "item 3")
  press(tab, "1", "1")
  labels <- saved_labels(chrome, tab, context = second)
  expect_identical(labels$label, c("yes", "no", "yes", "yes"))
  expect_identical(labels$order, 1:4)
  chrome$Target$disposeBrowserContext(second)
})

test_that("files of other pages, raters or programs are refused, older answers are left out", {
  chrome <- the_browser()
  path <- label_page(paste("item", 1:3), shuffle = FALSE)
  tab <- open_tab(chrome, path)
  start_as(tab, "Ada")
  press(tab, "1", "1")
  old <- downloaded(chrome, tab, "#json")
  press(tab, "ArrowLeft", "2")
  told <- function(text, words) {
    upload(tab, text)
    expect_true(wait_until(function() grepl(words, text_of(tab, "#notices"))), label = words)
  }
  told("{\"format\": ", "no JSON file downloaded from a label page")
  told("[1, 2]", "no JSON file downloaded from a label page")
  told("null", "no JSON file downloaded from a label page")
  told(sub("\"version\": 1", "\"version\": 2", old), "another version")
  told(sub("jl1-", "jl2-", old), "answers to another page")
  told(sub("\"rater\": \"Ada\"", "\"rater\": \"Bob\"", old), "the answers of Bob, not of Ada")
  told(old, "Took over 0 items of 2; the others have the same or later answers here")
  told(gsub("\"status\": \"labelled\"", "\"status\": [1]", gsub("20[0-9]{2}-", "2999-", old)),
       "Took over 0 items of 2")
  expect_identical(saved_labels(chrome, tab)$label, c("yes", "no"))
  tab$close()
})

test_that("stored answers that cannot be read are told, never taken for answers", {
  chrome <- the_browser()
  path <- label_page(paste("item", 1:3), shuffle = FALSE)
  tab <- open_tab(chrome, path)
  start_as(tab, "Ada")
  press(tab, "1", "2", "1")
  content <- page_content(path)
  key <- paste0("judicious:", content$plan, ":", content$page, ":Ada:i")
  js(tab, "localStorage.setItem('", key, "0', '{\"answers\": {\"label\": 1')")
  js(tab, "localStorage.setItem('", key, "1', '{\"answers\": {\"label\": {\"label\": 7}}}')")
  load_page(tab, path)
  start_as(tab, "Ada")
  expect_match(text_of(tab, "#notices"), "2 stored answers could not be read")
  expect_identical(saved_labels(chrome, tab)$label, "yes")
  tab$close()
})

test_that("answers survive that somebody empties the browser's storage", {
  chrome <- the_browser()
  path <- label_page(paste("item", 1:3), shuffle = FALSE)
  tab <- open_tab(chrome, path)
  other <- open_tab(chrome, path)
  start_as(tab, "Ada")
  press(tab, "1", "2")
  js(other, "localStorage.clear()")
  stored <- function() js(other, "Object.keys(localStorage).length") == 2
  expect_true(wait_until(stored))
  load_page(tab, path)
  start_as(tab, "Ada")
  expect_identical(saved_labels(chrome, tab)$label, c("yes", "no"))
  tab$close()
  other$close()
})
