items <- data.frame(item_id = c("a", "b", "c", "d"), judge = c(1, 0, 1, 0))

labels_of <- function(text, task = yes_no(), ...) {
  suppressWarnings(read_labels(label_file(c("item_id,rater,label", text)), task, ...))
}

test_that("one row per item stays one row, in its place", {
  joined <- suppressWarnings(join_labels(items, labels_of(c("c,ann,no", "a,ann,yes")),
                                         item = item_id))
  expect_identical(joined$human, c(1, NA, 0, NA))
  expect_identical(joined$judge, items$judge)
  expect_s3_class(joined, "judicious_labelled")
  text <- labels_of(c("c,ann,no", "a,ann,yes"), rating_task(c("yes", "no")))
  expect_identical(join_labels(items, text)$human, c("yes", NA, "no", NA))
  tibble <- vctrs::vec_cast(items, items)
  names(tibble)[1] <- "key"
  expect_identical(join_labels(tibble, text, item = key)$human, c("yes", NA, "no", NA))
})

test_that("several raters are an error that names the choices", {
  labels <- labels_of(c("a,ann,yes", "a,bob,no", "a,eve,yes", "b,ann,no", "c,ann,yes", "c,bob,no"))
  expect_error(join_labels(items, labels), "2 items.*ann: yes.*majority.*mean.*adjud.*as_ratings",
               class = "judicious_error_several")
  expect_message(major <- join_labels(items, labels, several = "majority"),
                 class = "judicious_message_ties") |> suppressWarnings()
  expect_identical(major$human, c(1, 0, NA, NA))
  mean <- join_labels(items, labels, several = "mean")
  expect_equal(mean$human, c(2 / 3, 0, 0.5, NA))
  decided <- join_labels(items, labels, several = "adjudicated", adjudicator = "bob")
  expect_identical(decided$human, c(0, 0, 0, NA))
  suppressWarnings(eve <- join_labels(items, labels, several = "adjudicated", adjudicator = "eve"))
  expect_identical(eve$human, c(1, 0, NA, NA))
  expect_error(join_labels(items, labels, several = "adjudicated"), "ann",
               class = "judicious_error_rater")
  expect_error(join_labels(items, labels, adjudicator = "ann"), class = "judicious_error_choice")
  text <- labels_of(c("a,ann,yes", "a,bob,no"), rating_task(c("yes", "no")))
  expect_error(join_labels(items, text, several = "mean"), "positive",
               class = "judicious_error_type")
  suppressWarnings(tied <- join_labels(items, text, several = "majority")) |> suppressMessages()
  expect_identical(tied$human, rep(NA_character_, 4))
})

test_that("items without a label are counted by what became of them", {
  set.seed(3)
  drawn <- sample_stratified(rep("s", 4), 4, allocation = "proportional")
  labels <- labels_of(c("a,ann,yes", "b,ann,cannot tell", "c,ann,perhaps"))
  expect_warning(joined <- join_labels(items, labels, sample = drawn),
                 "1 cannot tell, 1 no option, 1 not handed back",
                 class = "judicious_warning_unlabelled")
  expect_identical(joined$human, c(1, NA, NA, NA))
  expect_identical(joined$plan_strata, rep("s", 4))
})

test_that("ids that match nothing are told; leading zeros are put back where safe", {
  labels <- labels_of(c("a,ann,yes", "z,ann,no"))
  expect_warning(joined <- join_labels(items, labels), "z", class = "judicious_warning_unmatched")
  expect_identical(joined$human, c(1, NA, NA, NA))
  expect_error(join_labels(items, labels_of("02-Jan,ann,yes")), "date",
               class = "judicious_error_unmatched")
  expect_error(join_labels(items, labels_of("1.23E+18,ann,yes")), "long id",
               class = "judicious_error_unmatched")
  zeros <- data.frame(item_id = c("007", "0070", "8", "9", "09"))
  expect_message(joined <- join_labels(zeros, labels_of(c("7,ann,yes", "8,ann,no"))),
                 class = "judicious_message_zeros")
  expect_identical(joined$human, c(1, NA, 0, NA, NA))
  # "9" is an item of its own
  expect_identical(join_labels(zeros, labels_of("9,ann,yes"))$human, c(NA, NA, NA, 1, NA))
  # two items would fit
  twins <- data.frame(item_id = c("07", "007"))
  expect_error(join_labels(twins, labels_of("7,ann,yes")), class = "judicious_error_unmatched")
  # "7" and "007" of one rater are one item: nobody knows which label counts
  one <- data.frame(item_id = c("007", "x"))
  expect_error(suppressMessages(join_labels(one, labels_of(c("7,ann,yes", "007,ann,no")))),
               class = "judicious_error_duplicate")
})

