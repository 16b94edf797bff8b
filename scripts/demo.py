#!/usr/bin/env python3
"""Shows fast-autoscaler at work on a local AWS: a queue fills, tasks follow, and go again.

usage: demo.py        (what `make run` does; FAS_BUILD_DIR names the build, build/release if unset)

The AWS is moto, in this process, with made-up credentials: nothing leaves this machine. What moto
lacks is here: tasks that take a second to start, and work off the queue. Takes about half a minute;
exit status 0 when the tasks came and went as they should.
"""

import contextlib
import fcntl
import logging
import os
import pty
import random
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
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
REGION, ACCOUNT = "eu-west-1", "123456789012"
CLUSTER, SERVICE, QUEUE, BUCKET = "shop", "worker", "orders", "shop-autoscaler-state"
TASKS_MIN, TASKS_MAX = 1, 12

# When messages arrive, how many, and how long each takes: the last few are slow ones.
BURSTS = [(3.0, 60, 0.7), (12.0, 110, 0.7), (12.0, 4, 6.0)]  # seconds, messages, seconds
TASK_START_S = 1.2
POLL_S = 0.05
TIME_MAX_S = 90.0

SETTINGS = {
    "ECS_CLUSTER": CLUSTER,
    "SERVICE_NAME": SERVICE,
    "S3_CONFIG_BUCKET": BUCKET,
    "SQS_QUEUE_URL": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{QUEUE}",
    "AWS_REGION": REGION,
    "POLICY": "backlog",
    "TARGET_MESSAGES_PER_TASK": "10",
    "MIN_TASKS": str(TASKS_MIN),
    "MAX_TASKS": str(TASKS_MAX),
    "SCALE_OUT_COOLDOWN": "3",
    "SCALE_IN_COOLDOWN": "3",
    "IN_FLIGHT_PER_TASK": "1",
    "LOG_LEVEL": "ERROR",
}
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "DEMO", "AWS_SECRET_ACCESS_KEY": "DEMO"}


class Interrupted(Exception):
    """Somebody pressed Ctrl-C."""


class DemoFailure(Exception):
    """Why the demonstration did not work, for the person who watches."""


@dataclass
class Account:
    """What happened, and when, in seconds of the monotonic clock."""

    started: float = field(default_factory=time.monotonic)
    changes: list[tuple[float, int]] = field(default_factory=list)  # to the desired count
    arrived: float | None = None  # the first messages
    drained: float | None = None  # the queue was empty again, for good
    processed: int = 0

    def elapsed(self) -> float:
        return time.monotonic() - self.started


def start_moto() -> tuple:
    """Starts moto in this process, with which it ends. Gives its address, and clients of SQS, ECS
    and S3."""
    import boto3
    from botocore.config import Config
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    session = boto3.Session("DEMO", "DEMO", region_name=REGION)
    config = Config(proxies={}, s3={"addressing_style": "path"}, max_pool_connections=50)
    services = ("sqs", "ecs", "s3")
    return endpoint, *(session.client(s, endpoint_url=endpoint, config=config) for s in services)


