"""`make run`: the demonstration works, and leaves nothing running."""

import os
import signal
import subprocess
import sys

import pytest

from processes import PROJECT, Process, clean_environment, eventually


@pytest.fixture
def demo():
    settings = {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"}
    if "FAS_BUILD_DIR" in os.environ:
        settings["FAS_BUILD_DIR"] = os.environ["FAS_BUILD_DIR"]
    command = [sys.executable, str(PROJECT / "scripts" / "demo.py")]
    with Process(command, clean_environment(settings)) as process:
        yield process


def children(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def exists(pid: int) -> bool:
    return os.path.exists(f"/proc/{pid}")


def test_tasks_follow_the_queue_out_and_back_in(demo):
    demo.wait_for_text(r"First scale-out", "stdout", patience_s=120)
    assert demo.wait() == 0, demo.stderr
    assert "scale out" in demo.stdout and "scale in" in demo.stdout
    assert "FAILED" not in demo.stdout
    assert demo.stderr == ""


def test_ctrl_c_ends_it_and_what_it_started(demo):
    demo.wait_for_text(r"time +action", "stdout")
    [daemon] = children(demo.pid)
    demo.signal(signal.SIGINT)
    assert demo.wait() == 130
    eventually(lambda: not exists(daemon), "the daemon has ended")


def test_without_a_build_it_says_what_to_do(tmp_path):
    environment = clean_environment({"FAS_BUILD_DIR": str(tmp_path)})
    command = [sys.executable, str(PROJECT / "scripts" / "demo.py")]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 1
    assert "make build" in done.stderr
