#!/usr/bin/env bash
# usage: packaging/test.sh
#
# Tests what package.sh made: the bootstrap of this machine's zip, unpacked, by all end-to-end
# tests, among them those under AWS's Lambda Runtime Interface Emulator; that of arm64 by a few of
# them, under qemu; and those rooms of arm64 in which the processor can make a difference (bytes,
# numbers, digests, system calls) by their C++ tests, built with the program's libraries and flags.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rooms_of_the_processor=(base json sigv4 reactor answers aws brokers)

# build/package/unpacked/ARCHITECTURE gets the program as the end-to-end tests want it.
unpack() {
    local folder=build/package/unpacked/$1
    rm -rf "$folder"
    python3 -m zipfile --extract "build/package/fast-autoscaler-lambda-$1.zip" "$folder"
    install -m 755 "$folder/bootstrap" "$folder/fast-autoscaler"
}

unpack_for_qemu() {
    local folder=build/package/unpacked/$1
    unpack "$1"
    # shellcheck disable=SC2016  # the wrapper's own
    printf '#!/bin/sh\nexec qemu-aarch64-static "$(dirname "$0")/bootstrap" "$@"\n' \
        >"$folder/fast-autoscaler"
    chmod 755 "$folder/bootstrap"
}

end_to_end() {
    scripts/part.sh "end-to-end tests (the packaged program, $1)" \
        env FAS_BUILD_DIR="build/package/unpacked/$1" \
        .venv/bin/python -m pytest -n auto --dist worksteal "${@:2}"
}

machine=$(uname -m)
unpack "${machine/aarch64/arm64}"
end_to_end "${machine/aarch64/arm64}" tests/e2e
if [ "$machine" = x86_64 ]; then
    unpack_for_qemu arm64
    end_to_end arm64 tests/e2e/scaling_test.py tests/e2e/signals_test.py
fi

build_dir=build/package/arm64/build
scripts/part.sh "building C++ tests (arm64)" \
    cmake --build "$build_dir" --target "${rooms_of_the_processor[@]/%/_test}"
scripts/part.sh "C++ tests (arm64, under qemu)" \
    ctest --test-dir "$build_dir" --parallel "$(nproc)" --output-on-failure --no-tests=error \
    --timeout 300 --progress --tests-regex "^($(IFS='|' && echo "${rooms_of_the_processor[*]}"))\."
