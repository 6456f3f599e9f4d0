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

# With known prob the reference's base size is a quantile's, ours the rule of three: HC3 and df
# follow it, and so do the weights of several judges, which are shrunk by it.
untouched <- function(case, what) {
  if (is.null(case$prob)) return(what)
  if (NROW(case$y_proxies) > 1L) character() else setdiff(what, c("df", "hc3"))
}

# Groups as many.py numbers them: ascending.
ascending <- function(summary) order(as.numeric(summary$by$labels))

test_that("groups equal the reference in every design", {
  for (case in read_reference("groups.json")$cases) {
    summary <- case_summary(case, "by")
    fit <- joint_fit(summary)
    o <- ascending(summary)
    e <- case$expected
    expect_equal(fit$labels_only[o], e$labels_only, tolerance = 1e-10)
    expect_equal(fit$variance_labels_only[o], e$variance_no_judge, tolerance = 1e-10)
    for (what in untouched(case, c("estimate", "df"))) {
      expect_equal(fit[[what]][o], e[[what]], tolerance = 1e-10)
    }
    kinds <- c(vcov = "vcov", hc2 = "vcov_hc2", hc3 = "vcov_hc3")
    for (kind in untouched(case, names(kinds))) {
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
      names <- c(estimate = "estimate", variance = "variance", df = "df", hc2 = "variance_hc2",
                 hc3 = "variance_hc3")
      for (what in untouched(case, names(names))) {
        expect_equal(fit$own[[k]][[what]], p$own[[names[[what]]]], tolerance = 1e-10)
        expect_equal(fit$contrast[[k]][[what]], p$contrast[[names[[what]]]], tolerance = 1e-10)
      }
      if (length(untouched(case, "lambda"))) {
        expect_equal(fit$contrast[[k]]$lambda, as.vector(p$contrast$lambda_), tolerance = 1e-10)
      }
      at <- o[unlist(p$pair)]
      expect_equal(overlap[at[1], at[2]], p$label_overlap, tolerance = 1e-12)
    }
  }
})
