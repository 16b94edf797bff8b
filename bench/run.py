#!/usr/bin/env python3
"""Runs the benchmarks, prints their figures beside their limits, and keeps them.

usage: run.py [--runs N] [--only WORD]... [--without-report]      (what `make bench` does)

FAS_PROGRAM is the program that is measured (the static one of build/package if unset),
FAS_BENCH_DIR the folder of the C++ benchmarks (build/bench/bench if unset). Writes
build/bench/results.json, only what was measured in this run, and docs/benchmarks.md from it. Exit
status 0 when everything was measured, within its limits or not.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import fleet_measures
import host_names
import limits
import measure
import report
import servers
import subjects
import tick_latency

PROJECT = Path(__file__).resolve().parent.parent
RESULTS = PROJECT / "build" / "bench" / "results.json"


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=30, help="of each subject; 30 if unset")
    parser.add_argument("--only", action="append", help="benches whose name begins so")
    parser.add_argument("--without-report", action="store_true", help="leave docs/ as it is")
    return parser.parse_args()


def programs() -> Path:
    return PROJECT / os.environ.get("FAS_BENCH_DIR", "build/bench/bench")


BENCHES = [
    ("coldstart", measure.cold_starts),
    ("coldstart.uncached", measure.uncached),
    ("oneshot", measure.one_shots),
    ("size", measure.sizes),
    ("sign", measure.signatures),
    ("calls", measure.calls),
    ("tick.latency", lambda tools, everybody: tick_latency.measure()),
    ("fleet.rate", fleet_measures.rates),
    ("fleet.rss", fleet_measures.memory),
    ("fleet.growth", fleet_measures.growth),
    ("fleet.calls", fleet_measures.calls),
    ("fleet.isolation", fleet_measures.isolation),
]


def wanted(name: str, only: list[str] | None) -> bool:
    return not only or any(name.startswith(word) for word in only)


def run_all(tools: measure.Tools, everybody: list, only: list[str] | None) -> tuple[list, bool]:
    results, failed = [], False
    for name, bench in BENCHES:
        if not wanted(name, only):
            continue
        print(f"measuring {name} ...", file=sys.stderr)
        began = time.monotonic()
        try:
            results += bench(tools, everybody)
        except (OSError, RuntimeError, TimeoutError, ValueError, subprocess.SubprocessError) as e:
            print(f"bench: {name} was not measured: {e}", file=sys.stderr)
            failed = True
        print(f"  {time.monotonic() - began:.0f} s", file=sys.stderr)
    return results, failed


def print_table(results: list[dict], verdicts: list) -> None:
    row = "{:<19} {:<16} {:>10} {:>10} {:>10} {:>4} {}"
    print(row.format("bench", "subject", "min", "median", "max", "n", "unit"))
    for result in results:
        for subject, figures in result["subjects"].items():
            numbers = [f"{figures[name]:.4g}" for name in ("min", "median", "max")]
            numbers = [f"{float(number):,.6g}" for number in numbers]
            name = result["bench"] if subject == subjects.OURS else ""
            print(row.format(name, subject, *numbers, figures["n"], result["unit"]))
    print()
    for one in verdicts:
        print(f"{one.bench:<19} {one.rule:<42} {one.figure:10.4g} {one.limit:10.4g} "
              f"{one.unit:<8} {one.text()}")  # fmt: skip


def main() -> int:
    chosen = options()
    host_names.run_with_names(RESULTS.parent)
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        with servers.running_servers(Path(folder)) as stage:
            bundles = subjects.make_bundles(stage)
            everybody = [subjects.ours(bundles), *subjects.sdk_subjects(bundles)]
            tools = measure.Tools(stage, programs(), chosen.runs)
            measure.check_same_work(tools, everybody)
            results, failed = run_all(tools, everybody, chosen.only)
            described = {one.name: one.what for one in everybody} | fleet_measures.DESCRIBED
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({"results": results}, indent=2) + "\n")
    verdicts, unjudged = limits.judge(results)
    print_table(results, verdicts)
    print(f"\nwritten to {RESULTS.relative_to(PROJECT)}")
    if not chosen.without_report:
        report.write(results, described)
        print("written to docs/benchmarks.md")
    unjudged = [one for one in unjudged if wanted(one.bench, chosen.only)]
    for one in unjudged:
        print(f"bench: {one.bench}: not measured: {one.rule}", file=sys.stderr)
    return 1 if failed or unjudged else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except measure.NotMeasured as error:
        sys.exit(f"bench: {error}")
