#!/usr/bin/env bash
# Prints one source that holds all C++ tests of a room: their headers are read and their templates
# made once, not once per file. unity.sh <folder of the room>
set -euo pipefail
cd "${1:?usage: unity.sh <folder of a room>}"

# All includes first: those in the files below then find nothing left to do.
cat ./*.cpp | grep -hoE '^#include [<"][^>"]+[>"]' | sort -u
for file in *.cpp; do
  # Tests keep their helpers to themselves, so that no two files can clash.
  case $file in
    test_*) printf 'namespace %s {\n#include "%s"\n}  // namespace %s\n' \
      "${file%.cpp}" "$PWD/$file" "${file%.cpp}" ;;
    *) printf '#include "%s"\n' "$PWD/$file" ;;
  esac
done
