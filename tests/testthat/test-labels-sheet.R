awkward <- data.frame(
  item_id = c("007", "=1+1", "3-4", "'tis", "1234567890123456789", "a,\"b\""),
  text = c("=LINK(\"x\")", "+1", "plain, with comma", "-2\nlines \"q\"", "@sum", "\u00fc \u4e2d"),
  judge = c("yes", "no", "yes", "no", "no", NA)
)

test_that("a sheet goes out and comes back with the ids it had", {
  path <- withr::local_tempfile(fileext = ".csv")
  suppressMessages(write_label_sheet(awkward, yes_no(), path, question = "Polite?"))
  bytes <- readBin(path, "raw", 3)
  expect_identical(bytes, as.raw(c(0xef, 0xbb, 0xbf)))
  sheet <- fill_sheet(path, label = c("yes", "no", "yes", "no", "cannot tell", ""))
  expect_identical(sheet$item_id, paste0("'", awkward$item_id))
  expect_false("judge" %in% names(sheet))
  expect_false(any(grepl("^[=+@-]", unlist(sheet))))
  labels <- read_labels(c(ann = path), yes_no())
  expect_identical(labels$item_id, awkward$item_id)
  expect_identical(labels$label, c("yes", "no", "yes", "no", NA, NA))
  expect_identical(labels$status, rep(c("labelled", "cannot_tell", "skipped"), c(4, 1, 1)))
})

test_that("spreadsheets save sheets in ways of their own", {
  path <- withr::local_tempfile(fileext = ".csv")
  saved <- list(
    excel_de = function(x) utils::write.csv2(x, path, row.names = FALSE),
    text = function(x) {
      utils::write.table(x, path, sep = "\t", row.names = FALSE, fileEncoding = "UTF-16LE",
                         qmethod = "double")
      body <- readBin(path, "raw", 1e6)
      writeBin(c(as.raw(c(0xff, 0xfe)), body), path)
    },
    # Google takes the apostrophes away; extra columns and empty rows come from working in it
    google = function(x) {
      x[] <- lapply(x, sub, pattern = "^'", replacement = "")
      x[nrow(x) + 1:2, ] <- ""
      x[["my remarks"]] <- ""
      utils::write.csv(x[rev(seq_len(nrow(x))), ], path, row.names = FALSE, quote = TRUE)
    }
  )
  for (way in names(saved)) {
    suppressMessages(write_label_sheet(awkward, yes_no(), path, overwrite = TRUE))
    fill_sheet(path, label = c("YES", " no", "yes", "no", "", "no"), save = saved[[way]])
    if (way == "google") {
      # the plan is no longer the last cell of empty rows, which are dropped
      labels <- read_labels(c(ann = path), yes_no())
      labels <- labels[match(awkward$item_id, labels$item_id), ]
    } else {
      labels <- read_labels(c(ann = path), yes_no())
    }
    expect_identical(labels$item_id, awkward$item_id, info = way)
    expect_identical(labels$label, c("yes", "no", "yes", "no", NA, "no"), info = way)
  }
})

test_that("a row that is shifted or of another sheet is refused", {
  path <- withr::local_tempfile(fileext = ".csv")
  items <- data.frame(item_id = 1:3, text = c("a", "b", "c"))
  write_label_sheet(items, yes_no(), path, show = "text")
  lines <- readLines(path, encoding = "UTF-8")
  spoil <- list(
    sub("\"b\",", "\"b\",,", lines[3], fixed = TRUE), sub("\"b\",", "", lines[3], fixed = TRUE),
    sub("jl1-.", "jl1-x", lines[3]), sub("\"jl1-.*$", "\"\"", lines[3])
  )
  for (k in seq_along(spoil)) {
    writeLines(replace(lines, 3, spoil[[k]]), path)
    expect_error(read_labels(path), "Line 3", class = "judicious_error_format", info = k)
  }
  writeLines(sub(",\"jl1-.*|,\"plan\"", "", lines), path)
  expect_error(read_labels(path), "plan", class = "judicious_error_format")
})

test_that("sets, scores and several questions have columns of their own", {
  path <- withr::local_tempfile(fileext = ".csv")
  items <- data.frame(key = 1:2, text = c("a", "b"), note = c("x", "y"))
  tasks <- list(polite = yes_no(), good = label_scale(0, 1, 0.25))
  write_label_sheet(items, tasks, path, item_id = "key", show = c("text", "note"),
                    answer = c(polite = "both"), rater = "ann")
  sheet <- fill_sheet(path, `label [polite]` = c("yes", ""), `set [polite]` = c("no|yes", ""),
                      `score [good]` = c("0.25", "cannot tell"))
  expect_true("item: note" %in% names(sheet))
  suppressWarnings(labels <- read_labels(path))
  expect_identical(labels$rater, rep("ann", 4))
  expect_identical(labels$question, rep(c("polite", "good"), each = 2))
  expect_identical(labels$set, c("yes|no", NA, NA, NA))
  expect_identical(labels$score, c(NA, NA, 0.25, NA))
  expect_identical(labels$status, c("labelled", "skipped", "labelled", "cannot_tell"))
})

test_that("a sheet is written for the selected items, and never over another", {
  path <- withr::local_tempfile(fileext = ".csv")
  items <- data.frame(item_id = 1:30, text = letters[c(1:26, 1:4)])
  set.seed(2)
  drawn <- sample_uniform(30, 5)
  write_label_sheet(items, yes_no(), path, sample = drawn, show = "text")
  fill_sheet(path)
  labels <- read_labels(path)
  expect_identical(labels$item_id, as.character(which(drawn$selected == 1)))
  expect_identical(unique(labels$plan), label_plan_fingerprint(items$item_id, drawn))
  expect_error(write_label_sheet(items, yes_no(), path, show = "text"), "overwrite",
               class = "judicious_error_file")
  other <- withr::local_tempfile(fileext = ".txt")
  expect_error(write_label_sheet(items, yes_no(), other), "[.]csv", class = "judicious_error_file")
  expect_error(write_label_sheet(items, yes_no(), "no/such/folder.csv"),
               class = "judicious_error_file")
  items$judge <- "yes"
  other <- withr::local_tempfile(fileext = ".csv")
  expect_error(write_label_sheet(items, yes_no(), other, show = c("text", "judge")),
               class = "judicious_error_blind")
  expect_error(write_label_sheet(items[c(1, 1), ], yes_no(), other),
               class = "judicious_error_duplicate")
  expect_error(write_label_sheet(items, "yes", other, show = "text"),
               class = "judicious_error_type")
})
