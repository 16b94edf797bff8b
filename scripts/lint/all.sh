#!/usr/bin/env bash
# usage: scripts/lint/all.sh
#
# Runs every check, also after one has failed, and ends with the verdicts. Needs build/release
# configured, for the compiler's flags, and the program built in it, which knows its settings.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

build_dir=build/release
python=.venv/bin/python
lint=scripts/lint
failed=()

check() {
    local name=$1 start=$SECONDS
    shift
    if "$@"; then
        echo "ok      $name ($((SECONDS - start)) s)"
    else
        echo "FAILED  $name ($((SECONDS - start)) s)"
        failed+=("$name")
    fi
}

shell_scripts() {
    find scripts packaging tests bench .ci \
        \( -name '*.sh' -o -path .ci/run \) -exec shellcheck {} +
}

check "format: clang-format, ruff format" $lint/format.sh --check
check "layers: a room includes only what it may know" $python $lint/layering.py src
check "coroutines: the shapes GCC 12 gets wrong" $python $lint/coroutines.py src
check "sizes: lines and columns" $python $lint/sizes.py src tests bench scripts packaging
check "Python: ruff" $python -m ruff check --quiet --config $lint/ruff.toml \
    scripts tests bench packaging
check "shell: shellcheck" shell_scripts
check "templates: as their sources say" $python scripts/deploy_templates.py --check
check "settings: schema, tables and deploy/ as the rows say" \
    $python scripts/publish_settings.py $build_dir/fast-autoscaler --check
check "headers compile alone" $python $lint/compiled.py headers $build_dir
check "clang-tidy" $python $lint/compiled.py tidy $build_dir

if [ "${#failed[@]}" -gt 0 ]; then
    printf 'lint: failed: %s\n' "${failed[@]}" >&2
    exit 1
fi
echo "lint: clean"
