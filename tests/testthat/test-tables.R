test_that("rows or columns of a result are plain data frames without its facts", {
  plan <- sample_stratified(rep(c("a", "b"), 20), 8, allocation = "proportional")
  curve <- roc_points(c(0.9, 0.8, 0.3, 0.2), c(TRUE, FALSE, TRUE, FALSE))
  for (result in list(plan, curve)) {
    expect_s3_class(result, c("judicious_table", "data.frame"))
    for (plain in list(as.data.frame(result), result[1:2, ], result[1])) {
      expect_identical(class(plain), "data.frame")
      expect_setequal(names(attributes(plain)), c("names", "row.names", "class"))
    }
    expect_identical(as.list(as.data.frame(result)), lapply(result, identity))
  }
})