test_that("numeric ids match by value", {
  numbers <- data.frame(id = c(100000, 2, 1e15), z = 1)
  joined <- join_labels(numbers, labels_of(c("1e+05,ann,yes", "2.0,ann,no")), item = id)
  expect_identical(joined$human, c(1, 0, NA))
  whole <- data.frame(id = c(100000L, 2L))
  expect_identical(join_labels(whole, labels_of("100000,ann,yes"), item = "id")$human, c(1, NA))
  expect_identical(join_labels(data.frame(item_id = factor(c("b", "a"))),
                               labels_of("a,ann,yes"))$human, c(NA, 1))
})

drawn_in_order <- function(drawn, order) {
  new_judicious_sample(lapply(as.list(as.data.frame(drawn)), `[`, order),
                       method = attr(drawn, "method"), budget = attr(drawn, "budget"))
}

test_that("labels of another plan are refused", {
  skip_if_not_installed("jsonlite")
  set.seed(4)
  drawn <- sample_active(c(0.2, 0.4, 0.1, 0.3), 2)
  plan <- label_plan_fingerprint(items$item_id, drawn)
  chosen <- items$item_id[drawn$selected %in% 1]
  labels <- read_labels(json_file(page_download(data.frame(item_id = chosen, label = "yes"),
                                                plan = plan)))
  joined <- join_labels(items, labels, sample = drawn)
  expect_identical(joined$human, ifelse(items$item_id %in% chosen, 1, NA))
  expect_identical(joined$plan_prob, drawn$prob)
  expect_error(join_labels(items, labels), "sample", class = "judicious_error_plan")
  other <- drawn
  other$prob <- other$prob / 2
  expect_error(join_labels(items, labels, sample = other), plan, class = "judicious_error_plan")
  expect_error(join_labels(items[1:3, ], labels), class = "judicious_error_plan")
  expect_error(join_labels(items[1:3, ], labels, sample = drawn), class = "judicious_error_length")
  # rows of the pool in another order, with the sample in that order, are the same plan
  expect_s3_class(join_labels(items[4:1, ], labels, sample = drawn_in_order(drawn, 4:1)),
                  "judicious_labelled")
  # the page was made of the selected rows alone
  alone <- read_labels(json_file(page_download(data.frame(item_id = chosen, label = "yes"),
                                               plan = label_plan_fingerprint(chosen))))
  expect_identical(join_labels(items, alone, sample = drawn)$human, joined$human)
})

test_that("labels that the sample did not ask for are left out", {
  set.seed(5)
  drawn <- sample_uniform(4, 2)
  all <- labels_of(paste0(items$item_id, ",ann,yes"))
  expect_warning(joined <- join_labels(items, all, sample = drawn), "2 labelled items",
                 class = "judicious_warning_unplanned")
  expect_identical(joined$human, ifelse(drawn$selected == 1, 1, NA))
})

test_that("arguments are checked", {
  labels <- labels_of("a,ann,yes")
  expect_error(join_labels(list(), labels), class = "judicious_error_type")
  expect_error(join_labels(items, items), "read_labels", class = "judicious_error_type")
  expect_error(join_labels(items, labels, item = nothing), "judge",
               class = "judicious_error_column")
  expect_error(join_labels(items["judge"], labels), class = "judicious_error_column")
  expect_error(join_labels(cbind(items, human = 1), labels), "human",
               class = "judicious_error_column")
  expect_error(join_labels(items[c(1, 1, 2), ], labels), class = "judicious_error_duplicate")
  expect_error(join_labels(items, labels, question = "x"), class = "judicious_error_task")
  expect_error(join_labels(items, labels, sample = items), class = "judicious_error_type")
})
