#!/usr/bin/env python3
"""usage: soak.py [CHECKS [SEED]]     (100000 checks; a random seed, which is printed)

Runs the program as a Lambda function, which makes one check after the other without a pause,
against stand-ins for the runtime API and for AWS over TLS. The queue's depth jumps about, so that
most checks scale; now and then AWS throttles, fails, answers nonsense, or breaks the connection.

Flat means: after the first tenth of the checks, neither the resident memory nor the number of
file descriptors grows beyond what GROWTH_MAX_KIB and DESCRIPTORS_MAX leave for chance. Exit status
1 when they do. A program built with AddressSanitizer keeps what was freed, so that of its memory
only its leaks count, which it reports itself at the end.
"""

import asyncio
import contextlib
import os
import random
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT / "bench"), str(PROJECT / "tests" / "e2e")]
from aws_stand_in import AwsStandIn, read_head  # noqa: E402
from certificates import make_certificates  # noqa: E402

SAMPLES = 20  # in one run
GROWTH_MAX_KIB = 1024  # in 100000 checks, a leak of a dozen bytes a check
DESCRIPTORS_MAX = 2  # more: a connection that is being replaced
PATIENCE_S = 60


class ShakyAws(AwsStandIn):
    """AWS on a bad day: two answers in a hundred are none that one would wish for."""

    def __init__(self, rng: random.Random):
        super().__init__(delay_s=0)
        self.rng = rng
        self.troubles = 0

    def _answer(self, request) -> bytes:
        self.visible = self.rng.choice([0, 7, 40, 80, 300])
        chance = self.rng.random()
        if chance >= 0.02:
            return super()._answer(request)
        self.troubles += 1
        if chance < 0.005:
            raise ConnectionResetError
        if chance < 0.010:
            return self._refuse(503, b"")
        if chance < 0.011:  # few: a client that is throttled waits half a second
            return self._refuse(400, b'{"__type":"ThrottlingException","message":"Rate exceeded"}')
        return self._json("1.0", {"Attributes": None, "services": "none", "failures": 7})

    def _refuse(self, status: int, body: bytes) -> bytes:
        head = f"HTTP/1.1 {status} Trouble\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body


@dataclass
class Sample:
    checks: int
    resident_kib: int
    descriptors: int


@dataclass
class Runtime:
    """The runtime API, which always has the next event ready until all checks are made."""

    checks: int
    pid: int = 0
    answered: int = 0
    failed: int = 0
    samples: list[Sample] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader, writer) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                first, headers, _ = await read_head(reader)
                await reader.readexactly(int(headers.get("content-length", 0)))
                if first.startswith("POST"):
                    self.count(failed="/error " in first)
                    writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
                elif self.answered == self.checks:
                    self.done.set()
                    await asyncio.Event().wait()  # as long as it takes, as Lambda does
                else:
                    writer.write(self.event())
                await writer.drain()

    def count(self, failed: bool) -> None:
        self.answered += 1
        self.failed += failed
        if self.answered % max(1, self.checks // SAMPLES) == 0:
            self.samples.append(Sample(self.answered, *usage(self.pid)))

    def event(self) -> bytes:
        deadline_ms = int(time.time() * 1000) + 30_000
        return (
            "HTTP/1.1 200 OK\r\n"
            f"Lambda-Runtime-Aws-Request-Id: request-{self.answered}\r\n"
            f"Lambda-Runtime-Deadline-Ms: {deadline_ms}\r\n"
            "Content-Length: 2\r\n\r\n{}"
        ).encode()


def program() -> Path:
    return PROJECT / os.environ.get("FAS_BUILD_DIR", "build/release") / "fast-autoscaler"


def sanitized() -> bool:
    return b"__asan_init" in program().read_bytes()


def usage(pid: int) -> tuple[int, int]:
    """Resident memory in KiB, and open file descriptors."""
    status = Path(f"/proc/{pid}/status").read_text()
    [resident] = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")]
    return int(resident), len(os.listdir(f"/proc/{pid}/fd"))


def environment(aws_port: int, runtime_port: int, authority: str) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{runtime_port}",
        "ECS_CLUSTER": "shop",
        "SERVICE_NAME": "worker",
        "SQS_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/jobs",
        "S3_CONFIG_BUCKET": "soak",
        "AWS_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": f"https://127.0.0.1:{aws_port}",
        "AWS_CA_BUNDLE": authority,
        "AWS_ACCESS_KEY_ID": "SOAK",
        "AWS_SECRET_ACCESS_KEY": "SOAK",
        "POLICY": "backlog",
        "MIN_TASKS": "1",
        "MAX_TASKS": "50",
        "SCALE_OUT_COOLDOWN": "0",
        "SCALE_IN_COOLDOWN": "0",
        "SCALE_IN_EVIDENCE": "0.1",
    }


async def soak(checks: int, seed: int) -> Runtime:
    aws, runtime = ShakyAws(random.Random(seed)), Runtime(checks)
    with tempfile.TemporaryDirectory() as folder:
        certificates = make_certificates(Path(folder))
        server = await aws.listen_at(*certificates.server)
        api = await asyncio.start_server(runtime.serve, "127.0.0.1", 0)
        ports = [one.sockets[0].getsockname()[1] for one in (server, api)]
        process = await asyncio.create_subprocess_exec(
            str(program()),
            env=environment(*ports, certificates.authority),
            stderr=asyncio.subprocess.DEVNULL,  # a line a check
        )
        runtime.pid = process.pid
        ended, done = (
            asyncio.ensure_future(process.wait()),
            asyncio.ensure_future(runtime.done.wait()),
        )
        await asyncio.wait([ended, done], return_when=asyncio.FIRST_COMPLETED)
        if not runtime.done.is_set():
            raise RuntimeError(f"it ended by itself, with status {ended.result()}")
        process.send_signal(signal.SIGTERM)
        status = await asyncio.wait_for(ended, PATIENCE_S)
        if status != 0:
            raise RuntimeError(f"it ended with status {status}")
        api.close()
        server.close()
    print(f"{aws.troubles} answers of AWS were trouble, {runtime.failed} checks failed of it")
    return runtime


def growth(samples: list[Sample]) -> tuple[int, int]:
    """Of memory in KiB and of descriptors, from the end of the first tenth to the worst since."""
    settled, *later = samples[SAMPLES // 10 - 1 :]
    return (
        max(one.resident_kib for one in later) - settled.resident_kib,
        max(one.descriptors for one in later) - settled.descriptors,
    )


def main() -> int:
    checks = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(2**32)
    print(f"{checks} checks, seed {seed}")
    began = time.monotonic()
    runtime = asyncio.run(soak(checks, seed))
    for sample in runtime.samples:
        print(f"{sample.checks:>9} checks {sample.resident_kib:>8} KiB {sample.descriptors:>4} fds")
    memory_kib, descriptors = growth(runtime.samples)
    flat = descriptors <= DESCRIPTORS_MAX and (sanitized() or memory_kib <= GROWTH_MAX_KIB)
    print(
        f"{checks / (time.monotonic() - began):.0f} checks/s; after the first tenth: "
        f"{memory_kib:+d} KiB (at most +{GROWTH_MAX_KIB}), "
        f"{descriptors:+d} descriptors (at most +{DESCRIPTORS_MAX}): "
        f"{'flat' if flat else 'NOT FLAT'}"
    )
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
