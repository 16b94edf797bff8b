#!/usr/bin/env python3
"""usage: fleet_soak.py [SWEEPS [TARGETS [SEED]]]     (3600 sweeps, as many as an hour has at one a
second, of 1000 targets; a random seed, which is printed)

Runs the daemon over a fleet, ten sweeps a second, against a stand-in for AWS over TLS. Queues jump
about, so that checks scale all the time; the configuration changes as often, whereby targets come,
go and are made anew; services are tagged and untagged; and now and then AWS throttles, fails,
answers nonsense, or breaks the connection.

Flat means: after the first tenth, the second half of what is left has no higher peak of resident
memory or file descriptors than the first one, beyond what the constants leave for chance: calls
that are under way at the same time have a connection each, and after a stall that is all of them.
Exit status 1 when it is not flat.
"""

import asyncio
import json
import random
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from soak import PATIENCE_S, Sample, program, sanitized, usage

from aws_stand_in import SERVICE, AwsStandIn
from certificates import make_certificates

SAMPLES = 40  # in one run
DESCRIPTORS_MAX = 64  # as many connections as it may have to one host
GROWTH_MAX_KIB = 4096  # what these take
TARGETS_PER_QUEUE = 3
THROTTLED = 0.00002  # few: the limit that is learned from one slows all that follow
TROUBLE = 0.02 + THROTTLED
JUMPS = 0.05  # of the readings of a queue, the part that finds it at another depth
SWEEPS_PER_CHANGE = 15  # of the configuration; it is looked for once a second
FOUND = [f"found-{number}" for number in range(12)]


class FleetAws(AwsStandIn):
    """Every service and queue that is asked for is there."""

    def __init__(self, rng: random.Random):
        super().__init__(delay_s=0)
        self.rng = rng
        self.troubles = 0
        self.counts: dict[str, int] = {}
        self.depths: dict[str, int] = {}

    def _answer(self, request) -> bytes:
        chance = self.rng.random()
        if chance < TROUBLE:
            self.troubles += 1
        if chance < 0.005:
            raise ConnectionResetError
        if chance < 0.010:
            return self._refuse(503, b"")
        if chance < 0.020:
            return self._json("1.0", {"Attributes": None, "services": "none", "failures": 7})
        if chance < TROUBLE:
            return self._refuse(400, b'{"__type":"ThrottlingException","message":"Rate exceeded"}')
        answer = getattr(self, f"_{request.operation}", None)
        return answer(json.loads(request.body)) if answer else super()._answer(request)

    def _refuse(self, status: int, body: bytes) -> bytes:
        head = f"HTTP/1.1 {status} Trouble\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body

    def _GetQueueAttributes(self, asked: dict) -> bytes:
        url = asked["QueueUrl"]
        if url not in self.depths or self.rng.random() < JUMPS:
            self.depths[url] = self.rng.choice([0, 7, 40, 80, 300])
        counts = {
            "ApproximateNumberOfMessages": str(self.depths[url]),
            "ApproximateNumberOfMessagesNotVisible": "0",
        }
        return self._json("1.0", {"Attributes": counts})

    def _DescribeServices(self, asked: dict) -> bytes:
        services = [self._described(asked["cluster"], name) for name in asked["services"]]
        return self._json("1.1", {"services": services, "failures": []})

    def _described(self, cluster: str, service: str) -> dict:
        name = service.rsplit("/", 1)[-1]
        arn = f"arn:aws:ecs:eu-west-1:123456789012:service/{cluster}/{name}"
        tasks = self.counts.get(arn, 1)
        described = SERVICE | {"serviceArn": arn, "serviceName": name}
        described |= {"desiredCount": tasks, "runningCount": tasks, "pendingCount": 0}
        if name in FOUND and self.rng.random() < 0.7:
            url = f"https://sqs.eu-west-1.amazonaws.com/123456789012/{name}"
            tags = {"enabled": "true", "queue_url": url, "max_tasks": str(self.rng.choice([9, 60]))}
            described["tags"] = [
                {"key": f"fast-autoscaler:{key}", "value": value} for key, value in tags.items()
            ]
        return described

    def _UpdateService(self, asked: dict) -> bytes:
        arn = f"arn:aws:ecs:eu-west-1:123456789012:service/{asked['cluster']}/{asked['service']}"
        self.counts[arn] = asked["desiredCount"]
        return self._json("1.1", {"service": self._described(asked["cluster"], asked["service"])})

    def _ListServices(self, asked: dict) -> bytes:
        prefix = f"arn:aws:ecs:eu-west-1:123456789012:service/{asked['cluster']}"
        return self._json("1.1", {"serviceArns": [f"{prefix}/{name}" for name in FOUND]})

    def _ListTasks(self, asked: dict) -> bytes:
        return self._json("1.1", {"taskArns": []})


