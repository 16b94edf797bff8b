#!/usr/bin/env bash
# usage: scripts/fuzz.sh BUILD_DIR SECONDS_EACH [TARGET...]
#
# Runs the fuzz targets of a build (all without names), each for so long, as many at a time as there
# are cores, and prints what came of it. Each begins with its seeds and with what earlier runs in
# this build folder came upon. Fails when anything was found; the input is kept, and the command
# that repeats it is printed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

run_target() {
    local build_dir=$1 seconds=$2 name=$3
    local corpus=$build_dir/corpus/$name findings=$build_dir/findings/$name
    mkdir -p "$corpus" "$findings" "$build_dir/fuzz-logs"
    # A parser that takes seconds for a few kilobytes, or a gigabyte, is a finding too.
    "$build_dir/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 \
        -print_final_stats=1 -artifact_prefix="$findings/" "$corpus" "tests/fuzz/seeds/$name" \
        >"$build_dir/fuzz-logs/$name.txt" 2>&1 || echo "$name" >>"$build_dir/fuzz-logs/.failed"
}

# The last number after a word in a target's log; 0 without one.
figure() {
    sed -n "s/.*\<$1:\? *\([0-9]\+\).*/\1/p" "$2" | tail -n 1 | grep . || echo 0
}

print_row() {
    local build_dir=$1 name=$2
    local log=$build_dir/fuzz-logs/$name.txt
    local before after verdict=ok
    before=$(sed -n 's/.*INITED cov: \([0-9]*\).*/\1/p' "$log" | tail -n 1)
    after=$(figure cov "$log")
    grep -qx "$name" "$build_dir/fuzz-logs/.failed" && verdict=FOUND
    printf '%-22s %12s %10s %6s  %s\n' "$name" \
        "$(figure stat::number_of_executed_units "$log")" "$after" \
        "+$((after - ${before:-$after}))" "$verdict"
}

explain() {
    local build_dir=$1 name=$2 input
    local log=$build_dir/fuzz-logs/$name.txt
    echo
    echo "$name: $(grep -m 1 -E 'does not hold|ERROR: |runtime error: ' "$log" || tail -n 1 "$log")"
    input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
    if [ -n "$input" ]; then
        echo "  repeat: $build_dir/tests/fuzz/fuzz_$name $input"
        echo "  mended? keep the input: cp $input tests/fuzz/seeds/$name/WHAT_IT_IS"
    fi
    echo "  all of it: $log"
}

build_dir=$1
seconds=$2
shift 2
names=("$@")
if [ "${#names[@]}" -eq 0 ]; then
    mapfile -t names < <(cd tests/fuzz/targets && printf '%s\n' *.cpp | sed 's/\.cpp$//')
fi
# Names functions and lines in reports; clang's own would be another 70 MB to install.
export ASAN_OPTIONS=${ASAN_OPTIONS:-external_symbolizer_path=$(command -v addr2line)}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}

mkdir -p "$build_dir/fuzz-logs"
: >"$build_dir/fuzz-logs/.failed"
for name in "${names[@]}"; do
    [ "$(jobs -rp | wc -l)" -lt "$(nproc)" ] || wait -n
    run_target "$build_dir" "$seconds" "$name" &
done
wait

printf '%-22s %12s %10s %6s  %s\n' target executions coverage new result
for name in "${names[@]}"; do
    print_row "$build_dir" "$name"
done
mapfile -t failed < <(sort "$build_dir/fuzz-logs/.failed")
for name in "${failed[@]}"; do
    explain "$build_dir" "$name" >&2
done
echo "fuzz: ${#names[@]} targets, $seconds s each, ${#failed[@]} with a finding"
[ "${#failed[@]}" -eq 0 ]
