#!/usr/bin/env bash
# A developer's inner loop: only what differs from HEAD, or from a commit: check-fast.sh [COMMIT].
# The whole package is for `make test`.
source "$(dirname "$0")/common.sh"

since=${1:-HEAD}
mapfile -t changed < <({
  git diff --name-only --diff-filter=d "$since" --
  git ls-files --others --exclude-standard
} | sort -u)
matching() { printf '%s\n' "${changed[@]}" | grep -E "$1" || true; }
failed=0

mapfile -t rooms < <(matching '^(inst/include/judicious|tests/cpp)/[a-z]+/' |
  sed -E 's#^(inst/include/judicious|tests/cpp)/([a-z]+)/.*#\2#' | sort -u)
mapfile -t cpp < <(matching '^(inst/include|src|tests/cpp)/.*[.](hpp|inc|cpp|h)$' | grep -v RcppExports)
mapfile -t code < <(matching '^(R|tests|tools|bench)/.*[.]R$' | grep -v RcppExports)
# A file of tests that has changed, and the tests of an R file that has.
mapfile -t tests < <(matching '^(R|tests/testthat)/[^/]*[.]R$' |
  sed -nE 's#^R/(.*)[.]R$#tests/testthat/test-\1.R#p; /test-/p' | sort -u)

if ((${#cpp[@]})); then
  tools/rooms.sh && clang-format --dry-run -Werror "${cpp[@]}" || failed=1
fi
if ((${#rooms[@]})); then
  say "rooms: ${rooms[*]}"
  tools/core.sh "${rooms[@]}" || failed=1
fi
if ((${#code[@]})); then
  say "style of ${#code[@]} R files"
  Rscript tools/lint.R "${code[@]}" || failed=1
fi
existing=()
for file in "${tests[@]}"; do [[ ! -e $file ]] || existing+=("$file"); done
if ((${#existing[@]})); then
  Rscript tools/packages.R self || failed=1
  say "tests: ${existing[*]##*/}"
  Rscript tools/test-files.R "${existing[@]}" || failed=1
fi
((failed == 0)) || fail "something failed"
say "what has changed since $since is well, in $SECONDS s"
