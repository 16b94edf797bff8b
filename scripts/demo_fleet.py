#!/usr/bin/env python3
"""Shows one fast-autoscaler at work on many services of a local AWS.

usage: demo_fleet.py [SERVICES]   (what `make run FLEET=50` does; FAS_BUILD_DIR as for demo.py)

Each service has a queue. Messages come in bursts, at other times in other queues, and tasks follow
and go again. At a terminal it shows the program's own screen, and below it what happens; elsewhere
a few of its screens as text. The AWS and the tasks are as in demo.py. Takes about 40 seconds; exit
status 0 when the tasks of every burst came and went as they should.
"""

import contextlib
import fcntl
import json
import os
import pty
import random
import re
import select
import shutil
import statistics
import struct
import sys
import tempfile
import termios
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from demo import DemoFailure, Interrupted, Program, interruption, present, say
from demo_aws import BUCKET, REGION, TASKS_MIN, LocalAws, Service, Tasks

NAMES = "orders invoices mails images search stock prices carts refunds labels reports feeds audit"
CLUSTERS = ["billing", "media", "shop"]  # whose services are listed
DISCOVERED = "post"  # whose services are found by their tags
SERVICES_MAX = 200
TASKS_MAX, MESSAGES_PER_TASK = 12, 10

FIRST_BURST_S, LAST_BURST_S = 4.0, 20.0  # of few services the last one comes sooner
BURST_SHARE = 0.4  # of the services get messages
BURST_SIZES, WORK_S = (15, 120), (0.4, 0.8)
POLL_S = 0.1
TIME_MAX_S = 120.0

STORY_LINES = 4  # below the program's screen
# Where nobody looks at a terminal: from one screen to the next, and how large it is at most.
TEXT_FRAME_S, TEXT_ROWS, TEXT_COLUMNS = 8.0, 30, 112
ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
END_OF_FRAME = "\x1b[J"


def make_services(count: int) -> list[Service]:
    names = NAMES.split()
    clusters = [*CLUSTERS, DISCOVERED]
    services = []
    for number in range(count):
        kind = names[number // len(clusters) % len(names)]
        rest = number // (len(clusters) * len(names))
        name = f"{kind}-{rest + 1}" if rest else kind
        cluster = clusters[number % len(clusters)]
        service = Service(cluster, name, f"{cluster}-{name}")
        if cluster == DISCOVERED:
            service.tags = {
                "fast-autoscaler:enabled": "true",
                "fast-autoscaler:queue_url": service.queue_url,
            }
        services.append(service)
    return services


def configuration(services: list[Service]) -> dict:
    """A group for each cluster, and one cluster whose services say by tags what they need."""

    def listed(cluster: str) -> list[dict]:
        return [
            {"service_name": one.name, "queue_config": {"queue_url": one.queue_url}}
            for one in services
            if one.cluster == cluster
        ]

    groups = [{"cluster_name": name, "targets": listed(name)} for name in CLUSTERS]
    return {
        "region": REGION,
        "s3_config_bucket": BUCKET,
        "policy": "backlog",
        "target_messages_per_task": MESSAGES_PER_TASK,
        "min_tasks": TASKS_MIN,
        "max_tasks": TASKS_MAX,
        "scale_out_cooldown": 3,
        "scale_in_cooldown": 3,
        "scale_in_evidence": 2,
        "in_flight_per_task": 1,
        "respect_task_protection": False,  # moto has none
        "log_level": "ERROR",
        "targets": [group for group in groups if group["targets"]],
        "discover": [{"clusters": [DISCOVERED]}],
    }


class Screen:
    """The program's screen, in a terminal of its own: passed on with what happens below it, or now
    and then as text where nobody looks at a terminal."""

    def __init__(self, services: int):
        self._live = sys.stdout.isatty()
        size = shutil.get_terminal_size()
        self._columns = size.columns if self._live else TEXT_COLUMNS
        rows = max(size.lines - STORY_LINES, 10) if self._live else min(services + 6, TEXT_ROWS)
        self.output, self.terminal = pty.openpty()
        dimensions = struct.pack("HHHH", rows, self._columns, 0, 0)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, dimensions)
        self._pending = ""
        self._story: deque[str] = deque(maxlen=STORY_LINES - 1)
        self._last_frame = ""
        self._next_frame = 0.0

    def tell(self, text: str) -> None:
        self._story.append(f"  *** {text}"[: self._columns])
        if not self._live:
            say(f"  *** {text}\n")

    def follow(self, seconds: float) -> None:
        """Waits that long for output."""
        readable, _, _ = select.select([self.output], [], [], seconds)
        if not readable:
            return
        with contextlib.suppress(OSError):  # the terminal's other side is closed
            self._pending += os.read(self.output, 65536).decode(errors="replace")
        while END_OF_FRAME in self._pending:
            frame, _, self._pending = self._pending.partition(END_OF_FRAME)
            self._show(frame)

    def _show(self, frame: str) -> None:
        lines = ESCAPES.sub("", frame).splitlines()
        text = "\n".join(line.rstrip() for line in lines)
        if self._live:
            story = "\n".join(self._story)
            say(f"{frame}{END_OF_FRAME}\r\n{story}")
        elif time.monotonic() >= self._next_frame:
            self._next_frame = time.monotonic() + TEXT_FRAME_S
            say(f"\n{text}\n")
        self._last_frame = text

    def end(self) -> None:
        """Leaves the last screen to be read."""
        say("\n" if self._live else f"\n{self._last_frame}\n")


