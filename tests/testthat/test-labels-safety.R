# Items are text that nobody has checked: nothing in them can run, load, or leave the page.

attacks <- c(
  script = "<script>window.ran = 1</script>",
  closing = "</script><script>window.ran = 1</script>",
  closing_p = "</p></div></main><script>window.ran = 1</script>",
  handler = "<img src=x onerror=\"window.ran = 1\">",
  svg = "<svg onload=\"window.ran = 1\"><animate onbegin=\"window.ran = 1\"/></svg>",
  comment = "<!-- --!><script>window.ran = 1</script> <!--<script>",
  link = "<a href=\"javascript:window.ran = 1\" autofocus onfocus=\"window.ran = 1\">x</a>",
  markdown_link = "[click](javascript:window.ran=1) ![x](http://evil.invalid/x.png)",
  frame = "<iframe srcdoc=\"<script>parent.ran = 1</script>\"></iframe>",
  style = "<style>@import 'http://evil.invalid/a.css'; body { display: none }</style>",
  meta = "<meta http-equiv=refresh content=\"0;url=http://evil.invalid\">",
  base = "<base href=\"http://evil.invalid/\"><form action=\"http://evil.invalid\">",
  template = "${window.ran = 1} {{constructor.constructor('window.ran = 1')()}}",
  entity = "&lt;script&gt;window.ran = 1&lt;/script&gt;",
  separators = "a\u2028window.ran = 1\u2029b",
  override = "abc \u202e fed \u2066 \u200f \u202d x",
  arabic = "\u0645\u0631\u062d\u0628\u0627 <b>\u0628</b>",
  controls = "a\u0001b\u000bc\u007fd\u0085e",
  prototype = "__proto__"
)

# Everything that the tab asks for, besides files; of that what the policy blocked, if `blocked`.
watch_network <- function(tab) {
  seen <- new.env()
  seen$urls <- seen$blocked <- character()
  tab$Network$enable()
  tab$Network$requestWillBeSent(callback_ = function(event) {
    seen$urls[event$requestId] <- event$request$url
  })
  tab$Network$loadingFailed(callback_ = function(event) {
    if (identical(event$blockedReason, "csp")) seen$blocked <- c(seen$blocked, event$requestId)
  })
  function(blocked = FALSE) {
    urls <- if (blocked) seen$urls[intersect(names(seen$urls), seen$blocked)] else seen$urls
    sort(unname(grep("^(file:///[^/]|data:|blob:)", urls, value = TRUE, invert = TRUE)))
  }
}

show_all <- function(chrome, path, n, before = NULL) {
  tab <- open_tab(chrome, before = before)
  asked <- watch_network(tab)
  load_page(tab, path)
  start_as(tab, "Ada")
  shown <- character(n)
  for (k in seq_len(n)) {
    shown[k] <- text_of(tab, ".item .content")
    press(tab, "1")
  }
  list(tab = tab, shown = shown, asked = asked)
}

test_that("attacks are shown as the text they are", {
  chrome <- the_browser()
  path <- label_page(unname(attacks), shuffle = FALSE)
  run <- show_all(chrome, path, length(attacks))
  expect_identical(run$shown, unname(attacks))
  expect_null(js(run$tab, "window.ran"))
  expect_identical(run$asked(), character())
  run$tab$close()
})

test_that("attacks stay text as Markdown, too", {
  chrome <- the_browser()
  path <- label_page(unname(attacks), shuffle = FALSE, markdown = TRUE)
  run <- show_all(chrome, path, length(attacks))
  expect_null(js(run$tab, "window.ran"))
  expect_identical(run$asked(), character())
  expect_match(run$shown[names(attacks) == "markdown_link"], "click (javascript:window.ran=1)",
               fixed = TRUE)
  press(run$tab, rep("ArrowLeft", 3))
  expect_identical(js(run$tab, "document.querySelectorAll('#screen a, #screen script, ",
                      "#screen iframe, #screen svg, #screen style, #screen img').length"), 0L)
  run$tab$close()
})

