#!/usr/bin/env bash
# usage: scripts/cached.sh KEY FOLDER NAME COMMAND...
#
# Has FOLDER/NAME from the user's cache folder, which all clones share, or makes it with COMMAND and
# keeps it there. KEY says all that it depends on. The last ones used are kept, the rest removed.
set -euo pipefail

key=$(sha256sum <<<"$1" | cut -d ' ' -f 1)
folder=$2
name=$3
shift 3
cache=${XDG_CACHE_HOME:-$HOME/.cache}/fast-autoscaler/$name
kept_max=6  # two processors, with and without Kafka, and those of a branch
entry=$cache/$key.tar

if [ -f "$entry" ] && tar --extract --file "$entry" --directory "$folder"; then
    touch "$entry"
    exit 0
fi
"$@"
mkdir -p "$cache"
made=$(mktemp "$cache/making.XXXXXX")
trap 'rm -f "$made"' EXIT
tar --create --file "$made" --directory "$folder" "$name"
mv "$made" "$entry"
# By name alone nothing but what this script wrote can be meant.
find "$cache" -name '*.tar' -printf '%T@ %p\n' | sort -rn | tail -n "+$((kept_max + 1))" |
    cut -d ' ' -f 2- | xargs -r -d '\n' rm -f
