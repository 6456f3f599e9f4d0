read_cells <- function(text) {
  path <- label_file(text)
  source <- read_label_text(path, rlang::current_env())
  read_label_cells(source$text, path, rlang::current_env())
}

test_that("quotes, separators and line ends are read as spreadsheets write them", {
  cells <- read_cells(c("id,text,label", "1,\"a, \"\"b\"\"\nc\",yes", "2,,no"))
  expect_identical(cells$frame$text, c("a, \"b\"\nc", ""))
  expect_identical(cells$frame$label, c("yes", "no"))
  expect_identical(cells$line, c(2L, 4L))
  windows <- read_cells("id;label\r\n1;yes\r\n\r\n2;no\r\n")
  expect_identical(windows$frame$label, c("yes", "no"))
  expect_identical(windows$line, c(2L, 4L))
  expect_identical(read_cells("sep=;\nid;a,b\n1;x,y")$frame[["a,b"]], "x,y")
  expect_identical(read_cells("id\tlabel\r7\tno")$frame$label, "no")
})

test_that("the line in a message is that of the file", {
  expect_error(read_cells("sep=;\nid;label\n1;yes\n2\n"), "Line 4 has 1 cells",
               class = "judicious_error_format")
  expect_error(read_cells("id,text,label\n1,\"a\nb\",yes\n2,x,y,z\n"), "Line 4 has 4 cells",
               class = "judicious_error_format")
  expect_error(read_cells("id,text,label\n1,a,yes\n2,5\" or 6\" disk,no\n"), "in line 3",
               class = "judicious_error_format")
})

test_that("rows that do not fit are errors, empty cells to the right are not", {
  expect_identical(read_cells("id,label,,\n1,yes,,\n2,no,,,\n,,,\n")$frame$label, c("yes", "no"))
  expect_error(read_cells("id,label\n1,yes,really\n"), class = "judicious_error_format")
  expect_error(read_cells("id,text,label\n1,yes\n"), class = "judicious_error_format")
  expect_error(read_cells("id,\"label\n1,yes\n"), "never closed", class = "judicious_error_format")
  expect_error(read_cells("id,,label\n1,2,3\n"), "Column 2 has no name",
               class = "judicious_error_format")
  expect_error(read_cells("id,id\n1,2\n"), "Two columns", class = "judicious_error_format")
  expect_error(read_cells("only one column\n1\n"), class = "judicious_error_format")
})

test_that("encodings are found, or refused", {
  text <- "item_id,label\ncaf\u00e9,na\u00efve\n"
  utf8 <- charToRaw(enc2utf8(text))
  variants <- list(
    utf8, c(as.raw(c(0xef, 0xbb, 0xbf)), utf8),
    c(as.raw(c(0xff, 0xfe)), iconv(text, "UTF-8", "UTF-16LE", toRaw = TRUE)[[1]]),
    c(as.raw(c(0xfe, 0xff)), iconv(text, "UTF-8", "UTF-16BE", toRaw = TRUE)[[1]]),
    iconv(text, "UTF-8", "CP1252", toRaw = TRUE)[[1]]
  )
  for (k in seq_along(variants)) {
    labels <- read_labels(label_file(variants[[k]]))
    expect_identical(labels$item_id, "caf\u00e9", info = k)
    expect_identical(labels$label, "na\u00efve", info = k)
  }
  expect_match(attr(labels, "notes"), "Windows-1252", all = FALSE)
  expect_error(read_labels(label_file(as.raw(c(0x61, 0x00, 0x62)))), "zero",
               class = "judicious_error_file")
  expect_error(read_labels(label_file(as.raw(c(0xff, 0xfe, 0x41)))),
               class = "judicious_error_file")
  expect_error(read_labels(label_file(as.raw(c(0x50, 0x4b, 3, 4, 20, 0)), ".xlsx")), "workbook",
               class = "judicious_error_file")
  expect_error(read_labels(label_file(raw())), "empty", class = "judicious_error_file")
  expect_error(read_labels("no-such-file.csv"), "no-such-file", class = "judicious_error_file")
})
