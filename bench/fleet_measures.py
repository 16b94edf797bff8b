"""The benches of a fleet: one process that checks thousands of targets.

All but fleet.rss drive the program's own fleet from bench/fleet.cpp, which has no configuration to
read; fleet.rss runs the program itself. The servers are fleet_servers.py's.
"""

import json
import os
import signal
import socket
import subprocess
import time
from collections import Counter
from contextlib import closing, contextmanager

from fleet_servers import EVENTS, FleetStage, running_fleet_servers
from host_names import BUCKET, QUEUE_HOSTS
from measure import NotMeasured, Tools, result
from subjects import OURS, Subject
from tick_latency import program

RATE_TARGETS, GROWN_TARGETS, FEW_TARGETS = 10_000, 100_000, 1_000
RATE_SECONDS, FEW_SECONDS, SDK_SECONDS = 2.0, 2.0, 2.0
SPREAD_TARGETS, SPREAD_SWEEPS = 2_000, 10
RATE_ROUNDS_MAX, GROWTH_ROUNDS_MAX, RSS_ROUNDS_MAX, SPREAD_ROUNDS_MAX = 10, 5, 3, 7
RSS_SWEEPS = 3
TIME_MAX_S = 180

WITH_EVENTS, FEW, NONE_HANGS = "with-events", "1,000-targets", "none-hangs"
SDK_MADE, SDK_KEPT = "sdk-python-made", "sdk-python-kept"
DESCRIBED = {
    SDK_MADE: "fleet: boto3, the original's calls one after another, new clients for each check",
    SDK_KEPT: "fleet: the same with clients made once",
    WITH_EVENTS: f"fleet: this program, when each service comes with {EVENTS} events; once",
    FEW: "fleet: this program, with 1,000 targets",
    NONE_HANGS: "fleet: this program, when all endpoints answer",
}


def fleet_bench(tools: Tools, fleet: FleetStage, ours: Subject, *words: str, port: int = 0) -> dict:
    """What it measured. It prints its checks, as the program would, to nowhere."""
    command = [str(tools.programs / "fleet_bench"), *words]
    done = subprocess.run(
        command, env=fleet.environment(port) | ours.variables, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, timeout=TIME_MAX_S,
    )  # fmt: skip
    line = (done.stderr.splitlines() or [""])[-1]
    if done.returncode != 0 or not line.startswith("{"):
        raise NotMeasured(f"fleet_bench {words[0]}: {done.stderr[-2000:]}")
    return json.loads(line)


def steady(figures: dict) -> dict:
    """The figures, where every sweep checked everything."""
    if figures["passed_over"] or figures["failed"]:
        raise NotMeasured(f"targets were left out: {figures}")
    return figures


def sdk_checks_per_s(fleet: FleetStage, python: Subject, mode: str) -> float:
    script = python.cli[-1].replace("main.py", "fleet.py")
    done = subprocess.run(
        [python.cli[0], script, mode, str(SDK_SECONDS)],
        env=fleet.environment() | python.variables, capture_output=True, text=True,
        timeout=TIME_MAX_S,
    )  # fmt: skip
    if done.returncode != 0:
        raise NotMeasured(f"fleet.py {mode}: {done.stderr[-2000:]}")
    counted = json.loads(done.stdout)
    return counted["checks"] / counted["seconds"]


def rates(tools: Tools, subjects: list[Subject]) -> list[dict]:
    [python] = [one for one in subjects if one.name == "sdk-python"]
    words = ("rate", str(RATE_TARGETS), str(RATE_SECONDS))
    samples: dict[str, list[float]] = {OURS: [], SDK_KEPT: [], SDK_MADE: []}
    with running_fleet_servers(tools.stage, tools.programs) as fleet:

        def ours(port: int) -> float:
            figures = steady(fleet_bench(tools, fleet, subjects[0], *words, port=port))
            return figures["checks"] / figures["seconds"]

        for _ in range(min(tools.runs, RATE_ROUNDS_MAX)):
            samples[OURS].append(ours(fleet.port))
            samples[SDK_KEPT].append(sdk_checks_per_s(fleet, python, "kept"))
            samples[SDK_MADE].append(sdk_checks_per_s(fleet, python, "made"))
        samples[WITH_EVENTS] = [ours(fleet.events_port)]
    return [result("fleet.rate", "targets/s", "higher", samples)]


def growth(tools: Tools, subjects: list[Subject]) -> list[dict]:
    times: dict[str, list[float]] = {OURS: [], FEW: []}
    cpu_times: dict[str, list[float]] = {OURS: [], FEW: []}
    kinds = ((OURS, GROWN_TARGETS, 0), (FEW, FEW_TARGETS, FEW_SECONDS))
    with running_fleet_servers(tools.stage, tools.programs) as fleet:
        for _ in range(min(tools.runs, GROWTH_ROUNDS_MAX)):
            for name, targets, seconds in kinds:
                words = ("rate", str(targets), str(seconds))
                figures = steady(fleet_bench(tools, fleet, subjects[0], *words))
                times[name].append(figures["seconds"] / figures["checks"] * 1e6)
                cpu_times[name].append(figures["cpu_seconds"] / figures["checks"] * 1e6)
    return [
        result("fleet.growth", "µs", "lower", times),
        result("fleet.growth.cpu", "µs", "lower", cpu_times),
    ]


