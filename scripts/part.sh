#!/usr/bin/env bash
# usage: scripts/part.sh NAME COMMAND...
#
# Runs a part of what is built or tested, says which, and how long it took. Where FAS_PART_TIMES
# names a file (.ci/run does), that becomes a row of its table: the seconds that went by, those of
# the processors' time, and the name.
set -euo pipefail

name=$1
shift
status=0
TIMEFORMAT='%R %U %S'
echo "== $name"
{ taken=$({ time "$@" >&3 2>&4; } 2>&1) || status=$?; } 3>&1 4>&2
read -r elapsed user_s system_s <<<"$taken"
[ "$status" -eq 0 ] || name+=", FAILED"
row=$(awk -v name="$name" -v s="$elapsed" -v user_s="$user_s" -v system_s="$system_s" \
    'BEGIN { printf "%6.0f %6.0f  %s", s, user_s + system_s, name }')
echo "$row" >>"${FAS_PART_TIMES:-/dev/null}"
echo "== $name: ${elapsed%.*} s"
exit "$status"
