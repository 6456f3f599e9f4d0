votes <- function() {
  label_confidence(list(a = c("x", "x", "y"), b = c("y", "y"), c = "x"), "vote")$confidence |>
    suppressWarnings()
}
stated <- function() label_confidence(c("0.5", "0.25"), "verbal")$confidence

test_that("values remember their method and are numbers", {
  expect_identical(attr(votes(), "method"), "vote")
  expect_identical(as.double(votes()), c(2 / 3, 1, NA))
  expect_true(is.numeric(votes()))
  expect_identical(stated() >= 0.5, c(TRUE, FALSE))
  expect_identical(1 - stated(), c(0.5, 0.75))
  expect_identical(-stated(), c(-0.5, -0.25))
  expect_identical(sqrt(stated()), sqrt(c(0.5, 0.25)))
  expect_identical(c(mean(stated()), median(stated()), sum(stated())), c(0.375, 0.375, 0.75))
  expect_equal(unname(quantile(stated(), 0.5)), 0.375)
})

test_that("two methods never share a column", {
  mixed <- "judicious_error_mixed_methods"
  error <- expect_error(c(votes(), stated()), class = mixed)
  expect_identical(error$methods, c("vote", "verbal"))
  expect_error(rbind(data.frame(p = votes()), data.frame(p = stated())), class = mixed)
  expect_error(vctrs::vec_rbind(data.frame(p = votes()), data.frame(p = stated())), class = mixed)
  table <- data.frame(p = votes())
  expect_error(table$p[1:2] <- stated(), class = mixed)
  expect_error(table$p[1] <- 0.5, class = "vctrs_error_incompatible_type")
  expect_identical(as.double(table$p), as.double(votes()))
})

test_that("one method combines, plain numbers make it plain", {
  both <- c(stated(), stated()[1])
  expect_identical(attr(both, "method"), "verbal")
  expect_identical(as.double(both), c(0.5, 0.25, 0.5))
  expect_identical(vctrs::vec_c(stated(), 0.1), c(0.5, 0.25, 0.1))
  expect_identical(vctrs::vec_c(1L, stated()), c(1, 0.5, 0.25))
  expect_identical(attr(rbind(data.frame(p = stated()), data.frame(p = stated()))$p, "method"),
                   "verbal")
  missing <- replace(stated(), 1, NA)
  expect_identical(as.double(missing), c(NA, 0.25))
  expect_identical(attr(stated()[2], "method"), "verbal")
})

test_that("values print with their method", {
  expect_snapshot({
    votes()
    votes()[0]
    data.frame(item = 1:3, p = votes())
  })
  # what tibbles show
  expect_identical(vctrs::vec_ptype_abbr(votes()), "vote")
  expect_identical(vctrs::vec_ptype_full(votes()), "confidence<vote>")
  withr::local_options(judicious.digits = 2)
  expect_identical(format(votes()), c("0.67", "1.00", "  NA"))
})

test_that("tidy() and glance() are plain tables", {
  expect_identical(tidy(stated()), data.frame(confidence = c(0.5, 0.25), method = "verbal"))
  got <- glance(votes())
  expect_identical(got[c("method", "n", "n_missing")],
                   data.frame(method = "vote", n = 3L, n_missing = 1L))
  expect_equal(unlist(got[c("mean", "median", "min", "max")], use.names = FALSE),
               c(5 / 6, 5 / 6, 2 / 3, 1))
  expect_identical(glance(votes()[3])$mean, NA_real_)
})

test_that("the histogram counts every value once, ends included", {
  p <- label_confidence(c("0", "0.024", "0.5", "1", "1"), "verbal")$confidence
  bins <- ggplot2::layer_data(ggplot2::autoplot(p))
  expect_identical(sum(bins$count), 5)
  # Few values have a bar each, unless a number of bins is asked for.
  expect_equal(bins$x, c(0, 0.024, 0.5, 1))
  expect_equal(bins$count, c(1, 1, 1, 2))
  bins <- ggplot2::layer_data(ggplot2::autoplot(p, n_bins = 20))
  expect_identical(sum(bins$count), 5)
  expect_identical(bins$count[c(1, 20)], c(2, 2))
  expect_length(ggplot2::layer_data(ggplot2::autoplot(p, n_bins = 10))$count, 10)
  expect_error(ggplot2::autoplot(p, n_bins = 0), class = "judicious_error_range")
})
