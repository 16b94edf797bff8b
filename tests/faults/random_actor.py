"""One autoscaler of a random run: its processes, one after the other, and what they said."""

import fcntl
import json
import os
import signal
import threading
import time
from pathlib import Path

from aws_world import ACCOUNT, World
from faulty_aws import FaultyAws
from fleet_world import write_document
from history import PUT, UPDATE, Check, Reloaded, epoch_seconds
from processes import PATIENCE_S, Process, binary, clean_environment, eventually
from random_scenario import Actor, Kill, Reload

CONFIG_INTERVAL_S = 1
CHANGED = "the configuration has changed"
CHECKS_A_RELOAD = 3


class UnreadPipe:
    """Full until somebody reads it, of the blank lines that it has to begin with."""

    SIZE = 4096

    def __init__(self):
        self._reader, self.writer = os.pipe()
        fcntl.fcntl(self.writer, fcntl.F_SETPIPE_SZ, self.SIZE)
        os.write(self.writer, b"\n" * self.SIZE)
        self._text = b""
        self._thread = threading.Thread(target=self._read)

    def read_from_now_on(self) -> None:
        self._thread.start()

    def _read(self) -> None:
        with open(self._reader, "rb") as stream:
            self._text = stream.read()

    def text(self) -> str:
        """All that came."""
        self._thread.join(PATIENCE_S)
        return self._text.decode()


