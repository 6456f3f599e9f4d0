#!/usr/bin/env bash
# Runs every check, also after one has failed, so that one run shows all there is to mend.
source "$(dirname "$0")/common.sh"

failed=()
run() {
  local what=$1
  shift
  say "$what"
  "$@" || failed+=("$what")
}

rm -rf .build/check .build/cpp/*.log
run "style of the R code" Rscript tools/lint.R
run "format of the C++ code" tools/format.sh --check
run "generated files" tools/stale.sh
run "the C++ core, alone" tools/core.sh
run "R CMD check" tools/check.sh
run "the output in README.md" tools/readme.sh

say "$(tools/counts.sh "${#failed[@]}")"
((${#failed[@]} == 0)) || fail "FAILED: $(printf '%s; ' "${failed[@]}")"
say "all is well"
