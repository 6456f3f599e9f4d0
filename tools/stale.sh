#!/usr/bin/env bash
# Fails when man/, NAMESPACE or an RcppExports file is not what its sources generate.
source "$(dirname "$0")/common.sh"

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -R DESCRIPTION NAMESPACE R man src inst "$copy"
quietly .build/document.log Rscript tools/document.R "$copy"

generated=(R/RcppExports.R src/RcppExports.cpp)
# roxygen2 notes its version in DESCRIPTION; another version writes the same content differently.
if cmp -s DESCRIPTION "$copy/DESCRIPTION"; then
  generated+=(NAMESPACE man)
else
  say "NAMESPACE and man/ are not compared: DESCRIPTION names another version of roxygen2"
fi

stale=()
for path in "${generated[@]}"; do
  diff -ru "$path" "$copy/$path" || stale+=("$path")
done
((${#stale[@]} == 0)) || fail "out of date: ${stale[*]}. To regenerate: make document"
