"""`make run`: the demonstration works, and leaves nothing running."""

import os
import signal
import subprocess
import sys

import pytest

from processes import PROJECT, Process, clean_environment, eventually
from terminal import run_in_terminal


FLEET = [sys.executable, str(PROJECT / "scripts" / "demo_fleet.py"), "6"]


def environment() -> dict[str, str]:
    settings = {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"}
    if "FAS_BUILD_DIR" in os.environ:
        settings["FAS_BUILD_DIR"] = os.environ["FAS_BUILD_DIR"]
    return clean_environment(settings)


@pytest.fixture
def demo():
    command = [sys.executable, str(PROJECT / "scripts" / "demo.py")]
    with Process(command, environment()) as process:
        yield process


@pytest.fixture
def fleet_demo():
    with Process(FLEET, environment()) as process:
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


def test_a_fleets_tasks_follow_their_queues(fleet_demo):
    fleet_demo.wait_for_text(r"Changes +\d", "stdout", patience_s=120)
    assert fleet_demo.wait() == 0, fleet_demo.stderr
    screens = fleet_demo.stdout.split("visible in flight")
    assert len(screens) > 2
    listed_and_found = ["billing/orders", "media/orders", "shop/orders", "post/orders"]
    assert all(name in screens[-1] for name in listed_and_found)
    assert "1 -> " in fleet_demo.stdout and " -> 1" in fleet_demo.stdout
    assert "no check failed" in fleet_demo.stdout and "FAILED" not in fleet_demo.stdout
    assert "\x1b" not in fleet_demo.stdout
    assert fleet_demo.stderr == ""


def test_at_a_terminal_a_fleet_is_one_screen_with_what_happens_below_it():
    status, written = run_in_terminal(FLEET, environment(), columns=120)
    assert status == 0
    screens = written.split("\x1b[H")
    assert len(screens) > 10
    table, below = screens[-1].split("\x1b[J")
    assert "6 targets" in table and "post/orders" in table
    assert "*** all messages are done" in below


def test_ctrl_c_ends_a_fleets_daemon(fleet_demo):
    fleet_demo.wait_for_text(r"targets, ", "stdout")
    [daemon] = children(fleet_demo.pid)
    fleet_demo.signal(signal.SIGINT)
    assert fleet_demo.wait() == 130
    eventually(lambda: not exists(daemon), "the daemon has ended")


def test_a_fleet_that_is_no_number_is_refused():
    command = [*FLEET[:-1], "many"]
    done = subprocess.run(
        command, env=environment(), capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 1
    assert "FLEET is a number" in done.stderr


def test_without_a_build_it_says_what_to_do(tmp_path):
    nowhere = clean_environment({"FAS_BUILD_DIR": str(tmp_path)})
    command = [sys.executable, str(PROJECT / "scripts" / "demo.py")]
    done = subprocess.run(
        command, env=nowhere, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 1
    assert "make build" in done.stderr
