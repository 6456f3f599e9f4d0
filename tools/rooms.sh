#!/usr/bin/env bash
# The rooms of the core: headers live in one, and include only from rooms below their own.
source "$(dirname "$0")/common.sh"

core=inst/include/judicious
declare -A below=(
  [numeric]=""
  [data]="numeric"
  [estimate]="data numeric"
  [sample]="estimate data numeric"
  [simulate]="sample estimate data numeric"
  [ratings]="numeric"
  [confidence]="numeric"
)

wrong=0
complain() { say "$*" >&2; wrong=1; }

stray=$(find "$core" -maxdepth 1 -type f)
[[ ! $stray ]] || complain "outside the rooms: $stray"
while IFS=: read -r file include; do
  from=$(cut -d/ -f4 <<<"$file")
  to=$(sed -E 's|.*<judicious/([a-z]+)/.*|\1|' <<<"$include")
  [[ ${below[$from]+known} ]] || complain "no such room: $from"
  [[ " $from ${below[$from]-} " == *" $to "* ]] || complain "$file ($from) may not use $to: $include"
done < <(grep -rHE '#include <judicious/' "$core")
((wrong == 0)) || fail "the rooms and what they may use are listed in CONTRIBUTING.md"
