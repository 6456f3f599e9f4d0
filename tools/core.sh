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

program=$build/tests/tests
passed=$build/passed
# The tests read no files, so the program and its shared libraries say all there is to know of a
# run: the same ones need not pass again. `make clean` forgets.
state() { { echo "$program" && ldd "$program" | awk '$3 ~ "^/" { print $3 }'; } | xargs sha256sum; }
if [[ -e $passed.log ]] && cmp -s <(state) "$passed.state"; then
  say "C++ tests, with sanitizers: unchanged since they passed, as follows"
  tee "$build/tests.log" <"$passed.log"
  exit
fi
say "C++ tests, with sanitizers"
rm -f "$passed".*
"$program" --no-colors 2>&1 | tee "$build/tests.log"
cp "$build/tests.log" "$passed.log"
state >"$passed.state"