test_that("attacks in every other place are text, too", {
  chrome <- the_browser()
  bad <- attacks[["handler"]]
  task <- rating_task(c(bad, attacks[["closing"]]))
  items <- data.frame(item_id = bad, x = "a", says = attacks[["script"]], p = "x onerror=ran=1")
  names(items)[2] <- bad
  path <- label_page(
    items, task, question = attacks[["closing_p"]], show = bad, title = attacks[["script"]],
    guidelines = attacks[["handler"]], judges = "says", blind = FALSE, images = "p",
    descriptions = stats::setNames(attacks[["svg"]], bad), rater = bad
  )
  tab <- open_tab(chrome, path)
  expect_identical(js(tab, "document.title"), attacks[["script"]])
  click(tab, "#start")
  press(tab, "n", "x", "Escape")
  expect_identical(js(tab, "document.querySelector('.choice .name').textContent"), bad)
  expect_identical(js(tab, "document.querySelector('.judged li').textContent"),
                   paste0("says: ", attacks[["script"]]))
  press(tab, "1")
  labels <- labels_in(downloaded(chrome, tab, "#json"))
  expect_identical(labels$label, bad)
  expect_match(downloaded(chrome, tab, "#csv"), "<img src=x", fixed = TRUE)
  expect_null(js(tab, "window.ran"))
  tab$close()
})

test_that("the policy itself stops scripts, HTML and connections", {
  chrome <- the_browser()
  tab <- open_tab(chrome, before = "window.broken = [];
    addEventListener('securitypolicyviolation', (event) =>
      window.broken.push(event.effectiveDirective));")
  asked <- watch_network(tab)
  load_page(tab, label_page("one"))
  start_as(tab, "Ada")
  outcome <- function(code) {
    js(tab, "(async () => { try { ", code, "; return 'done'; } catch (error) { return error.name; } ",
       "})()")
  }
  expect_identical(outcome("await fetch('http://127.0.0.1:9/')"), "TypeError")
  expect_identical(outcome("document.body.innerHTML = '<b>x</b>'"), "TypeError")
  expect_identical(outcome("document.createElement('script').textContent = 'window.ran = 1'"),
                   "TypeError")
  expect_identical(outcome("document.body.setAttribute('onclick', 'window.ran = 1')"), "TypeError")
  js(tab, "(() => { const image = new Image(); image.src = 'http://127.0.0.1:9/a.png'; ",
     "document.body.append(image);
     const frame = document.createElement('iframe'); frame.src = 'http://127.0.0.1:9/'; ",
     "document.body.append(frame);
     const style = document.createElement('link'); style.rel = 'stylesheet'; ",
     "style.href = 'http://127.0.0.1:9/a.css'; document.body.append(style); })()")
  expect_true(wait_until(function() {
    all(c("connect-src", "img-src", "style-src-elem") %in% unlist(js(tab, "window.broken")))
  }))
  expect_true(wait_until(function() {
    js(tab, "1")
    identical(asked(), asked(blocked = TRUE))
  }))
  expect_null(js(tab, "window.ran"))
  tab$close()
})

test_that("offline, the page works from beginning to end and asks for nothing", {
  chrome <- the_browser()
  tab <- open_tab(chrome)
  asked <- watch_network(tab)
  tab$Network$emulateNetworkConditions(offline = TRUE, latency = 0, downloadThroughput = -1,
                                       uploadThroughput = -1)
  load_page(tab, label_page(c("one", "two")))
  start_as(tab, "Ada")
  press(tab, "1", "2")
  expect_length(labels_in(downloaded(chrome, tab, "#json"))$label, 2L)
  expect_identical(asked(), character())
  tab$close()
})

test_that("items of 1 MB are shown, as text and as Markdown, without freezing", {
  chrome <- the_browser()
  big <- c(strrep("word ", 2e5), strrep("[", 1e6), strrep("**`*[x](", 125000),
           paste0(strrep("<b>", 3e5), "end"))
  for (markdown in c(FALSE, TRUE)) {
    tab <- open_tab(chrome, label_page(big, shuffle = FALSE, markdown = markdown))
    start_as(tab, "Ada")
    for (k in seq_along(big)) {
      expect_identical(nchar(text_of(tab, ".item .content")), nchar(big[k]))
      took <- js(tab, "(() => { const from = performance.now();
        document.dispatchEvent(new KeyboardEvent('keydown', { key: '1' }));
        document.body.getBoundingClientRect();
        return performance.now() - from; })()")
      expect_lt(took, 5000)
    }
    expect_match(text_of(tab, "#saved"), "^4 answered")
    tab$close()
  }
})

