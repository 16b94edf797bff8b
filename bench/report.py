#!/usr/bin/env python3
"""Writes docs/benchmarks.md and its charts from build/bench/results.json: figures from there alone.

What a person has to say (method.md, notes.md) is included, so that writing it anew keeps it.
"""

import os
import platform
import subprocess
from pathlib import Path

import charts
import limits
from subjects import OURS, PEERS

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent / "docs"

TITLES = {
    "coldstart.next": "Exec to the arrival of GET next",
    "coldstart.uncached": "The same, with the program's pages not in the file cache",
    "coldstart.tick": "Exec to the response of the first invocation",
    "oneshot.wall": "One check as a command: wall time",
    "oneshot.cpu": "One check as a command: CPU time",
    "oneshot.rss": "One check as a command: peak of memory",
    "size.binary": "The program, stripped",
    "size.zip": "The zip",
    "sign": "One signature of an SQS request",
    "calls": "Signed HTTPS calls a second, one thread, 64 in flight",
    "tick.latency.hold": "A check that holds, when AWS answers after 50 ms",
    "tick.latency.scale": "A check that scales out, when AWS answers after 50 ms",
    "tick.latency.scale_in": "A check that scales in, when AWS answers after 50 ms",
    "fleet.rate": "Targets checked a second by one process, of 10,000",
    "fleet.rss": "The daemon with 10,000 targets: peak of memory",
    "fleet.growth": "Time for each target, of 100,000",
    "fleet.growth.cpu": "CPU time for each target, of 100,000",
    "fleet.calls": "API calls for one look at 10,000 targets",
    "fleet.isolation": "99 % of a fleet's checks take less, while one of 20 queue endpoints hangs",
}


def first_line(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    except OSError:
        return ""
    lines = (done.stdout or done.stderr).strip().splitlines()
    return lines[0] if lines else ""


def cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def machine() -> list[str]:
    hypervisor = "hypervisor" in Path("/proc/cpuinfo").read_text()
    return [
        f"- {cpu_model()}, {os.cpu_count()} cores{', a virtual machine' if hypervisor else ''}",
        f"- Linux {platform.release().split('-')[0]}, {platform.libc_ver()[0]} "
        f"{platform.libc_ver()[1]}",
        f"- {first_line('g++', '--version')}; {first_line('/usr/bin/rustc', '--version')}; "
        f"Node.js {first_line(str(PEERS / 'bin' / 'node'), '--version')}; "
        f"{first_line(str(PEERS / 'python' / 'bin' / 'python'), '--version')}; "
        f"{first_line('/usr/sbin/nginx', '-v')}",
    ]


def ratio(value: float, ours: float) -> str:
    return f"{value / ours:.3g}" if ours else ""


def bench_section(result: dict) -> list[str]:
    name, subjects = result["bench"], result["subjects"]
    ours = subjects[OURS]["median"]
    lines = [
        f"### `{name}`: {TITLES.get(name, name)}",
        "",
        f"![{TITLES.get(name, name)}](benchmarks/{name}.svg)",
        "",
        f"| {result['unit']} | min | median | max | n | x ours |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for subject, one in subjects.items():
        cells = [charts.number(one[key]) for key in ("min", "median", "max")]
        times = ratio(one["median"], ours)
        shown = charts.label(result, subject)
        lines.append(f"| {shown} | {' | '.join(cells)} | {one['n']} | {times} |")
    return [*lines, ""]


def verdict_table(results: list[dict]) -> list[str]:
    verdicts, unjudged = limits.judge(results)
    lines = ["| bench | must reach | measured | limit | |", "|---|---|--:|--:|---|"]
    for one in verdicts:
        figure, limit = charts.number(one.figure), charts.number(one.limit)
        said = one.text() if one.met else f"**{one.text()}**"
        lines.append(
            f"| `{one.bench}` | {one.rule} | {figure} {one.unit} | {limit} {one.unit} | {said} |"
        )
    for limit in unjudged:
        lines.append(f"| `{limit.bench}` | {limit.rule} | | | not measured |")
    return [*lines, ""]


def write(results: list[dict], described: dict[str, str]) -> None:
    folder = DOCS / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    for result in results:
        title = TITLES.get(result["bench"], result["bench"])
        (folder / f"{result['bench']}.svg").write_text(charts.chart(result, title))
    lines = [
        "# Benchmarks",
        "",
        "<!-- Written by `make bench` (bench/report.py) from the figures of one run and the texts",
        "     bench/method.md and bench/notes.md: change those. -->",
        "",
        *verdict_table(results),
        (HERE / "notes.md").read_text().strip(),
        "",
        "## Figures",
        "",
    ]
    for result in results:
        lines += bench_section(result)
    lines += ["## Subjects", "", "| subject | what it is |", "|---|---|"]
    lines += [f"| `{name}` | {what} |" for name, what in described.items()]
    lines += ["", (HERE / "method.md").read_text().strip(), "", "## The machine", "", *machine()]
    (DOCS / "benchmarks.md").write_text("\n".join(lines) + "\n")
