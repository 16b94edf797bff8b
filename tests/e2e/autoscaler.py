"""Runs the binary under test and reads its answers."""

import json
import os
import subprocess
from dataclasses import dataclass

from processes import PATIENCE_S, Process, binary, clean_environment


@dataclass
class Outcome:
    status: int
    stdout: str
    stderr: str

    @property
    def lines(self) -> list[dict]:
        """One JSON object for each line of stdout."""
        return [json.loads(line) for line in self.stdout.splitlines()]

    @property
    def check(self) -> dict:
        """The only check that was made."""
        assert len(self.lines) == 1, f"{len(self.lines)} checks\n{self.stdout}{self.stderr}"
        return self.lines[0]

    @property
    def logs(self) -> list[dict]:
        return [json.loads(line) for line in self.stderr.splitlines()]


def run(
    arguments: list[str], environment: dict[str, str] | None = None, stdin: str = ""
) -> Outcome:
    done = subprocess.run(
        [str(binary()), *arguments],
        env=clean_environment(environment),
        input=stdin,
        text=True,
        errors="replace",
        capture_output=True,
        timeout=2 * PATIENCE_S,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def once(environment: dict[str, str], *arguments: str) -> Outcome:
    return run(["once", "--json", *arguments], environment)


def start(arguments: list[str], environment: dict[str, str]) -> Process:
    return Process([str(binary()), *arguments], clean_environment(environment))


def numbers(check: dict) -> tuple[str, int | None, int | None]:
    """What a check decided, in short: ("scale_out", 2, 5)."""
    return check["action"], check["current_tasks"], check["new_tasks"]


def file_descriptors(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))
