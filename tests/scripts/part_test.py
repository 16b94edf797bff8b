"""A part of CI does what its command does, and is a row of the table of times."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "part.sh"


@pytest.mark.parametrize(("status", "verdict"), [(0, ""), (3, ", FAILED")])
def test_a_part_ends_as_its_command_and_says_so(tmp_path, monkeypatch, status, verdict):
    monkeypatch.setenv("FAS_PART_TIMES", str(tmp_path / "times"))
    command = ["bash", "-c", f"echo out; echo err >&2; exit {status}"]
    run = subprocess.run(
        [SCRIPT, "some part", *command], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == status
    begin, out, end = run.stdout.splitlines()
    assert (begin, out) == ("== some part", "out")
    assert end.startswith(f"== some part{verdict}: ") and run.stderr == "err\n"
    elapsed, cpu, *name = (tmp_path / "times").read_text().split()
    assert elapsed.isdigit() and cpu.isdigit() and " ".join(name) == "some part" + verdict
