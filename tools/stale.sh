#!/usr/bin/env bash
# Fails when man/, NAMESPACE or an RcppExports file is not what its sources generate.
source "$(dirname "$0")/common.sh"

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -R DESCRIPTION NAMESPACE R man src inst "$copy"
quietly .build/document.log Rscript tools/document.R "$copy"

stale=
for path in NAMESPACE man R/RcppExports.R src/RcppExports.cpp; do
  diff -ru "$path" "$copy/$path" || stale+=" $path"
done
[[ ! $stale ]] || fail "out of date:$stale. To regenerate: make document"
