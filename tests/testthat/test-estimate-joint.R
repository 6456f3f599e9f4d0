# The joint fit: several quantities from one summary. Golden numbers: many.py, see the reference's
# README.

joint_settings <- function(conf_level = 0.95) {
  list(rule = "optimal", fixed = numeric(), shrink = TRUE, guard = FALSE, pooling = "automatic",
       center = TRUE, clustered = FALSE, estimand = "rows", finite = FALSE, lonely_pool = FALSE,
       third_moments = FALSE, verdict = FALSE, weights = numeric())
}

case_summary <- function(case, by) {
  data <- data.frame(y = as.double(case$y_true), by = as.integer(case[[by]]))
  judged <- length(case$y_proxies) > 0
  if (judged) data$f <- t(case$y_proxies)
  args <- list(if (judged) quote(y ~ f) else quote(y ~ 1), quote(data), by = quote(by))
  for (name in c("strata", "clusters", "prob")) {
    if (is.null(case[[name]])) next
    data[[name]] <- unlist(case[[name]])
    args[[name]] <- as.name(name)
  }
  eval(as.call(c(list(as.name("summarise_labels")), args)))
}

joint_fit <- function(summary, contrasts = matrix(0, 0, 0), own = FALSE) {
  joint_fit_cpp(summary$numbers, joint_settings(), own, contrasts, numeric(nrow(contrasts)))
}

# Groups as many.py numbers them: ascending.
ascending <- function(summary) order(as.numeric(summary$by$labels))

test_that("groups equal the reference in every design", {
  for (case in read_reference("groups.json")$cases) {
    summary <- case_summary(case, "by")
    fit <- joint_fit(summary)
    o <- ascending(summary)
    e <- case$expected
    expect_equal(fit$estimate[o], e$estimate, tolerance = 1e-10)
    expect_equal(fit$df[o], e$df, tolerance = 1e-10)
    expect_equal(fit$labels_only[o], e$labels_only, tolerance = 1e-10)
    expect_equal(fit$variance_labels_only[o], e$variance_no_judge, tolerance = 1e-10)
    kinds <- c(vcov = "vcov", hc2 = "vcov_hc2", hc3 = "vcov_hc3")
    for (kind in names(kinds)) {
      expect_equal(fit[[kind]][o, o], e[[kinds[[kind]]]], tolerance = 1e-10)
    }
  }
})

test_that("differences equal the reference, with own weights and with the contrast's", {
  for (case in read_reference("differences.json")$cases) {
    summary <- case_summary(case, "system")
    o <- ascending(summary)
    pairs <- case$expected$pairs
    contrasts <- t(vapply(pairs, function(p) {
      a <- numeric(summary$by$n)
      a[o[unlist(p$pair)]] <- c(1, -1)
      a
    }, numeric(summary$by$n)))
    fit <- joint_fit(summary, contrasts)
    overlap <- label_overlap_cpp(summary$numbers, joint_settings())
    for (k in seq_along(pairs)) {
      p <- pairs[[k]]
      for (what in c("estimate", "variance", "df")) {
        expect_equal(fit$own[[k]][[what]], p$own[[what]], tolerance = 1e-10)
        expect_equal(fit$contrast[[k]][[what]], p$contrast[[what]], tolerance = 1e-10)
      }
      for (hc in c("hc2", "hc3")) {
        expect_equal(fit$own[[k]][[hc]], p$own[[paste0("variance_", hc)]], tolerance = 1e-10)
        expect_equal(fit$contrast[[k]][[hc]], p$contrast[[paste0("variance_", hc)]],
                     tolerance = 1e-10)
      }
      expect_equal(fit$contrast[[k]]$lambda, unlist(p$contrast$lambda_), tolerance = 1e-10)
      at <- o[unlist(p$pair)]
      expect_equal(overlap[at[1], at[2]], p$label_overlap, tolerance = 1e-12)
    }
  }
})
