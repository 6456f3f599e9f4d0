#!/usr/bin/env bash
# The core in inst/include: knows no R, every header stands alone, its tests pass with sanitizers.
# Compiles only what has changed. core.sh [ROOM...]: these rooms only.
source "$(dirname "$0")/common.sh"

if grep -rnE 'Rcpp|Rinternals|SEXP|R\.h' inst/include; then
  fail "the lines above bring R into the core, which must not know it"
fi
eigen=$(Rscript -e 'cat(system.file("include", package = "RcppEigen"))')
build=$PWD/.build/cpp
# A program of its own, so that neither replaces the other's.
(($# == 0)) || build=$PWD/.build/cpp-rooms
launcher=
have ccache && launcher=ccache
make --no-print-directory -C tests/cpp BUILD="$build" EIGEN="$eigen" LAUNCHER="$launcher" \
  ${1+ROOMS="$*"}
say "C++ tests, with sanitizers"
"$build/tests/tests" --no-colors 2>&1 | tee "$build/tests.log"
