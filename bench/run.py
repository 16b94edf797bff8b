#!/usr/bin/env python3
"""Runs the benchmarks, prints their figures beside their limits, and keeps them.

usage: run.py     (what `make bench` does)

FAS_BUILD_DIR is the build whose program is measured (build/release if unset), FAS_BENCH_DIR the
folder of the C++ benchmarks (bench in it, if unset). Writes build/bench/results.json: only what was
measured in this run. Exit status 0 when all was measured and within its limits.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import tick_latency

PROJECT = Path(__file__).resolve().parent.parent
RESULTS = PROJECT / "build" / "bench" / "results.json"

SIGN_TIME_MAX_S = 600
# One signature is to cost at most this many times the hashes that it cannot do without.
SIGN_TO_HASHES_MAX = 2.0


def bench_dir() -> Path:
    return PROJECT / os.environ.get("FAS_BENCH_DIR", tick_latency.build_dir() / "bench")


def measure_sign() -> list[dict]:
    """bench/sign.cpp says what is compared. Pairs run in turns, for the machine's clock drifts."""
    command = [
        str(bench_dir() / "sign_bench"),
        "--benchmark_filter=^(sign|hashes)$",
        "--benchmark_enable_random_interleaving=true",
        "--benchmark_repetitions=20",
        "--benchmark_min_time=0.1",
        "--benchmark_format=json",
    ]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, check=True, text=True, timeout=SIGN_TIME_MAX_S
    )
    times: dict[str, list[float]] = {"sign": [], "hashes": []}
    for one in json.loads(done.stdout)["benchmarks"]:
        if one["run_type"] == "iteration":
            if one["time_unit"] != "ns":
                raise RuntimeError(f"sign_bench measures in {one['time_unit']}, expected ns")
            times[one["run_name"]].append(one["cpu_time"])
    ours, hashes = tick_latency.spread(times["sign"]), tick_latency.spread(times["hashes"])
    return [
        {
            "bench": "sign",
            "unit": "ns",
            "better": "lower",
            "limit": round(SIGN_TO_HASHES_MAX * hashes["median"], 3),
            "subjects": {"fast-autoscaler": ours, "hashes": hashes},
        }
    ]


def verdict(result: dict) -> str:
    if "limit" not in result:
        return ""
    return "pass" if result["subjects"]["fast-autoscaler"]["median"] <= result["limit"] else "MISS"


def print_table(results: list[dict]) -> None:
    row = "{:<25} {:<16} {:>9} {:>9} {:>9} {:>4} {:<4} {:>9} {}"
    print(row.format("bench", "subject", "min", "median", "max", "n", "unit", "limit", "").rstrip())
    for result in results:
        for subject, figures in result["subjects"].items():
            of_ours = subject == "fast-autoscaler"
            numbers = [f"{figures[name]:.1f}" for name in ("min", "median", "max")]
            limit = f"{result['limit']:.1f}" if of_ours and "limit" in result else ""
            judged = verdict(result) if of_ours else ""
            name = result["bench"] if of_ours else ""
            line = (name, subject, *numbers, figures["n"], result["unit"], limit, judged)
            print(row.format(*line).rstrip())


def main() -> int:
    results, failed = [], False
    for name, measure in [("tick.latency", tick_latency.measure), ("sign", measure_sign)]:
        print(f"measuring {name} ...", file=sys.stderr)
        try:
            results += measure()
        except (OSError, RuntimeError, TimeoutError, subprocess.SubprocessError) as error:
            print(f"bench: {name} was not measured: {error}", file=sys.stderr)
            failed = True
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({"results": results}, indent=2) + "\n")
    print_table(results)
    print(f"\nwritten to {RESULTS.relative_to(PROJECT)}")
    missed = [result["bench"] for result in results if verdict(result) == "MISS"]
    return 1 if failed or missed else 0


if __name__ == "__main__":
    sys.exit(main())
