#!/usr/bin/env bash
# usage: packaging/package.sh [ARCHITECTURE...]      (x86_64 and arm64, AWS's names; both if none)
#
# Makes build/package/fast-autoscaler-lambda-ARCHITECTURE.zip: one file, bootstrap, the program as
# a fully static executable. Its libraries are fetched and built once, into build/package/
# ARCHITECTURE/; delete that folder to have them anew, with Debian's latest security fixes. With
# KAFKA=1 in the environment it speaks Kafka's protocol as well, with SIMULATE=1 it has the command
# simulate.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

make_libraries() {
    local folder=$1 debian_name=$2 made_by stamp=$1/.libraries
    shift 2
    made_by=$(cat packaging/fetch.sh packaging/libraries.sh packaging/toolchain-arm64.cmake |
        sha256sum)${KAFKA:+ with Kafka}
    [ "$(cat "$stamp" 2>/dev/null)" != "$made_by" ] || return 0
    rm -rf "$folder"

    local offers compilers key
    offers=$(packaging/fetch.sh offers "$debian_name" "$folder")
    compilers=$(for name in g++ aarch64-linux-gnu-g++; do "$name" --version | head -n 1; done)
    key="$debian_name $made_by $offers $compilers"
    if ! scripts/cached.sh get "$key" "$folder" sysroot; then
        echo "package: fetching and building the static libraries for $debian_name"
        packaging/fetch.sh fetch "$debian_name" "$folder"
        packaging/libraries.sh "$debian_name" "$folder" "$@"
        scripts/cached.sh put "$key" "$folder" sysroot
    fi
    echo "$made_by" >"$stamp"
}

check_static() {
    local kind
    kind=$(file --brief "$1")
    case "$kind" in
        *"$2"*"statically linked"*) ;;
        *)
            echo "package: $1 is not a static $2 program: $kind" >&2
            return 1
            ;;
    esac
}

package() {
    local architecture=$1 debian_name machine strip options=()
    case "$architecture" in
        x86_64) debian_name=amd64 machine=x86-64 strip=strip ;;
        arm64)
            debian_name=arm64 machine=aarch64 strip=aarch64-linux-gnu-strip
            options=(-DCMAKE_TOOLCHAIN_FILE="$PWD/packaging/toolchain-arm64.cmake")
            ;;
        *)
            echo "package: no architecture $architecture; x86_64 and arm64 are known" >&2
            return 2
            ;;
    esac
    local folder=build/package/$architecture
    make_libraries "$folder" "$debian_name" "${options[@]}"
    cmake -S . -B "$folder/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DFAS_UNITY=ON \
        -DFAS_SYSROOT="$PWD/$folder/sysroot" -DFAS_KAFKA="${KAFKA:+ON}" \
        -DFAS_SIMULATE="${SIMULATE:+ON}" "${options[@]}" \
        >"$folder/configure.log"
    cmake --build "$folder/build" --target fast-autoscaler
    "$strip" --strip-all -o "$folder/bootstrap" "$folder/build/fast-autoscaler"
    check_static "$folder/bootstrap" "$machine"
    python3 packaging/zip.py "$folder/bootstrap" \
        "build/package/fast-autoscaler-lambda-$architecture.zip"
}

[ $# -gt 0 ] || set -- x86_64 arm64
if [ $# -eq 1 ]; then
    package "$1"
    exit
fi
# At the same time: much of what makes a library keeps one core busy.
running=()
for architecture in "$@"; do
    packaging/package.sh "$architecture" &
    running+=("$!")
done
status=0
for one in "${running[@]}"; do
    wait "$one" || status=$?
done
exit "$status"