def calls(tools: Tools, subjects: list[Subject]) -> list[dict]:
    """Of a second sweep: what two make, less what one makes."""
    counts = []
    with running_fleet_servers(tools.stage, tools.programs) as fleet:
        for sweeps in ("1", "2"):
            position = fleet.log.stat().st_size
            words = ("sweeps", str(RATE_TARGETS), sweeps)
            steady(fleet_bench(tools, fleet, subjects[0], *words, port=fleet.logged_port))
            with fleet.log.open() as log:
                log.seek(position)
                counts.append(Counter(line.strip() for line in log))
    second = counts[1] - counts[0]
    return [result("fleet.calls", "calls", "lower", {OURS: [float(second.total())]})]


@contextmanager
def hanging_endpoint():
    """The URL of one that takes connections, and says nothing to anybody."""
    name, address = list(QUEUE_HOSTS.items())[-1]
    with closing(socket.create_server((address, 0), backlog=4096)) as listener:
        yield f"https://{name}:{listener.getsockname()[1]}"


def isolation(tools: Tools, subjects: list[Subject]) -> list[dict]:
    samples: dict[str, list[float]] = {OURS: [], NONE_HANGS: []}
    words = ("spread", str(SPREAD_TARGETS), str(SPREAD_SWEEPS))
    with running_fleet_servers(tools.stage, tools.programs) as fleet, hanging_endpoint() as hanging:
        urls = fleet.queue_urls()
        checks = SPREAD_TARGETS * SPREAD_SWEEPS
        expected = {NONE_HANGS: checks, OURS: checks * (len(urls) - 1) // len(urls)}
        for _ in range(min(tools.runs, SPREAD_ROUNDS_MAX)):
            for name, last in ((NONE_HANGS, urls[-1]), (OURS, hanging)):
                figures = fleet_bench(tools, fleet, subjects[0], *words, *urls[:-1], last)
                if abs(figures["checks"] - expected[name]) > checks / 100:
                    raise NotMeasured(f"{name}: not the {expected[name]} checks: {figures}")
                samples[name].append(figures["p99_ms"])
    return [result("fleet.isolation", "ms", "lower", samples)]


def configuration(targets: int) -> dict:
    """The targets of bench/fleet.cpp, as a document."""
    return {
        "region": "eu-west-1",
        "s3_config_bucket": BUCKET,
        "policy": "backlog",
        "target_messages_per_task": 10,
        "min_tasks": 1,
        "targets": [
            {
                "cluster_name": f"shop-{number // 200:03}",
                "service_name": f"worker-{number:06}",
                "queue_config": {
                    "queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/"
                    f"orders-{number // 10:05}"
                },
            }
            for number in range(targets)
        ],
    }


def run_sweeps(command: list[str], variables: dict[str, str], checks: int) -> float:
    """The peak of memory in MiB of a process that prints that many checks and is then ended."""
    process = subprocess.Popen(command, env=variables, stdout=subprocess.PIPE)
    end = time.monotonic() + TIME_MAX_S
    for count, line in enumerate(process.stdout, 1):
        if b'"errors":[]' not in line or time.monotonic() > end:
            process.kill()
            raise NotMeasured(f"{command[0]}: {line.decode()}")
        if count == checks:
            process.send_signal(signal.SIGTERM)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0 or count < checks:
        raise NotMeasured(f"{command[0]} ended with status {process.returncode}, {count} checks")
    return usage.ru_maxrss / 1024


def memory(tools: Tools, subjects: list[Subject]) -> list[dict]:
    file = tools.stage.folder / "fleet.json"
    file.write_text(json.dumps(configuration(RATE_TARGETS)))
    command = [str(program()), "run", "--config", str(file), "--interval", "2s"]
    of_one = ("ECS_CLUSTER", "SERVICE_NAME", "SQS_QUEUE_URL", "MIN_TASKS", "MAX_TASKS")
    peaks = []
    with running_fleet_servers(tools.stage, tools.programs) as fleet:
        variables = fleet.environment() | subjects[0].variables
        variables = {name: value for name, value in variables.items() if name not in of_one}
        for _ in range(min(tools.runs, RSS_ROUNDS_MAX)):
            peaks.append(run_sweeps(command, variables, RSS_SWEEPS * RATE_TARGETS))
    return [result("fleet.rss", "MiB", "lower", {OURS: peaks})]
