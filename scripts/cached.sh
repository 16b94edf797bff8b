#!/usr/bin/env bash
# usage: scripts/cached.sh get|put KEY FOLDER NAME
#
# What took long to make, FOLDER/NAME, in the user's cache folder, which all clones share. KEY says
# all that it depends on. `get` fails where it is not there; `put` keeps it, and of those of its
# name the last ones that were used.
set -euo pipefail

what=$1
key=$(sha256sum <<<"$2" | cut -d ' ' -f 1)
folder=$3
name=$4
cache=${XDG_CACHE_HOME:-$HOME/.cache}/fast-autoscaler/${name#.}
entry=$cache/$key.tar
kept_max=4 # of the package's libraries: for two processors, with and without Kafka

get() {
    [ -f "$entry" ] || return 1
    mkdir -p "$folder"
    # Half of it is worse than nothing.
    if ! tar --extract --file "$entry" --directory "$folder"; then
        rm -rf "${folder:?}/$name"
        return 1
    fi
    touch "$entry"
}

put() {
    local made
    mkdir -p "$cache"
    made=$(mktemp "$cache/making.XXXXXX")
    # shellcheck disable=SC2064  # of now
    trap "rm -f '$made'" EXIT
    tar --create --file "$made" --directory "$folder" "$name"
    mv "$made" "$entry"
    find "$cache" -name '*.tar' -printf '%T@ %p\n' | sort -rn | tail -n "+$((kept_max + 1))" |
        cut -d ' ' -f 2- | xargs -r -d '\n' rm -f
}

"$what"
