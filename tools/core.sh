#!/usr/bin/env bash
# The core in inst/include: knows no R, compiles header by header, passes its tests with
# sanitizers. Compiles only what has changed.
source "$(dirname "$0")/common.sh"

if grep -rnE 'Rcpp|Rinternals|SEXP|R\.h' inst/include; then
  fail "the lines above bring R into the core, which must not know it"
fi
eigen=$(Rscript -e 'cat(system.file("include", package = "RcppEigen"))')
make --no-print-directory -C tests/cpp BUILD="$PWD/.build/cpp" EIGEN="$eigen"
say "C++ tests, with sanitizers"
.build/cpp/tests/tests --no-colors 2>&1 | tee .build/cpp/tests.log