def document(targets: int, rng: random.Random) -> dict:
    """Four fifths of the targets, each of them in one of five clusters; some differ each time."""
    there = sorted(rng.sample(range(targets), k=targets * 4 // 5))
    return {
        "region": "eu-west-1",
        "s3_config_bucket": "soak",
        "policy": "backlog",
        "min_tasks": 1,
        "scale_out_cooldown": 0,
        "scale_in_cooldown": 0,
        "scale_in_evidence": 0.1,
        "config_interval": 1,
        "discover_interval": 5,
        "log_level": "ERROR",
        "targets": [
            {
                "cluster_name": f"cluster-{number % 5}",
                "service_name": f"service-{number}",
                "max_tasks": rng.choice([20, 50, 50, 50]),
                "queue_config": {
                    "queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/"
                    f"queue-{number // TARGETS_PER_QUEUE}"
                },
            }
            for number in there
        ],
        "discover": [{"clusters": ["found"], "max_tasks": 50}],
    }


@dataclass
class Run:
    sweeps: int
    targets: int
    rng: random.Random
    path: Path
    checks: int = 0
    failed: int = 0
    samples: list[Sample] = field(default_factory=list)

    @property
    def all_checks(self) -> int:
        return self.sweeps * self.targets

    def change(self) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(document(self.targets, self.rng)))
        fresh.replace(self.path)

    async def follow(self, process) -> None:
        """Until there were checks enough: as many as the sweeps would have, whatever was passed
        over in them."""
        while self.checks < self.all_checks:
            line = await asyncio.wait_for(process.stdout.readline(), PATIENCE_S)
            if not line:
                raise RuntimeError(f"it ended by itself, with status {await process.wait()}")
            self.checks += 1
            self.failed += b'"errors":[]' not in line
            if self.checks % max(1, self.all_checks // SAMPLES) == 0:
                self.samples.append(Sample(self.checks, *usage(process.pid)))
            if self.checks % (SWEEPS_PER_CHANGE * self.targets) == 0:
                self.change()


def environment(port: int, authority: str) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "AWS_ENDPOINT_URL": f"https://127.0.0.1:{port}",
        "AWS_CA_BUNDLE": authority,
        "AWS_ACCESS_KEY_ID": "SOAK",
        "AWS_SECRET_ACCESS_KEY": "SOAK",
    }


async def soak(sweeps: int, targets: int, seed: int) -> Run:
    rng = random.Random(seed)
    aws = FleetAws(rng)
    with tempfile.TemporaryDirectory() as folder:
        run = Run(sweeps, targets, rng, Path(folder) / "fleet.json")
        run.change()
        certificates = make_certificates(Path(folder))
        server = await aws.listen_at(*certificates.server)
        process = await asyncio.create_subprocess_exec(
            str(program()),
            *("run", "--json", "--interval", "100ms", "--config", str(run.path)),
            env=environment(server.sockets[0].getsockname()[1], certificates.authority),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # a line for each failure
        )
        try:
            await run.follow(process)
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.stdout.read(), PATIENCE_S)
            status = await asyncio.wait_for(process.wait(), PATIENCE_S)
        finally:
            if process.returncode is None:
                process.kill()
        if status != 0:
            raise RuntimeError(f"it ended with status {status}")
        server.close()
    print(f"{aws.troubles} answers of AWS were trouble, {run.failed} checks failed of it")
    return run


def growth(samples: list[Sample]) -> tuple[int, int]:
    """Of memory in KiB and of descriptors, from the peak of one half to that of the other."""
    settled = samples[len(samples) // 10 :]
    first, second = settled[: len(settled) // 2], settled[len(settled) // 2 :]

    def peak(half: list[Sample], name: str) -> int:
        return max(getattr(sample, name) for sample in half)

    return (
        peak(second, "resident_kib") - peak(first, "resident_kib"),
        peak(second, "descriptors") - peak(first, "descriptors"),
    )


def main() -> int:
    given = [int(text) for text in sys.argv[1:]]
    sweeps, targets, seed = (
        given + [3600, 1000, random.SystemRandom().randrange(2**32)][len(given) :]
    )
    print(f"{sweeps} sweeps of {targets} targets, seed {seed}")
    began = time.monotonic()
    run = asyncio.run(soak(sweeps, targets, seed))
    for sample in run.samples:
        print(f"{sample.checks:>9} checks {sample.resident_kib:>8} KiB {sample.descriptors:>4} fds")
    memory_kib, descriptors = growth(run.samples)
    flat = descriptors <= DESCRIPTORS_MAX and (sanitized() or memory_kib <= GROWTH_MAX_KIB)
    print(
        f"{run.checks / (time.monotonic() - began):.0f} checks/s; from one half to the other: "
        f"{memory_kib:+d} KiB (at most +{GROWTH_MAX_KIB}), "
        f"{descriptors:+d} descriptors (at most +{DESCRIPTORS_MAX}): "
        f"{'flat' if flat else 'NOT FLAT'}"
    )
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
