# Shared by the scripts of this folder, which all work from the package's root.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p .build

# R compiles with make too; the calling make's own flags would only confuse it.
export MAKEFLAGS
MAKEFLAGS=-j$(getconf _NPROCESSORS_ONLN)

# What takes long to make and fits every clone is kept for the next one: compiled files, packages.
export JUDICIOUS_CACHE=${JUDICIOUS_CACHE:-${XDG_CACHE_HOME:-${HOME:-/nowhere}/.cache}/judicious}
mkdir -p "$JUDICIOUS_CACHE" 2>/dev/null && [[ -w $JUDICIOUS_CACHE ]] || JUDICIOUS_CACHE=$PWD/.build
export CCACHE_DIR=${CCACHE_DIR:-$JUDICIOUS_CACHE/ccache}
# The same file has the same result wherever the clone lies.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

say() { printf '[%s] %s\n' "$(basename "$0" .sh)" "$*"; }
fail() { say "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command with its output in a log, of which only the end is shown, and only on failure.
quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 && return
  tail -n 40 "$log" >&2
  fail "failed: $* (all of its output: $log)"
}
