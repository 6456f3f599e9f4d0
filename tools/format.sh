#!/usr/bin/env bash
# Formats the C++ sources in place; with --check only says where they are not formatted.
source "$(dirname "$0")/common.sh"

mode=(-i)
[[ ${1:-} == --check ]] && mode=(--dry-run -Werror)
find inst/include src tests/cpp \( -name '*.hpp' -o -name '*.inc' -o -name '*.cpp' -o -name '*.h' \) \
  ! -name RcppExports.cpp -print0 | xargs -0 clang-format "${mode[@]}"
