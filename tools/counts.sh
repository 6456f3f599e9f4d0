#!/usr/bin/env bash
# Prints "N passed, N failed, N skipped": testthat's expectations and the C++ test cases of the last
# run. counts.sh <status>: a status other than 0 counts as one failure where no test failed, and so
# does a run without a test. Exits with 1 when anything failed.
source "$(dirname "$0")/common.sh"

# The numbers in the last piece of the logs that matches a pattern, on one line.
numbers() {
  grep -hoE "$1" "${@:2}" 2>/dev/null | tail -n 1 | tr -cs '[:digit:]\n' ' ' || true
  echo
}

read -r r_failed _ r_skipped r_passed \
  < <(numbers '\[ FAIL [0-9].*PASS [0-9]+ \]' .build/check/judicious.Rcheck/tests/testthat.Rout*)
read -r _ cpp_passed cpp_failed cpp_skipped < <(numbers 'test cases:.*' .build/cpp/tests.log)

passed=$((r_passed + cpp_passed))
failed=$((r_failed + cpp_failed))
if ((failed == 0 && (${1:-0} != 0 || passed == 0))); then failed=1; fi
echo "$passed passed, $failed failed, $((r_skipped + cpp_skipped)) skipped"
((failed == 0))
