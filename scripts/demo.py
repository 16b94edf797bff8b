#!/usr/bin/env python3
"""Shows fast-autoscaler at work on a local AWS: a queue fills, tasks follow, and go again.

usage: demo.py        (what `make run` does; FAS_BUILD_DIR names the build, build/release if unset)

The AWS and the tasks are those of demo_aws.py: nothing leaves this machine. Takes about half a
minute; exit status 0 when the tasks came and went as they should.
"""

import contextlib
import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable
from pathlib import Path

from demo_aws import BUCKET, REGION, TASKS_MIN, LocalAws, Service, Tasks

PROJECT = Path(__file__).resolve().parent.parent
TASKS_MAX = 12

# When messages arrive, how many, and how long each takes: the last few are slow ones.
BURSTS = [(3.0, 60, 0.7), (12.0, 110, 0.7), (12.0, 4, 6.0)]  # seconds, messages, seconds
POLL_S = 0.05
TIME_MAX_S = 90.0

MESSAGES_PER_TASK = 10
SETTINGS = {
    "S3_CONFIG_BUCKET": BUCKET,
    "AWS_REGION": REGION,
    "POLICY": "backlog",
    "TARGET_MESSAGES_PER_TASK": str(MESSAGES_PER_TASK),
    "MIN_TASKS": str(TASKS_MIN),
    "MAX_TASKS": str(TASKS_MAX),
    "SCALE_OUT_COOLDOWN": "3",
    "SCALE_IN_COOLDOWN": "3",
    "SCALE_IN_EVIDENCE": "2",
    "IN_FLIGHT_PER_TASK": "1",
    "LOG_LEVEL": "ERROR",
}
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "DEMO", "AWS_SECRET_ACCESS_KEY": "DEMO"}


class Interrupted(Exception):
    """Somebody pressed Ctrl-C."""


class DemoFailure(Exception):
    """Why the demonstration did not work, for the person who watches."""


class Program:
    """`fast-autoscaler run` against a local AWS, until it ends or is stopped."""

    def __init__(self, binary: Path, endpoint: str, arguments: list[str], settings: dict, **output):
        environment = {"PATH": "/usr/bin:/bin", "AWS_ENDPOINT_URL": endpoint}
        environment |= settings | CREDENTIALS | {"AWS_EC2_METADATA_DISABLED": "true"}
        self._process = subprocess.Popen(
            [str(binary), "run", "--interval", "1s", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **output,
        )

    def ended(self) -> int | None:
        return self._process.poll()

    def stop(self) -> int:
        """Asks it to end, as a person's Ctrl-C would, and gives its exit status."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


class Daemon(Program):
    """In a terminal of its own, whose output is passed on."""

    def __init__(self, binary: Path, endpoint: str, service: Service):
        names = {
            "ECS_CLUSTER": service.cluster,
            "SERVICE_NAME": service.name,
            "SQS_QUEUE_URL": service.queue_url,
        }
        self._output, terminal = pty.openpty()
        columns = shutil.get_terminal_size((100, 24)).columns
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        settings = SETTINGS | names
        super().__init__(binary, endpoint, [], settings, stdout=terminal, stderr=terminal)
        os.close(terminal)

    def pass_on_output(self, seconds: float) -> None:
        """Waits that long for output. Rows come whole, so that the demo can write between them."""
        readable, _, _ = select.select([self._output], [], [], seconds)
        if readable:
            with contextlib.suppress(OSError):  # the terminal's other side is closed
                say(os.read(self._output, 65536).decode(errors="replace").replace("\r\n", "\n"))


def say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def interruption() -> threading.Event:
    """Set by Ctrl-C. An exception instead would come anywhere, also in the midst of stopping what
    was started."""
    interrupted = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: interrupted.set())
    return interrupted


def follow(
    aws: LocalAws, service: Service, tasks: Tasks, daemon: Daemon, interrupted: threading.Event
) -> float:
    """Sends the bursts and waits until all is done and the tasks are gone again. Gives when the
    queue was empty for good."""
    began = time.monotonic()
    drained = None
    bursts = list(BURSTS)
    while True:
        daemon.pass_on_output(POLL_S)
        if interrupted.is_set():
            raise Interrupted
        elapsed = time.monotonic() - began
        if bursts and elapsed >= bursts[0][0]:
            _, count, work_s = bursts.pop(0)
            aws.put_messages(service, count, work_s)
            say(f"{'':>10}*** {count} messages arrive, {work_s:g} s of work each\n")
        if not bursts and drained is None and aws.messages(service) == 0:
            drained = time.monotonic()
            say(f"{'':>10}*** the last message is done\n")
        if drained and service.moto.running_count == TASKS_MIN:
            return drained
        if tasks.failure:
            raise DemoFailure(f"the simulated tasks failed: {tasks.failure}")
        if daemon.ended() is not None:
            daemon.pass_on_output(POLL_S)
            raise DemoFailure(f"fast-autoscaler ended by itself, with status {daemon.ended()}")
        if elapsed > TIME_MAX_S:
            raise DemoFailure(
                f"after {TIME_MAX_S:g} s there are {aws.messages(service)} messages and "
                f"{service.moto.running_count} tasks; expected were none and {TASKS_MIN}"
            )


def summary(aws: LocalAws, service: Service, tasks: Tasks, drained: float) -> str:
    peak = max(desired for _, _, desired in aws.changes)
    back_at, _, _ = aws.changes[-1]
    back_s = max(0.0, back_at - drained)
    return f"""
Messages processed      {tasks.processed}
Tasks                   {TASKS_MIN} at rest, {peak} at most, in {len(aws.changes)} steps
First scale-out         {service.scaled_out - service.arrived:.1f} s after the first message
Back at rest            {back_s:.1f} s after the last message was done
"""


def demonstrate(binary: Path) -> None:
    interrupted = interruption()
    service = Service("shop", "worker", "orders")
    say("Starting a local AWS (moto): queue, cluster, service and bucket ...\n")
    with contextlib.ExitStack() as cleanup:
        aws = LocalAws([service])
        tasks = Tasks(aws, [service])
        tasks.start()
        say(f"fast-autoscaler run --interval 1s, {TASKS_MIN} to {TASKS_MAX} tasks, ")
        say(f"{MESSAGES_PER_TASK} messages each\n\n")
        daemon = Daemon(binary, aws.endpoint, service)
        cleanup.callback(daemon.stop)
        drained = follow(aws, service, tasks, daemon, interrupted)
        if (status := daemon.stop()) != 0:
            raise DemoFailure(f"fast-autoscaler ended with status {status}")
        if not service.scaled_out:
            raise DemoFailure("the service was never scaled out")
    say(summary(aws, service, tasks, drained))


def present(demonstrate: Callable[[Path], None]) -> int:
    """Runs a demonstration of the built program; gives the exit status."""
    binary = PROJECT / os.environ.get("FAS_BUILD_DIR", "build/release") / "fast-autoscaler"
    # Whatever the caller's account is, it is not asked.
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    try:
        if not binary.is_file():
            raise DemoFailure(f"{binary} is not there: build it with `make build`")
        demonstrate(binary)
    except Interrupted:
        say("\ndemo: stopped\n")
        return 130
    except ImportError as error:
        print(f"demo: {error}: install what it needs with `make setup`", file=sys.stderr)
        return 1
    except DemoFailure as failure:
        print(f"demo: {failure}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(present(demonstrate))
