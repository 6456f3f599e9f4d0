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
    e <- expected_groups(case)
    expect_equal(fit$labels_only[o], e$labels_only, tolerance = 1e-10)
    expect_equal(fit$variance_labels_only[o], e$variance_no_judge, tolerance = 1e-10)
    for (what in c("estimate", "df")) expect_equal(fit[[what]][o], e[[what]], tolerance = 1e-10)
    kinds <- c(vcov = "vcov", hc2 = "vcov_hc2", hc3 = "vcov_hc3")
    for (kind in names(kinds)) {
      expect_equal(fit[[kind]][o, o], e[[kinds[[kind]]]], tolerance = 1e-10)
    }
  }
})

# Nothing but the rule for low prob separates the package from the reference with known prob.
test_that("the independent computation of known prob is that of the reference", {
  for (case in read_reference("groups.json")$cases) {
    if (is.null(case$prob)) next
    e <- case$expected
    found <- by_hand_groups(case, lowest_by_quantile)
    for (what in c("estimate", "vcov", "vcov_hc2", "vcov_hc3", "df", "n_base")) {
      expect_equal(found[[what]], e[[what]], tolerance = 1e-10, info = what)
    }
  }
  for (case in read_reference("differences.json")$cases) {
    if (is.null(case$prob)) next
    for (p in case$expected$pairs) {
      found <- by_hand_pair(case, unlist(p$pair), lowest_by_quantile)
      for (kind in c("own", "contrast")) {
        for (what in c("estimate", "variance", "variance_hc2", "variance_hc3", "df")) {
          expect_equal(found[[kind]][[what]], p[[kind]][[what]], tolerance = 1e-10, info = what)
        }
      }
      expect_equal(found$contrast$lambda_, as.vector(p$contrast$lambda_), tolerance = 1e-10)
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
      p <- expected_pair(case, pairs[[k]])
      names <- c(estimate = "estimate", variance = "variance", df = "df", hc2 = "variance_hc2",
                 hc3 = "variance_hc3")
      for (what in names(names)) {
        expect_equal(fit$own[[k]][[what]], p$own[[names[[what]]]], tolerance = 1e-10)
        expect_equal(fit$contrast[[k]][[what]], p$contrast[[names[[what]]]], tolerance = 1e-10)
      }
      expect_equal(fit$contrast[[k]]$lambda, as.vector(p$contrast$lambda_), tolerance = 1e-10)
      at <- o[unlist(p$pair)]
      expect_equal(overlap[at[1], at[2]], p$label_overlap, tolerance = 1e-12)
    }
  }
})

# --- contrasts of more than two groups ------------------------------------------------------------

# Three systems on `n` items, each of which meets the systems of `meets` (a function of the item),
# with labels on some of them.
crossed_rows <- function(n, meets, labelled) {
  rows <- do.call(rbind, lapply(seq_len(n), function(i) {
    data.frame(item = i, system = meets(i))
  }))
  hard <- rnorm(n)
  rows$f <- hard[rows$item] + rnorm(nrow(rows), 0, 0.6) + c(a = 0, b = 0.5, c = 2)[rows$system]
  rows$y <- ifelse(labelled(rows), 0.8 * rows$f + rnorm(nrow(rows), 0, 0.5), NA)
  rows
}

# Satterthwaite's degrees of freedom by classes of items: in every system labelled, unlabelled or
# absent. The judge has weight 1, so that a mean spends one degree.
by_hand_pattern_df <- function(rows, a) {
  psi <- numeric(nrow(rows))
  size <- list()
  for (g in names(a)) {
    l <- rows$system == g & !is.na(rows$y)
    u <- rows$system == g & is.na(rows$y)
    e <- rows$y[l] - rows$f[l]
    psi[l] <- (e - mean(e)) / sqrt(sum(l) * (sum(l) - 1))
    psi[u] <- (rows$f[u] - mean(rows$f[u])) / sqrt(sum(u) * (sum(u) - 1))
    size[[g]] <- c(l = sum(l), u = sum(u))
  }
  items <- factor(rows$item)
  e <- tapply(a[rows$system] * psi, items, sum)
  state <- vapply(names(a), function(g) {
    of <- rows[rows$system == g, ]
    out <- rep(".", nlevels(items))
    out[match(of$item, levels(items))] <- ifelse(is.na(of$y), "u", "l")
    out
  }, character(nlevels(items)))
  pattern <- apply(state, 1, paste, collapse = "")
  parts <- vapply(unique(pattern), function(p) {
    at <- pattern == p
    said <- strsplit(p, "")[[1]]
    what <- if ("l" %in% said) "l" else "u"
    share <- max(vapply(names(a)[said == what], function(g) 1 / size[[g]][[what]], 0))
    sum(e[at]^2)^2 / max(sum(at) * (1 - share), 1)
  }, 0)
  c(variance = sum(e^2), df = sum(e^2)^2 / sum(parts))
}

contrast_df <- function(rows, a) {
  summary <- summarise_labels(y ~ f, rows, by = system, clusters = item)
  settings <- utils::modifyList(joint_settings(), list(rule = "fixed", fixed = 1, shrink = FALSE,
                                                       clustered = TRUE))
  at <- matrix(a[summary$by$labels], 1)
  own <- joint_fit_cpp(summary$numbers, settings, FALSE, at, 0)$own[[1]]
  c(variance = own$variance, df = own$df)
}

test_that("contrasts of three groups have their degrees of freedom by pattern of labels", {
  set.seed(5)
  contrasts <- list(c(a = 1, b = -0.5, c = -0.5), c(a = 0.2, b = 0.3, c = 0.5),
                    c(a = 1, b = -2, c = 1))
  some <- function(share) function(rows) runif(nrow(rows)) < share
  of_item <- function(share) function(rows) rows$item %in% sample(max(rows$item), share)
  everywhere <- function(i) c("a", "b", "c")
  cases <- list(
    paired = crossed_rows(90, everywhere, of_item(30)),
    "partly labelled" = crossed_rows(90, everywhere, some(0.4)),
    separate = crossed_rows(120, function(i) c("a", "b", "c")[1 + i %% 3], some(0.3)),
    "two of three each" = crossed_rows(150, function(i) c("a", "b", "c")[-(1 + i %% 3)],
                                       of_item(50))
  )
  for (name in names(cases)) {
    for (a in contrasts) {
      expected <- by_hand_pattern_df(cases[[name]], a)
      actual <- contrast_df(cases[[name]], a)
      expect_equal(actual[["variance"]], expected[["variance"]], tolerance = 1e-10, info = name)
      expect_equal(actual[["df"]], expected[["df"]], tolerance = 1e-10, info = name)
    }
  }
})

# Which of the unlabelled items meet which systems is not known then: they are one class.
test_that("where items meet one, two or three groups, degrees of freedom are close", {
  set.seed(6)
  sets <- list(a = 1:150, b = 31:120, c = sample(150, 70))
  rows <- crossed_rows(150, function(i) names(sets)[vapply(sets, function(s) i %in% s, NA)],
                       function(rows) rows$item %% 4 == 0)
  a <- c(a = 1, b = -0.5, c = -0.5)
  expected <- by_hand_pattern_df(rows, a)
  actual <- contrast_df(rows, a)
  expect_equal(actual[["variance"]], expected[["variance"]], tolerance = 1e-10)
  expect_equal(actual[["df"]], expected[["df"]], tolerance = 0.05)
})
