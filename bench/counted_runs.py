"""What `make instructions` counts: runs of the packaged program under callgrind, each against a
stand-in for AWS with canned answers over TLS, and how many instructions they execute.

The same program executes the same instructions on every machine that it is told the same things
on: so what it would ask the processor is pinned (PINNED), and so are the environment, the answers
and the kinds of keys. What is left are the random bytes of TLS and the order in which answers come.

  next         from exec to the moment before `GET next` is sent, as a Lambda function
  first-check  `once`: a check that scales out, by three TLS connections and seven calls
  warm-check   one event more for a function that has had some: a check that holds, and its answer
  sweep        the same for a function of 1,000 targets
  decision     one line more for `decide`
  signature    one request more to sign, with what tests/sigv4/sign_requests reads and writes
"""

import asyncio
import json
import re
import signal
import sys
import tempfile
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aws_stand_in import SERVICE, AwsStandIn, read_head
from servers import make_certificates

PROJECT = Path(__file__).resolve().parent.parent
PACKAGE = PROJECT / "build" / "package" / "x86_64"
PROGRAM = PACKAGE / "build" / "fast-autoscaler"  # bootstrap before it is stripped
SIGNER = PACKAGE / "build" / "tests" / "sign_requests"
PATIENCE_S = 120
HOSTS = ("SQS", "ECS", "S3")
TARGETS, TARGETS_PER_QUEUE, TARGETS_PER_CLUSTER = 1000, 10, 200

# A processor with SSE 4.2, AES and carry-less multiplication, and nothing later: every machine has
# these. The sizes of its caches decide how glibc copies.
PINNED = {
    "OPENSSL_ia32cap": "0x02980203078bfbff:0x0",
    "GLIBC_TUNABLES": ":".join(
        f"glibc.cpu.{name}"
        for name in (
            "hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-BMI2,-ERMS,-FSRM,-RTM,"
            "-AVX_Fast_Unaligned_Load",
            "x86_data_cache_size=0x8000",
            "x86_shared_cache_size=0x100000",
            "x86_non_temporal_threshold=0xc0000",
        )
    ),
    "SIMDJSON_FORCE_IMPLEMENTATION": "westmere",
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

    def _answer(self, request) -> bytes:
        if request.operation != "DescribeServices":
            return super()._answer(request)
        asked = json.loads(request.body)
        services = [self._named(asked["cluster"], name) for name in asked["services"]]
        return self._json("1.1", {"services": services, "failures": []})

    def _named(self, cluster: str, name: str) -> dict:
        arn = SERVICE["serviceArn"].replace("shop/worker", f"{cluster}/{name}")
        return self._service() | {"serviceArn": arn, "serviceName": name}


class Runtime:
    """Lambda's runtime API for one function: `count` events, and then it is told to end."""

    def __init__(self, count: int):
        self.left = count
        self.answers: list[dict] = []
        self.waits = asyncio.Event()  # in `next`, for an event that never comes

    async def serve(self, reader, writer) -> None:
        try:
            while True:
                first, headers, _ = await read_head(reader)
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                if first.startswith("POST"):
                    self.answers.append(json.loads(body))
                    writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}")
                elif self.left > 0:
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
async def running_aws(folder: Path, visible: int):
    """The stand-in, at a port for each host; gives it and the environment that leads there."""
    make_certificates(folder)
    certificate, key = str(folder / "server.pem"), str(folder / "server.key")
    aws = CannedAws(delay_s=0, visible=visible, desired=TASKS)
    servers = [await aws.listen_at(certificate, key) for _ in HOSTS]
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    endpoints = {
        f"AWS_ENDPOINT_URL_{host}": f"https://127.0.0.1:{port}"
        for host, port in zip(HOSTS, ports, strict=True)
    }
    try:
        yield aws, ALWAYS | endpoints | {"AWS_CA_BUNDLE": str(folder / "ca.pem")}
    finally:
        for server in servers:
            server.close()


async def function(counter: Counter, environment, events: int, *options) -> list[dict]:
    """Runs the program as a Lambda function for so many events; gives its answers."""
    runtime = Runtime(events)
    server = await asyncio.start_server(runtime.serve, "127.0.0.1", 0)
    address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    variables = environment | {"AWS_LAMBDA_RUNTIME_API": address}
    async with counter.running([PROGRAM], variables, *options) as process:
        await asyncio.wait_for(runtime.waits.wait(), PATIENCE_S)
        process.send_signal(signal.SIGTERM)
        await counter.printed(process)
    server.close()
    return runtime.answers


# --- what is counted


async def start_to_next(counter: Counter) -> int:
    """The first thing that a function sends is GET next."""
    async with running_aws(counter.folder, ENOUGH) as (_, environment):
        await function(counter, environment | ONE_TARGET, 0, "--dump-before=send")
    return counter.counted("callgrind.out.1")


async def first_check(counter: Counter) -> int:
    async with running_aws(counter.folder, TOO_MANY) as (_, environment):
        command = [PROGRAM, "once", "--json"]
        async with counter.running(command, environment | ONE_TARGET) as process:
            check = json.loads(await counter.printed(process))
    if not check["changed"] or check["new_tasks"] != 15:
        raise OtherWork(str(check))
    return counter.counted()


async def of_events(counter: Counter, settings: dict[str, str], few: int, many: int) -> int:
    """Of one event more."""
    counts = {}
    for events in (few, many):
        async with running_aws(counter.folder, ENOUGH) as (aws, environment):
            answers = await function(counter, environment | settings, events)
            held = len(answers) == events and aws.desired == TASKS
            if not held or any("errorType" in answer for answer in answers):
                raise OtherWork(str(answers)[:1000])
        counts[events] = counter.counted()
    return (counts[many] - counts[few]) // (many - few)


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
    file = counter.folder / "fleet.json"
    file.write_text(json.dumps(fleet()))
    return await of_events(counter, {"FAST_AUTOSCALER_CONFIG": str(file)}, 1, 2)


async def of_lines(counter: Counter, command, line: dict, few: int = 50, many: int = 250) -> int:
    """Of one line more that a filter reads and answers."""
    counts = {}
    for lines in (few, many):
        text = (json.dumps(line) + "\n") * lines
        async with counter.running(command, ALWAYS) as process:
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
    "warm-check": lambda counter: of_events(counter, ONE_TARGET, 5, 25),
    "sweep": sweep,
    "decision": lambda counter: of_lines(counter, [PROGRAM, "decide"], SITUATION),
    "signature": lambda counter: of_lines(counter, [SIGNER], REQUEST),
}


def count(name: str, folder: Path, tries: int = 5) -> int:
    """A machine that is busy elsewhere may make the program give up waiting, fifty times slower as
    it is under callgrind. What it does then is not what is counted, so it is run again."""
    for left in reversed(range(tries)):
        try:
            return asyncio.run(RUNS[name](Counter(folder)))
        except (OtherWork, TimeoutError) as other:
            if not left:
                raise
            print(f"{name}: {other}; once more", file=sys.stderr)
    raise AssertionError


def count_all(names=RUNS) -> dict[str, int]:
    with tempfile.TemporaryDirectory(prefix="fas-") as folder:
        return {name: count(name, Path(folder)) for name in names}