test_that("Markdown that would be slow to read is not", {
  chrome <- the_browser()
  slow <- c(strrep("[", 99999), strrep("**`*[x](", 12000), strrep("*a", 49999), strrep("> ", 49999),
            strrep("# \n", 33000))
  tab <- open_tab(chrome, label_page(slow, shuffle = FALSE, markdown = TRUE))
  took <- system.time({
    start_as(tab, "Ada")
    press(tab, rep("1", length(slow)))
  })[["elapsed"]]
  expect_lt(took, 10)
  expect_match(text_of(tab, "#saved"), "^5 answered")
  tab$close()
})

test_that("text of either direction keeps to its own place", {
  chrome <- the_browser()
  path <- label_page(c("\u0645\u0631\u062d\u0628\u0627 \u0628\u0643\u0645", "hello"),
                     shuffle = FALSE)
  tab <- open_tab(chrome, path)
  start_as(tab, "Ada")
  direction <- function() js(tab, "getComputedStyle(document.querySelector('.content p')).direction")
  expect_identical(direction(), "rtl")
  expect_identical(js(tab, "getComputedStyle(document.querySelector('.actions')).direction"), "ltr")
  press(tab, "1")
  expect_identical(direction(), "ltr")
  tab$close()
})

test_that("Markdown-light is made of the elements it means", {
  chrome <- the_browser()
  text <- paste("# Head", "", "A **bold** *soft* `x < y` word", "and more", "", "- one", "- two",
                "", "1. first", "2) second", "> said", "```r", "# no head", "x <- 1", "```",
                sep = "\n")
  tab <- open_tab(chrome, label_page(text, markdown = TRUE))
  start_as(tab, "Ada")
  expect_identical(
    js(tab, "[...document.querySelector('.content').children].map((node) => node.tagName + ':' + ",
       "node.textContent).join('|')"),
    paste("P:Head", "P:A bold soft x < y word\nand more", "UL:onetwo", "OL:firstsecond",
          "BLOCKQUOTE:said", "PRE:# no head\nx <- 1", sep = "|")
  )
  expect_identical(text_of(tab, ".content strong"), "bold")
  expect_identical(text_of(tab, ".content em"), "soft")
  expect_identical(text_of(tab, ".content code"), "x < y")
  tab$close()
})

test_that("pictures come with the page or from beside it, and what is missing is told", {
  chrome <- the_browser()
  folder <- withr::local_tempdir()
  png <- file.path(folder, "dot.png")
  grDevices::png(png, 8, 8)
  grid::grid.newpage()
  grDevices::dev.off()
  inside <- paste0("data:image/png;base64,",
                   gsub("\n", "", jsonlite::base64_enc(readBin(png, "raw", 1e5))))
  vector <- paste0("data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'",
                   " onload='parent.ran=1'><script>parent.ran=1</script></svg>")
  items <- data.frame(item_id = 1:5, text = "x",
                      picture = c("dot.png", inside, "gone.png", vector, NA))
  path <- file.path(folder, "page.html")
  quiet(write_label_page(items, yes_no_task, path, question = "?", show = "text",
                         images = "picture", shuffle = FALSE))
  tab <- open_tab(chrome, normalizePath(path))
  start_as(tab, "Ada")
  width <- function() js(tab, "document.querySelector('#screen img')?.naturalWidth ?? null")
  expect_true(wait_until(function() identical(width(), 8L)))
  press(tab, "1")
  expect_true(wait_until(function() identical(width(), 8L)))
  press(tab, "1")
  expect_true(wait_until(function() {
    identical(text_of(tab, ".missing"), "The picture gone.png is not beside this page.")
  }))
  press(tab, "1")
  expect_true(wait_until(function() identical(width(), 8L)))
  expect_null(js(tab, "window.ran"))
  press(tab, "1")
  expect_identical(text_of(tab, ".missing"), "(empty)")
  tab$close()
})