class Daemon(Program):
    """For the whole fleet."""

    def __init__(self, binary: Path, document: Path, endpoint: str, screen: Screen):
        self._complaints = document.with_name("stderr")
        arguments = ["--config", str(document)]
        with self._complaints.open("wb") as stderr:
            super().__init__(binary, endpoint, arguments, {}, stdout=screen.terminal, stderr=stderr)
        os.close(screen.terminal)

    def complaints(self) -> str:
        return self._complaints.read_text(errors="replace")


@dataclass
class Burst:
    at: float  # seconds after the start
    service: Service
    messages: int
    work_s: float


def make_bursts(services: list[Service]) -> list[Burst]:
    chance = random.Random(2)
    some = chance.sample(services, max(2, round(len(services) * BURST_SHARE)))
    last_s = min(LAST_BURST_S, FIRST_BURST_S + len(services))
    times = sorted(chance.uniform(FIRST_BURST_S, last_s) for _ in some)
    return [
        Burst(at, service, chance.randint(*BURST_SIZES), round(chance.uniform(*WORK_S), 1))
        for at, service in zip(times, some, strict=True)
    ]


def at_rest(aws: LocalAws, services: list[Service]) -> bool:
    return all(
        one.moto.desired_count == TASKS_MIN
        and one.moto.running_count == TASKS_MIN
        and aws.messages(one) == 0
        for one in services
    )


def follow(
    aws: LocalAws, tasks: Tasks, daemon: Daemon, screen: Screen, services: list[Service],
    bursts: list[Burst], interrupted: threading.Event,
) -> None:  # fmt: skip
    """Sends the bursts and waits until all is done and the tasks are gone again."""
    began = time.monotonic()
    waiting = deque(bursts)
    while waiting or not at_rest(aws, services):
        screen.follow(POLL_S)
        if interrupted.is_set():
            raise Interrupted
        elapsed = time.monotonic() - began
        while waiting and elapsed >= waiting[0].at:
            burst = waiting.popleft()
            aws.put_messages(burst.service, burst.messages, burst.work_s)
            screen.tell(
                f"{burst.messages} messages arrive for {burst.service.target}, "
                f"{burst.work_s:g} s of work each"
            )
        if tasks.failure:
            raise DemoFailure(f"the simulated tasks failed: {tasks.failure}")
        if daemon.ended() is not None:
            raise DemoFailure(
                f"fast-autoscaler ended by itself, with status {daemon.ended()}: "
                f"{daemon.complaints()}"
            )
        if elapsed > TIME_MAX_S:
            late = [one.target for one in services if not at_rest(aws, [one])]
            raise DemoFailure(f"after {TIME_MAX_S:g} s these are not at rest: {', '.join(late)}")
    screen.tell("all messages are done, all tasks gone but the minimum")
    end = time.monotonic() + 2.5  # the next sweep shows it
    while time.monotonic() < end:
        screen.follow(POLL_S)


def summary(aws: LocalAws, tasks: Tasks, services: list[Service], bursts: list[Burst]) -> str:
    desired = {one.target: TASKS_MIN for one in services}
    most = sum(desired.values())
    for _, service, tasks_wanted in aws.changes:
        desired[service.target] = tasks_wanted
        most = max(most, sum(desired.values()))
    delays = [one.service.scaled_out - one.service.arrived for one in bursts]
    changes, usual, longest = len(aws.changes), statistics.median(delays), max(delays)
    return f"""
Services                {len(services)}, {len(bursts)} of them with messages
Messages processed      {tasks.processed}
Tasks                   {len(services) * TASKS_MIN} at rest, {most} at most
Changes                 {changes}, the first {usual:.1f} s after a burst, {longest:.1f} s at most
"""


def demonstrate(binary: Path, count: int) -> None:
    interrupted = interruption()
    services = make_services(count)
    bursts = make_bursts(services)
    say(f"Starting a local AWS (moto): {count} queues and services in 4 clusters ...\n")
    with contextlib.ExitStack() as cleanup:
        aws = LocalAws(services)
        tasks = Tasks(aws, services)
        tasks.start()
        document = Path(cleanup.enter_context(tempfile.TemporaryDirectory())) / "fleet.json"
        document.write_text(json.dumps(configuration(services), indent=2))
        say(f"fast-autoscaler run --interval 1s --config {document.name}\n\n")
        screen = Screen(count)
        daemon = Daemon(binary, document, aws.endpoint, screen)
        cleanup.callback(daemon.stop)
        follow(aws, tasks, daemon, screen, services, bursts, interrupted)
        screen.end()
        if (status := daemon.stop()) != 0:
            raise DemoFailure(f"fast-autoscaler ended with status {status}")
        if complaints := daemon.complaints():
            raise DemoFailure(f"fast-autoscaler complained: {complaints}")
        if never := [one.service.target for one in bursts if not one.service.scaled_out]:
            raise DemoFailure(f"these were never scaled out: {', '.join(never)}")
    say(summary(aws, tasks, services, bursts))


def demonstrate_fleet(binary: Path) -> None:
    word = sys.argv[1] if len(sys.argv) > 1 else "50"
    if not word.isdecimal() or not 4 <= int(word) <= SERVICES_MAX:
        raise DemoFailure(f"FLEET is a number from 4 to {SERVICES_MAX}, not {word}")
    demonstrate(binary, int(word))


if __name__ == "__main__":
    sys.exit(present(demonstrate_fleet))
