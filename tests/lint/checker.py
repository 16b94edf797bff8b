"""Runs one of the linters on samples."""

import subprocess
import sys
from pathlib import Path

LINT = Path(__file__).resolve().parents[2] / "scripts" / "lint"


def write_tree(root, files):
    """Lays down {path: text} under root."""
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def run_checker(name, *arguments):
    """(passed, output) of scripts/lint/NAME.py."""
    command = [sys.executable, LINT / f"{name}.py", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode in (0, 1) and not run.stderr, run.stderr
    return run.returncode == 0, run.stdout
