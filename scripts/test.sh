#!/usr/bin/env bash
# usage: scripts/test.sh BUILD_DIR [FUZZ_BUILD_DIR]
#
# Runs the C++ tests of a build, then the Python tests against its program, then the fuzz targets
# (each over its seeds and for a moment more), and says how all of them went. Fails when any fails.
# SKIP in the environment names Python tests that are left out.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build_dir=$1
fuzz_build_dir=${2:-}
fuzz_seconds_each=2
log_dir=$build_dir/test-logs
mkdir -p "$log_dir"
failed=0
left_out=(tests/brokers)
read -r -a asked_to_leave_out <<<"${SKIP:-}"
left_out+=("${asked_to_leave_out[@]}")

export FAS_BUILD_DIR=$build_dir
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}

scripts/part.sh "C++ tests ($build_dir)" ctest --test-dir "$build_dir" --parallel "$(nproc)" \
    --output-on-failure --no-tests=error --timeout 300 2>&1 |
    tee "$log_dir/ctest.txt" || failed=1

# A worker takes tests that stand together, and so makes few of the worlds that folders share.
scripts/part.sh "Python tests ($build_dir)" .venv/bin/python -m pytest tests \
    "${left_out[@]/#/--ignore=}" -n auto --dist worksteal 2>&1 |
    tee "$log_dir/pytest.txt" || failed=1

if [ -n "$fuzz_build_dir" ]; then
    scripts/part.sh "fuzz targets ($fuzz_build_dir)" \
        scripts/fuzz.sh "$fuzz_build_dir" "$fuzz_seconds_each" 2>&1 |
        tee "$log_dir/fuzz.txt" || failed=1
fi

echo "== Summary ($build_dir)"
echo "C++:    $(grep 'tests passed,' "$log_dir/ctest.txt" || echo 'ctest did not finish')"
echo "Python: $(grep -E '^=+ .* in [0-9.]+s' "$log_dir/pytest.txt" | sed -E 's/^=+ | =+$//g')"
[ -z "$fuzz_build_dir" ] || echo "Fuzz:   $(grep '^fuzz: ' "$log_dir/fuzz.txt")"
exit "$failed"
