#!/usr/bin/env bash
# usage: packaging/test.sh
#
# Tests what package.sh made: the bootstrap of this machine's zip, unpacked, by all end-to-end
# tests, among them those under AWS's Lambda Runtime Interface Emulator; and the C++ tests of arm64
# under qemu, built with the same libraries and flags as its program.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

architecture=$(uname -m)
unpacked=build/package/unpacked
rm -rf "$unpacked"
zip=build/package/fast-autoscaler-lambda-${architecture/aarch64/arm64}.zip
python3 -m zipfile --extract "$zip" "$unpacked"
install -m 755 "$unpacked/bootstrap" "$unpacked/fast-autoscaler"
echo "== End-to-end tests (the packaged program, $architecture)"
FAS_BUILD_DIR=$unpacked .venv/bin/python -m pytest tests/e2e -n auto

echo "== C++ tests (arm64, under qemu)"
cmake --build build/package/arm64/build
ctest --test-dir build/package/arm64/build --parallel "$(nproc)" --output-on-failure \
    --no-tests=error --timeout 300 --progress
