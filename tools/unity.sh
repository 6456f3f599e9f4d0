#!/usr/bin/env bash
# Prints one source that holds all C++ tests of some rooms: their headers are read and their
# templates made once, not once per file. unity.sh ROOM...
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../tests/cpp"

includes() { grep -hoE '^#include [<"][^>"]+[>"]' "$@" | sort -u; }

mapfile -t files < <(printf '%s\n' "${@/%//*.cpp}" | while read -r room; do compgen -G "$room"; done | sort)
# Helpers of rooms that are not asked for.
while read -r helper; do
  [[ ! -e $helper || " ${files[*]} " == *" $helper "* ]] || files+=("$helper")
done < <(includes "${files[@]}" | sed -nE 's|.*"(.*/.*)\.hpp"|\1.cpp|p')

# All includes first: those in the files below then find nothing left to do.
includes "${files[@]}"
for file in "${files[@]}"; do
  # Tests keep their helpers to themselves, so that no two files can clash.
  name=${file%.cpp}
  case $file in
    */test_*) printf 'namespace %s {\n#include "%s"\n}\n' "${name//\//_}" "$file" ;;
    *) printf '#include "%s"\n' "$file" ;;
  esac
done