class LocalAws:
    """moto with a queue, a cluster, a service and a bucket. It ends with this process."""

    def __init__(self, account: Account):
        from moto.ecs.models import EC2ContainerServiceBackend, ecs_backends

        self.endpoint, sqs, ecs, s3 = start_moto()
        self._sqs = sqs
        self._queue_url = sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        ecs.create_cluster(clusterName=CLUSTER)
        container = {"name": SERVICE, "image": SERVICE, "memory": 64}
        ecs.register_task_definition(family=SERVICE, containerDefinitions=[container])
        # Created at 0 and then raised: moto would leave the tasks of a new service pending.
        ecs.create_service(
            cluster=CLUSTER, serviceName=SERVICE, taskDefinition=SERVICE, desiredCount=0
        )
        ecs.update_service(cluster=CLUSTER, service=SERVICE, desiredCount=TASKS_MIN)

        # moto would have all tasks running at once; from here on, the fleet says how many run.
        self.service = ecs_backends[ACCOUNT][REGION].services[f"{CLUSTER}:{SERVICE}"]
        update_service = EC2ContainerServiceBackend.update_service

        def update_and_keep_running(backend, properties):
            running = self.service.running_count
            updated = update_service(backend, properties)
            account.changes.append((time.monotonic(), updated.desired_count))
            self.set_running(running)
            return updated

        EC2ContainerServiceBackend.update_service = update_and_keep_running

    def set_running(self, tasks: int) -> None:
        self.service.running_count = tasks
        self.service.pending_count = max(0, self.service.desired_count - tasks)

    def put_messages(self, count: int, work_s: float) -> None:
        for first in range(0, count, 10):
            entries = [
                {"Id": str(number), "MessageBody": str(work_s)}
                for number in range(first, min(first + 10, count))
            ]
            self._sqs.send_message_batch(QueueUrl=self._queue_url, Entries=entries)

    def receive_message(self) -> tuple[str, float] | None:
        """Its receipt handle, and how long it takes."""
        answer = self._sqs.receive_message(QueueUrl=self._queue_url)
        for message in answer.get("Messages", []):
            return message["ReceiptHandle"], float(message["Body"])
        return None

    def delete_message(self, receipt: str) -> None:
        self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=receipt)

    def messages(self) -> int:
        """Visible and in flight."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        answer = self._sqs.get_queue_attributes(QueueUrl=self._queue_url, AttributeNames=names)
        return sum(int(answer["Attributes"][name]) for name in names)


@dataclass
class Task:
    ready_at: float
    receipt: str | None = None  # of the message it works on
    done_at: float = 0.0


class Fleet(threading.Thread):
    """The service's tasks: they start after a while, work on one message at a time, and finish
    that one when they are stopped. It ends with this process."""

    def __init__(self, aws: LocalAws, account: Account):
        super().__init__(daemon=True)
        self._aws = aws
        self._account = account
        self._tasks = [Task(0.0) for _ in range(TASKS_MIN)]
        self._stopping: list[Task] = []
        self._random = random.Random(1)
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            while True:
                time.sleep(POLL_S)
                self._follow_desired_count()
                for task in self._stopping:
                    self._finish(task)
                self._stopping = [task for task in self._stopping if task.receipt]
                for task in self._tasks:
                    self._finish(task)
                    self._begin(task)
        except Exception as error:  # told by the main thread
            self.failure = error

    def _follow_desired_count(self) -> None:
        now = time.monotonic()
        desired = self._aws.service.desired_count
        while len(self._tasks) < desired:
            self._tasks.append(Task(now + TASK_START_S))
        self._stopping += self._tasks[desired:]
        del self._tasks[desired:]
        self._aws.set_running(sum(task.ready_at <= now for task in self._tasks))

    def _finish(self, task: Task) -> None:
        if task.receipt and task.done_at <= time.monotonic():
            self._aws.delete_message(task.receipt)
            self._account.processed += 1
            task.receipt = None

    def _begin(self, task: Task) -> None:
        now = time.monotonic()
        if not task.receipt and task.ready_at <= now and (message := self._aws.receive_message()):
            task.receipt, work_s = message
            task.done_at = now + work_s * self._random.uniform(0.7, 1.3)


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

    def __init__(self, binary: Path, endpoint: str):
        self._output, terminal = pty.openpty()
        columns = shutil.get_terminal_size((100, 24)).columns
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        super().__init__(binary, endpoint, [], SETTINGS, stdout=terminal, stderr=terminal)
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
    aws: LocalAws, fleet: Fleet, daemon: Daemon, account: Account, interrupted: threading.Event
) -> None:
    """Sends the bursts and waits until all is done and the tasks are gone again."""
    bursts = list(BURSTS)
    while True:
        daemon.pass_on_output(POLL_S)
        if interrupted.is_set():
            raise Interrupted
        if bursts and account.elapsed() >= bursts[0][0]:
            _, count, work_s = bursts.pop(0)
            account.arrived = account.arrived or time.monotonic()
            aws.put_messages(count, work_s)
            say(f"{'':>10}*** {count} messages arrive, {work_s:g} s of work each\n")
        if not bursts and account.drained is None and aws.messages() == 0:
            account.drained = time.monotonic()
            say(f"{'':>10}*** the last message is done\n")
        if account.drained and aws.service.running_count == TASKS_MIN:
            return
        if fleet.failure:
            raise DemoFailure(f"the simulated tasks failed: {fleet.failure}")
        if daemon.ended() is not None:
            daemon.pass_on_output(POLL_S)
            raise DemoFailure(f"fast-autoscaler ended by itself, with status {daemon.ended()}")
        if account.elapsed() > TIME_MAX_S:
            raise DemoFailure(
                f"after {TIME_MAX_S:g} s there are {aws.messages()} messages and "
                f"{aws.service.running_count} tasks; expected were none and {TASKS_MIN}"
            )


def summary(account: Account) -> str:
    peak = max(desired for _, desired in account.changes)
    first_out = next(at for at, desired in account.changes if desired > TASKS_MIN)
    back_at = account.changes[-1][0]
    back_s = max(0.0, back_at - account.drained)
    return f"""
Messages processed      {account.processed}
Tasks                   {TASKS_MIN} at rest, {peak} at most, in {len(account.changes)} steps
First scale-out         {first_out - account.arrived:.1f} s after the first message
Back at rest            {back_s:.1f} s after the last message was done
"""


def demonstrate(binary: Path) -> None:
    interrupted = interruption()
    account = Account()
    say("Starting a local AWS (moto): queue, cluster, service and bucket ...\n")
    with contextlib.ExitStack() as cleanup:
        aws = LocalAws(account)
        fleet = Fleet(aws, account)
        fleet.start()
        say(f"fast-autoscaler run --interval 1s, {TASKS_MIN} to {TASKS_MAX} tasks, ")
        say(f"{SETTINGS['TARGET_MESSAGES_PER_TASK']} messages each\n\n")
        daemon = Daemon(binary, aws.endpoint)
        cleanup.callback(daemon.stop)
        account.started = time.monotonic()
        follow(aws, fleet, daemon, account, interrupted)
        if (status := daemon.stop()) != 0:
            raise DemoFailure(f"fast-autoscaler ended with status {status}")
        if max((desired for _, desired in account.changes), default=0) <= TASKS_MIN:
            raise DemoFailure("the service was never scaled out")
    say(summary(account))


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
