#!/usr/bin/env python3
"""How long a check takes over TLS when AWS answers each request after 50 ms.

Runs `fast-autoscaler run` against a stand-in for AWS (aws_stand_in.py) and takes the duration that
each check reports of itself:

  tick.latency.hold         changes nothing: queue and service are read at once, so one delay
  tick.latency.scale        out: observe, claim the state, update the service: three
  tick.latency.scale_in     in: records itself between claim and update: four

`floor` is a bare asyncio client that sends the recorded bytes of the same requests in the same
order over warm connections: what the delays alone cost, on this machine, in this run.
"""

import asyncio
import json
import os
import platform
import signal
import ssl
import statistics
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path

from aws_stand_in import MESSAGES_TO_SCALE_OUT, AwsStandIn, read_head

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT / "tests" / "e2e"))
from certificates import Certificates, make_certificates  # noqa: E402

DELAY_S = 0.050
CHECKS = 40  # measured of each kind
WARM_UP = 3  # checks that are not measured: they open connections
PATIENCE_S = 60.0
LIMITS_MS = {"tick.latency.hold": 75, "tick.latency.scale": 180}


def program() -> Path:
    """The release's static program; FAS_PROGRAM names another one."""
    architecture = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
    packaged = PROJECT / "build" / "package" / architecture / "bootstrap"
    return Path(os.environ.get("FAS_PROGRAM", packaged)).resolve()


def environment(port: int, certificates: Certificates) -> dict[str, str]:
    """Cooldowns of nothing, and the whole way in one step, so that each flip scales at once."""
    return {
        "PATH": "/usr/bin:/bin",
        "ECS_CLUSTER": "shop",
        "SERVICE_NAME": "worker",
        "S3_CONFIG_BUCKET": "shop-autoscaler-state",
        "SQS_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
        "MIN_TASKS": "1",
        "MAX_TASKS": "10",
        "SCALE_UP_THRESHOLD": "10",
        "SCALE_DOWN_THRESHOLD": "5",
        "TASKS_PER_MESSAGE": "0.1",
        "MAX_SCALE_DOWN_FACTOR": "0",
        "SCALE_OUT_COOLDOWN": "0",
        "SCALE_IN_COOLDOWN": "0",
        "SCALE_IN_EVIDENCE": "0",
        "RESPECT_TASK_PROTECTION": "false",  # a scale-in asks two questions more with it
        "LOG_LEVEL": "ERROR",
        "AWS_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": f"https://127.0.0.1:{port}",
        "AWS_CA_BUNDLE": certificates.authority,
        "AWS_ACCESS_KEY_ID": "BENCH",
        "AWS_SECRET_ACCESS_KEY": "BENCH",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


class Daemon:
    """`fast-autoscaler run`, and the checks that it reports."""

    def __init__(self, process: asyncio.subprocess.Process):
        self._process = process

    async def check(self) -> dict:
        line = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE_S)
        if not line:
            raise RuntimeError("fast-autoscaler ended in the middle of the benchmark")
        check = json.loads(line)
        if check["errors"]:
            raise RuntimeError(f"a check failed: {check['errors']}")
        return check

    async def hold_durations_ms(self, count: int) -> list[float]:
        checks = [await self.check() for _ in range(count)]
        if any(check["changed"] for check in checks):
            raise RuntimeError("a check scaled that should have held")
        return [check["duration_ms"] for check in checks]

    async def scale_duration_ms(self, action: str) -> float:
        """Of the next check that does that."""
        for _ in range(5):
            check = await self.check()
            if check["changed"] and check["action"] == action:
                return check["duration_ms"]
        raise RuntimeError(f"no {action}: {check['reason']}")


@asynccontextmanager
async def daemon_for(port: int, certificates: Certificates):
    command = [str(program()), "run", "--interval", "200ms", "--json"]
    process = await asyncio.create_subprocess_exec(
        *command, env=environment(port, certificates), stdout=asyncio.subprocess.PIPE
    )
    try:
        yield Daemon(process)
    finally:
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.communicate(), PATIENCE_S)


