#!/usr/bin/env bash
# Installs what is missing and nothing else.
#   setup.sh run      what installing and using the package needs
#   setup.sh develop  and what testing it needs
# System tools come from Debian's packages; R packages do where Debian's versions suffice, else from
# CRAN. Without root (or sudo without a password), R packages go to the user's own library.
source "$(dirname "$0")/common.sh"

purpose=${1:?usage: setup.sh run|develop}
log=.build/setup.log
apt_updated=

as_root() { if [[ $(id -u) == 0 ]]; then "$@"; else sudo -n "$@"; fi; }
can_apt() { have apt-get && as_root true 2>/dev/null; }

apt_update() {
  [[ $apt_updated ]] && return
  say "reading Debian's package lists"
  as_root apt-get update -qq >"$log" 2>&1 || say "could not refresh them, going on with the old ones"
  apt_updated=yes
}

apt_install() {
  apt_update
  say "installing from Debian: $*"
  quietly "$log" as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
    --no-install-recommends -o DPkg::Lock::Timeout=600 "$@"
}

has_doctest() {
  have g++ && g++ -E -xc++ - <<<'#include <doctest/doctest.h>' >/dev/null 2>&1
}

has_openssl() { g++ -E -xc++ - <<<'#include <openssl/ssl.h>' >/dev/null 2>&1; }

# The Debian packages of the system tools that are missing.
missing_tools() {
  have Rscript || echo r-base-dev
  have g++ || echo g++
  have make || echo make
  [[ $purpose == develop ]] || return 0
  have pandoc || echo pandoc
  have qpdf || echo qpdf
  have clang-format || echo clang-format
  has_doctest || echo doctest-dev
  have ccache || ! can_apt || echo ccache # saves time only
  have curl-config || ! can_apt || echo libcurl4-openssl-dev # for chats
  has_openssl || ! can_apt || echo libssl-dev # for the driver of a browser
}

has_postgres() { have postgres || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }

# optional_tool PACKAGE WITHOUT TEST...: installs it unless the test passes; does without otherwise.
optional_tool() {
  local package=$1 without=$2
  shift 2
  if "$@"; then return; fi
  if can_apt && (apt_install "$package"); then return; fi
  say "$package cannot be had here: $without"
}

# Reads "package minimum" lines; prints Debian's binaries that are recent enough.
debian_binaries() {
  local name minimum candidate
  while read -r name minimum; do
    name=r-cran-${name,,}
    candidate=$(LC_ALL=C apt-cache policy "$name" | awk '/Candidate:/ { print $2 }')
    [[ $candidate && $candidate != "(none)" ]] || continue
    if dpkg --compare-versions "${candidate#*:}" ge "$minimum"; then echo "$name"; fi
  done
}

# R packages of Debian serve Debian's own R only.
is_debian_r() { [[ $(R RHOME) == /usr/lib/R ]]; }

# install_packages PURPOSE: those missing, from Debian where that suffices, else from CRAN.
install_packages() {
  local missing binaries
  missing=$(Rscript tools/packages.R missing "$1")
  if [[ ! $missing ]]; then
    say "no R package is missing to $1"
    return
  fi
  if can_apt && is_debian_r; then
    apt_update
    mapfile -t binaries < <(debian_binaries <<<"$missing")
    [[ -e /etc/ssl/certs/ca-certificates.crt ]] || binaries+=(ca-certificates)
    if ((${#binaries[@]})); then apt_install "${binaries[@]}"; fi
  fi
  Rscript tools/packages.R install "$1"
}

mapfile -t tools < <(missing_tools)
if ((${#tools[@]})); then
  can_apt || fail "missing, and installing them needs root (and Debian):" \
    "apt-get install --no-install-recommends ${tools[*]}"
  apt_install "${tools[@]}"
fi

if ! install_packages "$purpose"; then
  can_apt || say "on Debian, an administrator may get them with: apt-get install" \
    "$(Rscript tools/packages.R missing "$purpose" | awk '{ print "r-cran-" tolower($1) }' | xargs)"
  exit 1
fi
if [[ $purpose == develop ]]; then
  optional_tool chromium "pages are not looked at in a browser" have chromium
  optional_tool postgresql "the tests that ask a database server will be skipped" has_postgres
  optional_tool libpq-dev "the tests that ask a database server will be skipped" have pg_config
  (install_packages chat) || say "the tests that ask chats will be skipped"
  (install_packages browser) || say "the tests in a browser will be skipped"
  (install_packages database) || say "the tests that ask a database server will be skipped"
fi
