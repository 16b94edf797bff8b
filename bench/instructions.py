#!/usr/bin/env python3
"""Counts the packaged program's instructions, and compares them with those that are kept.

usage: instructions.py [--record]                     (what `make instructions [RECORD=1]` does)

bench/instructions.json keeps the counts (counted_runs.py says of what). What differs by more than
1 % is said. A growth of more than 3 % fails, unless a commit that came after the kept counts says
in a trailer how much, and why:

    Instructions: first-check +4 % because each host's certificate is looked at twice

--record keeps what was counted now: after a growth that was said so, after an improvement, and
where the libraries are others (Debian's security fixes), which is said too.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import counted_runs

PROJECT = Path(__file__).resolve().parent.parent
KEPT = PROJECT / "bench" / "instructions.json"
SAID_ABOVE, REFUSED_ABOVE = 1.0, 3.0  # percent
TRAILER = re.compile(r"(\S+) \+(\d+(?:\.\d+)?) ?% because \S")


@dataclass
class Comparison:
    name: str
    kept: int
    counted: int
    allowed: float  # percent, by trailers

    @property
    def percent(self) -> float:
        return 100 * (self.counted / self.kept - 1)

    @property
    def refused(self) -> bool:
        """What was allowed was rounded by whoever wrote it."""
        return self.percent > max(REFUSED_ABOVE, self.allowed + SAID_ABOVE)

    def __str__(self) -> str:
        text = f"{self.name:<12} {self.counted:>13,}  kept {self.kept:>13,}  {self.percent:+6.2f} %"
        if self.refused:
            return text + "  TOO MUCH"
        if self.percent > REFUSED_ABOVE:
            return text + f"  allowed: a commit says +{self.allowed:g} %"
        if abs(self.percent) > SAID_ABOVE:
            return text + ("  more" if self.percent > 0 else "  less: RECORD=1 keeps it")
        return text


def allowed_by(trailers: list[str]) -> dict[str, float]:
    """Percent by name; several commits' add up. ValueError for a trailer that says it otherwise."""
    allowed: dict[str, float] = {}
    for trailer in trailers:
        found = TRAILER.match(trailer)
        if not found or found[1] not in counted_runs.RUNS:
            names = ", ".join(counted_runs.RUNS)
            raise ValueError(
                f"the trailer 'Instructions: {trailer}' is not understood: it is NAME +N % because "
                f"WHY, with a NAME of {names}"
            )
        allowed[found[1]] = allowed.get(found[1], 0) + float(found[2])
    return allowed


def git(repository: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def trailers_since(repository: Path, file: Path) -> list[str]:
    """Those of the commits that came after the file's last one."""
    kept_by = git(repository, "log", "-1", "--format=%H", "--", str(file)).strip()
    if not kept_by:
        return []
    form = "--format=%(trailers:key=Instructions,valueonly,unfold)"
    return [line for line in git(repository, "log", form, f"{kept_by}..").splitlines() if line]


def compare(kept: dict, counted: dict, allowed: dict[str, float]) -> list[Comparison]:
    """Of what is counted and kept; a name that has no kept count yet is left out."""
    return [
        Comparison(name, kept[name], number, allowed.get(name, 0))
        for name, number in counted.items()
        if name in kept
    ]


def libraries() -> dict[str, str]:
    """Those that are built for the package, with their versions."""
    [file] = [
        *counted_runs.PACKAGE.glob("versions.txt"),
        *counted_runs.PACKAGE.glob("sysroot/versions.txt"),
    ]
    lines = file.read_text().splitlines()
    return dict(line.removesuffix(" (source)").split("\t") for line in lines)


def record(counted: dict[str, int]) -> int:
    KEPT.write_text(json.dumps({"counts": counted, "libraries": libraries()}, indent=2) + "\n")
    for name, number in counted.items():
        print(f"{name:<12} {number:>13,}  kept from now on")
    return 0


def report(kept: dict, counted: dict[str, int]) -> int:
    """Prints each, and what to do. The exit status."""
    allowed = allowed_by(trailers_since(PROJECT, KEPT))
    comparisons = compare(kept["counts"], counted, allowed)
    for one in comparisons:
        print(one)
    missing = sorted(counted.keys() - kept["counts"].keys())
    if missing:
        print(f"not kept yet: {', '.join(missing)}; make instructions RECORD=1 keeps them")
    for name, version in libraries().items():
        before = kept["libraries"].get(name)
        if before != version:
            print(f"{name} is {version} here, and was {before}: counts may differ by that alone")
    if not any(one.refused for one in comparisons):
        return 1 if missing else 0
    print(
        "It grew. callgrind_annotate says where. If it is worth it, say so in a trailer of the "
        "commit:\n    Instructions: NAME +N % because WHY",
        file=sys.stderr,
    )
    return 1


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--record"]):
        print(__doc__, file=sys.stderr)
        return 2
    counted = counted_runs.count_all()
    return record(counted) if arguments else report(json.loads(KEPT.read_text()), counted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
