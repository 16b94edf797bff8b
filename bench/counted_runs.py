"""What `make instructions` counts: runs of the packaged program under callgrind, each against a
stand-in for AWS with canned answers over TLS, and how many instructions they execute.

The same program executes the same instructions on every machine that it is told the same things
on: so what it would ask the processor is pinned (PINNED), and so are the environment, the answers
and the kinds of keys. What is left are the random bytes of TLS and the order in which answers come.

  next         from exec to the moment before `GET next` is sent, as a Lambda function
  first-check  `once`: a check that scales out, by three TLS connections and seven calls
  warm-check   one event more for a function that has had some: a check that holds, and its answer
  sweep        the same for a function of 250 targets, without TLS, times four: of 1,000 targets
  decision     one line more for `decide`
  signature    one request more to sign: Signer::sign(), in tests/sigv4/sign_requests
"""

import asyncio
import json
import re
import signal
import statistics
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aws_stand_in import SERVICE, AwsStandIn, read_head
from servers import make_certificates

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "build" / "package" / "x86_64"
PROGRAM = PACKAGE / "build" / "fast-autoscaler"  # bootstrap before it is stripped
SIGNER = PACKAGE / "build" / "tests" / "sign_requests"
PATIENCE_S = 60
ANSWERS_AHEAD_MAX_S = 8
HOSTS = ("SQS", "ECS", "S3")
TARGETS, TARGETS_PER_QUEUE, TARGETS_PER_CLUSTER = 250, 10, 125

# OpenSSL and simdjson take the code of a processor with SSE 4.2, AES and carry-less multiplication,
# glibc that of one without AVX.
PINNED = {
    "OPENSSL_ia32cap": "0x02980203078bfbff:0x0",
    "SIMDJSON_FORCE_IMPLEMENTATION": "westmere",
    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX,-AVX2,-ERMS",
}
ALWAYS = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/nonexistent",
    "LOG_LEVEL": "ERROR",
    "METRICS": "none",
    "AWS_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "ASIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "T" * 800,
    "AWS_EC2_METADATA_DISABLED": "true",
    "S3_CONFIG_BUCKET": "shop-autoscaler-state",
    "MIN_TASKS": "2",
    "MAX_TASKS": "100",
} | PINNED
QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"
ONE_TARGET = {"ECS_CLUSTER": "shop", "SERVICE_NAME": "worker", "SQS_QUEUE_URL": QUEUE_URL}
ENOUGH, TOO_MANY = 100, 500  # messages for the tasks that there are: what lies between holds
TASKS = 10


class CannedAws(AwsStandIn):
    """Every service that is asked for is there."""

    answered = 0

    def listen_in_the_clear(self):
        return asyncio.start_server(self._serve, "127.0.0.1", 0)

    def _answer(self, request) -> bytes:
        self.answered += 1
        if request.operation != "DescribeServices":
            return super()._answer(request)
        asked = json.loads(request.body)
        services = [self._named(asked["cluster"], name) for name in asked["services"]]
        return self._json("1.1", {"services": services, "failures": []})

    def _named(self, cluster: str, name: str) -> dict:
        arn = SERVICE["serviceArn"].replace("shop/worker", f"{cluster}/{name}")
        return self._service() | {"serviceArn": arn, "serviceName": name}


class Runtime:
    """Lambda's runtime API for one function: `count` events, and then none that ever comes. The
    first one waits until AWS has answered what is asked ahead of it, `ahead` calls."""

    def __init__(self, aws: CannedAws, count: int, ahead: int):
        self.aws, self.left, self.ahead = aws, count, ahead
        self.answers: list[dict] = []
        self.waits = asyncio.Event()  # in `next`, for nothing

    async def serve(self, reader, writer) -> None:
        try:
            while True:
                first, headers, _ = await read_head(reader)
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                if first.startswith("POST"):
                    self.answers.append(json.loads(body))
                    writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}")
                elif self.left > 0:
                    await self._answers_ahead()
                    self.left -= 1
                    writer.write(
                        b"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8\r\n"
                        b"Lambda-Runtime-Deadline-Ms: 9999999999999\r\nContent-Length: 2\r\n\r\n{}"
                    )
                else:
                    self.waits.set()
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the function has ended

    async def _answers_ahead(self) -> None:
        """Where the program gave up waiting for one, they never come."""
        end = time.monotonic() + ANSWERS_AHEAD_MAX_S
        while self.aws.answered < self.ahead:
            if time.monotonic() > end:
                self.answers.append({"errorType": "the readings ahead of the event did not come"})
                return
            await asyncio.sleep(0.01)