class BareClient:
    """Sends recorded requests over connections that it keeps."""

    def __init__(self, port: int, certificates: Certificates, recorded: dict[str, bytes]):
        self._port = port
        self._context = ssl.create_default_context(cafile=certificates.authority)
        self._recorded = recorded
        self._connections = []

    async def connect(self, count: int) -> None:
        self._connections = [
            await asyncio.open_connection("127.0.0.1", self._port, ssl=self._context)
            for _ in range(count)
        ]

    async def at_once(self, *operations: str) -> None:
        pairs = zip(operations, self._connections, strict=False)
        await asyncio.gather(*(self._exchange(name, *connection) for name, connection in pairs))

    async def _exchange(self, operation: str, reader, writer) -> None:
        writer.write(self._recorded[operation])
        _, headers, _ = await read_head(reader)
        await reader.readexactly(int(headers["content-length"]))

    async def durations_ms(self, steps: list[tuple[str, ...]], count: int) -> list[float]:
        durations = []
        for _ in range(WARM_UP + count):
            began = time.perf_counter()
            for operations in steps:
                await self.at_once(*operations)
            durations.append((time.perf_counter() - began) * 1000)
        return durations[WARM_UP:]

    def close(self) -> None:
        for _, writer in self._connections:
            writer.close()


OBSERVE = ("GetQueueAttributes", "DescribeServices")
WRITE, UPDATE = ("PUT",), ("UpdateService",)


async def measure_all(certificates: Certificates) -> dict[str, dict[str, list[float]]]:
    aws = AwsStandIn(DELAY_S)
    server = await aws.listen_at(*certificates.server)
    port = server.sockets[0].getsockname()[1]

    ours: dict[str, list[float]] = {"scale": [], "scale_in": []}
    async with daemon_for(port, certificates) as daemon:
        await daemon.hold_durations_ms(WARM_UP)
        ours["hold"] = await daemon.hold_durations_ms(CHECKS)
        aws.visible, aws.flip = MESSAGES_TO_SCALE_OUT, True
        for number in range(WARM_UP + CHECKS):
            out = await daemon.scale_duration_ms("scale_out")
            back_in = await daemon.scale_duration_ms("scale_in")
            if number >= WARM_UP:
                ours["scale"].append(out)
                ours["scale_in"].append(back_in)

    bare = BareClient(port, certificates, dict(aws.last))
    await bare.connect(2)
    floors = {
        "hold": await bare.durations_ms([OBSERVE], CHECKS),
        "scale": await bare.durations_ms([OBSERVE, WRITE, UPDATE], CHECKS),
        "scale_in": await bare.durations_ms([OBSERVE, WRITE, WRITE, UPDATE], CHECKS),
    }
    bare.close()
    server.close()
    await asyncio.wait_for(aws.clients_gone(), PATIENCE_S)
    return {kind: {"fast-autoscaler": ours[kind], "floor": floors[kind]} for kind in ours}


def spread(values: list[float]) -> dict[str, float]:
    return {
        "min": round(min(values), 3),
        "median": round(statistics.median(values), 3),
        "max": round(max(values), 3),
        "n": len(values),
    }


def measure() -> list[dict]:
    """The results, in the form of bench/run.py."""
    with tempfile.TemporaryDirectory() as folder:
        measured = asyncio.run(measure_all(make_certificates(Path(folder))))
    results = []
    for kind, subjects in measured.items():
        bench = f"tick.latency.{kind}"
        limit = {"limit": LIMITS_MS[bench]} if bench in LIMITS_MS else {}
        spreads = {subject: spread(values) for subject, values in subjects.items()}
        results.append({"bench": bench, "unit": "ms", "better": "lower"} | limit)
        results[-1]["subjects"] = spreads
    return results


if __name__ == "__main__":
    print(json.dumps({"results": measure()}, indent=2))
