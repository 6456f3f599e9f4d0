#!/usr/bin/env bash
# Runs every check, also after one has failed, so that one run shows all there is to mend. Says what
# each took. Two lanes, because many steps use one processor only.
source "$(dirname "$0")/common.sh"

steps=$PWD/.build/steps
rm -rf .build/check .build/vignettes .build/cpp/tests.log "$steps"
mkdir -p "$steps"

# Shows a step's output in one piece when it is done, so that the lanes do not mix.
run() {
  local what=$1 result=passed
  local log=$steps/$what.log from=$SECONDS
  shift
  "$@" >"$log" 2>&1 || { result=FAILED; touch "$steps/$what.failed"; }
  printf '%s\n%s\n' "$(cat "$log")" "$(say "$what: $result, $((SECONDS - from)) s")"
}

say "every check, in two lanes"
set -m # each lane is a process group, which an interrupt can end
lanes=()
trap 'kill -- "${lanes[@]}" 2>/dev/null; exit 130' INT TERM
(
  run "R CMD check" tools/check.sh code
) </dev/null &
lanes+=("-$!")
(
  run "the C++ core, alone" tools/core.sh
  run "rooms of the core" tools/rooms.sh
  run "format of the C++ code" tools/format.sh --check
  run "style of the R code" Rscript tools/lint.R
  run "generated files" tools/stale.sh
  run "R CMD check of vignettes" tools/check.sh vignettes
) </dev/null &
lanes+=("-$!")
wait

mapfile -t failed < <(find "$steps" -name '*.failed' -exec basename {} .failed \; | sort)
say "all checks took $SECONDS s"
say "$(tools/counts.sh "${#failed[@]}")"
((${#failed[@]} == 0)) || fail "FAILED: $(printf '%s; ' "${failed[@]}")"
say "all is well"