class Autoscaler:
    """A client of FaultyAws."""

    def __init__(self, number: int, actor: Actor, world: World, aws: FaultyAws, folder: Path):
        self._actor = actor
        self._world = world
        self._aws = aws
        self._checks_left = actor.checks
        self._writes = 0
        self._process: Process | None = None
        self._unread: UnreadPipe | None = None
        self._document = folder / f"{number}.json"
        self._token = folder / f"{number}.token"
        self._token.write_text("header.claims.signature\n")
        self.process = number
        self.hanging_refresh = actor.hanging_refresh
        self.checks: list[Check] = []
        self.reloads: list[Reloaded] = []
        self.complaints: list[str] = []

    def run(self) -> None:
        """To its end."""
        try:
            with self._aws.listen(self) as proxy:
                self._environment = self._environment_at(proxy.url)
                while self._checks_left > 0:
                    self._daemon() if self._actor.daemon else self._one_check()
                    self.process += 1
        except Exception as error:  # a harness that breaks must not look like a run without fault
            self.complain(repr(error))

    # --- what FaultyAws asks of a client

    def complain(self, what: str) -> None:
        self.complaints.append(f"process {self.process}: {what}")

    def dies_of(self, operation: str) -> Kill | None:
        kill = self._actor.kill
        if kill is None or operation not in (PUT, UPDATE):
            return None
        self._writes += 1
        return kill if self._writes == kill.write else None

    def kill(self) -> None:
        self._process.signal(signal.SIGKILL)

    # --- how it is configured

    def _environment_at(self, url: str) -> dict[str, str]:
        keys = {}
        if self._actor.hanging_refresh:
            keys = {
                "AWS_ACCESS_KEY_ID": None,
                "AWS_SECRET_ACCESS_KEY": None,
                "AWS_WEB_IDENTITY_TOKEN_FILE": self._token,
                "AWS_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/{self._world.service}",
            }
        environment = self._world.environment(
            AWS_ENDPOINT_URL=url, LOG_LEVEL="ERROR", **self._actor.settings, **keys
        )
        if not self._actor.reloads:
            return environment
        only_aws = {n: value for n, value in environment.items() if n.startswith("AWS_")}
        return only_aws | {"FAST_AUTOSCALER_CONFIG": str(self._document)}

    def _write_document(self, number: int, reload: Reload) -> None:
        """No two are alike."""
        settings = {
            name.lower(): {"true": True, "false": False}.get(value, value)
            for name, value in self._actor.settings.items()
            if value is not None
        }
        target = {
            "cluster_name": self._world.cluster,
            "service_name": self._world.service,
            "queue_config": {"queue_url": self._world.queue_url},
        }
        document = settings | {
            "s3_config_bucket": self._world.bucket,
            "config_interval": CONFIG_INTERVAL_S,
            "activation_threshold": settings["activation_threshold"] + number,
            "targets": [target],
        }
        if reload.paused:
            document["pause"] = "all"
        if reload.wrong == "setting":
            document["no_such_setting"] = 1
        if reload.wrong == "target":
            target["max_task"] = 1
        write_document(self._document, document)

    # --- its processes

    def _start(self, *arguments: str) -> Process:
        self._unread = UnreadPipe() if self._actor.unread else None
        stdout = {"stdout": self._unread.writer} if self._unread else {}
        program = os.environ["OTHER"] if self._actor.landed else binary()
        self._lines, self._last_line = 0, time.time()
        self._process = Process(
            [str(program), *arguments, "--json"], clean_environment(self._environment), **stdout
        )
        if self._unread:
            os.close(self._unread.writer)
        return self._process

    def _one_check(self) -> None:
        with self._start("once"):
            self._ended(expected=None)
        self._checked()

    def _daemon(self) -> None:
        self._write_document(0, Reload(paused=False, wrong="", hangup=False))
        with self._start("run", "--interval", "100ms"):
            self._wait_for_checks(self._checks_left)
            for number, reload in enumerate(self._actor.reloads, 1):
                self._reload(number, reload)
            if self._unread:
                self._unread.read_from_now_on()
            self._process.signal(signal.SIGTERM)
            self._ended(expected=0)

    def _checked(self) -> None:
        self._checks_left -= 1
        self._aws.change_depth()

    def _wait_for_checks(self, more: int) -> None:
        before = self._readings()
        for count in range(1, more + 1):
            self._wait(lambda count=count: self._readings() >= before + count, "a check")
            if not self._process.running:
                return
            self._checked()

    def _readings(self) -> int:
        """Checks as far as they are printed, or their readings if nobody reads what is: a check has
        at most three, and no actor makes fewer checks."""
        if self._unread:
            return self._aws.readings_of(self.process)
        return self._process.stdout.count("\n")

    def _wait(self, condition, what: str) -> None:
        def met() -> bool:
            lines = self._process.stdout.count("\n")
            if lines > self._lines:
                self._lines, self._last_line = lines, time.time()
            return condition() or not self._process.running

        eventually(met, what)

    def _reload(self, number: int, reload: Reload) -> None:
        if not self._process.running:
            return
        until = time.time()  # the one before is there for sure
        self._write_document(number, reload)
        written = time.time()
        if reload.hangup:
            self._process.signal(signal.SIGHUP)
        self._wait(lambda: len(self._taken()) == number, CHANGED)
        if len(self._taken()) < number:
            return  # killed before
        within_s = 0 if reload.hangup else CONFIG_INTERVAL_S
        taken = self._taken()[-1]
        if self.reloads and self.reloads[-1].process == self.process:
            self.reloads[-1].until = until
        self.reloads.append(
            Reloaded(self.process, reload.paused, written, within_s, taken, float("inf"))
        )
        self._checks_left += CHECKS_A_RELOAD
        self._wait_for_checks(CHECKS_A_RELOAD)

    def _taken(self) -> list[float]:
        """When each document was."""
        lines = [
            json.loads(line) for line in self._process.stderr.splitlines(True) if line[-1:] == "\n"
        ]
        return [epoch_seconds(line["time"]) for line in lines if line["message"] == CHANGED]

    # --- what they said

    def _ended(self, expected: int | None) -> None:
        status = self._process.wait()
        text = self._unread.text() if self._unread else self._process.stdout
        lines = [line for line in text.splitlines(True) if line.strip() and line[-1:] == "\n"]
        reports = [json.loads(line) for line in lines]
        killed = self._actor.kill is not None and status == -signal.SIGKILL
        if expected is None:
            expected = 1 if reports and reports[-1]["errors"] else 0
        if not killed and (status != expected or not reports):
            self.complain(
                f"ended with {status} after {len(reports)} checks, not with {expected}: "
                f"{self._process.stderr}"
            )
        try:
            os.killpg(self._process.pid, 0)
            self.complain("left a process behind")
        except ProcessLookupError:
            pass
        for report in reports:
            self._add_check(epoch_seconds(report["time"]), report)
        if killed and (self._actor.daemon or not reports):  # in the check after those
            self._add_check(self._last_line, None)

    def _add_check(self, start: float, report: dict | None) -> None:
        settings = self._actor.settings
        self.checks.append(
            Check(
                self.process,
                start,
                report,
                self._actor.landed,
                settings.get("IN_FLIGHT_PER_TASK"),
                settings["SCALE_IN_EVIDENCE"],
            )
        )
