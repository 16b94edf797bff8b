#!/usr/bin/env bash
# usage: scripts/lint/format.sh [--check]
#
# Formats the C++ and Python sources; with --check it only says whether they are formatted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

mapfile -t sources < <(find src tests bench \( -name '*.h' -o -name '*.cpp' \) | sort)
ruff=(.venv/bin/python -m ruff format --quiet --config scripts/lint/ruff.toml)

failed=0
if [ "${1:-}" = --check ]; then
    clang-format-19 --dry-run -Werror "${sources[@]}" || failed=1
    "${ruff[@]}" --diff scripts packaging tests bench || failed=1
else
    clang-format-19 -i "${sources[@]}" || failed=1
    "${ruff[@]}" scripts packaging tests bench || failed=1
fi
exit "$failed"
