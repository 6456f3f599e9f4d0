# tools/fuzz-labels.R runs the same on 10,000 files.

test_that("damaged files are errors or counted NAs, never a shifted row", {
  skip_if_not_installed("jsonlite")
  skip_on_cran()
  set.seed(20)
  run <- fuzz_run(6L * length(fuzz_damage))
  expect_identical(setdiff(run$outcome, c("error", "read", "forged")), character())
  # a test that could not fail would read nothing, or everything
  expect_gt(sum(run$outcome == "read"), 10)
  expect_gt(sum(run$outcome == "error"), 10)
})

test_that("the check sees a shifted row", {
  truth <- fuzz_truth()
  path <- withr::local_tempfile(fileext = ".csv")
  moved <- c(truth$label[-1], truth$label[1])
  write <- function(label) {
    charToRaw(paste(c("item_id,label", paste0(truth$item_id, ",", label)), collapse = "\n"))
  }
  # The file itself says so: no reader can know.
  expect_equal(fuzz_outcome(write(moved), path, truth), "forged")
  wrong <- function(...) {
    data.frame(item_id = truth$item_id, label = moved, status = "labelled", set = NA, score = NA)
  }
  expect_match(fuzz_outcome(write(truth$label), path, truth, wrong), "shifted row")
})

# Ids and texts of any kind, options of any kind, answers at random.
odd_text <- function(n) {
  parts <- c("a", "B", "7", "0", " ", ",", ";", "\"", "'", "=", "+", "-", "@", "\n", "\t", "\u00e9",
             "\u4e2d", "\U0001F600", "|", "<b>", "\\", "{x}", "%s", "NA", "1e5", "2-1", "\u202e")
  vapply(seq_len(n), function(k) paste(sample(parts, sample(5L, 1L), TRUE), collapse = ""), "")
}

random_job <- function() {
  n <- sample(2:12, 1L)
  ids <- unique(trimws(odd_text(n)))
  ids <- ids[nzchar(ids)]
  options <- unique(trimws(gsub("|", "/", odd_text(6L), fixed = TRUE)))
  options <- options[nzchar(options) & !tolower(options) %in% c(unsure_words, skip_words)]
  if (length(ids) < 2L || length(options) < 2L) return(random_job())
  answers <- sample(c(options, NA), length(ids), replace = TRUE)
  list(items = data.frame(item_id = ids, text = odd_text(length(ids))), options = options,
       task = rating_task(options), answers = answers)
}

expect_round_trip <- function(labels, job, k) {
  back <- labels[match(job$items$item_id, labels$item_id), ]
  expect_identical(back$item_id, job$items$item_id, info = k)
  expect_identical(back$label, job$answers, info = k)
  joined <- quiet(join_labels(job$items, labels))
  expect_identical(joined$human, if (all(is.na(job$answers))) NA_real_ + seq_along(job$answers) else
    job$answers, info = k)
}

test_that("random items and answers go out by sheet and come back the same", {
  path <- withr::local_tempfile(fileext = ".csv")
  set.seed(21)
  for (k in 1:40) {
    job <- random_job()
    write_label_sheet(job$items, job$task, path, show = "text", overwrite = TRUE)
    cell <- ifelse(is.na(job$answers), "", guard_cells(job$answers))
    save <- if (k %% 2) utils::write.csv else utils::write.csv2
    fill_sheet(path, label = cell, save = function(x) save(x, path, row.names = FALSE))
    expect_round_trip(read_labels(c(ann = path)), job, k)
  }
})

test_that("random items and answers go out by page and come back the same", {
  skip_if_not_installed("jsonlite")
  set.seed(22)
  for (k in 1:40) {
    job <- random_job()
    download <- page_download(
      data.frame(item_id = job$items$item_id, label = job$answers),
      plan = label_plan_fingerprint(job$items$item_id), questions = list(list(
        name = "label", text = "?", answer = "choice", options = I(job$options),
        descriptions = I(job$options), positive = I(character()), sets = NULL, scale = NULL
      ))
    )
    expect_round_trip(read_labels(json_file(download)), job, k)
  }
})

test_that("random items and answers go out to Label Studio and come back the same", {
  skip_if_not_installed("jsonlite")
  path <- withr::local_tempfile(fileext = ".json")
  set.seed(23)
  for (k in 1:20) {
    job <- random_job()
    write_label_studio(job$items, job$task, path, show = "text", overwrite = TRUE)
    tasks <- jsonlite::fromJSON(path, simplifyVector = FALSE)
    exported <- Map(function(task, answer) {
      result <- if (!is.na(answer)) list(list(from_name = "label", type = "choices",
                                              value = list(choices = I(answer))))
      c(task, list(id = 1, annotations = list(list(completed_by = 1, was_cancelled = is.na(answer),
                                                   lead_time = 1, result = result))))
    }, tasks, job$answers)
    expect_round_trip(read_labels(json_file(unname(exported)), job$task), job, k)
  }
})
