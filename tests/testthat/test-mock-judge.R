task <- toxic_task()

# Shares of the answers over many draws of one item per truth.
shares <- function(judge, format = "choice", n = 400) {
  set.seed(1)
  items <- comments(2)
  request <- list(asked = format, codes = c("A", "B"), verbal = FALSE)
  lapply(seq_len(2), function(row) {
    text <- replicate(n, mock_reply(judge, c(request, list(item = as.list(items[row, ]),
                                                           key = as.character(row))))$text)
    read <- read_answers(text, task, format, rep(list(c("A", "B")), n))
    list(choice = tabulate(read$choice, 2) / n, set = tabulate(read$set, 3) / n)
  })
}

test_that("choices follow the confusion matrix", {
  confusion <- rbind(c(0.9, 0.1), c(0.3, 0.7))
  found <- shares(mock_judge(task, "truth", confusion))
  expect_equal(found[[1]]$choice, confusion[1, ], tolerance = 0.06)
  expect_equal(found[[2]]$choice, confusion[2, ], tolerance = 0.06)
  expect_gt(chisq.test(400 * found[[2]]$choice, p = confusion[2, ])$p.value, 1e-3)
})

test_that("sets and choices follow the rating model", {
  prob <- rbind(c(0.5, 0, 0.5), c(0, 0.8, 0.2))
  colnames(prob) <- c("toxic", "fine", "toxic|fine")
  judge <- mock_judge(task, "truth", set_prob = prob, preference = log(3))
  # Of two members the first is chosen with weight 3 to 1.
  expect_equal(judge$choices, rbind(c(0.875, 0.125), c(0.15, 0.85)))
  found <- shares(judge, "both")
  for (row in 1:2) {
    expect_gt(min(found[[row]]$set - prob[row, ]), -0.08)
    expect_equal(found[[row]]$choice, judge$choices[row, ], tolerance = 0.08)
  }
})

test_that("log-probabilities are those of the confusion matrix", {
  judge <- mock_judge(task, c(a = "fine"), 0.75, log_probs = TRUE)
  reply <- mock_reply(judge, list(item = list(), key = "a", asked = "choice", codes = c("A", "B"),
                                  verbal = FALSE))
  expect_equal(exp(reply$tokens$top[[1]][c("A", "B")]), c(A = 0.25, B = 0.75))
})

test_that("judges that cannot be are errors", {
  expect_error(mock_judge(task, 1:2), class = "judicious_error_type")
  expect_error(mock_judge(task, "truth", 1.2), class = "judicious_error_range")
  expect_error(mock_judge(task, "truth", diag(3)), class = "judicious_error_type")
  expect_error(mock_judge(task, "truth", matrix(0.4, 2, 2)), "sums to", class =
                 "judicious_error_range")
  expect_error(mock_judge(task, "truth", set_prob = matrix(1, 1, 1)),
               class = "judicious_error_type")
  expect_error(mock_judge(task, "truth", set_prob = matrix(1, 1, 1, dimnames = list(NULL, "odd"))),
               class = "judicious_error_choice")
  expect_error(mock_judge(task, c(a = "odd")), "odd", class = "judicious_error_choice")
  expect_error(mock_judge(task, c(a = "fine", a = "toxic")), class = "judicious_error_duplicate")
  expect_output(print(mock_judge(task, "truth", 0.9)), "90%")
})
