"""Runs programs for the tests: clean environment, output by line, nothing left behind.

A test waits for an event (a line of output, a condition, the end of the process), each with a
limit that is far above what is needed: the limit only says when to give up.
"""

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0


def build_dir() -> Path:
    return PROJECT / os.environ.get("FAS_BUILD_DIR", "build/release")


def binary() -> Path:
    path = build_dir() / "fast-autoscaler"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there: build it first (make), or set FAS_BUILD_DIR")
    return path


def clean_environment(settings: dict[str, str] | None = None) -> dict[str, str]:
    """Nothing of the caller's but what sanitizers need: no credentials, proxies or CA bundles."""
    kept = {
        name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ
    }
    fixed = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"}
    return fixed | kept | (settings or {})


def eventually(condition, what: str, patience_s: float = PATIENCE_S):
    """Polls until the condition gives something true, and returns that."""
    end = time.monotonic() + patience_s
    while True:
        if value := condition():
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"did not happen within {patience_s:g} s: {what}")
        time.sleep(0.01)


def free_port() -> int:
    """One that nothing listens at. Below the range that the kernel hands out to connections and
    to servers on port 0, so that none of those takes it meanwhile."""
    while True:
        port = random.randrange(15_000, 32_768)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port


def accepts_connections(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Process:
    """A running program whose output is read as it comes, but for a stdout that was given. Use as a
    context manager."""

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    ):
        self._lines: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self._changed = threading.Condition()
        self._process = subprocess.Popen(
            command,
            env=environment,
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._readers = [
            threading.Thread(target=self._read, args=(name, stream), daemon=True)
            for name in self._lines
            if (stream := getattr(self._process, name)) is not None
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_) -> None:
        # The whole group: an emulator's own children must not outlive it either.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._join()

    def _read(self, name: str, stream) -> None:
        for line in stream:
            with self._changed:
                self._lines[name].append(line)
                self._changed.notify_all()
        stream.close()

    def _join(self) -> None:
        for reader in self._readers:
            reader.join(PATIENCE_S)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def stdout(self) -> str:
        return "".join(self._lines["stdout"])

    @property
    def stderr(self) -> str:
        return "".join(self._lines["stderr"])

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait_for_lines(self, count: int, stream: str = "stdout") -> list[str]:
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(self._lines[stream]) >= count, PATIENCE_S)
            lines = list(self._lines[stream])
        if not arrived:
            raise TimeoutError(
                f"{len(lines)} of {count} lines on {stream}\n{self.stdout}{self.stderr}"
            )
        return lines

    def wait_for_text(
        self, pattern: str, stream: str = "stderr", patience_s: float = PATIENCE_S
    ) -> re.Match:
        def search() -> re.Match | None:
            return re.search(pattern, "".join(self._lines[stream]))

        with self._changed:
            found = self._changed.wait_for(search, patience_s)
        if not found:
            raise TimeoutError(f"no {pattern!r} on {stream}\n{self.stdout}{self.stderr}")
        return found

    def wait(self) -> int:
        """The exit status; negative for a signal that killed it."""
        try:
            status = self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            raise TimeoutError(
                f"still running after {PATIENCE_S:g} s\n{self.stdout}{self.stderr}"
            ) from None
        self._join()
        return status
