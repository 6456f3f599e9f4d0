#!/usr/bin/env bash
# Builds the package and runs R CMD check on it, in two parts that can run at the same time.
#   check.sh code       without vignettes, which take long to build: everything about code, help
#                       pages, examples and tests
#   check.sh vignettes  with them: they run, and everything about the files that go out is well
source "$(dirname "$0")/common.sh"

case ${1-} in
  code) out=$PWD/.build/check build=(--no-build-vignettes) check=(--ignore-vignettes) ;;
  # R CMD build has just run the vignettes, and the other part looks at code.
  vignettes)
    out=$PWD/.build/vignettes build=()
    check=(--no-vignettes --no-codoc --no-examples --no-tests)
    export _R_CHECK_USE_CODETOOLS_=false
    ;;
  *) fail "usage: check.sh code|vignettes" ;;
esac
mkdir -p "$out/source"
# R CMD build first copies all that is there, also what the other part is writing just now.
tar -cf - --exclude=./.build --exclude=./.git . | tar -xf - -C "$out/source"

export TESTTHAT_CPUS
TESTTHAT_CPUS=$(getconf _NPROCESSORS_ONLN)
export NOT_CRAN=true                          # all tests, not only those for CRAN
export _R_CHECK_CRAN_INCOMING_=false          # asks the network
export _R_CHECK_SYSTEM_CLOCK_=false           # asks the network
export _R_CHECK_RD_VALIDATE_RD2HTML_=false    # wants the program tidy
export _R_CHECK_RD_MATH_RENDERING_=false      # wants the package V8
export _R_CHECK_TESTS_NLINES_=0               # all of a failing test's output
# Debugging symbols would make the library twenty times as large and slow the compiler.
MAKEFLAGS+=' -- CXX17FLAGS=-O2'
# Building the vignettes and the check both compile the package: the second time is a copy.
if have ccache; then
  MAKEFLAGS+=" CXX17=ccache\\ $(R CMD config CXX17)"
fi
# Chats live in a library of their own; without it the tests that ask them are skipped.
R_LIBS=$(Rscript tools/packages.R chat_library)${R_LIBS:+:$R_LIBS}
export R_LIBS
if [[ $(Rscript tools/packages.R missing suggested) ]]; then
  export _R_CHECK_FORCE_SUGGESTS_=false
  # Whether a missing package is orphaned would be asked of the network: here nobody is.
  export R_CRAN_WEB=file://$out/cran
  mkdir -p "$out/cran/web/packages"
  Rscript -e 'saveRDS(cbind(Package = "none", Maintainer = "nobody", MD5sum = ""),
                      commandArgs(TRUE))' "$out/cran/web/packages/packages.rds"
fi

log=$out/judicious.Rcheck/00check.log
from=$SECONDS
(cd "$out" && quietly build.log R CMD build "${build[@]}" source)
say "$1: built in $((SECONDS - from)) s"
(cd "$out" && R CMD check --as-cran --no-manual "${check[@]}" judicious_*.tar.gz) \
  >"$out/check.log" 2>&1 || true
say "$1: checked in $((SECONDS - from)) s, building included"
Rscript tools/check-log.R "$log"
