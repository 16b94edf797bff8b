"""Whoever reads the output may stop, leave or have a full disk: scaling goes on, and says so."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import threading

import pytest

from fleet_world import Member
from processes import PATIENCE_S, binary, clean_environment, eventually

COMMANDS = {
    "help": (["--help"], 3),
    "version": (["--version"], 3),
    "settings": (["settings"], 3),
    "settings-json": (["settings", "max_tasks", "--json"], 3),
    "validate": (["validate"], 3),
    "validate-json": (["validate", "--json"], 3),
    "decide": (["decide"], 3),
    "once": (["once"], 3),
}
QUESTION = '{"now": 1700000000, "visible": 1, "in_flight": 0, "desired": 1, "running": 1}\n'


def command(world, *arguments: str, **streams) -> subprocess.Popen:
    return subprocess.Popen(
        [str(binary()), *arguments], env=clean_environment(world.environment()), **streams
    )


@contextlib.contextmanager
def narrow_pipe():
    """One that a single line nearly fills."""
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    try:
        yield reader, writer
    finally:
        for end in (reader, writer):
            with contextlib.suppress(OSError):
                os.close(end)


def filled(writer: int) -> None:
    os.set_blocking(writer, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writer, b"#" * 63 + b"\n")
    os.set_blocking(writer, True)


@pytest.mark.parametrize("arguments, status", COMMANDS.values(), ids=COMMANDS.keys())
def test_a_full_disk_is_an_exit_status(world, arguments, status):
    with open("/dev/full", "wb") as full:
        process = command(
            world, *arguments, stdin=subprocess.PIPE, stdout=full, stderr=subprocess.PIPE
        )
        _, complaint = process.communicate(QUESTION.encode(), PATIENCE_S)
    assert process.returncode == status
    assert b"standard output could not be written: No space left on device" in complaint


@pytest.mark.parametrize("arguments, status", COMMANDS.values(), ids=COMMANDS.keys())
def test_a_reader_that_has_gone_is_an_exit_status(world, arguments, status):
    reader, writer = os.pipe()
    os.close(reader)
    process = command(
        world, *arguments, stdin=subprocess.PIPE, stdout=writer, stderr=subprocess.PIPE
    )
    os.close(writer)
    _, complaint = process.communicate(QUESTION.encode(), PATIENCE_S)
    assert process.returncode == status
    assert b"standard output could not be written: Broken pipe" in complaint


def test_a_stdout_that_was_closed_is_an_exit_status(world):
    world.put_messages(30)
    shell = subprocess.run(
        ["sh", "-c", f"{binary()} once >&-"],
        env=clean_environment(world.environment()),
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert shell.returncode == 3, shell.stderr
    assert world.desired() == 5


def test_a_log_that_cannot_be_written_is_an_exit_status(world):
    world.put_messages(30)  # which is logged
    with open("/dev/full", "wb") as full:
        process = command(world, "once", "--json", stdout=subprocess.PIPE, stderr=full)
        out, _ = process.communicate(timeout=PATIENCE_S)
    assert json.loads(out)["changed"] is True
    assert process.returncode == 3


def test_a_daemon_scales_while_nobody_reads_it(world):
    world.put_messages(7)
    with narrow_pipe() as (reader, writer):
        filled(writer)
        daemon = command(
            world, "run", "--json", "--interval", "100ms", stdout=writer, stderr=subprocess.PIPE
        )
        os.close(writer)
        world.put_messages(23)
        eventually(lambda: world.desired() == 5, "the daemon scales")
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(PATIENCE_S) == 3  # what it printed last was lost


def test_a_daemon_goes_on_when_its_reader_has_gone(world):
    world.put_messages(7)
    reader, writer = os.pipe()
    os.close(reader)
    daemon = command(
        world, "run", "--json", "--interval", "100ms", stdout=writer, stderr=subprocess.PIPE
    )
    os.close(writer)
    lines = map(json.loads, daemon.stderr)
    said = next(line for line in lines if line["message"].startswith("stdout cannot be written"))
    assert said["error"] == "Broken pipe"
    world.put_messages(23)
    eventually(lambda: world.desired() == 5, "the daemon scales")
    daemon.send_signal(signal.SIGTERM)
    rest = daemon.communicate(timeout=PATIENCE_S)[1]
    assert rest.count(b"stdout cannot be written") == 0
    assert daemon.returncode == 3


def test_a_check_waits_for_its_reader(world):
    with narrow_pipe() as (reader, writer):
        filled(writer)
        process = command(world, "once", "--json", stdout=writer)
        os.close(writer)
        text = b""
        while chunk := os.read(reader, 4096):
            text += chunk
        assert json.loads(text.splitlines()[-1])["target"] == world.target
        assert process.wait(PATIENCE_S) == 0


def test_a_signal_ends_the_wait_for_a_reader(world):
    world.put_messages(30)
    with narrow_pipe() as (_, writer):
        filled(writer)
        process = command(world, "once", "--json", stdout=writer)
        os.close(writer)
        eventually(lambda: world.desired() == 5, "the check is made")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 3


def read_to_its_end(reader: int) -> None:
    while os.read(reader, 1 << 16):
        pass


def test_a_function_whose_output_nobody_reads_goes_on(fleet, runtime, bootstrap, tmp_path):
    """Metrics that wait for a reader are dropped when they are too many, counted, and told of."""
    cluster = fleet.add_cluster()
    member = fleet.add(cluster, messages=7)
    queue = member.queue_url
    missing = [Member(None, cluster, f"{number:03}" + "x" * 200, queue) for number in range(120)]
    environment = fleet.environment(
        AWS_LAMBDA_RUNTIME_API=runtime.address,
        FAST_AUTOSCALER_CONFIG=json.dumps(fleet.document([member, *missing])),
    )
    log = tmp_path / "stderr"
    with narrow_pipe() as (reader, writer), log.open("wb") as errors:
        filled(writer)
        drain = threading.Thread(target=read_to_its_end, args=(reader,), daemon=True)
        process = subprocess.Popen(
            [str(bootstrap)], env=clean_environment(environment), stdout=writer, stderr=errors
        )
        try:
            for _ in range(10):
                runtime.invoke({})
            fleet.put_messages(queue, 23)
            runtime.invoke({})
            assert member.desired() == 5
            drain.start()

            def told() -> dict | None:
                runtime.invoke({})
                lines = map(json.loads, log.read_text().splitlines())
                return next((line for line in lines if "dropped" in line["message"]), None)

            said = eventually(told, "what was dropped is said")
            assert said["lines"] > 0
        finally:
            process.kill()
            process.wait()