class OtherWork(RuntimeError):
    """The program did not do what was to be counted."""


@dataclass
class Counter:
    """Counts what a program executes, in a folder."""

    folder: Path

    @asynccontextmanager
    async def running(self, command, environment, *options):
        """The process, under callgrind; counted() says the rest once it has ended."""
        for old in self.folder.glob("callgrind.*"):
            old.unlink()
        out = self.folder / "callgrind.out"
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *options]
        log = f"--log-file={self.folder / 'valgrind.log'}"
        process = await asyncio.create_subprocess_exec(
            *valgrind, log, *map(str, command), env=environment, cwd=self.folder,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def printed(self, process, stdin: bytes = b"") -> bytes:
        """Until it has ended, which it must do well."""
        out, err = await asyncio.wait_for(process.communicate(stdin), PATIENCE_S)
        if process.returncode != 0:
            raise OtherWork(f"exit status {process.returncode}: {(out + err)[-1000:]!r}")
        return out

    def counted(self, name: str = "callgrind.out") -> int:
        return int(
            re.search(r"^(?:totals|summary): (\d+)", (self.folder / name).read_text(), re.M)[1]
        )


@asynccontextmanager
async def running_aws(folder: Path, visible: int, tls: bool = True):
    """The stand-in, at a port for each host; gives it and the environment that leads there."""
    make_certificates(folder)
    certificate, key = str(folder / "server.pem"), str(folder / "server.key")
    aws = CannedAws(delay_s=0, visible=visible, desired=TASKS)
    listen = (lambda: aws.listen_at(certificate, key)) if tls else aws.listen_in_the_clear
    servers = [await listen() for _ in HOSTS]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    endpoints = {
        f"AWS_ENDPOINT_URL_{host}": f"http{'s' * tls}://127.0.0.1:{port}"
        for host, port in zip(HOSTS, ports, strict=True)
    }
    try:
        yield aws, ALWAYS | endpoints | {"AWS_CA_BUNDLE": str(folder / "ca.pem")}
    finally:
        for server in servers:
            server.close()


async def function(counter: Counter, environment, runtime: Runtime, *options) -> None:
    """Runs the program as a Lambda function until it waits for nothing."""
    server = await asyncio.start_server(runtime.serve, "127.0.0.1", 0)
    address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    variables = environment | {"AWS_LAMBDA_RUNTIME_API": address}
    async with counter.running([PROGRAM], variables, *options) as process:
        await asyncio.wait_for(runtime.waits.wait(), PATIENCE_S)
        process.send_signal(signal.SIGTERM)
        await counter.printed(process)
    server.close()


# --- what is counted


async def start_to_next(counter: Counter) -> int:
    """The first thing that a function sends is GET next. Without a target it does little after."""
    await function(counter, ALWAYS, Runtime(CannedAws(0), 0, 0), "--dump-before=send")
    return counter.counted("callgrind.out.1")


async def first_check(counter: Counter) -> int:
    async with running_aws(counter.folder, TOO_MANY) as (_, environment):
        command = [PROGRAM, "once", "--json"]
        async with counter.running(command, environment | ONE_TARGET) as process:
            check = json.loads(await counter.printed(process))
    if not check["changed"] or check["new_tasks"] != 15:
        raise OtherWork(str(check))
    return counter.counted()


async def of_events(
    counter: Counter, settings: dict[str, str], ahead: int, tls: bool, few: int, many: int
) -> int:
    """Of one event more."""
    counts = {}
    for events in (few, many):
        async with running_aws(counter.folder, ENOUGH, tls) as (aws, environment):
            runtime = Runtime(aws, events, ahead)
            await function(counter, environment | settings, runtime)
        held = len(runtime.answers) == events and aws.desired == TASKS
        if not held or any("errorType" in answer for answer in runtime.answers):
            raise OtherWork(str(runtime.answers)[:1000])
        counts[events] = counter.counted()
    return (counts[many] - counts[few]) // (many - few)


async def warm_check(counter: Counter) -> int:
    """Queue, service and state are read ahead of the first event."""
    return await of_events(counter, ONE_TARGET, ahead=3, tls=True, few=5, many=65)


def fleet() -> dict:
    targets = [
        {
            "cluster_name": f"shop-{number // TARGETS_PER_CLUSTER:03}",
            "service_name": f"worker-{number:06}",
            "queue_config": {"queue_url": f"{QUEUE_URL}-{number // TARGETS_PER_QUEUE:05}"},
        }
        for number in range(TARGETS)
    ]
    return {"policy": "backlog", "target_messages_per_task": ENOUGH / TASKS, "targets": targets}


async def sweep(counter: Counter) -> int:
    """Without TLS, and no more targets at once: handshakes with all connections at the same time,
    or slower checks, take longer under callgrind than the program waits."""
    file = counter.folder / "fleet.json"
    file.write_text(json.dumps(fleet()))
    settings = {"FAST_AUTOSCALER_CONFIG": str(file)}
    return 1000 // TARGETS * await of_events(counter, settings, ahead=0, tls=False, few=1, many=4)


async def of_lines(counter: Counter, command, line: dict, *options) -> int:
    """Of one line more that a filter reads and answers."""
    few, many = 50, 250
    counts = {}
    for lines in (few, many):
        text = (json.dumps(line) + "\n") * lines
        async with counter.running(command, ALWAYS, *options) as process:
            printed = await counter.printed(process, text.encode())
        if printed.count(b"\n") != lines:
            raise OtherWork(f"{printed[-1000:]!r}")
        counts[lines] = counter.counted()
    return (counts[many] - counts[few]) // (many - few)


SITUATION = {
    "now": 1_700_000_000, "visible": 500, "in_flight": 20, "desired": 10, "running": 10,
    "pending": 0, "last_scale_out": None, "last_scale_in": 1_699_999_000,
}  # fmt: skip
REQUEST = {
    "method": "POST", "path": "/", "query": [],
    "headers": [
        ["Host", "sqs.eu-west-1.amazonaws.com"], ["Content-Type", "application/x-amz-json-1.0"],
        ["X-Amz-Target", "AmazonSQS.GetQueueAttributes"], ["User-Agent", "fast-autoscaler"],
    ],
    "body": json.dumps({"QueueUrl": QUEUE_URL, "AttributeNames": ["ApproximateNumberOfMessages"]}),
    "service": "sqs", "region": "eu-west-1", "normalize_path": True,
    "content_sha256_header": False, "presign": False, "expires": 0, "epoch_seconds": 1_700_000_000,
    "access_key_id": ALWAYS["AWS_ACCESS_KEY_ID"],
    "secret_access_key": ALWAYS["AWS_SECRET_ACCESS_KEY"],
    "session_token": ALWAYS["AWS_SESSION_TOKEN"],
}  # fmt: skip

RUNS = {
    "next": start_to_next,
    "first-check": first_check,
    "warm-check": warm_check,
    "sweep": sweep,
    "decision": lambda counter: of_lines(counter, [PROGRAM, "decide"], SITUATION),
    "signature": lambda counter: of_lines(
        counter, [SIGNER], REQUEST, "--toggle-collect=fas::sigv4::Signer::sign*"
    ),
}


# Of those that talk with servers, the median of so many runs: an answer that comes in two parts, or
# beside another one, takes another turn of the loop.
RUNS_EACH = {"first-check": 3, "warm-check": 3, "sweep": 3}
FAILURES_MAX = 4


def count(name: str, folder: Path) -> int:
    """A machine that is busy elsewhere may make the program give up waiting, fifty times slower as
    it is under callgrind. What it does then is not what is counted, so it is run again."""
    counts: list[int] = []
    failures = 0
    while len(counts) < RUNS_EACH.get(name, 1):
        try:
            counts.append(asyncio.run(RUNS[name](Counter(folder))))
        except (OtherWork, TimeoutError) as other:
            failures += 1
            if failures > FAILURES_MAX:
                raise
            print(f"{name}: {other!r}; once more", file=sys.stderr)
    return round(statistics.median(counts))


def count_all() -> dict[str, int]:
    with tempfile.TemporaryDirectory(prefix="fas-") as folder:
        return {name: count(name, Path(folder)) for name in RUNS}
