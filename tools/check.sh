#!/usr/bin/env bash
# Builds the package with its vignettes and runs R CMD check on it.
source "$(dirname "$0")/common.sh"

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
  export R_CRAN_WEB=file://$PWD/.build/cran
  mkdir -p .build/cran/web/packages
  Rscript -e 'saveRDS(cbind(Package = "none", Maintainer = "nobody", MD5sum = ""),
                      ".build/cran/web/packages/packages.rds")'
fi

out=$PWD/.build/check
log=$out/judicious.Rcheck/00check.log
mkdir -p "$out"
say "building the package and its vignettes"
from=$SECONDS
(cd "$out" && quietly build.log R CMD build ../..)
say "built in $((SECONDS - from)) s"
say "checking it, which takes some minutes"
# R CMD build has just run the vignettes: no need to run them again.
(cd "$out" && R CMD check --as-cran --no-manual --no-vignettes judicious_*.tar.gz) \
  >"$out/check.log" 2>&1 || true
say "checked in $((SECONDS - from)) s, building included"
Rscript tools/check-log.R "$log"
