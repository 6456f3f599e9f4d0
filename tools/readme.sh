#!/usr/bin/env bash
# Does README.md show what its code prints?
source "$(dirname "$0")/common.sh"

Rscript tools/packages.R self
Rscript tools/readme.R --check
